// Derivatives through solvers against closed forms and differences: ridge, lasso, quadratic programs, Sinkhorn.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  DomainError,
  fillNormal,
  type LinearOperator,
  type Matrix,
  rng,
  ShapeError,
  SingularMatrixError,
  type Vector,
} from "../../lib/core/mod.ts";
import * as linalg from "../../lib/linalg/mod.ts";
import * as ad from "../../lib/autodiff/mod.ts";
import type { Operand } from "../../lib/autodiff/mod.ts";
import { topological } from "../../lib/autodiff/node.ts";
import { lbfgs } from "../../lib/smooth/mod.ts";
import { assertClose, compiled, entries, inner, slope } from "./laws.ts";

const rows = 30, n = 6, generator = rng(11);
const X = linalg.matrix(rows, n, fillNormal(generator, new Float64Array(rows * n)));
const y = fillNormal(generator, new Float64Array(rows)), gram = linalg.matmul(linalg.transpose(X), X);
const half = (f: Operand): Operand => ad.multiply(0.5, f);

// ridge regression with one weight for each variable
const ridge = (x: Operand, theta: Operand): Operand =>
  ad.add(half(ad.sum(ad.square(ad.subtract(ad.matmul(X, x), y)))), half(ad.dot(theta, ad.square(x))));
const ridgeMatrix = (theta: Vector): Matrix => ad.asMatrix(ad.add(gram, linalg.diagonal(theta)));
const ridgeSolution = (_: Operand, theta: Operand): Operand =>
  linalg.solve(ridgeMatrix(ad.asVector(theta)), linalg.matvec(linalg.transpose(X), y));
const weights = Float64Array.from({ length: n }, (_, i) => 1 + i), zero = new Float64Array(n);

/** What repeats a map for a number of times. */
function repeated(T: (x: Operand, t: Operand) => Operand, count: number): (x: Operand, t: Operand) => Operand {
  return (x, t) => {
    const { run } = compiled(T, [x as ad.Value, t as ad.Value]), parameters = entries(t);
    let [now, next] = [entries(x).slice(), entries(x).slice()];
    for (let k = 0; k < count; k++) {
      run([now, parameters], [next]);
      [now, next] = [next, now];
    }
    return now;
  };
}

/** `-(XᵀX + diag θ)⁻¹ diag x`. */
function ridgeJacobian(theta: Vector): Vector {
  const x = ad.asVector(ridgeSolution(zero, theta)), inverse = linalg.inv(ridgeMatrix(theta));
  return inverse.data.map((a, k) => -a * x[k % n]);
}

// @must customRoot: ridge regression: J equals closed form to 1e-10, VJP = JVP transposed (dot test 1e-12); same result with any solver
// @measured reached: 1e-13 relative with elimination, 1e-10 with cg, minres, gmres and bicgstab; dot test to 1e-13
Deno.test("customRoot() has the Jacobian of ridge regression in closed form, whatever solves the linear systems", () => {
  const expected = ridgeJacobian(weights);
  const own = (A: LinearOperator, b: Vector): Vector => linalg.gmres(A, b, { tolerance: 1e-12 }).x;
  for (const solve of ["lu", "cg", "minres", "gmres", "bicgstab", own] as const) {
    const root = ad.customRoot(ad.stationary(ridge), { solve, tolerance: 1e-12 })(ridgeSolution);
    const f = (theta: Operand): Operand => root(zero, theta);
    for (const mode of ["forward", "reverse"] as const) {
      const J = ad.jacobian(f, { mode })(weights);
      assertClose([entries(J)], [expected], solve === "lu" ? 1e-13 : 1e-10, `${solve} ${mode}`);
    }
    const v = fillNormal(generator, new Float64Array(n)), u = fillNormal(generator, new Float64Array(n));
    const tangent = ad.jvp(f, [weights], [v]).tangent as Vector,
      [cotangent] = ad.vjp(f, weights).pullback(u) as Vector[];
    const left = inner([u], [tangent]), right = inner([cotangent], [v]);
    assert(Math.abs(left - right) <= 1e-12 * Math.max(1, Math.abs(left)), `${left} ${right}`);
  }
});

// @must customFixedPoint: fixed-point and root wrappers give the same gradient
// @measured reached: to 1e-13 for gradient steps, Newton steps and stationarity
Deno.test("customFixedPoint() of gradient and Newton steps has the derivatives of the stationary point", () => {
  const expected = ridgeJacobian(weights), identity = (v: Operand): Operand => v;
  for (
    const T of [ad.projectedStep(ridge, identity, 0.01), ad.newtonStep(ridge), ad.proximalStep(ridge, identity, 0.02)]
  ) {
    const f = ad.customFixedPoint(T)(ridgeSolution);
    assertClose([entries(ad.jacobian((t: Operand) => f(zero, t))(weights))], [expected], 1e-13, "fixed point");
  }
});

