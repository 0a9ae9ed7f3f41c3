// Making, taking apart and multiplying sparse matrices, against dense ones.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  DomainError,
  integer,
  type Matrix,
  rng,
  ShapeError,
  type SparseMatrix,
  sparseMatrix,
} from "../../../lib/core/mod.ts";
import {
  add,
  addSparse,
  diagonalOf,
  diagonalOfSparse,
  eigh,
  fromColumns,
  fromTriplets,
  graphLaplacian,
  gridLaplacian,
  isSymmetricSparse,
  matmul,
  matrix,
  multiplySparse,
  multiplySparseDense,
  multiplySparseTransposeDense,
  norm,
  normSparse,
  permuteSparse,
  scale,
  scaleColumns,
  scaleRows,
  sortSparse,
  sparseDiagonal,
  sparseIdentity,
  sparseKron,
  subtract,
  toColumns,
  toDense,
  toSparse,
  transpose,
  transposeSparse,
} from "../../../lib/linalg/mod.ts";
import { generator, randomSparse, randomVector } from "./random.ts";

const near = (A: SparseMatrix, B: Matrix): void => {
  assertEquals([A.rows, A.columns], [B.rows, B.columns]);
  assert(norm(subtract(toDense(A), B)) <= 1e-14 * (1 + norm(B)));
  for (let i = 0; i < A.rows; i++) {
    for (let k = A.rowStarts[i] + 1; k < A.rowStarts[i + 1]; k++) assert(A.columnIndices[k - 1] < A.columnIndices[k]);
  }
};

/** The same matrix with unsorted rows and entries that occur twice. */
function shuffled(A: SparseMatrix): SparseMatrix {
  const rowStarts = A.rowStarts.map((start) => 2 * start), columnIndices = new Uint32Array(2 * A.values.length);
  const values = new Float64Array(2 * A.values.length);
  for (let i = 0; i < A.rows; i++) {
    const from = A.rowStarts[i], count = A.rowStarts[i + 1] - from;
    for (let k = 0; k < 2 * count; k++) {
      columnIndices[2 * from + k] = A.columnIndices[from + count - 1 - k % count];
      values[2 * from + k] = A.values[from + count - 1 - k % count] * (k < count ? 0.25 : 0.75);
    }
  }
  return sparseMatrix({ rows: A.rows, columns: A.columns, rowStarts, columnIndices, values });
}

Deno.test("sums, products, Kronecker products and scalings are those of dense matrices, for entries in any order", () => {
  const s = generator(1);
  for (let trial = 0; trial < 100; trial++) {
    const [m, n, k] = [0, 0, 0].map(() => integer(s, 12)), C = randomSparse(s, m, n, m * n > 0 ? 0.3 : 0);
    const A = trial % 2 === 0 ? C : shuffled(C), B = randomSparse(s, m, n, m * n > 0 ? 0.3 : 0), D = toDense(C);
    const E = randomSparse(s, n, k, n * k > 0 ? 0.3 : 0), u = randomVector(s, m), v = randomVector(s, n);
    near(sortSparse(A), D);
    near(transposeSparse(A), transpose(D));
    near(fromColumns(toColumns(A)), D);
    near(addSparse(2, A, -3, B), add(scale(D, 2), scale(toDense(B), -3)));
    near(multiplySparse(A, E), matmul(D, toDense(E)));
    near(scaleRows(u, A), matrix(m, n, D.data.map((a, p) => a * u[Math.floor(p / n)])));
    near(scaleColumns(A, v), matrix(m, n, D.data.map((a, p) => a * v[p % n])));
    const K = matrix(m * n, n * k), F = toDense(E);
    K.data.forEach((_, p) => {
      const i = Math.floor(p / (n * k)), j = p % (n * k);
      K.data[p] = D.data[Math.floor(i / n) * n + Math.floor(j / k)] * F.data[(i % n) * k + j % k];
    });
    near(sparseKron(A, E), K);
    assertEquals(diagonalOfSparse(C), diagonalOf(D));
    assertAlmostEquals(normSparse(A), norm(D), 1e-14);
    for (const kind of [1, Infinity] as const) assertAlmostEquals(normSparse(A, kind), norm(D, kind), 1e-14);
    for (const columns of [0, 1, 3, 4, 9]) {
      const X = matrix(n, columns, randomVector(s, n * columns)), Y = matrix(m, columns, randomVector(s, m * columns));
      assert(norm(subtract(multiplySparseDense(A, X), matmul(D, X))) <= 1e-13);
      assert(norm(subtract(multiplySparseTransposeDense(A, Y), matmul(transpose(D), Y))) <= 1e-13);
    }
  }
});

Deno.test("toSparse() keeps what is not zero, toDense() gives it back", () => {
  const A = matrix([[0, 1, 0], [2, 0, -3]]), S = toSparse(A);
  assertEquals([...S.values], [1, 2, -3]);
  assertEquals(toDense(S), A);
});

Deno.test("fromTriplets() keeps entries that cancel, and matrices without rows or columns", () => {
  assertEquals([...fromTriplets(1, 1, [0, 0], [0, 0], [1, -1]).values], [0]);
  assertEquals(fromTriplets(0, 5, [], [], []).rowStarts.length, 1);
});

Deno.test("permuteSparse() moves rows and columns", () => {
  const A = fromTriplets(2, 3, [0, 0, 1], [0, 2, 1], [1, 2, 3]), B = toDense(permuteSparse(A, [1, 0], [2, 0, 1]));
  assertEquals([...B.data], [3, 0, 0, 0, 2, 1]);
  assertThrows(() => permuteSparse(A, [0, 0], [0, 1, 2]), DomainError);
  assertThrows(() => permuteSparse(A, [0, 1], [0, 1]), ShapeError);
});

