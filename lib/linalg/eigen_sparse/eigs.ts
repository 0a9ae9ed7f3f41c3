/**
 * Some eigenvalues of a large square matrix by the Krylov-Schur method.
 *
 * ```
 * A V_m = V_m H + β v_{m+1} e_mᵀ                     (Arnoldi)
 * H = Q T Qᵀ, the wanted eigenvalues first;   V ← V_m Q_l, H ← T_l, and v_{m+1} goes on as the next vector
 * H y = λ y, x = V y:   |A x - λ x| = β |y_m|
 * ```
 *
 * It is Arnoldi's method with implicit restarts, in a form that keeps its orthogonality by itself.
 *
 * Source: Stewart, A Krylov-Schur algorithm for large eigenproblems (2001).
 *
 * @module
 */
import { dot, type LinearOperator, norm2, type Rng, type Vector } from "../../core/mod.ts";
import type { ComplexMatrix, ComplexVector } from "../matrices/complex.ts";
import { eig, type Eigen } from "../eigen/eig.ts";
import { checkSquareOperator } from "../krylov/iteration.ts";
import { matrix, transpose } from "../matrices/matrix.ts";
import { schur } from "../eigen/schur.ts";
import { reorderSchur } from "../eigen/schur_reorder.ts";
import { KrylovSpace } from "./krylov_space.ts";
import { report } from "./report.ts";
import type { EigenOptions, EigenReport } from "./solution.ts";
import { checkInverse, wanted } from "./wanted.ts";

/** Options of `eigs`. */
export interface EigsOptions extends EigenOptions {
  /**
   * Which eigenvalues: those of the largest magnitude, or of the largest or smallest real part. Default "magnitude";
   * with an inverse it is those nearest to the shift.
   */
  readonly which?: "magnitude" | "largest-real" | "smallest-real";
  /** m, the most vectors that are kept. Default `max(2 k + 10, 20)`, or n. */
  readonly subspace?: number;
  /** `(A - σ I)⁻¹`, for the eigenvalues nearest to σ. */
  readonly inverse?: LinearOperator;
  /** σ, real. Default 0. */
  readonly shift?: number;
}

/** Some eigenpairs of a square matrix. */
export interface Eigenpairs extends EigenReport {
  /** The eigenvalues, the most wanted first; of a complex pair that with the positive imaginary part first. */
  readonly values: ComplexVector;
  /** In column j an eigenvector of length 1 for eigenvalue j. */
  readonly vectors: ComplexMatrix;
}

/** What a Ritz value is wanted for: the larger the better. */
const merits = {
  "magnitude": (real: number, imaginary: number): number => Math.hypot(real, imaginary),
  "largest-real": (real: number): number => real,
  "smallest-real": (real: number): number => -real,
};

/**
 * k eigenvalues of a square operator of order n and their eigenvectors; k + 1 where the last one would be half of a
 * complex pair. Of a multiple eigenvalue it may find fewer than there are.
 *
 * @throws {ShapeError} When A is not square, or the inverse has another shape.
 * @throws {DomainError} When k is not within 1 to n, or an option is out of range.
 *
 * @example The dominant eigenvalue of a matrix that is not symmetric
 * ```ts
 * import { eigs, matrix, operatorOf } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const { values, status } = eigs(operatorOf(matrix([[4, 1, 0], [2, 3, 0], [0, 7, 1]])), 1);
 * assertEquals(status, "converged");
 * assertAlmostEquals(values.real[0], 5, 1e-12);
 * ```
 */
export function eigs(A: LinearOperator, k: number, options: EigsOptions = {}): Eigenpairs {
  const verb = "find eigenvalues", n = A.rows, { inverse, shift = 0, which = "magnitude" } = options;
  checkSquareOperator(verb, "an operator", A, n);
  checkInverse(verb, inverse, shift, n);
  const { m, tolerance, maxIterations, random } = wanted(verb, k, n, options);
  const arnoldi = new Arnoldi(inverse ?? A, m, random, inverse !== undefined, merits[which]);
  // |A x - λ x| <= |A - σ I| |A⁻¹x - θ x| / |θ| for the inverse with the shift
  const asked = inverse ? tolerance / 10 : tolerance;
  let restarts = 0, from = 0;
  for (;; restarts++) {
    const count = arnoldi.extend(from), bounds = arnoldi.ritz(count), first = bounds.subarray(0, arnoldi.whole(k));
    const finite = bounds.every((bound) => bound < Infinity), small = asked * arnoldi.size;
    if (!finite || count < m || count === n || restarts >= maxIterations || first.every((bound) => bound <= small)) {
      break;
    }
    from = arnoldi.restart(Math.min(m - 2, k + Math.ceil((m - k) / 2)));
  }
  const found = arnoldi.whole(k), values = { real: new Float64Array(found), imaginary: new Float64Array(found) };
  const re = new Float64Array(found * n), im = new Float64Array(found * n), residuals = new Float64Array(found);
  const image = new Float64Array(n), imageI = new Float64Array(n);
  let size = 0, products = arnoldi.products;
  for (let j = 0; j < found; j++) {
    const x = re.subarray(j * n, (j + 1) * n), y = im.subarray(j * n, (j + 1) * n);
    const [a, b] = arnoldi.pair(j, x, y), square = a * a + b * b;
    values.real[j] = inverse ? shift + a / square : a;
    values.imaginary[j] = inverse ? -b / square : b;
    A.apply(x, image);
    if (b === 0) imageI.fill(0);
    else A.apply(y, imageI);
    products += b === 0 ? 1 : 2;
    size = Math.max(size, Math.hypot(norm2(image), norm2(imageI)));
    residuals[j] = residual(values.real[j], values.imaginary[j], x, y, image, imageI);
  }
  if (inverse) { // a vector with parts of all eigenvectors
    A.apply(arnoldi.start, image);
    size = Math.max(size, norm2(image));
    products++;
    for (let j = 0; j + 1 < found; j++) { // the inverse of a pair comes the other way round
      if (values.imaginary[j] < 0 && values.imaginary[j + 1] > 0) {
        values.imaginary[j] *= -1;
        values.imaginary[j + 1] *= -1;
        for (let i = j * n; i < (j + 2) * n; i++) im[i] *= -1;
      }
    }
  } else size = Math.max(size, arnoldi.size);
  const columns = (rows: Vector): Vector => transpose({ rows: found, columns: n, data: rows }).data;
  return {
    values,
    vectors: { rows: n, columns: found, real: columns(re), imaginary: columns(im) },
    ...report(Math.max(k, found), residuals, tolerance * size, restarts, maxIterations, products),
  };
}

