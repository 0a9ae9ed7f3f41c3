// What is true of every registered second-order method for convex functions.
import { assert, assertEquals } from "@std/assert";
import { gradientNorm, isFiniteVector, iterations, solve, type TwiceSmooth } from "../../../lib/core/mod.ts";
import { convexNewtonSolvers } from "../../../lib/smooth/mod.ts";
import { drawnLogistic } from "./logistic.ts";

/** Small features, so that the default constants hold. */
const mild = () => drawnLogistic({ rows: 100, columns: 4, ridge: 0.02, scale: () => 0.5 });

/** The same, with NaN from the given call of the gradient on. */
function failingAt(call: number): { problem: TwiceSmooth; start: Float64Array } {
  const { problem, start } = mild();
  let calls = 0;
  return {
    start,
    problem: { ...problem, gradient: (x, out) => (++calls >= call ? (out.fill(NaN), NaN) : problem.gradient(x, out)) },
  };
}

Deno.test("every method for convex functions converges where its default constants hold", () => {
  const { problem, start } = mild();
  for (const [id, make] of Object.entries(convexNewtonSolvers)) {
    const { status, message } = solve(problem, make(), {
      start,
      stop: [gradientNorm({ absolute: 1e-6, relative: 0 }), iterations(3000)],
    });
    assertEquals(status, "converged", `${id}: ${message}`);
  }
});

Deno.test("every method for convex functions ends with a finite point when the function turns NaN", () => {
  for (const [id, make] of Object.entries(convexNewtonSolvers)) {
    for (const call of [1, 2, 4]) {
      const { problem, start } = failingAt(call), result = solve(problem, make(), { start });
      assert(result.status === "non-finite", `${id}, ${call}: ${result.status} ${result.message}`);
      assert(isFiniteVector(result.x), id);
    }
  }
});
