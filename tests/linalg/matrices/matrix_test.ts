import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, type Matrix, ShapeError } from "../../../lib/core/mod.ts";
import {
  add,
  addOuter,
  column,
  diagonal,
  diagonalOf,
  identity,
  kron,
  matmul,
  matrix,
  type MatrixSource,
  matvec,
  norm,
  row,
  rowRange,
  scale,
  subtract,
  toArray,
  trace,
  transpose,
} from "../../../lib/linalg/mod.ts";
import { distance, eps } from "../backward_error.ts";
import { filled, numbers, product, random } from "../families.ts";

Deno.test("matrix() takes entries, rows, and matrices of this library, mathjs and ml-matrix; it copies", () => {
  const rows = [[1, 2, 3], [4, 5, 6]], A = matrix(2, 3, [1, 2, 3, 4, 5, 6]);
  const mathjs = { size: () => [2, 3], toArray: () => rows };
  const mlMatrix = { rows: 2, columns: 3, data: rows.map((r) => Float64Array.from(r)), to2DArray: () => rows };
  const sources: MatrixSource[] = [rows, rows.map((r) => Float64Array.from(r)), A, mathjs, mlMatrix];
  for (const source of sources) {
    const B = matrix(source);
    assertEquals(B, A);
    B.data[0] = 9;
  }
  assertEquals(A.data[0], 1);
  assertEquals(matrix(2, 2).data, new Float64Array(4));
  assertEquals(matrix([]), { rows: 0, columns: 0, data: new Float64Array(0) });
  assertEquals(matrix({ size: () => [0, 3], toArray: () => [] }), matrix(0, 3));
  assertEquals(matrix([[], []]), matrix(2, 0));
});

Deno.test("matrix() takes real matrices of mathjs and ml-matrix", async () => {
  const { matrix: dense, sparse } = await import("npm:mathjs@15.2.0"),
    { Matrix: MlMatrix } = await import("npm:ml-matrix@6.15.1");
  const rows = [[1, 2], [3, 4], [5, 6]], A = matrix(rows);
  assertEquals(matrix(dense(rows) as MatrixSource), A);
  assertEquals(matrix(sparse(rows) as MatrixSource), A);
  assertEquals(matrix(new MlMatrix(rows) as unknown as MatrixSource), A);
  assertThrows(() => matrix(dense([1, 2]) as MatrixSource), ShapeError, "two dimensions, got 1");
});

Deno.test("matrix() refuses ragged rows, wrong counts and what is no number", () => {
  assertThrows(() => matrix([[1, 2], [3]]), ShapeError, "got 2 and, in row 1, 1");
  assertThrows(() => matrix(2, 2, [1, 2, 3]), ShapeError, "expected 4 entries, got 3");
  for (const [m, n] of [[-1, 2], [1.5, 2], [2, NaN], [2 ** 53, 0]]) {
    assertThrows(() => matrix(m, n), ShapeError, "whole numbers");
  }
  assertThrows(() => matrix([["a"]] as unknown as number[][]), DomainError, "got string at entry 0");
  assertThrows(() => matrix(1, 2, [1, 2n] as unknown as number[]), DomainError, "got bigint at entry 1");
  assertThrows(() => matrix({} as Matrix), DomainError, "expected rows of numbers");
});

Deno.test("identity(), diagonal() and their like", () => {
  assertEquals(identity(2), matrix([[1, 0], [0, 1]]));
  assertEquals(diagonal([2, 3]), matrix([[2, 0], [0, 3]]));
  assertEquals(diagonalOf(matrix([[1, 2, 3], [4, 5, 6]])), Float64Array.of(1, 5));
  assertEquals(trace(matrix([[1, 2], [3, 4]])), 5);
  assertThrows(() => trace(matrix(2, 3)), ShapeError, "got 2 x 3");
});

Deno.test("addOuter() adds a multiple of v vᵀ in place", () => {
  const A = matrix([[1, 2], [2, 5]]);
  addOuter(2, Float64Array.of(1, -3), A);
  assertEquals(A, matrix([[3, -4], [-4, 23]]));
  assertThrows(() => addOuter(1, new Float64Array(3), A), ShapeError, "expected a 3 x 3 matrix, got 2 x 2");
});

Deno.test("rowRange() and row() are views, column() is a copy", () => {
  const A = matrix([[1, 2], [3, 4], [5, 6]]), view = rowRange(A, 1, 3);
  view.data[0] = 30;
  row(A, 2)[1] = 60;
  assertEquals(toArray(A), [[1, 2], [30, 4], [5, 60]]);
  const copy = column(A, 1);
  copy[0] = 0;
  assertEquals([copy, A.data[1]], [Float64Array.of(0, 4, 60), 2]);
  assertEquals(rowRange(A, 3, 3), matrix(0, 2));
  for (const [from, to] of [[-1, 1], [2, 1], [0, 4], [0.5, 1]]) {
    assertThrows(() => rowRange(A, from, to), ShapeError, "rows");
  }
  assertThrows(() => column(A, 2), ShapeError, "within 0 to 1");
  assertThrows(() => column(A, 0, new Float64Array(2)), ShapeError, "an out of 3 entries, got 2");
});

