// Runs on every kind: counts and limits, the best point, checkpoints.
import { assert, assertEquals } from "@std/assert";
import {
  type Bilevel,
  calls,
  type Composite,
  type Constrained,
  evaluations,
  iterations,
  type LinearProgram,
  measureBelow,
  measures,
  type Point,
  type Problem,
  solve,
  type Stochastic,
  type VariationalInequality,
} from "../../lib/core/mod.ts";
import { corner, factory, nearest, nested, of, plan, plane, shift, shrunk, spread, valley } from "./every_kind.ts";
import { walker } from "./walker.ts";

Deno.test("solve() hands the solver a copy of the whole start", () => {
  const given: Point = { x: of(0, 0), multipliers: of(1, 2, 3) };
  let seen: Point | undefined;
  const solver = walker<LinearProgram>([given]);
  const look: typeof solver = {
    ...solver,
    init: (problem, start, context) => {
      seen = start;
      return solver.init(problem, start, context);
    },
  };
  solve(factory, look, { start: given, stop: iterations(1) });
  assertEquals(seen, given);
  assert(seen!.multipliers !== given.multipliers && seen!.x !== given.x);
});

Deno.test("solve() counts every oracle of every kind at its price", () => {
  const v = of(0, 0, 0), w = of(0, 0, 0), out = of(0, 0, 0), stop = iterations(0);
  const once = <P extends Problem>(problem: P, x: number[], work: (problem: P) => void) => {
    const { counts } = solve(problem, walker<P>([{ x: Float64Array.from(x) }], work), { start: x, stop });
    return [counts.evaluations, Object.fromEntries(Object.entries(counts.calls).filter(([, n]) => n > 0))];
  };
  assertEquals(
    once(plane, [0, 0, 0], ({ objective, constraints: { equality, inequality } }) => {
      objective.value(v);
      objective.gradient(v, out);
      equality!.value(v, out);
      equality!.jacobianVector(v, w, out);
      inequality!.jacobianTransposeVector(v, w, out);
      inequality!.jacobianTransposeVector(v, w, out);
    }),
    [6, {
      "objective.value": 1,
      "objective.gradient": 1,
      "constraints.equality.value": 1,
      "constraints.equality.jacobianVector": 1,
      "constraints.inequality.jacobianTransposeVector": 2,
    }],
  );
  assertEquals(
    once(valley, [0, 0], ({ residual }) => {
      residual.value(v, out);
      residual.jacobianVector(v, w, out);
    }),
    [2, { "residual.value": 1, "residual.jacobianVector": 1 }],
  );
  assertEquals(
    once(nearest, [0, 0], ({ hessian, linear: { matrix } }) => {
      hessian.apply(v, out);
      matrix.apply(v, out);
      matrix.applyTranspose(v, out);
    }),
    [3, { "hessian.apply": 1, "linear.matrix.apply": 1, "linear.matrix.applyTranspose": 1 }],
  );
  assertEquals(
    once(corner, [0, 0], (problem) => {
      problem.operator(v, out);
      problem.resolvent!(v, 1, out);
    }),
    [1, { operator: 1, resolvent: 1 }],
  );
  assertEquals(
    once(nested, [0], ({ upper, lower }) => {
      upper.gradientY(v, w, out);
      lower.hessianVector(v, w, v, out);
      lower.crossVector(v, w, v, out);
    }),
    [5, { "upper.gradientY": 1, "lower.hessianVector": 1, "lower.crossVector": 1 }],
  );
  const priced: LinearProgram = { ...factory, costs: { "matrix.apply": 7 } };
  assertEquals(once(priced, [0, 0], ({ matrix }) => matrix.apply(v, out)), [7, { "matrix.apply": 1 }]);
});

Deno.test("solve() passes four arguments and the results of oracles through", () => {
  const seen: number[] = [];
  solve(
    nested,
    walker<Bilevel>([{ x: of(1) }], ({ lower, upper }) => {
      const out = of(0, 0);
      lower.hessianVector(of(0), of(0, 0), of(1, 2), out);
      seen.push(...out, upper.value(of(1), of(5, 0)));
    }),
    { start: [1], stop: iterations(0) },
  );
  assertEquals(seen, [4, 7, 2.5]);
});

/** Ten examples `½ (x - i)²`. */
const ten: Stochastic = {
  kind: "stochastic",
  dimension: 1,
  examples: 10,
  batchValue: (x, batch) => batch.reduce((s, i) => s + (x[0] - i) ** 2 / 2, 0) / batch.length,
  batchGradient: (x, batch, out) => {
    out[0] = batch.reduce((s, i) => s + x[0] - i, 0) / batch.length;
    return ten.batchValue(x, batch);
  },
};

