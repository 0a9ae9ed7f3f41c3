/**
 * Missing derivatives by finite differences, counted as what they cost.
 *
 * @module
 */
import { checkChoice, DomainError } from "./errors.ts";
import { CENTRAL, FORWARD, functionWithDifferences, type PartlyConstrained } from "./jacobian_differences.ts";
import { oraclesOf } from "./kinds.ts";
import type { Constrained, Described, Smooth, TwiceSmooth, VectorFunction } from "./problem.ts";
import { isFiniteVector, norm2, type Vector } from "./vector.ts";

/** A smooth problem of which only the value is known, or value and gradient. */
export interface PartlySmooth extends Described {
  /** The kind it is. */
  readonly kind: "smooth";
  /** The number of variables. */
  readonly dimension: number;
  /** `f(x)`. */
  readonly value: (x: Vector) => number;
  /** Writes `∇f(x)` into `out` and returns `f(x)`. */
  readonly gradient?: (x: Vector, out: Vector) => number;
  /** Writes `∇²f(x) v` into `out`. */
  readonly hessianVector?: (x: Vector, v: Vector, out: Vector) => void;
}

/** Options of `withDifferences`. */
export interface DifferenceOptions {
  /**
   * `forward`: n + 1 values for a gradient, error O(ε^(1/2)); `central`: 2n + 1 values, error O(ε^(2/3)). Default
   * forward.
   */
  readonly scheme?: "forward" | "central";
}

/**
 * The same problem with the derivatives it lacks, by differences: the gradient from values, Hessian-vector products
 * from gradients. The steps are `h max(1, |xᵢ|)` with `h = ε^(1/2)` (forward) or `ε^(1/3)` (central), ε the machine
 * precision. The counts charge a gradient with all its values.
 *
 * Source: Nocedal and Wright, Numerical Optimization (2006), section 8.1.
 *
 * @param problem A smooth problem; what it has is kept.
 * @throws {DomainError} When it has Hessian-vector products but no gradient.
 *
 * @example Minimize a function given by its value alone
 * ```ts
 * import { solve, withDifferences } from "@gradus/gradus/core";
 * import { bfgs } from "@gradus/gradus/smooth";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const bowl = withDifferences({
 *   kind: "smooth",
 *   dimension: 2,
 *   value: (x) => (x[0] - 1) ** 2 + 10 * (x[1] + 2) ** 2,
 * }, { scheme: "central" });
 * const result = solve(bowl, bfgs(), { start: [0, 0] });
 * assertAlmostEquals(result.x[1], -2, 1e-6);
 * ```
 */
export function withDifferences(problem: PartlySmooth, options?: DifferenceOptions): TwiceSmooth;
/**
 * The same constrained problem with the first derivatives it lacks: the objective's gradient, and Jacobians of
 * constraints, by the same steps from their values; products with a Jacobian by its matrix.
 *
 * @example Nothing but values
 * ```ts
 * import { solve, withDifferences } from "@gradus/gradus/core";
 * import { sqp } from "@gradus/gradus/constrained";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const nearest = withDifferences({ // to (2, 1) on the disk of radius 1
 *   kind: "constrained",
 *   objective: { kind: "smooth", dimension: 2, value: ([x, y]) => (x - 2) ** 2 + (y - 1) ** 2 },
 *   constraints: { inequality: { components: 1, value: ([x, y], out) => out[0] = x * x + y * y - 1 } },
 * });
 * assertAlmostEquals(solve(nearest, sqp(), { start: [0, 0] }).x[0], 2 / Math.sqrt(5), 1e-6);
 * ```
 */
export function withDifferences(problem: PartlyConstrained, options?: DifferenceOptions): Constrained;
export function withDifferences(
  problem: PartlySmooth | PartlyConstrained,
  options: DifferenceOptions = {},
): TwiceSmooth | Constrained {
  const { scheme = "forward" } = options;
  checkChoice("take differences", "a scheme", scheme, ["forward", "central"]);
  return problem.kind === "constrained" ? completeConstrained(problem, options) : completeSmooth(problem, scheme);
}

