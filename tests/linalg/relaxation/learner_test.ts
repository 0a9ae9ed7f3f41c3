// Bandits on parameters.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, rng, uniform } from "../../../lib/core/mod.ts";
import { chebCb, type ParameterLearner, tsallisInf, tsallisInfContextual } from "../../../lib/linalg/mod.ts";

const bounds = { lower: -1, upper: 3 };

/** Plays rounds with the given costs; returns the mean cost of the second half. */
function play<S>(learner: ParameterLearner<S>, rounds: number, cost: (arm: number, context: number) => number): number {
  const state = learner.init(), random = rng(1), world = rng(2);
  let total = 0;
  for (let t = 0; t < rounds; t++) {
    const context = bounds.lower + 4 * uniform(world),
      arm = learner.choose(state, context, random),
      c = cost(arm, context);
    learner.learn(state, context, arm, c);
    if (2 * t >= rounds) total += c;
  }
  return total / (rounds / 2);
}

// @must tsallisInf: the probabilities solve their equation, Newton's method started on the right side of the root, also after many rounds
// @measured reached: they add up to 1 and give the same x for each arm to 1e-9, in 3000 rounds with costs from 1 to 1e4
Deno.test("tsallisInf() draws from the probabilities of its formula and learns by importance weights", () => {
  const d = 7, learner = tsallisInf(d), state = learner.init(), random = rng(3);
  let sum = 0;
  for (let t = 1; t <= 3000; t++) {
    const arm = learner.choose(state, NaN, random), p = state.probabilities, unit = t > 1 ? sum / (t - 1) : 1;
    assertAlmostEquals(p.reduce((a, b) => a + b), 1, 1e-12);
    const eta = 2 / Math.sqrt(t),
      x = Float64Array.from(p, (pi, i) => state.losses[i] / unit - 2 / (eta * Math.sqrt(pi)));
    x.forEach((xi) => assertAlmostEquals(xi / x[0], 1, 1e-9));
    const before = state.losses[arm], cost = 1 + (10 ** (arm % 5)) * uniform(random);
    learner.learn(state, NaN, arm, cost);
    assertEquals(state.losses[arm], before + (cost - 1) / p[arm]);
    sum += cost - 1;
    if (t === 1) assertAlmostEquals(p[0], 1 / d, 1e-14); // all alike at first
  }
});

Deno.test("tsallisInf() comes to play the cheapest arm, tsallisInfContextual() that of the context, and regret grows slowly", () => {
  const cost = (arm: number): number => 30 + 10 * Math.abs(arm - 4);
  assert(play(tsallisInf(10), 4000, cost) < 32);
  const excess = [1000, 16_000].map((rounds) => rounds * (play(tsallisInf(10), rounds, cost) - 30));
  assert(excess[1] < 6 * excess[0], `${excess}`); // √t would give 4, t 16
  const moving = (arm: number, context: number): number => 30 + 10 * Math.abs(arm - Math.floor(context + 1));
  assert(play(tsallisInfContextual(4, { ...bounds, bins: 4 }), 8000, moving) < 31);
  assert(play(tsallisInf(4), 8000, moving) > 38);
});

