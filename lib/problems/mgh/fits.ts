/**
 * Fits of rational functions and polynomials.
 *
 * @module
 */
import { DomainError, type Instance } from "../../core/mod.ts";
import { type SumOfSquares, sumOfSquares } from "../sum_of_squares.ts";
import { allOf } from "./dimension.ts";
import { BARD, KOWALIK_OSBORNE, KOWALIK_OSBORNE_AT } from "./data.ts";

/**
 * MGH 8, Bard: `rᵢ = yᵢ - (x₁ + u / (v x₂ + w x₃))`, `u = i`, `v = 16 - i`, `w = min(u, v)`, `n = 3`, `m = 15`. The
 * second minimum listed is approached as `x₂` and `x₃` go to infinity.
 */
export function bard(): Instance<SumOfSquares> {
  const m = 15;
  return sumOfSquares({
    name: "Bard",
    start: [1, 1, 1],
    minima: [0.008214877306578963, 17.428693333333335],
    count: m,
    residual: (x, r) => {
      for (let i = 0; i < m; i++) {
        const u = i + 1, v = 15 - i, w = Math.min(u, v);
        r[i] = BARD[i] - (x[0] + u / (v * x[1] + w * x[2]));
      }
    },
    jacobian: (x, J) => {
      for (let i = 0, k = 0; i < m; i++) {
        const u = i + 1, v = 15 - i, w = Math.min(u, v), d = v * x[1] + w * x[2];
        J[k++] = -1;
        J[k++] = u * v / (d * d);
        J[k++] = u * w / (d * d);
      }
    },
    curvature: (x, weight, direction, out) => {
      for (let i = 0; i < m; i++) {
        const u = i + 1, v = 15 - i, w = Math.min(u, v), d = v * x[1] + w * x[2];
        const c = -2 * weight[i] * u * (v * direction[1] + w * direction[2]) / (d * d * d);
        out[1] += c * v;
        out[2] += c * w;
      }
    },
  });
}

/**
 * MGH 15, Kowalik and Osborne: `rᵢ = yᵢ - x₁ (u² + u x₂) / (u² + u x₃ + x₄)`, `n = 4`, `m = 11`. The second minimum
 * listed is approached at infinity.
 */
export function kowalikOsborne(): Instance<SumOfSquares> {
  const m = 11;
  return sumOfSquares({
    name: "KowalikOsborne",
    start: [0.25, 0.39, 0.415, 0.39],
    minima: [0.00030750560384923696, 0.0010273446],
    count: m,
    residual: (x, r) => {
      for (let i = 0; i < m; i++) {
        const u = KOWALIK_OSBORNE_AT[i];
        r[i] = KOWALIK_OSBORNE[i] - x[0] * (u * u + u * x[1]) / (u * u + u * x[2] + x[3]);
      }
    },
    jacobian: (x, J) => {
      for (let i = 0, k = 0; i < m; i++) {
        const u = KOWALIK_OSBORNE_AT[i], d = u * u + u * x[2] + x[3], q = (u * u + u * x[1]) / d;
        J[k++] = -q;
        J[k++] = -x[0] * u / d;
        J[k++] = x[0] * q * u / d;
        J[k++] = x[0] * q / d;
      }
    },
    curvature: (x, w, v, out) => {
      for (let i = 0; i < m; i++) {
        const u = KOWALIK_OSBORNE_AT[i], d = u * u + u * x[2] + x[3], q = (u * u + u * x[1]) / d;
        const c = w[i] / d, below = u * v[2] + v[3]; // change of the denominator
        out[0] += c * (q * below - u * v[1]);
        out[1] += c * u * (x[0] * below / d - v[0]);
        const slope = c * (q * v[0] + x[0] * (u * v[1] - 2 * q * below) / d);
        out[2] += slope * u;
        out[3] += slope;
      }
    },
  });
}

