/**
 * Meta-factorization: any matrix from a basis of its columns and one of its rows.
 *
 * ```
 * A = F G Hᵀ  exactly when  col A ⊆ col F and row A ⊆ col H,   with   YᵀF = I, HᵀX = I  and the core
 * G = YᵀA X + W - YᵀF W HᵀX      for any W, which cancels
 * Y = B (FᵀB)⁻ᵀ,  X = D (HᵀD)⁻¹  for any B, D that make these invertible;  B = F, D = H project orthogonally
 * A⁺ = H (HᵀH)⁻¹ G⁻¹ (FᵀF)⁻¹ Fᵀ     for factors of the rank of A
 * replace F by F~:   G~ = Y~ᵀF G,  no loss when  (F - F~ Y~ᵀF) G = 0
 * ```
 *
 * The singular value decomposition, QR with pivoting, UTV, CUR, and the generalized Nyström method are choices of F and
 * H.
 *
 * Source: Karpowicz, A theory of meta-factorization (2021), arXiv 2111.14385.
 *
 * @module
 */
import { DomainError, type Matrix, ShapeError } from "../../core/mod.ts";
import { add, subtract } from "../matrices/arithmetic.ts";
import { checkFinite, shapeOf } from "../matrices/checks.ts";
import { lstsq } from "../systems/least_squares.ts";
import { lu } from "../factorizations/lu.ts";
import { matmul } from "../matrices/matmul.ts";
import { identity, matrix, transpose } from "../matrices/matrix.ts";
import { norm } from "../matrices/norm.ts";
import { pivotedQr } from "../factorizations/pivoted_qr.ts";
import { qr } from "../factorizations/qr.ts";

/** Three factors of `A ≈ F G Hᵀ`. */
export interface MetaFactorization {
  /** m x k: its columns stand for those of A. */
  readonly F: Matrix;
  /** The core, k x k. */
  readonly G: Matrix;
  /** n x k: its columns stand for the rows of A. */
  readonly H: Matrix;
}

/** Options of `metaFactor`. */
export interface MetaOptions {
  /** B, m x k: which combinations of rows are matched. Default F, the orthogonal projection. */
  readonly B?: Matrix;
  /** D, n x k: which combinations of columns are matched. Default H. */
  readonly D?: Matrix;
  /** W, k x k, which does not matter but for rounding. Default 0. */
  readonly W?: Matrix;
}

/**
 * The core for given F (m x k) and H (n x k), so that `A ≈ F G Hᵀ`; exactly so when their columns span those and the
 * rows of A.
 *
 * @throws {ShapeError} When the shapes do not fit, or k exceeds m or n.
 * @throws {DomainError} When `FᵀB` or `HᵀD` is singular to working precision, or an entry is not finite.
 *
 * @example A matrix from two of its columns and two of its rows
 * ```ts
 * import { matrix, metaFactor, norm, reconstruct, subtract } from "@gradus/gradus/linalg";
 * import { assert } from "@std/assert";
 *
 * const A = matrix([[1, 2, 3], [4, 5, 6], [7, 8, 9]]); // of rank 2
 * const F = matrix([[1, 2], [4, 5], [7, 8]]), H = matrix([[1, 4], [2, 5], [3, 6]]);
 * assert(norm(subtract(reconstruct(metaFactor(A, F, H)), A)) < 1e-12);
 * ```
 */
export function metaFactor(A: Matrix, F: Matrix, H: Matrix, options: MetaOptions = {}): MetaFactorization {
  const verb = "factor a matrix", { B, D, W } = options, k = F.columns;
  checkFinite(verb, A);
  checkBasis(verb, "F", F, A.rows, k);
  checkBasis(verb, "H", H, A.columns, k);
  const left = projector("FᵀB", F, B), right = projector("HᵀD", H, D);
  const G = transpose(right(transpose(left(A)))); // YᵀA X
  if (!W) return { F, G, H };
  checkBasis(verb, "W", W, k, k);
  const cancelling = transpose(right(transpose(matmul(left(F), matmul(W, transpose(H)))))); // YᵀF W HᵀX
  return { F, G: add(G, subtract(W, cancelling)), H };
}

