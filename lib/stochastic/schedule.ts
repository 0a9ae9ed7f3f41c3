/**
 * Learning rates that change with the step t = 1, 2, ….
 *
 * @module
 */
import { checkPositive, DomainError, type Options } from "../core/mod.ts";

/** A learning rate as a function of the step. */
export interface Schedule {
  /** As in `cosine`. */
  readonly name: string;
  /** What it was made with. */
  readonly options: Options;
  /** The rate of step t, 1 in the first. */
  readonly at: (t: number) => number;
}

const VERB = "make a schedule";

/** The same rate η always. */
export function constantRate(rate: number): Schedule {
  checkPositive(VERB, "a rate", rate);
  return { name: "constant", options: { rate }, at: () => rate };
}

/**
 * `η (1 - (t-1)/T)` for T steps, then 0.
 *
 * @example From 1 down to 0.25 in four steps
 * ```ts
 * import { linearDecay } from "@gradus/gradus/stochastic";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([1, 2, 3, 4, 5].map(linearDecay(1, 4).at), [1, 0.75, 0.5, 0.25, 0]);
 * ```
 */
export function linearDecay(rate: number, steps: number): Schedule {
  checkPositive(VERB, "a rate", rate);
  checkPositive(VERB, "a number of steps", steps);
  return { name: "linear decay", options: { rate, steps }, at: (t) => rate * Math.max(0, 1 - (t - 1) / steps) };
}

/** `ηₘᵢₙ + ½ (η - ηₘᵢₙ) (1 + cos(π (t-1)/T))` for T steps, then ηₘᵢₙ. */
export function cosineDecay(rate: number, steps: number, least = 0): Schedule {
  checkPositive(VERB, "a rate", rate);
  checkPositive(VERB, "a number of steps", steps);
  if (!(least >= 0 && least <= rate)) {
    throw new DomainError(`Cannot ${VERB}: expected a least rate in [0, ${rate}], got ${least}`);
  }
  const at = (t: number): number =>
    least + 0.5 * (rate - least) * (1 + Math.cos(Math.PI * Math.min(1, (t - 1) / steps)));
  return { name: "cosine decay", options: { rate, steps, least }, at };
}

/** `η / √t`. */
export function inverseSquareRoot(rate: number): Schedule {
  checkPositive(VERB, "a rate", rate);
  return { name: "inverse square root", options: { rate }, at: (t) => rate / Math.sqrt(t) };
}

/** `η qᵏ` with k the whole number of `every` steps made: the rate falls by the factor q in stairs. */
export function stepDecay(rate: number, factor: number, every: number): Schedule {
  checkPositive(VERB, "a rate", rate);
  checkPositive(VERB, "a factor", factor);
  checkPositive(VERB, "a number of steps", every);
  return {
    name: "step decay",
    options: { rate, factor, every },
    at: (t) => rate * factor ** Math.floor((t - 1) / every),
  };
}

/** `η min(1, t/T)` of a schedule: the rate rises in the first T steps. */
export function warmup(steps: number, schedule: Schedule | number): Schedule {
  checkPositive(VERB, "a number of steps", steps);
  const after = scheduleOf(schedule);
  return {
    name: `warmup, ${after.name}`,
    options: { warmup: steps, ...after.options },
    at: (t) => after.at(t) * Math.min(1, t / steps),
  };
}

/** A number as the schedule that it stands for. */
export function scheduleOf(rate: Schedule | number): Schedule {
  return typeof rate === "number" ? constantRate(rate) : rate;
}
