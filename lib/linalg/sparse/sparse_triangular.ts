/**
 * Systems with a sparse triangle, also with sparse right-hand sides.
 *
 * Source: Gilbert and Peierls, Sparse partial pivoting in time proportional to arithmetic operations (1988), section 3.
 *
 * @module
 */
import { DomainError, ShapeError, type SparseMatrix, type Vector } from "../../core/mod.ts";
import { checkSquareShape } from "../matrices/checks.ts";
import { Factorization } from "../factorizations/factorization.ts";
import { solveColumns, type TriangleColumns } from "./column_solve.ts";
import { sortedEntries, transposedEntries } from "./layout.ts";
import { Reach } from "./reach.ts";

/** A vector of which the entries that are not zero are given. */
export interface SparseVector {
  /** The number of all entries. */
  readonly length: number;
  /** The places of those given, rising. */
  readonly indices: Uint32Array;
  /** Their values. */
  readonly values: Vector;
}

/** Which triangle, and what of it. */
export interface SparseTriangularOptions {
  /** Whether the lower triangle counts and not the upper one. By default false. */
  readonly lower?: boolean;
  /** Whether the diagonal counts as ones, whatever it holds. By default false. */
  readonly unit?: boolean;
}

/** A triangle T, ready to solve with. */
export class SparseTriangular extends Factorization {
  readonly #lower: boolean;
  readonly #columns: TriangleColumns;
  readonly #diagonal: Vector | undefined;
  readonly #reach: Reach;
  readonly #identity: Int32Array;
  readonly #x: Vector;
  /** The index of the first zero on the diagonal, or -1. */
  readonly zeroPivot: number;

  /**
   * A triangle of a matrix.
   *
   * @param T The matrix; what is on the other side of the diagonal is not read.
   * @param lower Which triangle.
   * @param unit Whether the diagonal counts as ones.
   */
  constructor(T: SparseMatrix, lower: boolean, unit: boolean) {
    super(T.rows, T.rows);
    const n = T.rows, { rowStarts, columnIndices, values } = transposedEntries(sortedEntries(T));
    const starts = new Uint32Array(n + 1), diagonal = new Float64Array(n);
    let count = 0;
    for (let j = 0, k = 0; j < n; j++) {
      for (; k < rowStarts[j + 1]; k++) {
        const i = columnIndices[k];
        if (i === j) diagonal[j] = values[k];
        else if (i > j === lower) {
          columnIndices[count] = i;
          values[count++] = values[k];
        }
      }
      starts[j + 1] = count;
    }
    this.#lower = lower;
    this.#columns = { starts, indices: columnIndices.slice(0, count), values: values.slice(0, count) };
    this.#diagonal = unit ? undefined : diagonal;
    this.#reach = new Reach(n);
    this.#identity = Int32Array.from({ length: n }, (_, i) => i);
    this.#x = new Float64Array(n);
    this.zeroPivot = unit ? -1 : diagonal.indexOf(0);
  }

  /**
   * The solution of `T x = b` for a sparse b, at the cost of the operations alone: x has entries only where b can
   * reach.
   *
   * @throws {ShapeError} When `b` has not n entries.
   * @throws {DomainError} When an entry of `b` is not finite, or a place does not exist.
   * @throws {SingularMatrixError} When an entry on the diagonal is zero.
   */
  solveSparse(b: SparseVector): SparseVector {
    const n = this.rows, x = this.#x, { starts, indices, values } = this.#columns, diagonal = this.#diagonal;
    this.refuseSingular("solve");
    if (b.length !== n || b.indices.length !== b.values.length) {
      throw new ShapeError(
        `Cannot solve: expected a sparse vector of ${n} entries with a value for each place, got ${b.length} with ` +
          `${b.values.length} for ${b.indices.length}`,
      );
    }
    for (let k = 0; k < b.values.length; k++) {
      if (b.indices[k] < n && Number.isFinite(b.values[k])) continue;
      throw new DomainError(
        `Cannot solve: expected finite entries at places below ${n}, got ${b.values[k]} at ${b.indices[k]}`,
      );
    }
    const begin = this.#reach.find(starts, starts.subarray(1), indices, this.#identity, b.indices, 0, b.indices.length);
    const reached = this.#reach.found.subarray(begin);
    for (let k = 0; k < b.values.length; k++) x[b.indices[k]] += b.values[k];
    for (let t = 0; t < reached.length; t++) {
      const j = reached[t], xj = diagonal ? x[j] /= diagonal[j] : x[j];
      for (let k = starts[j]; k < starts[j + 1]; k++) x[indices[k]] -= values[k] * xj;
    }
    const places = Uint32Array.from(reached).sort(), solution = Float64Array.from(places, (j) => x[j]);
    for (let t = 0; t < places.length; t++) x[places[t]] = 0;
    return { length: n, indices: places, values: solution };
  }

  /** By substitution. */
  protected override solveInto(b: Vector, columns: number, transposed: boolean, out: Vector): void {
    const n = this.rows, y = new Float64Array(n);
    for (let c = 0; c < columns; c++) {
      for (let k = 0; k < n; k++) y[k] = b[k * columns + c];
      solveColumns(this.#columns, this.#lower, transposed, this.#diagonal, y);
      for (let k = 0; k < n; k++) out[k * columns + c] = y[k];
    }
  }

  /** `|T|₁`. */
  protected override norm1(): number {
    const { starts, values } = this.#columns;
    let largest = 0;
    for (let j = 0; j < this.rows; j++) {
      let sum = this.#diagonal ? Math.abs(this.#diagonal[j]) : 1;
      for (let k = starts[j]; k < starts[j + 1]; k++) sum += Math.abs(values[k]);
      largest = Math.max(largest, sum);
    }
    return largest;
  }

  /** Visits the diagonal. */
  protected override pivots(visit: (pivot: number) => void): void {
    this.#diagonal?.forEach((pivot) => visit(pivot));
  }
}

/**
 * The upper triangle of a sparse matrix (or the lower one), ready to solve with: also with the transpose, and with
 * sparse right-hand sides.
 *
 * @throws {ShapeError} When `T` is not square.
 *
 * @example A right-hand side of one entry
 * ```ts
 * import { fromTriplets, sparseTriangular } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const T = sparseTriangular(fromTriplets(3, 3, [0, 1, 2, 2], [0, 1, 0, 2], [2, 3, 4, 5]), { lower: true });
 * const x = T.solveSparse({ length: 3, indices: Uint32Array.of(0), values: Float64Array.of(10) });
 * assertEquals(x, { length: 3, indices: Uint32Array.of(0, 2), values: Float64Array.of(5, -4) });
 * assertEquals(T.solve(Float64Array.of(10, 0, 0)), Float64Array.of(5, 0, -4));
 * ```
 */
export function sparseTriangular(T: SparseMatrix, options: SparseTriangularOptions = {}): SparseTriangular {
  checkSquareShape("use a triangle", T);
  return new SparseTriangular(T, options.lower ?? false, options.unit ?? false);
}
