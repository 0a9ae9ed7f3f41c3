/**
 * Whether a run still gets lower.
 *
 * @module
 */
import type { State } from "../core/mod.ts";

/** What a run has come down to. */
export interface Lowest extends State {
  /** The measure of convergence, as the method knows it. */
  estimate: number;
  /** The lowest value so far. */
  lowestValue: number;
  /** The lowest estimate so far. */
  lowestEstimate: number;
  /** The number of steps in a row that brought neither down. */
  idle: number;
}

/**
 * Counts a step: as idle where neither the value, beyond its rounding, nor the estimate, by a hundredth, is lower than
 * before.
 */
export function countIdle(state: Lowest): void {
  const rounding = 4 * Number.EPSILON * Math.abs(state.lowestValue);
  const lower = state.value < state.lowestValue - rounding || state.estimate < 0.99 * state.lowestEstimate;
  state.idle = lower ? 0 : state.idle + 1;
  state.lowestValue = Math.min(state.lowestValue, state.value);
  state.lowestEstimate = Math.min(state.lowestEstimate, state.estimate);
}
