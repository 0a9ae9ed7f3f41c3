import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { DomainError, type Matrix, NotPositiveDefiniteError, ShapeError } from "../../../lib/core/mod.ts";
import {
  add,
  identity,
  inv,
  invSqrtmPade,
  lyapunovSign,
  matmul,
  matrix,
  scale,
  sqrtm,
  sqrtmNewtonSchulz,
  sqrtmPade,
  sqrtmTaylor,
  subtract,
} from "../../../lib/linalg/mod.ts";
import { distance } from "../backward_error.ts";
import { numbers, random } from "../families.ts";
import { symmetrized, withEigenvalues } from "../spectra.ts";

const n = 16;

/** Eigenvalues from 1 to 1/condition, in even ratios. */
const definite = (condition: number, seed = 1): Matrix =>
  withEigenvalues(Array.from({ length: n }, (_, i) => 3 * condition ** (-i / (n - 1))), numbers(seed));

const errorsAt = (condition: number): Record<string, number> => {
  const A = definite(condition), root = sqrtm(A);
  return {
    taylor: distance(root, sqrtmTaylor(A)),
    pade: distance(root, sqrtmPade(A)),
    newtonSchulz5: distance(root, sqrtmNewtonSchulz(A).root),
    newtonSchulz10: distance(root, sqrtmNewtonSchulz(A, { terms: 10 }).root),
  };
};
// @must sqrtmTaylor, sqrtmPade, sqrtmNewtonSchulz: n = 16, condition 10: errors 3e-2, 2e-3, 5e-3 with 5 steps, 2e-15 with 10;
//   condition 100: .13, 3e-2, 5e-2, 1e-9
// @measured reached: 3.1e-2, 2.1e-3, 5.1e-3, 1.8e-15; .130, 3.2e-2, 4.5e-2, 1.3e-9
Deno.test("sqrtmTaylor(), sqrtmPade() and sqrtmNewtonSchulz() have the errors that their condition allows", () => {
  const ten = errorsAt(10), hundred = errorsAt(100);
  const limits = {
    taylor: [0.035, 0.14],
    pade: [2.5e-3, 0.035],
    newtonSchulz5: [6e-3, 0.05],
    newtonSchulz10: [4e-15, 2e-9],
  };
  for (const [name, [first, second]] of Object.entries(limits)) {
    assert(ten[name] <= first && hundred[name] <= second, `${name}: ${ten[name]}, ${hundred[name]}`);
    // and they do not come from an exact route
    assert(hundred[name] >= second / 4 && (name === "newtonSchulz10" || ten[name] >= first / 4), name);
  }
});

// @must sqrtmPade: always more accurate than Taylor's series of ten terms
// @measured reached: 24 matrices, condition 2 to 1e4
Deno.test("sqrtmPade() is more accurate than sqrtmTaylor()", () => {
  for (const condition of [2, 10, 30, 100, 1e3, 1e4]) {
    for (const seed of [1, 2, 3, 4]) {
      const A = definite(condition, seed), root = sqrtm(A);
      assert(distance(root, sqrtmPade(A)) < distance(root, sqrtmTaylor(A)), `condition ${condition}`);
    }
  }
});

Deno.test("sqrtmTaylor() tends to the root as terms grow, and is exact on multiples of the identity", () => {
  const A = definite(3), root = sqrtm(A);
  let before = Infinity;
  for (const terms of [1, 2, 4, 8, 16, 32, 200]) {
    const error = distance(root, sqrtmTaylor(A, { terms }));
    assert(error < before, `${terms} terms: ${error}`);
    before = error;
  }
  assert(before < 1e-13);
  assert(distance(matrix([[3]]), sqrtmTaylor(matrix([[9]]))) < 1e-15);
});

// @must invSqrtmPade: the inverse of the root
// @measured reached: to 3e-3 at condition 10, exact inverse of sqrtmPade to 1e-13
Deno.test("invSqrtmPade() is the inverse of sqrtmPade(), and near that of sqrtm()", () => {
  const A = definite(10), inverse = invSqrtmPade(A);
  assert(distance(inv(sqrtmPade(A)), inverse) < 1e-13);
  assert(distance(inv(sqrtm(A)), inverse) < 1e-2);
  const { root, inverseRoot } = sqrtmNewtonSchulz(A, { terms: 12 });
  assert(distance(identity(n), matmul(root, inverseRoot)) < 1e-13);
});

