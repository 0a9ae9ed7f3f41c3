import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { checkDerivatives, type Constrained, fillNormal, rng, type TwiceSmooth } from "../../../lib/core/mod.ts";
import { penalized, subproblem } from "../../../lib/constrained/augmented/penalized.ts";
import { limitsOf } from "../../../lib/constrained/evaluation.ts";
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