function checkBasis(verb: string, name: string, F: Matrix, rows: number, columns: number): void {
  checkFinite(verb, F);
  if (F.rows !== rows || F.columns !== columns || columns > rows) {
    throw new ShapeError(
      `Cannot ${verb}: expected ${name} of ${rows} rows and ${Math.min(rows, columns)} columns, got ${shapeOf(F)}`,
    );
  }
}

/** The map `A ↦ YᵀA` with `Y = B (FᵀB)⁻ᵀ`: a solve with `BᵀF`, or least squares for B = F. */
function projector(name: string, F: Matrix, B: Matrix | undefined): (A: Matrix) => Matrix {
  const refuse = (reciprocal: number): void => {
    if (reciprocal > Number.EPSILON) return;
    throw new DomainError(
      `Cannot factor a matrix: expected ${name} with an inverse, got one with the condition number ${1 / reciprocal}`,
    );
  };
  if (!B) {
    const factors = qr(F);
    refuse(factors.reciprocalCondition());
    return (A) => factors.solve(A);
  }
  checkBasis("factor a matrix", name, B, F.rows, F.columns);
  const Bt = transpose(B), factors = lu(matmul(Bt, F));
  refuse(factors.reciprocalCondition());
  return (A) => factors.solve(matmul(Bt, A));
}

/** The product `F G Hᵀ`. */
export function reconstruct({ F, G, H }: MetaFactorization): Matrix {
  return matmul(matmul(F, G), transpose(H));
}

/**
 * The same product as `U T Vᵀ` with orthonormal columns in U and V and an upper triangular T, whose diagonal falls.
 */
export function utv({ F, G, H }: MetaFactorization): MetaFactorization {
  const left = qr(F), right = qr(H), core = matmul(matmul(left.R, G), transpose(right.R));
  const factors = pivotedQr(core), V = matrix(H.rows, G.columns), Q = right.Q;
  factors.permutation.forEach((from, to) => {
    for (let i = 0; i < V.rows; i++) V.data[i * V.columns + to] = Q.data[i * V.columns + from];
  });
  return { F: matmul(left.Q, factors.Q), G: factors.R, H: V };
}

/**
 * The Moore-Penrose inverse from factors of the rank of A: `(Hᵀ)⁺ G⁻¹ F⁺`.
 *
 * @throws {SingularMatrixError} When G is singular.
 */
export function pinvOfFactors({ F, G, H }: MetaFactorization): Matrix {
  const inner = lu(G).solve(lstsq(F, identity(F.rows)).x); // G⁻¹ F⁺
  return matmul(transpose(lstsq(H, identity(H.rows)).x), inner);
}

/** Options of `replaceFactor`. */
export interface ReplaceOptions {
  /** The criterion, relative to `|F G|`, up to which a factor is accepted. Default 1e-10. */
  readonly tolerance?: number;
}

/** What becomes of a factorization when its first factor is replaced. */
export interface Replacement {
  /** With the new factor and the core that fits it best. */
  readonly factorization: MetaFactorization;
  /** `|(F - F~ F~⁺F) G|` in the Frobenius norm: 0 when nothing is lost. */
  readonly criterion: number;
  /** Whether the criterion is within the tolerance. */
  readonly accepted: boolean;
}

/**
 * Replaces F by another matrix: the new one is accepted when its columns span what F and G use.
 *
 * @throws {ShapeError} When the new factor has another number of rows.
 */
export function replaceFactor(
  { F, G, H }: MetaFactorization,
  replacement: Matrix,
  options: ReplaceOptions = {},
): Replacement {
  const { tolerance = 1e-10 } = options, used = matmul(F, G);
  const core = lstsq(replacement, used).x, criterion = norm(subtract(used, matmul(replacement, core)));
  return { factorization: { F: replacement, G: core, H }, criterion, accepted: criterion <= tolerance * norm(used) };
}
