import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import {
  checkInfeasible,
  checkUnbounded,
  homogeneousInteriorPoint,
  interiorPoint,
  type SparseProgram,
} from "../../lib/constrained/mod.ts";
import { pull } from "../../lib/constrained/interior_point/products.ts";
import { DomainError, iterations, measureBelow, normal, type Result, rng, solve } from "../../lib/core/mod.ts";
import { exactCertificate, provesInfeasible, provesUnbounded } from "../../lib/exact/mod.ts";
import { sparseDiagonal } from "../../lib/linalg/mod.ts";
import { assertResumes } from "../core/resumed.ts";
import { dense, dimension, marosMeszaros, netlib, type Sample } from "./programs.ts";
import { randomProgram } from "./random_programs.ts";

const reference = JSON.parse(
  await Deno.readTextFile(new URL("../data/program_reference.json", import.meta.url)),
) as Record<"linear" | "quadratic", Record<string, number>>;

const run = (problem: SparseProgram): Result =>
  solve(problem, interiorPoint(), {
    start: new Float64Array(dimension(problem)),
    stop: [measureBelow("relativeKktResidual"), iterations(100)],
  });

/** The conditions of optimality, from the data: feasible, signs of multipliers, complementary, stationary. */
function assertOptimal(problem: SparseProgram, { x, point }: Result, name: string): void {
  const linear = problem.kind === "linear-program" ? problem : problem.linear, y = point.multipliers!;
  const { objective: c, matrix, rowLower, rowUpper, lower, upper } = linear;
  const activity = new Float64Array(matrix.rows), d = new Float64Array(c.length), curved = new Float64Array(c.length);
  matrix.apply(x, activity);
  matrix.applyTranspose(y, d);
  if (problem.kind === "quadratic-program") problem.hessian.apply(x, curved);
  d.forEach((dj, j) => d[j] = dj + c[j] + curved[j]);
  const size = (v: Float64Array): number =>
    1 + v.reduce((s, a) => Math.max(s, Number.isFinite(a) ? Math.abs(a) : 0), 0);
  const primal = 1e-8 * Math.max(size(rowLower), size(rowUpper)), dual = 1e-8 * size(c);
  const value = Math.abs(x.reduce((s, xj, j) => s + c[j] * xj + curved[j] * xj / 2, 0)) + 1;
  const look = (at: number, from: number, to: number, push: number, what: string): void => {
    assert(at >= from - primal && at <= to + primal, `${what}: ${at} outside [${from}, ${to}]`);
    if (push > dual) assertLess(push * (at - from), 1e-6 * value, `${what}: ${at} above ${from}, pushed by ${push}`);
    if (push < -dual) assertLess(-push * (to - at), 1e-6 * value, `${what}: ${at} below ${to}, pushed by ${push}`);
  };
  x.forEach((xj, j) => look(xj, lower[j], upper[j], d[j], `${name}, variable ${j}`));
  activity.forEach((a, i) => look(a, rowLower[i], rowUpper[i], -y[i], `${name}, row ${i}`));
}

/** Whether the certificate of a result can be made exact, and proves what the status says then. */
function isExact(problem: SparseProgram, { status, certificate }: Result): boolean {
  assertEquals(certificate?.proves, status);
  const exact = exactCertificate(problem, certificate!);
  return exact.status === "exact" &&
    (certificate!.proves === "infeasible" ? provesInfeasible : provesUnbounded)(problem, exact.ray);
}

/** The largest relative error of the value over samples, all of which must end `converged` at an optimal point. */
function largestError(samples: readonly Sample<SparseProgram>[], values: Record<string, number>): number {
  let worst = 0;
  for (const { name, problem, constant } of samples) {
    const result = run(problem);
    assertEquals(result.status, "converged", `${name}: ${result.message}`);
    assertOptimal(problem, result, name);
    worst = Math.max(worst, Math.abs(result.value + constant - values[name]) / (1 + Math.abs(values[name])));
  }
  return worst;
}

// @must interior-point: 11 linear programs of the Netlib set to 1e-8 relative, with multipliers that fulfill the conditions
// @measured reached: 11 of 11, largest error 9.8e-10, 9 to 26 iterations
Deno.test("interiorPoint() solves linear programs of the Netlib set", async () => {
  assertLess(largestError(await netlib("netlib_lp.mps.gz"), reference.linear), 1e-8);
});

