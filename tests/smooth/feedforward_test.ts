// Feed-forward computations by sweeps.
import { assert, assertEquals, assertThrows } from "@std/assert";
import { DomainError, fillNormal, fillUniform, rng } from "../../lib/core/mod.ts";
import { norm, scale } from "../../lib/linalg/mod.ts";
import {
  type Feedforward,
  gaussSeidelFeedforward,
  gaussSeidelJacobiFeedforward,
  jacobiFeedforward,
  jacobiGaussSeidelFeedforward,
} from "../../lib/smooth/mod.ts";

/** h_t = tanh(W h_{t-1} + u_t), the largest singular value of W as given. */
function recurrentNetwork(spectralNorm: number, T = 100, d = 20): Feedforward {
  const random = rng(7);
  const raw = { rows: d, columns: d, data: fillNormal(random, new Float64Array(d * d)) };
  const W = scale(raw, spectralNorm / norm(raw, 2)).data;
  const u = fillNormal(random, new Float64Array(T * d));
  return {
    steps: T,
    dimension: d,
    step: (t, h, out) => {
      for (let i = 0; i < d; i++) {
        let sum = u[t * d + i];
        if (t > 0) { for (let j = 0; j < d; j++) sum += W[i * d + j] * h[(t - 1) * d + j]; }
        out[i] = Math.tanh(sum);
      }
    },
  };
}

const furthest = (x: Float64Array, y: Float64Array): number =>
  x.reduce((m, v, i) => Math.max(m, Math.abs(v - y[i])), 0);

/** Sweeps until all states are within 1e-6 of the exact ones. */
function sweepsTo(system: Feedforward): number {
  const exact = gaussSeidelFeedforward(system).states;
  for (let maxSweeps = 1;; maxSweeps++) {
    if (furthest(jacobiFeedforward(system, { maxSweeps }).states, exact) <= 1e-6) return maxSweeps;
  }
}

// @must jacobiFeedforward: a recurrent network of 20 units and 100 steps, spectral norm 0.3, 0.6, 0.9, 1.5: about 8, 10, 14, 24 sweeps to 1e-6
// @measured reached: 8, 11, 15 and 25
Deno.test("jacobiFeedforward() takes few sweeps where the recurrence contracts", () => {
  const sweeps = [0.3, 0.6, 0.9, 1.5].map((norm) => sweepsTo(recurrentNetwork(norm)));
  const limits = [9, 12, 16, 27];
  for (const [k, limit] of limits.entries()) assert(sweeps[k] <= limit, `${sweeps}`);
});

// @must jacobiFeedforward: after T sweeps equal to the sequential result, bit for bit
// @measured reached: equal for all four norms, also where the recurrence is chaotic (spectral norm 4)
Deno.test("jacobiFeedforward() is the sequential evaluation after T sweeps", () => {
  for (const norm of [0.3, 0.9, 1.5, 4]) {
    const system = recurrentNetwork(norm), { states, sweeps, status } = jacobiFeedforward(system);
    assertEquals(states, gaussSeidelFeedforward(system).states);
    assertEquals(status, "converged");
    assert(sweeps <= 100);
  }
});

Deno.test("jacobiFeedforward() has as many states right after k sweeps as sweeps", () => {
  const system = recurrentNetwork(4), exact = gaussSeidelFeedforward(system).states;
  for (const maxSweeps of [1, 5, 30]) {
    const { states, status } = jacobiFeedforward(system, { maxSweeps });
    assertEquals(states.subarray(0, maxSweeps * 20), exact.subarray(0, maxSweeps * 20));
    assertEquals(status, "sweep-limit");
  }
});

// @must jacobiFeedforward: blocks of 10 one after another take at most as many sweeps as there are steps, 100 in all
// @measured reached: 80, 100, 100 and 100 for spectral norm 0.3, 0.6, 0.9 and 1.5, to 1e-6
Deno.test("gaussSeidelJacobiFeedforward() settles block after block", () => {
  const sweeps = [0.3, 0.6, 0.9, 1.5].map((norm) => {
    const system = recurrentNetwork(norm), exact = gaussSeidelFeedforward(system).states;
    assertEquals(gaussSeidelJacobiFeedforward(system, 10).states, exact);
    const solution = gaussSeidelJacobiFeedforward(system, 10, { tolerance: 1e-6 });
    assert(furthest(solution.states, exact) < 1e-5);
    assertEquals(solution.depth, solution.sweeps);
    return solution.sweeps;
  });
  assert(sweeps[0] < 90 && Math.max(...sweeps) <= 100, `${sweeps}`);
});

