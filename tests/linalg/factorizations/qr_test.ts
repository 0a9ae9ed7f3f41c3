import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, type Matrix, ShapeError, SingularMatrixError } from "../../../lib/core/mod.ts";
import {
  cholesky,
  completeOrthogonal,
  diagonalOf,
  identity,
  lu,
  matmul,
  matrix,
  norm,
  pivotedQr,
  qr,
  rowRange,
  subtract,
  transpose,
} from "../../../lib/linalg/mod.ts";
import { assertSmall, distance, eps, factorError, orthogonality, solveError } from "../backward_error.ts";
import { families, filled, numbers, orders, product, random } from "../families.ts";

/** Square matrices, and their first or last rows, as tall, or as wide as that. */
function* shapes(): Generator<[string, Matrix]> {
  const next = numbers(1);
  for (const [name, make] of Object.entries(families)) {
    for (const n of orders) {
      const A = make(n, next);
      yield [`${name}, ${n} x ${n}`, A];
      const part = rowRange(A, n >> 1, n);
      yield [`${name}, ${part.rows} x ${n}`, part];
      yield [`${name}, ${n} x ${part.rows}`, transpose(part)];
    }
  }
}

const isUpperTriangular = (R: Matrix): boolean =>
  R.data.every((r, k) => k % R.columns >= Math.floor(k / R.columns) || r === 0);

Deno.test("qr() has factors with backward errors below 10 n eps, for every family and shape", () => {
  for (const [what, A] of shapes()) {
    const { Q, R } = qr(A), size = Math.max(A.rows, A.columns);
    assertSmall(factorError(A, Q, R), size, what);
    assertSmall(orthogonality(Q), size, `${what}, orthogonality`);
    assert(isUpperTriangular(R), what);
  }
});

Deno.test("pivotedQr() has factors with backward errors below 10 n eps and falling pivots, for every family and shape", () => {
  for (const [what, A] of shapes()) {
    const { Q, R, permutation: p } = pivotedQr(A), size = Math.max(A.rows, A.columns);
    const sorted = filled(A.rows, A.columns, (i, j) => A.data[i * A.columns + p[j]]);
    assertSmall(factorError(sorted, Q, R), size, what);
    assertSmall(orthogonality(Q), size, `${what}, orthogonality`);
    for (let k = 0; k < R.rows; k++) { // a pivot is no shorter than what is left of any column
      for (let j = k; j < R.columns; j++) {
        let rest = 0;
        for (let i = k; i <= Math.min(j, R.rows - 1); i++) rest = Math.hypot(rest, R.data[i * R.columns + j]);
        assert(Math.abs(R.data[k * (R.columns + 1)]) >= rest * (1 - 1e-6) - 100 * eps * norm(A), `${what}, ${k}, ${j}`);
      }
    }
  }
});

Deno.test("qr() solves square systems with backward errors below 10 n eps, also transposed and with a permutation", () => {
  const next = numbers(2);
  for (const [name, make] of Object.entries(families)) {
    for (const n of orders) {
      const A = make(n, next), what = `${name}, n = ${n}`;
      for (const factors of [qr(A), pivotedQr(A)]) {
        if (factors.zeroPivot >= 0) continue;
        for (const columns of [1, 3]) {
          const B = random(n, columns, next);
          const X = columns === 1 ? factors.solve(B.data) : factors.solve(B).data;
          if (X.every(Number.isFinite)) assertSmall(solveError(A, X, B.data, columns), n, what);
          const Y = columns === 1 ? factors.solveTranspose(B.data) : factors.solveTranspose(B).data;
          if (Y.every(Number.isFinite)) {
            assertSmall(solveError(transpose(A), Y, B.data, columns), n, `${what}, transposed`);
          }
        }
      }
    }
  }
});

Deno.test("Qr.solve() is the least-squares solution, solveTranspose() the shortest one: as the normal equations say", () => {
  const next = numbers(3);
  for (const [m, n] of [[1, 1], [5, 2], [40, 7], [60, 59], [200, 40]]) {
    const A = random(m, n, next), B = random(m, 2, next), C = random(n, 2, next);
    const gram = cholesky(matmul(transpose(A), A));
    for (const factors of [qr(A), pivotedQr(A)]) {
      assert(distance(gram.solve(matmul(transpose(A), B)), factors.solve(B)) < 1e-9);
      assert(distance(matmul(A, gram.solve(C)), factors.solveTranspose(C)) < 1e-9);
      const out = new Float64Array(n);
      assertEquals(factors.solve(B.data.slice(0, m), out), out);
      assert(distance(matrix(n, 1, out), factors.solve(matrix(m, 1, B.data.slice(0, m)))) < 1e-12);
    }
  }
});