// @must lyapunovSign: K = 8 steps 3e-5 at condition 10, 4e-2 at 100; K = 12 1e-14; K = 16 for 1e3, 20 for 1e4; so the end is told by
//   |B - I|
// @measured reached: 2.3e-5, 2.4e-2; 7e-16, 6e-15; 2e-15; 5e-15; by |B - I| 1e-13 or less for conditions 1 to 1e6
Deno.test("lyapunovSign() solves X B + B X = G, in more steps for a larger condition", () => {
  const G = symmetrized(random(n, n, numbers(2)));
  const errorAfter = (condition: number, maxIterations?: number): number => {
    const B = sqrtm(definite(condition));
    const X = lyapunovSign(B, G, maxIterations ? { maxIterations, tolerance: 0 } : {});
    return distance(G, add(matmul(X, B), matmul(B, X)));
  };
  const limits: [number, number, number][] = [[10, 8, 3e-5], [100, 8, 4e-2], [10, 12, 1e-14], [100, 12, 1e-14]];
  for (const [condition, steps, limit] of [...limits, [1e3, 16, 1e-13], [1e4, 20, 1e-13]]) {
    assert(
      errorAfter(condition, steps) <= limit,
      `condition ${condition}, ${steps} steps: ${errorAfter(condition, steps)}`,
    );
  }
  assert(errorAfter(10, 8) > 1e-7 && errorAfter(1e4, 12) > 1e-3);
  for (const condition of [1, 10, 1e2, 1e3, 1e4, 1e6]) assert(errorAfter(condition) < 1e-12, `condition ${condition}`);
});

// @must lyapunovSign: the gradient of tr(W A^(1/2)), and of tr(W A^(-1/2)), matches central differences to 1e-6
// @measured reached: 2e-9 and 2e-8 with steps of 1e-5
Deno.test("lyapunovSign() gives the gradient of functions of the root", () => {
  const A = definite(10), W = symmetrized(random(n, n, numbers(3))), root = sqrtm(A), inverse = inv(root);
  const pairing = (X: Matrix, Y: Matrix): number => X.data.reduce((sum, x, k) => sum + x * Y.data[k], 0);
  const gradient = lyapunovSign(root, W), Ainverse = inv(A);
  const inverseGradient = lyapunovSign(inverse, scale(matmul(matmul(Ainverse, W), Ainverse), -1));
  const next = numbers(4), h = 1e-5;
  for (let k = 0; k < 5; k++) {
    const D = symmetrized(random(n, n, next)), up = sqrtm(add(A, scale(D, h))), down = sqrtm(subtract(A, scale(D, h)));
    assertAlmostEquals(pairing(gradient, D), pairing(W, subtract(up, down)) / (2 * h), 1e-6);
    assertAlmostEquals(pairing(inverseGradient, D), pairing(W, subtract(inv(up), inv(down))) / (2 * h), 1e-6);
  }
});

Deno.test("square roots by series refuse bad input", () => {
  for (const f of [sqrtmTaylor, sqrtmPade, invSqrtmPade, sqrtmNewtonSchulz]) {
    assertThrows(() => f(matrix(2, 3)), ShapeError, "2 x 3");
    assertThrows(() => f(matrix([[1, 2], [3, 4]])), DomainError, "symmetric");
    assertThrows(() => f(matrix([[1, 2], [2, 1]])), NotPositiveDefiniteError, "order 2");
    assertThrows(() => f(matrix([[NaN]])), DomainError, "NaN");
  }
  assertThrows(() => sqrtmTaylor(identity(2), { terms: 0 }), DomainError, "whole number of terms");
  assertThrows(() => sqrtmNewtonSchulz(identity(2), { terms: 1.5 }), DomainError, "1.5");
  assertThrows(() => lyapunovSign(identity(2), identity(3)), ShapeError, "3 x 3");
  assertThrows(() => lyapunovSign(matrix([[0, 1], [1, 0]]), identity(2)), NotPositiveDefiniteError);
});
