// Matrices that are hard for one reason or another, of any order, made from a seed.
import { type Matrix, rng, uniform } from "../../lib/core/mod.ts";
import { matrix, transpose } from "../../lib/linalg/mod.ts";

export type Random = () => number;

/** Uniform numbers in (-1, 1), the same for the same seed. */
export function numbers(seed: number): Random {
  const generator = rng(seed);
  return () => 2 * uniform(generator) - 1;
}

export function filled(rows: number, columns: number, entry: (i: number, j: number) => number): Matrix {
  const A = matrix(rows, columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) A.data[i * columns + j] = entry(i, j);
  return A;
}

export const random = (rows: number, columns: number, next: Random): Matrix => filled(rows, columns, next);

/** Products entry by entry, the way the definition says: independent of the library's kernels. */
export function product(A: Matrix, B: Matrix): Matrix {
  const { data: a, columns: k } = A, { data: b, columns: n } = B;
  return filled(A.rows, n, (i, j) => {
    let sum = 0;
    for (let p = 0; p < k; p++) sum += a[i * k + p] * b[p * n + j];
    return sum;
  });
}

/** Square matrices. */
export const families: Readonly<Record<string, (n: number, next: Random) => Matrix>> = {
  random: (n, next) => random(n, n, next),
  hilbert: (n) => filled(n, n, (i, j) => 1 / (i + j + 1)),
  graded: (n, next) => filled(n, n, (i, j) => next() * 10 ** (-30 * (i + j) / n)),
  "graded up": (n, next) => filled(n, n, (i, j) => next() * 10 ** (30 * (i - j) / n)),
  kahan: (n) => filled(n, n, (i, j) => (i === j ? 1 : i < j ? -Math.cos(1.2) : 0) * Math.sin(1.2) ** i),
  "wilkinson tridiagonal": (n) =>
    filled(n, n, (i, j) => i === j ? Math.abs(i - (n - 1) / 2) : +(Math.abs(i - j) === 1)),
  "wilkinson growth": (n) => filled(n, n, (i, j) => i === j || j === n - 1 ? 1 : i > j ? -1 : 0),
  defective: (n) => filled(n, n, (i, j) => i === j ? 1 : +(j === i + 1)),
  cyclic: (n) => filled(n, n, (i, j) => +((i + 1) % n === j)),
  "cycle graph": (n) => filled(n, n, (i, j) => +((i + 1) % n === j || (j + 1) % n === i)),
  companion: (n, next) => filled(n, n, (i, j) => i === 0 ? 10 * next() : +(i === j + 1)),
  frank: (n) => filled(n, n, (i, j) => j >= i - 1 ? n - Math.max(i, j) : 0),
  vandermonde: (n) => filled(n, n, (i, j) => (i / Math.max(1, n - 1)) ** j),
  "rank one": (n, next) => {
    const u = Array.from({ length: n }, next), v = Array.from({ length: n }, next);
    return filled(n, n, (i, j) => u[i] * v[j]);
  },
  zero: (n) => matrix(n, n),
  ones: (n) => filled(n, n, () => 1),
  symmetric: (n, next) => {
    const A = random(n, n, next);
    return filled(n, n, (i, j) => A.data[Math.max(i, j) * n + Math.min(i, j)]);
  },
  "saddle point": (n, next) => {
    const A = random(n, n, next), h = n >> 1;
    return filled(n, n, (i, j) => Math.min(i, j) >= h ? 0 : A.data[Math.max(i, j) * n + Math.min(i, j)]);
  },
  "positive definite": (n, next) => {
    const B = random(n, n, next);
    return product(B, transpose(B));
  },
  laplacian: (n) => filled(n, n, (i, j) => i === j ? 2 : -(Math.abs(i - j) === 1)),
  tiny: (n, next) => filled(n, n, () => next() * 1e-290),
  huge: (n, next) => filled(n, n, () => next() * 1e290),
  sparse: (n, next) => filled(n, n, () => Math.max(0, Math.abs(next()) - 0.7) * next()),
  orthogonal: (n) => filled(n, n, (i, j) => Math.sqrt(2 / (n + 1)) * Math.sin((i + 1) * (j + 1) * Math.PI / (n + 1))),
};

/** Orders at which something changes: nothing, one, odd, even, the edges of blocks and tiles. */
export const orders: readonly number[] = [0, 1, 2, 3, 5, 8, 15, 16, 17, 31, 33, 48, 60];
