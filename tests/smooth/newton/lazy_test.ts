// Newton's method with lazy Hessians.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  DomainError,
  fillNormal,
  gradientNorm,
  iterations,
  norm2,
  rng,
  solve,
  type TwiceSmooth,
} from "../../../lib/core/mod.ts";
import { rosenbrock } from "../../../lib/problems/mod.ts";
import { lazyAdaptive, lazyCubicNewton, lazyRegularizedNewton } from "../../../lib/smooth/mod.ts";
import { assertResumes } from "../../core/resumed.ts";
import { drawnLogistic } from "./logistic.ts";

const stop = [gradientNorm({ absolute: 1e-9, relative: 0 }), iterations(2000)];

// @must lazy-adaptive: logistic regression N = 500, d = 50, ridge 1e-4, from 0 to |∇f| <= 1e-9: d · Hessians + gradients for m = d at most 0.7 of that for m = 1
// @measured reached: m = 1, 10, 50: Hessians 14, 7, 4; gradients 15, 63, 173; cost 715, 413, 373 (0.52)
Deno.test("lazyAdaptive() pays for fewer Hessians with cheap gradients", () => {
  const d = 50, { problem, start } = drawnLogistic({ rows: 500, columns: d, ridge: 1e-4 });
  const costs = [1, 10, d].map((period) => {
    const { status, counts: { calls } } = solve(problem, lazyAdaptive({ period }), { start, stop });
    assertEquals(status, "converged");
    assertEquals(calls.hessianVector % d, 0);
    return { hessians: calls.hessianVector / d, cost: calls.hessianVector + calls.gradient };
  });
  assert(costs[0].hessians <= 16 && costs[1].hessians <= 8 && costs[2].hessians <= 4, JSON.stringify(costs));
  const seldom = solve(problem, lazyAdaptive({ period: 6 * d }), { start, stop });
  assertEquals(seldom.status, "converged");
  assert(
    5 * seldom.counts.calls.hessianVector <= d * costs[0].hessians &&
      seldom.counts.calls.hessianVector + seldom.counts.calls.gradient < costs[0].cost,
  );
  assert(costs[1].cost <= 0.7 * costs[0].cost && costs[2].cost <= 0.7 * costs[0].cost, JSON.stringify(costs));
});

// @must lazy-regularized, lazy-cubic: with fixed M = 3L (regularized) the number of steps does not depend on m, within 1 %, while Hessians fall by m
// @measured reached: N = 200, d = 20: regularized M = 3L 365, 367 steps for m = 5, 20 with 73, 19 Hessians; cubic M = L 149, 152 steps (2 %) with 30, 8 Hessians
// @must lazy-regularized, lazy-cubic, lazy-adaptive: at least 5 times fewer Hessians than steps with a Hessian each, to the same |∇f|
// @measured reached: with fixed M 19 times fewer for m = 20 (365 steps, 19 Hessians); adaptive on N = 500, d = 50 7 times for m = 300 (14 and 2, at 0.87 of the cost), 3.5 times for m = d (14 and 4, at 0.52)
Deno.test("lazyRegularizedNewton() and lazyCubicNewton() take as many steps for every m", () => {
  const { problem, start, lipschitz: L } = drawnLogistic({ rows: 200, columns: 20, ridge: 1e-3 });
  for (
    const [make, regularization, within] of [[lazyRegularizedNewton, 3 * L, 1.01], [lazyCubicNewton, L, 1.03]] as const
  ) {
    const [often, seldom] = [5, 20].map((period) => {
      const run = solve(problem, make({ period, regularization }), { start, stop });
      assertEquals(run.status, "converged");
      assertEquals(run.counts.calls.hessianVector, 20 * Math.ceil(run.iterations / period));
      return run.iterations;
    });
    assert(seldom <= within * often && often <= within * seldom, `${often} ${seldom}`);
    assert(5 * Math.ceil(seldom / 20) <= often);
  }
});

// @must lazy-cubic: from 1e-3 beside a saddle point of Σ (xᵢ² - 1)² to a point of positive curvature
// @measured reached: the least curvature is 8 at the end, f = 0
Deno.test("lazyCubicNewton() leaves saddle points", () => {
  const n = 10,
    wells: TwiceSmooth = {
      kind: "smooth",
      dimension: n,
      value: (x) => x.reduce((s, v) => s + (v * v - 1) ** 2, 0),
      gradient: (x, out) => {
        for (let i = 0; i < n; i++) out[i] = 4 * x[i] * (x[i] ** 2 - 1);
        return x.reduce((s, v) => s + (v * v - 1) ** 2, 0);
      },
      hessianVector: (x, v, out) => {
        for (let i = 0; i < n; i++) out[i] = (12 * x[i] ** 2 - 4) * v[i];
      },
    };
  const start = fillNormal(rng(3), new Float64Array(n)).map((v) => 1e-3 * v);
  for (const solver of [lazyCubicNewton({ period: 3, hessianLipschitz: 36 }), lazyAdaptive({ period: 3 })]) {
    const { status, x, value } = solve(wells, solver, { start, stop });
    assertEquals(status, "converged");
    assert(12 * Math.min(...x.map((v) => v * v)) - 4 > 0);
    assertAlmostEquals(value, 0, 1e-12);
  }
});

