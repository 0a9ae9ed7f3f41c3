/**
 * Functions of the singular values or eigenvalues of a matrix, whose entries are the variables, row by row.
 *
 * ```
 * r(X) = φ(σ(X)):  prox(X) = U diag(prox_φ(σ)) Vᵀ,   X = U diag(σ) Vᵀ
 * ```
 *
 * Each call takes a decomposition, which allocates.
 *
 * Source: Lewis, The convex analysis of unitarily invariant matrix functions (1995); Cai, Candès and Shen, A singular
 * value thresholding algorithm for matrix completion (2010), theorem 2.1.
 *
 * @module
 */
import { checkPositive, DomainError, type Matrix, type Proximable, ShapeError, type Vector } from "../core/mod.ts";
import { eigh, matmul, svd, svdvals, transpose } from "../linalg/mod.ts";
import { type CompactSet, type ConvexSet, convexSet } from "./convex_set.ts";
import { maxNorm } from "./norms.ts";
import { l1Norm } from "./separable.ts";
import { maxNormBall } from "./sets.ts";
import { l1Ball } from "./simplex.ts";

/**
 * The nuclear norm `w Σ σᵢ` of a matrix; its proximal operator thresholds singular values.
 *
 * @throws {DomainError} When w or a length is not positive.
 *
 * @example One singular value goes
 * ```ts
 * import { nuclearNorm } from "@gradus/gradus/proximal";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const out = new Float64Array(4);
 * nuclearNorm(2, 2).proximal(Float64Array.of(3, 0, 0, 0.5), 1, out);
 * [2, 0, 0, 0].forEach((value, i) => assertAlmostEquals(out[i], value, 1e-14));
 * ```
 */
export function nuclearNorm(rows: number, columns: number, weight = 1): Proximable {
  return ofSingularValues(rows, columns, l1Norm(weight));
}

/**
 * The spectral norm `w σ₁` of a matrix.
 *
 * @throws {DomainError} When w or a length is not positive.
 */
export function spectralNorm(rows: number, columns: number, weight = 1): Proximable {
  return ofSingularValues(rows, columns, maxNorm(weight));
}

/**
 * The ball of matrices with `Σ σᵢ <= r`, whose vertices are `r u vᵀ` for unit vectors.
 *
 * @throws {DomainError} When r or a length is not positive.
 */
export function nuclearBall(rows: number, columns: number, radius = 1): CompactSet {
  return ballOfSingularValues(rows, columns, l1Ball(radius));
}

/**
 * The ball of matrices with `σ₁ <= r`.
 *
 * @throws {DomainError} When r or a length is not positive.
 */
export function spectralBall(rows: number, columns: number, radius = 1): CompactSet {
  return ballOfSingularValues(rows, columns, maxNormBall(radius));
}

/**
 * The cone of symmetric positive semidefinite matrices of order n, in all n² entries; what is not symmetric about x is
 * projected away first.
 *
 * @throws {DomainError} When n is not a positive integer.
 */
export function semidefiniteCone(n: number): ConvexSet {
  checkLengths(n, n);
  const decompose = (x: Vector): { values: Vector; vectors: Matrix } => {
    const { data } = view(n, n, x), symmetric = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) symmetric[i * n + j] = (data[i * n + j] + data[j * n + i]) / 2;
    }
    return eigh({ rows: n, columns: n, data: symmetric });
  };
  return convexSet(
    (x) => {
      const { values } = decompose(x), size = 1e-9 * Math.max(Math.abs(values[0]), Math.abs(values[n - 1]));
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < i; j++) if (!(Math.abs(x[i * n + j] - x[j * n + i]) <= size)) return false;
      }
      return values[0] >= -size;
    },
    (x, out) => {
      const { values, vectors } = decompose(x);
      out.set(combination(vectors, values.map((value) => Math.max(value, 0)), vectors).data);
    },
  );
}

/** The function of a matrix that is `phi`, symmetric in its entries and their signs, of its singular values. */
function ofSingularValues(rows: number, columns: number, phi: Proximable): Proximable {
  checkLengths(rows, columns);
  return {
    value: (x) => phi.value(svdvals(view(rows, columns, x))),
    proximal: (x, step, out) => {
      const { U, S, V } = svd(view(rows, columns, x));
      phi.proximal(S, step, S);
      out.set(combination(U, S, V).data);
    },
  };
}

function ballOfSingularValues(rows: number, columns: number, ball: CompactSet): CompactSet {
  const { value, proximal } = ofSingularValues(rows, columns, ball);
  return {
    value,
    proximal,
    project: (x, out) => proximal(x, 1, out),
    minimizeLinear: (g, out) => {
      const { U, S, V } = svd(view(rows, columns, g));
      ball.minimizeLinear(S, S);
      out.set(combination(U, S, V).data);
    },
  };
}

/** `U diag(s) Vᵀ`. */
function combination(U: Matrix, s: Vector, V: Matrix): Matrix {
  const data = U.data.slice(), k = s.length;
  for (let i = 0; i < data.length; i++) data[i] *= s[i % k];
  return matmul({ ...U, data }, transpose(V));
}

function view(rows: number, columns: number, data: Vector): Matrix {
  if (data.length !== rows * columns) {
    throw new ShapeError(`Cannot use a matrix: expected ${rows} x ${columns} entries, got ${data.length}`);
  }
  return { rows, columns, data };
}

function checkLengths(...lengths: readonly number[]): void {
  for (const length of lengths) {
    if (Number.isSafeInteger(length)) checkPositive("make a function of a matrix", "a length", length);
    else throw new DomainError(`Cannot make a function of a matrix: expected whole lengths, got ${length}`);
  }
}
