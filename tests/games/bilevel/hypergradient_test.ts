// Hypergradients, and descent along them.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  type Bilevel,
  DomainError,
  fillNormal,
  iterations,
  measureBelow,
  normInf,
  rng,
  solve,
  type Vector,
} from "../../../lib/core/mod.ts";
import { hypergradient, type HypergradientOptions, implicitDescent } from "../../../lib/games/mod.ts";
import { cholesky, matmul, matrix, matvec, transpose } from "../../../lib/linalg/mod.ts";

/**
 * Ridge regression whose penalties are variables: g(x, y) = ½|Ay - b|² + ½ Σ exp(xⱼ) yⱼ², f = ½|Cy - c|² + ¹⁄₂₀|x|².
 */
function ridge(seed: number): { problem: Bilevel; solution: (x: Vector) => Vector; smoothness: number } {
  const random = rng(seed), n = 4, draw = (m: number): Vector => fillNormal(random, new Float64Array(m));
  const A = matrix(12, n, draw(12 * n)), C = matrix(9, n, draw(9 * n)), b = draw(12), c = draw(9);
  const AtA = matmul(transpose(A), A), Atb = matvec(transpose(A), b), Ct = transpose(C);
  const residual = (y: Vector): Vector => matvec(C, y).map((v, i) => v - c[i]);
  const half = (v: Vector): number => v.reduce((s, e) => s + e * e / 2, 0);
  const problem: Bilevel = {
    kind: "bilevel",
    dimension: n,
    lowerDimension: n,
    upper: {
      value: (x, y) => half(residual(y)) + half(x) / 10,
      gradientX: (x, _, out) => x.forEach((v, j) => void (out[j] = v / 10)),
      gradientY: (_, y, out) => void matvec(Ct, residual(y), out),
    },
    lower: {
      value: (x, y) =>
        half(matvec(A, y).map((v, i) => v - b[i])) + x.reduce((s, v, j) => s + Math.exp(v) * y[j] ** 2 / 2, 0),
      gradientX: (x, y, out) => x.forEach((v, j) => void (out[j] = Math.exp(v) * y[j] ** 2 / 2)),
      gradientY: (x, y, out) => {
        matvec(AtA, y, out);
        for (let j = 0; j < n; j++) out[j] += Math.exp(x[j]) * y[j] - Atb[j];
      },
      hessianVector: (x, _, v, out) => {
        matvec(AtA, v, out);
        for (let j = 0; j < n; j++) out[j] += Math.exp(x[j]) * v[j];
      },
      crossVector: (x, y, v, out) => x.forEach((e, j) => void (out[j] = Math.exp(e) * y[j] * v[j])),
    },
  };
  const solution = (x: Vector): Vector => {
    const H = AtA.data.slice();
    for (let j = 0; j < n; j++) H[j * (n + 1)] += Math.exp(x[j]);
    return cholesky(matrix(n, n, H)).solve(Atb);
  };
  return { problem, solution, smoothness: AtA.data.reduce((s, v) => s + Math.abs(v), 0) + 3 };
}

const { problem, solution, smoothness } = ridge(1), x = Float64Array.of(0.3, -0.5, 0.1, 0.7), y = solution(x);

function at(options: HypergradientOptions, from: Vector = y): Vector {
  const out = new Float64Array(4);
  hypergradient(problem, x, from.slice(), out, options);
  return out;
}
const exact = at({ mode: "cg", tolerance: 1e-14 });
const error = (found: Vector): number => normInf(found.map((v, j) => v - exact[j]));

// @must hypergradient, implicit-descent: ridge with penalties as variables: the hypergradient is exact to 1e-10
// @measured reached: to 1e-12 of differences of Φ with exact y(x) (fourth order, step 1e-3)
Deno.test("hypergradient() is the derivative through the solution", () => {
  const phi = (j: number, h: number): number => {
    const moved = x.slice();
    moved[j] += h;
    return problem.upper.value(moved, solution(moved));
  };
  exact.forEach((v, j) => {
    const h = 1e-3, difference = (8 * (phi(j, h) - phi(j, -h)) - (phi(j, 2 * h) - phi(j, -2 * h))) / (12 * h);
    assertAlmostEquals(v, difference, 1e-9);
  });
});