// @must interior-point: 16 quadratic programs of Maros and Mészáros to 1e-6 relative, with a relative duality gap below 1e-8
// @measured reached: 16 of 16, largest error 4.8e-9, gaps up to 1.3e-9
Deno.test("interiorPoint() solves quadratic programs of Maros and Mészáros", async () => {
  const samples = await marosMeszaros();
  assertLess(largestError(samples, reference.quadratic), 1e-6);
  for (const { name, problem } of samples) {
    const { measures, value } = run(problem);
    assertLess(measures.gap, 1e-8 * (1 + Math.abs(value)), name);
  }
});

// @must interior-point, homogeneous-interior-point: steps go on where nothing but rounding is left, and do no harm
// @measured reached: to a tolerance of 0 all 27 programs end at relative residuals below 6e-12, in at most 54 and 142 steps
Deno.test("interiorPoint() and homogeneousInteriorPoint() end where nothing but rounding is left", async () => {
  for (const { name, problem } of [...await netlib("netlib_lp.mps.gz"), ...await marosMeszaros()]) {
    for (const solver of [interiorPoint(), homogeneousInteriorPoint()]) {
      const { status, measures, iterations: steps } = solve<SparseProgram>(problem, solver, {
        start: new Float64Array(dimension(problem)),
        stop: [measureBelow("relativeKktResidual", { absolute: 0 }), iterations(200)],
      });
      assert(status === "stalled-at-precision" || status === "converged", `${name}: ${status} after ${steps}`);
      assertLess(measures.relativeKktResidual, 1e-11, name);
    }
  }
});

Deno.test("interiorPoint() gives multipliers the signs of the Lagrangian", () => {
  // max 3x + 2y where x + y <= 4, x + 3y >= 3, x <= 3: at (3, 1), the first row and the bound being active
  const problem = dense([-3, -2], [[1, 1], [1, 3]], [[-Infinity, 4], [3, Infinity]], [[0, 3], [0, Infinity]]);
  const { x, point } = run(problem);
  [...x, ...point.multipliers!].forEach((a, k) => assertAlmostEquals(a, [3, 1, 2, 0][k], 1e-7));
  // min x where -x <= -2: at its upper bound the row has a positive multiplier, as x >= 2 has a negative one
  for (const [row, bounds, y] of [[-1, [-Infinity, -2], 1], [1, [2, Infinity], -1], [1, [2, 2], -1]] as const) {
    const { multipliers } = run(dense([1], [[row]], [bounds], [[-Infinity, Infinity]])).point;
    assertAlmostEquals(multipliers![0], y, 1e-8);
  }
});

Deno.test("interiorPoint() takes fixed variables, free and empty rows, equal rows, no rows, no objective, no interior", () => {
  const any = [-Infinity, Infinity] as const, positive = [0, Infinity] as const;
  const cases: [string, SparseProgram, number][] = [
    ["fixed", dense([1, 2, 1], [[1, 1, 1]], [[4, 4]], [[1, 1], [0, 9], [0, 2]]), 5],
    ["all fixed", dense([1, 2], [[1, 1]], [[3, 3]], [[1, 1], [2, 2]]), 5],
    ["free row", dense([1, 1], [[1, -1], [1, 2]], [any, [2, Infinity]], [positive, positive]), 1],
    ["empty row", dense([1], [[0], [1]], [[-5, 5], [0.5, 1]], [positive]), 0.5],
    ["equal rows", dense([1, 1], [[1, 2], [1, 2], [2, 4]], [[1, 1], [1, 1], [2, 2]], [positive, positive]), 0.5],
    ["no rows", dense([1, -1], [], [], [[-2, 3], [-2, 3]]), -5],
    ["no objective", dense([0, 0], [[1, 1]], [[1, 1]], [positive, positive]), 0],
    ["no interior", dense([1, 1, 1], [[1, 1, 1], [1, 1, 0]], [[1, 1], [1, 1]], [positive, positive, positive]), 1],
    ["a range", dense([1, 0], [[1, 1]], [[2, 3]], [any, [-1, 1]]), 1],
    ["no constraints", {
      kind: "quadratic-program",
      hessian: sparseDiagonal(Float64Array.of(1, 4)),
      linear: dense([2, -4], [], [], [any, any]),
    }, -4],
  ];
  for (const [name, problem, value] of cases) {
    const result = run(problem);
    assertEquals(result.status, "converged", name);
    assertAlmostEquals(result.value, value, 1e-8, name);
    assertOptimal(problem, result, name);
  }
});

