// Gradient transformations, their chains, and the classical optimizers.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  DomainError,
  evaluations,
  iterations,
  layout,
  MissingOracleError,
  solve,
  type Solver,
  type Stochastic,
  type Vector,
} from "../../lib/core/mod.ts";
import {
  adagrad,
  adam,
  adamW,
  chain,
  clipByGlobalNorm,
  clipByValue,
  cosineDecay,
  inverseSquareRoot,
  linearDecay,
  momentum,
  optimizer,
  type OptimizerState,
  rmsprop,
  scaleByLearningRate,
  sgd,
  stateFloats,
  stepDecay,
  stochasticSolvers,
  type Transform,
  warmup,
} from "../../lib/stochastic/mod.ts";
import { dataset, targetRegression } from "../../lib/problems/mod.ts";
import { assertResumes } from "../core/resumed.ts";
import { leastSquares, scripted } from "./problems.ts";

const script = [[1, -2, 0, 0.5], [0.5, 1, 0, 0.5], [-1, 1, 2, 0.5]];

/** Where three steps from 0 end; the script is not measured, so that each of its gradients is one step's. */
function after(solver: Solver<Stochastic, OptimizerState>, start: readonly number[] = [0, 0, 0, 0]): number[] {
  const problem = scripted(script),
    state = solver.init(problem, { x: Float64Array.from(start) }, {
      rng: new Uint32Array(11).fill(1),
    });
  for (let t = 0; t < 3; t++) solver.step(problem, state);
  return [...state.x];
}

/** The same by formulas of one coordinate: `update(g, t, memory, x)` returns the change of x. */
function byHand(
  update: (g: number, t: number, memory: number[], x: number) => number,
  start: readonly number[] = [0, 0, 0, 0],
): number[] {
  return start.map((x0, j) => {
    const memory = [0, 0];
    let x = x0;
    script.forEach((g, k) => x += update(g[j], k + 1, memory, x));
    return x;
  });
}

function assertClose(actual: readonly number[], expected: readonly number[], limit = 1e-12): void {
  actual.forEach((a, i) => assertAlmostEquals(a, expected[i], limit));
}

// @must sgd, momentum, nesterov-momentum, adagrad, rmsprop, adam, adamw, scaleByAdam: three steps in four coordinates equal the formulas to 1e-12
// @measured reached: to 1e-15
Deno.test("the classical optimizers are their formulas", () => {
  assertClose(after(sgd({ learningRate: 0.1 })), [-0.05, 0, -0.2, -0.15]);
  // v = 1, 1.4, 0.26;  -2, -0.8, 0.28;  0, 0, 2;  .5, .95, 1.355, by hand
  assertClose(after(momentum({ learningRate: 0.1 })), [-0.266, 0.252, -0.2, -0.2805]);
  assertClose(
    after(momentum({ learningRate: 0.1, nesterov: true })),
    byHand((g, _, s) => -0.1 * (g + 0.9 * (s[0] = 0.9 * s[0] + g))),
  );
  assertClose(
    after(adagrad({ learningRate: 0.1 })),
    byHand((g, _, s) => g === 0 ? 0 : -0.1 * g / (Math.sqrt(s[0] += g * g) + 1e-10)),
  );
  assertClose(
    after(rmsprop({ learningRate: 0.1 })),
    byHand((g, _, s) => {
      s[0] = 0.99 * s[0] + 0.01 * g * g;
      return g === 0 ? 0 : -0.1 * g / (Math.sqrt(s[0]) + 1e-8);
    }),
  );
  const moments = (g: number, t: number, s: number[]): number => {
    s[0] = 0.9 * s[0] + 0.1 * g;
    s[1] = 0.999 * s[1] + 0.001 * g * g;
    return s[0] === 0 ? 0 : (s[0] / (1 - 0.9 ** t)) / (Math.sqrt(s[1] / (1 - 0.999 ** t)) + 1e-8);
  };
  assertClose(after(adam({ learningRate: 0.1 })), byHand((g, t, s) => -0.1 * moments(g, t, s)));
  assertClose(
    after(adamW({ learningRate: 0.1, weightDecay: 0.3 }), [1, 2, 3, 4]),
    byHand((g, t, s, x) => -0.1 * (moments(g, t, s) + 0.3 * x), [1, 2, 3, 4]),
  );
});

