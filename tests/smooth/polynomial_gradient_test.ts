// Gradient methods with polynomials of a curvature matrix.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  DomainError,
  fillNormal,
  gradientNorm,
  iterations,
  normInf,
  rng,
  ShapeError,
  solve,
  type SparseMatrix,
  sparseMatrix,
  type TwiceSmooth,
  uniform,
} from "../../lib/core/mod.ts";
import { fromTriplets } from "../../lib/linalg/mod.ts";
import { quadratic } from "../../lib/problems/mod.ts";
import { fastPolynomialGradient, krylovGradient, polynomialGradient } from "../../lib/smooth/mod.ts";
import { assertResumes } from "../core/resumed.ts";
import { drawnLogistic } from "./newton/logistic.ts";

const diagonal = (d: ArrayLike<number>): SparseMatrix => {
  const all = Array.from(d, (_, i) => i);
  return sparseMatrix(fromTriplets(d.length, d.length, all, all, Array.from(d)));
};

/** `½ Σ dᵢ xᵢ²` with three outliers among 100 eigenvalues. */
function outliers(): { problem: TwiceSmooth; start: Float64Array; curvature: SparseMatrix } {
  const random = rng(1),
    d = Float64Array.from({ length: 100 }, (_, i) => i < 3 ? [1e5, 1e4, 1e3][i] : 1 + uniform(random));
  return {
    problem: quadratic([...d]).problem,
    start: fillNormal(random, new Float64Array(100)),
    curvature: diagonal(d),
  };
}

// @must polynomialGradient, fastPolynomialGradient, krylovGradient: n = 100, outliers 1e5, 1e4, 1e3, the rest in [1, 2], |∇f| to 1e-8 of the first: for t = 2, 3, 4 gradient steps about 8876, 1160, 604, more than 2e5 for t = 0; Krylov steps 179, 7, 3
// @measured reached: 7033, 944, 492 in |∇f|∞; more than 20000 (as far as was looked) for t = 0; fast 383, 133, 94; Krylov 171, 5, 3
Deno.test("polynomialGradient() and krylovGradient() cut the gaps of a spectrum", () => {
  const { problem, start, curvature } = outliers(), gradient = new Float64Array(100);
  problem.gradient(start, gradient);
  const stop = [gradientNorm({ absolute: 1e-8 * normInf(gradient), relative: 0 }), iterations(20000)];
  const most = {
    polynomialGradient: [8876, 1160, 604],
    fastPolynomialGradient: [450, 160, 110],
    krylovGradient: [179, 7, 3],
  };
  for (const make of [polynomialGradient, fastPolynomialGradient, krylovGradient]) {
    for (const degree of [2, 3, 4]) {
      const { status, iterations: steps } = solve(problem, make({ curvature, degree }), { start, stop });
      assertEquals(status, "converged");
      assert(steps <= most[make.name as keyof typeof most][degree - 2], `${make.name}, ${degree}: ${steps}`);
    }
  }
  assertEquals(solve(problem, polynomialGradient({ curvature, degree: 0 }), { start, stop }).status, "iteration-limit");
});

