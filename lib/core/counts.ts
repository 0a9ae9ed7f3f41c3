/**
 * Counting: a problem whose oracles charge a meter before they work.
 *
 * @module
 */
import type { Kind } from "./kind.ts";
import { at } from "./kind.ts";
import type { Problem } from "./problem.ts";
import type { Stop } from "./solver.ts";
import { copy, type Vector } from "./vector.ts";

/** Calls so far, by oracle path, and their cost. */
export interface Counts {
  /** The solver's calls in units of one full gradient. */
  readonly evaluations: number;
  /** The solver's calls of each oracle. */
  readonly calls: Readonly<Record<string, number>>;
  /** Cost of the calls made to measure iterates, apart from the solver's. */
  readonly measuring: number;
}

/** Raised inside a step when a limit is reached; a run turns it into a status, and it never leaves the run. */
export class Interruption {
  /** @param stop What to report. */
  constructor(readonly stop: Stop) {}
}

/** The best point among all that were evaluated. */
export interface Best {
  value: number;
  readonly x: Vector;
}

/** Limits that hold inside a step. */
export interface Limits {
  /** Evaluations in units of one full gradient. */
  evaluations: number;
  /** Calls of single oracles, by path. */
  readonly calls: Record<string, number>;
  /** A time of `performance.now()`. */
  deadline: number;
  signal?: AbortSignal;
}

/** Counts calls and holds the limits. */
export class Meter {
  /** Cost so far, in units of one full gradient. */
  evaluations = 0;
  /** Calls so far, in the order of the kind's oracles. */
  readonly calls: Float64Array;
  readonly #costs: Float64Array;
  readonly #paths: readonly string[];
  #budget = Infinity;
  #limits: Limits | undefined;

  constructor(kind: Kind<never>, problem: Problem) {
    const n = kind.oracles.length;
    this.calls = new Float64Array(n);
    this.#costs = new Float64Array(n);
    this.#paths = kind.oracles.map((o) => o.path.join("."));
    for (let k = 0; k < n; k++) this.#costs[k] = problem.costs?.[this.#paths[k]] ?? kind.oracles[k].cost;
  }

  /** Sets the limits; a meter without them only counts. */
  limit(limits: Limits): void {
    this.#budget = limits.evaluations;
    const watched = Object.keys(limits.calls).length > 0 || limits.deadline < Infinity || limits.signal !== undefined;
    this.#limits = watched ? limits : undefined;
  }

  /** Charges one call of oracle `k`, or raises before it is made. */
  charge(k: number): void {
    const next = this.evaluations + this.#costs[k];
    if (next > this.#budget) {
      throw new Interruption({
        status: "evaluation-limit",
        message: `evaluations ${this.evaluations} + ${this.#costs[k]} > ${this.#budget}`,
      });
    }
    if (this.#limits) this.#watch(k, this.#limits);
    this.evaluations = next;
    this.calls[k]++;
  }

  #watch(k: number, limits: Limits): void {
    const path = this.#paths[k], most = limits.calls[path];
    if (most !== undefined && this.calls[k] + 1 > most) {
      throw new Interruption({
        status: "evaluation-limit",
        message: `calls of ${path} ${this.calls[k]} + 1 > ${most}`,
      });
    }
    if (limits.signal?.aborted) {
      throw new Interruption({ status: "aborted", message: `aborted: ${String(limits.signal.reason)}` });
    }
    if (limits.deadline < Infinity && performance.now() > limits.deadline) {
      throw new Interruption({ status: "time-limit", message: "the time limit was reached inside a step" });
    }
  }

  /** Calls by path. */
  byPath(): Record<string, number> {
    return Object.fromEntries(this.#paths.map((path, k) => [path, this.calls[k]]));
  }
}

/**
 * The same problem with counted oracles: a plain object with exactly the oracles that are present. The best value that
 * a ranking oracle returns is kept in `best` with its point.
 */
export function counted<P extends Problem>(kind: Kind<P>, problem: P, meter: Meter, best: Best): P {
  const copyOfProblem = { ...problem };
  for (let k = 0; k < kind.oracles.length; k++) {
    const { path, arity, ranks } = kind.oracles[k], original = at(problem, path);
    if (typeof original !== "function") continue;
    let holder = copyOfProblem as unknown as Record<string, unknown>;
    for (let i = 0; i < path.length - 1; i++) {
      const inner = holder[path[i]];
      // a nested problem is copied once, when its first oracle is wrapped
      if (inner === at(problem, path.slice(0, i + 1))) holder[path[i]] = { ...(inner as object) };
      holder = holder[path[i]] as Record<string, unknown>;
    }
    holder[path[path.length - 1]] = wrap(original as Call, k, arity, meter, ranks ? best : undefined);
  }
  return copyOfProblem;
}

type Call = (a: Vector, b?: unknown, c?: unknown) => unknown;

/** One closure per arity: a rest parameter would allocate at every call. */
function wrap(f: Call, k: number, arity: 1 | 2 | 3, meter: Meter, best: Best | undefined): Call {
  if (best) {
    return (a, b) => {
      meter.charge(k);
      const value = f(a, b) as number;
      if (value < best.value) {
        best.value = value;
        copy(a, best.x);
      }
      return value;
    };
  }
  switch (arity) {
    case 1:
      return (a) => {
        meter.charge(k);
        return f(a);
      };
    case 2:
      return (a, b) => {
        meter.charge(k);
        return f(a, b);
      };
    case 3:
      return (a, b, c) => {
        meter.charge(k);
        return f(a, b, c);
      };
  }
}