// @must jacobiGaussSeidelFeedforward: what is reported is the parallel depth, not wall time
// @measured reached: depth, sweeps and evaluations: 100, 1, 100 for one state after another; sweeps times the block for blocks of 1, 7, 10 and 100 side by side
Deno.test("jacobiGaussSeidelFeedforward() needs as many sweeps as there are blocks, at most", () => {
  const system = recurrentNetwork(1.5), exact = gaussSeidelFeedforward(system);
  assertEquals([exact.sweeps, exact.depth, exact.evaluations], [1, 100, 100]);
  for (const block of [1, 7, 10, 100, 1000]) {
    const { states, sweeps, depth, evaluations } = jacobiGaussSeidelFeedforward(system, block);
    assertEquals(states, exact.states);
    assert(sweeps <= Math.ceil(100 / block));
    assertEquals(depth, sweeps * Math.min(block, 100));
    assertEquals(evaluations, sweeps * 100);
  }
});

// @must jacobiFeedforward: autoregressive sampling from a fixed stream of uniform numbers gives the same sample, in at most T sweeps
// @measured reached: the same 60 letters after 18 sweeps
Deno.test("jacobiFeedforward() samples what one draw after another samples", () => {
  const T = 60, draws = fillUniform(rng(3), new Float64Array(T)), weights = fillNormal(rng(4), new Float64Array(T));
  // a word of four letters, the likelier the closer to a mix of the letters before
  const system: Feedforward = {
    steps: T,
    dimension: 1,
    step: (t, h, out) => {
      let mix = 0;
      for (let s = 0; s < t; s++) mix += weights[t - s] * (h[s] - 1.5) / (t - s);
      const mass = [0, 1, 2, 3].map((letter) => Math.exp(-((letter - 1.5 - mix) ** 2)));
      let left = draws[t] * (mass[0] + mass[1] + mass[2] + mass[3]), letter = 0;
      while (letter < 3 && left >= mass[letter]) left -= mass[letter++];
      out[0] = letter;
    },
  };
  const sample = gaussSeidelFeedforward(system).states, { states, sweeps } = jacobiFeedforward(system);
  assertEquals(states, sample);
  assert(new Set(sample).size === 4);
  assert(sweeps <= 20, `${sweeps}`);
});

Deno.test("jacobiFeedforward() ends on overflow with a status, and ignores it on the way", () => {
  const grows = (factor: number): Feedforward => ({
    steps: 5,
    dimension: 1,
    step: (t, h, out) => out[0] = t === 0 ? 1e200 : h[t - 1] * factor,
  });
  assertEquals(jacobiFeedforward(grows(1e100)).status, "non-finite");
  // the first guess overflows, the states do not
  const { status, states } = jacobiFeedforward(grows(1e-100), { start: new Float64Array(5).fill(1e308) });
  assertEquals([status, states[4]], ["converged", gaussSeidelFeedforward(grows(1e-100)).states[4]]);
});

Deno.test("jacobiFeedforward() refuses what is not feed-forward", () => {
  const causal = recurrentNetwork(0.5, 5, 2);
  assertThrows(() => jacobiFeedforward({ ...causal, steps: 0 }), DomainError, "steps");
  assertThrows(() => jacobiFeedforward({ ...causal, dimension: 1.5 }), DomainError, "dimension");
  assertThrows(() => jacobiGaussSeidelFeedforward(causal, 0), DomainError, "block");
  assertThrows(() => jacobiFeedforward(causal, { start: new Float64Array(3) }), Error, "first guess");
  const looksAhead: Feedforward = { ...causal, step: (t, h, out) => out.fill(h[Math.min(t + 1, 4) * 2]) };
  assertThrows(() => jacobiFeedforward(looksAhead), DomainError, "state 4 to depend on earlier states");
});