Deno.test("polynomialGradient() divides by the largest eigenvalue of P B, krylovGradient() takes the best polynomial", () => {
  const d = [8, 3, 1], { problem } = quadratic(d), curvature = diagonal(d), x = Float64Array.of(1, 2, 3);
  // e_1 without λᵢ: 4, 9, 11, so that P B has 32, 27, 11
  const one = solve(problem, polynomialGradient({ curvature, degree: 1 }), { start: x, stop: iterations(1) }).x;
  [32, 27, 11].forEach((value, i) => assertAlmostEquals(one[i], x[i] * (1 - value / 32), 1e-7));
  const half =
    solve(problem, polynomialGradient({ curvature, degree: 1, smoothness: 2 }), { start: x, stop: iterations(1) }).x;
  [32, 27, 11].forEach((value, i) => assertAlmostEquals(half[i], x[i] * (1 - value / 64), 1e-7));
  // Nesterov's momentum: b = 0, then (s - 1)/s⁺ with s = (1 + √5)/2
  const fast = solve(problem, fastPolynomialGradient({ curvature, degree: 1 }), { start: x, stop: iterations(3) }).x;
  const s2 = (1 + Math.sqrt(5)) / 2, s3 = (1 + Math.sqrt(1 + 4 * s2 * s2)) / 2;
  [32, 27, 11].forEach((value, i) => {
    const keep = 1 - value / 32, x1 = keep * x[i], x2 = keep * x1, y2 = x2 + (s2 - 1) / s3 * (x2 - x1);
    assertAlmostEquals(fast[i], keep * y2, 1e-6);
  });
  // t = 0: the exact step along -g for the model with L
  const g = d.map((di, i) => di * x[i]),
    gg = g.reduce((s, v) => s + v * v, 0),
    gBg = g.reduce((s, v, i) => s + d[i] * v * v, 0);
  const zero =
    solve(problem, krylovGradient({ curvature, degree: 0, smoothness: 2 }), { start: x, stop: iterations(1) }).x;
  g.forEach((gi, i) => assertAlmostEquals(zero[i], x[i] - gg / gBg / 2 * gi, 1e-13));
  // the least value of the model over the subspace is no higher than at the polynomial's step
  const best = solve(problem, krylovGradient({ curvature, degree: 1 }), { start: x, stop: iterations(1) }).x;
  assert(problem.value(best) <= problem.value(one));
});

// @must polynomialGradient, krylovGradient: with B = AᵀA/(4N) + λI for logistic regression, fewer gradients with every t, to the same |∇f|
// @measured reached: two columns 30 and 10 times as large, |∇f| <= 1e-6: gradient more than 5000, 1676, 162 for t = 0, 1, 2; Krylov 575, 144, 41
Deno.test("polynomialGradient() takes the data's curvature for that of a loss of them", () => {
  const n = 10, N = 200, lambda = 0.1;
  const { problem, start, features } = drawnLogistic({
    rows: N,
    columns: n,
    ridge: lambda,
    scale: (j) => j === 0 ? 30 : j === 1 ? 10 : 1,
  });
  const rows: number[] = [], columns: number[] = [], values: number[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let s = i === j ? lambda : 0;
      for (let k = 0; k < N; k++) s += features[k * n + i] * features[k * n + j] / (4 * N);
      rows.push(i);
      columns.push(j);
      values.push(s);
    }
  }
  const curvature = sparseMatrix(fromTriplets(n, n, rows, columns, values));
  const stop = [gradientNorm({ absolute: 1e-6, relative: 0 }), iterations(5000)];
  for (const make of [polynomialGradient, krylovGradient]) {
    const steps = [0, 1, 2].map((degree) => solve(problem, make({ curvature, degree }), { start, stop }).iterations);
    assert(steps[1] < steps[0] / 1.5 && steps[2] < steps[1] / 1.5, `${make.name} ${steps}`);
  }
});

Deno.test("polynomial gradient methods resume bit for bit, and refuse what makes no sense", () => {
  const { problem, start, curvature } = outliers();
  assertResumes(problem, () => polynomialGradient({ curvature }), start);
  assertResumes(problem, () => fastPolynomialGradient({ curvature }), start);
  assertResumes(problem, () => krylovGradient({ curvature }), start);
  assertThrows(() => polynomialGradient({ curvature, degree: 5 }), DomainError, "degree from 0 to 4");
  assertThrows(() => polynomialGradient({ curvature: diagonal([1, 2]), degree: 2 }), DomainError, "below the order 2");
  assertThrows(() => polynomialGradient({ curvature: diagonal([1, -1, 2]), degree: 2 }), DomainError);
  assertThrows(() => fastPolynomialGradient({ curvature, smoothness: 0 }), DomainError, "L > 0, got 0");
  assertThrows(() => krylovGradient({ curvature, degree: -1 }), DomainError, "got -1");
  for (const make of [polynomialGradient, fastPolynomialGradient, krylovGradient]) {
    assertThrows(
      () => solve(problem, make({ curvature: diagonal([1, 2, 3]) }), { start }),
      ShapeError,
      "order 100, got 3 x 3",
    );
  }
});
