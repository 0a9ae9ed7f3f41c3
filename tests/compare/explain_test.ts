import { assert, assertAlmostEquals, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { explain } from "../../lib/compare/mod.ts";
import {
  type BoundedLeastSquares,
  type Composite,
  DomainError,
  evaluations,
  iterations,
  type LeastSquares,
  ShapeError,
  solve,
  type Solver,
  type Vector,
} from "../../lib/core/mod.ts";
import { mgh, quadratic } from "../../lib/problems/mod.ts";
import { bfgs, gradientDescent, lbfgs, newtonCg, trustRegionReflective } from "../../lib/smooth/mod.ts";
import { chain, explained, serious, smooth, spoiled, standard, valley } from "./explained.ts";

Deno.test("explain() finds nothing wrong where nothing is, and says what stopped the run", () => {
  for (const solver of [bfgs(), lbfgs()]) {
    for (const instance of [valley, chain, quadratic([1, 30, 900])]) {
      const explanation = explained(instance, solver);
      assertEquals(serious(explanation), []);
      assertEquals(explanation.advice, []);
      assertEquals(explanation.findings[0].topic, "stop");
      assertMatch(explanation.findings[0].text, /^converged after \d+ iterations: gradientNorm \S+ <= 1\.00e-9/);
    }
  }
});

Deno.test("explain() accuses no right gradient and no minimum of the Moré-Garbow-Hillstrom set", () => {
  for (const instance of mgh()) {
    const errors = explained(instance).findings.filter(({ severity, topic }) =>
      severity === "error" && topic !== "stop"
    );
    // the listed local minimum of this one is a saddle point: f falls by 2.6e-5 beside it
    assertEquals(errors.map(({ topic }) => topic), instance.name === "BiggsEXP6" ? ["saddle"] : [], instance.name);
  }
});

Deno.test("explain() says that the listed local minimum of Biggs EXP6 is none, and the way on leads to the global one", () => {
  const instance = mgh().find(({ name }) => name === "BiggsEXP6")!, { problem, start, minima } = instance;
  const result = solve(problem, bfgs(), { start, stop: standard });
  assertAlmostEquals(result.value, minima[1], 1e-9);
  const [{ data }] = explain(result, instance.problem).about("saddle"), direction = data.direction as readonly number[];
  const next = result.x.map((xi, i) => xi + (data.step as number) * direction[i]);
  assertAlmostEquals(problem.value(result.x) - problem.value(next), data.decrease as number, 1e-12);
  assert(solve(problem, bfgs(), { start: next, stop: standard }).value < 1e-12);
});

Deno.test("explain() tells how fast a run was that a limit ended, and which step diverges", () => {
  const [moving] = explained(valley, gradientDescent(), evaluations(1000)).about("progress");
  assertEquals(moving.severity, "info");
  assertMatch(moving.text, /still falls/);
  const diverged = explained(quadratic([1, 100]), gradientDescent({ step: 0.1 }));
  const [steps] = diverged.about("progress");
  assertStringIncludes(steps.text, "fixed steps above 0.02 climb");
  assertStringIncludes(diverged.advice[0], "a fixed step below 0.02");
});

Deno.test("explain() reads the smooth part of composite problems, and least squares as what they are", () => {
  const { problem, start } = spoiled(chain, (g) => g[3] *= -1);
  const composite: Composite = {
    kind: "composite",
    smooth: problem,
    regularizer: { value: () => 0, proximal: (x, _, out) => out.set(x) },
  };
  const forward: Solver<Composite> = {
    name: "forward",
    options: {},
    reference: { title: "None", authors: "None", year: 2000, identifier: "none" },
    needs: ["smooth.gradient"],
    init: (_, { x }) => ({ x: x.slice(), value: NaN }),
    step(p, state) {
      const g = new Float64Array(10);
      p.smooth.gradient(state.x, g);
      state.x = state.x.map((v, i) => v - 1e-4 * g[i]);
    },
    point: (_, { x }) => ({ x }),
  };
  const result = solve(composite, forward, { start, stop: iterations(20) });
  assertEquals(explain(result, composite).about("gradient")[0].data.coordinates, [3]);

  const squares = (sign: number): LeastSquares => ({
    kind: "least-squares",
    dimension: 1,
    residual: {
      components: 1,
      value: (x, out) => void (out[0] = x[0] ** 2 - 2),
      jacobianVector: (x, v, out) => void (out[0] = 2 * x[0] * v[0]),
      jacobianTransposeVector: (x, w, out) => void (out[0] = sign * 2 * x[0] * w[0]),
    },
  });
  const newton: Solver<LeastSquares> = {
    name: "Newton",
    options: {},
    reference: forward.reference,
    init: (_, { x }) => ({ x: x.slice(), value: NaN }),
    point: (_, { x }) => ({ x }),
    needs: ["residual.value"],
    step: (_, state) => void (state.x[0] -= (state.x[0] ** 2 - 2) / (2 * state.x[0])),
  };
  const topics = (sign: number): string[] => {
    const run = solve(squares(sign), newton, { start: [1], stop: standard });
    assertEquals(run.status, "converged");
    return serious(explain(run, squares(sign))).map(({ topic }) => topic);
  };
  assertEquals(topics(1), []);
  assertEquals(topics(-1), ["jacobian"]);

  // in a box: no minimum of its own is missed, and probes outside do not matter
  const root = ([x]: Vector): number => x < 0 ? NaN : Math.sqrt(x);
  const box: BoundedLeastSquares = {
    kind: "least-squares",
    dimension: 1,
    residual: {
      components: 1,
      value: (x, out) => void (out[0] = root(x) + 1),
      jacobianVector: (x, v, out) => void (out[0] = v[0] / (2 * root(x))),
      jacobianTransposeVector: (x, w, out) => void (out[0] = w[0] / (2 * root(x))),
    },
    lower: Float64Array.of(0.01),
  };
  const bounded = solve(box, trustRegionReflective(), { start: [2] });
  assertEquals([bounded.status, serious(explain(bounded, box))], ["converged", []]);
});

Deno.test("explain() survives functions that throw where probes go", () => {
  const touchy = smooth([3, 1], (x) => {
    if (x[0] <= 0) throw new RangeError("outside");
    return x[0] - Math.log(x[0]) + x[1] ** 2;
  }, (x, out) => out.set([1 - 1 / x[0], 2 * x[1]]));
  assertEquals(serious(explained(touchy)), []);
});

Deno.test("explain() refuses a result of another problem", () => {
  const result = solve(valley.problem, bfgs(), { start: valley.start, stop: standard });
  assertThrows(() => explain(result, chain.problem), ShapeError, "expected 10 entries, got 2");
  const composite: Composite = {
    kind: "composite",
    smooth: valley.problem,
    regularizer: { value: () => 0, proximal: (x, _, out) => out.set(x) },
  };
  assertThrows(
    () => explain(result, composite),
    DomainError,
    "expected the smooth problem it was made on, got a composite one",
  );
  assertThrows(() => explain(result, undefined as never), DomainError, "it was made on, got none");
});

Deno.test("Explanation.toString() lists findings, then advice, and shows names as data", () => {
  const named = { ...valley, problem: { ...valley.problem, name: "<b>\u001b[31m" } };
  const text = String(explained(spoiled(named, (g) => g[0] *= -1)));
  assertMatch(text, /^BFGS on a problem\n {2}(error|warning|info) /);
  assertMatch(text, /\n {2}error +gradient +the gradient has the wrong sign in x\[0\]/);
  assertMatch(text, /\nwhat to try next:\n {2}- /);
  const raw = explain(solve(named.problem, newtonCg(), { start: named.start, stop: standard }), named.problem);
  assertStringIncludes(String(raw), "Newton-CG on <b>\\u001b[31m\n");
});
