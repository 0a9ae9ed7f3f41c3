import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, norm2, ShapeError, type Vector } from "../../../lib/core/mod.ts";
import { type ComplexVector, complexVector, dct, fft, fwht, idct, ifft, irfft, rfft } from "../../../lib/linalg/mod.ts";
import { numbers, type Random } from "../families.ts";

const lengths = [
  0,
  1,
  2,
  3,
  4,
  5,
  6,
  7,
  8,
  9,
  10,
  11,
  12,
  13,
  15,
  16,
  17,
  25,
  27,
  31,
  32,
  36,
  37,
  49,
  60,
  64,
  67,
  97,
  100,
];
const long = [121, 127, 128, 210, 240, 243, 256, 257, 361, 512, 1000, 1009, 1024, 2048, 3003, 4099];

const randomVector = (n: number, next: Random): Vector => Float64Array.from({ length: n }, next);
const randomComplex = (n: number, next: Random): ComplexVector =>
  complexVector(randomVector(n, next), randomVector(n, next));
const size = (x: ComplexVector): number => Math.hypot(norm2(x.real), norm2(x.imaginary));

function apart(x: ComplexVector, y: ComplexVector): number {
  assertEquals(x.real.length, y.real.length);
  return size(complexVector(x.real.map((a, j) => a - y.real[j]), x.imaginary.map((a, j) => a - y.imaginary[j])));
}

/** The definition, term by term. */
function naive({ real, imaginary }: ComplexVector): ComplexVector {
  const n = real.length, X = complexVector(new Float64Array(n));
  for (let k = 0; k < n; k++) {
    for (let j = 0; j < n; j++) {
      const angle = -2 * Math.PI * (j * k % n) / n, c = Math.cos(angle), s = Math.sin(angle);
      X.real[k] += c * real[j] - s * imaginary[j];
      X.imaginary[k] += c * imaginary[j] + s * real[j];
    }
  }
  return X;
}

// @must fft, rfft: the definition term by term for any length, inverse, Parseval, convolution, to rounding
// @measured reached: 44 lengths up to 4099, primes among them, to 1e-15 (2 + log₂ n)
Deno.test("fft() is the definition, term by term, for any length", () => {
  const next = numbers(1);
  for (const n of [...lengths, 121, 128, 210, 243, 257, 361]) {
    const x = randomComplex(n, next);
    assert(apart(fft(x), naive(x)) <= 1e-14 * Math.max(1, n) ** 0.5 * Math.max(1, size(x)), `n = ${n}`);
  }
});

Deno.test("ifft() undoes fft(), and Parseval's identity holds", () => {
  const next = numbers(2);
  for (const n of [...lengths, ...long]) {
    const x = randomComplex(n, next), X = fft(x);
    assert(apart(ifft(X), x) <= 1e-15 * (2 + Math.log2(n + 1)) * size(x), `n = ${n}`);
    assertAlmostEquals(size(X), Math.sqrt(n) * size(x), 1e-15 * (2 + Math.log2(n + 1)) * Math.sqrt(n) * size(x));
  }
});

Deno.test("fft() is linear, and turns shifts into phases and convolutions into products", () => {
  const next = numbers(3);
  for (const n of [12, 17, 64, 101]) {
    const x = randomVector(n, next), y = randomVector(n, next), X = fft(x), Y = fft(y);
    const product = complexVector(
      X.real.map((a, k) => a * Y.real[k] - X.imaginary[k] * Y.imaginary[k]),
      X.real.map((a, k) => a * Y.imaginary[k] + X.imaginary[k] * Y.real[k]),
    );
    const cyclic = x.map((_, k) => x.reduce((sum, a, j) => sum + a * y[(k - j + n) % n], 0));
    assert(apart(ifft(product), complexVector(cyclic)) < 1e-13, `n = ${n}`);
    const shifted = fft(x.map((_, j) => x[(j + 1) % n]));
    const turned = complexVector(
      X.real.map((a, k) => a * Math.cos(2 * Math.PI * k / n) - X.imaginary[k] * Math.sin(2 * Math.PI * k / n)),
      X.real.map((a, k) => a * Math.sin(2 * Math.PI * k / n) + X.imaginary[k] * Math.cos(2 * Math.PI * k / n)),
    );
    assert(apart(shifted, turned) < 1e-13, `n = ${n}, shift`);
  }
});

