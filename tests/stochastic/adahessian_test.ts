// AdaHessian.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  type Block,
  DomainError,
  evaluations,
  iterations,
  layout,
  MissingOracleError,
  rng,
  solve,
  type Solver,
  type Vector,
} from "../../lib/core/mod.ts";
import { lstsq, matrix } from "../../lib/linalg/mod.ts";
import {
  adaHessian,
  type AdaHessianOptions,
  adam,
  linearDecay,
  momentum,
  scaleByAdaHessian,
  type StepContext,
  type TwiceStochastic,
} from "../../lib/stochastic/mod.ts";
import { leastSquares } from "./problems.ts";

/** ½ Σ aᵢxᵢ² of one example. */
function diagonalQuadratic(a: readonly number[]): TwiceStochastic {
  const batchValue = (x: Vector): number => x.reduce((s, v, i) => s + a[i] * v * v / 2, 0);
  return {
    kind: "stochastic",
    dimension: a.length,
    examples: 1,
    batchValue,
    batchGradient: (x, _, out) => {
      for (let i = 0; i < a.length; i++) out[i] = a[i] * x[i];
      return batchValue(x);
    },
    batchHessianVector: (_, __, v, out) => {
      for (let i = 0; i < a.length; i++) out[i] = a[i] * v[i];
    },
  };
}

// @must adahessian: a diagonal quadratic: with η = 1 one step leaves |xᵢ| ε/(aᵢ + ε), .0099 at a = .01, ε = 1e-4
// @measured reached: to 1e-15; .00990099 at a = .01
Deno.test("adaHessian() solves a diagonal quadratic in one step, but for ε", () => {
  const a = [1e-2, 1, 30, 1e4], start = [1, -2, 3, 4];
  const { x } = solve(diagonalQuadratic(a), adaHessian({ learningRate: 1 }), { start, stop: iterations(1) });
  a.forEach((ai, i) => assertAlmostEquals(x[i], start[i] * 1e-4 / (ai + 1e-4), 1e-14));
});

// @must adahessian: for x = Sy with diagonal S and Hessian, ε → 0, b = 1, k = 1 the iterates are y = S⁻¹x, to 1e-10
// @measured reached: to 1e-13 in 20 steps, scales from 1e-3 to 1e3
Deno.test("adaHessian() does not see a diagonal change of scales", () => {
  const a = [3, 1, 0.2], S = [1e-3, 1, 1e3], start = [1, -1, 2], options = { epsilon: 1e-300, learningRate: 0.1 };
  const x = solve(diagonalQuadratic(a), adaHessian(options), { start, stop: iterations(20) }).x;
  const scaled = diagonalQuadratic(a.map((ai, i) => ai * S[i] ** 2));
  const y = solve(scaled, adaHessian(options), { start: start.map((v, i) => v / S[i]), stop: iterations(20) }).x;
  y.forEach((v, i) => assertAlmostEquals(v * S[i], x[i], 1e-10));
});

/** Dˢ of one step for a Hessian `H`, as the second moment shows it. */
function curvature(
  H: (v: Vector, out: Vector) => void,
  shape: Block["shape"],
  options: AdaHessianOptions,
  seed: number,
): Vector {
  const transform = scaleByAdaHessian({ ...options, beta2: 0 }),
    shapes = layout({ W: shape }),
    x = new Float64Array(shapes.size);
  const state = transform.init(x, shapes), context = { x, step: 1, layout: shapes, rng: rng(seed), hessianVector: H };
  transform.apply(new Float64Array(shapes.size), state, context as Partial<StepContext> as StepContext);
  return state.v.map(Math.sqrt);
}

// @must adahessian: averages over groups of b independent entries divide the variance of D by about b
// @measured reached: rows of 16 entries, signed: 15.2 times less over 4000 draws
Deno.test("adaHessian() averages the noise of the diagonal over rows", () => {
  const n = 64,
    H = (v: Vector, out: Vector): void => { // 5 I + ones on a cyclic neighbour, far from the row
      for (let i = 0; i < n; i++) out[i] = 5 * v[i] + v[(i + 17) % n] + v[(i + n - 17) % n];
    };
  const variance = (groups: "rows" | 1): number => {
    let sum = 0, squares = 0;
    for (let seed = 0; seed < 4000; seed++) {
      const d = curvature(H, [4, 16], { groups, average: "signed" }, seed)[5];
      sum += d;
      squares += d * d;
    }
    return squares / 4000 - (sum / 4000) ** 2;
  };
  const ratio = variance(1) / variance("rows");
  assert(ratio > 12 && ratio < 20, `ratio ${ratio}`);
});

