/**
 * Eigenvalues and eigenvectors of square matrices, `A V = V Λ`.
 *
 * The matrix is balanced, reduced to Hessenberg form and then to Schur form, from which eigenvectors follow by back
 * substitution. Where balancing has made a pair worse than rounding allows, it is done again without.
 *
 * Source: Golub and Van Loan, Matrix Computations (4th edition, 2013), sections 7.4 to 7.6; Watkins, A case where
 * balancing is harmful (2006).
 *
 * @module
 */
import { type Matrix, norm2, normInf, scale, type Vector } from "../../core/mod.ts";
import { balance } from "./balance.ts";
import { checkSquare } from "../matrices/checks.ts";
import { type ComplexMatrix, complexMatrix, type ComplexVector } from "../matrices/complex.ts";
import { iterateFrancis } from "./francis.ts";
import { reduceToHessenberg } from "./hessenberg.ts";
import { backend, driver } from "../kernels/mod.ts";
import { transpose } from "../matrices/matrix.ts";
import { formReflectors } from "../factorizations/reflectors.ts";
import { safeFactor, scaled } from "../matrices/scaling.ts";
import { schurVectors } from "./schur_vectors.ts";

/** Eigenvalues and eigenvectors of a square matrix. */
export interface Eigen {
  /** The eigenvalues; of a pair of complex ones that with the positive imaginary part comes first, the other next. */
  readonly values: ComplexVector;
  /**
   * In column j an eigenvector for eigenvalue j, of length 1; that of a complex one has a largest entry that is real.
   */
  readonly vectors: ComplexMatrix;
}

/**
 * The eigenvalues and eigenvectors of a square matrix, `A V = V Λ`. A defective matrix has fewer independent
 * eigenvectors than columns: then some columns are nearly parallel.
 *
 * @throws {ShapeError} When `A` is not square.
 * @throws {DomainError} When an entry is not finite.
 *
 * @example A rotation by a right angle
 * ```ts
 * import { eig, matrix } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const { values, vectors } = eig(matrix([[0, -1], [1, 0]]));
 * assertEquals([...values.real], [0, 0]);
 * assertAlmostEquals(values.imaginary[0], 1);
 * assertAlmostEquals(Math.hypot(vectors.real[0], vectors.imaginary[0]), Math.SQRT1_2);
 * ```
 */
export function eig(A: Matrix): Eigen {
  checkSquare("find eigenvalues", A);
  const n = A.rows, factor = safeFactor(normInf(A.data)), a = scaled(A.data, factor);
  const balanced = a.slice(), d = balance(n, balanced);
  let pairs = eigenpairs(n, balanced, d);
  if (d.some((x) => x !== 1)) {
    const error = residual(n, a, pairs);
    if (error > n * 2 ** -52 * norm2(a)) {
      const plain = eigenpairs(n, a.slice(), d.fill(1));
      if (residual(n, a, plain) < error) pairs = plain;
    }
  }
  const { real, imaginary, rows } = pairs;
  scale(1 / factor, real);
  scale(1 / factor, imaginary);
  return { values: { real, imaginary }, vectors: columns(n, imaginary, rows) };
}

/**
 * The eigenvalues of a square matrix, for less than `eig` takes; of a pair of complex ones that with the positive
 * imaginary part comes first, the other next.
 *
 * @throws {ShapeError} When `A` is not square.
 * @throws {DomainError} When an entry is not finite.
 *
 * @example The roots of x³ - 6 x² + 11 x - 6, from its companion matrix
 * ```ts
 * import { eigvals, matrix } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { real } = eigvals(matrix([[6, -11, 6], [1, 0, 0], [0, 1, 0]]));
 * [...real].sort().forEach((root, k) => assertAlmostEquals(root, k + 1));
 * ```
 */
export function eigvals(A: Matrix): ComplexVector {
  checkSquare("find eigenvalues", A);
  const n = A.rows, factor = safeFactor(normInf(A.data)), h = scaled(A.data, factor);
  const real = new Float64Array(n), imaginary = new Float64Array(n), own = driver("eig", n);
  balance(n, h);
  if (own) own(n, h, real, imaginary);
  else {
    reduceToHessenberg(n, h);
    iterateFrancis({ size: n, h, pitch: n, real, imaginary });
  }
  scale(1 / factor, real);
  scale(1 / factor, imaginary);
  return { real, imaginary };
}

