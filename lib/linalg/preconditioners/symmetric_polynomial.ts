/**
 * The symmetric-polynomial preconditioner of a positive semidefinite matrix B:
 *
 * ```
 * P₀ = I,   Pₜ = (tr(B Pₜ₋₁)/t) I - B Pₜ₋₁ = Σᵢ (-1)ⁱ eₜ₋ᵢ(λ) Bⁱ
 * ```
 *
 * with the elementary symmetric polynomials e of the eigenvalues λ of B. The eigenvalues of `Pₜ B` are λᵢ eₜ(λ without
 * λᵢ): the t largest gaps of the spectrum are cut, and `Pₙ₋₁` is the adjugate. The coefficients come from the traces of
 * powers by Newton's identities, `k eₖ = Σⱼ (-1)ʲ⁻¹ eₖ₋ⱼ tr Bʲ`.
 *
 * B is divided by a bound of its largest eigenvalue; still cancellation takes digits with every degree, so that 4 is
 * the last.
 *
 * Source: Doikov and Rodomanov, Polynomial Preconditioning for Gradient Methods (2023), arXiv 2301.13194.
 *
 * @module
 */
import { DomainError, type LinearOperator, type SparseEntries, sparseMatrix, type Vector } from "../../core/mod.ts";
import { checkSymmetricRows, type SquareRows, squareRows } from "./square_rows.ts";
import { diagonalOfSparse, normSparse } from "../sparse/mod.ts";

/** The largest degree. */
const MOST = 4;

/**
 * `out = Pₜ r` up to a positive factor, `|B|∞⁻ᵗ`: t products with B.
 *
 * @param degree t, from 0 to 4 and below n.
 *
 * @throws {ShapeError} When B is not square.
 * @throws {DomainError} When B is not symmetric, has a negative diagonal entry, or is zero, or the degree is none of
 * these; also when an e is negative, which shows that B is not positive semidefinite.
 *
 * @example All but the largest eigenvalue are scaled alike
 * ```ts
 * import { fromTriplets, symmetricPolynomial } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const B = fromTriplets(3, 3, [0, 1, 2], [0, 1, 2], [1000, 1, 1]), out = new Float64Array(3);
 * symmetricPolynomial(B, 1).apply(Float64Array.of(1000, 1, 1), out); // P B: 1000 (1 + 1), 1 (1000 + 1)
 * assertAlmostEquals(out[0] / out[1], 2000 / 1001, 1e-12);
 * ```
 */
export function symmetricPolynomial(B: SparseEntries, degree: number): LinearOperator {
  const verb = "precondition by a symmetric polynomial", n = B.rows, rows = squareRows(verb, B);
  checkSymmetricRows(verb, rows);
  if (!Number.isSafeInteger(degree) || degree < 0 || degree > MOST || degree >= Math.max(n, 1)) {
    throw new DomainError(
      `Cannot ${verb}: expected a degree from 0 to ${MOST} and below the order ${n}, got ${degree}`,
    );
  }
  const size = normSparse(rows, Infinity);
  if (!(size > 0)) throw new DomainError(`Cannot ${verb}: expected a matrix other than zero`);
  const negative = diagonalOfSparse(B).findIndex((b) => b < 0);
  if (negative >= 0) {
    throw new DomainError(`Cannot ${verb}: expected no negative entry on the diagonal, got one in row ${negative}`);
  }
  const A = sparseMatrix({ ...rows, values: rows.values.map((b) => b / size) });
  const e = elementary(powerTraces({ ...rows, values: A.values }), degree), work = new Float64Array(n);
  const bad = e.findIndex((value) => !(value > 0));
  if (bad >= 0) {
    throw new DomainError(
      `Cannot ${verb}: expected a positive semidefinite matrix of rank ${degree} at least, got e_${bad} = ${e[bad]}`,
    );
  }
  const start = new Float64Array(n),
    apply = (r: Vector, out: Vector): void => {
      start.set(r);
      out.set(r);
      for (let k = 1; k <= degree; k++) { // Horner: out is Pₖ r
        A.apply(out, work);
        for (let i = 0; i < n; i++) out[i] = e[k] * start[i] - work[i];
      }
    };
  return { rows: n, columns: n, apply, applyTranspose: apply };
}

/** tr B, tr B², tr B³, tr B⁴: the last two are `⟨B², B⟩` and `|B²|²`, for which the rows of B² are made one by one. */
function powerTraces({ rows: n, rowStarts, columnIndices, values, diagonal }: SquareRows): Vector {
  const traces = new Float64Array(MOST), row = new Float64Array(n), seen = new Int32Array(n).fill(-1);
  const list = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    let count = 0;
    traces[0] += values[diagonal[i]];
    for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) {
      const b = values[k], j = columnIndices[k];
      traces[1] += b * b;
      for (let l = rowStarts[j]; l < rowStarts[j + 1]; l++) {
        const m = columnIndices[l];
        if (seen[m] !== i) {
          seen[m] = i;
          list[count++] = m;
          row[m] = 0;
        }
        row[m] += b * values[l];
      }
    }
    for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) {
      if (seen[columnIndices[k]] === i) traces[2] += values[k] * row[columnIndices[k]];
    }
    for (let k = 0; k < count; k++) traces[3] += row[list[k]] * row[list[k]];
  }
  return traces;
}

/** e₀ … eₜ by Newton's identities. */
function elementary(traces: Vector, t: number): Vector {
  const e = new Float64Array(t + 1);
  e[0] = 1;
  for (let k = 1; k <= t; k++) {
    let s = 0;
    for (let j = 1; j <= k; j++) s += (j % 2 === 1 ? 1 : -1) * e[k - j] * traces[j - 1];
    e[k] = s / k;
  }
  return e;
}
