/**
 * The derivative of an upper level through the solution of the lower one.
 *
 * ```
 * Φ(x) = f(x, y(x)),  y(x) = argmin g(x, ·),   ∇Φ = ∇ₓf - ∇²ₓᵧg v,   ∇²ᵧᵧg v = ∇ᵧf
 *
 * cg         v by conjugate gradients
 * neumann    v = a Σ_{j<K} (I - a ∇²ᵧᵧg)ʲ ∇ᵧf,  a <= 1/L:  error (1 - aμ)ᴷ;  K = 1 is the truncated T1-T2
 * unrolled   the exact derivative of K gradient steps of length a on g, backwards:
 *            p = ∇ᵧf(x, y_K);  k = K-1 … 0:  ∇Φ -= a ∇²ₓᵧg(x, y_k) p,  p -= a ∇²ᵧᵧg(x, y_k) p
 * ```
 *
 * Source: Ghadimi and Wang, Approximation methods for bilevel programming (2018), arXiv 1802.02246; Lorraine, Vicol and
 * Duvenaud, Optimizing millions of hyperparameters by implicit differentiation (2019), arXiv 1911.02590, for Neumann's
 * series; Franceschi, Donini, Frasconi and Pontil, Forward and reverse gradient-based hyperparameter optimization
 * (2017), arXiv 1703.01785, for unrolling.
 *
 * @module
 */
import { axpy, type Bilevel, DomainError, type Vector } from "../../core/mod.ts";
import { cg } from "../../linalg/mod.ts";

/** How the inverse of the lower Hessian is applied. */
export type HypergradientOptions =
  | {
    /** By conjugate gradients. */
    readonly mode: "cg";
    /** The relative residual. Default 1e-10. */
    readonly tolerance?: number;
    /** Iterations at most. Default 10 times the length of y. */
    readonly maxIterations?: number;
  }
  | {
    /** By Neumann's series at y, or backwards through gradient steps that start at y. */
    readonly mode: "neumann" | "unrolled";
    /** `K`. */
    readonly terms: number;
    /** `a`, at most 1/L of the lower level. */
    readonly step: number;
  };

/** Checks the options of a hypergradient. */
export function checkHypergradient(options: HypergradientOptions): void {
  if (options.mode === "cg") return;
  const { terms, step } = options;
  if (!Number.isSafeInteger(terms) || terms < 1 || !(step > 0 && step < Infinity)) {
    throw new DomainError(
      `Cannot take a hypergradient: expected a positive whole number of terms and a step > 0, got ${terms} and ${step}`,
    );
  }
}

/**
 * Writes the hypergradient at x into `out`. For `cg` and `neumann` y is the solution of the lower level; `unrolled`
 * starts from y and moves it to where its steps end.
 *
 * @throws {DomainError} When an option is out of range, or conjugate gradients find the lower level not strongly
 * convex.
 *
 * @example The mean of a lower level that follows x
 * ```ts
 * import type { Bilevel } from "@gradus/gradus/core";
 * import { hypergradient } from "@gradus/gradus/games";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const problem: Bilevel = { // f = ½ (y - 1)², g = ½ (y - 3x)²: Φ = ½ (3x - 1)²
 *   kind: "bilevel",
 *   dimension: 1,
 *   lowerDimension: 1,
 *   upper: {
 *     value: (_, [y]) => (y - 1) ** 2 / 2,
 *     gradientX: (_, __, out) => void out.fill(0),
 *     gradientY: (_, [y], out) => void (out[0] = y - 1),
 *   },
 *   lower: {
 *     value: ([x], [y]) => (y - 3 * x) ** 2 / 2,
 *     gradientX: ([x], [y], out) => void (out[0] = -3 * (y - 3 * x)),
 *     gradientY: ([x], [y], out) => void (out[0] = y - 3 * x),
 *     hessianVector: (_, __, v, out) => void (out[0] = v[0]),
 *     crossVector: (_, __, v, out) => void (out[0] = -3 * v[0]),
 *   },
 * };
 * const out = new Float64Array(1);
 * hypergradient(problem, Float64Array.of(2), Float64Array.of(6), out, { mode: "cg" });
 * assertAlmostEquals(out[0], 15); // 3 (3x - 1)
 * ```
 */
export function hypergradient(
  problem: Bilevel,
  x: Vector,
  y: Vector,
  out: Vector,
  options: HypergradientOptions = { mode: "cg" },
): void {
  checkHypergradient(options);
  if (options.mode === "unrolled") return unrolled(problem, x, y, out, options.terms, options.step);
  const { upper, lower } = problem, b = new Float64Array(y.length), cross = new Float64Array(x.length);
  upper.gradientX(x, y, out);
  upper.gradientY(x, y, b);
  const v = options.mode === "cg"
    ? solved(problem, x, y, b, options.tolerance ?? 1e-10, options.maxIterations)
    : series(problem, x, y, b, options.terms, options.step);
  lower.crossVector(x, y, v, cross);
  axpy(-1, cross, out);
}

function solved(
  { lower }: Bilevel,
  x: Vector,
  y: Vector,
  b: Vector,
  tolerance: number,
  maxIterations = 10 * y.length,
): Vector {
  const n = y.length, apply = (v: Vector, out: Vector): void => lower.hessianVector(x, y, v, out);
  const { x: v, status, message } = cg({ rows: n, columns: n, apply, applyTranspose: apply }, b, {
    tolerance,
    maxIterations,
  });
  if (status === "indefinite" || status === "breakdown") {
    throw new DomainError(`Cannot take a hypergradient: expected a strongly convex lower level, got: ${message}`);
  }
  return v;
}

function series({ lower }: Bilevel, x: Vector, y: Vector, b: Vector, terms: number, a: number): Vector {
  const v = new Float64Array(b.length), p = b.slice(), Hp = new Float64Array(b.length);
  for (let j = 0; j < terms; j++) {
    axpy(a, p, v);
    lower.hessianVector(x, y, p, Hp);
    axpy(-a, Hp, p);
  }
  return v;
}

function unrolled({ upper, lower }: Bilevel, x: Vector, y: Vector, out: Vector, K: number, a: number): void {
  const n = y.length, path = new Float64Array(K * n), p = new Float64Array(n), product = new Float64Array(n);
  const cross = new Float64Array(x.length);
  for (let k = 0; k < K; k++) {
    path.set(y, k * n);
    lower.gradientY(x, y, p);
    axpy(-a, p, y);
  }
  upper.gradientX(x, y, out);
  upper.gradientY(x, y, p);
  for (let k = K - 1; k >= 0; k--) {
    const at = path.subarray(k * n, (k + 1) * n);
    lower.crossVector(x, at, p, cross);
    axpy(-a, cross, out);
    lower.hessianVector(x, at, p, product);
    axpy(-a, product, p);
  }
}
