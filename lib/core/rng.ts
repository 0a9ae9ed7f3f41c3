/**
 * Seeded random numbers: xoshiro256** in 32-bit halves, so that every engine gives the same bits.
 *
 * A generator is its words, an ordinary `Uint32Array` that a solver's state can hold and a checkpoint can save; the
 * functions here advance it. Source: Blackman and Vigna, Scrambled linear pseudorandom number generators (2021),
 * arXiv 1805.01407; seeding by SplitMix64 as they advise.
 *
 * @module
 */
import { DomainError } from "./errors.ts";
import { norm2, scale, type Vector } from "./vector.ts";

/** The words of a generator: four 64-bit integers (low half first), then a spare normal (a flag and its two words). */
export type Rng = Uint32Array;

const WORDS = 11, SPARE = 8;
const spareBits = new Uint32Array(2), spareValue = new Float64Array(spareBits.buffer);

/**
 * A generator from a seed; equal seeds give equal sequences.
 *
 * @param seed A non-negative safe integer.
 *
 * @example Seeds repeat
 * ```ts
 * import { rng, uniform } from "@gradus/gradus/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(uniform(rng(7)), uniform(rng(7)));
 * ```
 */
export function rng(seed: number): Rng {
  if (seed !== last.seed) last = { seed, words: seeded(seed) };
  return last.words.slice();
}

/** The one made last: many runs begin with the same. */
let last: { readonly seed: number; readonly words: Rng } = { seed: NaN, words: new Uint32Array(WORDS) };

