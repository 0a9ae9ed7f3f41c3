/**
 * Networks that propose where a linear iteration starts, trained through its steps.
 *
 * ```
 * task: features z, solution x*;   x₀ = network(z),   xₖ₊₁ = x* + G (xₖ - x*),   Lₖ = |xₖ - x*|
 * minimize the mean over tasks of  L_m                                                 (error after m steps)
 *                              or  Σₖ﹤ₘ σ(a log(L₀/ε)) ⋯ σ(a log(Lₖ/ε))                 (surrogate of the number of steps to ε)
 * ```
 *
 * The first spends a network on hard tasks, however rare they are; the second on what costs iterations.
 *
 * Source: Arisaka and Li, Principled Acceleration of Iterative Numerical Methods Using Machine Learning (2022), arXiv
 * 2206.08594, sections 3 and 4.
 *
 * @module
 */
import * as ad from "../autodiff/mod.ts";
import type { Operand } from "../autodiff/mod.ts";
import { checkPositive, DomainError, iterations, type Matrix, ShapeError, solve, type Vector } from "../core/mod.ts";
import { identity, matmul } from "../linalg/mod.ts";
import { adam, cosineDecay } from "../stochastic/mod.ts";
import type { Network } from "./network.ts";

/** A loss of errors `[tasks, steps + 1]`, one number for each task, as an array function. */
export type StartLoss = (errors: Operand) => Operand;

/** `L_m`, as `residualLoss` of linear algebra, for as many steps as there are. */
export function finalError(): StartLoss {
  return (errors) => ad.take(errors, -1, 1);
}

/**
 * The smooth number of steps until the error is at most ε, as `surrogateLoss` of linear algebra.
 *
 * @param sharpness a.
 * @throws {DomainError} When ε or the sharpness is not positive.
 */
export function smoothIterations(epsilon: number, sharpness: number): StartLoss {
  checkPositive("count iterations", "ε", epsilon);
  checkPositive("count iterations", "a sharpness", sharpness);
  return (errors) => {
    const before = ad.slice(errors, 0, -1, 1), ratio = ad.subtract(ad.log(before), Math.log(epsilon));
    const logarithms = ad.negate(ad.softplus(ad.multiply(-sharpness, ratio))); // log σ
    return ad.sum(ad.exp(ad.cumulativeSum(logarithms, { axis: 1 })), { axes: 1 });
  };
}

/** Tasks by rows. */
export interface StartTasks {
  /** What the network sees. */
  readonly features: Matrix;
  /** The solutions x*. */
  readonly solutions: Matrix;
}

/**
 * The errors `|Gᵏ (x₀ - x*)|`, k = 0, …, m, as an array function of starts and solutions by rows: `[tasks, m + 1]`.
 *
 * @param G The matrix of the iteration; its powers are computed once.
 * @throws {ShapeError} When G is not square.
 * @throws {DomainError} When the number of steps is no positive whole number.
 */
export function startErrors(G: Matrix, steps: number): (starts: Operand, solutions: Operand) => Operand {
  const n = G.rows;
  if (G.columns !== n) throw new ShapeError(`Cannot iterate: expected a square matrix, got ${n} x ${G.columns}`);
  if (!Number.isSafeInteger(steps) || steps < 1) {
    throw new DomainError(`Cannot iterate: expected at least one step, got ${steps}`);
  }
  const powers = new Float64Array((steps + 1) * n * n);
  for (let k = 0, P: Matrix = identity(n); k <= steps; k++, P = matmul(P, G)) powers.set(P.data, k * n * n);
  const all = { rows: (steps + 1) * n, columns: n, data: powers };
  return (starts, solutions) => {
    const later = ad.matmul(ad.subtract(starts, solutions), ad.transpose(all));
    return ad.norm(ad.reshape(later, [-1, steps + 1, n]), { axes: 2 });
  };
}

/** Options of `trainStart`. */
export interface TrainStartOptions {
  /** Which loss. */
  readonly loss: StartLoss;
  /** m. */
  readonly steps: number;
  /** Steps of Adam. Default: 1000. */
  readonly iterations?: number;
  /** Tasks in a batch. Default: 64. */
  readonly batchSize?: number;
  /** The learning rate at first; it falls to zero by a cosine. Default: 0.01. */
  readonly learningRate?: number;
  /** Of weights and batches. Default: 0. */
  readonly seed?: number;
}

/**
 * Weights of a network that starts the iteration with G, by Adam.
 *
 * @throws {ShapeError} When the network, the tasks and G do not fit together.
 * @throws {DomainError} When the number of steps is no positive whole number.
 *
 * @example Starts for tasks with solutions that follow from what is known of them
 * ```ts
 * import { matrix } from "@gradus/gradus/linalg";
 * import { finalError, mlp, trainStart } from "@gradus/gradus/network";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const features = matrix([[1], [2], [3]]), solutions = matrix([[2], [4], [6]]), linear = mlp({ inputs: 1, hidden: [], outputs: 1 });
 * const weights = trainStart(linear, matrix([[0.5]]), { features, solutions }, { loss: finalError(), steps: 1, learningRate: 0.05 });
 * assertAlmostEquals(weights[0], 2, 0.05);
 * ```
 */
export function trainStart(network: Network, G: Matrix, tasks: StartTasks, options: TrainStartOptions): Vector {
  const { loss, steps, iterations: most = 1000, batchSize = 64, learningRate = 0.01, seed = 0 } = options;
  const errors = startErrors(G, steps), count = tasks.features.rows;
  const problem = ad.stochasticObjective<string, Record<"features" | "solutions", Matrix>>(
    (weights, { features, solutions }) => loss(errors(network.predict(weights, features), solutions)),
    { features: tasks.features, solutions: tasks.solutions },
    { layout: network.layout, name: "learned start" },
  );
  return solve(
    problem,
    adam({ learningRate: cosineDecay(learningRate, most), batchSize: Math.min(batchSize, count) }),
    {
      start: network.initial(seed),
      seed,
      stop: iterations(most),
      measureEvery: most,
    },
  ).x;
}
