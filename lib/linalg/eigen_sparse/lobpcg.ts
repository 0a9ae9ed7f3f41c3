/**
 * LOBPCG: some extreme eigenvalues of a large symmetric matrix by block conjugate gradients with a preconditioner.
 *
 * ```
 * W = M (A X - X Θ)                                   (preconditioned residuals)
 * X, P ← Ritz vectors of A on span(X, W, P), and their parts outside X
 * ```
 *
 * The basis of the three blocks is orthonormal at any time: P is chosen orthogonal to X among the combinations that
 * made X, and W is orthogonalized against both.
 *
 * Source: Knyazev, Toward the optimal preconditioned eigensolver: locally optimal block preconditioned conjugate
 * gradient method (2001); Hetmaniuk and Lehoucq, Basis selection in LOBPCG (2006), section 4.2.
 *
 * @module
 */
import { axpy, DomainError, dot, type LinearOperator, norm2, type Rng, type Vector } from "../../core/mod.ts";
import { eigh } from "../eigen/eigh.ts";
import { Basis } from "../krylov/basis.ts";
import { checkCount, checkSquareOperator } from "../krylov/iteration.ts";
import { matrix, row, rowRange, transpose } from "../matrices/matrix.ts";
import type { SymmetricEigenpairs } from "./eigsh.ts";
import { report } from "./report.ts";
import type { EigenOptions } from "./solution.ts";
import { wanted } from "./wanted.ts";

/** Options of `lobpcg`. */
export interface LobpcgOptions extends EigenOptions {
  /** From which end. Default "smallest". */
  readonly which?: "largest" | "smallest";
  /** An approximation of A⁻¹, symmetric positive definite. */
  readonly preconditioner?: LinearOperator;
  /** How many vectors are iterated, k or more: those beyond k make the k-th converge faster. Default k + 2, or n. */
  readonly block?: number;
}

/** What is left of a vector below this share of its length is rounding. */
const DEPENDENT = 1e-10;

/**
 * The k smallest or largest eigenvalues of a symmetric operator of order n, multiple ones as often as they are (up to
 * the size of the block), and orthonormal eigenvectors. Symmetry is not checked.
 *
 * @throws {ShapeError} When A is not square, or the preconditioner has another shape.
 * @throws {DomainError} When k is not within 1 to n, or an option is out of range.
 *
 * @example The double eigenvalue of a square membrane
 * ```ts
 * import { gridLaplacian, lobpcg } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const { values, status } = lobpcg(gridLaplacian(12, 12), 3);
 * assertEquals(status, "converged");
 * assertAlmostEquals(values[1], values[2], 1e-12);
 * ```
 */
export function lobpcg(A: LinearOperator, k: number, options: LobpcgOptions = {}): SymmetricEigenpairs {
  const verb = "find eigenvalues by LOBPCG", n = A.rows, { preconditioner: M, which = "smallest" } = options;
  checkSquareOperator(verb, "an operator", A, n);
  if (M) checkSquareOperator(verb, "a preconditioner", M, n);
  const { tolerance, maxIterations, random } = wanted(verb, k, n, options), { block = Math.min(n, k + 2) } = options;
  checkCount(verb, "block", block, k);
  if (block > n) throw new DomainError(`Cannot ${verb}: expected a block of at most ${n}, got ${block}`);
  const space = new Space(A, block, which === "largest" ? -1 : 1, M);
  for (let j = 0; j < block; j++) space.begin(random);
  let iterations = 0;
  for (;; iterations++) {
    space.rayleighRitz();
    const small = tolerance * space.size, wanted = space.residuals().subarray(0, k);
    const done = wanted.every((residual) => residual <= small),
      finite = wanted.every((residual) => residual < Infinity);
    if (done || !finite || iterations >= maxIterations || !space.widen(small)) break;
  }
  const rows = new Float64Array(k * n), image = new Float64Array(n), residuals = new Float64Array(k);
  const values = new Float64Array(k);
  for (let j = 0; j < k; j++) {
    const at = which === "largest" ? k - 1 - j : j, x = rows.subarray(at * n, (at + 1) * n);
    x.set(space.vector(j));
    A.apply(x, image);
    values[at] = dot(x, image);
    axpy(-values[at], x, image);
    residuals[at] = norm2(image);
  }
  return {
    values,
    vectors: transpose({ rows: k, columns: n, data: rows }),
    ...report(k, residuals, tolerance * space.size, iterations, maxIterations, space.products + k),
  };
}

