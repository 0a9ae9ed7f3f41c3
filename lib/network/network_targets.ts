/**
 * Networks as problems that show their targets: the losses see the weights through the predictions.
 *
 * @module
 */
import { type Blocks, compile, grad, multiply, ofShape, type Operand, sum, trace } from "../autodiff/mod.ts";
import { type Matrix, ShapeError, type Targets, type TargetStochastic, type Vector, vectorOf } from "../core/mod.ts";
import { throughTargets } from "../stochastic/mod.ts";
import type { Network } from "./network.ts";

/** Predictions of a batch, and what the transpose of their derivative makes of a vector over the batch. */
type Oracles = Pick<Targets, "predict" | "pullBack">;

/**
 * The mean over examples of losses of a network's predictions, where the losses are what is expensive: predictions and
 * products with the transpose of their derivative are compiled and of no cost.
 *
 * @param X The features, one row for an example.
 * @param losses The losses of predictions, `outputs` for each example.
 * @throws {ShapeError} When X or the losses do not fit the network.
 *
 * @example Squared losses of a line
 * ```ts
 * import { mlp, networkTargets } from "@gradus/gradus/network";
 * import { squaredLoss } from "@gradus/gradus/problems";
 * import { assertEquals } from "@std/assert";
 *
 * const line = mlp({ inputs: 1, hidden: [], outputs: 1 }), X = { rows: 2, columns: 1, data: Float64Array.of(1, 2) };
 * const problem = networkTargets(line, X, squaredLoss(Float64Array.of(3, 5))), out = new Float64Array(2);
 * assertEquals(problem.batchGradient(Float64Array.of(1, 1), Uint32Array.of(0, 1), out), 1.25);
 * assertEquals(out, Float64Array.of(-2.5, -1.5));
 * ```
 */
export function networkTargets(
  network: Network,
  X: Matrix,
  losses: Omit<Targets, "predict" | "pullBack">,
): TargetStochastic {
  const { inputs, outputs, layout } = network;
  if (X.columns !== inputs || losses.perExample !== outputs) {
    throw new ShapeError(
      `Cannot show targets of a network: expected ${inputs} features and ${outputs} targets, got ${X.columns} and ` +
        losses.perExample,
    );
  }
  const made = new Map<number, Oracles>();
  const oraclesOf = ({ length }: Uint32Array): Oracles => {
    let oracles = made.get(length);
    if (!oracles) made.set(length, oracles = oraclesFor(network, X, length));
    return oracles;
  };
  return throughTargets(network.name, layout.size, X.rows, {
    ...losses,
    predict: (x, batch, out) => oraclesOf(batch).predict(x, batch, out),
    pullBack: (x, batch, w, out) => oraclesOf(batch).pullBack(x, batch, w, out),
  });
}

function oraclesFor({ predict, inputs, outputs, layout }: Network, X: Matrix, count: number): Oracles {
  const shapes = Object.fromEntries(layout.blocks.map(({ name, shape }) => [name, ofShape(...shape)]));
  const rows = new Float64Array(count * inputs), features = ofShape(count, inputs), weights = ofShape(count, outputs);
  const gather = (batch: Uint32Array): void => {
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < inputs; j++) rows[i * inputs + j] = X.data[batch[i] * inputs + j];
    }
  };
  const split = (x: Vector): Vector[] => layout.blocks.map(({ name }) => vectorOf(layout, x, name));
  const forward = compile(trace(predict, shapes, features));
  const backward = compile(trace(
    (blocks: Blocks<string>, X: Operand, w: Operand) =>
      grad((blocks: Blocks<string>) => sum(multiply(predict(blocks, X), w)))(blocks),
    shapes,
    features,
    weights,
  ));
  return {
    predict: (x, batch, out) => {
      gather(batch);
      forward.run([...split(x), rows], [out]);
    },
    pullBack: (x, batch, w, out) => {
      gather(batch);
      backward.run([...split(x), rows, w], split(out));
    },
  };
}
