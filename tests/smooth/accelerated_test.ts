import { assert, assertAlmostEquals, assertEquals, assertLess, assertLessOrEqual, assertThrows } from "@std/assert";
import {
  DomainError,
  iterate,
  iterations,
  MissingOracleError,
  norm2,
  type Smooth,
  solve,
  type Solver,
  type State,
  type Vector,
} from "../../lib/core/mod.ts";
import { quadratic } from "../../lib/problems/mod.ts";
import { gradientDescent, heavyBall, nesterov, tripleMomentum } from "../../lib/smooth/mod.ts";

/** Iterations until `pick(state)`, by default x, has shrunk by 1e-8; the minimizer is 0. */
function iterationsTo<S extends State>(
  problem: Smooth,
  solver: Solver<Smooth, S>,
  start: Vector,
  pick: (state: S) => Vector = (state) => state.x,
): number {
  let k = 0;
  for (const state of iterate(problem, solver, start)) {
    if (norm2(pick(state)) <= 1e-8 * norm2(start)) return k;
    if (++k > 100_000) break;
  }
  return Infinity;
}

/** n = 200, eigenvalues from 1 to 1e4 evenly on a log scale. */
const stretched = quadratic(Array.from({ length: 200 }, (_, i) => 1e4 ** (i / 199)));

// @must gradient-descent-fixed: quadratic n = 200, κ = 1e4, |x| <= 1e-8 |x0| in 80906 iterations
// @measured reached: 80906 with the step 2/(L + μ)
// @must nesterov: quadratic n = 200, κ = 1e4, |x| <= 1e-8 |x0| in 1873 iterations
// @measured reached: 1873
// @must heavy-ball: quadratic n = 200, κ = 1e4, |x| <= 1e-8 |x0| in 1177 iterations
// @measured reached: 1177
// @must triple-momentum: quadratic n = 200, κ = 1e4, |x| <= 1e-8 |x0| in 1651 iterations
// @measured reached: 1651 for the state ξ; the output x, up to 1/(1 - ρ²) = 50 times as far away, takes 2028
Deno.test("accelerated methods take the predicted number of iterations on a quadratic with κ = 1e4", () => {
  const { problem, start } = stretched;
  assertEquals(iterationsTo(problem, gradientDescent({ step: 2 / (1e4 + 1) }), start), 80906);
  assertEquals(iterationsTo(problem, nesterov(), start), 1873);
  assertEquals(iterationsTo(problem, heavyBall(), start), 1177);
  assertEquals(iterationsTo(problem, tripleMomentum(), start, (state) => state.xi), 1651);
  assertEquals(iterationsTo(problem, tripleMomentum(), start), 2028);
});

/** `f' = 25x` below 1, `x + 24` up to 2, `25x - 24` above: L = 25, μ = 1, minimum 0 at 0. */
const bent: Smooth = {
  kind: "smooth",
  dimension: 1,
  constants: { smoothness: 25, strongConvexity: 1 },
  value: ([x]) => x < 1 ? 12.5 * x * x : x < 2 ? x * x / 2 + 24 * x - 12 : 12.5 * x * x - 24 * x + 36,
  gradient: (x, out) => {
    out[0] = x[0] < 1 ? 25 * x[0] : x[0] < 2 ? x[0] + 24 : 25 * x[0] - 24;
    return bent.value(x);
  },
};

// @must heavy-ball: on f' = 25x, x + 24, 25x - 24 (L = 25, μ = 1) from 3.3 it ends in the 3-cycle 792/1225, -2208/1225,
// 2592/1225 to 1e-6 and never converges
// @measured reached: the cycle to 1e-12 after 500 iterations, the same after 5000
Deno.test("heavyBall() ends in a 3-cycle on a strongly convex function", () => {
  const cycle = [792 / 1225, -2208 / 1225, 2592 / 1225].sort((a, b) => a - b), seen: number[] = [];
  for (const { x } of iterate(bent, heavyBall(), [3.3])) if (seen.push(x[0]) > 5000) break;
  for (const k of [500, 5000]) {
    const three = seen.slice(k - 3, k).sort((a, b) => a - b);
    three.forEach((x, i) => assertAlmostEquals(x, cycle[i], 1e-12));
  }
});

// @must triple-momentum: converges there at the rate ρ = 0.8
// @measured reached: 0.8000 per iteration over iterations 20 to 120
Deno.test("tripleMomentum() converges at the rate ρ = 1 - 1/√κ where heavy ball cycles", () => {
  const distance: number[] = [];
  for (const { xi } of iterate(bent, tripleMomentum(), [3.3])) if (distance.push(Math.abs(xi[0])) > 120) break;
  assertAlmostEquals((distance[120] / distance[20]) ** (1 / 100), 0.8, 1e-9);
});

/** Nesterov's worst function for n / 2 steps from 0: `(x₁²/2 + Σ (xᵢ - xᵢ₊₁)²/2 + xₙ²/2 - x₁)/4`, L = 1. */
function worst(n: number): { problem: Smooth; minimum: number; squaredRadius: number } {
  const scratch = new Float64Array(n);
  const gradient = (x: Vector, out: Vector): number => {
    let f = -x[0];
    for (let i = 0; i < n; i++) {
      const left = i > 0 ? x[i - 1] : 0, right = i + 1 < n ? x[i + 1] : 0;
      out[i] = (2 * x[i] - left - right - (i === 0 ? 1 : 0)) / 4;
      f += (x[i] - left) ** 2 / 2;
    }
    return (f + x[n - 1] ** 2 / 2) / 4;
  };
  let squaredRadius = 0;
  for (let i = 1; i <= n; i++) squaredRadius += (1 - i / (n + 1)) ** 2;
  return {
    problem: { kind: "smooth", dimension: n, value: (x) => gradient(x, scratch), gradient },
    minimum: (1 / (n + 1) - 1) / 8,
    squaredRadius,
  };
}

