import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  DomainError,
  type Matrix,
  norm2,
  type Rng,
  rng,
  ShapeError,
  uniform,
  type Vector,
} from "../../../lib/core/mod.ts";
import {
  checkOrthonormal,
  christoffelSample,
  conditionedSample,
  discreteBasis,
  eigh,
  legendreBasis,
  lstsq,
  matrix,
  type OrthonormalBasis,
  projectionDpp,
  qr,
  repeatedDpp,
  stabilityOf,
  volumeSample,
  weightedLsq,
} from "../../../lib/linalg/mod.ts";
import { filled, numbers, random } from "../families.ts";
import { tridiagonal } from "../spectra.ts";

/** Gauss's rule for the uniform distribution on [-1, 1], from the recursion of the polynomials (Golub and Welsch). */
function gauss(n: number): { points: Matrix; weights: Vector } {
  const beside = Array.from({ length: n - 1 }, (_, k) => (k + 1) / Math.sqrt(4 * (k + 1) ** 2 - 1));
  const { values, vectors } = eigh(tridiagonal(new Float64Array(n), beside));
  return { points: matrix(n, 1, values), weights: vectors.data.slice(0, n).map((v) => v * v) };
}

const m = 10, basis = legendreBasis(m), rule = gauss(80), f = (x: number): number => 1 / (1 + 5 * x * x);
const valuesAt = (basis: OrthonormalBasis, x: Vector): Vector => {
  const phi = new Float64Array(basis.size);
  basis.evaluate(x, phi);
  return phi;
};
const optimum = rule.weights.reduce((sum, weight, k) => {
  const x = rule.points.data[k];
  return sum.map((c, j) => c + weight * f(x) * valuesAt(basis, Float64Array.of(x))[j]);
}, new Float64Array(m));
const squaredNorm = rule.weights.reduce((sum, weight, k) => sum + weight * f(rule.points.data[k]) ** 2, 0);
const best = Math.sqrt(squaredNorm - norm2(optimum) ** 2);
const errorOf = (c: Vector): number => Math.hypot(best, norm2(c.map((value, j) => value - optimum[j])));

// @must christoffelSample, projectionDpp, volumeSample, repeatedDpp, weightedLsq: Legendre, f = 1/(1+5x²), m = 10, n
//   = 20, 60 repeats, mean error over the best one: uniform 86, Christoffel 7.2, volume 1.49 (at most 2), two DPPs
//   1.30; n = m: DPP 3.0, independent 378; least eigenvalues of the Gram matrix 2.5e-10, 2e-6, 5e-2, 6e-2
// @measured reached: uniform 96, Christoffel 5.7, volume 1.63, two DPPs 1.37; n = m: DPP 2.7, independent 362; least
//   eigenvalues 1e-9, 1.4e-5, 1.7e-2, 7e-2
Deno.test("volumeSample() and repeatedDpp() come near the best approximation where independent points do not", () => {
  const repeats = 60;
  const study = (draw: (random: Rng) => Matrix, weighted = true): { ratio: number; stability: number } => {
    const generator = rng(1);
    let ratio = 0, least = Infinity;
    for (let k = 0; k < repeats; k++) {
      const points = draw(generator), values = points.data.map(f);
      const { coefficients, stability } = weighted ? weightedLsq(basis, points, values) : unweighted(points, values);
      ratio += errorOf(coefficients) / best / repeats;
      least = Math.min(least, stability);
    }
    return { ratio, stability: least };
  };
  const unweighted = (points: Matrix, values: Vector): { coefficients: Vector; stability: number } => {
    const A = filled(points.rows, m, (i, j) => valuesAt(basis, points.data.subarray(i, i + 1))[j]);
    const { x } = lstsq(A, values, { tolerance: 0 }), singular = stabilityOfRows(A);
    return { coefficients: x, stability: singular };
  };
  const uniformPoints = (n: number) => (random: Rng): Matrix => filled(n, 1, () => 2 * uniform(random) - 1);
  const n = 2 * m;
  const independent = study(uniformPoints(n), false),
    christoffel = study((random) => christoffelSample(basis, n, random));
  const volume = study((random) => volumeSample(basis, n, random)),
    twice = study((random) => repeatedDpp(basis, 2, random));
  const once = study((random) => projectionDpp(basis, random));
  const few = study((random) => christoffelSample(basis, m, random));
  assert(volume.ratio <= 2 && twice.ratio <= 1.6 && once.ratio < 6, `${volume.ratio}, ${twice.ratio}, ${once.ratio}`);
  assert(christoffel.ratio > 1.5 * volume.ratio && independent.ratio > 5 * christoffel.ratio, `${christoffel.ratio}`);
  assert(few.ratio > 20 * once.ratio, `${few.ratio}`);
  assert(
    volume.stability > 1e-2 && twice.stability > 1e-2 && christoffel.stability < 1e-3 && independent.stability < 1e-7,
  );
});

