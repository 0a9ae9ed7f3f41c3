// Starts of iterations proposed by networks: what they are trained by decides on what they save.
import { assert, assertThrows } from "@std/assert";
import { DomainError, fillNormal, rng, ShapeError, uniform, type Vector } from "../../lib/core/mod.ts";
import * as ad from "../../lib/autodiff/mod.ts";
import { iterationLoss, type Matrix, matrix, residualLoss, surrogateLoss } from "../../lib/linalg/mod.ts";
import {
  finalError,
  mlp,
  smoothIterations,
  startErrors,
  type StartLoss,
  type StartTasks,
  trainStart,
} from "../../lib/network/mod.ts";
import { assertClose, assertLaws, entries } from "../autodiff/laws.ts";

const n = 15, share = 0.01;

/** Jacobi's iteration for `-u'' = f` on n points: means of neighbours. */
const G = matrix(n, n);
for (let i = 0; i + 1 < n; i++) G.data[i * n + i + 1] = G.data[(i + 1) * n + i] = 0.5;

/** Solutions of a few waves: one in a hundred of long ones, which Jacobi's iteration hardly damps, the others of short ones. */
function tasks(count: number, seed: number): StartTasks {
  const random = rng(seed), features = matrix(count, n), solutions = matrix(count, n);
  for (let t = 0; t < count; t++) {
    for (const k of t < count * share ? [1, 2] : [5, 6, 7, 8, 9, 10]) {
      const amplitude = 2 * uniform(random) - 1, angle = Math.PI * k / (n + 1);
      for (let i = 0; i < n; i++) {
        const value = amplitude * Math.sin(angle * (i + 1));
        solutions.data[t * n + i] += value;
        features.data[t * n + i] += (2 - 2 * Math.cos(angle)) * value; // the right-hand side
      }
    }
  }
  return { features, solutions };
}

// @must trainStart, smoothIterations: 1-D Poisson with Jacobi and an MLP initial guess, 1% hard tasks: surrogate training <= .8 x iterations
// of L_m training
// @measured reached: on new tasks 7.8 iterations on average to an error of 1e-2, after training by L_m 11.0 for m = 10 (0.71) and more for
// larger m; from zero 11.0
Deno.test("trainStart() by the number of iterations saves more of them than by the error after m steps", () => {
  const epsilon = 1e-2,
    network = mlp({ inputs: n, hidden: [6], outputs: n }),
    seen = tasks(1000, 1),
    fresh = tasks(500, 2);
  const errors = startErrors(G, 400), count = iterationLoss(epsilon).value;
  const mean = (weights: Vector): number => {
    const starts = network.predict(ad.blocksOf(network.layout, weights), fresh.features);
    const { data, columns } = ad.asMatrix(errors(starts, fresh.solutions));
    let total = 0;
    for (let t = 0; t < 500; t++) total += count(data.subarray(t * columns, (t + 1) * columns));
    return total / 500;
  };
  const trained = (loss: StartLoss, steps: number): number =>
    mean(trainStart(network, G, seen, { loss, steps, iterations: 300, learningRate: 0.03, batchSize: 32 }));
  const counted = trained(smoothIterations(epsilon, 0.5), 60);
  for (const m of [10, 20]) {
    const byError = trained(finalError(), m);
    assert(counted <= 0.8 * byError, `${counted} ${byError} (m = ${m})`);
  }
  assert(counted < 0.8 * mean(new Float64Array(network.layout.size)));
});

Deno.test("finalError() and smoothIterations() are the losses of linear algebra, by rows, with derivatives", () => {
  const E = { rows: 3, columns: 6, data: fillNormal(rng(3), new Float64Array(18)).map((x) => Math.exp(x)) };
  const row = (k: number): Vector => E.data.slice(6 * k, 6 * k + 6), surrogate = surrogateLoss(0.7, 2, 5);
  assertClose(
    [entries(finalError()(E))],
    [Float64Array.of(...[0, 1, 2].map((k) => residualLoss(5).value(row(k))))],
    0,
    "error",
  );
  const expected = Float64Array.of(...[0, 1, 2].map((k) => surrogate.value(row(k))));
  assertClose([entries(smoothIterations(0.7, 2)(E))], [expected], 1e-14, "iterations");
  assertLaws((e) => smoothIterations(0.7, 2)(ad.add(1.5, ad.tanh(e))), [E], "derivatives");
});

Deno.test("startErrors() are the errors of the iteration", () => {
  const x = matrix(1, n, fillNormal(rng(4), new Float64Array(n))),
    goal = matrix(1, n, fillNormal(rng(5), new Float64Array(n)));
  const errors = entries(startErrors(G, 3)(x, goal)), now = x.data.slice();
  for (let k = 0; k <= 3; k++) {
    const e = now.map((v, i) => v - goal.data[i]);
    assert(Math.abs(errors[k] - Math.hypot(...e)) < 1e-14);
    for (let i = 0; i < n; i++) now[i] = goal.data[i] + ((e[i - 1] ?? 0) + (e[i + 1] ?? 0)) / 2;
  }
});

Deno.test("losses and iterations refuse what is out of range", () => {
  assertThrows(() => smoothIterations(0, 1), DomainError, "expected ε > 0, got 0");
  assertThrows(() => smoothIterations(1, -1), DomainError, "expected a sharpness > 0");
  assertThrows(() => startErrors(matrix(2, 3) as Matrix, 4), ShapeError, "expected a square matrix, got 2 x 3");
  assertThrows(() => startErrors(G, 0), DomainError, "at least one step, got 0");
});
