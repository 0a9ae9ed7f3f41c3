/**
 * Learners of a parameter: what chooses one of d values, sees what that choice costs, and nothing else.
 *
 * @module
 */
import { DomainError, type Rng, uniform, type Vector } from "../../core/mod.ts";

/** A learner over a state of plain data. */
export interface ParameterLearner<State> {
  /** Its name. */
  readonly name: string;
  /** The number of arms. */
  readonly arms: number;
  /** A state that knows nothing. */
  readonly init: () => State;
  /** Draws an arm, from 0 on, for a system with the given context. */
  readonly choose: (state: State, context: number, random: Rng) => number;
  /** Learns what an arm has cost: for solvers the number of iterations, at least 1. */
  readonly learn: (state: State, context: number, arm: number, cost: number) => void;
}

/** An interval that holds the contexts. */
export interface ContextBounds {
  /** a. */
  readonly lower: number;
  /** b. */
  readonly upper: number;
}

/** Refuses a number of arms that is no positive integer. */
export function checkArms(arms: number): void {
  if (!Number.isSafeInteger(arms) || arms < 1) {
    throw new DomainError(`Cannot learn a parameter: expected a positive integer for the arms, got ${arms}`);
  }
}

/** Refuses an interval that is empty or infinite. */
export function checkBounds({ lower, upper }: ContextBounds): void {
  if (!(lower < upper && upper - lower < Infinity)) {
    throw new DomainError(`Cannot learn a parameter: expected contexts from a to b > a, got ${lower} to ${upper}`);
  }
}

/** Refuses an arm that does not exist and a cost below 1. */
export function checkFeedback(arms: number, arm: number, cost: number): void {
  if (!(Number.isSafeInteger(arm) && arm >= 0 && arm < arms && cost >= 1 && cost < Infinity)) {
    throw new DomainError(
      `Cannot learn a parameter: expected an arm below ${arms} and a cost from 1 on, got ${arm} and ${cost}`,
    );
  }
}

/** Draws an index with the given probabilities. */
export function draw(probabilities: Vector, random: Rng): number {
  let u = uniform(random), last = 0;
  for (let i = 0; i < probabilities.length; i++) {
    if (!(probabilities[i] > 0)) continue;
    u -= probabilities[i];
    last = i;
    if (u < 0) break;
  }
  return last; // rounding may leave some of u
}