const stabilityOfRows = (A: Matrix): number => {
  const { R } = qr(A),
    gram = filled(m, m, (i, j) => {
      let sum = 0;
      for (let k = 0; k <= Math.min(i, j); k++) sum += R.data[k * m + i] * R.data[k * m + j];
      return sum / A.rows;
    });
  return eigh(gram).values[0];
};

// @must volumeSample: unbiased: z-scores of the mean of c over 4000 draws below 3
// @measured reached: m = 4, n = 6: at most 1.3; independent points above 4
Deno.test("volumeSample() makes weighted least squares unbiased", () => {
  const m = 4, basis = legendreBasis(m), draws = 4000, generator = rng(2);
  const study = (draw: () => Matrix): number[] => {
    const sum = new Float64Array(m), squares = new Float64Array(m);
    for (let k = 0; k < draws; k++) {
      const points = draw(), { coefficients } = weightedLsq(basis, points, points.data.map(f));
      coefficients.forEach((c, j) => {
        sum[j] += c / draws;
        squares[j] += c * c / draws;
      });
    }
    return Array.from(sum, (mean, j) => (mean - optimum[j]) / Math.sqrt((squares[j] - mean * mean) / draws));
  };
  const unbiased = study(() => volumeSample(basis, 6, generator));
  assert(unbiased.every((z) => Math.abs(z) < 3), `${unbiased}`);
  assert(Math.abs(study(() => christoffelSample(basis, 6, generator))[0]) > 4); // independent points are not
});

// @must projectionDpp: the density of the points is |φ|²/m, and pairs have that of the determinant
// @measured reached: 4 functions on 9 points, 12000 draws: all frequencies within 3.5 standard deviations
Deno.test("projectionDpp() has the inclusion probabilities of its kernel", () => {
  const n = 9, m = 4, draws = 12000, next = numbers(3), weights = Float64Array.from({ length: n }, () => 1.2 + next());
  const total = weights.reduce((sum, w) => sum + w, 0),
    mass = weights.map((w) => w / total),
    { Q } = qr(random(n, m, next));
  const basis = discreteBasis(filled(n, m, (i, j) => Q.data[i * m + j] / Math.sqrt(mass[i])), mass), generator = rng(4);
  const kernel = (i: number, j: number): number => {
    let sum = 0;
    for (let k = 0; k < m; k++) sum += Q.data[i * m + k] * Q.data[j * m + k];
    return sum;
  };
  const together = matrix(n, n);
  for (let draw = 0; draw < draws; draw++) {
    const { data } = projectionDpp(basis, generator);
    assertEquals(new Set(data).size, m);
    for (const i of data) for (const j of data) together.data[i * n + j]++;
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const p = i === j ? kernel(i, i) : kernel(i, i) * kernel(j, j) - kernel(i, j) ** 2;
      const frequency = together.data[i * n + j] / draws;
      assert(Math.abs(frequency - p) < 3.5 * Math.sqrt(p * (1 - p) / draws), `${i}, ${j}: ${frequency}, ${p}`);
    }
  }
});

