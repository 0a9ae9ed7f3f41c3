// Minima along lines: polynomials with known zeros, grids, the pieces of each denominator.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, fillNormal, integer, type LinedDenominator, type Rng, rng, uniform } from "../../lib/core/mod.ts";
import { type Line, lineOf, minimizeLine } from "../../lib/splitting/fractional/line_minimum.ts";
import { polynomialWork, signChanges } from "../../lib/splitting/fractional/sign_changes.ts";
import { concaveQuadratic, euclideanNorm, topSum } from "../../lib/splitting/mod.ts";

/** The coefficients of a polynomial with these zeros. */
function withZeros(zeros: readonly number[], factor: number): number[] {
  let p = [factor];
  for (const z of zeros) p = [...p, 0].map((_, k) => (p[k - 1] ?? 0) - z * (p[k] ?? 0));
  return p;
}

Deno.test("signChanges() finds the simple zeros inside the interval, in order, at any scale", () => {
  const cases: [zeros: number[], lower: number, upper: number, expected: number[]][] = [
    [[2], -Infinity, Infinity, [2]],
    [[3, -1], -Infinity, Infinity, [-1, 3]],
    [[3, -1], 0, Infinity, [3]],
    [[3, -1], -5, 2, [-1]],
    [[1, 1, 4], -Infinity, Infinity, [4]], // no change of sign at the double one, which may be among them
    [[-3, 0, 1e-9], -Infinity, Infinity, [-3, 0, 1e-9]],
    [[-1, 0.5, 2, 7], -Infinity, Infinity, [-1, 0.5, 2, 7]],
    [[-1, 0.5, 2, 1e6], 0, 1e7, [0.5, 2, 1e6]],
    [[5, 5, 5], -Infinity, Infinity, [5]],
  ];
  for (const [zeros, lower, upper, expected] of cases) {
    for (const factor of [1, -1e-8, 3e9]) {
      const work = polynomialWork();
      work.coefficients.set(withZeros(zeros, factor));
      const found = [...work.roots.subarray(0, signChanges(work, 4, lower, upper))];
      assertEquals(found, [...found].sort((a, b) => a - b));
      for (const z of expected) {
        assert(found.some((r) => Math.abs(r - z) <= 2e-5 * Math.abs(z) + 1e-15), `${zeros} x ${factor}: ${found}`);
      }
      assert(found.every((r) => zeros.some((z) => Math.abs(r - z) <= 1e-4 * Math.abs(z) + 1e-15)), String(found));
    }
  }
  const none = polynomialWork();
  none.coefficients.set([1, 0, 1]);
  assertEquals(signChanges(none, 4, -Infinity, Infinity), 0);
  none.coefficients.fill(0);
  assertEquals(signChanges(none, 4, -1, 1), 0);
});

/** g along a line from its pieces. */
function denominatorOf({ pieces, count, power, denominator }: Line, t: number): number {
  let k = 0;
  while (k + 1 < count && t >= pieces[4 * k + 4]) k++;
  const rise = pieces[4 * k + 1] + t * (pieces[4 * k + 2] + t * pieces[4 * k + 3]);
  return power === 1 ? denominator + rise : Math.sqrt(Math.max(denominator ** 2 + rise, 0));
}

function numeratorOf({ numerator, slope, curvature, weight, x }: Line, t: number): number {
  return numerator + slope * t + curvature / 2 * t * t + weight * (Math.abs(x + t) - Math.abs(x));
}

/** Random numbers for a line of a denominator at a random point. */
function randomLine(random: Rng, g: LinedDenominator, bound: number): Line {
  const n = 6, x = fillNormal(random, new Float64Array(n)), i = integer(random, n);
  if (bound < Infinity) { for (let j = 0; j < n; j++) x[j] = bound * (2 * uniform(random) - 1); }
  if (uniform(random) < 0.2) x[i] = 0;
  const memory = new Float64Array(g.lines.memoryLength), line = lineOf(g.lines.power, g.lines.mostPieces);
  g.lines.remember(x, memory);
  const below = g.value(x), above = 0.2 + 3 * uniform(random);
  return Object.assign(line, {
    count: g.lines.pieces(x, i, memory, line.pieces),
    x: x[i],
    denominator: below,
    numerator: above,
    fraction: above / below,
    curvature: 0.3 + 2 * uniform(random),
    weight: uniform(random) < 0.3 ? 0 : 2 * uniform(random),
    // above / numerator stays positive on the line: |slope| < √(2 curvature above)
    slope: 1.5 * (uniform(random) - 0.5),
    lower: -bound,
    upper: bound,
  });
}

