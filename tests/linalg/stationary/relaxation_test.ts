// Stationary iterations.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, fillNormal, norm2, rng, ShapeError, type SparseMatrix } from "../../../lib/core/mod.ts";
import {
  eigvals,
  fromTriplets,
  gaussSeidel,
  gridLaplacian,
  type IterativeSolution,
  jacobi,
  jacobiIteration,
  multiplySparse,
  optimalRelaxation,
  sor,
  sorSweep,
  sparseDiagonal,
  ssorIteration,
  stationaryIteration,
  toDense,
  toSparse,
} from "../../../lib/linalg/mod.ts";
import { dominant, matrixOf } from "../preconditioners/operators.ts";

/** By which factor a residual falls per iteration, from one iteration to another. */
const rate = ({ residuals }: IterativeSolution, from: number, to: number): number =>
  (residuals[to] / residuals[from]) ** (1 / (to - from));

const residual = (A: SparseMatrix, b: Float64Array, x: Float64Array): number => {
  const r = new Float64Array(b.length);
  A.apply(x, r);
  return norm2(r.map((v, i) => b[i] - v));
};

// @must jacobiIteration, gaussSeidel: on a grid the rates are β = cos(π/(n+1)) and β², those of the theory
// @measured reached: to 1e-6 on 12 x 12 and 9 x 14 points (β there is the mean of two cosines)
Deno.test("jacobiIteration() and gaussSeidel() have their rates on a grid", () => {
  for (const [p, q] of [[12, 12], [9, 14]]) {
    const A = gridLaplacian(p, q), b = new Float64Array(p * q).fill(1);
    const beta = (Math.cos(Math.PI / (p + 1)) + Math.cos(Math.PI / (q + 1))) / 2;
    const options = { maxIterations: 500, tolerance: 1e-14 };
    assertAlmostEquals(rate(jacobiIteration(A, b, options), 300, 320), beta, 1e-6);
    assertAlmostEquals(rate(gaussSeidel(A, b, options), 150, 160), beta ** 2, 1e-6);
    const w = 0.7; // 1 - w (1 - β) for damped Jacobi
    assertAlmostEquals(rate(jacobiIteration(A, b, { ...options, weight: w }), 450, 470), 1 - w * (1 - beta), 1e-6);
  }
});

// @must sor, optimalRelaxation: ω* minimizes the spectral radius of SOR for a consistently ordered matrix, which is ω* - 1 there, to 1e-8
// @measured reached: the spectral radius of order 100 is ω* - 1 to 1e-8 for ω = ω* + 0.01; at ω* itself, where eigenvalues meet in a
//   block of order 2, to 2e-7, the square root of rounding; it is larger at ω* ± 0.02
// @must sor: the measured slope of the residual is ω - 1 for ω from ω* on
// @measured reached: to 3 % on 20 x 20 points over a range of 1e-7 in the residual, for ω* + 0.02, + 0.05 and + 0.1
Deno.test("sor() is fastest with optimalRelaxation()", () => {
  const radius = (A: SparseMatrix, omega: number): number => {
    const M = toSparse(matrixOf(sorSweep(A, omega))), E = toDense(multiplySparse(M, A));
    E.data.forEach((_, k) => E.data[k] = +(k % (A.rows + 1) === 0) - E.data[k]);
    const { real, imaginary } = eigvals(E);
    return real.reduce((most, re, k) => Math.max(most, Math.hypot(re, imaginary[k])), 0);
  };
  const A = gridLaplacian(10, 10), best = optimalRelaxation(Math.cos(Math.PI / 11));
  assertAlmostEquals(radius(A, best), best - 1, 1e-6);
  assertAlmostEquals(radius(A, best + 0.01), best + 0.01 - 1, 1e-8);
  assert(radius(A, best - 0.02) > best - 1 + 0.03 && radius(A, best + 0.02) > best - 1 + 0.019);
  const beta = Math.cos(Math.PI / 11); // the formula of the source
  assertAlmostEquals(best, 1 + (beta / (1 + Math.sqrt(1 - beta ** 2))) ** 2, 1e-15);

  const B = gridLaplacian(20, 20), b = fillNormal(rng(1), new Float64Array(400));
  for (const more of [0.02, 0.05, 0.1]) {
    const omega = optimalRelaxation(Math.cos(Math.PI / 21)) + more, run = sor(B, b, { omega, tolerance: 1e-13 });
    const from = run.residuals.findIndex((r) => r < 1e-4 * run.residuals[0]);
    const to = run.residuals.findIndex((r) => r < 1e-11 * run.residuals[0]);
    assertAlmostEquals(rate(run, from, to) / (omega - 1), 1, 0.03, `${more}`);
  }
  const counts = [-0.1, 0, 0.1].map((d) =>
    sor(B, b, { omega: optimalRelaxation(Math.cos(Math.PI / 21)) + d }).iterations
  );
  assert(counts[1] < counts[0] && counts[1] < counts[2] && counts[1] < 80, `${counts}`);
  assert(gaussSeidel(B, b).iterations > 8 * counts[1]);
});

