import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  DomainError,
  dot,
  type Matrix,
  norm2,
  type Rng,
  rng,
  ShapeError,
  uniform,
  type Vector,
} from "../../lib/core/mod.ts";
import {
  add,
  identity,
  inv,
  lstsq,
  matmul,
  matrix,
  norm,
  scale,
  slogdet,
  trace,
  transpose,
} from "../../lib/linalg/mod.ts";
import { eim, eimLimit } from "../../lib/reduce/mod.ts";

const N = 40;
const symmetric = (random: Rng): Matrix => {
  const X = matrix(N, N, Float64Array.from({ length: N * N }, () => uniform(random) - 0.5)), S = add(X, transpose(X));
  return scale(S, 1 / norm(S, 2));
};
const random = rng(1), base = scale(add(identity(N), scale(symmetric(random), 0.3)), 2);
const first = scale(symmetric(random), 5), second = scale(symmetric(random), 5);
/** θ = (1, μ₁/10, 3 μ₂/20), and the matrix that nobody needs to know. */
const theta = ([x, y]: Vector): number[] => [1, 0.1 * x, 0.15 * y];
const at = (mu: Vector): Matrix => add(base, add(scale(first, theta(mu)[1]), scale(second, theta(mu)[2])));
const grid = matrix(
  225,
  2,
  Array.from({ length: 450 }, (_, k) => (k % 2 ? (k >> 1) % 15 : Math.floor(k / 30)) / 7 - 1),
);
const inverse = (mu: Vector): Vector => inv(at(mu)).data;
const logDeterminant = (mu: Vector): Vector => Float64Array.of(slogdet(at(mu)).logarithm);
const tests = Array.from({ length: 50 }, () => Float64Array.of(2 * uniform(random) - 1, 2 * uniform(random) - 1));
const pointOf = (l: number): Vector => grid.data.subarray(2 * l, 2 * l + 2);
const errorOf = (Q: (mu: Vector) => Vector, guess: (mu: Vector) => Vector): number =>
  Math.max(...tests.map((mu) => {
    const truth = Q(mu);
    return norm2(guess(mu).map((value, k) => value - truth[k])) / norm2(truth);
  }));

// @must eimLimit: N = 40, θ = (1, .1 μ₁, .15 μ₂), 225 training points, degree <= 8: largest relative error over 50
//   tests, d = 6, 15, 28: inverse 4e-2, 2e-3, 1.3e-4; log-determinant 5e-3, 1e-4, 3.5e-6
// @measured reached: 3.7e-2, 1.7e-3, 1.3e-4; 1.0e-3, 3.6e-5, 3.3e-6
Deno.test("eimLimit() approximates inverses and log-determinants from a few of them", () => {
  const limits: [number, number, number][] = [[6, 6e-2, 5e-3], [15, 4e-3, 3e-4], [28, 3e-4, 2e-5]];
  let before = Infinity;
  for (const [terms, ofInverse, ofDeterminant] of limits) {
    const family = { theta, parameters: grid };
    const approximation = eimLimit(family, inverse, { terms, validate: true }),
      error = errorOf(inverse, approximation.evaluate);
    const scalar = errorOf(logDeterminant, eimLimit(family, logDeterminant, { terms }).evaluate);
    assert(error < ofInverse && scalar < ofDeterminant && error < before / 5, `${terms}: ${error}, ${scalar}`);
    assert(approximation.sites.length <= terms && new Set(approximation.sites).size === approximation.sites.length);
    // the validation tells about that error
    assert(approximation.validation! > error / 10 && approximation.validation! < 10 * error);
    before = error;
  }
});