Deno.test("transpose() is its own inverse, at the edges of tiles, too", () => {
  const next = numbers(1);
  for (const [m, n] of [[0, 3], [1, 5], [15, 17], [16, 16], [33, 20]]) {
    const A = random(m, n, next), B = transpose(A);
    assertEquals([B.rows, B.columns], [n, m]);
    for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) assertEquals(B.data[j * m + i], A.data[i * n + j]);
    assertEquals(transpose(B, matrix(m, n)), A);
  }
  const A = identity(2);
  assertThrows(() => transpose(A, A), ShapeError, "shares no memory");
  assertThrows(() => transpose(matrix(2, 3), matrix(2, 3)), ShapeError, "an out of 3 x 2, got 2 x 3");
});

Deno.test("add(), subtract(), scale() work entry by entry, in place as well", () => {
  const A = matrix([[1, 2], [3, 4]]), B = matrix([[10, 20], [30, 40]]);
  assertEquals(add(A, B), matrix([[11, 22], [33, 44]]));
  assertEquals(subtract(B, A), matrix([[9, 18], [27, 36]]));
  assertEquals(scale(A, -2), matrix([[-2, -4], [-6, -8]]));
  subtract(A, B, B);
  assertEquals(B, matrix([[-9, -18], [-27, -36]]));
  assertThrows(() => add(A, matrix(2, 3)), ShapeError, "got 2 x 2 and 2 x 3");
  assertThrows(() => scale(A, 2, matrix(3, 2)), ShapeError, "an out of 2 x 2, got 3 x 2");
  assertThrows(() => add(A, { rows: 2, columns: 2, data: new Float64Array(5) }), ShapeError, "4 entries, got 5");
});

Deno.test("matmul() and matvec() are products as defined, for all shapes", () => {
  const next = numbers(2);
  for (const [m, k, n] of [[0, 2, 3], [2, 0, 3], [1, 1, 1], [3, 4, 5], [17, 33, 9], [64, 65, 66]]) {
    const A = random(m, k, next), B = random(k, n, next), x = random(k, 1, next).data, C = product(A, B);
    assert(norm(subtract(C, matmul(A, B))) <= k * eps * norm(A) * norm(B));
    assertEquals(matmul(A, B, filled(m, n, () => NaN)), matmul(A, B)); // out is not read
    const y = matvec(A, x), z = product(A, matrix(k, 1, x)).data;
    for (let i = 0; i < m; i++) assertAlmostEquals(y[i], z[i], 1e-13);
  }
  const A = identity(2), x = Float64Array.of(1, 2);
  assertThrows(() => matmul(A, matrix(3, 2)), ShapeError, "got 2 x 2 times 3 x 2");
  assertThrows(() => matmul(A, A, A), ShapeError, "shares no memory");
  assertThrows(() => matvec(A, Float64Array.of(1)), ShapeError, "2 entries, got 1");
  assertThrows(() => matvec(A, x, x), ShapeError, "not the vector");
});

Deno.test("kron() satisfies (A ⊗ B)(C ⊗ D) = AC ⊗ BD", () => {
  const next = numbers(3),
    A = random(2, 3, next),
    B = random(4, 2, next),
    C = random(3, 2, next),
    D = random(2, 3, next);
  assert(distance(kron(product(A, C), product(B, D)), product(kron(A, B), kron(C, D))) < 1e-14);
  assertEquals(kron(matrix([[1, 2]]), matrix([[3], [4]]), matrix(2, 2)), matrix([[3, 6], [4, 8]]));
});

Deno.test("norm() of every kind, without overflow, with NaN, of nothing", () => {
  const A = matrix([[1, -2, 3], [-4, 5, -6]]);
  assertEquals([norm(A, 1), norm(A, Infinity)], [9, 15]);
  assertAlmostEquals(norm(A), Math.sqrt(91), 1e-15);
  assertAlmostEquals(norm(scale(A, 1e300)) / 1e300, Math.sqrt(91), 1e-14);
  assertAlmostEquals(norm(scale(A, 1e-300)) * 1e300, Math.sqrt(91), 1e-14);
  assertAlmostEquals(norm(matrix([[3, 0], [4, 5]]), 2), Math.sqrt(45), 1e-14);
  assertAlmostEquals(norm(matrix([[3, 0], [4, 5]]), "nuclear"), Math.sqrt(45) + Math.sqrt(5), 1e-14);
  for (const kind of [1, 2, Infinity, "frobenius", "nuclear"] as const) {
    assertEquals(norm(matrix(0, 3), kind), 0);
    assertEquals(norm(matrix([[1, NaN]]), kind), NaN);
    assertEquals(norm(matrix([[1, -Infinity]]), kind), Infinity);
  }
});
