/**
 * Systems `x' = A x + B u, y = C x` that remember a signal by its coefficients of Legendre polynomials, and their
 * diagonal form after a small perturbation.
 *
 * ```
 * A_ij = -√((2i+1)(2j+1)) for i > j,  -(i+1) for i = j,  0 else;   B_i = √(2i+1)
 * A + P Pᵀ = -I/2 + skew,  P_i = √(i + 1/2)
 * ```
 *
 * The eigenvectors of A are hopelessly dependent: their condition number grows exponentially with the order. Those of
 * `A + E`, E random and small, are not, and `V Λ V⁻¹ = A + E` is an exact diagonal form of a system nearby; its
 * transfer function differs by a multiple of |E|. Of some draws the one with the best V counts. Here E is real, so that
 * eigenvalues come in pairs and the system stays real.
 *
 * Source: Robustifying state-space models for long sequences via approximate diagonalization
 * (2023), arXiv 2310.01698, sections 2 and 4.
 *
 * @module
 */
import { DomainError, fillNormal, type Matrix, type Rng, scale, type Vector } from "../core/mod.ts";
import { add } from "./matrices/arithmetic.ts";
import { checkFiniteEntries, checkLength, checkSquare } from "./matrices/checks.ts";
import { type ComplexMatrix, type ComplexVector, complexVector } from "./matrices/complex.ts";
import { solveComplex } from "./systems/complex_solve.ts";
import { cond } from "./systems/condition.ts";
import { eig, type Eigen } from "./eigen/eig.ts";
import { matrix } from "./matrices/matrix.ts";
import { norm } from "./matrices/norm.ts";

/** A system with one input and one output. */
export interface StateSpace {
  /** A, N x N. */
  readonly A: Matrix;
  /** B. */
  readonly B: Vector;
}

/**
 * The system of order N that keeps the coefficients of scaled Legendre polynomials.
 *
 * @throws {ShapeError} When N is no whole number.
 */
export function hippoLegS(N: number): StateSpace {
  const A = matrix(N, N), B = new Float64Array(N);
  for (let i = 0; i < N; i++) {
    B[i] = Math.sqrt(2 * i + 1);
    for (let j = 0; j < i; j++) A.data[i * N + j] = -Math.sqrt((2 * i + 1) * (2 * j + 1));
    A.data[i * (N + 1)] = -(i + 1);
  }
  return { A, B };
}

/** A normal matrix less one of rank one. */
export interface NormalPlusLowRank {
  /** The normal part, `A + P Pᵀ`. */
  readonly normal: Matrix;
  /** P. */
  readonly P: Vector;
}

/**
 * The matrix of `hippoLegS` as `normal - P Pᵀ`, where normal is -1/2 on the diagonal and else skew. Dropping `P Pᵀ`,
 * with B/2 for B, makes the diagonal systems called S4D, whose transfer functions keep spikes however large N is.
 *
 * @throws {ShapeError} When N is no whole number.
 */
export function normalPlusLowRank(N: number): NormalPlusLowRank {
  const { A } = hippoLegS(N), P = Float64Array.from({ length: N }, (_, i) => Math.sqrt(i + 0.5)), normal = matrix(N, N);
  for (let i = 0; i < N; i++) {
    normal.data[i * (N + 1)] = -0.5;
    for (let j = 0; j < i; j++) {
      normal.data[i * N + j] = A.data[i * N + j] / 2;
      normal.data[j * N + i] = -A.data[i * N + j] / 2;
    }
  }
  return { normal, P };
}

/** How a matrix is perturbed. */
export interface PerturbOptions {
  /** `|E| / |A|` in the 2-norm. Default 1e-4. */
  readonly epsilon?: number;
  /** Draws of E, of which that with the best conditioned V counts. Default 5. */
  readonly draws?: number;
}

/** `A + E = V Λ V⁻¹`; the eigenvalues have negative real parts. */
export interface Diagonalized extends Eigen {
  /** `A + E`. */
  readonly perturbed: Matrix;
  /** The condition number of V in the 2-norm. */
  readonly condition: number;
}

/**
 * An exact diagonal form of a stable matrix near A, with eigenvectors that are not too dependent.
 *
 * @throws {ShapeError} When A is not square.
 * @throws {DomainError} When an entry is not finite, ε is not positive and finite, there are no draws, or every
 * perturbed matrix has an eigenvalue without negative real part.
 *
 * @example Eigenvectors that had been dependent to all digits
 * ```ts
 * import { rng } from "@gradus/gradus/core";
 * import { hippoLegS, perturbThenDiagonalize } from "@gradus/gradus/linalg";
 * import { assert } from "@std/assert";
 *
 * const { condition, values } = perturbThenDiagonalize(hippoLegS(32).A, rng(1), { epsilon: 1e-3 });
 * assert(condition < 1e4 && values.real.every((re) => re < 0));
 * ```
 */
