/**
 * Butterfly matrices: linear maps of N = 2ᴸ numbers with 2N log₂N entries, among them the fast transforms.
 *
 * ```
 * B = F_N … F₄ F₂ P,   F_k = diag of N/k blocks [[D₁, D₂], [D₃, D₄]] with diagonals of length k/2
 * Fourier:   D₁ = I, D₂ = W, D₃ = I, D₄ = -W,  W = diag(e^{-2πij/k}),  P = bit reversal
 * Hadamard:  W = I, P = I
 * cosine:    Re(diag(e^{-iπk/2N}) Fourier (x₀, x₂, …, x₃, x₁))
 * ```
 *
 * A factor takes each pair of entries k/2 apart through a 2 x 2 matrix: two multiplications per entry and level.
 * Products of two butterflies hold convolutions: `C = F⁻¹ diag(Fc) F`.
 *
 * Source: Dao, Gu, Eichhorn, Rudra and Ré, Learning Fast Algorithms for Linear Transforms Using Butterfly
 * Factorizations (2019), arXiv 1903.05895, sections 3.1 and 3.2.
 *
 * @module
 */
import { DomainError, ShapeError } from "../../core/mod.ts";
import { type ComplexMatrix, complexMatrix, type ComplexVector, complexVector } from "../matrices/complex.ts";

/**
 * A butterfly matrix. Its entries stand level by level (k = 2, 4, …, N), in each level pair by pair from the top, for
 * each pair the 2 x 2 matrix row by row.
 */
export interface Butterfly {
  /** The order N, a power of 2. */
  readonly order: number;
  /** The 2N log₂N entries. */
  readonly entries: ComplexVector;
  /** Entry i of `P x` is entry `permutation[i]` of x. */
  readonly permutation: Uint32Array;
}

/** The 2 x 2 matrix of pair j of a block of size k: real parts row by row, then imaginary parts. */
type Pair = (k: number, j: number) => readonly [number, number, number, number, number, number, number, number];

function checkOrder(order: number): void {
  if (!(Number.isInteger(order) && order >= 2 && order <= 2 ** 24 && (order & (order - 1)) === 0)) {
    throw new DomainError(`Cannot make a butterfly: expected an order that is a power of 2, at least 2, got ${order}`);
  }
}

function butterfly(order: number, permutation: Uint32Array, pair: Pair): Butterfly {
  checkOrder(order);
  const entries = complexVector(new Float64Array(2 * order * Math.log2(order)));
  let at = 0;
  for (let k = 2; k <= order; k *= 2) {
    for (let p = 0; p < order / 2; p++, at += 4) {
      const [a, b, c, d, ai, bi, ci, di] = pair(k, p % (k / 2));
      entries.real.set([a, b, c, d], at);
      entries.imaginary.set([ai, bi, ci, di], at);
    }
  }
  return { order, entries, permutation };
}

const unchanged = (order: number): Uint32Array => Uint32Array.from({ length: order }, (_, i) => i);

/** The indices with their bits in reverse order. */
function bitReversal(order: number): Uint32Array {
  const reversed = new Uint32Array(order);
  for (let half = 1; half < order; half *= 2) {
    for (let i = 0; i < half; i++) {
      reversed[i] *= 2;
      reversed[i + half] = reversed[i] + 1;
    }
  }
  return reversed;
}

/**
 * The butterfly of the discrete Fourier transform `X_k = Σⱼ xⱼ e^{-2πijk/N}`.
 *
 * @throws {DomainError} When the order is no power of 2, or 1.
 *
 * @example The transform of (1, 2, 3, 4)
 * ```ts
 * import { applyButterfly, complexVector, dftButterfly } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { real, imaginary } = applyButterfly(dftButterfly(4), complexVector([1, 2, 3, 4]));
 * [10, -2, -2, -2].forEach((x, k) => assertAlmostEquals(real[k], x));
 * [0, 2, 0, -2].forEach((x, k) => assertAlmostEquals(imaginary[k], x));
 * ```
 */
export function dftButterfly(order: number): Butterfly {
  checkOrder(order);
  return butterfly(order, bitReversal(order), (k, j) => {
    const cos = Math.cos(2 * Math.PI * j / k), sin = Math.sin(2 * Math.PI * j / k);
    return [1, cos, 1, -cos, 0, -sin, 0, sin];
  });
}

/**
 * The butterfly of the Walsh-Hadamard transform: entry (i, j) is -1 to the number of bits that i and j share.
 *
 * @throws {DomainError} When the order is no power of 2, or 1.
 */
