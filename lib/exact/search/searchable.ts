/**
 * Searchable spaces: sets in which a point with a given property is found whenever there is one.
 *
 * ```
 * find(p)             a point x with p(x), or nothing where there is none
 * find of A × B       a = find_A(a: find_B(b: p(a, b)) finds one),  b = find_B(b: p(a, b))
 * least point up to ε x ← find(y: f(y) < f(x) - δ),  δ halved down to ε where there is none
 * ```
 *
 * Source: Escardó, Infinite sets that admit fast exhaustive search (2007); Ghica and Ambridge, A constructive,
 * type-theoretic approach to regression via global optimisation (2020), arXiv:2006.12868.
 *
 * @module
 */
import { DomainError } from "../../core/mod.ts";

/** A set that can be searched. */
export interface Searchable<T> {
  /** A point that has the property; nothing if none has. */
  readonly find: (property: (point: T) => boolean) => T | undefined;
}

/** A finite set; its points are tried in their order. */
export function finitePoints<T>(points: readonly T[]): Searchable<T> {
  return { find: (property) => points.find(property) };
}

/**
 * An interval, for properties that do not tell numbers apart which are no more than `resolution` from each other: the
 * middles of equal cells, from which no number of the interval is further.
 *
 * @throws {DomainError} When the ends are not finite and in order, the resolution is not positive, or there would be
 * over 2³¹ cells.
 */
export function interval(lower: number, upper: number, resolution: number): Searchable<number> {
  if (!(lower <= upper && upper - lower < Infinity && resolution > 0)) {
    throw new DomainError(
      `Cannot search an interval: expected finite ends in order and a positive resolution, got ${lower}, ${upper}, ${resolution}`,
    );
  }
  const cells = Math.max(1, Math.ceil((upper - lower) / (2 * resolution))), width = (upper - lower) / cells;
  if (cells > 2 ** 31) {
    throw new DomainError(
      `Cannot search an interval: expected at most 2³¹ cells, got ${cells}; a coarser resolution has fewer`,
    );
  }
  return {
    find: (property) => {
      for (let k = 0; k < cells; k++) {
        const x = lower + (k + 0.5) * width;
        if (property(x)) return x;
      }
      return undefined;
    },
  };
}

/** The pairs of points of two spaces. */
export function product<A, B>(first: Searchable<A>, second: Searchable<B>): Searchable<readonly [A, B]> {
  return {
    find: (property) => {
      let b: B | undefined;
      const a = first.find((a) => (b = second.find((b) => property([a, b]))) !== undefined);
      return a === undefined || b === undefined ? undefined : [a, b];
    },
  };
}

/** Whether all points have a property. */
export function holdsEverywhere<T>(space: Searchable<T>, property: (point: T) => boolean): boolean {
  return space.find((point) => !property(point)) === undefined;
}

/**
 * A point x of a space with `f(x) <= f(y) + ε` for all its points y.
 *
 * @throws {DomainError} When ε is not positive, the space is empty, or f is NaN at a point that the search comes to.
 *
 * @example The least value over pairs
 * ```ts
 * import { finitePoints, interval, leastPoint, product } from "@gradus/gradus/exact";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const space = product(finitePoints(["sine", "cosine"] as const), interval(0, 3, 1e-3));
 * const { point, value } = leastPoint(space, ([name, t]) => name === "sine" ? Math.sin(t) : Math.cos(t), 1e-6);
 * assertEquals(point[0], "cosine");
 * assert(value < Math.cos(3) + 1e-3);
 * ```
 */
export function leastPoint<T>(
  space: Searchable<T>,
  f: (point: T) => number,
  epsilon: number,
): { point: T; value: number } {
  if (!(epsilon > 0)) throw new DomainError(`Cannot find a least point: expected ε > 0, got ${epsilon}`);
  let point = space.find(() => true);
  if (point === undefined) {
    throw new DomainError("Cannot find a least point: expected a space with points, got an empty one");
  }
  const valueAt = (at: T): number => {
    const value = f(at);
    if (Number.isNaN(value)) {
      throw new DomainError("Cannot find a least point: expected a value at each point, got NaN");
    }
    return value;
  };
  const firstFall = (value: number): number =>
    Math.abs(value) < Infinity ? Math.max(epsilon, Math.abs(value)) : epsilon;
  let value = valueAt(point), delta = firstFall(value);
  while (true) {
    const better = space.find((other) => valueAt(other) < value - delta);
    if (better !== undefined) {
      const wasInfinite = value === Infinity;
      point = better;
      value = valueAt(better);
      if (wasInfinite) delta = firstFall(value);
    } else if (delta > epsilon) {
      delta = Math.max(epsilon, delta / 2);
    } else return { point, value };
  }
}
