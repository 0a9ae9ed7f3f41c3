import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, norm2, rng } from "../../../lib/core/mod.ts";
import {
  diagonal,
  diagonalOf,
  hutchinson,
  hutchinsonDiagonal,
  hutchPlusPlus,
  matvec,
  trace,
} from "../../../lib/linalg/mod.ts";
import { numbers, random } from "../families.ts";
import { symmetrized, withEigenvalues } from "../spectra.ts";

const times = (A: ReturnType<typeof diagonal>) => (v: Float64Array, out: Float64Array): void => void matvec(A, v, out);
const slopeOf = (x: number[], y: number[]): number => {
  const mx = x.reduce((a, b) => a + b) / x.length, my = y.reduce((a, b) => a + b) / y.length;
  return x.reduce((sum, a, k) => sum + (a - mx) * (y[k] - my), 0) / x.reduce((sum, a) => sum + (a - mx) ** 2, 0);
};

// @must hutchinson: unbiased, with the variance 2 (|A|_F² - Σ aᵢᵢ²)
// @measured reached: 4000 probes of a matrix of order 20: mean within 2 standard errors, variance within 3 percent
Deno.test("hutchinson() is unbiased and has the variance that theory gives", () => {
  const A = symmetrized(random(20, 20, numbers(1))), probes = 4000;
  const { value, standardError, products } = hutchinson(times(A), 20, { maxProducts: probes, generator: rng(2) });
  const variance = 2 * (norm2(A.data) ** 2 - norm2(diagonalOf(A)) ** 2);
  assertEquals(products, probes);
  assert(Math.abs(value - trace(A)) < 3 * Math.sqrt(variance / probes));
  assertAlmostEquals(standardError ** 2 * probes / variance, 1, 0.08);
});

// @must hutchinson: the standard error covers the truth as often as a normal law says
// @measured reached: within 2 standard errors in 96 of 100 runs of 40 probes
Deno.test("hutchinson() says how far it may be off", () => {
  const A = symmetrized(random(12, 12, numbers(3))), generator = rng(4);
  let covered = 0;
  for (let run = 0; run < 100; run++) {
    const { value, standardError } = hutchinson(times(A), 12, { maxProducts: 40, generator });
    if (Math.abs(value - trace(A)) <= 2 * standardError) covered++;
  }
  assert(covered >= 90 && covered < 100, `${covered}`);
});

Deno.test("hutchinson() ends when the tolerance is met, and not before", () => {
  const A = withEigenvalues(Array.from({ length: 30 }, (_, i) => 1 + i), numbers(5));
  const { value, standardError, products } = hutchinson(times(A), 30, {
    maxProducts: 10000,
    tolerance: 0.01,
    batch: 5,
  });
  assert(standardError <= 0.01 * value && products % 5 === 0 && products < 2000 && products > 5);
  const fewer = hutchinson(times(A), 30, { maxProducts: products - 5, tolerance: 0 });
  assert(fewer.standardError > 0.01 * fewer.value);
  // a diagonal matrix has no variance: one batch of two is enough
  assertEquals(hutchinson(times(diagonal([1, 2, 3])), 3, { tolerance: 1e-12, batch: 2 }), {
    value: 6,
    standardError: 0,
    products: 2,
  });
});

Deno.test("hutchinson() has the mean and the standard error of its samples", () => {
  const samples = [1, 2, 4];
  const given = ([z]: Float64Array, out: Float64Array): void => void (out[0] = z * samples.shift()!);
  const { value, standardError } = hutchinson(given, 1, { maxProducts: 3 });
  assertAlmostEquals(value, 7 / 3, 1e-15);
  assertAlmostEquals(standardError, Math.sqrt(7 / 3 / 3), 1e-15);
  assertEquals(hutchinson(times(diagonal([1, 2])), 2, { maxProducts: 1 }).standardError, Infinity);
});

// @must hutchinsonDiagonal: unbiased, with the variances Σ_{j≠i} aᵢⱼ²; a diagonal matrix by one probe
// @measured reached: 4000 probes of a nonsymmetric matrix of order 15: within 3 standard errors, variances within 6
//   percent
Deno.test("hutchinsonDiagonal() is unbiased and has the variances that theory gives", () => {
  const n = 15, A = random(n, n, numbers(6)), products = 4000;
  const estimate = hutchinsonDiagonal(times(A), n, { products, generator: rng(7) });
  for (let i = 0; i < n; i++) {
    const variance = norm2(A.data.subarray(i * n, (i + 1) * n)) ** 2 - A.data[i * (n + 1)] ** 2;
    assert(Math.abs(estimate.diagonal[i] - A.data[i * (n + 1)]) < 3.5 * Math.sqrt(variance / products));
    assertAlmostEquals(estimate.standardErrors[i] ** 2 * products / variance, 1, 0.12);
  }
  assertEquals([...hutchinsonDiagonal(times(diagonal([4, -1, 0])), 3, { products: 1 }).diagonal], [4, -1, 0]);
});