// @must interior-point: verdicts on infeasible programs with a ray that is exact over the rationals
// @measured reached: bgetam, box1, ex72a and woodinfe of the Netlib set in 3 to 8 iterations, all four rays exact
Deno.test("interiorPoint() proves that programs of the Netlib set are infeasible", async () => {
  for (const { name, problem } of await netlib("netlib_lp_infeasible.mps.gz")) {
    const result = run(problem), ray = result.certificate!.ray;
    assertEquals(result.status, "infeasible", name);
    assertLess(result.iterations, 10, name);
    assert(isExact(problem, result), name);
    assertLess(1e9, checkInfeasible(problem, ray).radius, name);
    assertEquals(checkInfeasible(problem, ray).radius, result.certificate!.radius, name);
    assertLess(checkInfeasible(problem, ray.map((y) => -y)).radius, 1, name);
  }
});

// @must interior-point: every "optimal", "infeasible", "unbounded" is true on the original data, on random programs of all three kinds
// @measured reached: 60 of 60 verdicts; all 40 rays exact over the rationals; 900 of 900 more with other seeds too
Deno.test("interiorPoint() tells solvable, unbounded and infeasible programs apart", () => {
  const statuses = { solvable: "converged", unbounded: "unbounded", infeasible: "infeasible" } as const;
  let exact = 0;
  for (const kind of ["solvable", "unbounded", "infeasible"] as const) {
    for (let seed = 0; seed < 20; seed++) {
      const problem = randomProgram(seed, kind), result = run(problem), what = `${kind} ${seed}: ${result.message}`;
      assertEquals(result.status, statuses[kind], what);
      if (kind === "solvable") assertOptimal(problem, result, what);
      else {
        assertEquals(result.certificate!.proves, kind, what);
        if (isExact(problem, result)) exact++;
      }
      if (kind === "unbounded") assertLess(result.measures.primalResidual, 1e-7, what); // x is feasible
    }
  }
  assertEquals(exact, 40);
});

Deno.test("checkInfeasible() proves nothing by sums that cancel", () => {
  const any: readonly [number, number] = [-Infinity, Infinity];
  const twice = (a: number, b: number): number =>
    checkInfeasible(dense([1], [[1], [1]], [[a, a], [b, b]], [any]), Float64Array.of(-1, 1)).radius;
  assertEquals(twice(1, 1), 0);
  assertEquals(twice(0.1 + 0.2, 0.3), 0);
  assertEquals(twice(0.3, 0.1 + 0.2), 0);
  assertEquals(twice(0.3 + 1e-9, 0.3), Infinity);
});

// @must checkInfeasible: the radius within which multipliers prove that nothing is feasible
// @measured reached: exact in the plane: x + y = -1 with x, y >= 0, and multipliers that are wrong by 1e-3
Deno.test("checkInfeasible() and checkUnbounded() say how far a ray reaches", () => {
  const positive = [0, Infinity] as const;
  const program = dense([0, -1], [[1, 1]], [[-1, -1]], [positive, positive]);
  assertEquals(checkInfeasible(program, Float64Array.of(5)).radius, Infinity);
  assertEquals(checkInfeasible(program, Float64Array.of(-5)).radius, 0);
  // x - y = 0, x + y = -1: y = (e, 1) has r = (1 + e, 1 - e), y = (1 + e, 1) the entry -e, value 1/(1 + e)
  const two = dense([0, 0], [[1, -1], [1, 1]], [[0, 0], [-1, -1]], [positive, positive]);
  assertEquals(checkInfeasible(two, Float64Array.of(0.5, 1)).radius, Infinity);
  assertAlmostEquals(checkInfeasible(two, Float64Array.of(1 + 1e-3, 1)).radius, 1e3, 1e-9);
  // along (1, 1) x - y <= 1 stays, along (1, 1 - e) it is left at the rate e, after scaling by 2 - e
  const falling = dense([-1, 0], [[1, -1]], [[-Infinity, 1]], [positive, positive]);
  assertEquals(checkUnbounded(falling, Float64Array.of(3, 3)).radius, Infinity);
  assertAlmostEquals(checkUnbounded(falling, Float64Array.of(1, 1 - 2 ** -10)).radius, 2 ** 10, 1e-9);
  assertEquals(checkUnbounded(falling, Float64Array.of(-1, -1)).radius, 0);
});

