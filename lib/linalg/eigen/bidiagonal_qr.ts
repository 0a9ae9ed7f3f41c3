/**
 * Singular values and vectors of a bidiagonal matrix by implicit QR iteration.
 *
 * A step with a shift is a QR step on BᵀB, which is not formed; where a shift would cost small singular values digits
 * the shift is zero, and then no subtraction takes place at all. An entry above the diagonal is dropped only when all
 * singular values stay as they are to nearly full relative accuracy.
 *
 * Source: Demmel and Kahan, Accurate singular values of bidiagonal matrices (1990), sections 2 and 3.
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";
import { hypotenuse, rotate } from "../factorizations/rotation.ts";
import type { Rows } from "./tridiagonal_ql.ts";

const EPSILON = 2 ** -53;

/** An entry above the diagonal may change singular values by this much, relatively. */
const TOLERANCE = 8 * EPSILON;

/** The shift is zero when the singular values of the block spread over more than this factor per row. */
const SPREAD = 100;

/**
 * After so many steps per row for one singular value, never seen, what counts as zero doubles with each: so it always
 * ends.
 */
const PATIENCE = 12;

/**
 * Overwrites the diagonal, the n entries of `d` from `from` on, by the singular values with either sign, in no order,
 * and the entries above it, the n - 1 of `e` from `from` on, by zeros. Rows of `left` and `right`, if given, become the
 * singular vectors.
 */
export function iterateQr(n: number, d: Vector, e: Vector, from: number, left?: Rows, right?: Rows): void {
  let largest = 0;
  for (let i = from; i < from + n; i++) {
    largest = Math.max(largest, Math.abs(d[i]), i < from + n - 1 ? Math.abs(e[i]) : 0);
  }
  const smallest = largest * 2 ** -500; // less is nothing
  let low = -1, high = -1, up = 1, steps = 0, absolute = smallest;
  for (let last = from + n - 1; last > from;) {
    let first = last;
    while (first > from && !vanishes(e, first - 1, absolute)) first--;
    if (first === last) {
      last--;
      steps = 0;
      absolute = smallest;
      continue;
    }
    if (first > high || last < low) up = Math.abs(d[first]) >= Math.abs(d[last]) ? 1 : -1; // from the large end to the small
    low = first;
    high = last;
    const start = up > 0 ? first : last, stop = up > 0 ? last : first, least = split(d, e, start, stop, up);
    if (least < 0) continue;
    if (++steps > PATIENCE * n) absolute = Math.max(2 * absolute, EPSILON * largest);
    const shift = shiftFor(n, d, e, start, stop, up, least);
    if (shift === 0) stepWithoutShift(d, e, start, stop, up, from, up > 0 ? left : right, up > 0 ? right : left);
    else stepWithShift(d, e, start, stop, up, shift, from, up > 0 ? left : right, up > 0 ? right : left);
  }
}

function vanishes(e: Vector, i: number, absolute: number): boolean {
  if (Math.abs(e[i]) > absolute) return false;
  e[i] = 0;
  return true;
}

/**
 * Drops an entry that changes no singular value of the block much, and returns -1; if there is none, returns a lower
 * bound for the smallest singular value, up to a factor √n.
 */
function split(d: Vector, e: Vector, start: number, stop: number, up: number): number {
  const beside = up > 0 ? 0 : -1; // e[i + beside] lies between i and i + up
  if (Math.abs(e[stop - up + beside]) <= TOLERANCE * Math.abs(d[stop])) {
    e[stop - up + beside] = 0;
    return -1;
  }
  let mu = Math.abs(d[start]), least = mu;
  for (let i = start; i !== stop; i += up) {
    const size = Math.abs(e[i + beside]);
    if (size <= TOLERANCE * mu) {
      e[i + beside] = 0;
      return -1;
    }
    mu = Math.abs(d[i + up]) * (mu / (mu + size));
    least = Math.min(least, mu);
  }
  return least;
}

