/**
 * How the time of the proximal operator of total variation grows with the length of a sequence.
 *
 * Run: `deno run bench/total_variation.ts`
 *
 * @module
 */
import { fillNormal, rng } from "../lib/core/mod.ts";
import { simplex, totalVariation } from "../lib/proximal/mod.ts";

// @must totalVariation, simplex: linear time
// @measured reached: total variation 34, 35 and 82 ns per entry at 1e4, 1e5 and 1e6 (where memory counts), projection on the simplex 27, 3 and 2 ns
const random = rng(1), lengths = [1e4, 1e5, 1e6];
for (const [name, r] of [["total variation", totalVariation()], ["simplex", simplex()]] as const) {
  const times = lengths.map((n) => {
    const x = fillNormal(random, new Float64Array(n)), out = new Float64Array(n);
    for (let i = 1; i < n; i++) x[i] += 0.99 * x[i - 1];
    let least = Infinity;
    for (let round = 0; round < 10; round++) {
      const start = performance.now();
      r.proximal(x, 1, out);
      least = Math.min(least, performance.now() - start);
    }
    return least;
  });
  console.log(`${name}: ${times.map((t, k) => `${(1e6 * t / lengths[k]).toFixed(1)} ns per entry at ${lengths[k]}`)}`);
}
