import { DomainError, fillNormal, rng } from "../../lib/core/mod.ts";
import { mghNamed, rosenbrock } from "../../lib/problems/mod.ts";
import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { checkSecondOrder, newton } from "./derivative_checks.ts";

Deno.test("rosenbrock() has the values of its formula", () => {
  const two = rosenbrock();
  assertAlmostEquals(two.problem.value(two.start), 24.2, 1e-13);
  assertEquals(two.problem.value(two.start), mghNamed("Rosenbrock").problem.value(two.start));
  // n = 3 at (2, 3, 5): 100 (3 - 4)² + 1 + 100 (5 - 9)² + 4
  assertEquals(rosenbrock(3).problem.value(Float64Array.of(2, 3, 5)), 1705);
  assertEquals(rosenbrock(5).start, Float64Array.of(-1.2, 1, -1.2, 1, -1.2));
});

Deno.test("rosenbrock() has exact derivatives", () => {
  const random = rng(3);
  for (const n of [2, 3, 10, 33]) {
    const { problem, start } = rosenbrock(n);
    checkSecondOrder(problem, start, random);
    checkSecondOrder(problem, fillNormal(random, new Float64Array(n)), random);
  }
});

Deno.test("rosenbrock() lists its local minimum", () => {
  assertEquals(rosenbrock(3).minima, [0]);
  for (const n of [4, 5, 12, 40]) {
    const { problem, minima } = rosenbrock(n), near = new Float64Array(n).fill(1);
    near[0] = -1;
    assertAlmostEquals(problem.value(newton(problem, near)), minima[1], 1e-9);
  }
});

Deno.test("rosenbrock() refuses fewer than two variables", () => {
  for (const n of [1, 2.5, NaN, -3]) assertThrows(() => rosenbrock(n), DomainError, `got ${n}`);
});
