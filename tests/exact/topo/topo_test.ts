// Graphs that made the data are found again, by swaps that lower Q.
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  type Constrained,
  DomainError,
  evaluations,
  gradientNorm,
  type Matrix,
  measures,
  permutation,
  rng,
  type Smooth,
  solve,
  type Vector,
} from "../../../lib/core/mod.ts";
import {
  acyclicity,
  notears,
  structuralHammingDistance,
  topo,
  topologicalInner,
  type TopologicalInnerOptions,
  topologicalOrder,
} from "../../../lib/exact/mod.ts";
import { matrix } from "../../../lib/linalg/mod.ts";
import { lbfgs } from "../../../lib/smooth/mod.ts";
import { centred, logisticData, objective, simulatedGraph } from "./simulated.ts";

/** The least Q over the orders that one swap of two positions leads to. */
function bestNeighbour(X: Matrix, order: Uint32Array, options: TopologicalInnerOptions): number {
  let least = Infinity;
  for (let q = 0; q < order.length; q++) {
    for (let p = 0; p < q; p++) {
      const swapped = order.slice();
      [swapped[p], swapped[q]] = [order[q], order[p]];
      least = Math.min(least, topologicalInner(X, swapped, options).value);
    }
  }
  return least;
}

Deno.test("topo() with the logistic loss falls to a local minimum", () => {
  const options = { loss: "logistic", penalty: 0.02 } as const;
  for (let seed = 0; seed < 3; seed++) {
    const { X, order } = logisticData(30 + seed, 6, 9, 300), start = permutation(rng(seed), new Uint32Array(6));
    const found = topo(X, { ...options, order: start, largeSearches: Infinity });
    assertEquals(found.status, "local-minimum");
    found.values.forEach((v, k) => assert(k === 0 || v < found.values[k - 1]));
    assert(bestNeighbour(X, found.order, options) >= found.value - 1e-8);
    assert(found.value <= topologicalInner(X, order, options).value + 0.02);
  }
});

// @must topo: Erdős-Rényi graphs with weights ±U(0.5, 2), Gaussian noise, n = 1000, from random orders: with d = 10 and
//   20 edges 5 of 5 seeds reach Q <= Q(true order) + 1e-3 with a structural Hamming distance of 0
// @measured reached: 5 of 5
// @must topo: with d = 20 and 40 edges 3 of 5 seeds
// @measured reached: 5 of 5
// @must topo: with d = 20 and 80 edges 5 of 5 seeds
// @measured reached: 5 of 5
// @must topo: each of these in less than 1 s; Q falls in every iteration
// @measured reached: at most 25 ms, and no more than 1 102 swaps tried
Deno.test("topo() finds the graphs that made the data", () => {
  for (const [d, edges] of [[10, 20], [20, 40], [20, 80]]) {
    for (let seed = 0; seed < 5; seed++) {
      const random = rng(seed), { W, X, order } = simulatedGraph(random, d, edges, 1000);
      const start = permutation(random, new Uint32Array(d)), begun = performance.now();
      const found = topo(X, { order: start }), seconds = (performance.now() - begun) / 1000;
      const text = `d = ${d}, ${edges} edges, seed ${seed}`;
      assertEquals(found.status, "local-minimum", text);
      assertEquals(found.values[0], topologicalInner(X, start).value);
      found.values.forEach((v, k) => assert(k === 0 || v < found.values[k - 1], text));
      assert(found.value <= topologicalInner(X, order).value + 1e-3, text);
      assertEquals(structuralHammingDistance(found.graph, W), 0, text);
      assertAlmostEquals(found.value, objective(X, found.W), 1e-9);
      assertEquals(topo(X, { order: found.order, largeSearches: 0 }).swaps, 0);
      assert(Math.abs(acyclicity(found.W).value) < 1e-9);
      assert(seconds < 1 && found.tried < 3000 && found.swaps > 3, `${text}: ${seconds} s, ${found.tried} swaps tried`);
    }
  }
});

