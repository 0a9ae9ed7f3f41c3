// Exact transport: the network simplex method, on a line, Wasserstein's distance.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, type Matrix, measureBelow, rng, ShapeError, solve } from "../../lib/core/mod.ts";
import { matrix } from "../../lib/linalg/mod.ts";
import {
  type ExactTransport,
  groundCost,
  networkSimplex,
  transportOnLine,
  transportProblem,
  wasserstein,
} from "../../lib/transport/mod.ts";
import { assertResumes } from "../core/resumed.ts";
import { marginals, masses, points, randomCosts } from "./clouds.ts";

const exactly = (problem: ExactTransport) =>
  solve(problem, networkSimplex(), {
    start: new Float64Array(problem.source.length),
    stop: measureBelow("relativeKktResidual", { absolute: 1e-12 }),
  });

/** The least cost of an assignment, over all of them. */
function bruteForce({ rows: n, data }: Matrix): number {
  const visit = (i: number, taken: number): number => {
    if (i === n) return 0;
    let least = Infinity;
    for (let j = 0; j < n; j++) {
      if (!(taken & 1 << j)) least = Math.min(least, data[i * n + j] + visit(i + 1, taken | 1 << j));
    }
    return least;
  };
  return visit(0, 0) / n;
}

// @must network-simplex: equals brute force over permutations for n <= 7
// @measured reached: 60 random assignments of order 2 to 7, to 1e-14
Deno.test("networkSimplex() finds the best of all assignments", () => {
  for (let n = 2; n <= 7; n++) {
    for (let seed = 0; seed < 10; seed++) {
      const cost = randomCosts(n, 100 * n + seed), result = exactly(transportProblem(cost));
      assertEquals(result.status, "converged");
      assertAlmostEquals(result.value, bruteForce(cost), 1e-14);
    }
  }
});

// @must network-simplex: strong duality to 1e-12 of the scale, at most m + n - 1 entries, a potential that is feasible on every arc; equal weights, which make bases degenerate, end
// @measured reached: n = 150 with equal and with random masses: gaps of at most 3e-17, 150 and 299 entries; no reduced cost below -1e-15
Deno.test("networkSimplex() certifies its plans, also degenerate ones", () => {
  for (const equal of [true, false]) {
    const random = rng(6), cost = groundCost(points(random, 150), points(random, 150));
    const problem = transportProblem(
      cost,
      equal ? {} : { source: masses(random, 150), target: masses(random, 150) },
    );
    const { status, point: { x, plan }, measures } = exactly(problem);
    assertEquals(status, "converged");
    assert(measures.gap <= 1e-12 && measures.marginalViolation <= 1e-13);
    assert(plan!.data.filter((p) => p > 0).length <= 299);
    // on the arcs in use u and v = min C - u meet
    for (let j = 0; j < 150; j++) {
      const v = Math.min(...x.map((u, i) => cost.data[i * 150 + j] - u));
      for (let i = 0; i < 150; i++) {
        if (plan!.data[i * 150 + j] > 0) assertAlmostEquals(cost.data[i * 150 + j] - x[i], v, 1e-14);
      }
    }
  }
});

// @must network-simplex, transportOnLine: transport in one dimension equals the general solver to 1e-12
// @measured reached: powers 1, 1.5, 2 and 3, 40 to 25 places with random masses: to 2e-15
Deno.test("transportOnLine() equals the general solver", () => {
  const random = rng(7), x = points(random, 20).data, y = points(random, 13).data.subarray(0, 25);
  const source = masses(random, 40), target = masses(random, 25);
  for (const power of [1, 1.5, 2, 3]) {
    const line = transportOnLine(x, y, { source, target, power });
    const X = { rows: 40, columns: 1, data: x }, Y = { rows: 25, columns: 1, data: y };
    assertAlmostEquals(
      line.cost,
      exactly(transportProblem(groundCost(X, Y, { power }), { source, target })).value,
      1e-12,
    );
    assert(line.mass.length < 65);
    const plan = { rows: 40, columns: 25, data: new Float64Array(1000) };
    line.mass.forEach((mass, k) => plan.data[line.from[k] * 25 + line.to[k]] += mass);
    const { sent, received } = marginals(plan);
    sent.forEach((s, i) => assertAlmostEquals(s, source[i], 1e-15));
    received.forEach((r, j) => assertAlmostEquals(r, target[j], 1e-15));
  }
});

