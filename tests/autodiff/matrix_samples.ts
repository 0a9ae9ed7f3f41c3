// Functions that apply primitives for matrices, where eigenvalues are apart, and what does not depend on the signs of vectors.
import * as ad from "../../lib/autodiff/mod.ts";
import type { NdArray, Operand, Value } from "../../lib/autodiff/mod.ts";
import { filled } from "./filled.ts";
import type { Sample } from "./samples.ts";

/** Matrices near the diagonal with entries 1, 2.5, 4, …, so that all eigenvalues are apart and positive. */
export function dominant(...shape: number[]): Value {
  const array = filled(shape, -0.3, 0.3), { data } = array as NdArray, [m, n] = shape.slice(-2);
  for (let k = 0; k < data.length; k += m * n) {
    for (let i = 0; i < Math.min(m, n); i++) data[k + i * (n + 1)] += 1 + 1.5 * i;
  }
  return array;
}

/** Matrices whose entries differ by at least 1. */
function apart(rows: number, columns: number): Value {
  const count = rows * columns;
  return { rows, columns, data: Float64Array.from({ length: count }, (_, i) => 7 * i % 11) };
}

const swapped = (x: Operand): Operand => {
  const rank = ad.shapeOf(x).length, axes = Array.from({ length: rank }, (_, i) => i);
  return ad.transpose(x, [...axes.slice(0, -2), rank - 1, rank - 2]);
};
const scaledColumns = (V: Operand, w: Operand): Operand => {
  const shape = ad.shapeOf(w);
  return ad.multiply(V, ad.reshape(w, [...shape.slice(0, -1), 1, shape[shape.length - 1]]));
};

/** The x with `x + x³ = θ + Σ x / 10`, entry by entry, by Newton's method; its derivatives are those of the conditions. */
const cubicRoot = ad.customRoot((x: Operand, theta: Operand) =>
  ad.subtract(ad.add(x, ad.power(x, 3)), ad.add(theta, ad.multiply(0.1, ad.sum(x))))
)((start: Operand, theta: Operand) => {
  const x = ad.asVector(start).slice(), t = ad.asVector(theta);
  for (let k = 0; k < 200; k++) { // the sum follows from the last iterate, then Newton's steps
    const s = x.reduce((a, b) => a + b, 0) / 10;
    for (let i = 0; i < x.length; i++) {
      for (let j = 0; j < 8; j++) x[i] -= (x[i] + x[i] ** 3 - t[i] - s) / (1 + 3 * x[i] ** 2);
    }
  }
  return x;
});

