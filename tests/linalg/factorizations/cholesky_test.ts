import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, type Matrix, NotPositiveDefiniteError, ShapeError, type Vector } from "../../../lib/core/mod.ts";
import { cholesky, diagonal, lu, matrix, norm, pivotedCholesky, scale, transpose } from "../../../lib/linalg/mod.ts";
import { assertSmall, distance, factorError, solveError } from "../backward_error.ts";
import { families, filled, numbers, orders, product, type Random, random } from "../families.ts";

/** Positive definite matrices. */
const definite: Record<string, (n: number, next: Random) => Matrix> = {
  random: families["positive definite"],
  laplacian: families.laplacian,
  lehmer: (n) => filled(n, n, (i, j) => (Math.min(i, j) + 1) / (Math.max(i, j) + 1)),
  minima: (n) => filled(n, n, (i, j) => Math.min(i, j) + 1),
  hilbert: (n) => filled(n, n, (i, j) => 1 / (i + j + 1) + +(i === j) * 1e-14),
  graded: (n, next) => {
    const A = families["positive definite"](n, next);
    return filled(n, n, (i, j) => (A.data[i * n + j] + +(i === j)) * 10 ** (-4 * (i + j) / n));
  },
  tiny: (n, next) => scale(families["positive definite"](n, next), 1e-290),
  huge: (n, next) => scale(families["positive definite"](n, next), 1e290),
};

const plus = (A: Matrix, s: number, x: Vector): Matrix =>
  filled(A.rows, A.columns, (i, j) => A.data[i * A.columns + j] + s * x[i] * x[j]);

Deno.test("cholesky() has factors and solutions with backward errors below 10 n eps, for every family and order", () => {
  const next = numbers(1);
  for (const [name, make] of Object.entries(definite)) {
    for (const n of [...orders, 100]) {
      const A = make(n, next), factor = cholesky(A), what = `${name}, n = ${n}`, L = factor.L;
      assertSmall(factorError(A, L, transpose(L)), n, what);
      for (let i = 0; i < n; i++) {
        assert(L.data[i * (n + 1)] > 0 && L.data.subarray(i * (n + 1) + 1, (i + 1) * n).every((l) => l === 0));
      }
      for (const columns of [1, 3]) {
        const B = random(n, columns, next);
        const X = columns === 1 ? factor.solve(B.data) : factor.solveTranspose(B).data;
        assertSmall(solveError(A, X, B.data, columns), n, `${what}, solve`);
      }
    }
  }
});

Deno.test("cholesky() agrees with lu() on determinant, inverse and condition", () => {
  const A = definite.random(20, numbers(2)), one = cholesky(A), other = lu(A);
  assertAlmostEquals(one.determinant() / other.determinant(), 1, 1e-9);
  assertAlmostEquals(one.logDeterminant().logarithm, other.logDeterminant().logarithm, 1e-9);
  assert(distance(other.inverse(), one.inverse()) < 1e-9);
  const ratio = one.reciprocalCondition() / other.reciprocalCondition(); // of estimates from below of two norms and of one
  assert(ratio > 1 - 1e-6 && ratio < 3, `${ratio}`);
  assertEquals(cholesky(scale(diagonal(new Float64Array(300).fill(1)), 1e-4)).determinant(), 0); // 1e-1200
});

Deno.test("cholesky() names the leading minor that is not positive, also in the middle of blocks", () => {
  for (const n of [1, 2, 7, 24, 25, 60, 100]) {
    for (const k of new Set([0, 1, n >> 1, n - 1])) {
      if (k >= n) continue;
      const A = definite.minima(n, numbers(0));
      A.data[k * (n + 1)] -= 1; // the Schur complement at k was 1
      const error = assertThrows(() => cholesky(A), NotPositiveDefiniteError, `minor of order ${k + 1} `);
      assertEquals(error.minor, k + 1);
    }
  }
});

Deno.test("cholesky() refuses rectangles, what is not finite, what is not symmetric", () => {
  assertThrows(() => cholesky(matrix(2, 3)), ShapeError, "expected a square matrix, got 2 x 3");
  assertThrows(() => cholesky(matrix([[1, Infinity], [Infinity, 1]])), DomainError, "got Infinity at (0, 1)");
  assertThrows(() => cholesky(matrix([[2, 1], [0.9, 2]])), DomainError, "got 0.9 at (1, 0) and 1 at (0, 1)");
  assertEquals(cholesky(matrix([[4, 2 + 1e-15], [2, 10]])).L, matrix([[2, 0], [1, 3]])); // rounding is forgiven
});

