// Incomplete factorizations.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  DomainError,
  fillNormal,
  norm2,
  rng,
  ShapeError,
  SingularMatrixError,
  type SparseEntries,
  sparseMatrix,
} from "../../../lib/core/mod.ts";
import {
  addSparse,
  cholesky,
  factorPreconditioner,
  fromTriplets,
  gridLaplacian,
  ilu0,
  ilut,
  incompleteCholesky,
  lu,
  matmul,
  multiplySparse,
  norm,
  scaleRows,
  sparseDiagonal,
  subtract,
  toDense,
  toSparse,
  transpose,
  transposeSparse,
} from "../../../lib/linalg/mod.ts";
import { assertOperator, dominant, matrixOf } from "./operators.ts";

const difference = (A: SparseEntries, B: SparseEntries): number =>
  norm(subtract(toDense(A), toDense(B))) / norm(toDense(A));

/** The largest difference on the pattern of A, of which there is to be some off it. */
function onPattern(A: SparseEntries, B: SparseEntries): { on: number; off: number } {
  const a = toDense(A).data, b = toDense(B).data, inside = new Uint8Array(a.length);
  for (let i = 0; i < A.rows; i++) {
    for (let k = A.rowStarts[i]; k < A.rowStarts[i + 1]; k++) inside[i * A.columns + A.columnIndices[k]] = 1;
  }
  let on = 0, off = 0;
  for (let k = 0; k < a.length; k++) {
    if (inside[k]) on = Math.max(on, Math.abs(a[k] - b[k]));
    else off = Math.max(off, Math.abs(b[k]));
  }
  return { on, off };
}

// @must incompleteCholesky: exact where A has no fill; equal to A on its pattern otherwise
// @measured reached: relative difference below 1e-15 for a tridiagonal matrix of order 50; below 1e-15 on the pattern of a 9 x 9
//   grid, 0.31 off it
Deno.test("incompleteCholesky() is Cholesky's factor without fill, and agrees with A on its pattern with it", () => {
  const T = sparseDiagonal([
    new Float64Array(50).fill(2.1),
    new Float64Array(49).fill(-1),
    new Float64Array(49).fill(-1),
  ], [0, 1, -1]);
  const exact = incompleteCholesky(T);
  assertEquals(exact.shift, 0);
  assert(norm(subtract(toDense(exact.L), cholesky(toDense(T)).L)) < 1e-14);
  const A = gridLaplacian(9, 9), factor = incompleteCholesky(A), { L } = factor;
  const { on, off } = onPattern(A, multiplySparse(L, transposeSparse(L)));
  assert(on < 1e-14 && off > 0.2, `${on} ${off}`);
  assertEquals(L.values.length, (A.values.length + 81) / 2);
  assertOperator(factor, "incompleteCholesky");
  assertOperator(incompleteCholesky(dominant(40, rng(1), true)), "incompleteCholesky, random");
  const product = matmul(matmul(matrixOf(factor), toDense(L)), transpose(toDense(L))); // the identity
  for (let i = 0; i < 81; i++) assertAlmostEquals(product.data[82 * i], 1, 1e-12);
});

// Kershaw's matrix: positive definite, and its third incomplete pivot is negative
const kershaw = toSparse({
  rows: 4,
  columns: 4,
  data: Float64Array.of(3, -2, 0, 2, -2, 3, -2, 0, 0, -2, 3, -2, 2, 0, -2, 3),
});

Deno.test("incompleteCholesky() shifts the diagonal of a matrix whose incomplete pivots are not positive", () => {
  assertEquals(cholesky(toDense(kershaw)).L.rows, 4);
  const { shift, L } = incompleteCholesky(kershaw);
  assert(shift > 0.1 && shift < 1, `${shift}`);
  const shifted = { ...kershaw, values: kershaw.values.map((v) => v === 3 ? 3 * (1 + shift) : v) };
  assert(onPattern(shifted, multiplySparse(L, transposeSparse(L))).on < 1e-14);
  const doubled = sparseMatrix({ ...kershaw, values: kershaw.values.map((v) => 1e200 * v) });
  assertEquals(incompleteCholesky(doubled).shift, shift); // scale makes no difference
});

// @must ilu0: exact where A has no fill; equal to A on its pattern otherwise
// @measured reached: relative difference below 1e-15 for an unsymmetric tridiagonal matrix; on the pattern of a random one of order 60
//   below 1e-14
Deno.test("ilu0() is LU without fill, and agrees with A on its pattern with it", () => {
  const T = sparseDiagonal(
    [new Float64Array(30).fill(4), new Float64Array(29).fill(-1), new Float64Array(29).fill(2)],
    [0, 1, -1],
  );
  const { L, U } = ilu0(T);
  assert(difference(T, multiplySparse(L, U)) < 1e-15);
  const A = dominant(60, rng(2)), factors = ilu0(A), { on, off } = onPattern(A, multiplySparse(factors.L, factors.U));
  assert(on < 1e-14 && off > 0.1, `${on} ${off}`);
  assertOperator(factors, "ilu0");
  assertEquals(factors.L.values.length + factors.U.values.length, A.values.length + 60);
});