// @must customRoot: cost of one linear solve of size dim x per cotangent; memory independent of inner iterations (count tape nodes)
// @measured reached: one solver run and one linear solve a gradient, two a Hessian-vector product more; 10 or 10 000 iterations leave the
// same program
Deno.test("a gradient costs one linear solve and no memory for the solver's iterations", () => {
  let solves = 0, runs = 0;
  const loss = (iterations: number) => {
    const root = ad.customRoot(ad.stationary(ridge), {
      solve: (A, b) => {
        solves++;
        return linalg.cg(A, b, { tolerance: 1e-12 }).x;
      },
    })((start, theta) => {
      runs++;
      const x = ad.asVector(start).slice(),
        H = ridgeMatrix(ad.asVector(theta)),
        c = linalg.matvec(linalg.transpose(X), y);
      for (let k = 0; k < iterations; k++) {
        const g = linalg.matvec(H, x);
        for (let i = 0; i < n; i++) x[i] -= (g[i] - c[i]) / 70;
      }
      return x;
    });
    return (theta: Operand): Operand => ad.sum(ad.exp(root(zero, theta)));
  };
  ad.grad(loss(1000))(weights);
  assertEquals([runs, solves], [1, 1]);
  ad.hvp(loss(1000))(weights, weights);
  assertEquals([runs, solves], [2, 4]); // adjoint, tangent, and the tangent of the adjoint
  const size = (iterations: number): number =>
    topological(ad.trace((t: Operand) => ad.grad(loss(iterations))(t), weights).outputs).length;
  assertEquals(size(10), size(10_000));
});

// @must customRoot: log-log slope 1 of derivative error against |x^-x*| for implicit, and implicit <= unrolled error at equal iterations
// on ridge
// @measured reached: slopes 0.986 to 1.003 over 40 iterations of gradient descent; implicit below unrolled at each count from 2 on
Deno.test("the error of implicit derivatives is proportional to that of the solver, and below that of unrolled iterations", () => {
  const expected = ridgeJacobian(weights), exact = ad.asVector(ridgeSolution(zero, weights)), step = 1 / 70;
  const descend = (x: Operand, theta: Operand, count: number): Operand => {
    const gradient = ad.grad(ridge);
    for (let k = 0; k < count; k++) x = ad.subtract(x, ad.multiply(step, gradient(x, theta) as Operand));
    return x;
  };
  const far = (a: Vector, b: Vector): number => Math.hypot(...a.map((v, i) => v - b[i]));
  const points: [number, number][] = [];
  for (let count = 2; count <= 40; count += 2) {
    const root = ad.customRoot(ad.stationary(ridge), { residual: Infinity })((s, t) => descend(s, t, count));
    const implicit = far(entries(ad.jacobian((t: Operand) => root(zero, t))(weights)), expected);
    const unrolled = far(entries(ad.jacobian((t: Operand) => descend(zero, t, count))(weights)), expected);
    assert(implicit <= unrolled, `${count}: ${implicit} ${unrolled}`);
    points.push([Math.log(far(entries(descend(zero, weights, count)), exact)), Math.log(implicit)]);
  }
  for (let i = 10; i < points.length; i++) {
    const rate = (points[i][1] - points[i - 10][1]) / (points[i][0] - points[i - 10][0]);
    assert(Math.abs(rate - 1) < 0.05, `slope ${rate}`);
  }
});

// @must customFixedPoint, grad: hyper-gradient of lasso by prox gradient equals the restricted closed form on the support, and
// differences to 1e-6
// @measured reached: 1e-12 against the closed form, 1e-9 against differences
Deno.test("the lasso has its derivative on the support", () => {
  const f = (x: Operand, _: Operand): Operand => half(ad.sum(ad.square(ad.subtract(ad.matmul(X, x), y))));
  const prox = (v: Operand, step: Operand, lambda: Operand): Operand => ad.softThreshold(v, ad.multiply(step, lambda));
  const T = ad.proximalStep(f, prox, 0.01);
  const lasso = ad.customFixedPoint(T)(repeated(T, 3000));
  const lambda = 3, x = entries(lasso(zero, lambda)), support = [...x.keys()].filter((i) => x[i] !== 0);
  assert(support.length > 1 && support.length < n, `support ${support}`);
  const part = linalg.matrix(support.map((i) => support.map((j) => gram.data[i * n + j])));
  const moved = linalg.solve(part, Float64Array.from(support, (i) => -Math.sign(x[i]))), expected = new Float64Array(n);
  support.forEach((i, k) => expected[i] = moved[k]);
  const derivative = ad.jvp((l: Operand) => lasso(zero, l), [lambda], [1]).tangent as Vector;
  assertClose([derivative], [expected], 1e-12, "restricted closed form");
  const validation = (l: Operand): Operand => ad.sum(ad.square(ad.subtract(lasso(zero, l), 0.1)));
  const difference = slope((s) => [Float64Array.of(ad.asNumber(validation(lambda + s)))])[0][0];
  assertAlmostEquals(ad.grad(validation)(lambda), difference, 1e-9);
});

