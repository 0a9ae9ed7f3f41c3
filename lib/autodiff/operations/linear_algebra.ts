/**
 * Systems of linear equations, determinants and factorizations, with derivatives. All take stacks of matrices: the last
 * two axes are rows and columns.
 *
 * What has no result gives NaN or infinite entries, as `log(-1)` and `1 / 0` do, so that a line search steps back from
 * it.
 *
 * @module
 */
import { refuse } from "../errors.ts";
import type { Node } from "../node.ts";
import * as definite from "../primitives/matrices/cholesky.ts";
import { eigh as eighNodes } from "../primitives/matrices/eigh.ts";
import * as general from "../primitives/matrices/lu.ts";
import { qr as qrNodes } from "../primitives/matrices/qr.ts";
import { diagonals, identities, orderOf, symmetricPart } from "../primitives/matrices/stacks.ts";
import { svd as svdNodes } from "../primitives/matrices/svd.ts";
import { triangle } from "../primitives/matrices/triangle.ts";
import { solveTriangular as solveTriangularNodes } from "../primitives/matrices/triangular.ts";
import { matmul } from "../primitives/products.ts";
import { reshape } from "../primitives/structure.ts";
import { concatenate, slice } from "../primitives/window.ts";
import { range } from "../shape.ts";
import type { Operand } from "../values.ts";
import { apply, applySeveral } from "./apply.ts";

/** Applies a function of matrix and right-hand sides also to one right-hand side, with an axis less. */
function withColumns(name: string, A: Operand, b: Operand, solve: (a: Node, b: Node) => Node): Operand {
  return apply(
    name,
    (a, right) => {
      orderOf(name, a.shape);
      if (right.shape.length !== a.shape.length - 1) return solve(a, right);
      return reshape(solve(a, reshape(right, [...right.shape, 1])), right.shape);
    },
    A,
    b,
  );
}

/** What is known of a matrix. */
export interface DefiniteOptions {
  /**
   * Whether it is symmetric positive definite: then Cholesky's factorization of its symmetric part is used. Default:
   * false.
   */
  readonly positiveDefinite?: boolean;
}

/**
 * The solution of `A x = b`, for a matrix b of all its columns. A singular A gives infinite entries or NaN. Value and
 * derivatives share one factorization.
 *
 * @throws {ShapeError} When A is not square, or b does not fit.
 *
 * @example The derivative of a solution with respect to the matrix
 * ```ts
 * import { grad, type Operand, solve, sum } from "@gradus/gradus/autodiff";
 * import { assertEquals } from "@std/assert";
 *
 * const A = { rows: 2, columns: 2, data: Float64Array.of(2, 0, 0, 4) };
 * const gradient = grad((X: Operand) => sum(solve(X, Float64Array.of(2, 4))))(A);
 * assertEquals(gradient, { rows: 2, columns: 2, data: Float64Array.of(-0.5, -0.5, -0.25, -0.25) }); // -A⁻ᵀ 1 xᵀ
 * ```
 */
export function solve(A: Operand, b: Operand, { positiveDefinite = false }: DefiniteOptions = {}): Operand {
  return positiveDefinite
    ? withColumns("solve", A, b, (a, right) => definite.solvePositiveDefinite(symmetricPart(a), right))
    : withColumns("solve", A, b, general.solve);
}

/** Which triangle, and what of it. */
export interface TriangularOptions {
  /** Whether the lower triangle counts and not the upper one. Default: false. */
  readonly lower?: boolean;
  /** Whether to solve with the transpose. Default: false. */
  readonly transpose?: boolean;
  /** Whether the diagonal counts as ones. Default: false. */
  readonly unit?: boolean;
}

/**
 * The solution of `T x = b` with a triangle of a matrix; what is on the other side of the diagonal is not read.
 *
 * @throws {ShapeError} When T is not square, or b does not fit.
 */
export function solveTriangular(T: Operand, b: Operand, options: TriangularOptions = {}): Operand {
  const { lower = false, transpose = false, unit = false } = options;
  return withColumns(
    "solveTriangular",
    T,
    b,
    (t, right) => solveTriangularNodes(t, right, [Number(lower), Number(transpose), Number(unit)]),
  );
}

/** The inverse of a square matrix; a product of it with b is better computed by `solve`. */
export function inv(A: Operand): Operand {
  return apply("inv", (a) => (orderOf("inv", a.shape), general.solve(a, identities(a.shape))), A);
}

/**
 * `log |det A|`, with the derivative `tr A⁻¹ A'`. NaN where a matrix that was said to be positive definite is not.
 *
 * @throws {ShapeError} When A is not square.
 *
 * @example The gradient is the inverse
 * ```ts
 * import { grad, logdet, type Operand } from "@gradus/gradus/autodiff";
 * import { assertEquals } from "@std/assert";
 *
 * const A = { rows: 2, columns: 2, data: Float64Array.of(4, 0, 0, 0.25) };
 * const gradient = grad((X: Operand) => logdet(X, { positiveDefinite: true }))(A);
 * assertEquals(gradient, { rows: 2, columns: 2, data: Float64Array.of(0.25, 0, 0, 4) });
 * ```
 */
