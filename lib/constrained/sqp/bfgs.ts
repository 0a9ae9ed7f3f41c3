/**
 * The damped BFGS update, which keeps a matrix positive definite where the curvature along a step is not positive:
 *
 * ```
 * θ = 1 if s·y >= 0.2 sᵀBs, else 0.8 sᵀBs/(sᵀBs - s·y);   r = θ y + (1 - θ) B s
 * B ← B - B s sᵀB/sᵀBs + r rᵀ/s·r
 * ```
 *
 * After Powell, A fast algorithm for nonlinearly constrained optimization calculations (1978); Nocedal and Wright,
 * Numerical Optimization (2006), procedure 18.2.
 *
 * @module
 */
import { dot, type Matrix, type Vector } from "../../core/mod.ts";
import { addOuter, matvec } from "../../linalg/mod.ts";
import { lagrangianGradient } from "../evaluation.ts";
import type { SqpState } from "./state.ts";

/** The share of `sᵀBs` that `s·r` has at least. */
const SHARE = 0.2;

/** Updates B with a step s and the change y of gradients, which is used up. `product` is room for n numbers. */
export function dampedUpdate(B: Matrix, s: Vector, y: Vector, product: Vector): void {
  matvec(B, s, product);
  const curvature = dot(s, product), along = dot(s, y);
  if (!(curvature > 0)) return;
  const theta = along >= SHARE * curvature ? 1 : (1 - SHARE) * curvature / (curvature - along);
  for (let i = 0; i < y.length; i++) y[i] = theta * y[i] + (1 - theta) * product[i];
  addOuter(-1 / curvature, product, B);
  addOuter(1 / dot(s, y), y, B);
}

/**
 * Forgets what B has learnt: a step without constraints is then no longer than the units `1 + |xⱼ|` of the variables.
 */
export function restart(state: SqpState): void {
  const { hessian, x, at, weight } = state;
  let most = 1;
  for (let j = 0; j < x.length; j++) most = Math.max(most, weight * Math.abs(at.gradient[j]) * (1 + Math.abs(x[j])));
  resetTo(hessian, most, x);
  state.isFresh = true;
}

/** Learns from the step from x to the trial; the first one sets the size of B. */
export function learn(state: SqpState): void {
  const { at, trial, next, hessian, direction: s, gradient: y, room, weight } = state;
  lagrangianGradient(at, next, room);
  lagrangianGradient(trial, next, y);
  for (let j = 0; j < s.length; j++) {
    s[j] = trial.x[j] - at.x[j];
    y[j] -= room[j] + (1 - weight) * (trial.gradient[j] - at.gradient[j]);
  }
  const along = dot(s, y);
  if (state.isFresh && along > 0) {
    let squares = 0;
    for (let j = 0; j < s.length; j++) squares += (y[j] * (1 + Math.abs(at.x[j]))) ** 2;
    resetTo(hessian, squares / along, at.x);
  }
  dampedUpdate(hessian, s, y, room);
  state.isFresh = false;
}

/** `B = size S⁻²`, where S has the units of the variables. */
function resetTo({ rows: n, data }: Matrix, size: number, x: Vector): void {
  data.fill(0);
  for (let i = 0; i < n; i++) data[i * (n + 1)] = size / (1 + Math.abs(x[i])) ** 2;
}
