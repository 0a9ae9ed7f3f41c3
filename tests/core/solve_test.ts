import { assert, assertAlmostEquals, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  all,
  callback,
  calls,
  DomainError,
  evaluations,
  gap,
  gradientNorm,
  iterate,
  iterations,
  lastRun,
  measures,
  MissingOracleError,
  type Result,
  type Rule,
  seconds,
  ShapeError,
  type Smooth,
  snapshot,
  solve,
  solveAsync,
  type State,
  stepBelow,
  target,
  valueChange,
} from "../../lib/core/mod.ts";
import { gradientDescent, lbfgs, nesterov, newtonCg } from "../../lib/smooth/mod.ts";
import { quadratic, rosenbrock } from "../../lib/problems/mod.ts";

const { problem, start } = rosenbrock(2);
const run = (stop: Rule | Rule[], from: ArrayLike<number> = start): Result =>
  solve(problem, lbfgs(), { start: from, stop });

/** The problem with a look at every call. */
function watched(onCall: (count: number) => void, base: Smooth = problem): { problem: Smooth; calls: () => number } {
  let count = 0;
  return {
    calls: () => count,
    problem: {
      ...base,
      value: (x) => (onCall(++count), base.value(x)),
      gradient: (x, out) => (onCall(++count), base.gradient(x, out)),
    },
  };
}

Deno.test("solve() says what fired, with value, comparison and limit, for every rule", () => {
  const cases: [Rule | Rule[], string, RegExp][] = [
    [gradientNorm({ absolute: 1e-3 }), "converged", /^gradientNorm \S+e-\d+ <= 1\.00e-3 \(absolute\)$/],
    [gradientNorm({ relative: 1e-3 }), "converged", /^gradientNorm \S+ <= \S+ \(relative: 1\.00e-3 of 2\.16e\+2\)$/],
    [iterations(3), "iteration-limit", /^iterations 3 >= 3$/],
    [evaluations(5), "evaluation-limit", /^evaluations 5/],
    [calls("gradient", 4), "evaluation-limit", /^calls of gradient 4/],
    [target(1), "target-reached", /^value \S+ <= 1$/],
    [
      valueChange({ relative: 0.5 }),
      "stalled-at-precision",
      /^change of value \S+ <= 0 \(absolute\) \+ 5\.00e-1 \|f\|/,
    ],
    [
      stepBelow({ absolute: 1e-3 }),
      "stalled-at-precision",
      /^step \S+ <= 1\.00e-3 \(absolute\) \+ 0 \|x\| \(relative\)$/,
    ],
    [callback((p) => p.iteration === 2), "stopped-by-callback", /at iteration 2$/],
    [all(target(1), iterations(4)), "target-reached", /^value \S+ <= 1 and iterations \d+ >= 4$/],
  ];
  for (const [stop, status, message] of cases) {
    const result = run(stop);
    assertEquals(result.status, status, result.message);
    assert(message.test(result.message), `"${result.message}" against ${message}`);
    assertStringIncludes(String(result), result.message);
    const shown = /^ {2}x +\[(.*)\]$/m.exec(String(result))![1].split(", ");
    assertEquals(shown.slice(0, 6), Array.from(result.x.subarray(0, 6), (v) => String(Number(v.toPrecision(7)))));
    assertEquals(shown.slice(6), result.x.length > 6 ? [`… ${result.x.length} in all`] : []);
  }
});

Deno.test("solve() returns the measures of its point, and a value that belongs to it", () => {
  for (const stop of [iterations(7), gradientNorm(), evaluations(11)]) {
    const result = run(stop);
    assertEquals(measures(problem, result.point), result.measures);
    assertEquals(result.value, problem.value(result.x));
    assert(result.best.value <= result.value);
    assertEquals(result.best.value, problem.value(result.best.x));
  }
});

Deno.test("solve() stops at the start when it already satisfies the rule", () => {
  const result = run(gradientNorm(), [1, 1]);
  assertEquals([result.status, result.iterations, result.counts.evaluations], ["converged", 0, 1]);
});

Deno.test("solve() never makes one evaluation more than the budget, whatever it is", () => {
  for (const solver of [lbfgs(), gradientDescent(), newtonCg()]) {
    for (let budget = 0; budget <= 30; budget++) {
      const { hessianVector } = problem, spy = watched(() => {});
      const counted = { ...spy.problem, hessianVector };
      const result = solve(counted, solver, { start, stop: evaluations(budget) });
      assert(result.counts.evaluations <= budget);
      assert(spy.calls() <= budget, `${solver.name}: ${spy.calls()} calls for a budget of ${budget}`);
      assertEquals(result.status, "evaluation-limit");
      assert(result.x.every(Number.isFinite));
    }
  }
});