interface Pairs {
  readonly real: Vector;
  readonly imaginary: Vector;
  /** The eigenvectors in rows, for a complex pair first the real, then the imaginary parts of the first one. */
  readonly rows: Vector;
}

/** The eigenpairs of `D B D⁻¹`; B is overwritten. */
function eigenpairs(n: number, b: Vector, d: Vector): Pairs {
  const real = new Float64Array(n), imaginary = new Float64Array(n), rows = new Float64Array(n * n);
  (driver("eig", n) ?? francis)(n, b, real, imaginary, rows);
  for (let j = 0; j < n; j++) for (let i = 0; i < n; i++) rows[j * n + i] *= d[i];
  for (let j = 0; j < n; j++) {
    if (imaginary[j] === 0) normalize(rows.subarray(j * n, (j + 1) * n));
    else normalizePair(rows.subarray(j * n, (j + 1) * n), rows.subarray(++j * n, (j + 1) * n));
  }
  return { real, imaginary, rows };
}

/** Eigenvalues, and eigenvectors in rows, by way of the Schur form. */
function francis(n: number, b: Vector, real: Vector, imaginary: Vector, rows: Vector): void {
  const Q = { rows: n, columns: n, data: formReflectors(reduceToHessenberg(n, b)) }, q = transpose(Q).data;
  iterateFrancis({ size: n, h: b, pitch: n, rows: q, real, imaginary });
  const x = schurVectors(n, b, real, imaginary);
  for (let j = 0; j < n; j++) {
    const count = imaginary[j] === 0 ? n : 2 * n, part = x.subarray(j * n, j * n + count);
    scale(1 / normInf(part), part);
    if (count > n) j++;
  }
  backend().gemm(false, false, n, n, n, 1, x, 0, n, q, 0, n, 0, rows, 0, n);
}

/** The largest `|A v - λ v|` of the pairs. */
function residual(n: number, a: Vector, { real, imaginary, rows }: Pairs): number {
  const r = new Float64Array(n * n);
  backend().gemm(false, true, n, n, n, 1, rows, 0, n, a, 0, n, 0, r, 0, n);
  let largest = 0;
  for (let j = 0; j < n; j++) {
    const alpha = real[j], beta = imaginary[j], other = (beta > 0 ? j + 1 : j - 1) * n;
    let squares = 0; // of the real parts, or of the imaginary ones
    for (let i = 0, at = j * n; i < n; i++, at++) {
      squares += (r[at] - alpha * rows[at] + (beta === 0 ? 0 : beta * rows[other + i])) ** 2;
    }
    largest = Math.max(largest, Math.sqrt(squares));
  }
  return largest;
}

function normalize(x: Vector): void {
  scale(1 / norm2(x), x);
}

/** Makes `x + i y` a vector of length 1 and its largest entry real. */
function normalizePair(x: Vector, y: Vector): void {
  const length = Math.hypot(norm2(x), norm2(y));
  let k = 0, largest = 0;
  for (let i = 0; i < x.length; i++) {
    const size = Math.hypot(x[i], y[i]);
    if (size > largest) {
      largest = size;
      k = i;
    }
  }
  const cos = x[k] / largest / length, sin = -y[k] / largest / length;
  for (let i = 0; i < x.length; i++) {
    const re = x[i], im = y[i];
    x[i] = cos * re - sin * im;
    y[i] = cos * im + sin * re;
  }
  y[k] = 0;
}

/** The vectors in columns, with those of the second eigenvalue of each pair. */
function columns(n: number, imaginary: Vector, rows: Vector): ComplexMatrix {
  const V = complexMatrix(n, n);
  for (let j = 0; j < n; j++) {
    const pair = imaginary[j] !== 0;
    for (let i = 0; i < n; i++) {
      const at = i * n + j;
      V.real[at] = rows[j * n + i];
      if (!pair) continue;
      V.real[at + 1] = V.real[at];
      V.imaginary[at] = rows[(j + 1) * n + i];
      V.imaginary[at + 1] = -V.imaginary[at];
    }
    if (pair) j++;
  }
  return V;
}
