import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import { activeSet, interiorPoint, type SparseQuadraticProgram } from "../../../lib/constrained/mod.ts";
import {
  DomainError,
  dot,
  fillNormal,
  integer,
  iterate,
  iterations,
  measureBelow,
  type Result,
  type Rng,
  rng,
  solve,
  uniform,
} from "../../../lib/core/mod.ts";
import { fromTriplets, sparseIdentity, toDense } from "../../../lib/linalg/mod.ts";
import { assertResumes } from "../../core/resumed.ts";

const stop = [measureBelow("relativeKktResidual", { absolute: 1e-12 }), iterations(1000)];
const run = (problem: SparseQuadraticProgram): Result =>
  solve(problem, activeSet(), { start: new Float64Array(problem.hessian.rows), stop });

/** A random program: definite Hessian, equations, rows with one or two bounds, variables with and without; some repeated rows. */
function random(generator: Rng): SparseQuadraticProgram {
  const n = integer(generator, 30) + 1,
    equations = integer(generator, Math.min(n, 5)),
    m = equations +
      integer(generator, 30);
  const root = fillNormal(generator, new Float64Array(n * n)), indices = [...Array(n * n).keys()];
  const P = Float64Array.from(indices, (at) => {
    let sum = at % (n + 1) === 0 ? 0.1 : 0;
    for (let k = 0; k < n; k++) sum += root[k * n + Math.floor(at / n)] * root[k * n + at % n];
    return sum;
  });
  const A = fillNormal(generator, new Float64Array(m * n)), b = fillNormal(generator, new Float64Array(m));
  if (equations > 0 && m > equations) A.copyWithin((m - 1) * n, 0, n); // the last row repeats an equation
  const bounds = (): boolean => uniform(generator) < 0.5;
  const entries = [...A.keys()];
  return {
    kind: "quadratic-program",
    hessian: fromTriplets(n, n, indices.map((at) => Math.floor(at / n)), indices.map((at) => at % n), [...P]),
    linear: {
      kind: "linear-program",
      objective: fillNormal(generator, new Float64Array(n)),
      matrix: fromTriplets(m, n, entries.map((at) => Math.floor(at / n)), entries.map((at) => at % n), [...A]),
      rowLower: b.map((bi, i) => i < equations ? bi : bounds() ? -Infinity : bi - 2),
      rowUpper: b.map((bi, i) => i < equations || bounds() ? bi : bi + 2),
      lower: Float64Array.from({ length: n }, () => bounds() ? -Infinity : -uniform(generator) * 3),
      upper: Float64Array.from({ length: n }, () => bounds() ? Infinity : uniform(generator) * 3),
    },
  };
}

/** The conditions of optimality, from the data: `v = P(v + y)` for each row and variable with its multiplier. */
function optimality({ hessian, linear }: SparseQuadraticProgram, { x, point }: Result): number {
  const { matrix, objective, rowLower, rowUpper, lower, upper } = linear, y = point.multipliers!;
  const P = toDense(hessian), A = toDense(matrix), n = x.length;
  let worst = 0;
  const look = (v: number, multiplier: number, from: number, to: number): void => {
    worst = Math.max(worst, Math.abs(v - Math.max(from, Math.min(to, v + multiplier))));
  };
  y.forEach((yi, i) => look(dot(A.data.subarray(i * n, (i + 1) * n), x), yi, rowLower[i], rowUpper[i]));
  x.forEach((xj, j) => {
    let reduced = objective[j] + dot(P.data.subarray(j * n, (j + 1) * n), x);
    y.forEach((yi, i) => reduced += yi * A.data[i * n + j]);
    look(xj, -reduced, lower[j], upper[j]);
  });
  return worst;
}

