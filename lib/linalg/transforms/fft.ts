/**
 * Discrete Fourier transforms of any length, complex and real.
 *
 * Source: Van Loan, Computational frameworks for the fast Fourier transform (1992), sections 1.7, 2.3, 4.2 and 4.3.
 *
 * @module
 */
import { DomainError, ShapeError, type Vector } from "../../core/mod.ts";
import type { ComplexVector } from "../matrices/complex.ts";
import { rootsOfUnity, transformOf } from "./fft_plan.ts";

/**
 * The discrete Fourier transform `X_k = Σⱼ xⱼ e^{-2πi jk/n}` of a complex or real vector of any length n, in
 * `O(n log n)`.
 *
 * @throws {ShapeError} When the parts differ in length.
 *
 * @example A pure wave
 * ```ts
 * import { fft } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const wave = Float64Array.from({ length: 12 }, (_, j) => Math.cos(2 * Math.PI * 3 * j / 12));
 * const { real } = fft(wave);
 * assertAlmostEquals(real[3], 6);
 * assertAlmostEquals(real[9], 6);
 * ```
 */
export function fft(x: ComplexVector | Vector): ComplexVector {
  const out = copyOf(x);
  transformOf(out.real.length)(out.real, out.imaginary);
  return out;
}

/**
 * The inverse of `fft`: `x_j = (1/n) Σ_k X_k e^{2πi jk/n}`.
 *
 * @throws {ShapeError} When the parts differ in length.
 */
export function ifft(X: ComplexVector | Vector): ComplexVector {
  const out = copyOf(X), n = out.real.length;
  transformOf(n)(out.imaginary, out.real);
  for (let j = 0; j < n; j++) {
    out.real[j] /= n;
    out.imaginary[j] /= n;
  }
  return out;
}

function copyOf(x: ComplexVector | Vector): ComplexVector {
  if (x instanceof Float64Array) return { real: x.slice(), imaginary: new Float64Array(x.length) };
  if (x.real.length !== x.imaginary.length) {
    throw new ShapeError(
      `Cannot transform: expected parts of one length, got ${x.real.length} and ${x.imaginary.length}`,
    );
  }
  return { real: x.real.slice(), imaginary: x.imaginary.slice() };
}

/**
 * The first ⌊n/2⌋ + 1 entries of the Fourier transform of a real vector of any length n; the others are their
 * conjugates, `X_{n-k}` that of `X_k`. For even n it takes a complex transform of half the length.
 *
 * @example The mean comes first
 * ```ts
 * import { rfft } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const { real, imaginary } = rfft(Float64Array.of(1, 2, 3, 4));
 * assertEquals([...real], [10, -2, -2]);
 * assertEquals([...imaginary], [0, 2, 0]);
 * ```
 */
export function rfft(x: Vector): ComplexVector {
  const n = x.length, count = n === 0 ? 0 : (n >> 1) + 1;
  if (n % 2 === 1 || n === 0) {
    const { real, imaginary } = fft(x);
    return { real: real.slice(0, count), imaginary: imaginary.slice(0, count) };
  }
  // even entries as real parts, odd ones as imaginary parts
  const half = n >> 1, re = new Float64Array(half), im = new Float64Array(half);
  for (let j = 0; j < half; j++) {
    re[j] = x[2 * j];
    im[j] = x[2 * j + 1];
  }
  transformOf(half)(re, im);
  const real = new Float64Array(count), imaginary = new Float64Array(count), { cos, sin } = rootsOfUnity(n);
  for (let k = 0; k <= half; k++) {
    const a = k % half, b = (half - k) % half, c = k === half ? -1 : cos[k], s = k === half ? 0 : sin[k];
    const evenR = (re[a] + re[b]) / 2,
      evenI = (im[a] - im[b]) / 2,
      oddR = (im[a] + im[b]) / 2,
      oddI = (re[b] - re[a]) / 2;
    real[k] = evenR + c * oddR - s * oddI;
    imaginary[k] = evenI + c * oddI + s * oddR;
  }
  return { real, imaginary };
}

/**
 * The real vector of length n with this first half of its Fourier transform: the inverse of `rfft`.
 *
 * @param X The entries 0 to ⌊n/2⌋ of the transform. The imaginary parts of entry 0, and for even n of the last one, are
 * not read.
 * @param n The length of the result; by default the even one, twice the length of `X` less 2.
 * @throws {ShapeError} When `X` has not ⌊n/2⌋ + 1 entries, or its parts differ in length.
 * @throws {DomainError} When n is no whole number.
 */
export function irfft(X: ComplexVector, n: number = Math.max(0, 2 * (X.real.length - 1))): Vector {
  if (!Number.isSafeInteger(n) || n < 0) throw new DomainError(`Cannot transform: expected a length, got ${n}`);
  const count = n === 0 ? 0 : (n >> 1) + 1;
  if (X.real.length !== count || X.imaginary.length !== count) {
    throw new ShapeError(
      `Cannot transform to ${n} numbers: expected ${count} entries, got ${X.real.length} and ${X.imaginary.length}`,
    );
  }
  return n % 2 === 0 ? evenInverse(X, n) : oddInverse(X, n);
}

function oddInverse(X: ComplexVector, n: number): Vector {
  const re = new Float64Array(n), im = new Float64Array(n);
  re[0] = X.real[0] / n;
  for (let k = 1; 2 * k < n; k++) {
    re[k] = re[n - k] = X.real[k] / n;
    im[k] = X.imaginary[k] / n;
    im[n - k] = -im[k];
  }
  transformOf(n)(im, re);
  return re;
}

/** The transforms of the even and of the odd entries, one as real, the other as imaginary part. */
function evenInverse(X: ComplexVector, n: number): Vector {
  const half = n >> 1, re = new Float64Array(half), im = new Float64Array(half), { cos, sin } = rootsOfUnity(n);
  for (let k = 0; k < half; k++) {
    const a = X.real[k],
      b = k === 0 ? 0 : X.imaginary[k],
      c = X.real[half - k],
      d = k === 0 ? 0 : -X.imaginary[half - k];
    const oddR = cos[k] * (a - c) + sin[k] * (b - d), oddI = cos[k] * (b - d) - sin[k] * (a - c);
    re[k] = (a + c - oddI) / n;
    im[k] = (b + d + oddR) / n;
  }
  transformOf(half)(im, re);
  const x = new Float64Array(n);
  for (let j = 0; j < half; j++) {
    x[2 * j] = re[j];
    x[2 * j + 1] = im[j];
  }
  return x;
}
