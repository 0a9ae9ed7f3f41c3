/**
 * Systems of `n` equations in which every equation holds every variable.
 *
 * @module
 */
import type { Instance } from "../../core/mod.ts";
import { type SumOfSquares, sumOfSquares } from "../sum_of_squares.ts";
import { allOf, checkDimension } from "./dimension.ts";

/**
 * MGH 26, trigonometric: `rᵢ = n - Σ cos xⱼ + i (1 - cos xᵢ) - sin xᵢ`.
 *
 * @param n At least 1. Default 10.
 * @throws {DomainError} On another `n`.
 */
export function trigonometric(n = 10): Instance<SumOfSquares> {
  checkDimension("trigonometric function", n);
  return sumOfSquares({
    name: `Trigonometric${n}`,
    start: new Float64Array(n).fill(1 / n),
    minima: n === 10 ? [0, 2.795056121876575e-5] : [0],
    count: n,
    residual: (x, r) => {
      let s = n;
      for (let i = 0; i < n; i++) {
        const c = Math.cos(x[i]);
        s -= c;
        r[i] = (i + 1) * (1 - c) - Math.sin(x[i]);
      }
      for (let i = 0; i < n; i++) r[i] += s;
    },
    jacobian: (x, J) => {
      for (let j = 0; j < n; j++) {
        const s = Math.sin(x[j]);
        for (let i = 0; i < n; i++) J[i * n + j] = s;
        J[j * n + j] += (j + 1) * s - Math.cos(x[j]);
      }
    },
    curvature: (x, w, v, out) => {
      let total = 0;
      for (let i = 0; i < n; i++) total += w[i];
      for (let i = 0; i < n; i++) {
        out[i] += ((total + (i + 1) * w[i]) * Math.cos(x[i]) + w[i] * Math.sin(x[i])) * v[i];
      }
    },
  });
}

/**
 * MGH 27, Brown almost-linear: `rᵢ = xᵢ + Σ xⱼ - (n + 1)` for `i < n`, `rₙ = Π xⱼ - 1`. It has a second minimum, 1, at
 * `(0, …, 0, n + 1)`.
 *
 * @param n At least 2. Default 10.
 * @throws {DomainError} On another `n`.
 */
export function brownAlmostLinear(n = 10): Instance<SumOfSquares> {
  checkDimension("Brown almost-linear function", n, 2);
  const last = n - 1;
  return sumOfSquares({
    name: `BrownAlmostLinear${n}`,
    start: new Float64Array(n).fill(0.5),
    minima: [0, 1],
    count: n,
    residual: (x, r) => {
      let sum = -(n + 1), product = 1;
      for (let i = 0; i < n; i++) {
        sum += x[i];
        product *= x[i];
      }
      for (let i = 0; i < last; i++) r[i] = x[i] + sum;
      r[last] = product - 1;
    },
    jacobian: (x, J) => {
      J.fill(1);
      for (let i = 0; i < last; i++) J[i * n + i] = 2;
      for (let j = 0, p = 1; j < n; p *= x[j++]) J[last * n + j] = p; // product of those before …
      for (let j = last, p = 1; j >= 0; p *= x[j--]) J[last * n + j] *= p; // … and after
    },
    curvature: (x, w, v, out) => {
      for (let i = 0; i < n; i++) { // the change along v of the product without xᵢ
        let product = 1, change = 0;
        for (let j = 0; j < n; j++) {
          if (j === i) continue;
          change = change * x[j] + product * v[j];
          product *= x[j];
        }
        out[i] += w[last] * change;
      }
    },
  });
}

const CHEBYQUAD_MINIMA: Readonly<Record<number, readonly number[]>> = {
  8: [0.003516873725677],
  10: [0.0047727136963753, 0.006503954800882],
};

/**
 * MGH 35, Chebyquad: `rᵢ = (1/n) Σⱼ Tᵢ(xⱼ) - ∫₀¹ Tᵢ`, `Tᵢ` the Chebyshev polynomials of [0, 1], `m = n`. The minimum
 * is 0 for n = 1 … 7 and 9; for n = 10 the paper knows the second one listed only.
 *
 * @param n At least 1. Default 8.
 * @throws {DomainError} On another `n`.
 */
export function chebyquad(n = 8): Instance<SumOfSquares> {
  checkDimension("Chebyquad function", n);
  return sumOfSquares({
    name: `Chebyquad${n}`,
    start: allOf(n, (i) => i / (n + 1)),
    minima: n <= 7 || n === 9 ? [0] : CHEBYQUAD_MINIMA[n] ?? [],
    count: n,
    residual: (x, r) => {
      for (let i = 0; i < n; i++) r[i] = i % 2 === 0 ? 0 : 1 / ((i + 1) * (i + 1) - 1);
      for (let j = 0; j < n; j++) {
        const y = 2 * x[j] - 1;
        for (let i = 0, before = 1, t = y; i < n; i++) {
          r[i] += t / n;
          const next = 2 * y * t - before;
          before = t;
          t = next;
        }
      }
    },
    jacobian: (x, J) => {
      for (let j = 0; j < n; j++) {
        const y = 2 * x[j] - 1;
        for (let i = 0, t0 = 1, t = y, d0 = 0, d = 2; i < n; i++) {
          J[i * n + j] = d / n;
          const next = 2 * y * t - t0, slope = 4 * t + 2 * y * d - d0;
          t0 = t;
          t = next;
          d0 = d;
          d = slope;
        }
      }
    },
    curvature: (x, w, v, out) => {
      for (let j = 0; j < n; j++) {
        const y = 2 * x[j] - 1;
        let s = 0;
        for (let i = 0, t0 = 1, t = y, d0 = 0, d = 2, c0 = 0, c = 0; i < n; i++) {
          s += w[i] * c;
          const next = 2 * y * t - t0, slope = 4 * t + 2 * y * d - d0, bend = 8 * d + 2 * y * c - c0;
          t0 = t;
          t = next;
          d0 = d;
          d = slope;
          c0 = c;
          c = bend;
        }
        out[j] += s * v[j] / n;
      }
    },
  });
}
