// Losses of iterations.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, fillUniform, rng, ShapeError } from "../../../lib/core/mod.ts";
import {
  iterationLoss,
  residualLoss,
  sparseDiagonal,
  stationaryIteration,
  surrogateLoss,
} from "../../../lib/linalg/mod.ts";

/** The errors of Richardson's iteration for `μ x = 1` from ω: `(1 - μ)ᵏ |ω - 1/μ|`. */
const errors = (mu: number, omega: number, count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, k) => (1 - mu) ** k * Math.abs(omega - 1 / mu));

/** The least point of a function on a grid from 0 to 12. */
function argmin(f: (omega: number) => number): number {
  let best = 0, least = Infinity;
  for (let k = 0; k <= 1200; k++) {
    const value = f(k / 100);
    if (value < least) [best, least] = [k / 100, value];
  }
  return best;
}

const easy = 0.5, hard = 0.1;

// @must residualLoss, iterationLoss: on a mix of two tasks, a share p of hard ones, the best start for the error after m steps is that of the
//   hard task, the best start for the number of iterations that of the easy one, and the ratio of mean iterations tends to
//   ((1-p)/p) log(1-μ₁)/log(1-μ₂): about 3, 7, 15 for p = 0.05, 0.02, 0.01
// @measured reached: 10 and 2 are the starts; 2.89, 7.46, 15.07 by real iterations to 1e-250
Deno.test("residualLoss() favours hard tasks, iterationLoss() counts", () => {
  for (const [p, ratio] of [[0.05, 3], [0.02, 7], [0.01, 15]]) {
    const mean = (loss: (e: Float64Array) => number, omega: number, count: number): number =>
      p * loss(errors(hard, omega, count)) + (1 - p) * loss(errors(easy, omega, count));
    const after = residualLoss(20).value, count = iterationLoss(1e-9).value;
    const byError = argmin((omega) => mean(after, omega, 21)), byCount = argmin((omega) => mean(count, omega, 400));
    assertEquals([byError, byCount], [1 / hard, 1 / easy]);
    // the same by a solver, to a tolerance at which the logarithms of the starts do not matter any more
    const iterations = (mu: number, omega: number): number =>
      stationaryIteration(sparseDiagonal([mu]), Float64Array.of(0), {
        start: Float64Array.of(omega - 1 / mu), // the error itself: x = 0 is the solution
        absolute: 1e-250 * mu,
      }).iterations;
    const total = (omega: number): number => p * iterations(hard, omega) + (1 - p) * iterations(easy, omega);
    const measured = total(byError) / total(byCount), theory = (1 - p) / p * Math.log(1 - hard) / Math.log(1 - easy);
    assertAlmostEquals(measured / theory, 1, 0.01);
    assertAlmostEquals(measured / ratio, 1, 0.07);
  }
});

// @must surrogateLoss: its minimum is that of the number of iterations, and it has a gradient through the steps
// @measured reached: on the mix above the minimum is at the start of the easy task, as for the number itself; differences of the loss
//   agree with the gradient to 1e-8, also through the steps of Richardson's iteration
Deno.test("surrogateLoss() is a smooth number of iterations", () => {
  const p = 0.02, surrogate = surrogateLoss(1e-9, 5, 300);
  const mean = (omega: number): number =>
    p * surrogate.value(errors(hard, omega, 300)) + (1 - p) * surrogate.value(errors(easy, omega, 300));
  assertEquals(argmin(mean), 1 / easy);
  for (const [mu, omega] of [[hard, 3], [easy, 7]]) { // sharper, it is the number; plain, it is too
    const e = errors(mu, omega, 300), count = iterationLoss(1e-9).value(e);
    assertAlmostEquals(surrogateLoss(1e-9, 200, 300).value(e), count, 0.1);
    assertAlmostEquals(surrogateLoss(1e-9, 1e14, 300, { plain: true }).value(e), count, 0.1);
    assertEquals(surrogateLoss(1e-9, 1e3, 10).value(e), 10); // cut off
    // by ω, through the steps: dLₖ/dω = (1 - μ)ᵏ sign(ω - 1/μ)
    const slopes = new Float64Array(300);
    surrogate.gradient(e, slopes);
    const chain = slopes.reduce((sum, slope, k) => sum + slope * (1 - mu) ** k * Math.sign(omega - 1 / mu), 0),
      h = 1e-4;
    const value = (w: number): number => surrogate.value(errors(mu, w, 300));
    assertAlmostEquals(chain / ((value(omega + h) - value(omega - h)) / (2 * h)), 1, 1e-6);
  }
  const e = fillUniform(rng(1), new Float64Array(12)), out = new Float64Array(12);
  for (const plain of [false, true]) {
    const loss = surrogateLoss(0.3, 3, 10, { plain });
    assertEquals(loss.gradient(e, out), loss.value(e));
    out.forEach((slope, k) => {
      const value = (h: number): number => loss.value(e.map((v, i) => i === k ? v + h : v)), h = 1e-4 * e[k];
      const difference = (8 * (value(h) - value(-h)) - (value(2 * h) - value(-2 * h))) / (12 * h);
      assertAlmostEquals(slope, difference, 1e-8);
      assert(k < 10 ? slope > 0 : slope === 0);
    });
  }
  const solved = Float64Array.of(1, 0.1, 0, 0); // an error of zero has no slope, and makes none of the others NaN
  surrogateLoss(0.5, 3, 4).gradient(solved, out.subarray(0, 4));
  assert(out.subarray(0, 4).every(Number.isFinite));
});

Deno.test("losses of iterations refuse bad input and cut off", () => {
  assertEquals(iterationLoss(0.1).value(Float64Array.of(1, 0.5, 0.2)), 3);
  assertEquals(iterationLoss(0.5).value(Float64Array.of(1, 0.5, 0.7)), 1);
  const out = new Float64Array(3);
  assertEquals(residualLoss(1).gradient(Float64Array.of(5, 4, 3), out), 4);
  assertEquals([...out], [0, 1, 0]);
  for (const bad of [0, -1, NaN, Infinity]) {
    assertThrows(() => iterationLoss(bad), DomainError, `got ${bad}`);
    assertThrows(() => surrogateLoss(bad, 1, 5), DomainError, "ε > 0");
    assertThrows(() => surrogateLoss(1, bad, 5), DomainError, "a sharpness > 0");
    assertThrows(() => residualLoss(bad), DomainError);
    assertThrows(() => surrogateLoss(1, 1, bad), DomainError);
  }
  assertThrows(() => residualLoss(3).value(out), ShapeError, "at least 4 errors, got 3");
  assertThrows(() => surrogateLoss(1, 1, 4).value(out), ShapeError, "at least 4 errors, got 3");
});