function seeded(seed: number): Rng {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new DomainError(`Cannot seed a generator: expected a non-negative safe integer, got ${seed}`);
  }
  const words = new Uint32Array(WORDS), mask = (1n << 64n) - 1n;
  let z = BigInt(seed);
  for (let i = 0; i < 4; i++) { // SplitMix64
    z = (z + 0x9e3779b97f4a7c15n) & mask;
    let w = z;
    w = ((w ^ (w >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
    w = ((w ^ (w >> 27n)) * 0x94d049bb133111ebn) & mask;
    w ^= w >> 31n;
    words[2 * i] = Number(w & 0xffffffffn);
    words[2 * i + 1] = Number(w >> 32n);
  }
  return words;
}

const output = new Uint32Array(2);

/** Advances by one and leaves the 64-bit result in `output`, low half first. */
function advance(s: Rng): void {
  const s0 = s[0], t0 = s[1], s1 = s[2], t1 = s[3], s2 = s[4], t2 = s[5], s3 = s[6], t3 = s[7];
  // result = rotl(s1 * 5, 7) * 9, each product by shift and add with carry
  let low = ((s1 << 2) >>> 0) + s1;
  let high = ((t1 << 2) | (s1 >>> 30)) + t1 + (low > 0xffffffff ? 1 : 0);
  low = low >>> 0;
  high = high >>> 0;
  const l7 = ((low << 7) | (high >>> 25)) >>> 0, h7 = ((high << 7) | (low >>> 25)) >>> 0;
  const low9 = ((l7 << 3) >>> 0) + l7;
  output[1] = ((h7 << 3) | (l7 >>> 29)) + h7 + (low9 > 0xffffffff ? 1 : 0);
  output[0] = low9;
  // t = s1 << 17; the linear engine
  const a = s1 << 17, b = (t1 << 17) | (s1 >>> 15);
  const u2 = s2 ^ s0, v2 = t2 ^ t0, u3 = s3 ^ s1, v3 = t3 ^ t1;
  s[2] = s1 ^ u2;
  s[3] = t1 ^ v2;
  s[0] = s0 ^ u3;
  s[1] = t0 ^ v3;
  s[4] = u2 ^ a;
  s[5] = v2 ^ b;
  // s3 = rotl(s3, 45): rotating by 32 swaps the halves, 13 remain
  s[6] = (v3 << 13) | (u3 >>> 19);
  s[7] = (u3 << 13) | (v3 >>> 19);
}

/** The next 64 random bits. */
export function bits64(s: Rng): bigint {
  advance(s);
  return (BigInt(output[1]) << 32n) | BigInt(output[0]);
}

/** A uniform number in [0, 1), a multiple of 2⁻⁵³. */
export function uniform(s: Rng): number {
  advance(s);
  return (output[1] * 0x200000 + (output[0] >>> 11)) * 2 ** -53;
}

/** A uniform integer in 0 … n-1, without bias. */
export function integer(s: Rng, n: number): number {
  if (!Number.isSafeInteger(n) || n < 1) {
    throw new DomainError(`Cannot draw an integer below ${n}: expected a positive safe integer`);
  }
  const limit = 2 ** 53 - (2 ** 53 % n);
  for (;;) {
    advance(s);
    const u = output[1] * 0x200000 + (output[0] >>> 11);
    if (u < limit) return u % n;
  }
}

/**
 * An index with a probability in proportion to its weight, given the weights' running sums; never one of weight zero.
 */
export function drawIndex(sums: Float64Array, s: Rng): number {
  const level = uniform(s) * sums[sums.length - 1];
  let low = 0, high = sums.length - 1;
  while (low < high) { // the first whose sum exceeds the level
    const middle = (low + high) >> 1;
    if (sums[middle] > level) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** A standard normal number (Marsaglia's polar method; its second number is kept for the next call). */
export function normal(s: Rng): number {
  if (s[SPARE]) {
    s[SPARE] = 0;
    spareBits[0] = s[SPARE + 1];
    spareBits[1] = s[SPARE + 2];
    return spareValue[0];
  }
  for (;;) {
    const u = 2 * uniform(s) - 1, v = 2 * uniform(s) - 1, q = u * u + v * v;
    if (q >= 1 || q === 0) continue;
    const f = Math.sqrt(-2 * Math.log(q) / q);
    spareValue[0] = v * f;
    s[SPARE] = 1;
    s[SPARE + 1] = spareBits[0];
    s[SPARE + 2] = spareBits[1];
    return u * f;
  }
}

/** -1 or 1 with equal probability. */
export function rademacher(s: Rng): number {
  advance(s);
  return (output[1] >>> 31) * 2 - 1;
}

/** Fills `out` with independent uniform numbers in [0, 1). */
export function fillUniform(s: Rng, out: Vector): Vector {
  for (let i = 0; i < out.length; i++) out[i] = uniform(s);
  return out;
}

/** Fills `out` with independent standard normal numbers. */
export function fillNormal(s: Rng, out: Vector): Vector {
  for (let i = 0; i < out.length; i++) out[i] = normal(s);
  return out;
}

/** Fills `out` with independent signs. */
export function fillRademacher(s: Rng, out: Vector): Vector {
  for (let i = 0; i < out.length; i++) out[i] = rademacher(s);
  return out;
}

/** Fills `out` with a uniform point of the unit sphere. */
export function fillSphere(s: Rng, out: Vector): Vector {
  for (;;) {
    const r = norm2(fillNormal(s, out));
    if (r > 0) {
      scale(1 / r, out);
      return out;
    }
  }
}

/** Fills `out` with a uniform permutation of 0 … n-1. */
export function permutation(s: Rng, out: Uint32Array): Uint32Array {
  for (let i = 0; i < out.length; i++) { // inside-out Fisher-Yates
    const j = integer(s, i + 1);
    out[i] = out[j];
    out[j] = i;
  }
  return out;
}

/**
 * Fills `out` with distinct integers from 0 … n-1, every subset equally likely, in increasing order of discovery
 * (Floyd's algorithm; O(k) memory for k entries).
 *
 * @throws {DomainError} When more are asked for than there are.
 */
export function sampleWithoutReplacement(s: Rng, n: number, out: Uint32Array): Uint32Array {
  const k = out.length;
  if (k > n) throw new DomainError(`Cannot sample ${k} distinct integers below ${n}`);
  const seen = new Set<number>();
  for (let i = 0; i < k; i++) {
    const top = n - k + i, j = integer(s, top + 1), pick = seen.has(j) ? top : j;
    seen.add(pick);
    out[i] = pick;
  }
  return out;
}

const JUMP = [0x180ec6d33cfd0aban, 0xd5a61266f0c9392cn, 0xa9582618e03fc9aan, 0x39abdc4529b1661cn];

/** Advances by 2¹²⁸ steps. */
export function jump(s: Rng): void {
  const sum = new Uint32Array(8);
  for (const word of JUMP) {
    for (let b = 0n; b < 64n; b++) {
      if ((word >> b) & 1n) { for (let i = 0; i < 8; i++) sum[i] ^= s[i]; }
      advance(s);
    }
  }
  s.set(sum);
  s[SPARE] = 0;
}

/**
 * `count` independent generators: the given one's sequence cut into pieces of 2¹²⁸ numbers. `s` itself ends behind
 * the last piece.
 */
export function streams(s: Rng, count: number): Rng[] {
  return Array.from({ length: count }, () => {
    const stream = s.slice();
    stream[SPARE] = 0;
    jump(s);
    return stream;
  });
}
