import { ParseError } from "../../../lib/core/mod.ts";
import { type Csr, readMatrixMarket } from "../../../lib/problems/mod.ts";
import { assert, assertEquals, assertLess, assertRejects } from "@std/assert";
import { bytes, everyForm, gzip, openData, pieces } from "./sources.ts";

const read = (text: string) => readMatrixMarket(bytes(text), { source: "m.mtx" });

Deno.test("readMatrixMarket() sorts the entries of a general matrix, in every form of source", async () => {
  const text =
    "%%MatrixMarket matrix coordinate real general\r\n% by hand\r\n\r\n2 3 4\r\n2 3 6\r\n1 2 2\r\n%\r\n2 1 4e0\r\n1 1 -1\r\n";
  for (const content of [bytes(text), await gzip(text)]) {
    for (const [form, open] of Object.entries(everyForm(content))) {
      const { rows, columns, entries, symmetry } = await readMatrixMarket(open());
      assertEquals([rows, columns, symmetry], [2, 3, "general"], form);
      assertEquals(entries, {
        rowStarts: Uint32Array.of(0, 2, 4),
        columnIndices: Uint32Array.of(0, 1, 0, 2),
        values: Float64Array.of(-1, 2, 4, 6),
      }, form);
    }
  }
});

Deno.test("readMatrixMarket() reads patterns, integers, symmetric and skew matrices, dense arrays", async () => {
  const pattern = await read("%%MatrixMarket MATRIX Coordinate Pattern Symmetric\n3 3 2\n3 1\n2 2\n");
  assertEquals(pattern.entries, {
    rowStarts: Uint32Array.of(0, 1, 2, 3),
    columnIndices: Uint32Array.of(2, 1, 0),
    values: Float64Array.of(1, 1, 1),
  });
  const skew = await read("%%MatrixMarket matrix coordinate integer skew-symmetric\n2 2 1\n2 1 3\n");
  assertEquals((skew.entries as Csr).values, Float64Array.of(-3, 3));
  const dense = await read("%%MatrixMarket matrix array real general\n2 3\n1\n4\n2\n5\n3\n6\n");
  assertEquals(dense.entries, Float64Array.of(1, 2, 3, 4, 5, 6));
  const symmetric = await read("%%MatrixMarket matrix array integer symmetric\n2 2\n1\n2\n3\n");
  assertEquals(symmetric.entries, Float64Array.of(1, 2, 2, 3));
  const denseSkew = await read("%%MatrixMarket matrix array real skew-symmetric\n3 3\n1\n2\n3\n");
  assertEquals(denseSkew.entries, Float64Array.of(0, -1, -2, 1, 0, -3, 2, 3, 0));
  const empty = await read("%%MatrixMarket matrix coordinate real general\n2 2 0\n");
  assertEquals((empty.entries as Csr).rowStarts, Uint32Array.of(0, 0, 0));
});

// @must readMatrixMarket: malformed files name the line
// @measured reached: 22 kinds of damage, each read whole and byte by byte
Deno.test("readMatrixMarket() names source and line of bad input", async () => {
  const general = "%%MatrixMarket matrix coordinate real general\n",
    symmetric = general.replace("general", "symmetric");
  const array = "%%MatrixMarket matrix array real general\n";
  const cases: [string, string][] = [
    ["2 2 1\n1 1 1\n", 'm.mtx:1: expected a line %%MatrixMarket matrix …, got "2 2 1"'],
    ["", "m.mtx: expected a line %%MatrixMarket matrix …, got nothing"],
    [general, "m.mtx:1: expected a line with the size, got the end of the data"],
    [
      general.replace("real", "complex"),
      "m.mtx:1: expected the field to be real or double or integer or pattern, got complex",
    ],
    [general.replace("general", "hermitian"), "expected the symmetry to be"],
    ["%%MatrixMarket matrix array pattern general\n1 1\n", "m.mtx:1: expected a combination that the format knows"],
    [general + "2 2\n", "m.mtx:2: expected 3 sizes (rows, columns, entries), got 2"],
    [general + "2 x 1\n", 'm.mtx:2: expected columns to be an integer from 0 to 268435456, got "x"'],
    [general + "2 2 2\n1 1 1\n", "m.mtx:3: expected 2 entries, got 1"],
    [general + "2 2 1\n1 1 1\n2 2 1\n", "m.mtx:4: expected 1 entries, got more"],
    [general + "2 2 3\n1 1 1\n% c\n2 2 1\n1 1 1\n", "m.mtx:6: expected each entry once, got row 1, column 1 again"],
    [general + "2 2 1\n3 1 1\n", 'm.mtx:3: expected the row to be an integer from 1 to 2, got "3"'],
    [general + "2 2 1\n1 0 1\n", 'm.mtx:3: expected the column to be an integer from 1 to 2, got "0"'],
    [general + "2 2 1\n1 1\n", "m.mtx:3: expected row, column and value, got 2 words"],
    [general + "2 2 1\n1 1 nan\n", 'm.mtx:3: expected the entry to be a finite number, got "nan"'],
    [general.replace("real", "integer") + "2 2 1\n1 1 1.5\n", "m.mtx:3: expected an integer, got 1.5"],
    [symmetric + "2 2 1\n1 2 1\n", "m.mtx:3: expected an entry below the diagonal, as the matrix is symmetric"],
    [symmetric + "2 3 1\n1 1 1\n", "m.mtx:2: expected a square matrix, as it is symmetric, got 2 by 3"],
    [symmetric.replace("symm", "skew-symm") + "2 2 1\n1 1 1\n", "m.mtx:3: expected an entry below the diagonal"],
    [array + "1 2\n1\n", "m.mtx:3: expected 2 values, got 1"],
    [array + "1 1\n1\n2\n", "m.mtx:4: expected 1 values, got more"],
    [array + "1 2\n1 2\n", "m.mtx:3: expected one value per line, got 2"],
  ];
  for (const [text, message] of cases) {
    for (const size of [1, 1000]) {
      await assertRejects(() => readMatrixMarket(pieces(bytes(text), size), { source: "m.mtx" }), ParseError, message);
    }
  }
});

Deno.test("readMatrixMarket() reads 494_bus and ash219 with their known norms", async () => {
  const bus = await readMatrixMarket(await openData("494_bus.mtx.gz"));
  const { values, rowStarts, columnIndices } = bus.entries as Csr;
  assertEquals([bus.rows, bus.columns, values.length, bus.symmetry], [494, 494, 1666, "symmetric"]);
  assertLess(Math.abs(Math.sqrt(values.reduce((s, v) => s + v * v, 0)) / 57513.15961734143 - 1), 1e-14);
  assertEquals(rowStarts[494], 1666);
  for (let i = 0; i < 494; i++) {
    for (let p = rowStarts[i] + 1; p < rowStarts[i + 1]; p++) assert(columnIndices[p - 1] < columnIndices[p]);
  }
  const ash = await readMatrixMarket(await openData("ash219.mtx.gz"));
  assertEquals([ash.rows, ash.columns, (ash.entries as Csr).values.length], [219, 85, 438]);
});