Deno.test("adaHessian() averages |D| or D over rows, flat groups, or nothing", () => {
  const diagonal = [1, -3, 2, 2, 5, 9],
    H = (v: Vector, out: Vector): void => diagonal.forEach((d, i) => void (out[i] = d * v[i]));
  const found = (options: AdaHessianOptions) => [...curvature(H, [2, 3], options, 1)];
  assertEquals(found({}), [2, 2, 2, 16 / 3, 16 / 3, 16 / 3].map((d) => Math.sqrt(d * d)));
  assertEquals(found({ average: "signed" }), [0, 0, 0, 16 / 3, 16 / 3, 16 / 3].map((d) => Math.sqrt(d * d)));
  assertEquals(found({ groups: 2 }), [2, 2, 2, 2, 7, 7]);
  assertEquals(found({ groups: 1 }), [1, 3, 2, 2, 5, 9]);
});

// @must adahessian: least squares, n = 400, d = 20, column scales 1 … 0.01, batches of 16, 3000 steps, linear decay: the gap with the default η is below the best-tuned Adam's and far below the best-tuned momentum's [1.1e-5, 3.4e-5, 7e-2]
// @measured reached: medians of three draws, noise .1: 2.0e-8, Adam 1.1e-7, momentum 1.5e-4 (rates up to .2); with batches drawn with replacement 1.0e-5, 1.5e-5, 2.2e-4
// @must adahessian: the loss hardly depends on η: at ½, 1, 2, 4 times the default
// @measured reached: gaps 2.3e-7, 2.0e-8, 5.7e-8, 1.4e-7 (medians), where Adam's go from 6e-4 to 3e-6 for η = .003 to .3
Deno.test("adaHessian() does better on badly scaled least squares than tuned Adam and momentum", () => {
  type Made = (learningRate: ReturnType<typeof linearDecay>) => Solver<TwiceStochastic>;
  const scales = Array.from({ length: 20 }, (_, j) => 10 ** (-2 * j / 19)), start = new Float64Array(20);
  const draws = [1, 2, 3].map((seed) => {
    const { problem, rows, b } = leastSquares(seed, 400, scales, 0.1);
    return { problem, seed, least: problem.batchValue(lstsq(matrix(rows), b).x, Uint32Array.from(rows.keys())) };
  });
  const gap = (make: Made, rate: number): number =>
    draws.map(({ problem, seed, least }) => {
      const options = { start, seed, stop: iterations(3000), measureEvery: 3000 };
      return solve(problem, make(linearDecay(rate, 3000)), options).value - least;
    }).sort((x, y) => x - y)[1];
  const batchSize = 16, rates = (factors: readonly number[], make: Made) => factors.map((rate) => gap(make, rate));
  const curved = rates([0.075, 0.15, 0.3, 0.6], (learningRate) => adaHessian({ learningRate, batchSize }));
  const adams = rates([0.01, 0.03, 0.1], (learningRate) => adam({ learningRate, batchSize }));
  const momenta = rates([0.03, 0.1, 0.2], (learningRate) => momentum({ learningRate, batchSize }));
  assert(
    curved[1] < Math.min(...adams) / 2 && curved[1] < Math.min(...momenta) / 1000,
    `${curved} ${adams} ${momenta}`,
  );
  assert(Math.max(...curved) < 30 * Math.min(...curved));
});

Deno.test("adaHessian() with a delayed Hessian pays for it every so many steps", () => {
  const { problem } = leastSquares(8, 40, [1, 0.1], 0.1);
  const { counts } = solve(problem, adaHessian({ hessianEvery: 5, batchSize: 10 }), {
    start: [0, 0],
    stop: iterations(20),
  });
  assertEquals([counts.calls.batchGradient, counts.calls.batchHessianVector], [200, 40]);
  const { counts: { calls } } = solve(problem, adaHessian({ probes: 3, batchSize: 10 }), {
    start: [0, 0],
    stop: evaluations(7),
  });
  assertEquals([calls.batchValue, calls.batchGradient, calls.batchHessianVector], [0, 40, 120]);
});

Deno.test("adaHessian() refuses problems without Hessian-vector products, and options out of range", () => {
  const { problem } = leastSquares(9, 4, [1, 1, 1], 0), { batchHessianVector: _, ...plain } = problem;
  assertThrows(
    () => solve(plain as TwiceStochastic, adaHessian(), { start: [0, 0, 0] }),
    MissingOracleError,
    "batchHessianVector",
  );
  assertThrows(() => adaHessian({ hessianPower: 1.5 }), DomainError, "expected a Hessian power in [0, 1], got 1.5");
  assertThrows(() => adaHessian({ epsilon: 0 }), DomainError, "expected ε > 0, got 0");
  assertThrows(() => adaHessian({ probes: 0 }), DomainError, "a positive whole number probes");
  assertThrows(
    () => solve(problem, adaHessian({ groups: 2 }), { start: [0, 0, 0] }),
    DomainError,
    'groups of 2 to divide each block, "x" has 3 entries',
  );
});
