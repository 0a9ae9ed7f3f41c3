/**
 * Incomplete Cholesky factorization without fill, IC(0): `A ≈ L Lᵀ`, L zero wherever A is.
 *
 * ```
 * lᵢⱼ = (aᵢⱼ - Σₖ﹤ⱼ lᵢₖ lⱼₖ) / lⱼⱼ   for aᵢⱼ ≠ 0, j < i
 * lᵢᵢ = √(aᵢᵢ - Σₖ﹤ᵢ lᵢₖ²)
 * ```
 *
 * `L Lᵀ` equals A on the pattern of A. For M-matrices the pivots are positive; for others one may not be, and then
 * `A + α diag A` is factored in place of A, with α = 0.001, doubled until it succeeds.
 *
 * Source: Meijerink and van der Vorst, An iterative solution method for linear systems of which the coefficient matrix
 * is a symmetric M-matrix (1977); the shift: Manteuffel, An incomplete factorization technique for positive definite
 * linear systems (1980).
 *
 * @module
 */
import type { SparseEntries, Vector } from "../../core/mod.ts";
import { checkSymmetricRows, reciprocalDiagonal, type SquareRows, squareRows, triangleOf } from "./square_rows.ts";
import { type FactoredPreconditioner, factorPreconditioner } from "./triangular_factor.ts";

/** The preconditioner `(L Lᵀ)⁻¹` and how it came about. */
export interface IncompleteCholesky extends FactoredPreconditioner {
  /** α: `A + α diag A` is what was factored; 0 if all went well. */
  readonly shift: number;
}

/** Pivots smaller than so many times the diagonal are taken for failures. */
const SMALLEST_PIVOT = 1e-14, FIRST_SHIFT = 1e-3;

/**
 * Factors a symmetric positive definite matrix on its own pattern. It ends: for large α the shifted matrix is
 * diagonally dominant.
 *
 * @throws {ShapeError} When A is not square.
 * @throws {DomainError} When A is not symmetric up to `1e-8 max |aᵢⱼ|`, or a diagonal entry is not positive.
 *
 * @example Exact where there is no fill
 * ```ts
 * import { fromTriplets, incompleteCholesky } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const A = fromTriplets(2, 2, [0, 0, 1, 1], [0, 1, 0, 1], [4, 2, 2, 10]), x = new Float64Array(2);
 * const factor = incompleteCholesky(A);
 * factor.apply(Float64Array.of(6, 12), x);
 * assertEquals([factor.shift, ...x], [0, 1, 1]);
 * ```
 */
export function incompleteCholesky(A: SparseEntries): IncompleteCholesky {
  const verb = "factor a matrix incompletely", full = squareRows(verb, A);
  checkSymmetricRows(verb, full);
  reciprocalDiagonal(verb, full, true);
  const lower = squareRows(verb, triangleOf(full, true)), values = lower.values.slice();
  let shift = 0;
  while (!factor(lower, shift, values)) shift = shift === 0 ? FIRST_SHIFT : 2 * shift;
  return { ...factorPreconditioner({ ...lower, values }), shift };
}

/** Writes the factor of `A + shift diag A` into `l`; false when a pivot is not positive. */
function factor(A: SquareRows, shift: number, l: Vector): boolean {
  const { rows: n, rowStarts, columnIndices, values, diagonal } = A, row = new Float64Array(n); // row i of L, dense
  for (let i = 0; i < n; i++) {
    const begin = rowStarts[i], end = diagonal[i], a = values[end] * (1 + shift);
    let pivot = a;
    for (let at = begin; at < end; at++) {
      const j = columnIndices[at], last = diagonal[j];
      let s = values[at];
      for (let k = rowStarts[j]; k < last; k++) s -= l[k] * row[columnIndices[k]];
      const entry = s / l[last];
      l[at] = row[j] = entry;
      pivot -= entry * entry;
    }
    if (!(pivot > SMALLEST_PIVOT * a)) return false;
    l[end] = Math.sqrt(pivot);
    for (let at = begin; at < end; at++) row[columnIndices[at]] = 0;
  }
  return true;
}
