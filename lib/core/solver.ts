/**
 * The protocol that every solver follows.
 *
 * @module
 */
import type { Certificate } from "./certificate.ts";
import type { Rng } from "./rng.ts";
import type { Layout, Matrix } from "./storage.ts";
import type { Vector } from "./vector.ts";

/** How a run ended. */
export type Status =
  | "converged"
  | "stalled-at-precision"
  | "iteration-limit"
  | "evaluation-limit"
  | "time-limit"
  | "target-reached"
  | "stopped-by-callback"
  | "line-search-failed"
  | "diverged"
  | "non-finite"
  | "infeasible"
  | "unbounded"
  | "aborted";

/** Why a run ended: the status, and what fired with its value, the comparison and the limit. */
export interface Stop {
  /** How the run ended. */
  readonly status: Status;
  /** What fired. */
  readonly message: string;
}

/** A solution in full; a start is a Point too, so that a warm start carries multipliers or a plan. */
export interface Point {
  /** The coordinates. */
  readonly x: Vector;
  /** Lagrange multipliers, equalities first. */
  readonly multipliers?: Vector;
  /** The lower-level solution of a bilevel problem. */
  readonly lower?: Vector;
  /** A transport plan. */
  readonly plan?: Matrix;
}

/**
 * What a solver remembers between steps: plain data only (numbers, strings, booleans, typed arrays, arrays and records
 * of these), so that it can be copied, saved, and restored bit for bit.
 */
export interface State {
  /** The current iterate. A step may write into it or put another vector in its place. */
  x: Vector;
  /** `f(x)`; NaN where the kind has no value, or the solver does not evaluate at `x`. */
  value: number;
  /**
   * The kind's first measure at `x` (for a smooth problem `|∇f(x)|∞`), present where the solver has it without another
   * call. It must equal what `measures` gives there; a run trusts it for its trace and checks it before it says
   * `converged`.
   */
  estimate?: number;
  /** Set by a step that cannot go on. */
  stop?: Stop;
}

/** Where a method comes from. */
export interface Reference {
  /** The paper's or book's title. */
  readonly title: string;
  /** Family names, separated by commas. */
  readonly authors: string;
  /** The year of publication. */
  readonly year: number;
  /** A DOI, `arXiv:…`, or an ISBN. */
  readonly identifier: string;
}

/** What a run hands to `init`. */
export interface Context {
  /** The run's generator, from its seed; a solver that draws keeps it in its state. */
  readonly rng: Rng;
  /** The names and shapes of the parameters, where the user gave them. */
  readonly layout?: Layout;
}

/** Options of a solver as plain data, for rows of a study and for checkpoints. */
export type Options = Readonly<Record<string, unknown>>;

/**
 * A solver for problems of type `P`. Immutable: all that changes is in the state.
 *
 * `init` is a property, so that the compiler refuses a solver that needs more than the problem has; `step` and `point`
 * are methods, so that solvers with different states fit one list.
 */
export interface Solver<P, S extends State = State> {
  /** The name in tables and legends. */
  readonly name: string;
  /** The options it was made with. */
  readonly options: Options;
  /** Where the method comes from. */
  readonly reference: Reference;
  /** Paths of the oracles it calls, as `gradient` or `smooth.gradient`; checked at the door. */
  readonly needs: readonly string[];
  /** Names of numbers in its state, as `flops`, that traces keep as columns of their own. Default none. */
  readonly traced?: readonly string[];
  /** Evaluates at the start and allocates all that the steps will need. */
  readonly init: (problem: P, start: Point, context: Context) => S;
  /** One iteration, in place, without allocation. */
  step(problem: P, state: S): void;
  /** The solution that the state stands for. */
  point(problem: P, state: S): Point;
  /** What the state proves of the problem, if anything. */
  certificate?(problem: P, state: S): Certificate | undefined;
}
