/**
 * `P A = L U` over the integers modulo a prime, dense.
 *
 * There is no rounding, so any entry that is not 0 can be the pivot.
 *
 * @module
 */
import { SingularMatrixError } from "../core/mod.ts";
import { addRange, inverseModulo, multiplyModulo, reciprocal } from "./prime_field.ts";
import type { SparseRows } from "./rational_matrix.ts";

/** The factors of a matrix modulo a prime. */
export interface LuModulo {
  /** The determinant modulo the prime. */
  readonly determinant: number;
  /** Overwrites `b` with the solution of `A x = b` modulo the prime. */
  readonly solve: (b: Int32Array) => Int32Array;
}

/**
 * Factors a square matrix of residues, given by rows.
 *
 * @throws {SingularMatrixError} When its determinant is 0 modulo `p`.
 */
export function luModulo({ columns: n, rows }: SparseRows<Int32Array>, p: number): LuModulo {
  const inverse = reciprocal(p), a = new Int32Array(n * n), order = new Uint32Array(n);
  rows.forEach(({ places, values }, i) => places.forEach((j, k) => a[i * n + j] = values[k]));
  for (let i = 0; i < n; i++) order[i] = i;
  const pivots = new Int32Array(n); // 1/uᵢᵢ
  let determinant = 1;
  for (let k = 0; k < n; k++) {
    let i = k;
    while (i < n && a[order[i] * n + k] === 0) i++;
    if (i === n) throw new SingularMatrixError(`Cannot factor a matrix: its determinant is 0 modulo ${p}`, k);
    if (i !== k) {
      [order[i], order[k]] = [order[k], order[i]];
      determinant = p - determinant;
    }
    const pivotRow = order[k] * n, pivot = a[pivotRow + k];
    determinant = multiplyModulo(determinant, pivot, p, inverse);
    pivots[k] = inverseModulo(pivot, p);
    for (i = k + 1; i < n; i++) {
      const row = order[i] * n;
      if (a[row + k] === 0) continue;
      const factor = multiplyModulo(a[row + k], pivots[k], p, inverse);
      a[row + k] = factor;
      addRange(a, row + k + 1, p - factor, pivotRow + k + 1, n - k - 1, p, inverse);
    }
  }
  const y = new Int32Array(n);
  const reduced = (i: number, from: number, to: number): number => { // yᵢ minus its row times what is known of y
    let sum = y[i];
    for (let j = from; j < to; j++) {
      sum -= multiplyModulo(a[order[i] * n + j], y[j], p, inverse);
      if (sum < 0) sum += p;
    }
    return sum;
  };
  return {
    determinant,
    solve(b) {
      for (let i = 0; i < n; i++) y[i] = b[order[i]];
      for (let i = 0; i < n; i++) y[i] = reduced(i, 0, i);
      for (let i = n - 1; i >= 0; i--) y[i] = multiplyModulo(reduced(i, i + 1, n), pivots[i], p, inverse);
      b.set(y);
      return b;
    },
  };
}
