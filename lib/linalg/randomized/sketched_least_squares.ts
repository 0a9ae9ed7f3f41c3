/**
 * Least squares with a sketch: `min |A x - b|` for a tall A of full rank, n x d, by a QR factorization of the much
 * shorter `S A = Q R`.
 *
 * ```
 * sketch and solve:          x = R⁻¹QᵀS b,  with S Gaussian of s rows  E |A x - b|² = (1 + d/(s - d - 1)) min |A x - b|²
 * sketch and precondition:   LSQR with A R⁻¹, of condition (1 + η)/(1 - η), η = √(d/s), from the solution above
 * iterative sketching:       x⁺ = x + a (RᵀR)⁻¹Aᵀ(b - A x) + c (x - x⁻)
 *    damped    a = (1 - η²)²/(1 + η²),  c = 0:   error 2η/(1 + η²) times as large with each step
 *    momentum  a = (1 - η²)²,           c = η²:  error η times as large
 * ```
 *
 * The error is `|A (x - x*)|`; it is estimated by `|R⁻ᵀAᵀ(b - A x)|`, which is at most 1/(1 - η) and at least 1/(1 + η)
 * times as large.
 *
 * Source: Avron, Maymounkov and Toledo, Blendenpik: supercharging LAPACK's least-squares solver (2010); Epperly, Fast
 * and forward stable randomized algorithms for linear least-squares problems (2023), arXiv 2311.04362, algorithm 1 and
 * section 3.3; Meier, Nakatsukasa, Townsend and Webb, Are sketch-and-precondition least squares solvers numerically
 * stable? (2023), on the start.
 *
 * @module
 */
import {
  DomainError,
  type LinearOperator,
  type Matrix,
  norm2,
  type Rng,
  rng,
  ShapeError,
  SingularMatrixError,
  type SparseMatrix,
  type Vector,
} from "../../core/mod.ts";
import { checkFiniteEntries, checkLength } from "../matrices/checks.ts";
import { checkCount, checkNonnegative } from "../krylov/iteration.ts";
import { type IterativeStatus, type LeastSquaresSolution, lsqr } from "../krylov/mod.ts";
import { operatorOf } from "../operators/mod.ts";
import { type Qr, qr } from "../factorizations/qr.ts";
import { substitute } from "../matrices/substitution.ts";
import { type SketchMaker, sketchRows } from "./sketch.ts";
import { sparseSign } from "./sparse_sketch.ts";

/** Which sketch. */
export interface SketchOptions {
  /** Default `sparseSign`. */
  readonly sketch?: SketchMaker;
  /** s, its rows. Default 12d, at most n. */
  readonly sketchSize?: number;
  /** Draws it. Default a generator of seed 0. */
  readonly generator?: Rng;
}

/** Options of iterations on a sketched problem. */
export interface SketchedIterationOptions extends SketchOptions {
  /** See the method. Default 1e-10. */
  readonly tolerance?: number;
  /** Default 100. */
  readonly maxIterations?: number;
}

/**
 * The x that minimizes `|S (A x - b)|`: a first approximation, for the cost of one sketch.
 *
 * @throws {ShapeError} When A has fewer rows than columns, or b not n entries.
 * @throws {DomainError} When an entry is not finite or the size of the sketch is not in d … n.
 * @throws {SingularMatrixError} When S A has not full rank.
 *
 * @example Equations that hold are solved exactly
 * ```ts
 * import { matrix, sketchAndSolve } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const A = matrix(100, 2, Array.from({ length: 200 }, (_, k) => k % 2 === 0 ? 1 : k)); // a + (2i + 1) b
 * const [a, b] = sketchAndSolve(A, Float64Array.from({ length: 100 }, (_, i) => 3 - (2 * i + 1)));
 * assertAlmostEquals(a, 3, 1e-12);
 * assertAlmostEquals(b, -1, 1e-12);
 * ```
 */
export function sketchAndSolve(A: Matrix | SparseMatrix, b: Vector, options: SketchOptions = {}): Vector {
  return sketched("solve least squares by a sketch", A, b, options).x;
}

/**
 * Least squares by LSQR, preconditioned by a sketch: a number of iterations that does not depend on the condition of A.
 * Converged, as in `lsqr`, when `|Aᵀ(b - A x)| <= tolerance |A| |b - A x|` or the residual is at most `tolerance |b|`.
 *
 * @throws {ShapeError} When A has fewer rows than columns, or b not n entries.
 * @throws {DomainError} When an entry is not finite or an option is out of range.
 * @throws {SingularMatrixError} When S A has not full rank.
 *
 * @example A badly conditioned fit in few iterations
 * ```ts
 * import { matrix, sketchAndPrecondition } from "@gradus/gradus/linalg";
 * import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const A = matrix(400, 2, Array.from({ length: 800 }, (_, k) => k % 2 === 0 ? 1 : 1 + 1e-6 * Math.sin(k)));
 * const b = Float64Array.from({ length: 400 }, (_, i) => 3 * A.data[2 * i] - 2 * A.data[2 * i + 1]);
 * const { x, status, iterations } = sketchAndPrecondition(A, b);
 * assertEquals(status, "converged");
 * assertAlmostEquals(x[1], -2, 1e-4);
 * assert(iterations < 20);
 * ```
 */
export function sketchAndPrecondition(
  A: Matrix | SparseMatrix,
  b: Vector,
  options: SketchedIterationOptions = {},
): LeastSquaresSolution {
  const { tolerance = 1e-10, maxIterations = 100 } = options;
  const { x: start, operator, R } = sketched("solve least squares by a sketch and LSQR", A, b, options);
  return lsqr(operator, b, { tolerance, maxIterations, start, preconditioner: inverseOf(R) });
}

