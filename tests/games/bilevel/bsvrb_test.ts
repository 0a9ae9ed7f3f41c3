// BSVRB on quadratic blocks.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  axpy,
  type BlockBilevel,
  DomainError,
  iterations,
  MissingOracleError,
  rng,
  solve,
  type Solver,
  type Vector,
} from "../../../lib/core/mod.ts";
import { bsvrb, type BsvrbOptions, gameSolvers, hypergradient } from "../../../lib/games/mod.ts";
import { blockQuadratic } from "../../../lib/problems/mod.ts";
import { assertResumes } from "../../core/resumed.ts";

const { problem, start } = blockQuadratic();

/** `|∇Φ(x)|`, y(x) by gradient steps until rounding, the hypergradient by conjugate gradients. */
function hypergradientNorm(at: BlockBilevel, x: Vector): number {
  const y = new Float64Array(at.lowerDimension), g = new Float64Array(y.length), out = new Float64Array(x.length);
  for (let k = 0; k < 300; k++) { // eigenvalues of the mean are between 1/m and about 4/m
    at.lower.gradientY(x, y, g);
    axpy(-at.blocks.count / 3, g, y);
  }
  hypergradient(at, x, y, out);
  return Math.hypot(...out);
}

/** The mean norm of ∇Φ over the last fifth of 2000 steps, over two seeds. */
function tail(options: BsvrbOptions): number {
  const norms: number[] = [], solver = bsvrb({ upperRate: 0.01, lowerRate: 0.03, ...options });
  for (const seed of [1, 2]) {
    solve(problem, {
      ...solver,
      step: (p: BlockBilevel, state: ReturnType<typeof solver.init>) => {
        solver.step(p, state);
        if (state.step > 1600 && state.step % 80 === 0) norms.push(hypergradientNorm(problem, state.x));
      },
    }, { start, seed, stop: iterations(2000), measureEvery: 2000 });
  }
  return norms.reduce((s, v) => s + v, 0) / norms.length;
}

// @must bsvrb-v1, bsvrb-v2: m = 20, d_x = 5, d_y = 4, noise 1: the mean |∇Φ| at the end falls with I and with I B, (I, B) = (2,1), (2,8), (5,1), (5,8), (20,8) [.59 .50 .30 .19 .026 for v1; 2.4 2.2 .68 .57 .042 for v2]
// @measured reached: at (2,1), (5,1), (5,8), (20,8) .20, .10, .047, .013 for v1 and .40, .13, .052, .015 for v2 (other blocks, τ = .03)
Deno.test("bsvrb() gains from more blocks and more samples, in both versions", () => {
  for (const version of ["v1", "v2"] as const) {
    const found = [[2, 1], [5, 1], [5, 8], [20, 8]].map(([blocks, batchSize]) => tail({ version, blocks, batchSize }));
    for (let k = 1; k < 4; k++) assert(found[k] < 0.7 * found[k - 1], `${version}: ${found}`);
  }
});

// @must bsvrb-v2: without the corrections of the trackers and of STORM it ends much worse [73 against .28 for v2]
// @measured reached: .18 without, .047 with them (v2, τ = .05); for v1 both are .04 on these blocks
Deno.test("bsvrb() needs its corrections", () => {
  const sizes = { blocks: 5, batchSize: 8, lowerRate: 0.05 } as const;
  assert(tail({ ...sizes, correction: false }) > 2.5 * tail(sizes));
});

// @must bsvrb-v1, bsvrb-v2: with all blocks, all samples and α = β = 1 it is the deterministic alternating method
// @measured reached: 30 steps, to 1e-14
Deno.test("bsvrb() without noise and with all blocks alternates gradient steps", () => {
  const exact = blockQuadratic({ noise: 0, blocks: 4 }), { problem: p } = exact, { blocks: { count, size: d } } = p;
  const solver = bsvrb({ blocks: 4, batchSize: 1, alpha: 1, beta: 1, upperRate: 0.05, lowerRate: 0.1 });
  const found = solve(p, solver, { start: exact.start, stop: iterations(30), measureEvery: 30 });
  const x = exact.start.slice(), y = new Float64Array(count * d), v = new Float64Array(count * d);
  const g = new Float64Array(count * d), f = new Float64Array(count * d), H = new Float64Array(count * d);
  const out = new Float64Array(x.length), cross = new Float64Array(x.length);
  for (let t = 0; t < 30; t++) {
    p.lower.gradientY(x, y, g);
    p.lower.hessianVector(x, y, v, H);
    p.upper.gradientY(x, y, f);
    p.upper.gradientX(x, y, out);
    p.lower.crossVector(x, y, v, cross);
    axpy(-1, cross, out);
    for (let k = 0; k < v.length; k++) v[k] -= 0.1 * count * (H[k] - f[k]); // the means have a factor 1/m
    axpy(-0.1 * count, g, y);
    axpy(-0.05, out, x);
  }
  found.x.forEach((value, k) => assertAlmostEquals(value, x[k], 1e-13));
  found.point.lower!.forEach((value, k) => assertAlmostEquals(value, y[k], 1e-13));
});

Deno.test("bsvrb() counts samples, and twice for products with second derivatives", () => {
  const { counts } = solve(problem, bsvrb({ blocks: 3, batchSize: 4 }), {
    start,
    stop: iterations(5),
    measureEvery: 5,
  });
  assertEquals(counts.calls["blocks.lowerGradientY"], 5 * 3 * 4 * 2);
  assertEquals(counts.calls["blocks.lowerHessianVector"], 5 * 3 * 4 * 2);
  assertEquals(counts.evaluations, 5 * 3 * 4 * (2 + 2 + 2 + 2 * 2 + 2 * 2) / (20 * problem.blocks.samples));
});

Deno.test("bilevel solvers resume bit for bit", () => {
  const small = blockQuadratic({ blocks: 4, size: 2 });
  for (const make of Object.values(gameSolvers)) assertResumes(small.problem, make, small.start, 3);
});

Deno.test("bsvrb() refuses bad options, too few blocks, problems that do not show theirs", () => {
  const cases: [BsvrbOptions, string][] = [
    [{ alpha: 0 }, "alpha in (0, 1], got 0"],
    [{ beta: 2 }, "beta in (0, 1], got 2"],
    [{ floor: 0 }, "floor > 0, got 0"],
    [{ blocks: 0 }, "a positive whole number blocks, got 0"],
    [{ batchSize: 1.5 }, "a positive whole number batchSize, got 1.5"],
  ];
  for (const [options, message] of cases) assertThrows(() => bsvrb(options), DomainError, message);
  assertThrows(() => solve(problem, bsvrb({ blocks: 21 }), { start }), DomainError, "at most 20 blocks");
  const { blocks: _, ...plain } = problem;
  assertThrows(
    () => solve(plain, bsvrb() as unknown as Solver<typeof plain>, { start }),
    MissingOracleError,
    "blocks.",
  );
});

Deno.test("bsvrb() with all blocks in each step and no noise has the exact lower gradients: γ = 1 - α", () => {
  const { problem, start } = blockQuadratic({ blocks: 3, noise: 0 }), solver = bsvrb({ blocks: 3, alpha: 0.2 });
  const state = solver.init(problem, { x: start }, { rng: rng(1) }), exact = new Float64Array(problem.lowerDimension);
  for (let k = 0; k < 5; k++) {
    solver.step(problem, state);
    problem.lower.gradientY(state.before.x, state.before.y, exact); // of the mean over three blocks
    exact.forEach((g, i) => assertAlmostEquals(state.s[i], 3 * g, 1e-12));
  }
});
