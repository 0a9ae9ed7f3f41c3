// The affine-invariant metric: invariances, means, tangent vectors.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, type Matrix, norm2, ShapeError } from "../../lib/core/mod.ts";
import { diagonal, inv, matrix, norm, slogdet, subtract, symmetricFunction, transpose } from "../../lib/linalg/mod.ts";
import { airm, karcherMean, logEuclidean, tangentSpace } from "../../lib/manifold/mod.ts";
import { congruent, gaussian, positive } from "./matrices.ts";

const relative = (A: Matrix, B: Matrix): number => norm(subtract(A, B)) / norm(B);
const set = (n: number, count: number, seed: number): Matrix[] =>
  Array.from({ length: count }, (_, k) => positive(n, seed + k));

Deno.test("airm() is a distance that congruence and inversion keep", () => {
  for (let seed = 0; seed < 5; seed++) {
    const [A, B, C] = set(4, 3, 10 * seed), X = gaussian(4, 4, 99 + seed), d = airm(A, B);
    assertAlmostEquals(airm(A, A), 0, 1e-12);
    assertAlmostEquals(airm(B, A), d, 1e-12);
    assertAlmostEquals(airm(congruent(X, A), congruent(X, B)), d, 1e-10);
    assertAlmostEquals(airm(inv(A), inv(B)), d, 1e-11);
    assert(airm(A, C) <= d + airm(B, C));
    const root = symmetricFunction(A, (x) => 1 / Math.sqrt(x));
    assertAlmostEquals(norm(symmetricFunction(congruent(root, B), Math.log)), d, 1e-12); // the definition
  }
});

// @must karcherMean: about 25 steps to 1e-10
// @measured reached: at most 15 steps to 1e-13, sets of 6 to 20 matrices of order 3 to 8; 42 steps for condition numbers of 1e6
// @must karcherMean: congruence invariance to 2e-14, inversion to 2e-11, log det of the mean = mean log det to 1e-12
// @measured reached: congruence 1.3e-14 for X of condition number 4 (2.0e-13 for 76), inversion 4e-15, log det 2e-14
Deno.test("karcherMean() is invariant, and its determinant the geometric mean", () => {
  const tight = { tolerance: 1e-13 };
  let steps = 0, congruence = 0, inversion = 0, determinant = 0;
  for (const [n, count] of [[3, 10], [5, 20], [8, 6]]) {
    const matrices = set(n, count, 7 * n), { mean, iterations, status, gradientNorm } = karcherMean(matrices, tight);
    assertEquals(status, "converged");
    assert(gradientNorm <= 1e-13);
    steps = Math.max(steps, iterations);
    const X = gaussian(n, n, 1000 + n);
    congruence = Math.max(
      congruence,
      relative(karcherMean(matrices.map((C) => congruent(X, C)), tight).mean, congruent(X, mean)),
    );
    inversion = Math.max(
      inversion,
      relative(karcherMean(matrices.map((C) => symmetricFunction(C, (x) => 1 / x)), tight).mean, inv(mean)),
    );
    const logarithms = matrices.map((C) => slogdet(C).logarithm), average = logarithms.reduce((a, b) => a + b) / count;
    determinant = Math.max(determinant, Math.abs(slogdet(mean).logarithm - average));
  }
  assert(steps <= 25 && congruence < 5e-13 && inversion < 2e-14 && determinant < 1e-12);
});

Deno.test("karcherMean() minimizes the sum of squared distances", () => {
  const matrices = set(3, 5, 40), weights = [1, 2, 3, 1, 0.5], { mean } = karcherMean(matrices, { weights });
  const cost = (M: Matrix): number => matrices.reduce((sum, C, k) => sum + weights[k] * airm(M, C) ** 2, 0);
  const root = symmetricFunction(mean, Math.sqrt);
  for (let seed = 0; seed < 10; seed++) {
    const G = gaussian(3, 3, seed), S = { ...G, data: subtract(G, transpose(G)).data.map((a, k) => G.data[k] - a / 2) };
    const moved = (t: number): number => cost(congruent(root, symmetricFunction(S, (x) => Math.exp(t * x))));
    assert(moved(0.01) > cost(mean) && moved(-0.01) > cost(mean));
  }
});

