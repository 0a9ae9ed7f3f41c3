import { DomainError, type Matrix, ShapeError, type SparseMatrix, sparseMatrix } from "../../lib/core/mod.ts";
import { fromTriplets, matrix } from "../../lib/linalg/mod.ts";
import {
  type Csr,
  readMatrixMarket,
  writeMatrixMarket,
  type WriteMatrixMarketOptions,
} from "../../lib/problems/mod.ts";
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { openData } from "./readers/sources.ts";

const back = (A: SparseMatrix | Matrix, options?: WriteMatrixMarketOptions) =>
  readMatrixMarket(new TextEncoder().encode(writeMatrixMarket(A, options)));
const csr = ({ rowStarts, columnIndices, values }: SparseMatrix): Csr => ({ rowStarts, columnIndices, values });

// @must writeMatrixMarket: what is written is read back with the same bits
// @measured reached: sparse and dense, general, symmetric, skew-symmetric and patterns, subnormal numbers and -0
Deno.test("writeMatrixMarket() writes what readMatrixMarket() reads: the same bits", async () => {
  const odd = [0.1, -1e-300, 5e-324, 1.7976931348623157e308, 1 / 3, -0, 123456789012345680000];
  const places = odd.map((_, k) => k), A = fromTriplets(7, 9, places, places.map((k) => 8 - k), odd);
  const { entries, rows, columns } = await back(A, { comment: "two\nlines" });
  assertEquals([rows, columns], [7, 9]);
  assertEquals(entries, csr(A));
  const dense = matrix(2, 3, [1, 2, 3, 4.5, -6e-7, 0]);
  assertEquals((await back(dense)).entries, dense.data);
  for (const [m, n] of [[0, 0], [3, 0], [0, 2]]) {
    assertEquals((await back(fromTriplets(m, n, [], [], []))).entries, csr(fromTriplets(m, n, [], [], [])));
    assertEquals((await back(matrix(m, n))).columns, n);
  }
});

Deno.test("writeMatrixMarket() writes the lower triangle of symmetric and skew matrices, and patterns", async () => {
  const S = fromTriplets(3, 3, [0, 1, 0, 2], [1, 0, 0, 2], [2, 2, 1, 5]);
  assertEquals(
    writeMatrixMarket(S, { symmetry: "symmetric" }),
    "%%MatrixMarket matrix coordinate real symmetric\n3 3 3\n1 1 1\n2 1 2\n3 3 5\n",
  );
  const K = fromTriplets(2, 2, [0, 1], [1, 0], [-3, 3]), ones = fromTriplets(2, 2, [0, 1], [1, 0], [1, 1]);
  const dense = matrix([[0, -3], [3, 0]]);
  assertEquals((await back(S, { symmetry: "symmetric" })).entries, csr(S));
  assertEquals((await back(K, { symmetry: "skew-symmetric" })).entries, csr(K));
  assertEquals((await back(ones, { symmetry: "symmetric", pattern: true })).entries, csr(ones));
  assertEquals((await back(ones, { pattern: true })).entries, csr(ones));
  assertEquals(
    writeMatrixMarket(dense, { symmetry: "skew-symmetric" }),
    "%%MatrixMarket matrix array real skew-symmetric\n2 2\n3\n",
  );
  assertEquals((await back(matrix([[1, 2], [2, 5]]), { symmetry: "symmetric" })).entries, Float64Array.of(1, 2, 2, 5));
});

Deno.test("writeMatrixMarket() sums entries that occur twice", () => {
  const A = sparseMatrix({
    rows: 1,
    columns: 2,
    rowStarts: Uint32Array.of(0, 3),
    columnIndices: Uint32Array.of(1, 0, 1),
    values: Float64Array.of(1, 2, 3),
  });
  assertEquals(writeMatrixMarket(A), "%%MatrixMarket matrix coordinate real general\n1 2 2\n1 1 2\n1 2 4\n");
});

Deno.test("readMatrixMarket() sums entries that occur twice when asked to", async () => {
  await assertRejects(async () => await readMatrixMarket(await openData("west0067.mtx.gz")), Error, "once");
  const { entries } = await readMatrixMarket(await openData("west0067.mtx.gz"), { repeated: "sum" });
  assertEquals((entries as Csr).values.length, 294);
});

Deno.test("writeMatrixMarket() refuses what it cannot write", () => {
  const A = fromTriplets(2, 2, [0, 1], [1, 0], [2, 2.5]), one = fromTriplets(2, 2, [0], [1], [2]);
  for (const symmetry of ["symmetric", "skew-symmetric"] as const) {
    assertThrows(() => writeMatrixMarket(A, { symmetry }), DomainError, symmetry);
    assertThrows(() => writeMatrixMarket(one, { symmetry }), DomainError, symmetry);
    assertThrows(() => writeMatrixMarket(matrix(2, 3), { symmetry }), ShapeError);
    assertThrows(() => writeMatrixMarket(matrix([[1, 2], [3, 4]]), { symmetry }), DomainError, symmetry);
  }
  assertThrows(() => writeMatrixMarket(A, { pattern: true }), DomainError, "ones");
  assertThrows(() => writeMatrixMarket(matrix(2, 2), { pattern: true }), DomainError, "pattern");
  assertThrows(() => writeMatrixMarket(matrix(1, 1, [NaN])), DomainError, "finite");
  assertThrows(() => writeMatrixMarket({ rows: 2, columns: 2, data: new Float64Array(3) }), ShapeError);
});
