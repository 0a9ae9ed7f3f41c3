/**
 * Discretized differential and integral equations, and systems of their shape.
 *
 * @module
 */
import type { Instance } from "../../core/mod.ts";
import { type SumOfSquares, sumOfSquares } from "../sum_of_squares.ts";
import { allOf, checkDimension } from "./dimension.ts";

/**
 * MGH 28, discrete boundary value: `rᵢ = 2xᵢ - xᵢ₋₁ - xᵢ₊₁ + h² (xᵢ + tᵢ + 1)³ / 2`, `h = 1/(n + 1)`, `tᵢ = i h`,
 * `x₀ = xₙ₊₁ = 0`.
 *
 * @param n At least 1. Default 10.
 * @throws {DomainError} On another `n`.
 */
export function discreteBoundaryValue(n = 10): Instance<SumOfSquares> {
  checkDimension("discrete boundary value function", n);
  const h = 1 / (n + 1);
  return sumOfSquares({
    name: `DiscreteBV${n}`,
    start: allOf(n, (i) => i * h * (i * h - 1)),
    minima: [0],
    count: n,
    pattern: tridiagonal(n),
    residual: (x, r) => {
      for (let i = 0; i < n; i++) {
        const c = x[i] + (i + 1) * h + 1, below = i > 0 ? x[i - 1] : 0, above = i + 1 < n ? x[i + 1] : 0;
        r[i] = 2 * x[i] - below - above + h * h * c * c * c / 2;
      }
    },
    jacobian: (x, J) => {
      for (let i = 0, k = 0; i < n; i++) {
        const c = x[i] + (i + 1) * h + 1;
        if (i > 0) J[k++] = -1;
        J[k++] = 2 + 1.5 * h * h * c * c;
        if (i + 1 < n) J[k++] = -1;
      }
    },
    curvature: (x, w, v, out) => {
      for (let i = 0; i < n; i++) out[i] += 3 * w[i] * h * h * (x[i] + (i + 1) * h + 1) * v[i];
    },
  });
}

/**
 * MGH 29, discrete integral equation: with `c = (xⱼ + tⱼ + 1)³`,
 * `rᵢ = xᵢ + (h/2) [(1 - tᵢ) Σ tⱼ c over j ≤ i + tᵢ Σ (1 - tⱼ) c over j > i]`, `h = 1/(n + 1)`, `tᵢ = i h`.
 *
 * @param n At least 1. Default 10.
 * @throws {DomainError} On another `n`.
 */
export function discreteIntegralEquation(n = 10): Instance<SumOfSquares> {
  checkDimension("discrete integral equation function", n);
  const h = 1 / (n + 1);
  return sumOfSquares({
    name: `DiscreteIE${n}`,
    start: allOf(n, (i) => i * h * (i * h - 1)),
    minima: [0],
    count: n,
    residual: (x, r) => {
      let before = 0, after = 0;
      for (let j = 0; j < n; j++) {
        const t = (j + 1) * h, c = x[j] + t + 1;
        after += (1 - t) * c * c * c;
      }
      for (let i = 0; i < n; i++) {
        const t = (i + 1) * h, c = x[i] + t + 1, cube = c * c * c;
        before += t * cube;
        after -= (1 - t) * cube;
        r[i] = x[i] + h / 2 * ((1 - t) * before + t * after);
      }
    },
    jacobian: (x, J) => {
      for (let j = 0; j < n; j++) {
        const s = (j + 1) * h, c = x[j] + s + 1, slope = 1.5 * h * c * c;
        for (let i = 0; i < n; i++) {
          const t = (i + 1) * h;
          J[i * n + j] = slope * (j <= i ? (1 - t) * s : t * (1 - s));
        }
        J[j * n + j] += 1;
      }
    },
    curvature: (x, w, v, out) => {
      let before = 0, after = 0;
      for (let i = 0; i < n; i++) after += w[i] * (1 - (i + 1) * h);
      for (let j = 0; j < n; j++) {
        const s = (j + 1) * h;
        out[j] += 3 * h * (x[j] + s + 1) * (after * s + before * (1 - s)) * v[j];
        after -= w[j] * (1 - s);
        before += w[j] * s;
      }
    },
  });
}

/**
 * MGH 30, Broyden tridiagonal: `rᵢ = (3 - 2xᵢ) xᵢ - xᵢ₋₁ - 2xᵢ₊₁ + 1`, `x₀ = xₙ₊₁ = 0`.
 *
 * @param n At least 1. Default 10.
 * @throws {DomainError} On another `n`.
 */
export function broydenTridiagonal(n = 10): Instance<SumOfSquares> {
  checkDimension("Broyden tridiagonal function", n);
  return sumOfSquares({
    name: `BroydenTridiag${n}`,
    start: new Float64Array(n).fill(-1),
    minima: [0],
    count: n,
    pattern: tridiagonal(n),
    residual: (x, r) => {
      for (let i = 0; i < n; i++) {
        const below = i > 0 ? x[i - 1] : 0, above = i + 1 < n ? x[i + 1] : 0;
        r[i] = (3 - 2 * x[i]) * x[i] - below - 2 * above + 1;
      }
    },
    jacobian: (x, J) => {
      for (let i = 0, k = 0; i < n; i++) {
        if (i > 0) J[k++] = -1;
        J[k++] = 3 - 4 * x[i];
        if (i + 1 < n) J[k++] = -2;
      }
    },
    curvature: (_x, w, v, out) => {
      for (let i = 0; i < n; i++) out[i] -= 4 * w[i] * v[i];
    },
  });
}

/**
 * MGH 31, Broyden banded: `rᵢ = xᵢ (2 + 5xᵢ²) + 1 - Σ xⱼ (1 + xⱼ)` over `i - 5 ≤ j ≤ i + 1`, `j ≠ i`.
 *
 * @param n At least 1. Default 10.
 * @throws {DomainError} On another `n`.
 */
export function broydenBanded(n = 10): Instance<SumOfSquares> {
  checkDimension("Broyden banded function", n);
  const first = (i: number) => Math.max(0, i - 5), end = (i: number) => Math.min(n, i + 2);
  return sumOfSquares({
    name: `BroydenBanded${n}`,
    start: new Float64Array(n).fill(-1),
    minima: [0],
    count: n,
    pattern: Array.from({ length: n }, (_, i) => allOf(end(i) - first(i), (k) => first(i) + k - 1)),
    residual: (x, r) => {
      for (let i = 0; i < n; i++) {
        let s = x[i] * (2 + 5 * x[i] * x[i]) + 1;
        for (let j = first(i); j < end(i); j++) if (j !== i) s -= x[j] * (1 + x[j]);
        r[i] = s;
      }
    },
    jacobian: (x, J) => {
      for (let i = 0, k = 0; i < n; i++) {
        for (let j = first(i); j < end(i); j++) J[k++] = j === i ? 2 + 15 * x[i] * x[i] : -(1 + 2 * x[j]);
      }
    },
    curvature: (x, w, v, out) => {
      for (let i = 0; i < n; i++) {
        for (let j = first(i); j < end(i); j++) out[j] += w[i] * (j === i ? 30 * x[i] : -2) * v[j];
      }
    },
  });
}

function tridiagonal(n: number): number[][] {
  return Array.from({ length: n }, (_, i) => [i - 1, i, i + 1].filter((j) => j >= 0 && j < n));
}
