/**
 * How the time of attention grows with the number of tokens: exactly, and by low rank.
 *
 * Run: `deno run bench/attention.ts`
 *
 * @module
 */
import { fillNormal, type Matrix, rng } from "../lib/core/mod.ts";
import { lowRankAttention, lowRankTensorAttention, softmaxAttention, tensorAttention } from "../lib/network/mod.ts";

const random = (n: number, seed: number): Matrix => ({
  rows: n,
  columns: 4,
  data: fillNormal(rng(seed), new Float64Array(4 * n)).map((x) => 0.3 * x),
});

/** The least of several times, in seconds. */
function timed(work: () => unknown): number {
  let best = Infinity;
  for (let k = 0; k < 5; k++) {
    const start = performance.now();
    work();
    best = Math.min(best, (performance.now() - start) / 1000);
  }
  return best;
}

/** The slope of the logarithm of time against that of size, from the first size to the last. */
function slope(sizes: readonly number[], run: (n: number) => unknown): number {
  const times = sizes.map((n) => timed(() => run(n)));
  console.log(sizes.map((n, k) => `n = ${n}: ${(1000 * times[k]).toPrecision(3)} ms`).join(", "));
  const last = sizes.length - 1;
  return Math.log(times[last] / times[0]) / Math.log(sizes[last] / sizes[0]);
}

// @must lowRankAttention, lowRankTensorAttention: time grows with the power 1 of the number of tokens, exact attention with
//   2, exact tensor attention with 3
// @measured reached: 1.15 and 1.22 (features outgrow the cache) against 2.2 and 2.9
const sizes = [2048, 4096, 8192, 16384];
const slopes = {
  "low rank": slope(sizes, (n) => lowRankAttention(random(n, 1), random(n, 2), random(n, 3))),
  "low rank, tensors": slope(
    sizes,
    (n) => lowRankTensorAttention(random(n, 1), random(n, 2), random(n, 3), random(n, 4), random(n, 5)),
  ),
  exact: slope([1024, 2048, 4096], (n) => softmaxAttention(random(n, 1), random(n, 2), random(n, 3))),
  "exact, tensors": slope(
    [64, 128, 256],
    (n) => tensorAttention(random(n, 1), random(n, 2), random(n, 3), random(n, 4), random(n, 5)),
  ),
};
console.log(slopes);
