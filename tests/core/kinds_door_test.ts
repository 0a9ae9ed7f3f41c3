// Every kind at the door: what does not compile, and what is refused when it comes untyped.
import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type Bilevel,
  type BoundedLeastSquares,
  type Composite,
  type Constrained,
  DomainError,
  evaluations,
  type Fractional,
  type LeastSquares,
  type LinearProgram,
  MissingOracleError,
  type Problem,
  type QuadraticProgram,
  ShapeError,
  type Smooth,
  smoothOf,
  solve,
  type Solver,
  type Stochastic,
  type Transport,
  type VariationalInequality,
} from "../../lib/core/mod.ts";
import { lbfgs } from "../../lib/smooth/mod.ts";
import {
  corner,
  factory,
  half,
  nearest,
  nested,
  of,
  plan,
  plane,
  shift,
  shrunk,
  sparse,
  spread,
  valley,
} from "./every_kind.ts";
import { walker } from "./walker.ts";

type Kinds = {
  smooth: Smooth;
  composite: Composite;
  fractional: Fractional;
  constrained: Constrained;
  stochastic: Stochastic;
  leastSquares: LeastSquares;
  linearProgram: LinearProgram;
  quadraticProgram: QuadraticProgram;
  operator: VariationalInequality;
  bilevel: Bilevel;
  transport: Transport;
};
type Confusion = {
  [A in keyof Kinds]: {
    [B in Exclude<keyof Kinds, A>]: Kinds[A] extends Kinds[B] ? [A, B] : never;
  }[Exclude<keyof Kinds, A>];
}[keyof Kinds];

Deno.test("no kind of problem is assignable to another, and no solver takes one for another", () => {
  const none: [Confusion] extends [never] ? true : false = true;
  assert(none);
  const smoothOnly: Solver<Smooth> = walker<Smooth>([]);
  // @ts-expect-error A constrained problem is no smooth one: a solver would ignore the constraints.
  const a: Smooth = plane;
  // @ts-expect-error A stochastic problem has no gradient but of batches.
  const b: () => unknown = () => solve(spread, smoothOnly, { start: [0] });
  // @ts-expect-error A quadratic program is no linear one: a solver would ignore the curvature.
  const c: LinearProgram = nearest;
  // @ts-expect-error A solver that cannot project does not take a problem that may have a set.
  const d: Solver<VariationalInequality> = walker<VariationalInequality & { resolvent?: never }>([]);
  // @ts-expect-error A solver for equalities does not take a problem that may have inequalities.
  const e: Solver<Constrained> = walker<Constrained & { constraints: { inequality?: never } }>([]);
  // @ts-expect-error A solver for least squares does not take a problem that may have bounds.
  const f: Solver<BoundedLeastSquares> = walker<LeastSquares>([]);
  const bounded: BoundedLeastSquares = valley; // without bounds it is one with bounds at infinity
  const proper: Smooth[] = [half, smoothOf(valley), smoothOf(spread), plane.objective, shrunk.smooth];
  assertEquals([a, b, c, d, e, f, bounded, ...proper].length, 12);
});