// @must hutchPlusPlus: the variance falls like 1/m², that of hutchinson like 1/m
// @measured reached: eigenvalues 1/i of order 200, m = 12 to 96, 60 runs each: slopes -2.4 and -1.0
Deno.test("hutchPlusPlus() has an error that falls like 1/m, hutchinson() like 1/√m", () => {
  const n = 200, A = withEigenvalues(Array.from({ length: n }, (_, i) => 1 / (1 + i)), numbers(8)), exact = trace(A);
  const counts = [12, 24, 48, 96], runs = 60;
  const slopes = [hutchPlusPlus, hutchinson].map((method) => {
    const generator = rng(9);
    const variances = counts.map((maxProducts) => {
      let sum = 0;
      for (let run = 0; run < runs; run++) {
        sum += (method(times(A), n, { maxProducts, generator }).value - exact) ** 2 / runs;
      }
      return Math.log(sum);
    });
    return slopeOf(counts.map(Math.log), variances);
  });
  assert(slopes[0] < -1.8, `Hutch++: ${slopes[0]}`);
  assert(Math.abs(slopes[1] + 1) < 0.25, `Hutchinson: ${slopes[1]}`);
});

Deno.test("hutchPlusPlus() is exact when the rank is small or every direction is taken", () => {
  const A = withEigenvalues([5, 3, -2, 0, 0, 0, 0, 0, 0, 0], numbers(10));
  assertAlmostEquals(hutchPlusPlus(times(A), 10, { maxProducts: 12 }).value, 6, 1e-12);
  const B = symmetrized(random(6, 6, numbers(11))), all = hutchPlusPlus(times(B), 6, { maxProducts: 18 });
  assertAlmostEquals(all.value, trace(B), 1e-13);
  assertEquals([all.standardError, all.products], [0, 6]);
});

Deno.test("hutchPlusPlus() takes no more products than it may, and is unbiased for indefinite matrices", () => {
  const n = 16, A = symmetrized(random(n, n, numbers(12))), generator = rng(13);
  let count = 0, sum = 0, squares = 0;
  const counted = (v: Float64Array, out: Float64Array): void => {
    count++;
    matvec(A, v, out);
  };
  for (let run = 0; run < 800; run++) {
    count = 0;
    const { value, products } = hutchPlusPlus(counted, n, { maxProducts: 14, generator });
    assertEquals([count, products], [14, 14]);
    sum += value;
    squares += value * value;
  }
  const mean = sum / 800, error = Math.sqrt((squares / 800 - mean * mean) / 800);
  assert(Math.abs(mean - trace(A)) < 3 * error, `${mean} and ${trace(A)}, error ${error}`);
});

Deno.test("estimators of traces give the same bits for the same seed", () => {
  const A = symmetrized(random(8, 8, numbers(14)));
  for (const f of [hutchinson, hutchPlusPlus, hutchinsonDiagonal]) {
    assertEquals(f(times(A), 8, { generator: rng(1) }), f(times(A), 8, { generator: rng(1) }));
  }
});

Deno.test("estimators of traces refuse bad input", () => {
  const A = times(diagonal([1, 2])), zero = (_: Float64Array, out: Float64Array): void => void out.fill(0);
  for (const f of [hutchinson, hutchPlusPlus]) {
    assertThrows(() => f(A, 0), DomainError, "whole number of rows");
    assertThrows(() => f(A, 2, { maxProducts: 0 }), DomainError, "whole number");
    assertThrows(() => f(zero, 20, { batch: 0.5, maxProducts: 6 }), DomainError, "batch");
    assertThrows(() => f(zero, 20, { tolerance: -1, maxProducts: 6 }), DomainError, "tolerance");
  }
  assertThrows(() => hutchPlusPlus(A, 9, { maxProducts: 2 }), DomainError, "third");
  assertThrows(() => hutchinson((_, out) => out.fill(NaN), 2), DomainError, "NaN");
  assertThrows(() => hutchinsonDiagonal(A, 2, { products: 0 }), DomainError, "products");
});
