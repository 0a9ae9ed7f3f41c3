import { assert, assertEquals, assertThrows } from "@std/assert";
import { compare } from "../../lib/compare/mod.ts";
import {
  type Composite,
  DomainError,
  evaluations,
  gradientNorm,
  iterations,
  measureBelow,
  MissingOracleError,
  ShapeError,
  type Smooth,
  type Solver,
  type VariationalInequality,
} from "../../lib/core/mod.ts";
import { quadratic, rosenbrock } from "../../lib/problems/mod.ts";
import { bfgs, lbfgs, newtonCg, smoothSolvers } from "../../lib/smooth/mod.ts";

const stop = [gradientNorm(), evaluations(100)];
const reference = { title: "None", authors: "None", year: 2000, identifier: "none" };

Deno.test("compare() takes solvers with different states, and problems with more than they need", () => {
  const solvers = Object.entries(smoothSolvers).map(([, make]) => make());
  const study = compare({ problems: [quadratic([1, 3])], solvers, stop: [gradientNorm(), evaluations(1000)] });
  assert(study.rows.every(({ status }) => status === "converged"), String(study));
  compare({ problems: [rosenbrock(2)], solvers: [bfgs(), newtonCg()], stop });
  // @ts-expect-error a problem without Hessian does not fit a solver that needs it
  compare<Smooth>({ problems: [rosenbrock(2)], solvers: [newtonCg()], stop });
});

Deno.test("compare() judges a composite problem by its value, and an operator by its residual", () => {
  const soft = (v: number, t: number): number => Math.sign(v) * Math.max(0, Math.abs(v) - t);
  const norm1: Composite = {
    kind: "composite",
    smooth: quadratic([1, 2]).problem,
    regularizer: {
      value: (x) => Math.abs(x[0]) + Math.abs(x[1]),
      proximal: (x, step, out) => x.forEach((v, i) => out[i] = soft(v, step)),
    },
  };
  const forwardBackward: Solver<Composite> = {
    name: "forward-backward",
    options: {},
    reference,
    needs: ["smooth.gradient", "regularizer.proximal"],
    init: (_, { x }) => ({ x: x.slice(), value: NaN }),
    step({ smooth, regularizer }, state) {
      const g = new Float64Array(state.x.length);
      smooth.gradient(state.x, g);
      regularizer.proximal(state.x.map((v, i) => v - 0.25 * g[i]), 0.25, state.x);
    },
    point: (_, { x }) => ({ x }),
  };
  const lasso = { name: "lasso", problem: norm1, start: Float64Array.of(3, 3), minima: [0] };
  const composite = compare({ problems: [lasso], solvers: [forwardBackward], stop: iterations(40) });
  assertEquals([composite.rows[0].merit, composite.rows[0].measure], ["value", "proximalGradientNorm"]);
  assertEquals(composite.performanceProfile("smooth.gradient").curves[0].solved, 1);

  const rotation: VariationalInequality = {
    kind: "operator",
    dimension: 2,
    operator: (x, out) => {
      out[0] = x[1] + 0.1 * x[0];
      out[1] = -x[0] + 0.1 * x[1];
    },
  };
  const extragradient: Solver<VariationalInequality> = {
    name: "extragradient",
    options: {},
    reference,
    needs: ["operator"],
    init: (_, { x }) => ({ x: x.slice(), value: NaN }),
    step({ operator }, state) {
      const g = new Float64Array(2);
      operator(state.x, g);
      operator(state.x.map((v, i) => v - 0.5 * g[i]), g);
      state.x = state.x.map((v, i) => v - 0.5 * g[i]);
    },
    point: (_, { x }) => ({ x }),
  };
  const game = { name: "game", problem: rotation, start: Float64Array.of(1, 1), minima: [] };
  const operator = compare({ problems: [game], solvers: [extragradient], stop: iterations(200) });
  assertEquals(operator.rows[0].merit, "measure");
  const { targets, curves } = operator.performanceProfile("operator", { tau: 1e-3 });
  assertEquals([targets[0].origin, curves[0].solved], ["measure", 1]);
  const both = composite.merge(operator);
  assertThrows(() => both.performanceProfile(), DomainError, "several kinds");
  assertEquals(both.table().rows.length, 2);
});

Deno.test("compare() refuses bad input before any work, and says what is wrong", () => {
  const problems = [quadratic([1, 2])], solvers = [bfgs()];
  const bad = (given: object): () => unknown => () => compare({ problems, solvers, stop, ...given });
  const { problem, start } = rosenbrock(2),
    counted = { ...problem, value: () => (touched++, 0), gradient: () => (touched++, 0) };
  let touched = 0;
  assertThrows(bad({ problems: [] }), DomainError, "Cannot compare: expected at least one problem, got none");
  assertThrows(bad({ solvers: [] }), DomainError, "expected at least one solver, got none");
  assertThrows(bad({ seeds: [] }), DomainError, "expected at least one seed, got none");
  assertThrows(bad({ stop: [] }), DomainError, "expected at least one stopping rule, got none");
  assertThrows(bad({ stop: undefined }), DomainError, "expected at least one stopping rule, got none");
  assertThrows(bad({ problems: [problems[0], problems[0]] }), DomainError, 'different problems, got "Quadratic2');
  assertThrows(bad({ solvers: [bfgs(), lbfgs(), bfgs()] }), DomainError, 'expected different solvers, got "BFGS" with');
  assertThrows(bad({ seeds: [1, 2, 1] }), DomainError, "expected different seeds, got 1 twice");
  assertThrows(bad({ seeds: [-1] }), DomainError, "non-negative safe integer, got -1");
  assertThrows(bad({ stop: measureBelow("gap") }), DomainError, "a rule stops on gap");
  assertThrows(
    bad({ problems: [{ name: "short", problem, start: start.slice(1), minima: [] }] }),
    ShapeError,
    'expected 2 entries, got 1 (problem "short")',
  );
  assertThrows(bad({ problems: [{ name: "none", problem: {}, start, minima: [] }] }), DomainError, "expected a kind");
  const half = { kind: "smooth", dimension: 2, value: problem.value };
  assertThrows(bad({ problems: [{ name: "half", problem: half, start, minima: [] }] }), MissingOracleError, "gradient");
  assertThrows(bad({ problems: [{ name: "x", problem: counted, start, minima: [] }], seeds: [0.5] }), DomainError);
  assertEquals(touched, 0);
});