// @must eimLimit: exact when d is the number of monomials that occur
// @measured reached: powers up to 3, 10 monomials: 1e-14; with 9 terms 1e-4
Deno.test("eimLimit() is exact when there are as many terms as monomials", () => {
  const cube = (mu: Vector): Vector => matmul(at(mu), matmul(at(mu), at(mu))).data;
  const traceOf = (mu: Vector): Vector => Float64Array.of(trace(at(mu)));
  const family = { theta, parameters: grid };
  assert(errorOf(cube, eimLimit(family, cube, { terms: 10, degree: 3 }).evaluate) < 1e-12);
  assert(errorOf(cube, eimLimit(family, cube, { terms: 9, degree: 3 }).evaluate) > 1e-7);
  assert(errorOf(traceOf, eimLimit(family, traceOf, { terms: 3, degree: 1 }).evaluate) < 1e-13);
  // further terms are not found: the table has no more
  assertEquals(eimLimit(family, traceOf, { terms: 8, degree: 1 }).sites.length, 3);
});

// @must eimLimit: not worse than regression by polynomials and interpolation by radial functions on the same d samples
// @measured reached: d = 6, 15, 28: 3.7e-2, 1.7e-3, 1.3e-4; regression 7.8e-2, 4.5e-3, 3.8e-4; polynomials through
//   all samples 3.7e-2, 1.7e-3, 4.7e-4; cubic radial functions 1.9, 2.6e-2, 5.4e-3
Deno.test("eimLimit() is not worse than polynomials and radial functions on the same samples", () => {
  const monomials = (mu: Vector, degree: number): number[] => {
    const all: number[] = [];
    for (let i = 0; i <= degree; i++) for (let j = 0; i + j <= degree; j++) all.push(mu[0] ** i * mu[1] ** j);
    return all;
  };
  const radial = (mu: Vector, sites: readonly Vector[]): number[] =>
    sites.map((site) => Math.hypot(mu[0] - site[0], mu[1] - site[1]) ** 3);
  for (const [terms, degree] of [[6, 1], [15, 3], [28, 5]]) { // of degree + 1 there are as many monomials as samples
    const approximation = eimLimit({ theta, parameters: grid }, inverse, { terms }),
      ours = errorOf(inverse, approximation.evaluate);
    const sites = Array.from(approximation.sites, pointOf), values = sites.map(inverse);
    const fitted = (features: (mu: Vector) => number[]): number => {
      const A = matrix(sites.map(features)), B = matrix(values), { x } = lstsq(A, B, { tolerance: 1e-14 });
      return errorOf(inverse, (mu) => {
        const f = features(mu), sum = new Float64Array(N * N);
        for (let k = 0; k < f.length; k++) for (let p = 0; p < sum.length; p++) sum[p] += f[k] * x.data[k * N * N + p];
        return sum;
      });
    };
    const regression = fitted((mu) => monomials(mu, degree)), interpolation = fitted((mu) => monomials(mu, degree + 1));
    const radially = fitted((mu) => radial(mu, sites));
    assert(ours < regression && ours < radially, `${terms}: ${ours}, ${regression}, ${radially}`);
    assert(ours < 2 * interpolation, `${terms}: ${ours}, ${interpolation}`);
  }
});

Deno.test("eimLimit() needs fewer terms when powers are weighted by their decay", () => {
  const errorWith = (decay: number): number =>
    errorOf(logDeterminant, eimLimit({ theta, parameters: grid }, logDeterminant, { terms: 15, decay }).evaluate);
  assert(errorWith(0.3) < errorWith(1) / 3, `${errorWith(0.3)}, ${errorWith(1)}`);
});

Deno.test("eimLimit() shows by validation when the dependence is another", () => {
  const family = { theta, parameters: grid },
    wrong = (mu: Vector): Vector => Float64Array.of(Math.abs(mu[0] - mu[1]) + 1);
  assert(eimLimit(family, wrong, { terms: 20, validate: true }).validation! > 1e-2);
  assert(eimLimit(family, logDeterminant, { terms: 20, validate: true }).validation! < 1e-2);
});

