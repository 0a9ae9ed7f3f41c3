/**
 * Functions of any number of variables: chains of small blocks, penalties, sums that couple everything.
 *
 * @module
 */
import type { Instance } from "../../core/mod.ts";
import { type SumOfSquares, sumOfSquares } from "../sum_of_squares.ts";
import { allOf, checkDimension } from "./dimension.ts";

/** MGH 1, Rosenbrock: `r = (10 (x₂ - x₁²), 1 - x₁)`, `n = m = 2`. */
export function rosenbrock2(): Instance<SumOfSquares> {
  return rosenbrockBlocks("Rosenbrock", 2);
}

/**
 * MGH 21, extended Rosenbrock: independent copies of the two-dimensional function, `m = n`.
 *
 * @param n Even. Default 10.
 * @throws {DomainError} On another `n`.
 */
export function extendedRosenbrock(n = 10): Instance<SumOfSquares> {
  checkDimension("extended Rosenbrock function", n, 2, 2);
  return rosenbrockBlocks(`ExtRosenbrock${n}`, n);
}

function rosenbrockBlocks(name: string, n: number): Instance<SumOfSquares> {
  return sumOfSquares({
    name,
    start: Float64Array.from({ length: n }, (_, i) => i % 2 === 0 ? -1.2 : 1),
    minima: [0],
    count: n,
    pattern: Array.from({ length: n }, (_, i) => i % 2 === 0 ? [i, i + 1] : [i - 1]),
    residual: (x, r) => {
      for (let i = 0; i < n; i += 2) {
        r[i] = 10 * (x[i + 1] - x[i] * x[i]);
        r[i + 1] = 1 - x[i];
      }
    },
    jacobian: (x, J) => {
      for (let i = 0, k = 0; i < n; i += 2) {
        J[k++] = -20 * x[i];
        J[k++] = 10;
        J[k++] = -1;
      }
    },
    curvature: (_x, w, v, out) => {
      for (let i = 0; i < n; i += 2) out[i] -= 20 * w[i] * v[i];
    },
  });
}

/** MGH 13, Powell singular: `r = (x₁ + 10x₂, √5 (x₃ - x₄), (x₂ - 2x₃)², √10 (x₁ - x₄)²)`; singular at the minimizer. */
export function powellSingular(): Instance<SumOfSquares> {
  return powellBlocks("PowellSingular", 4);
}

/**
 * MGH 22, extended Powell singular: independent copies of the four-dimensional function, `m = n`.
 *
 * @param n A multiple of 4. Default 12.
 * @throws {DomainError} On another `n`.
 */
export function extendedPowell(n = 12): Instance<SumOfSquares> {
  checkDimension("extended Powell function", n, 4, 4);
  return powellBlocks(`ExtPowell${n}`, n);
}

function powellBlocks(name: string, n: number): Instance<SumOfSquares> {
  const start = [3, -1, 0, 1], offsets = [[0, 1], [2, 3], [1, 2], [0, 3]], r5 = Math.sqrt(5), r10 = Math.sqrt(10);
  return sumOfSquares({
    name,
    start: Float64Array.from({ length: n }, (_, i) => start[i % 4]),
    minima: [0],
    count: n,
    pattern: Array.from({ length: n }, (_, i) => offsets[i % 4].map((j) => i - i % 4 + j)),
    residual: (x, r) => {
      for (let i = 0; i < n; i += 4) {
        const a = x[i + 1] - 2 * x[i + 2], b = x[i] - x[i + 3];
        r[i] = x[i] + 10 * x[i + 1];
        r[i + 1] = r5 * (x[i + 2] - x[i + 3]);
        r[i + 2] = a * a;
        r[i + 3] = r10 * b * b;
      }
    },
    jacobian: (x, J) => {
      for (let i = 0, k = 0; i < n; i += 4) {
        const a = 2 * (x[i + 1] - 2 * x[i + 2]), b = 2 * r10 * (x[i] - x[i + 3]);
        J[k++] = 1;
        J[k++] = 10;
        J[k++] = r5;
        J[k++] = -r5;
        J[k++] = a;
        J[k++] = -2 * a;
        J[k++] = b;
        J[k++] = -b;
      }
    },
    curvature: (_x, w, v, out) => {
      for (let i = 0; i < n; i += 4) {
        const a = 2 * w[i + 2] * (v[i + 1] - 2 * v[i + 2]), b = 2 * r10 * w[i + 3] * (v[i] - v[i + 3]);
        out[i] += b;
        out[i + 1] += a;
        out[i + 2] -= 2 * a;
        out[i + 3] -= b;
      }
    },
  });
}

const PENALTY = Math.sqrt(1e-5);
const PENALTY_I_MINIMA: Readonly<Record<number, number>> = { 4: 2.2499775008e-5, 10: 7.0876514670904e-5 };
const PENALTY_II_MINIMA: Readonly<Record<number, number>> = { 4: 9.37629300735544e-6, 10: 2.936605374567457e-4 };

/**
 * MGH 23, penalty I: `rᵢ = √10⁻⁵ (xᵢ - 1)` and `Σ xⱼ² - 1/4`, `m = n + 1`.
 *
 * @param n At least 1. Default 4.
 * @throws {DomainError} On another `n`.
 */
