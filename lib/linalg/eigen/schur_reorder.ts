/**
 * Real Schur forms with the eigenvalues in another order.
 *
 * ```
 * A₁₁ X - X A₂₂ = A₁₂,   [-X; I] = G [R; 0]   ⟹   Gᵀ [A₁₁ A₁₂; 0 A₂₂] G = [A₂₂' *; 0 A₁₁']
 * ```
 *
 * Source: Bai and Demmel, On swapping diagonal blocks in real Schur form (1993), section 4.
 *
 * @module
 */
import { type Matrix, normInf, type Vector } from "../../core/mod.ts";
import { matrix } from "../matrices/matrix.ts";
import { qr } from "../factorizations/qr.ts";
import { blockStarts } from "./quasi_triangular.ts";
import type { Schur } from "./schur.ts";
import { solveSmall } from "../systems/small_solve.ts";
import { type StandardBlock, standardize } from "./standard_block.ts";

/** An exchange that leaves more than this share of T where zeros belong is undone. */
const ERROR = 100 * 2 ** -52;

/** A Schur form with the wanted eigenvalues first. */
export interface OrderedSchur extends Schur {
  /** How many eigenvalues come first: the first so many columns of Q span their invariant subspace. */
  readonly count: number;
}

/**
 * The Schur form `A = Q T Qᵀ` with the wanted eigenvalues first; otherwise the order stays. A complex pair counts as
 * wanted when its first eigenvalue is, the one with the positive imaginary part. Where two blocks cannot be exchanged
 * without losing digits, because their eigenvalues are nearly equal, they stay, and `count` ends before them.
 *
 * @param form The Schur form; it stays as it is.
 * @param wanted Says of the eigenvalue with these parts, at this place of the diagonal, whether it is wanted.
 *
 * @example The stable subspace
 * ```ts
 * import { matrix, reorderSchur, schur } from "@gradus/gradus/linalg";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const { count, values } = reorderSchur(schur(matrix([[2, 1], [0, -3]])), (real) => real < 0);
 * assertEquals(count, 1);
 * assert(Math.abs(values.real[0] + 3) < 1e-14);
 * ```
 */
export function reorderSchur(
  form: Schur,
  wanted: (real: number, imaginary: number, at: number) => boolean,
): OrderedSchur {
  const n = form.T.rows, t = form.T.data.slice(), q = form.Q.data.slice(), { real, imaginary } = form.values;
  const starts = blockStarts(n, t), sizes = starts.slice(1).map((end, b) => end - starts[b]);
  const chosen = sizes.map((_, b) => wanted(real[starts[b]], imaginary[starts[b]], starts[b]));
  let count = 0;
  for (let b = 0, front = 0; b < sizes.length; b++) {
    if (!chosen[b]) continue;
    if (!moveForward(n, t, q, starts[b], sizes, b, front)) break;
    count += sizes[front++];
  }
  return {
    T: { rows: n, columns: n, data: t },
    Q: { rows: n, columns: n, data: q },
    values: eigenvaluesOf(n, t),
    count,
  };
}

/**
 * Moves block b, at `at`, before those from `front` on, one exchange after the other; false when one would lose digits.
 */
function moveForward(
  n: number,
  t: Vector,
  Q: Vector,
  at: number,
  sizes: number[],
  b: number,
  front: number,
): boolean {
  for (let place = b; place > front; place--) {
    const before = sizes[place - 1];
    at -= before;
    if (!exchange(n, t, Q, at, before, sizes[place])) return false;
    [sizes[place - 1], sizes[place]] = [sizes[place], before];
  }
  return true;
}

/** Exchanges the blocks of orders p and q at `at`; false, and nothing happens, when that would lose digits. */
function exchange(n: number, t: Vector, Q: Vector, at: number, p: number, q: number): boolean {
  const X = sylvester(n, t, at, p, q), size = p + q;
  if (!X) return false;
  const span = matrix(size, q);
  for (let i = 0; i < p; i++) for (let j = 0; j < q; j++) span.data[i * q + j] = -X[i * q + j];
  for (let j = 0; j < q; j++) span.data[(p + j) * q + j] = 1;
  const G = qr(span).fullQ, before = t.slice();
  turnRows(n, t, at, G);
  turnColumns(n, t, at, G);
  let left = 0;
  for (let i = q; i < size; i++) {
    for (let j = 0; j < q; j++) {
      left = Math.max(left, Math.abs(t[(at + i) * n + at + j]));
      t[(at + i) * n + at + j] = 0;
    }
  }
  if (!(left <= ERROR * normInf(before))) {
    t.set(before);
    return false;
  }
  turnColumns(n, Q, at, G);
  if (q === 2) standardizeAt(n, t, Q, at);
  if (p === 2) standardizeAt(n, t, Q, at + q);
  return true;
}

/** X, p x q, with `A₁₁ X - X A₂₂ = A₁₂`; undefined when the blocks share an eigenvalue. */
function sylvester(n: number, t: Vector, at: number, p: number, q: number): Vector | undefined {
  const order = p * q, system = new Float64Array(order * order), right = new Float64Array(order), second = at + p;
  for (let i = 0; i < p; i++) {
    for (let j = 0; j < q; j++) {
      const k = i * q + j;
      right[k] = t[(at + i) * n + second + j];
      for (let l = 0; l < p; l++) system[k * order + l * q + j] += t[(at + i) * n + at + l];
      for (let l = 0; l < q; l++) system[k * order + i * q + l] -= t[(second + l) * n + second + j];
    }
  }
  return solveSmall(order, system, right);
}

/** `T ← Gᵀ T` for the rows from `at` on. */
function turnRows(n: number, t: Vector, at: number, G: Matrix): void {
  const size = G.rows, column = new Float64Array(size);
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < size; i++) column[i] = t[(at + i) * n + j];
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let l = 0; l < size; l++) sum += G.data[l * size + i] * column[l];
      t[(at + i) * n + j] = sum;
    }
  }
}

/** `T ← T G` for the columns from `at` on. */
function turnColumns(n: number, t: Vector, at: number, G: Matrix): void {
  const size = G.rows, row = new Float64Array(size);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < size; j++) row[j] = t[i * n + at + j];
    for (let j = 0; j < size; j++) {
      let sum = 0;
      for (let l = 0; l < size; l++) sum += row[l] * G.data[l * size + j];
      t[i * n + at + j] = sum;
    }
  }
}

/** Brings the block of order two at `at` to standard form. */
function standardizeAt(n: number, t: Vector, Q: Vector, at: number): void {
  const d = at * (n + 1),
    block: StandardBlock = {
      a: t[d],
      b: t[d + 1],
      c: t[d + n],
      d: t[d + n + 1],
      cos: 1,
      sin: 0,
    };
  standardize(block);
  const G = matrix(2, 2, [block.cos, -block.sin, block.sin, block.cos]);
  turnRows(n, t, at, G);
  turnColumns(n, t, at, G);
  turnColumns(n, Q, at, G);
  [t[d], t[d + 1], t[d + n], t[d + n + 1]] = [block.a, block.b, block.c, block.d];
}

function eigenvaluesOf(n: number, t: Vector): Schur["values"] {
  const real = new Float64Array(n), imaginary = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    real[i] = t[i * (n + 1)];
    const below = i + 1 < n ? t[(i + 1) * n + i] : 0;
    if (below === 0) continue;
    real[i + 1] = real[i];
    imaginary[i] = Math.sqrt(Math.abs(below)) * Math.sqrt(Math.abs(t[i * n + i + 1]));
    imaginary[i + 1] = -imaginary[i];
    i++;
  }
  return { real, imaginary };
}
