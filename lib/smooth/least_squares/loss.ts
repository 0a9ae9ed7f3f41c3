/**
 * Robust losses: residuals that are far out count less than by their squares.
 *
 * ```
 * minimize ½ c² Σ ρ((rᵢ/c)²)
 * soft-l1:  ρ(z) = 2 (√(1 + z) - 1)        huber:  z up to 1, then 2 √z - 1
 * cauchy:   ρ(z) = ln(1 + z)               tukey:  (1 - (1 - z)³)/3 up to 1, then 1/3
 * arctan:   ρ(z) = arctan z
 * ```
 *
 * All have `ρ(z) ≈ z` near 0. The sum is one of squares of `r̃ = sign(r) c √ρ((r/c)²)`, a smooth function of r with
 * `dr̃/dr = ρ'(z) √(z/ρ(z))`, so that every method for least squares applies.
 *
 * Source: Triggs, McLauchlan, Hartley and Fitzgibbon, Bundle adjustment - a modern synthesis (2000), section 3.
 *
 * @module
 */
import {
  type BoundedLeastSquares,
  checkChoice,
  checkPositive,
  type LeastSquares,
  type Matrix,
  type Vector,
} from "../../core/mod.ts";

/** A loss by its name. */
export type RobustLoss = "soft-l1" | "huber" | "cauchy" | "arctan" | "tukey";

/** `√(ρ(z)/z)` and `ρ'(z)` at z = u², u >= 0. */
interface Loss {
  readonly root: (u: number) => number;
  readonly slope: (u: number) => number;
}

const losses: Readonly<Record<RobustLoss, Loss>> = {
  "soft-l1": {
    root: (u) => Math.sqrt(2 / (Math.hypot(1, u) + 1)),
    slope: (u) => 1 / Math.hypot(1, u),
  },
  huber: {
    root: (u) => u <= 1 ? 1 : Math.sqrt((2 - 1 / u) / u),
    slope: (u) => u <= 1 ? 1 : 1 / u,
  },
  cauchy: {
    root: (u) => u < 1e-9 ? 1 : Math.sqrt(u < 1e100 ? Math.log1p(u * u) : 2 * Math.log(u)) / u,
    slope: (u) => 1 / (1 + u * u),
  },
  arctan: {
    root: (u) => u < 1e-4 ? 1 : Math.sqrt(Math.atan(u * u)) / u,
    slope: (u) => 1 / (1 + u ** 4),
  },
  tukey: {
    root: (u) => u <= 1 ? Math.sqrt(1 - u * u + u ** 4 / 3) : 1 / (Math.sqrt(3) * u),
    slope: (u) => u <= 1 ? (1 - u * u) ** 2 : 0,
  },
};

/**
 * The problem with a robust loss in place of the squares of its residuals. Each product with the Jacobian matrix
 * evaluates the residuals, too.
 *
 * @param scale `c`: residuals up to about this size count as they did. In units of the residuals; default 1.
 *
 * @throws {DomainError} When the name is none of the losses, or the scale is not positive and finite.
 *
 * @example The mean of numbers one of which is wrong
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { levenbergMarquardt, withLoss } from "@gradus/gradus/smooth";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const data = [0.9, 1, 1.1, 50];
 * const mean = {
 *   kind: "least-squares" as const,
 *   dimension: 1,
 *   residual: {
 *     components: 4,
 *     value: ([x]: Float64Array, out: Float64Array) => data.forEach((d, i) => out[i] = x - d),
 *     jacobianVector: (_x: Float64Array, [v]: Float64Array, out: Float64Array) => void out.fill(v),
 *     jacobianTransposeVector: (_x: Float64Array, w: Float64Array, out: Float64Array) => out[0] = w[0] + w[1] + w[2] + w[3],
 *   },
 * };
 * const { x } = solve(withLoss(mean, "tukey", 1), levenbergMarquardt(), { start: [2] });
 * assertAlmostEquals(x[0], 1, 1e-6);
 * ```
 */
export function withLoss(problem: LeastSquares, loss: RobustLoss, scale?: number): LeastSquares;
/** The same with the bounds that the problem has. */
export function withLoss(problem: BoundedLeastSquares, loss: RobustLoss, scale?: number): BoundedLeastSquares;
export function withLoss(problem: BoundedLeastSquares, loss: RobustLoss, scale = 1): BoundedLeastSquares {
  checkChoice("change the loss", "a loss", loss, Object.keys(losses));
  checkPositive("change the loss", "a scale", scale);
  const { root, slope } = losses[loss], { residual } = problem, m = residual.components;
  const r = new Float64Array(m), weighted = new Float64Array(m);
  const derivative = (ri: number): number => {
    const u = Math.abs(ri) / scale;
    return slope(u) / root(u);
  };
  const { jacobian } = residual;
  return {
    ...problem,
    name: `${problem.name ?? "least squares"}, ${loss}`,
    residual: {
      components: m,
      value: (x, out) => {
        residual.value(x, out);
        for (let i = 0; i < m; i++) out[i] *= root(Math.abs(out[i]) / scale);
      },
      jacobianVector: (x, v, out) => {
        residual.value(x, r);
        residual.jacobianVector(x, v, out);
        for (let i = 0; i < m; i++) out[i] *= derivative(r[i]);
      },
      jacobianTransposeVector: (x, w, out) => {
        residual.value(x, r);
        for (let i = 0; i < m; i++) weighted[i] = derivative(r[i]) * w[i];
        residual.jacobianTransposeVector(x, weighted, out);
      },
      ...(jacobian && {
        jacobian: (x: Vector, out: Matrix) => {
          residual.value(x, r);
          jacobian(x, out);
          const { columns: n, data } = out;
          for (let i = 0; i < m; i++) {
            const d = derivative(r[i]);
            for (let j = 0; j < n; j++) data[i * n + j] *= d;
          }
        },
      }),
    },
  };
}
