/**
 * Checks of integer matrix products and rectifiers that cost less than doing them again, over the field of
 * `p = 2⁶¹ - 1` elements.
 *
 * ```
 * Freivalds:   A (B x) = C x for a random x
 * sum-check:   C̃(u, v) = Σ_z Ã(u, z) B̃(z, v) for random u, v;  a tilde is the multilinear extension from corners z ∈ {0, 1}^log k
 *    round j:  the prover sends gⱼ(t) = Σ over the corners left of the summand with the next variable at t, of degree 2
 *              the verifier checks gⱼ(0) + gⱼ(1) = claim, draws r, goes on with the claim gⱼ(r)
 *    the end:  claim = Ã(u, r) B̃(r, v)
 * rectifier:   Z = Σ_{i<B} 2ⁱ bᵢ - 2ᴮ s with bits b, s:   max(Z, 0) = (1 - s) Σ 2ⁱ bᵢ
 * ```
 *
 * A wrong claim passes with a probability of a few rounds over p. Nothing is hidden: the messages tell about the
 * matrices, and the verifier here evaluates the extensions itself, where the paper has it open commitments.
 *
 * Source: Sun, Bai, Li and Zhang, zkDL: Efficient Zero-Knowledge Proofs of Deep Learning Training (2023), arXiv
 * 2307.16273, section 3; the protocol for products is Thaler's (2013), the first check Freivalds's (1977).
 *
 * @module
 */
import { bits64, DomainError, type Rng, ShapeError } from "../core/mod.ts";

/** `2⁶¹ - 1`, a prime. */
export const mersenne61: bigint = (1n << 61n) - 1n;

/** Integers in rows, taken modulo p. */
export interface IntegerMatrix {
  /** The number of rows. */
  readonly rows: number;
  /** The number of columns. */
  readonly columns: number;
  /** `rows * columns` integers, row by row. */
  readonly entries: readonly bigint[];
}

/** What the verifier of a product talks to. */
export interface ProductProver {
  /** Takes the points u and v. */
  readonly begin: (u: readonly bigint[], v: readonly bigint[]) => void;
  /** `gⱼ` at 0, 1 and 2. */
  readonly message: () => readonly [bigint, bigint, bigint];
  /** Takes the value of the next variable. */
  readonly fold: (r: bigint) => void;
}

/** What became of a check. */
export interface Verdict {
  /** Whether it passed. */
  readonly accepted: boolean;
  /** Rounds of messages, `⌈log₂ k⌉` where none failed. */
  readonly rounds: number;
  /** What failed, or nothing. */
  readonly message: string;
}

/**
 * The prover that knows A and B.
 *
 * @throws {ShapeError} When A and B do not fit each other.
 */
export function productProver(A: IntegerMatrix, B: IntegerMatrix): ProductProver {
  checkProduct("prove a product", A, B);
  let left: bigint[] = [], right: bigint[] = [];
  return {
    begin: (u, v) => {
      left = partial(A, u, true);
      right = partial(B, v, false);
    },
    message: () => {
      const half = left.length / 2;
      let zero = 0n, one = 0n, two = 0n;
      for (let z = 0; z < half; z++) {
        const a = left[z], b = right[z], a1 = left[z + half], b1 = right[z + half];
        zero += a * b;
        one += a1 * b1;
        two += (2n * a1 - a) * (2n * b1 - b);
      }
      return [modulo(zero), modulo(one), modulo(two)];
    },
    fold: (r) => {
      left = folded(left, r);
      right = folded(right, r);
    },
  };
}

/**
 * Checks the claim `C = A B` with a prover by sum-check.
 *
 * @throws {ShapeError} When the shapes do not fit.
 *
 * @example A product, and one with a wrong entry
 * ```ts
 * import { rng } from "@gradus/gradus/core";
 * import { productProver, verifyProduct } from "@gradus/gradus/exact";
 * import { assert } from "@std/assert";
 *
 * const A = { rows: 2, columns: 2, entries: [1n, 2n, 3n, 4n] }, B = { rows: 2, columns: 2, entries: [0n, 1n, 1n, 0n] };
 * const C = { rows: 2, columns: 2, entries: [2n, 1n, 4n, 3n] }, wrong = { ...C, entries: [2n, 1n, 4n, 4n] };
 * assert(verifyProduct(A, B, C, productProver(A, B), rng(1)).accepted);
 * assert(!verifyProduct(A, B, wrong, productProver(A, B), rng(1)).accepted);
 * ```
 */
export function verifyProduct(
  A: IntegerMatrix,
  B: IntegerMatrix,
  C: IntegerMatrix,
  prover: ProductProver,
  random: Rng,
): Verdict {
  checkProduct("verify a product", A, B, C);
  const draw = (count: number): bigint[] => Array.from({ length: count }, () => fieldElement(random));
  const u = draw(logarithm(A.rows)), v = draw(logarithm(B.columns)), point: bigint[] = [];
  const total = logarithm(A.columns);
  prover.begin(u, v);
  let claim = extension(partial(C, v, false), u);
  for (let rounds = 1; rounds <= total; rounds++) {
    const [zero, one, two] = prover.message();
    if (modulo(zero + one - claim) !== 0n) {
      return { accepted: false, rounds, message: `round ${rounds}: g(0) + g(1) is not the claim` };
    }
    const r = fieldElement(random);
    // g(r) from g(0), g(1), g(2), by Newton's differences; 1/2 = (p + 1)/2
    const second = modulo((two - 2n * one + zero) * ((mersenne61 + 1n) / 2n));
    claim = modulo(zero + (one - zero) * r + second * r % mersenne61 * (r - 1n));
    point.push(r);
    prover.fold(r);
  }
  const end = modulo(extension(partial(A, u, true), point) * extension(partial(B, v, false), point));
  const accepted = end === claim;
  return { accepted, rounds: total, message: accepted ? "" : "the last claim is not that of A and B" };
}