// @must wasserstein: a cloud and its translate are |shift| apart, for W1 and W2
// @measured reached: 60 points in the plane, to 1e-13
Deno.test("wasserstein() of a translate is the length of the shift", () => {
  const X = points(rng(8), 60), Y = { ...X, data: X.data.map((v, k) => v + (k % 2 ? 0.4 : -0.3)) };
  for (const power of [1, 2]) assertAlmostEquals(wasserstein(X, Y, { power }).distance, 0.5, 1e-13);
  assertAlmostEquals(wasserstein(X, Y, { power: 1, norm: "manhattan" }).distance, 0.7, 1e-13);
});

Deno.test("networkSimplex() leaves places without mass alone and goes round forbidden pairs", () => {
  const cost = matrix([[0, 1, 2], [Infinity, 5, 1], [1, 1, 1]]);
  const problem = transportProblem(cost, {
    source: Float64Array.of(0.5, 0.5, 0),
    target: Float64Array.of(0.25, 0, 0.75),
  });
  const { status, value, point } = exactly(problem);
  assertEquals([status, value], ["converged", 0.25 * 0 + 0.25 * 2 + 0.5 * 1]);
  assertEquals([...point.plan!.data], [0.25, 0, 0.25, 0, 0, 0.5, 0, 0, 0]);
  // the same as without those places, also where rows are longer than a block
  const far = groundCost(points(rng(1), 40), points(rng(2), 90)),
    target = masses(rng(3), 90).map((mass, j) => j % 3 ? mass : 0);
  const total = target.reduce((sum, mass) => sum + mass, 0), here = [...target.keys()].filter((j) => target[j] > 0);
  const source = new Float64Array(40).fill(total / 40);
  const without = {
    rows: 40,
    columns: here.length,
    data: Float64Array.from({ length: 40 * here.length }, (_, k) => {
      return far.data[Math.floor(k / here.length) * 90 + here[k % here.length]];
    }),
  };
  const whole = exactly(transportProblem(far, { source, target }));
  const reduced = exactly(transportProblem(without, { source, target: target.filter((mass) => mass > 0) }));
  assertEquals([whole.status, whole.value, [...whole.x]], ["converged", reduced.value, [...reduced.x]]);
  const crowded = { source: Float64Array.of(0.9, 0.1), target: Float64Array.of(0.5, 0.5) };
  const stuck = solve(transportProblem(matrix([[1, Infinity], [1, 2]]), crowded), networkSimplex(), { start: [0, 0] });
  assertEquals(stuck.status, "infeasible");
});

Deno.test("networkSimplex() resumes bit for bit", () => {
  const random = rng(9), cost = groundCost(points(random, 200), points(random, 200));
  assertResumes(transportProblem(cost), networkSimplex, new Float64Array(200), 1);
});

Deno.test("transport refuses bad clouds, masses, powers", () => {
  const X = matrix([[0, 1]]), Y = matrix([[0], [1]]), x = Float64Array.of(0, 1);
  assertThrows(() => groundCost(X, Y), ShapeError, "expected points of the same dimension, got 1 x 2 and 2 x 1");
  assertThrows(() => groundCost(Y, Y, { power: 0 }), DomainError, "expected a power > 0, got 0");
  assertThrows(() => groundCost(matrix([[NaN]]), Y), DomainError, "expected finite points, got NaN at 0");
  assertThrows(() => transportOnLine(x, x, { power: 0.5 }), DomainError, "expected a power >= 1");
  assertThrows(() => transportOnLine(x, x, { source: Float64Array.of(1) }), ShapeError, "expected 2 masses");
  assertThrows(() => transportOnLine(x, x, { source: Float64Array.of(2, -1) }), DomainError, "masses >= 0");
  assertThrows(() => transportOnLine(x, x, { source: Float64Array.of(2, 1) }), DomainError, "the same mass");
});
