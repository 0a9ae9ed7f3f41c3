/**
 * Systems of a few equations in two to four variables.
 *
 * @module
 */
import type { Instance } from "../../core/mod.ts";
import { type SumOfSquares, sumOfSquares } from "../sum_of_squares.ts";

/** MGH 2, Freudenstein and Roth: `n = m = 2`; most descents end in the local minimum 48.98. */
export function freudensteinRoth(): Instance<SumOfSquares> {
  return sumOfSquares({
    name: "FreudensteinRoth",
    start: [0.5, -2],
    minima: [0, 48.98425367924003],
    count: 2,
    residual: (x, r) => {
      const a = x[0], b = x[1];
      r[0] = -13 + a + ((5 - b) * b - 2) * b;
      r[1] = -29 + a + ((b + 1) * b - 14) * b;
    },
    jacobian: (x, J) => {
      const b = x[1];
      J[0] = J[2] = 1;
      J[1] = (10 - 3 * b) * b - 2;
      J[3] = (3 * b + 2) * b - 14;
    },
    curvature: (x, w, v, out) => {
      out[1] += (w[0] * (10 - 6 * x[1]) + w[1] * (6 * x[1] + 2)) * v[1];
    },
  });
}

/** MGH 3, Powell badly scaled: `n = m = 2`, variables five orders of magnitude apart. */
export function powellBadlyScaled(): Instance<SumOfSquares> {
  return sumOfSquares({
    name: "PowellBadlyScaled",
    start: [0, 1],
    minima: [0],
    count: 2,
    residual: (x, r) => {
      r[0] = 1e4 * x[0] * x[1] - 1;
      r[1] = Math.exp(-x[0]) + Math.exp(-x[1]) - 1.0001;
    },
    jacobian: (x, J) => {
      J[0] = 1e4 * x[1];
      J[1] = 1e4 * x[0];
      J[2] = -Math.exp(-x[0]);
      J[3] = -Math.exp(-x[1]);
    },
    curvature: (x, w, v, out) => {
      out[0] += w[0] * 1e4 * v[1] + w[1] * Math.exp(-x[0]) * v[0];
      out[1] += w[0] * 1e4 * v[0] + w[1] * Math.exp(-x[1]) * v[1];
    },
  });
}

/** MGH 4, Brown badly scaled: `n = 2`, `m = 3`, the minimizer is `(10⁶, 2·10⁻⁶)`. */
export function brownBadlyScaled(): Instance<SumOfSquares> {
  return sumOfSquares({
    name: "BrownBadlyScaled",
    start: [1, 1],
    minima: [0],
    count: 3,
    residual: (x, r) => {
      r[0] = x[0] - 1e6;
      r[1] = x[1] - 2e-6;
      r[2] = x[0] * x[1] - 2;
    },
    jacobian: (x, J) => {
      J[0] = J[3] = 1;
      J[1] = J[2] = 0;
      J[4] = x[1];
      J[5] = x[0];
    },
    curvature: (_x, w, v, out) => {
      out[0] += w[2] * v[1];
      out[1] += w[2] * v[0];
    },
  });
}

/** MGH 5, Beale: `rᵢ = yᵢ - x₁ (1 - x₂ⁱ)`, `n = 2`, `m = 3`. */
export function beale(): Instance<SumOfSquares> {
  return sumOfSquares({
    name: "Beale",
    start: [1, 1],
    minima: [0],
    count: 3,
    residual: (x, r) => {
      const a = x[0], b = x[1];
      r[0] = 1.5 - a * (1 - b);
      r[1] = 2.25 - a * (1 - b * b);
      r[2] = 2.625 - a * (1 - b * b * b);
    },
    jacobian: (x, J) => {
      const a = x[0], b = x[1];
      J[0] = b - 1;
      J[1] = a;
      J[2] = b * b - 1;
      J[3] = 2 * a * b;
      J[4] = b * b * b - 1;
      J[5] = 3 * a * b * b;
    },
    curvature: (x, w, v, out) => {
      const a = x[0], b = x[1], mixed = w[0] + 2 * w[1] * b + 3 * w[2] * b * b;
      out[0] += mixed * v[1];
      out[1] += mixed * v[0] + (2 * w[1] + 6 * w[2] * b) * a * v[1];
    },
  });
}

/** MGH 7, helical valley: `n = m = 3`; the angle jumps across the half plane `x₁ = 0, x₂ < 0`. */
export function helicalValley(): Instance<SumOfSquares> {
  const turn = 2 * Math.PI;
  return sumOfSquares({
    name: "HelicalValley",
    start: [-1, 0, 0],
    minima: [0],
    count: 3,
    residual: (x, r) => {
      // without -0 in the quotient, so that x₁ = 0 gives a quarter turn with the sign of x₂
      const angle = Math.atan(x[1] / (x[0] === 0 ? 0 : x[0])) / turn + (x[0] < 0 ? 0.5 : 0);
      r[0] = 10 * (x[2] - 10 * angle);
      r[1] = 10 * (Math.sqrt(x[0] * x[0] + x[1] * x[1]) - 1);
      r[2] = x[2];
    },
    jacobian: (x, J) => {
      const q = x[0] * x[0] + x[1] * x[1], radius = Math.sqrt(q), c = 100 / (turn * q);
      J.fill(0);
      J[0] = c * x[1];
      J[1] = -c * x[0];
      J[2] = 10;
      J[3] = 10 * x[0] / radius;
      J[4] = 10 * x[1] / radius;
      J[8] = 1;
    },
    curvature: (x, w, v, out) => {
      const a = x[0], b = x[1], q = a * a + b * b;
      const c = -100 * w[0] / (turn * q * q), d = 10 * w[1] / (q * Math.sqrt(q));
      const h11 = 2 * c * a * b + d * b * b, h12 = c * (b * b - a * a) - d * a * b, h22 = d * a * a - 2 * c * a * b;
      out[0] += h11 * v[0] + h12 * v[1];
      out[1] += h12 * v[0] + h22 * v[1];
    },
  });
}

/** MGH 14, Wood: two Rosenbrock valleys coupled, `n = 4`, `m = 6`. */
export function wood(): Instance<SumOfSquares> {
  const r10 = Math.sqrt(10), r90 = Math.sqrt(90);
  return sumOfSquares({
    name: "Wood",
    start: [-3, -1, -3, -1],
    minima: [0],
    count: 6,
    pattern: [[0, 1], [0], [2, 3], [2], [1, 3], [1, 3]],
    residual: (x, r) => {
      r[0] = 10 * (x[1] - x[0] * x[0]);
      r[1] = 1 - x[0];
      r[2] = r90 * (x[3] - x[2] * x[2]);
      r[3] = 1 - x[2];
      r[4] = r10 * (x[1] + x[3] - 2);
      r[5] = (x[1] - x[3]) / r10;
    },
    jacobian: (x, J) => {
      J[0] = -20 * x[0];
      J[1] = 10;
      J[2] = -1;
      J[3] = -2 * r90 * x[2];
      J[4] = r90;
      J[5] = -1;
      J[6] = J[7] = r10;
      J[8] = 1 / r10;
      J[9] = -1 / r10;
    },
    curvature: (_x, w, v, out) => {
      out[0] -= 20 * w[0] * v[0];
      out[2] -= 2 * r90 * w[2] * v[2];
    },
  });
}