Deno.test("Qr.applyQ() and applyTransposedQ() are products with all of Q", () => {
  const next = numbers(4);
  for (const [m, n] of [[1, 3], [6, 6], [9, 4], [4, 9], [70, 33]]) {
    const factors = qr(random(m, n, next)), B = random(m, 5, next), Q = factors.fullQ;
    assertEquals([Q.rows, Q.columns], [m, m]);
    assert(orthogonality(Q) < 1e-13);
    assert(distance(product(Q, B), factors.applyQ(B)) < 1e-14);
    assert(distance(product(transpose(Q), B), factors.applyTransposedQ(B)) < 1e-14);
    assertEquals(distance(factors.Q, filled(m, Math.min(m, n), (i, j) => Q.data[i * m + j])) < 1e-14, true);
  }
});

Deno.test("qr() agrees with lu() on determinant and inverse, and estimates the condition of R", () => {
  const next = numbers(5);
  for (const n of [1, 2, 3, 20]) {
    const A = random(n, n, next), other = lu(A);
    for (const factors of [qr(A), pivotedQr(A)]) {
      assertAlmostEquals(factors.determinant() / other.determinant(), 1, 1e-10);
      assert(distance(other.inverse(), factors.inverse()) < 1e-11);
      const exact = 1 / (norm(factors.R, 1) * norm(lu(factors.R).inverse(), 1)),
        estimate = factors.reciprocalCondition();
      assert(estimate >= exact * (1 - 1e-8) && estimate <= 3 * exact);
    }
  }
  const cycle = filled(5, 5, (i, j) => +(j === (i + 2) % 5)); // an even permutation
  assertAlmostEquals(pivotedQr(cycle).determinant(), 1);
});

Deno.test("pivotedQr() and completeOrthogonal() find the rank and the spaces of a matrix", () => {
  const next = numbers(6);
  for (const [m, n] of [[1, 1], [7, 7], [30, 11], [11, 30], [60, 60]]) {
    for (const rank of new Set([0, 1, Math.min(m, n) >> 1, Math.min(m, n)])) {
      const A = product(random(m, rank, next), random(rank, n, next)), what = `${m} x ${n}, rank ${rank}`;
      assertEquals(pivotedQr(A).rank, rank, what);
      const { U, T, V, nullspace, rank: found } = completeOrthogonal(A);
      assertEquals([found, U.columns, V.columns, nullspace.columns], [rank, rank, rank, n - rank], what);
      assertSmall(factorError(A, U, T, transpose(V)), Math.max(m, n), what);
      for (const Q of [U, V, nullspace]) assertSmall(orthogonality(Q), Math.max(m, n), what);
      assert(norm(product(A, nullspace)) <= 1e-14 * Math.max(1, norm(A)) * n, what);
      assert(isUpperTriangular(transpose(T)), what);
    }
  }
});

Deno.test("pivotedQr() measures columns anew where downdating them cancels", () => {
  // after the first step a column is left that is shorter than rounding errors of its length
  const tiny = 1e-9, A = matrix([[1, 1, 1], [0, tiny, 0], [0, 0, 3 * tiny], [0, 0, 0]]);
  const R = pivotedQr(A).R;
  assertAlmostEquals(Math.abs(R.data[4]) / tiny, 3, 1e-3);
  assert(Math.abs(R.data[8]) <= Math.abs(R.data[4]));
  assertEquals(pivotedQr(A).rank, 3);
  assertEquals(pivotedQr(A, { tolerance: 1e-6 }).rank, 1);
});

Deno.test("qr() refuses what it cannot do, by name", () => {
  const next = numbers(7), wide = qr(random(2, 3, next));
  assertThrows(() => wide.solve(Float64Array.of(1, 2)), ShapeError, "use lstsq");
  assertThrows(() => wide.reciprocalCondition(), ShapeError, "2 x 3");
  assertThrows(() => wide.determinant(), ShapeError, "expected a square matrix, got 2 x 3");
  assertThrows(() => wide.inverse(), ShapeError, "expected a square matrix");
  assertThrows(() => wide.applyQ(identity(3)), ShapeError, "2 rows, got 3 x 3");
  assertThrows(() => qr(matrix([[1, -Infinity]])), DomainError, "got -Infinity at (0, 1)");
  assertThrows(() => pivotedQr(matrix(1, 1), { tolerance: NaN }), DomainError, "got NaN");
  const error = assertThrows(
    () => qr(matrix([[1, 2], [0, 0], [0, 0]])).solve(new Float64Array(3)),
    SingularMatrixError,
  );
  assertEquals(error.pivot, 1);
});

Deno.test("qr() gives the same bits twice and leaves its matrix alone", () => {
  const A = random(70, 50, numbers(8)), before = A.data.slice();
  for (const factor of [qr, pivotedQr]) {
    const runs = [factor(A), factor(A)].map((factors) => [factors.Q.data, factors.R.data, factors.solve(A).data]);
    assertEquals(runs[0], runs[1]);
    assert(norm(subtract(factor(A).solve(A), identity(50))) < 1e-12);
    assert(diagonalOf(factor(A).R).every((r) => r !== 0));
  }
  assertEquals(A.data, before);
});