/** The smallest singular value of the last two rows, or zero where a shift by it would cost accuracy. */
function shiftFor(n: number, d: Vector, e: Vector, start: number, stop: number, up: number, least: number): number {
  let largest = 0;
  for (let i = Math.min(start, stop), end = Math.max(start, stop); i <= end; i++) {
    largest = Math.max(largest, Math.abs(d[i]), i < end ? Math.abs(e[i]) : 0);
  }
  if (n * SPREAD * least <= largest) return 0;
  const shift = smallerSingularValue(d[stop - up], e[up > 0 ? stop - 1 : stop], d[stop]), ratio = shift / d[start];
  return ratio * ratio < EPSILON ? 0 : shift;
}

/** The smaller singular value of [[f, g], [0, h]]. */
function smallerSingularValue(f: number, g: number, h: number): number {
  const small = Math.min(Math.abs(f), Math.abs(h)), large = Math.max(Math.abs(f), Math.abs(h)), beside = Math.abs(g);
  if (small === 0) return 0;
  const sum = 1 + small / large, difference = (large - small) / large;
  if (beside < large) {
    const u = (beside / large) ** 2;
    return small * (2 / (Math.sqrt(sum * sum + u) + Math.sqrt(difference * difference + u)));
  }
  const u = large / beside;
  if (u === 0) return small * large / beside;
  return 2 * (small / (Math.sqrt(1 + (sum * u) ** 2) + Math.sqrt(1 + (difference * u) ** 2))) * u;
}

/**
 * One step with the shift zero: only products, of numbers of one sign. `near` rows are those of the side of the
 * diagonal.
 */
function stepWithoutShift(
  d: Vector,
  e: Vector,
  start: number,
  stop: number,
  up: number,
  from: number,
  near?: Rows,
  far?: Rows,
): void {
  const beside = up > 0 ? 0 : -1;
  let c = 1, s = 0, oldC = 1, oldS = 0;
  for (let i = start; i !== stop; i += up) {
    const f = d[i] * c, g = e[i + beside], r = hypotenuse(f, g);
    c = r === 0 ? 1 : f / r;
    s = r === 0 ? 0 : g / r;
    if (i !== start) e[i - up + beside] = oldS * r;
    const p = oldC * r, q = d[i + up] * s, t = hypotenuse(p, q);
    oldC = t === 0 ? 1 : p / t;
    oldS = t === 0 ? 0 : q / t;
    d[i] = t;
    turn(i - from, up, c, s, far);
    turn(i - from, up, oldC, oldS, near);
  }
  const h = d[stop] * c;
  d[stop] = h * oldC;
  e[stop - up + beside] = h * oldS;
}

/** One step with a shift: a rotation from the far side, and those that chase its bulge to the other end. */
function stepWithShift(
  d: Vector,
  e: Vector,
  start: number,
  stop: number,
  up: number,
  shift: number,
  from: number,
  near?: Rows,
  far?: Rows,
): void {
  const beside = up > 0 ? 0 : -1;
  let f = (Math.abs(d[start]) - shift) * (Math.sign(d[start]) + shift / d[start]), g = e[start + beside];
  for (let i = start; i !== stop; i += up) {
    const next = i + up, k = i + beside, r = hypotenuse(f, g), c = r === 0 ? 1 : f / r, s = r === 0 ? 0 : g / r;
    if (i !== start) e[k - up] = r;
    f = c * d[i] + s * e[k];
    e[k] = c * e[k] - s * d[i];
    g = s * d[next];
    d[next] *= c;
    const length = hypotenuse(f, g), p = length === 0 ? 1 : f / length, q = length === 0 ? 0 : g / length;
    d[i] = length;
    f = p * e[k] + q * d[next];
    d[next] = p * d[next] - q * e[k];
    if (next !== stop) {
      g = q * e[k + up];
      e[k + up] *= p;
    }
    turn(i - from, up, c, s, far);
    turn(i - from, up, p, q, near);
  }
  e[stop - up + beside] = f;
}

/** Rotates row i with the next one in the direction of the step. */
function turn(i: number, up: number, c: number, s: number, rows?: Rows): void {
  if (!rows) return;
  const at = rows.offset + i * rows.pitch;
  rotate(rows.count, rows.entries, at, at + up * rows.pitch, c, s);
}
