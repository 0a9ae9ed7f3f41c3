import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  checkDerivatives,
  DomainError,
  fillNormal,
  layout,
  rng,
  ShapeError,
  smoothOf,
  solve,
  type TwiceSmooth,
} from "../../lib/core/mod.ts";
import { lbfgs, newtonCg } from "../../lib/smooth/mod.ts";
import * as ad from "../../lib/autodiff/mod.ts";
import type { Operand } from "../../lib/autodiff/mod.ts";

const generator = rng(7);
const normal = (...shape: number[]): ad.NdArray => {
  const data = new Float64Array(shape.reduce((a, b) => a * b, 1));
  fillNormal(generator, data);
  return { shape, data };
};
const labels = Float64Array.from({ length: 10 }, (_, i) => i % 3);
const images = normal(10, 6);
const network = layout({ hidden: [6, 5], bias: [5], output: [5, 3] });

/** The losses of a network with one hidden layer. */
function losses(
  { hidden, bias, output }: Record<"hidden" | "bias" | "output", Operand>,
  { images, labels }: Record<"images" | "labels", Operand>,
): Operand {
  const scores = ad.matmul(ad.tanh(ad.add(ad.matmul(images, hidden), bias)), output);
  const classes = ad.equal(ad.reshape(labels, [-1, 1]), Float64Array.of(0, 1, 2));
  return ad.subtract(ad.logsumexp(scores, { axes: 1 }), ad.sum(ad.multiply(scores, classes), { axes: 1 }));
}

const rosenbrock = (x: Operand): Operand => {
  const a = ad.slice(x, 0, -1), b = ad.slice(x, 1);
  return ad.sum(
    ad.add(ad.square(ad.subtract(1, a)), ad.multiply(100, ad.square(ad.subtract(b, ad.square(a))))),
  );
};

Deno.test("objective() gives value, gradient and Hessian-vector products of a network in named blocks", () => {
  const problem = ad.objective((p) => ad.mean(losses(p, { images, labels })), { layout: network, name: "network" });
  assertEquals([problem.dimension, problem.name, problem.kind], [50, "network", "smooth"]);
  const x = normal(50).data, report = checkDerivatives(problem, x, { tolerance: 1e-7 });
  assert(report.ok, report.toString());
  const eager = ad.mean(losses(ad.blocksOf(network, x), { images, labels }));
  assertAlmostEquals(problem.value(x), ad.asNumber(eager), 1e-14);
  assertEquals(problem.gradient(x, new Float64Array(50)), problem.value(x));
  assertEquals(ad.shapeOf(ad.blocksOf(network, x).hidden), [6, 5]);
});

Deno.test("objective() is what solvers take: Rosenbrock's function by L-BFGS and Newton-CG", () => {
  const problem = ad.objective(rosenbrock, { dimension: 10 }), start = new Float64Array(10).fill(-1);
  for (const solver of [lbfgs(), newtonCg()]) {
    const { status, value } = solve(problem, solver, { start });
    assertEquals(status, "converged");
    assert(value < 1e-12 || Math.abs(value - 3.9866) < 1e-3, `${value}`);
  }
});

Deno.test("objective() writes into the block of each array, in any vector of the right length", () => {
  const shapes = layout({ a: [2], B: [2, 2], c: [1] });
  const problem = ad.objective(
    ({ a, B, c }) => ad.add(ad.dot(a, ad.matmul(B, a)), ad.sum(ad.multiply(c, 3))),
    { layout: shapes },
  );
  const x = Float64Array.of(1, 2, 3, 4, 5, 6, 7), out = new Float64Array(9).subarray(1, 8);
  assertEquals(problem.gradient(x, out), 3 + 8 + 10 + 24 + 21);
  // (B + Bᵀ) a, a aᵀ, 3
  assertEquals([...out], [24, 33, 1, 2, 2, 4, 3]);
  problem.hessianVector(x, Float64Array.of(1, 0, 0, 0, 0, 0, 0), out);
  assertEquals([...out], [6, 9, 2, 2, 2, 0, 0]);
});