Deno.test("sor(), gaussSeidel() and ssorIteration() make the sweeps of the textbook", () => {
  const A = dominant(20, rng(2)), D = toDense(A).data, b = fillNormal(rng(3), new Float64Array(20)), omega = 1.2;
  const sweep = (x: Float64Array, order: number[], w: number): void => {
    for (const i of order) {
      let s = b[i];
      for (let j = 0; j < 20; j++) if (j !== i) s -= D[20 * i + j] * x[j];
      x[i] += w * (s / D[21 * i] - x[i]);
    }
  };
  const up = Array.from({ length: 20 }, (_, i) => i),
    down = up.slice().reverse(),
    start = fillNormal(rng(4), new Float64Array(20));
  const orders: [(o: { start: Float64Array; maxIterations: number }) => IterativeSolution, number[][], number][] = [
    [(o) => sor(A, b, { ...o, omega }), [up], omega],
    [(o) => gaussSeidel(A, b, o), [up], 1],
    [(o) => ssorIteration(A, b, { ...o, omega }), [up, down], omega],
  ];
  for (const [solver, sweeps, w] of orders) {
    const expected = start.slice(), { x, status, iterations } = solver({ start, maxIterations: 3 });
    for (let k = 0; k < 3; k++) sweeps.forEach((order) => sweep(expected, order, w));
    x.forEach((v, i) => assertAlmostEquals(v, expected[i], 1e-13));
    assertEquals([status, iterations], ["iteration-limit", 3]);
  }
});

Deno.test("stationary iterations report true residuals and what became of them", () => {
  const A = gridLaplacian(8, 8), b = fillNormal(rng(5), new Float64Array(64));
  for (const solve of [jacobiIteration, gaussSeidel, sor, ssorIteration]) {
    const run = solve(A, b, { tolerance: 1e-10 });
    assertEquals([run.status, run.residuals.length], ["converged", run.iterations + 1]);
    assert(run.residual <= 1e-10 * norm2(b));
    assertAlmostEquals(run.residual / residual(A, b, run.x), 1, 1e-12);
    assertAlmostEquals(run.residuals[0], norm2(b), 1e-13);
    assertEquals(solve(A, b, { start: run.x, tolerance: 1e-10 }).iterations, 0);
    const short = solve(A, b, { maxIterations: 5 });
    assertEquals([short.status, short.iterations], ["iteration-limit", 5]);
    assertAlmostEquals(short.residuals[4] / residual(A, b, solve(A, b, { maxIterations: 4 }).x), 1, 1e-12);
    assertEquals(solve(A, b, { tolerance: 0, absolute: 0 }).status, "stagnated"); // never below rounding
  }
  const wild = (a: number): SparseMatrix => fromTriplets(2, 2, [0, 0, 1, 1], [0, 1, 0, 1], [1, a, a, 1]); // β = a
  const diverged = jacobiIteration(wild(1e6), Float64Array.of(1, 2));
  assertEquals(diverged.status, "non-finite");
  assert(diverged.x.every(Number.isFinite) && norm2(diverged.x) > 1e290 && diverged.iterations < 52);
  assertEquals(jacobiIteration(wild(2), Float64Array.of(1, 2)).status, "stagnated");
  const patient = jacobiIteration(wild(0.9999), Float64Array.of(1, 2), { maxIterations: 1e6 });
  assertEquals(patient.status, "converged");
  assertAlmostEquals(patient.iterations / (Math.log(1e-8) / Math.log(0.9999)), 1, 0.02);
  const slow = stationaryIteration(A, b, { preconditioner: sparseDiagonal(new Float64Array(64).fill(0.2)) });
  assertEquals(slow.status, "converged"); // Richardson's with a step below 2/8
  assertEquals(stationaryIteration(A, b).status, "stagnated"); // with step 1 it diverges
  assertEquals(stationaryIteration(A, new Float64Array(64), { preconditioner: jacobi(A) }).iterations, 0);
});

Deno.test("stationary iterations refuse bad input", () => {
  const A = gridLaplacian(3), b = new Float64Array(3);
  for (const omega of [0, 2, NaN]) assertThrows(() => sor(A, b, { omega }), DomainError, "expected ω in (0, 2)");
  assertThrows(() => gaussSeidel(fromTriplets(3, 3, [0, 1], [0, 1], [1, 1]), b), DomainError, "got 0 at (2, 2)");
  assertThrows(() => jacobiIteration(A, b, { weight: 0 }), DomainError, "got 0");
  assertThrows(() => sor(A, new Float64Array(4)), ShapeError);
  assertThrows(() => sor(fromTriplets(3, 4, [], [], []), b), ShapeError);
  assertThrows(() => sor(A, Float64Array.of(1, NaN, 0)), DomainError);
  for (const beta of [1, -0.1, NaN]) assertThrows(() => optimalRelaxation(beta), DomainError, `got ${beta}`);
});