export function hadamardButterfly(order: number): Butterfly {
  checkOrder(order);
  return butterfly(order, unchanged(order), () => [1, 1, 1, -1, 0, 0, 0, 0]);
}

/**
 * A butterfly whose real part is the discrete cosine transform (the second, not normalized) of real vectors:
 * `X_k = Σⱼ xⱼ cos(πk(2j + 1)/2N)`.
 *
 * @throws {DomainError} When the order is no power of 2, or 1.
 */
export function dctButterfly(order: number): Butterfly {
  const fourier = dftButterfly(order),
    evensThenOddsBack = (i: number): number => 2 * i < order ? 2 * i : 2 * (order - i) - 1;
  const turns = Array.from({ length: order }, (_, k) => -Math.PI * k / (2 * order));
  const scaled = scaleRows(fourier, {
    real: Float64Array.from(turns, Math.cos),
    imaginary: Float64Array.from(turns, Math.sin),
  });
  return { ...scaled, permutation: fourier.permutation.map(evensThenOddsBack) };
}

/**
 * Two butterflies whose product, the second times the first, is the circulant matrix of `c`: the convolution
 * `y_k = Σⱼ c_{k-j mod N} xⱼ`.
 *
 * @throws {DomainError} When the length of c is no power of 2, or 1.
 */
export function circulantButterflies(c: ComplexVector): readonly [first: Butterfly, second: Butterfly] {
  const order = c.real.length, forward = dftButterfly(order), { entries } = forward;
  const conjugate = { real: entries.real, imaginary: entries.imaginary.map((e) => -e) };
  const shrink = { real: new Float64Array(order).fill(1 / order), imaginary: new Float64Array(order) };
  return [
    scaleRows(forward, applyButterfly(forward, c)),
    scaleRows({ ...forward, entries: conjugate }, shrink),
  ];
}

/** `diag(s) B`, in the entries of the last level. */
function scaleRows(B: Butterfly, s: ComplexVector): Butterfly {
  const { order, entries } = B, real = entries.real.slice(), imaginary = entries.imaginary.slice(), half = order / 2;
  for (let at = real.length - 2 * order; at < real.length; at++) {
    const place = at - (real.length - 2 * order), row = (place >> 2) + ((place & 2) === 0 ? 0 : half);
    const a = real[at], b = imaginary[at];
    real[at] = a * s.real[row] - b * s.imaginary[row];
    imaginary[at] = a * s.imaginary[row] + b * s.real[row];
  }
  return { ...B, entries: { real, imaginary } };
}

/**
 * The product `B x`.
 *
 * @throws {ShapeError} When x has another length than the order.
 */
export function applyButterfly(B: Butterfly, x: ComplexVector): ComplexVector {
  const { order, entries, permutation } = B, { real: er, imaginary: ei } = entries;
  if (x.real.length !== order || x.imaginary.length !== order) {
    throw new ShapeError(`Cannot apply a butterfly: expected a vector of ${order} entries, got ${x.real.length}`);
  }
  const yr = new Float64Array(order), yi = new Float64Array(order);
  for (let i = 0; i < order; i++) {
    yr[i] = x.real[permutation[i]];
    yi[i] = x.imaginary[permutation[i]];
  }
  for (let half = 1, at = 0; half < order; half *= 2) {
    for (let start = 0; start < order; start += 2 * half) {
      for (let i = start; i < start + half; i++, at += 4) {
        const p = yr[i], q = yi[i], u = yr[i + half], v = yi[i + half];
        yr[i] = er[at] * p - ei[at] * q + er[at + 1] * u - ei[at + 1] * v;
        yi[i] = er[at] * q + ei[at] * p + er[at + 1] * v + ei[at + 1] * u;
        yr[i + half] = er[at + 2] * p - ei[at + 2] * q + er[at + 3] * u - ei[at + 3] * v;
        yi[i + half] = er[at + 2] * q + ei[at + 2] * p + er[at + 3] * v + ei[at + 3] * u;
      }
    }
  }
  return { real: yr, imaginary: yi };
}

/** The matrix itself, of N² entries. */
export function butterflyMatrix(B: Butterfly): ComplexMatrix {
  const n = B.order, M = complexMatrix(n, n);
  for (let j = 0; j < n; j++) {
    const unit = complexVector(new Float64Array(n));
    unit.real[j] = 1;
    const { real, imaginary } = applyButterfly(B, unit);
    for (let i = 0; i < n; i++) {
      M.real[i * n + j] = real[i];
      M.imaginary[i * n + j] = imaginary[i];
    }
  }
  return M;
}
