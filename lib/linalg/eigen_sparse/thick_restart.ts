/**
 * Restarts that keep Ritz vectors, for Lanczos' and for Golub and Kahan's process.
 *
 * ```
 * a basis grows to m vectors;  Ritz values θ and bounds ρ of their residuals
 * keep the wanted Ritz vectors and some more, go on with the vector that would have come next
 * ```
 *
 * A Krylov space holds one vector of each eigenspace only. So when the wanted pairs have converged the process starts
 * again from them and a random vector, until the next pair is known well enough to say that it does not belong to the
 * wanted ones: this finds the multiple eigenvalues.
 *
 * Source: Wu and Simon, Thick-restart Lanczos method for large symmetric eigenvalue problems (2000).
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";

/** Which values are wanted. */
export type Which = "largest" | "smallest" | "both" | "magnitude";

/** A process that builds orthonormal bases. */
export interface Process {
  /** Grows the basis from so many vectors to m; returns how many there are, fewer when they span the whole space. */
  readonly extend: (from: number) => number;
  /** The Ritz values of a basis of so many vectors, and bounds of their residuals. */
  readonly ritz: (count: number) => Ritz;
  /** Keeps these Ritz vectors, and goes on with the next vector, or with a random one. */
  readonly restart: (kept: Int32Array, fresh: boolean) => void;
}

/** Ritz values. */
export interface Ritz {
  /** In any order. */
  readonly values: Vector;
  /** Bounds of the residuals. */
  readonly bounds: Vector;
  /** A residual of the tolerance times this is small. */
  readonly size: number;
}

/** How the restarts ended. */
export interface Ending {
  /** The indices of the wanted Ritz values, best first. */
  readonly chosen: Int32Array;
  /** How many restarts there were. */
  readonly restarts: number;
}

/**
 * Runs the process until k wanted values have converged.
 *
 * @param process The process.
 * @param k How many values are wanted.
 * @param m How many vectors there may be.
 * @param n How many span the whole space.
 * @param which Which values are wanted.
 * @param tolerance When they have converged.
 * @param limit At most so many restarts.
 */
export function thickRestart(
  process: Process,
  k: number,
  m: number,
  n: number,
  which: Which,
  tolerance: number,
  limit: number,
): Ending {
  for (let restarts = 0, from = 0, confirming = false;; restarts++) {
    const count = process.extend(from), { values, bounds, size } = process.ritz(count), order = ranked(values, which);
    const chosen = order.slice(0, k), small = tolerance * size, done = chosen.every((i) => bounds[i] <= small);
    const finite = bounds.every((bound) => bound < Infinity);
    if (
      !finite || count < m || count === n || restarts >= limit ||
      done && confirming && settled(values, bounds, order, k, which, small)
    ) {
      return { chosen, restarts };
    }
    // a random vector goes on from pairs whose residuals are nothing
    const fresh = done && !confirming;
    from = fresh ? k : Math.min(m - 2, k + Math.ceil((m - k) / 2));
    confirming = done;
    process.restart(order.slice(0, from), fresh);
  }
}

/** The indices of the values, the most wanted first. */
function ranked(values: Vector, which: Which): Int32Array {
  const order = Int32Array.from(values.keys());
  if (which === "smallest") return order.sort((i, j) => values[i] - values[j]);
  if (which === "magnitude") return order.sort((i, j) => Math.abs(values[j]) - Math.abs(values[i]));
  order.sort((i, j) => values[j] - values[i]);
  if (which === "largest") return order;
  const n = order.length;
  return order.map((_, at) => order[at % 2 === 0 ? at >> 1 : n - 1 - (at >> 1)]);
}

/** Whether what is next in order is known to be no better than the chosen ones. */
function settled(
  values: Vector,
  bounds: Vector,
  order: Int32Array,
  k: number,
  which: Which,
  small: number,
): boolean {
  const next = order.subarray(k, which === "both" ? k + 2 : k + 1), chosen = order.subarray(0, k);
  return next.every((i) => {
    const value = values[i], bound = bounds[i];
    if (bound <= small) return true;
    return chosen.every((j) =>
      which === "magnitude" ? Math.abs(value) + bound < Math.abs(values[j]) : Math.abs(value - values[j]) > bound
    );
  });
}
