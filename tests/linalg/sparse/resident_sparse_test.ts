// A sparse matrix in the memory of the kernels against the one outside.
import { assert, assertEquals, assertThrows } from "@std/assert";
import { DomainError, integer, ShapeError } from "../../../lib/core/mod.ts";
import { backend, gridLaplacian, residentSparse, useBackend } from "../../../lib/linalg/mod.ts";
import { generator, product, randomSparse, randomVector } from "./random.ts";

Deno.test("residentSparse() gives the bits of the core's products, from outside and inside of its memory", () => {
  const s = generator(1);
  for (let trial = 0; trial < 60; trial++) {
    const m = integer(s, 30), n = integer(s, 30), A = randomSparse(s, m, n, m * n > 0 ? 0.15 : 0);
    const resident = residentSparse(A, { lengths: [n, m] });
    if (!resident) return assertEquals(backend().resident, undefined);
    const [u, v] = resident.vectors, x = randomVector(s, n), y = randomVector(s, m), out = new Float64Array(m);
    const expected = product(A, x), transposed = new Float64Array(n), back = new Float64Array(n);
    A.applyTranspose(y, transposed);
    resident.apply(x, out);
    assertEquals(out, expected);
    resident.applyTranspose(y, back);
    assertEquals(back, transposed);
    u.set(x);
    resident.apply(u, v);
    assertEquals(v.slice(), expected);
    v.set(y);
    resident.applyTranspose(v, u);
    assertEquals(u.slice(), transposed);
  }
});

Deno.test("residentSparse() refuses wrong lengths, and is undefined without kernels", () => {
  const A = gridLaplacian(3), resident = residentSparse(A);
  assertThrows(() => residentSparse(A, { lengths: [1.5] }), DomainError);
  if (resident) assertThrows(() => resident.apply(new Float64Array(2), new Float64Array(3)), ShapeError);
  using _ = useBackend("typescript");
  assert(residentSparse(A) === undefined);
});
