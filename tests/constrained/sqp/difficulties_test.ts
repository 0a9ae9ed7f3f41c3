import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { add, divide, log, multiply, type Operand, sqrt, square, subtract } from "../../../lib/autodiff/mod.ts";
import { sqp, type SqpState, type TwiceConstrained } from "../../../lib/constrained/mod.ts";
import { type Constrained, iterate, solve } from "../../../lib/core/mod.ts";
import { hockSchittkowski } from "../../../lib/problems/mod.ts";

import { stated } from "./problems.ts";

const modes = ["exact", "bfgs"] as const;
const sum = (...terms: Operand[]): Operand => terms.reduce((s, term) => add(s, term));

// @must sqp: an infeasible problem ends infeasible at a stationary point of the violation
// @measured reached: six problems, with Hessians and BFGS matrices: the multipliers are a subgradient of the violation that the bounds balance to 1e-6
Deno.test("sqp() ends infeasible at a stationary point of the violation", () => {
  const problems: [string, TwiceConstrained, number[], number][] = [
    [
      "parallel lines",
      stated({
        dimension: 2,
        f: ([x, y]) => add(square(x), square(y)),
        equality: ([x, y]) => [subtract(add(x, y), 1), subtract(add(x, y), 2)],
      }),
      [0, 0],
      0.5,
    ],
    [
      "no real root",
      stated({ dimension: 2, f: ([x, y]) => add(x, y), equality: ([x, y]) => [sum(square(x), square(y), 1)] }),
      [
        3,
        1,
      ],
      1,
    ],
    [
      "a bound",
      stated({ dimension: 2, f: ([, y]) => square(y), inequality: ([x]) => [subtract(square(x), 1)], lower: [2, -5] }),
      [
        4,
        1,
      ],
      3,
    ],
    [
      "two discs",
      stated({
        dimension: 2,
        f: ([x]) => x,
        inequality: ([x, y]) => [-2, 2].map((at) => subtract(add(square(add(x, at)), square(y)), 1)),
      }),
      [0, 1],
      3,
    ],
    [
      "a saddle of the violation at the start",
      stated({
        dimension: 2,
        f: ([x, y]) => add(x, y),
        equality: ([x, y]) => [add(square(subtract(square(x), 1)), add(square(y), 1))],
      }),
      [0, 0],
      1,
    ],
    // its start leads to a local minimizer of the violation, whose global one is 0
    [
      "Wächter and Biegler's",
      stated({
        dimension: 3,
        f: ([x]) => x,
        equality: ([x, y, z]) => [subtract(subtract(square(x), y), 1), subtract(subtract(x, z), 0.5)],
        lower: [-Infinity, 0, 0],
      }),
      [-2, 1, 1],
      1.5,
    ],
  ];
  for (const [name, problem, start, least] of problems) {
    for (const hessian of modes) {
      const { status, x, point, message } = solve(problem, sqp({ hessian }), { start }), label = `${name} ${hessian}`;
      assertEquals(status, "infeasible", `${label}: ${message}`);
      const y = point.multipliers!, { equality, inequality, lower } = problem.constraints;
      const equations = equality?.components ?? 0, c = new Float64Array(y.length), pulled = new Float64Array(x.length);
      equality?.value(x, c.subarray(0, equations));
      inequality?.value(x, c.subarray(equations));
      (equality ?? inequality!).jacobianTransposeVector(x, y, pulled);
      assertAlmostEquals(Math.max(...c.map((ci, i) => i < equations ? Math.abs(ci) : ci)), least, 0.5, label);
      assert(message.includes("largest"), message);
      c.forEach((ci, i) => { // y is a subgradient of the violation
        if (Math.abs(ci) > 1e-6) assertEquals(y[i], i < equations ? Math.sign(ci) : ci > 0 ? 1 : 0, label);
        assert(Math.abs(y[i]) <= 1);
      });
      pulled.forEach((entry, j) => {
        const held = lower && x[j] === lower[j] ? Math.max(0, -entry) : Math.abs(entry);
        assertLess(held, 1e-5, label);
      });
    }
  }
});

