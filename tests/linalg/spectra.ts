// Symmetric matrices and matrices with known spectra, and many of all kinds.
import type { Matrix } from "../../lib/core/mod.ts";
import { matmul, matrix, qr, transpose } from "../../lib/linalg/mod.ts";
import { families, filled, numbers, type Random, random } from "./families.ts";

/** The symmetric matrix with the lower triangle of A. */
export const symmetrized = (A: Matrix): Matrix =>
  filled(A.rows, A.rows, (i, j) => A.data[Math.max(i, j) * A.rows + Math.min(i, j)]);

/** An orthogonal matrix. */
export const rotationOf = (n: number, next: Random): Matrix => qr(random(n, n, next)).fullQ;

/** The symmetric matrix with these eigenvalues, turned at random. */
export function withEigenvalues(values: ArrayLike<number>, next: Random): Matrix {
  const n = values.length, Q = rotationOf(n, next);
  const scaled = filled(n, n, (i, j) => Q.data[i * n + j] * values[j]);
  return symmetrized(matmul(scaled, transpose(Q)));
}

/** The symmetric tridiagonal matrix with this diagonal and these entries beside it. */
export const tridiagonal = (d: ArrayLike<number>, e: ArrayLike<number>): Matrix =>
  filled(d.length, d.length, (i, j) => i === j ? d[i] : Math.abs(i - j) === 1 ? e[Math.min(i, j)] : 0);

/** Symmetric matrices, beside the symmetrized families, on which eigenvalue methods were seen to fail. */
export const symmetricFamilies: Readonly<Record<string, (n: number, next: Random) => Matrix>> = {
  clustered: (n, next) => withEigenvalues(Array.from({ length: n }, (_, i) => (i % 3) + 1e-14 * i), next),
  "one large": (n, next) => withEigenvalues(Array.from({ length: n }, (_, i) => i === 0 ? 1 : 1e-12), next),
  geometric: (n, next) => withEigenvalues(Array.from({ length: n }, (_, i) => 10 ** (-16 * i / n)), next),
  "glued wilkinson": (n) =>
    tridiagonal(
      Array.from({ length: n }, (_, i) => Math.abs(i % 11 - 5)),
      Array.from({ length: n }, (_, i) => i % 11 === 10 ? 1e-8 : 1),
    ),
  "zero diagonal": (n, next) => tridiagonal(new Float64Array(n), Array.from({ length: n }, next)),
  "tiny beside": (n, next) =>
    tridiagonal(Array.from({ length: n }, next), Array.from({ length: n }, () => 1e-17 * next())),
  "tiny squares": (n) => filled(n, n, (i, j) => i === j ? +(i % 2 === 0) : 1e-162 * ((i * j) % 7 - 3)),
  arrow: (n, next) => {
    const x = Array.from({ length: n }, next);
    return filled(n, n, (i, j) => i === j ? i : Math.min(i, j) === 0 ? x[Math.max(i, j)] : 0);
  },
  identity: (n) => filled(n, n, (i, j) => +(i === j)),
  signs: (n, next) => symmetrized(filled(n, n, () => Math.sign(next()))),
  ...Object.fromEntries(
    Object.entries(families).map(([name, make]) => [name, (n: number, next: Random) => symmetrized(make(n, next))]),
  ),
};

/** Families on which eigenvalue methods for general matrices were seen to fail. */
export const generalFamilies: typeof families = {
  ...families,
  "shifted cyclic": (n) => filled(n, n, (i, j) => +((i + 1) % n === j) + +(i === j)),
  "anti-diagonal": (n) => filled(n, n, (i, j) => +(i + j === n - 1) * (i + 1)),
  skew: (n, next) => {
    const A = random(n, n, next);
    return filled(n, n, (i, j) => A.data[i * n + j] - A.data[j * n + i]);
  },
  "jordan blocks": (n) => filled(n, n, (i, j) => i === j ? Math.floor(i / 4) : +(j === i + 1 && i % 4 < 3)),
  nilpotent: (n) => filled(n, n, (i, j) => +(j === i + 1)),
  "perturbed nilpotent": (n) => filled(n, n, (i, j) => j === i + 1 ? 1 : i === n - 1 && j === 0 ? 1e-30 : 0),
  triangular: (n, next) => filled(n, n, (i, j) => i <= j ? next() : 0),
  "badly scaled": (n, next) => filled(n, n, (i, j) => next() * 10 ** (5 * ((i * 7) % 5 - (j * 7) % 5))),
  // Watkins, A case where balancing is harmful (2006): Hessenberg, noise where zeros would be
  "noisy hessenberg": (n, next) => filled(n, n, (i, j) => i > j + 1 ? 1e-17 * next() : next()),
  grcar: (n) => filled(n, n, (i, j) => i === j + 1 ? -1 : j >= i && j <= i + 3 ? 1 : 0),
  // Batterson, Convergence of the shifted QR algorithm on 3 x 3 normal matrices (1990): a 4 x 4 matrix of Demmel that cycled
  demmel: (n) =>
    filled(
      n,
      n,
      (i, j) => [[0, 1, 0, 0], [1, 0, 1e-7, 0], [0, -1e-7, 0, 1], [0, 0, 1, 0]][i % 4][j % 4] * +(i >> 2 === j >> 2),
    ),
};

/** So many matrices of the families in turn, of random orders up to the limit. */
export function* many(
  from: Readonly<Record<string, (n: number, next: Random) => Matrix>>,
  count: number,
  limit: number,
  seed: number,
): Generator<{ name: string; A: Matrix; n: number }> {
  const next = numbers(seed), entries = Object.entries(from);
  for (let k = 0; k < count; k++) {
    const [name, make] = entries[k % entries.length], n = Math.floor(Math.abs(next()) * (limit + 1));
    yield { name: `${name}, n = ${n}, matrix ${k}`, A: n === 0 ? matrix(0, 0) : make(n, next), n };
  }
}
