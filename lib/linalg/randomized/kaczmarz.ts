/**
 * The randomized Kaczmarz method for systems with a solution: project onto the hyperplane of one equation, or of a
 * block of them, at a time.
 *
 * ```
 * row i with probability |aᵢ|²/|A|_F²:   x⁺ = x + (bᵢ - aᵢᵀx)/|aᵢ|² aᵢ       E |x⁺ - x*|² <= (1 - 1/κ_F²) |x - x*|²
 * block τ of a random partition, all alike:   x⁺ = x + A_τ⁺ (b_τ - A_τ x)
 * κ_F = |A|_F |A⁺|₂
 * ```
 *
 * x* is the solution nearest to the start. For equations that contradict each other x stays at a distance.
 *
 * Source: Strohmer and Vershynin, A randomized Kaczmarz algorithm with exponential convergence (2009), arXiv
 * math/0702226, algorithm 1 and theorem 2; Needell and Tropp, Paved with good intentions: analysis of a randomized
 * block Kaczmarz method (2014), arXiv 1208.3805.
 *
 * @module
 */
import {
  axpy,
  dot,
  drawIndex,
  integer,
  type Matrix,
  permutation,
  type Rng,
  rng,
  type SparseMatrix,
  type Vector,
} from "../../core/mod.ts";
import { checkCount } from "../krylov/iteration.ts";
import type { IterativeSolution } from "../krylov/mod.ts";
import { pinv } from "../systems/least_squares.ts";
import { matrix, row } from "../matrices/matrix.ts";
import { addProduct } from "../matrices/vector_products.ts";
import { cumulative } from "./categorical.ts";
import { type Projection, type ProjectionLimits, projectUntil } from "./projections.ts";

/** Options of `randomizedKaczmarz`. */
export interface KaczmarzOptions extends ProjectionLimits {
  /** The number of equations in a block. Default 1. */
  readonly block?: number;
  /** Draws the rows. Default a generator of seed 0. */
  readonly generator?: Rng;
}

/**
 * Solves `A x = b`, A m x n, by randomized projections, by default at most 1000 for each row or block. The residual is
 * computed once in as many projections as there are rows or blocks; `residuals` has these. `products` counts them; m
 * projections cost as much as two more.
 *
 * @throws {ShapeError} When b or the start does not fit.
 * @throws {DomainError} When an entry is not finite, an option out of range, or A is zero.
 *
 * @example Three equations in two unknowns
 * ```ts
 * import { matrix, randomizedKaczmarz } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const { x, status } = randomizedKaczmarz(matrix([[1, 0], [1, 1], [1, 2]]), Float64Array.of(1, 3, 5));
 * assertEquals(status, "converged");
 * assertAlmostEquals(x[0], 1, 1e-7);
 * assertAlmostEquals(x[1], 2, 1e-7);
 * ```
 */
export function randomizedKaczmarz(
  A: Matrix | SparseMatrix,
  b: Vector,
  options: KaczmarzOptions = {},
): IterativeSolution {
  const verb = "solve by randomized projections", { block = 1, generator = rng(0) } = options;
  checkCount(verb, "of equations in a block", block, 1);
  const sweep = Math.ceil(A.rows / block);
  return projectUntil(
    verb,
    A,
    b,
    options,
    1000 * sweep,
    sweep,
    () => block === 1 ? rowProjection(verb, A, b, generator) : blockProjection(A, b, block, generator),
  );
}

function rowProjection(verb: string, A: Matrix | SparseMatrix, b: Vector, random: Rng): Projection {
  const squares = new Float64Array(A.rows);
  if ("data" in A) {
    const n = A.columns, rowOf = (i: number): Vector => A.data.subarray(i * n, (i + 1) * n); // unchecked: for each step
    for (let i = 0; i < A.rows; i++) squares[i] = dot(rowOf(i), rowOf(i));
    const sums = cumulative(verb, squares);
    return (x) => {
      const i = drawIndex(sums, random), a = rowOf(i);
      axpy((b[i] - dot(a, x)) / squares[i], a, x);
    };
  }
  const { rowStarts, columnIndices, values } = A, dense = new Float64Array(A.columns);
  for (let i = 0; i < A.rows; i++) { // entries that occur twice count as their sum
    addRow(A, i, dense);
    for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) {
      squares[i] += dense[columnIndices[k]] ** 2;
      dense[columnIndices[k]] = 0;
    }
  }
  const sums = cumulative(verb, squares);
  return (x) => {
    const i = drawIndex(sums, random), end = rowStarts[i + 1];
    let rest = b[i];
    for (let k = rowStarts[i]; k < end; k++) rest -= values[k] * x[columnIndices[k]];
    rest /= squares[i];
    for (let k = rowStarts[i]; k < end; k++) x[columnIndices[k]] += rest * values[k];
  };
}

function blockProjection(A: Matrix | SparseMatrix, b: Vector, q: number, random: Rng): Projection {
  const { rows: m, columns: n } = A, order = permutation(random, new Uint32Array(m)), r = new Float64Array(q);
  const blocks = Array.from({ length: Math.ceil(m / q) }, (_, k) => {
    const rows = order.subarray(k * q, (k + 1) * q), part = matrix(rows.length, n);
    rows.forEach((i, p) => addRow(A, i, row(part, p)));
    return { part, inverse: pinv(part).data, right: Float64Array.from(rows, (i) => b[i]) };
  });
  return (x) => {
    const { part, inverse, right } = blocks[integer(random, blocks.length)], size = right.length;
    r.fill(0);
    addProduct(size, n, part.data, 0, n, x, 0, r, 0);
    for (let p = 0; p < size; p++) r[p] = right[p] - r[p];
    addProduct(n, size, inverse, 0, size, r, 0, x, 0);
  };
}

/** `out ← out + aᵢ`. */
function addRow(A: Matrix | SparseMatrix, i: number, out: Vector): void {
  if ("data" in A) axpy(1, row(A, i), out);
  else for (let k = A.rowStarts[i]; k < A.rowStarts[i + 1]; k++) out[A.columnIndices[k]] += A.values[k];
}
