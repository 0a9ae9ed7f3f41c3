/**
 * Gaussian elimination of a sparse matrix with threshold pivoting: `P A Q = L U`, with permutations P and Q, L unit
 * lower and U upper triangular.
 *
 * Q is chosen before, for sparsity: by minimum degree on the pattern of `AᵀA`, which bounds the fill for every P, or,
 * for matrices of nearly symmetric pattern, on that of `A + Aᵀ`, with a preference for pivots on the diagonal. P is
 * chosen during elimination (`gilbert_peierls.ts`), for stability.
 *
 * Source: Davis, Rajamanickam and Sid-Lakhdar, A survey of direct methods for sparse linear systems (2016), section 6.
 *
 * @module
 */
import {
  DomainError,
  normInf,
  type SparseEntries,
  type SparseMatrix,
  sparseMatrix,
  type Vector,
} from "../../core/mod.ts";
import { checkSquareShape } from "../matrices/checks.ts";
import { Factorization } from "../factorizations/factorization.ts";
import { signOf } from "../matrices/permutation.ts";
import { solveColumns } from "./column_solve.ts";
import { eliminateColumns, type SparseElimination } from "./gilbert_peierls.ts";
import type { GrowingColumns } from "./growing_columns.ts";
import { normSparse } from "./inspect.ts";
import { inversePermutation, sortedEntries, transposedEntries } from "./layout.ts";
import { minimumDegree } from "./minimum_degree.ts";
import { normalPattern, symmetricPattern } from "./pattern.ts";

/** Growth up to this costs three digits at most. */
const HARMLESS = 1000;

/**
 * In which order to eliminate columns: for little fill with any pivots (`columns`), for little fill with pivots on the
 * diagonal (`symmetric`), as the matrix has them, or as given.
 */
export type ColumnOrdering = "columns" | "symmetric" | "natural" | ArrayLike<number>;

/** What `sparseLu` is told. */
export interface SparseLuOptions {
  /**
   * The order of elimination of columns; by default `symmetric` where most entries have a partner across the diagonal.
   */
  readonly ordering?: ColumnOrdering;
  /**
   * An entry on the diagonal is the pivot if it is not smaller than so many times the largest in its column. By default
   * 0.1, or, where the order is chosen for pivots on the diagonal, 0.001; and larger, up to 1, where entries would grow
   * more than a thousandfold.
   */
  readonly threshold?: number;
}

/** The factors of `P A Q = L U`. */
export class SparseLu extends Factorization {
  readonly #norm1: number;
  readonly #elimination: SparseElimination;
  readonly #order: Int32Array;
  /** The index of the first zero on the diagonal of U, or -1. */
  readonly zeroPivot: number;
  /** The growth factor `max |uᵢⱼ| / max |aᵢⱼ|`, by which the backward error of solutions may exceed a rounding unit. */
  readonly growth: number;

  /**
   * What elimination made of A.
   *
   * @param A The matrix.
   * @param order The order of its columns.
   * @param elimination What became of it.
   */
  constructor(A: SparseMatrix, order: Int32Array, elimination: SparseElimination) {
    super(A.rows, A.rows);
    const { upper, pivots, zeroPivot } = elimination, before = normInf(A.values);
    this.#norm1 = normSparse(A, 1);
    this.#elimination = elimination;
    this.#order = order;
    this.zeroPivot = zeroPivot;
    const after = Math.max(normInf(upper.values.subarray(0, upper.count)), normInf(pivots));
    this.growth = before > 0 ? after / before : 1;
  }

