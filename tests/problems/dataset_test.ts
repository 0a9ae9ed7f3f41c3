import { DomainError, ShapeError } from "../../lib/core/mod.ts";
import { dataset, standardize } from "../../lib/problems/mod.ts";
import { fnv1a } from "../../lib/problems/hash.ts";
import { assertAlmostEquals, assertEquals, assertNotEquals, assertThrows } from "@std/assert";

const sparse = (rowStarts: number[], indices: number[], values: number[], columns = 3) =>
  dataset({
    columns,
    features: {
      rowStarts: Uint32Array.from(rowStarts),
      columnIndices: Uint32Array.from(indices),
      values: Float64Array.from(values),
    },
    targets: new Float64Array(2),
  });

Deno.test("fnv1a() gives the published values", () => {
  const encoder = new TextEncoder();
  assertEquals(fnv1a([]), "cbf29ce484222325");
  assertEquals(fnv1a([encoder.encode("a")]), "af63dc4c8601ec8c");
  assertEquals(fnv1a([encoder.encode("foo"), encoder.encode("bar")]), "85944171f73967e8");
});

Deno.test("dataset() takes a fingerprint of shape, features and targets", () => {
  const make = (features: number[], targets: number[], columns: number) =>
    dataset({ columns, features: Float64Array.from(features), targets: Float64Array.from(targets) }).hash;
  const hash = make([1, 2, 3, 4], [0, 1], 2);
  assertEquals(hash, make([1, 2, 3, 4], [0, 1], 2));
  assertNotEquals(hash, make([1, 2, 4, 3], [0, 1], 2));
  assertNotEquals(hash, make([1, 2, 3, 4], [1, 0], 2));
  assertNotEquals(make([1, 2], [3], 2), make([1], [2], 1));
});

Deno.test("dataset() refuses parts that do not fit", () => {
  const dense = (features: number[], targets: number[], columns = 2) => () =>
    dataset({ columns, features: Float64Array.from(features), targets: Float64Array.from(targets) });
  assertThrows(dense([1, 2, 3], [1, 2]), ShapeError, "expected 4 entries of features, got 3");
  assertThrows(dense([1, 2, 3, NaN], [1, 2]), DomainError, "expected finite features, got NaN at 3");
  assertThrows(dense([1, 2], [Infinity]), DomainError, "expected finite targets, got Infinity at 0");
  assertThrows(dense([], []), DomainError, "got 0 by 2");
  assertThrows(dense([], [1], 0), DomainError, "got 1 by 0");
  assertEquals(sparse([0, 1, 3], [2, 0, 1], [1, 2, 3]).rows, 2);
  assertThrows(() => sparse([0, 1], [2], [1]), ShapeError, "expected 3 row starts from 0 to 1");
  assertThrows(() => sparse([0, 1, 1], [3], [1]), ShapeError, "increasing columns below 3 in row 0, got 3");
  assertThrows(() => sparse([0, 2, 2], [1, 1], [1, 1]), ShapeError, "increasing columns below 3 in row 0, got 1");
  assertThrows(() => sparse([0, 2, 1], [0], [1]), ShapeError);
  assertThrows(() => sparse([0, 1, 1], [0], [NaN]), DomainError);
});

Deno.test("standardize() gives mean 0 and variance 1, and 0 for a constant", () => {
  const features = Float64Array.of(1, 5.1, 10, 2, 5.1, 20, 6, 5.1, 0);
  const data = dataset({ columns: 3, features, targets: Float64Array.of(1, 2, 3), name: "three" });
  const { features: scaled, name, targets } = standardize(data), table = scaled as Float64Array;
  assertEquals([name, targets], ["three", data.targets]);
  for (const j of [0, 2]) {
    const column = [table[j], table[j + 3], table[j + 6]];
    assertAlmostEquals(column.reduce((s, v) => s + v), 0, 1e-14);
    assertAlmostEquals(column.reduce((s, v) => s + v * v, 0), 3, 1e-14);
  }
  assertEquals([table[1], table[4], table[7]], [0, 0, 0]);
  assertEquals(features[0], 1);
  assertThrows(() => standardize(sparse([0, 0, 0], [], [])), DomainError, "expected dense features");
});
