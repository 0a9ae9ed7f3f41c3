// Fractions: their arithmetic, and the way from and to doubles.
import { assert, assertEquals, assertThrows } from "@std/assert";
import { DomainError, rng, uniform } from "../../lib/core/mod.ts";
import { formatRational, rational, rationals, toNumber } from "../../lib/exact/mod.ts";
import { bitLength } from "../../lib/exact/rational.ts";
import { integers } from "./fractions.ts";

Deno.test("rational() keeps lowest terms and a positive denominator", () => {
  assertEquals(rational(6, -4), { numerator: -3n, denominator: 2n });
  assertEquals(rational(0, -5), { numerator: 0n, denominator: 1n });
  assertEquals(rational(rational(1, 2), rational(3, 4)), { numerator: 2n, denominator: 3n });
  assertEquals(rational(-0.75), { numerator: -3n, denominator: 4n });
  assertEquals([rational(7), rational(-1, 3)].map(formatRational), ["7", "-1/3"]);
});

Deno.test("rational(), toNumber() lose no bit of a double", () => {
  const generator = rng(3);
  const doubles = [0.1, -1 / 3, 5e-324, 2 ** -1022, Number.MAX_VALUE, 1e300, -0.5, 0, Math.PI];
  for (let k = 0; k < 500; k++) doubles.push((2 * uniform(generator) - 1) * 2 ** (600 * uniform(generator) - 300));
  for (const a of doubles) assertEquals(toNumber(rational(a)), a);
});

Deno.test("toNumber() divides integers of any size", () => {
  const huge = 10n ** 400n;
  assertEquals(toNumber(rational(huge, 3n * huge)), 1 / 3);
  assertEquals(toNumber(rational(-2n * huge + 1n, huge)), -2);
  assertEquals(toNumber(rational(huge)), Infinity);
  assertEquals(toNumber(rational(1n, huge)), 0);
});

Deno.test("bitLength() counts binary digits", () => {
  for (const a of [0n, 1n, 2n, 3n, 255n, 256n, -7n, 2n ** 100n, 2n ** 101n - 1n]) {
    assertEquals(bitLength(a), a === 0n ? 0 : (a < 0n ? -a : a).toString(2).length);
  }
});

Deno.test("rationals is a field, with a star inside the unit interval", () => {
  const { add, subtract, multiply, divide, star, one } = rationals, draw = integers(5, 20);
  const random = () => rational(draw(), draw() || 1);
  for (let k = 0; k < 200; k++) {
    const a = random(), b = random(), c = random();
    assertEquals(multiply(a, add(b, c)), add(multiply(a, b), multiply(a, c)));
    assertEquals(add(subtract(a, b), b), a);
    if (b.numerator !== 0n) assertEquals(multiply(divide(a, b), b), a);
    if (Math.abs(toNumber(a)) < 1) assertEquals(star(a), add(one, multiply(a, star(a))));
    else assertThrows(() => star(a), DomainError, "star");
  }
});

Deno.test("rational() refuses a denominator 0 and what is not finite", () => {
  assertThrows(() => rational(1, 0), DomainError, "not 0");
  assertThrows(() => rationals.divide(rational(1), rational(0)), DomainError, "not 0");
  for (const a of [NaN, Infinity]) assert(assertThrows(() => rational(a), DomainError).message.includes(`${a}`));
});
