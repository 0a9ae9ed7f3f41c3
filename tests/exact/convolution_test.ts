// Convolutions: polynomials in one and more variables, images, words.
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { rng, uniform } from "../../lib/core/mod.ts";
import {
  convolve,
  minPlus,
  monoidMap,
  naturals,
  polynomialProduct,
  reals,
  shifts,
  words,
} from "../../lib/exact/mod.ts";
import { fft, ifft } from "../../lib/linalg/mod.ts";

const random = (count: number, seed: number): number[] => {
  const generator = rng(seed);
  return Array.from({ length: count }, () => 2 * uniform(generator) - 1);
};

/** The product of polynomials by fast transforms. */
function byTransforms(f: readonly number[], g: readonly number[]): Float64Array {
  const n = f.length + g.length - 1,
    padded = (c: readonly number[]): Float64Array => {
      const out = new Float64Array(n);
      out.set(c);
      return out;
    };
  const F = fft(padded(f)), G = fft(padded(g));
  return ifft({
    real: F.real.map((a, k) => a * G.real[k] - F.imaginary[k] * G.imaginary[k]),
    imaginary: F.real.map((a, k) => a * G.imaginary[k] + F.imaginary[k] * G.real[k]),
  }).real;
}

/** The values of a polynomial at the n-th roots of unity, real and imaginary parts. */
function atRoots(coefficients: readonly number[], n: number): { re: number[]; im: number[] } {
  const part = (f: (t: number) => number): number[] =>
    Array.from(
      { length: n },
      (_, k) => coefficients.reduce((s, c, j) => s + c * f(2 * Math.PI * ((j * k) % n) / n), 0),
    );
  return { re: part(Math.cos), im: part(Math.sin) };
}

// @must polynomialProduct, convolve: the product of polynomials equals the one by definition and by FFT to 1e-12, also
//   in several variables
// @measured reached: degrees 40 and 23 within 5e-14; two variables equal as nested polynomials, exactly
Deno.test("polynomialProduct() equals interpolation of the products of values at roots of unity", () => {
  const f = random(41, 1), g = random(24, 2), product = polynomialProduct(reals, f, g), n = product.length;
  assertEquals(n, 64);
  const F = atRoots(f, n), G = atRoots(g, n);
  product.forEach((c, j) => {
    let sum = 0;
    for (let k = 0; k < n; k++) {
      const re = F.re[k] * G.re[k] - F.im[k] * G.im[k], im = F.re[k] * G.im[k] + F.im[k] * G.re[k];
      const angle = 2 * Math.PI * ((j * k) % n) / n;
      sum += re * Math.cos(angle) + im * Math.sin(angle);
    }
    assertAlmostEquals(c, sum / n, 1e-12);
  });
  byTransforms(f, g).forEach((c, j) => assertAlmostEquals(product[j], c, 1e-12));
  assertEquals(polynomialProduct(reals, [], [1]), []);
  assertEquals(polynomialProduct(minPlus, [0, 3], [5, 1]), [5, 1, 4]); // min(0 + 1, 3 + 5), as costs
});

Deno.test("convolve() multiplies polynomials in two variables", () => {
  const coefficients = (seed: number): number[] => random(16, seed).map((a) => Math.round(100 * a));
  const f = coefficients(3), g = coefficients(4), plane = shifts(2); // 4 x 4 exponents
  const map = (c: number[]) => monoidMap(plane, reals, c.map((a, k) => [[k >> 2, k & 3], a] as const));
  // Kronecker's substitution: y = x^8 keeps the exponents apart
  const line = (c: number[]): number[] => c.reduce((p, a, k) => (p[8 * (k >> 2) + (k & 3)] = a, p), Array(28).fill(0));
  const flat = polynomialProduct(reals, line(f), line(g)), product = convolve(plane, reals, map(f), map(g));
  for (let i = 0; i < 7; i++) {
    for (let j = 0; j < 7; j++) assertEquals(product.get(`${i},${j}`)?.[1] ?? 0, flat[8 * i + j]);
  }
});

// @must convolve: a 3 x 3 blur of an image equals the direct sum
// @measured reached: 12 x 9 pixels, with the margin that the blur adds, to rounding
Deno.test("convolve() blurs an image", () => {
  const rows = 12, columns = 9, pixels = random(rows * columns, 5), plane = shifts(2);
  const image = monoidMap(plane, reals, pixels.map((a, k) => [[Math.floor(k / columns), k % columns], a] as const));
  const around = [-1, 0, 1], blur = around.flatMap((i) => around.map((j) => [[i, j], 1 / 9] as const));
  const blurred = convolve(plane, reals, image, monoidMap(plane, reals, blur));
  const pixel = (i: number, j: number): number =>
    i >= 0 && i < rows && j >= 0 && j < columns ? pixels[i * columns + j] : 0;
  for (let i = -1; i <= rows; i++) {
    for (let j = -1; j <= columns; j++) {
      const direct = around.reduce((s, u) => s + around.reduce((t, v) => t + pixel(i + u, j + v) / 9, 0), 0);
      assertAlmostEquals(blurred.get(`${i},${j}`)?.[1] ?? 0, direct, 1e-15);
    }
  }
});

Deno.test("convolve() counts the ways to split words, and drops weights that cancel", () => {
  const all = monoidMap(words, naturals, ["", "a", "b", "ab", "ba"].map((w) => [w, 1n] as const));
  const pairs = convolve(words, naturals, all, all);
  assertEquals(pairs.get("ab")?.[1], 3n); // "" ab, a b, ab ""
  assertEquals(pairs.get("abab")?.[1], 1n);
  const line = shifts(1),
    f = monoidMap(line, reals, [[[0], 1], [[1], 1]]),
    g = monoidMap(line, reals, [[[0], 1], [[1], -1]]);
  assert(!convolve(line, reals, f, g).has("1"));
});
