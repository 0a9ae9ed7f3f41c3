/**
 * How the costs of sketches grow, and what randomized methods save against exact ones in the same run.
 *
 * Run: `deno run bench/randomized.ts`
 *
 * @module
 */
import { fillNormal, type Matrix, rng } from "../lib/core/mod.ts";
import {
  approximateLeverageScores,
  countSketch,
  gaussianSketch,
  iterativeSketching,
  leverageScores,
  lstsq,
  matmul,
  matrix,
  randomizedSvd,
  sketchAndPrecondition,
  type SketchMaker,
  sparseSign,
  srht,
  svd,
} from "../lib/linalg/mod.ts";
import { leastTimes, report } from "./growth.ts";

const random = rng(1);
const gaussian = (rows: number, columns: number): Matrix =>
  matrix(rows, columns, fillNormal(random, new Float64Array(rows * columns)));

const makers: Record<string, SketchMaker> = { gaussianSketch, srht, sparseSign, countSketch };
const product = (make: SketchMaker, s: number, n: number, d: number): () => void => {
  const S = make(s, n, random), A = gaussian(n, d), out = matrix(s, d);
  return () => S.applyDense(A, out);
};

// @must gaussianSketch, srht, sparseSign, countSketch: the time of a product is linear in n, with a factor log n for
//   srht
// @measured reached: slopes from n = 1024 to 65536 1.15 (1.3 where A leaves the cache), 1.10, 1.00, 1.01; 9.8, 4.5,
//   6.2, 0.83 ms at the end
const lengths = [2 ** 10, 2 ** 12, 2 ** 14, 2 ** 16];
for (const [name, make] of Object.entries(makers)) {
  report(`${name}, 64 rows, 16 columns, by n`, lengths, lengths.map((n) => product(make, 64, n, 16)));
}

// @must gaussianSketch, srht, sparseSign, countSketch: the time of a product is linear in s for a Gaussian sketch,
//   and does not depend on s for the others
// @measured reached: slopes from s = 32 to 512 1.06, 0.00, 0.00, 0.00
const sizes = [32, 64, 128, 256, 512];
for (const [name, make] of Object.entries(makers)) {
  report(`${name}, n = 8192, 16 columns, by s`, sizes, sizes.map((s) => product(make, s, 8192, 16)));
}

/** Prints how many times longer the first takes than the second. */
function compare(what: string, exact: () => void, randomized: () => void, rounds = 3): void {
  const [slow, fast] = leastTimes([exact, randomized], rounds);
  console.log(`${what}: ${slow.toPrecision(3)} and ${fast.toPrecision(3)} ms, ratio ${(slow / fast).toFixed(1)}`);
}

// @must randomizedSvd, sketchAndPrecondition, iterativeSketching, approximateLeverageScores: faster than the exact
//   route on large problems
// @measured reached: 14, 1.2, 1.1 and 11 times; for least squares products with A take most of the time, and memory
//   bounds them
const low = matmul(gaussian(1500, 20), gaussian(20, 800));
compare("svd and randomizedSvd, 1500 x 800, k = 20", () => svd(low), () => randomizedSvd(low, 20));
const tall = gaussian(20000, 500), b = fillNormal(random, new Float64Array(20000));
compare("lstsq and sketchAndPrecondition, 20000 x 500", () => lstsq(tall, b), () => sketchAndPrecondition(tall, b));
compare("lstsq and iterativeSketching, 20000 x 500", () => lstsq(tall, b), () => iterativeSketching(tall, b));
compare("leverage scores, 20000 x 500", () => leverageScores(tall), () => approximateLeverageScores(tall));