Deno.test("gridLaplacian() has the eigenvalues of its grid, in one to three dimensions", () => {
  for (const sizes of [[1], [6], [1, 4], [4, 5], [2, 3, 4], [3, 1, 1]]) {
    let expected = [0];
    for (const n of sizes) {
      const line = Array.from({ length: n }, (_, k) => 4 * Math.sin(Math.PI * (k + 1) / (2 * (n + 1))) ** 2);
      expected = expected.flatMap((value) => line.map((other) => value + other));
    }
    const A = gridLaplacian(...sizes), { values } = eigh(toDense(A));
    expected.sort((a, b) => a - b);
    assert(isSymmetricSparse(A));
    [...values].sort((a, b) => a - b).forEach((value, k) => assertAlmostEquals(value, expected[k], 1e-13));
  }
  assertEquals(gridLaplacian(0, 3).values.length, 0);
  // the last coordinate is the fastest
  assertEquals([...toColumns(gridLaplacian(2, 3)).rowIndices.subarray(0, 3)], [0, 1, 3]);
});

Deno.test("graphLaplacian() of a cycle has its eigenvalues; loops do not count", () => {
  const n = 7, next = Array.from({ length: n }, (_, i) => (i + 1) % n), all = [...Array(n).keys()];
  const W = fromTriplets(n, n, [...all, ...next, 0], [...next, ...all, 0], [...Array(2 * n).fill(1), 9]);
  const values = [...eigh(toDense(graphLaplacian(W))).values].sort((a, b) => a - b);
  const expected = all.map((k) => 2 - 2 * Math.cos(2 * Math.PI * k / n)).sort((a, b) => a - b);
  values.forEach((value, k) => assertAlmostEquals(value, expected[k], 1e-13));
  assertEquals([...toDense(graphLaplacian(fromTriplets(2, 2, [], [], []))).data], [0, 0, 0, 0]);
});

Deno.test("isSymmetricSparse() compares also entries of which one is not stored", () => {
  assertEquals(isSymmetricSparse(fromTriplets(2, 2, [0], [1], [1])), false);
  assertEquals(isSymmetricSparse(fromTriplets(2, 2, [0], [1], [0])), true);
  assertEquals(isSymmetricSparse(fromTriplets(2, 3, [], [], [])), false);
  assertEquals(isSymmetricSparse(shuffled(gridLaplacian(3, 3))), true);
});

Deno.test("isSymmetricSparse() says of any pattern what the dense matrix does", () => {
  const generator = rng(3), seen = [0, 0];
  for (let trial = 0; trial < 3000; trial++) {
    const n = 1 + integer(generator, 4), rows: number[] = [], columns: number[] = [], values: number[] = [];
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) { // mostly pairs of equal entries, some of which are not stored
        const value = integer(generator, 3) - 1, other = integer(generator, 6) === 0 ? 1 : value;
        for (const [row, column, entry] of i === j ? [[i, i, value]] : [[i, j, value], [j, i, other]]) {
          if (entry === 0 && integer(generator, 2) === 0) continue;
          rows.push(row);
          columns.push(column);
          values.push(entry);
        }
      }
    }
    const A = fromTriplets(n, n, rows, columns, values), { data } = toDense(A);
    const expected = data.every((a, k) => a === data[(k % n) * n + Math.floor(k / n)]);
    assertEquals(isSymmetricSparse(A), expected);
    seen[Number(expected)]++;
  }
  assert(Math.min(...seen) > 500, `${seen}`);
});

Deno.test("sparse matrices refuse what they cannot be made of", () => {
  assertThrows(() => fromTriplets(2, 2, [0, 1], [0], [1, 1]), ShapeError);
  assertThrows(() => fromTriplets(2.5, 2, [], [], []), ShapeError);
  for (const [i, j] of [[2, 0], [0, 2], [-1, 0], [0.5, 0], [NaN, 0]]) {
    assertThrows(() => fromTriplets(2, 2, [i], [j], [1]), DomainError, `(${i}, ${j}) at 0`);
  }
  assertThrows(() => fromTriplets(1, 1, [0], [0], [NaN]), DomainError);
  assertThrows(() => sparseDiagonal([[1, 2], [3, 4]], [0, 1]), ShapeError);
  assertThrows(() => sparseDiagonal([[1, 2], [3, 4]], [0, 0]), ShapeError);
  assertThrows(() => sparseDiagonal([1], 0.5), ShapeError);
  assertThrows(() => sparseIdentity(-1), ShapeError);
  assertThrows(() => gridLaplacian(), ShapeError);
  assertThrows(() => gridLaplacian(2, -1), ShapeError);
  assertThrows(() => graphLaplacian(fromTriplets(2, 3, [], [], [])), ShapeError);
  assertThrows(() => graphLaplacian(fromTriplets(2, 2, [0], [1], [1])), DomainError, "symmetric");
  const I = sparseIdentity(2), J = sparseIdentity(3);
  assertThrows(() => addSparse(1, I, 1, J), ShapeError);
  assertThrows(() => multiplySparse(I, J), ShapeError);
  assertThrows(() => multiplySparseDense(I, matrix(3, 1)), ShapeError);
  assertThrows(() => multiplySparseDense(I, matrix(2, 1), matrix(2, 2)), ShapeError);
  assertThrows(() => scaleRows(new Float64Array(3), I), ShapeError);
  assertThrows(() => addSparse(1e308, I, 1e308, I), DomainError);
});
