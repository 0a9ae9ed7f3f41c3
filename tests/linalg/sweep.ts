// Many matrices, random and structured, through every decomposition: none may fail, and every backward error must be below
// ten rounding units per row. The test takes a part of them, bench/linalg_sweep.ts all.
import { type Matrix, SingularMatrixError } from "../../lib/core/mod.ts";
import {
  add,
  cholesky,
  completeOrthogonal,
  ldlt,
  lstsq,
  lu,
  norm,
  pivotedCholesky,
  pivotedQr,
  qr,
  rowRange,
  scale,
  solve,
  subtract,
  transpose,
} from "../../lib/linalg/mod.ts";
import { eps, factorError, orthogonality, solveError } from "./backward_error.ts";
import { families, filled, numbers, product, type Random, random } from "./families.ts";

/** A decomposition, and the errors of what it makes of a matrix: each is to be compared with the rounding unit. */
type Errors = (A: Matrix, next: Random) => number[];

const reordered = (A: Matrix, rows: ArrayLike<number> | undefined, columns: ArrayLike<number> | undefined): Matrix =>
  filled(A.rows, A.columns, (i, j) => A.data[(rows?.[i] ?? i) * A.columns + (columns?.[j] ?? j)]);

const symmetrized = (A: Matrix): Matrix => add(A, transpose(A));

/** A matrix that is positive definite, far enough from its end for rounding, of the size of A squared. */
function definite(A: Matrix): Matrix {
  const n = A.rows, size = norm(A) || 1, B = scale(A, 1 / size);
  const C = product(B, transpose(B));
  for (let i = 0; i < n; i++) C.data[i * (n + 1)] += 100 * n * eps;
  return scale(C, size);
}

/** A part of the rows, so that the matrix is wide, or of the columns: then it is tall. */
function part(A: Matrix, next: Random): Matrix {
  const B = rowRange(A, 0, Math.round(A.rows * Math.abs(next())));
  return next() < 0 ? B : transpose(B);
}

/** The error of a solution, if there is one. */
function solution(A: Matrix, next: Random, find: (b: Float64Array) => Float64Array): number {
  const b = random(A.rows, 1, next).data;
  try {
    return solveError(A, find(b), b);
  } catch (error) {
    if (error instanceof SingularMatrixError) return 0;
    throw error;
  }
}

/** The decompositions by name; each takes a square matrix and makes of it what it needs. */
export const decompositions: Readonly<Record<string, Errors>> = {
  lu: (A, next) => {
    const f = lu(A);
    return [
      factorError(reordered(A, f.permutation, f.columnPermutation), f.L, f.U),
      solution(A, next, (b) => f.solve(b)),
      solution(transpose(A), next, (b) => f.solveTranspose(b)),
    ];
  },
  cholesky: (B, next) => {
    const A = definite(B), f = cholesky(A);
    return [factorError(A, f.L, transpose(f.L)), solution(A, next, (b) => f.solve(b))];
  },
  pivotedCholesky: (B) => {
    const A = definite(B), { L, permutation: p } = pivotedCholesky(A);
    return [factorError(reordered(A, p, p), L, transpose(L))];
  },
  ldlt: (B, next) => {
    const A = symmetrized(B), f = ldlt(A), p = f.permutation;
    return [factorError(reordered(A, p, p), f.L, f.D, transpose(f.L)), solution(A, next, (b) => f.solve(b))];
  },
  qr: (B, next) => {
    const A = part(B, next), f = qr(A), g = qr(B);
    return [factorError(A, f.Q, f.R), orthogonality(f.Q), solution(B, next, (b) => g.solve(b))];
  },
  pivotedQr: (B, next) => {
    const A = part(B, next), f = pivotedQr(A);
    return [factorError(reordered(A, undefined, f.permutation), f.Q, f.R), orthogonality(f.Q)];
  },
  completeOrthogonal: (B, next) => {
    const A = part(B, next), { U, T, V, nullspace } = completeOrthogonal(A);
    return [factorError(A, U, T, transpose(V)), ...[U, V, nullspace].map(orthogonality)];
  },
  solve: (A, next) => [A, symmetrized(A), definite(A)].map((M) => solution(M, next, (b) => solve(M, b))),
  lstsq: (B, next) => {
    const A = part(B, next), b = random(A.rows, 1, next), { x } = lstsq(A, b), r = subtract(product(A, x), b);
    const size = norm(A) * (norm(b) + norm(A) * norm(x));
    return [size === 0 ? 0 : norm(product(transpose(A), r)) / size];
  },
};

/** What a sweep found: how many matrices, and the worst error in units of n ε with the matrix that had it. */
export interface Sweep {
  readonly count: number;
  readonly worst: number;
  readonly where: string;
}

/** Takes so many matrices of order up to 60 through a decomposition; a failure is thrown with the name of the matrix. */
export function sweep(errors: Errors, count: number, seed: number): Sweep {
  const next = numbers(seed), names = Object.keys(families);
  let worst = 0, where = "";
  for (let k = 0; k < count; k++) {
    const name = names[k % names.length], n = Math.floor(61 * Math.abs(next()));
    const factor = 2 ** Math.round(20 * next()), A = scale(families[name](n, next), name === "huge" ? 1 : factor);
    try {
      const error = Math.max(...errors(A, next)) / eps / Math.max(1, A.rows);
      if (!(error <= worst)) { // also taken for NaN
        worst = error;
        where = `${name}, n = ${n}`;
        if (error !== error) break;
      }
    } catch (error) {
      throw new Error(`${name}, n = ${n}, matrix ${k}`, { cause: error });
    }
  }
  return { count, worst, where };
}
