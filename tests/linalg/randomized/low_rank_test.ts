import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  DomainError,
  type Matrix,
  norm2,
  NotPositiveDefiniteError,
  rng,
  ShapeError,
  type Vector,
} from "../../../lib/core/mod.ts";
import {
  adaptiveRangeFinder,
  add,
  diagonal,
  eigvalsh,
  identity,
  inv,
  matmul,
  matrix,
  norm,
  nystrom,
  nystromPreconditioner,
  operatorOf,
  randomizedEigh,
  randomizedSvd,
  rangeFinder,
  scale,
  subtract,
  trace,
  transpose,
} from "../../../lib/linalg/mod.ts";
import { filled, numbers } from "../families.ts";
import { rotationOf, symmetrized, withEigenvalues } from "../spectra.ts";

const spectrum = (n: number, value: (i: number) => number): number[] => Array.from({ length: n }, (_, i) => value(i));

/** m x n with these singular values. */
function withSingularValues(m: number, n: number, values: ArrayLike<number>, seed: number): Matrix {
  const next = numbers(seed), S = filled(m, n, (i, j) => i === j ? values[i] : 0);
  return matmul(matmul(rotationOf(m, next), S), rotationOf(n, next));
}
const outside = (Q: Matrix, A: Matrix): Matrix => subtract(A, matmul(Q, matmul(transpose(Q), A)));
const orthonormal = (Q: Matrix): number => norm(subtract(matmul(transpose(Q), Q), identity(Q.columns)));
const tail = (values: ArrayLike<number>, k: number): number => norm2(Float64Array.from(values).slice(k));

// @must rangeFinder: the mean error is within the bounds of theorems 10.5 (Frobenius) and 10.6 (spectral) of the paper
// @measured reached: 60 x 40, σⱼ = 1/j, k = 6, p = 4, 100 draws: .68 and .20 of the bounds
Deno.test("rangeFinder() has a mean error within the published bounds", () => {
  const values = spectrum(40, (i) => 1 / (i + 1)), A = withSingularValues(60, 40, values, 1), k = 6, p = 4, l = k + p;
  const generator = rng(2), draws = 100;
  let frobenius = 0, spectral = 0;
  for (let draw = 0; draw < draws; draw++) {
    const Q = rangeFinder(A, l, { generator }), rest = outside(Q, A);
    assert(orthonormal(Q) < 1e-13);
    frobenius += norm(rest) / draws;
    spectral += norm(rest, 2) / draws;
  }
  const first = Math.sqrt(1 + k / (p - 1)) * tail(values, k);
  const second = (1 + Math.sqrt(k / (p - 1))) * values[k] + Math.E * Math.sqrt(l) / p * tail(values, k);
  assert(frobenius <= first && frobenius >= tail(values, l) && frobenius > 0.4 * first, `${frobenius / first}`);
  assert(spectral <= second && spectral >= values[l], `${spectral / second}`);
});

// @must rangeFinder: power iterations bring the spectral error to the best one, σ_{l+1}
// @measured reached: σⱼ = j^(-1/2), l = 10: 2.01, 1.22, 1.13 of it for q = 0, 1, 2
Deno.test("rangeFinder() comes near the best basis with power iterations", () => {
  const values = spectrum(80, (i) => (i + 1) ** -0.5), A = withSingularValues(100, 80, values, 3);
  const errors = [0, 1, 2].map((powerIterations) => {
    let sum = 0;
    for (let seed = 0; seed < 10; seed++) {
      sum += norm(outside(rangeFinder(A, 10, { powerIterations, generator: rng(seed) }), A), 2) / values[10] / 10;
    }
    return sum;
  });
  assert(errors[0] > errors[1] && errors[1] > errors[2] && errors[2] >= 1, `${errors}`);
  assert(errors[1] < 1.4 && errors[2] < 1.25, `${errors}`);
});

