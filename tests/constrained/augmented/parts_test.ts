import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  checkDerivatives,
  type Constrained,
  fillNormal,
  largestPart,
  normInf,
  rng,
  solve,
  type TwiceSmooth,
} from "../../../lib/core/mod.ts";
import { polish } from "../../../lib/constrained/augmented/polish.ts";
import { sigmaOf } from "../../../lib/constrained/augmented/rounds.ts";
import { stateAt } from "../../../lib/constrained/augmented/state.ts";
import { penalized, subproblem } from "../../../lib/constrained/augmented/penalized.ts";
import {
  evaluateFirst,
  evaluationAt,
  lagrangianGradient,
  limitsOf,
  partsAt,
} from "../../../lib/constrained/evaluation.ts";
import { augmentedLagrangian } from "../../../lib/constrained/mod.ts";
import { hockSchittkowski } from "../../../lib/problems/mod.ts";

/** An augmented Lagrangian with random multipliers and weights. */
function randomOne(problem: Constrained, seed: number) {
  const limits = limitsOf(problem), m = limits.equalities + limits.inequalities, generator = rng(seed);
  const multipliers = fillNormal(generator, new Float64Array(m)), weights = fillNormal(generator, new Float64Array(m));
  for (let i = 0; i < m; i++) {
    weights[i] = 0.5 + Math.abs(weights[i]);
    if (i >= limits.equalities) multipliers[i] = Math.abs(multipliers[i]);
  }
  return penalized(problem.constraints, limits, multipliers, weights, 3);
}

Deno.test("subproblem() has the value of Powell, Hestenes and Rockafellar, terms of inactive inequalities included", () => {
  for (const number of [43, 71, 100]) {
    const { problem, start } = hockSchittkowski(number), { equality, inequality } = problem.constraints;
    const L = randomOne(problem, number), { objective } = subproblem(problem, L), kinds = { active: 0, inactive: 0 };
    for (let seed = 1; seed <= 20; seed++) {
      const x = fillNormal(rng(seed), new Float64Array(start.length)).map((z, j) => start[j] + z);
      const c = new Float64Array(equality?.components ?? 0), g = new Float64Array(inequality?.components ?? 0);
      equality?.value(x, c);
      inequality?.value(x, g);
      let expected = problem.objective.value(x);
      c.forEach((ci, i) => expected += L.multipliers[i] * ci + 3 * L.weights[i] / 2 * ci ** 2);
      g.forEach((gi, i) => {
        const omega = L.multipliers[c.length + i], rho = 3 * L.weights[c.length + i];
        expected += (Math.max(0, omega + rho * gi) ** 2 - omega ** 2) / (2 * rho);
        kinds[omega + rho * gi > 0 ? "active" : "inactive"]++;
      });
      assertAlmostEquals(objective.value(x), expected, 1e-11 * (1 + Math.abs(expected)));
      assertEquals(objective.gradient(x, new Float64Array(x.length)), objective.value(x));
    }
    assert(kinds.active > 5 && kinds.inactive > 5, JSON.stringify(kinds));
  }
});

Deno.test("subproblem() has the gradient and the Hessian that it says, of L and of the violation alone, by matrices and by products", () => {
  for (const number of [43, 71, 100]) {
    const { problem, start } = hockSchittkowski(number), written = randomOne(problem, number);
    const { jacobian: _, ...byProducts } = randomOne(problem, number);
    for (const L of [written, byProducts]) {
      for (const violationAlone of [false, true]) {
        L.violationAlone = violationAlone;
        const { objective } = subproblem(problem, L);
        for (let seed = 1; seed <= 5; seed++) {
          const x = fillNormal(rng(seed), new Float64Array(start.length)).map((z, j) => start[j] + z);
          const { value, gradient, hessianVector } = objective as TwiceSmooth;
          const report = checkDerivatives({ kind: "smooth", dimension: x.length, value, gradient, hessianVector }, x);
          assert(report.ok, `HS${number}: ${report}`);
        }
      }
    }
  }
});

Deno.test("sigmaOf() is the violation, or how far an inequality with a multiplier is from being active", () => {
  const { problem } = hockSchittkowski(71), L = randomOne(problem, 1); // one equality, one inequality
  const sigma = (c: number, g: number, omega: number): number => {
    L.constraints.set([c, g]);
    L.multipliers.set([5, omega]);
    L.weights.set([1, 2]);
    return sigmaOf(L); // ρ = 3
  };
  assertEquals(sigma(-0.25, -9, 0), 0.25);
  assertEquals(sigma(0, 0.5, 0), 0.5);
  assertEquals(sigma(0, -0.5, 60), 0.5);
  assertEquals(sigma(0, -9, 3), 0.5);
});

Deno.test("stateAt() takes a penalty ten times |f|, both scaled, and no multiplier below 0", () => {
  const { problem } = hockSchittkowski(71), x = Float64Array.of(5, 5, 5, 5);
  const at = (multipliers?: number[]) => {
    const given = multipliers && { multipliers: Float64Array.from(multipliers) };
    return stateAt("test", problem, { x, ...given }, undefined, rng(1)).state;
  };
  const { lagrangian: { penalty, weights }, value } = at(), size = 100, c = 60; // |∇f|∞, |x|² - 40; g is -600
  assertEquals(value, 380);
  assertEquals(weights, Float64Array.of(size / 10 ** 2, size / 125 ** 2));
  assertAlmostEquals(penalty * weights[0] / size * c ** 2 / 2, 10 * value / size, 1e-12);
  assertEquals(at([-1, -1]).lagrangian.multipliers, Float64Array.of(-1, 0));
});

Deno.test("polish() is Newton's step on the KKT conditions: errors are squared, the violation's too", () => {
  for (const number of [71, 43]) {
    const { problem, start } = hockSchittkowski(number), { point } = solve(problem, augmentedLagrangian(), { start });
    const limits = limitsOf(problem), d = fillNormal(rng(3), new Float64Array(start.length));
    const x = point.x.map((xj, j) => xj === limits.lower[j] ? xj : xj + 1e-5 * d[j]);
    const multipliers = point.multipliers!.map((w) => w === 0 ? 0 : w + 1e-5);
    const state = stateAt("test", problem, { x, multipliers }, 1, rng(1)).state;
    const estimate = (): number => {
      const at = evaluationAt(limits, state.x);
      evaluateFirst(problem, at);
      lagrangianGradient(at, state.multipliers, state.gradient);
      return largestPart(partsAt(limits, at, state.multipliers, state.gradient));
    };
    state.multipliers.set(multipliers);
    state.estimate = estimate();
    assert(state.estimate > 1e-6);
    assert(polish(problem, state, true));
    assert(estimate() < 1e-8, `HS${number}: ${estimate()}`);
    assertAlmostEquals(state.estimate, estimate(), 1e-15);
    assert(normInf(state.x.map((xj, j) => xj - point.x[j])) < 1e-8);
    assert(!polish(problem, state, true) || state.estimate < 1e-13, "to rounding in two");
    state.x = x.map((xj, j) => xj + (j === 1 ? 0.1 : 0));
    state.estimate = estimate();
    assert(!polish(problem, state, true), "a long step is not one of the last");
  }
});
