// Problems with bounds: published ones, and a quadratic one made from its solution.
import { dot, fillNormal, type Instance, rng, type Smooth, type Vector } from "../../../lib/core/mod.ts";
import type { BoundConstrained } from "../../../lib/constrained/mod.ts";
import { matmul, type Matrix, matrix, matvec, transpose } from "../../../lib/linalg/mod.ts";
import { rosenbrock, wood } from "../../../lib/problems/mod.ts";

/** A smooth function from one that fills in the gradient. */
export function smooth(dimension: number, gradient: (x: Vector, g: Vector) => number): Smooth {
  const room = new Float64Array(dimension);
  return { kind: "smooth", dimension, value: (x) => gradient(x, room), gradient };
}

/** The instance of a function in a box. */
export function bounded(
  name: string,
  objective: Smooth,
  bounds: { lower?: number[]; upper?: number[] },
  start: number[],
  ...minima: number[]
): Instance<BoundConstrained> {
  const { lower, upper } = bounds;
  const constraints = {
    ...lower && { lower: Float64Array.from(lower) },
    ...upper && { upper: Float64Array.from(upper) },
  };
  const problem = { kind: "constrained" as const, objective, constraints };
  return { name, problem, start: Float64Array.from(start), minima };
}

const banana = rosenbrock(2).problem, none = Infinity;

/** Problems of Hock and Schittkowski, Test examples for nonlinear programming codes (1981), that have bounds alone. */
export const hockSchittkowski: readonly Instance<BoundConstrained>[] = [
  bounded("HS1", banana, { lower: [-none, -1.5] }, [-2, 1], 0),
  bounded("HS2", banana, { lower: [-none, 1.5] }, [-2, 1], 0.0504261879, 4.9412293180),
  bounded(
    "HS3",
    smooth(2, ([x, y], g) => {
      g[0] = -2e-5 * (y - x);
      g[1] = 1 + 2e-5 * (y - x);
      return y + 1e-5 * (y - x) ** 2;
    }),
    { lower: [-none, 0] },
    [10, 1],
    0,
  ),
  bounded(
    "HS4",
    smooth(2, ([x, y], g) => {
      g[0] = (x + 1) ** 2;
      g[1] = 1;
      return (x + 1) ** 3 / 3 + y;
    }),
    { lower: [1, 0] },
    [1.125, 0.125],
    8 / 3,
  ),
  bounded(
    "HS5",
    smooth(2, ([x, y], g) => {
      g[0] = Math.cos(x + y) + 2 * (x - y) - 1.5;
      g[1] = Math.cos(x + y) - 2 * (x - y) + 2.5;
      return Math.sin(x + y) + (x - y) ** 2 - 1.5 * x + 2.5 * y + 1;
    }),
    { lower: [-1.5, -3], upper: [4, 3] },
    [0, 0],
    -Math.sqrt(3) / 2 - Math.PI / 3,
  ),
  bounded("HS38", wood().problem, { lower: Array(4).fill(-10), upper: Array(4).fill(10) }, [-3, -1, -3, -1], 0),
  bounded(
    "HS45",
    smooth(5, (x, g) => {
      const product = (skip: number) => x.reduce((p, xi, i) => i === skip ? p : p * xi, 1) / 120;
      for (let i = 0; i < 5; i++) g[i] = -product(i);
      return 2 - product(-1);
    }),
    { lower: Array(5).fill(0), upper: [1, 2, 3, 4, 5] },
    Array(5).fill(2),
    1,
  ),
  bounded(
    "HS110",
    smooth(10, (x, g) => {
      const root = x.reduce((p, xi) => p * xi, 1) ** 0.2;
      let f = -root;
      for (let i = 0; i < 10; i++) {
        const a = Math.log(x[i] - 2), b = Math.log(10 - x[i]);
        f += a * a + b * b;
        g[i] = 2 * a / (x[i] - 2) - 2 * b / (10 - x[i]) - root / (5 * x[i]);
      }
      return f;
    }),
    { lower: Array(10).fill(2.001), upper: Array(10).fill(9.999) },
    Array(10).fill(9),
    -45.77846971,
  ),
];

/** The first example that comes with the published code of L-BFGS-B: `4 (¼ (x₁-1)² + Σ (xᵢ - xᵢ₋₁²)²)`, n = 25. */
export function publishedExample(): Instance<BoundConstrained> {
  const n = 25;
  return bounded(
    "example of L-BFGS-B",
    smooth(n, (x, g) => {
      let f = (x[0] - 1) ** 2;
      g.fill(0);
      g[0] = 2 * (x[0] - 1);
      for (let i = 1; i < n; i++) {
        const r = x[i] - x[i - 1] ** 2;
        f += 4 * r * r;
        g[i] += 8 * r;
        g[i - 1] -= 16 * r * x[i - 1];
      }
      return f;
    }),
    { lower: Array.from({ length: n }, (_, i) => i % 2 === 0 ? 1 : -100), upper: Array(n).fill(100) },
    Array(n).fill(3),
    0,
  );
}

/**
 * `½ xᵀAx + bᵀx` in the unit box, A dense of condition about 1e3, made so that the solution and its active set are
 * known.
 */
export function boxQuadratic(n: number, seed: number): { instance: Instance<BoundConstrained>; solution: Vector } {
  const generator = rng(seed), R = matrix(n, n), x = new Float64Array(n), b = new Float64Array(n);
  fillNormal(generator, R.data);
  const A: Matrix = matmul(transpose(R), R);
  for (let i = 0; i < n; i++) A.data[i * (n + 1)] += 0.1 * n;
  const u = fillNormal(generator, new Float64Array(n));
  for (let i = 0; i < n; i++) x[i] = i % 3 === 0 ? 0 : i % 3 === 1 ? 1 : 0.5 + 0.4 * Math.tanh(u[i]);
  matvec(A, x, b);
  for (let i = 0; i < n; i++) b[i] = -b[i] + (i % 3 === 0 ? 1 : i % 3 === 1 ? -1 : 0) * (0.1 + Math.abs(u[i]));
  const objective = smooth(n, (z, g) => {
    matvec(A, z, g);
    const f = dot(z, g) / 2 + dot(b, z);
    for (let i = 0; i < n; i++) g[i] += b[i];
    return f;
  });
  const instance = bounded("box quadratic", objective, { lower: Array(n).fill(0), upper: Array(n).fill(1) }, [
    ...new Float64Array(n).fill(0.5),
  ], objective.value(x));
  return { instance, solution: x };
}
