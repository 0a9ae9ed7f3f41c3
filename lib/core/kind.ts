/**
 * What the library knows of each kind of problem: its oracles with their costs, and its yardstick.
 *
 * @module
 */
import { DomainError, MissingOracleError, ShapeError } from "./errors.ts";
import { composite } from "./kinds/composite.ts";
import { smooth } from "./kinds/smooth.ts";
import type { Problem } from "./problem.ts";
import type { Point } from "./solver.ts";

/** Figures of merit of a point, by name; `value` is NaN for kinds that have none. */
export interface Measures {
  value: number;
  [name: string]: number;
}

/** An oracle of a kind: where it is in the problem and what a call costs, in units of one full gradient. */
export interface OracleSpec {
  /** The property path, as `["smooth", "gradient"]`. */
  readonly path: readonly string[];
  /** The number of arguments. */
  readonly arity: 1 | 2 | 3;
  /** The cost of a call. */
  readonly cost: number;
  /** Whether every problem of the kind has it. */
  readonly required: boolean;
  /** Whether its result is the objective at its first argument, so that the best point seen can be kept. */
  readonly ranks: boolean;
}

/** A kind of problem. */
export interface Kind<P> {
  readonly name: string;
  readonly oracles: readonly OracleSpec[];
  /** The names of its measures; the first one is what convergence means. */
  readonly measures: readonly string[];
  /** Whether points have an objective value. */
  readonly hasValue: boolean;
  /** The number of variables. */
  readonly dimension: (problem: P) => number;
  /** Makes the function that measures a point; it allocates its work space once. */
  readonly measurer: (problem: P) => (point: Point, out: Measures) => void;
}

const kinds: Readonly<Record<string, Kind<never>>> = { smooth, composite };

/**
 * The kind of a problem, after a look at its parts.
 *
 * @throws {DomainError} On an unknown kind or a dimension that is not a positive integer.
 * @throws {MissingOracleError} When an oracle that the kind requires is no function.
 */
export function kindOf<P extends Problem>(problem: P): Kind<P> {
  const kind = kinds[problem?.kind] as Kind<P> | undefined;
  if (!kind) {
    const known = Object.keys(kinds).map((k) => `"${k}"`).join(", ");
    throw new DomainError(`Cannot use the problem: expected a kind among ${known}, got ${String(problem?.kind)}`);
  }
  for (const oracle of kind.oracles) {
    if (oracle.required && typeof at(problem, oracle.path) !== "function") {
      throw new MissingOracleError(
        `Cannot use the ${kind.name} problem${named(problem)}: expected a function ${oracle.path.join(".")}, ` +
          `got ${typeof at(problem, oracle.path)}`,
      );
    }
  }
  const n = kind.dimension(problem);
  if (!Number.isSafeInteger(n) || n < 1) {
    throw new DomainError(`Cannot use the problem${named(problem)}: expected a positive integer dimension, got ${n}`);
  }
  return kind;
}

/** The names of the oracles that a problem has, as dotted paths. */
export function oraclesOf<P extends Problem>(problem: P): string[] {
  return kindOf(problem).oracles.filter((o) => typeof at(problem, o.path) === "function").map((o) => o.path.join("."));
}

/**
 * The yardstick of the problem's kind at a point: the same figures for every solver.
 *
 * smooth: `value`, `gradientNorm` = `|∇f(x)|∞`; composite: `value`, `proximalGradientNorm` =
 * `|x - prox_r(x - ∇f(x))|∞` (the fixed-point residual at step 1).
 *
 * @example The gradient norm of a parabola
 * ```ts
 * import { measures } from "@gradus/gradus/core";
 * import { quadratic } from "@gradus/gradus/problems";
 * import { assertEquals } from "@std/assert";
 *
 * const { problem } = quadratic([1, 10]);
 * assertEquals(measures(problem, { x: Float64Array.of(0, 0.5) }), { value: 1.25, gradientNorm: 5 });
 * ```
 */
export function measures<P extends Problem>(problem: P, point: Point): Measures {
  const kind = kindOf(problem), n = kind.dimension(problem);
  if (point.x.length !== n) {
    throw new ShapeError(`Cannot measure the point: the problem has ${n} variables, x has ${point.x.length}`);
  }
  const out: Measures = { value: NaN };
  kind.measurer(problem)(point, out);
  return out;
}

/** What stands at a property path. */
export function at(problem: object, path: readonly string[]): unknown {
  let here: unknown = problem;
  for (const key of path) here = (here as Record<string, unknown> | undefined)?.[key];
  return here;
}

function named(problem: Problem): string {
  return problem.name ? ` "${problem.name}"` : "";
}