// @must active-set: 200 random programs with dependent rows: the same solutions and verdicts as the interior-point method to 1e-8, the exact conditions of optimality
// @measured reached: 125 have solutions, values within 2e-10 of each other, conditions within 2e-13; 75 have none, proved within any radius below 1e9
Deno.test("activeSet() finds what interiorPoint() finds, and exactly", () => {
  const generator = rng(3);
  let feasible = 0, infeasible = 0, worst = 0, apart = 0;
  for (let k = 0; k < 200; k++) {
    const problem = random(generator), start = new Float64Array(problem.hessian.rows);
    const exact = run(problem),
      inner = solve(problem, interiorPoint(), {
        start,
        stop: [measureBelow("relativeKktResidual", { absolute: 1e-10 }), iterations(100)],
      });
    if (exact.status === "infeasible") {
      assertEquals(inner.status, "infeasible", `${k}`);
      const { proves, radius } = exact.certificate!;
      assertEquals(proves, "infeasible");
      assert(radius > 1e9, `${k}: ${radius}`);
      infeasible++;
      continue;
    }
    assert(inner.measures.relativeKktResidual < 1e-8, `${k} ${inner.status} ${exact.status}`);
    worst = Math.max(worst, optimality(problem, exact));
    apart = Math.max(apart, Math.abs(exact.value - inner.value) / (1 + Math.abs(exact.value)));
    feasible++;
  }
  assert(feasible >= 50 && infeasible >= 50);
  assertLess(worst, 1e-10);
  assertLess(apart, 1e-8);
});

Deno.test("activeSet() has the solution and multipliers that are published", () => {
  // example of solve.QP in the R package quadprog, which is Goldfarb and Idnani's method: min ½|x|² - 5 x₂, Aᵀx >= (-8, 2, 0)
  const problem: SparseQuadraticProgram = {
    kind: "quadratic-program",
    hessian: sparseIdentity(3),
    linear: {
      kind: "linear-program",
      objective: Float64Array.of(0, -5, 0),
      matrix: fromTriplets(3, 3, [0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 1, 2], [-4, -3, 2, 1, -2, 1]),
      rowLower: Float64Array.of(-8, 2, 0),
      rowUpper: new Float64Array(3).fill(Infinity),
      lower: new Float64Array(3).fill(-Infinity),
      upper: new Float64Array(3).fill(Infinity),
    },
  };
  const { x, value, point } = run(problem);
  x.forEach((xj, j) => assertAlmostEquals(xj, [0.4761905, 1.047619, 2.0952381][j], 1e-7));
  assertAlmostEquals(value, -2.380952, 1e-6);
  // they are at lower bounds: negative
  point.multipliers!.forEach((y, i) => assertAlmostEquals(y, [0, -0.2380952, -2.0952381][i], 1e-7));
});

Deno.test("activeSet() resumes bit for bit, says when it is done, and refuses what is not strictly convex", () => {
  const problem = random(rng(15)), { hessian, linear } = problem;
  assertResumes(problem, activeSet, new Float64Array(hessian.rows), 3);
  const done = solve(problem, activeSet(), { start: new Float64Array(hessian.rows), stop: iterations(1000) });
  assertEquals(done.status, "stalled-at-precision");
  assert(optimality(problem, done) < 1e-12);
  for (const sign of [0, -1]) {
    const bad = { ...problem, hessian: fromTriplets(hessian.rows, hessian.rows, [0], [0], [sign]), linear };
    assertThrows(() => run(bad), DomainError, "positive definite");
  }
});

Deno.test("activeSet() knows the value at every step, and by how much constraints contradict each other", () => {
  const problem = random(rng(15)), { hessian, linear: { objective } } = problem;
  let steps = 0;
  for (const { x, value } of iterate(problem, activeSet(), new Float64Array(hessian.rows))) {
    const Px = new Float64Array(x.length);
    hessian.apply(x, Px);
    assertAlmostEquals(value, dot(x, Px) / 2 + dot(objective, x), 1e-12 * (1 + Math.abs(value)));
    if (++steps === 10) break;
  }
  assert(steps > 3);
  const { status, message } = run({
    kind: "quadratic-program",
    hessian: sparseIdentity(1),
    linear: {
      kind: "linear-program",
      objective: Float64Array.of(0),
      matrix: fromTriplets(2, 1, [0, 1], [0, 0], [1, 1]),
      rowLower: Float64Array.of(3, -Infinity),
      rowUpper: Float64Array.of(9, 1),
      lower: Float64Array.of(-7),
      upper: Float64Array.of(Infinity),
    },
  });
  assertEquals([status, message], ["infeasible", "constraints contradict each other by 2.00e+0"]);
});
