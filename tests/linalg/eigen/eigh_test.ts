import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, NotPositiveDefiniteError, ShapeError } from "../../../lib/core/mod.ts";
import {
  diagonal,
  eigh,
  eigvalsh,
  identity,
  kron,
  matmul,
  matrix,
  norm,
  subtract,
  transpose,
} from "../../../lib/linalg/mod.ts";
import { assertSmall, distance } from "../backward_error.ts";
import { families, filled, numbers, random } from "../families.ts";
import { symmetricFamilies, symmetrized, tridiagonal, withEigenvalues } from "../spectra.ts";

Deno.test("eigh() and eigvalsh() find published eigenvalues", () => {
  // Wilkinson, The algebraic eigenvalue problem (1965), page 309: W21+, the largest two agree to 15 digits
  const w21 = eigvalsh(symmetricFamilies["wilkinson tridiagonal"](21, () => 0));
  assertAlmostEquals(w21[20], 10.746194182903393, 1e-14);
  assertAlmostEquals(w21[19], 10.746194182903322, 1e-14);
  assertAlmostEquals(w21[0], -1.125441522119985, 1e-14);
  // the second difference: 2 - 2 cos(kπ/(n + 1))
  for (const n of [4, 60, 130]) {
    const values = eigh(families.laplacian(n, () => 0)).values;
    values.forEach((value, k) => assertAlmostEquals(value, 2 - 2 * Math.cos((k + 1) * Math.PI / (n + 1)), 1e-14));
  }
  // the cycle with four nodes: -2, 0, 0, 2
  eigh(families["cycle graph"](4, () => 0)).values.forEach((value, k) => {
    assertAlmostEquals(value, [-2, 0, 0, 2][k], 1e-15);
  });
});

Deno.test("eigh() recovers given spectra, however clustered", () => {
  const next = numbers(3);
  for (const n of [3, 30, 90]) {
    for (const gap of [1, 1e-3, 1e-9, 1e-15, 0]) {
      const values = Float64Array.from({ length: n }, (_, i) => (i % 4) + gap * i).sort();
      const found = eigh(withEigenvalues(values, next)).values;
      found.forEach((value, j) => assertAlmostEquals(value, values[j], 1e-13 * (3 + gap * n)));
    }
  }
});

Deno.test("eigh() of pairs: |AV - BVΛ| and |VᵀBV - I| below 10 n eps, and the eigenvalues of a known pair", () => {
  const next = numbers(4);
  for (const n of [0, 1, 2, 5, 30, 60]) {
    for (const size of [1, 1e-280, 1e280]) {
      const A = symmetrized(random(n, n, next));
      const B = withEigenvalues(Float64Array.from({ length: n }, (_, i) => size * (1 + i % 10)), next);
      const { values, vectors: V } = eigh(A, B), what = `n = ${n}, |B| = ${size}`;
      const AV = matmul(A, V), BV = matmul(B, V);
      const error = norm(subtract(AV, matmul(BV, diagonal(values))));
      assertSmall(n === 0 ? 0 : error / (norm(A) * norm(V)), n, what);
      assertSmall(distance(identity(n), matmul(transpose(V), BV)), 10 * n, `${what}, VᵀBV`);
      const alone = eigvalsh(A, B), scale = Math.max(...alone.map(Math.abs));
      alone.forEach((value, j) => assertSmall(Math.abs(value - values[j]) / scale, n, `${what}, values alone`));
    }
  }
  // finite elements for u'' on [0, 1]: 6 n² (1 - c)/(2 + c), c = cos(kπ/n)
  const n = 40, stiffness = tridiagonal(Array(n - 1).fill(2 * n), Array(n).fill(-n));
  const mass = tridiagonal(Array(n - 1).fill(4 / 6 / n), Array(n).fill(1 / 6 / n));
  eigh(stiffness, mass).values.forEach((value, k) => {
    const c = Math.cos((k + 1) * Math.PI / n), exact = 6 * n * n * (1 - c) / (2 + c);
    assertAlmostEquals(value / exact, 1, 1e-11);
  });
});

Deno.test("eigh() refuses bad input", () => {
  assertThrows(() => eigh(matrix(2, 3)), ShapeError, "2 x 3");
  assertThrows(() => eigh(matrix([[1, NaN], [NaN, 1]])), DomainError, "(0, 1)");
  assertThrows(() => eigh(matrix([[NaN, 0], [0, 1]])), DomainError);
  assertThrows(() => eigvalsh(matrix([[1, 0], [0, NaN]])), DomainError);
  assertThrows(() => eigvalsh(matrix([[1, Infinity], [Infinity, 1]])), DomainError, "Infinity");
  assertThrows(() => eigh(matrix([[1, 2], [3, 4]])), DomainError, "symmetric");
  assertThrows(() => eigh(identity(2), identity(3)), ShapeError, "3 x 3");
  assertThrows(() => eigh(identity(2), matrix([[1, 2], [2, 1]])), NotPositiveDefiniteError, "minor of order 2");
});

Deno.test("eigh() leaves its arguments as they are, and reads the lower triangle", () => {
  const A = kron(matrix([[2, 1], [1, 3]]), identity(3)), before = A.data.slice(), B = identity(6);
  eigh(A, B);
  assertEquals([A.data, B], [before, identity(6)]);
  const lower = filled(6, 6, (i, j) => A.data[i * 6 + j] * (j > i ? 1 + 1e-9 : 1));
  assertEquals(eigh(lower), eigh(A));
});
