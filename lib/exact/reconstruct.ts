/**
 * From residues back to integers and fractions.
 *
 * ```
 * Chinese remainders:  x ← x + M ((r - x) M⁻¹ mod p),  M ← M p
 * fraction:  Euclid's algorithm on (M, x):  r_k = t_k x mod M;  the first r_k <= √(M/2) gives x = r_k / t_k
 * ```
 *
 * There is at most one fraction with numerator and denominator up to `√(M/2)` for a residue. Source: Wang, A p-adic
 * algorithm for univariate partial fractions (1981); Monagan, Maximal quotient rational reconstruction (2004).
 *
 * @module
 */
import { DomainError } from "../core/mod.ts";
import { inverseModulo, multiplyModulo, reciprocal } from "./prime_field.ts";
import { bitLength, greatestCommonDivisor, type Rational, rational } from "./rational.ts";

/** `⌊√a⌋` of an integer that is not negative, by Newton's method from above. */
export function integerSquareRoot(a: bigint): bigint {
  if (a < 2n) return a;
  for (let x = 1n << BigInt((bitLength(a) + 1) >> 1);;) {
    const next = (x + a / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}

/**
 * The fraction `n/d` with `n = residue d mod modulus` and `|n|, d <= √(modulus/2)`, if there is one.
 *
 * @throws {DomainError} On a modulus below 2.
 *
 * @example 2/3 modulo 101
 * ```ts
 * import { rationalReconstruct } from "@gradus/gradus/exact";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(rationalReconstruct(68n, 101n), { numerator: 2n, denominator: 3n }); // 3 * 68 = 2 + 2 * 101
 * ```
 */
export function rationalReconstruct(residue: bigint, modulus: bigint): Rational | undefined {
  if (modulus < 2n) {
    throw new DomainError(`Cannot reconstruct a fraction: expected a modulus of at least 2, got ${modulus}`);
  }
  return boundedFraction(((residue % modulus) + modulus) % modulus, modulus, integerSquareRoot(modulus / 2n));
}

/** The same for a residue in `0 … modulus-1` and a bound that is known. */
function boundedFraction(residue: bigint, modulus: bigint, bound: bigint): Rational | undefined {
  let r0 = modulus, r1 = residue, t0 = 0n, t1 = 1n;
  while (r1 > bound) {
    const q = r0 / r1;
    [r0, r1] = [r1, r0 - q * r1];
    [t0, t1] = [t1, t0 - q * t1];
  }
  const size = t1 < 0n ? -t1 : t1;
  if (size > bound || greatestCommonDivisor(r1, size) !== 1n) return undefined;
  return { numerator: t1 < 0n ? -r1 : r1, denominator: size };
}

/**
 * Reads fractions from residues that belong together: solutions of one system, whose denominators share factors. What
 * is known of the common denominator is tried first, which mostly saves Euclid's algorithm.
 */
export function fractionsModulo(modulus: bigint): (residue: bigint) => Rational | undefined {
  const bound = integerSquareRoot(modulus / 2n);
  let denominator = 1n;
  return (residue) => {
    const product = residue * denominator % modulus, negative = modulus - product;
    if (product <= bound) return rational(product, denominator);
    if (negative <= bound) return rational(-negative, denominator);
    const found = boundedFraction(product, modulus, bound);
    if (!found || found.denominator * denominator > bound) return undefined;
    denominator *= found.denominator;
    return rational(found.numerator, denominator);
  };
}

/** Numbers known modulo a growing product of primes. */
export interface Remainders {
  /** The product of the primes so far. */
  modulus: bigint;
  /** The numbers, in `0 … modulus-1`. */
  readonly values: bigint[];
}

/** Takes in the residues modulo one more prime. */
export function addPrime(known: Remainders, residues: Int32Array, p: number): void {
  const { values, modulus } = known, big = BigInt(p), inverse = reciprocal(p);
  const factor = inverseModulo(Number(modulus % big), p);
  for (let k = 0; k < values.length; k++) {
    const missing = residues[k] - Number(values[k] % big);
    if (missing !== 0) {
      values[k] += modulus * BigInt(multiplyModulo(missing < 0 ? missing + p : missing, factor, p, inverse));
    }
  }
  known.modulus = modulus * big;
}

/** The residue of a fraction, or nothing when `p` divides the denominator. */
export function residueOf({ numerator, denominator }: Rational, p: number): number | undefined {
  const big = BigInt(p), d = Number(denominator % big), n = Number((numerator % big + big) % big);
  return d === 0 ? undefined : multiplyModulo(n, inverseModulo(d, p), p, reciprocal(p));
}
