// Matrices from practice against values that NumPy and SciPy computed.
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { Matrix, Vector } from "../../lib/core/mod.ts";
import {
  cholesky,
  type Factorization,
  ldlt,
  lstsq,
  lu,
  matmul,
  matrix,
  matvec,
  norm,
  qr,
  solve,
  transpose,
} from "../../lib/linalg/mod.ts";
import { assertSmall, solveError } from "./backward_error.ts";

interface Reference {
  readonly rows: number;
  readonly cols: number;
  readonly normF: number;
  readonly norm1: number;
  readonly sigmaMax?: number;
  readonly cond2?: number;
  readonly spd?: boolean;
  readonly slogdet?: readonly [number, number];
}

const data = new URL("../data/", import.meta.url);
const references: Record<string, Reference> = JSON.parse(
  Deno.readTextFileSync(new URL("matrix_market_reference.json", data)),
);

/** A coordinate file; entries that occur twice, as in west0067, count as their sum, as SciPy has it. */
async function read(name: string): Promise<Matrix> {
  const bytes = Deno.readFileSync(new URL(`${name}.mtx.gz`, data));
  const text = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  const [banner, ...lines] = text.trim().split("\n").filter((line) => !/^%[^%]/.test(line) && line.trim() !== "%");
  const [[rows, columns], ...entries] = lines.map((line) => line.trim().split(/\s+/).map(Number));
  const A = matrix(rows, columns);
  for (const [i, j, value = 1] of entries) {
    A.data[(i - 1) * columns + j - 1] += value;
    if (banner.includes("symmetric") && i !== j) A.data[(j - 1) * columns + i - 1] += value;
  }
  return A;
}

const ones = (n: number): Vector => new Float64Array(n).fill(1);

// @must lu, cholesky, ldlt, qr, norm, solve: matrices of the Matrix Market and SuiteSparse collections have the norms,
//   determinants and solutions of the reference
// @measured reached: 7 matrices of order up to 1258 and condition up to 2e13; norms to 1e-12, logarithms of determinants
//   to 1e-10, backward errors of all solutions below n eps / 10
for (const [name, reference] of Object.entries(references)) {
  Deno.test(`${name}: norms, determinant, condition and solutions are those of the reference`, async () => {
    const A = await read(name), n = A.rows, { slogdet, cond2, spd } = reference;
    assertEquals([A.rows, A.columns], [reference.rows, reference.cols]);
    assertAlmostEquals(norm(A) / reference.normF, 1, 1e-13);
    assertAlmostEquals(norm(A, 1) / reference.norm1, 1, 1e-13);
    if (reference.sigmaMax && n < 600) assertAlmostEquals(norm(A, 2) / reference.sigmaMax, 1, 1e-12);
    if (!slogdet || !cond2) return;
    const b = matvec(A, ones(n)), methods: Factorization[] = [lu(A), qr(A), ...(spd ? [cholesky(A), ldlt(A)] : [])];
    for (const factors of methods) {
      const { sign, logarithm } = factors.logDeterminant();
      assertEquals(sign, slogdet[0]);
      // the logarithm's own error is at most the condition times the rounding unit
      assertAlmostEquals(logarithm, slogdet[1], 1e-10 * Math.abs(slogdet[1]) + 1e-15 * cond2);
      const x = factors.solve(b);
      assertSmall(solveError(A, x, b), n, name);
      assert(Math.max(...x.map((entry) => Math.abs(entry - 1))) <= 1e-15 * n * cond2, name);
      // within the bounds between the conditions of the two norms
      const condition = 1 / factors.reciprocalCondition();
      assert(condition < 3 * n * cond2 && condition > cond2 / (3 * n), `${name}: ${condition} for ${cond2}`);
    }
    assertSmall(solveError(A, solve(A, b), b), n, `${name}, solve`);
  });
}

Deno.test("ash219: least squares by QR agrees with the normal equations", async () => {
  const A = await read("ash219"), b = Float64Array.from({ length: A.rows }, (_, i) => Math.sin(i));
  const { x, rank } = lstsq(A, b), y = cholesky(matmul(transpose(A), A)).solve(matvec(transpose(A), b));
  assertEquals(rank, A.columns);
  for (let j = 0; j < x.length; j++) assertAlmostEquals(x[j], y[j], 1e-13);
});
