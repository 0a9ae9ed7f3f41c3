/**
 * The real Schur form of a Hessenberg matrix by Francis' implicit double-shift QR iteration.
 *
 * A step is two QR steps with a pair of shifts, done in real arithmetic: a first reflector of three rows, and those
 * that chase its bulge down. The last entries beside the diagonal fall to zero. Where the usual shifts lead nowhere, as
 * for a cyclic permutation, every tenth step takes exceptional ones.
 *
 * Source: Golub and Van Loan, Matrix Computations (4th edition, 2013), section 7.5; Ahues and Tisseur, A new deflation
 * criterion for the QR algorithm (1997), LAPACK working note 122; LAPACK's dlahqr.
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";
import { reflect } from "../factorizations/householder.ts";
import { rotate } from "../factorizations/rotation.ts";
import { type StandardBlock, standardize } from "./standard_block.ts";

const EPSILON = 2 ** -52;

/** After so many steps for one eigenvalue comes an exceptional one. */
const EXCEPTION = 10;

/** After so many, never seen, what counts as zero doubles with each step: so the iteration always ends. */
const PATIENCE = 100;

/** Where the iteration works. */
export interface SchurProblem {
  /** The order n. */
  readonly size: number;
  /** A Hessenberg matrix; becomes T, or, if only eigenvalues are wanted, nothing of use. */
  readonly h: Vector;
  /** From row to row of `h`. */
  readonly pitch: number;
  /** Qᵀ, row by row, turned along; without it only the eigenvalues are right. */
  readonly rows?: Vector;
  /** For the real parts of the eigenvalues. */
  readonly real: Vector;
  /** For the imaginary parts. */
  readonly imaginary: Vector;
}

/** Finds the Schur form, or the eigenvalues alone. */
export function iterateFrancis(problem: SchurProblem): void {
  const iteration = new Iteration(problem);
  for (let last = problem.size - 1; last >= 0;) last = iteration.deflate(last);
}

class Iteration {
  readonly #n: number;
  readonly #h: Vector;
  readonly #pitch: number;
  readonly #rows: Vector | undefined;
  readonly #real: Vector;
  readonly #imaginary: Vector;
  readonly #norm: number;
  readonly #v = new Float64Array(3);
  readonly #block: StandardBlock = { a: 0, b: 0, c: 0, d: 0, cos: 1, sin: 0 };

  constructor({ size: n, h, pitch, rows, real, imaginary }: SchurProblem) {
    this.#n = n;
    this.#h = h;
    this.#pitch = pitch;
    this.#rows = rows;
    this.#real = real;
    this.#imaginary = imaginary;
    let norm = 0;
    for (let i = 0; i < n; i++) {
      for (let j = Math.max(0, i - 1); j < n; j++) norm = Math.max(norm, Math.abs(h[i * pitch + j]));
    }
    this.#norm = norm;
  }

  /** Splits one or two eigenvalues from the end of the rows up to `last`; returns the row before them. */
  deflate(last: number): number {
    for (let step = 1;; step++) {
      const first = this.#start(last, step > PATIENCE ? EPSILON * this.#norm * 2 ** (step - PATIENCE) : 0);
      if (first === last) {
        this.#real[last] = this.#h[last * (this.#pitch + 1)];
        this.#imaginary[last] = 0;
        return last - 1;
      }
      if (first === last - 1) {
        this.#splitPair(last);
        return last - 2;
      }
      this.#sweep(first, last, step);
    }
  }

