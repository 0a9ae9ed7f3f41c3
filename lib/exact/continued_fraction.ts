/**
 * Continued fractions with signs, exactly: from a number that is known to so many digits, and back.
 *
 * ```
 * x = a₀ + s₁/(a₁ + s₂/(a₂ + …)),   aₙ = ⌊xₙ⌋ if sₙ₊₁ = 1, ⌈xₙ⌉ if sₙ₊₁ = -1,   xₙ₊₁ = sₙ₊₁ / (xₙ - aₙ)
 * pₙ = aₙ pₙ₋₁ + sₙ pₙ₋₂,  qₙ = aₙ qₙ₋₁ + sₙ qₙ₋₂,   x ≈ pₙ / qₙ
 * ```
 *
 * The number is an interval of fractions, and a term counts only if both ends give the same.
 *
 * Source: Automated Search for Conjectures on Mathematical Constants using Analysis of Integer Sequences (2022), arXiv
 * 2212.09470.
 *
 * @module
 */
import { DomainError, ParseError } from "../core/mod.ts";
import { type Rational, rational } from "./rational.ts";

/** A sign. */
export type Sign = 1 | -1;

/** An interval with rational ends. */
export interface Enclosure {
  /** The lower end. */
  readonly lower: Rational;
  /** The upper end. */
  readonly upper: Rational;
}

/**
 * A number written with decimals, known to one unit of the last one.
 *
 * @throws {ParseError} When the text is no such number.
 */
export function decimal(text: string): Enclosure {
  const [, sign, whole, decimals] = /^\s*(-?)(\d+)(?:\.(\d+))?\s*$/.exec(text) ?? [];
  if (whole === undefined) {
    throw new ParseError("read a decimal number", `"${text}"`, 0, "expected digits, a point and digits");
  }
  const digits = BigInt(whole + (decimals ?? "")),
    m = sign ? -digits : digits,
    unit = 10n ** BigInt(decimals?.length ?? 0);
  return { lower: rational(m - 1n, unit), upper: rational(m + 1n, unit) };
}

/** `⌊n/d⌋` for `d > 0`. */
const floor = (n: bigint, d: bigint): bigint => n / d - (n % d < 0n ? 1n : 0n);

/**
 * The first terms of the continued fraction of `x` with a periodic pattern of signs `s₁, s₂, …`. There are fewer when
 * `x` is known exactly and its fraction ends.
 *
 * @throws {DomainError} When the digits do not determine so many terms, or the pattern is empty.
 *
 * @example The beginning of e, with signs + and with -, +
 * ```ts
 * import { decimal, signedContinuedFraction } from "@gradus/gradus/exact";
 * import { assertEquals } from "@std/assert";
 *
 * const e = decimal("2.718281828459045");
 * assertEquals(signedContinuedFraction(e, [1], 8), [2n, 1n, 2n, 1n, 1n, 4n, 1n, 1n]);
 * assertEquals(signedContinuedFraction(e, [-1, 1], 6), [3n, 3n, 2n, 5n, 2n, 7n]);
 * ```
 */
export function signedContinuedFraction(x: Enclosure, pattern: readonly Sign[], count: number): bigint[] {
  if (pattern.length === 0) throw new DomainError("Cannot expand a number: expected a pattern of signs, got none");
  const terms: bigint[] = [],
    fewDigits = (): DomainError =>
      new DomainError(
        `Cannot expand a number: expected digits for ${count} terms, got as many as determine ${terms.length}`,
      );
  let { numerator: n0, denominator: d0 } = x.lower, { numerator: n1, denominator: d1 } = x.upper;
  while (terms.length < count) {
    const sign = pattern[terms.length % pattern.length];
    const a = sign === 1 ? floor(n0, d0) : -floor(-n0, d0), b = sign === 1 ? floor(n1, d1) : -floor(-n1, d1);
    if (a !== b) throw fewDigits();
    terms.push(a);
    const r0 = sign === 1 ? n0 - a * d0 : a * d0 - n0, r1 = sign === 1 ? n1 - a * d1 : a * d1 - n1; // |x - a|
    if (terms.length === count || r0 === 0n && r1 === 0n) break;
    if (r0 === 0n || r1 === 0n) throw fewDigits(); // x may be a itself
    if (sign === 1) [n0, d0, n1, d1] = [d1, r1, d0, r0]; // the reciprocal turns the interval around
    else [n0, d0, n1, d1] = [d0, r0, d1, r1];
  }
  return terms;
}

/**
 * The value of a finite continued fraction with a periodic pattern of signs.
 *
 * @throws {DomainError} When there are no terms or no signs, or a denominator is 0.
 */
export function evalContinuedFraction(terms: readonly bigint[], pattern: readonly Sign[]): Rational {
  if (terms.length === 0 || pattern.length === 0) {
    throw new DomainError("Cannot evaluate a continued fraction: expected terms and a pattern of signs");
  }
  let [p, q, previousP, previousQ] = [terms[0], 1n, 1n, 0n];
  for (let n = 1; n < terms.length; n++) {
    const s = BigInt(pattern[(n - 1) % pattern.length]);
    [p, previousP] = [terms[n] * p + s * previousP, p];
    [q, previousQ] = [terms[n] * q + s * previousQ, q];
  }
  return rational(p, q);
}
