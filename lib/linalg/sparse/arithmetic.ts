/**
 * Sums, scalings and products of sparse matrices.
 *
 * @module
 */
import { ShapeError, type SparseEntries, type SparseMatrix, sparseMatrix, type Vector } from "../../core/mod.ts";
import { checkLength } from "../matrices/checks.ts";
import { sortedEntries } from "./layout.ts";

/**
 * The sum `α A + β B`.
 *
 * @throws {ShapeError} When the shapes differ.
 * @throws {DomainError} When an entry of the result is not finite.
 *
 * @example A multiple of the identity added
 * ```ts
 * import { addSparse, gridLaplacian, sparseIdentity, toDense } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const A = addSparse(1, gridLaplacian(2), 10, sparseIdentity(2));
 * assertEquals([...toDense(A).data], [12, -1, -1, 12]);
 * ```
 */
export function addSparse(alpha: number, A: SparseEntries, beta: number, B: SparseEntries): SparseMatrix {
  const { rows, columns } = A;
  if (B.rows !== rows || B.columns !== columns) {
    throw new ShapeError(
      `Cannot add sparse matrices: expected the same shape, got ${rows} x ${columns} and ${B.rows} x ${B.columns}`,
    );
  }
  const S = sortedEntries(A), T = sortedEntries(B), most = S.values.length + T.values.length;
  const rowStarts = new Uint32Array(rows + 1), columnIndices = new Uint32Array(most), values = new Float64Array(most);
  let count = 0;
  for (let i = 0, k = 0, l = 0; i < rows; i++) {
    const end = S.rowStarts[i + 1], stop = T.rowStarts[i + 1];
    while (k < end || l < stop) {
      const j = k < end ? S.columnIndices[k] : columns, m = l < stop ? T.columnIndices[l] : columns;
      columnIndices[count] = Math.min(j, m);
      values[count++] = (j <= m ? alpha * S.values[k++] : 0) + (m <= j ? beta * T.values[l++] : 0);
    }
    rowStarts[i + 1] = count;
  }
  return sparseMatrix({
    rows,
    columns,
    rowStarts,
    columnIndices: columnIndices.slice(0, count),
    values: values.slice(0, count),
  });
}

/**
 * `diag(d) A`: row i multiplied by `dᵢ`.
 *
 * @throws {ShapeError} When `d` has not an entry for each row.
 * @throws {DomainError} When an entry of the result is not finite.
 */
export function scaleRows(d: Vector, A: SparseEntries): SparseMatrix {
  const { rows, rowStarts } = A, values = A.values.slice();
  checkLength("scale rows", "factors", d, rows);
  for (let i = 0; i < rows; i++) {
    for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) values[k] *= d[i];
  }
  return sparseMatrix(sortedEntries({ ...A, values }));
}

/**
 * `A diag(d)`: column j multiplied by `dⱼ`.
 *
 * @throws {ShapeError} When `d` has not an entry for each column.
 * @throws {DomainError} When an entry of the result is not finite.
 */
export function scaleColumns(A: SparseEntries, d: Vector): SparseMatrix {
  const { columnIndices } = A, values = A.values.slice();
  checkLength("scale columns", "factors", d, A.columns);
  for (let k = 0; k < values.length; k++) values[k] *= d[columnIndices[k]];
  return sparseMatrix(sortedEntries({ ...A, values }));
}

/**
 * The product `A B` by rows: a pass counts the entries of each row, another sums them.
 *
 * Source: Gustavson, Two fast algorithms for sparse matrices: multiplication and permuted transposition (1978).
 *
 * @throws {ShapeError} When A has not as many columns as B has rows.
 * @throws {DomainError} When an entry of the result is not finite.
 *
 * @example The square of a second difference
 * ```ts
 * import { gridLaplacian, multiplySparse, toDense } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const A = gridLaplacian(3);
 * assertEquals([...toDense(multiplySparse(A, A)).data], [5, -4, 1, -4, 6, -4, 1, -4, 5]);
 * ```
 */
