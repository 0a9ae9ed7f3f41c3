/**
 * Eigenvalues and eigenvectors of a symmetric tridiagonal matrix by implicit QL and QR iteration.
 *
 * With Wilkinson's shift the entry beside the last diagonal entry falls to zero, cubically in the end. A block is run
 * through from its smaller end to its larger one, which keeps small eigenvalues of graded matrices accurate.
 *
 * Source: Parlett, The symmetric eigenvalue problem (1980), chapter 8; Martin and Wilkinson, The implicit QL algorithm
 * (1968).
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";
import { hypotenuse, rotate } from "../factorizations/rotation.ts";

const EPSILON = 2 ** -53;

/**
 * Entries at the rounding error of a steeply graded matrix may stay just above what is negligible beside its smallest
 * ones. After so many steps for one eigenvalue that is measured by the block; twice as much after each more, so that it
 * always ends.
 */
const PATIENCE = 20;

/** Rows that are rotated along, so that they become the eigenvectors. */
export interface Rows {
  /** The rows, one for each diagonal entry. */
  readonly entries: Vector;
  /** Where the row of the first diagonal entry starts, from which entry on it is rotated. */
  readonly offset: number;
  /** From one row to the next. */
  readonly pitch: number;
  /** How many entries are rotated. */
  readonly count: number;
}

/**
 * Overwrites the diagonal, the n entries of `d` from `from` on, by the eigenvalues, in no order, and the entries beside
 * it, the n - 1 of `e` from `from` on, by zeros.
 */
export function iterateQl(n: number, d: Vector, e: Vector, from: number, rows?: Rows): void {
  const end = from + n;
  for (let first = from; first < end;) {
    let last = first;
    while (last + 1 < end && !negligible(d, e, last, 0)) last++;
    if (last + 1 < end) e[last] = 0;
    if (last > first) {
      const forwards = Math.abs(d[last]) >= Math.abs(d[first]);
      diagonalize(d, e, forwards ? first : last, forwards ? last : first, from, rows);
    }
    first = last + 1;
  }
}

/** Whether the entry between i and i + 1 is lost in rounding. */
function negligible(d: Vector, e: Vector, i: number, absolute: number): boolean {
  const size = Math.abs(e[i]);
  return size <= absolute || size <= EPSILON * Math.sqrt(Math.abs(d[i])) * Math.sqrt(Math.abs(d[i + 1]));
}

/** Finds the eigenvalues of the block between two indices, that at `start` first. */
function diagonalize(d: Vector, e: Vector, start: number, stop: number, from: number, rows?: Rows): void {
  const up = stop > start ? 1 : -1, beside = up > 0 ? 0 : -1; // e[i + beside] lies between i and i + up
  let steps = 0, absolute = 0;
  for (let l = start; l !== stop + up;) {
    let m = l;
    while (m !== stop && !negligible(d, e, m + beside, absolute)) m += up;
    if (m !== stop) e[m + beside] = 0;
    if (m === l) {
      l += up;
      steps = 0;
      absolute = 0;
    } else {
      if (++steps > PATIENCE) absolute = absolute > 0 ? 2 * absolute : EPSILON * (Math.abs(d[l]) + Math.abs(d[m]));
      step(d, e, l, m, up, beside, from, rows);
    }
  }
}

/**
 * One QL step on the block from l to m: a rotation with the shift at the far end, and those that chase its bulge to l.
 */
function step(
  d: Vector,
  e: Vector,
  l: number,
  m: number,
  up: number,
  beside: number,
  from: number,
  rows?: Rows,
): void {
  const slope = (d[l + up] - d[l]) / (2 * e[l + beside]), root = hypotenuse(slope, 1);
  let g = d[m] - d[l] + e[l + beside] / (slope >= 0 ? slope + root : slope - root);
  let s = 1, c = 1, p = 0;
  for (let i = m - up; i !== l - up; i -= up) {
    const next = i + up, f = s * e[i + beside], b = c * e[i + beside], r = hypotenuse(f, g);
    if (next !== m) e[next + beside] = r;
    if (r === 0) { // the block has split
      d[next] -= p;
      return;
    }
    s = f / r;
    c = g / r;
    const shifted = d[next] - p, t = (d[i] - shifted) * s + 2 * c * b;
    p = s * t;
    d[next] = shifted + p;
    g = c * t - b;
    if (rows) {
      const x = rows.offset + (next - from) * rows.pitch;
      rotate(rows.count, rows.entries, x, x - up * rows.pitch, c, s);
    }
  }
  d[l] -= p;
  e[l + beside] = g;
}
