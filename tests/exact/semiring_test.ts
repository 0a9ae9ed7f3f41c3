// Laws of the semirings, and matrices over them.
import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, rng, ShapeError, uniform } from "../../lib/core/mod.ts";
import {
  booleans,
  minPlus,
  naturals,
  primeField,
  type Rational,
  rational,
  rationals,
  reals,
  type Semiring,
  semiringClosure,
  semiringProduct,
} from "../../lib/exact/mod.ts";
import { integers } from "./fractions.ts";

/** Checks the laws of a semiring on random elements; `starred` draws elements that have a star. */
function checkLaws<T>(semiring: Semiring<T>, random: () => T, starred: () => T): void {
  const { zero, one, add, multiply, equal, star, name } = semiring;
  const same = (a: T, b: T, law: string): void => {
    if (!equal(a, b)) throw new Error(`${name}: ${law}: ${a} is not ${b}`);
  };
  for (let k = 0; k < 200; k++) {
    const a = random(), b = random(), c = random(), s = starred();
    same(add(add(a, b), c), add(a, add(b, c)), "sums are associative");
    same(add(a, b), add(b, a), "sums commute");
    same(add(a, zero), a, "zero is neutral");
    same(multiply(multiply(a, b), c), multiply(a, multiply(b, c)), "products are associative");
    same(multiply(a, one), a, "one is neutral from the right");
    same(multiply(one, a), a, "one is neutral from the left");
    same(multiply(a, zero), zero, "zero annihilates");
    same(multiply(a, add(b, c)), add(multiply(a, b), multiply(a, c)), "products distribute");
    same(multiply(add(b, c), a), add(multiply(b, a), multiply(c, a)), "products distribute from the right");
    same(star(s), add(one, multiply(s, star(s))), "star s = one + s star s");
    same(star(s), add(one, multiply(star(s), s)), "star s = one + star s s");
  }
}

// @must booleans, naturals, minPlus, reals, rationals: the laws of a semiring hold
// @measured reached: 11 laws on 200 random triples each, exactly (doubles: dyadic numbers, whose sums are exact)
Deno.test("semirings satisfy the laws", () => {
  const draw = integers(1, 20), generator = rng(2), half = (): boolean => uniform(generator) < 0.5;
  checkLaws(booleans, half, half);
  checkLaws(naturals, () => BigInt(draw() + 20), () => 0n);
  checkLaws(minPlus, () => half() ? Infinity : draw(), () => draw() + 20);
  checkLaws(reals, draw, () => half() ? 0.5 : 0);
  const fraction = (): Rational => rational(draw(), draw() || 3);
  checkLaws(rationals, fraction, () => rational(draw(), 21));
  const field = primeField(101);
  checkLaws(field, () => field.residue(draw()), () => 0);
});

// @must naturals, minPlus, reals: the star of an element that has none is refused
// @measured reached: 1 among the naturals, a negative cost, 1 and -1 among the reals
Deno.test("star() refuses elements without one", () => {
  assertThrows(() => naturals.star(1n), DomainError, "Cannot take the star of 1 in naturals");
  assertThrows(() => minPlus.star(-1), DomainError, "minPlus");
  for (const a of [1, -1, NaN]) assertThrows(() => reals.star(a), DomainError, "reals");
  assertThrows(() => reals.divide(1, 0), DomainError, "by 0");
});

function randomCosts(n: number, seed: number): number[][] {
  const generator = rng(seed);
  return Array.from(
    { length: n },
    () => Array.from({ length: n }, () => uniform(generator) < 0.3 ? Math.floor(20 * uniform(generator)) : Infinity),
  );
}

// @must semiringClosure: over (min,+) the cheapest ways
// @measured reached: equal to Bellman and Ford's iteration, 20 graphs of 12 nodes
Deno.test("semiringClosure() finds shortest paths, reachable nodes, numbers of paths and inverses", () => {
  for (let seed = 0; seed < 20; seed++) {
    const n = 12, cost = randomCosts(n, seed), shortest = semiringClosure(minPlus, cost);
    for (let from = 0; from < n; from++) {
      let distance = Array.from({ length: n }, (_, j) => j === from ? 0 : Infinity);
      for (let round = 0; round < n; round++) {
        distance = distance.map((d, j) => Math.min(d, ...distance.map((e, i) => e + cost[i][j])));
      }
      assertEquals(shortest[from], distance);
    }
    const edges = cost.map((row) => row.map((c) => c < Infinity));
    assertEquals(semiringClosure(booleans, edges), shortest.map((row) => row.map((c) => c < Infinity)));
    const forward: bigint[][] = cost.map((row, i) => row.map((c, j) => j > i && c < Infinity ? 1n : 0n)); // no circles
    let power: bigint[][] = forward.map((row, i) => row.map((_, j) => i === j ? 1n : 0n)), sum = power;
    for (let k = 0; k < n; k++) {
      power = semiringProduct(naturals, power, forward);
      sum = sum.map((row, i) => row.map((a, j) => a + power[i][j]));
    }
    assertEquals(semiringClosure(naturals, forward), sum);
    const small = cost.map((row) => row.map((c) => c < Infinity ? c / 400 : 0)); // rows below 1: powers vanish
    const inverse = semiringClosure(reals, small),
      left = small.map((row, i) => row.map((a, j) => (i === j ? 1 : 0) - a));
    semiringProduct(reals, left, inverse).forEach((row, i) =>
      row.forEach((a, j) => assertAlmostEquals(a, i === j ? 1 : 0, 1e-13))
    );
  }
});

Deno.test("semiringProduct(), semiringClosure() refuse what does not fit", () => {
  assertThrows(() => semiringProduct(reals, [[1, 2]], [[1]]), ShapeError, "expected 2 rows");
  assertThrows(() => semiringProduct(reals, [[1, 2], [1]], [[1], [2]]), ShapeError, "in row 1");
  assertThrows(() => semiringClosure(reals, [[1, 2]]), ShapeError, "1 x 2");
  assertThrows(() => semiringClosure(minPlus, [[-1]]), DomainError, "star");
  assertEquals(semiringClosure(reals, []), []);
});