/** By the name of the primitive. */
export const matrixSamples: Readonly<Record<string, readonly Sample[]>> = {
  triangle: [
    { f: (x) => ad.lowerTriangle(x), at: [filled([3, 3])] },
    { f: (x) => ad.square(ad.upperTriangle(x)), at: [filled([2, 2, 3])] },
    { f: (x) => ad.diagonalOf(x), at: [filled([2, 3, 3])] },
  ],
  solveTriangular: [false, true].flatMap((lower) =>
    [false, true].flatMap((transpose) =>
      [false, true].map((unit): Sample => ({
        f: (T, b) => ad.solveTriangular(T, b, { lower, transpose, unit }),
        at: unit ? [filled([2, 3, 3]), filled([2, 3, 2])] : [dominant(3, 3), filled([3])],
      }))
    )
  ),
  cholesky: [
    { f: (x) => ad.cholesky(x), at: [dominant(3, 3)] },
    { f: (x) => ad.cholesky(x), at: [dominant(2, 2, 2)] },
  ],
  solvePositiveDefinite: [
    { f: (A, b) => ad.solve(A, b, { positiveDefinite: true }), at: [dominant(3, 3), filled([3])] },
    { f: (A, b) => ad.solve(A, b, { positiveDefinite: true }), at: [dominant(2, 2, 2), filled([2, 2, 3])] },
  ],
  logdetPositiveDefinite: [
    { f: (A) => ad.logdet(A, { positiveDefinite: true }), at: [dominant(3, 3)] },
    { f: (A) => ad.logdet(A, { positiveDefinite: true }), at: [dominant(2, 2, 2)] },
  ],
  solve: [
    { f: (A, b) => ad.solve(A, b), at: [dominant(3, 3), filled([3])] },
    { f: (A, b) => ad.solve(ad.slice(A, 0, 3), b), at: [dominant(3, 3), filled([3, 2])] },
    { f: (A, b) => ad.solve(A, b), at: [dominant(2, 3, 3), filled([2, 3, 2])] },
    { f: (A) => ad.inv(ad.slice(ad.concatenate([ad.slice(A, 1), A]), 0, 3)), at: [dominant(3, 3)] },
    { f: (A) => ad.inv(A), at: [dominant(2, 2, 2)] },
  ],
  logdet: [
    { f: (A) => ad.logdet(A), at: [dominant(3, 3)] },
    { f: (A) => ad.logdet(ad.gather(A, Float64Array.of(2, 0, 1))), at: [dominant(3, 3)] },
    { f: (A) => ad.logdet(A), at: [dominant(2, 2, 2)] },
  ],
  det: [
    { f: (A) => ad.det(A), at: [dominant(3, 3)] },
    { f: (A) => ad.det(ad.gather(A, Float64Array.of(1, 0, 2))), at: [dominant(3, 3)] },
    { f: (A) => ad.det(A), at: [dominant(2, 2, 2)] },
  ],
  qr: [
    { f: (A) => ad.qr(A).Q, at: [dominant(4, 3)] },
    { f: (A) => ad.qr(A).R, at: [dominant(4, 3)] },
    { f: (A) => ad.qr(A).R, at: [dominant(2, 4)] },
    { f: (A) => ad.qr(A).Q, at: [dominant(2, 3, 2)] },
  ],
  eigh: [
    { f: (A) => ad.eigh(A).values, at: [dominant(3, 3)] },
    { f: (A) => ad.square(ad.eigh(A).vectors), at: [dominant(3, 3)] },
    {
      f: (A) => {
        const { values, vectors } = ad.eigh(A);
        return ad.matmul(scaledColumns(vectors, ad.sin(values)), swapped(vectors));
      },
      at: [dominant(2, 2, 2)],
    },
  ],
  svd: [
    { f: (A) => ad.svd(A).S, at: [dominant(2, 3)] },
    { f: (A) => ad.square(ad.svd(A).U), at: [dominant(4, 2)] },
    { f: (A) => ad.square(ad.svd(A).V), at: [dominant(2, 4)] },
    {
      f: (A) => {
        const { U, S, V } = ad.svd(A);
        return ad.matmul(scaledColumns(U, ad.log(S)), swapped(V));
      },
      at: [dominant(2, 3, 2)],
    },
  ],
  expm: [
    { f: (A) => ad.expm(A), at: [filled([3, 3])] },
    { f: (A) => ad.expm(A), at: [filled([2, 2, 2])] },
  ],
  sqrtm: [
    { f: (A) => ad.sqrtm(A), at: [dominant(3, 3)] },
    { f: (A) => ad.sqrtm(A, { method: "newtonSchulz" }), at: [dominant(2, 2, 2)] },
  ],
  inverseSqrtm: [
    { f: (A) => ad.inverseSqrtm(A), at: [dominant(3, 3)] },
    { f: (A) => ad.inverseSqrtm(A, { method: "newtonSchulz" }), at: [dominant(2, 2, 2)] },
  ],
  fourier: [
    { f: (x, y) => ad.fft({ real: x, imaginary: y }).imaginary, at: [filled([5]), filled([5])] },
    { f: (x, y) => ad.square(ad.ifft({ real: x, imaginary: y }).real), at: [filled([2, 4]), filled([2, 4])] },
    { f: (x) => ad.rfft(x).imaginary, at: [filled([2, 6])] },
  ],
  solution: [
    { f: (theta) => cubicRoot(Float64Array.of(1, 1, 1), theta), at: [filled([3])] },
    {
      f: (theta) => ad.multiply(ad.slice(theta, 0, 2), cubicRoot(ad.slice(theta, 0, 2), ad.square(ad.slice(theta, 1)))),
      at: [filled([3])],
    },
  ],
  order: [
    { f: (x) => ad.sort(x), at: [Float64Array.of(1, -2, 3, 0.3)] },
    { f: (x) => ad.topK(x, 2), at: [Float64Array.of(1, -2, 3, 0.3)] },
    { f: (x) => ad.square(ad.sort(x, { axis: 0, descending: true })), at: [apart(3, 2)] },
    { f: (x) => ad.quantile(x, 0.3, { axis: 0 }), at: [apart(4, 2)] },
  ],
};
