// Encodings of 8-bit integers by digits, and sums and products made of them.
import { assert, assertEquals, assertThrows } from "@std/assert";
import { DomainError, fillNormal, integer, normInf, rng, ShapeError } from "../../lib/core/mod.ts";
import {
  bitSerialGemm,
  booth4,
  carrySaveAccumulate,
  type Encoding,
  type Int8Matrix,
  naf,
  signMagnitude,
  twosComplement,
} from "../../lib/exact/mod.ts";

const encodings = [signMagnitude, twosComplement, booth4, naf];
const all = Array.from({ length: 256 }, (_, k) => k - 128);

function averageDigits({ digits }: Encoding, numbers: readonly number[]): number {
  return numbers.reduce((sum, a) => sum + digits(a).filter((d) => d !== 0).length, 0) / numbers.length;
}

// @must booth4, naf: all encodings decode exactly for all 256 values
// @measured reached: 4 encodings
Deno.test("encodings decode to the number they encode", () => {
  for (const { digits, shift, name, length } of encodings) {
    for (const a of all) {
      const d = digits(a);
      assertEquals(d.length, length);
      assertEquals(d.reduce((sum, digit, w) => sum + digit * 2 ** (shift * w), 0), a, `${name} of ${a}`);
    }
  }
  for (const a of all) {
    const d = naf.digits(a);
    assert(d.every((digit, w) => Math.abs(digit) <= 1 && (w === 0 || digit === 0 || d[w - 1] === 0)));
    assert(booth4.digits(a).every((digit) => Math.abs(digit) <= 2));
  }
});

// @must booth4, naf: digits other than 0 of all 8-bit numbers on average: magnitude 3.50, two's complement 4.00, Booth
//   3.00, NAF 2.78
// @measured reached: 3.504, 4, 3, 2.777
Deno.test("encodings differ in how many digits are not 0", () => {
  const averages = encodings.map((encoding) => averageDigits(encoding, all));
  assertEquals(averages, [897 / 256, 4, 3, 711 / 256]);
});

// @must booth4, naf: for Gaussian numbers quantized to 8 bits: magnitude 2.73, Booth 2.62, NAF 2.34
// @measured reached: 2.75, 2.62, 2.34 with the largest of 2048 numbers as 127 (2.69, 2.58, 2.31 with that of 4096)
Deno.test("encodings of quantized Gaussian numbers have fewer digits", () => {
  let averages = [0, 0, 0];
  for (let seed = 0; seed < 10; seed++) {
    const x = fillNormal(rng(seed), new Float64Array(2048)), largest = normInf(x);
    const quantized = [...x].map((a) => Math.round(127 * a / largest));
    averages = [signMagnitude, booth4, naf].map((e, k) => averages[k] + averageDigits(e, quantized) / 10);
  }
  [2.73, 2.62, 2.34].forEach((expected, k) => assert(Math.abs(averages[k] - expected) < 0.04, `${averages}`));
});

function random(rows: number, columns: number, seed: number): Int8Matrix {
  const generator = rng(seed);
  return { rows, columns, data: Int8Array.from({ length: rows * columns }, () => integer(generator, 256) - 128) };
}

// @must bitSerialGemm: 64 x 64 x 64 of 8-bit integers equals the integer product exactly in all orders of loops
// @measured reached: 4 encodings, weights outside and inside; additions per product of numbers 3.5, 4.0, 3.0, 2.8, so that
//   a bit-serial unit takes 0.93 times as many cycles with NAF as with Booth
Deno.test("bitSerialGemm() equals the integer product", () => {
  const n = 64, A = random(n, n, 1), B = random(n, n, 2), C = new Int32Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++) C[i * n + j] += A.data[i * n + k] * B.data[k * n + j];
    }
  }
  for (const encoding of encodings) {
    const outside = bitSerialGemm(A, B, encoding), inside = bitSerialGemm(A, B, encoding, "weights inside");
    assertEquals(outside.data, C);
    assertEquals(inside, outside);
    assertEquals(outside.additions, n * n * n * averageDigits(encoding, [...A.data]));
  }
  const ratio = bitSerialGemm(A, B, naf).additions / bitSerialGemm(A, B, booth4).additions;
  assert(ratio < 0.95);
});

// @must carrySaveAccumulate: equals the sum of BigInts
// @measured reached: 100 sums of up to 5000 numbers of 8 and 16 bits, and modulo 2^32 beyond
Deno.test("carrySaveAccumulate() equals the sum", () => {
  const generator = rng(3);
  for (let k = 0; k < 100; k++) {
    const size = 2 ** [8, 16, 32][k % 3];
    const values = Int32Array.from({ length: integer(generator, 5000) }, () => integer(generator, size) - size / 2);
    const sum = values.reduce((s, v) => s + BigInt(v), 0n);
    assertEquals(BigInt(carrySaveAccumulate(values)), BigInt.asIntN(32, sum));
  }
});

// @must booth4, bitSerialGemm: operands outside 8 bits are refused, and inner sizes whose sums need more than 32 bits
// @measured reached: -129, 128, 0.5, NaN; 2^17, where 2^17 (-128)² = 2^31 is one too many
Deno.test("encodings and products refuse what does not fit", () => {
  for (const { digits } of encodings) {
    for (const a of [-129, 128, 0.5, NaN]) assertThrows(() => digits(a), DomainError, "-128 to 127");
  }
  const wide = (columns: number, rows = 1): Int8Matrix => ({
    rows,
    columns,
    data: new Int8Array(columns * rows).fill(-128),
  });
  const most = 2 ** 17 - 1;
  assertEquals(bitSerialGemm(wide(most), wide(1, most), naf).data[0], most * 2 ** 14);
  assertThrows(() => bitSerialGemm(wide(most + 1), wide(1, most + 1), naf), DomainError, "below 2^17");
  assertThrows(() => bitSerialGemm(wide(2), wide(2), naf), ShapeError, "2 rows on the right");
});
