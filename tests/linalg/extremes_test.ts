// Every function of a matrix at every kind of extreme: it ends, leaves its input alone, and has a result or refuses.
import { assert, assertEquals } from "@std/assert";
import { GradusError, isFiniteVector, type Matrix, rng, type Vector } from "../../lib/core/mod.ts";
import {
  add,
  cholesky,
  completeOrthogonal,
  complexVector,
  cond,
  cur,
  denmanBeavers,
  det,
  eig,
  eigh,
  eigvals,
  eigvalsh,
  expm,
  type Factorization,
  generalizedNystrom,
  hessenberg,
  identity,
  inv,
  inverseRoot,
  ldlt,
  logm,
  lstsq,
  lu,
  lyapunovSign,
  matmul,
  matrix,
  newtonSchulz,
  nullspace,
  perturbThenDiagonalize,
  pinv,
  pivotedCholesky,
  pivotedQr,
  polar,
  qr,
  qrUpdate,
  rank,
  refine,
  scale,
  schur,
  signm,
  slogdet,
  solve,
  solveComplex,
  solveTriangular,
  sqrtm,
  sqrtmNewtonSchulz,
  sqrtmPade,
  sqrtmTaylor,
  svd,
  svdvals,
  transpose,
} from "../../lib/linalg/mod.ts";
import { families, filled, numbers, random } from "./families.ts";

const count = (A: Matrix): Vector => Float64Array.from({ length: A.rows }, (_, i) => i + 1);
const symmetric = (A: Matrix): Matrix => scale(add(A, transpose(A)), 0.5);
const definite = (A: Matrix): Matrix => add(matmul(A, transpose(A)), identity(A.rows));

const factorizations: Record<string, (A: Matrix) => Factorization> = { lu, cholesky, ldlt, qr, pivotedQr };

const functions: Record<string, (A: Matrix) => unknown> = {
  completeOrthogonal: (A) => completeOrthogonal(A).solve({ rows: A.rows, columns: 1, data: count(A) }),
  cond,
  "cond 1": (A) => cond(A, 1),
  cur: (A) => cur(A, 1),
  denmanBeavers,
  det,
  eig,
  eigh,
  "eigh of a pair": (A) => eigh(A, A),
  eigvals,
  eigvalsh,
  expm,
  generalizedNystrom: (A) => generalizedNystrom(A, 1),
  hessenberg,
  inv,
  inverseRoot: (A) => inverseRoot(A, 3),
  logm,
  lstsq: (A) => lstsq(A, count(A)),
  lyapunovSign: (A) => lyapunovSign(A, A),
  newtonSchulz,
  nullspace,
  perturbThenDiagonalize: (A) => perturbThenDiagonalize(A, rng(1)),
  pinv,
  pivotedCholesky,
  polar,
  qrUpdate: (A) => qrUpdate(qr(A), count(A), new Float64Array(A.columns).fill(1)),
  rank,
  refine: (A) => refine(A, lu(A), count(A), count(A)),
  schur,
  signm,
  slogdet,
  solve: (A) => solve(A, count(A)),
  "solve for columns": (A) => solve(A, A),
  solveComplex: (A) => solveComplex({ ...A, real: A.data, imaginary: A.data }, complexVector(count(A), count(A))),
  solveTriangular: (A) => solveTriangular(A, count(A)),
  sqrtm,
  sqrtmNewtonSchulz,
  sqrtmPade,
  sqrtmTaylor,
  svd,
  "svd full": (A) => svd(A, { full: true }),
  svdvals,
};
for (const [name, factor] of Object.entries(factorizations)) {
  functions[name] = factor;
  functions[`${name}, solve`] = (A) => factor(A).solve(count(A));
  functions[`${name}, condition`] = (A) => factor(A).reciprocalCondition();
  functions[`${name}, determinant`] = (A) => factor(A).logDeterminant();
}

const MAX = Number.MAX_VALUE, next = numbers(1), square = random(6, 6, next), large = random(40, 40, next);

