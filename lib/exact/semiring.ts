/**
 * Semirings: where sums and products live. Matrices, polynomials and languages are written once over all of them.
 *
 * ```
 * (+, zero) a commutative monoid,  (*, one) a monoid,  * distributes over +,  zero * a = zero = a * zero
 * star a = one + a + a*a + … = one + a * star a, where the sum means something
 * ```
 *
 * @module
 */
import { DomainError } from "../core/mod.ts";

/** A semiring with elements of type `T`. */
export interface Semiring<T> {
  /** Its name, for messages. */
  readonly name: string;
  /** The neutral element of the sum. */
  readonly zero: T;
  /** The neutral element of the product. */
  readonly one: T;
  /** The sum `a + b`. */
  readonly add: (a: T, b: T) => T;
  /** The product `a * b`. */
  readonly multiply: (a: T, b: T) => T;
  /** Whether two elements are the same. */
  readonly equal: (a: T, b: T) => boolean;
  /** `one + a + a*a + …`; throws a `DomainError` where that is no element. */
  readonly star: (a: T) => T;
}

/** A field: a semiring with differences and quotients. */
export interface Field<T> extends Semiring<T> {
  /** The difference `a - b`. */
  readonly subtract: (a: T, b: T) => T;
  /** The quotient `a / b`; throws a `DomainError` when `b` is zero. */
  readonly divide: (a: T, b: T) => T;
}

/** Says that an element has no star. */
export function noStar(name: string, a: unknown): DomainError {
  return new DomainError(`Cannot take the star of ${a} in ${name}: expected an element whose powers have a sum`);
}

/** Truth values: or, and. A weight says whether there is a way. */
export const booleans: Semiring<boolean> = {
  name: "booleans",
  zero: false,
  one: true,
  add: (a, b) => a || b,
  multiply: (a, b) => a && b,
  equal: (a, b) => a === b,
  star: () => true,
};

/** Natural numbers of any size: plus, times. A weight says how many ways there are. Only 0 has a star. */
export const naturals: Semiring<bigint> = {
  name: "naturals",
  zero: 0n,
  one: 1n,
  add: (a, b) => a + b,
  multiply: (a, b) => a * b,
  equal: (a, b) => a === b,
  star(a) {
    if (a !== 0n) throw noStar("naturals", a);
    return 1n;
  },
};

/** Costs: minimum, plus; zero is infinity, one is 0. A weight says what the cheapest way costs. */
export const minPlus: Semiring<number> = {
  name: "minPlus",
  zero: Infinity,
  one: 0,
  add: Math.min,
  multiply: (a, b) => a + b,
  equal: (a, b) => a === b,
  star(a) {
    if (!(a >= 0)) throw noStar("minPlus", a); // a negative cost could be taken again and again
    return 0;
  },
};

/** Double precision numbers: plus, times. `star a = 1 / (1 - a)` for `|a| < 1`. */
export const reals: Field<number> = {
  name: "reals",
  zero: 0,
  one: 1,
  add: (a, b) => a + b,
  multiply: (a, b) => a * b,
  equal: (a, b) => a === b,
  star(a) {
    if (!(Math.abs(a) < 1)) throw noStar("reals", a);
    return 1 / (1 - a);
  },
  subtract: (a, b) => a - b,
  divide(a, b) {
    if (b === 0) throw new DomainError(`Cannot divide ${a} by 0`);
    return a / b;
  },
};
