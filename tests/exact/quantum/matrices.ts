// Random matrices with singular values or eigenvalues that are given.
import { fillNormal, type Matrix, rng, type Vector } from "../../../lib/core/mod.ts";
import { diagonal, matmul, matrix, qr, transpose } from "../../../lib/linalg/mod.ts";

export function normal(rows: number, columns: number, seed: number): Matrix {
  return { rows, columns, data: fillNormal(rng(seed), new Float64Array(rows * columns)) };
}

export const normalVector = (n: number, seed: number): Vector => normal(n, 1, seed).data;

const orthogonal = (n: number, seed: number): Matrix => qr(normal(n, n, seed)).Q;

/** `Q diag(values) Qᵀ`. */
export function withEigenvalues(values: readonly number[], seed: number): Matrix {
  const Q = orthogonal(values.length, seed);
  return matmul(matmul(Q, diagonal(values)), transpose(Q));
}

/** `W Σ Vᵀ` of m rows and n columns. */
export function withSingularValues(m: number, n: number, values: readonly number[], seed: number): Matrix {
  const S = matrix(m, n);
  values.forEach((s, k) => S.data[k * (n + 1)] = s);
  return matmul(matmul(orthogonal(m, seed), S), orthogonal(n, seed + 1));
}
