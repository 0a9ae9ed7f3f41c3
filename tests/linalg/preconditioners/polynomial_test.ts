// Polynomial preconditioners.
import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { DomainError, rng, ShapeError } from "../../../lib/core/mod.ts";
import {
  chebyshevPreconditioner,
  eigvalsh,
  fromTriplets,
  gridLaplacian,
  identity,
  jacobi,
  matmul,
  type Matrix,
  norm,
  scale,
  sparseDiagonal,
  subtract,
  symmetricPolynomial,
  toDense,
  toSparse,
  trace,
} from "../../../lib/linalg/mod.ts";
import { numbers, random } from "../families.ts";
import { assertOperator, dominant, matrixOf } from "./operators.ts";

const diagonalOperator = (d: readonly number[]) => sparseDiagonal(d);

// @must chebyshevPreconditioner: λ p(λ) = 1 - T(σ(λ))/T(σ(0)), within 1 ± 1/T(σ(0)) on [a, b] and reaching both
// @measured reached: to 1e-13 at 101 points, for degrees 0 to 8
Deno.test("chebyshevPreconditioner() is the polynomial of Chebyshev", () => {
  const a = 0.3, b = 5, lambda = Float64Array.from({ length: 101 }, (_, k) => a + (b - a) * k / 100);
  const T = (m: number, x: number): number =>
    Math.abs(x) <= 1 ? Math.cos(m * Math.acos(x)) : Math.cosh(m * Math.acosh(x));
  for (let degree = 0; degree <= 8; degree++) {
    const out = new Float64Array(101), bound = 1 / T(degree + 1, (b + a) / (b - a));
    chebyshevPreconditioner(diagonalOperator([...lambda]), [a, b], degree).apply(lambda, out); // λ p(λ)
    let least = 1, most = 1;
    out.forEach((value, k) => {
      assertAlmostEquals(value, 1 - T(degree + 1, (b + a - 2 * lambda[k]) / (b - a)) * bound, 1e-13);
      least = Math.min(least, value);
      most = Math.max(most, value);
    });
    assert(least >= 1 - bound - 1e-14 && most <= 1 + bound + 1e-14);
    assert(least < 1 - 0.99 * bound && most > 1 + (degree === 0 ? 0.99 : 0.9) * bound);
  }
});

Deno.test("chebyshevPreconditioner() of D⁻¹A is that of the scaled matrix; it has its adjoint", () => {
  const A = dominant(30, rng(1)), M = jacobi(A), P = chebyshevPreconditioner(A, [0.2, 2], 3, { preconditioner: M });
  assertOperator(P, "chebyshevPreconditioner");
  const dense = matmul(matrixOf(M), toDense(A));
  const reference = matmul(matrixOf(chebyshevPreconditioner(toSparse(dense), [0.2, 2], 3)), matrixOf(M));
  assert(norm(subtract(matrixOf(P), reference)) < 1e-14 * norm(reference));
});

/** The condition of the product of P with a diagonal matrix. */
function condition(spectrum: readonly number[], degree: number): number {
  const out = new Float64Array(spectrum.length);
  symmetricPolynomial(diagonalOperator(spectrum), degree).apply(Float64Array.from(spectrum), out);
  return Math.max(...out) / Math.min(...out);
}

// @must symmetricPolynomial: with the spectrum 1e4, 1e3, 1e2, 1, 0.9, 0.8, 0.7, 0.5 the condition of P B is 2e4, 1988, 187, 7.6 for
//   degrees 0 to 3
// @measured reached: 20000, 1988.4, 187.3, 7.64
Deno.test("symmetricPolynomial() cuts one gap of the spectrum with each degree", () => {
  const spectrum = [1e4, 1e3, 1e2, 1, 0.9, 0.8, 0.7, 0.5];
  const conditions = [0, 1, 2, 3].map((degree) => condition(spectrum, degree));
  [2e4, 1988, 187, 7.6].forEach((expected, t) =>
    assertAlmostEquals(conditions[t] / expected, 1, 0.01, `${conditions}`)
  );
});

/** e_t of some numbers. */
const elementary = (numbers: readonly number[], t: number): number =>
  t === 0 ? 1 : numbers.reduce((sum, x, k) => sum + x * elementary(numbers.slice(k + 1), t - 1), 0);

