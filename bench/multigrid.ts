/**
 * Conjugate gradients with multigrid on Poisson's equation in the square, up to a million unknowns; and with every preconditioner on
 * larger matrices from practice, if a folder of Matrix Market files is given.
 *
 * Run: `deno run --allow-read bench/multigrid.ts [folder with bcsstk15.mtx.gz and bcsstk16.mtx.gz]`
 *
 * @module
 */
import process from "node:process";
import {
  fillNormal,
  type LinearOperator,
  norm2,
  rng,
  type SparseMatrix,
  sparseMatrix,
  type Vector,
} from "../lib/core/mod.ts";
import {
  cg,
  gridLaplacian,
  incompleteCholesky,
  jacobi,
  multigrid,
  ssor,
  stationaryIteration,
} from "../lib/linalg/mod.ts";
import { readMatrixMarket } from "../lib/problems/mod.ts";

/** CPU seconds, garbage collection and compilation included. */
function timed<T>(work: () => T): { result: T; seconds: number } {
  const before = process.cpuUsage(), result = work(), { user, system } = process.cpuUsage(before);
  return { result, seconds: (user + system) / 1e6 };
}

const residual = (A: SparseMatrix, b: Vector, x: Vector): number => {
  const r = new Float64Array(b.length);
  A.apply(x, r);
  for (let i = 0; i < r.length; i++) r[i] -= b[i];
  return norm2(r) / norm2(b);
};

// @must multigrid: Poisson's equation with 1e6 unknowns to the residual asked for, in a number of iterations that does not grow with the grid,
//   64 x 64 to 1024 x 1024 within 1.5
// @measured reached: 10, 10, 10, 11, 11 iterations from 64 x 64 to 1024 x 1024 (1.10 times), residual 6.2e-9 on 1 048 576 unknowns; there 1.1 s of
//   CPU time to set up and 0.5 s to solve
const counts = [64, 128, 256, 512, 1024].map((m) => {
  const A = gridLaplacian(m, m), b = fillNormal(rng(1), new Float64Array(m * m));
  const { result: preconditioner, seconds: setup } = timed(() => multigrid(A));
  const { result: run, seconds } = timed(() => cg(A, b, { preconditioner }));
  const alone = stationaryIteration(A, b, { preconditioner, maxIterations: 100 });
  const truth = residual(A, b, run.x);
  console.log(
    `${m} x ${m}: ${run.status} after ${run.iterations} iterations, residual ${truth.toExponential(2)}; CPU ${
      setup.toFixed(2)
    } s to set up, ${seconds.toFixed(2)} s to solve; cycles alone ${alone.iterations}; levels ${
      preconditioner.sizes.join(", ")
    }; ` +
      `entries x ${preconditioner.complexity.toFixed(2)}`,
  );
  if (run.status !== "converged" || truth > 1.01e-8) throw new Error("not solved");
  return run.iterations;
});
const growth = Math.max(...counts) / counts[0];
console.log(`iterations grow by ${growth.toFixed(2)} from 64 x 64 to 1024 x 1024`);
if (growth > 1.5) throw new Error("iterations grow with the grid");

// @must jacobi, ssor, incompleteCholesky, multigrid: conjugate gradients on bcsstk15 and bcsstk16 to 1e-10
// @measured reached: iterations without, with the diagonal, SSOR, IC(0) and a V-cycle: 20388, 584, 205, 192 (shift 0.064), 191 on
//   bcsstk15; 529, 232, 78, 47, 60 on bcsstk16
for (const name of Deno.args.length > 0 ? ["bcsstk15", "bcsstk16"] : []) {
  const file = await Deno.open(`${Deno.args[0]}/${name}.mtx.gz`);
  const bytes = await new Response(file.readable.pipeThrough(new DecompressionStream("gzip"))).bytes();
  const { rows, columns, entries } = await readMatrixMarket(bytes);
  if (!("rowStarts" in entries)) throw new Error("expected a sparse matrix");
  const A = sparseMatrix({ rows, columns, ...entries }), b = new Float64Array(rows);
  A.apply(new Float64Array(rows).fill(1), b);
  const preconditioners: Record<string, () => LinearOperator | undefined> = {
    none: () => undefined,
    diagonal: () => jacobi(A),
    SSOR: () => ssor(A),
    "IC(0)": () => incompleteCholesky(A),
    "V-cycle": () => multigrid(A),
  };
  for (const [which, make] of Object.entries(preconditioners)) {
    const { result: preconditioner, seconds: setup } = timed(make);
    const { result: run, seconds } = timed(() =>
      cg(A, b, { tolerance: 1e-10, ...(preconditioner && { preconditioner }) })
    );
    console.log(
      `${name}, ${which}: ${run.status} after ${run.iterations} iterations, residual ${
        residual(A, b, run.x).toExponential(2)
      }, ` +
        `CPU ${setup.toFixed(2)} s to set up, ${seconds.toFixed(2)} s to solve`,
    );
  }
}