// @must topo: at the end no single swap of the searched set lowers Q
// @measured reached: of all pairs with `largeSearches` without limit, 8 graphs with and without penalty, by refits on
//   the data; of the small set by default, 15 graphs
Deno.test("topo() ends where no swap lowers Q", () => {
  for (let seed = 0; seed < 4; seed++) {
    for (const penalty of [0, 0.05]) {
      const random = rng(20 + seed),
        raw = simulatedGraph(random, 9, 16, 120).X,
        X = seed % 2 ? centred(raw, true) : raw;
      const order = permutation(random, new Uint32Array(9));
      const { status, value, order: last } = topo(X, { order, penalty, largeSearches: Infinity });
      assertEquals(status, "local-minimum");
      assert(bestNeighbour(X, last, { penalty }) >= value - 1e-8 * value);
    }
  }
});

// @must topo: also on standardized data, where scales do not tell the order
// @measured not reached: Q is at or below that of the true order in 5 of 5 seeds (d = 10, 20 edges), but it prefers
//   other graphs, at distances of 23 to 36
Deno.test("topo() on standardized data ends below the true order, at another graph", () => {
  for (let seed = 0; seed < 5; seed++) {
    const random = rng(seed), { W, X, order } = simulatedGraph(random, 10, 20, 1000), data = centred(X, true);
    const found = topo(data, {
      order: permutation(random, new Uint32Array(10)),
      largeSearches: Infinity,
      threshold: 0.1,
    });
    const truth = topologicalInner(data, order).value;
    assert(found.value < truth - 0.1, `${found.value} ${truth}`);
    assert(structuralHammingDistance(found.graph, W) > 10);
  }
});

/** The augmented Lagrangian of the source: the penalty grows tenfold until h falls to a quarter. */
function solveNotears({ objective, constraints: { equality } }: Constrained, start: Vector): Vector {
  const n = start.length, h = new Float64Array(1), pulled = new Float64Array(n), one = Float64Array.of(1);
  let x = start, multiplier = 0, penalty = 1, last = Infinity;
  const lagrangian: Smooth = {
    kind: "smooth",
    dimension: n,
    value: (x) => {
      equality!.value(x, h);
      return objective.value(x) + multiplier * h[0] + penalty / 2 * h[0] ** 2;
    },
    gradient: (x, out) => {
      const value = objective.gradient(x, out);
      equality!.value(x, h);
      equality!.jacobianTransposeVector(x, one, pulled);
      for (let k = 0; k < n; k++) out[k] += (multiplier + penalty * h[0]) * pulled[k];
      return value + multiplier * h[0] + penalty / 2 * h[0] ** 2;
    },
  };
  while (last > 1e-8 && penalty < 1e20) {
    const next = solve(lagrangian, lbfgs(), { start: x, stop: [gradientNorm({ absolute: 1e-3 }), evaluations(200)] }).x;
    equality!.value(next, h);
    if (h[0] > last / 4) penalty *= 10;
    else {
      x = next;
      last = h[0];
      multiplier += penalty * h[0];
    }
  }
  return x;
}

// @must topo: as a second step it never raises Q of a solution of NOTEARS
// @measured reached: 2 seeds, d = 10, 20 edges, h below 1e-8: Q 5.0121 to 5.0075 at the graph that made the data, and
//   5.3838 to 4.9810, 5 edges from it to none
Deno.test("topo() improves on NOTEARS, a constrained problem of its own", () => {
  const before: number[] = [];
  for (const seed of [100, 102]) {
    const { W, X } = simulatedGraph(rng(seed), 10, 20, 1000), { problem, start } = notears(X, "polynomial");
    const x = solveNotears(problem, start);
    assert(measures(problem, { x }).primalFeasibility < 1e-8);
    // what is left without the edges that close cycles
    const solution = matrix(10, 10, x), order = topologicalOrder(solution), places = new Uint32Array(10);
    order.forEach((i, k) => places[i] = k);
    solution.data.forEach((_, k) => {
      if (places[Math.floor(k / 10)] >= places[k % 10]) solution.data[k] = 0;
    });
    const Q = objective(X, solution), inner = topologicalInner(X, order).value, after = topo(X, { order });
    assert(inner <= Q + 1e-12 && after.value <= inner + 1e-12, `${Q}, ${inner}, ${after.value}`);
    assertEquals(structuralHammingDistance(after.graph, W), 0);
    before.push(structuralHammingDistance(matrix(10, 10, solution.data.map((w) => Math.abs(w) < 0.3 ? 0 : w)), W));
  }
  assert(before.some((distance) => distance > 0), String(before));
});

