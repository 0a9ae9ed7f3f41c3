/**
 * QR factorization of a sparse matrix, `A P = Q R`: P a permutation for sparsity, Q a product of sparse reflectors, R
 * upper triangular; and sparse least squares by it.
 *
 * Source: Davis, Rajamanickam and Sid-Lakhdar, A survey of direct methods for sparse linear systems (2016), section 5.
 *
 * @module
 */
import {
  DomainError,
  isFiniteVector,
  norm2,
  ShapeError,
  type SparseMatrix,
  sparseMatrix,
  type Vector,
} from "../../core/mod.ts";
import { checkFiniteEntries, checkLength } from "../matrices/checks.ts";
import { Factorization } from "../factorizations/factorization.ts";
import { estimateNorm1 } from "../matrices/norm_estimate.ts";
import { signOf } from "../matrices/permutation.ts";
import type { RankOptions } from "../systems/rank.ts";
import { type OrthogonalElimination, reflect, reflectColumns } from "./column_reflectors.ts";
import { solveColumns } from "./column_solve.ts";
import { columnTree } from "./column_tree.ts";
import { normSparse } from "./inspect.ts";
import { sortedEntries, transposedEntries, transposeSparse } from "./layout.ts";
import { minimumDegree } from "./minimum_degree.ts";
import { normalPattern } from "./pattern.ts";

/** The factors of `A P = Q R`, A m x n. */
export class SparseQr extends Factorization {
  readonly #elimination: OrthogonalElimination;
  readonly #order: Int32Array;
  /** The index of the first zero on the diagonal of R, or -1. */
  readonly zeroPivot: number;
  /** The number of entries on the diagonal of R that are not zero. */
  readonly rank: number;

  /**
   * What elimination made of A.
   *
   * @param rows The number m of rows.
   * @param order The order of the columns.
   * @param elimination What became of them.
   */
  constructor(rows: number, order: Int32Array, elimination: OrthogonalElimination) {
    super(rows, order.length);
    this.#elimination = elimination;
    this.#order = order;
    this.zeroPivot = elimination.pivotRows.indexOf(-1);
    this.rank = elimination.pivotRows.reduce((count, row) => count + Number(row >= 0), 0);
  }

  /** The permutation P: column k of `A P` is column `columnPermutation[k]` of A. */
  get columnPermutation(): Int32Array {
    return this.#order.slice();
  }

  /** The upper triangle R, n x n. */
  get R(): SparseMatrix {
    const { upper, diagonal } = this.#elimination, n = this.columns, count = upper.count + n;
    const rowStarts = Uint32Array.from(upper.starts, (start, k) => start + k);
    const columnIndices = new Uint32Array(count), values = new Float64Array(count);
    for (let k = 0; k < n; k++) {
      const place = rowStarts[k], end = rowStarts[k + 1] - 1;
      columnIndices.set(upper.indices.subarray(upper.starts[k], upper.starts[k + 1]), place);
      values.set(upper.values.subarray(upper.starts[k], upper.starts[k + 1]), place);
      columnIndices[end] = k;
      values[end] = diagonal[k];
    }
    return sparseMatrix(transposedEntries({ rows: n, columns: n, rowStarts, columnIndices, values }));
  }

  /** For m >= n: `min |A x - b|` by `R P⁻¹ x = Qᵀ b`, and `min |x|` with `Aᵀ x = b` by `x = Q R⁻ᵀ P⁻¹ b`. */
  protected override solveInto(b: Vector, count: number, transposed: boolean, out: Vector): void {
    const right = b.slice(), [from, to] = transposed ? [this.columns, this.rows] : [this.rows, this.columns];
    const x = new Float64Array(from);
    for (let c = 0; c < count; c++) {
      for (let i = 0; i < from; i++) x[i] = right[i * count + c];
      const y = transposed ? this.#shortest(x) : this.basicSolution(x);
      for (let i = 0; i < to; i++) out[i * count + c] = y[i];
    }
  }

  /**
   * Of the x that minimize `|A x - b|` the one with zeros for dependent columns.
   *
   * @throws {ShapeError} When `b` has not m entries.
   */
  basicSolution(b: Vector): Vector {
    const { reflectors, tau, pivotRows } = this.#elimination, y = b.slice(), z = new Float64Array(this.columns);
    checkLength("solve a least-squares problem", "a right-hand side", b, this.rows);
    for (let k = 0; k < z.length; k++) {
      if (pivotRows[k] < 0) continue;
      reflect(reflectors, k, tau[k], y);
      z[k] = y[pivotRows[k]];
    }
    this.#triangle(false, z);
    const x = new Float64Array(z.length);
    for (let k = 0; k < z.length; k++) x[this.#order[k]] = z[k];
    return x;
  }

  #shortest(b: Vector): Vector {
    const { reflectors, tau, pivotRows } = this.#elimination, z = Float64Array.from(this.#order, (j) => b[j]);
    this.#triangle(true, z);
    const x = new Float64Array(this.rows);
    for (let k = 0; k < z.length; k++) x[pivotRows[k]] = z[k];
    for (let k = z.length - 1; k >= 0; k--) reflect(reflectors, k, tau[k], x);
    return x;
  }

