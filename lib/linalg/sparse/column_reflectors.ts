/**
 * Orthogonal elimination of a sparse matrix column by column: `A P = Q R`, Q a product of reflectors.
 *
 * Column k of R has entries in the columns of the tree on the paths from the first columns of its rows up to k: the
 * reflectors of these are applied to column k of A. What is left lies in the rows that wait at k, those that begin in
 * column k and those that its children handed on; one reflector gathers it in one of these rows, the pivot row of k,
 * and the others go on to the parent of k. A column of which (nearly) nothing is left depends on those before it: it
 * gets no reflector, and all its rows go on.
 *
 * Sources: George and Heath, Solution of sparse linear least squares problems using Givens rotations (1980); Heath,
 * Some extensions of an algorithm for sparse linear least squares problems (1982), section 3, for dependent columns;
 * Davis, Direct Methods for Sparse Linear Systems (2006), chapter 5.
 *
 * @module
 */
import { norm2, type SparseEntries, type Vector } from "../../core/mod.ts";
import type { ColumnTree } from "./column_tree.ts";
import { GrowingColumns } from "./growing_columns.ts";

/** What elimination makes of A. */
export interface OrthogonalElimination {
  /**
   * The vectors v of the reflectors `I - τ v vᵀ`, by columns; rows as in A. The first entry, in the pivot row, is 1.
   */
  readonly reflectors: GrowingColumns;
  /** τ. */
  readonly tau: Vector;
  /** R above its diagonal, by columns. */
  readonly upper: GrowingColumns;
  /** The diagonal of R, 0 for dependent columns. */
  readonly diagonal: Vector;
  /** The pivot row of each column, -1 for a dependent one. */
  readonly pivotRows: Int32Array;
}

/** Eliminates. `T` is the transpose of A; columns of which no more than `tolerance` is left are dependent. */
export function reflectColumns(
  T: SparseEntries,
  { order, parent }: ColumnTree,
  tolerance: number,
): OrthogonalElimination {
  const n = T.rows, m = T.columns, { rowStarts, columnIndices, values } = T, room = 4 * values.length + n;
  const reflectors = new GrowingColumns(n, room), upper = new GrowingColumns(n, room);
  const tau = new Float64Array(n), diagonal = new Float64Array(n), pivotRows = new Int32Array(n).fill(-1);
  const first = firstColumns(T, order), waiting = new Waiting(n, m), x = new Float64Array(m);
  const mark = new Int32Array(n).fill(-1), path = new Int32Array(n), found = new Int32Array(n);
  for (let i = m - 1; i >= 0; i--) if (first[i] < n) waiting.add(first[i], i);
  for (let k = 0; k < n; k++) {
    let begin = n;
    for (let p = rowStarts[order[k]]; p < rowStarts[order[k] + 1]; p++) {
      const i = columnIndices[p];
      x[i] += values[p];
      let length = 0;
      for (let j = first[i]; j < k && mark[j] !== k; j = parent[j]) {
        mark[j] = k;
        path[length++] = j;
      }
      while (length > 0) found[--begin] = path[--length];
    }
    upper.reserve(n - begin);
    for (let t = begin; t < n; t++) {
      const j = found[t], pivotRow = pivotRows[j];
      if (pivotRow < 0) continue;
      reflect(reflectors, j, tau[j], x);
      upper.push(j, x[pivotRow]);
      x[pivotRow] = 0;
    }
    upper.starts[k + 1] = upper.count;
    const rows = waiting.take(k), rest = Float64Array.from(rows, (i) => x[i]), size = norm2(rest);
    for (const i of rows) x[i] = 0;
    let handed = 0;
    if (size > tolerance) {
      const a = rest[0], r = a > 0 ? -size : size;
      reflectors.reserve(rows.length);
      reflectors.push(rows[0], 1);
      for (let t = 1; t < rows.length; t++) reflectors.push(rows[t], rest[t] / (a - r));
      tau[k] = (r - a) / r;
      diagonal[k] = r;
      pivotRows[k] = rows[0];
      handed = 1;
    }
    reflectors.starts[k + 1] = reflectors.count;
    if (parent[k] < 0) continue;
    for (let t = rows.length - 1; t >= handed; t--) waiting.add(parent[k], rows[t]);
  }
  return { reflectors, tau, upper, diagonal, pivotRows };
}

/** `x ← (I - τ v vᵀ) x` for the reflector of column j. */
export function reflect({ starts, indices, values }: GrowingColumns, j: number, tau: number, x: Vector): void {
  let sum = 0;
  for (let p = starts[j], end = starts[j + 1]; p < end; p++) sum += values[p] * x[indices[p]];
  sum *= tau;
  for (let p = starts[j], end = starts[j + 1]; p < end; p++) x[indices[p]] -= values[p] * sum;
}

/** The first column, in the order, with an entry in each row; n for an empty row. */
function firstColumns({ rows: n, columns: m, rowStarts, columnIndices }: SparseEntries, order: Int32Array): Int32Array {
  const first = new Int32Array(m).fill(n);
  for (let k = n - 1; k >= 0; k--) {
    for (let p = rowStarts[order[k]]; p < rowStarts[order[k] + 1]; p++) first[columnIndices[p]] = k;
  }
  return first;
}

/** Rows that wait at columns. */
class Waiting {
  readonly #head: Int32Array;
  readonly #next: Int32Array;
  readonly #rows: Int32Array;

  constructor(columns: number, rows: number) {
    this.#head = new Int32Array(columns).fill(-1);
    this.#next = new Int32Array(rows).fill(-1);
    this.#rows = new Int32Array(rows);
  }

  add(column: number, row: number): void {
    this.#next[row] = this.#head[column];
    this.#head[column] = row;
  }

  /** The rows at a column, until the next call. */
  take(column: number): Int32Array {
    let count = 0;
    for (let i = this.#head[column]; i >= 0; i = this.#next[i]) this.#rows[count++] = i;
    return this.#rows.subarray(0, count);
  }
}