Deno.test("topo() adds a ridge for columns that depend on others, and says which", () => {
  const { X } = simulatedGraph(rng(9), 4, 4, 200), wide = matrix(200, 6);
  for (let i = 0; i < 200; i++) {
    for (let j = 0; j < 4; j++) wide.data[6 * i + j] = X.data[4 * i + j];
    wide.data[6 * i + 4] = 0.1; // constant, not exactly so after its mean is taken off
    wide.data[6 * i + 5] = -2 * X.data[4 * i + 1] + 3; // a copy
  }
  const { ridge, dependent, status, W, value } = topo(wide);
  assertEquals(status, "local-minimum");
  assert(ridge > 0 && ridge < 1e-6);
  assertEquals(dependent.length, 2);
  assert(dependent.includes(4) && (dependent.includes(1) || dependent.includes(5)));
  assert(Number.isFinite(value) && W.data.every(Number.isFinite));
  for (let j = 0; j < 6; j++) {
    assertEquals([Math.abs(W.data[24 + j]) < 1e-6, Math.abs(W.data[6 * j + 4]) < 1e-6], [true, true]);
  }
  const penalized = topo(wide, { penalty: 0.1 });
  assertEquals([penalized.ridge, penalized.dependent], [0, dependent]);
  const constant = topo(matrix(5, 2, new Float64Array(10).fill(3)));
  assertEquals([constant.ridge, constant.dependent], [1, [0, 1]]);
  assert(constant.W.data.every((w) => w === 0));
});

Deno.test("topo() takes more columns than rows with a penalty alone", () => {
  const { X } = simulatedGraph(rng(10), 12, 15, 8);
  assertThrows(() => topo(X), DomainError, "expected a penalty, as there are more columns than rows, got 12 and 8");
  const { values, W, status } = topo(X, { penalty: 0.2 });
  assertEquals(status, "local-minimum");
  values.forEach((v, k) => assert(k === 0 || v < values[k - 1]));
  assertAlmostEquals(values[values.length - 1], objective(X, W, 0.2), 1e-10);
});

Deno.test("topo() and topologicalInner() refuse what is out of range", () => {
  const { X } = simulatedGraph(rng(11), 3, 2, 20);
  assertThrows(() => topo(X, { order: [0, 1] }), DomainError, "expected an order of 0 to 2, got 0, 1");
  assertThrows(() => topo(X, { order: [0, 1, 1] }), DomainError, "got 0, 1, 1");
  assertThrows(() => topologicalInner(X, [0, 1, 2.5]), DomainError, "got 0, 1, 2.5");
  assertThrows(() => topologicalInner(X, [0, 1, 2], { penalty: -1 }), DomainError, "a finite penalty >= 0, got -1");
  assertThrows(() => topo(X, { small: 0 }), DomainError, "expected small to be an integer >= 1, got 0");
  assertThrows(() => topo(X, { largeSearches: 0.5 }), DomainError, "expected largeSearches to be an integer >= 0");
  assertThrows(() => topo(X, { threshold: NaN }), DomainError, "expected a threshold >= 0, got NaN");
  assertThrows(() => topo(matrix(2, 2, [1, NaN, 2, 3])), DomainError, "expected finite data");
  assertThrows(() => topo(matrix(0, 2)), DomainError, "expected rows and columns, got 0 by 2");
  const loss = "hinge" as "squared";
  assertThrows(
    () => topologicalInner(X, [0, 1, 2], { loss }),
    DomainError,
    'a loss among "squared", "logistic", got "hinge"',
  );
  const ones = matrix(2, 2, [0, 1, 1, 0]), logistic = "logistic";
  assertThrows(
    () => topo(X, { loss: logistic, penalty: 1 }),
    DomainError,
    "expected zeros and ones for the logistic loss",
  );
  assertThrows(
    () => topo(ones, { loss: logistic }),
    DomainError,
    "expected a penalty > 0 for the logistic loss, got 0",
  );
  const short = topo(X, { order: [2, 1, 0], maxIterations: 0 });
  assertEquals([short.status, [...short.order], short.values.length], ["iteration-limit", [2, 1, 0], 1]);
  assertStringIncludes(topo(matrix(4, 1, [1, 2, 3, 4])).status, "local-minimum");
});
