/**
 * QR factorization with column pivoting: `A P = Q R` with `|r₁₁| >= |r₂₂| >= …`, which shows the rank.
 *
 * At each step the column whose rest is longest comes next. The lengths are not computed anew but downdated,
 * `s² ← s² - r²`; where that cancels too much, the column is measured again.
 *
 * Source: Businger and Golub, Linear least squares solutions by Householder transformations (1965); Drmač and
 * Bujanović, On the failure of rank-revealing QR factorization software (2008), for the safe downdate.
 *
 * @module
 */
import type { Matrix, Vector } from "../../core/mod.ts";
import { checkFinite, checkRange } from "../matrices/checks.ts";
import { applyReflector, columnNorm, reflect } from "./householder.ts";
import { permuted, signOf } from "../matrices/permutation.ts";
import { Qr } from "./qr.ts";
import { type RankOptions, rankTolerance } from "../systems/rank.ts";

/** The factors of `A P = Q R`. */
export class PivotedQr extends Qr {
  /** Column j of `A P` is column `permutation[j]` of A. */
  readonly permutation: Int32Array;
  /** How many pivots `|rₖₖ|` are above the tolerance times the first. */
  readonly rank: number;

  /**
   * From R, the reflectors and the permutation.
   *
   * @param A The matrix.
   * @param factors R on and above the diagonal, the reflectors below.
   * @param tau The factors τ of the reflectors.
   * @param permutation Where the columns come from.
   * @param tolerance What counts as zero, relative to the first pivot.
   */
  constructor(A: Matrix, factors: Vector, tau: Vector, permutation: Int32Array, tolerance: number) {
    super(A.rows, A.columns, factors, tau);
    this.permutation = permutation;
    const pivot = (k: number): number => Math.abs(factors[k * (A.columns + 1)]);
    let rank = 0;
    while (rank < tau.length && pivot(rank) > tolerance * pivot(0)) rank++;
    this.rank = rank;
  }

  /** As without a permutation, and that. */
  protected override solveInto(b: Vector, count: number, transposed: boolean, out: Vector): void {
    const p = this.permutation;
    super.solveInto(transposed ? permuted(b, count, p, true) : b, count, transposed, out);
    if (!transposed) out.set(permuted(out, count, p, false));
  }

  /** Visits the diagonal of R, the sign of each reflector, and that of the permutation. */
  protected override pivots(visit: (pivot: number) => void): void {
    super.pivots(visit);
    visit(signOf(this.permutation));
  }
}

/**
 * Factors a matrix of any shape with column pivoting, `A P = Q R`.
 *
 * @throws {ShapeError} When the data do not fit the shape.
 * @throws {DomainError} When an entry is not finite, or the tolerance is not within [0, 1).
 *
 * @example The rank of a matrix
 * ```ts
 * import { matrix, pivotedQr } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(pivotedQr(matrix([[1, 2, 3], [4, 5, 6], [7, 8, 9]])).rank, 2);
 * ```
 */
export function pivotedQr(A: Matrix, options: RankOptions = {}): PivotedQr {
  checkFinite("factor a matrix by pivoted QR", A);
  const { rows: m, columns: n } = A, a = A.data.slice(), tau = new Float64Array(Math.min(m, n));
  const permutation = Int32Array.from({ length: n }, (_, j) => j), work = new Float64Array(n);
  const lengths = Float64Array.from(permutation, (j) => columnNorm(m, a, j, n)), reference = lengths.slice();
  for (let k = 0; k < tau.length; k++) {
    let longest = k;
    for (let j = k + 1; j < n; j++) if (lengths[j] > lengths[longest]) longest = j;
    if (longest !== k) {
      exchangeColumns(m, n, a, k, longest);
      lengths[longest] = lengths[k];
      reference[longest] = reference[k];
      [permutation[k], permutation[longest]] = [permutation[longest], permutation[k]];
    }
    const d = k * (n + 1);
    tau[k] = reflect(m - k, a, d, n);
    applyReflector(m - k, n - k - 1, tau[k], a, d, n, a, d + 1, n, work);
    for (let j = k + 1; j < n; j++) shorten(lengths, reference, j, m - k - 1, n, a, (k + 1) * n + j);
  }
  checkRange("factor a matrix by pivoted QR", a);
  return new PivotedQr(A, a, tau, permutation, rankTolerance(A, options));
}

/** Below this share of a column's length at its last measurement the downdated one has lost its digits. */
const CANCELLATION = 2 ** -26;

/** Takes the entry above `below` out of the length of column j. */
function shorten(lengths: Vector, reference: Vector, j: number, m: number, n: number, a: Vector, below: number): void {
  const length = lengths[j];
  if (length === 0) return;
  const share = Math.abs(a[below - n]) / length, rest = Math.max(0, (1 - share) * (1 + share));
  const relative = length / reference[j];
  if (rest * relative * relative > CANCELLATION) lengths[j] = length * Math.sqrt(rest);
  else lengths[j] = reference[j] = columnNorm(m, a, below, n);
}

function exchangeColumns(m: number, n: number, a: Vector, p: number, q: number): void {
  for (let i = 0; i < m; i++, p += n, q += n) {
    const t = a[p];
    a[p] = a[q];
    a[q] = t;
  }
}
