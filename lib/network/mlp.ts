/**
 * Multilayer perceptrons: `a₀ = x`, `aₗ = σ(Wₗ aₗ₋₁ + bₗ)`, the last layer without σ.
 *
 * @module
 */
import { add, matmul, transpose } from "../autodiff/mod.ts";
import { layout } from "../core/mod.ts";
import { type Activation, activationOf, initialWeights, type Network } from "./network.ts";

/** The form of a perceptron. */
export interface MlpOptions {
  /** Features of an example. */
  readonly inputs: number;
  /** Units of each hidden layer; none for a linear model. */
  readonly hidden: readonly number[];
  /** Predictions for an example. */
  readonly outputs: number;
  /** σ. Default `tanh`. */
  readonly activation?: Activation;
}

/**
 * A multilayer perceptron. Its blocks are `weights1`, `bias1`, …; the rows of weights are units.
 *
 * @throws {DomainError} When a number of units is no positive integer, or the activation has no such name.
 *
 * @example A linear model of three features
 * ```ts
 * import { mlp, predictions } from "@gradus/gradus/network";
 * import { assertEquals } from "@std/assert";
 *
 * const linear = mlp({ inputs: 3, hidden: [], outputs: 1 }), X = { rows: 1, columns: 3, data: Float64Array.of(1, 2, 3) };
 * assertEquals(predictions(linear, Float64Array.of(1, 1, 1, 0.5), X).data, Float64Array.of(6.5));
 * ```
 */
export function mlp({ inputs, hidden, outputs, activation = "tanh" }: MlpOptions): Network {
  const units = [inputs, ...hidden, outputs], shapes: Record<string, [number, ...number[]]> = {};
  const fanIn: Record<string, number> = {}, depth = units.length - 1, apply = activationOf(activation);
  for (let l = 1; l <= depth; l++) {
    shapes[`weights${l}`] = [units[l], units[l - 1]];
    shapes[`bias${l}`] = [units[l]];
    fanIn[`weights${l}`] = units[l - 1];
  }
  const blocks = layout(shapes);
  return {
    name: `perceptron ${units.join("-")}`,
    inputs,
    outputs,
    layout: blocks,
    predict: (weights, X) => {
      let a = X;
      for (let l = 1; l <= depth; l++) {
        const z = add(matmul(a, transpose(weights[`weights${l}`])), weights[`bias${l}`]);
        a = l < depth ? apply(z) : z;
      }
      return a;
    },
    initial: (seed) => initialWeights(blocks, fanIn, activation, seed),
  };
}
