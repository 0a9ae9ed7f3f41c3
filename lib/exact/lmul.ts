/**
 * L-Mul: floating-point products by one addition of integers.
 *
 * ```
 * x = (1 + a) 2^e, y = (1 + b) 2^f, mantissas of m bits        exact:   (1 + a + b + ab)  2^{e+f}
 * formula:  (1 + a + b + 2^{-l}) 2^{e+f},   l = m if m <= 3,  3 if m = 4,  4 if m > 4
 * adder:    bits(x) + bits(y) - bias + 2^{m-l}                 bits(x) = 2^m (e + bias + a)
 * ```
 *
 * The adder carries from the mantissa into the exponent without halving what is left of it (Mitchell's logarithm), and
 * so differs from the formula where `a + b + 2^{-l} >= 1`: there it is the better one. It is what hardware would do; we
 * model its numbers, not its speed or energy. Exponents are those of doubles; subnormal numbers count as 0.
 *
 * Source: Addition is All You Need for Energy-efficient Language Models (2024), arXiv 2410.00907.
 *
 * @module
 */
import { DomainError, ShapeError } from "../core/mod.ts";
import { type Matrix, matrix, transpose } from "../linalg/mod.ts";

/** Options of L-Mul. */
export interface LmulOptions {
  /** The bits m of the mantissa, to which operands are rounded first: 1 to 23. Default 10. */
  readonly mantissaBits?: number;
}

const double = new Float64Array(1), words = new Uint32Array(double.buffer); // engines are little-endian: low half first

function bitsOf({ mantissaBits = 10 }: LmulOptions): number {
  if (!(Number.isInteger(mantissaBits) && mantissaBits >= 1 && mantissaBits <= 23)) {
    throw new DomainError(`Cannot multiply by L-Mul: expected 1 to 23 mantissa bits, got ${mantissaBits}`);
  }
  return mantissaBits;
}

/** `2^{-l}` for m bits. */
const offset = (m: number): number => 2 ** -(m <= 3 ? m : m === 4 ? 3 : 4);

/** `e + a` of `|x| = (1 + a) 2^e` with a rounded to m bits, half to even; -Infinity for zero and subnormal numbers. */
function logarithm(x: number, m: number): number {
  if (!Number.isFinite(x)) throw new DomainError(`Cannot multiply by L-Mul: expected finite numbers, got ${x}`);
  double[0] = x;
  const exponent = (words[1] >>> 20) & 0x7ff, scale = 2 ** (52 - m);
  if (exponent === 0) return -Infinity;
  const mantissa = (words[1] & 0xfffff) * 2 ** -20 + words[0] * 2 ** -52;
  return exponent - 1023 + ((mantissa + scale) - scale); // a double near 2^{52-m} has m bits below the point
}

/** `(1 + a) 2^e` from `e + a`. */
function exponential(sum: number): number {
  const e = Math.floor(sum);
  if (e < -1022) return 0;
  return e > 1023 ? Infinity : (1 + (sum - e)) * 2 ** e;
}

/**
 * The product `x y` by the adder.
 *
 * @throws {DomainError} On a number that is not finite, or mantissa bits outside 1 to 23.
 *
 * @example 1.5 times 1.5, exactly 2.25
 * ```ts
 * import { lmulBits, lmulFormula } from "@gradus/gradus/exact";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(lmulBits(1.5, 1.5), 2.125); // 0.5 + 0.5 + 1/16 carries: (1 + 1/16) 2
 * assertEquals(lmulFormula(1.5, 1.5), 2.0625); // 1 + 0.5 + 0.5 + 1/16
 * ```
 */
export function lmulBits(x: number, y: number, options: LmulOptions = {}): number {
  const m = bitsOf(options), sum = logarithm(x, m) + logarithm(y, m) + offset(m);
  return signed(x, y, exponential(sum));
}

/**
 * The product `x y` by the paper's formula.
 *
 * @throws {DomainError} On a number that is not finite, or mantissa bits outside 1 to 23.
 */
export function lmulFormula(x: number, y: number, options: LmulOptions = {}): number {
  const m = bitsOf(options), p = logarithm(x, m), q = logarithm(y, m), e = Math.floor(p), f = Math.floor(q);
  return signed(x, y, p + q === -Infinity ? 0 : (1 + (p - e) + (q - f) + offset(m)) * 2 ** (e + f));
}

const signed = (x: number, y: number, size: number): number => (x < 0) === (y < 0) ? size : -size;

/**
 * The matrix product `A B` with every product by the adder, and sums in doubles.
 *
 * @throws {ShapeError} When `A` has not as many columns as `B` has rows.
 * @throws {DomainError} On an entry that is not finite, or mantissa bits outside 1 to 23.
 */
export function lmulMatmul(A: Matrix, B: Matrix, options: LmulOptions = {}): Matrix {
  const m = bitsOf(options), { rows, columns: inner } = A, columns = B.columns, C = matrix(rows, columns);
  if (inner !== B.rows) {
    throw new ShapeError(`Cannot multiply by L-Mul: expected ${inner} rows on the right, got ${B.rows}`);
  }
  const a = A.data.map((x) => logarithm(x, m) + offset(m)), b = B.data.map((x) => logarithm(x, m));
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < inner; k++) {
      const x = A.data[i * inner + k], p = a[i * inner + k];
      for (let j = 0; j < columns; j++) {
        C.data[i * columns + j] += signed(x, B.data[k * columns + j], exponential(p + b[k * columns + j]));
      }
    }
  }
  return C;
}

/**
 * Attention `softmax(Q Kᵀ / √d) V` with both matrix products by L-Mul.
 *
 * @param Q Queries, n x d.
 * @param K Keys, N x d.
 * @param V Values, N x v.
 * @throws {ShapeError} When the shapes do not fit.
 * @throws {DomainError} On an entry that is not finite, or mantissa bits outside 1 to 23.
 */
export function lmulAttention(Q: Matrix, K: Matrix, V: Matrix, options: LmulOptions = {}): Matrix {
  const weights = lmulMatmul(Q, transpose(K), options), { rows, columns } = weights, scale = 1 / Math.sqrt(Q.columns);
  for (let i = 0; i < rows; i++) {
    const row = weights.data.subarray(i * columns, (i + 1) * columns);
    let largest = -Infinity, sum = 0;
    for (let j = 0; j < columns; j++) largest = Math.max(largest, row[j]);
    for (let j = 0; j < columns; j++) sum += row[j] = Math.exp(scale * (row[j] - largest));
    for (let j = 0; j < columns; j++) row[j] /= sum;
  }
  return lmulMatmul(weights, V, options);
}
