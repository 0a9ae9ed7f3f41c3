/**
 * What is learned in full: the factor for preconditioning on 64 matrices, butterflies of larger transforms; and how fast convolution
 * is beside a loop.
 *
 * Run: `deno run --allow-read bench/learned.ts`
 *
 * @module
 */
import * as ad from "../lib/autodiff/mod.ts";
import { fillNormal, rng } from "../lib/core/mod.ts";
import {
  butterflyMatrix,
  cg,
  dftButterfly,
  factorPreconditioner,
  incompleteCholesky,
  jacobi,
  ssor,
} from "../lib/linalg/mod.ts";
import { fitButterfly, learnedFactor, trainFactor } from "../lib/network/mod.ts";
import { diffusion } from "../tests/network/diffusion.ts";

// @must trainFactor: trained by the library's Adam on 64 matrices of n = 256 (random diffusion): iterations at most 0.6 of Jacobi's on new
// matrices, also for 4 and 16 times n; beside IC(0)
// @measured reached: 0.27, 0.25 and 0.26 of Jacobi's for n = 256, 1024 and 4096; learned 31, 39 and 43 iterations, IC(0) 35, 48 and 51,
// symmetric Gauss-Seidel 49, 65 and 68, Jacobi 117, 158 and 167; 17 s of training
const matrices = Array.from({ length: 64 }, (_, k) => diffusion(16, 100 + k));
const { weights, before, after } = trainFactor(matrices, { steps: 600, learningRate: 0.03 });
console.log(`factor: loss ${before.toFixed(3)} before, ${after.toFixed(3)} after training`);
for (const [m, count] of [[16, 8], [32, 4], [64, 2]]) {
  const totals = [0, 0, 0, 0];
  for (let k = 0; k < count; k++) {
    const A = diffusion(m, 900 + k), b = fillNormal(rng(5 + k), new Float64Array(m * m));
    [factorPreconditioner(learnedFactor(A, weights)), incompleteCholesky(A), ssor(A), jacobi(A)].forEach(
      (preconditioner, i) => {
        totals[i] += cg(A, b, { preconditioner }).iterations / count;
      },
    );
  }
  const [learned, incomplete, sweeps, diagonal] = totals.map((x) => x.toFixed(1));
  console.log(
    `n = ${m * m}: learned ${learned}, IC(0) ${incomplete}, Gauss-Seidel ${sweeps}, Jacobi ${diagonal} iterations`,
  );
  if (totals[0] > 0.6 * totals[3]) throw new Error("the learned factor takes too many iterations");
}

// @must fitButterfly: the transform of Fourier for N up to 1024 to an error of 1e-4
// @measured reached: to 2e-16 in one attempt for N = 64 to 1024, with and without shared entries, by splitting; N = 1024 in 3 s, most of it for
// the product with all columns. By Adam alone from random entries 3.1e-5, 2.9e-5 without shared ones, for N = 256 after 2000 steps (3 s)
for (const n of [64, 256, 1024]) {
  const exact = dftButterfly(n), M = butterflyMatrix(exact);
  for (const start of n > 256 ? ["splits"] as const : ["splits", "random"] as const) {
    for (const shared of [true, false]) {
      const began = performance.now();
      const fit = fitButterfly(M, { permutation: exact.permutation, shared, start, learningRate: 0.1, restarts: 3 });
      console.log(
        `Fourier ${n}, start ${start}, shared ${shared}: error ${
          fit.error.toExponential(1)
        } after ${fit.attempts} attempts, ` +
          `${((performance.now() - began) / 1000).toFixed(1)} s`,
      );
      if (fit.error > 1e-4) throw new Error("the transform was not found");
    }
  }
}

/** The convolution by loops over output entries. */
function looped(x: ad.NdArray, w: ad.NdArray, out: Float64Array): void {
  const [images, channels, height, width] = x.shape, [outputs, , tall, wide] = w.shape;
  const rows = height - tall + 1, columns = width - wide + 1;
  out.fill(0);
  for (let b = 0; b < images; b++) {
    for (let o = 0; o < outputs; o++) {
      for (let c = 0; c < channels; c++) {
        for (let v = 0; v < tall; v++) {
          for (let h = 0; h < wide; h++) {
            const factor = w.data[((o * channels + c) * tall + v) * wide + h];
            for (let r = 0; r < rows; r++) {
              let from = ((b * channels + c) * height + r + v) * width + h,
                to = ((b * outputs + o) * rows + r) * columns;
              for (let q = 0; q < columns; q++) out[to++] += factor * x.data[from++];
            }
          }
        }
      }
    }
  }
}

const medianOf = (work: () => void): number => {
  const times = Array.from({ length: 9 }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[4];
};

// @must convolution2d: faster than loops, forward and backward
// @measured reached: 3.3 times for 64 images of 8² with one channel and 16 x 3² weights, 26 times with 16 channels, 19 times for 14² by 5²; value and
// both gradients 3 to 9 times the value alone
for (const [images, channels, size, outputs, window] of [[64, 1, 8, 16, 3], [64, 16, 8, 32, 3], [32, 8, 14, 16, 5]]) {
  const array = (...shape: number[]): ad.NdArray => ({
    shape,
    data: fillNormal(rng(1), new Float64Array(shape.reduce((a, b) => a * b))),
  });
  const x = array(images, channels, size, size), w = array(outputs, channels, window, window);
  const forward = ad.interpreter(ad.trace((a: ad.Traced, b: ad.Traced) => ad.convolution2d(a, b), x, w));
  const loss = (a: ad.Operand, b: ad.Operand): ad.Operand => half(ad.convolution2d(a, b));
  const half = (y: ad.Operand): ad.Operand => ad.multiply(0.5, ad.sum(ad.square(y)));
  const both = ad.interpreter(
    ad.trace(
      (a: ad.Traced, b: ad.Traced) => ad.grad(([s, t]: readonly ad.Operand[]) => loss(s, t))([a, b]) as never,
      x,
      w,
    ),
  );
  const out = forward.run([x.data, w.data]),
    gradients = both.run([x.data, w.data]),
    plain = new Float64Array(out[0].length);
  for (let k = 0; k < 20; k++) looped(x, w, plain);
  const [loop, fast, back] = [
    medianOf(() => looped(x, w, plain)),
    medianOf(() => void forward.run([x.data, w.data], out)),
    medianOf(() => void both.run([x.data, w.data], gradients)),
  ];
  const far = plain.reduce((most, value, k) => Math.max(most, Math.abs(value - out[0][k])), 0);
  console.log(
    `convolution ${images} x ${channels} x ${size}² by ${outputs} x ${window}²: ${
      (loop / fast).toFixed(1)
    } times as fast as loops, ` +
      `gradient ${(back / fast).toFixed(1)} times the value; difference ${far.toExponential(0)}`,
  );
}
