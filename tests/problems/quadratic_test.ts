import { DomainError, rng } from "../../lib/core/mod.ts";
import { quadratic } from "../../lib/problems/mod.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { checkSecondOrder } from "./derivative_checks.ts";

Deno.test("quadratic() has the value, the derivatives and the constants of its eigenvalues", () => {
  const { problem, start, minima } = quadratic([2, 0.5, 8]);
  assertEquals(problem.value(Float64Array.of(1, 2, 3)), (2 + 0.5 * 4 + 8 * 9) / 2);
  assertEquals(problem.constants, { smoothness: 8, strongConvexity: 0.5 });
  assertEquals(minima, [problem.value(new Float64Array(3))]);
  checkSecondOrder(problem, start, rng(1));
});

Deno.test("quadratic() keeps its own copy of the eigenvalues", () => {
  const eigenvalues = [1, 2], { problem } = quadratic(eigenvalues);
  eigenvalues[0] = 100;
  assertEquals(problem.value(Float64Array.of(1, 0)), 0.5);
});

Deno.test("quadratic() refuses eigenvalues that are not positive", () => {
  assertThrows(() => quadratic([]), DomainError, "at least one");
  assertThrows(() => quadratic([1, 0]), DomainError, "got 0 at 1");
  assertThrows(() => quadratic([1, NaN]), DomainError, "entry 1 is NaN");
});
