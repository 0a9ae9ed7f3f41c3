/**
 * Learned conjugate directions for Poisson's equation with internal boundaries: training on 32 x 32 cells with boxes, then solving
 * on grids of other sizes and with other obstacles, beside conjugate gradients with known preconditioners.
 *
 * Run: `deno run --allow-read --allow-write bench/dcdm.ts [file for the weights]`
 *
 * @module
 */
import process from "node:process";
import { fillNormal, type Matrix, rng, type Vector } from "../lib/core/mod.ts";
import {
  cg,
  deepConjugateDirection,
  incompleteCholesky,
  type IterativeSolution,
  multigrid,
  type ProposeDirection,
} from "../lib/linalg/mod.ts";
import {
  directionLoss,
  gridDirection,
  gridPoisson,
  type Obstacles,
  randomDomain,
  trainDirection,
  vCycleWeights,
} from "../lib/network/mod.ts";

/** CPU seconds, garbage collection and compilation included. */
function timed<T>(work: () => T): readonly [result: T, seconds: number] {
  const before = process.cpuUsage(), result = work(), { user, system } = process.cpuUsage(before);
  return [result, (user + system) / 1e6];
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1];
const domains = (count: number, side: number, kind: Obstacles, seed: number): Matrix[] => {
  const random = rng(seed);
  return Array.from({ length: count }, () => randomDomain(side, kind, random));
};

// @must trainDirection: unsupervised training on 32 x 32 cells takes minutes
// @measured reached: 16 s of CPU, 800 steps on 12 domains; the loss on other domains falls from .109 to .0034
const [trained, seconds] = timed(() => trainDirection(domains(12, 32, "boxes", 1), { steps: 800 }));
const heldOut = directionLoss(domains(4, 32, "boxes", 2), 20, rng(3)),
  all = Uint32Array.from({ length: 80 }, (_, i) => i);
const [before, after] = [vCycleWeights(), trained.x].map((weights) => heldOut.batchValue(weights, all));
console.log(
  `training: ${seconds.toFixed(1)} s; loss on other domains ${before.toPrecision(3)} to ${after.toPrecision(3)}`,
);

// @must deepConjugateDirection: trained on 32 x 32 cells with random internal boundaries, iterations to 1e-6 on 32², 64² and 128² cells are within 1.5 times each other, where those of CG double each time; it works on boundaries of kinds that were not seen
// @measured reached: 4, 4, 4 on 32², 64², 128² with boxes and with ellipses, which were not seen; 5, 6, 8 with walls of one cell; CG 83, 158, 303, with IC(0) 26, 48, 91, with algebraic multigrid 7, 7, 8, the V-cycle before training 8, 9, 10. In time a proposal is dear: on 128² 19 ms, CG 48, IC-CG 21, multigrid 5
type Solve = (A: ReturnType<typeof gridPoisson>["A"], b: Vector) => IterativeSolution;
for (const kind of ["boxes", "ellipses", "walls"] as const) {
  for (const side of [32, 64, 128]) {
    const runs = domains(5, side, kind, 100).map((domain, k) => {
      const { A, cells } = gridPoisson(domain), b = fillNormal(rng(k), new Float64Array(cells.length));
      const along = (direction: ProposeDirection): Solve => (A, b) =>
        deepConjugateDirection(A, b, { direction, tolerance: 1e-6 });
      const solvers: Record<string, () => Solve> = {
        "trained": () => along(gridDirection(trained.x, domain)),
        "V-cycle": () => along(gridDirection(vCycleWeights(), domain)),
        "CG": () => (A, b) => cg(A, b, { tolerance: 1e-6 }),
        "IC-CG": () => {
          const preconditioner = incompleteCholesky(A);
          return (A, b) => cg(A, b, { preconditioner, tolerance: 1e-6 });
        },
        "AMG-CG": () => {
          const preconditioner = multigrid(A);
          return (A, b) => cg(A, b, { preconditioner, tolerance: 1e-6 });
        },
      };
      return Object.entries(solvers).map(([name, make]) => {
        const [solve, setup] = timed(make), [{ iterations, status }, once] = timed(() => solve(A, b));
        if (status !== "converged") throw new Error(`${name} ended as ${status}`);
        return { name, iterations, setup, seconds: Math.min(once, timed(() => solve(A, b))[1]) };
      });
    });
    console.log(`${kind} on ${side} x ${side}: iterations, ms to set up and to solve (medians of 5)`);
    for (const [s, { name }] of runs[0].entries()) {
      const [iterations, setup, solve] = [
        runs.map((run) => run[s].iterations),
        runs.map((run) => 1000 * run[s].setup),
        runs.map((run) => 1000 * run[s].seconds),
      ].map(median);
      console.log(
        `  ${name.padEnd(8)} ${iterations}`.padEnd(18),
        setup.toFixed(1).padStart(8),
        solve.toFixed(1).padStart(8),
      );
    }
  }
}
if (Deno.args[0]) {
  Deno.writeTextFileSync(
    Deno.args[0],
    JSON.stringify([...trained.x].map((v) => +v.toPrecision(6))) + "\n",
  );
}
