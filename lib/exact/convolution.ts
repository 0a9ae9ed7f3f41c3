/**
 * Convolution over any semiring and any monoid of places.
 *
 * ```
 * (f * g)(w) = Σ f(u) g(v)  over all u, v with u v = w
 * ```
 *
 * Places N give polynomials, Nᵏ polynomials in k variables, Z² images and their filters, words languages.
 *
 * Source: Generalized Convolution and Efficient Language Recognition (2019), arXiv 1903.10677.
 *
 * @module
 */
import type { Semiring } from "./semiring.ts";

/** Places that can be put together, associatively and with a neutral place. */
export interface Monoid<K> {
  /** The neutral place. */
  readonly identity: K;
  /** The place `u v`. */
  readonly combine: (u: K, v: K) => K;
  /** A text that equal places, and only these, share. */
  readonly key: (u: K) => string;
}

/** Words under concatenation. */
export const words: Monoid<string> = { identity: "", combine: (u, v) => u + v, key: (u) => u };

/** Integer vectors of one length under addition: exponents of a monomial, or shifts of an image. */
export function shifts(length: number): Monoid<readonly number[]> {
  return {
    identity: Array(length).fill(0),
    combine: (u, v) => u.map((ui, i) => ui + v[i]),
    key: (u) => u.join(),
  };
}

/**
 * A function from places to weights that is zero but for finitely many: by the key of a place, the place and its
 * weight.
 */
export type MonoidMap<K, T> = ReadonlyMap<string, readonly [place: K, weight: T]>;

/** The map with these weights; those of one place add up. */
export function monoidMap<K, T>(
  monoid: Monoid<K>,
  semiring: Semiring<T>,
  weights: Iterable<readonly [place: K, weight: T]>,
): MonoidMap<K, T> {
  const map = new Map<string, readonly [K, T]>();
  for (const [place, weight] of weights) {
    const key = monoid.key(place), before = map.get(key), sum = before ? semiring.add(before[1], weight) : weight;
    if (semiring.equal(sum, semiring.zero)) map.delete(key);
    else map.set(key, [place, sum]);
  }
  return map;
}

/**
 * The convolution of two maps.
 *
 * @example (x + y)(x - y), and ways to write "aa"
 * ```ts
 * import { convolve, monoidMap, naturals, reals, shifts, words } from "@gradus/gradus/exact";
 * import { assertEquals } from "@std/assert";
 *
 * const exponents = shifts(2);
 * const sum = monoidMap(exponents, reals, [[[1, 0], 1], [[0, 1], 1]]);
 * const difference = monoidMap(exponents, reals, [[[1, 0], 1], [[0, 1], -1]]);
 * assertEquals([...convolve(exponents, reals, sum, difference).values()], [[[2, 0], 1], [[0, 2], -1]]);
 *
 * const as = monoidMap(words, naturals, [["", 1n], ["a", 1n], ["aa", 1n]]);
 * assertEquals(convolve(words, naturals, as, as).get("aa"), ["aa", 3n]);
 * ```
 */
export function convolve<K, T>(
  monoid: Monoid<K>,
  semiring: Semiring<T>,
  f: MonoidMap<K, T>,
  g: MonoidMap<K, T>,
): MonoidMap<K, T> {
  function* products(): Generator<readonly [K, T]> {
    for (const [u, a] of f.values()) {
      for (const [v, b] of g.values()) yield [monoid.combine(u, v), semiring.multiply(a, b)];
    }
  }
  return monoidMap(monoid, semiring, products());
}

/** The convolution of two sequences over N: the coefficients of the product of two polynomials, by increasing power. */
export function polynomialProduct<T>(semiring: Semiring<T>, f: readonly T[], g: readonly T[]): T[] {
  const { zero, add, multiply } = semiring;
  if (f.length === 0 || g.length === 0) return [];
  const product: T[] = Array(f.length + g.length - 1).fill(zero);
  f.forEach((a, i) => g.forEach((b, j) => product[i + j] = add(product[i + j], multiply(a, b))));
  return product;
}
