// Recurrences, continued fractions, and the search for conjectures: known patterns of known constants.
import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { DomainError, ParseError, rng, ShapeError, uniform } from "../../lib/core/mod.ts";
import {
  berlekampMassey,
  type Conjecture,
  decimal,
  esma,
  evalContinuedFraction,
  extend,
  formatRational,
  primeField,
  quasiPolynomial,
  type Rational,
  rational,
  rationals,
  type Sign,
  signedContinuedFraction,
} from "../../lib/exact/mod.ts";
import { decimals } from "./constants.ts";
import { integers } from "./fractions.ts";

const fractions = (terms: readonly (number | bigint)[]): Rational[] => terms.map((a) => rational(a));
const polynomialOf = ({ recurrence }: Conjecture): string => recurrence.polynomial.map(formatRational).join(" ");

/** The conjecture with this pattern of signs. */
function withPattern(found: readonly Conjecture[], pattern: readonly Sign[]): Conjecture {
  const one = found.find((c) => `${c.pattern}` === `${pattern}`);
  assert(one, `no conjecture with signs ${pattern}`);
  return one;
}

// @must berlekampMassey: recovers random recurrences of order 5 from 10 terms exactly
// @measured reached: 50 over the rational numbers, 50 modulo 2^31 - 1
Deno.test("berlekampMassey() finds a recurrence of order 5 from 10 terms", () => {
  const draw = integers(1, 9), p = primeField(2 ** 31 - 1);
  for (let k = 0; k < 50; k++) {
    const polynomial = [1, draw(), draw(), draw(), draw(), draw() || 1], start = [1, draw(), draw(), draw(), draw()];
    const recurrence = { order: 5, polynomial: fractions(polynomial) };
    const terms = extend(fractions(start), recurrence, 10, rationals);
    // the first terms may satisfy a shorter one by chance: then that one is found, and it gives the same terms
    const found = berlekampMassey(terms, rationals);
    if (found.order === 5) assertEquals(found, recurrence);
    else assertEquals(extend(terms.slice(0, found.order), found, 10, rationals), terms);
    const residues = terms.map((a) => p.residue(a.numerator)), modulo = berlekampMassey(residues, p);
    assertEquals(modulo.order, found.order);
    assertEquals(
      modulo.polynomial,
      found.polynomial.map((a) => p.divide(p.residue(a.numerator), p.residue(a.denominator))),
    );
  }
});

Deno.test("berlekampMassey() takes half the terms of a random sequence, none of zeros, all for a late one", () => {
  const p = primeField(2 ** 31 - 1), generator = rng(2), random = () => Math.floor(p.p * uniform(generator));
  assertEquals(berlekampMassey(Array.from({ length: 60 }, random), p).order, 30);
  assertEquals(berlekampMassey([0, 0, 0], p), { order: 0, polynomial: [1] });
  assertEquals(berlekampMassey([0, 0, 0, 1], p).order, 4);
  assertThrows(() => extend([1], { order: 2, polynomial: [1, 1, 1] }, 5, p), ShapeError, "at least 2 terms");
});

Deno.test("signedContinuedFraction(), evalContinuedFraction() undo each other", () => {
  const draw = integers(3, 10 ** 6), patterns: Sign[][] = [[1], [-1], [1, -1], [-1, 1, 1]];
  for (let k = 0; k < 100; k++) {
    const x = rational(draw(), draw() || 7);
    for (const pattern of patterns) {
      const terms = signedContinuedFraction({ lower: x, upper: x }, pattern, 1e6);
      assertEquals(evalContinuedFraction(terms, pattern), x);
      assert(terms.slice(1).every((a) => a >= 1n));
    }
  }
});

// @must signedContinuedFraction: refuses too few digits for the number of terms
// @measured reached: the terms that are given are the same with more digits; one more term is refused
Deno.test("signedContinuedFraction() gives no term that the digits do not determine", () => {
  for (const pattern of [[1], [-1], [-1, 1]] as Sign[][]) {
    const sure = signedContinuedFraction(decimal(decimals.pi), pattern, 60), short = decimal(decimals.pi.slice(0, 22));
    let count = 1;
    const expand = (): bigint[] => signedContinuedFraction(short, pattern, count);
    for (; count < 60; count++) {
      try {
        assertEquals(expand(), sure.slice(0, count));
      } catch (error) {
        assert(error instanceof DomainError);
        assertMatch(error.message, /expected digits for \d+ terms/);
        break;
      }
    }
    assert(count > 10 && count < 60, `${count}`);
  }
});

