/**
 * Feed-forward computations as triangular systems, solved a whole sweep at a time.
 *
 * ```
 * h_t = f_t(h_1, …, h_{t-1}),   t = 1, …, T
 *
 * Jacobi:            every h_t from the states of the last sweep; exact after at most T sweeps
 * Gauss-Seidel:      one after another, the usual evaluation
 * Jacobi over blocks, one after another inside
 * blocks one after another, Jacobi inside each until nothing changes
 * ```
 *
 * What counts is the depth: evaluations that must follow one another, when those of a sweep run side by side.
 *
 * Source: Song, Meng, Liao and Ermon, Accelerating Feedforward Computation via Parallel Nonlinear Equation Solving
 * (2020), arXiv 2002.03629, algorithms 1 to 4.
 *
 * @module
 */
import { DomainError, isFiniteVector, type Vector, vector } from "../core/mod.ts";

/** A computation of T states of d numbers each, where each depends on earlier ones alone. */
export interface Feedforward {
  /** T. */
  readonly steps: number;
  /** d. */
  readonly dimension: number;
  /** Writes state t, counted from 0, into `out` of d entries; reads the states before t in `states`, T x d. */
  readonly step: (t: number, states: Vector, out: Vector) => void;
}

/** How to sweep. */
export interface FeedforwardOptions {
  /** Ends when no entry changes by more in a sweep. Default 0, exact equality, as discrete states need. */
  readonly tolerance?: number;
  /** At most so many sweeps, of a block where blocks follow one another. Default T, after which nothing can change. */
  readonly maxSweeps?: number;
  /** The first guess, T x d. Default 0. */
  readonly start?: Vector;
}

/** The states and what they took. */
export interface FeedforwardSolution {
  /** T x d. */
  readonly states: Vector;
  /**
   * `converged` when the last sweep changed nothing beyond the tolerance, or when there was nothing left to change;
   * `non-finite` when the states then hold NaN or infinity.
   */
  readonly status: "converged" | "sweep-limit" | "non-finite";
  /** Sweeps, over all blocks together where they follow one another. */
  readonly sweeps: number;
  /** Evaluations that had to follow one another. */
  readonly depth: number;
  /** Evaluations in all. */
  readonly evaluations: number;
}

/**
 * All states at once in each sweep, from those of the last.
 *
 * @throws {DomainError} When T or d is not a positive integer, the start does not fit, or a state depends on itself or
 * later ones, which is tried out first with one evaluation a state, not counted.
 *
 * @example A recurrence
 * ```ts
 * import { jacobiFeedforward } from "@gradus/gradus/smooth";
 * import { assertEquals } from "@std/assert";
 *
 * const halves = { steps: 4, dimension: 1, step: (t: number, h: Float64Array, out: Float64Array) => {
 *   out[0] = t === 0 ? 1 : h[t - 1] / 2;
 * } };
 * const { states, sweeps } = jacobiFeedforward(halves);
 * assertEquals([...states], [1, 0.5, 0.25, 0.125]);
 * assertEquals(sweeps, 4);
 * ```
 */
export function jacobiFeedforward(system: Feedforward, options: FeedforwardOptions = {}): FeedforwardSolution {
  return sweepBlocks(system, 1, options);
}

/**
 * One state after another: T evaluations, nothing to repeat.
 *
 * @throws {DomainError} As `jacobiFeedforward`.
 */
export function gaussSeidelFeedforward(system: Feedforward): FeedforwardSolution {
  return sweepBlocks(system, system.steps, {});
}

/**
 * Blocks of so many states side by side in each sweep, one state after another inside a block.
 *
 * @throws {DomainError} As `jacobiFeedforward`, and when the block is not a positive integer.
 */
export function jacobiGaussSeidelFeedforward(
  system: Feedforward,
  block: number,
  options: FeedforwardOptions = {},
): FeedforwardSolution {
  return sweepBlocks(system, block, options);
}

/**
 * Blocks of so many states one after another, each swept side by side until nothing in it changes.
 *
 * @throws {DomainError} As `jacobiFeedforward`, and when the block is not a positive integer.
 */
