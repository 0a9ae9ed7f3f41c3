// Operators against the dense matrices that they stand for.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, type LinearOperator, type Matrix, rng, ShapeError, type Vector } from "../../lib/core/mod.ts";
import {
  add,
  blockOperator,
  checkAdjoint,
  circulantOperator,
  diagonal,
  diagonalOperator,
  gridLaplacian,
  identity,
  identityOperator,
  kron,
  kroneckerOperator,
  lowRankOperator,
  matmul,
  matrix,
  operatorOf,
  operatorProduct,
  operatorSum,
  scale,
  scaledOperator,
  toeplitzOperator,
  transpose,
  transposedOperator,
  zeroOperator,
} from "../../lib/linalg/mod.ts";
import { filled, numbers, random } from "./families.ts";

/** The matrix of an operator, column by column, and that of its transpose. */
function matricesOf(A: LinearOperator): readonly [Matrix, Matrix] {
  const read = (m: number, n: number, apply: LinearOperator["apply"]): Matrix => {
    const columns = matrix(n, m);
    for (let j = 0; j < n; j++) {
      const e = new Float64Array(n);
      e[j] = 1;
      apply(e, columns.data.subarray(j * m, (j + 1) * m));
    }
    return transpose(columns);
  };
  return [read(A.rows, A.columns, A.apply), read(A.columns, A.rows, A.applyTranspose)];
}

function assertMatrix(A: LinearOperator, expected: Matrix, name: string): void {
  const [forward, backward] = matricesOf(A), back = transpose(backward);
  assertEquals([A.rows, A.columns], [expected.rows, expected.columns], name);
  for (let k = 0; k < expected.data.length; k++) {
    assertAlmostEquals(forward.data[k], expected.data[k], 1e-13, `${name}, entry ${k}`);
    assertAlmostEquals(back.data[k], expected.data[k], 1e-13, `${name} transposed, entry ${k}`);
  }
  assert(checkAdjoint(A, rng(1)) < 1e-15, `${name}: the adjoint is not the adjoint`);
}

const next = numbers(1), A = random(3, 5, next), B = random(3, 5, next), C = random(5, 4, next), D = random(2, 5, next);
const [a, b, c, d] = [A, B, C, D].map(operatorOf);
const v = (n: number): Vector => random(1, n, next).data;

// @must operatorOf, operatorSum, operatorProduct, scaledOperator, transposedOperator, blockOperator, diagonalOperator, lowRankOperator,
//   kroneckerOperator, toeplitzOperator, circulantOperator: their products are those of the dense matrix, the adjoint's too
// @measured reached: all entries to 1e-13, the gap of checkAdjoint below 1e-15
Deno.test("operators multiply as the matrices that they stand for", () => {
  assertMatrix(a, A, "dense");
  assertMatrix(identityOperator(3), identity(3), "identity");
  assertMatrix(zeroOperator(2, 3), matrix(2, 3), "zero");
  assertMatrix(transposedOperator(a), transpose(A), "transpose");
  assertMatrix(scaledOperator(-2.5, a), scale(A, -2.5), "multiple");
  assertMatrix(operatorSum(a, b, a), add(add(A, B), A), "sum");
  assertMatrix(operatorProduct(a), A, "product of one");
  assertMatrix(operatorProduct(a, c), matmul(A, C), "product of two");
  assertMatrix(
    operatorProduct(d, transposedOperator(b), a, c),
    matmul(matmul(matmul(D, transpose(B)), A), C),
    "of four",
  );
  const diagonalEntries = v(4), U = random(4, 2, next), V = random(4, 2, next), W = random(6, 2, next);
  assertMatrix(diagonalOperator(diagonalEntries), diagonal(diagonalEntries), "diagonal");
  assertMatrix(lowRankOperator(U, W), matmul(U, transpose(W)), "low rank");
  assertMatrix(
    lowRankOperator(U, V, diagonalEntries),
    add(matmul(U, transpose(V)), diagonal(diagonalEntries)),
    "low rank and a diagonal",
  );
  assertMatrix(kroneckerOperator(a, c), kron(A, C), "Kronecker");
});

