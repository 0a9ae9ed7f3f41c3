// The best weights in an order, and what swaps change.
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { permutation, rng } from "../../../lib/core/mod.ts";
import { topologicalInner } from "../../../lib/exact/mod.ts";
import { graphModel } from "../../../lib/exact/topo/topological_inner.ts";
import { graphData } from "../../../lib/exact/topo/graph_data.ts";
import { column, lstsq, matrix } from "../../../lib/linalg/mod.ts";
import { centred, logisticData, objective, simulatedGraph } from "./simulated.ts";

// @must topologicalInner: each column regressed on its predecessors: the same as least squares on the data
// @measured reached: weights to 1e-12, Q to 1e-13
Deno.test("topologicalInner() is a regression of each column on those before it", () => {
  const random = rng(4), { X } = simulatedGraph(random, 6, 9, 80), order = permutation(random, new Uint32Array(6));
  for (let i = 0; i < 80; i++) X.data[6 * i + 2] += 7; // means do not matter
  const { W, value, ridge, dependent } = topologicalInner(X, order), data = centred(X);
  assertEquals([ridge, dependent], [0, []]);
  for (let k = 0; k < 6; k++) {
    const before = [...order.subarray(0, k)], w = new Float64Array(6);
    if (k > 0) {
      const A = matrix(before.map((i) => column(data, i))), columns = matrix(80, k);
      for (let i = 0; i < 80; i++) for (let j = 0; j < k; j++) columns.data[i * k + j] = A.data[j * 80 + i];
      lstsq(columns, column(data, order[k])).x.forEach((v, j) => w[before[j]] = v);
    }
    for (let i = 0; i < 6; i++) assertAlmostEquals(W.data[i * 6 + order[k]], w[i], 1e-12);
  }
  assertAlmostEquals(value, objective(X, W), 1e-12);
});

Deno.test("topologicalInner() with a penalty satisfies the conditions of the lasso", () => {
  const random = rng(5), { X } = simulatedGraph(random, 7, 12, 60), penalty = 0.3;
  const order = permutation(random, new Uint32Array(7)), { W, value } = topologicalInner(X, order, { penalty });
  const { S } = graphData("test", X, penalty);
  let zeros = 0;
  for (let k = 0; k < 7; k++) {
    for (let a = 0; a < 7; a++) {
      const i = order[a], j = order[k], w = W.data[i * 7 + j];
      if (a >= k) {
        assertEquals(w, 0);
        continue;
      }
      let g = -S.data[i * 7 + j];
      for (let l = 0; l < 7; l++) g += S.data[i * 7 + l] * W.data[l * 7 + j];
      if (w === 0) {
        zeros++;
        assert(Math.abs(g) <= penalty + 1e-6);
      } else assertAlmostEquals(g, -penalty * Math.sign(w), 1e-6);
    }
  }
  assert(zeros > 3 && zeros < 20, `${zeros}`);
  assertAlmostEquals(value, objective(X, W, penalty), 1e-12);
});

// @must topologicalInner: also with a logistic loss
// @measured reached: the conditions of a minimum to 1e-6
Deno.test("topologicalInner() with the logistic loss satisfies the conditions of its minimum", () => {
  const d = 6, n = 300, { X, order } = logisticData(12, d, 9, n), penalty = 0.02;
  const { W, value } = topologicalInner(X, order, { penalty, loss: "logistic" }), slope = matrix(d, d);
  let Q = penalty * W.data.reduce((s, w) => s + Math.abs(w), 0), zeros = 0;
  for (let row = 0; row < n * d; row += d) {
    for (let j = 0; j < d; j++) {
      let z = 0;
      for (let i = 0; i < d; i++) z += X.data[row + i] * W.data[i * d + j];
      Q += (Math.log(1 + Math.exp(z)) - X.data[row + j] * z) / n;
      const r = 1 / (1 + Math.exp(-z)) - X.data[row + j];
      for (let i = 0; i < d; i++) slope.data[i * d + j] += X.data[row + i] * r / n;
    }
  }
  assertAlmostEquals(value, Q, 1e-12);
  for (let k = 0; k < d; k++) {
    for (let a = 0; a < d; a++) {
      const at = order[a] * d + order[k], w = W.data[at], g = slope.data[at];
      if (a >= k) assertEquals(w, 0);
      else if (w !== 0) assertAlmostEquals(g, -penalty * Math.sign(w), 1e-6);
      else {
        zeros++;
        assert(Math.abs(g) <= penalty + 1e-6);
      }
    }
  }
  assert(zeros > 0 && zeros < 12, `${zeros}`);
});

Deno.test("changes of swaps are the differences of Q, and add up where ranges do not overlap", () => {
  const { X, order } = simulatedGraph(rng(6), 9, 18, 100);
  for (const penalty of [0, 0.1]) {
    const { fit } = graphModel("test", X, order, { penalty }), before = fit.value();
    for (let q = 0; q < 9; q++) {
      for (let p = 0; p < q; p++) {
        const swapped = order.slice();
        [swapped[p], swapped[q]] = [order[q], order[p]];
        assertAlmostEquals(fit.change(p, q), topologicalInner(X, swapped, { penalty }).value - before, 1e-9);
      }
    }
    const sum = fit.change(0, 2) + fit.change(3, 4) + fit.change(5, 8);
    fit.exchange([5, 8, 0, 2, 3, 4]);
    assertAlmostEquals(fit.value() - before, sum, 1e-9);
    assertAlmostEquals(fit.value(), topologicalInner(X, fit.order, { penalty }).value, 1e-9);
  }
});
