/**
 * Whole solves of small linear and quadratic programs side by side with SciPy: `linprog` (HiGHS, compiled) and SLSQP with its
 * derivatives in NumPy.
 *
 * Run: `deno run --allow-run --allow-read --allow-write --allow-env bench/small_programs.ts`
 *
 * @module
 */
import {
  homogeneousInteriorPoint,
  interiorPoint,
  type SparseLinearProgram,
  type SparseProgram,
} from "../lib/constrained/mod.ts";
import { iterations, measureBelow, normal, rng, solve, type SparseMatrix, type Vector } from "../lib/core/mod.ts";
import { toDense } from "../lib/linalg/mod.ts";
import { dense, dimension, marosMeszaros, netlib } from "../tests/constrained/programs.ts";
import { Peer, sideBySide } from "./side_by_side.ts";

const stop = [measureBelow("relativeKktResidual"), iterations(100)];
const matrix = (A: SparseMatrix): number[] => [...toDense(A).data];
const pairs = (lower: Vector, upper: Vector): (number | null)[][] =>
  Array.from(lower, (a, k) => [Number.isFinite(a) ? a : null, Number.isFinite(upper[k]) ? upper[k] : null]);

/** A program with a solution: `Ax <= b`, x >= 0, random. */
function random(m: number, n: number): SparseLinearProgram {
  const r = rng(m), rows = Array.from({ length: m }, () => Array.from({ length: n }, () => Math.abs(normal(r))));
  return dense(
    Array.from({ length: n }, () => -Math.abs(normal(r))),
    rows,
    rows.map((row) => [-Infinity, row.reduce((s, a) => s + a, 0)]),
    Array(n).fill([0, Infinity]),
  );
}

/** The file that the peer reads. */
async function written(folder: string, name: string, problem: SparseProgram, value: number): Promise<string> {
  const linear = problem.kind === "linear-program" ? problem : problem.linear, file = `${folder}/${name}.json`;
  await Deno.writeTextFile(
    file,
    JSON.stringify({
      value,
      c: [...linear.objective],
      A: matrix(linear.matrix),
      P: problem.kind === "linear-program" ? null : matrix(problem.hessian),
      rows: pairs(linear.rowLower, linear.rowUpper),
      bounds: pairs(linear.lower, linear.upper),
      start: Array.from(linear.lower, (l, j) => Math.min(Math.max(0, l), linear.upper[j])),
    }),
  );
  return file;
}

const small = dense([-3, -2], [[1, 1], [1, 3]], [[-Infinity, 4], [3, Infinity]], [[0, 3], [0, Infinity]]);
const programs: [string, SparseProgram][] = [["two variables", small], ["5 x 10", random(5, 10)], [
  "20 x 40",
  random(20, 40),
]];
for (const { name, problem } of await netlib("netlib_lp.mps.gz")) {
  if (["SC50A", "ADLITTLE", "SHARE2B"].includes(name)) programs.push([name, problem]);
}
for (const { name, problem } of await marosMeszaros()) {
  if (["HS21", "HS35", "QPTEST", "HS35MOD", "LOTSCHD"].includes(name)) programs.push([name, problem]);
}

// @must interior-point, homogeneous-interior-point: whole solves of small programs at least 20 times as fast as SciPy's
// @measured not reached: SciPy 1.17 takes 0.8 to 1.1 times as long on linear programs of 40 to 97 variables, 3 to 5 times of 2 and 10, 1.2 to
// 3.2 times on quadratic ones; a solve of two variables takes 0.12 to 0.17 ms (linprog runs HiGHS, SLSQP is compiled too)
const folder = await Deno.makeTempDir(), peer = new Peer("small_programs.py"), ratios: number[] = [];
for (const [name, problem] of programs) {
  const start = new Float64Array(dimension(problem));
  const run = () => solve(problem, interiorPoint(), { start, stop });
  const homogeneous = () => solve(problem, homogeneousInteriorPoint(), { start, stop });
  const { status, value, iterations } = run(), file = await written(folder, name.replaceAll(" ", "-"), problem, value);
  const { scipy } = await sideBySide(
    peer,
    `${name}: ${status} ${value.toPrecision(9)} in ${iterations}, ${homogeneous().iterations} steps`,
    {
      gradus: run,
      homogeneous,
      scipy: { operation: file, n: 0 },
    },
  );
  ratios.push(scipy.ratio);
}
await peer.close();
await Deno.remove(folder, { recursive: true });
console.log(`SciPy / Gradus: ${ratios.map((ratio) => ratio.toPrecision(3)).join(", ")}`);
