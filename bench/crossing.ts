/**
 * From how many of 20 random starts methods find the free theory again: for one to three operators, without and with the value of the
 * correlator at ½.
 *
 * Run: `deno run --allow-read --allow-env bench/crossing.ts`
 *
 * @module
 */
import { foundOf } from "../tests/problems/crossing_starts.ts";

// @must crossing: the interior point's success from 20 random starts with free dimensions, beside Levenberg and Marquardt's
// @measured reached: K = 1: 19 and 17 (SQP 20, variable projection 19); K = 2: 2 and 4 (0, 3), for there is a second minimum of |r| = 2e-7 at the end of a valley; K = 2 with G(½) known: 20 and 16 (19, 20); K = 3 with it: 16 and 10 (0, 14)
for (const [operators, midpoint] of [[1, false], [1, true], [2, false], [2, true], [3, false], [3, true]] as const) {
  const started = performance.now(),
    found = foundOf(operators, midpoint),
    seconds = (performance.now() - started) / 1000;
  console.log(`K = ${operators}${midpoint ? " with the midpoint" : ""}, ${seconds.toFixed(1)} s:`, found);
}
