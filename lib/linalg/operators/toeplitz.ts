/**
 * Circulant and Toeplitz matrices as operators, by fast Fourier transforms: `O(n log n)` for a product.
 *
 * ```
 * C x = F⁻¹ (F c ∘ F x),   Cᵀ y = F⁻¹ (conj(F c) ∘ F y)
 * ```
 *
 * A Toeplitz matrix is a corner of a circulant one.
 *
 * Source: Golub and Van Loan, Matrix Computations (4th edition, 2013), sections 4.7.7 and 4.8.2.
 *
 * @module
 */
import { DomainError, type LinearOperator, ShapeError, type Vector } from "../../core/mod.ts";
import { checkFiniteEntries } from "../matrices/checks.ts";
import { transformOf } from "../transforms/fft_plan.ts";

/**
 * The circulant matrix with the first column c: entry (i, j) is `c[(i - j) mod n]`.
 *
 * @throws {DomainError} When c is empty or not finite.
 *
 * @example The cyclic shift
 * ```ts
 * import { circulantOperator } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const out = new Float64Array(3);
 * circulantOperator(Float64Array.of(0, 1, 0)).apply(Float64Array.of(5, 6, 7), out);
 * [7, 5, 6].forEach((entry, i) => assertAlmostEquals(out[i], entry));
 * ```
 */
export function circulantOperator(c: Vector): LinearOperator {
  checkFiniteEntries("make a circulant operator", c);
  if (c.length === 0) throw new DomainError("Cannot make a circulant operator: expected entries, got none");
  return cornerOfCirculant(c.length, c.length, c);
}

/**
 * The m x n Toeplitz matrix with this first column and first row: entry (i, j) is `column[i - j]`, or above the
 * diagonal `row[j - i]`. Without a row it is symmetric.
 *
 * @throws {ShapeError} When one is empty, or they differ in their first entry.
 * @throws {DomainError} When an entry is not finite.
 *
 * @example Second differences
 * ```ts
 * import { toeplitzOperator } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const out = new Float64Array(4);
 * toeplitzOperator(Float64Array.of(2, -1, 0, 0)).apply(Float64Array.of(1, 2, 3, 4), out);
 * [0, 0, 0, 5].forEach((entry, i) => assertAlmostEquals(out[i], entry, 1e-14));
 * ```
 */
export function toeplitzOperator(column: Vector, row: Vector = column): LinearOperator {
  const verb = "make a Toeplitz operator", m = column.length, n = row.length;
  checkFiniteEntries(verb, column);
  checkFiniteEntries(verb, row);
  if (m === 0 || n === 0 || column[0] !== row[0]) {
    throw new ShapeError(
      `Cannot ${verb}: expected a column and a row with one first entry, got ${m} and ${n} from ${column[0]} and ${
        row[0]
      }`,
    );
  }
  const c = new Float64Array(2 ** Math.ceil(Math.log2(m + n - 1)));
  c.set(column);
  for (let j = 1; j < n; j++) c[c.length - j] = row[j];
  return cornerOfCirculant(m, n, c);
}

/** The first m rows and n columns of the circulant matrix of c. */
function cornerOfCirculant(m: number, n: number, c: Vector): LinearOperator {
  const length = c.length, transform = transformOf(length);
  const spectrum = c.map((entry) => entry / length), spectrumI = new Float64Array(length);
  transform(spectrum, spectrumI);
  const re = new Float64Array(length), im = new Float64Array(length);
  const convolve = (x: Vector, sign: number, out: Vector): void => {
    re.fill(0);
    re.set(x);
    im.fill(0);
    transform(re, im);
    for (let k = 0; k < length; k++) {
      const a = re[k], b = im[k], c = spectrum[k], d = sign * spectrumI[k];
      re[k] = a * c - b * d;
      im[k] = a * d + b * c;
    }
    transform(im, re); // with the parts exchanged it is the inverse
    for (let i = 0; i < out.length; i++) out[i] = re[i];
  };
  return {
    rows: m,
    columns: n,
    apply: (x, out) => convolve(x, 1, out),
    applyTranspose: (y, out) => convolve(y, -1, out),
  };
}
