/**
 * Regression as a least-squares problem, with derivatives by differences that stay between the bounds.
 *
 * ```
 * rᵢ = (model(xᵢ, b) - yᵢ)/σᵢ
 * f'(b) ≈ (8 (f₁ - f₋₁) - (f₂ - f₋₂)) / 12h,   at a bound   ±(-25 f₀ + 48 f±₁ - 36 f±₂ + 16 f±₃ - 3 f±₄) / 12h
 * ```
 *
 * After Abramowitz and Stegun, Handbook of mathematical functions (1964), table 25.2 (five points, at the middle and at the end).
 *
 * @module
 */
import { everyBound, type LeastSquares, type Matrix, type Vector } from "../../core/mod.ts";
import { withJacobian } from "./model.ts";
import type { Box } from "./reflective_model.ts";

/** The value of a curve at x for parameters b: x is a number, or a row of several. */
export type CurveModel<X extends number | Vector> = (x: X, b: Vector) => number;

/** Data, and where a fit of them begins. */
export interface Regression<X extends number | Vector> {
  /** The curve. */
  readonly model: CurveModel<X>;
  /** Where it was observed. */
  readonly x: ArrayLike<X>;
  /** What was observed. */
  readonly y: Vector;
  /** `1/σ`. */
  readonly weights: Vector;
  /** Parameters, whose sizes those of the steps follow. */
  readonly start: Vector;
  /** Bounds of the parameters. */
  readonly bounds?: Box;
}

/** The problem of a regression, with a Jacobian matrix that needs the model between the bounds only. */
export function regression<X extends number | Vector>(data: Regression<X>): LeastSquares {
  const { model, x, y, weights, start, bounds = {} } = data, m = y.length, n = start.length;
  const [lower, upper] = everyBound(n, bounds), moved = new Float64Array(n);
  const jacobian = (b: Vector, { data }: Matrix): void => {
    moved.set(b);
    for (let j = 0; j < n; j++) {
      const wanted = 1e-3 * Math.max(Math.abs(b[j]), 1e-3 * (Math.abs(start[j]) || 1));
      const h = Math.min(wanted, (upper[j] - lower[j]) / 8), roomBelow = b[j] - lower[j], roomAbove = upper[j] - b[j];
      const isInside = Math.min(roomBelow, roomAbove) >= 3 * h, side = roomAbove >= roomBelow ? h : -h;
      const at = (step: number, i: number): number => {
        moved[j] = b[j] + step;
        return model(x[i], moved);
      };
      for (let i = 0; i < m; i++) {
        const slope = isInside
          ? (8 * (at(h, i) - at(-h, i)) - (at(2 * h, i) - at(-2 * h, i))) / (12 * h)
          : (48 * at(side, i) - 36 * at(2 * side, i) + 16 * at(3 * side, i) - 3 * at(4 * side, i) - 25 * at(0, i)) /
            (12 * side);
        data[i * n + j] = h > 0 ? weights[i] * slope : 0;
      }
      moved[j] = b[j];
    }
  };
  const value = (b: Vector, out: Vector): void => {
    for (let i = 0; i < m; i++) out[i] = weights[i] * (model(x[i], b) - y[i]);
  };
  return {
    kind: "least-squares",
    name: "a curve",
    dimension: n,
    costs: { "residual.jacobian": 4 * n, "residual.jacobianVector": 4 * n, "residual.jacobianTransposeVector": 4 * n },
    residual: withJacobian(m, n, value, jacobian),
  };
}
