// The yardsticks: figures computed by hand, at solutions and elsewhere.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  type Bilevel,
  type Constrained,
  DomainError,
  type LinearProgram,
  type Measures,
  measures,
  type Point,
  type Problem,
  type QuadraticProgram,
  ShapeError,
  smoothOf,
  type Transport,
} from "../../lib/core/mod.ts";
import {
  corner,
  factory,
  half,
  hs7,
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

const check = <P extends Problem>(problem: P, point: Point, expected: Measures): void => {
  const found = measures(problem, point);
  assertEquals(Object.keys(found).sort(), Object.keys(expected).sort());
  for (const [name, value] of Object.entries(expected)) assertAlmostEquals(found[name], value, 1e-14, name);
};

Deno.test("measures() of a constrained problem: every part by hand", () => {
  const zero = { kktResidual: 0, stationarity: 0, primalFeasibility: 0, dualFeasibility: 0, complementarity: 0 };
  check(plane, { x: of(0.5, 1, 1.5), multipliers: of(-1.5, 0.5) }, { value: 1.75, ...zero });
  check(plane, { x: of(0.75, 0.75, 2.25), multipliers: of(-2, -0.5) }, {
    value: (0.75 ** 2 + 0.75 ** 2 + 2.25 ** 2) / 2,
    kktResidual: 2.25,
    stationarity: 2.25, // ∇L = (¾ - 2 - 1, ¾ - 2, 9/4 - 2); the second step ends at the bound, ¼ away
    primalFeasibility: 0.75, // the equality; the inequality is ½ too large
    dualFeasibility: 0.5,
    complementarity: 0.25,
  });
  check(plane, { x: of(0.5, 4, -1.5), multipliers: of(1.5, 0) }, { // beyond the bound by 3
    value: (0.25 + 16 + 2.25) / 2,
    kktResidual: 5.5,
    stationarity: 5.5, // 4 - (1.5 + 4) < 1
    primalFeasibility: 3,
    dualFeasibility: 0,
    complementarity: 0,
  });
  const inside = measures(plane, { x: of(0, 1, 2) }); // the inequality holds with 1 to spare
  assertEquals([inside.primalFeasibility, inside.stationarity], [0, 2]);
  const boxed: Constrained = { kind: "constrained", objective: half, constraints: { lower: of(1, 1, 1) } };
  check(boxed, { x: of(1, 1, 1) }, { value: 1.5, ...zero });
  assertEquals(measures(boxed, { x: of(1, 0.5, 1) }).primalFeasibility, 0.5);
});

Deno.test("measures() of a constrained problem without multipliers takes them as 0", () => {
  const x = of(2, 1, 0.5), there = measures(plane, { x });
  assertEquals(there, measures(plane, { x, multipliers: of(0, 0) }));
  assertEquals([there.stationarity, there.primalFeasibility], [2, 3]);
});

Deno.test("measures() of a curved constraint uses the Jacobian at the point", () => {
  const x = of(0, Math.sqrt(3));
  assert(measures(hs7, { x, multipliers: of(1 / (2 * Math.sqrt(3))) }).kktResidual < 1e-15);
  const there = measures(hs7, { x: of(2, 2), multipliers: of(0.5) });
  assertAlmostEquals(there.stationarity, 4 / 5 + 20, 1e-14); // ∂L/∂x₀ = 4/5 + λ 8 (1 + 4), ∂L/∂x₁ = -1 + λ 4
  assertEquals(there.primalFeasibility, 25);
});

Deno.test("measures() of a linear program: residuals and gap by hand", () => {
  const zero = { relativeKktResidual: 0, primalResidual: 0, dualResidual: 0, gap: 0 };
  check(factory, { x: of(2, 6), multipliers: of(0, 1.5, 1) }, { value: -36, ...zero });
  check(factory, { x: of(3, 7), multipliers: of(-1, 1, 2) }, { // reduced costs (2, 1); the dual is at -12 - 36
    value: -44,
    relativeKktResidual: 5 / 19,
    primalResidual: 5, // the last row is at 23
    dualResidual: 1, // the first row has no lower bound
    gap: 4,
  });
  const { primalResidual, dualResidual, gap, value } = measures(factory, { x: of(-1, 0) });
  assertEquals([value, primalResidual, dualResidual, gap], [3, 1, 5, 3]); // reduced costs -3, -5 without a bound
  const box: LinearProgram = { ...factory, objective: of(1, -1), lower: of(1, 1), upper: of(3, 3) };
  check(box, { x: of(1, 3), multipliers: of(0, 0, 0) }, { value: -2, ...zero });
  assertEquals(measures(box, { x: of(2, 4) }).primalResidual, 1);
});

Deno.test("measures() of a quadratic program: residuals and gap by hand", () => {
  const solution = measures(nearest, { x: of(1.4, 1.7), multipliers: of(-0.8, 0) });
  assertAlmostEquals(solution.value, -6.45, 1e-14);
  assert(solution.relativeKktResidual < 1e-15, String(solution.relativeKktResidual));
  check(nearest, { x: of(1, 2), multipliers: of(2, -1) }, { // reduced costs (1, -7); the dual is at -5 - 4
    value: -7,
    relativeKktResidual: 7 / 6,
    primalResidual: 1,
    dualResidual: 7,
    gap: 2,
  });
});

Deno.test("measures() of a linear program without curvature equals that of the quadratic one", () => {
  const flat: QuadraticProgram = { kind: "quadratic-program", hessian: sparse([0, 0], [0, 0]), linear: factory };
  const point = { x: of(3, 7), multipliers: of(-1, 1, 2) };
  assertEquals(measures(flat, point), measures(factory, point));
});

Deno.test("measures() of a stochastic problem sees all examples", () => {
  check(spread, { x: of(3) }, { value: (2 + 0.5 + 4.5) / 3, gradientNorm: 0 });
  check(spread, { x: of(0) }, { value: 20.5 / 3, gradientNorm: 3 });
});

Deno.test("measures() of a least-squares problem: ½ |r|² and |Jᵀr|∞", () => {
  check(valley, { x: of(1, 1) }, { value: 0, gradientNorm: 0 });
  const there = measures(valley, { x: of(-1.2, 1) });
  assertAlmostEquals(there.value, 12.1, 1e-13); // half of the 24.2 of the test sets
  assertAlmostEquals(there.gradientNorm, 107.8, 1e-12);
});

Deno.test("measures() of least squares in a box: what the bounds leave of the gradient, and the way back", () => {
  const box = { ...valley, lower: of(-2, -2), upper: of(0.5, 2) }; // the gradient at (½, ¼) is (-½, 0)
  check(box, { x: of(0.5, 0.25) }, { value: 0.125, gradientNorm: 0 });
  check(box, { x: of(0.25, 0.0625) }, { value: 0.28125, gradientNorm: 0.25 }); // -¾: no more than to the bound
  check({ ...valley, upper: of(9, 9) }, { x: of(0.5, 0.25) }, { value: 0.125, gradientNorm: 0.5 });
  check({ ...valley, lower: of(0.5, 0) }, { x: of(0.5, 0.25) }, { value: 0.125, gradientNorm: 0.5 });
  assertEquals(measures(box, { x: of(0.75, 0.5625) }).gradientNorm, 0.25); // outside by a quarter
  const far = { ...valley, lower: of(-1e300, -Infinity) };
  assertEquals(measures(far, { x: of(-1.2, 1) }), measures(valley, { x: of(-1.2, 1) }));
});

Deno.test("measures() of an operator: the natural residual, with and without a set", () => {
  check(corner, { x: of(1, 0) }, { value: NaN, naturalResidual: 0 });
  check(corner, { x: of(0.5, 0.25) }, { value: NaN, naturalResidual: 0.5 });
  const { resolvent: _, ...free } = corner;
  check(free, { x: of(0.5, 0.25) }, { value: NaN, naturalResidual: 1.5 });
  check(free, { x: of(2, -0.5) }, { value: NaN, naturalResidual: 0 });
});

Deno.test("measures() of a bilevel problem solves the lower level, wherever it starts", () => {
  for (const [lower, residual] of [[undefined, 0], [of(2, 2), 8], [of(-1e6, 1e3), 2e6 - 1e3]] as const) {
    const at0 = measures(nested, { x: of(0), ...(lower && { lower }) });
    assertAlmostEquals(at0.hypergradientNorm, 6, 1e-12);
    assertAlmostEquals(at0.value, 4.5, 1e-12);
    assertEquals(at0.lowerResidual, residual);
  }
  check(nested, { x: of(1.2), lower: of(2.4, 2.4) }, { value: 0.9, hypergradientNorm: 0, lowerResidual: 0 });
});

/** f = ½ y², g = e^y - x y, so y = ln x and Φ = ½ (ln x)². */
const logarithm: Bilevel = {
  kind: "bilevel",
  dimension: 1,
  lowerDimension: 1,
  upper: {
    value: (_x, y) => y[0] ** 2 / 2,
    gradientX: (_x, _y, out) => void (out[0] = 0),
    gradientY: (_x, y, out) => void (out[0] = y[0]),
  },
  lower: {
    value: (x, y) => Math.exp(y[0]) - x[0] * y[0],
    gradientX: (_x, y, out) => void (out[0] = -y[0]),
    gradientY: (x, y, out) => void (out[0] = Math.exp(y[0]) - x[0]),
    hessianVector: (_x, y, v, out) => void (out[0] = Math.exp(y[0]) * v[0]),
    crossVector: (_x, _y, v, out) => void (out[0] = -v[0]),
  },
};

Deno.test("measures() of a bilevel problem survives a Newton step that overflows", () => {
  for (const y of [0, 5, -8]) { // from -8 the whole step is to e^9
    const there = measures(logarithm, { x: of(Math.E), lower: of(y) });
    assertAlmostEquals(there.hypergradientNorm, 1 / Math.E, 1e-14);
    assertAlmostEquals(there.value, 0.5, 1e-14);
  }
});

Deno.test("measures() of a bilevel problem refuses a lower level without a minimum, and passes NaN on", () => {
  const convexity = "expected a strongly convex lower level, got curvature";
  assertThrows(() => measures(logarithm, { x: of(-1) }), DomainError, `${convexity} 0`); // e^y - x y falls for ever
  const saddle: Bilevel = {
    ...logarithm,
    lower: { ...logarithm.lower, hessianVector: (_x, _y, v, out) => void (out[0] = -v[0]) },
  };
  assertThrows(() => measures(saddle, { x: of(2) }), DomainError, `${convexity} -1`);
  const rootless: Bilevel = {
    ...logarithm,
    lower: {
      ...logarithm.lower,
      gradientY: (_x, y, out) => void (out[0] = y[0] ** 2 + 1),
      hessianVector: (_x, _y, v, out) => void (out[0] = v[0]),
    },
  };
  assertThrows(() => measures(rootless, { x: of(2) }), DomainError, "its lower level cannot be solved, gradient 1");
  const broken: Bilevel = {
    ...logarithm,
    lower: { ...logarithm.lower, gradientY: (_x, _y, out) => void out.fill(NaN) },
  };
  assertEquals(measures(broken, { x: of(2) }).hypergradientNorm, NaN);
});

Deno.test("measures() of a transport problem: marginals and gap by hand", () => {
  const zero = { relativeKktResidual: 0, marginalViolation: 0, gap: 0 };
  check(shift, { x: of(0, -1), plan: plan(0.25, 0.25, 0, 0.5) }, { value: 0.25, ...zero });
  check(shift, { x: of(7, 6), plan: plan(0.25, 0.25, 0, 0.5) }, { value: 0.25, ...zero }); // potentials up to a shift
  check(shift, { x: of(0, -1), plan: plan(0.125, 0.375, 0.125, 0.375) }, { // the product of the marginals
    value: 0.5,
    relativeKktResidual: 0.25 / 1.75,
    marginalViolation: 0,
    gap: 0.25,
  });
  check(shift, { x: of(0, 0), plan: plan(0.5, 0, 0, 0.5) }, { // stays where it is
    value: 0,
    relativeKktResidual: 0.5,
    marginalViolation: 0.5,
    gap: 0,
  });
  check(shift, { x: of(0, -1), plan: plan(0.5, 0, -0.25, 0.75) }, { // right marginals, negative mass
    value: -0.25,
    relativeKktResidual: 0.5 / 1.5,
    marginalViolation: 0.25,
    gap: 0.5,
  });
  check(shift, { x: of(0, -1) }, { value: 0, relativeKktResidual: 2, marginalViolation: 2, gap: 0.25 });
  const heavy: Transport = { ...shift, source: of(2, 2), target: of(1, 3) };
  check(heavy, { x: of(0, 0), plan: plan(2, 0, 0, 2) }, {
    value: 0,
    relativeKktResidual: 0.5,
    marginalViolation: 2,
    gap: 0,
  });
});

Deno.test("measures() of a transport problem with a forbidden pair", () => {
  const oneWay: Transport = { ...shift, cost: plan(0, 1, Infinity, 0) };
  const zero = { relativeKktResidual: 0, marginalViolation: 0, gap: 0 };
  check(oneWay, { x: of(0, -1), plan: plan(0.25, 0.25, 0, 0.5) }, { value: 0.25, ...zero });
  const absent: Transport = { ...shift, cost: plan(Infinity, 1, Infinity, 0), target: of(0, 1) };
  check(absent, { x: of(0, -1), plan: plan(0, 0.5, 0, 0.5) }, { value: 0.5, ...zero });
  assertEquals(measures(oneWay, { x: of(0, -1), plan: plan(0, 0.5, 0.25, 0.25) }).value, Infinity);
});

Deno.test("measures() of a composite problem: the fixed-point residual", () => {
  check(shrunk, { x: of(2) }, { value: 2.5, proximalGradientNorm: 0 });
  check(shrunk, { x: of(-1) }, { value: 9, proximalGradientNorm: 3 });
});

Deno.test("measures() refuses points that do not fit", () => {
  const cases: [() => unknown, new (m: string) => Error, string][] = [
    [() => measures(plane, { x: of(1, 2) }), ShapeError, "Cannot use the point: expected 3 entries, got 2"],
    [() => measures(plane, { x: of(1, NaN, 2) }), DomainError, "Cannot use the point: entry 1 is NaN"],
    [
      () => measures(plane, { x: of(1, 2, 3), multipliers: of(1) }),
      ShapeError,
      "Cannot use the point's multipliers: expected 2 entries, got 1",
    ],
    [
      () => measures(nested, { x: of(1), lower: of(1) }),
      ShapeError,
      "Cannot use the point's lower-level solution: expected 2 entries, got 1",
    ],
    [
      () => measures(shift, { x: of(0, 0), plan: { rows: 1, columns: 2, data: of(1, 1) } }),
      ShapeError,
      "Cannot use the point's plan: expected shape 2 x 2, got 1 x 2",
    ],
    [
      () => measures(spread, { x: of(0), multipliers: of(1) }),
      ShapeError,
      "points of a stochastic problem have no multipliers, it has some",
    ],
  ];
  for (const [f, type, text] of cases) assertThrows(f, type, text);
});

Deno.test("smoothOf() has the value and the gradient of the structured problem", () => {
  const x = of(-1.2, 1), gradient = of(0, 0), squares = smoothOf(valley);
  assertAlmostEquals(squares.gradient(x, gradient), 12.1, 1e-13);
  assertAlmostEquals(squares.value(x), 12.1, 1e-13);
  assertAlmostEquals(gradient[0], -107.8, 1e-12);
  assertAlmostEquals(gradient[1], -44, 1e-12);
  assertEquals(measures(smoothOf(spread), { x: of(0) }), measures(spread, { x: of(0) }));
});
