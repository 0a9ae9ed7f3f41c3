/**
 * A power of the norm of chained residuals.
 *
 * @module
 */
import { DomainError, dot, type Instance, type Matrix, type TwiceSmooth, type Vector } from "../core/mod.ts";

/** The problem, and models of its Hessian. */
export interface ChainedPower extends Instance<TwiceSmooth> {
  /** Writes `g₀ = Jᵀu` and returns `(p - 2)|u|^(p-4)`: the Fisher model `(p - 2)|u|^(p-4) g₀ g₀ᵀ`, in O(n). */
  readonly fisher: (x: Vector, g0: Vector) => number;
  /** Writes `|u|^(p-2) JᵀJ` and the Fisher model on top of it. */
  readonly gaussNewton: (x: Vector, H: Matrix) => void;
}

/**
 * `f(x) = |u(x)|^p / p` with `u₁ = x₁ - 1`, `uᵢ = xᵢ - (2 xᵢ₋₁² - 1)`, from `(-1, …, -1)`: a valley along Chebyshev's
 * polynomials that doubles its bends with every variable. The minimum is 0 at `(1, …, 1)`; near it `f` is as flat as
 * `|x|^p`.
 *
 * Source: Jarre, On Nesterov's smooth Chebyshev-Rosenbrock function (2013), for p = 2.
 *
 * @param n The number of variables.
 * @param p The power, at least 2. Default 4.
 *
 * @throws {DomainError} When n is no positive whole number, or p < 2.
 *
 * @example The minimizer
 * ```ts
 * import { chainedPower } from "@gradus/gradus/problems";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(chainedPower(5).problem.value(new Float64Array(5).fill(1)), 0);
 * ```
 */
export function chainedPower(n: number, p = 4): ChainedPower {
  if (!(Number.isSafeInteger(n) && n >= 1 && p >= 2)) {
    throw new DomainError(`Cannot make a chained power: expected some variables and p >= 2, got ${n} and ${p}`);
  }
  const u = new Float64Array(n), g0 = new Float64Array(n), jv = new Float64Array(n);
  /** Writes u, and returns |u|². */
  const residuals = (x: Vector): number => {
    u[0] = x[0] - 1;
    for (let i = 1; i < n; i++) u[i] = x[i] - (2 * x[i - 1] ** 2 - 1);
    return dot(u, u);
  };
  /** out = Jᵀ w. */
  const transposed = (x: Vector, w: Vector, out: Vector): void => {
    for (let i = 0; i < n; i++) out[i] = w[i] - (i + 1 < n ? 4 * x[i] * w[i + 1] : 0);
  };
  /** `(p - 2)|u|^(p-4)`, 0 at u = 0. */
  const bend = (square: number): number => p === 2 || square === 0 ? 0 : (p - 2) * square ** ((p - 4) / 2);
  return {
    name: `chained power ${n}, p = ${p}`,
    start: new Float64Array(n).fill(-1),
    minima: [0],
    problem: {
      kind: "smooth",
      name: "chained power",
      dimension: n,
      value: (x) => residuals(x) ** (p / 2) / p,
      gradient: (x, out) => {
        const square = residuals(x), scale = square ** ((p - 2) / 2);
        transposed(x, u, out);
        for (let i = 0; i < n; i++) out[i] *= scale;
        return square ** (p / 2) / p;
      },
      hessianVector: (x, v, out) => {
        const square = residuals(x), scale = square ** ((p - 2) / 2);
        transposed(x, u, g0);
        for (let i = 0; i < n; i++) jv[i] = v[i] - (i > 0 ? 4 * x[i - 1] * v[i - 1] : 0);
        transposed(x, jv, out);
        const along = bend(square) * dot(g0, v);
        for (let i = 0; i < n; i++) out[i] = scale * (out[i] - (i + 1 < n ? 4 * u[i + 1] * v[i] : 0)) + along * g0[i];
      },
    },
    fisher: (x, out) => {
      const square = residuals(x);
      transposed(x, u, out);
      return bend(square);
    },
    gaussNewton: (x, H) => {
      const square = residuals(x), scale = square ** ((p - 2) / 2), c = bend(square);
      transposed(x, u, g0);
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) H.data[i * n + j] = c * g0[i] * g0[j];
      for (let i = 0; i < n; i++) { // row i of J: 1 at i, -4 xᵢ₋₁ at i - 1
        const below = i > 0 ? -4 * x[i - 1] : 0;
        H.data[i * n + i] += scale;
        if (i === 0) continue;
        H.data[(i - 1) * n + i] += scale * below;
        H.data[i * n + i - 1] += scale * below;
        H.data[(i - 1) * n + i - 1] += scale * below * below;
      }
    },
  };
}