  /**
   * The first row of the block that ends at `last`: above it the entry beside the diagonal is negligible, and set to
   * zero.
   */
  #start(last: number, absolute: number): number {
    const h = this.#h, pitch = this.#pitch;
    for (let k = last; k > 0; k--) {
      const d = k * (pitch + 1), below = Math.abs(h[d - 1]);
      if (below <= absolute || this.#negligible(k, below)) {
        h[d - 1] = 0;
        return k;
      }
    }
    return 0;
  }

  /** Whether the entry (k, k-1) changes eigenvalues of the 2 x 2 matrix around it by less than rounding errors do. */
  #negligible(k: number, below: number): boolean {
    const h = this.#h, pitch = this.#pitch, d = k * (pitch + 1), n = this.#n;
    const a = Math.abs(h[d - pitch - 1]), b = Math.abs(h[d]);
    let size = a + b;
    if (size === 0) {
      if (k > 1) size += Math.abs(h[d - pitch - 2]);
      if (k < n - 1) size += Math.abs(h[d + pitch]);
    }
    if (below > EPSILON * size) return false;
    const above = Math.abs(h[d - pitch]), difference = Math.abs(h[d - pitch - 1] - h[d]);
    const larger = Math.max(below, above), smaller = Math.min(below, above);
    const big = Math.max(b, difference), little = Math.min(b, difference), scale = big + larger;
    return scale === 0 || smaller * (larger / scale) <= EPSILON * (little * (big / scale));
  }

  /** Puts the last 2 x 2 block into standard form, and applies the rotation everywhere. */
  #splitPair(last: number): void {
    const h = this.#h, pitch = this.#pitch, k = last - 1, upper = k * pitch, lower = last * pitch, block = this.#block;
    block.a = h[upper + k];
    block.b = h[upper + last];
    block.c = h[lower + k];
    block.d = h[lower + last];
    standardize(block);
    h[upper + k] = this.#real[k] = block.a;
    h[upper + last] = block.b;
    h[lower + k] = block.c;
    h[lower + last] = this.#real[last] = block.d;
    this.#imaginary[k] = block.c === 0 ? 0 : Math.sqrt(Math.abs(block.b)) * Math.sqrt(Math.abs(block.c));
    this.#imaginary[last] = -this.#imaginary[k];
    if (!this.#rows) return;
    const { cos, sin } = block, n = this.#n;
    rotate(n - last - 1, h, upper + last + 1, lower + last + 1, cos, sin);
    for (let i = 0, at = k; i < k; i++, at += pitch) {
      const x = h[at], y = h[at + 1];
      h[at] = cos * x + sin * y;
      h[at + 1] = cos * y - sin * x;
    }
    rotate(n, this.#rows, k * n, last * n, cos, sin);
  }

  /** One double step on the rows from `first` to `last`, at least three. */
  #sweep(first: number, last: number, step: number): void {
    const h = this.#h,
      pitch = this.#pitch,
      v = this.#v,
      from = this.#chooseStart(first, last, this.#shifts(first, last, step));
    for (let k = from; k < last; k++) {
      const count = Math.min(3, last - k + 1), d = k * (pitch + 1);
      if (k > from) { for (let i = 0; i < count; i++) v[i] = h[d - 1 + i * pitch]; }
      const tau = reflect(count, v, 0, 1);
      if (k > from) {
        h[d - 1] = v[0];
        for (let i = 1; i < count; i++) h[d - 1 + i * pitch] = 0;
      } else if (k > first) h[d - 1] *= 1 - tau; // the entry above is negligible, not zero
      if (tau !== 0) this.#apply(first, last, k, count, tau);
    }
  }

  /** The two shifts, from the last 2 x 2 block; both the same real one if it is real. */
  #shifts(first: number, last: number, step: number): Shifts {
    const h = this.#h, pitch = this.#pitch, d = last * (pitch + 1);
    if (step % (2 * EXCEPTION) === 0) {
      return exceptional(h[d], Math.abs(h[d - 1]) + Math.abs(h[d - pitch - 2]));
    } else if (step % EXCEPTION === 0) {
      const top = first * (pitch + 1);
      return exceptional(h[top], Math.abs(h[top + pitch]) + Math.abs(h[top + 2 * pitch + 1]));
    }
    return shiftsOf(h[d - pitch - 1], h[d - pitch], h[d - 1], h[d]);
  }

  /**
   * Where two consecutive entries beside the diagonal are so small that the bulge can start there; leaves its vector in
   * v.
   */
  #chooseStart(first: number, last: number, { real1, real2, imaginary }: Shifts): number {
    const h = this.#h, pitch = this.#pitch, v = this.#v;
    for (let m = last - 2;; m--) {
      const d = m * (pitch + 1), a = h[d], beside = h[d + pitch];
      const scale = Math.abs(a - real2) + Math.abs(imaginary) + Math.abs(beside), g = beside / scale;
      v[0] = g * h[d + 1] + (a - real1) * ((a - real2) / scale) + imaginary * (imaginary / scale);
      v[1] = g * (a + h[d + pitch + 1] - real1 - real2);
      v[2] = g * h[d + 2 * pitch + 1];
      const size = Math.abs(v[0]) + Math.abs(v[1]) + Math.abs(v[2]);
      for (let i = 0; i < 3; i++) v[i] /= size;
      if (m === first) return m;
      const around = Math.abs(h[d - pitch - 1]) + Math.abs(a) + Math.abs(h[d + pitch + 1]);
      if (Math.abs(h[d - 1]) * (Math.abs(v[1]) + Math.abs(v[2])) <= EPSILON * Math.abs(v[0]) * around) return m;
    }
  }

  /**
   * The reflector `I - τ v vᵀ` on two or three rows from k on: from the left, from the right, and to the rows of Qᵀ.
   */
  #apply(first: number, last: number, k: number, count: number, tau: number): void {
    const h = this.#h, pitch = this.#pitch, n = this.#n, rows = this.#rows;
    const right = rows ? n : last + 1, top = rows ? 0 : first, bottom = Math.min(k + 3, last);
    const v1 = this.#v[1], v2 = count === 3 ? this.#v[2] : 0;
    if (count === 3) {
      reflectRows3(right - k, h, k * (pitch + 1), pitch, v1, v2, tau);
      reflectColumns3(bottom - top + 1, h, top * pitch + k, pitch, v1, v2, tau);
      if (rows) reflectRows3(n, rows, k * n, n, v1, v2, tau);
    } else {
      reflectRows2(right - k, h, k * (pitch + 1), pitch, v1, tau);
      reflectColumns2(bottom - top + 1, h, top * pitch + k, pitch, v1, tau);
      if (rows) reflectRows2(n, rows, k * n, n, v1, tau);
    }
  }
}