Deno.test("solve() gives the last whole iterate and the best point when the budget ends inside a step", () => {
  const whole = run(gradientNorm()), trace = whole.trace.column("evaluations");
  const k = trace.findIndex((n, i) => i > 2 && n > trace[i - 1] + 1); // a step of several evaluations
  const cut = run(evaluations(trace[k] - 1));
  assertEquals(cut.iterations, k - 1);
  assertEquals(cut.value, whole.trace.column("value")[k - 1]);
  assertEquals(cut.measures.gradientNorm, whole.trace.column("gradientNorm")[k - 1]);
  assertThrows(() => cut.checkpoint(), Error, `inside step ${k}`);
});

Deno.test("solve() hears an abort and the clock inside a step", () => {
  const controller = new AbortController();
  const spy = watched((n) => n === 12 && controller.abort("enough"));
  const aborted = solve(spy.problem, lbfgs(), { start, signal: controller.signal });
  assertEquals([aborted.status, aborted.message, spy.calls()], ["aborted", "aborted: enough", 12]);

  const slow = watched(() => {
    for (const end = performance.now() + 4; performance.now() < end;);
  });
  const late = solve(slow.problem, lbfgs(), { start, stop: [seconds(0.03)] });
  assertEquals(late.status, "time-limit");
  assert(slow.calls() <= 9, `${slow.calls()} calls of 4 ms in 30 ms`);
});

Deno.test("solveAsync() hears an abort from outside, and gives the same result as solve()", async () => {
  const controller = new AbortController(), { problem: hard, start } = rosenbrock(200);
  setTimeout(() => controller.abort(), 20);
  const endless = solveAsync(hard, gradientDescent(), { start, stop: iterations(1e9), signal: controller.signal });
  assertEquals((await endless).status, "aborted");
  const later = await solveAsync(problem, lbfgs(), { start: [-1.2, 1] });
  assertEquals([...later.x], [...run(gradientNorm()).x]);
});

Deno.test("solve() ends with non-finite and the last good iterate", () => {
  const root: Smooth = { // the fixed step leaves the domain of the square root
    kind: "smooth",
    dimension: 1,
    value: (x) => Math.sqrt(x[0]),
    gradient: (x, out) => {
      out[0] = 0.5 / Math.sqrt(x[0]);
      return Math.sqrt(x[0]);
    },
  };
  const result = solve(root, gradientDescent({ step: 0.7 }), { start: [1] });
  assertEquals([result.status, result.message], ["non-finite", "value NaN"]);
  const first = 1 - 0.35, second = first - 0.35 / Math.sqrt(first); // the third would be negative
  assertAlmostEquals(result.x[0], second, 1e-15);
  assertAlmostEquals(result.value, Math.sqrt(second), 1e-15);
  assertAlmostEquals(result.measures.gradientNorm, 0.5 / Math.sqrt(second), 1e-14);
});

Deno.test("solve() names the gradient when it alone is not finite", () => {
  const broken: Smooth = { ...problem, gradient: (x, out) => (out.fill(NaN), problem.value(x)) };
  const result = solve(broken, gradientDescent({ step: 1e-3 }), { start });
  assertEquals([result.status, result.message], ["non-finite", "gradientNorm NaN"]);
});

Deno.test("solve() says diverged and unbounded", () => {
  const diverged = solve(quadratic([1]).problem, gradientDescent({ step: 50 }), { start: [1] });
  assertEquals(diverged.status, "diverged");
  const hill: Smooth = {
    kind: "smooth",
    dimension: 1,
    value: (x) => -Math.exp(x[0]),
    gradient: (x, out) => out[0] = -Math.exp(x[0]),
  };
  assertEquals(solve(hill, gradientDescent(), { start: [1] }).status, "unbounded");
});

Deno.test("solve() believes convergence only after measuring", () => {
  const liar = { ...lbfgs(), step: () => {} }; // never moves, and says that its gradient is 0
  const init = liar.init;
  const solver = {
    ...liar,
    init: (...args: Parameters<typeof init>) => Object.assign(init(...args), { estimate: 0 }),
  };
  const result = solve(problem, solver, { start, stop: [gradientNorm(), iterations(5)] });
  assertEquals(result.status, "iteration-limit");
  assertEquals(result.counts.measuring, 6);
});

Deno.test("solve() counts measuring apart, and only as often as asked", () => {
  const { problem, start } = quadratic([1, 10]), stop = iterations(20);
  const each = solve(problem, nesterov(), { start, stop }),
    fifth = solve(problem, nesterov(), { start, stop, measureEvery: 5 });
  assertEquals([each.counts.evaluations, each.counts.measuring], [20, 21]);
  assertEquals([fifth.counts.evaluations, fifth.counts.measuring], [20, 5]);
  assertEquals([...each.x], [...fifth.x]);
});

