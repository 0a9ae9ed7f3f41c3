/**
 * Bunch and Kaufman's elimination of a symmetric matrix, in panels of columns.
 *
 * Within a panel a column is brought up to date when its turn comes, by products of rows of L with rows of `W = L D`;
 * after the panel the rest of the matrix is, by one product `A - L Wᵀ`.
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";
import { exchange } from "../matrices/permutation.ts";
import { gemmLower } from "../matrices/level3.ts";

/** What elimination makes of a symmetric matrix. */
export interface SymmetricElimination {
  /** L below the diagonal. */
  readonly factors: Vector;
  /** The diagonal of D. */
  readonly diagonal: Vector;
  /** The entries of D below its diagonal: zero beside blocks of order one. */
  readonly below: Vector;
  /** Where the rows come from. */
  readonly permutation: Int32Array;
}

/** The most columns of a panel. */
const PANEL = 32;

/** A pivot of order one may be smaller by this factor: it bounds the growth of both kinds of step alike. */
const ALPHA = (1 + Math.sqrt(17)) / 8;

/** Eliminates in place, reading the lower triangle. */
export function eliminateSymmetric(n: number, a: Vector): SymmetricElimination {
  const permutation = Int32Array.from({ length: n }, (_, i) => i);
  const diagonal = new Float64Array(n), below = new Float64Array(n);
  const elimination = { factors: a, diagonal, below, permutation }, pitch = Math.min(n, PANEL);
  const w = new Float64Array(n * pitch);
  for (let first = 0; first < n;) {
    const end = panel(n, elimination, w, pitch, first), rest = n - end;
    if (rest > 0) {
      const row = end * n;
      gemmLower(false, true, rest, end - first, -1, a, row + first, n, w, end * pitch, pitch, 1, a, row + end, n);
    }
    first = end;
  }
  return elimination;
}

/** Eliminates columns from `first` on until W is full or none is left; returns where it stopped. */
function panel(n: number, elimination: SymmetricElimination, w: Vector, pitch: number, first: number): number {
  const { factors: a, diagonal, below, permutation } = elimination;
  let k = first;
  while (k < n) {
    const column = k - first; // in W
    if (column + Math.min(2, n - k) > pitch) break; // a step may need two columns
    current(n, a, w, pitch, first, k, k, column);
    const r = largest(n, w, pitch, column, k, k), p = Math.abs(w[k * pitch + column]);
    const beside = r < 0 ? 0 : Math.abs(w[r * pitch + column]);
    let order = 1, chosen = k;
    if (p < ALPHA * beside) {
      current(n, a, w, pitch, first, k, r, column + 1);
      const other = Math.abs(w[largest(n, w, pitch, column + 1, k, r) * pitch + column + 1]);
      if (p < ALPHA * beside * (beside / other)) {
        chosen = r;
        if (Math.abs(w[r * pitch + column + 1]) >= ALPHA * other) {
          for (let i = k; i < n; i++) w[i * pitch + column] = w[i * pitch + column + 1];
        } else order = 2;
      }
    }
    const last = k + order - 1;
    if (chosen !== last) {
      moveColumn(n, a, last, chosen);
      exchange(a, last * n, chosen * n, k);
      exchange(w, last * pitch, chosen * pitch, column + order);
      [permutation[last], permutation[chosen]] = [permutation[chosen], permutation[last]];
    }
    if (order === 1) stepOfOne(n, a, diagonal, w, pitch, k, column);
    else stepOfTwo(n, a, diagonal, below, w, pitch, k, column);
    k += order;
  }
  return k;
}

/** Writes column r of what is left of the matrix, from row k on, into a column of W. */
function current(n: number, a: Vector, w: Vector, pitch: number, first: number, k: number, r: number, column: number) {
  const done = k - first, other = r * pitch;
  for (let i = k; i < n; i++) {
    const row = i * n + first;
    let s = i < r ? a[r * n + i] : a[i * n + r];
    for (let j = 0; j < done; j++) s -= a[row + j] * w[other + j];
    w[i * pitch + column] = s;
  }
}

/** The row from k on, not r, with the largest entry in a column of W; -1 if there is none. */
function largest(n: number, w: Vector, pitch: number, column: number, k: number, r: number): number {
  let row = -1, size = -1;
  for (let i = k; i < n; i++) {
    const x = Math.abs(w[i * pitch + column]);
    if (x > size && i !== r) {
      size = x;
      row = i;
    }
  }
  return row;
}

/** Puts what is left of row and column `last` in the place of `chosen`, whose own are in W. */
function moveColumn(n: number, a: Vector, last: number, chosen: number): void {
  a[chosen * (n + 1)] = a[last * (n + 1)];
  for (let i = last + 1; i < chosen; i++) a[chosen * n + i] = a[i * n + last];
  for (let i = chosen + 1; i < n; i++) a[i * n + chosen] = a[i * n + last];
}

function stepOfOne(n: number, a: Vector, diagonal: Vector, w: Vector, pitch: number, k: number, column: number): void {
  const d = w[k * pitch + column];
  diagonal[k] = d;
  for (let i = k + 1; i < n; i++) a[i * n + k] = d === 0 ? 0 : w[i * pitch + column] / d;
}

/** `L = W D⁻¹`, all divided by the entry of D beside its diagonal, which is the largest. */
function stepOfTwo(
  n: number,
  a: Vector,
  diagonal: Vector,
  below: Vector,
  w: Vector,
  pitch: number,
  k: number,
  column: number,
): void {
  const e = w[(k + 1) * pitch + column], d = w[k * pitch + column], f = w[(k + 1) * pitch + column + 1];
  diagonal[k] = d;
  diagonal[k + 1] = f;
  below[k] = e;
  const r = d / e, s = f / e, determinant = r * s - 1;
  a[(k + 1) * n + k] = 0;
  for (let i = k + 2; i < n; i++) {
    const y = w[i * pitch + column] / e, z = w[i * pitch + column + 1] / e;
    a[i * n + k] = (s * y - z) / determinant;
    a[i * n + k + 1] = (r * z - y) / determinant;
  }
}
