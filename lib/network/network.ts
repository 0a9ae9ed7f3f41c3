/**
 * Small networks: a map from features to predictions with named arrays of weights, as problems over data.
 *
 * ```
 * z = network(W; x),   f(W) = mean over examples of log Σₖ exp zₖ - z_y
 * ```
 *
 * @module
 */
import {
  type Blocks,
  blocksOf,
  logsumexp,
  multiply,
  type Operand,
  relu,
  softplus,
  type StochasticObjective,
  stochasticObjective,
  subtract,
  sum,
  tanh,
} from "../autodiff/mod.ts";
import { DomainError, fillNormal, type Layout, type Matrix, rng, ShapeError, type Vector } from "../core/mod.ts";

/** A network with weights in the blocks of a layout. */
export interface Network {
  /** For tables and messages. */
  readonly name: string;
  /** The number of features of an example. */
  readonly inputs: number;
  /** The number of predictions for an example. */
  readonly outputs: number;
  /** Names and shapes of the weights. */
  readonly layout: Layout;
  /** Predictions `[n, outputs]` for features `[n, inputs]`. */
  readonly predict: (weights: Blocks<string>, X: Operand) => Operand;
  /** Random weights, the same for the same seed. */
  readonly initial: (seed: number) => Vector;
}

/** A function between layers, entry by entry. */
export type Activation = "tanh" | "relu" | "softplus";

const ACTIVATIONS: Readonly<Record<Activation, (x: Operand) => Operand>> = { tanh, relu, softplus };

/**
 * The function of that name.
 *
 * @throws {DomainError} When there is none.
 */
export function activationOf(name: Activation): (x: Operand) => Operand {
  if (Object.hasOwn(ACTIVATIONS, name)) return ACTIVATIONS[name];
  throw new DomainError(`Cannot make a network: expected tanh, relu or softplus, got ${name}`);
}

/**
 * Normal weights of variance `gain / fan-in` in the blocks of which the inputs of a unit are given, zeros in all
 * others. The gain is 2 for units that are zero on half of the line, 1 for others.
 *
 * Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks (2010); He,
 * Zhang, Ren and Sun, Delving deep into rectifiers (2015), equation (10).
 */
export function initialWeights(
  layout: Layout,
  fanIn: Readonly<Record<string, number>>,
  activation: Activation,
  seed: number,
): Vector {
  const x = new Float64Array(layout.size), random = rng(seed), gain = activation === "tanh" ? 1 : 2;
  for (const { name, offset, shape } of layout.blocks) {
    if (!(name in fanIn)) continue;
    const weights = x.subarray(offset, offset + shape.reduce((size, length) => size * length, 1));
    const deviation = Math.sqrt(gain / fanIn[name]);
    fillNormal(random, weights);
    for (let k = 0; k < weights.length; k++) weights[k] *= deviation;
  }
  return x;
}

/**
 * The mean cross-entropy of a network over examples with labels, as a stochastic problem with Hessian-vector products.
 * Run it with the network's layout, so that transformations see matrices.
 *
 * @param X The features, one row for an example.
 * @param labels The class of each example.
 * @throws {ShapeError} When X has another width than the network or another height than the labels.
 * @throws {DomainError} When a label is no whole number below the number of outputs.
 *
 * @example Learning an exclusive or
 * ```ts
 * import { iterations, solve } from "@gradus/gradus/core";
 * import { accuracy, classification, mlp } from "@gradus/gradus/network";
 * import { adam } from "@gradus/gradus/stochastic";
 * import { assertEquals } from "@std/assert";
 *
 * const X = { rows: 4, columns: 2, data: Float64Array.of(0, 0, 0, 1, 1, 0, 1, 1) }, labels = [0, 1, 1, 0];
 * const network = mlp({ inputs: 2, hidden: [8], outputs: 2 }), problem = classification(network, X, labels);
 * const { x } = solve(problem, adam({ learningRate: 0.05 }), {
 *   start: network.initial(1),
 *   layout: network.layout,
 *   stop: iterations(200),
 * });
 * assertEquals(accuracy(network, x, X, labels), 1);
 * ```
 */
export function classification(network: Network, X: Matrix, labels: ArrayLike<number>): StochasticObjective {
  const indicators = oneHot(network, X, labels);
  return stochasticObjective(
    (weights: Blocks<string>, { X, Y }) => {
      const z = network.predict(weights, X);
      return subtract(logsumexp(z, { axes: 1 }), sum(multiply(z, Y), { axes: 1 }));
    },
    { X, Y: indicators },
    { layout: network.layout, name: network.name },
  );
}

/** A row for each example, 1 at its label. */
function oneHot({ inputs, outputs }: Network, X: Matrix, labels: ArrayLike<number>): Matrix {
  if (X.columns !== inputs || X.rows !== labels.length) {
    throw new ShapeError(
      `Cannot make a classification: expected ${labels.length} x ${inputs} features, got ${X.rows} x ${X.columns}`,
    );
  }
  const data = new Float64Array(X.rows * outputs);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (!(Number.isInteger(label) && label >= 0 && label < outputs)) {
      throw new DomainError(`Cannot make a classification: expected labels below ${outputs}, got ${label} at ${i}`);
    }
    data[i * outputs + label] = 1;
  }
  return { rows: X.rows, columns: outputs, data };
}

/**
 * The predictions for the rows of X.
 *
 * @throws {ShapeError} When the weights have another length than the layout, or X another width than the network.
 */
export function predictions(network: Network, weights: Vector, X: Matrix): Matrix {
  if (X.columns !== network.inputs) {
    throw new ShapeError(`Cannot predict: expected rows of ${network.inputs} features, got ${X.columns}`);
  }
  return network.predict(blocksOf(network.layout, weights), X) as Matrix;
}

/**
 * The share of rows of X for which the largest prediction stands at the label.
 *
 * @throws {ShapeError} When the weights or X do not fit.
 */
export function accuracy(network: Network, weights: Vector, X: Matrix, labels: ArrayLike<number>): number {
  const { rows, columns, data } = predictions(network, weights, X);
  let right = 0;
  for (let i = 0; i < rows; i++) {
    const row = data.subarray(i * columns, (i + 1) * columns);
    if (row.indexOf(Math.max(...row)) === labels[i]) right++;
  }
  return right / rows;
}