// @must objective: shape errors name the primitive, the shapes and the user's line; a data-dependent if says what to use
// @measured reached: when the objective is made
Deno.test("objective() refuses at the door what is no scalar, and an if on a traced array, with what to use instead", () => {
  assertThrows(
    () => ad.objective((x) => ad.square(x), { dimension: 3 }),
    ad.TraceError,
    "expected one scalar, got [3]",
  );
  const indexed = ((x: number[]) => (x[0] - 1) ** 2 + x[1] ** 2) as unknown as (x: Operand) => Operand;
  assertThrows(
    () => ad.objective(indexed, { dimension: 2 }),
    ad.TraceError,
    "got NaN for all arguments: write take(x, i)",
  );
  const branches = (x: Operand): Operand => (ad.sum(x) as number) > 0 ? ad.sum(x) : 0;
  const error = assertThrows(() => ad.objective(branches, { dimension: 3 }), ad.TraceError, "select or cond for if");
  assert(error.message.includes("objective_test.ts"), error.message);
  const wrong = assertThrows(
    () => ad.objective(({ W }) => ad.sum(ad.matmul(W, Float64Array.of(1, 2))), { layout: layout({ W: [2, 3] }) }),
    ShapeError,
    "matvec",
  );
  assert(/\[2, 3\] and \[2\].*objective_test\.ts/.test(wrong.message), wrong.message);
  for (const dimension of [0, 1.5, NaN]) {
    assertThrows(() => ad.objective((x) => ad.sum(x), { dimension }), DomainError, "positive dimension");
  }
});

Deno.test("objective() refuses vectors of other lengths, and results over arguments", () => {
  const one = ad.objective(rosenbrock, { dimension: 4 });
  const two = ad.objective(({ a, b }) => ad.dot(a, b), { layout: layout({ a: [2], b: [2] }) });
  for (const problem of [one, two]) {
    const x = new Float64Array(4);
    assertThrows(() => problem.value(new Float64Array(3)), ShapeError, "4 entries");
    assertThrows(() => problem.gradient(x, new Float64Array(5)), ShapeError, "4 entries");
    assertThrows(() => problem.gradient(x, x), ShapeError, "share no memory");
    assertThrows(() => problem.hessianVector(x, new Float64Array(4), x), ShapeError, "share no memory");
    assertEquals(problem.gradient(x, new Float64Array(4)), problem.value(x));
  }
});

Deno.test("vectorFunction() has the products of its Jacobian and of its second derivatives", () => {
  const shapes = layout({ a: [2], b: [3] }), x = Float64Array.of(0.3, -0.7, 1.1, 0.4, -0.2);
  for (const rows of [1, 4]) { // fewer rows than columns, and more
    const f = ad.vectorFunction(
      ({ a, b }) => ad.outer(ad.slice(ad.concatenate([ad.sin(b), ad.exp(a)]), 0, rows), ad.multiply(a, ad.sum(b))),
      { layout: shapes },
    );
    const m = 2 * rows, J = { rows: m, columns: 5, data: new Float64Array(5 * m) };
    assertEquals(f.components, m);
    f.jacobian(x, J);
    const w = Float64Array.from({ length: m }, (_, i) => 1 + i), v = Float64Array.of(1, -2, 0.5, 3, -1);
    const weighted: TwiceSmooth = {
      kind: "smooth",
      dimension: 5,
      value: (x) => {
        const r = new Float64Array(m);
        f.value(x, r);
        return r.reduce((total, y, i) => total + w[i] * y, 0);
      },
      gradient: (x, out) => (f.jacobianTransposeVector(x, w, out), weighted.value(x)),
      hessianVector: (x, v, out) => f.hessianVector(x, w, v, out),
    };
    const report = checkDerivatives(weighted, x, { tolerance: 1e-7 });
    assert(report.ok, report.toString());
    const Jv = new Float64Array(m), wJ = new Float64Array(5);
    f.jacobianVector(x, v, Jv);
    f.jacobianTransposeVector(x, w, wJ);
    for (let i = 0; i < m; i++) assertAlmostEquals(Jv[i], v.reduce((t, y, j) => t + y * J.data[5 * i + j], 0), 1e-14);
    for (let j = 0; j < 5; j++) assertAlmostEquals(wJ[j], w.reduce((t, y, i) => t + y * J.data[5 * i + j], 0), 1e-14);
  }
});

