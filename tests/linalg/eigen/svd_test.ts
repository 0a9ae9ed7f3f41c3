import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, ShapeError } from "../../../lib/core/mod.ts";
import { eigvalsh, matrix, svd, svdvals, transpose } from "../../../lib/linalg/mod.ts";
import { assertSmall, distance, orthogonality } from "../backward_error.ts";
import { filled, numbers, product, random } from "../families.ts";
import { rotationOf } from "../spectra.ts";
import { assembled } from "../spectral_errors.ts";

Deno.test("svd() completes U and V to square ones in the full form", () => {
  const next = numbers(3);
  for (const [m, n] of [[0, 0], [0, 3], [3, 0], [1, 1], [4, 4], [7, 3], [3, 7], [60, 5], [2, 40]]) {
    const A = random(m, n, next), { U, S, V } = svd(A, { full: true });
    assertEquals([U.rows, U.columns, V.rows, V.columns, S.length], [m, m, n, n, Math.min(m, n)]);
    assertSmall(orthogonality(U), Math.max(m, n), `${m} x ${n}, U`);
    assertSmall(orthogonality(V), Math.max(m, n), `${m} x ${n}, V`);
    assertSmall(distance(A, assembled(U, S, V)), Math.max(m, n), `${m} x ${n}`);
    const thin = svd(A);
    assertEquals([thin.U.columns, thin.V.columns], [Math.min(m, n), Math.min(m, n)]);
    assertEquals(thin.S, S);
  }
});

Deno.test("svdvals() squared are the eigenvalues of AᵀA, and of AAᵀ", () => {
  const next = numbers(4);
  for (const [m, n] of [[1, 1], [5, 5], [9, 4], [40, 40], [60, 20]]) {
    const A = random(m, n, next), S = svdvals(A);
    eigvalsh(product(transpose(A), A)).reverse().forEach((value, j) => {
      assertAlmostEquals(value, S[j] ** 2, 1e-13 * S[0] ** 2);
    });
    const other = eigvalsh(product(A, transpose(A))).reverse();
    S.forEach((s, j) => assertAlmostEquals(other[j], s ** 2, 1e-13 * S[0] ** 2));
  }
});

Deno.test("svdvals() knows singular values in closed form", () => {
  // the second difference with a free end, [1 -1; 1 -1; …; 1]: 2 sin((2k - 1)π/(4n + 2))
  for (const n of [1, 5, 40, 100]) {
    const S = svdvals(filled(n, n, (i, j) => i === j ? 1 : j === i + 1 ? -1 : 0)).reverse();
    S.forEach((s, k) => assertAlmostEquals(s / (2 * Math.sin((2 * k + 1) * Math.PI / (4 * n + 2))), 1, 1e-13));
  }
  // an isometry; a dyad
  const next = numbers(5);
  svdvals(rotationOf(30, next)).forEach((s) => assertAlmostEquals(s, 1, 1e-14));
  const [first, ...rest] = svdvals(filled(6, 4, (i, j) => (i + 1) * (j + 1)));
  assertAlmostEquals(first, Math.sqrt(91 * 30), 1e-13);
  for (const s of rest) assert(s < 1e-13, `${s}`);
});

Deno.test("svdvals() finds tiny singular values of a bidiagonal matrix to high relative accuracy", () => {
  // Demmel and Kahan, Accurate singular values of bidiagonal matrices (1990): entries over 100 orders of magnitude
  const n = 20, d = Array.from({ length: n }, (_, i) => 10 ** (-5 * i));
  const B = filled(n, n, (i, j) => i === j ? d[i] : j === i + 1 ? d[i] : 0);
  // the product of the singular values is the determinant; the smallest one is 1/|B⁻¹| to first order
  const S = svdvals(B), logDeterminant = d.reduce((sum, x) => sum + Math.log(x), 0);
  assertAlmostEquals(S.reduce((sum, s) => sum + Math.log(s), 0), logDeterminant, 1e-12);
  const inverseRow = (i: number): number => 1 / d[i]; // entries of B⁻¹ alternate: ±1/d of their column
  const frobenius = Math.hypot(...Array.from({ length: n }, (_, i) => Math.sqrt(i + 1) * inverseRow(i)));
  assertAlmostEquals(S[n - 1] * frobenius, 1, 1e-9);
});

Deno.test("svd() refuses bad input", () => {
  assertThrows(() => svd({ rows: 2, columns: 2, data: new Float64Array(3) }), ShapeError, "2 x 2 = 4 entries");
  assertThrows(() => svd(matrix([[1, NaN]])), DomainError, "(0, 1)");
  assertThrows(() => svdvals(matrix([[1], [-Infinity]])), DomainError, "-Infinity at (1, 0)");
});

Deno.test("svd() leaves its argument as it is", () => {
  const A = random(7, 4, numbers(6)), before = A.data.slice();
  svd(A);
  svdvals(A);
  assertEquals(A.data, before);
});
