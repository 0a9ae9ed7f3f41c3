// Block coordinate descent with bounds and 1-norms: rules, updates, supports.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  type BlockSmooth,
  DomainError,
  evaluations,
  fillNormal,
  iterate,
  iterations,
  measureBelow,
  measures,
  norm2,
  rng,
  ShapeError,
  solve,
  type Solver,
  type State,
  uniform,
} from "../../lib/core/mod.ts";
import { addSparse, gridLaplacian, sparseIdentity } from "../../lib/linalg/mod.ts";
import {
  blockLogisticRegression,
  dataset,
  lasso,
  nonnegativeLeastSquares,
  sparseQuadratic,
} from "../../lib/problems/mod.ts";
import { boundedL1 } from "../../lib/proximal/mod.ts";
import {
  activeSetIterations,
  adaptiveStep,
  type BlockComposite,
  blockComposite,
  blockNewtonStep,
  type BlockSelection,
  type BlockUpdate,
  cyclic,
  exactStep,
  fista,
  gradientStep,
  greedy,
  inOrder,
  largest,
  modelStep,
  permuted,
  proximalBlockCoordinateDescent,
  splittingSolvers,
  supportMargin,
  thresholded,
  twoMetricStep,
} from "../../lib/splitting/mod.ts";
import { assertResumes } from "../core/resumed.ts";
import { sparseNonnegative, wellScaled } from "./recipes.ts";

// deno-lint-ignore no-explicit-any -- what rules remember differs, and no test looks at it
type Selection = BlockSelection<any, any>;
const make = (selection: Selection, update: unknown): Solver<BlockComposite> =>
  proximalBlockCoordinateDescent({
    selection,
    update: update as BlockUpdate<BlockSmooth, never>,
    ...(selection.fromPartition && { partition: inOrder(10) }),
  });
const tight = [measureBelow("proximalGradientNorm", { absolute: 1e-12 }), iterations(5000)];
const { problem, start } = sparseNonnegative(), n = start.length;
const solution = solve(problem, make(largest(60, "GSL", { supportFirst: true }), modelStep()), { start, stop: tight });

/** The first iteration from which on the support is that of the solution, and the one at which the measure is below 1e-12. */
function identification(selection: Selection, update: unknown): [number, number] {
  let support = 0, k = 0;
  for (const state of iterate(problem, make(selection, update), start) as Iterable<State>) {
    if (state.x.some((v, i) => (v > 0) !== (solution.x[i] > 0))) support = k + 1;
    if (k >= 2000 || support <= k && measures(problem, { x: state.x }).proximalGradientNorm <= 1e-12) break;
    k++;
  }
  return [support, k];
}

// @must proximal-coordinate-descent, supportMargin: l1-NNLS: the support is fixed after finitely many iterations
// @measured reached: n = 200, 32 coefficients, δ = .0042: after 3 to 5 iterations with blocks of 60, 125 by gradient steps in blocks of 10
// @must modelStep, twoMetricStep, blockNewtonStep: with blocks as large as the support, exact and two-metric updates then finish to 1e-12 in 3 more iterations at most
// @measured reached: 0 more: the support and 1e-12 after 3 iterations by block QP and by Newton, after 5 by two-metric projection
Deno.test("exact and two-metric updates of variable blocks end soon after the support is known", () => {
  assertEquals(solution.status, "converged");
  const size = solution.x.reduce((s, v) => s + (v > 0 ? 1 : 0), 0);
  assert(size > 10 && size < 40);
  for (const update of [modelStep(), blockNewtonStep(), twoMetricStep()]) {
    const [support, end] = identification(largest(60, "GSL", { supportFirst: true }), update);
    assert(support <= 15 && end <= support + 3, `${update.name}: ${support}, ${end}`);
  }
  const [support, end] = identification(largest(10, "GSq"), gradientStep());
  assert(support < 200 && end > 2 * support, `${support}, ${end}`); // first-order updates go on
});

// @must activeSetIterations: the support is right once |x - x*| <= δ/(2L), after κ log(2L |x⁰ - x*|/δ) iterations
// @measured reached: a quadratic in 60 variables, δ = .12: bound 24 sweeps, support from 10 coordinate steps on; every iterate within δ/(2L) has it after a step
Deno.test("activeSetIterations() bounds when the support is known", () => {
  const draws = rng(3), b = fillNormal(draws, new Float64Array(60));
  const { problem: chain } = sparseQuadratic(addSparse(1, gridLaplacian(60), 2, sparseIdentity(60)), b);
  const bounded = blockComposite(chain, boundedL1(60, { weights: 0.3, lower: 0 })), x0 = new Float64Array(60).fill(3);
  const exact = solve(bounded, make(largest(60), modelStep()), { start: x0, stop: tight }).x;
  const margin = supportMargin(bounded, exact), L = 6, mu = 2, supports: boolean[] = [], distances: number[] = [];
  const gradient = proximalBlockCoordinateDescent({
    partition: inOrder(60),
    selection: cyclic(),
    update: gradientStep(),
  });
  for (const state of iterate(bounded, gradient, x0) as Iterable<State>) {
    supports.push(state.x.every((v, i) => (v > 0) === (exact[i] > 0)));
    distances.push(norm2(state.x.map((v, i) => v - exact[i])));
    if (supports.length > 300) break;
  }
  const bound = activeSetIterations({ margin, smoothness: L, condition: L / mu, distance: distances[0] });
  const last = supports.lastIndexOf(false) + 1;
  assert(margin > 0 && last <= bound && bound < 300 && last > 3, `${margin}, ${last}, ${bound}`);
  distances.forEach((d, k) => assert(d > margin / (2 * L) || supports[k + 1] !== false));
});

