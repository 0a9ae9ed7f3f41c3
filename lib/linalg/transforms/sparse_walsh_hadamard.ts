/**
 * SPRIGHT: the Walsh-Hadamard transform of a signal with few coefficients, from few of its samples.
 *
 * ```
 * x[t] = Σ_k X[k] (-1)^⟨t, k⟩,  t, k in F₂ⁿ,  K of the X[k] not zero
 * group c of 3:  M, n x b of full rank, 2^b about K bins;  offsets d_p
 * U_p[j] = 2⁻ᵇ Σ_l (-1)^⟨j, l⟩ x[M l + d_p] = Σ_{k: Mᵀk = j} X[k] (-1)^⟨d_p, k⟩
 * ```
 *
 * A bin with one coefficient tells it. Without noise d₀ = 0, d_i = e_i: all |U_p| are alike and bit i of k is 1 where
 * the sign of U_i is another than that of U₀. With noise: P random d_p and for each of them `d_p + e_i`; bit i is the
 * majority of the signs of `U[d_p] U[d_p + e_i]`, and a bin counts as one coefficient v at k if `|U - v s_k|²/P <= (1 +
 * γ) ν²/2ᵇ`, as empty if that holds of v = 0. What was found is subtracted from all groups, until nothing new is found.
 *
 * Source: Li, Bradley, Pawar and Ramchandran, SPRIGHT: a fast and robust framework for sparse Walsh-Hadamard transform
 * (2015), arXiv 1508.06336, sections III to V.
 *
 * @module
 */
import { DomainError, integer, type Rng, rng, type Vector } from "../../core/mod.ts";
import { checkCount, checkNonnegative } from "../krylov/iteration.ts";
import { fwht } from "./walsh_hadamard.ts";

/** A coefficient that is not zero. */
export interface WalshCoefficient {
  /** k, its binary digits the element of F₂ⁿ. */
  readonly index: number;
  /** X[k]. */
  readonly value: number;
}

/** What was found. */
export interface SparseSpectrum {
  /** The coefficients, by index. */
  readonly coefficients: readonly WalshCoefficient[];
  /** Whether these explain all samples that were taken. If not, they may be wrong and more are missing. */
  readonly complete: boolean;
  /** How many samples were taken, over all attempts. */
  readonly samples: number;
}

/** Options of `spright`. */
export interface SprightOptions {
  /** b: there are 2^b bins in each group, at most 2ⁿ. Default ⌈log₂ K⌉, and with noise one more. */
  readonly binBits?: number;
  /** Attempts with fresh matrices, until the samples are explained. Default 3. */
  readonly attempts?: number;
  /** Draws the matrices. Default a generator of seed 0. */
  readonly generator?: Rng;
}

/** Options of `sprightNoisy`. */
export interface NoisySprightOptions extends SprightOptions {
  /** P, the random offsets. Default 8. */
  readonly offsets?: number;
  /** γ. Default 0.5. */
  readonly slack?: number;
}

/** Gives the sample x[t]. */
export type Sampler = (t: number) => number;

const GROUPS = 3;

/**
 * The at most K coefficients of a signal of length 2ⁿ without noise, from `3 (n + 1) 2^b` samples for each attempt.
 *
 * @throws {DomainError} When n is no integer in 1 … 30, K none in 1 … 2ⁿ, b none in 0 … n, there is no attempt, or a
 * sample is not finite.
 *
 * @example Two coefficients of 2¹⁶
 * ```ts
 * import { spright } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const sign = (x: number): number => x.toString(2).replaceAll("0", "").length % 2 ? -1 : 1;
 * const { coefficients, complete, samples } = spright((t) => 3 * sign(t & 5) - sign(t & 40000), 16, 2);
 * assertEquals(coefficients, [{ index: 5, value: 3 }, { index: 40000, value: -1 }]);
 * assertEquals([complete, samples < 1000], [true, true]);
 * ```
 */
export function spright(sample: Sampler, n: number, K: number, options: SprightOptions = {}): SparseSpectrum {
  const offsets = new Uint32Array(n + 1);
  for (let i = 0; i < n; i++) offsets[i + 1] = 1 << i;
  return attempt(sample, n, K, { binBits: Math.ceil(Math.log2(K)), ...options }, () => offsets, (U, size) => {
    const first = U[0], tolerance = TINY * size;
    if (U.every((u) => Math.abs(u) <= tolerance)) return { kind: "empty" };
    if (!U.every((u) => Math.abs(Math.abs(u) - Math.abs(first)) <= tolerance)) return { kind: "several" };
    let index = 0;
    for (let i = 0; i < n; i++) if (U[i + 1] * first < 0) index |= 1 << i;
    return { kind: "single", index, value: first };
  });
}