/** The orthonormal vectors of X, P and W, in this order, and their images. */
class Space {
  /** Products made. */
  products = 0;
  /** The largest magnitude of a Ritz value so far: a lower bound of `|A|₂`. */
  size = 0;
  readonly #A: LinearOperator;
  readonly #preconditioner: LinearOperator | undefined;
  readonly #sign: number;
  readonly #block: number;
  readonly #basis: Basis;
  readonly #images: Basis;
  /** How many vectors there are. */
  #count = 0;
  /** How many of them are X. */
  #x = 0;
  readonly #theta: Vector;
  readonly #norms: Vector;
  /** The residuals, in rows. */
  readonly #r: Vector[];
  readonly #z: Vector;
  readonly #h: Vector;

  constructor(A: LinearOperator, block: number, sign: number, preconditioner: LinearOperator | undefined) {
    const n = A.rows;
    this.#A = A;
    this.#sign = sign;
    this.#block = block;
    this.#preconditioner = preconditioner;
    this.#basis = new Basis(n, 3 * block);
    this.#images = new Basis(n, 3 * block);
    this.#theta = new Float64Array(block);
    this.#norms = new Float64Array(block);
    this.#r = Array.from({ length: block }, () => new Float64Array(n));
    this.#z = new Float64Array(n);
    this.#h = new Float64Array(3 * block);
  }

  /** Takes one more random vector. */
  begin(random: Rng): void {
    if (this.#basis.putRandom(this.#count, random, this.#z)) this.#image();
  }

  /** Vector j of X. */
  vector(j: number): Vector {
    return this.#basis.row(j);
  }

  /** Replaces X by the Ritz vectors of all vectors, P by the part of the change that is orthogonal to them. */
  rayleighRitz(): void {
    const count = this.#count, G = matrix(count, count), b = this.#block;
    for (let i = 0; i < count; i++) {
      for (let j = 0; j <= i; j++) {
        G.data[i * count + j] = G.data[j * count + i] = this.#sign * dot(this.#basis.row(i), this.#images.row(j));
      }
    }
    if (!G.data.every(Number.isFinite)) {
      this.#theta.fill(NaN);
      return;
    }
    const { values, vectors } = eigh(G), ritz = transpose(vectors);
    this.size = Math.max(this.size, Math.abs(values[0]), Math.abs(values[count - 1]));
    this.#theta.set(values.subarray(0, b));
    const coefficients = new Basis(count, 2 * b);
    coefficients.data.set(rowRange(ritz, 0, b).data);
    let kept = b;
    for (let j = 0; j < b && this.#x > 0; j++) {
      const p = row(ritz, j).slice().fill(0, 0, this.#x), length = coefficients.orthogonalize(kept, p, this.#h);
      if (length > DEPENDENT) coefficients.put(kept++, p, length);
    }
    this.#basis.combine(count, kept, coefficients.data.subarray(0, kept * count));
    this.#images.combine(count, kept, coefficients.data.subarray(0, kept * count));
    this.#x = b;
    this.#count = kept;
  }

  /** The norms of the residuals `A x - θ x`. */
  residuals(): Vector {
    for (let j = 0; j < this.#block; j++) {
      const r = this.#r[j];
      r.set(this.#images.row(j));
      axpy(-this.#sign * this.#theta[j], this.#basis.row(j), r);
      this.#norms[j] = norm2(r);
    }
    return this.#norms;
  }

  /** Takes the preconditioned residuals that are not small into the space; false when there is nothing new in them. */
  widen(small: number): boolean {
    const before = this.#count, z = this.#z;
    for (let j = 0; j < this.#block; j++) {
      if (this.#norms[j] <= small) continue;
      if (this.#preconditioner) this.#preconditioner.apply(this.#r[j], z);
      else z.set(this.#r[j]);
      const whole = norm2(z), length = this.#basis.orthogonalize(this.#count, z, this.#h);
      if (!(length > DEPENDENT * whole)) continue;
      this.#basis.put(this.#count, z, length);
      this.#image();
    }
    return this.#count > before;
  }

  /** Takes the vector behind the last one, and its image. */
  #image(): void {
    this.#A.apply(this.#basis.row(this.#count), this.#images.row(this.#count));
    this.#count++;
    this.products++;
  }
}