// @must ilut: LU as the tolerance falls to 0, with the error of the order of the tolerance before
// @measured reached: relative error of L U below 1e-15 for tolerance 0 and unlimited fill, with and without exchanges; 8.8e-2, 9.6e-3,
//   1.1e-4 for 1e-1, 1e-2, 1e-4
Deno.test("ilut() becomes LU as the tolerance falls", () => {
  const A = dominant(80, rng(3)), errors: number[] = [];
  for (const dropTolerance of [1e-1, 1e-2, 1e-4, 0]) {
    const factors = ilut(A, { dropTolerance, fill: Infinity });
    errors.push(difference(A, multiplySparse(factors.L, factors.U)));
    assertOperator(factors, `ilut with ${dropTolerance}`);
  }
  assert(errors[0] < 0.1 && errors[1] < 0.02 && errors[2] < 2e-4 && errors[3] < 1e-15, `${errors}`);
  assert(errors[0] > errors[1] && errors[1] > errors[2] && errors[2] > 1e-8, `${errors}`);
  const x = fillNormal(rng(4), new Float64Array(80)), b = new Float64Array(80), out = new Float64Array(80);
  A.apply(x, b);
  ilut(A, { dropTolerance: 0, fill: Infinity, pivotThreshold: 0 }).apply(b, out);
  const exact = lu(toDense(A)).solve(b);
  assert(norm2(out.map((v, i) => v - exact[i])) < 1e-13 * norm2(exact));
});

Deno.test("ilut() exchanges columns: matrices with zeros or small numbers on the diagonal", () => {
  const D = dominant(50, rng(5)),
    shifted = fromTriplets( // the diagonal moved by 7 columns
      50,
      50,
      Array.from({ length: 50 }, (_, i) => Array(D.rowStarts[i + 1] - D.rowStarts[i]).fill(i)).flat(),
      Array.from(D.columnIndices, (j) => (j + 7) % 50),
      D.values,
    );
  for (const pivotThreshold of [0.1, 1]) {
    const factors = ilut(shifted, { dropTolerance: 0, fill: Infinity, pivotThreshold });
    const { L, U, columnOrder } = factors, product = toDense(multiplySparse(L, U)), A = toDense(shifted);
    let error = 0;
    for (let i = 0; i < 50; i++) {
      for (let k = 0; k < 50; k++) {
        error = Math.max(error, Math.abs(product.data[50 * i + k] - A.data[50 * i + columnOrder[k]]));
      }
    }
    assert(error < 1e-13, `${pivotThreshold}: ${error}`);
    assertOperator(factors, `ilut with exchanges from ${pivotThreshold}`);
    assertEquals(columnOrder[0], 7);
  }
  const reversed = fromTriplets(4, 4, [0, 1, 2, 3], [3, 2, 1, 0], [1, 2, 3, 4]); // zeros are exchanged in any case
  assertEquals([...ilut(reversed, { pivotThreshold: 0 }).columnOrder], [3, 2, 1, 0]);
  const limited = ilut(shifted, { dropTolerance: 0, fill: 0 });
  assert(limited.L.values.length + limited.U.values.length <= shifted.values.length + 100);
});

Deno.test("ilut() puts the tolerance where dropping has left no pivot", () => {
  const A = fromTriplets(3, 3, [0, 1, 1, 2, 2], [0, 1, 2, 0, 1], [1, 1, 1, 1, 1e-5]);
  assertAlmostEquals(toDense(ilut(A).U).data[8], 1e-3, 1e-9);
  assertAlmostEquals(toDense(ilut(A, { dropTolerance: 0 }).U).data[8], -1e-5, 1e-20);
});

Deno.test("incomplete factorizations refuse what they cannot factor", () => {
  const rectangular = fromTriplets(2, 3, [0], [0], [1]),
    unsymmetric = fromTriplets(2, 2, [0, 1, 1], [0, 0, 1], [1, 1, 1]);
  for (const make of [incompleteCholesky, ilu0, ilut, factorPreconditioner]) {
    assertThrows(() => make(rectangular), ShapeError, "expected a square matrix, got 2 x 3");
  }
  assertThrows(() => incompleteCholesky(unsymmetric), DomainError, "symmetric");
  assertThrows(() => incompleteCholesky(fromTriplets(2, 2, [0, 1], [0, 1], [1, -1])), DomainError, "at (1, 1)");
  assertThrows(() => incompleteCholesky(fromTriplets(2, 2, [0], [0], [1])), DomainError, "got 0 at (1, 1)");
  assertThrows(() => factorPreconditioner(transposeSparse(unsymmetric)), DomainError, "an entry at (0, 1)");
  const singular = fromTriplets(2, 2, [0, 0, 1, 1], [0, 1, 0, 1], [1, 2, 2, 4]);
  assertEquals(assertThrows(() => ilu0(singular), SingularMatrixError).pivot, 1);
  assertEquals(assertThrows(() => ilut(singular), SingularMatrixError).pivot, 1);
  assertThrows(() => ilut(unsymmetric, { dropTolerance: -1 }), DomainError, "got -1, 10 and 0.1");
});

Deno.test("ilut() drops the same entries after rows are scaled", () => {
  const A = addSparse(1, gridLaplacian(9, 9), 0.3, sparseDiagonal(new Float64Array(78).fill(1), 3)), n = A.rows;
  const d = Float64Array.from({ length: n }, (_, i) => 2 ** (i * 7 % 21 - 10)),
    options = { dropTolerance: 0.05, fill: n };
  const factors = ilut(A, options), scaled = ilut(scaleRows(d, A), options);
  assertEquals(scaled.U.columnIndices, factors.U.columnIndices);
  assertEquals(scaled.L.columnIndices, factors.L.columnIndices);
  assert(factors.U.values.length < ilut(A, { dropTolerance: 0, fill: n }).U.values.length / 2);
});