const Q = linalg.matrix([[4, 1, 0], [1, 3, 0.5], [0, 0.5, 2]]);
const program = {
  objective: (x: Operand, c: Operand): Operand => ad.add(half(ad.dot(x, ad.matmul(Q, x))), ad.dot(c, x)),
  equalities: (x: Operand, _: Operand): Operand => ad.subtract(ad.reshape(ad.sum(x), [1]), 1),
  inequalities: (x: Operand, c: Operand): Operand => ad.negate(ad.add(x, ad.multiply(0.01, ad.square(c)))),
};

/** Minimizes over `Σ x = 1`, `x >= -c²/100` by trying which of these hold with equality. */
function quadraticProgram(_: ad.KktPoint, c: Operand): ad.KktPoint {
  const cost = entries(c), low = cost.map((v) => -0.01 * v * v);
  for (let active = 0; active < 7; active++) {
    const held = [0, 1, 2].filter((i) => (active >> i & 1) === 1), size = 4 + held.length;
    const K = linalg.matrix(size, size), right = new Float64Array(size);
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) K.data[i * size + j] = Q.data[i * 3 + j];
      K.data[i * size + 3] = K.data[3 * size + i] = 1;
      right[i] = -cost[i];
    }
    right[3] = 1;
    held.forEach((i, k) => {
      K.data[i * size + 4 + k] = K.data[(4 + k) * size + i] = -1;
      right[4 + k] = -low[i];
    });
    const z = linalg.solve(K, right), inequality = new Float64Array(3);
    held.forEach((i, k) => inequality[i] = z[4 + k]);
    if (inequality.every((l) => l >= 0) && low.every((l, i) => z[i] >= l - 1e-12)) {
      return { x: z.slice(0, 3), equality: z.slice(3, 4), inequality };
    }
  }
  throw new Error("no active set");
}

// @must customRoot: QP KKT gradient equals finite differences 1e-6
// @measured reached: 1e-9, for solutions and multipliers, first and second derivatives
Deno.test("kkt() differentiates quadratic programs with active constraints", () => {
  const solve = ad.customRoot(ad.kkt(program))(quadraticProgram), c = Float64Array.of(1, -2, 0.5);
  const start = { x: new Float64Array(3), equality: new Float64Array(1), inequality: new Float64Array(3) };
  const solution = solve(start, c);
  assert(entries(solution.inequality).some((l) => l > 0.1) && entries(solution.inequality).some((l) => l === 0));
  const f = (t: Operand): Operand => {
    const { x, equality, inequality } = solve(start, t);
    return ad.add(ad.sum(ad.exp(x)), ad.add(ad.sum(ad.sin(equality)), ad.sum(ad.square(inequality))));
  };
  const along = (s: number): Vector => c.map((v, i) => v + s * (i - 1.5) / 4),
    v = Float64Array.of(-1.5, -0.5, 0.5).map((d) => d / 4);
  const difference = slope((s) => [Float64Array.of(ad.asNumber(f(along(s))))])[0][0];
  assertAlmostEquals(inner([ad.grad(f)(c)], [v]), difference, 1e-9);
  assertClose([ad.hvp(f)(c, v)], slope((s) => [ad.grad(f)(along(s))]), 1e-9, "second derivatives");
});

