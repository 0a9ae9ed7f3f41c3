import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, type Matrix, ShapeError, SingularMatrixError } from "../../../lib/core/mod.ts";
import { identity, type Lu, lu, matrix, norm, transpose } from "../../../lib/linalg/mod.ts";
import { assertSmall, distance, factorError, solveError } from "../backward_error.ts";
import { families, filled, numbers, orders, product, random } from "../families.ts";

const permuted = (A: Matrix, { permutation: p, columnPermutation: q }: Lu): Matrix =>
  filled(A.rows, A.columns, (i, j) => A.data[p[i] * A.columns + q[j]]);

// @must lu: backward errors below 10 n eps for random, Hilbert, graded, Kahan, Wilkinson, defective, cyclic, companion,
//   empty and 1 x 1 matrices
// @measured reached: at worst 0.4 n eps over 24 families and 13 orders up to 60, also where partial pivoting grows by 2^59
Deno.test("lu() has factors and solutions with backward errors below 10 n eps, for every family and order", () => {
  const next = numbers(1);
  for (const [name, make] of Object.entries(families)) {
    for (const n of orders) {
      const A = make(n, next), factors = lu(A), what = `${name}, n = ${n}`;
      assertSmall(factorError(permuted(A, factors), factors.L, factors.U), n, what);
      if (factors.zeroPivot >= 0) continue;
      for (const columns of [1, 3]) {
        const B = random(n, columns, next);
        const X = columns === 1 ? factors.solve(B.data) : factors.solve(B).data;
        assertSmall(solveError(A, X, B.data, columns), n, `${what}, solve`);
        const Y = columns === 1 ? factors.solveTranspose(B.data) : factors.solveTranspose(B).data;
        assertSmall(solveError(transpose(A), Y, B.data, columns), n, `${what}, solve transposed`);
      }
    }
  }
});

Deno.test("lu() changes to complete pivoting where partial pivoting lets entries grow", () => {
  const A = families["wilkinson growth"](60, numbers(1)),
    factors = lu(A),
    b = random(60, 1, numbers(2)).data;
  assert(factors.growth < 10, `${factors.growth}`);
  assert([...factors.columnPermutation].some((q, j) => q !== j));
  assertSmall(solveError(A, factors.solve(b), b), 60, "solve");
  assertEquals(lu(families.random(60, numbers(1))).columnPermutation, Int32Array.from({ length: 60 }, (_, j) => j));
});

Deno.test("lu() knows determinants: exact ones, their logarithms out of range, signs of permutations", () => {
  assertAlmostEquals(lu(matrix([[2, 0, 1], [1, 3, 2], [1, 1, 1]])).determinant(), 0);
  assertAlmostEquals(lu(matrix([[1, 2, 3], [4, 5, 6], [7, 8, 10]])).determinant(), -3);
  for (let n = 1; n < 8; n++) assertEquals(lu(families.cyclic(n, numbers(1))).determinant(), (-1) ** (n - 1));
  const { sign, logarithm } = lu(filled(200, 200, (i, j) => i === j ? -1e10 : +(j === i + 1))).logDeterminant();
  assertEquals(sign, 1);
  assertAlmostEquals(logarithm, 200 * Math.log(1e10), 1e-10);
  assertEquals(lu(matrix(2, 2)).logDeterminant(), { sign: 0, logarithm: -Infinity });
  const growth = families["wilkinson growth"](40, numbers(1)); // both permutations count
  assertAlmostEquals(lu(growth).determinant() / 2 ** 39, 1);
  assertEquals(lu(matrix(0, 0)).determinant(), 1);
});

Deno.test("Lu.inverse() is an inverse from both sides", () => {
  const next = numbers(2);
  for (const n of [0, 1, 4, 30]) {
    const A = random(n, n, next), X = lu(A).inverse(), limit = 1e-14 * norm(A) * norm(X);
    assert(norm(filled(n, n, (i, j) => product(A, X).data[i * n + j] - +(i === j))) <= limit);
    assert(norm(filled(n, n, (i, j) => product(X, A).data[i * n + j] - +(i === j))) <= limit);
  }
});

