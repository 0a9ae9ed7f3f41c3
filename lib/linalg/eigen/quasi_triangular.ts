/**
 * Square roots of quasi-triangular matrices, as real Schur forms are: block by block from the diagonal outwards.
 *
 * Source: Higham, Computing real square roots of a real matrix (1987), sections 2 and 4; Functions of matrices (2008),
 * algorithm 6.7.
 *
 * @module
 */
import { DomainError, type Vector } from "../../core/mod.ts";
import { hypotenuse } from "../factorizations/rotation.ts";

/** Where the diagonal blocks of T begin, and n at the end. */
export function blockStarts(n: number, t: Vector): number[] {
  const starts: number[] = [];
  for (let i = 0; i < n; i++) {
    starts.push(i);
    if (i + 1 < n && t[(i + 1) * n + i] !== 0) i++;
  }
  return [...starts, n];
}

/**
 * The principal square root R of a quasi-triangular T, `R² = T`.
 *
 * @throws {DomainError} When an eigenvalue is real and negative, or zero eigenvalues allow no root.
 */
export function rootOfQuasiTriangular(verb: string, n: number, t: Vector): Vector {
  const starts = blockStarts(n, t), r = new Float64Array(n * n), columns = new Float64Array(n * n); // R and Rᵀ
  const system = new Float64Array(20);
  for (let q = 0; q + 1 < starts.length; q++) {
    const j = starts[q], width = starts[q + 1] - j;
    diagonalRoot(verb, n, t, r, j, width);
    for (let p = q; p >= 0; p--) {
      const i = starts[p], height = starts[p + 1] - i;
      if (p < q) {
        for (let a = i; a < i + height; a++) {
          for (let b = j; b < j + width; b++) {
            let sum = t[a * n + b];
            for (let k = i + height; k < j; k++) sum -= r[a * n + k] * columns[b * n + k];
            r[a * n + b] = sum;
          }
        }
        if (!solveBlock(n, r, i, height, j, width, system)) {
          throw new DomainError(
            `Cannot ${verb}: expected a matrix that has one, got zero eigenvalues in a Jordan block`,
          );
        }
      }
      for (let a = 0; a < height; a++) {
        for (let b = 0; b < width; b++) columns[(j + b) * n + i + a] = r[(i + a) * n + j + b];
      }
    }
  }
  return r;
}

function diagonalRoot(verb: string, n: number, t: Vector, r: Vector, j: number, width: number): void {
  const d = j * (n + 1), a = t[d];
  if (width === 1) {
    if (a < 0) throw new DomainError(`Cannot ${verb}: expected no negative real eigenvalue, got ${a}`);
    r[d] = Math.sqrt(a);
    return;
  }
  // eigenvalues a ± i μ: R = α I + (T - a I) / (2 α) with α the real part of their roots
  const mu = Math.sqrt(Math.abs(t[d + 1])) * Math.sqrt(Math.abs(t[d + n])), size = hypotenuse(a, mu);
  const alpha = a > 0 ? Math.sqrt((size + a) / 2) : mu / Math.sqrt(2 * (size - a));
  r[d] = r[d + n + 1] = alpha;
  r[d + 1] = t[d + 1] / (2 * alpha);
  r[d + n] = t[d + n] / (2 * alpha);
}

/**
 * Solves `R_ii X + X R_jj = C` for blocks of R of at most two rows: C and then X stands at (i, j). `work` holds the
 * system, up to four equations with their right-hand sides. Says whether there is a solution.
 */
function solveBlock(n: number, r: Vector, i: number, height: number, j: number, width: number, work: Vector): boolean {
  const m = height * width, columns = m + 1;
  work.fill(0);
  for (let a = 0; a < height; a++) {
    for (let b = 0; b < width; b++) {
      const row = (a * width + b) * columns; // the equation of entry (a, b)
      for (let k = 0; k < height; k++) work[row + k * width + b] += r[(i + a) * n + i + k];
      for (let k = 0; k < width; k++) work[row + a * width + k] += r[(j + k) * n + j + b];
      work[row + m] = r[(i + a) * n + j + b];
    }
  }
  if (!eliminate(m, work)) return false;
  for (let a = 0; a < height; a++) {
    for (let b = 0; b < width; b++) r[(i + a) * n + j + b] = work[(a * width + b) * columns + m];
  }
  return true;
}

/**
 * Gauss-Jordan elimination with partial pivoting of m equations, m + 1 entries to a row; the solution is the last
 * column.
 */
function eliminate(m: number, a: Vector): boolean {
  const columns = m + 1;
  for (let k = 0; k < m; k++) {
    let p = k;
    for (let i = k + 1; i < m; i++) if (Math.abs(a[i * columns + k]) > Math.abs(a[p * columns + k])) p = i;
    if (p !== k) {
      for (let l = k; l < columns; l++) {
        const x = a[k * columns + l];
        a[k * columns + l] = a[p * columns + l];
        a[p * columns + l] = x;
      }
    }
    const pivot = a[k * columns + k];
    if (pivot === 0) {
      // 0 x = 0 has the solution 0
      for (let i = k; i < m; i++) if (a[i * columns + m] !== 0) return false;
      a[k * columns + m] = 0;
      continue;
    }
    for (let l = k; l < columns; l++) a[k * columns + l] /= pivot;
    for (let i = 0; i < m; i++) {
      const factor = a[i * columns + k];
      if (i === k || factor === 0) continue;
      for (let l = k; l < columns; l++) a[i * columns + l] -= factor * a[k * columns + l];
    }
  }
  return true;
}