/** One example's gradient per step. */
const single = walker<Stochastic>([{ x: of(0) }], (problem, k) => {
  if (k > 0) problem.batchGradient(of(0), Uint32Array.of((k - 1) % 10), of(0));
});

Deno.test("solve() counts examples: N of them are exactly one evaluation", () => {
  const { counts, trace } = solve(ten, single, { start: [0], stop: iterations(30) });
  assertEquals([counts.evaluations, counts.calls.batchGradient, counts.measuring], [3, 30, 4]); // measured once in ten
  const each = solve(ten, single, { start: [0], stop: iterations(30), measureEvery: 1 });
  assertEquals(each.counts.measuring, 31);
  assertEquals([...trace.column("evaluations")], Array.from({ length: 31 }, (_, k) => k / 10));
  const pairs = walker<Stochastic>([{ x: of(0) }], (problem) => problem.batchValue(of(0), Uint32Array.of(3, 7)));
  const two = solve(ten, pairs, { start: [0], stop: iterations(2) }).counts;
  assertEquals([two.evaluations, two.calls.batchValue], [0.6, 6]);
});

Deno.test("solve() tells the value of the iterate at which a stochastic run ends, also between measurements", () => {
  const points = Array.from({ length: 16 }, (_, k) => ({ x: of(k) }));
  const moving = walker<Stochastic>(points, (problem, k) => {
    if (k > 0) problem.batchGradient(of(0), Uint32Array.of(0), of(0));
  });
  const { x, value, measures, best, counts } = solve(ten, moving, { start: [0], stop: iterations(15) });
  assertEquals([x[0], value, measures.gradientNorm], [15, 59.25, 10.5]); // ½ mean (15 - i)²
  assertEquals([best.x[0], counts.measuring], [0, 3]);
});

Deno.test("solve() ends a stochastic run at exactly the budget of evaluations or of examples", () => {
  for (const tenths of [0, 1, 3, 7, 29]) {
    const spent = solve(ten, single, { start: [0], stop: evaluations(tenths / 10) });
    assertEquals([spent.status, spent.counts.calls.batchGradient], ["evaluation-limit", tenths]);
    const counted = solve(ten, single, { start: [0], stop: calls("batchGradient", tenths) });
    assertEquals([counted.status, counted.counts.calls.batchGradient], ["evaluation-limit", tenths]);
  }
  const threes = walker<Stochastic>([{ x: of(0) }], (problem) => problem.batchValue(of(0), Uint32Array.of(0, 1, 2)));
  const short = solve(ten, threes, { start: [0], stop: evaluations(1) });
  assertEquals([short.counts.calls.batchValue, short.message], [9, "evaluations 0.9 + 0.3 > 1"]);
  const eight = solve(ten, threes, { start: [0], stop: calls("batchValue", 8) });
  assertEquals([eight.counts.calls.batchValue, eight.message], [6, "calls of batchValue 6 + 3 > 8"]);
});

Deno.test("solve() resumes a stochastic run with exact counts", () => {
  const stop = iterations(30), first = solve(ten, single, { start: [0], stop: iterations(13) });
  const resumed = solve(ten, single, { start: [0], stop, resume: first.checkpoint() });
  assertEquals(resumed.counts, solve(ten, single, { start: [0], stop }).counts);
});

Deno.test("solve() says converged when the yardstick of the kind does", () => {
  const solved: [Problem, Point][] = [
    [shrunk, { x: of(2) }],
    [plane, { x: of(0.5, 1, 1.5), multipliers: of(-1.5, 0.5) }],
    [spread, { x: of(3) }],
    [valley, { x: of(1, 1) }],
    [factory, { x: of(2, 6), multipliers: of(0, 1.5, 1) }],
    [nearest, { x: of(1.4, 1.7), multipliers: of(-0.8, 0) }],
    [corner, { x: of(1, 0) }],
    [nested, { x: of(1.2), lower: of(2.4, 2.4) }],
    [shift, { x: of(0, -1), plan: plan(0.25, 0.25, 0, 0.5) }],
  ];
  for (const [problem, point] of solved) {
    const result = solve(problem, walker<Problem>([point]), { start: point });
    assertEquals([problem.kind, result.status, result.iterations], [problem.kind, "converged", 0]);
    assertEquals(result.point, point);
    const away = { ...point, x: point.x.map((v, i) => i === 0 ? v + 0.25 : v) };
    const stop = [measureBelow(Object.keys(result.measures)[1]), iterations(2)];
    assertEquals(solve(problem, walker<Problem>([away]), { start: away, stop }).status, "iteration-limit");
  }
});

