/**
 * Complex vectors and matrices as split arrays: all real parts, then all imaginary parts. Loops over them are loops
 * over ordinary Float64Arrays.
 *
 * @module
 */
import { ShapeError, type Vector } from "../../core/mod.ts";

/** A complex vector: entry i is `real[i] + i imaginary[i]`. */
export interface ComplexVector {
  /** The real parts. */
  readonly real: Vector;
  /** The imaginary parts. */
  readonly imaginary: Vector;
}

/** A dense complex matrix, row-major: entry (i, j) has its parts at `i * columns + j`. */
export interface ComplexMatrix {
  /** The number of rows. */
  readonly rows: number;
  /** The number of columns. */
  readonly columns: number;
  /** The real parts, row by row. */
  readonly real: Vector;
  /** The imaginary parts, row by row. */
  readonly imaginary: Vector;
}

/**
 * A complex vector from its parts, which are copied; without imaginary parts they are zero.
 *
 * @throws {ShapeError} When the parts differ in length.
 */
export function complexVector(real: ArrayLike<number>, imaginary?: ArrayLike<number>): ComplexVector {
  if (imaginary && imaginary.length !== real.length) {
    throw new ShapeError(
      `Cannot make a complex vector: expected ${real.length} imaginary parts, got ${imaginary.length}`,
    );
  }
  return {
    real: Float64Array.from(real),
    imaginary: imaginary ? Float64Array.from(imaginary) : new Float64Array(real.length),
  };
}

/**
 * A complex matrix from its parts, row by row, which are copied; what is left out is zero.
 *
 * @throws {ShapeError} When a part has another length than `rows * columns`.
 *
 * @example The matrix [[1 + i, 2], [0, -i]]
 * ```ts
 * import { complexMatrix } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const A = complexMatrix(2, 2, [1, 2, 0, 0], [1, 0, 0, -1]);
 * assertEquals([A.real[1], A.imaginary[3]], [2, -1]);
 * ```
 */
export function complexMatrix(
  rows: number,
  columns: number,
  real?: ArrayLike<number>,
  imaginary?: ArrayLike<number>,
): ComplexMatrix {
  const part = (entries: ArrayLike<number> | undefined): Vector => {
    if (entries && entries.length !== rows * columns) {
      throw new ShapeError(
        `Cannot make a complex ${rows} x ${columns} matrix: expected ${rows * columns} entries, got ${entries.length}`,
      );
    }
    return entries ? Float64Array.from(entries) : new Float64Array(rows * columns);
  };
  return { rows, columns, real: part(real), imaginary: part(imaginary) };
}
