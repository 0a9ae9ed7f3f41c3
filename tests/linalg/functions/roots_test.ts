import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, type Matrix, ShapeError, SingularMatrixError } from "../../../lib/core/mod.ts";
import {
  add,
  denmanBeavers,
  eigvals,
  expm,
  identity,
  inverseRoot,
  logm,
  matmul,
  matrix,
  norm,
  scale,
  sqrtm,
  symmetricFunction,
} from "../../../lib/linalg/mod.ts";
import { assertSmall, distance, eps } from "../backward_error.ts";
import { families, filled, numbers, random } from "../families.ts";
import { withEigenvalues } from "../spectra.ts";

/** Matrices without real eigenvalues that are not positive. */
function* withRoots(): Generator<[string, Matrix]> {
  const next = numbers(1);
  for (const n of [0, 1, 2, 3, 5, 8, 20, 45]) {
    yield [`shifted, n = ${n}`, add(random(n, n, next), scale(identity(n), Math.sqrt(n) + 1))];
    yield [`defective, n = ${n}`, families.defective(n, next)];
    yield [`triangular, n = ${n}`, filled(n, n, (i, j) => i === j ? 1 + i % 4 : i < j ? next() / 2 : 0)];
    yield [`positive definite, n = ${n}`, withEigenvalues(Array.from({ length: n }, (_, i) => 10 ** (-i % 7)), next)];
    yield [`cyclic with shift, n = ${n}`, add(families.cyclic(n, next), scale(identity(n), 1.5))];
    const A = random(n, n, next), skew = filled(n, n, (i, j) => A.data[i * n + j] - A.data[j * n + i]);
    yield [`skew, n = ${n}`, n % 2 === 0 ? skew : add(skew, scale(identity(n), 0.5))]; // eigenvalues ±iμ
  }
}

// @must sqrtm: |X² - A| below 10 n eps |X|², principal, on random, defective, triangular, definite, cyclic and skew matrices
// @measured reached: 48 matrices of order up to 45
Deno.test("sqrtm() has residual |X² - A| below 10 n eps |X|², and eigenvalues in the right half plane", () => {
  for (const [what, A] of withRoots()) {
    const X = sqrtm(A), n = A.rows, growth = n === 0 ? 1 : norm(X) ** 2 / norm(A);
    assertSmall(distance(A, matmul(X, X)) / growth, n, what);
    for (const real of eigvals(X).real) assert(real > 0, `${what}: ${real}`);
  }
});

// @must denmanBeavers: the root of the Schur method, and its inverse
// @measured reached: to 100 κ² eps and 100 κ eps, κ the condition of the root
Deno.test("denmanBeavers() agrees with sqrtm(), and its second factor is the inverse", () => {
  for (const [what, A] of withRoots()) {
    if (what.startsWith("skew") && A.rows > 20) continue; // of a condition beyond 1e3
    const X = sqrtm(A),
      n = A.rows,
      { root, inverseRoot } = denmanBeavers(A),
      condition = norm(root) * norm(inverseRoot);
    assert(distance(X, root) <= 100 * eps * condition ** 2 + 0, `${what}: ${distance(X, root)}`);
    assert(distance(identity(n), matmul(root, inverseRoot)) <= 100 * eps * condition, what);
  }
});

Deno.test("sqrtm() knows closed forms", () => {
  // Jordan block: binomial series in the nilpotent part
  const n = 6, X = sqrtm(families.defective(n, () => 0));
  let binomial = 1;
  for (let k = 0; k < n; k++) {
    assertAlmostEquals(X.data[k], binomial, 1e-15);
    binomial *= (0.5 - k) / (k + 1);
  }
  // positive semidefinite: the root of a projector is the projector
  const P = filled(4, 4, () => 1 / 4);
  assertSmall(distance(P, sqrtm(P)), 1e7, "projector"); // eigenvalues ±1e-17 become 0 or 3e-9
  assertEquals(sqrtm(matrix(3, 3)), matrix(3, 3));
  // singular, not symmetric, zero eigenvalue not defective
  const S = matrix([[1, 1], [0, 0]]);
  assertEquals(sqrtm(S), S);
});

