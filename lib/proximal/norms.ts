/**
 * Norms that couple entries, and their proximal operators.
 *
 * ```
 * w |x|₂:            prox(x) = max(0, 1 - t w/|x|) x
 * w Σ ω_g |x_g|₂:    the same for each group
 * w |x|∞:            prox(x) = x - P(x), P the projection on the l1 ball of radius t w (Moreau)
 * ```
 *
 * Source: Beck, First-Order Methods in Optimization (2017), chapter 6; Yuan and Lin, Model selection and estimation in
 * regression with grouped variables (2006).
 *
 * @module
 */
import { checkPositive, copy, DomainError, norm2, normInf, type Proximable } from "../core/mod.ts";
import { Scratch } from "./convex_set.ts";
import { projectOnL1Ball } from "./simplex.ts";

/**
 * `w |x|₂`.
 *
 * @throws {DomainError} When w is not positive.
 */
export function l2Norm(weight = 1): Proximable {
  checkPositive("weigh a norm", "a weight", weight);
  return {
    value: (x) => weight * norm2(x),
    proximal: (x, step, out) => {
      const size = norm2(x), factor = size > step * weight ? 1 - step * weight / size : 0;
      for (let i = 0; i < x.length; i++) out[i] = factor * x[i];
    },
  };
}

/**
 * `w |x|∞`.
 *
 * @throws {DomainError} When w is not positive.
 */
export function maxNorm(weight = 1): Proximable {
  checkPositive("weigh a norm", "a weight", weight);
  const scratch = new Scratch(), projection = new Scratch();
  return {
    value: (x) => weight * normInf(x),
    proximal: (x, step, out) => {
      const n = x.length, projected = projection.of(n);
      projectOnL1Ball(x, n, step * weight, projected, scratch.of(n));
      for (let i = 0; i < n; i++) out[i] = x[i] - projected[i];
    },
  };
}

/** How groups are weighed. */
export interface GroupNormOptions {
  /** w. Default 1. */
  readonly weight?: number;
  /** ω, one for each group. Default the square roots of their sizes. */
  readonly groupWeights?: ArrayLike<number>;
}

/**
 * The group norm `w Σ ω_g |x_g|₂` for groups of indices that do not overlap; entries in no group are free.
 *
 * @throws {DomainError} When an index is no index or occurs twice, a group is empty, or a weight is not positive.
 *
 * @example Two pairs
 * ```ts
 * import { groupNorm } from "@gradus/gradus/proximal";
 * import { assertEquals } from "@std/assert";
 *
 * const out = new Float64Array(4), norm = groupNorm([[0, 1], [2, 3]], { groupWeights: [1, 1] });
 * norm.proximal(Float64Array.of(3, 4, 0.3, 0.4), 2.5, out);
 * assertEquals(out, Float64Array.of(1.5, 2, 0, 0)); // the second pair is shorter than 2.5
 * ```
 */
export function groupNorm(
  groups: readonly (readonly number[])[],
  { weight = 1, groupWeights = groups.map((group) => Math.sqrt(group.length)) }: GroupNormOptions = {},
): Proximable {
  const verb = "make a group norm", members = Uint32Array.from(groups.flat()), starts = [0];
  for (const group of groups) starts.push(starts[starts.length - 1] + group.length);
  if (groups.some((group) => group.length === 0) || groupWeights.length !== groups.length) {
    throw new DomainError(`Cannot ${verb}: expected groups that are not empty and a weight for each`);
  }
  if (new Set(members).size !== members.length || groups.flat().some((i, k) => members[k] !== i)) {
    throw new DomainError(`Cannot ${verb}: expected indices that occur once, got [${groups.join("], [")}]`);
  }
  const weights = Float64Array.from(groupWeights, (omega) => weight * omega);
  weights.forEach((omega) => checkPositive(verb, "a weight", omega));
  return {
    value: (x) => {
      let sum = 0;
      for (let g = 0; g < weights.length; g++) {
        let squares = 0;
        for (let k = starts[g]; k < starts[g + 1]; k++) squares += x[members[k]] ** 2;
        sum += weights[g] * Math.sqrt(squares);
      }
      return sum;
    },
    proximal: (x, step, out) => {
      if (out !== x) copy(x, out);
      for (let g = 0; g < weights.length; g++) {
        let squares = 0;
        for (let k = starts[g]; k < starts[g + 1]; k++) squares += out[members[k]] ** 2;
        const size = Math.sqrt(squares), factor = size > step * weights[g] ? 1 - step * weights[g] / size : 0;
        for (let k = starts[g]; k < starts[g + 1]; k++) out[members[k]] *= factor;
      }
    },
  };
}
