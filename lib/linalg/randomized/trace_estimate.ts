/**
 * What estimators of traces by random probes are told and what they say.
 *
 * @module
 */
import { DomainError, type Rng, type Vector } from "../../core/mod.ts";
import { checkCount } from "../krylov/iteration.ts";

/** Writes `A v` into `out`: all that is known of a square matrix; a Hessian-vector product is one. */
export type MatrixProduct = (v: Vector, out: Vector) => void;

/** Options of estimators by random probes. */
export interface ProbeOptions {
  /** At most so many products with A. Default 100. */
  readonly maxProducts?: number;
  /**
   * Ends as soon as the standard error is at most so much of the value, looked at after each batch. Default 0: never.
   */
  readonly tolerance?: number;
  /** Probes between two looks. Default 10. */
  readonly batch?: number;
  /** Draws the probes. Default a generator of seed 0. */
  readonly generator?: Rng;
}

/** A random estimate and how far it may be off. */
export interface Estimate {
  /** The estimate. */
  readonly value: number;
  /**
   * The standard deviation of the value, estimated from the probes: the truth is within twice this with a probability
   * of about 95 in 100, if there are 20 probes or more. Infinity for a single probe.
   */
  readonly standardError: number;
  /** How many products with A were taken. */
  readonly products: number;
}

/** Mean and variance of numbers that come one by one. Source: Welford (1962). */
export class RunningMean {
  /** How many there were. */
  count = 0;
  /** Their mean. */
  mean = 0;
  #squares = 0;

  /** Takes one more number into account. */
  add(x: number): void {
    const before = x - this.mean;
    this.mean += before / ++this.count;
    this.#squares += before * (x - this.mean);
  }

  /** The estimated standard deviation of the mean. */
  get standardError(): number {
    return this.count < 2 ? Infinity : Math.sqrt(this.#squares / (this.count - 1) / this.count);
  }
}

/**
 * The mean of so many samples, fewer when the standard error falls to the tolerance.
 *
 * @throws {DomainError} When a sample is not finite.
 */
export function averaged(
  verb: string,
  count: number,
  { tolerance = 0, batch = 10 }: ProbeOptions,
  sample: () => number,
): RunningMean {
  checkCount(verb, "of probes", count, 1);
  checkCount(verb, "of probes in a batch", batch, 1);
  if (!(tolerance >= 0)) throw new DomainError(`Cannot ${verb}: expected a tolerance of 0 or more, got ${tolerance}`);
  const mean = new RunningMean();
  while (mean.count < count) {
    for (let k = 0; k < batch && mean.count < count; k++) {
      const x = sample();
      if (!Number.isFinite(x)) throw new DomainError(`Cannot ${verb}: expected finite products, got a sample of ${x}`);
      mean.add(x);
    }
    if (mean.standardError <= tolerance * Math.abs(mean.mean)) break;
  }
  return mean;
}