// @must christoffelSample: the density |φ|²/m
// @measured reached: 20000 points, ten cells of [-1, 1]: χ² 6.1 of 9
Deno.test("christoffelSample() has the density of the Christoffel function", () => {
  const draws = 20000, points = christoffelSample(legendreBasis(5), draws, rng(5)), counts = new Float64Array(10);
  for (const x of points.data) counts[Math.min(9, Math.floor(5 * (x + 1)))]++;
  let statistic = 0;
  counts.forEach((count, cell) => {
    const p = rule.weights.reduce((sum, weight, k) => { // the cell, by the rule scaled to it
      const phi = valuesAt(legendreBasis(5), Float64Array.of(-0.9 + 0.2 * cell + 0.1 * rule.points.data[k]));
      return sum + weight / 10 * norm2(phi) ** 2 / 5;
    }, 0);
    statistic += (count - draws * p) ** 2 / (draws * p);
  });
  assert(statistic < 9 + 3 * Math.sqrt(18), `${statistic}`);
});

Deno.test("legendreBasis() is orthonormal, and its bound holds", () => {
  checkOrthonormal(legendreBasis(40), rule.points, rule.weights, 1e-12);
  const x = new Float64Array(1), generator = rng(6), basis = legendreBasis(30);
  for (let k = 0; k < 2000; k++) {
    const bound = basis.propose(generator, x), whole = norm2(valuesAt(basis, x)) ** 2;
    assert(whole <= bound && Math.abs(x[0]) <= 1, `${x}: ${whole}, ${bound}`);
  }
});

Deno.test("conditionedSample() draws until the points are stable", () => {
  const generator = rng(7);
  for (const draw of [() => christoffelSample(basis, 40, generator), () => volumeSample(basis, 40, generator)]) {
    const points = conditionedSample(basis, draw, { delta: 0.7 });
    const fit = weightedLsq(basis, points, points.data.map(f));
    assert(fit.stability >= 0.3 && fit.stability === stabilityOf(basis, points));
    assert(errorOf(fit.coefficients) < 4 * best);
  }
});

Deno.test("samples of a basis are the same for the same seed", () => {
  for (const n of [10, 14]) assertEquals(volumeSample(basis, n, rng(8)), volumeSample(basis, n, rng(8)));
  assertEquals(repeatedDpp(basis, 2, rng(8)), repeatedDpp(basis, 2, rng(8)));
});

Deno.test("weighted least squares refuse bad input", () => {
  const generator = rng(9), points = volumeSample(basis, 12, generator);
  assertThrows(() => legendreBasis(0), DomainError, ">= 1");
  assertThrows(() => volumeSample(basis, 9, generator), DomainError, ">= 10, got 9");
  assertThrows(() => christoffelSample(basis, 0, generator), DomainError, ">= 1");
  assertThrows(() => repeatedDpp(basis, 0, generator), DomainError, ">= 1");
  assertThrows(() => weightedLsq(basis, points, new Float64Array(3)), ShapeError, "12 entries");
  assertThrows(() => weightedLsq(basis, matrix(12, 2), new Float64Array(12)), ShapeError, "1 coordinates");
  assertThrows(() => weightedLsq(basis, matrix(9, 1), new Float64Array(9)), DomainError, "at least 10 points");
  assertThrows(() => weightedLsq(basis, points, points.data.map(() => NaN)), DomainError, "NaN");
  assertThrows(
    () => discreteBasis(matrix([[1], [1]]), Float64Array.of(1, 1)),
    DomainError,
    "the product 2 of numbers 0 and 0",
  );
  assertThrows(() => discreteBasis(matrix([[1], [1]]), Float64Array.of(1)), ShapeError, "2 entries");
  const monomials = { ...basis, evaluate: ([x]: Vector, out: Vector) => void out.forEach((_, j) => out[j] = x ** j) };
  assertThrows(() => checkOrthonormal(monomials, rule.points, rule.weights), DomainError, "numbers 0 and 2");
  const unbounded = { ...basis, propose: (_: Rng, x: Vector) => (x[0] = 1, 1) };
  assertThrows(() => projectionDpp(unbounded, generator), DomainError, "expected a bound");
  const draw = (): Matrix => christoffelSample(basis, 10, generator);
  assertThrows(() => conditionedSample(basis, draw, { delta: 0.1, maxDraws: 3 }), DomainError, "in 3 draws");
  assertThrows(() => conditionedSample(basis, draw, { delta: 1 }), DomainError, "(0, 1)");
});
