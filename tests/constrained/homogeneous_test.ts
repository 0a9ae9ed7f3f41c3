import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import {
  homogeneousInteriorPoint,
  interiorPoint,
  type SparseLinearProgram,
  type SparseProgram,
} from "../../lib/constrained/mod.ts";
import { DomainError, iterate, iterations, measureBelow, measures, type Result, solve } from "../../lib/core/mod.ts";
import { exactCertificate, provesInfeasible, provesUnbounded } from "../../lib/exact/mod.ts";
import { sparseDiagonal } from "../../lib/linalg/mod.ts";
import { assertResumes } from "../core/resumed.ts";
import { dense, dimension, marosMeszaros, netlib } from "./programs.ts";
import { randomProgram } from "./random_programs.ts";

const reference = JSON.parse(
  await Deno.readTextFile(new URL("../data/program_reference.json", import.meta.url)),
) as Record<"linear" | "quadratic", Record<string, number>>;

const run = (problem: SparseProgram, tolerance = 1e-9): Result =>
  solve(problem, homogeneousInteriorPoint(), {
    start: new Float64Array(dimension(problem)),
    stop: [measureBelow("relativeKktResidual", { absolute: tolerance }), iterations(100)],
  });

function isExact(problem: SparseProgram, { status, certificate }: Result): boolean {
  assertEquals(certificate?.proves, status);
  const exact = exactCertificate(problem, certificate!);
  return exact.status === "exact" &&
    (certificate!.proves === "infeasible" ? provesInfeasible : provesUnbounded)(problem, exact.ray);
}

// @must homogeneous-interior-point: 11 linear programs of the Netlib set to 1e-8 relative, 16 quadratic ones of Maros and Mészáros to 1e-6
// @measured reached: 11 of 11, largest error 1.3e-9, 169 iterations (interiorPoint() 151, both to 1e-10); 16 of 16
Deno.test("homogeneousInteriorPoint() solves linear and quadratic programs of the test sets", async () => {
  let its = 0, others = 0, worst = 0;
  for (const { name, problem, constant } of await netlib("netlib_lp.mps.gz")) {
    const result = run(problem, 1e-10), value = reference.linear[name];
    assertEquals(result.status, "converged", name);
    worst = Math.max(worst, Math.abs(result.value + constant - value) / (1 + Math.abs(value)));
    its += result.iterations;
    others += solve(problem, interiorPoint(), {
      start: result.start,
      stop: measureBelow("relativeKktResidual", { absolute: 1e-10 }),
    }).iterations;
  }
  assertLess(its, 1.3 * others);
  assertLess(worst, 1e-8);
  for (const { name, problem, constant } of await marosMeszaros()) {
    const result = run(problem), value = reference.quadratic[name];
    assertEquals(result.status, "converged", name);
    assertLess(Math.abs(result.value + constant - value), 1e-6 * (1 + Math.abs(value)), name);
  }
});

Deno.test("homogeneousInteriorPoint() leaves the same share of all residuals in a step", async () => {
  const [{ problem }] = (await netlib("netlib_lp.mps.gz")).filter(({ name }) => name === "AFIRO" || name === "SC50A");
  const shares: number[][] = [];
  let last: number[] | undefined;
  for (const state of iterate(problem, homogeneousInteriorPoint(), new Float64Array(dimension(problem)))) {
    const { residuals: { dual, lower }, pair } = state, norms = [dual, lower].map((r) => Math.hypot(...r));
    assert(pair.tau > 0 && pair.kappa > 0);
    // the residuals of the state are those before the step, times the share that the corrector takes away
    if (last && norms[0] > 0) shares.push(norms.map((r, k) => r / last![k]));
    last = norms[0] > 0 ? norms : undefined;
    if (shares.length === 6) break;
  }
  assertEquals(shares.length, 6);
  for (const [dual, lower] of shares) assertAlmostEquals(dual / lower, 1, 1e-4); // systems are solved to 1e-6
});

Deno.test("homogeneousInteriorPoint() gives multipliers the signs of the Lagrangian", () => {
  const problem = dense([-3, -2], [[1, 1], [1, 3]], [[-Infinity, 4], [3, Infinity]], [[0, 3], [0, Infinity]]);
  const { x, point } = run(problem);
  [...x, ...point.multipliers!].forEach((a, k) => assertAlmostEquals(a, [3, 1, 2, 0][k], 1e-7));
  for (const [row, bounds, y] of [[-1, [-Infinity, -2], 1], [1, [2, Infinity], -1], [1, [2, 2], -1]] as const) {
    const { multipliers } = run(dense([1], [[row]], [bounds], [[-Infinity, Infinity]])).point;
    assertAlmostEquals(multipliers![0], y, 1e-8);
  }
});

