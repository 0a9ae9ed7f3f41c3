/**
 * Damped BFGS for the Hessian of the Lagrangian, where there are no second derivatives.
 *
 * ```
 * s = x⁺ - x,  y = ∇L(x⁺, λ⁺) - ∇L(x, λ⁺)
 * y ← θ y + (1 - θ) B s  with  sᵀy >= 0.2 sᵀBs
 * B ← B - B s sᵀB / sᵀBs + y yᵀ / sᵀy
 * ```
 *
 * Source: Powell, A fast algorithm for nonlinearly constrained optimization calculations (1978); Nocedal and Wright, Numerical
 * Optimization (2006), procedure 18.2.
 *
 * @module
 */
import { dot, type Matrix, normInf, type Vector } from "../../core/mod.ts";
import { matvec } from "../../linalg/mod.ts";
import type { Barrier } from "./barrier.ts";
import { addTransposed } from "./iterate.ts";
import type { Program } from "./program.ts";

/** `sᵀy` is at least this share of `sᵀBs`. */
const DAMPING = 0.2;

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
  update(B, s, change);
}

/** Makes B a multiple of I, of the size of the curvature along the first step. */
function takeSize(B: Matrix, s: Vector, y: Vector): void {
  const curvature = dot(y, y) / dot(s, y);
  if (!(curvature > 0 && curvature < Infinity)) return;
  B.data.fill(0);
  for (let j = 0; j < B.rows; j++) B.data[j * (B.rows + 1)] = curvature;
}

function update(B: Matrix, s: Vector, y: Vector): void {
  const n = s.length, product = matvec(B, s), curved = dot(s, product), seen = dot(s, y);
  if (!(curved > 0 && curved < Infinity)) return;
  const theta = seen >= DAMPING * curved ? 1 : (1 - DAMPING) * curved / (curved - seen);
  for (let j = 0; j < n; j++) y[j] = theta * y[j] + (1 - theta) * product[j];
  const kept = dot(s, y);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      B.data[i * n + j] += y[i] * y[j] / kept - product[i] * product[j] / curved;
      B.data[j * n + i] = B.data[i * n + j];
    }
  }
}
