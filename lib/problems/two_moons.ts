/**
 * Two half circles that reach into each other: data of two classes that no line divides.
 *
 * @module
 */
import { DomainError, normal, type Rng, uniform } from "../core/mod.ts";
import { type Dataset, dataset } from "./dataset.ts";

/** Options of `twoMoons`. */
export interface TwoMoonsOptions {
  /** The number of points, of both classes in turn. */
  readonly rows: number;
  /** The generator, which advances. */
  readonly random: Rng;
  /** The standard deviation of normal noise on both coordinates. Default 0.1. */
  readonly noise?: number;
  /** Whether a third column holds ones. Default false. */
  readonly bias?: boolean;
}

/**
 * Points `(cos t, sin t)` with the target 0 and `(1 - cos t, ½ - sin t)` with the target 1, t uniform in [0, π], with
 * noise.
 *
 * @throws {DomainError} When the number of rows is no positive whole number, or the noise is negative.
 *
 * @example Without noise
 * ```ts
 * import { rng } from "@gradus/gradus/core";
 * import { twoMoons } from "@gradus/gradus/problems";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const { features, targets } = twoMoons({ rows: 2, random: rng(1), noise: 0 });
 * const [a, b, c, d] = features as Float64Array;
 * assertAlmostEquals(a ** 2 + b ** 2, 1);
 * assertAlmostEquals((c - 1) ** 2 + (d - 0.5) ** 2, 1);
 * assertEquals([...targets], [0, 1]);
 * ```
 */
export function twoMoons({ rows, random, noise = 0.1, bias = false }: TwoMoonsOptions): Dataset {
  if (!(Number.isSafeInteger(rows) && rows >= 1 && noise >= 0 && noise < Infinity)) {
    throw new DomainError(`Cannot draw two moons: expected some rows and noise >= 0, got ${rows} and ${noise}`);
  }
  const columns = bias ? 3 : 2, features = new Float64Array(rows * columns).fill(1);
  for (let k = 0; k < rows; k++) {
    const t = Math.PI * uniform(random), inner = k % 2 === 1;
    features[k * columns] = (inner ? 1 - Math.cos(t) : Math.cos(t)) + noise * normal(random);
    features[k * columns + 1] = (inner ? 0.5 - Math.sin(t) : Math.sin(t)) + noise * normal(random);
  }
  return dataset({
    name: "two moons",
    features,
    columns,
    targets: Float64Array.from({ length: rows }, (_, k) => k % 2),
  });
}
