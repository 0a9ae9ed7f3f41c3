// The Hessians of Gauss and Newton, and of Fisher.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  add,
  matmul,
  multiply,
  objective,
  type Operand,
  softplus,
  square,
  subtract,
  sum,
  vectorFunction,
} from "../../../lib/autodiff/mod.ts";
import {
  fillNormal,
  iterate,
  rng,
  ShapeError,
  smoothOf,
  solve,
  type TwiceSmooth,
  type Vector,
  type VectorFunction,
} from "../../../lib/core/mod.ts";
import { mghNamed, rosenbrock } from "../../../lib/problems/mod.ts";
import { fisher, type FisherModel, gaussNewton, trustRegion } from "../../../lib/smooth/mod.ts";

// @must gaussNewton: quadratic convergence on problems whose residuals vanish
// @measured reached: order 1.86 to 2.2 of |r| over the last three steps above rounding on eleven problems of Moré, Garbow and Hillstrom
Deno.test("gaussNewton() converges quadratically where residuals vanish", () => {
  const names = ["Beale", "HelicalValley", "Box3D", "Wood", "VariablyDim10", "Trigonometric10", "BrownAlmostLinear10"];
  for (const name of [...names, "DiscreteBV10", "DiscreteIE10", "BroydenTridiag10", "BroydenBanded10"]) {
    const { problem, start } = mghNamed(name), norms: number[] = [];
    for (const { value } of iterate(gaussNewton(problem.squares), trustRegion({ subproblem: "exact" }), start)) {
      if (2 * value < 1e-26) break;
      norms.push(Math.sqrt(2 * value));
    }
    const [a, b, c] = norms.slice(-3), order = Math.log(c / b) / Math.log(b / a);
    assert(order > 1.8, `${name}: order ${order}, ${norms.slice(-4)}`);
  }
});

Deno.test("gaussNewton() has the value, the gradient and, where residuals are linear, the Hessian", () => {
  const { problem, start } = mghNamed("LinearFullRank10"), model = gaussNewton(problem.squares), n = start.length;
  const v = fillNormal(rng(1), new Float64Array(n)), ours = new Float64Array(n), theirs = new Float64Array(n);
  assertAlmostEquals(2 * model.gradient(start, ours), problem.gradient(start, theirs), 1e-12);
  ours.forEach((g, i) => assertAlmostEquals(2 * g, theirs[i], 1e-12));
  model.hessianVector(start, v, ours);
  problem.hessianVector(start, v, theirs);
  ours.forEach((h, i) => assertAlmostEquals(2 * h, theirs[i], 1e-12));
});

/** Logistic regression with logits that bend, `z = u + bend u²` with u = A x, and the model that its information comes from. */
function logistic(bend: number, labels: Vector): { problem: TwiceSmooth; model: FisherModel; outputs: VectorFunction } {
  const A = { rows: 30, columns: 3, data: fillNormal(rng(2), new Float64Array(90)) };
  const logits = (x: Operand): Operand => {
    const u = matmul(A, x);
    return add(u, multiply(bend, square(u)));
  };
  const outputs = vectorFunction(logits, { dimension: 3 });
  const information = (z: Vector, w: Vector, out: Vector): void => {
    for (let i = 0; i < z.length; i++) out[i] = w[i] / ((1 + Math.exp(-z[i])) * (1 + Math.exp(z[i])));
  };
  const loss = (x: Operand): Operand => sum(subtract(softplus(logits(x)), multiply(labels, logits(x))));
  return { problem: objective(loss, { dimension: 3 }), model: { outputs, information }, outputs };
}

// @must fisher: the mean of the Hessian over data drawn from the model; the Hessian where the outputs are the natural parameters and linear
// @measured reached: to 1e-13, for logistic regression with linear and with bent logits; a trust region gets to the minimum in 4 and 18
// steps
Deno.test("fisher() is the mean of the Hessian over data of the model", () => {
  const x = Float64Array.of(0.3, -0.8, 0.5),
    v = Float64Array.of(1, 2, -1),
    labels = new Float64Array(30).map((_, i) => i % 2);
  const ours = new Float64Array(3), theirs = new Float64Array(3), z = new Float64Array(30);
  for (const bend of [0, 0.1]) {
    const { problem, model, outputs } = logistic(bend, labels), natural = fisher(problem, model);
    outputs.value(x, z);
    const mean = logistic(bend, z.map((zi) => 1 / (1 + Math.exp(-zi)))).problem; // the loss is linear in the labels
    natural.hessianVector(x, v, ours);
    mean.hessianVector(x, v, theirs);
    ours.forEach((h, i) => assertAlmostEquals(h, theirs[i], 1e-12));
    problem.hessianVector(x, v, theirs);
    const isHessian = ours.every((h, i) => Math.abs(h - theirs[i]) < 1e-12);
    assertEquals(isHessian, bend === 0);
    const result = solve(natural, trustRegion({ subproblem: "exact" }), { start: [0, 0, 0] });
    assertEquals(result.status, "converged");
    assert(result.iterations <= (bend === 0 ? 4 : 18), String(result.iterations));
    const given = fisher(problem, natural.hessianVector); // products by the user
    assertEquals(solve(given, trustRegion({ subproblem: "exact" }), { start: [0, 0, 0] }).x, result.x);
  }
  const squares = mghNamed("Osborne2").problem.squares, { start } = mghNamed("Osborne2"), n = start.length;
  const gauss = new Float64Array(n), normal = new Float64Array(n), w = fillNormal(rng(3), new Float64Array(n));
  const identity = (_: Vector, given: Vector, out: Vector): void => out.set(given);
  gaussNewton(squares).hessianVector(start, w, gauss);
  fisher(smoothOf(squares), { outputs: squares.residual, information: identity }).hessianVector(start, w, normal);
  assertEquals(normal, gauss); // errors of unit variance
});

Deno.test("fisher() refuses a model without outputs", () => {
  const { problem } = rosenbrock(4);
  const model = { outputs: { ...mghNamed("Beale").problem.squares.residual, components: 0 }, information: () => {} };
  assertThrows(() => fisher(problem, model), ShapeError, "positive number of outputs, got 0");
});