export function logdet(A: Operand, { positiveDefinite = false }: DefiniteOptions = {}): Operand {
  return apply("logdet", (a) => {
    orderOf("logdet", a.shape);
    return positiveDefinite ? definite.logdetPositiveDefinite(symmetricPart(a)) : general.logdet(a);
  }, A);
}

/** `det A`, with the derivative `det A tr A⁻¹ A'`, which is NaN where A is singular. */
export function det(A: Operand): Operand {
  return apply("det", general.det, A);
}

/** The diagonal of a square matrix; its sum is the trace. */
export function diagonalOf(A: Operand): Operand {
  return apply("diagonalOf", (a) => (orderOf("diagonalOf", a.shape), diagonals(a)), A);
}

/** The entries on and below the diagonal, zeros above. */
export function lowerTriangle(A: Operand): Operand {
  return apply("lowerTriangle", (a) => triangle(a, "lower"), A);
}

/** The entries on and above the diagonal, zeros below. */
export function upperTriangle(A: Operand): Operand {
  return apply("upperTriangle", (a) => triangle(a, "upper"), A);
}

/**
 * The lower triangle L with `L Lᵀ = (A + Aᵀ)/2`; NaN where that is not positive definite.
 *
 * @throws {ShapeError} When A is not square.
 */
export function cholesky(A: Operand): Operand {
  return apply("cholesky", (a) => (orderOf("cholesky", a.shape), definite.cholesky(symmetricPart(a))), A);
}

/** The factors of `A = Q R`. */
export type QrFactors = {
  /** Orthonormal columns, m x k with k the smaller of m and n. */
  readonly Q: Operand;
  /** An upper triangle with a positive diagonal, k x n. */
  readonly R: Operand;
};

/**
 * The factorization `A = Q R`; where A (its first m columns, if m < n) has not full rank there are no derivatives.
 *
 * @throws {ShapeError} When A is no matrix.
 */
export function qr(A: Operand): QrFactors {
  const [Q, R] = applySeveral("qr", (a) => {
    const rank = a.shape.length, m = a.shape[rank - 2], n = a.shape[rank - 1];
    if (rank < 2) refuse("qr", "matrices", a.shape);
    if (m >= n) return qrNodes(a);
    const starts = range(0, rank).map(() => 0), rest = [...starts.slice(0, -1), m];
    const [q, r] = qrNodes(slice(a, starts, [...a.shape.slice(0, -1), m]));
    return [q, concatenate([r, matmul(q, slice(a, rest, [...a.shape.slice(0, -1), n - m]), 1, 0)], rank - 1)];
  }, A);
  return { Q, R };
}

/** Eigenvalues and eigenvectors. */
export type EigenPairs = {
  /** The eigenvalues, ascending. */
  readonly values: Operand;
  /** In column j an eigenvector for value j, of length 1, with a sign that may jump. */
  readonly vectors: Operand;
};

/**
 * Eigenvalues and orthonormal eigenvectors of the symmetric part of a matrix. Eigenvectors of equal eigenvalues have no
 * derivatives: what they would add is left out, so that first derivatives are right for functions that do not depend on
 * the choice of basis; those of higher order are not, and near such a point all lose digits.
 *
 * @throws {ShapeError} When A is not square.
 *
 * @example The derivative of the largest eigenvalue is `v vᵀ`
 * ```ts
 * import { eigh, grad, type Operand, take } from "@gradus/gradus/autodiff";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const A = { rows: 2, columns: 2, data: Float64Array.of(2, 1, 1, 2) };
 * const gradient = grad((X: Operand) => take(eigh(X).values, -1))(A) as typeof A;
 * gradient.data.forEach((entry) => assertAlmostEquals(entry, 0.5));
 * ```
 */
export function eigh(A: Operand): EigenPairs {
  const [values, vectors] = applySeveral(
    "eigh",
    (a) => (orderOf("eigh", a.shape), eighNodes(symmetricPart(a))),
    A,
  );
  return { values, vectors };
}

/** The factors of `A = U S Vᵀ`. */
export type SvdFactors = {
  /** The left singular vectors in columns, m x k with k the smaller of m and n. */
  readonly U: Operand;
  /** The k singular values, descending. */
  readonly S: Operand;
  /** The right singular vectors in columns, n x k. */
  readonly V: Operand;
};

/**
 * The singular value decomposition `A = U S Vᵀ`. Of equal singular values holds what `eigh` says of eigenvalues; where
 * A is not square, so do zero ones: derivatives of vectors, and all of second order, are not finite there.
 *
 * @throws {ShapeError} When A is no matrix.
 */
export function svd(A: Operand): SvdFactors {
  const [U, S, V] = applySeveral(
    "svd",
    (a) => a.shape.length < 2 ? refuse("svd", "matrices", a.shape) : svdNodes(a),
    A,
  );
  return { U, S, V };
}