const rules: Selection[] = [
  cyclic(),
  permuted(),
  ...(["GS", "GSr", "GSq", "GSL", "GSLr", "GSD", "GSQ"] as const).map((r) => greedy(r)),
];
const updates = [gradientStep(), adaptiveStep(), modelStep(), blockNewtonStep(), exactStep(), twoMetricStep()];

// @must proximal-coordinate-descent, greedy: F never increases for any rule and update with bounds, and all reach the same minimum
// @measured reached: NNLS with weights, bounds from both sides, logistic regression on a box, lasso: 12 rules, 6 updates
Deno.test("proximalBlockCoordinateDescent() descends to the minimum of FISTA by every rule and update", () => {
  const data = wellScaled(40, 20, 1), labels = dataset({ ...data, targets: data.targets.map((t) => t > 0 ? 1 : -1) });
  const logistic = blockLogisticRegression(labels).problem;
  const problems = [
    nonnegativeLeastSquares(data, 0.2).problem,
    blockComposite(logistic, boundedL1(20, { lower: -0.1, upper: 0.2 })),
    lasso(data, 0.2).problem,
    blockComposite(
      lasso(dataset({ ...data, targets: data.targets.map((t) => -t) }), 1).problem.smooth,
      boundedL1(20, { weights: 0.2, upper: 0 }),
    ),
  ];
  for (const problem of problems) {
    const start = new Float64Array(20).fill(0.1), isLasso = problem === problems[2];
    const least = solve(problem, fista(), {
      start,
      stop: [measureBelow("proximalGradientNorm", { absolute: 1e-11 }), iterations(20000)],
    });
    for (const rule of [...rules, largest(5), largest(5, "GSr"), largest(20, "GS", { supportFirst: true })]) {
      for (const update of updates) {
        if (isLasso && update.name === "two-metric step") continue;
        const { trace, value } = solve(problem, make(rule, update), { start, stop: iterations(60), measureEvery: 1 });
        const values = [...trace.column("value")], name = `${problem.name}: ${rule.name}, ${update.name}`;
        values.forEach((v, k) => assert(k === 0 || v <= values[k - 1] + 1e-13, `${name}: ${v} after ${values[k - 1]}`));
        assert(value <= least.value + 0.02 * (values[0] - least.value), name);
        assert(value >= least.value - 1e-12, name);
      }
    }
    for (const update of [modelStep(), exactStep()]) {
      const { x, status } = solve(problem, make(largest(20), update), { start, stop: tight });
      assertEquals(status, "converged");
      x.forEach((v, i) => assertAlmostEquals(v, least.x[i], 1e-8));
    }
  }
});

Deno.test("modelStep() solves a block with kinks and bounds: no point near it is better", () => {
  const draws = rng(7);
  for (let trial = 0; trial < 30; trial++) {
    const data = wellScaled(6, 5, 100 + trial),
      options = {
        weights: Float64Array.from({ length: 5 }, () => uniform(draws)),
        lower: Float64Array.from({ length: 5 }, () => uniform(draws) < 0.5 ? -Infinity : uniform(draws) - 1),
        upper: Float64Array.from({ length: 5 }, () => uniform(draws) < 0.5 ? Infinity : uniform(draws)),
      };
    const bounded = blockComposite(lasso(data, 1).problem.smooth, boundedL1(5, options));
    const solver = proximalBlockCoordinateDescent({ partition: inOrder(5), selection: cyclic(), update: modelStep() });
    const { x } = solve(bounded, solver, { start: new Float64Array(5), stop: iterations(1), measureEvery: 1 });
    assert(measures(bounded, { x }).proximalGradientNorm < 1e-12);
  }
});

