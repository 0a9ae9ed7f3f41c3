import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { compare, compareAsync, type CompareProgress, lastStudy, type Row } from "../../lib/compare/mod.ts";
import {
  calls,
  DomainError,
  evaluations,
  gradientNorm,
  type Instance,
  iterations,
  lastRun,
  normal,
  type Rng,
  type Smooth,
  type Solver,
  type State,
  type Vector,
  withDifferences,
} from "../../lib/core/mod.ts";
import { mgh, quadratic, rosenbrock } from "../../lib/problems/mod.ts";
import { bfgs, gradientDescent, lbfgs, nesterov, newtonCg } from "../../lib/smooth/mod.ts";

const stop = [gradientNorm(), evaluations(100)];
const reference = { title: "None", authors: "None", year: 2000, identifier: "none" };

/** Keeps the better of the iterate and a random point near it. */
const randomSearch: Solver<Smooth, State & { rng: Rng; trial: Vector }> = {
  name: "random search",
  options: {},
  reference,
  needs: ["value"],
  init: (problem, { x }, { rng }) => ({ x: x.slice(), trial: x.slice(), value: problem.value(x), rng: rng.slice() }),
  step(problem, state) {
    for (let i = 0; i < state.x.length; i++) state.trial[i] = state.x[i] + 0.3 * normal(state.rng);
    const value = problem.value(state.trial);
    if (value >= state.value) return;
    [state.x, state.trial, state.value] = [state.trial, state.x, value];
  },
  point: (_, { x }) => ({ x }),
};

/** The same without randomness that throws in its third step. */
const failing = (error: () => never): Solver<Smooth, State & { k: number }> => ({
  name: "failing",
  options: {},
  reference,
  needs: ["gradient"],
  init: (problem, { x }) => ({ x: x.slice(), value: problem.value(x), k: 0 }),
  step(_, state) {
    if (++state.k === 3) error();
  },
  point: (_, { x }) => ({ x }),
});

Deno.test("compare() makes a row for each problem, solver and seed, in this order, with all figures of the run", () => {
  const problems = [quadratic([1, 4]), rosenbrock(3)], solvers = [bfgs(), lbfgs({ memory: 4 })];
  const { rows } = compare({ problems, solvers, stop, seeds: [0, 3] });
  const keys = rows.map((r) => `${r.problem} ${r.solver} ${r.seed}`);
  const expected = problems.flatMap(({ name }) =>
    ["BFGS 0", "BFGS 3", "L-BFGS 0", "L-BFGS 3"].map((pair) => `${name} ${pair}`)
  );
  assertEquals(keys, expected);
  const one = rows[6];
  assertEquals([one.kind, one.dimension, one.status, one.measure], ["smooth", 3, "converged", "gradientNorm"]);
  assertEquals([one.options.memory, one.minima, one.dataHash], [4, [0], ""]);
  assertEquals(one.start.value, problems[1].problem.value(problems[1].start));
  assertEquals(one.stop, [
    { name: "gradientNorm", absolute: 1e-9, relative: 0 },
    { name: "evaluations", most: 100 },
  ]);
  assert(one.measures.gradientNorm <= 1e-8 && one.value < 1e-12);
  const { trace, iterations, evaluations: spent, calls } = one, last = trace.iteration.length - 1;
  assertEquals(trace.value[0], one.start.value);
  assertEquals([trace.iteration[last], trace.evaluations[last], trace.value[last]], [iterations, spent, one.value]);
  assertEquals(trace.calls.gradient[last], calls.gradient);
  assertEquals(trace.calls.value, trace.value.map(() => 0)); // the calls of `value`, not the values
});

Deno.test("compare() keeps every row within the budget, by the function's own count", () => {
  let made = 0;
  const watched = mgh().slice(0, 12).map(({ problem, ...rest }): Instance<Smooth> => ({
    ...rest,
    problem: {
      ...withDifferences(problem),
      value: (x) => (made++, problem.value(x)),
      gradient: (x, out) => (made++, problem.gradient(x, out)),
    },
  }));
  for (const most of [1, 2, 7, 40]) {
    made = 0;
    const { rows } = compare({
      problems: watched,
      solvers: [bfgs(), lbfgs(), gradientDescent()],
      stop: evaluations(most),
    });
    let charged = watched.length; // each start is measured once
    for (const r of rows) {
      assert(r.evaluations <= most, `${r.solver} on ${r.problem}: ${r.evaluations} > ${most}`);
      assertEquals(r.evaluations, Object.values(r.calls).reduce((a, b) => a + b));
      charged += r.evaluations + r.measuring;
    }
    assertEquals(made, charged);
  }
  const { rows } = compare({ problems: [rosenbrock(2)], solvers: [newtonCg(), bfgs()], stop: [calls("gradient", 9)] });
  assert(rows.every((r) => r.calls.gradient === 9 && r.status === "evaluation-limit"));
});

Deno.test("compare() calls back after every run, in order", () => {
  const seen: CompareProgress[] = [];
  const study = compare({
    problems: [quadratic([1, 4]), rosenbrock(2)],
    solvers: [bfgs(), lbfgs()],
    stop,
    onProgress: (progress) => void seen.push(progress),
  });
  assertEquals(seen.map(({ done, total }) => [done, total]), [[1, 4], [2, 4], [3, 4], [4, 4]]);
  assertEquals(seen.map(({ row }) => row), study.rows);
});

