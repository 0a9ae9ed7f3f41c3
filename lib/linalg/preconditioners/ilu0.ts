/**
 * Incomplete LU factorization without fill, ILU(0): `A ≈ L U`, both zero wherever A is, L with a unit diagonal.
 *
 * Elimination of Gauss row by row, in which entries outside the pattern of A are dropped; `L U` equals A on that
 * pattern.
 *
 * Source: Saad, Iterative Methods for Sparse Linear Systems (2nd edition, 2003), algorithm 10.4.
 *
 * @module
 */
import { SingularMatrixError, type SparseEntries } from "../../core/mod.ts";
import { type IncompleteLu, incompleteLu } from "./incomplete_lu.ts";
import { type SquareRows, squareRows } from "./square_rows.ts";

/**
 * Factors A on its own pattern, to which the diagonal is added where it is missing.
 *
 * @throws {ShapeError} When A is not square.
 * @throws {SingularMatrixError} When a pivot is zero; `ilut` exchanges columns.
 *
 * @example Exact where there is no fill
 * ```ts
 * import { fromTriplets, ilu0 } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const A = fromTriplets(2, 2, [0, 0, 1, 1], [0, 1, 0, 1], [2, 1, 4, 5]), x = new Float64Array(2);
 * ilu0(A).apply(Float64Array.of(3, 9), x);
 * assertEquals(x, Float64Array.of(1, 1));
 * ```
 */
export function ilu0(A: SparseEntries): IncompleteLu {
  const verb = "factor a matrix incompletely", rows = squareRows(verb, A), values = rows.values.slice();
  eliminate({ ...rows, values });
  return incompleteLu(verb, { ...rows, values }, Uint32Array.from({ length: A.rows }, (_, k) => k));
}

/** Puts L and U in the place of A. */
function eliminate({ rows: n, rowStarts, columnIndices, values, diagonal }: SquareRows): void {
  const place = new Int32Array(n).fill(-1); // where column j is in row i
  for (let i = 0; i < n; i++) {
    const begin = rowStarts[i], end = rowStarts[i + 1];
    for (let at = begin; at < end; at++) place[columnIndices[at]] = at;
    for (let at = begin; at < diagonal[i]; at++) {
      const k = columnIndices[at], multiplier = values[at] /= values[diagonal[k]], last = rowStarts[k + 1];
      for (let p = diagonal[k] + 1; p < last; p++) {
        const to = place[columnIndices[p]];
        if (to >= 0) values[to] -= multiplier * values[p];
      }
    }
    for (let at = begin; at < end; at++) place[columnIndices[at]] = -1;
    if (values[diagonal[i]] === 0) {
      throw new SingularMatrixError(
        `Cannot factor a matrix incompletely: expected no zero pivot, got one at index ${i}; ilut exchanges columns`,
        i,
      );
    }
  }
}
