/**
 * The kinds of problem that the library knows, and the yardstick of each.
 *
 * @module
 */
import { DomainError, MissingOracleError } from "./errors.ts";
import type { Kind, Measures } from "./kind.ts";
import { bilevel } from "./kinds/bilevel.ts";
import { composite } from "./kinds/composite.ts";
import { constrained } from "./kinds/constrained.ts";
import { fractional } from "./kinds/fractional.ts";
import { leastSquares } from "./kinds/least_squares.ts";
import { operator } from "./kinds/operator.ts";
import { linearProgram, quadraticProgram } from "./kinds/programs.ts";
import { smooth } from "./kinds/smooth.ts";
import { split } from "./kinds/split.ts";
import { stochastic } from "./kinds/stochastic.ts";
import { transport } from "./kinds/transport.ts";
import { checkSize, refusal } from "./parts.ts";
import { pointOf } from "./point.ts";
import type { Problem } from "./problem.ts";
import type { Point } from "./solver.ts";

const kinds: Readonly<Record<string, Kind<never>>> = {
  smooth,
  composite,
  fractional,
  constrained,
  stochastic,
  "least-squares": leastSquares,
  "linear-program": linearProgram,
  "quadratic-program": quadraticProgram,
  operator,
  split,
  bilevel,
  transport,
};

/** What differences can stand for. */
const differenced = /^(gradient|objective\.gradient|constraints\.\w+\.jacobian\w*)$/;

/**
 * The kind of a problem, after a look at its parts.
 *
 * @throws {DomainError} On an unknown kind, a dimension that is not a positive integer, or a number out of its range.
 * @throws {MissingOracleError} When an oracle that the kind requires is no function.
 * @throws {ShapeError} When parts of the problem do not fit together.
 */
export function kindOf<P extends Problem>(problem: P): Kind<P> {
  const kind = Object.hasOwn(kinds, problem?.kind) ? kinds[problem.kind] as unknown as Kind<P> : undefined;
  if (!kind) {
    const known = Object.keys(kinds).map((k) => `"${k}"`).join(", ");
    const inside = (problem as { problem?: { kind?: unknown } } | undefined)?.problem?.kind;
    const hint = inside === undefined ? "" : ` (the problem of this instance is its field problem)`;
    throw new DomainError(
      `Cannot use the problem: expected a kind among ${known}, got ${String(problem?.kind)}${hint}`,
    );
  }
  for (const oracle of kind.oracles) {
    const expected = oracle.required === "with-holder" ? at(problem, oracle.path.slice(0, -1)) : oracle.required;
    if (expected && typeof at(problem, oracle.path) !== "function") {
      const path = oracle.path.join("."), hint = differenced.test(path) ? " (withDifferences makes one)" : "";
      throw new MissingOracleError(
        refusal(problem, `a function ${path}`, `${typeof at(problem, oracle.path)}${hint}`),
      );
    }
  }
  kind.check?.(problem);
  checkSize(problem, "dimension", kind.dimension(problem));
  return kind;
}

/** The names of the oracles that a problem has, as dotted paths. */
export function oraclesOf<P extends Problem>(problem: P): string[] {
  return kindOf(problem).oracles.filter((o) => typeof at(problem, o.path) === "function").map((o) => o.path.join("."));
}

/**
 * The yardstick of the problem's kind at a point: the same figures for every solver.
 *
 * Every kind but `operator` has the `value` of its objective. The other figures, the first one being what convergence
 * means, are
 *
 * - smooth, least-squares, stochastic: `gradientNorm` = `|∇f(x)|∞`, for stochastic that of all examples, for
 *   least-squares with bounds `|x - P(x - ∇f(x))|∞`, P the projection on them;
 * - composite: `proximalGradientNorm` = `|x - prox_r(x - ∇f(x))|∞`;
 * - fractional: `criticality` = `|x - prox_h(x - ∇f(x) + F(x) v)|∞`, v a subgradient of g;
 * - constrained: `kktResidual`, the largest of `stationarity`, `primalFeasibility`, `dualFeasibility`,
 *   `complementarity`;
 * - linear-program, quadratic-program: `relativeKktResidual`, then `primalResidual`, `dualResidual`, `gap`;
 * - operator: `naturalResidual` = `|x - (I + G)⁻¹(x - F(x))|∞`;
 * - split: `kktResidual`, the larger of `stationarity` = `|x - prox_r(x - ∇f(x) - Kᵀy)|∞` and `consistency` =
 *   `|Kx - prox_h(Kx + y)|∞`;
 * - bilevel: `hypergradientNorm` = `|∇Φ(x)|∞` at the exact `y(x)`, then `lowerResidual` = `|∇ᵧg|∞` at the point's own
 *   `y`;
 * - transport: `relativeKktResidual`, then `marginalViolation`, `gap`.
 *
 * A point without multipliers, lower-level solution or plan is measured with zeros in their place.
 *
 * @throws {ShapeError} When the point does not fit the problem.
 * @throws {DomainError} When the point is not finite.
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
  const kind = kindOf(problem), checked = pointOf(kind, problem, point, "point");
  const out: Measures = { value: NaN };
  kind.measurer(problem)(checked, out);
  return out;
}

/** What stands at a property path. */
export function at(problem: object, path: readonly string[]): unknown {
  let here: unknown = problem;
  for (const key of path) here = (here as Record<string, unknown> | undefined)?.[key];
  return here;
}
