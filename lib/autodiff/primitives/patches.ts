/**
 * The patches that a window sees as it slides over the last two axes of an array, one row for each place in the window.
 * The transpose adds patches up where they came from. Convolution and pooling are made of these.
 *
 * @module
 */
import { refuse } from "../errors.ts";
import { make, type Node } from "../node.ts";
import { definePrimitive, type Primitive } from "../primitive.ts";
import { formatShape, sameNumbers, type Shape, sizeOf } from "../shape.ts";

/** How a window slides over two axes of these lengths, with zeros around. */
export type Sliding = readonly [
  lengths: readonly [number, number],
  window: readonly [number, number],
  stride: readonly [number, number],
  padding: readonly [number, number],
];

/** How many places the window takes along both axes. */
export function placesOf([lengths, window, stride, padding]: Sliding): readonly [number, number] {
  const along = (i: number): number => Math.floor((lengths[i] + 2 * padding[i] - window[i]) / stride[i]) + 1;
  return [along(0), along(1)];
}

/** Visits the patches of `count` images one row after the other, from `start` of `images` and `to` of `patches`. */
export type Slide = (count: number, images: Float64Array, start: number, patches: Float64Array, to: number) => void;

/**
 * From which place on, up to which, not including it, an entry of the window lies over the axis, not over the zeros
 * around.
 */
function inside(length: number, shift: number, stride: number, places: number): readonly [number, number] {
  const first = Math.max(0, Math.ceil(-shift / stride));
  return [first, Math.max(first, Math.min(places, Math.floor((length - 1 - shift) / stride) + 1))];
}

/** Copies patches out of images, in rows: `patches[image, place in the window, place of the window]`. */
export function patchReader(sliding: Sliding): Slide {
  const [[height, width], [windowHeight, windowWidth], [down, right], [above, left]] = sliding;
  const [rows, columns] = placesOf(sliding);
  return (count, images, start, patches, to) => {
    for (let c = 0, o = to; c < count; c++) {
      for (let v = 0; v < windowHeight; v++) {
        for (let h = 0; h < windowWidth; h++) {
          const [first, end] = inside(width, h - left, right, columns);
          for (let r = 0; r < rows; r++, o += columns) {
            const y = r * down + v - above;
            if (y < 0 || y >= height) {
              for (let q = 0; q < columns; q++) patches[o + q] = 0;
              continue;
            }
            for (let q = 0; q < first; q++) patches[o + q] = 0;
            let i = start + (c * height + y) * width + first * right + h - left;
            for (let q = first; q < end; q++, i += right) patches[o + q] = images[i];
            for (let q = end; q < columns; q++) patches[o + q] = 0;
          }
        }
      }
    }
  };
}

/** Adds patches to images where `patchReader` copies them from. */
export function patchAdder(sliding: Sliding): Slide {
  const [[height, width], [windowHeight, windowWidth], [down, right], [above, left]] = sliding;
  const [rows, columns] = placesOf(sliding);
  return (count, images, start, patches, from) => {
    for (let c = 0, o = from; c < count; c++) {
      for (let v = 0; v < windowHeight; v++) {
        for (let h = 0; h < windowWidth; h++) {
          const [first, end] = inside(width, h - left, right, columns);
          for (let r = 0; r < rows; r++, o += columns) {
            const y = r * down + v - above;
            if (y < 0 || y >= height) continue;
            let i = start + (c * height + y) * width + first * right + h - left;
            for (let q = first; q < end; q++, i += right) images[i] += patches[o + q];
          }
        }
      }
    }
  };
}

/** The lengths of the patches' last two axes: places in the window, places of the window. */
function patchShape(sliding: Sliding): readonly [number, number] {
  return [sizeOf(sliding[1]), sizeOf(placesOf(sliding))];
}

/** `[…, height, width]` to `[…, places in the window, places of the window]`. */
export const patchesPrimitive: Primitive<Sliding> = definePrimitive<Sliding>({
  name: "patches",
  emission: "kernel",
  shape([given], sliding) {
    const fits = given.length >= 2 && sameNumbers(given.slice(-2), sliding[0]);
    return fits
      ? [...given.slice(0, -2), ...patchShape(sliding)]
      : refuse("patches", `images of ${formatShape(sliding[0])}`, given);
  },
  jvp: ({ attribute }, [t]) => t && patches(t, attribute),
  transpose: ({ attribute }, c) => [make(addPatchesPrimitive, [c], attribute)],
  kernel({ inputs: [{ shape }], attribute }) {
    const read = patchReader(attribute), count = sizeOf(shape.slice(0, -2));
    return ([a], out) => read(count, a, 0, out, 0);
  },
});

/** The transpose of `patches`. */
export const addPatchesPrimitive: Primitive<Sliding> = definePrimitive<Sliding>({
  name: "addPatches",
  emission: "kernel",
  shape([given], sliding): Shape {
    const expected = patchShape(sliding), fits = given.length >= 2 && sameNumbers(given.slice(-2), expected);
    return fits
      ? [...given.slice(0, -2), ...sliding[0]]
      : refuse("addPatches", `patches of ${formatShape(expected)}`, given);
  },
  jvp: ({ attribute }, [t]) => t && make(addPatchesPrimitive, [t], attribute),
  transpose: ({ attribute }, c) => [patches(c, attribute)],
  kernel({ inputs: [{ shape }], attribute }) {
    const add = patchAdder(attribute), count = sizeOf(shape.slice(0, -2));
    return ([a], out) => add(count, out.fill(0), 0, a, 0);
  },
});

/** The patches of images `[…, height, width]`. */
export function patches(images: Node, sliding: Sliding): Node {
  return make(patchesPrimitive, [images], sliding);
}