// @must eim: exact on the chosen rows and columns, and everywhere when the rank is reached; the error is that of the
//   table
// @measured reached: a table of 30 x 20 of rank 4: 1e-14; of exp(-μa) the errors that it tells, to 1e-12
Deno.test("eim() interpolates tables", () => {
  const smooth = matrix(
    30,
    20,
    Float64Array.from({ length: 600 }, (_, k) => Math.exp(-Math.floor(k / 20) * (k % 20) / 300)),
  );
  const ranked = matrix(
    30,
    20,
    Float64Array.from({ length: 600 }, (_, k) => (1 + Math.floor(k / 20) / 7 + (k % 20) / 9) ** 3),
  );
  for (const [table, maxTerms] of [[smooth, 1], [smooth, 3], [smooth, 6], [ranked, 20]] as const) {
    const { rows, columns, errors, weights } = eim(table, { maxTerms, tolerance: 1e-12 }), n = table.columns;
    let largest = 0;
    for (let i = 0; i < table.rows; i++) {
      const row = table.data.subarray(i * n, (i + 1) * n), lambda = weights(Float64Array.from(columns, (a) => row[a]));
      const chosen = rows.indexOf(i);
      lambda.forEach((value, l) => chosen >= 0 && assertAlmostEquals(value, +(l === chosen), 1e-10));
      for (let j = 0; j < n; j++) {
        const guess = dot(lambda, Float64Array.from(rows, (mu) => table.data[mu * n + j]));
        largest = Math.max(largest, Math.abs(guess - row[j]));
        if (columns.includes(j)) assertAlmostEquals(guess, row[j], 1e-10);
      }
    }
    assertAlmostEquals(largest, errors[errors.length - 1], 1e-10);
    assertEquals(rows.length, table === ranked ? 4 : maxTerms);
  }
});

Deno.test("eim() and eimLimit() refuse bad input", () => {
  assertThrows(() => eim(matrix(2, 2)), DomainError, "not all zero");
  assertThrows(() => eim(matrix([[1, NaN]])), DomainError, "NaN");
  assertThrows(() => eim({ rows: 2, columns: 2, data: new Float64Array(3) }), ShapeError, "4 entries");
  assertThrows(() => eim(matrix([[1]]), { maxTerms: 2 }), DomainError, "1 to 1 terms, got 2");
  assertThrows(() => eim(matrix([[1]]), { tolerance: 1 }), DomainError, "[0, 1)");
  assertThrows(() => eim(matrix([[1, 2], [3, 4]])).weights(new Float64Array(3)), ShapeError);
  const family = { theta, parameters: grid };
  const singular = (mu: Vector): Vector => Float64Array.of(1 / (mu[0] - 1));
  assertThrows(() => eimLimit(family, singular, { terms: 6 }), DomainError, "at μ = 1,");
  assertThrows(() => eimLimit(family, inverse, { terms: 0 }), DomainError, "got 0");
  assertThrows(() => eimLimit(family, inverse, { terms: 1, degree: -1 }), DomainError, "degree");
  assertThrows(() => eimLimit(family, inverse, { terms: 1, decay: 2 }), DomainError, "decay");
  assertThrows(() => eimLimit({ theta, parameters: matrix(0, 2) }, inverse, { terms: 1 }), DomainError, "at least one");
  assertThrows(
    () => eimLimit({ theta: () => [NaN], parameters: grid }, inverse, { terms: 1 }),
    DomainError,
    "finite θ",
  );
  const uneven = ([x]: Vector): number[] => x > 0 ? [1] : [1, 2];
  assertThrows(
    () => eimLimit({ theta: uneven, parameters: grid }, inverse, { terms: 2 }),
    ShapeError,
    "2 coefficients",
  );
  let calls = 0;
  const changing = (): Vector => new Float64Array(++calls).fill(1);
  assertThrows(() => eimLimit(family, changing, { terms: 3 }), ShapeError, "1 entries, got 2");
});
