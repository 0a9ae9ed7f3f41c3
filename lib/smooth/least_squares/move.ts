/**
 * Moves of the methods for least squares.
 *
 * @module
 */
import type { State, Vector } from "../../core/mod.ts";
import type { LinearModel } from "./model.ts";

/** A state with the linear model at its x. */
export interface LinearizedState extends State {
  /** r, J and Jᵀr at x. */
  readonly model: LinearModel;
}

/** Where to move. */
export interface Trial {
  /** x. */
  readonly x: Vector;
  /** r(x). */
  readonly residual: Vector;
  /** `½ |r|²`. */
  readonly value: number;
}

/** Moves the state to a trial; `linearize` then writes what depends on J. */
export function moveTo(state: LinearizedState, { x, residual, value }: Trial, linearize: () => void): void {
  state.x = x;
  state.model.residual = residual;
  state.value = value;
  linearize();
}

/** Where values tell nothing any more: moves to the trial if its gradient is smaller by a tenth. */
export function settles<S extends LinearizedState>(
  state: S,
  trial: Trial,
  linearize: () => void,
  size: (state: S) => number,
): boolean {
  const before: Trial = { x: state.x, residual: state.model.residual, value: state.value }, sizeBefore = size(state);
  moveTo(state, trial, linearize);
  if (size(state) < 0.9 * sizeBefore) return true;
  moveTo(state, before, linearize);
  return false;
}
