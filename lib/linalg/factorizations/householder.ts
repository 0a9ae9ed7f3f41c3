/**
 * Householder reflectors `H = I - τ v vᵀ` with `v₀ = 1`, kept where they make zeros: the rest of v below the diagonal.
 *
 * Source: Golub and Van Loan, Matrix Computations (4th edition, 2013), section 5.1.
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";

/** Shorter columns are lifted first: near the underflow threshold β has too few digits for τ to fit v. */
const TINY = 2 ** -960, LIFT = 2 ** 200;

/**
 * The reflector that takes the column x of m entries at `at`, `pitch` apart, to `β e₁`, `β = -sign(x₀) |x|`. Writes β
 * and the rest of v over x. Returns τ, which is 0 if x is a multiple of e₁ already.
 */
export function reflect(m: number, a: Vector, at: number, pitch: number): number {
  const x = a[at], rest = columnNorm(m - 1, a, at + pitch, pitch);
  if (rest === 0) return 0;
  const size = Math.hypot(x, rest);
  if (size < TINY) {
    for (let i = 0, k = at; i < m; i++, k += pitch) a[k] *= LIFT;
    const tau = reflect(m, a, at, pitch);
    a[at] /= LIFT;
    return tau;
  }
  const beta = x > 0 ? -size : size, pivot = x - beta;
  for (let i = 1, k = at + pitch; i < m; i++, k += pitch) a[k] /= pivot;
  a[at] = beta;
  return (beta - x) / beta;
}

/** The Euclidean norm of m entries, `pitch` apart, without overflow or underflow of the squares. */
export function columnNorm(m: number, a: Vector, at: number, pitch: number): number {
  let sum = 0;
  for (let i = 0, k = at; i < m; i++, k += pitch) sum += a[k] * a[k];
  if (sum > 1e-280 && sum < 1e280) return Math.sqrt(sum);
  let largest = 0;
  for (let i = 0, k = at; i < m; i++, k += pitch) largest = Math.max(largest, Math.abs(a[k]));
  if (largest === 0) return 0;
  sum = 0;
  for (let i = 0, k = at; i < m; i++, k += pitch) sum += (a[k] / largest) ** 2;
  return largest * Math.sqrt(sum);
}

/** `C ← H C` for the block C of m x n entries at `c`; v lies at `v`; `work` holds n numbers. */
export function applyReflector(
  m: number,
  n: number,
  tau: number,
  a: Vector,
  v: number,
  lda: number,
  b: Vector,
  c: number,
  ldc: number,
  work: Vector,
): void {
  if (tau === 0) return;
  for (let j = 0; j < n; j++) work[j] = b[c + j];
  for (let i = 1; i < m; i++) {
    const x = a[v + i * lda], row = c + i * ldc;
    for (let j = 0; j < n; j++) work[j] += x * b[row + j];
  }
  for (let j = 0; j < n; j++) {
    work[j] *= tau;
    b[c + j] -= work[j];
  }
  for (let i = 1; i < m; i++) {
    const x = a[v + i * lda], row = c + i * ldc;
    for (let j = 0; j < n; j++) b[row + j] -= x * work[j];
  }
}
