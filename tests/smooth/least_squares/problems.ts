// Least-squares problems of two or three variables.
import type { LeastSquares, Vector } from "../../../lib/core/mod.ts";

export { valley } from "../../core/every_kind.ts";

/** One residual of three variables, x₀ + 2x₁² + exp x₂ - 5. */
export const surface: LeastSquares = {
  kind: "least-squares",
  dimension: 3,
  residual: {
    components: 1,
    value: (x, out) => void (out[0] = x[0] + 2 * x[1] * x[1] + Math.exp(x[2]) - 5),
    jacobianVector: (x, v, out) => void (out[0] = v[0] + 4 * x[1] * v[1] + Math.exp(x[2]) * v[2]),
    jacobianTransposeVector: (x, [w], out) => out.set([w, 4 * x[1] * w, Math.exp(x[2]) * w]),
  },
};

/** A decay to a floor, b₀ exp(-b₁t) + b₂, at t = 0, ½, …, 4. */
export const decay: LeastSquares = fit([3.1, 2.2, 1.7, 1.2, 1.05, 0.85, 0.8, 0.9, 0.7]);

function fit(y: number[]): LeastSquares {
  const e = (k: number, i: number): number => Math.exp(-k * i / 2);
  return {
    kind: "least-squares",
    dimension: 3,
    residual: {
      components: y.length,
      value: ([a, k, c], out) => y.forEach((yi, i) => out[i] = a * e(k, i) + c - yi),
      jacobianVector: ([a, k], v, out) => y.forEach((_, i) => out[i] = e(k, i) * (v[0] - a * (i / 2) * v[1]) + v[2]),
      jacobianTransposeVector: ([a, k], w, out) => {
        out.fill(0);
        y.forEach((_, i) => {
          out[0] += e(k, i) * w[i];
          out[1] -= a * (i / 2) * e(k, i) * w[i];
          out[2] += w[i];
        });
      },
    },
  };
}

/** Numbers as a vector. */
export const of = (...entries: number[]): Vector => Float64Array.of(...entries);
