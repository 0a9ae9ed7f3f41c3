/**
 * Eigenvectors of a real Schur form, by back substitution in `(T - λ I) x = 0`.
 *
 * A diagonal entry that equals λ up to rounding is perturbed by rounding errors, so that a defective matrix has nearly
 * parallel eigenvectors rather than none; a vector is scaled down when it grows too large.
 *
 * Source: Golub and Van Loan, Matrix Computations (4th edition, 2013), section 7.6.4; LAPACK's dtrevc and dlaln2.
 *
 * @module
 */
import { normInf, type Vector } from "../../core/mod.ts";

const EPSILON = 2 ** -52;

/** Beyond this a vector is scaled down. */
const LARGE = 2 ** 300;

/**
 * The eigenvectors of T, row by row: for a real eigenvalue j its vector in row j; for a pair j, j + 1 the real parts of
 * the vector of the first in row j, its imaginary parts in row j + 1.
 */
export function schurVectors(n: number, t: Vector, real: Vector, imaginary: Vector): Vector {
  const rows = new Float64Array(n * n), solver = new BackSubstitution(n, t);
  for (let j = n - 1; j >= 0; j--) {
    if (imaginary[j] === 0) solver.real(j, real[j], rows.subarray(j * n, (j + 1) * n));
    else {
      j--;
      solver.pair(j, real[j], imaginary[j], rows.subarray(j * n, (j + 1) * n), rows.subarray((j + 1) * n, (j + 2) * n));
    }
  }
  return rows;
}

class BackSubstitution {
  readonly #n: number;
  readonly #t: Vector;
  readonly #floor: number;
  /** Quotients, their real and imaginary parts. */
  #re = 0;
  #im = 0;

  constructor(n: number, t: Vector) {
    this.#n = n;
    this.#t = t;
    this.#floor = EPSILON * EPSILON * normInf(t) || 1;
  }

  /** The vector of the real eigenvalue j. */
  real(j: number, value: number, x: Vector): void {
    const n = this.#n, t = this.#t, floor = Math.max(EPSILON * Math.abs(value), this.#floor);
    x[j] = 1;
    for (let i = j - 1; i >= 0; i--) {
      const d = i * (n + 1);
      if (i === 0 || t[d - 1] === 0) {
        x[i] = -this.#product(i, i + 1, j, x) / away(t[d] - value, floor);
      } else {
        const p = t[d - n - 1] - value, q = t[d - n], r = t[d - 1], s = t[d] - value;
        const f = -this.#product(i - 1, i + 1, j, x), g = -this.#product(i, i + 1, j, x);
        // complex eigenvalues of the block: p s - q r is not near zero for a real λ, and r is not zero
        if (Math.abs(p) >= Math.abs(r)) {
          x[i] = (g - r / p * f) / away(s - r / p * q, floor);
          x[i - 1] = (f - q * x[i]) / p;
        } else {
          x[i] = (f - p / r * g) / away(q - p / r * s, floor);
          x[i - 1] = (g - s * x[i]) / r;
        }
        i--;
      }
      shrink(i, j, x);
    }
  }

  /** The vector `x + i y` of the eigenvalue `a + i w`, the first of the pair at j. */
  pair(j: number, a: number, w: number, x: Vector, y: Vector): void {
    const n = this.#n, t = this.#t, floor = Math.max(EPSILON * (Math.abs(a) + Math.abs(w)), this.#floor);
    const d = j * (n + 1), above = t[d + 1], below = t[d + n];
    if (Math.abs(above) >= Math.abs(below)) {
      x[j] = 1;
      y[j + 1] = w / above;
    } else {
      x[j] = -w / below;
      y[j + 1] = 1;
    }
    for (let i = j - 1; i >= 0; i--) {
      const e = i * (n + 1), gr = -this.#product(i, i + 1, j + 1, x), gi = -this.#product(i, i + 1, j + 1, y);
      if (i === 0 || t[e - 1] === 0) {
        this.#divideAway(gr, gi, t[e] - a, -w, floor);
        x[i] = this.#re;
        y[i] = this.#im;
      } else {
        const fr = -this.#product(i - 1, i + 1, j + 1, x), fi = -this.#product(i - 1, i + 1, j + 1, y);
        this.#solveBlock(i, a, w, fr, fi, gr, gi, floor, x, y);
        i--;
      }
      shrink(i, j + 1, x, y);
    }
  }

  /** The 2 x 2 system of the block that ends in row i, with right-hand sides f and g. */
  #solveBlock(
    i: number,
    a: number,
    w: number,
    fr: number,
    fi: number,
    gr: number,
    gi: number,
    floor: number,
    x: Vector,
    y: Vector,
  ): void {
    const n = this.#n, t = this.#t, e = i * (n + 1), p = t[e - n - 1] - a, q = t[e - n], r = t[e - 1], s = t[e] - a;
    if (Math.abs(p) + Math.abs(w) >= Math.abs(r)) {
      this.#divide(r, 0, p, -w);
      const mr = this.#re, mi = this.#im;
      this.#divideAway(gr - mr * fr + mi * fi, gi - mr * fi - mi * fr, s - mr * q, -w - mi * q, floor);
      x[i] = this.#re;
      y[i] = this.#im;
      this.#divide(fr - q * x[i], fi - q * y[i], p, -w);
    } else {
      const mr = p / r, mi = -w / r;
      this.#divideAway(fr - mr * gr + mi * gi, fi - mr * gi - mi * gr, q - mr * s - mi * w, mr * w - mi * s, floor);
      x[i] = this.#re;
      y[i] = this.#im;
      this.#re = (gr - s * x[i] - w * y[i]) / r;
      this.#im = (gi - s * y[i] + w * x[i]) / r;
    }
    x[i - 1] = this.#re;
    y[i - 1] = this.#im;
  }

  /** `Σ t_ik x_k` for k from `from` to `to`. */
  #product(i: number, from: number, to: number, x: Vector): number {
    const t = this.#t, row = i * this.#n;
    let sum = 0;
    for (let k = from; k <= to; k++) sum += t[row + k] * x[k];
    return sum;
  }

  #divideAway(a: number, b: number, c: number, d: number, floor: number): void {
    if (Math.abs(c) + Math.abs(d) < floor) this.#divide(a, b, floor, 0);
    else this.#divide(a, b, c, d);
  }

  /** `(a + i b) / (c + i d)`. */
  #divide(a: number, b: number, c: number, d: number): void {
    if (Math.abs(c) >= Math.abs(d)) {
      const m = d / c, length = c + d * m;
      this.#re = (a + b * m) / length;
      this.#im = (b - a * m) / length;
    } else {
      const m = c / d, length = c * m + d;
      this.#re = (a * m + b) / length;
      this.#im = (b * m - a) / length;
    }
  }
}

/** The divisor, or, if it is too small, one that is not. */
function away(divisor: number, floor: number): number {
  return Math.abs(divisor) < floor ? floor : divisor;
}

/**
 * Scales a vector, of which the entries from i to `last` are known, down when entry i or the one after it is too large.
 */
function shrink(i: number, last: number, ...parts: Vector[]): void {
  let largest = 0;
  for (const x of parts) largest = Math.max(largest, Math.abs(x[i]), Math.abs(x[i + 1]));
  if (largest < LARGE) return;
  for (const x of parts) for (let k = i; k <= last; k++) x[k] /= LARGE;
}