Deno.test("sqp() leaves stationary points of the violation that are none of its minimizers", () => {
  const problem = stated({
    dimension: 2,
    f: ([x, y]) => add(square(subtract(x, 2)), square(y)),
    equality: ([x]) => [subtract(square(x), 1)],
  });
  for (const hessian of modes) {
    const { status, value, x } = solve(problem, sqp({ hessian }), { start: [0, 0] });
    assertEquals(status, "converged");
    assertAlmostEquals(Math.abs(x[0]), 1, 1e-9);
    assertAlmostEquals(value, (x[0] - 2) ** 2, 1e-8);
  }
});

Deno.test("sqp() with Hessians goes on from saddle points that its steps lead to", () => {
  // by symmetry steps from (0, 2) keep x at 0, where y = 1 is a KKT point and no minimum
  const problem = stated({
    dimension: 2,
    f: ([x, y]) => subtract(square(y), square(x)),
    inequality: ([x, y]) => [subtract(1, y), subtract(square(x), 4)],
  });
  const { value, status } = solve(problem, sqp(), { start: [0, 2] });
  assertEquals(status, "converged");
  assertAlmostEquals(value, -3, 1e-9);
  // x₂ starts at its bound, with a multiplier of 0
  const hs33 = hockSchittkowski(33),
    run = (hessian: "exact" | "bfgs"): number => solve(hs33.problem, sqp({ hessian }), { start: hs33.start }).value;
  assertAlmostEquals(run("exact"), Math.SQRT2 - 6, 1e-8);
  assertAlmostEquals(run("bfgs"), -4, 1e-8);
});

Deno.test("sqp() takes constraints that depend on each other", () => {
  const circle = ([x, y]: Operand[]): Operand => subtract(add(square(x), square(y)), 2);
  const cases: [string, TwiceConstrained, number[], number[]][] = [
    [
      "twice the same",
      stated({
        dimension: 2,
        f: ([x, y]) => add(x, y),
        equality: (x) => [circle(x), multiply(2, circle(x))],
      }),
      [3, 1],
      [-1, -1],
    ],
    [
      "more equations than variables",
      stated({
        dimension: 2,
        f: ([x]) => x,
        equality: ([x, y]) => [subtract(square(x), 1), subtract(y, x), subtract(multiply(x, y), 1)],
      }),
      [2, 0.5],
      [1, 1],
    ],
    [
      "complementarity",
      stated({
        dimension: 2,
        f: ([x, y]) => add(square(subtract(x, 1)), square(subtract(y, 2))),
        equality: ([x, y]) => [multiply(x, y)],
        lower: [0, 0],
      }),
      [0.5, 0.3],
      [0, 2],
    ],
    [
      "equal inequalities",
      stated({
        dimension: 2,
        f: ([x, y]) => subtract(x, y),
        inequality: (x) => [circle(x), circle(x), multiply(0.5, circle(x))],
      }),
      [0, 0],
      [-1, 1],
    ],
  ];
  for (const [name, problem, start, solution] of cases) {
    for (const hessian of modes) {
      const { status, x, message } = solve(problem, sqp({ hessian }), { start });
      assertEquals(status, "converged", `${name} ${hessian}: ${message}`);
      x.forEach((xj, j) => assertAlmostEquals(xj, solution[j], 1e-6, name));
    }
  }
});

