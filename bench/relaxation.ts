/**
 * Learning the parameter of SOR over 5000 shifted Laplacians: every learner against every fixed ω, in mean iterations.
 *
 * Run: `deno run bench/relaxation.ts` (two minutes)
 *
 * @module
 */
import { rng } from "../lib/core/mod.ts";
import { chebCb, type ParameterLearner, sor, tsallisInf, tsallisInfContextual } from "../lib/linalg/mod.ts";
import { contexts, shiftedLaplacians } from "../tests/linalg/relaxation/sequences.ts";

const rounds = 5000, arms = 20, late = 1000, seeds = [0, 1, 2, 3];
const mean = (list: readonly number[]): number => list.reduce((sum, x) => sum + x, 0) / list.length;
const both = (costs: readonly number[]): string =>
  `${mean(costs).toFixed(1)} (last ${late}: ${mean(costs.slice(-late)).toFixed(1)})`;

/** What a learner pays, when the costs of all arms are known. */
function play<S>(
  learner: ParameterLearner<S>,
  table: readonly number[][],
  shifts: readonly number[],
  seed: number,
): number[] {
  const state = learner.init(), random = rng(seed);
  return table.map((costs, t) => {
    const arm = learner.choose(state, shifts[t], random);
    learner.learn(state, shifts[t], arm, costs[arm]);
    return costs[arm];
  });
}

// @must tsallisInf, tsallisInfContextual, chebCb: mean iterations over 5000 systems, 20 values of ω, shifts of high and of low variance: ω = 1
//   576 and 268, a random ω 267 and 143, the best fixed one 100.6 and 58.0, the best for each system 57 and 43; Tsallis-INF 117 and 65 (last
//   1000 at most 1.15 times the best fixed one), with contexts 99 and 62, ChebCB 82 and 56 (last 1000 below the best fixed one)
// @measured reached: ω = 1 603 and 270, random 278 and 144, best fixed 103.3 and 59.2, best for each 58.1 and 43.1; means of four seeds:
//   Tsallis-INF 121.5 and 67.7 (last 1000: 110.0 and 62.3, 1.06 and 1.05 times), with contexts 100.1 and 64.1 (84.2 and 55.3), ChebCB
//   65.6 and 45.5 (61.1 and 44.1)
for (const kind of ["high", "low"] as const) {
  const shifts: number[] = [], table: number[][] = [];
  for (const { A, b, context = 0 } of shiftedLaplacians(rounds, kind, 1)) {
    shifts.push(context);
    table.push(Array.from({ length: arms }, (_, i) => sor(A, b, { omega: 1 + 0.05 * i }).iterations));
  }
  const fixed = Array.from({ length: arms }, (_, i) => mean(table.map((costs) => costs[i])));
  const best = fixed.indexOf(Math.min(...fixed));
  console.log(`variance ${kind}: ω = 1 ${fixed[0].toFixed(1)}, random ω ${mean(fixed).toFixed(1)}`);
  console.log(`  best fixed ω = ${(1 + 0.05 * best).toFixed(2)}: ${both(table.map((costs) => costs[best]))}`);
  console.log(`  best for each system: ${both(table.map((costs) => Math.min(...costs)))}`);
  const run = <S>(learner: ParameterLearner<S>): void => {
    for (const seed of seeds) {
      console.log(`  ${learner.name}, seed ${seed}: ${both(play(learner, table, shifts, seed))}`);
    }
  };
  run(tsallisInf(arms));
  run(tsallisInfContextual(arms, contexts));
  run(chebCb(arms, contexts));
}