/** Rounding of sums, as a share of the largest bin. */
const TINY = 1e-9;

/**
 * The same with independent noise of the variance ν² on each sample, from `3 P (n + 1) 2^b` samples for each attempt.
 *
 * @throws {DomainError} Where `spright` does, and when ν is negative, P no positive integer, or γ negative.
 *
 * @example One coefficient under noise
 * ```ts
 * import { normal, rng } from "@gradus/gradus/core";
 * import { sprightNoisy } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const random = rng(1), sign = (x: number): number => x.toString(2).replaceAll("0", "").length % 2 ? -1 : 1;
 * const { coefficients } = sprightNoisy((t) => 2 * sign(t & 999) + 0.5 * normal(random), 12, 1, 0.5);
 * assertEquals(coefficients.length, 1);
 * assertEquals(coefficients[0].index, 999);
 * assertAlmostEquals(coefficients[0].value, 2, 0.2);
 * ```
 */
export function sprightNoisy(
  sample: Sampler,
  n: number,
  K: number,
  nu: number,
  options: NoisySprightOptions = {},
): SparseSpectrum {
  const verb = "find coefficients", { offsets: P = 8, slack = 0.5 } = options;
  checkNonnegative(verb, "a standard deviation of the noise", nu);
  checkNonnegative(verb, "a slack", slack);
  checkCount(verb, "of offsets", P, 1);
  const settings = { binBits: Math.min(n, Math.ceil(Math.log2(K)) + 1), ...options }, length = 2 ** n;
  const drawn = (random: Rng): Uint32Array => {
    const offsets = new Uint32Array(P * (n + 1));
    for (let p = 0; p < P; p++) {
      const d = integer(random, length), at = p * (n + 1);
      offsets[at] = d;
      for (let i = 0; i < n; i++) offsets[at + i + 1] = d ^ (1 << i);
    }
    return offsets;
  };
  return attempt(sample, n, K, settings, drawn, (U, size, offsets) => {
    const limit = Math.max((1 + slack) * nu * nu / 2 ** settings.binBits, (TINY * size) ** 2);
    if (meanSquare(U) <= limit) return { kind: "empty" };
    let index = 0;
    for (let i = 0; i < n; i++) { // the sign of Σ U[d] U[d + e_i], a majority weighted by size
      let votes = 0;
      for (let at = 0; at < U.length; at += n + 1) votes += U[at] * U[at + i + 1];
      if (votes < 0) index |= 1 << i;
    }
    let value = 0;
    for (let p = 0; p < U.length; p++) value += U[p] * sign(offsets[p], index) / U.length;
    const rest = U.map((u, p) => u - value * sign(offsets[p], index));
    return meanSquare(rest) <= limit ? { kind: "single", index, value } : { kind: "several" };
  });
}

const meanSquare = (U: Vector): number => U.reduce((sum, u) => sum + u * u, 0) / U.length;

type Bin = { kind: "empty" } | { kind: "several" } | { kind: "single"; index: number; value: number };
/** Judges the values of one bin; `size` is the largest of all. */
type Judge = (U: Vector, size: number, offsets: Uint32Array) => Bin;

function attempt(
  sample: Sampler,
  n: number,
  K: number,
  { binBits: b, attempts = 3, generator = rng(0) }: SprightOptions & { binBits: number },
  offsetsFor: (random: Rng) => Uint32Array,
  judge: Judge,
): SparseSpectrum {
  const verb = "find coefficients";
  checkCount(verb, "of binary digits", n, 1);
  checkCount(verb, "of coefficients", K, 1);
  checkCount(verb, "of digits of a bin", b);
  checkCount(verb, "of attempts", attempts, 1);
  if (n > 30 || K > 2 ** n || b > n) {
    throw new DomainError(`Cannot ${verb}: expected n <= 30, K <= 2ⁿ, b <= n, got n = ${n}, K = ${K}, b = ${b}`);
  }
  let samples = 0, best: SparseSpectrum = { coefficients: [], complete: false, samples };
  for (let k = 0; k < attempts && !best.complete; k++) {
    const groups = Array.from({ length: GROUPS }, () => observe(sample, n, b, offsetsFor(generator), generator));
    samples += GROUPS * groups[0].offsets.length * 2 ** b;
    const found = peel(groups, judge, 4 * GROUPS * 2 ** b);
    if (found.complete || found.coefficients.length >= best.coefficients.length) best = { ...found, samples };
  }
  return { ...best, samples };
}

