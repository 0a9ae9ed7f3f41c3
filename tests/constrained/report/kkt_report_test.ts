import { assert, assertAlmostEquals, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { type Constrained, DomainError, measures, ShapeError, solve, type Vector } from "../../../lib/core/mod.ts";
import { objective, type Operand, vectorFunction } from "../../../lib/autodiff/mod.ts";
import { add, dot, multiply, negate, square, stack, subtract, sum, take } from "../../../lib/autodiff/mod.ts";
import {
  adaSketchNewton,
  augmentedLagrangian,
  boundNewton,
  type KktReport,
  kktReport,
  lbfgsb,
  type TwiceBoundConstrained,
  type TwiceEqualityConstrained,
} from "../../../lib/constrained/mod.ts";
import { hockSchittkowski } from "../../../lib/problems/mod.ts";

const vector = (...entries: number[]): Vector => Float64Array.from(entries);
const active = (report: KktReport): string[] =>
  report.constraints.filter((one) => one.active).map(({ kind, index }) => `${kind} ${index}`);

/** min or max of x₀ x₁ + x₂² and the like on a set. */
function problem(
  dimension: number,
  f: (x: Operand) => Operand,
  constraints: {
    equality?: (x: Operand) => Operand;
    inequality?: (x: Operand) => Operand;
    lower?: Vector;
    upper?: Vector;
  },
): Constrained {
  const { equality, inequality, ...bounds } = constraints;
  return {
    kind: "constrained",
    objective: objective(f, { dimension }),
    constraints: {
      ...bounds,
      ...(equality && { equality: vectorFunction(equality, { dimension }) }),
      ...(inequality && { inequality: vectorFunction(inequality, { dimension }) }),
    },
  };
}

// @must kktReport: the active sets and multipliers of HS71, HS35 and HS43
// @measured reached: the sets; the multipliers of HS71 to 1e-6 of the published ones, of HS35 2/9, of HS43 1, 0 and 2, to 1e-8
Deno.test("kktReport() names what is active at the solutions of HS71, HS35 and HS43", () => {
  const expected: Record<number, [string[], number[], number]> = {
    71: [["equality 0", "inequality 0", "lower bound 0"], [0.1614685673, 0.5522936599, 1.0878712], 1e-6],
    35: [["inequality 0"], [2 / 9], 1e-8],
    43: [["inequality 0", "inequality 2"], [1, 2], 1e-8],
  };
  for (const [number, [set, multipliers, accuracy]] of Object.entries(expected)) {
    const { problem, start } = hockSchittkowski(Number(number));
    const { point, measures: at } = solve(problem, augmentedLagrangian(), { start }),
      report = kktReport(problem, point);
    assertEquals(active(report), set);
    const found = report.constraints.filter((one) => one.active).map((one) => one.multiplier);
    found.forEach((multiplier, i) => assertAlmostEquals(Math.abs(multiplier), multipliers[i], accuracy, `HS${number}`));
    assertEquals([report.rank, report.dependent.length, report.weaklyActive.length], [set.length, 0, 0]);
    assert(report.verdict.startsWith("a strict local minimizer"), report.verdict);
    assertAlmostEquals(report.kktResidual, at.kktResidual, 1e-15);
    const { stationarity, primalFeasibility, dualFeasibility, complementarity, value } = measures(problem, point);
    assertEquals(
      [report.stationarity, report.primalFeasibility, report.dualFeasibility, report.complementarity, report.value],
      [stationarity, primalFeasibility, dualFeasibility, complementarity, value],
    );
    for (const name of set) assertStringIncludes(String(report), name.replace("lower bound 0", "lower bound of x[0]"));
  }
});

Deno.test("kktReport() takes the curvature of the Lagrangian, not of f, along the constraints", () => {
  // x₁ on the unit circle: f is linear, the curvature at the lowest point is 2λ = 1, at the highest -1
  const circle = problem(2, (x) => take(x, 1), { equality: (x) => subtract(dot(x, x), 1) });
  const low = kktReport(circle, { x: vector(0, -1), multipliers: vector(0.5) });
  assertAlmostEquals(low.curvatures![0], 1, 1e-14);
  assert(low.verdict.startsWith("a strict local minimizer"), low.verdict);
  // @must kktReport: a saddle and a maximizer are told from a minimizer
  // @measured reached: circle, sphere, and a saddle at an inequality
  const high = kktReport(circle, { x: vector(0, 1), multipliers: vector(-0.5) });
  assertAlmostEquals(high.curvatures![1], -1, 1e-14);
  assertStringIncludes(high.verdict, "no minimizer");
  assertStringIncludes(high.verdict, "a local maximizer");
  const sphere = problem(3, (x) => dot(vector(1, 2, 3), square(x)), { equality: (x) => subtract(dot(x, x), 1) });
  const saddle = kktReport(sphere, { x: vector(0, 1, 0), multipliers: vector(-2) });
  assertAlmostEquals(saddle.curvatures![0], -2, 1e-13);
  assertAlmostEquals(saddle.curvatures![1], 2, 1e-13);
  assertStringIncludes(saddle.verdict, ": a saddle");
  const wall = problem(2, (x) => subtract(take(x, 0), square(take(x, 1))), { inequality: (x) => negate(take(x, 0)) });
  assertStringIncludes(kktReport(wall, { x: vector(0, 0), multipliers: vector(1) }).verdict, "a saddle");
});

Deno.test("kktReport() calls no point a saddle whose active gradients depend on each other", () => {
  const only = problem(1, (x) => negate(dot(x, x)), { inequality: (x) => dot(x, x) }); // 0 alone is feasible
  const report = kktReport(only, { x: vector(0), multipliers: vector(0) });
  assertEquals([report.leastCurvature, report.dependent.length], [-2, 1]);
  assertStringIncludes(report.verdict, "undecided");
});

Deno.test("kktReport() finds equalities violated from both sides, and the multipliers of fixed variables and of bounds", () => {
  const circle = problem(2, (x) => take(x, 1), { equality: (x) => subtract(dot(x, x), 1) });
  for (const radius of [0.5, 2]) {
    const { verdict } = kktReport(circle, { x: vector(0, -radius), multipliers: vector(0.5 / radius) });
    assertStringIncludes(verdict, "infeasible: violated is equality 0");
  }
  const square2 = problem(2, (x) => dot(x, x), { lower: vector(1, -1), upper: vector(1, 3) });
  const { constraints, isStationary } = kktReport(square2, { x: vector(1, 2) });
  assertEquals(isStationary, false);
  assertEquals(constraints.map(({ kind, multiplier }) => [kind, multiplier]), [
    ["fixed variable", -2], // 2x + λ = 0
    ["lower bound", 0], // ∇L is 4, and not the bound's to hold
    ["upper bound", 0],
  ]);
});

Deno.test("kktReport() takes constraints in units of their gradients, multipliers in units of that of f", () => {
  const steep = problem(2, (x) => sum(multiply(vector(1e6, 1e6), x)), {
    inequality: (x) => stack([multiply(-1e6, take(x, 0)), multiply(-1e-3, take(x, 1)), negate(take(x, 1))]),
  });
  const { active, rank, weaklyActive, constraints, isStationary, dependent } = kktReport(steep, {
    x: vector(-1e-7, 0),
    multipliers: vector(1, 1, 1e6 - 1e-3),
  });
  assertEquals([active, rank, isStationary, constraints[0].violated], [3, 2, true, false]);
  assertEquals(dependent.map(({ index }) => index), [1, 2]);
  assertEquals(weaklyActive.map(({ index }) => index), [0, 1]);
});

Deno.test("kktReport() does not decide where the curvature is 0, and names the worst constraint", () => {
  const quartic = problem(1, (x) => square(dot(x, x)), {});
  assertStringIncludes(kktReport(quartic, { x: vector(0) }).verdict, "the curvature is 0");
  const valley = problem(2, (x) => add(square(square(take(x, 0))), square(take(x, 1))), {});
  assertStringIncludes(kktReport(valley, { x: vector(0, 0) }).verdict, "the curvature is 0");
  const ridge = problem(2, (x) => subtract(square(square(take(x, 0))), square(take(x, 1))), {});
  const { verdict } = kktReport(ridge, { x: vector(0, 0) });
  assert(verdict.endsWith(": a saddle"), verdict);
  const plane = problem(2, (x) => sum(x), { inequality: (x) => stack([take(x, 0), multiply(2, take(x, 1))]) });
  const at = (x: Vector, ...omega: number[]): string => kktReport(plane, { x, multipliers: vector(...omega) }).verdict;
  assertStringIncludes(at(vector(0, 0), -1, -0.5), "inequality 0 is -1,");
  assertStringIncludes(at(vector(0, 0), -0.5, -1), "inequality 1 is -1,");
  assertStringIncludes(at(vector(-9, -9), 1, 1), "inequality 1, which is -18, times its multiplier 1 ");
  assertStringIncludes(at(vector(-9, -9), 3, 1), "inequality 0, which is -9, times its multiplier 3 ");
});

Deno.test("kktReport() says why a point is none", () => {
  const disc = problem(2, (x) => take(x, 1), { inequality: (x) => subtract(dot(x, x), 1) });
  const at = (x: Vector, omega: number): KktReport => kktReport(disc, { x, multipliers: vector(omega) });
  assertEquals(at(vector(0, -1), 0.5).isStationary, true);
  // the highest point: stationary with a multiplier of the wrong sign
  assertStringIncludes(at(vector(0, 1), -0.5).verdict, "the multiplier of inequality 0 is -5.00e-1, below 0");
  assertStringIncludes(at(vector(0, 0), 0.5).verdict, "no KKT point");
  assertStringIncludes(at(vector(0.6, -0.8), 0.5).verdict, "the gradient of the Lagrangian");
  const outside = at(vector(0, -2), 0.25);
  assertStringIncludes(outside.verdict, "infeasible: violated is inequality 0 (3)");
  assertEquals(outside.constraints[0].violated, true);
});

// @must kktReport: dependent constraints are named
// @measured reached: two of three equalities, and the bound and the inequality that say the same
Deno.test("kktReport() names the constraints whose gradients depend on each other", () => {
  const p = problem(3, (x) => dot(x, x), {
    equality: (x) => stack([subtract(sum(x), 3), subtract(take(x, 0), take(x, 1)), subtract(multiply(2, sum(x)), 6)]),
  });
  const twice = kktReport(p, { x: vector(1, 1, 1), multipliers: vector(-2, 0, 0) });
  assertEquals([twice.active, twice.rank], [3, 2]);
  assertEquals(twice.dependent.map(({ index }) => index), [0, 2]);
  assertStringIncludes(twice.verdict, "the multipliers are not unique");
  assertStringIncludes(String(twice), "3, of rank 2: dependent are equality 0, equality 2");
  const same = problem(1, (x) => sum(x), { inequality: (x) => negate(x), lower: vector(0) });
  const zero = kktReport(same, { x: vector(0), multipliers: vector(1) });
  assertEquals(zero.dependent.map(({ kind }) => kind), ["inequality", "lower bound"]);
  assertEquals(zero.weaklyActive.map(({ kind }) => kind), ["lower bound"]);
});

Deno.test("kktReport() does not decide where only weakly active constraints hold a falling curvature", () => {
  // -x² at a bound with multiplier 0: not decided by subspaces alone; x² there is a minimizer
  const falling = problem(2, (x) => subtract(square(take(x, 1)), square(take(x, 0))), { lower: vector(0, -5) });
  const report = kktReport(falling, { x: vector(0, 0) });
  assertEquals(report.curvatures, [-2, 2]);
  assertEquals(report.leastCurvature, 2);
  assertStringIncludes(report.verdict, "undecided");
  const rising = problem(2, (x) => dot(x, x), { lower: vector(0, -5) });
  assert(kktReport(rising, { x: vector(0, 0) }).verdict.startsWith("a strict local minimizer"));
  const flat = problem(1, (x) => multiply(square(sum(x)), square(sum(x))), {});
  assertStringIncludes(kktReport(flat, { x: vector(0) }).verdict, "undecided");
});

Deno.test("kktReport() takes results of every solver, and problems without second derivatives", () => {
  const { problem: curve, start } = hockSchittkowski(7);
  for (const solver of [adaSketchNewton(), augmentedLagrangian()]) {
    assert(kktReport(curve, solve(curve as TwiceEqualityConstrained, solver, { start }).point).isStationary);
  }
  const box = problem(2, (x) => dot(vector(1, -1), add(x, square(x))), { lower: vector(0, 0), upper: vector(1, 1) });
  for (const solver of [lbfgsb(), boundNewton()]) {
    const { point } = solve(box as TwiceBoundConstrained, solver, { start: [0.5, 0.2] }),
      report = kktReport(box, point);
    assertEquals(active(report), ["lower bound 0", "upper bound 1"]);
    assertEquals(report.constraints.map(({ multiplier }) => multiplier), [1, 0, 0, 3]);
    assertEquals(report.curvatures, [Infinity, -Infinity]);
    assertStringIncludes(report.verdict, "as many constraints hold it");
  }
  const { value, gradient } = box.objective;
  const first: Constrained = { ...box, objective: { kind: "smooth", dimension: 2, value, gradient } };
  const missing = { ...box, objective: { ...box.objective, hessianVector: undefined } } as Constrained;
  for (const without of [first, missing]) {
    const unknown = kktReport(without, { x: vector(0, 1) });
    assertEquals(unknown.curvatures, undefined);
    assertStringIncludes(unknown.verdict, "without second derivatives");
  }
  const fixed = kktReport(problem(2, (x) => sum(x), { lower: vector(1, 0), upper: vector(1, 9) }), { x: vector(1, 0) });
  assertEquals(active(fixed), ["fixed variable 0", "lower bound 1"]);
  assertEquals([fixed.rank, fixed.weaklyActive.length], [2, 0]);
});

Deno.test("kktReport() refuses points that do not fit", () => {
  const { problem: p, start } = hockSchittkowski(71), x = start.slice();
  assertThrows(() => kktReport(p, { x }), DomainError, "expected multipliers, one for each of 2 constraints, got none");
  assertThrows(() => kktReport(p, { x, multipliers: vector(1) }), ShapeError, "multipliers");
  assertThrows(() => kktReport(p, { x: vector(1) }), ShapeError);
  assertThrows(() => kktReport(p, { x, multipliers: vector(1, NaN) }), DomainError);
  assertThrows(() => kktReport(p, { x, multipliers: vector(1, 1) }, { tolerance: 0 }), DomainError, "(0, 1)");
  const root = problem(1, (x) => sum(x), { inequality: (x) => negate(multiply(x, 1e200)) });
  const broken = { ...root, objective: { ...root.objective, gradient: () => NaN } };
  assertThrows(() => kktReport(broken, { x: vector(1), multipliers: vector(0) }), DomainError, "finite");
});