// @must topSum, euclideanNorm, concaveQuadratic: along each coordinate the global minimum of a fraction, and of its
//   parametric form, by breakpoints and polynomial equations up to degree 4
// @measured reached: 720 lines, of which a grid of 2001 points has nothing lower by 1e-12
Deno.test("minimizeLine() finds no worse point than a fine grid, for every denominator, as a ratio and with a parameter", () => {
  const random = rng(3);
  const kinds: [LinedDenominator, number][] = [
    [topSum(6, 2, 0.1), Infinity],
    [topSum(6, 6, 0.1), 2],
    [topSum(6, 1, 0), Infinity],
    [euclideanNorm(), Infinity],
    [euclideanNorm(), 1],
    [concaveQuadratic(5), 1],
  ];
  let moved = 0, trials = 0;
  for (const [g, bound] of kinds) {
    for (const ratio of [true, false]) {
      for (let trial = 0; trial < 60; trial++) {
        const line = randomLine(random, g, bound), F = line.fraction;
        const value = (t: number): number =>
          ratio ? numeratorOf(line, t) / denominatorOf(line, t) - F : numeratorOf(line, t) - F * denominatorOf(line, t);
        minimizeLine(line, ratio);
        assertAlmostEquals(value(line.t), line.change, 1e-12);
        const from = Math.max(-8, line.lower - line.x), to = Math.min(8, line.upper - line.x);
        for (let k = 0; k <= 2000; k++) {
          const t = from + (to - from) * k / 2000, there = value(t);
          assert(!(there < line.change - 1e-12), `${there} at ${t}, ${line.change} at ${line.t}`);
        }
        assert(line.x + line.t >= line.lower - 1e-15 && line.x + line.t <= line.upper + 1e-15);
        if (Math.abs(line.t) > 1e-3) moved++;
        trials++;
      }
    }
  }
  assert(moved > trials / 2, `${moved} of ${trials} lines have their minimum elsewhere`);
});

Deno.test("minimizeLine() sees steps whose gain is far below the rounding of the fraction", () => {
  const line = lineOf(1, 3), g = topSum(2, 1, 1), x = Float64Array.of(3, 1), memory = new Float64Array(2);
  g.lines.remember(x, memory);
  line.count = g.lines.pieces(x, 0, memory, line.pieces);
  // N = 40 + s t + t²/2, g = 4 + t, F = 10: stationary at s = 10 - δ, whose step is δ
  for (const delta of [1e-6, 1e-10, 1e-13]) {
    for (const ratio of [true, false]) {
      Object.assign(line, { x: 3, denominator: 4, numerator: 40, fraction: 10, lower: 2, upper: 9 });
      Object.assign(line, { slope: 10 - delta, curvature: 1 });
      minimizeLine(line, ratio);
      const exact = 10 - (10 - delta);
      assertAlmostEquals(line.t / exact, 1, 1e-6);
      assert(line.change < 0 && line.change > -exact * exact);
    }
  }
});

Deno.test("minimizeLine() jumps to the lowest of several local minima", () => {
  // N = 1 - 2t/5 + t²/4, g = max(|t|, 1) + 0.05: past the kink at 1 the fraction falls again
  const line = lineOf(1, 3), g = topSum(2, 1, 0.05), x = Float64Array.of(0, 1), memory = new Float64Array(2);
  g.lines.remember(x, memory);
  line.count = g.lines.pieces(x, 0, memory, line.pieces);
  Object.assign(line, { x: 0, denominator: 1.05, numerator: 1, fraction: 1 / 1.05, slope: -0.4, curvature: 0.5 });
  Object.assign(line, { lower: -Infinity, upper: Infinity });
  minimizeLine(line, true);
  // stationary for t > 1 where (t/2 - 2/5)(t + 0.05) = N(t), that is t² + 0.1 t - 4.08 = 0
  assertAlmostEquals(line.t, -0.05 + Math.sqrt(0.0025 + 4.08), 1e-12);
  assert(line.change < 0.84 / 1.05 - 1 / 1.05 - 0.2, "the local minimum at 4/5 is higher");
});

