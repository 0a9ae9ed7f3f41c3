/**
 * The damped BFGS update, which keeps a matrix positive definite where the curvature along a step is not positive:
 *
 * ```
 * θ = 1 if s·y >= 0.2 sᵀBs, else 0.8 sᵀBs/(sᵀBs - s·y);   r = θ y + (1 - θ) B s
 * B ← B - B s sᵀB/sᵀBs + r rᵀ/s·r
 * ```
 *
 * Source: Powell, A fast algorithm for nonlinearly constrained optimization calculations (1978); Nocedal and Wright, Numerical
 * Optimization (2006), procedure 18.2.
 *
 * @module
 */
import { dot, type Matrix, type Vector } from "../../core/mod.ts";
import { matvec } from "../../linalg/mod.ts";

/** The share of `sᵀBs` that `s·r` has at least. */
const SHARE = 0.2;

/** Updates B with a step s and the change y of gradients, which is used up. `product` is room for n numbers. */
export function dampedUpdate(B: Matrix, s: Vector, y: Vector, product: Vector): void {
  const n = s.length, { data } = B;
  matvec(B, s, product);
  const curvature = dot(s, product), along = dot(s, y);
  if (!(curvature > 0)) return;
  const theta = along >= SHARE * curvature ? 1 : (1 - SHARE) * curvature / (curvature - along);
  for (let i = 0; i < n; i++) y[i] = theta * y[i] + (1 - theta) * product[i];
  const sr = dot(s, y);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      data[i * n + j] += y[i] * y[j] / sr - product[i] * product[j] / curvature;
      data[j * n + i] = data[i * n + j];
    }
  }
}

/** `B = size S⁻²`, where S has the units `1 + |xⱼ|` of the variables. */
export function resetTo({ rows: n, data }: Matrix, size: number, x: Vector): void {
  data.fill(0);
  for (let i = 0; i < n; i++) data[i * (n + 1)] = size / (1 + Math.abs(x[i])) ** 2;
}

/** The size for which a step without constraints is no longer than the units. */
export function firstSize(gradient: Vector, x: Vector): number {
  let most = 0;
  for (let j = 0; j < x.length; j++) most = Math.max(most, Math.abs(gradient[j]) * (1 + Math.abs(x[j])));
  return Math.max(1, most);
}