// @must nesterov-convex: f - f* <= 2L R²/(k + 1)² on Nesterov's worst function, slope <= -1.9
// @measured reached: at most 0.155 of the bound up to k = 800; (f - f*)/R² on the worst function for each k falls with
// slope -1.97 from k = 50 to 800
Deno.test("nesterov() with μ = 0 keeps its bound and its slope on Nesterov's worst function", () => {
  const scaled = [50, 800].map((steps) => {
    const { problem, minimum, squaredRadius } = worst(2 * steps + 1);
    let k = 0;
    for (const { x } of iterate(problem, nesterov({ smoothness: 1 }), new Float64Array(2 * steps + 1))) {
      const gap = problem.value(x) - minimum;
      if (k > 0) assertLessOrEqual(gap, 0.2 * 2 * squaredRadius / (k + 1) ** 2);
      if (k++ === steps) return gap / squaredRadius;
    }
    throw new Error("the run ended early");
  });
  const slope = Math.log(scaled[1] / scaled[0]) / Math.log(800 / 50);
  assertLessOrEqual(slope, -1.9);
  assertLess(-2.05, slope);
});

// @must gradient-descent-fixed: f - f* <= L |x0 - x*|²/(2k) with the step 1/L on a convex function
// @measured reached: at most 0.053 of the bound for k <= 2000 on the quadratic with κ = 1e4
Deno.test("gradientDescent() with the step 1/L keeps its bound", () => {
  const { problem, start } = stretched, bound = 1e4 * norm2(start) ** 2 / 2;
  let k = 0;
  for (const { value } of iterate(problem, gradientDescent({ step: "1/L" }), start)) {
    if (k > 0) assertLessOrEqual(value, 0.06 * bound / k);
    if (++k > 2000) break;
  }
});

Deno.test("heavyBall() takes step and momentum as they are given", () => {
  const { problem } = quadratic([1]), seen: number[] = [];
  for (const { x } of iterate(problem, heavyBall({ step: 0.5, momentum: 0.25 }), [1])) if (seen.push(x[0]) === 4) break;
  assertEquals(seen, [1, 0.5, 0.125, -0.03125]);
});

Deno.test("tripleMomentum() has the solution among its fixed points only", () => {
  const { problem } = quadratic([2, 8]);
  for (const state of iterate(problem, tripleMomentum(), [1, 1])) {
    if (norm2(state.x) < 1e-12) {
      assertLess(norm2(state.xi), 1e-12);
      return;
    }
  }
});

Deno.test("accelerated methods refuse L < μ, μ <= 0 and other constants that no function has", () => {
  for (const make of [heavyBall, tripleMomentum]) {
    for (const strongConvexity of [0, -1, NaN, Infinity]) {
      assertThrows(() => make({ smoothness: 1, strongConvexity }), DomainError, "expected a strongConvexity μ > 0");
    }
  }
  for (const make of [heavyBall, tripleMomentum, nesterov]) {
    assertThrows(() => make({ smoothness: 1, strongConvexity: 2 }), DomainError, "expected L >= μ, got L = 1 < μ = 2");
    for (const smoothness of [0, -1, NaN, Infinity]) {
      assertThrows(() => make({ smoothness }), DomainError, "expected a smoothness L > 0");
    }
  }
  assertThrows(() => nesterov({ strongConvexity: -1 }), DomainError, "expected a strongConvexity μ >= 0");
  assertThrows(() => gradientDescent({ step: "1/L", smoothness: -1 }), DomainError, "expected a smoothness L > 0");
  const wrong = { ...bent, constants: { smoothness: 1, strongConvexity: 2 } };
  for (const solver of [heavyBall(), tripleMomentum(), nesterov()]) {
    assertThrows(() => solve(wrong, solver, { start: [1] }), DomainError, "expected L >= μ");
  }
});

Deno.test("accelerated methods without constants say what to pass, and that estimateConstants finds it", () => {
  const { constants: _, ...unknown } = bent;
  for (const solver of [heavyBall(), tripleMomentum(), nesterov(), gradientDescent({ step: "1/L" })]) {
    const error = assertThrows(() => solve(unknown, solver, { start: [1] }), MissingOracleError, "estimateConstants");
    assert(error.message.includes("smoothness L"), error.message);
  }
  const half = heavyBall({ smoothness: 25 });
  assertThrows(() => solve(unknown, half, { start: [1] }), MissingOracleError, "strongConvexity μ");
  // nothing is missing where the options complete each other
  for (const solver of [heavyBall({ step: 0.1, momentum: 0.5 }), nesterov({ smoothness: 25 })]) {
    assertEquals(solve(unknown, solver, { start: [1], stop: iterations(1) }).iterations, 1);
  }
});

Deno.test("heavyBall() and gradientDescent() refuse steps and momenta out of range", () => {
  for (const step of [0, -1, NaN, Infinity]) {
    assertThrows(() => heavyBall({ step }), DomainError, "expected a step > 0");
    assertThrows(() => gradientDescent({ step }), DomainError, "expected a step > 0");
  }
  for (const momentum of [-0.1, 1, NaN]) assertThrows(() => heavyBall({ momentum }), DomainError, "momentum in [0, 1)");
});
