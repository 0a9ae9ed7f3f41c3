/**
 * Which examples a step sees.
 *
 * @module
 */
import { DomainError, integer, permutation, type Rng } from "../core/mod.ts";

/** How batches are drawn. */
export interface BatchOptions {
  /** Examples in a batch; a problem with fewer gives all. Default 32. */
  readonly batchSize?: number;
  /**
   * `epochs`: each example once, in a new order each time; the last batch of an epoch may be smaller. `replacement`:
   * each example of a batch drawn from all. Default `epochs`.
   */
  readonly sampling?: "epochs" | "replacement";
}

/** How batches are drawn, from options that say more; what is not given stays away. */
export function batchOptions({ batchSize, sampling }: BatchOptions): BatchOptions {
  return { ...(batchSize !== undefined && { batchSize }), ...(sampling && { sampling }) };
}

/** The examples of the batch at hand, and where it comes from. */
export interface Batches {
  /** The batch. */
  batch: Uint32Array;
  /** The order of the examples in this epoch; empty with replacement. */
  readonly order: Uint32Array;
  /** How many of the epoch have been seen. */
  seen: number;
}

/**
 * Nothing drawn yet.
 *
 * @throws {DomainError} When the size of a batch is no positive whole number.
 */
export function batches(examples: number, { batchSize = 32, sampling = "epochs" }: BatchOptions): Batches {
  if (!Number.isSafeInteger(batchSize) || batchSize < 1) {
    throw new DomainError(`Cannot draw batches: expected a positive whole number of examples, got ${batchSize}`);
  }
  const inEpochs = sampling === "epochs";
  return {
    batch: new Uint32Array(Math.min(batchSize, examples)),
    order: new Uint32Array(inEpochs ? examples : 0),
    seen: inEpochs ? examples : 0,
  };
}

/** Draws the next batch and returns it. */
export function nextBatch(state: Batches, examples: number, rng: Rng, { batchSize = 32 }: BatchOptions): Uint32Array {
  const { order } = state;
  if (order.length === 0) {
    for (let k = 0; k < state.batch.length; k++) state.batch[k] = integer(rng, examples);
    return state.batch;
  }
  if (state.seen === examples) {
    permutation(rng, order);
    state.seen = 0;
  }
  const size = Math.min(batchSize, examples - state.seen);
  if (state.batch.length !== size) state.batch = new Uint32Array(size);
  for (let k = 0; k < size; k++) state.batch[k] = order[state.seen + k];
  state.seen += size;
  return state.batch;
}