// @must adam: with the same gradient always each step has the length η, to 1e-6
// @measured reached: to 2e-9 in 200 steps
Deno.test("adam() steps by the learning rate where the gradient does not change", () => {
  const problem = scripted([[3, -0.5]]), solver = adam({ learningRate: 0.01 });
  const state = solver.init(problem, { x: new Float64Array(2) }, { rng: new Uint32Array(11).fill(1) });
  for (let t = 1; t <= 200; t++) {
    solver.step(problem, state);
    assertClose([...state.x], [-0.01 * t, 0.01 * t], 0.01 * t * 1e-6);
  }
});

/** Adam as one loop. */
const monolith: Transform<{ readonly m: Vector; readonly v: Vector }> = {
  name: "Adam in one piece",
  options: {},
  init: ({ length }) => ({ m: new Float64Array(length), v: new Float64Array(length) }),
  apply(u, { m, v }, { step: t }) {
    const first = 1 - 0.9 ** t, second = 1 - 0.999 ** t;
    for (let i = 0; i < u.length; i++) {
      m[i] = 0.9 * m[i] + (1 - 0.9) * u[i];
      v[i] = 0.999 * v[i] + (1 - 0.999) * u[i] * u[i];
      u[i] = (m[i] / first) / (Math.sqrt(v[i] / second) + 1e-8) * -0.01;
    }
  },
};

// @must chain, adam: the chain of moments, scaling and -η equals Adam in one piece, bit for bit in 500 steps
// @measured reached: the same bits
Deno.test("chain() has the bits of the method in one piece", () => {
  const { problem } = leastSquares(1, 60, [1, 0.1, 3], 0.1), start = new Float64Array(3), stop = iterations(500);
  const { reference } = adam(), whole = optimizer({ name: "Adam", reference, transform: monolith });
  assertEquals(
    solve(problem, adam({ learningRate: 0.01 }), { start, stop }).x,
    solve(problem, whole, { start, stop }).x,
  );
});

// @must chain: the floats of a state for each parameter: 0 for SGD, 1 for momentum, Adagrad, RMSProp, 2 for Adam and AdamW
// @measured reached: as required
Deno.test("stateFloats() counts what an optimizer keeps", () => {
  const floats = (solver: Solver<Stochastic, OptimizerState>) =>
    stateFloats(
      solver.init(scripted([[0, 0, 0]]), { x: new Float64Array(3) }, { rng: new Uint32Array(11) }).transform,
    ) / 3;
  const solvers = [sgd(), momentum(), momentum({ nesterov: true }), adagrad(), rmsprop(), adam(), adamW()];
  assertEquals(solvers.map(floats), [0, 1, 1, 1, 1, 2, 2]);
});

Deno.test("schedules fall and rise as their formulas say", () => {
  assertClose([1, 2, 4, 5].map(cosineDecay(2, 4, 1).at), [2, 1.5 + Math.SQRT1_2 / 2, 1.5 - Math.SQRT1_2 / 2, 1]);
  assertClose([1, 4, 9].map(inverseSquareRoot(3).at), [3, 1.5, 1]);
  assertClose([1, 2, 3, 4, 5].map(stepDecay(8, 0.5, 2).at), [8, 8, 4, 4, 2]);
  assertClose([1, 2, 4, 5].map(warmup(4, linearDecay(1, 10)).at), [0.25, 0.45, 0.7, 0.6]);
  for (const make of [() => linearDecay(0, 1), () => cosineDecay(1, 2, 3), () => stepDecay(1, NaN, 2)]) {
    assertThrows(make, DomainError, "Cannot make a schedule");
  }
});

