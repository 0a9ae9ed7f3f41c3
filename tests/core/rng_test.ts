import { assert, assertAlmostEquals, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import {
  bits64,
  DomainError,
  drawIndex,
  fillNormal,
  fillRademacher,
  fillSphere,
  fillUniform,
  integer,
  jump,
  norm2,
  normal,
  permutation,
  rng,
  sampleWithoutReplacement,
  streams,
  uniform,
} from "../../lib/core/mod.ts";

const MASK = (1n << 64n) - 1n;
const rotl = (x: bigint, k: bigint) => ((x << k) | (x >> (64n - k))) & MASK;

/** xoshiro256** in BigInt, straight from its definition. */
function* reference(s: bigint[]): Generator<bigint> {
  for (;;) {
    yield (rotl((s[1] * 5n) & MASK, 7n) * 9n) & MASK;
    const t = (s[1] << 17n) & MASK;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 45n);
  }
}

const words = (s: Uint32Array): bigint[] => [0, 1, 2, 3].map((i) => (BigInt(s[2 * i + 1]) << 32n) | BigInt(s[2 * i]));

Deno.test("bits64() gives the published first outputs for the state 1, 2, 3, 4", () => {
  const s = new Uint32Array(11);
  for (let i = 0; i < 4; i++) s[2 * i] = i + 1;
  assertEquals([1, 2, 3, 4].map(() => bits64(s)), [11520n, 0n, 1509978240n, 1215971899390074240n]);
});

Deno.test("bits64() equals the definition in BigInt over 2000 steps from five seeds", () => {
  for (const seed of [0, 1, 42, 2 ** 31, Number.MAX_SAFE_INTEGER]) {
    const s = rng(seed), expected = reference(words(s));
    for (let i = 0; i < 2000; i++) assertEquals(bits64(s), expected.next().value);
  }
});

Deno.test("uniform() has the top 53 bits and the moments of a uniform number", () => {
  const s = rng(3), twin = rng(3);
  let sum = 0, square = 0;
  for (let i = 0; i < 20000; i++) {
    const u = uniform(s);
    assertEquals(u, Number(bits64(twin) >> 11n) / 2 ** 53);
    sum += u;
    square += u * u;
  }
  assertAlmostEquals(sum / 20000, 1 / 2, 0.008); // 4 sigma: 0.0082
  assertAlmostEquals(square / 20000, 1 / 3, 0.0085);
});

Deno.test("normal() has mean 0, variance 1, kurtosis 3, and a state that continues after a copy", () => {
  const x = fillNormal(rng(5), new Float64Array(40000));
  const mean = x.reduce((a, b) => a + b) / x.length;
  assertAlmostEquals(mean, 0, 0.02);
  assertAlmostEquals(x.reduce((a, b) => a + b * b, 0) / x.length, 1, 0.03);
  assertAlmostEquals(x.reduce((a, b) => a + b ** 4, 0) / x.length, 3, 0.2);
  const s = rng(5);
  for (let i = 0; i < 7; i++) assertEquals(normal(s), x[i]); // odd, so that a spare number is kept
  const copied = s.slice();
  for (let i = 7; i < 20; i++) assertEquals(normal(copied), x[i]);
});

Deno.test("integer() is unbiased over 0 to 6, and refuses 0", () => {
  const s = rng(1), counts = new Array(7).fill(0);
  for (let i = 0; i < 14000; i++) counts[integer(s, 7)]++;
  const chi = counts.reduce((sum, c) => sum + (c - 2000) ** 2 / 2000, 0);
  assert(chi < 22.5, `chi-square ${chi} for 6 degrees of freedom`); // 0.1 %
  assertThrows(() => integer(s, 0), DomainError, "positive");
});

Deno.test("fillRademacher() and fillSphere() draw signs and unit vectors", () => {
  const signs = fillRademacher(rng(2), new Float64Array(1000));
  assert(signs.every((v) => v === 1 || v === -1));
  assert(Math.abs(signs.reduce((a, b) => a + b)) < 130);
  assertAlmostEquals(norm2(fillSphere(rng(2), new Float64Array(7))), 1, 1e-15);
});

Deno.test("permutation() reaches all 6 orders of 3 evenly", () => {
  const s = rng(9), seen = new Map<string, number>(), out = new Uint32Array(3);
  for (let i = 0; i < 6000; i++) {
    const key = permutation(s, out).join("");
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  assertEquals(seen.size, 6);
  for (const count of seen.values()) assertAlmostEquals(count, 1000, 130);
});

Deno.test("sampleWithoutReplacement() draws every pair of 5 evenly and never repeats", () => {
  const s = rng(4), seen = new Map<string, number>(), out = new Uint32Array(2);
  for (let i = 0; i < 10000; i++) {
    const key = [...sampleWithoutReplacement(s, 5, out)].sort().join("");
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  assertEquals(seen.size, 10);
  for (const count of seen.values()) assertAlmostEquals(count, 1000, 130);
  assertThrows(() => sampleWithoutReplacement(s, 1, out), DomainError, "2 distinct");
});

Deno.test("jump() commutes with steps, and streams() differ", () => {
  const a = rng(8), b = rng(8); // a step and a jump are powers of one linear map
  jump(a);
  bits64(a);
  bits64(b);
  jump(b);
  assertEquals(a, b);
  const [one, two] = streams(rng(8), 2);
  assertEquals(bits64(one), bits64(rng(8)));
  assertNotEquals(fillUniform(one, new Float64Array(4)), fillUniform(two, new Float64Array(4)));
});

Deno.test("rng() begins anew at each call, whatever became of the generator before", () => {
  const first = rng(7), numbers = [uniform(first), uniform(first)];
  assertEquals(uniform(rng(7)), numbers[0]);
  rng(8);
  const again = rng(7);
  assertEquals([uniform(again), uniform(again)], numbers);
});

Deno.test("rng() refuses seeds that are no non-negative integers", () => {
  for (const seed of [-1, 0.5, NaN, 2 ** 53]) assertThrows(() => rng(seed), DomainError, "non-negative safe integer");
});

Deno.test("drawIndex() draws in proportion to weights, never one of weight zero", () => {
  const s = rng(3), counts = [0, 0, 0, 0, 0];
  for (let k = 0; k < 40_000; k++) counts[drawIndex(Float64Array.of(0, 1, 1, 4, 4), s)]++; // weights 0, 1, 0, 3, 0
  assertEquals([counts[0], counts[2], counts[4]], [0, 0, 0]);
  assert(Math.abs(counts[1] - 10_000) < 4 * Math.sqrt(40_000 * 3 / 16), `${counts}`);
});
