// Direct solves of matrices from practice.
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { type SparseMatrix, sparseMatrix, type Vector } from "../../../lib/core/mod.ts";
import {
  analyzeSymmetric,
  type Factorization,
  isSymmetricSparse,
  lstsq,
  normSparse,
  refine,
  solveLeastSquares,
  sparseCholesky,
  sparseLdlt,
  sparseLu,
  sparseQr,
  toDense,
} from "../../../lib/linalg/mod.ts";
import { type Csr, readMatrixMarket } from "../../../lib/problems/mod.ts";
import { backwardError, product } from "./random.ts";

interface Reference {
  readonly rows: number;
  readonly cols: number;
  readonly normF: number;
  readonly norm1: number;
  readonly cond2?: number;
  readonly spd?: boolean;
  readonly slogdet?: readonly [number, number];
  readonly superlu_nnzL?: number;
}

const data = new URL("../../data/", import.meta.url), eps = 2 ** -52;
const references: Record<string, Reference> = {
  ...JSON.parse(Deno.readTextFileSync(new URL("matrix_market_reference.json", data))),
  ...JSON.parse(Deno.readTextFileSync(new URL("bcsstk_reference.json", data))),
};

async function read(name: string): Promise<SparseMatrix> {
  const bytes = Deno.readFileSync(new URL(`${name}.mtx.gz`, data));
  const { rows, columns, entries } = await readMatrixMarket(bytes, { repeated: "sum" });
  return sparseMatrix({ rows, columns, ...entries as Csr });
}

const ones = (n: number): Vector => new Float64Array(n).fill(1);

// @must sparseCholesky, sparseLdlt, sparseLu, sparseQr: the matrices of the Matrix Market and SuiteSparse collections are
//   solved with small backward errors, and have the norms, determinants and conditions of the reference
// @measured reached: 9 matrices of order up to 4884 and condition up to 2e13; backward errors at most 2.2 rounding units by
//   Cholesky and LDLᵀ, 4.9 by LU, 1.6 by QR (of order up to 1258), 1 after refinement; logarithms of determinants to 1e-10
for (const [name, reference] of Object.entries(references)) {
  Deno.test(`${name}: sparse factorizations give norms, determinant, condition and solutions of the reference`, async () => {
    const A = await read(name), n = A.rows, { slogdet, cond2, spd = false } = reference, large = n > 2000;
    assertEquals([A.rows, A.columns], [reference.rows, reference.cols]);
    assertAlmostEquals(normSparse(A) / reference.normF, 1, 1e-13);
    assertAlmostEquals(normSparse(A, 1) / reference.norm1, 1, 1e-13);
    if (!cond2) return;
    assertEquals(isSymmetricSparse(A), spd);
    const b = product(A, ones(n)), methods: [string, Factorization, number][] = [["lu", sparseLu(A), 8]];
    if (spd) methods.push(["cholesky", sparseCholesky(A), 4], ["ldlt", sparseLdlt(A), 4]);
    if (!large) methods.push(["qr", sparseQr(A), 4]);
    for (const [method, factors, units] of methods) {
      const x = factors.solve(b), error = backwardError(A, x, b), y = factors.solve(b);
      assert(error <= units * eps, `${name}, ${method}: ${error / eps} eps`);
      assert(Math.max(...x.map((entry) => Math.abs(entry - 1))) <= 1e-15 * n * cond2, name);
      // within the bounds between the conditions of the two norms
      const condition = 1 / factors.reciprocalCondition();
      assert(condition < 3 * n * cond2 && condition > cond2 / (3 * n), `${name}: ${condition} for ${cond2}`);
      refine(A, factors, b, y);
      assert(backwardError(A, y, b) <= eps, `${name}, ${method}, refined`);
      if (!slogdet) continue;
      const { sign, logarithm } = factors.logDeterminant();
      assertEquals(sign, slogdet[0]);
      assertAlmostEquals(logarithm, slogdet[1], 1e-10 * Math.abs(slogdet[1]) + 1e-15 * cond2);
    }
    if (spd && reference.superlu_nnzL) assert(analyzeSymmetric(A).factorEntries <= 1.2 * reference.superlu_nnzL);
  });
}

Deno.test("ash219: sparse least squares agree with the dense ones", async () => {
  const A = await read("ash219"), b = Float64Array.from({ length: A.rows }, (_, i) => Math.sin(i));
  const { x, rank, residualNorm } = solveLeastSquares(A, b), dense = lstsq(toDense(A), b);
  assertEquals(rank, A.columns);
  assertAlmostEquals(residualNorm, dense.residualNorms[0], 1e-13);
  for (let j = 0; j < x.length; j++) assertAlmostEquals(x[j], dense.x[j], 1e-13);
});