export function gaussSeidelJacobiFeedforward(
  system: Feedforward,
  block: number,
  options: FeedforwardOptions = {},
): FeedforwardSolution {
  const work = new Work(system, begin(system, block, options.start)), { steps } = system;
  let sweeps = 0, converged = true;
  for (let first = 0; first < steps; first += block) {
    const end = Math.min(first + block, steps), run = work.sweep(first, end, 1, options);
    sweeps += run.sweeps;
    if (!run.converged) converged = false;
  }
  return work.solution(converged, sweeps, sweeps);
}

/** Jacobi over blocks; blocks of one state are plain Jacobi, a single block is the usual evaluation. */
function sweepBlocks(system: Feedforward, block: number, options: FeedforwardOptions): FeedforwardSolution {
  const work = new Work(system, begin(system, block, options.start));
  const { sweeps, converged } = work.sweep(0, system.steps, block, options);
  return work.solution(converged, sweeps, sweeps * Math.min(block, system.steps));
}

/** Sweeps over the states, in place. */
class Work {
  evaluations = 0;
  /** What an evaluation reads: the states of the last sweep, inside its own block those of this one. */
  readonly #read: Vector;
  readonly #out: Vector;

  constructor(readonly system: Feedforward, readonly states: Vector) {
    this.#read = new Float64Array(states.length);
    this.#out = new Float64Array(system.dimension);
  }

  /** Sweeps the states `first … end - 1` in blocks until they settle. */
  sweep(
    first: number,
    end: number,
    block: number,
    { tolerance = 0, maxSweeps = this.system.steps }: FeedforwardOptions,
  ): { sweeps: number; converged: boolean } {
    const { states, system: { dimension: d, step } } = this, read = this.#read, out = this.#out;
    // after as many sweeps as there are blocks up to it a state is final
    const most = Math.ceil((end - first) / block);
    for (let sweep = 1; sweep <= maxSweeps; sweep++) {
      let change = 0;
      read.set(states);
      // from the last block to the first, so that none reads what another has just written
      for (let begin = first + (most - 1) * block; begin >= first; begin -= block) {
        for (let t = begin; t < Math.min(begin + block, end); t++) {
          step(t, read, out);
          for (let i = 0; i < d; i++) {
            // NaN stays NaN, which is not settled; guesses on the way may overflow
            change = Math.max(change, Math.abs(out[i] - states[t * d + i]));
          }
          states.set(out, t * d);
          if (block > 1) read.set(out, t * d);
        }
      }
      this.evaluations += end - first;
      if (change <= tolerance || sweep >= most) return { sweeps: sweep, converged: true };
    }
    return { sweeps: maxSweeps, converged: false };
  }

  solution(converged: boolean, sweeps: number, depth: number): FeedforwardSolution {
    const { states, evaluations } = this, finite = isFiniteVector(states);
    const status = !finite ? "non-finite" : converged ? "converged" : "sweep-limit";
    return { states, status, sweeps, depth, evaluations };
  }
}

/** Checks the system and its start; returns the first states. */
function begin({ steps, dimension, step }: Feedforward, block: number, start: Vector | undefined): Vector {
  for (const [what, value] of Object.entries({ steps, dimension, block })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new DomainError(
        `Cannot evaluate a feed-forward system: expected ${what} to be a positive integer, got ${value}`,
      );
    }
  }
  const states = start ? vector(start, steps * dimension, "first guess") : new Float64Array(steps * dimension);
  // a state that reads itself or a later one meets a NaN here, and is finite without
  const poisoned = states.slice(), out = new Float64Array(dimension);
  for (let t = steps - 1; t >= 0; t--) {
    poisoned.fill(NaN, t * dimension);
    step(t, poisoned, out);
    if (isFiniteVector(out)) continue;
    step(t, states, out);
    if (!isFiniteVector(out)) continue;
    throw new DomainError(
      `Cannot evaluate a feed-forward system: expected state ${t} to depend on earlier states alone, ` +
        `got NaN from it with NaN in states ${t} to ${steps - 1}`,
    );
  }
  return states;
}