Deno.test("blockOperator() puts blocks side by side", () => {
  const whole = filled(5, 9, (i, j) => i < 3 ? (j < 5 ? A.data[i * 5 + j] : 0) : (j < 5 ? D.data[(i - 3) * 5 + j] : 0));
  for (let i = 0; i < 2; i++) for (let j = 0; j < 4; j++) whole.data[(3 + i) * 9 + 5 + j] = C.data[i * 4 + j];
  const corner = operatorOf({ rows: 2, columns: 4, data: C.data.slice(0, 8) });
  assertMatrix(blockOperator([[a, 0], [d, corner]]), whole, "blocks");
});

Deno.test("toeplitzOperator() and circulantOperator() have constant diagonals", () => {
  for (const [m, n] of [[1, 1], [1, 4], [5, 1], [4, 4], [7, 3], [3, 7], [16, 17]]) {
    const column = v(m), row = v(n);
    row[0] = column[0];
    assertMatrix(
      toeplitzOperator(column, row),
      filled(m, n, (i, j) => i >= j ? column[i - j] : row[j - i]),
      `${m} x ${n}`,
    );
    assertMatrix(circulantOperator(column), filled(m, m, (i, j) => column[(i - j + m) % m]), `circulant ${m}`);
  }
});

Deno.test("kroneckerOperator() makes the Laplacian of a grid", () => {
  const line = gridLaplacian(4), other = gridLaplacian(3);
  const sum = operatorSum(
    kroneckerOperator(line, identityOperator(3)),
    kroneckerOperator(identityOperator(4), other),
  );
  assertMatrix(sum, matricesOf(gridLaplacian(4, 3))[0], "Laplacian");
});

Deno.test("checkAdjoint() sees a wrong sign, a missing factor, a transpose that is none", () => {
  const wrong = (applyTranspose: LinearOperator["apply"]): number => checkAdjoint({ ...a, applyTranspose }, rng(3));
  const negative = scaledOperator(-1, a), double = scaledOperator(2, a);
  assert(wrong(negative.applyTranspose) > 1e-2);
  assert(wrong(double.applyTranspose) > 1e-2);
  const square = operatorOf(random(4, 4, next));
  assert(checkAdjoint({ ...square, applyTranspose: square.apply }, rng(3)) > 1e-2);
  assertEquals(checkAdjoint(zeroOperator(2, 3), rng(1)), 0);
});

Deno.test("operators refuse what does not fit", () => {
  assertThrows(() => operatorSum(a, c), ShapeError, "expected some of one shape, got 3 x 5, 5 x 4");
  assertThrows(() => operatorSum(), ShapeError);
  assertThrows(() => operatorProduct(a, b), ShapeError, "as many columns as rows");
  assertThrows(() => blockOperator([[a, c]]), ShapeError, "one number of rows in row 0");
  assertThrows(() => blockOperator([[a, 0]]), ShapeError, "column 1");
  assertThrows(() => blockOperator([[a], [b, c]]), ShapeError, "as many blocks");
  assertThrows(() => lowRankOperator(A, C), ShapeError, "as many columns");
  assertThrows(() => lowRankOperator(A, A, v(2)), ShapeError, "diagonal");
  assertThrows(() => toeplitzOperator(v(2), v(3)), ShapeError, "one first entry");
  assertThrows(() => circulantOperator(v(0)), DomainError);
  assertThrows(() => scaledOperator(NaN, a), DomainError, "finite");
  assertThrows(() => diagonalOperator(Float64Array.of(1, Infinity)), DomainError, "index 1");
  assertThrows(() => operatorOf(matrix([[NaN]])), DomainError);
});
