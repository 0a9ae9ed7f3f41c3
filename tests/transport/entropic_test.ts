// Sinkhorn's iterations in their three domains.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  DomainError,
  iterate,
  iterations,
  measureBelow,
  measures,
  normInf,
  rng,
  solve,
  type Vector,
} from "../../lib/core/mod.ts";
import {
  type EntropicTransport,
  groundCost,
  networkSimplex,
  sinkhorn,
  transportProblem,
  transportSolvers,
  withEntropy,
  withSparsity,
} from "../../lib/transport/mod.ts";
import { assertResumes } from "../core/resumed.ts";
import { marginals, masses, points, randomCosts } from "./clouds.ts";

function cloud(m: number, n: number, epsilon: number, seed = 1): EntropicTransport {
  const random = rng(seed), cost = groundCost(points(random, m), points(random, n));
  return withEntropy(transportProblem(cost, { source: masses(random, m), target: masses(random, n) }), epsilon);
}

const residual = (absolute: number) => measureBelow("relativeKktResidual", { absolute });

// @must sinkhorn, sinkhorn-kernel, sinkhorn-stabilized: the three domains end at the same plan where all of them work
// @measured reached: entries of the plans agree to 1e-12
Deno.test("sinkhorn() finds the same plan in each domain", () => {
  const problem = cloud(12, 9, 0.05), start = new Float64Array(12), stop = [residual(1e-13), iterations(5000)];
  const [log, kernel, stabilized] = (["log", "kernel", "stabilized"] as const).map((domain) => {
    const result = solve(problem, sinkhorn({ domain }), { start, stop });
    assertEquals(result.status, "converged", domain);
    return result.point.plan!.data;
  });
  for (const plan of [kernel, stabilized]) plan.forEach((p, k) => assertAlmostEquals(p, log[k], 1e-12));
});

// @must sinkhorn, sinkhorn-stabilized: converge at ε = 1e-3 max C, where the kernel form underflows
// @measured reached: the marginals to 1e-3 in 840 steps in both, the kernel form ends non-finite
Deno.test("sinkhorn() works at an ε at which the kernel underflows, in the log and the stabilized domain", () => {
  const far = groundCost(points(rng(2), 20), points(rng(3), 20)), start = new Float64Array(20);
  for (let k = 0; k < 400; k++) far.data[k] += k % 20 === 0 ? 2 : 0; // a target that is far from all
  const epsilon = 1e-3 * far.data.reduce((a, b) => Math.max(a, b), 0);
  const problem = withEntropy(transportProblem(far), epsilon), stop = [residual(1e-3), iterations(5000)];
  const log = solve(problem, sinkhorn(), { start, stop });
  const stabilized = solve(problem, sinkhorn({ domain: "stabilized" }), { start, stop });
  assertEquals([log.status, stabilized.status], ["converged", "converged"]);
  assertEquals(solve(problem, sinkhorn({ domain: "kernel" }), { start, stop }).status, "non-finite");
});

Deno.test("sinkhorn() says the regularized cost of its plan, in each domain and far from the minimum", () => {
  const problem = cloud(12, 9, 0.05), start = new Float64Array(12), stop = iterations(3);
  for (const domain of ["log", "kernel", "stabilized"] as const) {
    const { value, point } = solve(problem, sinkhorn({ domain }), { start, stop });
    assertAlmostEquals(value, measures(problem, point).value!, 1e-13);
  }
});

// @must sinkhorn: each half-step meets one marginal to 1e-14; the dual never falls
// @measured reached: the column sums are right to 3e-16 after each step; the dual rises in each of 60 steps
Deno.test("sinkhorn() meets the column sums after each step, and its dual rises", () => {
  const problem = cloud(15, 10, 0.02), start = new Float64Array(15);
  let before = -Infinity;
  for (let k = 1; k <= 60; k++) {
    const { point, value } = solve(problem, sinkhorn(), { start, stop: iterations(k) });
    const { received } = marginals(point.plan!), { gap } = measures(problem, point);
    assert(normInf(received.map((r, j) => r - problem.target[j])) <= 1e-14);
    // primal = dual + Σ f (sent - a): of the two signs of the gap the one that belongs to the lower dual
    const { sent } = marginals(point.plan!),
      surplus = sent.reduce((s, r, i) => s + point.x[i] * (r - problem.source[i]), 0);
    assertAlmostEquals(Math.abs(surplus), gap, 1e-14);
    assert(value - surplus >= before - 1e-15);
    before = value - surplus;
  }
});

// @must sinkhorn: 0 <= <C, P> - OT <= ε min(H(a), H(b))
// @measured reached: for ε = 0.5, 0.1, 0.02, excesses 1.2e-1, 2.9e-2, 2.7e-3 of at most 1.0, 0.21, 0.042
Deno.test("sinkhorn() costs no more than entropy allows", () => {
  for (const epsilon of [0.5, 0.1, 0.02]) {
    const problem = cloud(12, 9, epsilon), { regularizer: _, ...exact } = problem, start = new Float64Array(12);
    const least = solve(exact, networkSimplex(), { start }).value;
    const { plan } = solve(problem, sinkhorn(), { start }).point;
    const cost = plan!.data.reduce((s, p, k) => s + p * problem.cost.data[k], 0);
    const entropy = (v: Vector) => v.reduce((s, p) => s - p * Math.log(p), 0);
    assert(
      cost >= least - 1e-9 && cost - least <= epsilon * Math.min(entropy(problem.source), entropy(problem.target)),
    );
  }
});

