/**
 * Discrete cosine transforms of any length, by a Fourier transform of the same length.
 *
 * Source: Makhoul, A fast cosine transform in one and two dimensions (1980), section III.
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";
import { irfft, rfft } from "./fft.ts";
import { rootsOfUnity } from "./fft_plan.ts";

/**
 * The orthonormal cosine transform (DCT-II) `y_k = s_k Σⱼ xⱼ cos(πk(2j + 1)/(2n))` with `s₀ = √(1/n)`, else
 * `s_k = √(2/n)`: an isometry, whose inverse and transpose is `idct`.
 *
 * @example A constant has one coefficient
 * ```ts
 * import { dct } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const y = dct(Float64Array.of(1, 1, 1, 1));
 * assertAlmostEquals(y[0], 2);
 * assertAlmostEquals(y[1], 0, 1e-15);
 * ```
 */
export function dct(x: Vector): Vector {
  const n = x.length, v = new Float64Array(n), y = new Float64Array(n);
  if (n === 0) return y;
  for (let j = 0; j < n; j++) v[j] = 2 * j < n ? x[2 * j] : x[2 * (n - j) - 1];
  const { real, imaginary } = rfft(v), { cos, sin } = rootsOfUnity(4 * n);
  const scale = Math.sqrt(2 / n);
  for (let k = 0; 2 * k <= n; k++) { // real and imaginary part of e^{-πik/(2n)} V_k
    if (k > 0) y[n - k] = scale * (-cos[k] * imaginary[k] - sin[k] * real[k]);
    y[k] = scale * (cos[k] * real[k] - sin[k] * imaginary[k]);
  }
  y[0] = real[0] / Math.sqrt(n);
  return y;
}

/** The inverse of `dct`, and its transpose (DCT-III): `xⱼ = Σ_k s_k y_k cos(πk(2j + 1)/(2n))`. */
export function idct(y: Vector): Vector {
  const n = y.length, x = new Float64Array(n);
  if (n === 0) return x;
  const count = (n >> 1) + 1, real = new Float64Array(count), imaginary = new Float64Array(count);
  const { cos, sin } = rootsOfUnity(4 * n), scale = Math.sqrt(n / 2);
  for (let k = 0; k < count; k++) { // e^{πik/(2n)} (c_k - i c_{n-k})
    const c = k === 0 ? y[0] * Math.sqrt(n) : y[k] * scale, d = k === 0 ? 0 : y[n - k] * scale;
    real[k] = cos[k] * c - sin[k] * d;
    imaginary[k] = -cos[k] * d - sin[k] * c;
  }
  const v = irfft({ real, imaginary }, n);
  for (let j = 0; j < n; j++) x[2 * j < n ? 2 * j : 2 * (n - j) - 1] = v[j];
  return x;
}
