/**
 * Problems with more structure as plain smooth ones, for solvers that know of no structure.
 *
 * @module
 */
import { kindOf } from "./kinds.ts";
import { checkNoBounds } from "./kinds/least_squares.ts";
import { everyExample } from "./kinds/stochastic.ts";
import type { LeastSquares, Smooth, Stochastic, TwiceSmooth, VectorFunction } from "./problem.ts";
import { axpy, dot } from "./vector.ts";

/** A least-squares problem whose residuals have second derivatives. */
export interface TwiceLeastSquares extends LeastSquares {
  /** The residuals. */
  readonly residual: VectorFunction & Required<Pick<VectorFunction, "hessianVector">>;
}

/**
 * The smooth problem that a least-squares or a stochastic problem is when its structure is forgotten: `½ |r(x)|²` with
 * the gradient `Jᵀr` and, where residuals have second derivatives, the Hessian `JᵀJ + Σ rᵢ ∇²rᵢ`; or the mean over all
 * examples.
 *
 * @throws {MissingOracleError} When the problem lacks an oracle that its kind requires.
 * @throws {DomainError} When it has bounds.
 *
 * @example A sum of squares for L-BFGS
 * ```ts
 * import { smoothOf, solve, type LeastSquares } from "@gradus/gradus/core";
 * import { lbfgs } from "@gradus/gradus/smooth";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const root: LeastSquares = { // the residual x² - 2
 *   kind: "least-squares",
 *   dimension: 1,
 *   residual: {
 *     components: 1,
 *     value: (x, out) => void (out[0] = x[0] ** 2 - 2),
 *     jacobianVector: (x, v, out) => void (out[0] = 2 * x[0] * v[0]),
 *     jacobianTransposeVector: (x, w, out) => void (out[0] = 2 * x[0] * w[0]),
 *   },
 * };
 * assertAlmostEquals(solve(smoothOf(root), lbfgs(), { start: [1] }).x[0], Math.SQRT2, 1e-8);
 * ```
 */
export function smoothOf(problem: TwiceLeastSquares): TwiceSmooth;
/** The same for a problem without second derivatives. */
export function smoothOf(problem: LeastSquares | Stochastic): Smooth;
export function smoothOf(problem: LeastSquares | Stochastic): Smooth | TwiceSmooth {
  kindOf(problem);
  if (problem.kind === "least-squares") checkNoBounds("forget the structure", problem);
  const { name, dimension } = problem;
  return { kind: "smooth", dimension, ...(name !== undefined && { name }), ...valueAndGradient(problem) };
}

function valueAndGradient(
  problem: LeastSquares | Stochastic,
): Pick<Smooth, "value" | "gradient"> & Partial<Pick<TwiceSmooth, "hessianVector">> {
  if (problem.kind === "stochastic") {
    const all = everyExample(problem);
    return { value: (x) => problem.batchValue(x, all), gradient: (x, out) => problem.batchGradient(x, all, out) };
  }
  const { residual } = problem, r = new Float64Array(residual.components);
  return {
    value: (x) => {
      residual.value(x, r);
      return dot(r, r) / 2;
    },
    gradient: (x, out) => {
      residual.value(x, r);
      residual.jacobianTransposeVector(x, r, out);
      return dot(r, r) / 2;
    },
    ...(residual.hessianVector && { hessianVector: productWith(problem as TwiceLeastSquares) }),
  };
}

/** `(JᵀJ + Σ rᵢ ∇²rᵢ) v`. */
function productWith({ dimension, residual }: TwiceLeastSquares): TwiceSmooth["hessianVector"] {
  const r = new Float64Array(residual.components), jv = new Float64Array(residual.components);
  const bent = new Float64Array(dimension);
  return (x, v, out) => {
    residual.value(x, r);
    residual.hessianVector(x, r, v, bent);
    residual.jacobianVector(x, v, jv);
    residual.jacobianTransposeVector(x, jv, out);
    axpy(1, bent, out);
  };
}