/**
 * Freivalds's check of `C = A B`: a wrong C passes with a probability of at most 1/p.
 *
 * @throws {ShapeError} When the shapes do not fit.
 */
export function freivalds(A: IntegerMatrix, B: IntegerMatrix, C: IntegerMatrix, random: Rng): boolean {
  checkProduct("verify a product", A, B, C);
  const x = Array.from({ length: C.columns }, () => fieldElement(random));
  const expected = applied(A, applied(B, x));
  return applied(C, x).every((value, i) => value === expected[i]);
}

/**
 * The bits of integers in two's complement, B of them and the sign: `b₀, …, b_{B-1}, s` for each, one after the other.
 *
 * @throws {DomainError} When an integer is not in `-2ᴮ … 2ᴮ - 1`.
 */
export function bitDecomposition(Z: readonly bigint[], B: number): bigint[] {
  const limit = 1n << BigInt(B);
  return Z.flatMap((z) => {
    if (z < -limit || z >= limit) throw new DomainError(`Cannot take bits: expected ${B} bits and a sign, got ${z}`);
    return Array.from({ length: B + 1 }, (_, i) => (z >> BigInt(i)) & 1n);
  });
}

/**
 * Checks that `out = max(Z, 0)`, entry by entry, from the bits of Z: a random combination of the equations `b² = b`, of
 * those for Z and those for the output. 2ᴮ has to be below p/4.
 *
 * @throws {ShapeError} When the numbers of entries and bits do not fit.
 * @throws {DomainError} When B is not in 1 … 58.
 */
export function verifyRectifier(
  Z: readonly bigint[],
  out: readonly bigint[],
  bits: readonly bigint[],
  B: number,
  random: Rng,
): boolean {
  if (!(Number.isInteger(B) && B >= 1 && B <= 58)) {
    throw new DomainError(`Cannot verify a rectifier: expected 1 to 58 bits, got ${B}`);
  }
  if (out.length !== Z.length || bits.length !== Z.length * (B + 1)) {
    throw new ShapeError(
      `Cannot verify a rectifier: expected ${Z.length} outputs of ${B} bits and a sign, got ${out.length} and ${bits.length} bits`,
    );
  }
  let total = 0n;
  const require = (zero: bigint): void => {
    total = modulo(total + fieldElement(random) * modulo(zero));
  };
  for (let e = 0; e < Z.length; e++) {
    let rest = 0n;
    for (let i = 0; i <= B; i++) {
      const bit = bits[e * (B + 1) + i];
      require(bit * (bit - 1n));
      if (i < B) rest += bit << BigInt(i);
    }
    const sign = bits[e * (B + 1) + B];
    require(Z[e] - rest + (sign << BigInt(B)));
    require(out[e] - (1n - sign) * rest);
  }
  return total === 0n;
}

function modulo(a: bigint): bigint {
  const rest = a % mersenne61;
  return rest < 0n ? rest + mersenne61 : rest;
}

function fieldElement(random: Rng): bigint {
  for (;;) {
    const bits = bits64(random) >> 3n;
    if (bits < mersenne61) return bits;
  }
}

const logarithm = (n: number): number => Math.ceil(Math.log2(Math.max(1, n)));

function applied(A: IntegerMatrix, x: readonly bigint[]): bigint[] {
  return Array.from({ length: A.rows }, (_, i) => {
    let sum = 0n;
    for (let j = 0; j < A.columns; j++) sum += modulo(A.entries[i * A.columns + j]) * x[j];
    return modulo(sum);
  });
}

/** Puts r for the first variable of a table over corners; the table has a power of two entries. */
function folded(table: readonly bigint[], r: bigint): bigint[] {
  const half = table.length / 2;
  return Array.from({ length: half }, (_, z) => modulo(table[z] + (table[z + half] - table[z]) * r));
}

/** The multilinear extension of a table at a point. */
function extension(table: readonly bigint[], point: readonly bigint[]): bigint {
  let values = padded(table);
  for (const r of point) values = folded(values, r);
  return values[0];
}

/** The extension with the variables of the rows, or of the columns, at a point: a table over the others. */
function partial(A: IntegerMatrix, point: readonly bigint[], ofRows: boolean): bigint[] {
  const { rows, columns, entries } = A;
  const table = Array.from({ length: ofRows ? columns : rows }, (_, k) =>
    extension(
      Array.from(
        { length: ofRows ? rows : columns },
        (_, l) => modulo(entries[ofRows ? l * columns + k : k * columns + l]),
      ),
      point,
    ));
  return padded(table);
}

/** Zeros up to a power of two. */
function padded(table: readonly bigint[]): bigint[] {
  return Array.from({ length: 2 ** logarithm(table.length) }, (_, z) => table[z] ?? 0n);
}

function checkProduct(verb: string, A: IntegerMatrix, B: IntegerMatrix, C?: IntegerMatrix): void {
  for (const { rows, columns, entries } of C ? [A, B, C] : [A, B]) {
    if (rows < 1 || columns < 1 || entries.length !== rows * columns) {
      throw new ShapeError(`Cannot ${verb}: expected ${rows} x ${columns} entries, got ${entries.length}`);
    }
  }
  if (A.columns !== B.rows || C && (C.rows !== A.rows || C.columns !== B.columns)) {
    throw new ShapeError(
      `Cannot ${verb}: expected shapes m x k, k x n and m x n, got ${
        [A, B, ...C ? [C] : []].map(({ rows, columns }) => `${rows} x ${columns}`).join(", ")
      }`,
    );
  }
}
