import { assert, assertAlmostEquals, assertEquals, assertLess, assertStringIncludes, assertThrows } from "@std/assert";
import {
  type Composite,
  DomainError,
  gradientNorm,
  isFiniteVector,
  iterations,
  MissingOracleError,
  ShapeError,
  type Smooth,
  solve,
  type Solver,
  type TwiceSmooth,
} from "../../lib/core/mod.ts";
import { mgh, quadratic, rosenbrock } from "../../lib/problems/mod.ts";
import {
  backtracking,
  bfgs,
  gradientDescent,
  hagerZhang,
  lbfgs,
  moreThuente,
  newtonCg,
  nonlinearCg,
  smoothSolvers,
} from "../../lib/smooth/mod.ts";

/** Every solver with a line search, and every search. */
const searching: readonly Solver<TwiceSmooth>[] = [
  gradientDescent(),
  gradientDescent({ search: backtracking({ memory: 10 }) }),
  gradientDescent({ search: moreThuente() }),
  nonlinearCg({ beta: "PR+" }),
  nonlinearCg(),
  bfgs(),
  bfgs({ search: hagerZhang() }),
  lbfgs(),
  lbfgs({ search: backtracking() }),
  newtonCg(),
];

// @must gradient-descent: reaches the minimizer of a convex quadratic to |∇f| <= 1e-8
// @measured reached: κ = 100, n = 3, with backtracking (monotone, and over 10 values) and with Moré-Thuente
Deno.test("solvers with a line search minimize a quadratic", () => {
  const { problem, start } = quadratic([1, 10, 100]);
  for (const solver of searching) {
    const { status, value } = solve(problem, solver, { start, stop: gradientNorm({ absolute: 1e-8 }) });
    assertEquals(status, "converged", solver.name);
    assertLess(value, 1e-16);
  }
});

// @must gradient-descent, cg-pr, cg-hz, bfgs, lbfgs, newton-cg: a gradient with its sign flipped ends as
// line-search-failed, with a message that suggests checkDerivatives
// @measured reached: all ten solvers with a line search on the 35 Moré-Garbow-Hillstrom problems
Deno.test("solvers with a line search tell a gradient with a flipped sign", () => {
  for (const { name, problem, start } of [...mgh(), rosenbrock(10)]) {
    const flipped: TwiceSmooth = {
      ...problem,
      gradient: (x, out) => {
        const f = problem.gradient(x, out);
        for (let i = 0; i < out.length; i++) out[i] = -out[i];
        return f;
      },
    };
    for (const solver of searching) {
      const { status, message } = solve(flipped, solver, { start });
      assertEquals(status, "line-search-failed", `${solver.name} on ${name}: ${message}`);
      assertStringIncludes(message, "is the gradient right? checkDerivatives(problem, x) compares it with differences");
    }
  }
});

/** `Σ xᵢ - log xᵢ`: infinite outside x > 0; the gradient there is as useless as formulas make it. */
const barrier: TwiceSmooth = {
  kind: "smooth",
  dimension: 3,
  value: (x) => x.some((xi) => !(xi > 0)) ? Infinity : x.reduce((f, xi) => f + xi - Math.log(xi), 0),
  gradient: (x, out) => {
    for (let i = 0; i < 3; i++) out[i] = 1 - 1 / Math.max(x[i], 0);
    return barrier.value(x);
  },
  hessianVector: (x, v, out) => {
    for (let i = 0; i < 3; i++) out[i] = v[i] / x[i] ** 2;
  },
};

Deno.test("solvers with a line search shrink steps that leave the domain", () => {
  for (const start of [[1e-3, 2, 30], [0.5, 1e-6, 100]]) {
    for (const solver of searching) {
      const { status, x } = solve(barrier, solver, {
        start,
        stop: [gradientNorm({ absolute: 1e-7 }), iterations(5e4)],
      });
      assertEquals(status, "converged", `${solver.name} from ${start}`);
      for (const xi of x) assertAlmostEquals(xi, 1, 1e-6);
    }
  }
});

/** Rosenbrock's function whose gradient and value are NaN from the call on. */
function failingAt(call: number): { problem: TwiceSmooth; start: Float64Array } {
  const { problem, start } = rosenbrock(4);
  let calls = 0;
  return {
    start,
    problem: {
      ...problem,
      constants: { smoothness: 4000, strongConvexity: 0.1 },
      value: (x) => ++calls >= call ? NaN : problem.value(x),
      gradient: (x, out) => {
        if (++calls < call) return problem.gradient(x, out);
        out.fill(NaN);
        return NaN;
      },
    },
  };
}

