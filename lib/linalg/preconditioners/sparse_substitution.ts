/**
 * Substitution with the triangles of a matrix in sorted rows, in place.
 *
 * A triangle consists of the entries on one side of the diagonal and of a diagonal of its own, given by its
 * reciprocals: so one matrix serves as `D/ω + L` and as `D/ω + U`, and as the L and U of a factorization.
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";
import type { SquareRows } from "./square_rows.ts";

/** `x ← (E + L)⁻¹ x`, L what is left of the diagonal, E the diagonal with the given reciprocals. */
export function solveLower(A: SquareRows, reciprocals: Vector, x: Vector): void {
  const { rows: n, rowStarts, columnIndices, values, diagonal } = A;
  for (let i = 0; i < n; i++) {
    const end = diagonal[i];
    let s = x[i];
    for (let k = rowStarts[i]; k < end; k++) s -= values[k] * x[columnIndices[k]];
    x[i] = s * reciprocals[i];
  }
}

/** `x ← (E + U)⁻¹ x`, U what is right of the diagonal. */
export function solveUpper(A: SquareRows, reciprocals: Vector, x: Vector): void {
  const { rows: n, rowStarts, columnIndices, values, diagonal } = A;
  for (let i = n - 1; i >= 0; i--) {
    const end = rowStarts[i + 1];
    let s = x[i];
    for (let k = diagonal[i] + 1; k < end; k++) s -= values[k] * x[columnIndices[k]];
    x[i] = s * reciprocals[i];
  }
}

/** `x ← (E + L)⁻ᵀ x`: each entry, once known, is taken out of all others, so that rows are read along. */
export function solveLowerTransposed(A: SquareRows, reciprocals: Vector, x: Vector): void {
  const { rows: n, rowStarts, columnIndices, values, diagonal } = A;
  for (let i = n - 1; i >= 0; i--) {
    const end = diagonal[i], s = x[i] *= reciprocals[i];
    for (let k = rowStarts[i]; k < end; k++) x[columnIndices[k]] -= values[k] * s;
  }
}

/** `x ← (E + U)⁻ᵀ x`. */
export function solveUpperTransposed(A: SquareRows, reciprocals: Vector, x: Vector): void {
  const { rows: n, rowStarts, columnIndices, values, diagonal } = A;
  for (let i = 0; i < n; i++) {
    const end = rowStarts[i + 1], s = x[i] *= reciprocals[i];
    for (let k = diagonal[i] + 1; k < end; k++) x[columnIndices[k]] -= values[k] * s;
  }
}
