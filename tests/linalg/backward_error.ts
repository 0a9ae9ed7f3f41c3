// How far a computed result is from being exact for a nearby matrix.
import { assert } from "@std/assert";
import type { Matrix, Vector } from "../../lib/core/mod.ts";
import { norm, subtract } from "../../lib/linalg/mod.ts";
import { product } from "./families.ts";

export const eps = 2 ** -52;

/** `|A - B| / |A|` in the Frobenius norm. */
export function distance(A: Matrix, B: Matrix): number {
  const size = norm(A), difference = norm(subtract(A, B));
  return difference === 0 ? 0 : difference / size;
}

/** `|B - A X| / (|A| |X| + |B|)` in the largest row sum, column by column: the backward error of solutions. */
export function solveError(A: Matrix, x: Vector, b: Vector, columns = 1): number {
  const n = A.columns, m = A.rows, size = norm(A, Infinity);
  let worst = 0;
  for (let c = 0; c < columns; c++) {
    let residual = 0, length = 0, right = 0;
    for (let j = 0; j < n; j++) length = Math.max(length, Math.abs(x[j * columns + c]));
    for (let i = 0; i < m; i++) {
      let sum = b[i * columns + c];
      right = Math.max(right, Math.abs(sum));
      for (let j = 0; j < n; j++) sum -= A.data[i * n + j] * x[j * columns + c];
      residual = Math.max(residual, Math.abs(sum));
    }
    if (residual > 0) worst = Math.max(worst, residual / (size * length + right));
    if (residual !== residual) return NaN;
  }
  return worst;
}

/** `|QᵀQ - I|` in the Frobenius norm. */
export function orthogonality(Q: Matrix): number {
  const { rows: m, columns: n, data: q } = Q;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let s = i === j ? -1 : 0;
      for (let k = 0; k < m; k++) s += q[k * n + i] * q[k * n + j];
      sum += s * s;
    }
  }
  return Math.sqrt(sum);
}

/** `|A - F₁ F₂ …| / |A|`. */
export function factorError(A: Matrix, ...factors: Matrix[]): number {
  return distance(A, factors.reduce(product));
}

/** An error within ten rounding units per row. */
export function assertSmall(error: number, n: number, what: string): void {
  assert(error <= 10 * Math.max(1, n) * eps, `${what}: ${error / eps / Math.max(1, n)} n eps`);
}
