// What may go wrong with spectral decompositions of a matrix: the worst backward error, in rounding units per row. The tests
// take a part of the matrices, bench/eigen_sweep.ts all.
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { Matrix, Vector } from "../../lib/core/mod.ts";
import {
  diagonal,
  eig,
  eigh,
  eigvals,
  eigvalsh,
  hessenberg,
  matmul,
  norm,
  schur,
  subtract,
  svd,
  svdvals,
  transpose,
} from "../../lib/linalg/mod.ts";
import { distance, eps, orthogonality } from "./backward_error.ts";
import { families, filled, random } from "./families.ts";
import { generalFamilies, many, symmetricFamilies } from "./spectra.ts";

/** `|A V - V Λ| / |A|`. */
function eigenResidual(A: Matrix, values: Vector, V: Matrix): number {
  const error = norm(subtract(matmul(A, V), matmul(V, diagonal(values))));
  return error === 0 ? 0 : error / norm(A);
}

/** The largest difference, relative to the norm. */
function apart(x: Vector, y: Vector, scale: number): number {
  assertEquals(x.length, y.length);
  return x.reduce((worst, value, j) => Math.max(worst, value === y[j] ? 0 : Math.abs(value - y[j]) / scale), 0);
}

function symmetricErrors(A: Matrix): number[] {
  const { values, vectors } = eigh(A);
  assert(values.every((value, j) => j === 0 || values[j - 1] <= value), "ascending");
  return [eigenResidual(A, values, vectors), orthogonality(vectors), apart(eigvalsh(A), values, norm(A))];
}

/** `U Σ Vᵀ`, with as many columns of U and V as there are singular values. */
export function assembled(U: Matrix, S: ArrayLike<number>, V: Matrix): Matrix {
  const scaled = filled(U.rows, S.length, (i, j) => U.data[i * U.columns + j] * S[j]);
  return matmul(scaled, filled(S.length, V.rows, (i, j) => V.data[j * V.columns + i]));
}

function singularErrors(A: Matrix): number[] {
  const { U, S, V } = svd(A);
  assert(S.every((value, j) => value >= 0 && (j === 0 || S[j - 1] >= value)), "descending");
  return [distance(A, assembled(U, S, V)), orthogonality(U), orthogonality(V), apart(svdvals(A), S, norm(A))];
}

function hessenbergErrors(A: Matrix): number[] {
  const n = A.rows, { H, Q } = hessenberg(A);
  for (let i = 2; i < n; i++) for (let j = 0; j < i - 1; j++) assertEquals(H.data[i * n + j], 0);
  return [orthogonality(Q), distance(A, matmul(matmul(Q, H), transpose(Q)))];
}

function schurErrors(A: Matrix): number[] {
  const n = A.rows, { T, Q, values } = schur(A), t = T.data;
  for (let i = 1; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const entry = t[i * n + j];
      if (entry === 0) continue;
      const standard = t[i * n + i] === t[j * n + j] && Math.sign(entry) === -Math.sign(t[j * n + i]);
      assert(j === i - 1 && standard, `block at ${i}, ${j}`);
      assert(values.imaginary[j] > 0 && values.imaginary[i] === -values.imaginary[j], "pair");
    }
    assertEquals(values.real[i], t[i * n + i]);
  }
  return [orthogonality(Q), distance(A, matmul(matmul(Q, T), transpose(Q)))];
}

/** The largest `|A v - λ v| / |A|`. */
function generalErrors(A: Matrix): number[] {
  const n = A.rows, { values, vectors: V } = eig(A), scale = norm(A);
  const real: Matrix = { rows: n, columns: n, data: V.real },
    imaginary: Matrix = { rows: n, columns: n, data: V.imaginary };
  const AX = matmul(A, real).data,
    AY = matmul(A, imaginary).data,
    squares = new Float64Array(n),
    lengths = new Float64Array(n);
  for (let at = 0; at < n * n; at++) {
    const j = at % n, a = values.real[j], b = values.imaginary[j], x = V.real[at], y = V.imaginary[at];
    const re = AX[at] - (a * x - b * y), im = AY[at] - (a * y + b * x);
    if (re !== 0 || im !== 0) squares[j] += (re / scale) ** 2 + (im / scale) ** 2;
    lengths[j] += x * x + y * y;
  }
  lengths.forEach((length) => assertAlmostEquals(length, 1, 1e-13));
  assertEquals(eigvals(A).real.length, n);
  return [Math.sqrt(squares.reduce((worst, s) => worst >= s ? worst : s, 0))];
}

const rectangles: typeof families = {
  wide: (n, next) => random(n, 2 * n + 1, next),
  tall: (n, next) => random(2 * n + 1, n, next),
  "one row": (n, next) => random(1, n, next),
  "one column": (n, next) => random(n, 1, next),
  "tall hilbert": (n) => filled(2 * n, n, (i, j) => 1 / (i + j + 1)),
  "wide of rank one": (n) => filled(n, n + 3, (i, j) => i * j),
  bidiagonal: (n, next) => filled(n, n, (i, j) => j === i || j === i + 1 ? next() : 0),
  "bidiagonal, graded": (n, next) => filled(n, n, (i, j) => j === i || j === i + 1 ? next() * 10 ** -i : 0),
  "bidiagonal with zeros": (n, next) => filled(n, n, (i, j) => j === i + 1 || j === i && i % 5 > 0 ? next() : 0),
  "kahan, scaled": (n) => filled(n, n, (i, j) => (i === j ? 1 : i < j ? -0.999 : 0) * 0.1 ** i),
};

/** A decomposition: what it is tried on, and its errors, to be compared with the rounding unit. */
export interface Trial {
  readonly families: typeof families;
  readonly errors: (A: Matrix) => number[];
}

export const spectral: Readonly<Record<string, Trial>> = {
  eigh: { families: symmetricFamilies, errors: symmetricErrors },
  svd: { families: { ...families, ...symmetricFamilies, ...rectangles }, errors: singularErrors },
  hessenberg: { families: generalFamilies, errors: hessenbergErrors },
  schur: { families: generalFamilies, errors: schurErrors },
  eig: { families: generalFamilies, errors: generalErrors },
};

/** The worst error of a matrix in units of n eps, n its longer side; NaN if there is one. */
export function worstError({ errors }: Trial, A: Matrix): number {
  const n = Math.max(1, A.rows, A.columns);
  return errors(A).reduce((worst, error) => worst >= error / eps / n ? worst : error / eps / n, 0);
}

/** What came of many matrices. */
export interface Outcome {
  readonly count: number;
  readonly worst: number;
  readonly where: string;
}

/** Takes so many matrices of order up to 60. */
export function sweepSpectral(trial: Trial, count: number, seed: number): Outcome {
  let worst = 0, where = "", done = 0;
  for (const { name, A } of many(trial.families, count, 60, seed)) {
    const error = worstError(trial, A);
    done++;
    if (error <= worst) continue;
    worst = error;
    where = name;
  }
  return { count: done, worst, where };
}
