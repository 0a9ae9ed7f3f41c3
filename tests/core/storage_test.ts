import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  DomainError,
  dot,
  isFiniteVector,
  layout,
  matrixOf,
  norm2,
  normInf,
  ShapeError,
  vector,
  vectorOf,
  vectors,
} from "../../lib/core/mod.ts";

Deno.test("layout() places blocks one after another, and views share memory", () => {
  const parameters = layout({ weights: [2, 3], bias: [2] }), x = new Float64Array(parameters.size);
  assertEquals(parameters.size, 8);
  matrixOf(parameters, x, "weights").data[5] = 1;
  vectorOf(parameters, x, "bias")[0] = 2;
  assertEquals([...x], [0, 0, 0, 0, 0, 1, 2, 0]);
  const { rows, columns } = matrixOf(parameters, x, "bias");
  assertEquals([rows, columns], [1, 2]);
});

Deno.test("layout() places arrays of more than two axes; as matrices these have their later axes joined", () => {
  const kernels = layout({ kernels: [2, 3, 3], bias: [2] }), x = Float64Array.from({ length: 20 }, (_, i) => i);
  assertEquals([kernels.size, kernels.blocks[1].offset], [20, 18]);
  const { rows, columns, data } = matrixOf(kernels, x, "kernels");
  assertEquals([rows, columns, data[9]], [2, 9, 9]);
});

Deno.test("layout() refuses empty shapes, unknown names and vectors of another length", () => {
  assertThrows(() => layout({ w: [0, 3] }), DomainError, 'block "w"');
  const parameters = layout({ w: [2] });
  assertThrows(() => vectorOf(parameters, new Float64Array(2), "v"), DomainError, 'the layout has "w"');
  assertThrows(
    () => vectorOf(parameters, new Float64Array(3), "w"),
    ShapeError,
    "the layout has 2 entries, the vector 3",
  );
});

Deno.test("dot() equals the plain sum for every length up to 9", () => {
  for (let n = 0; n < 10; n++) {
    const x = Float64Array.from({ length: n }, (_, i) => i + 1);
    assertEquals(dot(x, x), n * (n + 1) * (2 * n + 1) / 6);
  }
});

Deno.test("norm2() neither overflows nor underflows; norms carry NaN", () => {
  assertAlmostEquals(norm2(Float64Array.of(3e200, 4e200)), 5e200, 1e186);
  assertAlmostEquals(norm2(Float64Array.of(3e-200, 4e-200)), 5e-200, 1e-214);
  assertEquals(norm2(Float64Array.of(0, 0)), 0);
  assertEquals(norm2(Float64Array.of(1, Infinity)), Infinity);
  assertEquals(norm2(Float64Array.of(1, NaN)), NaN);
  assertEquals(normInf(Float64Array.of(1, NaN, 2)), NaN);
  assertEquals(isFiniteVector(Float64Array.of(1, -Infinity)), false);
});

Deno.test("vectors() are zeros in one buffer and do not overlap", () => {
  const [a, b, c] = vectors(3, 3);
  a.fill(1);
  c.fill(3);
  assertEquals([[...a], [...b], [...c]], [[1, 1, 1], [0, 0, 0], [3, 3, 3]]);
  assertEquals(a.buffer, c.buffer);
  assertEquals([vectors(2, 0).length, vectors(0, 2)[1].length], [0, 0]);
});

Deno.test("vector() copies, and says what is wrong", () => {
  const x = Float64Array.of(1, 2), y = vector(x);
  y[0] = 7;
  assertEquals(x[0], 1);
  assertThrows(() => vector([1], 2, "start"), ShapeError, "Cannot use the start: expected 2 entries, got 1");
  assertThrows(() => vector([1, NaN]), DomainError, "entry 1 is NaN");
  assertThrows(() => vector(["1"] as unknown as number[]), DomainError, "entry 0 is 1");
});
