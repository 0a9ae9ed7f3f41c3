// Paths of the lasso and the elastic net.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  DomainError,
  fillNormal,
  iterations,
  type Matrix,
  measureBelow,
  rng,
  ShapeError,
  solve,
} from "../../lib/core/mod.ts";
import { matrix, qr, toSparse } from "../../lib/linalg/mod.ts";
import { type Dataset, dataset, lasso } from "../../lib/problems/mod.ts";
import { boundedL1 } from "../../lib/proximal/mod.ts";
import { blockComposite, fista, type LassoPath, lassoPath } from "../../lib/splitting/mod.ts";
import { wellScaled } from "./recipes.ts";

const featuresOf = ({ rows, columns, features }: Dataset): Matrix => matrix(rows, columns, features as Float64Array);
const row = ({ coefficients: { columns, data } }: LassoPath, k: number) =>
  data.subarray(k * columns, (k + 1) * columns);

const data = wellScaled(60, 120, 1), X = featuresOf(data);

// @must lassoPath: equals FISTA to 1e-9
// @measured reached: six weights of a path, lasso without intercept, to 2e-10; elastic net to 1e-9
Deno.test("lassoPath() has the solutions of FISTA", () => {
  const lambdas = [1, 0.5, 0.2, 0.1, 0.05, 0.02];
  for (const mix of [1, 0.6]) {
    const path = lassoPath(X, data.targets, { lambdas, mix, intercept: false, tolerance: 1e-18 });
    lambdas.forEach((lambda, k) => {
      const { problem, start } = lasso(data, lambda * mix), ridge = lambda * (1 - mix), { smooth } = problem;
      const { constants } = smooth,
        net = {
          ...smooth,
          constants: { smoothness: constants!.smoothness + ridge, strongConvexity: ridge },
          value: (x: Float64Array) => smooth.value(x) + ridge / 2 * x.reduce((s, v) => s + v * v, 0),
          gradient: (x: Float64Array, out: Float64Array) => {
            const value = smooth.gradient(x, out);
            for (let i = 0; i < x.length; i++) out[i] += ridge * x[i];
            return value + ridge / 2 * x.reduce((s, v) => s + v * v, 0);
          },
        };
      const whole = blockComposite(net, boundedL1(start.length, { weights: lambda * mix }));
      const stop = [measureBelow("proximalGradientNorm", { absolute: 1e-12 }), iterations(30000)];
      const { x, status } = solve(whole, fista(), { start, stop });
      assertEquals(status, "converged");
      x.forEach((v, j) => assertAlmostEquals(row(path, k)[j], v, 1e-9));
    });
  }
});

// @must lassoPath: screened and unscreened paths are identical
// @measured reached: strong, gap-safe and none agree bit for bit for the lasso, to 2e-13 for the elastic net, at 40 weights, dense and sparse
Deno.test("lassoPath() is the same with and without screening, for dense and sparse features", () => {
  const mean = data.targets.reduce((s, y) => s + y / 60, 0),
    square = data.targets.reduce((s, y) => s + (y - mean) ** 2, 0);
  for (const mix of [1, 0.5]) {
    const options = { mix, tolerance: 1e-13, count: 40 },
      whole = lassoPath(X, data.targets, { ...options, screening: "none" });
    for (const screening of ["strong", "gap-safe"] as const) {
      for (const features of [X, toSparse(X)]) {
        const path = lassoPath(features, data.targets, { ...options, screening });
        assertEquals(path.lambdas.length, 40);
        path.coefficients.data.forEach((b, k) => assertAlmostEquals(b, whole.coefficients.data[k], 1e-7));
        assert(path.gaps.every((gap) => gap <= 1e-13 * square));
        assert(path.visits < whole.visits, `${path.visits}, ${whole.visits}`);
      }
    }
  }
});

Deno.test("lassoPath() leaves out what lies below the strong rule's bar", () => {
  const columns = [1, 2, 3, 4], correlations = [3, 2, 1, 0.5]; // orthogonal columns of a Hadamard matrix of order 8
  const parity = (v: number): number => (v ^ (v >> 1) ^ (v >> 2)) & 1;
  const X = matrix(Array.from({ length: 8 }, (_, i) => columns.map((j) => 1 - 2 * parity(i & j))));
  const y = Array.from(
    { length: 8 },
    (_, i) => columns.reduce((s, _, k) => s + correlations[k] * X.data[4 * i + k], 0),
  );
  const { discarded } = lassoPath(X, y, { lambdas: [3, 2.2] }); // bars 3 and 2 · 2.2 - 3 = 1.4
  assertEquals([...discarded], [3, 2]);
});

Deno.test("lassoPath() takes back what strong rules left out wrongly", () => {
  const { lambdas: [largest] } = lassoPath(X, data.targets, { count: 1 });
  for (const share of [0.5, 0.1, 0.02]) {
    const options = { lambdas: [share * largest], tolerance: 1e-13 }; // no weight before: the rule is at its worst
    const whole = lassoPath(X, data.targets, { ...options, screening: "none" }),
      strong = lassoPath(X, data.targets, options);
    assert(strong.discarded[0] > 0);
    whole.coefficients.data.forEach((b, j) => assertAlmostEquals(strong.coefficients.data[j], b, 1e-6));
  }
});

