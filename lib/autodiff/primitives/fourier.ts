/**
 * Fourier transforms along the last axis of complex arrays, of which the first axis holds real and imaginary parts.
 *
 * @module
 */
import { fft } from "../../linalg/mod.ts";
import { refuse } from "../errors.ts";
import { make, type Node } from "../node.ts";
import { definePrimitive, type Primitive } from "../primitive.ts";

/**
 * `Σⱼ xⱼ e^{-2πi jk/n}`, or with the other sign if the attribute is 1; the transpose, for pairs of real numbers, has
 * the other sign.
 */
export const fourierPrimitive: Primitive<number> = definePrimitive<number>({
  name: "fourier",
  emission: "kernel",
  shape: ([given]) =>
    given.length >= 2 && given[0] === 2
      ? given
      : refuse("fourier", "real and imaginary parts along the first axis", given),
  jvp: ({ attribute }, [t]) => t && fourier(t, attribute),
  transpose: ({ attribute }, c) => [fourier(c, 1 - attribute)],
  kernel({ shape, attribute }) {
    const n = shape[shape.length - 1];
    return ([a], out) => {
      const half = a.length / 2;
      for (let k = 0; k < half; k += n) {
        const first = a.subarray(k, k + n), second = a.subarray(half + k, half + k + n);
        // with real and imaginary parts exchanged, before and after, the sign is the other one
        const { real, imaginary } = attribute === 0
          ? fft({ real: first, imaginary: second })
          : fft({ real: second, imaginary: first });
        out.set(attribute === 0 ? real : imaginary, k);
        out.set(attribute === 0 ? imaginary : real, half + k);
      }
    };
  },
});

/** The transform with the sign -1, or 1 if `inverse` is 1; not divided by n. */
export function fourier(parts: Node, inverse: number): Node {
  return make(fourierPrimitive, [parts], inverse);
}