  /** `z ← R⁻¹ z` or `R⁻ᵀ z`, where dependent columns give zero. */
  #triangle(transposed: boolean, z: Vector): void {
    const { upper, diagonal } = this.#elimination;
    solveColumns(
      upper,
      false,
      transposed,
      this.zeroPivot < 0 ? diagonal : diagonal.map((r) => r === 0 ? Infinity : r),
      z,
    );
  }

  /** `|R|₁`. */
  protected override norm1(): number {
    return normSparse(this.R, 1);
  }

  /** Visits the sign of the permutations and reflectors, and the diagonal of R. */
  protected override pivots(visit: (pivot: number) => void): void {
    const { pivotRows, diagonal } = this.#elimination;
    if (this.zeroPivot < 0) visit(signOf(this.#order) * signOf(pivotRows) * (pivotRows.length % 2 === 0 ? 1 : -1));
    diagonal.forEach((r) => visit(r));
  }

  /**
   * An estimate of `1 / (|R|₁ |R⁻¹|₁)`. R has the singular values of A.
   *
   * @throws {ShapeError} When m < n.
   */
  override reciprocalCondition(): number {
    if (this.rows < this.columns) {
      throw new ShapeError(
        `Cannot estimate a condition by QR: expected at least as many rows as columns, got ${this.rows} x ${this.columns}`,
      );
    }
    if (this.columns === 0) return 1;
    if (this.zeroPivot >= 0) return 0;
    const inverse = estimateNorm1(this.columns, (x, transposed) => this.#triangle(transposed, x));
    return Number.isFinite(inverse) ? 1 / inverse / this.norm1() : 0;
  }
}

/**
 * Factors a sparse matrix, `A P = Q R`. With m >= n and full rank the object solves least-squares problems: `solve(b)`
 * minimizes `|A x - b|`; `solveTranspose(b)` is the shortest x with `Aᵀ x = b`. Where the rank is in doubt use
 * `solveLeastSquares`. Columns of which no more is left than `tolerance` times the length of the longest are dependent
 * on those before them, and have a zero on the diagonal of R; by default those of which nothing is left.
 *
 * @throws {DomainError} When elimination overflows, or the tolerance is not within [0, 1).
 *
 * @example A line through three points, in the sense of least squares
 * ```ts
 * import { fromTriplets, sparseQr } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const factors = sparseQr(fromTriplets(3, 2, [0, 1, 2, 1, 2], [0, 0, 0, 1, 1], [1, 1, 1, 1, 2]));
 * const [a, b] = factors.solve(Float64Array.of(1, 2, 6));
 * assertAlmostEquals(a, 0.5);
 * assertAlmostEquals(b, 2.5);
 * ```
 */
export function sparseQr(A: SparseMatrix, options: RankOptions = {}): SparseQr {
  const verb = "factor a sparse matrix by QR", { tolerance = 0 } = options, S = sortedEntries(A), n = A.columns;
  if (!(tolerance >= 0 && tolerance < 1)) {
    throw new DomainError(`Cannot ${verb}: expected a tolerance within [0, 1), got ${tolerance}`);
  }
  const T = transposedEntries(S), dense = Math.max(16, 10 * Math.sqrt(n));
  const tree = columnTree(T, minimumDegree(normalPattern(S, T, dense)));
  let longest = 0;
  for (let j = 0; j < n; j++) longest = Math.max(longest, norm2(T.values.subarray(T.rowStarts[j], T.rowStarts[j + 1])));
  const elimination = reflectColumns(T, tree, longest < Infinity ? tolerance * longest : 0),
    { diagonal, upper } = elimination;
  if (isFiniteVector(diagonal) && isFiniteVector(upper.values.subarray(0, upper.count))) {
    return new SparseQr(A.rows, tree.order, elimination);
  }
  throw new DomainError(`Cannot ${verb}: expected entries far from overflow, got columns of length ${longest}`);
}

/** The result of `solveLeastSquares`. */
export interface SparseLeastSquares {
  /** An x that minimizes `|A x - b|₂`. */
  readonly x: Vector;
  /** The rank of A, as elimination found it. */
  readonly rank: number;
  /** `|A x - b|₂`. */
  readonly residualNorm: number;
}

/**
 * Minimizes `|A x - b|₂` for a sparse A of any shape and rank, by QR. Of several minimizers it takes the shortest where
 * the rows of A are independent, else one with zeros for columns that depend on others. A column depends on others if
 * no more is left of it than `tolerance` times the length of the longest, by default `20 (m + n) 2⁻⁵²`.
 *
 * @throws {ShapeError} When `b` has not m entries.
 * @throws {DomainError} When an entry of `b` is not finite, elimination overflows, or the tolerance is not within [0,
 * 1).
 *
 * @example Differences of heights along a path, the first fixed
 * ```ts
 * import { fromTriplets, solveLeastSquares } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const A = fromTriplets(4, 3, [0, 1, 1, 2, 2, 3, 3], [0, 0, 1, 1, 2, 0, 2], [1, -1, 1, -1, 1, -1, 1]);
 * const { x, rank } = solveLeastSquares(A, Float64Array.of(0, 1, 1, 2.3));
 * assertEquals(rank, 3);
 * assertAlmostEquals(x[2], 2.2);
 * ```
 */
export function solveLeastSquares(A: SparseMatrix, b: Vector, options: RankOptions = {}): SparseLeastSquares {
  const verb = "solve a least-squares problem", { tolerance = 20 * (A.rows + A.columns) * 2 ** -52 } = options;
  checkLength(verb, "a right-hand side", b, A.rows);
  checkFiniteEntries(verb, b);
  const wide = A.rows < A.columns ? sparseQr(transposeSparse(A), { tolerance }) : undefined;
  const factors = wide?.zeroPivot === -1 ? wide : sparseQr(A, { tolerance });
  const x = factors === wide ? wide.solveTranspose(b) : factors.basicSolution(b), residual = new Float64Array(A.rows);
  A.apply(x, residual);
  for (let i = 0; i < b.length; i++) residual[i] -= b[i];
  return { x, rank: factors.rank, residualNorm: norm2(residual) };
}
