/**
 * A sparse triangular factor as a preconditioner: `M = L Lᵀ`.
 *
 * @module
 */
import {
  DomainError,
  type LinearOperator,
  type SparseEntries,
  type SparseMatrix,
  sparseMatrix,
} from "../../core/mod.ts";
import { solveLower, solveLowerTransposed } from "./sparse_substitution.ts";
import { reciprocalDiagonal, squareRows } from "./square_rows.ts";

/** A preconditioner `(L Lᵀ)⁻¹` with its factor. */
export interface FactoredPreconditioner extends LinearOperator {
  /** The lower triangle L, its rows sorted. */
  readonly L: SparseMatrix;
}

/**
 * `out = (L Lᵀ)⁻¹ r` for a lower triangle with a positive diagonal, wherever it comes from: incomplete, learned or
 * exact. `L Lᵀ` is symmetric positive definite whatever the other entries are.
 *
 * @throws {ShapeError} When L is not square.
 * @throws {DomainError} When L has an entry above its diagonal, or a diagonal entry that is not positive.
 *
 * @example An exact factor solves
 * ```ts
 * import { factorPreconditioner, fromTriplets } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const L = fromTriplets(2, 2, [0, 1, 1], [0, 0, 1], [2, 1, 3]), x = new Float64Array(2); // of [[4, 2], [2, 10]]
 * factorPreconditioner(L).apply(Float64Array.of(6, 12), x);
 * assertEquals(x, Float64Array.of(1, 1));
 * ```
 */
export function factorPreconditioner(L: SparseEntries): FactoredPreconditioner {
  const verb = "precondition by a factor", n = L.rows, rows = squareRows(verb, L);
  const reciprocals = reciprocalDiagonal(verb, rows, true);
  for (let i = 0; i < n; i++) {
    if (rows.diagonal[i] + 1 !== rows.rowStarts[i + 1]) {
      const j = rows.columnIndices[rows.diagonal[i] + 1];
      throw new DomainError(`Cannot ${verb}: expected a lower triangle, got an entry at (${i}, ${j})`);
    }
  }
  const apply: LinearOperator["apply"] = (r, out) => {
    if (out !== r) out.set(r);
    solveLower(rows, reciprocals, out);
    solveLowerTransposed(rows, reciprocals, out);
  };
  return { rows: n, columns: n, L: sparseMatrix(rows), apply, applyTranspose: apply };
}
