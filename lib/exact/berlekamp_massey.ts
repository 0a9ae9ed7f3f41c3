/**
 * The shortest linear recurrence of a sequence.
 *
 * ```
 * C = B = 1, L = 0, m = 1, b = 1;  for n = 0, 1, …:
 *   d = sₙ + c₁ sₙ₋₁ + … + c_L sₙ₋_L                       what the recurrence so far misses
 *   d ≠ 0:  C⁺ = C - (d/b) zᵐ B;   if 2L <= n:  B = C, b = d, L = n + 1 - L, m = 0
 *   m ← m + 1
 * ```
 *
 * A sequence with a recurrence of order L is known from 2L terms. Any N terms have one of order about N/2, so that only
 * a smaller one says anything.
 *
 * Source: Massey, Shift-register synthesis and BCH decoding, IEEE Transactions on Information Theory 15 (1969) 122-127,
 * algorithm 1.
 *
 * @module
 */
import { ShapeError } from "../core/mod.ts";
import type { Field } from "./semiring.ts";

/** A linear recurrence `c₀ sₙ + c₁ sₙ₋₁ + … + c_L sₙ₋_L = 0` for `n >= L`, with `c₀ = 1`. */
export interface Recurrence<T> {
  /** The order L. */
  readonly order: number;
  /** `c₀ … c_L`; as a polynomial in z, the denominator of the generating function. */
  readonly polynomial: readonly T[];
}

/**
 * The shortest linear recurrence of the terms over a field.
 *
 * @example The Fibonacci numbers, modulo 101 and over the rational numbers
 * ```ts
 * import { berlekampMassey, formatRational, primeField, rational, rationals } from "@gradus/gradus/exact";
 * import { assertEquals } from "@std/assert";
 *
 * const terms = [1, 1, 2, 3, 5, 8];
 * assertEquals(berlekampMassey(terms, primeField(101)).polynomial, [1, 100, 100]);
 * const { polynomial } = berlekampMassey(terms.map((s) => rational(s)), rationals);
 * assertEquals(polynomial.map(formatRational), ["1", "-1", "-1"]);
 * ```
 */
export function berlekampMassey<T>(terms: readonly T[], field: Field<T>): Recurrence<T> {
  const { zero, one, add, subtract, multiply, divide, equal } = field;
  let C: T[] = [one], B: T[] = [one], order = 0, m = 1, b = one;
  for (let n = 0; n < terms.length; n++) {
    let d = terms[n];
    for (let i = 1; i < C.length; i++) d = add(d, multiply(C[i], terms[n - i]));
    if (!equal(d, zero)) {
      const before = C, factor = divide(d, b);
      C = Array.from({ length: Math.max(C.length, B.length + m) }, (_, i) => {
        const shifted = B[i - m], c = C[i] ?? zero;
        return shifted === undefined ? c : subtract(c, multiply(factor, shifted));
      });
      if (2 * order <= n) {
        order = n + 1 - order;
        B = before;
        b = d;
        m = 0;
      }
    }
    m++;
  }
  return { order, polynomial: Array.from({ length: order + 1 }, (_, i) => C[i] ?? zero) };
}

/**
 * The terms, continued by a recurrence up to a number of terms.
 *
 * @throws {ShapeError} When there are fewer terms than the order.
 */
export function extend<T>(terms: readonly T[], recurrence: Recurrence<T>, count: number, field: Field<T>): T[] {
  const { order, polynomial } = recurrence, { zero, add, subtract, multiply } = field, all = terms.slice(0, count);
  if (terms.length < order) {
    throw new ShapeError(`Cannot extend a sequence: expected at least ${order} terms, got ${terms.length}`);
  }
  while (all.length < count) {
    let sum = zero;
    for (let i = 1; i <= order; i++) sum = add(sum, multiply(polynomial[i], all[all.length - i]));
    all.push(subtract(zero, sum));
  }
  return all;
}