Deno.test("minimizeLine() finds the minimum where both sides of the squared equation vanish", () => {
  // N = 0.6 + c (x t + t²/2) and g = √(4 + (x + t)²) are both stationary at -x
  for (let k = 1; k <= 20; k++) {
    const line = lineOf(2, 1), x = 0.1 * k, c = 0.9 + 0.07 * k, g = Math.sqrt(4 + x * x), lower = -9, upper = 9;
    line.pieces.set([-Infinity, 0, 2 * x, 1]);
    Object.assign(line, { count: 1, x, denominator: g, numerator: 0.6, fraction: 0.6 / g, slope: c * x, curvature: c });
    minimizeLine(Object.assign(line, { lower, upper }), false);
    assertAlmostEquals(line.t, -x, 1e-7);
    assertAlmostEquals(line.change, -c * x * x / 2 - 0.6 / g * (2 - g), 1e-14);
  }
});

Deno.test("minimizeLine() tells the least denominator, inside a piece and far away", () => {
  const cases: [pieces: number[], lower: number, upper: number, least: number][] = [
    [[-Infinity, 0, -3, 1], -1, 5, -0.25], // 2 - 3t + t²
    [[-Infinity, 0, -3, 1], -1, 1.25, -0.1875],
    [[-Infinity, 0, -3, 1], -1, 0.5, 0.75],
    [[-Infinity, 0, 1, 0], -Infinity, 1, -Infinity],
    [[-Infinity, 0, 0, -1], -Infinity, Infinity, -Infinity],
    [[-Infinity, 0, 0, 0, 1, 0.5, 0, 0], -Infinity, Infinity, 2],
  ];
  for (const [pieces, lower, upper, least] of cases) {
    const line = lineOf(1, 2);
    line.pieces.set(pieces);
    Object.assign(line, {
      count: pieces.length / 4,
      denominator: 2,
      numerator: 2,
      fraction: 1,
      curvature: 1,
      lower,
      upper,
    });
    minimizeLine(line, true);
    assertEquals(line.least, least);
  }
});

Deno.test("topSum(), euclideanNorm() and concaveQuadratic() show their lines as they are, and follow changes", () => {
  const random = rng(5), n = 7;
  for (const g of [topSum(n, 1), topSum(n, 3, 0.5), topSum(n, n, 0.5), euclideanNorm(), concaveQuadratic(40)]) {
    const x = fillNormal(random, new Float64Array(n)), { lines } = g;
    x[2] = x[3]; // equal magnitudes
    x[4] = -x[3];
    const memory = new Float64Array(lines.memoryLength), fresh = memory.slice();
    const pieces = new Float64Array(4 * lines.mostPieces);
    lines.remember(x, memory);
    for (let trial = 0; trial < 200; trial++) {
      const i = integer(random, n), before = x[i], base = g.value(x), v = new Float64Array(n);
      assertAlmostEquals(lines.value(x, memory), base, 1e-14);
      const count = lines.pieces(x, i, memory, pieces), t = 3 * (uniform(random) - 0.5);
      assertEquals(pieces[0], -Infinity);
      const line = Object.assign(lineOf(lines.power, lines.mostPieces), { pieces, count, denominator: base });
      assertEquals(denominatorOf(line, 0), base);
      assertEquals(g.subgradient(x, v), base);
      x[i] = trial % 5 === 0 ? 0 : before + t;
      assertAlmostEquals(denominatorOf(line, x[i] - before), g.value(x), 1e-13);
      const M = g.curvature, tangent = base + v[i] * (x[i] - before) - M / 2 * (x[i] - before) ** 2;
      assert(g.value(x) >= tangent - 1e-13, "the parabola is below");
      lines.follow(x, i, before, memory);
      lines.remember(x, fresh);
      assertEquals(memory, fresh);
    }
  }
});

Deno.test("topSum() and concaveQuadratic() refuse what they are not defined for", () => {
  assertThrows(() => topSum(3, 0), DomainError, "expected from 1 to 3 of them, got 0");
  assertThrows(() => topSum(3, 4), DomainError, "got 4");
  assertThrows(() => topSum(3, 1.5), DomainError, "got 1.5");
  assertThrows(() => topSum(3, 1, -1), DomainError, "an offset >= 0, got -1");
  assertThrows(() => topSum(3, 1, NaN), DomainError, "got NaN");
  assertThrows(() => concaveQuadratic(0), DomainError, "expected c > 0, got 0");
});
