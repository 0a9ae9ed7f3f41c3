import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, type Matrix, ShapeError } from "../../../lib/core/mod.ts";
import {
  identity,
  lstsq,
  lu,
  matmul,
  matrix,
  norm,
  pinv,
  qr,
  scale,
  subtract,
  transpose,
} from "../../../lib/linalg/mod.ts";
import { distance, eps, solveError } from "../backward_error.ts";
import { families, filled, numbers, product, type Random, random } from "../families.ts";

/** A matrix with these singular values. */
function withSingularValues(m: number, n: number, values: readonly number[], next: Random): Matrix {
  const k = values.length, U = qr(random(m, k, next)).Q, V = qr(random(n, k, next)).Q;
  return product(filled(m, k, (i, j) => U.data[i * k + j] * values[j]), transpose(V));
}

Deno.test("lstsq() minimizes: the residual is orthogonal to the columns, for tall, wide and deficient matrices", () => {
  const next = numbers(1);
  for (const [m, n] of [[1, 1], [1, 5], [5, 1], [8, 8], [40, 12], [12, 40], [60, 60]]) {
    for (const rank of new Set([0, 1, Math.min(m, n) >> 1, Math.min(m, n)])) {
      const A = product(random(m, rank, next), random(rank, n, next)), B = random(m, 3, next);
      const { x: X, rank: found, residualNorms } = lstsq(A, B),
        R = subtract(product(A, X), B),
        what = `${m} x ${n}, ${rank}`;
      assertEquals(found, rank, what);
      const limit = 100 * Math.max(m, n) * eps * norm(A) * (norm(B) + norm(A) * norm(X));
      assert(norm(product(transpose(A), R)) <= limit, `${what}: ${norm(product(transpose(A), R))} > ${limit}`);
      for (let j = 0; j < 3; j++) {
        assertAlmostEquals(residualNorms[j], norm(filled(m, 1, (i) => R.data[i * 3 + j])), 1e-12 * (1 + norm(B)));
      }
      // the shortest minimizer lies in the range of Aᵀ
      const Z = lstsq(transpose(A), X).x;
      assert(norm(subtract(product(transpose(A), Z), X)) <= 1e-11 * (1 + norm(X)), what);
    }
  }
});

Deno.test("lstsq() decides on the rank as the tolerance says", () => {
  const A = withSingularValues(20, 10, [1, 1e-2, 1e-4, 1e-6, 1e-8], numbers(2)), b = random(20, 1, numbers(3)).data;
  for (const [tolerance, rank] of [[1e-9, 5], [1e-7, 4], [1e-5, 3], [1e-3, 2], [0.1, 1]]) {
    assertEquals(lstsq(A, b, { tolerance }).rank, rank);
  }
  assertEquals(lstsq(A, b).rank, 5);
});

Deno.test("lstsq() of a consistent system has backward errors below 10 n eps, also for the hard families", () => {
  const next = numbers(4);
  for (const [name, make] of Object.entries(families)) {
    for (const n of [1, 6, 30]) {
      const A = make(n, next), b = product(A, random(n, 1, next)).data, { x } = lstsq(A, b);
      if (name === "graded" || name === "graded up") continue; // most of it is below the tolerance
      assert(solveError(A, x, b) <= 10 * n * eps, `${name}, n = ${n}: ${solveError(A, x, b) / eps / n} n eps`);
    }
  }
});

Deno.test("pinv() meets Penrose's four conditions, and is the inverse where there is one", () => {
  const next = numbers(5);
  for (
    const [m, n, rank] of [[1, 1, 1], [6, 4, 4], [4, 6, 4], [7, 7, 7], [9, 5, 2], [5, 9, 2], [5, 5, 0], [0, 3, 0], [
      3,
      0,
      0,
    ]]
  ) {
    const A = product(random(m, rank, next), random(rank, n, next)),
      X = pinv(A),
      AX = product(A, X),
      XA = product(X, A);
    assertEquals([X.rows, X.columns], [n, m]);
    const limit = 1e-13 * (1 + norm(A) * norm(X)),
      close = (C: Matrix, D: Matrix): boolean => norm(subtract(C, D)) <= limit * (1 + norm(D));
    assert(close(product(AX, A), A));
    assert(close(product(XA, X), X));
    assert(close(transpose(AX), AX));
    assert(close(transpose(XA), XA));
  }
  const A = random(20, 20, next);
  assert(distance(lu(A).inverse(), pinv(A)) < 1e-11);
  assert(distance(scale(pinv(A), 1e200), pinv(scale(A, 1e-200))) < 1e-11);
});

Deno.test("lstsq() takes one right-hand side or many, and refuses what does not fit or is not finite", () => {
  const A = random(5, 3, numbers(6)), b = random(5, 1, numbers(7)).data;
  const one = lstsq(A, b).x, many = lstsq(A, matrix(5, 1, b)).x;
  assertEquals(one, many.data);
  assertEquals([many.rows, many.columns], [3, 1]);
  assertThrows(() => lstsq(A, new Float64Array(4)), ShapeError, "expected a right-hand side of 5 rows, got 4 x 1");
  assertThrows(() => lstsq(A, Float64Array.of(1, 2, 3, 4, NaN)), DomainError, "NaN at (4, 0)");
  assertThrows(() => lstsq(matrix([[Infinity]]), Float64Array.of(1)), DomainError, "Infinity");
  assertThrows(() => lstsq(A, b, { tolerance: 1 }), DomainError, "got 1");
  assertEquals(lstsq(matrix(0, 2), new Float64Array(0)).x, new Float64Array(2));
  assert(distance(identity(3), matmul(pinv(A), A)) < 1e-14);
});