// @must gradient-descent, gradient-descent-fixed, heavy-ball, nesterov, nesterov-convex, triple-momentum, cg-pr, cg-hz,
// bfgs, lbfgs, newton-cg: NaN in the middle of a run ends it as non-finite with the last good iterate
// @measured reached: NaN from the 12th call on
Deno.test("every solver ends with the last good iterate when the function turns NaN", () => {
  for (const solver of [...Object.values(smoothSolvers).map((make) => make()), ...searching]) {
    const { problem, start } = failingAt(12);
    const result = solve(problem, solver, { start });
    assertEquals(result.status, "non-finite", `${solver.name}: ${result.message}`);
    assert(isFiniteVector(result.x) && Number.isFinite(result.value), solver.name);
    assert(result.best.value <= rosenbrock(4).problem.value(start));
  }
});

Deno.test("every solver refuses NaN at the start as non-finite, before any step", () => {
  for (const make of Object.values(smoothSolvers)) {
    const { problem, start } = failingAt(1), { status, iterations, x } = solve(problem, make(), { start });
    assertEquals([status, iterations, [...x]], ["non-finite", 0, [...start]]);
  }
});

Deno.test("every solver refuses starts of the wrong length or with NaN", () => {
  const { problem } = rosenbrock(3), known = { ...problem, constants: { smoothness: 1, strongConvexity: 1 } };
  for (const make of Object.values(smoothSolvers)) {
    assertThrows(() => solve(known, make(), { start: [1, 2] }), ShapeError, "expected 3 entries, got 2");
    assertThrows(() => solve(known, make(), { start: [1, NaN, 2] }), DomainError, "entry 1 is NaN");
  }
});

Deno.test("solvers are refused at the door on problems without what they need, also where types are not looked at", () => {
  const { problem: { hessianVector: _, ...once }, start } = rosenbrock(2);
  // deno-lint-ignore no-explicit-any
  const untyped = solve as (...all: any[]) => unknown;
  assertThrows(() => untyped(once, newtonCg(), { start }), MissingOracleError, "it needs hessianVector");
  const lasso: Composite = {
    kind: "composite",
    smooth: once,
    regularizer: { value: () => 0, proximal: (x, _, out) => out.set(x) },
  };
  for (const make of Object.values(smoothSolvers)) {
    assertThrows(() => untyped(lasso, make(), { start }), MissingOracleError, "on a composite problem");
  }
});

Deno.test("solvers with a line search end at a point whose gradient is 0", () => {
  const { problem } = quadratic([1, 2]);
  for (const solver of searching) {
    const { status, message } = solve(problem, solver, { start: [0, 0], stop: iterations(5) });
    assertEquals([status, message], ["stalled-at-precision", "|∇f|² is 0"], solver.name);
  }
});

Deno.test("solvers with a line search notice that a function is unbounded below", () => {
  const cliff: TwiceSmooth = {
    kind: "smooth",
    dimension: 1,
    value: (x) => -Math.exp(x[0]),
    gradient: (x, out) => out[0] = -Math.exp(x[0]),
    hessianVector: (x, v, out) => out[0] = -Math.exp(x[0]) * v[0],
  };
  for (const solver of searching) {
    const { status, value } = solve(cliff, solver, { start: [0], stop: iterations(2000) });
    assertEquals(status, "unbounded", solver.name);
    assert(Number.isFinite(value));
  }
});

Deno.test("solvers with a line search stall where the precision of the function ends, and say so", () => {
  const { problem, start } = quadratic([1, 100]),
    lifted: Smooth & TwiceSmooth = {
      ...problem,
      value: (x) => 1e3 + problem.value(x),
      // gradients with an error of 1e-9 cannot be brought below it
      gradient: (x, out) => {
        const f = problem.gradient(x, out);
        for (let i = 0; i < out.length; i++) out[i] = Math.round(out[i] * 1e9) / 1e9 + 3e-10 * (i + 1);
        return 1e3 + f;
      },
    };
  for (const solver of searching) {
    const { status, measures } = solve(lifted, solver, { start, stop: gradientNorm({ absolute: 1e-12 }) });
    assertEquals(status, "stalled-at-precision", solver.name);
    assertLess(measures.gradientNorm, 1e-5);
  }
});
