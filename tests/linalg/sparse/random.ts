// Random sparse matrices of every shape.
import { integer, type Rng, rng, type SparseMatrix, uniform, type Vector } from "../../../lib/core/mod.ts";
import { addSparse, fromTriplets, multiplySparse, sparseIdentity, transposeSparse } from "../../../lib/linalg/mod.ts";

export const generator = (seed: number): Rng => rng(seed);

/** Entries uniform in (-1, 1) at random places, about `density` of all; some places come twice. */
export function randomSparse(s: Rng, rows: number, columns: number, density: number): SparseMatrix {
  const count = Math.round(density * rows * columns), i: number[] = [], j: number[] = [], values: number[] = [];
  for (let k = 0; k < count; k++) {
    i.push(integer(s, rows));
    j.push(integer(s, columns));
    values.push(2 * uniform(s) - 1);
  }
  return fromTriplets(rows, columns, i, j, values);
}

/** Positive definite: `B Bᵀ + 0.1 I`. */
export function randomDefinite(s: Rng, n: number, density: number): SparseMatrix {
  const B = randomSparse(s, n, n, density);
  return addSparse(1, multiplySparse(B, transposeSparse(B)), 0.1, sparseIdentity(n));
}

export const randomVector = (s: Rng, n: number): Vector => Float64Array.from({ length: n }, () => 2 * uniform(s) - 1);

/** `A x`. */
export function product(A: SparseMatrix, x: Vector): Vector {
  const out = new Float64Array(A.rows);
  A.apply(x, out);
  return out;
}

/** `|b - A x|∞ / (|A|∞ |x|∞ + |b|∞)`: the backward error of a solution. */
export function backwardError(A: SparseMatrix, x: Vector, b: Vector): number {
  let size = 0, worst = 0, length = 0, right = 0;
  for (let i = 0; i < A.rows; i++) {
    let sum = b[i], row = 0;
    for (let k = A.rowStarts[i]; k < A.rowStarts[i + 1]; k++) {
      sum -= A.values[k] * x[A.columnIndices[k]];
      row += Math.abs(A.values[k]);
    }
    size = Math.max(size, row);
    worst = Math.max(worst, Math.abs(sum));
    right = Math.max(right, Math.abs(b[i]));
    if (sum !== sum) return NaN;
  }
  for (const entry of x) length = Math.max(length, Math.abs(entry));
  return worst === 0 ? 0 : worst / (size * length + right);
}