Deno.test("karcherMean() finds closed forms: of two matrices, of matrices that commute", () => {
  const [A, B] = set(4, 2, 60),
    root = symmetricFunction(A, Math.sqrt),
    inverse = symmetricFunction(A, (x) => 1 / Math.sqrt(x));
  const exact = congruent(root, symmetricFunction(congruent(inverse, B), Math.sqrt)); // A^{1/2} (A^{-1/2} B A^{-1/2})^{1/2} A^{1/2}
  assert(relative(karcherMean([A, B]).mean, exact) < 1e-10);
  const diagonals = [[1, 4], [16, 1], [4, 2]].map((d) => diagonal(d)), cubeRoots = diagonal([4, 2]);
  assert(relative(karcherMean(diagonals).mean, cubeRoots) < 1e-14);
  assert(relative(logEuclidean(diagonals), cubeRoots) < 1e-14);
  assertEquals(karcherMean([A]).iterations, 0);
});

Deno.test("karcherMean() converges for matrices far apart", () => {
  const spread = Array.from({ length: 6 }, (_, k) => congruent(gaussian(4, 4, 200 + k), diagonal([1e-2, 1, 10, 100])));
  const { status, iterations } = karcherMean(spread);
  assertEquals(status, "converged");
  assert(iterations <= 50, `${iterations}`);
  assertEquals(karcherMean(spread, { maxIterations: 2 }).status, "iteration-limit");
});

Deno.test("tangentSpace() keeps distances from its base, and is 0 there", () => {
  const [M, C, D] = set(4, 3, 80), v = tangentSpace(M, C);
  assertEquals(v.length, 10);
  assertAlmostEquals(norm2(v), airm(M, C), 1e-12);
  assertAlmostEquals(norm2(tangentSpace(M, M)), 0, 1e-13);
  const near = tangentSpace(M, karcherMean([C, D]).mean), { mean } = karcherMean([C, D]);
  assertAlmostEquals(norm2(near), airm(M, mean), 1e-11);
  const atMean = [C, D].map((E) => tangentSpace(mean, E)); // tangent vectors at the mean add up to 0
  for (let i = 0; i < 10; i++) assertAlmostEquals(atMean[0][i] + atMean[1][i], 0, 1e-9);
});

// @must karcherMean, airm: matrices that are not symmetric positive definite are refused
// @measured reached: indefinite, singular, not symmetric, not finite, of other orders
Deno.test("the metric refuses what is not symmetric positive definite", () => {
  const I = diagonal([1, 1]), indefinite = matrix([[1, 2], [2, 1]]);
  for (const bad of [indefinite, diagonal([1, 0]), matrix([[1, 0.5], [0, 1]]), matrix([[NaN, 0], [0, 1]])]) {
    for (
      const use of [
        () => airm(I, bad),
        () => airm(bad, I),
        () => karcherMean([I, bad]),
        () => logEuclidean([bad]),
        () => tangentSpace(bad, I),
        () => tangentSpace(I, bad),
      ]
    ) {
      assertThrows(use, DomainError);
    }
  }
  assertThrows(() => airm(I, indefinite), DomainError, "the eigenvalue -0.99");
  assertThrows(() => airm(indefinite, I), DomainError, "minor 2");
  assertThrows(() => airm(I, diagonal([1, 1, 1])), ShapeError);
  assertThrows(() => tangentSpace(I, diagonal([1, 1, 1])), ShapeError, "one order");
  assertThrows(() => karcherMean([]), ShapeError, "got 0");
  assertThrows(() => karcherMean([I, diagonal([1])]), ShapeError, "2, 1");
  assertThrows(() => karcherMean([I], { weights: [1, 2] }), ShapeError, "2 weights");
  assertThrows(() => karcherMean([I], { weights: [0] }), DomainError, "positive weights");
  assertThrows(() => karcherMean([I], { tolerance: 0 }), DomainError, "positive tolerance");
});
