/**
 * Integers modulo a prime below 2³¹.
 *
 * A product has up to 62 bits, more than a double holds. Its quotient by p is found in doubles, with `1/p` rounded down
 * so far that it is at most one too small, and the remainder then modulo 2³², where 32-bit integers are exact:
 *
 * ```
 * q = ⌊a b (1/p)⌋ or one less,   a b - q p in [0, p + 2⁻¹⁸ p)
 * ```
 *
 * @module
 */
import { DomainError } from "../core/mod.ts";
import { type Field, noStar } from "./semiring.ts";

/** The integers modulo a prime, as numbers 0 … p-1. */
export interface PrimeField extends Field<number> {
  /** The prime. */
  readonly p: number;
  /** The residue of an integer in 0 … p-1. */
  readonly residue: (a: bigint | number) => number;
}

/** `1/p`, rounded down by 8 units in the last place. */
export const reciprocal = (p: number): number => (1 / p) * (1 - 2 ** -50);

/** `a b mod p` for `0 <= a, b < p < 2³¹`, given `reciprocal(p)`. */
export function multiplyModulo(a: number, b: number, p: number, inverse: number): number {
  const q = (a * b * inverse) | 0, r = (Math.imul(a, b) - Math.imul(q, p) - p) | 0; // in [-p, 2⁻¹⁸ p)
  return r < 0 ? r + p : r;
}

/** `w ← w + f v mod p` on the places of a sparse `v`: the loop that elimination consists of. */
export function addMultiple(
  w: Int32Array,
  f: number,
  places: Uint32Array,
  values: Int32Array,
  p: number,
  inverse: number,
): void {
  p |= 0; // a prime above 2³⁰ would otherwise be taken for a double: two and a half times as slow
  f |= 0;
  for (let k = 0; k < values.length; k++) {
    const v = values[k], j = places[k], q = (v * f * inverse) | 0;
    let r = (Math.imul(v, f) - Math.imul(q, p) - p) | 0;
    r = (r + ((r >> 31) & p)) | 0; // without branches, which random residues would make unpredictable
    r = (r + w[j] - p) | 0;
    w[j] = (r + ((r >> 31) & p)) | 0;
  }
}

/** `w[to + k] ← w[to + k] + f w[from + k] mod p` for `0 <= k < count`: the same within one dense array. */
export function addRange(
  w: Int32Array,
  to: number,
  f: number,
  from: number,
  count: number,
  p: number,
  inverse: number,
): void {
  p |= 0;
  f |= 0;
  for (let k = 0; k < count; k++) {
    const v = w[from + k], q = (v * f * inverse) | 0;
    let r = (Math.imul(v, f) - Math.imul(q, p) - p) | 0;
    r = (r + ((r >> 31) & p)) | 0;
    r = (r + w[to + k] - p) | 0;
    w[to + k] = (r + ((r >> 31) & p)) | 0;
  }
}

/** `1/a mod p` by Euclid's algorithm, for `0 < a < p`. */
export function inverseModulo(a: number, p: number): number {
  let r0 = p, r1 = a, t0 = 0, t1 = 1; // t a = r mod p; |t| < p, so all is exact
  while (r1 !== 0) {
    const q = Math.floor(r0 / r1);
    [r0, r1] = [r1, r0 - q * r1];
    [t0, t1] = [t1, t0 - q * t1];
  }
  return t0 < 0 ? t0 + p : t0;
}

/**
 * Whether `n < 2³¹` is prime: the test of Miller and Rabin to the bases 2, 3, 5 and 7, which errs on no number below
 * 3 215 031 751 (Jaeschke, On strong pseudoprimes to several bases, 1993).
 *
 * @throws {DomainError} When `n` is no integer in 0 … 2³¹ - 1.
 */
export function isPrime(n: number): boolean {
  if (!(Number.isInteger(n) && n >= 0 && n < 2 ** 31)) {
    throw new DomainError(`Cannot test for a prime: expected an integer in 0 to 2^31 - 1, got ${n}`);
  }
  for (const q of [2, 3, 5, 7]) if (n % q === 0) return n === q;
  if (n < 121) return n > 1;
  const inverse = reciprocal(n), power = (n - 1) & (1 - n), twos = Math.log2(power), odd = (n - 1) / power;
  return [2, 3, 5, 7].every((base) => {
    let x = powerModulo(base, odd, n, inverse);
    if (x === 1 || x === n - 1) return true;
    for (let i = 1; i < twos; i++) {
      x = multiplyModulo(x, x, n, inverse);
      if (x === n - 1) return true;
    }
    return false;
  });
}

function powerModulo(a: number, exponent: number, p: number, inverse: number): number {
  let result = 1;
  for (let e = exponent; e > 0; e = Math.floor(e / 2)) {
    if (e % 2 === 1) result = multiplyModulo(result, a, p, inverse);
    a = multiplyModulo(a, a, p, inverse);
  }
  return result;
}

/** The primes below 2³¹, from the largest down. */
export function* largePrimes(): Generator<number, void> {
  for (let n = 2 ** 31 - 1; n > 2; n -= 2) if (isPrime(n)) yield n;
}

/**
 * Refuses what is no prime below 2³¹.
 *
 * @throws {DomainError} On such a number.
 */
export function checkPrime(verb: string, p: number): void {
  if (!(Number.isInteger(p) && p >= 2 && p < 2 ** 31 && isPrime(p))) {
    throw new DomainError(`Cannot ${verb}: expected a prime below 2^31, got ${p}`);
  }
}

/**
 * The field of integers modulo the prime `p`.
 *
 * @throws {DomainError} When `p` is no prime below 2³¹.
 *
 * @example A quotient modulo 7
 * ```ts
 * import { primeField } from "@gradus/gradus/exact";
 * import { assertEquals } from "@std/assert";
 *
 * const field = primeField(7);
 * assertEquals(field.divide(1, 3), 5);
 * assertEquals(field.multiply(3, 5), 1);
 * ```
 */
export function primeField(p: number): PrimeField {
  checkPrime("make a prime field", p);
  const inverse = reciprocal(p), big = BigInt(p), name = `integers modulo ${p}`;
  const divide = (a: number, b: number): number => {
    if (b === 0) throw new DomainError(`Cannot divide ${a} by 0 among the ${name}`);
    return multiplyModulo(a, inverseModulo(b, p), p, inverse);
  };
  return {
    name,
    p,
    zero: 0,
    one: 1,
    add: (a, b) => (a + b) % p,
    subtract: (a, b) => a < b ? a - b + p : a - b,
    multiply: (a, b) => multiplyModulo(a, b, p, inverse),
    divide,
    equal: (a, b) => a === b,
    star(a) {
      if (a !== 0) throw noStar(name, a); // powers do not tend to zero
      return 1;
    },
    residue(a) {
      if (typeof a === "number" && !Number.isInteger(a)) {
        throw new DomainError(`Cannot reduce modulo ${p}: expected an integer, got ${a}`);
      }
      const r = Number(BigInt(a) % big);
      return r < 0 ? r + p : r;
    },
  };
}
