import { assertEquals, assertThrows } from "@std/assert";
import { DomainError, ShapeError, sparseMatrix } from "../../lib/core/mod.ts";
import { of } from "./every_kind.ts";

Deno.test("sparseMatrix() multiplies from both sides, also with empty rows and double entries", () => {
  const A = sparseMatrix({
    rows: 3,
    columns: 2,
    rowStarts: Uint32Array.of(0, 2, 2, 4),
    columnIndices: Uint32Array.of(1, 0, 1, 1),
    values: of(2, 1, 3, 4),
  });
  const rows = of(9, 9, 9), columns = of(9, 9);
  A.apply(of(1, 10), rows);
  A.applyTranspose(of(1, 5, 10), columns);
  assertEquals([...rows], [21, 0, 70]);
  assertEquals([...columns], [1, 72]);
});

Deno.test("sparseMatrix() refuses arrays that do not fit together", () => {
  const entries = { rows: 2, columns: 2, rowStarts: Uint32Array.of(0, 1, 2), columnIndices: Uint32Array.of(0, 1) };
  const make = (change: object) => () => sparseMatrix({ ...entries, values: of(1, 1), ...change });
  const cases: [object, new (m: string) => Error, string][] = [
    [{ rowStarts: Uint32Array.of(0, 2) }, ShapeError, "expected 3 row starts from 0 to 2, got 2 from 0 to 2"],
    [{ rowStarts: Uint32Array.of(0, 1, 3) }, ShapeError, "expected 3 row starts from 0 to 2, got 3 from 0 to 3"],
    [{ rowStarts: Uint32Array.of(0, 3, 2) }, ShapeError, "row 1 starts at 3, the next at 2"],
    [{ columnIndices: Uint32Array.of(0) }, ShapeError, "a column for each of 2 values, got 1"],
    [{ columnIndices: Uint32Array.of(0, 2) }, DomainError, "columns below 2, entry 1 is 1 in column 2"],
    [{ columns: 2 ** 31 }, ShapeError, "at most 2147483647 columns and entries, got 2147483648 and 2"],
    [{ values: of(NaN, 1) }, DomainError, "entry 0 is NaN in column 0"],
  ];
  for (const [change, type, text] of cases) assertThrows(make(change), type, text);
});