/** `|A z - λ z|` for `z = x + i y`, with `A x` and `A y` given. */
function residual(a: number, b: number, x: Vector, y: Vector, Ax: Vector, Ay: Vector): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const u = Ax[i] - (a * x[i] - b * y[i]), v = Ay[i] - (a * y[i] + b * x[i]);
    sum += u * u + v * v;
  }
  return Math.sqrt(sum);
}

/** Arnoldi's process in a space that may begin with Schur vectors. */
class Arnoldi extends KrylovSpace {
  readonly #merit: (real: number, imaginary: number) => number;
  #eigen: Eigen = eig(matrix(0, 0));
  /** The indices of its eigenvalues, the most wanted first. */
  #order: number[] = [];

  constructor(
    A: LinearOperator,
    m: number,
    random: Rng,
    relative: boolean,
    merit: (real: number, imaginary: number) => number,
  ) {
    super(A, m, random, relative);
    this.#merit = merit;
  }

  /** The Ritz pairs of a basis of so many vectors; returns the bounds of their residuals, the most wanted first. */
  ritz(count: number): Vector {
    const { values: { real, imaginary }, vectors } = this.#eigen = eig(this.leading(count)), at = (count - 1) * count;
    const merit = Array.from(real, (a, i) => this.#merit(a, imaginary[i]));
    // a pair stays together, the one with the positive imaginary part first
    const first = (i: number): number => imaginary[i] < 0 ? i - 1 : i;
    this.#order = [...merit.keys()].sort((i, j) => merit[first(j)] - merit[first(i)] || i - j);
    return Float64Array.from(
      this.#order,
      (i) => this.bound(Math.hypot(vectors.real[at + i], vectors.imaginary[at + i]), Math.hypot(real[i], imaginary[i])),
    );
  }

  /** k, or k + 1 where the k-th Ritz value is the first of a pair, but no more than there are. */
  whole(k: number): number {
    const { imaginary } = this.#eigen.values, count = Math.min(k, this.#order.length);
    return count > 0 && imaginary[this.#order[count - 1]] > 0 ? count + 1 : count;
  }

  /** Keeps the Schur vectors of so many of the most wanted Ritz values, or one more; returns how many. */
  restart(kept: number): number {
    const m = this.#order.length, form = schur(this.leading(m)), { real, imaginary } = form.values;
    const merit = Array.from(real, (a, i) => this.#merit(a, Math.abs(imaginary[i])));
    const least = merit.toSorted((a, b) => b - a)[kept - 1];
    let { T, Q, count } = reorderSchur(form, (a, b) => this.#merit(a, Math.abs(b)) >= least);
    if (count === 0 || count > m - 2) count = Math.min(kept, m - 2); // an exchange failed, or many values of one merit
    if (T.data[count * m + count - 1] !== 0) count--;
    this.shrink(count, transpose(Q).data.subarray(0, count * m));
    for (let i = 0; i < count; i++) {
      this.h.set(T.data.subarray(i * m, i * m + count), i * m);
      this.h[count * m + i] = this.next * Q.data[(m - 1) * m + i];
    }
    return count;
  }

  /** Writes the parts of the j-th most wanted Ritz vector; returns the parts of its value. */
  pair(j: number, x: Vector, y: Vector): readonly [number, number] {
    const { values, vectors } = this.#eigen, i = this.#order[j], count = values.real.length;
    const part = (data: Vector): Vector => Float64Array.from({ length: count }, (_, l) => data[l * count + i]);
    this.basis.addCombination(count, part(vectors.real), x);
    this.basis.addCombination(count, part(vectors.imaginary), y);
    const length = Math.sqrt(dot(x, x) + dot(y, y));
    for (let l = 0; l < x.length; l++) {
      x[l] /= length;
      y[l] /= length;
    }
    return [values.real[i], values.imaginary[i]];
  }
}