Deno.test("supportMargin() is the distance of the gradient from the ends of its interval", () => {
  const { problem: half } = sparseQuadratic(sparseIdentity(1), [0.7]);
  assertAlmostEquals(supportMargin(blockComposite(half, boundedL1(1, { weights: 1 })), Float64Array.of(0)), 0.3, 1e-15);
  assertEquals(supportMargin(blockComposite(half, boundedL1(1, { weights: 0.7 })), Float64Array.of(0)), 0);
  assertAlmostEquals(
    supportMargin(blockComposite(half, boundedL1(1, { upper: 0.5 })), Float64Array.of(0.5)),
    0.2,
    1e-15,
  );
  assertEquals(supportMargin(blockComposite(half, boundedL1(1)), Float64Array.of(0.7)), Infinity);
  assertThrows(() => supportMargin(blockComposite(half, boundedL1(1)), Float64Array.of(0)), DomainError, "misses");
  assertEquals(activeSetIterations({ margin: 0, smoothness: 1, condition: 2, distance: 1 }), Infinity);
  assertEquals(activeSetIterations({ margin: 0.2, smoothness: 1, condition: 10, distance: 1 }), 24);
  assertEquals(activeSetIterations({ margin: 3, smoothness: 1, condition: 2, distance: 1 }), 0);
  assertThrows(() => activeSetIterations({ margin: 1, smoothness: 1, condition: 0.5, distance: 1 }), DomainError);
});

Deno.test("proximalBlockCoordinateDescent() repeats and resumes bit by bit, and counts blocks by their share", () => {
  const small = nonnegativeLeastSquares(wellScaled(30, 60), 0.1);
  for (
    const of of [
      () => make(permuted(), modelStep()),
      () => make(greedy("GSQ"), modelStep()),
      () => make(largest(4), twoMetricStep()),
      () => make(largest(4, "GSr"), adaptiveStep()),
      splittingSolvers["proximal-coordinate-descent"] as () => Solver<BlockComposite>,
    ]
  ) assertResumes(small.problem, of, small.start, 4);
  const budget = solve(small.problem, splittingSolvers["proximal-coordinate-descent"]() as Solver<BlockComposite>, {
    start: small.start,
    stop: evaluations(3),
  });
  assert(budget.counts.evaluations <= 3 && budget.counts.evaluations > 2.9 && budget.iterations >= 120);
});

Deno.test("proximalBlockCoordinateDescent() reaches bounds exactly", () => {
  const draws = rng(8), upper = Float64Array.from({ length: 400 }, () => uniform(draws)), far = upper.map(() => 10);
  const { problem: separate } = sparseQuadratic(sparseIdentity(400), far), start = upper.map((u) => u * uniform(draws));
  assert(start.some((v, i) => v + (upper[i] - v) !== upper[i]), "rounding misses some");
  const bounded = blockComposite(separate, boundedL1(400, { upper }));
  assertEquals(solve(bounded, make(largest(400), gradientStep()), { start, stop: iterations(1) }).x, upper);
});

Deno.test("modelStep() minimizes over a block of dependent columns", () => {
  const draws = rng(9),
    column = fillNormal(draws, new Float64Array(8)),
    targets = fillNormal(draws, new Float64Array(8));
  const features = Float64Array.from({ length: 16 }, (_, k) => column[k >> 1]);
  const { problem } = lasso(dataset({ columns: 2, features, targets }), 0.01),
    free = blockComposite(problem.smooth, boundedL1(2));
  for (const which of [free, problem]) {
    const solver = proximalBlockCoordinateDescent({ partition: inOrder(2), selection: cyclic(), update: modelStep() });
    const { measures } = solve(which, solver, { start: [0, 0], stop: iterations(1), measureEvery: 1 });
    assert(measures.proximalGradientNorm < 1e-10, `${measures.proximalGradientNorm}`);
  }
});

Deno.test("proximalBlockCoordinateDescent() starts between the bounds; refusals", () => {
  const unit = blockComposite(problem.smooth, boundedL1(n, { lower: 0, upper: 1 }));
  const far = solve(unit, make(cyclic(), gradientStep()), {
    start: new Float64Array(n).fill(7),
    stop: iterations(1),
    measureEvery: 1,
  });
  assert(far.x.every((v) => v >= 0 && v <= 1) && Number.isFinite(far.value));
  assertThrows(() => blockComposite(problem.smooth, boundedL1(3)), ShapeError, "200 weights, got 3");
  assertThrows(() => solve(problem, make(thresholded(3), modelStep()), { start }), Error);
  const kinked = lasso(wellScaled(10, 10), 0.1);
  assertThrows(
    () => solve(kinked.problem, make(cyclic(), twoMetricStep()), { start: kinked.start }),
    DomainError,
    "one side of 0",
  );
  for (
    const options of [{ weights: -1 }, { weights: NaN }, { lower: 1, upper: 0 }, { lower: Infinity }, { upper: NaN }]
  ) {
    assertThrows(() => boundedL1(2, options), DomainError);
  }
  assertThrows(() => boundedL1(2, { lower: [1] }), ShapeError);
});
