import { fillNormal, normInf, rng } from "../../lib/core/mod.ts";
import { booth, himmelblau, sixHumpCamel } from "../../lib/problems/mod.ts";
import { assertAlmostEquals, assertLess } from "@std/assert";
import { checkSecondOrder, newton } from "./derivative_checks.ts";

Deno.test("himmelblau(), booth() and sixHumpCamel() have exact derivatives", () => {
  const random = rng(8);
  for (const { problem, start } of [himmelblau(), booth(), sixHumpCamel()]) {
    checkSecondOrder(problem, start, random);
    for (let k = 0; k < 5; k++) checkSecondOrder(problem, fillNormal(random, new Float64Array(2)), random);
  }
});

Deno.test("himmelblau() is zero at its four minimizers", () => {
  const { problem } = himmelblau();
  for (const near of [[3, 2], [-2.8, 3.1], [-3.8, -3.3], [3.6, -1.8]]) {
    assertLess(problem.value(newton(problem, Float64Array.from(near))), 1e-28);
  }
});

Deno.test("sixHumpCamel() has the minima it lists", () => {
  const { problem, minima } = sixHumpCamel(), gradient = new Float64Array(2);
  const near = [[0.0898, -0.7127], [1.7036, -0.7961], [1.6071, 0.5687]];
  for (let k = 0; k < 3; k++) {
    for (const sign of [1, -1]) {
      const x = newton(problem, Float64Array.from(near[k], (c) => sign * c));
      assertAlmostEquals(problem.gradient(x, gradient), minima[k], 1e-13);
      assertLess(normInf(gradient), 1e-13);
      assertLess(normInf(x.map((c, i) => c - sign * near[k][i])), 1e-4);
    }
  }
});

Deno.test("booth() has the constants of its Hessian", () => {
  const { problem } = booth(), x = new Float64Array(2), out = new Float64Array(2);
  problem.hessianVector(x, Float64Array.of(1, 1), out);
  assertAlmostEquals(out[0], problem.constants!.smoothness, 1e-14);
  problem.hessianVector(x, Float64Array.of(1, -1), out);
  assertAlmostEquals(out[0], problem.constants!.strongConvexity, 1e-14);
});