Deno.test("solve() keeps the best iterate: by value where every point is feasible, else by the first measure", () => {
  const path = [-8, -1, 5.25, 9].map((x) => ({ x: of(x) })), stop = iterations(4);
  const composite = solve(shrunk, walker<Composite>(path), { start: [-8], stop });
  assertEquals(composite.best, { value: 7.78125, x: of(5.25) }); // at -1 the measure is smaller, and the value 9

  const points = [
    { x: of(0, 0, 0), multipliers: of(0, 0) }, // the lowest value, and infeasible
    { x: of(0.5, 1, 1.25), multipliers: of(-1.5, 0.5) },
    { x: of(1, 1, 1), multipliers: of(-1, 0) },
  ];
  const constrained = solve(plane, walker<Constrained>(points), { start: [0, 0, 0], stop });
  assertEquals(constrained.best, { value: (0.25 + 1 + 1.25 ** 2) / 2, x: of(0.5, 1, 1.25) });

  const operator = solve(corner, walker<VariationalInequality>([{ x: of(1, 1) }, { x: of(1, 0.5) }, { x: of(0, 0) }]), {
    start: [1, 1],
    stop,
  });
  assertEquals(operator.best, { value: NaN, x: of(1, 0.5) });
});

Deno.test("solve() keeps the best of a resumed run", () => {
  const path = walker<Composite>([-8, 2.25, 6, 9, 7].map((x) => ({ x: of(x) })));
  const first = solve(shrunk, path, { start: [-8], stop: iterations(2) });
  const resumed = solve(shrunk, path, { start: [-8], stop: iterations(4), resume: first.checkpoint() });
  assertEquals(resumed.best, { value: 2.53125, x: of(2.25) });
});

Deno.test("solve() goes on where a composite problem is infinite", () => {
  const { trace, status } = solve(shrunk, walker<Composite>([{ x: of(50) }, { x: of(2) }]), { start: [50] });
  assertEquals(status, "converged");
  assertEquals([...trace.column("value")], [Infinity, 2.5]);
});

Deno.test("solve() measures when a rule reads what solvers do not estimate", () => {
  const still = walker<Constrained>([{ x: of(1, 1, 1), multipliers: of(-1, 0) }]);
  const confident: typeof still = {
    ...still,
    init: (...args) => Object.assign(still.init(...args), { value: 1.5, estimate: 0.25 }),
  };
  const start = [1, 1, 1], byEstimate = solve(plane, confident, { start, stop: iterations(3) });
  assertEquals([byEstimate.counts.measuring, byEstimate.measures], [0, { value: 1.5, kktResidual: 0.25 }]);
  const late: typeof still = {
    ...still,
    step: (_problem, state) => void Object.assign(state, { value: 1.5, estimate: 0.25 }),
  };
  const unmixed = solve(plane, late, { start, stop: iterations(3) }); // the other parts are those of an older point
  assertEquals([unmixed.counts.measuring, unmixed.measures], [5, { value: 1.5, kktResidual: 0.25 }]);
  const stop = [measureBelow("stationarity", { absolute: 0 }), iterations(3)];
  const measured = solve(plane, confident, { start, stop });
  assertEquals([measured.status, measured.measures.primalFeasibility], ["converged", 1]);
});

Deno.test("solve() measures every point afresh", () => {
  const cases: [Problem, Point, Point][] = [
    [plane, { x: of(1, 2, 3), multipliers: of(4, 5) }, { x: of(3, 2, 1) }],
    [factory, { x: of(3, 7), multipliers: of(-1, 1, 2) }, { x: of(1, 1) }],
    [nearest, { x: of(3, 7), multipliers: of(-1, 1) }, { x: of(1, 1) }],
    [nested, { x: of(1), lower: of(2, 3) }, { x: of(2) }],
    [shift, { x: of(1, 2), plan: plan(1, 2, 3, 4) }, { x: of(2, 1), plan: plan(1, 1, 1, 1) }],
  ];
  for (const [problem, first, second] of cases) {
    const result = solve(problem, walker<Problem>([first, second]), { start: first, stop: iterations(1) });
    assertEquals(result.measures, measures(problem, second));
  }
});
