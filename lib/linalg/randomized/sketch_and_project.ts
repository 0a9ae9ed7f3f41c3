/**
 * Sketch and project: solve a system by projecting onto the solutions of random combinations of its equations.
 *
 * ```
 * x⁺ = x + AᵀSᵀ (S A AᵀSᵀ)⁺ S (b - A x),   S drawn anew in each step, s rows
 * ```
 *
 * It is the point nearest to x where `S A x = S b`. Rows as S are Kaczmarz's method; a Gaussian row mixes all
 * equations; more rows take fewer steps. For an orthogonal A of order n and a Gaussian S: `E |x⁺ - x*|² = (1 - s/n) |x
 * - x*|²`.
 *
 * Source: Gower and Richtárik, Randomized iterative methods for linear systems (2015), arXiv 1506.03296, equation
 * (2.3).
 *
 * @module
 */
import { type Matrix, type Rng, rng, ShapeError, type SparseMatrix, type Vector } from "../../core/mod.ts";
import { checkLength } from "../matrices/checks.ts";
import { backend } from "../kernels/mod.ts";
import type { IterativeSolution } from "../krylov/mod.ts";
import { lstsq } from "../systems/least_squares.ts";
import { gemm } from "../matrices/level3.ts";
import { matrix } from "../matrices/matrix.ts";
import { substitute } from "../matrices/substitution.ts";
import { addProduct, addTransposedProduct } from "../matrices/vector_products.ts";
import { gaussianSketch } from "./gaussian_sketch.ts";
import { type Projection, type ProjectionLimits, projectUntil } from "./projections.ts";
import type { Sketch, SketchMaker } from "./sketch.ts";

/**
 * The projection of x, in place, onto `S A x = S b` with the S that a sketch holds now; whoever calls it redraws. A, b
 * and S are not copied and may change between two calls. Allocates nothing unless the combinations depend on each
 * other.
 *
 * @throws {ShapeError} When S, A and b do not fit together.
 *
 * @example One step, after which the combination of equations holds
 * ```ts
 * import { rng } from "@gradus/gradus/core";
 * import { gaussianSketch, matrix, sketchProjection } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const A = matrix([[1, 2], [3, 4]]), b = Float64Array.of(5, 6), S = gaussianSketch(1, 2, rng(1)), x = new Float64Array(2);
 * sketchProjection(S, A, b)(x);
 * const y = new Float64Array(1);
 * S.apply(Float64Array.of(x[0] + 2 * x[1] - 5, 3 * x[0] + 4 * x[1] - 6), y);
 * assertAlmostEquals(y[0], 0, 1e-14);
 * ```
 */
export function sketchProjection(S: Sketch, A: Matrix | SparseMatrix, b: Vector): Projection {
  const verb = "project onto sketched equations", { rows: s } = S, { rows: m, columns: n } = A;
  checkLength(verb, "a right-hand side", b, m);
  if (S.columns !== m) throw new ShapeError(`Cannot ${verb}: expected a sketch of ${m} columns, got ${S.columns}`);
  const SA = matrix(s, n), gram = new Float64Array(s * s), w = new Float64Array(s), product = new Float64Array(s);
  return (x) => {
    if ("data" in A) S.applyDense(A, SA);
    else S.applySparse(A, SA);
    S.apply(b, w);
    product.fill(0);
    addProduct(s, n, SA.data, 0, n, x, 0, product, 0);
    for (let r = 0; r < s; r++) w[r] -= product[r];
    gemm(false, true, s, s, n, 1, SA.data, 0, n, SA.data, 0, n, 0, gram, 0, s);
    if (backend().cholesky(s, gram, 0, s) >= 0 || !wellConditioned(gram, s)) { // dependent rows: the shortest correction
      const shortest = lstsq(SA, w).x;
      for (let j = 0; j < n; j++) x[j] += shortest[j];
      return;
    }
    substitute(true, false, false, s, gram, 0, s, w, 0);
    substitute(true, true, false, s, gram, 0, s, w, 0);
    addTransposedProduct(s, n, SA.data, 0, n, w, 0, x, 0);
  };
}

/** Whether the diagonal of a Cholesky factor does not tell of a condition of 1e12 or more. */
function wellConditioned(L: Vector, s: number): boolean {
  let least = Infinity, most = 0;
  for (let r = 0; r < s; r++) {
    least = Math.min(least, L[r * (s + 1)]);
    most = Math.max(most, L[r * (s + 1)]);
  }
  return least > 1e-6 * most;
}

/** Options of `sketchAndProject`. */
export interface SketchProjectionOptions extends ProjectionLimits {
  /** Which sketch. Default `gaussianSketch`. */
  readonly sketch?: SketchMaker;
  /** s. Default min(m, 8). */
  readonly sketchSize?: number;
  /** Draws the sketches. Default a generator of seed 0. */
  readonly generator?: Rng;
}

/**
 * Solves `A x = b`, A m x n, a system with a solution, by at most 100000 projections by default. The residual is
 * computed, and its norm kept in `residuals`, once in ⌈(m + n)/s⌉ of them; `products` counts these.
 *
 * @throws {ShapeError} When b or the start does not fit.
 * @throws {DomainError} When an entry is not finite or an option is out of range.
 *
 * @example A symmetric indefinite system
 * ```ts
 * import { matrix, sketchAndProject } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const { x, status } = sketchAndProject(matrix([[2, 0, 1], [0, 1, 1], [1, 1, 0]]), Float64Array.of(3, 2, 2), { sketchSize: 2 });
 * assertEquals(status, "converged");
 * for (const entry of x) assertAlmostEquals(entry, 1, 1e-6);
 * ```
 */
export function sketchAndProject(
  A: Matrix | SparseMatrix,
  b: Vector,
  options: SketchProjectionOptions = {},
): IterativeSolution {
  const { sketch = gaussianSketch, sketchSize = Math.min(A.rows, 8), generator = rng(0) } = options;
  const sweep = Math.ceil((A.rows + A.columns) / sketchSize);
  return projectUntil("solve by sketches", A, b, options, 100000, sweep, () => {
    const S = sketch(sketchSize, A.rows, generator), project = sketchProjection(S, A, b);
    return (x) => {
      S.redraw(generator);
      project(x);
    };
  });
}