// @must symmetricPolynomial: the eigenvalues of P B are λᵢ e_t(λ without λᵢ), to 1e-10 for degrees up to 3
// @measured reached: relative error below 3e-11 for a spectrum from 0.5 to 1000, degrees 0 to 3; 4e-9 for degree 4, by cancellation
Deno.test("symmetricPolynomial() has the eigenvalues of the formula, and is the recursion of Faddeev and LeVerrier", () => {
  const spectrum = [1000, 30, 9, 2, 1, 0.5];
  for (let t = 0; t <= 4; t++) {
    const out = new Float64Array(6);
    symmetricPolynomial(diagonalOperator(spectrum), t).apply(Float64Array.from(spectrum), out);
    spectrum.forEach((lambda, i) => {
      const expected = lambda * elementary(spectrum.filter((_, j) => j !== i), t) / 1000 ** t;
      assertAlmostEquals(out[i] / expected, 1, t < 4 ? 1e-10 : 1e-8, `degree ${t}, eigenvalue ${i}`);
    });
  }
  const G = random(7, 7, numbers(3)),
    B = matmul(G, { ...G, data: G.data.map((_, k) => G.data[k % 7 * 7 + Math.floor(k / 7)]) });
  let P: Matrix = identity(7), size = norm(B, Infinity);
  for (let t = 1; t <= 4; t++) {
    const BP = matmul(B, P);
    P = subtract(scale(identity(7), trace(BP) / t), BP);
    const operator = symmetricPolynomial(toSparse(B), t);
    assert(norm(subtract(matrixOf(operator), scale(P, size ** -t))) < 1e-12 * norm(P) * size ** -t, `degree ${t}`);
    assertOperator(operator, `symmetricPolynomial of degree ${t}`);
  }
  size = eigvalsh(B)[0];
  assert(size > 0);
});

// @must symmetricPolynomial: P is the mean of the adjugates of principal minors, summed over all sets of t + 1 coordinates (n = 6)
// @measured reached: to 1e-12 for degrees 1 to 3
Deno.test("symmetricPolynomial() sums adjugates over sets of coordinates", () => {
  const G = random(6, 6, numbers(4)),
    B = matmul(G, { ...G, data: G.data.map((_, k) => G.data[k % 6 * 6 + Math.floor(k / 6)]) });
  const size = norm(B, Infinity);
  for (let t = 1; t <= 3; t++) {
    const sum = new Float64Array(36);
    for (let set = 0; set < 64; set++) {
      const S = [0, 1, 2, 3, 4, 5].filter((i) => set >> i & 1);
      if (S.length !== t + 1) continue;
      S.forEach((i, p) =>
        S.forEach((j, q) => {
          const rows = S.filter((_, k) => k !== q), columns = S.filter((_, k) => k !== p);
          sum[6 * i + j] += (p + q) % 2 === 0 ? minor(B, rows, columns) : -minor(B, rows, columns);
        })
      );
    }
    const P = matrixOf(symmetricPolynomial(toSparse(B), t));
    const difference = norm({ ...P, data: P.data.map((p, k) => p - sum[k] / size ** t) });
    assert(difference < 1e-12 * norm(P), `${t}: ${difference / norm(P)}`);
  }
});

/** A minor by expansion. */
function minor(B: Matrix, rows: number[], columns: number[]): number {
  if (rows.length === 0) return 1;
  return columns.reduce(
    (sum, j, q) =>
      sum + (q % 2 === 0 ? 1 : -1) * B.data[rows[0] * B.columns + j] * minor(
          B,
          rows.slice(1),
          columns.filter((c) => c !== j),
        ),
    0,
  );
}

Deno.test("polynomial preconditioners refuse bad input", () => {
  const A = gridLaplacian(4);
  for (const bounds of [[0, 1], [2, 1], [1, 1], [1, Infinity], [NaN, 1]] as const) {
    assertThrows(() => chebyshevPreconditioner(A, bounds, 2), DomainError, "expected bounds 0 < a < b");
  }
  assertThrows(() => chebyshevPreconditioner(A, [1, 2], 1.5), DomainError, "got 1.5");
  assertThrows(
    () => chebyshevPreconditioner(A, [1, 2], 1, { preconditioner: gridLaplacian(3) }),
    ShapeError,
    "got 3 x 3",
  );
  assertThrows(() => chebyshevPreconditioner(fromTriplets(2, 3, [], [], []), [1, 2], 1), ShapeError);
  for (const degree of [-1, 4, 5, 0.5]) {
    assertThrows(() => symmetricPolynomial(A, degree), DomainError, `got ${degree}`);
  }
  assertThrows(() => symmetricPolynomial(gridLaplacian(9), 5), DomainError, "from 0 to 4");
  assertThrows(() => symmetricPolynomial(fromTriplets(2, 2, [0], [1], [1]), 1), DomainError, "symmetric");
  assertThrows(() => symmetricPolynomial(sparseDiagonal([1, -1, 2]), 1), DomainError, "negative entry on the diagonal");
  const indefinite = fromTriplets(3, 3, [0, 0, 1, 1], [0, 1, 0, 1], [1, 2, 2, 1]);
  assertThrows(() => symmetricPolynomial(indefinite, 2), DomainError, "semidefinite");
  assertThrows(() => symmetricPolynomial(fromTriplets(2, 2, [], [], []), 1), DomainError, "other than zero");
});
