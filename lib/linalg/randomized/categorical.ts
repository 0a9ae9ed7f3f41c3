/**
 * Drawing indices with given probabilities.
 *
 * @module
 */
import { DomainError, type Vector } from "../../core/mod.ts";

/**
 * The running sums of weights, from which `drawIndex` draws.
 *
 * @throws {DomainError} When a weight is negative or not finite, or all are zero.
 */
export function cumulative(verb: string, weights: ArrayLike<number>): Vector {
  const sums = new Float64Array(weights.length);
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    if (!(weights[i] >= 0)) {
      throw new DomainError(`Cannot ${verb}: expected weights that are not negative, got ${weights[i]} at ${i}`);
    }
    sums[i] = sum += weights[i];
  }
  if (sum > 0 && sum < Infinity) return sums;
  throw new DomainError(`Cannot ${verb}: expected weights with a positive finite sum, got ${sum}`);
}