// @must homogeneous-interior-point: verdicts from vanishing τ, without searches for rays: the infeasible programs of the Netlib set
// @measured reached: 4 of 4 in 2 to 8 iterations, all four rays exact over the rationals
Deno.test("homogeneousInteriorPoint() proves that programs of the Netlib set are infeasible", async () => {
  for (const { name, problem } of await netlib("netlib_lp_infeasible.mps.gz")) {
    const result = run(problem);
    assertEquals(result.status, "infeasible", name);
    assertLess(result.iterations, 10, name);
    assert(isExact(problem, result), name);
  }
});

/** The program with its objective turned round, and no upper bounds. */
const turned = (problem: SparseLinearProgram): SparseLinearProgram => ({
  ...problem,
  objective: problem.objective.map((c) => -c),
  upper: problem.upper.map((u, j) => problem.lower[j] < u ? Infinity : u),
});

// @must homogeneous-interior-point: programs of the Netlib set with turned objectives and no upper bounds: solved, or unbounded with rays
// @measured reached: 11 of 11 verdicts, the same by interiorPoint(); 5 unbounded, 4 of their rays exact, that of scorpion uncertified
Deno.test("homogeneousInteriorPoint() tells bounded and unbounded programs of the Netlib set apart", async () => {
  let unbounded = 0, exact = 0;
  for (const { name, problem } of await netlib("netlib_lp.mps.gz")) {
    const other = turned(problem), result = run(other);
    assert(result.status === "converged" || result.status === "unbounded", `${name}: ${result.status}`);
    assertEquals(solve(other, interiorPoint(), { start: result.start }).status, result.status, name);
    if (result.status === "converged") continue;
    unbounded++;
    if (isExact(other, result)) exact++;
    const bounds = [...problem.rowLower, ...problem.rowUpper].filter(Number.isFinite).map(Math.abs);
    assertLess(result.measures.primalResidual, 1e-8 * Math.max(1, ...bounds), name); // x is feasible
  }
  assertEquals(unbounded, 5);
  assertEquals(exact, 4);
});

// @must homogeneous-interior-point: every "optimal", "infeasible", "unbounded" is true on the original data, on random programs of all three kinds
// @measured reached: 60 of 60, all 40 rays exact over the rationals; 900 of 900 more with other seeds too, 600 rays exact
Deno.test("homogeneousInteriorPoint() tells solvable, unbounded and infeasible programs apart", () => {
  const statuses = { solvable: "converged", unbounded: "unbounded", infeasible: "infeasible" } as const;
  for (const kind of ["solvable", "unbounded", "infeasible"] as const) {
    for (let seed = 0; seed < 20; seed++) {
      const problem = randomProgram(seed, kind), result = run(problem), what = `${kind} ${seed}: ${result.message}`;
      assertEquals(result.status, statuses[kind], what);
      if (kind === "solvable") assertLess(measures(problem, result.point).relativeKktResidual, 1e-9, what);
      else assert(isExact(problem, result), what);
    }
  }
});

Deno.test("homogeneousInteriorPoint() finds rays of quadratic programs, and infeasible before unbounded", () => {
  const any = [-Infinity, Infinity] as const, positive = [0, Infinity] as const;
  const unbounded = {
    kind: "quadratic-program",
    hessian: sparseDiagonal(Float64Array.of(1, 0)),
    linear: dense([0, -1], [[1, -1]], [[-Infinity, 1]], [positive, positive]),
  } as const;
  const result = run(unbounded);
  assertEquals(result.status, "unbounded");
  assert(isExact(unbounded, result));
  // a direction of descent, but no feasible point
  const both = dense([-1, 0], [[0, 1], [0, 1]], [[2, Infinity], [-Infinity, 1]], [positive, any]);
  const none = run(both);
  assertEquals(none.status, "infeasible");
  assert(isExact(both, none));
});

Deno.test("homogeneousInteriorPoint() resumes bit for bit, also while it confirms a ray", async () => {
  const [{ problem }] = (await netlib("netlib_lp.mps.gz")).filter(({ name }) => name === "BOEING2");
  assertResumes<SparseProgram>(problem, () => homogeneousInteriorPoint(), new Float64Array(dimension(problem)), 4);
  const falling = randomProgram(14, "unbounded"), { iterations: all } = run(falling);
  assertResumes<SparseProgram>(falling, () => homogeneousInteriorPoint(), new Float64Array(20), (all - 1) >> 1);
});

Deno.test("homogeneousInteriorPoint() refuses options out of range", () => {
  assertThrows(
    () => homogeneousInteriorPoint({ regularization: 1 }),
    DomainError,
    "expected a regularization in (0, 1)",
  );
});