// @must customRoot, customFixedPoint: same result from the conditions of proximal and projected gradient, mirror descent, KKT
// @measured reached: to 1e-9 on a quadratic over the simplex
Deno.test("projected, mirror and KKT conditions differentiate the same minimizer over the simplex", () => {
  const f = (x: Operand, c: Operand): Operand => ad.add(half(ad.dot(x, ad.matmul(Q, x))), ad.dot(c, x));
  const c = Float64Array.of(0.5, 0.2, 0.4), start = Float64Array.of(1 / 3, 1 / 3, 1 / 3);
  const projected = ad.projectedStep(f, (v) => ad.projectSimplex(v), 0.1);
  const mirror = ad.mirrorStep(f, ad.log, (v) => ad.softmax(v), 0.5);
  const jacobians = [projected, mirror].map((T) => {
    const solve = ad.customFixedPoint(T)(repeated(T, 600));
    return entries(ad.jacobian((t: Operand) => solve(start, t))(c));
  });
  const solve = ad.customRoot(
    ad.kkt({ objective: f, equalities: (x: Operand, _: Operand) => ad.reshape(ad.subtract(ad.sum(x), 1), [1]) }),
  )(
    ({ inequality }, t) => {
      const x = repeated(projected, 600)(start, t), g = entries(ad.grad(f)(x as Vector, t));
      return { x, equality: Float64Array.of(-g[0]), inequality };
    },
  );
  const point = { x: start, equality: new Float64Array(1), inequality: new Float64Array(0) };
  jacobians.push(entries(ad.jacobian((t: Operand) => solve(point, t).x)(c)));
  assertClose([jacobians[0]], [jacobians[2]], 1e-9, "projected gradient");
  assertClose([jacobians[1]], [jacobians[2]], 1e-9, "mirror descent");
});

// @must customFixedPoint: Sinkhorn solutions against closed form or differences (1e-6)
// @measured reached: the gradient of the optimal value is the plan to 1e-12; other functions of the plan agree with differences to 1e-9
Deno.test("Sinkhorn's fixed point is differentiated with respect to costs and marginals", () => {
  const m = 4, epsilon = 0.3, C = linalg.matrix(m, m, fillNormal(generator, new Float64Array(m * m)).map(Math.abs));
  const a = Float64Array.of(0.1, 0.2, 0.3, 0.4), b = Float64Array.of(0.4, 0.1, 0.25, 0.25);
  const column = (u: Operand): Operand => ad.reshape(u, [m, 1]);
  const right = (u: Operand, cost: Operand): Operand =>
    ad.multiply(
      epsilon,
      ad.subtract(ad.log(b), ad.logsumexp(ad.divide(ad.subtract(column(u), cost), epsilon), { axes: 0 })),
    );
  // the first potential up to a constant: its mean is taken off
  const T = (u: Operand, cost: Operand): Operand => {
    const v = right(u, cost), next = ad.logsumexp(ad.divide(ad.subtract(v, cost), epsilon), { axes: 1 });
    const moved = ad.multiply(epsilon, ad.subtract(ad.log(a), next));
    return ad.subtract(moved, ad.mean(moved));
  };
  const sinkhorn = ad.customFixedPoint(T)(repeated(T, 500));
  const plan = (cost: Operand): Operand => {
    const u = sinkhorn(new Float64Array(m), cost), v = right(u, cost);
    return ad.exp(ad.divide(ad.subtract(ad.add(column(u), v), cost), epsilon));
  };
  const dual = (cost: Operand): Operand => {
    const u = sinkhorn(new Float64Array(m), cost);
    return ad.add(ad.dot(a, u), ad.dot(b, right(u, cost)));
  };
  assertClose([entries(ad.sum(plan(C), { axes: 1 }))], [a], 1e-13, "marginals");
  assertClose([entries(ad.grad(dual)(C))], [entries(plan(C))], 1e-12, "gradient of the value");
  const transported = (cost: Operand): Operand => ad.sum(ad.square(plan(cost)));
  const direction = ad.asMatrix({ ...C, data: fillNormal(generator, new Float64Array(m * m)) });
  const moved = (s: number): Matrix => ({ ...C, data: C.data.map((x, i) => x + s * direction.data[i]) });
  const difference = slope((s) => [Float64Array.of(ad.asNumber(transported(moved(s))))])[0][0];
  assertAlmostEquals(inner([entries(ad.grad(transported)(C))], [direction.data]), difference, 1e-9);
});

