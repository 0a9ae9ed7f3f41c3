/**
 * Fourier transforms along the last axis, with complex arrays as pairs of real ones.
 *
 * @module
 */
import { refuse } from "../errors.ts";
import type { Node } from "../node.ts";
import { divide } from "../primitives/arithmetic.ts";
import { fourier } from "../primitives/fourier.ts";
import { reshape, zeros } from "../primitives/structure.ts";
import { concatenate, slice } from "../primitives/window.ts";
import { range, sameNumbers, type Shape } from "../shape.ts";
import type { Operand } from "../values.ts";
import { applySeveral } from "./apply.ts";

/** A complex array. */
export type ComplexOperand = {
  /** The real parts. */
  readonly real: Operand;
  /** The imaginary parts, of the same shape. */
  readonly imaginary: Operand;
};

/** Real and imaginary parts of the transform. */
function transformed(name: string, real: Node, imaginary: Node, inverse: number): [Node, Node] {
  const shape = real.shape, n = shape[shape.length - 1], zero = range(0, shape.length).map(() => 0);
  if (shape.length === 0 || !sameNumbers(shape, imaginary.shape)) {
    refuse(name, "real and imaginary parts of one shape", shape, imaginary.shape);
  }
  const longer: Shape = [1, ...shape];
  const both = fourier(concatenate([reshape(real, longer), reshape(imaginary, longer)], 0), inverse);
  const part = (i: number): Node => {
    const entries = reshape(slice(both, [i, ...zero], longer), shape);
    return inverse === 1 ? divide(entries, n) : entries;
  };
  return [part(0), part(1)];
}

/**
 * The discrete Fourier transform `X_k = Σⱼ xⱼ e^{-2πi jk/n}` along the last axis.
 *
 * @throws {ShapeError} When the parts differ in shape.
 *
 * @example The energy in a band, by a derivative
 * ```ts
 * import { add, fft, grad, type Operand, square, take } from "@gradus/gradus/autodiff";
 * import { assertEquals } from "@std/assert";
 *
 * const energy = (x: Operand) => {
 *   const { real, imaginary } = fft({ real: x, imaginary: new Float64Array(4) });
 *   return add(square(take(real, 1)), square(take(imaginary, 1)));
 * };
 * assertEquals(energy(Float64Array.of(1, 0, -1, 0)), 4);
 * assertEquals(grad(energy)(Float64Array.of(1, 0, -1, 0)), Float64Array.of(4, 0, -4, 0));
 * ```
 */
export function fft({ real, imaginary }: ComplexOperand): ComplexOperand {
  const [re, im] = applySeveral("fft", (a, b) => transformed("fft", a, b, 0), real, imaginary);
  return { real: re, imaginary: im };
}

/**
 * The inverse of `fft`: `x_j = (1/n) Σ_k X_k e^{2πi jk/n}` along the last axis.
 *
 * @throws {ShapeError} When the parts differ in shape.
 */
export function ifft({ real, imaginary }: ComplexOperand): ComplexOperand {
  const [re, im] = applySeveral("ifft", (a, b) => transformed("ifft", a, b, 1), real, imaginary);
  return { real: re, imaginary: im };
}

/**
 * The first ⌊n/2⌋ + 1 entries of the transform of a real array along its last axis; the others are their conjugates.
 */
export function rfft(x: Operand): ComplexOperand {
  const [re, im] = applySeveral("rfft", (a) => {
    const both = transformed("rfft", a, zeros(a.shape), 0), rank = a.shape.length, n = a.shape[rank - 1];
    const half = [...a.shape.slice(0, -1), n === 0 ? 0 : (n >> 1) + 1];
    return both.map((part) => slice(part, range(0, rank).map(() => 0), half));
  }, x);
  return { real: re, imaginary: im };
}
