// The damped Gauss-Newton method.
import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import { iterate, type LeastSquares, solve } from "../../../lib/core/mod.ts";
import { freudensteinRoth, kowalikOsborne } from "../../../lib/problems/mod.ts";
import { dampedGaussNewton, levenbergMarquardt, moreThuente } from "../../../lib/smooth/mod.ts";
import { assertResumes } from "../../core/resumed.ts";
import { surface, valley } from "./problems.ts";

// @must gauss-newton: Rosenbrock's residuals from (-1.2, 1) to 0 in at most 30 evaluations
// @measured reached: 27 evaluations of the residuals, as many Jacobian matrices; quadratic at the end
Deno.test("dampedGaussNewton() goes along Rosenbrock's valley", () => {
  const { status, value, counts } = solve(valley, dampedGaussNewton(), { start: [-1.2, 1] });
  assertEquals([status, value], ["converged", 0]);
  assert(counts.calls["residual.value"] <= 30);
  const other = solve(valley, dampedGaussNewton({ search: moreThuente() }), { start: [-1.2, 1] });
  assertEquals(other.status, "converged");
});

Deno.test("dampedGaussNewton() converges quadratically to residuals 0, linearly to others, and lowers f at each step", () => {
  const values = (problem: LeastSquares, start: ArrayLike<number>): { value: number; estimate: number }[] => {
    const rows: { value: number; estimate: number }[] = [];
    for (const { value, estimate, stop } of iterate(problem, dampedGaussNewton(), start)) {
      if (stop || rows.length > 60 || !(estimate! > 1e-12)) break;
      rows.push({ value, estimate: estimate! });
    }
    return rows;
  };
  const fast = values(surface, [1, 1, 1]).map(({ estimate }) => estimate), n = fast.length;
  assertGreater(Math.log(fast[n - 1]) / Math.log(fast[n - 2]), 1.7, `${fast}`);
  const { problem, start } = kowalikOsborne(), slow = values(problem.squares, start), m = slow.length;
  slow.slice(1).forEach(({ value }, k) => assertLess(value, slow[k].value * (1 + 1e-9)));
  const [a, b, c] = slow.slice(m - 3).map(({ estimate }) => estimate);
  assertAlmostEquals(Math.log(b / a) / Math.log(c / b), 1, 0.3, `${[a, b, c]}`);
});

Deno.test("dampedGaussNewton() goes down the gradient where J loses rank, and finds what Levenberg and Marquardt's method does", () => {
  const powell: LeastSquares = { // Powell's example of 1970: J is singular along x₁ = 0
    kind: "least-squares",
    dimension: 2,
    residual: {
      components: 2,
      value: ([x, y], out) => out.set([x, 10 * x / (x + 0.1) + 2 * y * y]),
      jacobianVector: ([x, y], v, out) => out.set([v[0], v[0] / (x + 0.1) ** 2 + 4 * y * v[1]]),
      jacobianTransposeVector: ([x, y], w, out) => out.set([w[0] + w[1] / (x + 0.1) ** 2, 4 * y * w[1]]),
    },
  };
  const { value, status } = solve(powell, dampedGaussNewton(), { start: [3, 1] });
  assertLess(value, 1e-8, status);
  const { problem: { squares }, start } = freudensteinRoth();
  const own = solve(squares, dampedGaussNewton(), { start }), other = solve(squares, levenbergMarquardt(), { start });
  assertEquals(own.status, "converged");
  assertAlmostEquals(own.value, other.value, 1e-8 * other.value);
});

Deno.test("dampedGaussNewton() takes fewer residuals than variables, resumes, and says what went wrong", () => {
  const { status, value } = solve(surface, dampedGaussNewton(), { start: [1, 1, 1] });
  assertEquals([status, value < 1e-20], ["converged", true]);
  assertResumes(valley, () => dampedGaussNewton(), [-1.2, 1], 4);
  const root: LeastSquares = {
    kind: "least-squares",
    dimension: 1,
    residual: {
      components: 1,
      value: ([x], out) => void (out[0] = Math.log(x)),
      jacobianVector: ([x], [v], out) => void (out[0] = v / x),
      jacobianTransposeVector: ([x], [w], out) => void (out[0] = w / x),
    },
  };
  assertEquals(solve(root, dampedGaussNewton(), { start: [-1] }).status, "non-finite");
  assertAlmostEquals(solve(root, dampedGaussNewton(), { start: [9] }).x[0], 1, 1e-9); // its first step leads to NaN
  const wrong = {
    ...root,
    residual: {
      ...root.residual,
      jacobianVector: ([x]: Float64Array, [v]: Float64Array, out: Float64Array) => void (out[0] = -v / x),
    },
  };
  assertEquals(solve(wrong, dampedGaussNewton(), { start: [9] }).status, "line-search-failed");
});