Deno.test("clips leave short directions alone", () => {
  const clipped = (transform: Transform<null>, u: number[]): number[] => {
    const x = Float64Array.from(u);
    transform.apply(x, null, undefined as never);
    return [...x];
  };
  assertClose(clipped(clipByGlobalNorm(1), [3, -4]), [0.6, -0.8]);
  assertEquals(clipped(clipByGlobalNorm(6), [3, -4]), [3, -4]);
  assertEquals(clipped(clipByValue(1), [3, -0.5]), [1, -0.5]);
});

Deno.test("optimizer() sees each example once an epoch, and counts examples", () => {
  const seen: number[][] = [], { problem } = leastSquares(2, 10, [1, 1], 0);
  const watched: Stochastic = {
    ...problem,
    batchGradient: (x, batch, out) => {
      if (batch.length < 10) seen.push([...batch]);
      return problem.batchGradient(x, batch, out);
    },
  };
  const { counts } = solve(watched, sgd({ batchSize: 4 }), { start: [0, 0], stop: iterations(6) });
  assertEquals(seen.map((batch) => batch.length), [4, 4, 2, 4, 4, 2]);
  for (const epoch of [seen.slice(0, 3), seen.slice(3)]) {
    assertEquals(epoch.flat().sort((a, b) => a - b), [...Array(10).keys()]);
  }
  assert(seen.slice(0, 3).flat().join() !== seen.slice(3).flat().join());
  assertEquals([counts.evaluations, counts.measuring], [2, 3]);
  const budget = solve(problem, sgd({ batchSize: 4, sampling: "replacement" }), {
    start: [0, 0],
    stop: evaluations(1),
  });
  assertEquals([budget.status, budget.counts.calls.batchGradient], ["evaluation-limit", 8]);
});

Deno.test("optimizer() ends where a gradient is not finite, and names the block and the step", () => {
  const problem = scripted([[1, 1, 1], [1, 1, NaN]]), solver = sgd({ learningRate: 1 });
  const measured: Stochastic = {
    ...problem,
    batchGradient: (x, b, out) => x[0] < -1 ? (out.fill(0), 0) : problem.batchGradient(x, b, out),
  };
  const state = solver.init(measured, { x: new Float64Array(3) }, {
    rng: new Uint32Array(11).fill(1),
    layout: layout({ weights: [1, 2], bias: [1] }),
  });
  solver.step(measured, state);
  solver.step(measured, state);
  assertEquals(state.stop, { status: "non-finite", message: 'gradient NaN in entry 0 of block "bias" in step 2' });
  assertEquals([...state.x], [-1, -1, -1]);
});

Deno.test("optimizer() refuses bad options, layouts of another size, problems without what it needs", () => {
  assertThrows(() => sgd({ learningRate: 0 }), DomainError, "expected a rate > 0");
  assertThrows(() => sgd({ batchSize: 0 }), DomainError, "a positive whole number of examples");
  assertThrows(() => momentum({ decay: 1 }), DomainError, "expected a decay in [0, 1), got 1");
  assertThrows(() => adam({ beta2: -0.1 }), DomainError, "expected β₂ in [0, 1)");
  const { problem } = leastSquares(3, 4, [1, 1], 0), start = [0, 0];
  assertThrows(
    () => solve(problem, sgd(), { start, layout: layout({ x: [3] }) }),
    DomainError,
    "the layout has 3 entries, the start 2",
  );
  const curved: Transform<null> = {
    name: "c",
    options: {},
    needs: ["batchHessianVector"],
    init: () => null,
    apply: () => {},
  };
  const { reference } = sgd(),
    solver = optimizer({ name: "curved", reference, transform: chain(curved, scaleByLearningRate(1)) });
  const { batchHessianVector: _, ...plain } = problem;
  assertThrows(() => solve(plain, solver, { start }), MissingOracleError, "batchHessianVector");
});

Deno.test("stochastic solvers resume bit for bit", () => {
  const { problem, rows, b } = leastSquares(4, 50, [1, 0.2, 2], 0.1);
  const features = Float64Array.from(rows.flatMap((row) => [...row]));
  const { targets } = targetRegression(dataset({ columns: 3, features, targets: b }), "squared").problem;
  for (const make of Object.values(stochasticSolvers)) assertResumes({ ...problem, targets }, make, [0, 0, 0]);
});