Deno.test("sqp() goes by elastic programs where linear constraints contradict each other on the way", () => {
  // c + Jp = 0 has no solution at the start, where x₁² = 1 asks for p₁ = 0 of a bound
  const problem = stated({
    dimension: 2,
    f: ([x, y]) => add(x, multiply(3, y)),
    inequality: ([x, y]) => [subtract(1, square(x)), subtract(square(subtract(x, 1)), y), subtract(x, 4)],
    lower: [0.1, -10],
    upper: [3, 10],
  });
  for (const hessian of modes) {
    let elastic = 0, last: SqpState | undefined;
    for (const state of iterate(problem, sqp({ hessian }), [0.1, 0])) {
      elastic = state.elasticSteps;
      last = state;
      if (state.estimate < 1e-9 || state.stop || state.iteration > 60) break;
    }
    assert(elastic > 0);
    assertAlmostEquals(last!.value, 1, 1e-8);
  }
});

Deno.test("sqp() makes shorter steps where functions are not finite", () => {
  const cases: [string, TwiceConstrained, number[], number][] = [
    [
      "a logarithm",
      stated({
        dimension: 2,
        f: ([x, y]) => subtract(y, log(x)),
        inequality: ([x, y]) => [subtract(add(x, y), 2), subtract(square(x), y)],
      }),
      [0.1, 3],
      (1 + Math.log(2)) / 2,
    ],
    [
      "a root in a constraint",
      stated({
        dimension: 2,
        f: ([x, y]) => add(x, y),
        equality: ([x, y]) => [subtract(multiply(sqrt(x), sqrt(y)), 2)],
      }),
      [16, 0.01],
      4,
    ],
    ["a quotient", stated({ dimension: 1, f: ([x]) => add(divide(1, x), x), inequality: ([x]) => [subtract(x, 9)] }), [
      0.01,
    ], 2],
  ];
  for (const [name, problem, start, minimum] of cases) {
    for (const hessian of modes) {
      const { status, value, message } = solve(problem, sqp({ hessian }), { start });
      assertEquals(status, "converged", `${name} ${hessian}: ${message}`);
      assertAlmostEquals(value, minimum, 1e-7, `${name} ${hessian}`);
    }
  }
  const undefinedAtStart = solve(cases[0][1], sqp(), { start: [-1, 0] });
  assertEquals(undefinedAtStart.status, "non-finite");
});

Deno.test("sqp() finds that the objective has no lower bound", () => {
  const problem = stated({
    dimension: 2,
    f: ([x, y]) => subtract(x, square(y)),
    inequality: ([x, y]) => [subtract(x, y)],
  });
  for (const hessian of modes) assertEquals(solve(problem, sqp({ hessian }), { start: [1, 1] }).status, "unbounded");
});

Deno.test("sqp() gets past a jump of the objective that the violation does not outweigh at first", () => {
  const jump = (x: number): number => x < 100 ? 0 : 1500,
    { constraints } = stated({
      dimension: 1,
      f: ([x]) => x,
      equality: ([x]) => [subtract(x, 200)],
    });
  const problem: Constrained = {
    kind: "constrained",
    objective: {
      kind: "smooth",
      dimension: 1,
      value: ([x]) => x + jump(x),
      gradient: ([x], out) => (out.fill(1), x + jump(x)),
    },
    constraints,
  };
  const { status, value } = solve(problem, sqp(), { start: [90] });
  assertEquals([status, value], ["converged", 1700]);
});

Deno.test("sqp() takes no flat constraint for a stationary point of the violation", () => {
  const far = stated({ // variables of size 1e8, as seen from 0
    dimension: 2,
    f: ([x, y]) => add(square(divide(x, 1e8)), multiply(2, square(divide(y, 1e8)))),
    equality: ([x, y]) => [subtract(divide(add(x, y), 1e8), 1)],
  });
  for (const hessian of modes) {
    const { status, x } = solve(far, sqp({ hessian }), { start: [0, 0] });
    assertEquals(status, "converged", hessian);
    assertAlmostEquals(x[0], 2e8 / 3, 1e3);
  }
  const never = stated({ dimension: 1, f: ([x]) => x, equality: ([x]) => [add(multiply(1e-8, multiply(x, x)), 1)] });
  assertEquals(solve(never, sqp(), { start: [1] }).status, "infeasible");
});
