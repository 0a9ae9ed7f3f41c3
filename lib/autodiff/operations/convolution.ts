/**
 * Convolution and pooling over one or two axes: what convolutional networks are made of.
 *
 * @module
 */
import { ShapeError } from "../../core/mod.ts";
import { callerLine, refuse } from "../errors.ts";
import type { Node } from "../node.ts";
import { convolution } from "../primitives/convolution.ts";
import { divide } from "../primitives/arithmetic.ts";
import { patches, placesOf, type Sliding } from "../primitives/patches.ts";
import { largest, sum } from "../primitives/reductions.ts";
import { reshape } from "../primitives/structure.ts";
import { sizeOf } from "../shape.ts";
import type { Operand } from "../values.ts";
import { apply } from "./apply.ts";

/** A number for all axes, or one for each. */
export type PerAxis = number | readonly number[];

/** Options of convolutions. */
export interface ConvolutionOptions {
  /** How far the window moves from place to place. Default: 1. */
  readonly stride?: PerAxis;
  /** How many zeros stand in front of and behind each axis. Default: 0. */
  readonly padding?: PerAxis;
}

function perAxis(name: string, what: string, given: PerAxis, axes: number, least: number): number[] {
  const list = typeof given === "number" ? new Array<number>(axes).fill(given) : [...given];
  if (list.length === axes && list.every((n) => Number.isSafeInteger(n) && n >= least)) return list;
  throw new ShapeError(
    `Cannot apply ${name}: expected a ${what} of ${axes} whole numbers from ${least}, got [${list}]${callerLine()}`,
  );
}

/** With an axis of length 1 in front of the last, if there is only one axis to slide along. */
function asImages(x: Node, axes: number): Node {
  return axes === 2 ? x : reshape(x, [...x.shape.slice(0, -1), 1, ...x.shape.slice(-1)]);
}

const pair = (list: readonly number[], one: number): [number, number] =>
  list.length === 2 ? [list[0], list[1]] : [one, list[0]];

function convolve(name: string, axes: number, x: Operand, w: Operand, options: ConvolutionOptions): Operand {
  return apply(
    name,
    (images, weights) => {
      const stride = perAxis(name, "stride", options.stride ?? 1, axes, 1);
      const padding = perAxis(name, "padding", options.padding ?? 0, axes, 0);
      const window = weights.shape.slice(2), lengths = images.shape.slice(2);
      const fits = images.shape.length === axes + 2 && weights.shape.length === axes + 2 &&
        images.shape[1] === weights.shape[1] &&
        window.every((n, i) => n >= 1 && n <= lengths[i] + 2 * padding[i]);
      if (!fits) {
        const form = axes === 2 ? "height, width" : "length";
        refuse(
          name,
          `images [b, c, ${form}] and weights [o, c, ${form}], not longer than the padded images`,
          images.shape,
          weights.shape,
        );
      }
      const y = convolution(asImages(images, axes), asImages(weights, axes), pair(stride, 1), pair(padding, 0));
      return axes === 2 ? y : reshape(y, [...y.shape.slice(0, 2), y.shape[3]]);
    },
    x,
    w,
  );
}

/**
 * The convolution (without reflection) of sequences with windows over all channels,
 * `y[b, o, p] = Σ x[b, c, s p + k - q] w[o, c, k]` over c and k, with stride s and padding q.
 *
 * @param x Sequences `[batch, channels, length]`.
 * @param w Weights `[output channels, channels, window]`.
 * @returns `[batch, output channels, ⌊(length + 2 q - window) / s⌋ + 1]`.
 * @throws {ShapeError} When the shapes do not fit, or stride and padding are not whole.
 */
export function convolution1d(x: Operand, w: Operand, options: ConvolutionOptions = {}): Operand {
  return convolve("convolution1d", 1, x, w, options);
}

/**
 * The convolution (without reflection) of images with windows over all channels,
 * `y[b, o, p] = Σ x[b, c, s p + k - q] w[o, c, k]` over c and k, where p and k are pairs, with stride s and padding q.
 *
 * @param x Images `[batch, channels, height, width]`.
 * @param w Weights `[output channels, channels, window height, window width]`.
 * @returns `[batch, output channels, ⌊(height + 2 q - window height) / s⌋ + 1, …]`.
 * @throws {ShapeError} When the shapes do not fit, or stride and padding are not whole.
 *
 * @example Sums over squares of two by two pixels
 * ```ts
 * import { convolution2d } from "@gradus/gradus/autodiff";
 * import { assertEquals } from "@std/assert";
 *
 * const image = { shape: [1, 1, 2, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6) };
 * const ones = { shape: [1, 1, 2, 2], data: new Float64Array(4).fill(1) };
 * assertEquals(convolution2d(image, ones), { shape: [1, 1, 1, 2], data: Float64Array.of(12, 16) });
 * ```
 */
export function convolution2d(x: Operand, w: Operand, options: ConvolutionOptions = {}): Operand {
  return convolve("convolution2d", 2, x, w, options);
}

/** Options of pooling. */
export interface PoolOptions {
  /** How far the window moves from place to place. Default: its own size. */
  readonly stride?: PerAxis;
}

function pool(
  name: string,
  x: Operand,
  window: readonly number[],
  options: PoolOptions,
  reduce: (p: Node) => Node,
): Operand {
  return apply(name, (node) => {
    const axes = window.length === 1 ? 1 : 2, lengths = node.shape.slice(-axes), rest = node.shape.slice(0, -axes);
    const size = perAxis(name, "window", window, axes, 1),
      stride = perAxis(name, "stride", options.stride ?? size, axes, 1);
    if (node.shape.length < axes || size.some((n, i) => n > lengths[i])) {
      refuse(name, `an array that holds a window [${size}]`, node.shape);
    }
    const sliding: Sliding = [pair(lengths, 1), pair(size, 1), pair(stride, 1), [0, 0]];
    return reshape(reduce(patches(asImages(node, axes), sliding)), [...rest, ...placesOf(sliding).slice(-axes)]);
  }, x);
}

/**
 * The largest entry in each window that slides over the last axes, as many as `window` has numbers (one or two);
 * without padding. At ties the derivative is the mean of theirs.
 *
 * @throws {ShapeError} When the window is larger than the array, or window and stride are not whole.
 *
 * @example The largest of two neighbours
 * ```ts
 * import { maxPool } from "@gradus/gradus/autodiff";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(maxPool(Float64Array.of(1, 4, 3, 2), [2]), Float64Array.of(4, 3));
 * assertEquals(maxPool(Float64Array.of(1, 4, 3, 2), [2], { stride: 1 }), Float64Array.of(4, 4, 3));
 * ```
 */
export function maxPool(x: Operand, window: readonly number[], options: PoolOptions = {}): Operand {
  return pool("maxPool", x, window, options, (node) => largest(node, [node.shape.length - 2]));
}

/**
 * The mean of each window that slides over the last axes, as many as `window` has numbers (one or two); without
 * padding.
 *
 * @throws {ShapeError} When the window is larger than the array, or window and stride are not whole.
 */
export function averagePool(x: Operand, window: readonly number[], options: PoolOptions = {}): Operand {
  return pool(
    "averagePool",
    x,
    window,
    options,
    (node) => divide(sum(node, [node.shape.length - 2]), sizeOf(window)),
  );
}
