/**
 * What the products of distances and multipliers should change by, in a predictor, a corrector, and corrections for
 * centrality.
 *
 * The papers stand in `interior_point.ts`.
 *
 * @module
 */
import { normInf } from "../../core/mod.ts";
import type { Iterate, Residuals } from "./iterate.ts";

/**
 * Steps so long are not corrected for centrality; others are as if they were so much longer, while they gain so much by
 * it.
 */
export const LONG = 0.9, LONGER = 0.3, GAIN = 0.03;

/** After a step shorter than this systems are solved more precisely. */
export const SHORT = 0.3;

/** Steps shorter than this go nowhere. */
export const NOWHERE = 1e-6;

/** Products so small, relative to the largest x times the largest multiplier, are nothing. */
const NOTHING = 1e-25;

/** Whether the products, μ in the mean, are nothing beside x and its multipliers, so that what is left is rounding. */
export function isNegligible(mu: number, { v, y }: Iterate): boolean {
  return mu < NOTHING * normInf(v) * normInf(y);
}

/** Predictor: `t z` to 0. */
export function vanish({ t, w, z, q }: Iterate, { atLower, atUpper }: Residuals): void {
  for (let k = 0; k < t.length; k++) {
    atLower[k] = -t[k] * z[k];
    atUpper[k] = -w[k] * q[k];
  }
}

/** Corrector: the target is added, the product of the predictor's changes taken away. */
export function correct(step: Iterate, target: number, { atLower, atUpper }: Residuals): void {
  for (let k = 0; k < atLower.length; k++) {
    atLower[k] += target - step.t[k] * step.z[k];
    atUpper[k] += target - step.w[k] * step.q[k];
  }
}

/** Centrality: products that a step of these lengths takes out of [0.1, 10] times the target are pulled back. */
export function center(
  { t, w, z, q }: Iterate,
  step: Iterate,
  primal: number,
  dual: number,
  target: number,
  { atLower, atUpper }: Residuals,
): void {
  for (let k = 0; k < t.length; k++) {
    atLower[k] += pull((t[k] + primal * step.t[k]) * (z[k] + dual * step.z[k]), target);
    atUpper[k] += pull((w[k] + primal * step.w[k]) * (q[k] + dual * step.q[k]), target);
  }
}

/** What a product lacks to lie within [0.1, 10] of the target, not below -10 of it. */
export function pull(product: number, target: number): number {
  if (product < 0.1 * target) return 0.1 * target - product;
  return product > 10 * target ? Math.max(10 * target - product, -10 * target) : 0;
}
