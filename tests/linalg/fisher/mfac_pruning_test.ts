// Pruning of a small network by inverse Fisher products.
import { assert, assertEquals } from "@std/assert";
import { fillNormal, iterations, type Matrix, rng, type Smooth, solve, type Vector } from "../../../lib/core/mod.ts";
import { mfac, pruneWeights } from "../../../lib/linalg/mod.ts";
import { lbfgs } from "../../../lib/smooth/mod.ts";

const inputs = 10, hidden = 20, examples = 400, dimension = hidden * (inputs + 2) + 1;

/** A teacher's classes, on a network of tanh units with a logistic loss: the value and gradient of one example. */
function network(seed: number): (i: number, w: Vector, gradient: Vector) => number {
  const random = rng(seed), X = fillNormal(random, new Float64Array(examples * inputs));
  const teacher = fillNormal(random, new Float64Array(3 * inputs)), unit = new Float64Array(hidden);
  const labels = Array.from({ length: examples }, (_, i) => {
    const z = [0, 1, 2].map((k) =>
      teacher.slice(k * inputs, (k + 1) * inputs).reduce((s, t, j) => s + t * X[i * inputs + j], 0)
    );
    return Math.tanh(z[0]) + Math.tanh(z[1]) * Math.tanh(z[2]) > 0 ? 1 : -1;
  });
  return (i, w, gradient) => {
    const bias = hidden * inputs, outer = bias + hidden;
    let z = w[dimension - 1];
    for (let h = 0; h < hidden; h++) {
      let sum = w[bias + h];
      for (let j = 0; j < inputs; j++) sum += w[h * inputs + j] * X[i * inputs + j];
      unit[h] = Math.tanh(sum);
      z += w[outer + h] * unit[h];
    }
    const margin = labels[i] * z, slope = -labels[i] / (1 + Math.exp(margin));
    for (let h = 0; h < hidden; h++) {
      const inner = slope * w[outer + h] * (1 - unit[h] ** 2);
      gradient[outer + h] += slope * unit[h];
      gradient[bias + h] += inner;
      for (let j = 0; j < inputs; j++) gradient[h * inputs + j] += inner * X[i * inputs + j];
    }
    gradient[dimension - 1] += slope;
    return Math.log1p(Math.exp(-Math.abs(margin))) + Math.max(0, -margin);
  };
}

function problemOf(example: (i: number, w: Vector, gradient: Vector) => number, decay: number): Smooth {
  const gradient = (w: Vector, out: Vector): number => {
    let value = 0;
    out.fill(0);
    for (let i = 0; i < examples; i++) value += example(i, w, out);
    for (let j = 0; j < dimension; j++) {
      value += examples * decay * w[j] * w[j] / 2;
      out[j] = out[j] / examples + decay * w[j];
    }
    return value / examples;
  };
  return { kind: "smooth", dimension, gradient, value: (w) => gradient(w, new Float64Array(dimension)) };
}

/** Gradients of all examples by the weights that are kept. */
function gradientsOf(example: (i: number, w: Vector, gradient: Vector) => number, w: Vector, kept: number[]): Matrix {
  const G: Matrix = { rows: examples, columns: kept.length, data: new Float64Array(examples * kept.length) };
  const gradient = new Float64Array(dimension);
  for (let i = 0; i < examples; i++) {
    example(i, w, gradient.fill(0));
    for (const [k, j] of kept.entries()) G.data[i * kept.length + k] = gradient[j];
  }
  return G;
}

/** Half of the weights goes, in rounds of equal size, each with the gradients at what is left. */
function halved(
  example: (i: number, w: Vector, gradient: Vector) => number,
  start: Vector,
  damping: number,
  rounds: number,
): Vector {
  const w = start.slice();
  let kept = Array.from(w.keys());
  for (let round = 1; round <= rounds; round++) {
    const left = dimension - Math.round(dimension * round / 2 / rounds), part = Float64Array.from(kept, (j) => w[j]);
    const pruned = pruneWeights(mfac(gradientsOf(example, w, kept), { damping }), part, kept.length - left);
    for (const [k, j] of kept.entries()) w[j] = pruned[k];
    kept = kept.filter((j) => w[j] !== 0);
  }
  return w;
}

// @must pruneWeights: half of the weights of a small network removed: the loss grows by at most half of what pruning by magnitude costs
// @measured reached: in 16 rounds of new gradients 0.31, 0.33 and 0.34 times as much for three networks of 241 weights; all at once 0.77, 0.69 and 0.54 times
Deno.test("pruneWeights() loses less than pruning by magnitude", () => {
  for (const seed of [1, 2, 3]) {
    const decay = 1e-3, example = network(seed), problem = problemOf(example, decay);
    const start = fillNormal(rng(seed + 10), new Float64Array(dimension)).map((v) => v / 3);
    const { x: w, value } = solve(problem, lbfgs(), { start, stop: iterations(300) });
    const byMagnitude = w.slice(), order = Array.from(w.keys()).sort((j, k) => Math.abs(w[j]) - Math.abs(w[k]));
    for (const j of order.slice(0, Math.round(dimension / 2))) byMagnitude[j] = 0;
    const growth = (pruned: Vector): number => problem.value(pruned) - value, magnitude = growth(byMagnitude);
    const [once, rounds] = [1, 16].map((r) => halved(example, w, decay, r));
    for (const pruned of [once, rounds]) assertEquals(pruned.filter((v) => v === 0).length, Math.round(dimension / 2));
    assert(growth(once) < 0.85 * magnitude, `${growth(once)} ${magnitude}`);
    assert(growth(rounds) < 0.45 * magnitude, `${growth(rounds)} ${magnitude}`);
  }
});