Deno.test("lazy steps are those of their formulas, with the Hessian of the first one", () => {
  // f = x⁴/12 + x²/2: f' = x³/3 + x, f'' = x² + 1
  const bowl: TwiceSmooth = {
    kind: "smooth",
    dimension: 1,
    value: ([x]) => x ** 4 / 12 + x * x / 2,
    gradient: ([x], out) => {
      out[0] = x ** 3 / 3 + x;
      return x ** 4 / 12 + x * x / 2;
    },
    hessianVector: ([x], [v], out) => void (out[0] = (x * x + 1) * v),
  };
  const after = (solver: ReturnType<typeof lazyCubicNewton>, steps: number): number =>
    solve(bowl, solver, { start: [2], stop: iterations(steps) }).x[0];
  const g = (x: number): number => x ** 3 / 3 + x, M = 3 * 2 * 0.5, one = 2 - g(2) / (5 + Math.sqrt(M * g(2)));
  const regularized = lazyRegularizedNewton({ period: 2, hessianLipschitz: 0.5 }),
    two = one - g(one) / (5 + Math.sqrt(M * g(one)));
  assertAlmostEquals(after(regularized, 1), one, 1e-14);
  assertAlmostEquals(after(regularized, 2), two, 1e-14);
  assertAlmostEquals(after(regularized, 3), two - g(two) / (two * two + 1 + Math.sqrt(M * g(two))), 1e-14);
  // g + 5 s + M/2 |s| s = 0 with M = 6mL
  const cubic = 6 * 2 * 0.5, s = (5 - Math.sqrt(25 + 2 * cubic * g(2))) / cubic;
  assertAlmostEquals(after(lazyCubicNewton({ period: 2, hessianLipschitz: 0.5 }), 1), 2 + s, 1e-13);
});

Deno.test("lazyAdaptive() keeps a phase if it brings an eighth of Σ |g|²/λ, and goes back without a Hessian if not", () => {
  const { problem, start } = drawnLogistic({ rows: 60, columns: 4, ridge: 1e-3 });
  for (let first = 1e-9; first < 1e-3; first *= 1.7) {
    const solver = lazyAdaptive({ period: 2, regularization: first });
    const state = solver.init(problem, { x: start }, { rng: rng(1) });
    for (let phase = 0; phase < 5 && state.estimate > 1e-4; phase++) {
      const { regularization: M, value, x } = state, from = x.slice(), sizes = [norm2(state.gradient)];
      // the same two steps by the method with a fixed M, whose Hessian is that of the first point too
      const fixed = lazyRegularizedNewton({ period: 2, regularization: M }),
        end = fixed.init(problem, { x: from }, { rng: rng(1) });
      let isLower = true;
      for (let j = 0; j < 2; j++) {
        fixed.step(problem, end);
        sizes.push(norm2(end.gradient));
        isLower &&= end.value <= value;
      }
      const wanted = sizes[1] ** 2 / Math.sqrt(M * sizes[0]) / 8 + sizes[2] ** 2 / Math.sqrt(M * sizes[1]) / 8;
      const isKept = isLower && value - end.value >= wanted;
      do solver.step(problem, state); while (state.age > 0);
      assertEquals([state.regularization, state.isNew], isKept ? [M / 4, true] : [2 * M, false]);
      const expected = isKept ? end.x : from;
      state.x.forEach((v, i) => assertAlmostEquals(v, expected[i], 1e-12));
    }
  }
});

Deno.test("lazy methods resume bit for bit, and refuse what makes no sense", () => {
  const { problem, start } = rosenbrock(4);
  assertResumes(problem, () => lazyAdaptive({ period: 3 }), start, 7);
  const convex = drawnLogistic({ rows: 30, columns: 4, ridge: 1e-2 });
  for (const make of [lazyCubicNewton, lazyRegularizedNewton]) {
    assertResumes(convex.problem, () => make({ period: 3 }), convex.start);
  }
  assertThrows(() => lazyAdaptive({ period: 0 }), DomainError, "m >= 1, got 0");
  assertThrows(() => lazyCubicNewton({ period: 1.5 }), DomainError, "m >= 1, got 1.5");
  assertThrows(() => lazyRegularizedNewton({ hessianLipschitz: 0 }), DomainError, "L > 0, got 0");
  assertThrows(() => lazyAdaptive({ regularization: NaN }), DomainError, "M > 0, got NaN");
});