Deno.test("compare() takes a refusal at the door as not applicable, and leaves the others alone", () => {
  const untyped = [newtonCg(), nesterov(), lbfgs()] as unknown as Solver<Smooth>[];
  const { problem: { hessianVector: _, ...first }, ...rest } = rosenbrock(2);
  const study = compare({ problems: [{ ...rest, problem: first }], solvers: untyped, stop });
  assertEquals(study.rows.map(({ status }) => status), ["not-applicable", "not-applicable", "converged"]);
  assertStringIncludes(study.rows[0].message, "needs hessianVector");
  assertStringIncludes(study.rows[1].message, "smoothness L");
  assertEquals(study.performanceProfile().curves.map(({ solver }) => solver), ["L-BFGS"]);
});

Deno.test("compare() survives exceptions: the run failed, and counts as unsolved", () => {
  const thrown = [
    () => {
      throw new TypeError("oops");
    },
    () => {
      throw new DomainError("Cannot step: late"); // ours, but not at the door
    },
    () => {
      throw "a bare string";
    },
  ];
  const solvers = [...thrown.map((error, k) => ({ ...failing(error), name: `failing ${k}` })), bfgs()];
  const study = compare({ problems: [rosenbrock(2)], solvers, stop });
  assertEquals(study.rows.map(({ status, message }) => [status, message]).slice(0, 3), [
    ["failed", "TypeError: oops"],
    ["failed", "DomainError: Cannot step: late"],
    ["failed", "a bare string"],
  ]);
  assertEquals(study.performanceProfile().curves.map(({ solved, of }) => [solved, of]), [[0, 1], [0, 1], [0, 1], [
    1,
    1,
  ]]);

  const broken: Instance<Smooth> = {
    ...rosenbrock(2),
    name: "broken",
    problem: {
      ...rosenbrock(2).problem,
      gradient: () => {
        throw new RangeError("no data");
      },
    },
  };
  const { rows } = compare({ problems: [broken, quadratic([1])], solvers: [bfgs()], stop });
  assertEquals(rows.map(({ status }) => status), ["failed", "converged"]);
  assertEquals(rows[0].message, "RangeError: no data");
});

Deno.test("compare() keeps what has been run when it is interrupted: lastStudy()", () => {
  const problems = [quadratic([1, 4]), rosenbrock(2)];
  const seen: Row[] = [];
  assertThrows(
    () =>
      compare({
        problems,
        solvers: [bfgs(), lbfgs()],
        stop,
        onProgress: ({ done, row }) => {
          seen.push(row);
          if (done === 3) throw new Error("Stop"); // as the kernel does, though not catchable there
        },
      }),
    Error,
    "Stop",
  );
  assertEquals(lastStudy().rows, seen);
  assertEquals(lastStudy().rows.length, 3);
  assertEquals(lastRun().problem.name, problems[1].name);
  const whole = compare({ problems, solvers: [bfgs()], stop });
  assertEquals(lastStudy().rows, whole.rows);
  assertThrows(() => compare({ problems: [], solvers: [bfgs()], stop }), DomainError);
  assertEquals(lastStudy().rows, whole.rows); // bad input starts nothing
});

Deno.test("compare() ends when the signal is aborted, even inside a step, with the whole runs", () => {
  const controller = new AbortController(), { problem, ...rest } = rosenbrock(2);
  let made = 0;
  const slow: Instance<Smooth> = {
    ...rest,
    problem: {
      ...problem,
      gradient: (x, out) => {
        if (++made === 125) controller.abort();
        return problem.gradient(x, out);
      },
    },
  };
  const solvers = [gradientDescent(), bfgs(), lbfgs()];
  const study = compare({ problems: [slow], solvers, stop: evaluations(100), signal: controller.signal });
  assertEquals(study.rows.map(({ solver, status }) => [solver, status]), [["gradient descent", "evaluation-limit"]]);
  assert(made <= 127, String(made));
});

Deno.test("compareAsync() gives the same rows as compare(), lets others run, and hears a signal", async () => {
  const options = { problems: [quadratic([1, 4]), rosenbrock(2)], solvers: [bfgs(), lbfgs()], stop };
  const figures = ({ seconds: _, trace: { seconds: __, ...trace }, ...rest }: Row) => ({ ...rest, trace });
  assertEquals((await compareAsync(options)).rows.map(figures), compare(options).rows.map(figures));

  const controller = new AbortController(),
    long = { ...options, problems: [rosenbrock(100)], solvers: [gradientDescent()] };
  setTimeout(() => controller.abort(), 30);
  const study = await compareAsync({ ...long, stop: iterations(1e9), signal: controller.signal });
  assertEquals(study.rows, []);
  await assertRejects(() => compareAsync({ ...options, solvers: [] }), DomainError, "at least one solver");
});

Deno.test("compare() gives every seed its own random numbers, and the same ones again", () => {
  const options = {
    problems: [rosenbrock(2)],
    solvers: [randomSearch],
    stop: evaluations(200),
    seeds: [0, 1, 2, 3, 4],
  };
  const { rows } = compare(options), values = rows.map(({ value }) => value);
  assertEquals(new Set(values).size, 5);
  assertEquals(compare(options).rows.map(({ value }) => value), values);
  const curves = compare(options).convergence("evaluations", "value");
  const [band] = curves.bands, last = band.x.length - 1, sorted = [...values].sort((a, b) => a - b);
  assertEquals([band.low[last], band.y[last], band.high[last]], sorted.slice(1, 4)); // quartiles of five numbers
  assertEquals(band.seeds, 5);
});