Deno.test("leastSquaresObjective() is a sum of squares", () => {
  const t = Float64Array.of(0, 1, 2, 3), y = Float64Array.of(2, 1.2, 0.74, 0.44);
  const problem = ad.leastSquaresObjective(
    ({ scale, rate }) => ad.subtract(ad.multiply(scale, ad.exp(ad.multiply(ad.negate(rate), t))), y),
    { layout: layout({ scale: [1], rate: [1] }), name: "decay" },
  );
  const { status, x } = solve(smoothOf(problem), lbfgs(), { start: [1, 1] });
  assertEquals([status, problem.name], ["converged", "decay"]);
  assertAlmostEquals(x[0], 2, 0.01);
  assertAlmostEquals(x[1], 0.5, 0.01);
});

Deno.test("stochasticObjective() takes means over batches of any size, in any order, with second derivatives", () => {
  const problem = ad.stochasticObjective(losses, { images, labels }, { layout: network });
  assertEquals([problem.examples, problem.dimension], [10, 50]);
  const x = normal(50).data, v = normal(50).data;
  const batches = [[3], [2, 3, 4], [7, 1, 1, 5], [9, 8, 7, 6, 5, 4, 3, 2, 1, 0], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]];
  for (const batch of batches) {
    const rows = Uint32Array.from(batch), mean = { value: 0, gradient: new Float64Array(50) };
    for (const example of batch) {
      const g = new Float64Array(50), one = Uint32Array.of(example);
      mean.value += problem.batchGradient(x, one, g) / batch.length;
      g.forEach((y, i) => mean.gradient[i] += y / batch.length);
    }
    const out = new Float64Array(50), again = new Float64Array(50);
    assertAlmostEquals(problem.batchGradient(x, rows, out), mean.value, 1e-14);
    assertAlmostEquals(problem.batchValue(x, rows), mean.value, 1e-14);
    out.forEach((y, i) => assertAlmostEquals(y, mean.gradient[i], 1e-14));
    const report = checkDerivatives(
      {
        kind: "smooth",
        dimension: 50,
        value: (x) => problem.batchValue(x, rows),
        gradient: (x, out) => problem.batchGradient(x, rows, out),
        hessianVector: (x, v, out) => problem.batchHessianVector(x, rows, v, out),
      },
      x,
      { tolerance: 1e-7 },
    );
    assert(report.ok, report.toString());
    problem.batchHessianVector(x, rows, v, out);
    problem.batchHessianVector(x, rows, v, again);
    assertEquals(out, again);
  }
  const scalar = ad.stochasticObjective((p, rows) => ad.mean(losses(p, rows)), { images, labels }, { layout: network });
  assertEquals(scalar.batchValue(x, Uint32Array.of(4, 2)), problem.batchValue(x, Uint32Array.of(4, 2)));
});

Deno.test("stochasticObjective() refuses data with different numbers of rows, other losses, and examples that are not there", () => {
  const loss = (x: Operand, [A, b]: readonly [Operand, Operand]): Operand => ad.square(ad.subtract(ad.matmul(A, x), b));
  const A = normal(4, 2), b = Float64Array.of(1, 2, 3, 4), options = { dimension: 2 };
  assertThrows(() => ad.stochasticObjective(loss, [A, b.subarray(1)], options), ShapeError, "[4, 2] and [3]");
  assertThrows(
    () => ad.stochasticObjective((x: Operand) => x, A, options),
    ad.TraceError,
    "expected one scalar, got [2]",
  );
  const problem = ad.stochasticObjective(loss, [A, b], options), x = new Float64Array(2);
  assertThrows(() => problem.batchValue(x, Uint32Array.of(1, 4)), DomainError, "below 4, got 4 at place 1");
  assertThrows(() => problem.batchValue(x, new Uint32Array(0)), ShapeError, "got none");
  for (let size = 1; size < 20; size++) { // more sizes than are kept
    const batch = new Uint32Array(size).fill(3);
    assertEquals(problem.batchValue(x, batch), 16);
  }
});
