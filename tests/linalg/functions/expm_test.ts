import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, type Matrix, ShapeError } from "../../../lib/core/mod.ts";
import { eigh, expm, identity, matmul, matrix, norm, scale, trace, transpose } from "../../../lib/linalg/mod.ts";
import { assertSmall, distance, eps, orthogonality } from "../backward_error.ts";
import { families, filled, numbers, random } from "../families.ts";
import { symmetrized } from "../spectra.ts";

const BITS = 640n, ONE = 1n << BITS;

/** A double as a fixed-point number; exact when it is no smaller than 2^-580. */
function fixed(x: number): bigint {
  if (x === 0) return 0n;
  const exponent = Math.floor(Math.log2(Math.abs(x))) - 55, mantissa = BigInt(x / 2 ** exponent);
  return exponent >= 0 ? mantissa << (BITS + BigInt(exponent)) : mantissa << (BITS - BigInt(-exponent));
}

const float = (x: bigint): number => Number(x >> (BITS - 320n)) / 2 ** 160 / 2 ** 160;

/** The exponential by its series, with 640 binary places: an independent route. */
function exactExponential(A: Matrix): Matrix {
  const n = A.rows, a = Array.from(A.data, fixed);
  let term = Array.from(identity(n).data, fixed);
  const sum = [...term];
  for (let k = 1n; term.some((x) => x !== 0n && x !== -1n); k++) {
    term = term.map((_, at) => {
      const i = Math.floor(at / n), j = at % n;
      let product = 0n;
      for (let l = 0; l < n; l++) product += term[i * n + l] * a[l * n + j];
      return (product >> BITS) / k;
    });
    term.forEach((x, at) => sum[at] += x);
  }
  return { rows: n, columns: n, data: Float64Array.from(sum, float) };
}

Deno.test("exactExponential() in fixed point knows e", () => {
  assertEquals(exactExponential(matrix([[1]])).data[0], Math.E);
  assertEquals(fixed(0.5), ONE / 2n);
  assertEquals(exactExponential(matrix([[0, 1], [0, 0]])).data, Float64Array.of(1, 1, 0, 1));
});

// @must expm: agrees with the series in higher precision, |A| up to 320, to the rounding that the condition allows
// @measured reached: 640 binary places, 48 matrices; within 20 (1 + |A|) eps for random, 50 (1 + |A|) eps for structured ones
Deno.test("expm() agrees with the series in 640 binary places", () => {
  const next = numbers(1);
  for (const n of [1, 2, 3, 5, 8]) {
    for (const size of [1e-10, 0.01, 0.2, 0.8, 2, 4, 10, 40]) {
      const A = scale(random(n, n, next), size), error = distance(exactExponential(A), expm(A));
      assert(error <= 20 * eps * (1 + norm(A, 1)), `random, n = ${n}, size ${size}: ${error}`);
    }
  }
  for (
    const name of [
      "hilbert",
      "kahan",
      "frank",
      "defective",
      "cyclic",
      "companion",
      "wilkinson tridiagonal",
      "laplacian",
    ]
  ) {
    const A = families[name](6, next), error = distance(exactExponential(A), expm(A));
    assert(error <= 50 * eps * (1 + norm(A, 1)), `${name}: ${error}`);
  }
});

// @must expm: no overscaling: the entries of e^[[1, b], [0, -1]] to full relative accuracy
// @measured reached: 4e-15 for b up to 9e4
Deno.test("expm() does not scale more than powers of the matrix ask for", () => {
  // e^[[1, b], [0, -1]] = [[e, b sinh 1], [0, 1/e]]; Al-Mohy and Higham (2009), equation 1.6
  for (const b of [1, 1e4, 9e4]) {
    const X = expm(matrix([[1, b], [0, -1]]));
    assertAlmostEquals(X.data[0] / Math.E, 1, 4e-15);
    assertAlmostEquals(X.data[1] / (b * Math.sinh(1)), 1, 4e-15);
    assertAlmostEquals(X.data[3] * Math.E, 1, 4e-15);
  }
});

Deno.test("expm() finds published values", () => {
  // Moler and Van Loan, Nineteen dubious ways to compute the exponential of a matrix (1978), page 806
  const X = expm(matrix([[-49, 24], [-64, 31]]));
  [-0.735759, 0.551819, -1.471518, 1.103638].forEach((value, k) => assertAlmostEquals(X.data[k], value, 5e-7));
  // Ward, Numerical computation of the matrix exponential with accuracy estimate (1977), test 1
  const W = expm(matrix([[4, 2, 0], [1, 4, 1], [1, 1, 4]]));
  const ward = [
    147.866622446369,
    183.765138646367,
    71.797032399996,
    127.781085523181,
    183.765138646367,
    91.882569323184,
  ];
  ward.push(127.781085523182, 163.679601723179, 111.968106246371);
  ward.forEach((value, k) => assertAlmostEquals(W.data[k], value, 2e-12));
});

Deno.test("expm() has the properties of an exponential", () => {
  const next = numbers(2);
  for (const n of [1, 4, 20, 60]) {
    const A = random(n, n, next), X = expm(A), logarithm = Math.log(Math.abs(1)) + trace(A);
    assertSmall(distance(identity(n), matmul(X, expm(scale(A, -1)))), 100 * n * norm(X) ** 2, "e^A e^-A = I");
    assertSmall(distance(transpose(X), expm(transpose(A))), 10 * n, "transpose");
    if (n <= 4) assertAlmostEquals(determinant(X), Math.exp(logarithm), 1e-12 * Math.exp(logarithm));
    const skew = filled(n, n, (i, j) => A.data[i * n + j] - A.data[j * n + i]);
    assertSmall(orthogonality(expm(skew)), 10 * n, "of a skew matrix");
    const S = symmetrized(A), { values, vectors } = eigh(S);
    const diagonalized = matmul(
      filled(n, n, (i, j) => vectors.data[i * n + j] * Math.exp(values[j])),
      transpose(vectors),
    );
    assertSmall(distance(diagonalized, expm(S)), 10 * n, "by eigenvalues");
  }
});

/** By Leibniz' formula. */
function determinant({ rows: n, data: a }: Matrix): number {
  if (n === 0) return 1;
  let sum = 0;
  for (let j = 0; j < n; j++) {
    const minor = filled(n - 1, n - 1, (i, k) => a[(i + 1) * n + (k < j ? k : k + 1)]);
    sum += (j % 2 === 0 ? 1 : -1) * a[j] * determinant(minor);
  }
  return sum;
}

Deno.test("expm() of an empty matrix, of zero, of large negative numbers", () => {
  assertEquals(expm(matrix(0, 0)), matrix(0, 0));
  assertEquals(expm(matrix(3, 3)), identity(3));
  assertEquals(expm(matrix([[-1000]])).data[0], 0);
});

Deno.test("expm() refuses bad input", () => {
  assertThrows(() => expm(matrix(2, 3)), ShapeError, "2 x 3");
  assertThrows(() => expm(matrix([[1, NaN], [0, 1]])), DomainError, "(0, 1)");
  assertThrows(() => expm(matrix([[800]])), DomainError, "overflow");
  assertThrows(() => expm(matrix([[1e300]])), DomainError, "below 1e5");
});
