/**
 * Dense solves with large matrices of the Matrix Market (bcsstk15, bcsstk16: order 3948 and 4884) against reference values.
 *
 * Run: `deno run --allow-read bench/matrix_market.ts reference.json bcsstk15.mtx.gz bcsstk16.mtx.gz`; the first file holds for
 * each name `normF`, `norm1` and `cond2`, the others are coordinate files.
 *
 * @module
 */
import type { Matrix, Vector } from "../lib/core/mod.ts";
import { cholesky, type Factorization, ldlt, lu, matrix, matvec, norm, solve } from "../lib/linalg/mod.ts";
import { readMatrixMarket } from "../lib/problems/mod.ts";
import { solveError } from "../tests/linalg/backward_error.ts";

const EPSILON = 2 ** -52;

async function read(path: string): Promise<Matrix> {
  const { rows, columns, entries } = await readMatrixMarket(await Deno.readFile(path));
  if (!("rowStarts" in entries)) throw new Error(`${path} is no coordinate file`);
  const A = matrix(rows, columns), { rowStarts, columnIndices, values } = entries;
  for (let i = 0; i < rows; i++) {
    for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) A.data[i * columns + columnIndices[k]] = values[k];
  }
  return A;
}

// @must cholesky, ldlt, lu, solve: bcsstk15 and bcsstk16 have the norms of the reference, solutions with backward errors below
//   10 n eps, and errors below their condition
// @measured reached: norms to 3e-14, backward errors below 0.001 n eps, errors 6e-11 and 2e-14 at conditions of 7e9 and 5e9;
//   5 s by Cholesky's method
const [referencePath, ...paths] = Deno.args, references = JSON.parse(await Deno.readTextFile(referencePath));
const failures: string[] = [];
for (const path of paths) {
  const name = path.replace(/.*\/|\.mtx\.gz$/g, ""), A = await read(path), n = A.rows, reference = references[name];
  const norms = [norm(A) / reference.normF, norm(A, 1) / reference.norm1].map((ratio) => Math.abs(ratio - 1));
  console.log(`${name}: n = ${n}, norms to ${Math.max(...norms).toPrecision(2)}`);
  if (!(Math.max(...norms) < 1e-12)) failures.push(`${name}: norms`);
  const b = matvec(A, new Float64Array(n).fill(1));
  const ways: Record<string, () => Vector> = { solve: () => solve(A, b) };
  for (
    const [method, factor] of Object.entries({ cholesky, ldlt, lu } as Record<string, (A: Matrix) => Factorization>)
  ) {
    ways[method] = () => factor(A).solve(b);
  }
  for (const [method, way] of Object.entries(ways)) {
    const begin = performance.now(), x = way(), seconds = (performance.now() - begin) / 1000;
    const backward = solveError(A, x, b) / EPSILON / n,
      error = x.reduce((m, entry) => Math.max(m, Math.abs(entry - 1)), 0);
    console.log(
      `${name}, ${method}: ${seconds.toFixed(1)} s, backward ${backward.toPrecision(2)} n eps, error ${
        error.toPrecision(2)
      }`,
    );
    if (!(backward <= 10 && error <= reference.cond2 * EPSILON * n)) failures.push(`${name}: ${method}`);
  }
}
if (failures.length > 0) throw new Error(failures.join(", "));