// @must hypergradient, implicit-descent-neumann: K terms equal the derivative of K gradient steps from the solution, to 1e-15; their error is at most (1 - aμ)^K of that without terms
// @measured reached: equal to 1e-16; K = 5, 20, 80: the error is 1.01 times (1 - aμ)^(K-1) times that of one term
Deno.test("hypergradient() by Neumann's series is unrolling at the solution, and converges as it must", () => {
  const step = 1 / smoothness, H = new Float64Array(16), unit = new Float64Array(4), column = new Float64Array(4);
  for (let j = 0; j < 4; j++) {
    unit.fill(0);
    unit[j] = 1;
    problem.lower.hessianVector(x, y, unit, column);
    column.forEach((v, i) => H[i * 4 + j] = v);
  }
  let mu = 0; // the least eigenvalue of H, by inverse iteration
  for (let k = 0, v = Float64Array.of(1, 2, 3, 4) as Vector; k < 200; k++) {
    v = cholesky(matrix(4, 4, H)).solve(v);
    mu = 1 / Math.hypot(...v);
    v = v.map((e) => e * mu);
  }
  const first = Math.hypot(...at({ mode: "neumann", terms: 1, step }).map((v, j) => v - exact[j]));
  for (const terms of [5, 20, 80]) {
    const series = at({ mode: "neumann", terms, step }), unrolled = at({ mode: "unrolled", terms, step });
    series.forEach((v, j) => assertAlmostEquals(v, unrolled[j], 1e-13));
    const bound = (1 - step * mu) ** (terms - 1) * first;
    assert(Math.hypot(...series.map((v, j) => v - exact[j])) <= 1.5 * bound);
  }
  assert(error(at({ mode: "neumann", terms: 4000, step })) < 1e-6);
});

// @must hypergradient, implicit-descent: an error e in y gives an error O(e) in the hypergradient, slope 1
// @measured reached: slope 1.00
Deno.test("hypergradient() is as wrong as y", () => {
  const errors = [1e-2, 1e-4].map((e) => error(at({ mode: "cg", tolerance: 1e-14 }, y.map((v) => v + e))));
  assertAlmostEquals(Math.log10(errors[0] / errors[1]) / 2, 1, 0.05);
});

// @must implicit-descent: it converges, and says so only where the yardstick agrees
// @measured reached: |∇Φ| 1e-6 in 39 steps, from 0
Deno.test("implicitDescent() finds penalties", () => {
  const stop = [measureBelow("hypergradientNorm", { absolute: 1e-6 }), iterations(400)];
  const result = solve(problem, implicitDescent(), { start: new Float64Array(4), stop });
  assertEquals(result.status, "converged", result.message);
  const best = solution(result.x), g = new Float64Array(4);
  hypergradient(problem, result.x, best, g);
  assert(normInf(g) <= 2e-6);
  result.point.lower!.forEach((v, j) => assertAlmostEquals(v, best[j], 1e-7));
});

Deno.test("hypergradient() refuses a lower level that is not convex, and numbers that make no sense", () => {
  const concave: Bilevel = {
    ...problem,
    lower: { ...problem.lower, hessianVector: (_, __, v, out) => void out.set(v.map((e) => -e)) },
  };
  assertThrows(() => hypergradient(concave, x, y, new Float64Array(4)), DomainError, "a strongly convex lower level");
  assertThrows(() => at({ mode: "neumann", terms: 0, step: 1 }), DomainError, "a positive whole number of terms");
  assertThrows(
    () => implicitDescent({ hypergradient: { mode: "unrolled", terms: 3, step: -1 } }),
    DomainError,
    "a step > 0",
  );
});