// @must sinkhorn: N(0, 1) to N(0, σ²) with cost ½|x - y|²: the covariance of the plan is (√(ε² + 4σ²) - ε)/2, to 1e-3 on a grid
// @measured reached: σ = 0.5, ε = 0.3: 0.3720153 against 0.3720153; σ = 2, ε = 1: 1.5615527 against 1.5615528
Deno.test("sinkhorn() gives the covariance of the entropic plan between Gaussians", () => {
  for (const [sigma, epsilon] of [[0.5, 0.3], [2, 1]]) {
    const n = 161, x = Float64Array.from({ length: n }, (_, i) => (i - 80) / 80 * 6);
    const y = x.map((v) => v * sigma),
      density = (v: Vector, s: number) => {
        const weights = v.map((t) => Math.exp(-0.5 * (t / s) ** 2)), sum = weights.reduce((a, b) => a + b, 0);
        return weights.map((w) => w / sum);
      };
    const cost = {
      rows: n,
      columns: n,
      data: Float64Array.from({ length: n * n }, (_, k) => {
        return 0.5 * (x[Math.floor(k / n)] - y[k % n]) ** 2;
      }),
    };
    const exact = transportProblem(cost, { source: density(x, 1), target: density(y, sigma) });
    const { plan } = solve(withEntropy(exact, epsilon), sinkhorn(), { start: new Float64Array(n) }).point;
    let covariance = 0;
    for (let k = 0; k < n * n; k++) covariance += plan!.data[k] * x[Math.floor(k / n)] * y[k % n];
    assertAlmostEquals(covariance, (Math.sqrt(epsilon ** 2 + 4 * sigma ** 2) - epsilon) / 2, 1e-3);
  }
});

Deno.test("sinkhorn() leaves places without mass alone, and says so where mass cannot go", () => {
  const cost = randomCosts(4, 5),
    source = Float64Array.of(0.5, 0, 0.25, 0.25),
    target = Float64Array.of(0, 0.5, 0.25, 0.25);
  for (const domain of ["log", "kernel", "stabilized"] as const) {
    const result = solve(withEntropy(transportProblem(cost, { source, target }), 0.2), sinkhorn({ domain }), {
      start: new Float64Array(4),
    });
    assertEquals(result.status, "converged", domain);
    const { plan } = result.point;
    assertEquals([plan!.data[4], plan!.data[8]], [0, 0]);
  }
  const closed = { ...cost, data: cost.data.map((c, k) => k < 4 ? Infinity : c) };
  const stuck = solve(withEntropy(transportProblem(closed, { source, target }), 0.2), sinkhorn(), {
    start: new Float64Array(4),
  });
  assertEquals(stuck.status === "infeasible" || stuck.status === "non-finite", true, stuck.message);
});

Deno.test("transport problems refuse a bad ε, masses that do not fit, costs that are no numbers", () => {
  const exact = transportProblem(randomCosts(3, 1)), start = [0, 0, 0];
  for (const epsilon of [0, -1, NaN, Infinity]) {
    assertThrows(() => solve(withEntropy(exact, epsilon), sinkhorn(), { start }), DomainError, "regularizer.strength");
  }
  const heavy = { ...withEntropy(exact, 1), target: Float64Array.of(1, 1, 1) };
  assertThrows(() => solve(heavy, sinkhorn(), { start }), DomainError, "the same mass");
  for (const k of [0, 4, 1.5]) {
    assertThrows(() => measures(withSparsity(exact, 1, k), { x: new Float64Array(3) }), DomainError, "columnEntries");
  }
});

Deno.test("transport solvers resume bit for bit", () => {
  const start = new Float64Array(12),
    { regularizer: _, ...exact } = cloud(12, 9, 0.01),
    entropic = withEntropy(exact, 0.01);
  for (const id of ["sinkhorn", "sinkhorn-kernel", "sinkhorn-stabilized", "sinkhorn-newton-sparse"]) {
    assertResumes(entropic, transportSolvers[id] as () => ReturnType<typeof sinkhorn>, start, 4);
  }
});

Deno.test("sinkhorn() resumes bit for bit, and two runs of one solver keep their kernels apart, where kernels have copies", () => {
  const m = 72, n = 64, start = new Float64Array(m), stop = iterations(30); // more than 4096 entries
  for (const domain of ["kernel", "stabilized"] as const) {
    const strengths = domain === "kernel" ? [0.05, 0.04] : [0.002, 0.001]; // so small that potentials are taken up again and again
    const problems = strengths.map((epsilon, k) => cloud(m, n, epsilon, 20 + k));
    assertResumes(problems[0], () => sinkhorn({ domain }), start, 7);
    const alone = problems.map((problem) => solve(problem, sinkhorn({ domain }), { start, stop }).point.plan!.data);
    problems.forEach((problem, k) => {
      const { plan } = solve(problem, sinkhorn(), { start, stop }).point;
      alone[k].forEach((mass, entry) => assertAlmostEquals(mass, plan!.data[entry], 1e-12)); // masses are 2e-4 on average
    });
    const shared = sinkhorn({ domain }), runs = problems.map((problem) => iterate(problem, shared, start));
    let states = runs.map((run) => run.next().value!);
    for (let k = 0; k < 30; k++) states = runs.map((run) => run.next().value!);
    states.forEach((state, k) => assertEquals(shared.point(problems[k], state).plan!.data, alone[k]));
  }
});