/** A group of bins. */
interface Group {
  /** The columns of M as numbers. */
  readonly columns: Uint32Array;
  readonly offsets: Uint32Array;
  /** For each bin its U, one after the other. */
  readonly U: Vector;
}

function observe(sample: Sampler, n: number, b: number, offsets: Uint32Array, random: Rng): Group {
  const columns = independentColumns(n, b, random), bins = 2 ** b, P = offsets.length;
  const U = new Float64Array(bins * P), x = new Float64Array(bins);
  for (let p = 0; p < P; p++) {
    for (let l = 0, t = offsets[p];;) { // M l by Gray's code: one column changes at a time
      const gray = l ^ (l >> 1);
      x[gray] = sample(t);
      if (!Number.isFinite(x[gray])) {
        throw new DomainError(`Cannot find coefficients: expected finite samples, got ${x[gray]} at ${t}`);
      }
      if (++l === bins) break;
      t ^= columns[31 - Math.clz32(l & -l)];
    }
    fwht(x, x);
    for (let j = 0; j < bins; j++) U[j * P + p] = x[j] / bins;
  }
  return { columns, offsets, U };
}

/** b random columns of n binary digits that are independent over F₂. */
function independentColumns(n: number, b: number, random: Rng): Uint32Array {
  const columns = new Uint32Array(b), reduced = new Uint32Array(n); // reduced[i] has i as its highest digit
  for (let k = 0; k < b;) {
    let rest = columns[k] = integer(random, 2 ** n);
    while (rest !== 0 && reduced[31 - Math.clz32(rest)] !== 0) rest ^= reduced[31 - Math.clz32(rest)];
    if (rest === 0) continue; // depends on those before it
    reduced[31 - Math.clz32(rest)] = rest;
    k++;
  }
  return columns;
}

function peel(groups: readonly Group[], judge: Judge, limit: number): Omit<SparseSpectrum, "samples"> {
  const found = new Map<number, number>(), bins = 2 ** groups[0].columns.length;
  const size = groups.reduce((most, { U }) => U.reduce((most, u) => Math.max(most, Math.abs(u)), most), 0);
  const binOf = ({ U, offsets: { length: P } }: Group, j: number): Vector => U.subarray(j * P, (j + 1) * P);
  for (let progress = true, count = 0; progress;) {
    progress = false;
    for (const group of groups) {
      for (let j = 0; j < bins; j++) {
        const bin = judge(binOf(group, j), size, group.offsets);
        if (bin.kind !== "single" || binIndex(group, bin.index) !== j) continue; // another bin's: a false one
        if (++count > limit) return { coefficients: spectrumOf(found, size), complete: false };
        found.set(bin.index, (found.get(bin.index) ?? 0) + bin.value);
        for (const other of groups) {
          const U = binOf(other, binIndex(other, bin.index));
          for (let p = 0; p < U.length; p++) U[p] -= bin.value * sign(other.offsets[p], bin.index);
        }
        progress = true;
      }
    }
  }
  const complete = groups.every((group) => {
    for (let j = 0; j < bins; j++) if (judge(binOf(group, j), size, group.offsets).kind !== "empty") return false;
    return true;
  });
  return { coefficients: spectrumOf(found, size), complete };
}

/** By index, without what was found and taken back. */
function spectrumOf(found: ReadonlyMap<number, number>, size: number): WalshCoefficient[] {
  return [...found].filter(([, value]) => Math.abs(value) > TINY * size)
    .map(([index, value]) => ({ index, value })).sort((a, b) => a.index - b.index);
}

/** Mᵀk. */
function binIndex({ columns }: Group, k: number): number {
  let j = 0;
  for (let i = 0; i < columns.length; i++) if (sign(columns[i], k) < 0) j |= 1 << i;
  return j;
}

/** `(-1)^⟨t, k⟩`. */
function sign(t: number, k: number): number {
  let bits = t & k;
  bits ^= bits >> 16;
  bits ^= bits >> 8;
  bits ^= bits >> 4;
  bits ^= bits >> 2;
  bits ^= bits >> 1;
  return 1 - 2 * (bits & 1);
}
