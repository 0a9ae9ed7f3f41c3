/**
 * Fits of sums of exponentials: nearly dependent terms, bad scales.
 *
 * @module
 */
import type { Instance } from "../../core/mod.ts";
import { type SumOfSquares, sumOfSquares } from "../sum_of_squares.ts";
import { OSBORNE1, OSBORNE2 } from "./data.ts";

/** MGH 6, Jennrich and Sampson: `rᵢ = 2 + 2i - (exp(i x₁) + exp(i x₂))`, `n = 2`, `m = 10`. */
export function jennrichSampson(): Instance<SumOfSquares> {
  const m = 10;
  return sumOfSquares({
    name: "JennrichSampson",
    start: [0.3, 0.4],
    minima: [124.36218235561473],
    count: m,
    residual: (x, r) => {
      for (let i = 1; i <= m; i++) r[i - 1] = 2 + 2 * i - (Math.exp(i * x[0]) + Math.exp(i * x[1]));
    },
    jacobian: (x, J) => {
      for (let i = 1, k = 0; i <= m; i++) {
        J[k++] = -i * Math.exp(i * x[0]);
        J[k++] = -i * Math.exp(i * x[1]);
      }
    },
    curvature: (x, w, v, out) => {
      for (let i = 1; i <= m; i++) {
        out[0] -= w[i - 1] * i * i * Math.exp(i * x[0]) * v[0];
        out[1] -= w[i - 1] * i * i * Math.exp(i * x[1]) * v[1];
      }
    },
  });
}

/** MGH 12, Box three-dimensional: `rᵢ = exp(-t x₁) - exp(-t x₂) - x₃ (exp(-t) - exp(-10 t))`, `t = i/10`, `m = 10`. */
export function box3d(): Instance<SumOfSquares> {
  const m = 10;
  return sumOfSquares({
    name: "Box3D",
    start: [0, 10, 20],
    minima: [0],
    count: m,
    residual: (x, r) => {
      for (let i = 0; i < m; i++) {
        const t = (i + 1) / 10;
        r[i] = Math.exp(-t * x[0]) - Math.exp(-t * x[1]) - x[2] * (Math.exp(-t) - Math.exp(-10 * t));
      }
    },
    jacobian: (x, J) => {
      for (let i = 0, k = 0; i < m; i++) {
        const t = (i + 1) / 10;
        J[k++] = -t * Math.exp(-t * x[0]);
        J[k++] = t * Math.exp(-t * x[1]);
        J[k++] = Math.exp(-10 * t) - Math.exp(-t);
      }
    },
    curvature: (x, w, v, out) => {
      for (let i = 0; i < m; i++) {
        const t = (i + 1) / 10;
        out[0] += w[i] * t * t * Math.exp(-t * x[0]) * v[0];
        out[1] -= w[i] * t * t * Math.exp(-t * x[1]) * v[1];
      }
    },
  });
}

/** MGH 17, Osborne 1: `rᵢ = yᵢ - (x₁ + x₂ exp(-t x₄) + x₃ exp(-t x₅))`, `t = 10(i - 1)`, `n = 5`, `m = 33`. */
export function osborne1(): Instance<SumOfSquares> {
  const m = 33;
  return sumOfSquares({
    name: "Osborne1",
    start: [0.5, 1.5, -1, 0.01, 0.02],
    minima: [5.464894697482687e-5],
    count: m,
    residual: (x, r) => {
      for (let i = 0; i < m; i++) {
        const t = 10 * i;
        r[i] = OSBORNE1[i] - (x[0] + x[1] * Math.exp(-t * x[3]) + x[2] * Math.exp(-t * x[4]));
      }
    },
    jacobian: (x, J) => {
      for (let i = 0, k = 0; i < m; i++) {
        const t = 10 * i, a = Math.exp(-t * x[3]), b = Math.exp(-t * x[4]);
        J[k++] = -1;
        J[k++] = -a;
        J[k++] = -b;
        J[k++] = t * x[1] * a;
        J[k++] = t * x[2] * b;
      }
    },
    curvature: (x, w, v, out) => {
      for (let i = 0; i < m; i++) {
        const t = 10 * i, a = w[i] * t * Math.exp(-t * x[3]), b = w[i] * t * Math.exp(-t * x[4]);
        out[1] += a * v[3];
        out[2] += b * v[4];
        out[3] += a * (v[1] - t * x[1] * v[3]);
        out[4] += b * (v[2] - t * x[2] * v[4]);
      }
    },
  });
}