// @must cholesky: rank-one updates and downdates agree with factoring anew
// @measured reached: to 10 n eps, for orders up to 40
Deno.test("Cholesky.update() and downdate() agree with factoring anew and leave the first factor alone", () => {
  const next = numbers(3);
  for (const n of [0, 1, 2, 10, 40]) {
    const A = definite.random(n, next), x = random(n, 1, next).data, factor = cholesky(A), before = factor.L;
    const up = factor.update(x), B = plus(A, 1, x);
    assertSmall(factorError(B, up.L, transpose(up.L)), n, `update, n = ${n}`);
    if (n > 0) assert(distance(cholesky(B).L, up.L) < 1e-11);
    const back = up.downdate(x).L;
    assertSmall(n === 0 ? 0 : distance(A, product(back, transpose(back))) * norm(A) / norm(B), n, `downdate, n = ${n}`);
    assertEquals(factor.L, before);
    const b = random(n, 1, next).data;
    assertSmall(solveError(B, up.solve(b), b), n, `solve after update, n = ${n}`);
    const ratio = up.reciprocalCondition() / cholesky(B).reciprocalCondition();
    assert(0.999 < ratio && ratio < 3, `${ratio}`);
  }
});

Deno.test("Cholesky.downdate() refuses to leave the positive definite matrices, and names the minor", () => {
  const factor = cholesky(diagonal([4, 4, 4]));
  const error = assertThrows(() => factor.downdate(Float64Array.of(1, 2, 0)), NotPositiveDefiniteError, "order 2");
  assertEquals(error.minor, 2);
  assertThrows(() => factor.downdate(Float64Array.of(2, 0, 0)), NotPositiveDefiniteError, "order 1");
  assertThrows(() => factor.downdate(Float64Array.of(1, 2)), ShapeError, "3 entries, got 2");
  assertThrows(() => factor.update(Float64Array.of(1, 2, NaN)), DomainError, "index 2");
  assertEquals(factor.L, diagonal([2, 2, 2]));
});

Deno.test("pivotedCholesky() finds the rank of semidefinite matrices, and factors them", () => {
  const next = numbers(4);
  for (const n of [1, 2, 5, 17, 40]) {
    for (const rank of new Set([0, 1, n >> 1, n])) {
      const B = random(n, rank, next),
        A = product(B, transpose(B)),
        { L, permutation, rank: found } = pivotedCholesky(A);
      assertEquals(found, rank, `n = ${n}`);
      assertEquals([L.rows, L.columns], [n, rank]);
      const sorted = filled(n, n, (i, j) => A.data[permutation[i] * n + permutation[j]]);
      assertSmall(distance(sorted, product(L, transpose(L))), n, `n = ${n}, rank ${rank}`);
    }
  }
});

Deno.test("pivotedCholesky() with a coarse tolerance approximates, and its error is below what it left out", () => {
  const A = filled(30, 30, (i, j) => Math.exp(-((i - j) ** 2) / 50)),
    { L, permutation, rank } = pivotedCholesky(A, { tolerance: 1e-4 });
  assert(rank < 20, `${rank}`);
  const rest = filled(
    30,
    30,
    (i, j) => A.data[permutation[i] * 30 + permutation[j]] - product(L, transpose(L)).data[i * 30 + j],
  );
  for (let i = 0; i < 30; i++) assert(Math.abs(rest.data[i * 31]) <= 1e-4 + 1e-14);
});

Deno.test("pivotedCholesky() refuses what is indefinite, on the diagonal or beside it", () => {
  assertThrows(() => pivotedCholesky(diagonal([1, -1])), NotPositiveDefiniteError, "-1 on the diagonal");
  assertThrows(() => pivotedCholesky(matrix([[0, 1], [1, 0]])), NotPositiveDefiniteError, "1 beside the diagonal");
  assertThrows(() => pivotedCholesky(diagonal([1]), { tolerance: -1 }), DomainError, "got -1");
  assertEquals(pivotedCholesky(matrix(0, 0)).rank, 0);
});
