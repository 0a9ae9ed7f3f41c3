// Constrained problems: logistic regression on the sphere, control of a Poisson equation.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, fillNormal, norm2, rng } from "../../lib/core/mod.ts";
import { constrainedLogisticRegression, dataset, poissonControl } from "../../lib/problems/mod.ts";
import { checkLagrangian } from "./constrained_checks.ts";

const random = rng(5);

Deno.test("constrainedLogisticRegression() asks for equations that hold on the sphere, and has their derivatives", () => {
  const features = fillNormal(rng(1), new Float64Array(60)),
    targets = features.map((_, i) => i % 3 ? 1 : 0).subarray(0, 10);
  const data = dataset({ columns: 6, features, targets });
  const { problem, start, dataHash } = constrainedLogisticRegression(data, { equations: 2 });
  assertAlmostEquals(norm2(start), 1);
  assertEquals([problem.constraints.equality.components, dataHash], [3, data.hash]);
  checkLagrangian(problem, start, random);
  checkLagrangian(problem, fillNormal(random, new Float64Array(6)), random);
  assertThrows(() => constrainedLogisticRegression(data, { equations: 6 }), DomainError, "from 0 to 5");
});

Deno.test("poissonControl() has the five-point Laplacian, and its derivatives", () => {
  const { problem, start } = poissonControl(3), { equality } = problem.constraints;
  assertEquals([problem.objective.dimension, equality.components], [18, 9]);
  // W = sin(π (x+1)/2) sin(π (y+1)/2) is an eigenvector: ΔW = -2 · 4 · 4 sin²(π/8) W at h = 1/2
  const mode = Float64Array.from({ length: 18 }, (_, k) => {
    const i = Math.floor(k / 3) + 1, j = k % 3 + 1;
    return k < 9 ? Math.sin(Math.PI * i / 4) * Math.sin(Math.PI * j / 4) : 0;
  });
  const out = new Float64Array(9);
  equality.value(mode, out);
  out.forEach((entry, k) => assertAlmostEquals(entry, -32 * Math.sin(Math.PI / 8) ** 2 * mode[k], 1e-13));
  checkLagrangian(problem, start, random);
  assert(Math.abs(problem.objective.value(start)) < 100);
  assertThrows(() => poissonControl(0), DomainError, "positive number");
});