/**
 * MGH 18, Biggs EXP6: `rᵢ = x₃ exp(-t x₁) - x₄ exp(-t x₂) + x₆ exp(-t x₅) - yᵢ`, `t = i/10`,
 * `yᵢ = exp(-t) - 5 exp(-10 t) + 3 exp(-4 t)`, `n = 6`, `m = 13`.
 */
export function biggsExp6(): Instance<SumOfSquares> {
  const m = 13;
  return sumOfSquares({
    name: "BiggsEXP6",
    start: [1, 2, 1, 1, 1, 1],
    minima: [0, 0.00565564992],
    count: m,
    residual: (x, r) => {
      for (let i = 0; i < m; i++) {
        const t = (i + 1) / 10, y = Math.exp(-t) - 5 * Math.exp(-10 * t) + 3 * Math.exp(-4 * t);
        r[i] = x[2] * Math.exp(-t * x[0]) - x[3] * Math.exp(-t * x[1]) + x[5] * Math.exp(-t * x[4]) - y;
      }
    },
    jacobian: (x, J) => {
      for (let i = 0, k = 0; i < m; i++) {
        const t = (i + 1) / 10, a = Math.exp(-t * x[0]), b = Math.exp(-t * x[1]), c = Math.exp(-t * x[4]);
        J[k++] = -t * x[2] * a;
        J[k++] = t * x[3] * b;
        J[k++] = a;
        J[k++] = -b;
        J[k++] = -t * x[5] * c;
        J[k++] = c;
      }
    },
    curvature: (x, w, v, out) => {
      for (let i = 0; i < m; i++) {
        const t = (i + 1) / 10, s = w[i] * t;
        const a = s * Math.exp(-t * x[0]), b = s * Math.exp(-t * x[1]), c = s * Math.exp(-t * x[4]);
        out[0] += a * (t * x[2] * v[0] - v[2]);
        out[1] -= b * (t * x[3] * v[1] - v[3]);
        out[2] -= a * v[0];
        out[3] += b * v[1];
        out[4] += c * (t * x[5] * v[4] - v[5]);
        out[5] -= c * v[4];
      }
    },
  });
}

/**
 * MGH 19, Osborne 2: an exponential and three bells,
 * `rᵢ = yᵢ - (x₁ exp(-t x₅) + Σ xₖ₊₁ exp(-xₖ₊₅ (t - xₖ₊₈)²))` over `k = 1, 2, 3`, `t = (i - 1)/10`, `n = 11`, `m = 65`.
 */
export function osborne2(): Instance<SumOfSquares> {
  const m = 65, n = 11;
  return sumOfSquares({
    name: "Osborne2",
    start: [1.3, 0.65, 0.65, 0.7, 0.6, 3, 5, 7, 2, 4.5, 5.5],
    minima: [0.040137736293547, 1.78981358688109],
    count: m,
    residual: (x, r) => {
      for (let i = 0; i < m; i++) {
        const t = i / 10;
        let s = x[0] * Math.exp(-t * x[4]);
        for (let k = 1; k <= 3; k++) {
          const d = t - x[k + 7];
          s += x[k] * Math.exp(-d * d * x[k + 4]);
        }
        r[i] = OSBORNE2[i] - s;
      }
    },
    jacobian: (x, J) => {
      for (let i = 0; i < m; i++) {
        const t = i / 10, e = Math.exp(-t * x[4]), row = i * n;
        J[row] = -e;
        J[row + 4] = t * x[0] * e;
        for (let k = 1; k <= 3; k++) {
          const b = x[k + 4], d = t - x[k + 7], g = Math.exp(-d * d * b);
          J[row + k] = -g;
          J[row + k + 4] = x[k] * d * d * g;
          J[row + k + 7] = -2 * x[k] * b * d * g;
        }
      }
    },
    curvature: (x, w, v, out) => {
      for (let i = 0; i < m; i++) {
        const t = i / 10, e = w[i] * t * Math.exp(-t * x[4]);
        out[0] += e * v[4];
        out[4] += e * (v[0] - t * x[0] * v[4]);
        for (let k = 1; k <= 3; k++) {
          const b = x[k + 4], d = t - x[k + 7], q = b * d * d, g = w[i] * Math.exp(-q), a = x[k] * g;
          const height = v[k], width = v[k + 4], centre = v[k + 7], mixed = 2 * a * d * (q - 1);
          out[k] += g * d * (d * width - 2 * b * centre);
          out[k + 4] += g * d * d * height - a * d * d * d * d * width + mixed * centre;
          out[k + 7] += -2 * b * d * g * height + mixed * width + 2 * a * b * (1 - 2 * q) * centre;
        }
      }
    },
  });
}
