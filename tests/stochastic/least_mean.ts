// Least squares as a mean, with all constants of the theorems, and expectations over runs.
import { assert } from "@std/assert";
import { dot, fillNormal, rng, type Smooth, type Solver, type Stochastic, type Vector } from "../../lib/core/mod.ts";
import { eigh, solve as solveSystem } from "../../lib/linalg/mod.ts";
import type { Known } from "./handbook.ts";

/** Examples, variables, steps, runs, and all examples. */
export const N = 50, d = 5, T = 200, REPEATS = 500, all = Uint32Array.from({ length: N }, (_, i) => i);
/** Difference and squared length. */
export const sub = (x: Vector, y: Vector): Vector => x.map((v, i) => v - y[i]),
  square = (x: Vector): number => dot(x, x);

/** `fᵢ = ½ (aᵢᵀx - bᵢ)²` with noise in b, from 0, and all its constants. */
export const least = (() => {
  const random = rng(3),
    A = fillNormal(random, new Float64Array(N * d)),
    truth = fillNormal(random, new Float64Array(d));
  const row = (i: number): Vector => A.subarray(i * d, i * d + d);
  const b = Float64Array.from(all, (i) => dot(row(i), truth)), noise = fillNormal(random, new Float64Array(N));
  for (let i = 0; i < N; i++) b[i] += 0.5 * noise[i];
  const H = { rows: d, columns: d, data: new Float64Array(d * d) }, right = new Float64Array(d);
  for (let i = 0; i < N; i++) {
    for (let j = 0; j < d; j++) {
      right[j] += row(i)[j] * b[i] / N;
      for (let k = 0; k < d; k++) H.data[j * d + k] += row(i)[j] * row(i)[k] / N;
    }
  }
  const problem: Stochastic = {
    kind: "stochastic",
    dimension: d,
    examples: N,
    batchValue: (x, batch) => batch.reduce((s, i) => s + (dot(row(i), x) - b[i]) ** 2 / 2, 0) / batch.length,
    batchGradient: (x, batch, out) => {
      out.fill(0);
      let sum = 0;
      for (let q = 0; q < batch.length; q++) {
        const i = batch[q], r = dot(row(i), x) - b[i];
        sum += r * r / 2;
        for (let j = 0; j < d; j++) out[j] += r * A[i * d + j] / batch.length;
      }
      return sum / batch.length;
    },
  };
  const best = solveSystem(H, right), { values } = eigh(H), start = new Float64Array(d);
  const f = (x: Vector): number => problem.batchValue(x, all);
  const known: Known = {
    distance: square(best),
    gap: f(start) - f(best),
    smoothness: values[d - 1],
    largest: Math.max(...Array.from(all, (i) => square(row(i)))),
    mu: values[0],
    sigma: all.reduce((s, i) => s + (dot(row(i), best) - b[i]) ** 2 * square(row(i)), 0) / N,
    delta: f(best), // each fᵢ reaches 0
    slope: NaN,
  };
  return { problem, row, b, best, known, f, start };
})();

/** The mean of all examples. */
export const smoothOf = (problem: Stochastic): Smooth => ({
  kind: "smooth",
  dimension: problem.dimension,
  value: (x) => problem.batchValue(x, Uint32Array.from({ length: problem.examples }, (_, i) => i)),
  gradient: (x, out) => problem.batchGradient(x, Uint32Array.from({ length: problem.examples }, (_, i) => i), out),
});

/** The mean over runs of what `look` makes of the iterates' weighted average and of the last iterate, with its deviation. */
export function expected(
  problem: Stochastic,
  solver: Solver<Stochastic>,
  start: Vector,
  look: (average: Vector, last: Vector) => number,
  weight: (t: number) => number = () => 1,
): { mean: number; deviation: number } {
  let sum = 0, squares = 0;
  for (let seed = 0; seed < REPEATS; seed++) {
    const state = solver.init(problem, { x: start }, { rng: rng(seed) }), average = new Float64Array(start.length);
    let total = 0;
    for (let t = 0; t < T; t++) { // the average of x₀ … x_{T-1}
      const w = weight(t + 1);
      total += w;
      for (let j = 0; j < average.length; j++) average[j] += w * state.x[j];
      solver.step(problem, state);
    }
    const value = look(average.map((v) => v / total), state.x);
    sum += value;
    squares += value * value;
  }
  const mean = sum / REPEATS;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / REPEATS - mean * mean) / REPEATS) };
}

/** Holds with three deviations to spare, and says something: within a factor. */
export function assertBound(
  { mean, deviation }: { mean: number; deviation: number },
  most: number,
  factor: number,
): void {
  assert(mean + 3 * deviation <= most, `${mean} ± ${deviation} > ${most}`);
  assert(mean >= most / factor, `${mean} says nothing of ${most}`);
}
