/**
 * Preconditioning by sweeps of relaxation, with `A = L + D + U`:
 *
 * ```
 * SOR   M = D/ω + L
 * SSOR  M = ω/(2-ω) (D/ω + L) D⁻¹ (D/ω + U)
 * ```
 *
 * `x + M⁻¹ (b - A x)` is what one sweep of SOR, or one forward and one backward, makes of x. For symmetric positive
 * definite A and 0 < ω < 2 the M of SSOR is symmetric positive definite as well.
 *
 * Source: Saad, Iterative Methods for Sparse Linear Systems (2nd edition, 2003), sections 4.1 and 10.2.
 *
 * @module
 */
import { DomainError, type LinearOperator, scale, type SparseEntries, type Vector } from "../../core/mod.ts";
import { solveLower, solveLowerTransposed, solveUpper, solveUpperTransposed } from "./sparse_substitution.ts";
import { reciprocalDiagonal, type SquareRows, squareRows } from "./square_rows.ts";

/**
 * One forward sweep as an operator, `out = (D/ω + L)⁻¹ r`; with ω = 1 that of Gauss and Seidel. The transpose is a
 * backward sweep if A is symmetric.
 *
 * @throws {ShapeError} When A is not square.
 * @throws {DomainError} When a diagonal entry is zero, or ω is not in (0, 2).
 */
export function sorSweep(A: SparseEntries, omega: number): LinearOperator {
  const { rows: n } = A, { split, reciprocals } = relaxed("sweep", A, omega);
  return {
    rows: n,
    columns: n,
    apply: (r, out) => {
      if (out !== r) out.set(r);
      solveLower(split, reciprocals, out);
    },
    applyTranspose: (r, out) => {
      if (out !== r) out.set(r);
      solveLowerTransposed(split, reciprocals, out);
    },
  };
}

/**
 * A forward and a backward sweep as an operator, `out = M⁻¹ r`.
 *
 * @param omega ω. Default 1, the symmetric method of Gauss and Seidel.
 *
 * @throws {ShapeError} When A is not square.
 * @throws {DomainError} When a diagonal entry is zero, or ω is not in (0, 2).
 *
 * @example Conjugate gradients with SSOR
 * ```ts
 * import { cg, gridLaplacian, ssor } from "@gradus/gradus/linalg";
 * import { assert } from "@std/assert";
 *
 * const A = gridLaplacian(30, 30), b = new Float64Array(900).fill(1);
 * const plain = cg(A, b), faster = cg(A, b, { preconditioner: ssor(A, 1.8) });
 * assert(faster.status === "converged" && faster.iterations < 0.7 * plain.iterations);
 * ```
 */
export function ssor(A: SparseEntries, omega = 1): LinearOperator {
  const { rows: n } = A, { split, reciprocals } = relaxed("precondition by SSOR", A, omega);
  const middle = reciprocals.map((r) => (2 - omega) / r); // (2-ω)/ω D
  return {
    rows: n,
    columns: n,
    apply: (r, out) => {
      if (out !== r) out.set(r);
      solveLower(split, reciprocals, out);
      for (let i = 0; i < n; i++) out[i] *= middle[i];
      solveUpper(split, reciprocals, out);
    },
    applyTranspose: (r, out) => {
      if (out !== r) out.set(r);
      solveUpperTransposed(split, reciprocals, out);
      for (let i = 0; i < n; i++) out[i] *= middle[i];
      solveLowerTransposed(split, reciprocals, out);
    },
  };
}

/** The rows of A and the reciprocals of `D/ω`. */
function relaxed(verb: string, A: SparseEntries, omega: number): { split: SquareRows; reciprocals: Vector } {
  if (!(omega > 0 && omega < 2)) throw new DomainError(`Cannot ${verb}: expected ω in (0, 2), got ${omega}`);
  const split = squareRows(verb, A), reciprocals = reciprocalDiagonal(verb, split);
  scale(omega, reciprocals);
  return { split, reciprocals };
}
