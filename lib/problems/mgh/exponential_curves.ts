/**
 * Fits of one exponential whose argument bends.
 *
 * @module
 */
import type { Instance } from "../../core/mod.ts";
import { type SumOfSquares, sumOfSquares } from "../sum_of_squares.ts";
import { GAUSSIAN, MEYER } from "./data.ts";

/** MGH 9, Gaussian: `rᵢ = x₁ exp(-x₂ (tᵢ - x₃)² / 2) - yᵢ`, `tᵢ = (8 - i)/2`, `n = 3`, `m = 15`. */
export function gaussian(): Instance<SumOfSquares> {
  const m = 15;
  return sumOfSquares({
    name: "Gaussian",
    start: [0.4, 1, 0],
    minima: [1.1279327696188653e-8],
    count: m,
    residual: (x, r) => {
      for (let i = 0; i < m; i++) {
        const d = (7 - i) / 2 - x[2];
        r[i] = x[0] * Math.exp(-x[1] * d * d / 2) - GAUSSIAN[i];
      }
    },
    jacobian: (x, J) => {
      for (let i = 0, k = 0; i < m; i++) {
        const d = (7 - i) / 2 - x[2], g = Math.exp(-x[1] * d * d / 2);
        J[k++] = g;
        J[k++] = -x[0] * g * d * d / 2;
        J[k++] = x[0] * g * x[1] * d;
      }
    },
    curvature: (x, w, v, out) => {
      for (let i = 0; i < m; i++) {
        const d = (7 - i) / 2 - x[2], q = x[1] * d * d, g = w[i] * Math.exp(-q / 2), a = x[0] * g;
        const h12 = -g * d * d / 2, h13 = g * x[1] * d;
        const h22 = a * d * d * d * d / 4, h23 = a * d * (1 - q / 2), h33 = a * x[1] * (q - 1);
        out[0] += h12 * v[1] + h13 * v[2];
        out[1] += h12 * v[0] + h22 * v[1] + h23 * v[2];
        out[2] += h13 * v[0] + h23 * v[1] + h33 * v[2];
      }
    },
  });
}

/** MGH 10, Meyer: `rᵢ = x₁ exp(x₂ / (tᵢ + x₃)) - yᵢ`, `tᵢ = 45 + 5i`, `n = 3`, `m = 16`; extremely bent. */
export function meyer(): Instance<SumOfSquares> {
  const m = 16;
  return sumOfSquares({
    name: "Meyer",
    start: [0.02, 4000, 250],
    minima: [87.94585517018605],
    count: m,
    residual: (x, r) => {
      for (let i = 0; i < m; i++) r[i] = x[0] * Math.exp(x[1] / (50 + 5 * i + x[2])) - MEYER[i];
    },
    jacobian: (x, J) => {
      for (let i = 0, k = 0; i < m; i++) {
        const s = 50 + 5 * i + x[2], e = Math.exp(x[1] / s);
        J[k++] = e;
        J[k++] = x[0] * e / s;
        J[k++] = -x[0] * e * x[1] / (s * s);
      }
    },
    curvature: (x, w, v, out) => {
      for (let i = 0; i < m; i++) {
        const s = 50 + 5 * i + x[2], q = x[1] / s, e = w[i] * Math.exp(q) / s, a = x[0] * e / s;
        const h12 = e, h13 = -e * q, h22 = a, h23 = -a * (q + 1), h33 = a * q * (q + 2);
        out[0] += h12 * v[1] + h13 * v[2];
        out[1] += h12 * v[0] + h22 * v[1] + h23 * v[2];
        out[2] += h13 * v[0] + h23 * v[1] + h33 * v[2];
      }
    },
  });
}

/**
 * MGH 11, Gulf research and development: `rᵢ = exp(-|yᵢ - x₂|^x₃ / x₁) - tᵢ`, `tᵢ = i/100`,
 * `yᵢ = 25 + (-50 ln tᵢ)^(2/3)`, `n = 3`, `m = 10`. (The paper prints `|yᵢ m i x₂|`, a known misprint.)
 */
export function gulf(): Instance<SumOfSquares> {
  const m = 10;
  const y = Float64Array.from({ length: m }, (_, i) => 25 + (-50 * Math.log((i + 1) / 100)) ** (2 / 3));
  return sumOfSquares({
    name: "Gulf",
    start: [5, 2.5, 0.15],
    minima: [0],
    count: m,
    residual: (x, r) => {
      for (let i = 0; i < m; i++) r[i] = Math.exp(-(Math.abs(y[i] - x[1]) ** x[2]) / x[0]) - (i + 1) / 100;
    },
    jacobian: (x, J) => {
      for (let i = 0, k = 0; i < m; i++) {
        const d = y[i] - x[1], a = Math.abs(d), q = a ** x[2] / x[0], g = Math.exp(-q);
        J[k++] = g * q / x[0];
        J[k++] = g * x[2] * q / d;
        J[k++] = -g * q * Math.log(a);
      }
    },
    curvature: (x, w, v, out) => {
      for (let i = 0; i < m; i++) { // r = exp(-q) - t, so rₐᵦ = exp(-q) (qₐ qᵦ - qₐᵦ)
        const d = y[i] - x[1], a = Math.abs(d), q = a ** x[2] / x[0], log = Math.log(a), g = w[i] * Math.exp(-q);
        const q1 = -q / x[0], q2 = -x[2] * q / d, q3 = q * log;
        const h11 = g * (q1 * q1 + 2 * q1 / x[0]), h12 = g * (q1 * q2 + q2 / x[0]), h13 = g * (q1 * q3 + q3 / x[0]);
        const h22 = g * (q2 * q2 + q2 * (x[2] - 1) / d), h23 = g * (q2 * q3 + q * (1 + x[2] * log) / d);
        const h33 = g * (q3 * q3 - q3 * log);
        out[0] += h11 * v[0] + h12 * v[1] + h13 * v[2];
        out[1] += h12 * v[0] + h22 * v[1] + h23 * v[2];
        out[2] += h13 * v[0] + h23 * v[1] + h33 * v[2];
      }
    },
  });
}