// @must lassoPath: gap-safe screening removes at least 80 % of p = 2000 at λ = 0.3 λmax
// @measured reached: 1994 of 2000, with 12 thousand visits of coordinates instead of 28 thousand
Deno.test("lassoPath() with gap-safe screening leaves out most coordinates, never one of the solution", () => {
  const wide = wellScaled(100, 2000, 3, 0.005), W = featuresOf(wide);
  const { lambdas: [largest] } = lassoPath(W, wide.targets, { count: 1 });
  const at = { lambdas: [0.3 * largest] };
  const safe = lassoPath(W, wide.targets, { ...at, screening: "gap-safe" });
  const none = lassoPath(W, wide.targets, { ...at, screening: "none" });
  assert(safe.discarded[0] >= 1600, `${safe.discarded[0]}`);
  assertEquals([...row(safe, 0)].map((b) => b !== 0), [...row(none, 0)].map((b) => b !== 0));
  assert(safe.visits < none.visits);
});

// @must lassoPath: with orthonormal columns one sweep is exact
// @measured reached: S(Xᵀy/n, λ) to 1e-15 with maxSweeps 1
Deno.test("lassoPath() needs one sweep for orthonormal columns", () => {
  const n = 30, p = 6, Q = qr(matrix(n, p, fillNormal(rng(1), new Float64Array(n * p)))).Q;
  const columns = matrix(n, p), y = fillNormal(rng(2), new Float64Array(n));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < p; j++) columns.data[i * p + j] = Math.sqrt(n) * Q.data[i * Q.columns + j];
  }
  const lambda = 0.1,
    path = lassoPath(columns, y, { lambdas: [lambda], intercept: false, maxSweeps: 1, screening: "none" });
  for (let j = 0; j < p; j++) {
    let c = 0;
    for (let i = 0; i < n; i++) c += columns.data[i * p + j] * y[i] / n;
    assertAlmostEquals(row(path, 0)[j], Math.sign(c) * Math.max(Math.abs(c) - lambda, 0), 1e-14);
  }
});

Deno.test("lassoPath() begins where β is 0, and does not penalize the intercept", () => {
  const shift = 100, moved = data.targets.map((y) => y + shift);
  const path = lassoPath(X, data.targets, { count: 20 }), shifted = lassoPath(X, moved, { count: 20 });
  assert(row(path, 0).every((b) => Math.abs(b) < 1e-12) && row(path, 1).some((b) => b !== 0));
  assertAlmostEquals(path.intercepts[0], data.targets.reduce((s, y) => s + y, 0) / 60, 1e-12);
  assertAlmostEquals(path.lambdas[19] / path.lambdas[0], 1e-3, 1e-15);
  path.coefficients.data.forEach((b, k) => assertAlmostEquals(b, shifted.coefficients.data[k], 1e-8));
  path.intercepts.forEach((b, k) => assertAlmostEquals(b + shift, shifted.intercepts[k], 1e-8));
  // the residuals of every solution have mean 0, and correlations within nλ
  for (let k = 0; k < 20; k++) {
    const r = data.targets.map((y, i) =>
      y - path.intercepts[k] - row(path, k).reduce((s, b, j) => s + b * X.data[i * 120 + j], 0)
    );
    assertAlmostEquals(r.reduce((s, v) => s + v, 0), 0, 1e-9);
    for (let j = 0; j < 120; j++) {
      const c = r.reduce((s, v, i) => s + v * X.data[i * 120 + j], 0) / 60, b = row(path, k)[j];
      if (b === 0) assert(Math.abs(c) <= path.lambdas[k] * (1 + 1e-3));
      else assertAlmostEquals(c, Math.sign(b) * path.lambdas[k], 1e-3 * path.lambdas[k]);
    }
  }
});

Deno.test("lassoPath() leaves constant columns alone, and refuses what does not fit", () => {
  const three = dataset({ columns: 2, features: Float64Array.of(1, 7, 2, 7, 3, 7), targets: Float64Array.of(1, 2, 3) });
  const { coefficients, intercepts } = lassoPath(featuresOf(three), three.targets, { lambdas: [1e-9] });
  assertAlmostEquals(coefficients.data[0], 1, 1e-6);
  assertEquals(coefficients.data[1], 0);
  assertAlmostEquals(intercepts[0], 0, 1e-6);
  assertThrows(() => lassoPath(matrix(2, 1, [7, 7]), [1, 2]), DomainError, "vary");
  assertThrows(() => lassoPath(X, [1, 2]), ShapeError, "60 targets");
  assertThrows(() => lassoPath(X, data.targets.map(() => NaN)), DomainError);
  for (const options of [{ count: 0 }, { ratio: 1 }, { mix: 0 }, { mix: 1.1 }, { tolerance: 0 }, { maxSweeps: 0 }]) {
    assertThrows(() => lassoPath(X, data.targets, options), DomainError);
  }
  for (const lambdas of [[1, 1], [1, 2], [0], [NaN], [-1]]) {
    assertThrows(() => lassoPath(X, data.targets, { lambdas }), DomainError);
  }
});
