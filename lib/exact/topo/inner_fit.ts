/**
 * What a fit in an order shows to those who change the order.
 *
 * @module
 */
import type { Matrix } from "../../core/mod.ts";

/** The fit in an order, which swaps change. */
export interface InnerFit {
  /** Vertices by position. */
  readonly order: Uint32Array;
  /** Q of the best weights. */
  value(): number;
  /** The best weights. */
  weights(): Matrix;
  /** What Q would change by if the positions p < q were exchanged. */
  change(p: number, q: number): number;
  /** Exchanges pairs of positions p < q, `p₀, q₀, p₁, …`, whose ranges do not overlap. */
  exchange(pairs: readonly number[]): void;
}

/** Exchanges pairs of positions. */
export function exchangePositions(order: Uint32Array, pairs: readonly number[]): void {
  for (let k = 0; k < pairs.length; k += 2) {
    const p = pairs[k], q = pairs[k + 1];
    [order[p], order[q]] = [order[q], order[p]];
  }
}