Deno.test("solve() refuses problems with missing or unfit parts", () => {
  const { equality, inequality } = plane.constraints;
  const start = [0, 0, 0], nothing = walker<never>([]);
  const untyped = solve as (problem: unknown, solver: unknown, options: unknown) => unknown;
  const cases: [problem: object, type: new (m: string) => Error, text: string][] = [
    [{ ...plane, objective: { dimension: 3 } }, MissingOracleError, "a function objective.value, got undefined"],
    [{ ...plane, constraints: undefined }, ShapeError, "expected constraints, got undefined"],
    [
      { ...plane, constraints: { inequalities: inequality } },
      ShapeError,
      "expected constraints among equality, inequality, lower, upper, got inequalities",
    ],
    [
      { ...plane.objective, gradient: undefined },
      MissingOracleError,
      "a function gradient, got undefined (withDifferences makes",
    ],
    [
      { ...plane, name: "P", constraints: { equality: { ...equality, jacobianVector: undefined } } },
      MissingOracleError,
      'Cannot use the constrained problem "P": expected a function constraints.equality.jacobianVector, got undefined',
    ],
    [{ ...plane, constraints: { inequality: { ...inequality, components: 0 } } }, DomainError, "components, got 0"],
    [{ ...plane, constraints: { lower: [0, 0, 0] } }, ShapeError, "constraints.lower as a Float64Array, got object"],
    [{ ...plane, constraints: { lower: of(0, 0) } }, ShapeError, "constraints.lower of length 3, got 2"],
    [
      { ...plane, constraints: { lower: of(0, 2, 0), upper: of(1, 1, 1) } },
      DomainError,
      "constraints.lower <= constraints.upper, got 2 and 1 at 1",
    ],
    [{ ...plane, constraints: { upper: of(1, NaN, 1) } }, DomainError, "got -Infinity and NaN at 1"],
    [{ ...spread, batchGradient: undefined }, MissingOracleError, "a function batchGradient, got undefined"],
    [{ ...spread, examples: 2.5 }, DomainError, "a positive integer number of examples, got 2.5"],
    [{ ...valley, lower: of(0) }, ShapeError, "lower of length 2, got 1"],
    [{ ...valley, upper: [1, 1] }, ShapeError, "upper as a Float64Array, got object"],
    [{ ...valley, lower: of(0, 2), upper: of(1, 1) }, DomainError, "lower <= upper, got 2 and 1 at 1"],
    [{ ...valley, residual: undefined }, MissingOracleError, "a function residual.value, got undefined"],
    [{ ...factory, matrix: undefined }, MissingOracleError, "a function matrix.apply, got undefined"],
    [{ ...factory, matrix: sparse([1, 2, 3]) }, ShapeError, "matrix of 1 x 2, got 1 x 3"],
    [{ ...factory, objective: of(1, Infinity) }, DomainError, "finite numbers in objective, got Infinity at 1"],
    [{ ...factory, objective: undefined }, ShapeError, "objective as a Float64Array, got undefined"],
    [{ ...factory, rowUpper: of(1, 1) }, ShapeError, "rowUpper of length 3, got 2"],
    [{ ...factory, upper: of(1, -Infinity) }, DomainError, "lower <= upper, got 0 and -Infinity at 1"],
    [{ ...factory, lower: undefined }, ShapeError, "lower as a Float64Array, got undefined"],
    [{ ...nearest, hessian: sparse([1]) }, ShapeError, "hessian of 2 x 2, got 1 x 1"],
    [{ ...nearest, linear: undefined }, MissingOracleError, "a function linear.matrix.apply, got undefined"],
    [{ ...corner, operator: 3 }, MissingOracleError, "a function operator, got number"],
    [{ ...nested, lowerDimension: 0 }, DomainError, "a positive integer lowerDimension, got 0"],
    [{ ...nested, lower: {} }, MissingOracleError, "a function lower.value, got undefined"],
    [{ ...shift, cost: plan(0, 0, 0, NaN) }, DomainError, "numbers or Infinity in cost, got NaN at 3"],
    [{ ...shift, cost: sparse([0, 1]) }, ShapeError, "cost of 2 x 2, got 1 x 2"],
    [{ ...shift, cost: undefined }, ShapeError, "cost of 2 x 2, got undefined x undefined"],
    [{ ...shift, source: of(1.5, -0.5) }, DomainError, "finite numbers >= 0 in source, got -0.5 at 1"],
    [{ ...shift, target: of(1, 1) }, DomainError, "the same mass > 0, got 1 and 2"],
    [{ ...shift, source: of(0, 0), target: of(0, 0) }, DomainError, "the same mass > 0, got 0 and 0"],
  ];
  for (const [problem, type, text] of cases) assertThrows(() => untyped(problem, nothing, { start }), type, text);
});

Deno.test("solve() says what it expected in place of what is no solver, start, rule or problem", () => {
  const untyped = solve as (problem: unknown, solver: unknown, options: unknown) => unknown;
  const stay = walker<Smooth>([{ x: of(0, 0) }]), start = [0, 0];
  const cases: [problem: unknown, solver: unknown, options: unknown, type: typeof ShapeError, message: string][] = [
    [valley, lbfgs, { start }, DomainError, "Cannot run: expected a solver, as lbfgs() makes one, got function"],
    [valley, "lbfgs", { start }, DomainError, "got string"],
    [valley, stay, {}, ShapeError, "Cannot use the start: expected an array of numbers or a point, got undefined"],
    [valley, stay, { start, stop: "soon" }, DomainError, 'Cannot stop by "soon": expected a rule, as iterations(100)'],
    [{ problem: valley, start }, stay, { start }, DomainError, "(the problem of this instance is its field problem)"],
  ];
  for (const [problem, solver, options, type, message] of cases) {
    assertThrows(() => untyped(problem, solver, options), type, message);
  }
});

Deno.test("solve() refuses solvers and starts that do not fit the kind", () => {
  const untyped = solve as (problem: unknown, solver: unknown, options: unknown) => unknown;
  for (const problem of [shrunk, plane, spread, valley, factory, nearest, corner, nested, shift]) {
    assertThrows(
      () => untyped(problem, lbfgs(), { start: [0] }),
      MissingOracleError,
      `Cannot run L-BFGS on a ${problem.kind} problem: it needs `,
    );
  }
  const stay = walker<Problem>([{ x: of(0, 0) }]);
  assertThrows(
    () => solve(factory, stay, { start: { x: of(0, 0), multipliers: of(1, 2) } }),
    ShapeError,
    "Cannot use the start's multipliers: expected 3 entries, got 2",
  );
  assertThrows(
    () => solve(shift, stay, { start: [0, 0], stop: evaluations(10) }),
    DomainError,
    "Cannot limit evaluations to 10: the problem has no oracles to count",
  );
});
