// A factor with a given pattern: as a preconditioner, and its loss.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  fillNormal,
  iterations,
  norm2,
  rng,
  ShapeError,
  type Smooth,
  solve,
  type SparseMatrix,
  sparseMatrix,
  uniform,
  type Vector,
} from "../../../lib/core/mod.ts";
import {
  addSparse,
  cg,
  cholesky,
  diagonalOfSparse,
  factorLoss,
  factorPreconditioner,
  fromTriplets,
  graphLaplacian,
  gridLaplacian,
  incompleteCholesky,
  jacobi,
  norm,
  scaleColumns,
  type SolvedSystem,
  sparseIdentity,
  ssor,
  subtract,
  toDense,
  toSparse,
} from "../../../lib/linalg/mod.ts";
import { lbfgs } from "../../../lib/smooth/mod.ts";
import { assertOperator, matrixOf } from "./operators.ts";

/** Diffusion with random coefficients on m x m points. */
function diffusion(m: number, seed: number): SparseMatrix {
  const random = rng(seed), rows: number[] = [], columns: number[] = [], values: number[] = [];
  for (let i = 0; i < m * m; i++) {
    for (const j of [i % m < m - 1 ? i + 1 : -1, i + m < m * m ? i + m : -1]) {
      if (j < 0) continue;
      const w = 10 ** (2 * uniform(random) - 1);
      rows.push(i, j);
      columns.push(j, i);
      values.push(w, w);
    }
  }
  return addSparse(1, graphLaplacian(fromTriplets(m * m, m * m, rows, columns, values)), 0.05, sparseIdentity(m * m));
}

/** The entries of a symmetric matrix up to its diagonal, which is last in each row. */
function lower(A: SparseMatrix): SparseMatrix {
  const rows: number[] = [], columns: number[] = [], values: number[] = [];
  for (let i = 0; i < A.rows; i++) {
    for (let k = A.rowStarts[i]; k < A.rowStarts[i + 1]; k++) {
      if (A.columnIndices[k] > i) continue;
      rows.push(i);
      columns.push(A.columnIndices[k]);
      values.push(A.values[k]);
    }
  }
  return fromTriplets(A.rows, A.rows, rows, columns, values);
}

function solved(A: SparseMatrix, count: number): SolvedSystem[] {
  const factor = cholesky(toDense(A)), random = rng(9);
  return Array.from({ length: count }, () => {
    const b = fillNormal(random, new Float64Array(A.rows));
    return { x: factor.solve(b), b };
  });
}

Deno.test("factorLoss() is |L Lᵀx - b|², zero for the exact factor, and has its gradient", () => {
  const A = diffusion(5, 1), systems = solved(A, 3), L = lower(A), gradient = new Float64Array(L.values.length);
  const exact = toSparse(cholesky(toDense(A)).L);
  assert(factorLoss(exact, systems, new Float64Array(exact.values.length)) < 1e-20);
  const loss = factorLoss(L, systems, gradient);
  let expected = 0;
  const D = toDense(L).data;
  for (const { x, b } of systems) {
    for (let i = 0; i < 25; i++) {
      let s = -b[i];
      for (let j = 0; j < 25; j++) for (let k = 0; k < 25; k++) s += D[25 * i + k] * D[25 * j + k] * x[j];
      expected += s * s;
    }
  }
  assertAlmostEquals(loss / expected, 1, 1e-12);
  assertEquals(factorLoss(L, systems), loss);
  for (const k of [0, 7, 20, L.values.length - 1]) {
    const change = (h: number): number =>
      factorLoss(sparseMatrix({ ...L, values: L.values.map((v, i) => i === k ? v + h : v) }), systems);
    const h = 1e-4, slope = (8 * (change(h) - change(-h)) - (change(2 * h) - change(-2 * h))) / (12 * h);
    assertAlmostEquals(gradient[k] / slope, 1, 1e-7);
  }
});

// @must factorPreconditioner: the family of factors on the pattern of A contains the symmetric method of Gauss and Seidel, which takes at most
//   0.6 times the iterations of the diagonal
// @measured reached: (D + L) D^(-1/2) applies the same matrix to 1e-14; on 20 x 20 points with random diffusion 55 iterations against 133
//   (IC(0): 40)
Deno.test("factorPreconditioner() contains symmetric Gauss-Seidel", () => {
  const A = diffusion(20, 2), L = scaleColumns(lower(A), diagonalOfSparse(A).map((d) => 1 / Math.sqrt(d)));
  const M = factorPreconditioner(L), sweeps = matrixOf(ssor(A));
  assert(norm(subtract(matrixOf(M), sweeps)) < 1e-13 * norm(sweeps));
  assertOperator(factorPreconditioner(lower(gridLaplacian(5, 6))), "factorPreconditioner");
  const b = fillNormal(rng(3), new Float64Array(400));
  const [diagonal, factored, incomplete] = [jacobi(A), M, incompleteCholesky(A)].map((preconditioner) =>
    cg(A, b, { preconditioner }).iterations
  );
  assert(factored <= 0.6 * diagonal && incomplete < factored, `${diagonal} ${factored} ${incomplete}`);
});

// @must factorLoss: a factor trained on pairs of x and b alone, without A, makes conjugate gradients as fast as IC(0) does
// @measured reached: 23 iterations after 300 steps of L-BFGS from the diagonal on 32 pairs, IC(0) 26, diagonal 80, on 10 x 10 points
Deno.test("factorLoss() trains a factor", () => {
  const A = diffusion(10, 4), systems = solved(A, 32), L = lower(A), values = L.values;
  const problem: Smooth = {
    kind: "smooth",
    dimension: values.length,
    value: (v) => factorLoss(sparseMatrix({ ...L, values: v }), systems),
    gradient: (v, out) => factorLoss(sparseMatrix({ ...L, values: v }), systems, out),
  };
  const start = L.values.map((v, k) => {
    const last = L.rowStarts.includes(k + 1);
    return last ? Math.sqrt(v) : 0;
  });
  const { x } = solve(problem, lbfgs({ memory: 20 }), { start, stop: iterations(300) });
  for (let i = 0; i < 100; i++) x[L.rowStarts[i + 1] - 1] = Math.abs(x[L.rowStarts[i + 1] - 1]); // signs of columns are free
  const b = fillNormal(rng(5), new Float64Array(100)), M = factorPreconditioner({ ...L, values: x });
  const count = (preconditioner: ReturnType<typeof jacobi>): number => cg(A, b, { preconditioner }).iterations;
  const trained = count(M), incomplete = count(incompleteCholesky(A)), diagonal = count(jacobi(A));
  assert(trained < 0.6 * diagonal && trained <= 1.3 * incomplete, `${trained} ${incomplete} ${diagonal}`);
});

Deno.test("factorLoss() refuses vectors that do not fit", () => {
  const L = sparseIdentity(3), x = new Float64Array(3), short: Vector = new Float64Array(2);
  assertThrows(() => factorLoss(L, [{ x: short, b: x }]), ShapeError, "a solution of 3 entries, got 2");
  assertThrows(() => factorLoss(L, [{ x, b: short }]), ShapeError, "a right-hand side");
  assertThrows(() => factorLoss(L, [], short), ShapeError, "a gradient of 3");
  assertEquals(factorLoss(L, []), 0);
  assert(norm2(short) === 0);
});
