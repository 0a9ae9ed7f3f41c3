/**
 * The smoothed largest of affine functions.
 *
 * @module
 */
import {
  axpy,
  DomainError,
  dot,
  type Instance,
  type Matrix,
  ShapeError,
  type TwiceSmooth,
  type Vector,
} from "../core/mod.ts";

/** The problem, and a model of its Hessian. */
export interface LogSumExp extends Instance<TwiceSmooth> {
  /** Writes `Aᵀ diag(π) A / μ`, the Hessian without `-(Aᵀπ)(Aᵀπ)ᵀ / μ`: the weighted Gauss-Newton model. */
  readonly gaussNewton: (x: Vector, H: Matrix) => void;
}

/**
 * `f(x) = μ log Σᵢ exp((aᵢᵀx - bᵢ)/μ)`, from `(1, …, 1)`: within `μ log m` above `max (aᵢᵀx - bᵢ)`. With the weights
 * `π = softmax((Ax - b)/μ)`, `∇f = Aᵀπ` and `∇²f = (Aᵀ diag(π) A - (Aᵀπ)(Aᵀπ)ᵀ)/μ`. Centred, the rows are shifted by
 * ∇f(0), so that 0 is the minimizer.
 *
 * Source: Nesterov, Smooth minimization of non-smooth functions (2005), section 4.
 *
 * @param A The rows aᵢ, m x n.
 * @param b m numbers.
 * @param mu μ.
 * @param centred Whether 0 shall be the minimizer. Default true.
 *
 * @throws {ShapeError} When b has not m entries.
 * @throws {DomainError} When μ is not positive.
 *
 * @example Two functions of one variable: |x|, smoothed
 * ```ts
 * import { matrix } from "@gradus/gradus/linalg";
 * import { logSumExp } from "@gradus/gradus/problems";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { problem } = logSumExp(matrix([[1], [-1]]), Float64Array.of(0, 0), 0.1);
 * assertAlmostEquals(problem.value(Float64Array.of(0)), 0.1 * Math.LN2);
 * assertAlmostEquals(problem.value(Float64Array.of(5)), 5);
 * ```
 */
export function logSumExp(A: Matrix, b: Vector, mu: number, centred = true): LogSumExp {
  const { rows: m, columns: n } = A, a = A.data.slice(), weights = new Float64Array(m), slope = new Float64Array(n);
  if (b.length !== m) throw new ShapeError(`Cannot make a log-sum-exp: expected ${m} entries of b, got ${b.length}`);
  if (!(mu > 0 && mu < Infinity)) throw new DomainError(`Cannot make a log-sum-exp: expected μ > 0, got ${mu}`);
  const row = (i: number): Vector => a.subarray(i * n, i * n + n);
  /** Writes π and returns f. */
  const weigh = (x: Vector): number => {
    let most = -Infinity, sum = 0;
    for (let i = 0; i < m; i++) {
      weights[i] = (dot(row(i), x) - b[i]) / mu;
      most = Math.max(most, weights[i]);
    }
    for (let i = 0; i < m; i++) sum += weights[i] = Math.exp(weights[i] - most);
    for (let i = 0; i < m; i++) weights[i] /= sum;
    return mu * (most + Math.log(sum));
  };
  const gradient = (x: Vector, out: Vector): number => {
    const f = weigh(x);
    out.fill(0);
    for (let i = 0; i < m; i++) axpy(weights[i], row(i), out);
    return f;
  };
  if (centred) {
    const shift = new Float64Array(n);
    gradient(shift.slice(), shift);
    for (let i = 0; i < m; i++) axpy(-1, shift, row(i));
  }
  return {
    name: `log-sum-exp ${m} x ${n}, ${mu}`,
    start: new Float64Array(n).fill(1),
    minima: [],
    problem: {
      kind: "smooth",
      name: "log-sum-exp",
      dimension: n,
      value: weigh,
      gradient,
      hessianVector: (x, v, out) => {
        gradient(x, slope);
        const mean = dot(slope, v);
        out.fill(0);
        for (let i = 0; i < m; i++) axpy(weights[i] * (dot(row(i), v) - mean) / mu, row(i), out);
      },
    },
    gaussNewton: (x, H) => {
      weigh(x);
      H.data.fill(0);
      for (let i = 0; i < m; i++) {
        const r = row(i);
        for (let j = 0; j < n; j++) axpy(weights[i] * r[j] / mu, r, H.data.subarray(j * n, j * n + n));
      }
    },
  };
}
