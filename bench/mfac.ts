/**
 * How the costs of inverse Fisher products grow with the number of weights d and of gradients m.
 *
 * Run: `deno run bench/mfac.ts`
 *
 * @module
 */
import { fillNormal, rng } from "../lib/core/mod.ts";
import { mfac, mfacWindow, multiplyInverseFisher, replaceGradient } from "../lib/linalg/mod.ts";
import { report } from "./growth.ts";

const random = rng(1), gaussian = (n: number): Float64Array => fillNormal(random, new Float64Array(n));
const weights = [1e3, 3e3, 1e4, 3e4, 1e5], m = 24;

/** A window full of gradients at coordinates that repeat, to save the time of drawing. */
function fullWindow(d: number, size: number): ReturnType<typeof mfacWindow> {
  const window = mfacWindow(d, { size, damping: 1e-2 }), g = gaussian(d);
  for (let i = 0; i < size; i++) {
    g[i % d] += 1;
    window.gradients.set(g, i * d);
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      window.gram[i * size + j] = window.gradients.subarray(i * d, (i + 1) * d)
        .reduce((s, v, k) => s + v * window.gradients[j * d + k], 0);
    }
  }
  replaceGradient(window, g);
  return window;
}

// @must mfac: the time of a product is linear in d from 1e3 to 1e5, slope 1 ± 0.1
// @measured reached: slope 1.01; 0.017 ms at d = 1e3, 1.8 ms at 1e5 for m = 24
report(
  "static product",
  weights,
  weights.map((d) => {
    const F = mfac({ rows: m, columns: d, data: gaussian(m * d) }, { damping: 1e-2 }), x = gaussian(d), out = x.slice();
    return () => F.apply(x, out);
  }),
);

// @must mfacWindow: the times of a product and of a replacement are linear in d from 1e3 to 1e5, slope 1 ± 0.1
// @measured reached: slopes 1.02 and 0.99; 1.5 and 0.95 ms at d = 1e5 for m = 24
const windows = weights.map((d) => fullWindow(d, m));
report(
  "window product",
  weights,
  windows.map((w) => {
    const x = gaussian(w.dimension), out = x.slice();
    return () => multiplyInverseFisher(w, x, out);
  }),
);
report(
  "replacement",
  weights,
  windows.map((w) => {
    const g = gaussian(w.dimension);
    return () => replaceGradient(w, g);
  }),
);

// @must mfacWindow: the time of a replacement is cubic in m once m is large
// @measured reached: slope 2.91 from m = 128 to 1024, 2.96 at the end; 58 ms at m = 1024, d = 100
const sizes = [128, 256, 512, 1024];
report(
  "replacement of the first gradient, d = 100",
  sizes,
  sizes.map((size) => {
    const window = fullWindow(100, size), g = gaussian(100);
    return () => {
      window.next = 0;
      replaceGradient(window, g);
    };
  }),
  6,
);