function completeConstrained(problem: PartlyConstrained, options: DifferenceOptions): Constrained {
  const { objective: given, constraints } = problem, { hessianVector, ...first } = withDifferences(given, options);
  const objective: Smooth = { ...first, ...(given.hessianVector && { hessianVector }) };
  const costs: Record<string, number> = {}, functions: Record<string, VectorFunction> = {};
  if (objective.costs?.gradient !== undefined) costs["objective.gradient"] = objective.costs.gradient;
  for (const name of ["equality", "inequality"] as const) {
    const f = constraints[name];
    if (!f) continue;
    const [complete, own] = functionWithDifferences(f, objective.dimension, options);
    functions[name] = complete;
    for (const [oracle, cost] of Object.entries(own)) costs[`constraints.${name}.${oracle}`] = cost;
  }
  const complete: Constrained = {
    ...problem,
    objective,
    constraints: { ...constraints, ...functions } as Constrained["constraints"],
    costs: { ...costs, ...problem.costs },
  };
  oraclesOf(complete); // looks at the parts
  return complete;
}

function completeSmooth(problem: PartlySmooth, scheme: "forward" | "central"): TwiceSmooth {
  const n = problem.dimension;
  if (problem.hessianVector && !problem.gradient) {
    throw new DomainError("Cannot take differences: expected a gradient beside hessianVector, got none");
  }
  const differences = scheme === "forward" ? forwardGradient : centralGradient;
  const gradient = problem.gradient ?? differences(problem.value, n);
  const gradientCost = problem.costs?.gradient ?? (problem.gradient ? 1 : scheme === "forward" ? n + 1 : 2 * n + 1);
  const complete: TwiceSmooth = {
    ...problem,
    gradient,
    hessianVector: problem.hessianVector ?? differencedProduct(gradient, n),
    costs: {
      ...problem.costs,
      gradient: gradientCost,
      ...(problem.hessianVector ? {} : { hessianVector: 2 * gradientCost }),
    },
  };
  oraclesOf(complete); // looks at the parts
  return complete;
}

function forwardGradient(value: (x: Vector) => number, n: number): (x: Vector, out: Vector) => number {
  const trial = new Float64Array(n);
  return (x, out) => {
    const f = value(x);
    trial.set(x);
    for (let i = 0; i < n; i++) {
      const xi = x[i];
      trial[i] = xi + FORWARD * Math.max(1, Math.abs(xi));
      out[i] = (value(trial) - f) / (trial[i] - xi);
      trial[i] = xi;
    }
    return f;
  };
}

function centralGradient(value: (x: Vector) => number, n: number): (x: Vector, out: Vector) => number {
  const trial = new Float64Array(n);
  return (x, out) => {
    trial.set(x);
    for (let i = 0; i < n; i++) {
      const xi = x[i], h = CENTRAL * Math.max(1, Math.abs(xi)), right = xi + h, left = xi - h;
      trial[i] = right;
      const above = value(trial);
      trial[i] = left;
      out[i] = (above - value(trial)) / (right - left);
      trial[i] = xi;
    }
    return value(x);
  };
}

/** `(∇f(x + tv) - ∇f(x - tv)) / 2t` with `|tv|` of the scale of x. */
function differencedProduct(
  gradient: (x: Vector, out: Vector) => number,
  n: number,
): (x: Vector, v: Vector, out: Vector) => void {
  const trial = new Float64Array(n), below = new Float64Array(n);
  return (x, v, out) => {
    const length = norm2(v);
    if (length === 0 || !isFiniteVector(v)) {
      out.fill(length);
      return;
    }
    const t = CENTRAL * Math.max(1, norm2(x)) / length;
    for (let i = 0; i < n; i++) trial[i] = x[i] + t * v[i];
    gradient(trial, out);
    for (let i = 0; i < n; i++) trial[i] = x[i] - t * v[i];
    gradient(trial, below);
    for (let i = 0; i < n; i++) out[i] = (out[i] - below[i]) / (2 * t);
  };
}