Deno.test("interiorPoint() finds rays of quadratic programs, and infeasible before unbounded", () => {
  const flat = { kind: "quadratic-program", hessian: sparseDiagonal(Float64Array.of(1, 0)) } as const;
  const unbounded = { ...flat, linear: dense([0, -1], [[1, -1]], [[-Infinity, 1]], [[0, Infinity], [0, Infinity]]) };
  const result = run(unbounded);
  assertEquals(result.status, "unbounded");
  assert(isExact(unbounded, result));
  assertEquals(checkUnbounded(unbounded, Float64Array.of(1, 1)).radius < 10, true); // P d is not 0
  const both = dense([-1, 0], [[0, 1], [0, 1]], [[2, Infinity], [-Infinity, 1]], [[0, Infinity], [
    -Infinity,
    Infinity,
  ]]);
  assertEquals(run(both).status, "infeasible");
  const contradiction = dense([1, 1], [[1, 2], [1, 2]], [[1, 1], [1.5, 1.5]], [[0, Infinity], [0, Infinity]]);
  const { status, message } = run(contradiction);
  assertEquals([status, message], ["infeasible", "the multipliers prove that no point is feasible"]);
});

// @must interiorPoint: from a point with multipliers, those of a program that was a little different, fewer steps
// @measured reached: 11 programs of the Netlib set whose costs change by 1e-6: 48 for 143; of 78 programs of the larger sample that have a solution, costs or right-hand sides changed by 1e-6, 1e-3, 1e-2: 410 for 1191, 556 for 1134, 790 for 1123 steps
Deno.test("interiorPoint() takes fewer steps from the solution of a similar program", async () => {
  let cold = 0, warm = 0;
  for (const { name, problem } of await netlib("netlib_lp.mps.gz")) {
    const r = rng(5), { point } = run(problem);
    assertEquals(solve(problem, interiorPoint(), { start: point }).iterations, 0, name);
    const other = { ...problem, objective: problem.objective.map((c) => c * (1 + 1e-6 * normal(r))) };
    const from = solve(other, interiorPoint(), {
      start: point,
      stop: [measureBelow("relativeKktResidual"), iterations(60)],
    });
    assertEquals(from.status, "converged", name);
    assertOptimal(other, from, name);
    warm += from.iterations;
    cold += run(other).iterations;
  }
  assertLess(warm, 0.6 * cold);
});

Deno.test("pull() takes products into [0.1, 10] of the target, large ones no further than 10 of it", () => {
  assertEquals([-1, 0.25, 0.5, 50, 60, 90, 1000].map((product) => pull(product, 5)), [1.5, 0.25, 0, 0, -10, -40, -50]);
});

Deno.test("interiorPoint() gives up a start that leads nowhere", () => {
  const problem = randomProgram(3, "solvable"), far = new Float64Array(20).fill(1e6), { value } = run(problem);
  const result = solve(problem, interiorPoint(), { start: { x: far, multipliers: new Float64Array(10).fill(-1e6) } });
  assertEquals(result.status, "converged");
  assertLess(Math.abs(result.value - value), 1e-7 * (1 + Math.abs(value)));
});

Deno.test("interiorPoint() resumes bit for bit", async () => {
  const [linear] = (await netlib("netlib_lp.mps.gz")).filter(({ name }) => name === "BOEING2");
  const [quadratic] = (await marosMeszaros()).filter(({ name }) => name === "QPCBLEND");
  for (const { problem } of [linear, quadratic]) {
    assertResumes<SparseProgram>(problem, () => interiorPoint(), new Float64Array(dimension(problem)), 4);
  }
  // also where it looks for a ray, from the sixth step on
  assertResumes<SparseProgram>(
    randomProgram(14, "unbounded"),
    () => interiorPoint({ presolve: false }),
    new Float64Array(20),
    6,
  );
});

Deno.test("interiorPoint() ends with a status where numbers are out of range", () => {
  const positive = [0, Infinity] as const;
  const huge = dense([1, 1e300], [[1e300, 1e-300], [1e-250, 1e280]], [[1e-200, 1e-200], [1e290, Infinity]], [
    positive,
    positive,
  ]);
  assert(["stalled-at-precision", "non-finite", "diverged", "iteration-limit"].includes(run(huge).status));
});

Deno.test("interiorPoint() refuses Hessians with negative eigenvalues and options out of range", () => {
  const linear = dense([2, -1], [], [], [[-1, 1], [-1, 1]]);
  const saddle = { kind: "quadratic-program", hessian: sparseDiagonal(Float64Array.of(1, -3)), linear } as const;
  assertThrows(() => run(saddle), DomainError, "expected a positive semidefinite Hessian, got one with 1 negative");
  assertThrows(() => interiorPoint({ regularization: 0 }), DomainError, "expected a regularization in (0, 1)");
  assertThrows(() => interiorPoint({ corrections: 0.5 }), DomainError, "a number of corrections");
});
