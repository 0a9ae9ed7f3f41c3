/**
 * Symmetry of matrices.
 *
 * @module
 */
import { DomainError, type Matrix } from "../core/mod.ts";
import { type Magnitude, magnitudeOf } from "./magnitude.ts";

/** Rounding leaves a symmetric matrix so symmetric, relative to its largest entry; more is a mistake. */
const TOLERANCE = 1e-8, TILE = 16;

/**
 * Refuses a matrix that is not square, finite, and symmetric up to `1e-8 max |aᵢⱼ|`.
 *
 * @throws {ShapeError} When it is not square.
 * @throws {DomainError} When it is not finite or not symmetric.
 */
export function checkSymmetric(verb: string, A: Matrix): Magnitude {
  const magnitude = magnitudeOf(verb, A), k = asymmetry(A.rows, A.data, TOLERANCE * magnitude.largest);
  if (k < 0) return magnitude;
  const i = Math.floor(k / A.rows), j = k % A.rows;
  throw new DomainError(
    `Cannot ${verb}: expected a symmetric matrix, got ${A.data[k]} at (${i}, ${j}) and ${
      A.data[j * A.rows + i]
    } at (${j}, ${i})`,
  );
}

/** Whether a square matrix equals its transpose, bit for bit. */
export function isSymmetric(A: Matrix): boolean {
  return A.rows === A.columns && asymmetry(A.rows, A.data, 0) < 0;
}

/** Where below the diagonal the entry differs from its mirror image by more than the tolerance; -1 if nowhere. */
function asymmetry(n: number, a: Float64Array, tolerance: number): number {
  for (let i0 = 0; i0 < n; i0 += TILE) {
    const i1 = Math.min(n, i0 + TILE);
    for (let j0 = 0; j0 <= i0; j0 += TILE) {
      for (let i = i0; i < i1; i++) {
        const j1 = Math.min(i, j0 + TILE);
        for (let j = j0; j < j1; j++) if (Math.abs(a[i * n + j] - a[j * n + i]) > tolerance) return i * n + j;
      }
    }
  }
  return -1;
}
