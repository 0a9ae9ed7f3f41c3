// The spectrum of small sums of squares by rotations of columns.
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { dot, fillNormal, rng } from "../../../lib/core/mod.ts";
import { column, matmul, matrix, matvec, transpose } from "../../../lib/linalg/mod.ts";
import { spectrumOfSquares } from "../../../lib/smooth/least_squares/column_rotations.ts";

Deno.test("spectrumOfSquares() diagonalizes RᵀR", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const generator = rng(seed), n = 1 + seed % 9, R = matrix(n, n), t = fillNormal(generator, new Float64Array(n));
    fillNormal(generator, R.data);
    const { values, vectors: V, coefficients } = spectrumOfSquares(R, t, 1e-15), H = matmul(transpose(R), R);
    const c = matvec(transpose(V), matvec(transpose(R), t)), HV = matmul(H, V), VV = matmul(transpose(V), V);
    for (let k = 0; k < n; k++) {
      if (k > 0) assert(values[k] >= values[k - 1]);
      assertAlmostEquals(coefficients[k], c[k], 1e-12 * n);
      for (let i = 0; i < n; i++) {
        assertAlmostEquals(HV.data[i * n + k], values[k] * V.data[i * n + k], 1e-12 * n);
        assertAlmostEquals(VV.data[i * n + k], i === k ? 1 : 0, 1e-13 * n);
      }
    }
  }
});

Deno.test("spectrumOfSquares() finds short lengths as exactly as long ones", () => {
  const R = matrix([[3, 1, 2], [0, 2, 1], [0, 0, 1]]), scales = [1, 1e-9, 1e-18];
  R.data.forEach((v, k) => R.data[k] = v * scales[k % 3]);
  const { values } = spectrumOfSquares(R, new Float64Array(3), 0);
  // with columns of such sizes these are the squares of what is left of each behind the longer ones
  [9, 4e-18, 1e-36].forEach((v, k) => assertAlmostEquals(values[2 - k] / v, 1, 1e-14));
});

Deno.test("spectrumOfSquares() has no coefficients along flat directions", () => {
  const R = matrix([[1, 1, 0], [0, 0, 0], [0, 0, 0]]), t = Float64Array.of(2, 3, 4);
  const { values, vectors, coefficients } = spectrumOfSquares(R, t, 1e-15);
  assertAlmostEquals(values[2], 2, 1e-15);
  assertEquals([coefficients[0], coefficients[1]], [0, 0]);
  assertAlmostEquals(Math.abs(coefficients[2]), 2 * Math.SQRT2, 1e-15);
  assertAlmostEquals(Math.abs(dot(column(vectors, 2), Float64Array.of(1, 1, 0))), Math.SQRT2, 1e-15);
});
