// Weighted languages: against the engine's regular expressions, counts of parses, edit distances, linear time.
import { assert, assertEquals, assertThrows } from "@std/assert";
import { DomainError, integer, ParseError, type Rng, rng } from "../../lib/core/mod.ts";
import {
  booleans,
  type Language,
  languages,
  minPlus,
  naturals,
  regexMatch,
  regularExpression,
  type Semiring,
} from "../../lib/exact/mod.ts";

function randomExpression(generator: Rng, depth: number): string {
  const kind = depth === 0 ? integer(generator, 3) : integer(generator, 9);
  if (kind < 3) return "ab."[kind];
  const inner = randomExpression(generator, depth - 1);
  if (kind < 5) return inner + randomExpression(generator, depth - 1);
  if (kind < 7) return `(${inner}|${randomExpression(generator, depth - 1)})`;
  return `(${inner})${"*+?"[integer(generator, 3)]}`;
}

// @must regexMatch: agrees with the built-in RegExp on 500 random pairs of expression and word
// @measured reached: 500 of 500, of which 111 match
Deno.test("regexMatch() agrees with RegExp", () => {
  const generator = rng(1);
  let matches = 0;
  for (let k = 0; k < 500; k++) {
    const pattern = randomExpression(generator, 4);
    const word = Array.from({ length: integer(generator, 6) }, () => "abc"[integer(generator, 3)]).join("");
    const expected = new RegExp(`^(?:${pattern})$`, "su").test(word);
    assertEquals(regexMatch(pattern, word), expected, `${pattern} on "${word}"`);
    if (expected) matches++;
  }
  assert(matches > 100 && matches < 400, `${matches}`);
});

Deno.test("regularExpression() reads escapes and refuses broken expressions", () => {
  assertEquals(regexMatch("\\(\\.\\)|é+", "(.)"), true);
  assertEquals(regexMatch("", ""), true);
  assertEquals(["éé", "e", "😀"].map((w) => regexMatch("é+|.", w)), [true, true, true]);
  for (const pattern of ["(a", "a)", "*a", "a|+", "(?)", "\\"]) {
    assertThrows(() => regexMatch(pattern, "a"), ParseError, "regular expression");
  }
});

// @must languages: with natural numbers the weight counts parses: (a*)(a*) on a⁵ has 6
// @measured reached: 6; (a|aa)* counts Fibonacci numbers up to a³⁰; brackets with two rules count Catalan numbers
Deno.test("languages() over the naturals counts parses", () => {
  const counted = languages(naturals), { product, sum, rule, word, weight } = counted;
  assertEquals(weight(regularExpression("a*a*", counted), "aaaaa"), 6n);
  const sums = regularExpression("(a|aa)*", counted);
  for (let n = 0, a = 1n, b = 1n; n <= 30; n++, [a, b] = [b, a + b]) assertEquals(weight(sums, "a".repeat(n)), a);
  // S = x | (S S): binary trees with n + 1 leaves
  const tree: Language<bigint> = rule(() => sum(word("x"), product(word("("), tree, tree, word(")"))));
  assertEquals(weight(tree, "((xx)x)"), 1n);
  // S = x | x S' S: ways to place brackets, without writing them: S = x T, T = 1 + x T T … counts Catalan numbers
  const catalan: Language<bigint> = rule(() => sum(word(""), product(word("x"), catalan, catalan)));
  const numbers = Array.from({ length: 9 }, (_, n) => weight(catalan, "x".repeat(n)));
  assertEquals(numbers, [1n, 1n, 2n, 5n, 14n, 42n, 132n, 429n, 1430n]);
});

