import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, type Matrix, ShapeError, SingularMatrixError } from "../../../lib/core/mod.ts";
import { add, type Ldlt, ldlt, lu, matrix, transpose } from "../../../lib/linalg/mod.ts";
import { assertSmall, distance, factorError, solveError } from "../backward_error.ts";
import { families, filled, numbers, orders, random } from "../families.ts";

const permuted = (A: Matrix, { permutation: p }: Ldlt): Matrix =>
  filled(A.rows, A.columns, (i, j) => A.data[p[i] * A.columns + p[j]]);

Deno.test("ldlt() has factors and solutions with backward errors below 10 n eps, for every symmetric part and order", () => {
  const next = numbers(1);
  for (const [name, make] of Object.entries(families)) {
    for (const n of [...orders, 100]) {
      const B = make(n, next),
        A = add(B, transpose(B)),
        factors = ldlt(A),
        what = `${name}, n = ${n}`,
        { L, D } = factors;
      assertSmall(factorError(permuted(A, factors), L, D, transpose(L)), n, what);
      if (factors.zeroPivot >= 0) continue;
      for (const columns of [1, 3]) {
        const B = random(n, columns, next);
        const X = columns === 1 ? factors.solve(B.data) : factors.solveTranspose(B).data;
        assertSmall(solveError(A, X, B.data, columns), n, `${what}, solve`);
      }
    }
  }
});

Deno.test("Ldlt has blocks of order two only where they are indefinite, and L of order n", () => {
  const factors = ldlt(families["saddle point"](40, numbers(2))), { L, D } = factors;
  let blocks = 0;
  for (let k = 0; k + 1 < 40; k++) {
    const e = D.data[k * 41 + 1];
    if (e === 0) continue;
    blocks++;
    assert(D.data[k * 41] * D.data[(k + 1) * 41] < e * e);
    assertEquals(L.data[(k + 1) * 40 + k], 0);
  }
  assert(blocks > 3);
  for (let i = 0; i < 40; i++) for (let j = i; j < 40; j++) assertEquals(L.data[i * 40 + j], +(i === j));
});

Deno.test("Ldlt.inertia counts the signs of the eigenvalues", () => {
  for (const n of [1, 2, 3, 10, 51]) {
    const A = families.laplacian(n, numbers(0)); // eigenvalues 2 - 2 cos(k π / (n + 1)), all different
    for (let k = 0; k < n; k++) {
      const between = 2 - Math.cos((k + 1) * Math.PI / (n + 1)) - Math.cos(k * Math.PI / (n + 1));
      const shifted = filled(n, n, (i, j) => A.data[i * n + j] - +(i === j) * between);
      assertEquals(ldlt(shifted).inertia, { positive: n - k, negative: k, zero: 0 });
    }
  }
  assertEquals(ldlt(matrix(3, 3)).inertia, { positive: 0, negative: 0, zero: 3 });
});

Deno.test("ldlt() agrees with lu() on determinant, inverse and condition", () => {
  const next = numbers(3);
  for (const n of [1, 2, 9, 30]) {
    const A = families.symmetric(n, next), one = ldlt(A), other = lu(A);
    assertAlmostEquals(one.determinant() / other.determinant(), 1, 1e-9);
    assertEquals(one.logDeterminant().sign, other.logDeterminant().sign);
    assertAlmostEquals(one.logDeterminant().logarithm, other.logDeterminant().logarithm, 1e-9);
    assert(distance(other.inverse(), one.inverse()) < 1e-9);
    assertAlmostEquals(one.reciprocalCondition() / other.reciprocalCondition(), 1, 1e-6);
  }
});

Deno.test("ldlt() refuses what is not square, finite, symmetric; with a singular matrix solving names the pivot", () => {
  assertThrows(() => ldlt(matrix(2, 3)), ShapeError, "expected a square matrix, got 2 x 3");
  assertThrows(() => ldlt(matrix([[NaN]])), DomainError, "got NaN at (0, 0)");
  assertThrows(() => ldlt(matrix([[1, 2], [3, 1]])), DomainError, "expected a symmetric matrix");
  const error = assertThrows(() => ldlt(matrix([[1, 1], [1, 1]])).solve(new Float64Array(2)), SingularMatrixError);
  assertEquals(error.pivot, 1);
  assertEquals(ldlt(matrix([[1, 1], [1, 1]])).reciprocalCondition(), 0);
});

Deno.test("ldlt() gives the same bits twice and leaves its matrix alone", () => {
  const A = families.symmetric(70, numbers(4)), before = A.data.slice(), b = A.data.slice(0, 70);
  const runs = [ldlt(A), ldlt(A)].map((factors) => [factors.L.data, factors.D.data, factors.solve(b)]);
  assertEquals(runs[0], runs[1]);
  assertEquals(A.data, before);
});
