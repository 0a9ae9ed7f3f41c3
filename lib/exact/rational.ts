/**
 * Fractions of integers of any size, in lowest terms.
 *
 * @module
 */
import { DomainError } from "../core/mod.ts";
import { type Field, noStar } from "./semiring.ts";

/** A fraction in lowest terms; the denominator is positive. */
export interface Rational {
  /** Above the line. */
  readonly numerator: bigint;
  /** Below the line, positive. */
  readonly denominator: bigint;
}

/** What stands for a rational number. A double counts as the fraction that it is: 0.1 is not 1/10. */
export type Exact = number | bigint | Rational;

/** The greatest common divisor, not negative. */
export function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a < 0n ? -a : a;
}

/**
 * The fraction `numerator / denominator` in lowest terms.
 *
 * @throws {DomainError} On a denominator 0, or a number that is not finite.
 *
 * @example A third, and the double nearest to a tenth
 * ```ts
 * import { rational } from "@gradus/gradus/exact";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(rational(2, -6), { numerator: -1n, denominator: 3n });
 * assertEquals(rational(0.1).denominator, 2n ** 55n);
 * ```
 */
export function rational(numerator: Exact, denominator: Exact = 1n): Rational {
  const a = fraction(numerator), b = fraction(denominator);
  if (b.numerator === 0n) throw new DomainError("Cannot make a fraction: expected a denominator that is not 0, got 0");
  return reduced(a.numerator * b.denominator, a.denominator * b.numerator);
}

function reduced(numerator: bigint, denominator: bigint): Rational {
  if (denominator === 1n) return { numerator, denominator };
  const g = greatestCommonDivisor(numerator, denominator), sign = denominator < 0n ? -g : g;
  return { numerator: numerator / sign, denominator: denominator / sign };
}

function fraction(a: Exact): Rational {
  if (typeof a === "bigint") return { numerator: a, denominator: 1n };
  if (typeof a !== "number") return a;
  if (!Number.isFinite(a)) throw new DomainError(`Cannot make a fraction: expected a finite number, got ${a}`);
  let scaled = a, denominator = 1n;
  while (!Number.isInteger(scaled)) { // doubling is exact; at most 1074 times
    scaled *= 2;
    denominator *= 2n;
  }
  return reduced(BigInt(scaled), denominator);
}

/** The double nearest to a fraction, within one unit in the last place. */
export function toNumber({ numerator, denominator }: Rational): number {
  if (numerator < 0n) return -toNumber({ numerator: -numerator, denominator });
  // a quotient of 64 bits or more, then a power of 2, in two halves against early overflow
  const shift = bitLength(denominator) - bitLength(numerator) + 64;
  const quotient = shift >= 0
    ? (numerator << BigInt(shift)) / denominator
    : numerator / (denominator << BigInt(-shift));
  const half = Math.trunc(-shift / 2);
  return Number(quotient) * 2 ** half * 2 ** (-shift - half);
}

/** The number of binary digits of `|a|`; 0 for 0. */
export function bitLength(a: bigint): number {
  const digits = (a < 0n ? -a : a).toString(16);
  return digits === "0" ? 0 : 4 * digits.length - Math.clz32(parseInt(digits[0], 16)) + 28;
}

/** The fraction as text, as in `-1/3`, or `2` when it is whole. */
export function formatRational({ numerator, denominator }: Rational): string {
  return denominator === 1n ? `${numerator}` : `${numerator}/${denominator}`;
}

/** The field of rational numbers. `star a = 1 / (1 - a)` for `|a| < 1`. */
export const rationals: Field<Rational> = {
  name: "rationals",
  zero: { numerator: 0n, denominator: 1n },
  one: { numerator: 1n, denominator: 1n },
  add: (a, b) => reduced(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator),
  subtract: (a, b) => reduced(a.numerator * b.denominator - b.numerator * a.denominator, a.denominator * b.denominator),
  multiply: (a, b) => reduced(a.numerator * b.numerator, a.denominator * b.denominator),
  divide: (a, b) => rational(a, b),
  equal: (a, b) => a.numerator === b.numerator && a.denominator === b.denominator,
  star(a) {
    const size = a.numerator < 0n ? -a.numerator : a.numerator;
    if (size >= a.denominator) throw noStar("rationals", formatRational(a));
    return reduced(a.denominator, a.denominator - a.numerator);
  },
};