Deno.test("chebCb() learns a cost that is a polynomial of the context, keeps its bounds, and explores by inverse gaps", () => {
  const learner = chebCb(3, bounds), state = learner.init(), random = rng(4), m = 6;
  const z = (context: number): number => (context - 1) / 2;
  const costs = [
    (x: number) => 40 + 10 * x,
    (x: number) => 50 + 5 * x * x - 20 * x,
    (x: number) => 45 + 3 * x ** 3 - x ** 5,
  ];
  let eta = 0;
  for (let t = 0; t < 4000; t++) {
    const context = bounds.lower + 4 * uniform(random), arm = learner.choose(state, context, random);
    const { predictions: y, probabilities: p } = state, least = Math.min(...y);
    const etas = [0, 1, 2].filter((i) => y[i] - least > 1e-6).map((i) => (1 / p[i] - 3) / (y[i] - least));
    assertAlmostEquals(p.reduce((a, b) => a + b), 1, 1e-12);
    if (etas.length === 2 && etas[0] > 1e-3) assertAlmostEquals(etas[1] / etas[0], 1, 1e-5);
    eta = etas[0] ?? eta;
    learner.learn(state, context, arm, costs[arm](z(context)));
    const { most, least: k, coefficients } = state;
    coefficients.forEach((theta, i) =>
      assert(Math.abs(theta) <= (i % m === 0 ? most : 2 * (most - k) / (i % m)) * (1 + 1e-15))
    );
  }
  for (const context of [-0.8, 0.1, 1.5, 2.9]) {
    learner.choose(state, context, random);
    state.predictions.forEach((y, i) => assertAlmostEquals(y, costs[i](z(context)) - 1, 0.5));
  }
  assert(eta > 100, `${eta}`);
  const best = (context: number): number => Math.min(...costs.map((c) => c(z(context))));
  assert(play(chebCb(3, bounds), 4000, (arm, c) => costs[arm](z(c)) - best(c) + 1) < 1.5);
});

Deno.test("chebCb() bounds its coefficients by the range of the costs", () => {
  const learner = chebCb(1, { lower: -1, upper: 1, terms: 2 }), state = learner.init(), random = rng(6);
  for (const [context, cost] of [[0.5, 10], [0.9, 20]]) {
    learner.learn(state, context, learner.choose(state, context, random), cost);
  }
  // the line through both has the slope 25; the bound is 2 (20 - 10)
  assertAlmostEquals(state.coefficients[1], 20, 1e-6);
  assertAlmostEquals(state.coefficients[0], 0, 1e-6);
});

Deno.test("learners have states of plain data, repeat with the seed, and refuse bad input", () => {
  for (
    const learner of [tsallisInf(3), tsallisInfContextual(3, bounds), chebCb(3, bounds)] as ParameterLearner<unknown>[]
  ) {
    const cost = (arm: number, context: number): number => 5 + arm + context;
    assertEquals(play(learner, 200, cost), play(learner, 200, cost));
    const state = learner.init(), random = rng(5);
    for (let t = 0; t < 50; t++) learner.learn(state, 0, learner.choose(state, 0, random), 3);
    const copy = structuredClone(state), same = random.slice();
    for (let t = 0; t < 20; t++) {
      const arm = learner.choose(state, 0, random);
      assertEquals(learner.choose(copy, 0, same), arm);
      learner.learn(state, 0, arm, 2 + arm);
      learner.learn(copy, 0, arm, 2 + arm);
    }
    for (const cost of [0, NaN, Infinity]) {
      assertThrows(() => learner.learn(state, 0, 0, cost), DomainError, `got 0 and ${cost}`);
    }
    assertThrows(() => learner.learn(state, 0, 3, 1), DomainError, "an arm below 3");
    if (learner.name !== "tsallis-inf") {
      for (const context of [-1.01, 3.01, NaN]) {
        assertThrows(() => learner.choose(state, context, random), DomainError, `[-1, 3], got ${context}`);
      }
    }
  }
  for (const arms of [0, 1.5]) assertThrows(() => tsallisInf(arms), DomainError, `got ${arms}`);
  assertThrows(() => chebCb(2, { lower: 1, upper: 1 }), DomainError, "got 1 to 1");
  assertThrows(() => chebCb(2, { ...bounds, terms: 0 }), DomainError);
  assertThrows(() => tsallisInfContextual(2, { ...bounds, bins: 0 }), DomainError);
  const one = tsallisInf(1), state = one.init();
  assertEquals(one.choose(state, 0, rng(1)), 0);
  one.learn(state, 0, 0, 1); // costs of 1 are free
  assertEquals(one.choose(state, 0, rng(1)), 0);
});