/** MGH 16, Brown and Dennis: `rᵢ = (x₁ + t x₂ - eᵗ)² + (x₃ + x₄ sin t - cos t)²`, `t = i/5`, `n = 4`, `m = 20`. */
export function brownDennis(): Instance<SumOfSquares> {
  const m = 20, times = allOf(m, (i) => i / 5), exps = times.map(Math.exp), sines = times.map(Math.sin);
  const cosines = times.map(Math.cos);
  return sumOfSquares({
    name: "BrownDennis",
    start: [25, 5, -5, -1],
    minima: [85822.20162635628],
    count: m,
    residual: (x, r) => {
      for (let i = 0; i < m; i++) {
        const a = x[0] + times[i] * x[1] - exps[i], b = x[2] + x[3] * sines[i] - cosines[i];
        r[i] = a * a + b * b;
      }
    },
    jacobian: (x, J) => {
      for (let i = 0, k = 0; i < m; i++) {
        const t = times[i], s = sines[i], a = 2 * (x[0] + t * x[1] - exps[i]), b = 2 * (x[2] + x[3] * s - cosines[i]);
        J[k++] = a;
        J[k++] = a * t;
        J[k++] = b;
        J[k++] = b * s;
      }
    },
    curvature: (_x, w, v, out) => {
      for (let i = 0; i < m; i++) {
        const t = times[i], s = sines[i], a = 2 * w[i] * (v[0] + t * v[1]), b = 2 * w[i] * (v[2] + s * v[3]);
        out[0] += a;
        out[1] += a * t;
        out[2] += b;
        out[3] += b * s;
      }
    },
  });
}

const WATSON_MINIMA: Readonly<Record<number, number>> = {
  6: 0.0022876700535523838,
  9: 1.3997601380937e-6,
  12: 4.7223811023e-10,
};

/**
 * MGH 20, Watson: a polynomial of degree `n - 1` is fitted to a differential equation,
 * `rᵢ = Σ (j - 1) xⱼ tʲ⁻² - (Σ xⱼ tʲ⁻¹)² - 1`, `t = i/29`; then `x₁` and `x₂ - x₁² - 1`; `m = 31`.
 *
 * @param n 2 … 31. Default 6.
 * @throws {DomainError} On another `n`.
 */
export function watson(n = 6): Instance<SumOfSquares> {
  if (!Number.isSafeInteger(n) || n < 2 || n > 31) {
    throw new DomainError(`Cannot make the Watson function: expected 2 to 31 variables, got ${n}`);
  }
  const points = 29, power = new Float64Array(points * n); // tᵢʲ
  for (let i = 0; i < points; i++) {
    for (let j = 0, p = 1; j < n; j++, p *= (i + 1) / points) power[i * n + j] = p;
  }
  const minimum = WATSON_MINIMA[n];
  return sumOfSquares({
    name: `Watson${n}`,
    start: new Float64Array(n),
    minima: minimum === undefined ? [] : [minimum],
    count: points + 2,
    residual: (x, r) => {
      for (let i = 0; i < points; i++) {
        const row = i * n;
        let slope = 0, height = x[0];
        for (let j = 1; j < n; j++) {
          slope += j * x[j] * power[row + j - 1];
          height += x[j] * power[row + j];
        }
        r[i] = slope - height * height - 1;
      }
      r[points] = x[0];
      r[points + 1] = x[1] - x[0] * x[0] - 1;
    },
    jacobian: (x, J) => {
      J.fill(0);
      for (let i = 0; i < points; i++) {
        const row = i * n;
        let height = 0;
        for (let j = 0; j < n; j++) height += x[j] * power[row + j];
        for (let j = 0; j < n; j++) J[row + j] = (j > 0 ? j * power[row + j - 1] : 0) - 2 * height * power[row + j];
      }
      const row = points * n;
      J[row] = 1;
      J[row + n] = -2 * x[0];
      J[row + n + 1] = 1;
    },
    curvature: (_x, w, v, out) => {
      for (let i = 0; i < points; i++) {
        const row = i * n;
        let height = 0;
        for (let j = 0; j < n; j++) height += v[j] * power[row + j];
        for (let j = 0; j < n; j++) out[j] -= 2 * w[i] * height * power[row + j];
      }
      out[0] -= 2 * w[points + 1] * v[0];
    },
  });
}