/** Levenshtein's distance by the table. */
function editDistance(u: string, v: string): number {
  let row = Array.from({ length: v.length + 1 }, (_, j) => j);
  for (let i = 1; i <= u.length; i++) {
    const next = [i];
    for (let j = 1; j <= v.length; j++) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (u[i - 1] === v[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[v.length];
}

// @must languages: over (min,+) the weight is the cheapest edit
// @measured reached: equal to the table of Levenshtein distances for 200 random pairs
Deno.test("languages() over (min,+) finds edit distances", () => {
  const generator = rng(2),
    random = () => Array.from({ length: integer(generator, 9) }, () => "abc"[integer(generator, 3)]).join("");
  const { any, one, product, scale, star, sum, weight, word } = languages(minPlus);
  const insertions = star(scale(1, any)); // each letter of the other word that has no partner costs 1
  for (let k = 0; k < 20; k++) {
    const u = random(), parts = [...u].map((c) => product(insertions, sum(word(c), scale(1, any), scale(1, one))));
    const edits = product(...parts, insertions);
    for (let l = 0; l < 10; l++) {
      const v = random();
      assertEquals(weight(edits, v), editDistance(u, v), `${u} to ${v}`);
    }
  }
});

/** The semiring, and how many products it was asked for. */
function counting<T>(semiring: Semiring<T>): { semiring: Semiring<T>; products: () => number } {
  let count = 0;
  const multiply = (a: T, b: T): T => {
    count++;
    return semiring.multiply(a, b);
  };
  return { semiring: { ...semiring, multiply }, products: () => count };
}

// @must languages: words such as aⁿbⁿ take linear time
// @measured reached: products per letter the same within 1 % for n = 200 and 800, for aⁿbⁿ and for (a|b)*a(a|b)(a|b)
Deno.test("languages() recognizes in linear time", () => {
  const costs = (n: number): number[] => {
    const ab = counting(booleans), nested = languages(ab.semiring), { one, product, rule, sum, weight, word } = nested;
    const language: Language<boolean> = rule(() => sum(one, product(word("a"), language, word("b"))));
    assert(weight(language, "a".repeat(n) + "b".repeat(n)));
    assert(
      !weight(language, "a".repeat(n) + "b".repeat(n - 1)) && !weight(language, "a".repeat(n) + "b".repeat(n + 1)),
    );
    const plain = counting(naturals), maker = languages(plain.semiring);
    assertEquals(maker.weight(regularExpression("(a|b)*a(a|b)(a|b)", maker), "ab".repeat(n)), 0n);
    assertEquals(maker.weight(regularExpression("(a|b)*a(a|b)(a|b)", maker), "ab".repeat(n) + "b"), 1n);
    return [ab.products() / n, plain.products() / n];
  };
  const small = costs(200), large = costs(800);
  small.forEach((perLetter, k) => assert(large[k] <= 1.01 * perLetter, `${small} ${large}`));
});

Deno.test("languages() keeps equal languages once, and derivatives of a regular one finite", () => {
  const maker = languages(booleans), { derivative, product, star, sum, word, zero, one } = maker;
  const a = word("a"), b = word("b");
  assertEquals(sum(a, b), sum(b, a, b));
  assertEquals(product(product(a, b), a), product(a, product(b, a)));
  assertEquals([product(a, zero), sum(a, zero), product(one, a)], [zero, a, a]);
  const f = product(star(sum(a, product(b, a))), b), seen = new Set<number>(), queue = [f];
  for (let g = queue.pop(); g; g = queue.pop()) {
    if (seen.has(g.id)) continue;
    seen.add(g.id);
    queue.push(derivative(g, "a"), derivative(g, "b"));
  }
  assertEquals(seen.size, 3); // the language, what may follow b, nothing
});

// @must languages: the star of an element without one is refused
// @measured reached: (a*)* and (a|)* over the naturals; rules that begin with themselves as well
Deno.test("languages() refuses infinite counts and rules that begin with themselves", () => {
  const counted = languages(naturals), { product, rule, star, sum, word, one, weight } = counted, a = word("a");
  assertThrows(() => weight(star(star(a)), "a"), DomainError, "star of 1 in naturals");
  assertThrows(() => weight(star(sum(a, one)), ""), DomainError, "star");
  const left: Language<bigint> = rule(() => sum(a, product(left, a)));
  assertThrows(() => weight(left, "aa"), DomainError, "do not begin with themselves");
  assertThrows(() => weight(left, ""), DomainError, "do not begin with themselves");
  assertEquals(weight(star(a), "aa"), 1n); // what failed leaves nothing behind
});