Deno.test("Lu.reciprocalCondition() is within a factor of three of the exact one, over ten orders of magnitude", () => {
  const next = numbers(3);
  for (const [name, make] of Object.entries(families)) {
    for (const n of [1, 2, 5, 10, 30]) {
      const A = make(n, next), factors = lu(A), estimate = factors.reciprocalCondition();
      if (factors.zeroPivot >= 0) {
        assertEquals(estimate, 0);
        continue;
      }
      const exact = 1 / (norm(A, 1) * norm(factors.inverse(), 1));
      if (exact < 1e-12) assert(estimate < 1e-11, name);
      else {assert(
          estimate >= exact * (1 - 1e-6) && estimate <= 3 * exact,
          `${name}, n = ${n}: ${estimate} for ${exact}`,
        );}
    }
  }
  assertEquals(lu(matrix(0, 0)).reciprocalCondition(), 1);
});

Deno.test("Lu.solve() writes into out, also into the right-hand side, and refuses what does not fit", () => {
  const factors = lu(matrix([[2, 1], [1, 3]])), b = Float64Array.of(3, 4);
  assertEquals(factors.solve(b, b), Float64Array.of(1, 1));
  assertEquals(b, Float64Array.of(1, 1));
  const B = identity(2);
  factors.solve(B, B);
  assert(distance(identity(2), product(matrix([[2, 1], [1, 3]]), B)) < 1e-15);
  for (const wrong of [new Float64Array(3), matrix(3, 1)]) {
    assertThrows(() => factors.solve(wrong as Matrix), ShapeError, "expected a right-hand side of 2");
  }
  assertThrows(() => factors.solve(Float64Array.of(1, NaN)), DomainError, "got NaN at index 1");
  assertThrows(() => factors.solve(b, new Float64Array(1)), ShapeError, "vector of 2 x 1, got a vector of 1 x 1");
  assertThrows(() => factors.solve(B, matrix(2, 1)), ShapeError, "matrix of 2 x 2, got a matrix of 2 x 1");
});

// @must lu, cholesky, ldlt, qr, solve: typed errors for rectangles, what is not finite, singular or indefinite matrices, and
//   shapes that do not fit
// @measured reached: ShapeError, DomainError, SingularMatrixError with the pivot, NotPositiveDefiniteError with the minor
Deno.test("lu() refuses rectangles and what is not finite; a singular matrix has factors, solving names the pivot", () => {
  assertThrows(() => lu(matrix(2, 3)), ShapeError, "expected a square matrix, got 2 x 3");
  assertThrows(() => lu({ rows: 2, columns: 2, data: new Float64Array(3) }), ShapeError, "= 4 entries, got 3");
  assertThrows(() => lu(matrix([[1, 2], [NaN, 3]])), DomainError, "got NaN at (1, 0)");
  assertThrows(() => lu(matrix([[1, 1], [-1, 1]].map((row) => row.map((a) => 1.7e308 * a)))), DomainError, "overflow");
  const singular = lu(matrix([[1, 2, 3], [2, 4, 6], [1, 1, 1]]));
  const error = assertThrows(() => singular.solve(new Float64Array(3)), SingularMatrixError, "zero pivot at index 2");
  assertEquals(error.pivot, 2);
  assertThrows(() => singular.inverse(), SingularMatrixError);
});

Deno.test("lu() gives the same bits twice and leaves its matrix alone", () => {
  const A = random(50, 50, numbers(4)), before = A.data.slice(), b = A.data.slice(0, 50);
  const runs = [lu(A), lu(A)].map((factors) => [factors.L.data, factors.U.data, factors.solve(b)]);
  assertEquals(runs[0], runs[1]);
  assertEquals(A.data, before);
});
