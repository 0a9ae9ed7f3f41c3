/**
 * Incomplete triangular factors as a preconditioner: `A Q ≈ L U`, Q a permutation of columns.
 *
 * @module
 */
import { type LinearOperator, type SparseMatrix, sparseMatrix } from "../../core/mod.ts";
import { solveLower, solveLowerTransposed, solveUpper, solveUpperTransposed } from "./sparse_substitution.ts";
import { reciprocalDiagonal, type SquareRows, triangleOf } from "./square_rows.ts";

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
      const lower = triangleOf(rows, true);
      for (let i = 0; i < n; i++) lower.values[lower.rowStarts[i + 1] - 1] = 1;
      return sparseMatrix(lower);
    },
    get U() {
      return sparseMatrix(triangleOf(rows, false));
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