export function multiplySparse(A: SparseEntries, B: SparseEntries): SparseMatrix {
  const m = A.rows, n = B.columns;
  if (A.columns !== B.rows) {
    throw new ShapeError(
      `Cannot multiply sparse matrices: expected as many columns as rows, got ${m} x ${A.columns} times ${B.rows} x ${n}`,
    );
  }
  const rowStarts = new Uint32Array(m + 1), seen = new Int32Array(n).fill(-1);
  let count = 0;
  for (let i = 0; i < m; i++) {
    for (let k = A.rowStarts[i]; k < A.rowStarts[i + 1]; k++) {
      const row = A.columnIndices[k];
      for (let l = B.rowStarts[row]; l < B.rowStarts[row + 1]; l++) {
        const j = B.columnIndices[l];
        if (seen[j] === i) continue;
        seen[j] = i;
        count++;
      }
    }
    rowStarts[i + 1] = count;
  }
  const columnIndices = new Uint32Array(count), values = new Float64Array(count), sums = new Float64Array(n);
  seen.fill(-1);
  for (let i = 0; i < m; i++) {
    let place = rowStarts[i];
    for (let k = A.rowStarts[i]; k < A.rowStarts[i + 1]; k++) {
      const row = A.columnIndices[k], a = A.values[k];
      for (let l = B.rowStarts[row]; l < B.rowStarts[row + 1]; l++) {
        const j = B.columnIndices[l];
        if (seen[j] === i) sums[j] += a * B.values[l];
        else {
          seen[j] = i;
          columnIndices[place++] = j;
          sums[j] = a * B.values[l];
        }
      }
    }
    sortRange(columnIndices, rowStarts[i], place);
    for (let p = rowStarts[i]; p < place; p++) values[p] = sums[columnIndices[p]];
  }
  return sparseMatrix({ rows: m, columns: n, rowStarts, columnIndices, values });
}

/** Sorts the entries from `from` up to, not including, `to`; few by insertion. */
function sortRange(indices: Uint32Array, from: number, to: number): void {
  if (to - from > 48) {
    indices.subarray(from, to).sort();
    return;
  }
  for (let p = from + 1; p < to; p++) {
    const index = indices[p];
    let q = p;
    for (; q > from && indices[q - 1] > index; q--) indices[q] = indices[q - 1];
    indices[q] = index;
  }
}

/**
 * The Kronecker product `A ⊗ B`: the block matrix of the blocks `aᵢⱼ B`.
 *
 * @throws {ShapeError} When the product has 2³² or more rows, columns or entries.
 * @throws {DomainError} When an entry of the result is not finite.
 *
 * @example The Laplacian of a grid from that of a line
 * ```ts
 * import { addSparse, gridLaplacian, sparseIdentity, sparseKron, toDense } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const L = gridLaplacian(3), I = sparseIdentity(3);
 * assertEquals(toDense(addSparse(1, sparseKron(L, I), 1, sparseKron(I, L))), toDense(gridLaplacian(3, 3)));
 * ```
 */
export function sparseKron(A: SparseEntries, B: SparseEntries): SparseMatrix {
  const S = sortedEntries(A), T = sortedEntries(B), rows = S.rows * T.rows, columns = S.columns * T.columns;
  const count = S.values.length * T.values.length;
  if (!(Math.max(rows, columns, count) < 2 ** 32)) {
    throw new ShapeError(
      `Cannot take a Kronecker product: expected below 2^32 rows, columns and entries, got ${rows}, ${columns} and ${count}`,
    );
  }
  const rowStarts = new Uint32Array(rows + 1), columnIndices = new Uint32Array(count), values = new Float64Array(count);
  for (let i = 0, place = 0; i < S.rows; i++) {
    for (let p = 0; p < T.rows; p++) {
      for (let k = S.rowStarts[i]; k < S.rowStarts[i + 1]; k++) {
        for (let l = T.rowStarts[p]; l < T.rowStarts[p + 1]; l++) {
          columnIndices[place] = S.columnIndices[k] * T.columns + T.columnIndices[l];
          values[place++] = S.values[k] * T.values[l];
        }
      }
      rowStarts[i * T.rows + p + 1] = place;
    }
  }
  return sparseMatrix({ rows, columns, rowStarts, columnIndices, values });
}