// @must argmin: bilevel: hyperparameter of an SVM-like problem reduces validation loss monotonically for 20 outer steps
// @measured reached: 20 of 20 steps of gradient descent, from 2.286 to 1.329
Deno.test("argmin() lets a hyperparameter descend the validation loss of a classifier", () => {
  const s = rng(4), size = 24, d = 5, truth = fillNormal(s, new Float64Array(d));
  const sample = (): { A: Matrix; labels: Vector } => {
    const A = linalg.matrix(size, d, fillNormal(s, new Float64Array(size * d))),
      noise = fillNormal(s, new Float64Array(size));
    return { A, labels: linalg.matvec(A, truth).map((v, i) => Math.sign(v + 1.5 * noise[i])) };
  };
  const train = sample(), test = sample();
  const loss = ({ A, labels }: typeof train, x: Operand): Operand =>
    ad.mean(ad.square(ad.softplus(ad.subtract(1, ad.multiply(labels, ad.matmul(A, x))))));
  const inner = (x: Operand, t: Operand): Operand =>
    ad.add(loss(train, x), ad.multiply(ad.exp(t), ad.sum(ad.square(x))));
  const minimizer = ad.argmin(inner, lbfgs()),
    outer = (t: Operand): Operand => loss(test, minimizer(new Float64Array(d), t));
  let t = -8, previous = Infinity;
  for (let k = 0; k < 20; k++) {
    const { value, gradient } = ad.valueAndGrad(outer)(t);
    assert(ad.asNumber(value) < previous, `step ${k}: ${value}`);
    previous = ad.asNumber(value);
    t -= 4 * gradient;
  }
});

Deno.test("customRoot() solves large systems by GMRES, without a matrix", () => {
  const size = 300, start = new Float64Array(size), theta = fillNormal(rng(6), new Float64Array(size));
  const shifted = (x: Operand, by: number): Operand =>
    by > 0 ? ad.pad(ad.slice(x, 0, -1), [1], [0]) : ad.pad(ad.slice(x, 1), [0], [1]);
  const F = (x: Operand, t: Operand): Operand =>
    // 4 x - 2 x₋₁ - x₊₁ + x³ = θ
    ad.subtract(
      ad.add(ad.power(x, 3), ad.subtract(ad.multiply(4, x), ad.add(ad.multiply(2, shifted(x, 1)), shifted(x, -1)))),
      t,
    );
  const solve = ad.customRoot(F)((x, t) => {
    for (let k = 0; k < 400; k++) x = ad.subtract(x, ad.multiply(0.1, F(x, t)));
    return x;
  });
  const x = entries(solve(start, theta)), v = fillNormal(rng(7), new Float64Array(size));
  const u = ad.jvp((t: Operand) => solve(start, t), [theta], [v]).tangent as Vector;
  const back = ad.jvp((y: Operand) => F(y, theta), [x], [u]).tangent as Vector; // ∂F u = v
  assertClose([back], [v], 1e-9, "tangent");
});

Deno.test("customRoot() refuses what is no solution, what is not determined, and other shapes", () => {
  const F = (x: Operand, t: Operand): Operand => ad.subtract(ad.square(x), t), one = Float64Array.of(1);
  const wrong = ad.customRoot(F)(() => Float64Array.of(3));
  assertThrows(() => wrong(one, Float64Array.of(1)), DomainError, "expected max |F| at most 4.0e-4, got 8.0e+0");
  const long = ad.customRoot(F)(() => new Float64Array(2));
  assertThrows(() => long(one, Float64Array.of(1)), ShapeError, "expected [1], as the start, got [2]");
  const other = ad.customRoot((_: Operand, t: Operand) => ad.sum(t))(() => one);
  assertThrows(() => other(one, Float64Array.of(1)), ShapeError, "conditions of the shapes of x, [1], got []");
  const flat = ad.customRoot(F)(() => Float64Array.of(0)), gradient = ad.grad((t: Operand) => ad.sum(flat(one, t)));
  assertThrows(() => gradient(Float64Array.of(0)), SingularMatrixError, "give a ridge");
  const softened = ad.customRoot(F, { ridge: 0.5 })(() => Float64Array.of(0));
  assertEquals(ad.grad((t: Operand) => ad.sum(softened(one, t)))(Float64Array.of(0)), Float64Array.of(2));
  const outside = (t: Operand): Operand => ad.sum(ad.customRoot((x: Operand) => ad.subtract(x, t))((x) => x)(one));
  assertThrows(() => ad.grad(outside)(Float64Array.of(1)), ad.TraceError, "pass it as an argument");
  const skew = ad.customRoot(
    (x: Operand, t: Operand) => ad.subtract(ad.matmul(linalg.matrix([[0, 1], [-1, 0]]), x), t),
    { solve: "cg" },
  )(
    (_: Operand, t: Operand) => Float64Array.of(-entries(t)[1], entries(t)[0]),
  );
  assertThrows(
    () => ad.grad((t: Operand) => ad.sum(skew(new Float64Array(2), t)))(Float64Array.of(1, 2)),
    Error,
    "expected cg to solve a linear system with its Jacobian",
  );
});
