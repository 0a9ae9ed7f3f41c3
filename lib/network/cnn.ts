/**
 * Convolutional classifiers: for each stage a convolution with 3 x 3 kernels, σ, the largest of each 2 x 2 pixels; then
 * one dense layer.
 *
 * @module
 */
import { add, convolution2d, matmul, maxPool, reshape, shapeOf, transpose } from "../autodiff/mod.ts";
import { DomainError, layout } from "../core/mod.ts";
import { type Activation, activationOf, initialWeights, type Network } from "./network.ts";

/** The form of a convolutional network. */
export interface CnnOptions {
  /**
   * Channels, height and width of an image, of which the features are the pixels, row after row, channel after channel.
   */
  readonly image: readonly [channels: number, height: number, width: number];
  /** Channels after each stage. */
  readonly channels: readonly number[];
  /** Classes. */
  readonly outputs: number;
  /** σ. Default `relu`. */
  readonly activation?: Activation;
}

/**
 * A convolutional network. The kernels of stage l are the rows of `kernels<l>`, `[outputs · inputs, 9]`, so that
 * methods that treat rows of matrices alike see kernels; `bias<l>` has a number for each channel, `weights` and `bias`
 * are the dense layer's.
 *
 * @throws {DomainError} When a number is no positive integer, an image cannot be halved by each stage, or the
 * activation has no such name.
 *
 * @example The shapes of a small one
 * ```ts
 * import { cnn } from "@gradus/gradus/network";
 * import { assertEquals } from "@std/assert";
 *
 * const { layout, inputs } = cnn({ image: [1, 8, 8], channels: [4, 8], outputs: 10 });
 * assertEquals(layout.blocks.map(({ shape }) => shape), [[4, 9], [4], [32, 9], [8], [10, 32], [10]]);
 * assertEquals(inputs, 64);
 * ```
 */
export function cnn({ image, channels, outputs, activation = "relu" }: CnnOptions): Network {
  const [first, height, width] = image, stages = channels.length, maps = [first, ...channels];
  const apply = activationOf(activation), factor = 2 ** stages;
  if (height % factor !== 0 || width % factor !== 0) {
    throw new DomainError(`Cannot make a network: expected sides divisible by ${factor}, got ${height} x ${width}`);
  }
  const shapes: Record<string, [number, ...number[]]> = {}, fanIn: Record<string, number> = {};
  for (let l = 1; l <= stages; l++) {
    shapes[`kernels${l}`] = [maps[l] * maps[l - 1], 9];
    shapes[`bias${l}`] = [maps[l]];
    fanIn[`kernels${l}`] = 9 * maps[l - 1];
  }
  const features = maps[stages] * height * width / factor ** 2;
  shapes.weights = [outputs, fanIn.weights = features];
  shapes.bias = [outputs];
  const blocks = layout(shapes);
  return {
    name: `convolutional ${image.join("x")}-${channels.join("-")}-${outputs}`,
    inputs: first * height * width,
    outputs,
    layout: blocks,
    predict: (weights, X) => {
      const [count] = shapeOf(X);
      let a = reshape(X, [count, first, height, width]);
      for (let l = 1; l <= stages; l++) {
        const kernels = reshape(weights[`kernels${l}`], [maps[l], maps[l - 1], 3, 3]);
        const bias = reshape(weights[`bias${l}`], [maps[l], 1, 1]);
        a = maxPool(apply(add(convolution2d(a, kernels, { padding: 1 }), bias)), [2, 2]);
      }
      return add(matmul(reshape(a, [count, features]), transpose(weights.weights)), weights.bias);
    },
    initial: (seed) => initialWeights(blocks, fanIn, activation, seed),
  };
}
