// Preconditioned solvers on matrices from practice.
import { assert, assertEquals } from "@std/assert";
import { type LinearOperator, norm2, type SparseMatrix, sparseMatrix, type Vector } from "../../../lib/core/mod.ts";
import {
  bicgstab,
  cg,
  gmres,
  ilu0,
  ilut,
  incompleteCholesky,
  type IterativeSolution,
  jacobi,
  multigrid,
  ssor,
} from "../../../lib/linalg/mod.ts";
import { readMatrixMarket } from "../../../lib/problems/mod.ts";

async function read(name: string): Promise<{ A: SparseMatrix; b: Vector }> {
  const file = await Deno.open(new URL(`../../data/${name}.mtx.gz`, import.meta.url));
  const bytes = await new Response(file.readable.pipeThrough(new DecompressionStream("gzip"))).bytes();
  const { rows, columns, entries } = await readMatrixMarket(bytes);
  assert("rowStarts" in entries);
  const A = sparseMatrix({ rows, columns, ...entries }), b = new Float64Array(rows);
  A.apply(new Float64Array(columns).fill(1), b);
  return { A, b };
}

const residual = (A: SparseMatrix, b: Vector, x: Vector): number => {
  const r = new Float64Array(b.length);
  A.apply(x, r);
  return norm2(r.map((v, i) => b[i] - v)) / norm2(b);
};

// @must jacobi, ssor, incompleteCholesky, multigrid: conjugate gradients on positive definite matrices from practice, to 1e-10: fewer
//   iterations with each better preconditioner
// @measured reached: 494_bus: 1425 without, 407 with the diagonal, 197 with SSOR, 95 with IC(0), 17 with a V-cycle; bcsstk01: 142, 49,
//   27, 18 and (factored as a whole) 1
Deno.test("cg() needs fewer iterations with each better preconditioner", async () => {
  for (const [name, most] of [["494_bus", [1600, 450, 220, 110, 22]], ["bcsstk01", [180, 60, 33, 22, 2]]] as const) {
    const { A, b } = await read(name);
    const preconditioners = [undefined, jacobi(A), ssor(A), incompleteCholesky(A), multigrid(A)];
    const counts = preconditioners.map((preconditioner) => {
      const run = cg(A, b, { tolerance: 1e-10, ...(preconditioner && { preconditioner }) });
      assertEquals(run.status, "converged");
      assert(residual(A, b, run.x) <= 1.01e-10);
      return run.iterations;
    });
    counts.forEach((count, k) =>
      assert(count <= most[k] && (k === 0 || count < 0.75 * counts[k - 1]), `${name}: ${counts}`)
    );
  }
});

// @must ilu0, ilut: GMRES and BiCGSTAB on unsymmetric matrices from practice, to 1e-10
// @measured reached: pts5ldd03: 46 and 30 iterations without, 18 and 11 with ILU(0), 5 and 3 with ILUT; impcol_a, which has zeros on
//   its diagonal: neither converges without, 18 and 24 with ILUT; mahindas (condition 2e13), without convergence before: 15 and 14 with
//   ILUT to 1e-6
Deno.test("gmres() and bicgstab() converge with incomplete LU, where they do not without", async () => {
  const solved = (solve: typeof gmres, A: SparseMatrix, b: Vector, M?: LinearOperator): IterativeSolution => {
    const run = solve(A, b, { tolerance: 1e-10, maxIterations: 400, ...(M && { preconditioner: M }) });
    assertEquals(run.status === "converged", residual(A, b, run.x) <= 1.01e-10);
    return run;
  };
  const grid = await read("pts5ldd03"), zeros = await read("impcol_a"), hard = await read("mahindas");
  for (const solve of [gmres, bicgstab]) {
    const counts = [undefined, ilu0(grid.A), ilut(grid.A)].map((M) => {
      const { status, iterations } = solved(solve, grid.A, grid.b, M);
      assertEquals(status, "converged");
      return iterations;
    });
    assert(counts[1] < 0.6 * counts[0] && counts[2] < 0.6 * counts[1], `${counts}`);
    for (const { A, b } of [zeros, hard]) {
      assert(solved(solve, A, b).status !== "converged");
      const { status, iterations } = solved(solve, A, b, ilut(A, { dropTolerance: 1e-6, fill: 20 }));
      assert(status === "converged" && iterations < 30, `${status} after ${iterations}`);
    }
    assert(solved(solve, zeros.A, zeros.b, ilut(zeros.A)).iterations < 40);
  }
});