  /** The unit lower triangle L. */
  get L(): SparseMatrix {
    return triangle(this.#elimination.lower, undefined);
  }

  /** The upper triangle U. */
  get U(): SparseMatrix {
    return triangle(this.#elimination.upper, this.#elimination.pivots);
  }

  /** The permutation P: row i of `P A Q` is row `permutation[i]` of `A Q`. */
  get permutation(): Int32Array {
    return this.#elimination.rows.slice();
  }

  /** The permutation Q: column j of `P A Q` is column `columnPermutation[j]` of `P A`. */
  get columnPermutation(): Int32Array {
    return this.#order.slice();
  }

  /** By substitution with both triangles. */
  protected override solveInto(b: Vector, columns: number, transposed: boolean, x: Vector): void {
    const { lower, upper, pivots, rows } = this.#elimination, n = this.rows, y = new Float64Array(n);
    const [into, from] = transposed ? [this.#order, rows] : [rows, this.#order];
    for (let c = 0; c < columns; c++) {
      for (let k = 0; k < n; k++) y[k] = b[into[k] * columns + c];
      if (transposed) {
        solveColumns(upper, false, true, pivots, y);
        solveColumns(lower, true, true, undefined, y);
      } else {
        solveColumns(lower, true, false, undefined, y);
        solveColumns(upper, false, false, pivots, y);
      }
      for (let k = 0; k < n; k++) x[from[k] * columns + c] = y[k];
    }
  }

  /** `|A|₁`. */
  protected override norm1(): number {
    return this.#norm1;
  }

  /** Visits the pivots, after the sign of the permutations. */
  protected override pivots(visit: (pivot: number) => void): void {
    visit(signOf(this.#elimination.rows) * signOf(this.#order));
    this.#elimination.pivots.forEach((pivot) => visit(pivot));
  }
}

/** The matrix of columns, with this diagonal or ones. */
function triangle({ starts, indices, values, count }: GrowingColumns, diagonal: Vector | undefined): SparseMatrix {
  const n = starts.length - 1, all = new Uint32Array(count + n), entries = new Float64Array(count + n);
  const columnStarts = Uint32Array.from(starts, (start, j) => start + j);
  for (let j = 0; j < n; j++) {
    const place = columnStarts[j];
    all[place] = j;
    entries[place] = diagonal ? diagonal[j] : 1;
    all.set(indices.subarray(starts[j], starts[j + 1]), place + 1);
    entries.set(values.subarray(starts[j], starts[j + 1]), place + 1);
  }
  return sparseMatrix(
    transposedEntries({ rows: n, columns: n, rowStarts: columnStarts, columnIndices: all, values: entries }),
  );
}

/**
 * Factors a sparse square matrix, `P A Q = L U`. A singular one has factors too; then `zeroPivot` says so and solving
 * throws.
 *
 * @throws {ShapeError} When `A` is not square, or the ordering has not n entries.
 * @throws {DomainError} When elimination overflows, the ordering is no permutation, or the threshold is not within (0,
 * 1].
 *
 * @example Solve, also with the transpose
 * ```ts
 * import { fromTriplets, sparseLu } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const A = fromTriplets(3, 3, [0, 1, 1, 2], [1, 0, 2, 2], [2, 1, 3, 4]), factors = sparseLu(A);
 * assertEquals(factors.solve(Float64Array.of(2, 4, 4)), Float64Array.of(1, 1, 1));
 * assertEquals(factors.solveTranspose(Float64Array.of(1, 2, 7)), Float64Array.of(1, 1, 1));
 * assertEquals(factors.determinant(), -8);
 * ```
 */
export function sparseLu(A: SparseMatrix, options: SparseLuOptions = {}): SparseLu {
  const verb = "factor a sparse matrix by LU", { ordering, threshold } = options, n = A.rows;
  checkSquareShape(verb, A);
  const S = sortedEntries(A), T = transposedEntries(S), { order, diagonal } = columnOrder(verb, S, T, ordering);
  const columns = { rows: n, columns: n, columnStarts: T.rowStarts, rowIndices: T.columnIndices, values: T.values };
  if (threshold !== undefined && !(threshold > 0 && threshold <= 1)) {
    throw new DomainError(`Cannot ${verb}: expected a threshold within (0, 1], got ${threshold}`);
  }
  for (const each of threshold !== undefined ? [threshold] : diagonal ? [0.001, 0.1, 1] : [0.1, 1]) {
    const factors = new SparseLu(A, order, eliminateColumns(columns, order, each));
    if (factors.growth <= HARMLESS || (each === (threshold ?? 1) && factors.growth < Infinity)) return factors;
  }
  throw new DomainError(`Cannot ${verb}: expected entries far from overflow, got ${normInf(A.values)}`);
}

/** The order of columns for S by rows and T, its transpose; and whether it is made for pivots on the diagonal. */
function columnOrder(
  verb: string,
  S: SparseEntries,
  T: SparseEntries,
  ordering: ColumnOrdering | undefined,
): { order: Int32Array; diagonal: boolean } {
  const n = S.rows;
  if (ordering === "natural") return { order: Int32Array.from({ length: n }, (_, k) => k), diagonal: false };
  if (ordering !== undefined && typeof ordering !== "string") {
    inversePermutation(verb, ordering, n);
    return { order: Int32Array.from(ordering), diagonal: false };
  }
  const pattern = symmetricPattern(S);
  if (ordering === "symmetric" || ordering === undefined && nearlySymmetric(S, pattern.indices.length)) {
    return { order: Int32Array.from(minimumDegree(pattern)), diagonal: true };
  }
  const joined = normalPattern(S, T, Math.max(16, 10 * Math.sqrt(n)));
  return { order: Int32Array.from(minimumDegree(joined)), diagonal: false };
}

/** Whether half of the entries have a partner across the diagonal, where there are no zeros; `both` counts `A + Aᵀ`. */
function nearlySymmetric({ rows: n, rowStarts, columnIndices, values }: SparseEntries, both: number): boolean {
  let diagonal = 0;
  for (let i = 0; i < n; i++) {
    for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) if (columnIndices[k] === i && values[k] !== 0) diagonal++;
  }
  const outside = values.length - diagonal; // s entries with a partner, u without: s + u, and s + 2 u in both
  return diagonal >= 0.9 * n && 2 * outside - both >= outside / 2;
}
