/**
 * The Hessian of the Lagrangian where there are no second derivatives: symmetric updates of rank one,
 *
 *     B ← B + r rᵀ / rᵀs,   r = y - B s,   s = x⁺ - x,   y = ∇L(x⁺, λ⁺) - ∇L(x, λ⁺),
 *
 * from a multiple of I. B may become indefinite, as the Hessian may be: the inertia of the systems tells.
 *
 * See Nocedal and Wright, Numerical Optimization (2006), equations 6.24 and 6.26.
 *
 * @module
 */
import { dot, type Matrix, normInf, type Vector } from "../../core/mod.ts";
import { updateSr1 } from "../../smooth/mod.ts";
import type { Barrier } from "./barrier.ts";
import { addTransposed } from "./iterate.ts";
import type { Program } from "./program.ts";

/** Updates B after a step: the barrier's trial is where the step came from. */
export function learnCurvature({ shape, curvature }: Program, barrier: Barrier): void {
  const { at, trial, hessian: B } = barrier, n = shape.core, s = new Float64Array(n);
  const y = at.site.gradient.slice(), before = trial.site.gradient.slice();
  addTransposed(shape, at.site, at.multipliers, y);
  addTransposed(shape, trial.site, at.multipliers, before);
  for (let j = 0; j < n; j++) {
    s[j] = at.site.v[j] - trial.site.v[j];
    y[j] -= before[j] + (curvature ? curvature[j] * s[j] : 0);
  }
  if (normInf(s) === 0) return;
  const change = y.subarray(0, n);
  if (barrier.fresh) takeSize(B, s, change);
  barrier.fresh = false;
  updateSr1(B, s, change, before.subarray(0, n));
}

/** Makes B a multiple of I, of the size of the curvature along the first step where that is positive. */
function takeSize(B: Matrix, s: Vector, y: Vector): void {
  const curvature = dot(y, y) / dot(s, y), size = curvature > 0 && curvature < Infinity ? curvature : 1;
  B.data.fill(0);
  for (let j = 0; j < B.rows; j++) B.data[j * (B.rows + 1)] = size;
}
