/**
 * Regression as a least-squares problem, with derivatives by differences that stay between the bounds.
 *
 * ```
 * rᵢ = (model(xᵢ, b) - yᵢ)/σᵢ
 * f'(b) ≈ (8 (f₁ - f₋₁) - (f₂ - f₋₂)) / 12h,   at a bound   ±(-25 f₀ + 48 f±₁ - 36 f±₂ + 16 f±₃ - 3 f±₄) / 12h
 * ```
 *
 * The step h is a thousandth of the parameter, but a place far from 0 may matter on a much smaller scale. Hence a
 * column is compared with the formula of second order, `(f₁ - f₋₁) / 2h` or `±(-3 f₀ + 4 f±₁ - f±₂) / 2h`: they differ
 * by `ε = O(h²)` relative, which leaves an error of about ε². Where ε is too large, h is reduced to what would make it
 * 10⁻⁶.
 *
 * After Abramowitz and Stegun, Handbook of mathematical functions (1964), table 25.2 (five points, at the middle and at
 * the end).
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

/** The `ε` below which a step of differences is short enough, and how many steps are tried at most. */
const RESOLVED = 1e-4, MOST_STEPS = 3;

/** The problem of a regression, with a Jacobian matrix that needs the model between the bounds only. */
export function regression<X extends number | Vector>(data: Regression<X>): LeastSquares {
  const { model, x, y, weights, start, bounds = {} } = data, m = y.length, n = start.length;
  const [lower, upper] = everyBound(n, bounds), moved = new Float64Array(n);
  const column = new Float64Array(m);
  /** Writes the weighted differences of parameter j for a step h from b into `column`; `ε`. */
  const difference = (b: Vector, j: number, h: number): number => {
    const roomBelow = b[j] - lower[j], roomAbove = upper[j] - b[j];
    const isInside = Math.min(roomBelow, roomAbove) >= 3 * h, side = roomAbove >= roomBelow ? h : -h;
    const at = (step: number, i: number): number => {
      moved[j] = b[j] + step;
      return model(x[i], moved);
    };
    let apart = 0, size = 0;
    for (let i = 0; i < m; i++) {
      let slope: number, low: number;
      if (isInside) {
        const near = at(h, i) - at(-h, i), far = at(2 * h, i) - at(-2 * h, i);
        slope = (8 * near - far) / (12 * h);
        low = near / (2 * h);
      } else {
        const f0 = at(0, i), f1 = at(side, i), f2 = at(2 * side, i), f3 = at(3 * side, i), f4 = at(4 * side, i);
        slope = (48 * f1 - 36 * f2 + 16 * f3 - 3 * f4 - 25 * f0) / (12 * side);
        low = (4 * f1 - f2 - 3 * f0) / (2 * side);
      }
      column[i] = weights[i] * slope;
      apart += (weights[i] * (low - slope)) ** 2;
      size += column[i] ** 2;
    }
    moved[j] = b[j];
    return size === 0 ? Infinity : Math.sqrt(apart / size);
  };
  const jacobian = (b: Vector, { data }: Matrix): void => {
    moved.set(b);
    for (let j = 0; j < n; j++) {
      const wanted = 1e-3 * Math.max(Math.abs(b[j]), 1e-3 * (Math.abs(start[j]) || 1));
      let h = Math.min(wanted, (upper[j] - lower[j]) / 8), error = Infinity;
      if (!(h > 0)) { for (let i = 0; i < m; i++) data[i * n + j] = 0; }
      for (let k = 0; h > 0 && k < MOST_STEPS; k++) {
        const next = difference(b, j, h);
        if (!(next < error) && error < Infinity) break; // rounding or noise: the longer step is the better one
        for (let i = 0; i < m; i++) data[i * n + j] = column[i];
        error = next;
        if (error <= RESOLVED) break;
        h *= Math.min(0.1, Math.max(1e-3, Math.sqrt(1e-6 / error) || 1e-3));
      }
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