// @must esma: e with (+) has order 6, 1 - 2z³ + z⁶; e with (-,+) order 4, 1 - 2z² + z⁴
// @measured reached: both, with the closed forms 2t+2, 1, 1 and 2, 2t+5; 40 and 65 decimals used, 209 and 341 agree
Deno.test("esma() finds the continued fractions of e", () => {
  const found = esma(decimal(decimals.e), { longestPeriod: 2 });
  const plain = withPattern(found, [1]), signed = withPattern(found, [-1, 1]);
  assertEquals([plain.recurrence.order, polynomialOf(plain)], [6, "1 0 0 -2 0 0 1"]);
  assertEquals([...plain.leading, ...plain.terms.slice(0, 7)], [2n, 1n, 2n, 1n, 1n, 4n, 1n, 1n, 6n]);
  assertEquals(plain.form, { period: 3, classes: [fractions([2, 2]), fractions([1]), fractions([1])] });
  assertEquals([signed.recurrence.order, polynomialOf(signed)], [4, "1 0 -2 0 1"]);
  assertEquals([...signed.leading, ...signed.terms.slice(0, 6)], [3n, 3n, 2n, 5n, 2n, 7n, 2n, 9n]);
  assertEquals(signed.form, { period: 2, classes: [fractions([2]), fractions([5, 2])] });
  for (const { digitsUsed, digitsAgreed } of found) assert(digitsUsed > 30 && digitsAgreed >= 2 * digitsUsed);
});

// @must esma: tan 1 has order 4, e² order 10, I₁(2)/I₀(2) = [0; 1, 2, 3, …] order 2, (1 - z)²
// @measured reached: all three with signs (+)
Deno.test("esma() finds the continued fractions of tan 1, e² and a ratio of Bessel functions", () => {
  const search = (text: string): Conjecture => withPattern(esma(decimal(text), { longestPeriod: 1 }), [1]);
  assertEquals(polynomialOf(search(decimals.tangentOf1)), "1 0 -2 0 1");
  assertEquals(polynomialOf(search(decimals.eSquared)), "1 0 0 0 0 -2 0 0 0 0 1");
  const ratio = search(decimals.besselRatio);
  assertEquals(polynomialOf(ratio), "1 -2 1");
  assertEquals([...ratio.leading, ...ratio.terms], Array.from({ length: 42 }, (_, k) => BigInt(k)));
});

// @must esma: nothing for pi with an order up to 12 over periods 1 to 3
// @measured reached: nothing up to order 13 over periods 1 to 4
Deno.test("esma() finds nothing for pi", () => {
  assertEquals(esma(decimal(decimals.pi)), []);
});

Deno.test("esma() counts terms that do not fit as leading ones", () => {
  const odd = withPattern(esma(decimal(decimals.e), { longestPeriod: 2 }), [1, -1]); // 2 2 1 2, then 2 5 2 7 2 9
  assertEquals(odd.leading, [2n, 2n, 1n, 2n]);
  assertEquals(polynomialOf(odd), "1 0 -2 0 1");
});

Deno.test("quasiPolynomial() finds the smallest period, and none where terms grow exponentially", () => {
  const terms = fractions(Array.from({ length: 24 }, (_, n) => n % 2 === 0 ? n * n / 4 : 3)); // t², 3
  const recurrence = berlekampMassey(terms, rationals);
  assertEquals(quasiPolynomial(terms, recurrence), { period: 2, classes: [fractions([0, 0, 1]), fractions([3])] });
  const alternating = fractions(Array.from({ length: 12 }, (_, n) => n + (-1) ** n)); // order 3, period 2
  assertEquals(quasiPolynomial(alternating, berlekampMassey(alternating, rationals))?.period, 2);
  const fibonacci = fractions([1, 1, 2, 3, 5, 8, 13]);
  assertEquals(quasiPolynomial(fibonacci, berlekampMassey(fibonacci, rationals)), undefined);
});

Deno.test("esma() and its parts refuse what they cannot use", () => {
  assertThrows(() => esma(decimal(decimals.e.slice(0, 40))), DomainError, "expected digits for");
  assertThrows(
    () => esma(decimal(decimals.e.slice(0, 60)), { longestPeriod: 1 }),
    DomainError,
    "decimals of the number",
  );
  assertThrows(() => esma(decimal("1.5"), { terms: 0 }), DomainError, "terms to be a positive integer");
  assertThrows(() => signedContinuedFraction(decimal("1.5"), [], 3), DomainError, "pattern of signs");
  assertThrows(() => evalContinuedFraction([], [1]), DomainError, "expected terms");
  for (const text of ["", "1.", "e", "1e5", ".5"]) assertThrows(() => decimal(text), ParseError, "decimal number");
  assertEquals(decimal("-0.5"), { lower: rational(-6, 10), upper: rational(-4, 10) });
});