/** Matrices that are whole and finite. */
const extremes: Record<string, Matrix> = {
  empty: matrix(0, 0),
  "no rows": matrix(0, 3),
  "no columns": matrix(3, 0),
  one: matrix([[2]]),
  "one zero": matrix([[0]]),
  "one negative": matrix([[-3]]),
  row: random(1, 4, next),
  column: random(4, 1, next),
  wide: random(2, 5, next),
  tall: random(5, 2, next),
  zero: matrix(5, 5),
  nilpotent: filled(6, 6, (i, j) => +(j === i + 1)),
  "nilpotent, huge": filled(6, 6, (i, j) => j === i + 1 ? 1e300 : 0),
  skew: filled(4, 4, (i, j) => i - j),
  denormal: filled(5, 5, () => 5e-324),
  "denormal, random": scale(square, 1e-310),
  tiny: scale(definite(square), 1e-300),
  huge: scale(definite(square), 1e300),
  "huge, random": scale(square, 1e305),
  "largest on the diagonal": filled(4, 4, (i, j) => i === j ? MAX : 1),
  "largest everywhere": filled(4, 4, () => MAX),
  "largest with signs": filled(4, 4, (i, j) => (-1) ** (i * j) * MAX),
  "graded to the limits": filled(6, 6, (i, j) => 10 ** (50 * (i + j) - 270)),
  "diagonal to the limits": filled(6, 6, (i, j) => i === j ? 10 ** (100 * i - 300) : 0),
  "triangular to the limits": filled(6, 6, (i, j) => j >= i ? 10 ** (60 * (j - i) - 150) : 0),
  "all sizes": filled(50, 50, (i, j) => 10 ** ((7 * (i + j) % 60 - 30) * 10)),
  symmetric: symmetric(large),
  "symmetric, tiny": scale(symmetric(large), 1e-305),
  definite: definite(large),
};

/** Matrices that every function refuses. */
const nothings: Record<string, Matrix> = {
  "one NaN": filled(4, 4, (i, j) => i === 2 && j === 1 ? NaN : +(i === j)),
  "NaN everywhere": filled(3, 3, () => NaN),
  "NaN on the diagonal": filled(3, 3, (i, j) => i === j ? NaN : 0),
  "infinite diagonal": filled(4, 4, (i, j) => i === j ? Infinity : 0),
  "one infinity": filled(4, 4, (i, j) => i === 0 && j === 3 ? -Infinity : 1),
  "an entry too few": { rows: 3, columns: 3, data: new Float64Array(8) },
  "half a row": { rows: 1.5, columns: 2, data: new Float64Array(3) },
  "negative shape": { rows: -2, columns: -2, data: new Float64Array(4) },
};

/** Whether a NaN is anywhere in a result. */
function hasNaN(result: unknown): boolean {
  if (typeof result === "number") return Number.isNaN(result);
  if (result instanceof Float64Array) return result.some(Number.isNaN);
  return typeof result === "object" && result !== null && Object.values(result).some(hasNaN);
}

/** What a function makes of a matrix; undefined if it refuses in the words of this library. */
function outcome(f: (A: Matrix) => unknown, A: Matrix, what: string): unknown {
  const before = A.data.slice();
  try {
    return f(A);
  } catch (error) {
    assert(error instanceof GradusError && error.message.startsWith("Cannot "), `${what}: ${error}`);
    return undefined;
  } finally {
    assertEquals(A.data, before, what);
  }
}

// @must lu, cholesky, ldlt, qr, pivotedQr, svd, eigh, eig, schur, hessenberg, solve, lstsq, inv, logm, sqrtm, expm: whatever the
//   matrix, a result without NaN or a typed error
// @measured reached: 62 functions at 28 extremes and 8 matrices that are none
for (const [name, f] of Object.entries(functions)) {
  Deno.test(`${name}: a result or a typed error at every extreme, and a typed error for what is no matrix`, () => {
    for (const [kind, A] of Object.entries(extremes)) {
      assert(!hasNaN(outcome(f, A, `${name}, ${kind}`)), `${name}, ${kind}: NaN`);
    }
    for (const [kind, A] of Object.entries(nothings)) {
      assertEquals(outcome(f, A, `${name}, ${kind}`), undefined, `${name} takes ${kind}`);
    }
  });
}

Deno.test("eig() and schur() find eigenvalues at the very end of the range", () => {
  for (const size of [MAX, 5e-324]) {
    const A = filled(3, 3, (i, j) => j === (i + 1) % 3 ? size : 0); // size times the third roots of one
    for (const values of [eig(A).values, schur(A).values]) {
      assert(isFiniteVector(values.real) && values.real.some((re) => Math.abs(re / size - 1) < 1e-14), `${size}`);
    }
  }
});

Deno.test("logm() is right where entries are next to the limits", () => {
  const A = families.random(5, numbers(3)), B = add(A, scale(identity(5), 6)), L = logm(B);
  for (const factor of [2 ** 900, 2 ** -900]) {
    const shifted = logm(scale(B, factor));
    for (let i = 0; i < 5; i++) {
      for (let j = 0; j < 5; j++) {
        const expected = L.data[5 * i + j] + (i === j ? Math.log(factor) : 0);
        assert(Math.abs(shifted.data[5 * i + j] - expected) < 1e-12);
      }
    }
  }
});