Deno.test("rfft() is the first half of fft(), and irfft() undoes it", () => {
  const next = numbers(4);
  for (const n of [...lengths, ...long]) {
    const x = randomVector(n, next), X = rfft(x), full = fft(x), count = X.real.length;
    assertEquals(count, n === 0 ? 0 : Math.floor(n / 2) + 1);
    const half = { real: full.real.slice(0, count), imaginary: full.imaginary.slice(0, count) };
    assert(apart(X, half) <= 1e-15 * (2 + Math.log2(n + 1)) * size(full), `n = ${n}`);
    const back = irfft(X, n);
    assert(norm2(back.map((a, j) => a - x[j])) <= 1e-15 * (2 + Math.log2(n + 1)) * norm2(x), `n = ${n}, inverse`);
  }
  assertEquals(irfft(rfft(Float64Array.of(1, 2, 3, 4))).length, 4);
});

// @must dct, idct: the definition, orthonormal, inverse and transpose
// @measured reached: 29 lengths up to 100, to 1e-13
Deno.test("dct() is the definition and orthonormal; idct() is its inverse and transpose", () => {
  const next = numbers(5);
  for (const n of lengths) {
    const x = randomVector(n, next), y = randomVector(n, next), X = dct(x);
    X.forEach((value, k) => {
      const sum = x.reduce((sum, a, j) => sum + a * Math.cos(Math.PI * k * (2 * j + 1) / (2 * n)), 0);
      assertAlmostEquals(value, Math.sqrt((k === 0 ? 1 : 2) / n) * sum, 1e-13);
    });
    assertAlmostEquals(norm2(X), norm2(x), 1e-14 * (1 + norm2(x)));
    idct(X).forEach((value, j) => assertAlmostEquals(value, x[j], 1e-14));
    const inner = (a: Vector, b: Vector): number => a.reduce((sum, value, j) => sum + value * b[j], 0);
    assertAlmostEquals(inner(dct(x), y), inner(x, idct(y)), 1e-13);
  }
});

// @must fwht: fwht(fwht(x)) = N x to 1e-10
// @measured reached: N up to 1024
Deno.test("fwht() is the definition, and n times its own inverse", () => {
  const next = numbers(6);
  for (const n of [1, 2, 4, 8, 16, 32, 64, 128, 1024]) {
    const x = randomVector(n, next), X = fwht(x);
    if (n <= 64) {
      X.forEach((value, k) => {
        const sign = (j: number): number =>
          [...(j & k).toString(2)].filter((bit) => bit === "1").length % 2 === 0 ? 1 : -1;
        assertAlmostEquals(value, x.reduce((sum, a, j) => sum + sign(j) * a, 0), 1e-13);
      });
    }
    fwht(X, X).forEach((value, j) => assertAlmostEquals(value, n * x[j], 1e-10));
  }
});

Deno.test("transforms leave their arguments as they are", () => {
  const x = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8), z = complexVector(x, x);
  for (const f of [fft, ifft]) f(z);
  for (const f of [fft, rfft, dct, idct, (v: Vector) => fwht(v)]) f(x);
  irfft(z, 14);
  assertEquals([...x], [1, 2, 3, 4, 5, 6, 7, 8]);
  assertEquals(z, complexVector(x, x));
});

Deno.test("transforms refuse bad input", () => {
  const uneven = { real: new Float64Array(3), imaginary: new Float64Array(2) };
  assertThrows(() => fft(uneven), ShapeError, "3 and 2");
  assertThrows(() => ifft(uneven), ShapeError, "3 and 2");
  assertThrows(() => irfft(complexVector([1, 2, 3]), 7), ShapeError, "expected 4 entries");
  assertThrows(() => irfft(complexVector([1, 2, 3]), 1.5), DomainError, "1.5");
  assertThrows(() => fwht(new Float64Array(6)), ShapeError, "power of two");
  assertThrows(() => fwht(new Float64Array(0)), ShapeError, "power of two");
  assertThrows(() => fwht(new Float64Array(4), new Float64Array(8)), ShapeError, "out of 4");
});
