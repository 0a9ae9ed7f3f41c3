/**
 * Whole problems for which a backend may have methods of its own; for those that it has not, and for small matrices,
 * this room has methods made of the kernels.
 *
 * Matrices are finite, row-major, without gaps between rows, and spoilt where they are not overwritten by a result.
 *
 * @module
 */
import { backend } from "./active.ts";

/** A method, and the lowest order at which it is worth its call. */
export interface Driver<Method> {
  /** The lowest order; of a rectangular matrix the shorter side counts. */
  readonly smallest: number;
  /** The method. */
  readonly run: Method;
}

/** The methods that a backend has. */
export interface Drivers {
  /**
   * `X ← A⁻¹ X` for a general A of order n and an X of so many columns, by elimination with partial pivoting. Returns
   * whether it did: not where a pivot is zero, or some entry grew beyond the limit; X is then as before.
   */
  readonly solve?: Driver<(n: number, a: Float64Array, count: number, x: Float64Array, limit: number) => boolean>;
  /**
   * `P A Pᵀ = L D Lᵀ` for a symmetric A of order n of which the lower triangle is read, by Bunch and Kaufman's
   * pivoting: L without its unit diagonal goes below the diagonal of A, the diagonal of D and the entries below it to
   * `diagonal` and `below`; row i of P A is row `permutation[i]` of A.
   */
  readonly ldlt?: Driver<
    (n: number, a: Float64Array, diagonal: Float64Array, below: Float64Array, permutation: Int32Array) => void
  >;
  /**
   * Of all minimizers of `|A X - B|` the shortest, for an m x n matrix A and so many columns; singular values that are
   * not larger than the tolerance times the largest count as zero. Returns the rank; A and B are left alone.
   */
  readonly lstsq?: Driver<
    (
      m: number,
      n: number,
      count: number,
      a: Float64Array,
      b: Float64Array,
      tolerance: number,
      x: Float64Array,
    ) => number
  >;
  /**
   * The eigenvalues, ascending, of a symmetric A of order n of which the lower triangle is read; with `vectors` row j
   * of A becomes an eigenvector of length 1 for value j.
   */
  readonly eigh?: Driver<(vectors: boolean, n: number, a: Float64Array, values: Float64Array) => void>;
  /**
   * The singular values, descending, of an m x n matrix. With `u` and `vt` also their vectors: of k = min(m, n), or
   * `full`ly of m and n vectors, u takes the left ones in columns, vt the right ones in rows.
   */
  readonly svd?: Driver<
    (
      m: number,
      n: number,
      a: Float64Array,
      s: Float64Array,
      full: boolean,
      u?: Float64Array,
      vt?: Float64Array,
    ) => void
  >;
  /**
   * The eigenvalues of a matrix of order n, which is not balanced first; of a pair of complex ones that with the
   * positive imaginary part comes first. With `rows` also eigenvectors, in rows: for such a pair the real, then the
   * imaginary parts of the first one.
   */
  readonly eig?: Driver<
    (n: number, a: Float64Array, real: Float64Array, imaginary: Float64Array, rows?: Float64Array) => void
  >;
  /** The Schur form `A = Q T Qᵀ` of a matrix of order n, as `schur` has it; T is written over A. */
  readonly schur?: Driver<
    (n: number, a: Float64Array, q: Float64Array, real: Float64Array, imaginary: Float64Array) => void
  >;
}

/** The method for a problem that the backend in use has of its own, if it pays at this order. */
export function driver<Name extends keyof Drivers>(
  name: Name,
  order: number,
): NonNullable<Drivers[Name]>["run"] | undefined {
  const own = backend().drivers?.[name];
  return own && order >= own.smallest ? own.run : undefined;
}