export function perturbThenDiagonalize(
  A: Matrix,
  random: Rng,
  { epsilon = 1e-4, draws = 5 }: PerturbOptions = {},
): Diagonalized {
  checkSquare(VERB, A);
  if (!(epsilon > 0 && epsilon < Infinity)) throw new DomainError(`Cannot ${VERB}: expected ε > 0, got ${epsilon}`);
  if (!(draws >= 1)) throw new DomainError(`Cannot ${VERB}: expected one or more draws, got ${draws}`);
  const size = epsilon * norm(A, 2), E = matrix(A.rows, A.columns);
  let best: Diagonalized | undefined;
  for (let draw = 0; draw < draws; draw++) {
    fillNormal(random, E.data);
    scale(size / norm(E, 2) || 0, E.data); // 0 / 0 of an empty matrix
    const perturbed = add(A, E), { values, vectors } = eig(perturbed), condition = conditionOf(vectors);
    if (values.real.every((re) => re < 0) && !(best && best.condition <= condition)) {
      best = { values, vectors, perturbed, condition };
    }
  }
  if (best) return best;
  throw new DomainError(
    `Cannot ${VERB}: expected A + E with eigenvalues left of 0, got some right of it with ε = ${epsilon}`,
  );
}

const VERB = "perturb and diagonalize a matrix";

/** `σ₁ / σ_n` of a complex matrix: `[X -Y; Y X]` has its singular values, each twice. */
function conditionOf({ rows: n, real, imaginary }: ComplexMatrix): number {
  const M = matrix(2 * n, 2 * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const x = real[i * n + j], y = imaginary[i * n + j];
      M.data[2 * i * n + j] = M.data[2 * (n + i) * n + n + j] = x;
      M.data[2 * i * n + n + j] = -y;
      M.data[2 * (n + i) * n + j] = y;
    }
  }
  return cond(M);
}

/** A system in diagonal form: `G(s) = Σ_k c_k b_k / (s - λ_k)`. */
export interface DiagonalSystem {
  /** λ. */
  readonly values: ComplexVector;
  /** `c_k b_k`, with `b = V⁻¹ B` and `c = Vᵀ C`. */
  readonly residues: ComplexVector;
}

/**
 * The diagonal form of `x' = A x + B u, y = C·x` for a matrix with these eigenvalues and eigenvectors.
 *
 * @throws {ShapeError} When B or C has another length.
 * @throws {DomainError} When an entry is not finite.
 * @throws {SingularMatrixError} When V is singular.
 */
export function diagonalSystem({ values, vectors: V }: Eigen, B: Vector, C: Vector): DiagonalSystem {
  const n = V.rows, verb = "make a diagonal system";
  for (const x of [B, C]) {
    checkLength(verb, "a vector", x, n);
    checkFiniteEntries(verb, x);
  }
  const b = solveComplex(V, complexVector(B)), residues = complexVector(new Float64Array(n));
  for (let k = 0; k < n; k++) {
    let re = 0, im = 0;
    for (let i = 0; i < n; i++) {
      re += C[i] * V.real[i * n + k];
      im += C[i] * V.imaginary[i * n + k];
    }
    residues.real[k] = re * b.real[k] - im * b.imaginary[k];
    residues.imaginary[k] = re * b.imaginary[k] + im * b.real[k];
  }
  return { values, residues };
}

/**
 * The transfer function `G(iω) = C (iω - A)⁻¹ B` at each of the frequencies ω: of a diagonal system in O(N) each.
 *
 * @throws {DomainError} When an entry is not finite.
 *
 * @example One state
 * ```ts
 * import { complexVector, transferFunction } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const G = transferFunction({ values: complexVector([-1]), residues: complexVector([2]) }, Float64Array.of(1));
 * assertEquals([G.real[0], G.imaginary[0]], [1, -1]); // 2 / (1 + i)
 * ```
 */
export function transferFunction({ values, residues }: DiagonalSystem, frequencies: Vector): ComplexVector {
  checkFiniteEntries("evaluate a transfer function", frequencies);
  const G = complexVector(new Float64Array(frequencies.length));
  for (let f = 0; f < frequencies.length; f++) {
    let re = 0, im = 0;
    for (let k = 0; k < values.real.length; k++) {
      const x = -values.real[k], y = frequencies[f] - values.imaginary[k], square = x * x + y * y;
      re += (residues.real[k] * x + residues.imaginary[k] * y) / square;
      im += (residues.imaginary[k] * x - residues.real[k] * y) / square;
    }
    G.real[f] = re;
    G.imaginary[f] = im;
  }
  return G;
}
