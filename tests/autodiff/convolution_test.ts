// Convolution and pooling against their definition, entry by entry.
import { assert, assertEquals, assertThrows } from "@std/assert";
import { ShapeError } from "../../lib/core/mod.ts";
import * as ad from "../../lib/autodiff/mod.ts";
import { filled } from "./filled.ts";
import { assertClose, entries } from "./laws.ts";

/** `Σ x[b, c, s p + k - q] w[o, c, k]`, index by index. */
function defined(x: ad.NdArray, w: ad.NdArray, [s, t]: number[], [p, q]: number[]): Float64Array {
  const [images, channels, height, width] = x.shape, [outputs, , tall, wide] = w.shape, y: number[] = [];
  for (let b = 0; b < images; b++) {
    for (let o = 0; o < outputs; o++) {
      for (let r = 0; r * s + tall <= height + 2 * p; r++) {
        for (let e = 0; e * t + wide <= width + 2 * q; e++) {
          let total = 0;
          for (let c = 0; c < channels; c++) {
            for (let v = 0; v < tall; v++) {
              for (let h = 0; h < wide; h++) {
                const i = r * s + v - p, j = e * t + h - q;
                if (i < 0 || j < 0 || i >= height || j >= width) continue;
                total += x.data[((b * channels + c) * height + i) * width + j] *
                  w.data[((o * channels + c) * tall + v) * wide + h];
              }
            }
          }
          y.push(total);
        }
      }
    }
  }
  return Float64Array.from(y);
}

Deno.test("convolution2d() is its definition for all strides and paddings, also where windows touch only zeros", () => {
  const x = filled([2, 3, 5, 4]) as ad.NdArray, w = filled([2, 3, 3, 2]) as ad.NdArray;
  for (const stride of [[1, 1], [2, 1], [1, 3], [4, 2]]) {
    for (const padding of [[0, 0], [1, 0], [2, 5]]) {
      const y = ad.convolution2d(x, w, { stride, padding }), expected = defined(x, w, stride, padding);
      assertEquals(entries(y).length, expected.length);
      assertClose([entries(y)], [expected], 1e-14, `stride ${stride}, padding ${padding}`);
    }
  }
});

Deno.test("convolution1d() is convolution2d() of images of height 1", () => {
  const x = filled([2, 3, 7]) as ad.NdArray, w = filled([4, 3, 2]) as ad.NdArray;
  const wide = (a: ad.NdArray): ad.NdArray => ({ shape: [a.shape[0], a.shape[1], 1, a.shape[2]], data: a.data });
  const y = ad.convolution1d(x, w, { stride: 2, padding: 1 });
  assertEquals(ad.shapeOf(y), [2, 4, 4]);
  assertEquals(entries(y), entries(ad.convolution2d(wide(x), wide(w), { stride: [1, 2], padding: [0, 1] })));
});

Deno.test("convolution2d() computes nothing for no images", () => {
  const none = { shape: [0, 1, 3, 3], data: new Float64Array(0) };
  assertEquals(ad.shapeOf(ad.convolution2d(none, filled([2, 1, 2, 2]))), [0, 2, 2, 2]);
});

Deno.test("maxPool() and averagePool() take the largest and the mean of windows; the rest at the border is left out", () => {
  const x = { rows: 3, columns: 5, data: Float64Array.from({ length: 15 }, (_, i) => i) };
  assertEquals(ad.maxPool(x, [2, 2]), { rows: 1, columns: 2, data: Float64Array.of(6, 8) });
  assertEquals(ad.averagePool(x, [2, 2]), { rows: 1, columns: 2, data: Float64Array.of(3, 5) });
  assertEquals(ad.averagePool(x, [3], { stride: 2 }), {
    rows: 3,
    columns: 2,
    data: Float64Array.of(1, 3, 6, 8, 11, 13),
  });
  const gradient = ad.grad((a: ad.Operand) => ad.sum(ad.maxPool(a, [2], { stride: 1 })))(Float64Array.of(1, 2, 0));
  assertEquals(gradient, Float64Array.of(0, 2, 0));
});

Deno.test("convolutions and pools refuse shapes, strides and windows that do not fit", () => {
  const x = filled([1, 2, 4, 4]), w = filled([3, 2, 2, 2]);
  assertThrows(
    () => ad.convolution2d(x, filled([3, 1, 2, 2])),
    ShapeError,
    "Cannot apply convolution2d: expected images",
  );
  assertThrows(() => ad.convolution2d(x, filled([3, 2, 5, 2])), ShapeError, "not longer than the padded images");
  assertThrows(() => ad.convolution1d(x, w), ShapeError, "[b, c, length]");
  assertThrows(
    () => ad.convolution2d(x, w, { stride: 0 }),
    ShapeError,
    "expected a stride of 2 whole numbers from 1, got [0,0]",
  );
  assertThrows(() => ad.convolution2d(x, w, { padding: [1] }), ShapeError, "expected a padding of 2 whole numbers");
  assertThrows(() => ad.maxPool(x, [5, 1]), ShapeError, "an array that holds a window");
  assertThrows(() => ad.maxPool(x, [1, 1, 1]), ShapeError, "expected a window of 2 whole numbers");
  assert(ad.shapeOf(ad.convolution2d(x, filled([3, 2, 5, 5]), { padding: 1 })).join() === "1,3,2,2");
});