// @must adaptiveRangeFinder: |A - QQᵀA|₂ is within the tolerance, and the bound it tells is above it
// @measured reached: 5 tolerances from 1e-1 to 1e-9, 20 draws each; errors from 5e-4 to .12 of the tolerance
Deno.test("adaptiveRangeFinder() meets its tolerance with a basis not much too large", () => {
  const values = spectrum(60, (i) => 2 ** -i), A = withSingularValues(80, 60, values, 4);
  for (const tolerance of [1e-1, 1e-3, 1e-5, 1e-7, 1e-9]) {
    for (let seed = 0; seed < 20; seed++) {
      const found = adaptiveRangeFinder(A, tolerance, { block: 5, generator: rng(seed) });
      const rest = norm(outside(found.Q, A), 2), least = values.filter((value) => value > tolerance).length;
      assert(found.converged && rest <= found.error && found.error <= tolerance, `${rest}, ${found.error}`);
      assert(found.Q.columns >= least && found.Q.columns <= least + 15, `${found.Q.columns} for ${tolerance}`);
      assert(orthonormal(found.Q) < 1e-13);
    }
  }
  const short = adaptiveRangeFinder(A, 1e-9, { block: 4, maxRank: 10, powerIterations: 1 });
  assertEquals([short.converged, short.Q.columns], [false, 10]);
  assert(short.error > norm(outside(short.Q, A), 2) && orthonormal(short.Q) < 1e-13);
  const all = adaptiveRangeFinder(identity(7), 1e-3, { block: 3 });
  assertEquals([all.converged, all.Q.columns], [true, 7]);
});

// @must randomizedSvd: with q = 2 the k dominant singular values and the approximation are those of the best one
// @measured reached: 120 x 90, σⱼ = 1/j², k = 8: values to 2e-10, error 1.0000 of the best
Deno.test("randomizedSvd() finds the dominant part of a matrix and of an operator, tall or wide", () => {
  const values = spectrum(90, (i) => (i + 1) ** -2), k = 8;
  for (const [m, n] of [[120, 90], [90, 120]]) {
    const A = withSingularValues(m, n, values, 5);
    const { U, S, V } = randomizedSvd(A, k, { generator: rng(6) });
    assertEquals([U.rows, U.columns, S.length, V.rows, V.columns], [m, k, k, n, k]);
    S.forEach((value, j) => assertAlmostEquals(value, values[j], 1e-6));
    assert(orthonormal(U) < 1e-13 && orthonormal(V) < 1e-13);
    const rest = subtract(A, matmul(matmul(U, diagonal(S)), transpose(V)));
    assert(norm(rest, 2) < 1.001 * values[k] && norm(rest) < 1.001 * tail(values, k));
    const same = randomizedSvd(operatorOf(A), k, { generator: rng(6) }).S;
    same.forEach((value, j) => assertAlmostEquals(value, S[j], 1e-14));
  }
});

// @must randomizedEigh: the eigenvalues of largest magnitude, of either sign
// @measured reached: order 80, ±1.5^-i, k = 6: to 1e-15
Deno.test("randomizedEigh() finds the eigenvalues of largest magnitude, of either sign", () => {
  const values = spectrum(80, (i) => (i % 3 === 1 ? -1 : 1) * 1.5 ** -i),
    A = withEigenvalues(values, numbers(7)),
    k = 6;
  const { values: found, vectors } = randomizedEigh(A, k, { generator: rng(8) });
  found.forEach((value, j) => assertAlmostEquals(value, values[j], 1e-9));
  assert(orthonormal(vectors) < 1e-13);
  assert(norm(subtract(matmul(A, vectors), matmul(vectors, diagonal(found)))) < 1e-5);
});

// @must nystrom: never larger than A; the mean error in the nuclear norm is within (1 + k/(p-1)) Σ_{j>k} λⱼ
// @measured reached: order 60, λⱼ = 1/j², k = 5, p = 4, 60 draws: .49 of the bound; least eigenvalue of A - UΛUᵀ
//   above -1e-14
Deno.test("nystrom() is below the matrix, with a mean error within the published bound", () => {
  const n = 60, k = 5, p = 4, values = spectrum(n, (i) => (i + 1) ** -2), A = withEigenvalues(values, numbers(9));
  const generator = rng(10), draws = 60;
  let error = 0;
  for (let draw = 0; draw < draws; draw++) { // all l = k + p pairs, as in the theorem
    const { values: found, vectors: U } = nystrom(A, k + p, { oversampling: 0, generator });
    const rest = subtract(A, matmul(matmul(U, diagonal(found)), transpose(U)));
    assert(eigvalsh(rest)[0] > -1e-13 && orthonormal(U) < 1e-12);
    error += trace(rest) / draws;
  }
  const bound = (1 + k / (p - 1)) * values.slice(k).reduce((sum, value) => sum + value, 0);
  assert(error < bound && error > values.slice(k + p).reduce((sum, value) => sum + value, 0), `${error / bound}`);
  assert(error > 0.25 * bound, `${error / bound}`);
});

