/**
 * Incomplete triangular factors as a preconditioner: `A Q ≈ L U`, Q a permutation of columns.
 *
 * @module
 */
import { type LinearOperator, type SparseMatrix, sparseMatrix } from "../../core/mod.ts";
import { solveLower, solveLowerTransposed, solveUpper, solveUpperTransposed } from "./sparse_substitution.ts";
import { reciprocalDiagonal, type SquareRows } from "./square_rows.ts";

/** The preconditioner `Q U⁻¹ L⁻¹` and its factors. */
export interface IncompleteLu extends LinearOperator {
  /** The lower triangle, with ones on its diagonal. */
  readonly L: SparseMatrix;
  /** The upper triangle. */
  readonly U: SparseMatrix;
  /** Q: column `k` of `L U` stands for column `columnOrder[k]` of A. */
  readonly columnOrder: Uint32Array;
}

/** The preconditioner from both triangles in one matrix; no pivot may be zero. */
export function incompleteLu(verb: string, rows: SquareRows, columnOrder: Uint32Array): IncompleteLu {
  const n = rows.rows, reciprocals = reciprocalDiagonal(verb, rows), ones = new Float64Array(n).fill(1);
  const work = new Float64Array(n), straight = columnOrder.every((column, k) => column === k);
  return {
    rows: n,
    columns: n,
    columnOrder,
    get L() {
      return triangle(rows, true);
    },
    get U() {
      return triangle(rows, false);
    },
    apply: (r, out) => {
      const x = straight ? out : work;
      if (x !== r) x.set(r);
      solveLower(rows, ones, x);
      solveUpper(rows, reciprocals, x);
      if (!straight) { for (let k = 0; k < n; k++) out[columnOrder[k]] = x[k]; }
    },
    applyTranspose: (r, out) => {
      if (straight) {
        if (out !== r) out.set(r);
      } else {
        for (let k = 0; k < n; k++) work[k] = r[columnOrder[k]];
        out.set(work);
      }
      solveUpperTransposed(rows, reciprocals, out);
      solveLowerTransposed(rows, ones, out);
    },
  };
}

/** The lower triangle with ones on the diagonal, or the upper one. */
function triangle({ rows: n, rowStarts, columnIndices, values, diagonal }: SquareRows, lower: boolean): SparseMatrix {
  const starts = new Uint32Array(n + 1);
  for (let i = 0; i < n; i++) {
    starts[i + 1] = starts[i] + (lower ? diagonal[i] + 1 - rowStarts[i] : rowStarts[i + 1] - diagonal[i]);
  }
  const indices = new Uint32Array(starts[n]), entries = new Float64Array(starts[n]);
  for (let i = 0; i < n; i++) {
    const from = lower ? rowStarts[i] : diagonal[i], to = lower ? diagonal[i] + 1 : rowStarts[i + 1];
    indices.set(columnIndices.subarray(from, to), starts[i]);
    entries.set(values.subarray(from, to), starts[i]);
    if (lower) entries[starts[i + 1] - 1] = 1;
  }
  return sparseMatrix({ rows: n, columns: n, rowStarts: starts, columnIndices: indices, values: entries });
}