// @must logm: undoes the exponential, and the exponential undoes it
// @measured reached: 48 matrices of order up to 45 to 100 n (1 + |log A|) eps; 12 matrices of size up to 0.3 to 100 eps
Deno.test("logm() and expm() undo each other", () => {
  for (const [what, A] of withRoots()) {
    const L = logm(A), n = A.rows;
    if (n === 0) continue;
    assert(distance(A, expm(L)) <= 100 * eps * n * (1 + norm(L)), `${what}: ${distance(A, expm(L)) / eps}`);
    for (const imaginary of eigvals(L).imaginary) assert(Math.abs(imaginary) < Math.PI + 1e-12, what);
  }
  const next = numbers(2);
  for (const n of [1, 2, 5, 12]) {
    for (const size of [1e-8, 0.01, 0.3]) {
      const A = scale(random(n, n, next), size), L = logm(expm(A));
      assert(
        norm(filled(n, n, (i, j) => A.data[i * n + j] - L.data[i * n + j])) <= 100 * eps,
        `n = ${n}, size ${size}`,
      );
    }
  }
});

Deno.test("logm() knows closed forms", () => {
  // Jordan block: N - N²/2 + N³/3 - …
  const L = logm(families.defective(6, () => 0));
  for (let k = 1; k < 6; k++) assertAlmostEquals(L.data[k], (k % 2 === 1 ? 1 : -1) / k, 1e-15);
  assertEquals(L.data[0], 0);
  // two by two: the divided difference of the logarithm, for eigenvalues near and far
  for (const [a, b] of [[2, 2], [2, 2 + 1e-9], [1e-8, 1e8], [3, 4]]) {
    const difference = b === a ? 1 / a : Math.log1p((b - a) / a) / (b - a);
    assertAlmostEquals(logm(matrix([[a, 1], [0, b]])).data[1] / difference, 1, 1e-14);
  }
  // close to the identity: log(I + X) = X - …, no digits lost
  const X = matrix([[1e-12, 2e-12], [-3e-12, 4e-12]]), log = logm(add(identity(2), X));
  log.data.forEach((value, k) => assertAlmostEquals(value, add(identity(2), X).data[k] - +(k % 3 === 0), 1e-23));
});

// @must inverseRoot: the inverse root by eigenvalues, p = 1, 2, 3, 4 and 8, condition up to 1e8
// @measured reached: to 20 n κ eps
Deno.test("inverseRoot() agrees with eigenvalues, for conditions up to 1e8", () => {
  const next = numbers(3);
  for (const n of [0, 1, 2, 10, 40]) {
    for (const condition of [1, 10, 1e4, 1e8]) {
      const A = withEigenvalues(Array.from({ length: n }, (_, i) => 7 * condition ** (-i / Math.max(1, n - 1))), next);
      for (const p of [1, 2, 3, 4, 8]) {
        const X = inverseRoot(A, p), exact = symmetricFunction(A, (value) => value ** (-1 / p));
        assert(distance(exact, X) <= 20 * eps * n * condition, `n = ${n}, condition ${condition}, p = ${p}`);
      }
    }
  }
});

Deno.test("roots and logarithms refuse bad input", () => {
  for (const f of [sqrtm, logm, denmanBeavers, (A: Matrix) => inverseRoot(A, 2)]) {
    assertThrows(() => f(matrix(2, 3)), ShapeError, "2 x 3");
    assertThrows(() => f(matrix([[1, NaN], [0, 1]])), DomainError, "(0, 1)");
  }
  assertThrows(() => sqrtm(matrix([[-1, 1], [0, 2]])), DomainError, "negative real eigenvalue");
  assertThrows(() => sqrtm(matrix([[1, 2], [2, 1]])), DomainError, "negative eigenvalue");
  assertThrows(() => sqrtm(matrix([[0, 1], [0, 0]])), DomainError, "Jordan block");
  assertThrows(() => logm(matrix([[-1, 1], [0, 2]])), DomainError, "not positive");
  assertThrows(() => logm(matrix([[2, 0], [0, -1]])), DomainError, "got -1");
  assertThrows(() => logm(matrix([[0, 1], [0, 1]])), DomainError, "got 0");
  assertThrows(() => denmanBeavers(matrix([[-1, 1], [0, 2]])), DomainError, "no convergence");
  assertThrows(() => denmanBeavers(matrix([[1, 1], [1, 1]])), SingularMatrixError);
  assertThrows(() => inverseRoot(matrix([[1, 2], [2, 1]]), 2), DomainError, "positive definite");
  assertThrows(() => inverseRoot(matrix([[1, 2], [3, 1]]), 2), DomainError, "symmetric");
  assertThrows(() => inverseRoot(identity(2), 1.5), DomainError, "whole p");
});