/** Options of `iterativeSketching`. */
export interface IterativeSketchingOptions extends SketchedIterationOptions {
  /** Whether with momentum, or else damped. Default true. */
  readonly momentum?: boolean;
  /**
   * η, the distortion of the sketch. Default `√(d/s) (1 + d^(-2/3))`: the singular values of Gaussian sketches vary
   * that much.
   */
  readonly distortion?: number;
}

/** The last iterate of iterative sketching and what became of it. */
export interface SketchedSolution {
  /** The last iterate. */
  readonly x: Vector;
  /** "converged", "iteration-limit", "stagnated" or "non-finite". */
  readonly status: IterativeStatus;
  /** Iterations made. */
  readonly iterations: number;
  /** `|b - A x|₂`, computed from x at the end. */
  readonly residual: number;
  /** The estimates of `|A (x - x*)|₂` for x₀, x₁, …. */
  readonly errors: Vector;
}

/**
 * Least squares by iterative sketching: one factorization of a sketch, then two products and two triangular solves for
 * each step. As accurate as a QR factorization of A. Converged when the estimate of `|A (x - x*)|` is at most
 * `tolerance |b|`, "stagnated" when it no longer falls: at the rounding errors of an ill-conditioned problem, or as the
 * distortion is larger than expected.
 *
 * @throws {ShapeError} When A has fewer rows than columns, or b not n entries.
 * @throws {DomainError} When an entry is not finite or an option is out of range.
 * @throws {SingularMatrixError} When S A has not full rank.
 *
 * @example A line through many points
 * ```ts
 * import { iterativeSketching, matrix } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const A = matrix(300, 2, Array.from({ length: 600 }, (_, k) => k % 2 === 0 ? 1 : (k >> 1) / 300));
 * const b = Float64Array.from({ length: 300 }, (_, i) => 1 + i / 100 + (i % 2 ? 0.1 : -0.1));
 * const { x, status } = iterativeSketching(A, b);
 * assertEquals(status, "converged");
 * assertAlmostEquals(x[1], 3, 0.01);
 * ```
 */
export function iterativeSketching(
  A: Matrix | SparseMatrix,
  b: Vector,
  options: IterativeSketchingOptions = {},
): SketchedSolution {
  const verb = "solve least squares by iterative sketching", { tolerance = 1e-10, maxIterations = 100 } = options;
  checkNonnegative(verb, "a tolerance", tolerance);
  checkCount(verb, "of iterations", maxIterations);
  const { x, operator, R, s } = sketched(verb, A, b, options), { rows: n, columns: d } = operator;
  const { momentum = true, distortion: eta = Math.min(0.9, Math.sqrt(d / s) * (1 + d ** (-2 / 3))) } = options;
  if (!(eta > 0 && eta < 1)) throw new DomainError(`Cannot ${verb}: expected a distortion in (0, 1), got ${eta}`);
  const inverse = inverseOf(R), gap = (1 - eta * eta) ** 2;
  const a = momentum ? gap : gap / (1 + eta * eta), c = momentum ? eta * eta : 0;
  const r = new Float64Array(n), g = new Float64Array(d), w = new Float64Array(d), moved = new Float64Array(d);
  const errors: number[] = [], target = tolerance * norm2(b);
  let status: IterativeStatus = "iteration-limit", least = Infinity, leastAt = 0, residual = 0;
  for (let k = 0;; k++) {
    operator.apply(x, r);
    for (let i = 0; i < n; i++) r[i] = b[i] - r[i];
    residual = norm2(r);
    operator.applyTranspose(r, g);
    inverse.applyTranspose(g, w);
    const error = norm2(w);
    errors.push(error);
    if (error < 0.9 * least) {
      least = error;
      leastAt = k;
    }
    if (error <= target) status = "converged";
    else if (!(error < Infinity)) status = "non-finite";
    else if (k - leastAt >= 12) status = "stagnated";
    if (status !== "iteration-limit" || k >= maxIterations) break;
    inverse.apply(w, g);
    for (let j = 0; j < d; j++) x[j] += moved[j] = a * g[j] + c * moved[j];
  }
  return { x, status, iterations: errors.length - 1, residual, errors: Float64Array.from(errors) };
}

interface SketchedProblem {
  readonly x: Vector;
  readonly operator: LinearOperator;
  readonly R: Matrix;
  readonly s: number;
}

/** Checks everything, and solves the sketched problem. */
function sketched(verb: string, A: Matrix | SparseMatrix, b: Vector, options: SketchOptions): SketchedProblem {
  const { rows: n, columns: d } = A;
  if (n < d) throw new ShapeError(`Cannot ${verb}: expected at least as many rows as columns, got ${n} x ${d}`);
  checkLength(verb, "a right-hand side", b, n);
  checkFiniteEntries(verb, b);
  const { sketch = sparseSign, sketchSize: s = Math.min(n, 12 * d), generator = rng(0) } = options;
  checkCount(verb, "of rows of the sketch", s, d);
  const S = sketch(s, n, generator), factors: Qr = qr(sketchRows(S, A)), Sb = new Float64Array(s);
  if (!(factors.reciprocalCondition() > Number.EPSILON)) {
    throw new SingularMatrixError(`Cannot ${verb}: expected a matrix and a sketch of the rank ${d}`, d - 1);
  }
  S.apply(b, Sb);
  return { x: factors.solve(Sb), operator: "data" in A ? operatorOf(A) : A, R: factors.R, s };
}

/** The operator R⁻¹. */
function inverseOf({ rows: d, data }: Matrix): LinearOperator {
  const solve = (transposed: boolean) => (x: Vector, out: Vector): void => {
    out.set(x);
    substitute(false, transposed, false, d, data, 0, d, out, 0);
  };
  return { rows: d, columns: d, apply: solve(false), applyTranspose: solve(true) };
}
