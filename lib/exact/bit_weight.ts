/**
 * Products of 8-bit integers by digits: encodings, matrix products plane by plane, sums without carries.
 *
 * ```
 * a = Σ_w digit_w(a) 2^{w s}                          s = 1, or 2 for radix 4
 * C = Σ_w 2^{w s} (Σ_k digit_w(a_ik) b_kj)            bit weights outermost; digits 0 are skipped
 * x + y + z = (x ⊕ y ⊕ z) + 2 maj(x, y, z)            a 3:2 compressor: no carry runs through the word
 * ```
 *
 * A model of the arithmetic of such hardware: numbers and counts of operations, not time and not energy.
 *
 * Source: Exploring the Performance Improvement of Tensor Processing Engines through Transformation in the Bit-weight
 * Dimension of MACs (2025), arXiv 2503.06342; Booth, A signed binary multiplication technique (1951); Reitwiesner,
 * Binary arithmetic (1960).
 *
 * @module
 */
import { DomainError, ShapeError } from "../core/mod.ts";

/** A way to write integers of 8 bits with digits. */
export interface Encoding {
  /** Its name. */
  readonly name: string;
  /** The binary places per digit: 1, or 2 for radix 4. */
  readonly shift: number;
  /** The number of digits. */
  readonly length: number;
  /** The digits of `a`, least first. */
  readonly digits: (a: number) => Int8Array;
}

function checkInt8(a: number): void {
  if (!(Number.isInteger(a) && a >= -128 && a <= 127)) {
    throw new DomainError(`Cannot encode a number: expected an integer of 8 bits, -128 to 127, got ${a}`);
  }
}

/** An encoding from its digits. */
function encoding(name: string, shift: number, length: number, digit: (a: number, w: number) => number): Encoding {
  const digits = (a: number): Int8Array => {
    checkInt8(a);
    return Int8Array.from({ length }, (_, w) => digit(a, w));
  };
  return { name, shift, length, digits };
}

const bit = (a: number, w: number): number => w < 0 ? 0 : (a >> w) & 1;

/** The bits of `|a|`, each with the sign of `a`. */
export const signMagnitude: Encoding = encoding(
  "sign and magnitude",
  1,
  8,
  (a, w) => a < 0 ? -bit(-a, w) : bit(a, w),
);

/** Two's complement: bits, the highest counting negative. */
export const twosComplement: Encoding = encoding("two's complement", 1, 8, (a, w) => w === 7 ? -bit(a, w) : bit(a, w));

/** Booth's encoding in radix 4, digits -2 … 2: `-2 a_{2w+1} + a_{2w} + a_{2w-1}`. */
export const booth4: Encoding = encoding(
  "radix-4 Booth",
  2,
  4,
  (a, w) => bit(a, 2 * w) + bit(a, 2 * w - 1) - 2 * bit(a, 2 * w + 1),
);

/** The non-adjacent form, digits -1, 0, 1, no two neighbours other than 0: `bits of (3a) - bits of a`, halved. */
export const naf: Encoding = encoding("non-adjacent form", 1, 8, (a, w) => bit(3 * a, w + 1) - bit(a, w + 1));

/** A matrix of 8-bit integers, row-major. */
export interface Int8Matrix {
  /** The number of rows. */
  readonly rows: number;
  /** The number of columns. */
  readonly columns: number;
  /** The entries, row by row. */
  readonly data: Int8Array;
}

/** A product by digits. */
export interface BitSerialProduct {
  /** The product, row by row. */
  readonly data: Int32Array;
  /** How many multiples of entries of `B` were added or subtracted. */
  readonly additions: number;
}

/** The order of loops: over the digits' weights outside, or for each entry of `A`. */
export type WeightOrder = "weights outside" | "weights inside";

/**
 * The matrix product `A B` by digits of the entries of `A`, exact in 32 bits.
 *
 * @throws {ShapeError} When `A` has not as many columns as `B` has rows.
 * @throws {DomainError} When the inner size is 2¹⁷ or more: then sums of (-128)² need more than 32 bits.
 *
 * @example 7 = 8 - 1 takes two additions
 * ```ts
 * import { bitSerialGemm, naf } from "@gradus/gradus/exact";
 * import { assertEquals } from "@std/assert";
 *
 * const one = (a: number) => ({ rows: 1, columns: 1, data: Int8Array.of(a) });
 * assertEquals(bitSerialGemm(one(7), one(-9), naf), { data: Int32Array.of(-63), additions: 2 });
 * ```
 */
export function bitSerialGemm(
  A: Int8Matrix,
  B: Int8Matrix,
  { digits, length, shift }: Encoding,
  order: WeightOrder = "weights outside",
): BitSerialProduct {
  const { rows, columns: inner } = A, columns = B.columns, data = new Int32Array(rows * columns);
  if (inner !== B.rows) {
    throw new ShapeError(`Cannot multiply by digits: expected ${inner} rows on the right, got ${B.rows}`);
  }
  if (inner >= 2 ** 17) {
    throw new DomainError(`Cannot multiply by digits: expected an inner size below 2^17 = 131072, got ${inner}`);
  }
  const planes = new Int8Array(length * A.data.length); // one plane of digits after the other
  A.data.forEach((a, at) => digits(a).forEach((d, w) => planes[w * A.data.length + at] = d));
  let additions = 0;
  const addRow = (i: number, k: number, w: number): void => {
    const digit = planes[w * A.data.length + i * inner + k];
    if (digit === 0) return;
    additions += columns;
    const factor = digit * 2 ** (shift * w);
    for (let j = 0; j < columns; j++) data[i * columns + j] += factor * B.data[k * columns + j];
  };
  const outer = order === "weights outside" ? length : 1, innermost = length / outer;
  for (let u = 0; u < outer; u++) {
    for (let i = 0; i < rows; i++) {
      for (let k = 0; k < inner; k++) {
        for (let v = 0; v < innermost; v++) addRow(i, k, u + v);
      }
    }
  }
  return { data, additions };
}

/**
 * The sum of integers modulo 2³², as a signed number, with 3:2 compressors: carries are kept beside the sum and
 * resolved by one addition at the end.
 */
export function carrySaveAccumulate(values: Int32Array): number {
  let sum = 0, carry = 0;
  for (const x of values) {
    const majority = (sum & carry) | (sum & x) | (carry & x);
    sum ^= carry ^ x;
    carry = majority << 1;
  }
  return (sum + carry) | 0;
}
