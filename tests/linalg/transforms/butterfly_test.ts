// Butterfly matrices against the sums that define the transforms, and against the fast ones.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, fillNormal, rng, ShapeError } from "../../../lib/core/mod.ts";
import {
  applyButterfly,
  butterflyMatrix,
  circulantButterflies,
  type ComplexVector,
  complexVector,
  dctButterfly,
  dftButterfly,
  fft,
  hadamardButterfly,
} from "../../../lib/linalg/mod.ts";

const random = (n: number, seed: number): ComplexVector => ({
  real: fillNormal(rng(seed), new Float64Array(n)),
  imaginary: fillNormal(rng(seed + 1000), new Float64Array(n)),
});

/** `Σⱼ xⱼ e^{-2πi jk/n}`, with the angle reduced in integers. */
function fourier({ real, imaginary }: ComplexVector): ComplexVector {
  const n = real.length, out = complexVector(new Float64Array(n));
  for (let k = 0; k < n; k++) {
    for (let j = 0; j < n; j++) {
      const angle = -2 * Math.PI * ((j * k) % n) / n, cos = Math.cos(angle), sin = Math.sin(angle);
      out.real[k] += cos * real[j] - sin * imaginary[j];
      out.imaginary[k] += cos * imaginary[j] + sin * real[j];
    }
  }
  return out;
}

function difference(x: ComplexVector, y: ComplexVector): number {
  return Math.max(...x.real.map((a, i) => Math.hypot(a - y.real[i], x.imaginary[i] - y.imaginary[i])));
}

const orders = [2, 4, 8, 64, 256, 1024];

// @must dftButterfly, hadamardButterfly: equal the Fourier and the Walsh-Hadamard transform to 1e-12 for N <= 1024
// @measured reached: 7.6e-15 and 8.0e-15 relative to √N, N = 2 to 1024
Deno.test("dftButterfly(), hadamardButterfly() are the transforms", () => {
  let worst = 0, walsh = 0;
  for (const n of orders) {
    const x = random(n, n);
    const product = applyButterfly(dftButterfly(n), x);
    worst = Math.max(worst, difference(product, fourier(x)) / Math.sqrt(n), difference(product, fft(x)) / Math.sqrt(n));
    const bits = (a: number): number => a === 0 ? 0 : (a & 1) + bits(a >> 1), out = complexVector(new Float64Array(n));
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const sign = bits(i & j) % 2 === 0 ? 1 : -1;
        out.real[i] += sign * x.real[j];
        out.imaginary[i] += sign * x.imaginary[j];
      }
    }
    walsh = Math.max(walsh, difference(applyButterfly(hadamardButterfly(n), x), out) / Math.sqrt(n));
  }
  assert(worst < 1e-12 && walsh < 1e-12, `${worst} ${walsh}`);
});

// @must applyButterfly: exactly 2N log₂N multiplications
// @measured reached: one for each entry, of which there are so many; each entry moves the product, linearly
Deno.test("applyButterfly() multiplies once with each of 2N log₂N entries", () => {
  for (const n of [2, 8, 32]) {
    const B = dftButterfly(n), x = random(n, 1), count = 2 * n * Math.log2(n);
    assertEquals([B.entries.real.length, B.entries.imaginary.length], [count, count]);
    const product = applyButterfly(B, x),
      changed = (at: number, by: number): ComplexVector => {
        const real = B.entries.real.slice();
        real[at] += by;
        return applyButterfly({ ...B, entries: { ...B.entries, real } }, x);
      };
    for (let at = 0; at < count; at++) {
      const once = changed(at, 1), twice = changed(at, 2);
      assert(difference(once, product) > 1e-6);
      for (let i = 0; i < n; i++) {
        assertAlmostEquals(twice.real[i] - product.real[i], 2 * (once.real[i] - product.real[i]), 1e-11);
      }
    }
  }
});

Deno.test("dctButterfly() has the cosine transform as its real part", () => {
  for (const n of orders) {
    const x = random(n, 2).real, { real } = applyButterfly(dctButterfly(n), complexVector(x));
    for (let k = 0; k < n; k += Math.max(1, n >> 5)) {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += x[j] * Math.cos(Math.PI * ((k * (2 * j + 1)) % (4 * n)) / (2 * n));
      assertAlmostEquals(real[k], sum, 1e-12 * n);
    }
  }
});

Deno.test("circulantButterflies() convolve", () => {
  for (const n of [2, 16, 128]) {
    const c = random(n, 3), x = random(n, 4), [first, second] = circulantButterflies(c);
    const y = applyButterfly(second, applyButterfly(first, x)), direct = complexVector(new Float64Array(n));
    for (let k = 0; k < n; k++) {
      for (let j = 0; j < n; j++) {
        const i = (k - j + n) % n;
        direct.real[k] += c.real[i] * x.real[j] - c.imaginary[i] * x.imaginary[j];
        direct.imaginary[k] += c.real[i] * x.imaginary[j] + c.imaginary[i] * x.real[j];
      }
    }
    assert(difference(y, direct) < 1e-13 * n);
  }
});

Deno.test("butterflyMatrix() is the matrix of the map", () => {
  const { real, imaginary } = butterflyMatrix(dftButterfly(4));
  [1, 1, 1, 1, 1, 0, -1, 0, 1, -1, 1, -1, 1, 0, -1, 0].forEach((a, k) => assertAlmostEquals(real[k], a, 1e-15));
  [0, 0, 0, 0, 0, -1, 0, 1, 0, 0, 0, 0, 0, 1, 0, -1].forEach((a, k) => assertAlmostEquals(imaginary[k], a, 1e-15));
});

// @must dftButterfly: orders that are no power of 2 are refused
// @measured reached: 1, 3, 12, 2.5, NaN
Deno.test("butterflies refuse other orders than powers of 2, and other lengths", () => {
  for (const make of [dftButterfly, hadamardButterfly, dctButterfly]) {
    for (const order of [1, 3, 12, 2.5, NaN]) assertThrows(() => make(order), DomainError, "a power of 2");
  }
  assertThrows(() => circulantButterflies(random(6, 1)), DomainError, "a power of 2");
  assertThrows(() => applyButterfly(dftButterfly(4), random(8, 1)), ShapeError, "4 entries, got 8");
});