/** Two shifts: real, or a conjugate pair. */
interface Shifts {
  readonly real1: number;
  readonly real2: number;
  /** Of the first; that of the second is its negative. */
  readonly imaginary: number;
}

/** Shifts that break a stalemate, from the size of the entries beside the diagonal. */
function exceptional(d: number, size: number): Shifts {
  const shifted = 0.75 * size + d;
  return shiftsOf(shifted, -0.4375 * size, size, shifted);
}

function shiftsOf(a: number, b: number, c: number, d: number): Shifts {
  const scale = Math.abs(a) + Math.abs(b) + Math.abs(c) + Math.abs(d);
  if (scale === 0) return { real1: 0, real2: 0, imaginary: 0 };
  const mean = (a / scale + d / scale) / 2,
    determinant = (a / scale - mean) * (d / scale - mean) - (b / scale) * (c / scale);
  const root = Math.sqrt(Math.abs(determinant));
  if (determinant >= 0) return { real1: mean * scale, real2: mean * scale, imaginary: root * scale };
  const closer = Math.abs(mean + root - d / scale) <= Math.abs(mean - root - d / scale) ? mean + root : mean - root;
  return { real1: closer * scale, real2: closer * scale, imaginary: 0 };
}

function reflectRows3(count: number, a: Vector, at: number, pitch: number, v1: number, v2: number, tau: number): void {
  for (let end = at + count, p = at + pitch, q = p + pitch; at < end; at++, p++, q++) {
    const x = a[at], y = a[p], z = a[q], sum = tau * (x + v1 * y + v2 * z);
    a[at] = x - sum;
    a[p] = y - sum * v1;
    a[q] = z - sum * v2;
  }
}

function reflectRows2(count: number, a: Vector, at: number, pitch: number, v1: number, tau: number): void {
  for (let end = at + count, p = at + pitch; at < end; at++, p++) {
    const x = a[at], y = a[p], sum = tau * (x + v1 * y);
    a[at] = x - sum;
    a[p] = y - sum * v1;
  }
}

function reflectColumns3(
  count: number,
  a: Vector,
  at: number,
  pitch: number,
  v1: number,
  v2: number,
  tau: number,
): void {
  for (let i = 0; i < count; i++, at += pitch) {
    const x = a[at], y = a[at + 1], z = a[at + 2], sum = tau * (x + v1 * y + v2 * z);
    a[at] = x - sum;
    a[at + 1] = y - sum * v1;
    a[at + 2] = z - sum * v2;
  }
}

function reflectColumns2(count: number, a: Vector, at: number, pitch: number, v1: number, tau: number): void {
  for (let i = 0; i < count; i++, at += pitch) {
    const x = a[at], y = a[at + 1], sum = tau * (x + v1 * y);
    a[at] = x - sum;
    a[at + 1] = y - sum * v1;
  }
}