Deno.test("nystrom() is stable where the rank is smaller than asked for, or values fall to rounding", () => {
  for (const value of [(i: number) => +(i < 3) * (3 - i), (i: number) => 10 ** (-2 * i), () => 0]) {
    const values = spectrum(40, value), A = withEigenvalues(values, numbers(11));
    const { values: found, vectors: U } = nystrom(A, 12, { generator: rng(12) });
    found.forEach((lambda, j) => assertAlmostEquals(lambda, values[j], 1e-13));
    assert(norm(subtract(A, matmul(matmul(U, diagonal(found)), transpose(U)))) < 1e-12);
  }
});

Deno.test("nystrom() takes the shift ν off again: zero eigenvalues come out as a part of it", () => {
  for (const n of [30, 100]) {
    const A = diagonal(Array.from({ length: n }, (_, i) => i < 3 ? 10 ** -i : 0)), nu = Math.sqrt(n) * Number.EPSILON;
    nystrom(A, 8, { generator: rng(1) }).values.subarray(3).forEach((value) => assert(value < 0.2 * nu, `${value}`));
  }
});

// @must nystromPreconditioner: with l = 2⌈1.5 d⌉ + 1, d the effective dimension, the mean condition is below 28
// @measured reached: order 160, λⱼ = j^-3, μ = 1e-4, l = 79: from 1e4 to 1.12
Deno.test("nystromPreconditioner() makes systems well conditioned", () => {
  const n = 160, mu = 1e-4, values = spectrum(n, (i) => (i + 1) ** -3), A = withEigenvalues(values, numbers(13));
  const effective = values.reduce((sum, value) => sum + value / (value + mu), 0),
    l = 2 * Math.ceil(1.5 * effective) + 1;
  const shifted = add(A, scale(identity(n), mu)), generator = rng(14), draws = 4;
  let condition = 0;
  for (let draw = 0; draw < draws; draw++) {
    const inverse = filledFrom(nystromPreconditioner(A, mu, { rank: l, generator }), n);
    const spread = eigvalsh(shifted, symmetrized(inv(inverse)));
    condition += spread[n - 1] / spread[0] / draws;
  }
  assert(l < n / 2 && condition < 28, `${l}: ${condition}`);
  assert(condition > 1.01 && condition < 4, `${condition}`);
});

Deno.test("nystromPreconditioner() is the inverse of the shifted matrix when all vectors are taken, up to a factor", () => {
  const A = withEigenvalues([5, 4, 3, 1], numbers(15)), P = filledFrom(nystromPreconditioner(A, 0.5, { rank: 4 }), 4);
  const exact = scale(inv(add(A, scale(identity(4), 0.5))), 1.5); // λ_l + μ
  P.data.forEach((value, k) => assertAlmostEquals(value, exact.data[k], 1e-12));
});

function filledFrom(P: { apply: (x: Vector, out: Vector) => void }, n: number): Matrix {
  const all = matrix(n, n);
  for (let i = 0; i < n; i++) {
    P.apply(identity(n).data.subarray(i * n, (i + 1) * n), all.data.subarray(i * n, (i + 1) * n));
  }
  return transpose(all);
}

Deno.test("low-rank approximations refuse bad input", () => {
  const A = matrix([[1, 2, 3], [4, 5, 6]]);
  assertThrows(() => rangeFinder(A, 3), DomainError, "2 x 3, got 3");
  assertThrows(() => rangeFinder(operatorOf(A), 0), DomainError, "2 x 3, got 0");
  assertThrows(() => rangeFinder(A, 1, { powerIterations: -1 }), DomainError, "power iterations");
  assertThrows(() => rangeFinder(matrix([[NaN]]), 1), DomainError, "NaN");
  assertThrows(() => adaptiveRangeFinder(A, 0), DomainError, "positive tolerance");
  assertThrows(() => adaptiveRangeFinder(A, 1, { block: 0 }), DomainError, "block");
  assertThrows(() => adaptiveRangeFinder(A, 1, { maxRank: 4 }), DomainError, "got 4");
  assertThrows(() => randomizedSvd(A, 1, { oversampling: -1 }), DomainError, "oversampling");
  assertThrows(() => randomizedEigh(A, 1), ShapeError, "square");
  assertThrows(() => nystrom(A, 1), ShapeError, "square");
  assertThrows(() => nystrom(diagonal([1, -1, 2]), 3), NotPositiveDefiniteError, "semidefinite");
  assertThrows(() => nystromPreconditioner(identity(3), 0), DomainError, "positive μ");
  assertThrows(() => nystromPreconditioner(identity(3), 1, { rank: 4 }), DomainError, "got 4");
});
