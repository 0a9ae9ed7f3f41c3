// Dense matrices in the memory of the kernels.
import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { fillNormal, rng, ShapeError } from "../../../lib/core/mod.ts";
import { matrix, matvec, residentMatrix, transpose, useBackend } from "../../../lib/linalg/mod.ts";

Deno.test("residentMatrix() multiplies from both sides, also after it has taken up other entries", () => {
  const generator = rng(1), A = matrix(37, 50), x = new Float64Array(50), y = new Float64Array(37);
  const resident = residentMatrix(A)!, right = new Float64Array(37), left = new Float64Array(50);
  for (let k = 0; k < 3; k++) {
    [A.data, x, y].forEach((v) => fillNormal(generator, v));
    resident.set(A);
    resident.apply(x, right);
    resident.applyTranspose(y, left);
    matvec(A, x).forEach((v, i) => assertAlmostEquals(right[i], v, 1e-13));
    matvec(transpose(A), y).forEach((v, j) => assertAlmostEquals(left[j], v, 1e-13));
  }
  assertEquals([resident.rows, resident.columns], [37, 50]);
  assertThrows(() => resident.apply(y, right), ShapeError, "expected a vector of 50 entries, got 37");
  assertThrows(() => resident.set(matrix(50, 37)), ShapeError, "expected 37 x 50, got 50 x 37");
});

Deno.test("residentMatrix() has no memory where the backend is plain TypeScript", () => {
  using _ = useBackend("typescript");
  assertEquals(residentMatrix(matrix(3, 3)), undefined);
});
