// Minimax polynomials.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError } from "../../lib/core/mod.ts";
import { minimaxValue, remez } from "../../lib/exact/mod.ts";

const power = (x: number): number => 2 ** x, unit = { lower: 0, upper: 1, relative: true };

/** The largest relative error of Taylor's polynomial of 2^x at 1/2. */
function taylorError(degree: number): number {
  let most = 0;
  for (let k = 0; k <= 1000; k++) {
    const t = (k / 1000 - 0.5) * Math.LN2;
    let sum = 0, term = Math.SQRT2;
    for (let j = 0; j <= degree; j++) {
      sum += term;
      term *= t / (j + 1);
    }
    most = Math.max(most, Math.abs(sum / power(k / 1000) - 1));
  }
  return most;
}

// @must remez: 2^x on [0, 1], relative error of degrees 1 to 6: 2.98e-2, 1.725e-3, 7.48e-5, 2.59e-6, 7.49e-8, 1.86e-9, alternating at n + 2 points; Taylor's at 1/2: 7.6e-2, 9e-3, 7.9e-4, 5.6e-5, 3.2e-6, 1.6e-7
// @measured reached: 2.982e-2, 1.725e-3, 7.478e-5, 2.593e-6, 7.494e-8, 1.856e-9 after 2 or 3 exchanges; Taylor's 7.6e-2, 9.0e-3, 7.9e-4, 5.6e-5, 3.2e-6, 1.6e-7
Deno.test("remez() finds the best relative errors for 2^x", () => {
  const expected = [2.98e-2, 1.725e-3, 7.48e-5, 2.59e-6, 7.49e-8, 1.86e-9];
  const taylor = [7.6e-2, 9e-3, 7.9e-4, 5.6e-5, 3.2e-6, 1.6e-7];
  for (const [k, best] of expected.entries()) {
    const p = remez(power, k + 1, unit);
    assertEquals(p.status, "converged");
    assertAlmostEquals(p.error / best, 1, 4e-3);
    assertAlmostEquals(taylorError(k + 1) / taylor[k], 1, 0.03);
    assertEquals(p.points.length, k + 3);
    const errors = Array.from(p.points, (x) => minimaxValue(p, x) / power(x) - 1);
    for (const [i, error] of errors.entries()) {
      assertAlmostEquals(Math.abs(error) / p.error, 1, 1e-5);
      if (i > 0) assert(error * errors[i - 1] < 0);
    }
  }
});

Deno.test("remez() finds what is known in closed form", () => {
  // x^n by degree n - 1: the error is Chebyshev's polynomial over 2^(n-1)
  for (const n of [2, 3, 6, 9]) {
    const p = remez((x) => x ** n, n - 1);
    assertAlmostEquals(p.error, 2 ** (1 - n), 1e-12);
    for (const x of [-0.9, 0.1, 0.7]) {
      assertAlmostEquals(minimaxValue(p, x), x ** n - Math.cos(n * Math.acos(x)) * 2 ** (1 - n), 1e-6 * 2 ** -n);
    }
  }
  // |x| by degree 2: x² + 1/8, error 1/8; e^x by a line: slope sinh 1
  assertAlmostEquals(remez(Math.abs, 2).error, 1 / 8, 1e-6);
  const line = remez(Math.exp, 1);
  assertAlmostEquals(line.coefficients[1], Math.sinh(1), 1e-6);
  // 1/(x - a): ((a - √(a²-1))^n)/(a² - 1)
  const a = 2, n = 5;
  assertAlmostEquals(remez((x) => 1 / (a - x), n).error / ((a - Math.sqrt(3)) ** n / 3), 1, 1e-6);
});

Deno.test("remez() says when rounding is all that is left", () => {
  const p = remez(power, 16, unit);
  assertEquals(p.status, "rounding");
  assert(p.error < 1e-14);
  assertEquals(remez((x) => 3 * x * x - x + 0.25, 5).status, "rounding");
  assertEquals(remez(power, 5, { ...unit, maxIterations: 1, tolerance: 1e-12 }).status, "iteration-limit");
});

Deno.test("remez() refuses poles, zeros under relative errors, and bad options", () => {
  assertThrows(() => remez((x) => 1 / x, 4, { lower: 0, upper: 1 }), DomainError, "at 0");
  assertThrows(() => remez((x) => 1 / (x - 1 / 3), 4), DomainError, "no pole");
  assertThrows(() => remez((x) => 1 / (x - 1 / 3) ** 2, 4), DomainError, "no pole");
  assertThrows(() => remez(Math.log, 2, { lower: -1, upper: 1 }), DomainError, "finite values");
  assertThrows(() => remez((x) => x, 2, { relative: true }), DomainError, "not 0");
  assertThrows(() => remez(Math.exp, -1), DomainError, "degree");
  assertThrows(() => remez(Math.exp, 2, { lower: 1, upper: 1 }), DomainError, "interval");
  assertThrows(() => remez(Math.exp, 2, { tolerance: 0 }), DomainError, "tolerance");
});