Deno.test("solve() charges a Hessian-vector product twice a gradient", () => {
  const { counts } = solve(problem, newtonCg(), { start });
  assertEquals(counts.evaluations, counts.calls.gradient + counts.calls.value + 2 * counts.calls.hessianVector);
  assert(counts.calls.hessianVector > 5);
});

Deno.test("solve() refuses what does not fit at the door", () => {
  const untyped = solve as (problem: unknown, solver: unknown, options: unknown) => unknown;
  const smoothOnly = { kind: "smooth", dimension: 2, value: problem.value, gradient: problem.gradient };
  const composite = { kind: "composite", smooth: problem, regularizer: { value: () => 0, proximal: () => {} } };
  const cases: [() => unknown, new (m: string) => Error, string][] = [
    [
      () => untyped(smoothOnly, newtonCg(), { start }),
      MissingOracleError,
      "it needs hessianVector; the problem has value, gradient",
    ],
    [
      () => untyped(composite, lbfgs(), { start }),
      MissingOracleError,
      "Cannot run L-BFGS on a composite problem: it needs gradient",
    ],
    [
      () => untyped({ kind: "smooth", dimension: 2, value: () => 0 }, lbfgs(), { start }),
      MissingOracleError,
      "expected a function gradient, got undefined",
    ],
    [() => untyped({ kind: "sum" }, lbfgs(), { start }), DomainError, 'expected a kind among "smooth"'],
    [
      () => untyped({ ...smoothOnly, dimension: 0 }, lbfgs(), { start: [] }),
      DomainError,
      "positive integer dimension, got 0",
    ],
    [() => untyped(problem, lbfgs(), { start: [1] }), ShapeError, "Cannot use the start: expected 2 entries, got 1"],
    [() => untyped(problem, lbfgs(), { start: [1, NaN] }), DomainError, "entry 1 is NaN"],
    [() => run(gap()), DomainError, "Cannot stop on gap: a smooth problem has the measures gradientNorm"],
    [() => run(calls("proximal", 3)), DomainError, "Cannot limit calls of proximal"],
    [() => gradientNorm({ absolute: -1 }), DomainError, "absolute tolerance >= 0, got -1"],
    [() => iterations(NaN), DomainError, "Cannot limit iterations: expected a number >= 0, got NaN"],
    [() => solve(problem, lbfgs(), { start, measureEvery: 0 }), DomainError, "Cannot measure every 0"],
  ];
  for (const [f, type, text] of cases) assertThrows(f, type, text);
});

Deno.test("solve() lets errors of the user's function through, and lastRun() still has the iterate", () => {
  const spy = watched((n) => {
    if (n === 10) throw new TypeError("mine");
  });
  assertThrows(() => solve(spy.problem, lbfgs(), { start }), TypeError, "mine");
  const result = lastRun();
  assertEquals(result.status, "aborted");
  assert(result.iterations > 2);
  assertEquals(result.value, problem.value(result.x));
});

Deno.test("iterate() yields one mutated state; snapshot() keeps one", () => {
  const states: { x: Float64Array }[] = [], kept = [];
  for (const state of iterate(problem, lbfgs(), start)) {
    states.push(state);
    kept.push(snapshot(state));
    if (states.length === 5) break;
  }
  assert(states.every((s) => s === states[0]));
  assertEquals(new Set(kept.map((s) => s.value)).size, 5);
  assertEquals(kept[4].x, states[4].x);
});

Deno.test("solve() with a checkpoint option hands out bytes that resume", () => {
  const saved: Uint8Array[] = [];
  const whole = solve(problem, lbfgs(), { start, checkpoint: { every: 10, save: (bytes) => saved.push(bytes) } });
  assertEquals(saved.length, Math.floor(whole.iterations / 10));
  const resumed = solve(problem, lbfgs(), { start, resume: saved[1] });
  assertEquals([...resumed.x], [...whole.x]);
  assertEquals(resumed.counts, whole.counts);
});

Deno.test("solve() hands out what the solver's state proves, beside the last iterate", () => {
  const ray = Float64Array.of(1, -1),
    solver = {
      ...gradientDescent({ step: 1e-4 }),
      step: (_: Smooth, state: State) => void (state.stop = { status: "unbounded", message: "along the ray" }),
      certificate: () => ({ proves: "unbounded", radius: Infinity, ray } as const),
    };
  const result = solve(problem, solver, { start: [1, 2] });
  assertEquals([...result.x], [1, 2]);
  assertEquals(result.certificate, { proves: "unbounded", radius: Infinity, ray });
  assert(result.certificate!.ray !== ray); // a copy
  assertStringIncludes(String(result), "unbounded, radius Infinity");
  assertEquals(run(iterations(1)).certificate, undefined);
});
