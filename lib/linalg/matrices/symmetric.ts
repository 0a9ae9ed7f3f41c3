/**
 * Symmetry of matrices.
 *
 * @module
 */
import { DomainError, type Matrix } from "../../core/mod.ts";
import { checkSquare } from "./checks.ts";
import type { Magnitude } from "./magnitude.ts";

/** Rounding leaves a symmetric matrix so symmetric, relative to its largest entry; more is a mistake. */
const TOLERANCE = 1e-8;

/**
 * Refuses a matrix that is not square, finite, and symmetric up to `1e-8 max |aᵢⱼ|`.
 *
 * @throws {ShapeError} When it is not square.
 * @throws {DomainError} When it is not finite or not symmetric.
 */
export function checkSymmetric(verb: string, A: Matrix): Magnitude {
  if (A.columns !== A.rows || A.data.length !== A.rows * A.rows || A.rows < 0) checkSquare(verb, A);
  const magnitude = magnitudeOfLower(A);
  refuseAsymmetry(verb, A, magnitude.largest);
  return magnitude;
}

/**
 * Refuses a matrix that is not square, finite, and symmetric up to `1e-8 max |aᵢᵢ|`: in a positive definite matrix the
 * largest entry is on the diagonal.
 *
 * @throws {ShapeError} When it is not square.
 * @throws {DomainError} When it is not finite or not symmetric.
 */
export function checkSymmetricByDiagonal(verb: string, A: Matrix): void {
  const n = A.rows;
  if (A.columns !== n || A.data.length !== n * n || n < 0) checkSquare(verb, A);
  let largest = 0;
  for (let k = 0; k < n; k++) largest = Math.max(largest, Math.abs(A.data[k * (n + 1)])); // NaN stays
  refuseAsymmetry(verb, A, largest);
}

function refuseAsymmetry(verb: string, A: Matrix, largest: number): void {
  const n = A.rows, k = asymmetry(n, A.data, TOLERANCE * largest);
  if (k < 0 && largest < Infinity) return;
  checkSquare(verb, A); // what is not finite counts as asymmetric
  const i = Math.floor(k / n), j = k % n;
  throw new DomainError(
    `Cannot ${verb}: expected a symmetric matrix, got ${A.data[k]} at (${i}, ${j}) and ${
      A.data[j * n + i]
    } at (${j}, ${i})`,
  );
}

/** The sizes of a symmetric matrix, from its lower triangle. */
function magnitudeOfLower({ rows: n, data: a }: Matrix): Magnitude {
  const sums = new Float64Array(n);
  let largest = 0, norm1 = 0;
  for (let i = 0; i < n; i++) {
    const row = i * n;
    let sum = 0;
    for (let j = 0; j < i; j++) {
      const size = Math.abs(a[row + j]);
      sum += size;
      sums[j] += size;
      if (size > largest) largest = size;
    }
    const size = Math.abs(a[row + i]);
    sums[i] = sum + size;
    largest = Math.max(largest, size); // NaN stays
  }
  for (let j = 0; j < n; j++) norm1 = Math.max(norm1, sums[j]);
  return { largest, norm1 };
}

/** Whether a square matrix equals its transpose. */
export function isSymmetric(A: Matrix): boolean {
  return A.rows === A.columns && asymmetry(A.rows, A.data, 0) < 0;
}

/**
 * Where below the diagonal an entry differs from its mirror image by more than the tolerance, or either is not finite;
 * -1 if nowhere. Four columns at a time: mirror images are far apart in memory.
 */
function asymmetry(n: number, a: Float64Array, tolerance: number): number {
  const differ = (p: number, q: number): boolean => !(Math.abs(a[p] - a[q]) <= tolerance);
  for (let j = 0; j < n; j += 4) {
    const end = Math.min(n, j + 4), r = j * n, s = r + n, t = s + n, u = t + n;
    for (let i = j + 1; i < end; i++) {
      for (let k = j; k < i; k++) if (differ(i * n + k, k * n + i)) return i * n + k;
    }
    for (let i = end, p = i * n + j; i < n; i++, p += n) {
      const same = Math.abs(a[p] - a[r + i]) <= tolerance && Math.abs(a[p + 1] - a[s + i]) <= tolerance &&
        Math.abs(a[p + 2] - a[t + i]) <= tolerance && Math.abs(a[p + 3] - a[u + i]) <= tolerance;
      if (same) continue;
      for (let k = j; k < end; k++) if (differ(i * n + k, k * n + i)) return i * n + k;
    }
  }
  return -1;
}