export function penaltyI(n = 4): Instance<SumOfSquares> {
  checkDimension("penalty function I", n);
  const minimum = PENALTY_I_MINIMA[n];
  return sumOfSquares({
    name: `PenaltyI${n}`,
    start: allOf(n, (i) => i),
    minima: minimum === undefined ? [] : [minimum],
    count: n + 1,
    pattern: [...Array.from({ length: n }, (_, i) => [i]), allOf(n, (i) => i - 1)],
    residual: (x, r) => {
      let s = -0.25;
      for (let i = 0; i < n; i++) {
        r[i] = PENALTY * (x[i] - 1);
        s += x[i] * x[i];
      }
      r[n] = s;
    },
    jacobian: (x, J) => {
      for (let i = 0; i < n; i++) {
        J[i] = PENALTY;
        J[n + i] = 2 * x[i];
      }
    },
    curvature: (_x, w, v, out) => {
      for (let i = 0; i < n; i++) out[i] += 2 * w[n] * v[i];
    },
  });
}

/**
 * MGH 24, penalty II: `x₁ - 0.2`; `√10⁻⁵ (exp(xᵢ/10) + exp(xᵢ₋₁/10) - exp(i/10) - exp((i - 1)/10))` and
 * `√10⁻⁵ (exp(xᵢ/10) - exp(-1/10))` over `i = 2 … n`; `Σ (n - j + 1) xⱼ² - 1`; `m = 2n`.
 *
 * @param n At least 1. Default 4.
 * @throws {DomainError} On another `n`.
 */
export function penaltyII(n = 4): Instance<SumOfSquares> {
  checkDimension("penalty function II", n);
  const minimum = PENALTY_II_MINIMA[n], y = allOf(n, (i) => Math.exp(i / 10) + Math.exp((i - 1) / 10));
  const later = Array.from({ length: n - 1 }, (_, i) => i + 1);
  return sumOfSquares({
    name: `PenaltyII${n}`,
    start: new Float64Array(n).fill(0.5),
    minima: minimum === undefined ? [] : [minimum],
    count: 2 * n,
    pattern: [[0], ...later.map((i) => [i - 1, i]), ...later.map((i) => [i]), allOf(n, (i) => i - 1)],
    residual: (x, r) => {
      let s = n * x[0] * x[0] - 1, before = Math.exp(x[0] / 10);
      r[0] = x[0] - 0.2;
      for (let i = 1; i < n; i++) {
        const e = Math.exp(x[i] / 10);
        r[i] = PENALTY * (e + before - y[i]);
        r[n - 1 + i] = PENALTY * (e - Math.exp(-0.1));
        s += (n - i) * x[i] * x[i];
        before = e;
      }
      r[2 * n - 1] = s;
    },
    jacobian: (x, J) => {
      const alone = 2 * n - 1, last = 3 * n - 2; // where the third and the fourth group begin
      let before = PENALTY * Math.exp(x[0] / 10) / 10;
      J[0] = 1;
      J[last] = 2 * n * x[0];
      for (let i = 1; i < n; i++) {
        const e = PENALTY * Math.exp(x[i] / 10) / 10;
        J[2 * i - 1] = before;
        J[2 * i] = e;
        J[alone + i - 1] = e;
        J[last + i] = 2 * (n - i) * x[i];
        before = e;
      }
    },
    curvature: (x, w, v, out) => {
      for (let i = 0; i < n; i++) {
        const weight = (i > 0 ? w[i] + w[n - 1 + i] : 0) + (i + 1 < n ? w[i + 1] : 0);
        out[i] += (weight * PENALTY * Math.exp(x[i] / 10) / 100 + 2 * (n - i) * w[2 * n - 1]) * v[i];
      }
    },
  });
}

/**
 * MGH 25, variably dimensioned: `xᵢ - 1`, then `s = Σ j (xⱼ - 1)` and `s²`; `m = n + 2`.
 *
 * @param n At least 1. Default 10.
 * @throws {DomainError} On another `n`.
 */
export function variablyDimensioned(n = 10): Instance<SumOfSquares> {
  checkDimension("variably dimensioned function", n);
  const every = allOf(n, (i) => i - 1);
  return sumOfSquares({
    name: `VariablyDim${n}`,
    start: allOf(n, (i) => 1 - i / n),
    minima: [0],
    count: n + 2,
    pattern: [...Array.from({ length: n }, (_, i) => [i]), every, every],
    residual: (x, r) => {
      let s = 0;
      for (let i = 0; i < n; i++) {
        r[i] = x[i] - 1;
        s += (i + 1) * r[i];
      }
      r[n] = s;
      r[n + 1] = s * s;
    },
    jacobian: (x, J) => {
      let s = 0;
      for (let i = 0; i < n; i++) s += (i + 1) * (x[i] - 1);
      for (let i = 0; i < n; i++) {
        J[i] = 1;
        J[n + i] = i + 1;
        J[2 * n + i] = 2 * s * (i + 1);
      }
    },
    curvature: (_x, w, v, out) => {
      let s = 0;
      for (let i = 0; i < n; i++) s += (i + 1) * v[i];
      for (let i = 0; i < n; i++) out[i] += 2 * w[n + 1] * s * (i + 1);
    },
  });
}
