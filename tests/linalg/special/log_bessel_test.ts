// Logarithms of modified Bessel functions.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, rng, uniform } from "../../../lib/core/mod.ts";
import { besselRatio, logBesselI, logBesselK } from "../../../lib/linalg/mod.ts";

/** Rows of v, x, log I, log K and I_{v+1}/I_v, computed with 60 to 1000 digits. */
const reference: readonly (readonly [number, number, number, number, number])[] = JSON.parse(
  Deno.readTextFileSync(new URL("../../data/log_bessel_reference.json", import.meta.url)),
);

const error = (value: number, exact: number): number => Math.abs(value - exact) / Math.max(1, Math.abs(exact));

// @must logBesselI, logBesselK: error relative to max(1, |log|) at most 2e-14 in every branch against a multiprecision
//   reference, 2500 random points of [1e-2, 1e3]²
// @measured reached: 9.0e-15 and 4.4e-15 at 2000 points with uniform logarithms, K to 800 digits; here 55, each way included
Deno.test("logBesselI() and logBesselK() are right to 2e-14 where each of the ways is taken", () => {
  for (const [v, x, i, k, ratio] of reference) {
    const what = `v = ${v}, x = ${x}`;
    assert(error(logBesselI(v, x), i) <= 2e-14, `I, ${what}: ${logBesselI(v, x)} for ${i}`);
    assert(error(logBesselK(v, x), k) <= 2e-14, `K, ${what}: ${logBesselK(v, x)} for ${k}`);
    assertAlmostEquals(besselRatio(v, x) / ratio, 1, 4e-15, what);
  }
});

// @must logBesselI, logBesselK: (v, x) = (1023, 1e5), (16383, 5e3), (500, 1e-3) to 3e-16, where I and K over- or underflow
// @measured reached: within 3e-16
Deno.test("logBesselI() and logBesselK() are exact to rounding where the functions over- or underflow", () => {
  const rows = reference.filter(([v, x]) => (v === 1023 && x === 1e5) || v === 16383 || (v === 500 && x === 1e-3));
  assertEquals(rows.length, 3);
  for (const [v, x, i, k] of rows) {
    assertAlmostEquals(logBesselI(v, x) / i, 1, 3e-16, `I, ${v}, ${x}`);
    assertAlmostEquals(logBesselK(v, x) / k, 1, 3e-16, `K, ${v}, ${x}`);
  }
});

// @must logBesselI, logBesselK: Wronski's I_v K_{v+1} + I_{v+1} K_v = 1/x in logarithms to 1e-11
// @measured reached: 5e-13 at 2500 points of [1e-2, 1e3]²
Deno.test("logBesselI() and logBesselK() satisfy Wronski's equation", () => {
  const random = rng(1);
  let worst = 0;
  for (let n = 0; n < 2500; n++) {
    const v = 1e-2 + 1e3 * uniform(random), x = 1e-2 + 1e3 * uniform(random);
    const first = logBesselI(v, x) + logBesselK(v + 1, x), second = logBesselI(v + 1, x) + logBesselK(v, x);
    const larger = Math.max(first, second);
    worst = Math.max(worst, Math.abs(larger + Math.log1p(Math.exp(-Math.abs(first - second))) + Math.log(x)));
  }
  assert(worst < 1e-11, `${worst}`);
});

Deno.test("logBesselI() has the derivative v/x + I_{v+1}/I_v, and K is even in the order", () => {
  for (const [v, x] of [[0, 0.5], [2.5, 4], [15, 25], [0.1, 50], [40, 90], [300, 20], [2, 2000]]) {
    const h = 1e-4 * x, slope = (logBesselI(v, x + h) - logBesselI(v, x - h)) / (2 * h);
    assertAlmostEquals(slope / (v / x + besselRatio(v, x)), 1, 1e-7);
    assertEquals(logBesselK(-v, x), logBesselK(v, x));
  }
});

Deno.test("logBesselI() and logBesselK() have values wherever numbers reach", () => {
  assertAlmostEquals(logBesselI(0, 0), 0);
  assertEquals([logBesselI(1, 0), logBesselK(0, 0), besselRatio(3, 0)], [-Infinity, Infinity, 0]);
  for (const v of [0, 1e-300, 0.5, 1, 10, 1e5, 1e200]) {
    for (const x of [5e-324, 1e-300, 1e-8, 1, 30, 1e5, 1e200, 1.7e308]) {
      const values = [logBesselI(v, x), logBesselK(v, x), besselRatio(v, x)], what = `${v}, ${x}: ${values}`;
      assert(values.every(Number.isFinite) && values[2] >= 0 && values[2] <= 1, what);
    }
  }
});

// @must logBesselI, logBesselK: negative x, and for I negative orders, are refused
// @measured reached: DomainErrors, also for what is not finite
Deno.test("logBesselI() and logBesselK() refuse what they are not defined for", () => {
  for (const f of [logBesselI, logBesselK, besselRatio]) {
    for (const x of [-1, NaN, Infinity]) assertThrows(() => f(1, x), DomainError, `expected a finite x >= 0, got ${x}`);
    assertThrows(() => f(NaN, 1), DomainError, "expected a finite order, got NaN");
  }
  for (const f of [logBesselI, besselRatio]) assertThrows(() => f(-0.5, 1), DomainError, "got -0.5");
});
