/**
 * Stochastic Lanczos quadrature: the trace of a function of a symmetric matrix from products.
 *
 * ```
 * tr f(A) = n E uᵀf(A) u,   u = z/√n, z random signs
 * Lanczos from u:  A V = V T + …,  T = Y Θ Yᵀ of order k      uᵀf(A) u ≈ Σ τᵢ² f(θᵢ),  τᵢ the first entry of column i of Y
 * ```
 *
 * The sum is Gauss's quadrature, exact for polynomials of degree 2k - 1. Two errors are told: that of the probes as a
 * standard deviation, and that of the quadrature as its change with the last step, which bounds it where it falls by
 * half at each step.
 *
 * Source: Ubaru, Chen and Saad, Fast estimation of tr(f(A)) via stochastic Lanczos quadrature (2017), algorithm 1;
 * Golub and Meurant, Matrices, moments and quadrature (2010), chapters 4 and 6.
 *
 * @module
 */
import { DomainError, fillRademacher, norm2, rng, scale, type Vector } from "../../core/mod.ts";
import { eigh } from "../eigen/eigh.ts";
import { Basis } from "../krylov/basis.ts";
import { checkCount } from "../krylov/iteration.ts";
import { matrix } from "../matrices/matrix.ts";
import { averaged, type Estimate, type MatrixProduct, type ProbeOptions, RunningMean } from "./trace_estimate.ts";

/** Options of `lanczosQuadrature`. */
export interface QuadratureOptions extends ProbeOptions {
  /** k, the steps of Lanczos's method for each probe. Default min(n, 25). */
  readonly steps?: number;
}

/** A trace with both of its errors. */
export interface QuadratureEstimate extends Estimate {
  /**
   * The mean change of the estimate with the last step of Lanczos's method, in magnitude; 0 where that ended by itself.
   */
  readonly quadratureError: number;
}

/**
 * The trace of f(A) for a symmetric A of order n, from `maxProducts / steps` probes.
 *
 * @throws {DomainError} When n, the steps or a batch is no positive integer, there are fewer products than steps, or a
 * product or a value of f at an approximate eigenvalue is not finite.
 *
 * @example The trace of the exponential
 * ```ts
 * import { lanczosQuadrature } from "@gradus/gradus/linalg";
 * import { assert } from "@std/assert";
 *
 * const A = (v: Float64Array, out: Float64Array) => v.forEach((x, i) => out[i] = x * (i % 2) + 0.1 * v[v.length - 1 - i]);
 * const { value, standardError } = lanczosQuadrature(A, 40, Math.exp, { maxProducts: 500 });
 * // pairs with the eigenvalues of [[0, 0.1], [0.1, 1]]
 * const exact = 20 * (Math.exp(0.5 + Math.sqrt(0.26)) + Math.exp(0.5 - Math.sqrt(0.26)));
 * assert(Math.abs(value - exact) < 3 * standardError);
 * ```
 */
export function lanczosQuadrature(
  apply: MatrixProduct,
  n: number,
  f: (eigenvalue: number) => number,
  options: QuadratureOptions = {},
): QuadratureEstimate {
  const verb = "estimate the trace of a function", { maxProducts = 1000, generator = rng(0) } = options;
  checkCount(verb, "of rows", n, 1);
  const { steps = Math.min(n, 25) } = options;
  checkCount(verb, "of steps", steps, 1);
  const probes = Math.floor(maxProducts / steps), changes = new RunningMean(), u = new Float64Array(n);
  const lanczos = new Lanczos(n, Math.min(n, steps));
  let products = 0;
  const { mean, standardError } = averaged(verb, probes, options, () => {
    scale(1 / Math.sqrt(n), fillRademacher(generator, u));
    lanczos.run(apply, u);
    products += lanczos.steps;
    const sum = n * lanczos.quadrature(lanczos.steps, f);
    changes.add(lanczos.exact || lanczos.steps < 2 ? 0 : Math.abs(sum - n * lanczos.quadrature(lanczos.steps - 1, f)));
    return sum;
  });
  return { value: mean, standardError, quadratureError: changes.mean, products };
}

/**
 * The logarithm of the determinant of a symmetric positive definite matrix, `tr log A`.
 *
 * @throws {DomainError} Where `lanczosQuadrature` does, and when A is seen to have an eigenvalue that is not positive.
 *
 * @example Compared with the exact one
 * ```ts
 * import { lanczosLogDeterminant } from "@gradus/gradus/linalg";
 * import { assert } from "@std/assert";
 *
 * const A = (v: Float64Array, out: Float64Array) => { // tridiagonal, with the determinant n + 1
 *   for (let i = 0; i < v.length; i++) out[i] = 2 * v[i] - (v[i - 1] ?? 0) - (v[i + 1] ?? 0);
 * };
 * const { value, standardError, quadratureError } = lanczosLogDeterminant(A, 60, { maxProducts: 2000, steps: 40 });
 * assert(Math.abs(value - Math.log(61)) < 3 * (standardError + quadratureError));
 * ```
 */
export function lanczosLogDeterminant(
  apply: MatrixProduct,
  n: number,
  options: QuadratureOptions = {},
): QuadratureEstimate {
  return lanczosQuadrature(apply, n, (eigenvalue) => {
    if (eigenvalue > 0) return Math.log(eigenvalue);
    throw new DomainError(
      `Cannot estimate a determinant: expected a positive definite matrix, got a Rayleigh quotient of ${eigenvalue}`,
    );
  }, options);
}

/** Lanczos's method with full orthogonalization, in memory that is used again. */
class Lanczos {
  /** How many steps the last run made. */
  steps = 0;
  /** Whether it ended because the space is invariant: the quadrature is exact. */
  exact = false;
  readonly #diagonal: Vector;
  readonly #beside: Vector;
  readonly #basis: Basis;
  readonly #w: Vector;
  readonly #h: Vector;

  constructor(n: number, readonly limit: number) {
    this.#diagonal = new Float64Array(limit);
    this.#beside = new Float64Array(limit);
    this.#basis = new Basis(n, limit);
    this.#w = new Float64Array(n);
    this.#h = new Float64Array(limit);
  }

  /** Runs from the unit vector u. */
  run(apply: MatrixProduct, u: Vector): void {
    this.#basis.put(0, u, 1);
    this.exact = false;
    for (this.steps = 1;; this.steps++) {
      const k = this.steps - 1;
      apply(this.#basis.row(k), this.#w);
      const before = norm2(this.#w), length = this.#basis.orthogonalize(this.steps, this.#w, this.#h);
      if (!Number.isFinite(before)) {
        throw new DomainError(`Cannot run Lanczos's method: expected finite products, got a norm of ${before}`);
      }
      this.#diagonal[k] = this.#h[k];
      this.#beside[k] = length;
      this.exact = length <= 1e-14 * before;
      if (this.exact || this.steps === this.limit) return;
      this.#basis.put(this.steps, this.#w, length);
    }
  }

  /** `Σ τᵢ² f(θᵢ)` of the first k steps. */
  quadrature(k: number, f: (x: number) => number): number {
    const T = matrix(k, k);
    for (let i = 0; i < k; i++) {
      T.data[i * (k + 1)] = this.#diagonal[i];
      if (i > 0) T.data[i * k + i - 1] = T.data[(i - 1) * k + i] = this.#beside[i - 1];
    }
    const { values, vectors } = eigh(T);
    let sum = 0;
    for (let i = 0; i < k; i++) sum += vectors.data[i] ** 2 * f(values[i]);
    return sum;
  }
}
