// The von Mises-Fisher distribution.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, dot, fillSphere, norm2, rng, ShapeError, type Vector } from "../../../lib/core/mod.ts";
import { besselRatio, matrix, row, vmfConcentration, vmfFit, vmfLogPdf, vmfSample } from "../../../lib/linalg/mod.ts";

const unit = (p: number, seed: number): Vector => fillSphere(rng(seed), new Float64Array(p));

// @must vmfFit: p = 3, 50, 512, 2048 with κ = 5, 200, 1000, 5000 is found again, in at most 5 steps of Newton's method for p <= 512
// @measured reached: 4.94, 201.5, 1002, 5009 from 2000 samples, in 4, 3, 3 and 3 steps
Deno.test("vmfFit() finds the parameters of samples again", () => {
  for (const [p, kappa] of [[3, 5], [50, 200], [512, 1000], [2048, 5000]]) {
    const mean = unit(p, 2), N = 2000, fit = vmfFit(vmfSample(mean, kappa, N, rng(3)));
    const A = besselRatio(p / 2 - 1, kappa), deviation = 1 / Math.sqrt(N * (1 - A * A - (p - 1) * A / kappa));
    assert(Math.abs(fit.kappa - kappa) < 4 * deviation, `${p}: ${fit.kappa}, ± ${deviation}`);
    assert(fit.iterations <= 5, `${fit.iterations}`);
    // across μ the mean errs by the deviation √(1 - E w²) in p - 1 directions, E w² = 1 - (p-1) A/κ
    const chance = Math.sqrt((p - 1) * A / kappa / N) / A;
    assertAlmostEquals(norm2(fit.mean), 1, 1e-14);
    assert(norm2(fit.mean.map((m, i) => m - mean[i])) < 3 * chance, `${p}`);
  }
});

Deno.test("vmfConcentration() solves its equation to rounding, near a point and near the whole sphere", () => {
  for (const p of [2, 3, 4, 10, 1000, 1e6]) {
    for (const R of [5e-324, 1e-300, 1e-8, 0.01, 0.5, 0.9, 0.99, 1 - 1e-6, 1 - 1e-10, 1 - 2 ** -53]) {
      const { kappa, iterations } = vmfConcentration(p, R);
      assertAlmostEquals(besselRatio(p / 2 - 1, kappa), R, 1e-14 * R, `${p}, ${R}`);
      assert(iterations <= 5);
    }
  }
  assertAlmostEquals(vmfConcentration(3, 1 / Math.tanh(7) - 1 / 7).kappa, 7, 1e-12);
});

Deno.test("vmfLogPdf() is the known density in three dimensions and integrates to one", () => {
  const mean = unit(3, 5);
  for (const kappa of [1e-12, 1e-3, 1, 30, 900, 1e300]) {
    const peak = Math.log(kappa / (2 * Math.PI)) - Math.log(-Math.expm1(-2 * kappa));
    assertAlmostEquals(vmfLogPdf(mean, mean, kappa), peak, 1e-13 * Math.max(1, Math.abs(peak)), `${kappa}`);
  }
  for (const [p, kappa] of [[2, 0], [2, 3], [4, 1e-9], [5, 2], [5, 20]]) {
    const pole = new Float64Array(p), x = new Float64Array(p), steps = 2000;
    pole[0] = 1;
    let total = 0; // over the angle θ from the pole, on which the area of the sphere is |S^{p-2}| sin^{p-2} θ
    for (let k = 0; k < steps; k++) {
      const angle = Math.PI * (k + 0.5) / steps;
      x[0] = Math.cos(angle);
      x[1] = Math.sin(angle);
      total += Math.exp(vmfLogPdf(x, pole, kappa)) * x[1] ** (p - 2) * Math.PI / steps;
    }
    const area = [0, 0, 2, 2 * Math.PI, 4 * Math.PI, 2 * Math.PI ** 2][p];
    assertAlmostEquals(area * total, 1, 1e-5);
  }
});

Deno.test("vmfSample() makes unit vectors with the mean and the spread of the distribution", () => {
  for (const [p, kappa] of [[2, 0], [2, 1.5], [3, 0.5], [3, 50], [10, 40]]) {
    const mean = unit(p, 7), N = 20_000, X = vmfSample(mean, kappa, N, rng(8)), A = besselRatio(p / 2 - 1, kappa);
    let first = 0, second = 0;
    for (let i = 0; i < N; i++) {
      const x = row(X, i), w = dot(mean, x);
      assertAlmostEquals(norm2(x), 1, 1e-14);
      first += w / N;
      second += w * w / N;
    }
    const moment = kappa === 0 ? 1 / p : 1 - (p - 1) * A / kappa; // E w²
    assertAlmostEquals(first, A, 4 * Math.sqrt((moment - A * A) / N));
    assertAlmostEquals(second, moment, 4 / Math.sqrt(N));
  }
  const narrow = vmfSample(Float64Array.of(0, 0, 1), 1e12, 1000, rng(9)); // beyond the digits of w itself
  let squares = 0;
  for (let i = 0; i < 1000; i++) squares += (narrow.data[3 * i] ** 2 + narrow.data[3 * i + 1] ** 2) / 1000;
  assertAlmostEquals(squares * 1e12 / 2, 1, 0.15);
  assertEquals(vmfSample(unit(4, 1), 3, 5, rng(1)), vmfSample(unit(4, 1), 3, 5, rng(1)));
});

// @must vmfFit: R outside (0, 1) is refused
// @measured reached: samples that cancel, that are all the same, that are none
Deno.test("vmfFit(), vmfLogPdf() and vmfSample() refuse what is no direction or no concentration", () => {
  assertThrows(() => vmfFit(matrix([[1, 0], [-1, 0]])), DomainError, "length in (0, 1), got 0");
  assertThrows(() => vmfFit(matrix([[1, 0], [1, 0]])), DomainError, "length in (0, 1), got 1");
  assertThrows(() => vmfFit(matrix(0, 3)), DomainError, "length in (0, 1), got 0");
  assertThrows(() => vmfFit(matrix([[1, 1]])), DomainError, "expected unit vectors, got length 1.41");
  assertThrows(() => vmfFit(matrix([[1]])), DomainError, "expected 2 or more dimensions, got 1");
  assertThrows(() => vmfFit(matrix([[NaN, 1]])), DomainError, "got NaN");
  for (const R of [0, 1, -0.5, NaN]) assertThrows(() => vmfConcentration(3, R), DomainError, `(0, 1), got ${R}`);
  const pole = Float64Array.of(0, 1);
  for (const kappa of [-1, NaN, Infinity]) {
    assertThrows(() => vmfLogPdf(pole, pole, kappa), DomainError, `got ${kappa}`);
    assertThrows(() => vmfSample(pole, kappa, 1, rng(1)), DomainError, `got ${kappa}`);
  }
  assertThrows(() => vmfLogPdf(Float64Array.of(0, 0, 1), pole, 1), ShapeError, "a point of 2 entries, got 3");
  assertThrows(() => vmfSample(pole, 1, 1.5, rng(1)), ShapeError);
});
