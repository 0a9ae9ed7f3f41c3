/**
 * Conjectures on a constant: continued fractions of it whose terms have a pattern.
 *
 * ```
 * enumerate  the periodic patterns of signs up to a period
 * expand     x as a continued fraction with these signs: terms a₀, a₁, …
 * massey     the shortest recurrence of a₂, a₃, …, a₄₁; keep it if its order is at most a third of their number
 * approve    continue the terms by the recurrence, and the value must agree with x to twice the digits
 *            that the terms were read from
 * ```
 *
 * A search gives conjectures, no theorems. The first terms often do not fit the rest: two are left out, and
 * each coefficient 0 at the end of the recurrence stands for one more.
 *
 * Source: Automated Search for Conjectures on Mathematical Constants using Analysis of Integer Sequences (2022), arXiv
 * 2212.09470.
 *
 * @module
 */
import { DomainError } from "../core/mod.ts";
import { berlekampMassey, extend, type Recurrence } from "./berlekamp_massey.ts";
import { type Enclosure, evalContinuedFraction, type Sign, signedContinuedFraction } from "./continued_fraction.ts";
import { primeField } from "./prime_field.ts";
import { type QuasiPolynomial, quasiPolynomial } from "./quasi_polynomial.ts";
import { bitLength, type Rational, rational, rationals } from "./rational.ts";

/** Options of `esma`. */
export interface EsmaOptions {
  /** The longest period of a pattern of signs. Default 4. */
  readonly longestPeriod?: number;
  /** How many terms the recurrence is sought in. Default 40. */
  readonly terms?: number;
}

/** A continued fraction whose terms follow a recurrence. */
export interface Conjecture {
  /** The pattern of signs. */
  readonly pattern: readonly Sign[];
  /** The terms before the recurrence holds. */
  readonly leading: readonly bigint[];
  /** The terms in which the recurrence was found. */
  readonly terms: readonly bigint[];
  /** Their recurrence. */
  readonly recurrence: Recurrence<Rational>;
  /** The terms in closed form, unless they grow exponentially. */
  readonly form: QuasiPolynomial | undefined;
  /** The decimals of x that determine the terms. */
  readonly digitsUsed: number;
  /** The decimals to which the continued terms agree with x: at least twice as many. */
  readonly digitsAgreed: number;
}

const LEADING = 2;

/**
 * Searches for continued fractions of `x` whose terms have a recurrence.
 *
 * @throws {DomainError} When the digits of `x` do not suffice to find and approve, or an option is no positive integer.
 */
export function esma(x: Enclosure, options: EsmaOptions = {}): Conjecture[] {
  const { longestPeriod = 4, terms: count = 40 } = options;
  for (const [name, value] of Object.entries({ longestPeriod, terms: count })) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new DomainError(`Cannot search for conjectures: expected ${name} to be a positive integer, got ${value}`);
    }
  }
  return patterns(longestPeriod).map((pattern) => conjecture(x, pattern, count)).filter((found) => found !== undefined);
}

/** The patterns of signs up to a period that do not repeat a shorter one. */
function patterns(longest: number): Sign[][] {
  const all: Sign[][] = [];
  for (let period = 1; period <= longest; period++) {
    for (let bits = 0; bits < 2 ** period; bits++) {
      const pattern = Array.from({ length: period }, (_, i): Sign => (bits >> i) & 1 ? -1 : 1);
      const repeats = (shorter: number): boolean =>
        period % shorter === 0 && pattern.every((s, i) => s === pattern[i % shorter]);
      if (!Array.from({ length: period - 1 }, (_, i) => i + 1).some(repeats)) all.push(pattern);
    }
  }
  return all;
}

const modulus = primeField(2 ** 31 - 1);

function conjecture(x: Enclosure, pattern: readonly Sign[], count: number): Conjecture | undefined {
  const all = signedContinuedFraction(x, pattern, LEADING + count), searched = all.slice(LEADING);
  const most = Math.floor(count / 3);
  if (searched.length < count) return undefined; // a fraction that ends
  if (berlekampMassey(searched.map(modulus.residue), modulus).order > most) return undefined;
  const found = berlekampMassey(searched.map((a) => rational(a)), rationals);
  if (found.order > most) return undefined;
  const order = found.polynomial.findLastIndex((c) => c.numerator !== 0n), start = LEADING + found.order - order;
  const recurrence = { order, polynomial: found.polynomial.slice(0, order + 1) };
  const leading = all.slice(0, start), terms = all.slice(start), fractions = terms.map((a) => rational(a));
  const digitsUsed = digitsOf(distance(x, evalContinuedFraction(all, pattern)));
  const known = digitsOf(difference(x.upper, x.lower));
  if (known < 2 * digitsUsed) {
    throw new DomainError(
      `Cannot approve a conjecture: expected ${2 * digitsUsed} decimals of the number, got ${known}`,
    );
  }
  const digitsAgreed = agreement(x, pattern, leading, fractions, recurrence);
  if (digitsAgreed < 2 * digitsUsed) return undefined;
  return {
    pattern,
    leading,
    terms,
    recurrence,
    form: quasiPolynomial(fractions, recurrence),
    digitsUsed,
    digitsAgreed,
  };
}

/** The decimals to which four times as many terms agree with x. */
function agreement(
  x: Enclosure,
  pattern: readonly Sign[],
  leading: readonly bigint[],
  terms: readonly Rational[],
  recurrence: Recurrence<Rational>,
): number {
  const continued = extend(terms, recurrence, 4 * terms.length, rationals);
  if (continued.some((a) => a.denominator !== 1n)) return 0;
  return digitsOf(distance(x, evalContinuedFraction([...leading, ...continued.map((a) => a.numerator)], pattern)));
}

function difference(a: Rational, b: Rational): Rational {
  const d = rationals.subtract(a, b);
  return d.numerator < 0n ? { numerator: -d.numerator, denominator: d.denominator } : d;
}

/** The distance to the farther end. */
function distance(x: Enclosure, y: Rational): Rational {
  const a = difference(x.lower, y), b = difference(x.upper, y);
  return a.numerator * b.denominator > b.numerator * a.denominator ? a : b;
}

/** `-log₁₀` of a distance, rounded down. */
function digitsOf({ numerator, denominator }: Rational): number {
  if (numerator === 0n) return Infinity;
  return Math.floor((bitLength(denominator) - bitLength(numerator)) * Math.log10(2));
}
