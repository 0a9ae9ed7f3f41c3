import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, normal, type Rng, rng, sampleWithoutReplacement, uniform } from "../../../lib/core/mod.ts";
import { fwht, spright, sprightNoisy } from "../../../lib/linalg/mod.ts";

const sign = (t: number, k: number): number => {
  let parity = 1;
  for (let bits = t & k; bits !== 0; bits &= bits - 1) parity = -parity;
  return parity;
};

/** K coefficients in random places, and the signal that has them; `seen` are the places that were looked at. */
function signal(n: number, K: number, random: Rng, value: () => number) {
  const indices = [...sampleWithoutReplacement(random, 2 ** n, new Uint32Array(K))].sort((i, j) => i - j);
  const values = indices.map(value), seen = new Set<number>();
  const sample = (t: number): number => {
    seen.add(t);
    return indices.reduce((sum, k, i) => sum + values[i] * sign(t, k), 0);
  };
  return { indices, values, sample, seen };
}

// @must spright: random support, (n, K) = (12, 32), (16, 128), (18, 256): exact in 9, 10, 9 of 10 seeds with 1248,
//   6528, 14592 samples; with up to 2 retries in 10 of 10
// @measured reached: 10, 10, 10 of 10 at once, with these samples
Deno.test("spright() finds the coefficients of a signal from few of its samples", () => {
  for (const [n, K, samples] of [[12, 32, 1248], [16, 128, 6528], [18, 256, 14592]]) {
    let once = 0;
    for (let seed = 0; seed < 10; seed++) {
      const random = rng(seed), { indices, values, sample, seen } = signal(n, K, random, () => 2 * uniform(random) - 1);
      const state = random.slice(), first = spright(sample, n, K, { attempts: 1, generator: random });
      assertEquals(first.samples, samples);
      assert(seen.size <= samples && (n === 12 || seen.size < 2 ** n / 10));
      const found = first.complete ? first : spright(sample, n, K, { generator: state });
      assert(found.complete, `n = ${n}, seed ${seed}`);
      assertEquals(found.coefficients.map(({ index }) => index), indices);
      found.coefficients.forEach(({ value }, i) => assertAlmostEquals(value, values[i], 1e-9));
      once += +first.complete;
    }
    assert(once >= 8, `n = ${n}: ${once} of 10 at once`);
  }
});

Deno.test("spright() agrees with the full transform, and says when it is not complete", () => {
  const n = 8, random = rng(1), { indices, values, sample } = signal(n, 6, random, () => 1 + uniform(random));
  const full = fwht(Float64Array.from({ length: 2 ** n }, (_, t) => sample(t)));
  const { coefficients, complete } = spright(sample, n, 6, { binBits: 4 });
  assert(complete);
  for (const { index, value } of coefficients) assertAlmostEquals(value, full[index] / 2 ** n, 1e-10);
  assertEquals(coefficients.map(({ index }) => index), indices);
  assertEquals(coefficients.length, values.length);
  // far more coefficients than bins
  const dense = signal(n, 200, random, () => normal(random));
  assertEquals(spright(dense.sample, n, 4).complete, false);
  assertEquals(spright(() => 0, n, 4).coefficients, []);
  assertEquals(spright(() => 2.5, n, 1), { coefficients: [{ index: 0, value: 2.5 }], complete: true, samples: 27 });
});

// @must sprightNoisy: K = 32 coefficients ±1, n = 18, b = 6, P = 8: support exact in 10 of 10 at 10 dB, 9 of 10 at 0
//   dB, with 29184 of 262144 samples
// @measured reached: 10 of 10 at both, with 29184 samples
Deno.test("sprightNoisy() finds the support under noise", () => {
  const n = 18, K = 32;
  for (const [decibel, least] of [[10, 9], [0, 8]]) {
    const nu = Math.sqrt(K * 10 ** (-decibel / 10));
    let exact = 0;
    for (let seed = 0; seed < 10; seed++) {
      const random = rng(seed), noise = new Map<number, number>();
      const { indices, values, sample } = signal(n, K, random, () => uniform(random) < 0.5 ? -1 : 1);
      const noisy = (t: number): number => { // the same noise when a sample is looked at again
        if (!noise.has(t)) noise.set(t, nu * normal(random));
        return sample(t) + noise.get(t)!;
      };
      const found = sprightNoisy(noisy, n, K, nu, { attempts: 1, generator: rng(100 + seed) });
      assertEquals(found.samples, 29184);
      if (`${found.coefficients.map(({ index }) => index)}` !== `${indices}`) continue;
      exact++;
      found.coefficients.forEach(({ value }, i) => assertAlmostEquals(value, values[i], 5 * nu / Math.sqrt(152 * 64)));
    }
    assert(exact >= least, `${decibel} dB: ${exact} of 10`);
  }
  const random = rng(3), { indices, sample } = signal(12, 8, random, () => 1);
  const found = sprightNoisy(sample, 12, 8, 0);
  assert(found.complete);
  assertEquals(found.coefficients.map(({ index }) => index), indices);
});

Deno.test("spright() gives the same bits for the same seed", () => {
  const random = rng(4), { sample } = signal(12, 20, random, () => normal(random));
  assertEquals(spright(sample, 12, 20, { generator: rng(5) }), spright(sample, 12, 20, { generator: rng(5) }));
});

Deno.test("spright() and sprightNoisy() refuse bad input", () => {
  assertThrows(() => spright(() => 1, 4, 0), DomainError, ">= 1, got 0");
  assertThrows(() => spright(() => 1, 4, 2, { binBits: 5 }), DomainError, "b = 5");
  assertThrows(() => spright(() => 1, 31, 2), DomainError, "n = 31");
  assertThrows(() => spright(() => 1, 4, 17), DomainError, "K = 17");
  assertThrows(() => spright(() => NaN, 4, 2), DomainError, "NaN");
  assertThrows(() => spright(() => 1, 4, 2, { attempts: 0 }), DomainError, "attempts");
  assertThrows(() => sprightNoisy(() => 1, 4, 2, -1), DomainError, "noise");
  assertThrows(() => sprightNoisy(() => 1, 4, 2, 1, { offsets: 0 }), DomainError, "offsets");
  assertThrows(() => sprightNoisy(() => 1, 4, 2, 1, { slack: NaN }), DomainError, "slack");
});
