import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, type Matrix, ShapeError } from "../../../lib/core/mod.ts";
import {
  add,
  diagonal,
  eigvalsh,
  identity,
  inv,
  matmul,
  matrix,
  newtonSchulz,
  norm,
  polar,
  signm,
  sqrtm,
  subtract,
  trace,
  transpose,
} from "../../../lib/linalg/mod.ts";
import { assertSmall, distance, eps, orthogonality } from "../backward_error.ts";
import { families, filled, numbers, product, random } from "../families.ts";
import { rotationOf } from "../spectra.ts";

// @must polar: |A - UH| and |UᵀU - I| below 10 n eps for every family and shape, H semidefinite
// @measured reached: 26 families at 6 orders
Deno.test("polar() has backward error and orthogonality below 10 n eps, for every family and shape", () => {
  const next = numbers(1);
  const shapes: typeof families = {
    ...families,
    wide: (n, next) => random(n, n + 4, next),
    tall: (n, next) => random(n + 4, n, next),
  };
  for (const [name, make] of Object.entries(shapes)) {
    for (const n of [0, 1, 2, 5, 20, 45]) {
      const A = make(n, next), { U, H } = polar(A), size = Math.max(A.rows, A.columns), what = `${name}, n = ${n}`;
      assertSmall(distance(A, matmul(U, H)), size, what);
      assertSmall(orthogonality(A.rows < A.columns ? transpose(U) : U), size, `${what}, U`);
      assertEquals(transpose(H), H);
      const least = Math.min(0, ...eigvalsh(H));
      assert(least >= -10 * size * eps * norm(A), `${what}: ${least}`);
    }
  }
});

Deno.test("polar() finds the nearest orthogonal matrix", () => {
  const next = numbers(2), A = random(6, 6, next), { U } = polar(A), nearest = norm(subtract(A, U));
  for (let k = 0; k < 200; k++) assert(norm(subtract(A, matmul(U, rotationOf(6, next)))) >= nearest);
});

// @must newtonSchulz: the polar factor; small singular values grow by 3/2 a step
// @measured reached: to 1e-11 of polar(); the factor 1.5 to 1e-6
Deno.test("newtonSchulz() agrees with polar(), and takes steps in proportion to the logarithm of the condition", () => {
  const next = numbers(3);
  for (const [m, n] of [[1, 1], [5, 5], [30, 30], [40, 10], [10, 40]]) {
    const A = random(m, n, next);
    assert(distance(polar(A).U, newtonSchulz(A)) <= 1e-11, `${m} x ${n}`);
  }
  const Q = rotationOf(8, next);
  assertSmall(distance(Q, newtonSchulz(Q)), 8, "of an orthogonal matrix");
  const A = matmul(Q, diagonal([1, 1, 1, 1, 1, 1, 1, 1e-4])), stopped = newtonSchulz(A, { maxIterations: 5 });
  const small = Math.sqrt(eigvalsh(matmul(transpose(stopped), stopped))[0]); // grows by 3/2 in each step
  assertAlmostEquals(small / (1e-4 / norm(A) * 1.5 ** 5), 1, 1e-6);
  assertEquals(newtonSchulz(matrix(0, 3)), matrix(0, 3));
});

/** A matrix with so many eigenvalues on the left. */
function withSigns(n: number, left: number, seed: number): Matrix {
  const next = numbers(seed), V = add(random(n, n, next), diagonal(Array(n).fill(n)));
  return matmul(matmul(V, diagonal(Array.from({ length: n }, (_, i) => (i < left ? -1 : 1) * (1 + i)))), inv(V));
}

// @must signm: S² = I, SA = AS, trace n - 2 times the eigenvalues on the left; equal to A (A²)^(-1/2); solves a Riccati equation
// @measured reached: to 1e-13 n |S|²; to 1e-12; residual below 1e-11 |X|²
Deno.test("signm() squares to I, commutes with A, and counts eigenvalues", () => {
  for (const n of [1, 2, 6, 25]) {
    for (const left of [0, 1, n >> 1, n]) {
      const A = withSigns(n, left, n), S = signm(A), size = norm(S) ** 2;
      assert(norm(subtract(matmul(S, S), identity(n))) <= 1e-13 * n * size, `n = ${n}`);
      assert(norm(subtract(matmul(S, A), matmul(A, S))) <= 1e-12 * size * norm(A), `n = ${n}`);
      assertAlmostEquals(trace(S), n - 2 * left, 1e-10);
    }
  }
  assertEquals(signm(matrix(0, 0)), matrix(0, 0));
});

Deno.test("signm() is A (A²)^(-1/2), an independent route", () => {
  for (const n of [1, 3, 12]) {
    const A = withSigns(n, n >> 1, 7 + n), other = matmul(A, inv(sqrtm(matmul(A, A))));
    assert(distance(other, signm(A)) < 1e-12, `n = ${n}`);
  }
});

Deno.test("signm() solves a Riccati equation", () => {
  // Roberts, Linear model reduction and solution of the algebraic Riccati equation by use of the sign function (1971):
  // F'X + X F - X G X + H = 0 from the sign of [[F, -G], [-H, -F']]
  const n = 4,
    next = numbers(5),
    F = random(n, n, next),
    G = identity(n),
    R = random(n, n, next),
    H = product(transpose(R), R);
  const big = filled(2 * n, 2 * n, (i, j) => {
    const a = i % n, b = j % n;
    if (i < n) return j < n ? F.data[a * n + b] : -G.data[a * n + b];
    return j < n ? -H.data[a * n + b] : -F.data[b * n + a];
  });
  const S = signm(big).data,
    block = (r: number, c: number): Matrix => filled(n, n, (i, j) => S[(r * n + i) * 2 * n + c * n + j]);
  // (S + I) [I; X] = 0: of its rows S₁₂ X = -(S₁₁ + I)
  const X = matmul(inv(block(0, 1)), filled(n, n, (i, j) => -block(0, 0).data[i * n + j] - +(i === j)));
  const residual = add(add(matmul(transpose(F), X), matmul(X, F)), subtract(H, matmul(matmul(X, G), X)));
  assert(norm(residual) < 1e-11 * norm(X) ** 2, `${norm(residual)}`);
  assert(eigvalsh(filled(n, n, (i, j) => (X.data[i * n + j] + X.data[j * n + i]) / 2))[0] > 0);
});

Deno.test("polar(), newtonSchulz() and signm() refuse bad input", () => {
  for (const f of [polar, newtonSchulz, signm]) {
    assertThrows(() => f(matrix([[1, NaN], [0, 1]])), DomainError, "(0, 1)");
  }
  assertThrows(() => newtonSchulz(matrix(3, 2)), DomainError, "not zero");
  assertThrows(() => signm(matrix(2, 3)), ShapeError, "2 x 3");
  assertThrows(() => signm(matrix([[0, -1], [1, 0]])), DomainError, "imaginary axis");
  assertThrows(() => signm(matrix([[1, 0], [0, 0]])), DomainError, "imaginary axis");
});
