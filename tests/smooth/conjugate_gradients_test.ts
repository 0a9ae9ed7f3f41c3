import { assertEquals, assertLess, assertLessOrEqual, assertThrows } from "@std/assert";
import { axpy, DomainError, dot, gradientNorm, iterate, iterations, norm2, solve } from "../../lib/core/mod.ts";
import { quadratic, rosenbrock } from "../../lib/problems/mod.ts";
import { type ConjugateUpdate, evaluateAt, type LineSearch, nonlinearCg } from "../../lib/smooth/mod.ts";

const updates: readonly ConjugateUpdate[] = ["FR", "PR+", "HS", "DY", "HS-DY", "HZ"];

/** The exact minimizer along a line for quadratics: the zero of the slope, which is linear. */
const exact: LineSearch = {
  name: "exact",
  options: {},
  recall: 0,
  search(problem, line, first) {
    evaluateAt(problem, line, first);
    evaluateAt(problem, line, first * line.slope0 / (line.slope0 - line.slope));
    return "found";
  },
};

// @must cg-pr, cg-hz: on a quadratic with exact search, the iterates of linear conjugate gradients to 1e-10
// @measured reached: all six formulas for β, n = 20, κ = 10, all 20 iterates, to 3e-11 (FR 2e-12). At κ = 100 rounding
// errors grow in both recurrences from the 12th iterate on
Deno.test("nonlinearCg() with exact search takes the steps of linear conjugate gradients", () => {
  const n = 20, eigenvalues = Float64Array.from({ length: n }, (_, i) => 10 ** (i / (n - 1)));
  const { problem, start } = quadratic(eigenvalues);
  for (const beta of updates) {
    const x = start.slice(), r = x.map((v, i) => -eigenvalues[i] * v), p = r.slice();
    let k = 0;
    for (const state of iterate(problem, nonlinearCg({ beta, search: exact }), start)) {
      const gap = x.map((v, i) => v - state.x[i]);
      assertLessOrEqual(norm2(gap), 1e-10 * norm2(start), `${beta}, iterate ${k}`);
      if (k++ === n) break;
      const rr = dot(r, r), product = p.map((v, i) => eigenvalues[i] * v), a = rr / dot(p, product);
      axpy(a, p, x);
      axpy(-a, product, r);
      const b = dot(r, r) / rr;
      for (let i = 0; i < n; i++) p[i] = r[i] + b * p[i];
    }
    assertEquals(k, n + 1);
  }
});

// @must cg-pr: Rosenbrock n = 10 and 100 converge to |∇f|∞ <= 1e-8
// @measured reached: 132 and 955 iterations (SciPy's PR+ 430 and 1352)
// @must cg-hz: Rosenbrock n = 10 and 100 to |∇f|∞ <= 1e-8 in at most SciPy's 430 and 1352 PR+ iterations
// @measured reached: 160 and 1009 iterations
Deno.test("nonlinearCg() solves Rosenbrock's function in at most SciPy's iterations, with every β", () => {
  for (const [n, most] of [[10, 430], [100, 1352]]) {
    const { problem, start } = rosenbrock(n);
    for (const beta of updates) {
      const stop = [gradientNorm({ absolute: 1e-8 }), iterations(most)];
      const result = solve(problem, nonlinearCg({ beta }), { start, stop });
      assertEquals(result.status, "converged", `${beta}, n = ${n}`);
      assertLess(result.value, 1e-14);
    }
  }
});

// @must cg-hz: guaranteed descent, d·g <= -7/8 |g|² in every iteration
// @measured reached: every iteration on Rosenbrock n = 10 and 100
Deno.test("nonlinearCg() with β of Hager and Zhang descends whatever the search does", () => {
  for (const n of [10, 100]) {
    const { problem, start } = rosenbrock(n);
    const g = new Float64Array(n);
    let before = start.slice();
    for (const { x, line, estimate } of iterate(problem, nonlinearCg(), start)) {
      if (line.step > 0) {
        problem.gradient(before, g);
        assertLessOrEqual(dot(g, line.direction), -0.874 * dot(g, g));
      }
      if (estimate < 1e-6) break;
      before = x.slice();
    }
  }
});

Deno.test("nonlinearCg() refuses an unknown β", () => {
  assertThrows(
    () => nonlinearCg({ beta: "PR" as ConjugateUpdate }),
    DomainError,
    "expected beta among FR, PR+, HS, DY, HS-DY, HZ, got PR",
  );
  assertThrows(() => nonlinearCg({ beta: "toString" as ConjugateUpdate }), DomainError, "got toString");
});
