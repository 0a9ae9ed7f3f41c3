/**
 * Counting: a problem whose oracles charge a meter before they work.
 *
 * @module
 */
import { DomainError } from "./errors.ts";
import { type Kind, type OracleSpec, pathsOf } from "./kind.ts";
import { at } from "./kinds.ts";
import type { Kept } from "./kept.ts";
import type { Problem } from "./problem.ts";
import type { Stop } from "./solver.ts";
import type { Vector } from "./vector.ts";

/** Calls so far, by oracle path, and their cost. */
export interface Counts {
  /** The solver's calls in units of one full gradient. */
  readonly evaluations: number;
  /** The solver's calls of each oracle; for oracles that take a batch, the examples in it. */
  readonly calls: Readonly<Record<string, number>>;
  /** Cost of the calls made to measure iterates, apart from the solver's. */
  readonly measuring: number;
}

/** Raised inside a step when a limit is reached; a run turns it into a status, and it never leaves the run. */
export class Interruption {
  /** @param stop What to report. */
  constructor(readonly stop: Stop) {}
}

/**
 * The best point: of the lowest value among all evaluations of the objective, for kinds whose oracles return it; else
 * of the lowest value, or of the lowest first measure where low values may be infeasible, among the iterates.
 */
export interface Best {
  /** The value there; NaN where the kind has none, `Infinity` while there is no best point. */
  readonly value: number;
  /** Its coordinates. */
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
  /** Cost so far, in the kind's unit: sums of whole numbers, hence exact. */
  work = 0;
  /** Calls so far, in the order of the kind's oracles. */
  readonly calls: Float64Array;
  readonly #costs: number[] = [];
  readonly #paths: readonly string[];
  readonly #unit: number;
  #budget = Infinity;
  #limits: Limits | undefined;

  constructor(kind: Kind<never>, problem: Problem) {
    const n = kind.oracles.length;
    this.calls = new Float64Array(n);
    this.#paths = pathsOf(kind);
    this.#unit = kind.unit?.(problem as never) ?? 1;
    for (let k = 0; k < n; k++) {
      const { cost, batch } = kind.oracles[k];
      this.#costs.push((problem.costs?.[this.#paths[k]] ?? cost) * (batch ? 1 : this.#unit));
    }
  }

  /**
   * Sets the limits; a meter without them only counts.
   *
   * @throws {DomainError} On a limit of evaluations where there is nothing to count: such a run would never end.
   */
  limit(limits: Limits): void {
    if (this.#paths.length === 0 && limits.evaluations < Infinity) {
      throw new DomainError(`Cannot limit evaluations to ${limits.evaluations}: the problem has no oracles to count`);
    }
    this.#budget = limits.evaluations;
    const watched = Object.keys(limits.calls).length > 0 || limits.deadline < Infinity || limits.signal !== undefined;
    this.#limits = watched ? limits : undefined;
  }

  /** Cost so far, in units of one full gradient. */
  get evaluations(): number {
    return this.work / this.#unit;
  }

  /** Charges a call of oracle `k`, on so many examples where it takes a batch, or raises before it is made. */
  charge(k: number, examples = 1): void {
    const next = this.work + this.#costs[k] * examples;
    if (next / this.#unit > this.#budget) {
      throw new Interruption({
        status: "evaluation-limit",
        message: `evaluations ${this.evaluations} + ${this.#costs[k] * examples / this.#unit} > ${this.#budget}`,
      });
    }
    if (this.#limits) this.#watch(k, examples, this.#limits);
    this.work = next;
    this.calls[k] += examples;
  }

  #watch(k: number, examples: number, limits: Limits): void {
    const path = this.#paths[k], most = limits.calls[path];
    if (most !== undefined && this.calls[k] + examples > most) {
      throw new Interruption({
        status: "evaluation-limit",
        message: `calls of ${path} ${this.calls[k]} + ${examples} > ${most}`,
      });
    }
    if (limits.signal?.aborted) {
      throw new Interruption({ status: "aborted", message: `aborted: ${String(limits.signal.reason)}` });
    }
    if (limits.deadline < Infinity && performance.now() > limits.deadline) {
      throw new Interruption({ status: "time-limit", message: "the time limit was reached inside a step" });
    }
  }

  /** Calls of one oracle; 0 for one that the kind does not have. */
  callsOf(path: string): number {
    const k = this.#paths.indexOf(path);
    return k < 0 ? 0 : this.calls[k];
  }

  /** Calls by path. */
  byPath(): Record<string, number> {
    const calls: Record<string, number> = {};
    for (let k = 0; k < this.#paths.length; k++) calls[this.#paths[k]] = this.calls[k];
    return calls;
  }
}

/**
 * The same problem with counted oracles: a plain object with exactly the oracles that are present. The best value that
 * a ranking oracle returns is kept in `best` with its point.
 */
export function counted<P extends Problem>(kind: Kind<P>, problem: P, meter: Meter, best: Kept): P {
  const copyOfProblem = { ...problem };
  for (let k = 0; k < kind.oracles.length; k++) {
    const spec = kind.oracles[k], { path } = spec, original = at(problem, path);
    if (typeof original !== "function") continue;
    let holder = copyOfProblem as unknown as Record<string, unknown>;
    for (let i = 0; i < path.length - 1; i++) {
      const inner = holder[path[i]];
      // a nested problem is copied once, when its first oracle is wrapped
      if (inner === at(problem, path.slice(0, i + 1))) holder[path[i]] = { ...(inner as object) };
      holder = holder[path[i]] as Record<string, unknown>;
    }
    holder[path[path.length - 1]] = wrap(original as Call, k, spec, meter, best);
  }
  return copyOfProblem;
}

type Call = (a: Vector, b?: unknown, c?: unknown, d?: unknown) => unknown;

/** One closure per arity: a rest parameter would allocate at every call. */
function wrap(f: Call, k: number, { arity, ranks, batch }: OracleSpec, meter: Meter, best: Kept): Call {
  if (ranks) {
    return (a, b) => {
      meter.charge(k);
      const value = f(a, b) as number;
      if (value < best.value) best.keep(a, value, value);
      return value;
    };
  }
  if (batch) {
    return (a, b, c, d) => {
      meter.charge(k, (b as Uint32Array).length);
      return f(a, b, c, d);
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
    case 4:
      return (a, b, c, d) => {
        meter.charge(k);
        return f(a, b, c, d);
      };
  }
}
