// Random symmetric positive definite matrices, and signals.
import { fillNormal, type Matrix, normal, rng } from "../../lib/core/mod.ts";
import { add, diagonal, matmul, matrix, scale, transpose } from "../../lib/linalg/mod.ts";

export function gaussian(rows: number, columns: number, seed: number): Matrix {
  return { rows, columns, data: fillNormal(rng(seed), new Float64Array(rows * columns)) };
}

/** `X Xᵀ / n` with X of n x 2n, and a part of the identity: condition numbers of about 50. */
export function positive(n: number, seed: number): Matrix {
  const X = gaussian(n, 2 * n, seed), product = matmul(X, transpose(X));
  return add(scale(product, 1 / n), diagonal(Array(n).fill(0.02)));
}

/** The congruence `X C Xᵀ`, exactly symmetric. */
export function congruent(X: Matrix, C: Matrix): Matrix {
  const P = matmul(matmul(X, C), transpose(X));
  return scale(add(P, transpose(P)), 0.5);
}

/** A signal of 3 channels that mix 3 processes `x_t = a x_{t-1} - b x_{t-2} + noise`, started in their stationary state. */
export function autoregressive(a: number, b: number, length: number, mixing: Matrix, seed: number): Matrix {
  const generator = rng(seed), sources = matrix(length, 3), warmUp = 100;
  for (let c = 0; c < 3; c++) {
    let last = 0, before = 0;
    for (let t = -warmUp; t < length; t++) {
      [last, before] = [a * last - b * before + normal(generator), last];
      if (t >= 0) sources.data[3 * t + c] = last;
    }
  }
  return matmul(sources, mixing);
}
