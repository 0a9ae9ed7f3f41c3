/**
 * Quadratic models with a known spectrum: their least points in a ball and under a cubic term, exactly.
 *
 * ```
 * H = Q Λ Qᵀ,  c = Qᵀg,   p(λ) = -Q (Λ + λ)⁻¹ c,  |p(λ)| falls for λ > -λ₁
 * ball |p| <= Δ:     H p + λ p = -g,  H + λ >= 0,  λ (Δ - |p|) = 0
 * cubic + σ/3 |p|³:  H p + λ p = -g,  H + λ >= 0,  λ = σ |p|
 * hard case: c has no part along q₁ and |p(-λ₁)| is too short: p = p(-λ₁) + τ q₁ of the right length
 * ```
 *
 * Newton's method on `1/|p(λ)|`, which is nearly linear, within a bracket.
 *
 * Source: Moré and Sorensen, Computing a trust region step (1983), section 3; Cartis, Gould and Toint, Adaptive cubic
 * regularisation methods for unconstrained optimization, part I (2011), section 6.1.
 *
 * @module
 */
import { dot, type Matrix, norm2, type Vector } from "../../core/mod.ts";
import { eigh } from "../../linalg/mod.ts";

/** A spectrum: plain data, which a state may hold. */
export interface Spectrum {
  /** `Λ`, rising. */
  readonly values: Vector;
  /** `Q`, eigenvectors as columns. */
  readonly vectors: Matrix;
  /** `c = Qᵀg`. */
  readonly coefficients: Vector;
}

/** The spectrum of H, with g in its coordinates. */
export function spectrumOf(H: Matrix, g: Vector): Spectrum {
  const { values, vectors } = eigh(H), spectrum = { values, vectors, coefficients: new Float64Array(g.length) };
  setGradient(spectrum, g);
  return spectrum;
}

/** Another g for the same H: writes `c = Qᵀg`. */
export function setGradient({ vectors, coefficients }: Spectrum, g: Vector): void {
  const n = g.length;
  coefficients.fill(0);
  for (let i = 0; i < n; i++) for (let k = 0; k < n; k++) coefficients[k] += vectors.data[i * n + k] * g[i];
}

/** A least point of a model. */
export interface ExactStep {
  /** `λ`. */
  readonly lambda: number;
  /** `m(0) - m(p)`, of the quadratic model alone. */
  readonly decrease: number;
}

/** Writes the least point of a model into `out`: in the ball of radius `limit`, or with `limit/3 |p|³` added. */
export type Least = (spectrum: Spectrum, limit: number, out: Vector) => ExactStep;

/**
 * Writes the least point of the model in the ball of radius Δ into `out`.
 *
 * @param noise How far off the values may be. Default: by their rounding against the largest of them.
 */
export function leastInBall(
  spectrum: Spectrum,
  radius: number,
  out: Vector,
  noise: number = roundingOf(spectrum),
): ExactStep {
  const { values, coefficients: c } = spectrum;
  if (values[0] > 0 && lengthAt(values, c, 0) <= radius) return assemble(spectrum, 0, 0, out);
  return leastOf(spectrum, () => radius, 0, noise, out);
}

/** Writes the least point of the model with `σ/3 |p|³` into `out`. */
export function leastUnderCubic(spectrum: Spectrum, sigma: number, out: Vector): ExactStep {
  return leastOf(spectrum, (lambda) => lambda / sigma, 1 / sigma, roundingOf(spectrum), out);
}

/** Writes `p(λ) = -(H + λ)⁻¹ g` into `out`. */
export function shiftedStep(spectrum: Spectrum, lambda: number, out: Vector): ExactStep {
  return assemble(spectrum, lambda, 0, out);
}

/** The largest `|λ|`. */
function sizeOf({ values }: Spectrum): number {
  return Math.max(Math.abs(values[0]), Math.abs(values[values.length - 1]), Number.MIN_VALUE);
}

function roundingOf(spectrum: Spectrum): number {
  return spectrum.values.length * Number.EPSILON * sizeOf(spectrum);
}

/** `|p(λ)|`. */
function lengthAt(values: Vector, c: Vector, lambda: number): number {
  let s = 0;
  for (let k = 0; k < c.length; k++) if (c[k] !== 0) s += (c[k] / (values[k] + lambda)) ** 2;
  return Math.sqrt(s);
}

/** The point with `|p(λ)| = wanted(λ)`, a length that rises with λ by `rise`: Newton's method on `1/|p| - 1/wanted`. */
function leastOf(
  spectrum: Spectrum,
  wanted: (lambda: number) => number,
  rise: number,
  noise: number,
  out: Vector,
): ExactStep {
  const { values, coefficients: c } = spectrum, edge = Math.max(0, -values[0]), scale = sizeOf(spectrum);
  const first = edge + noise; // nearer to -λ₁ rounding decides what p(λ) is
  if (lengthAt(values, c, first) <= wanted(first)) {
    if (values[0] >= -noise) return assemble(spectrum, first, 0, out); // flat directions: nothing is gained along them
    // the hard case, or one that rounding makes hard: at -λ₁ itself p may be longer than wanted, without its part along q₁ even
    const target = wanted(first), short = lengthAt(values, withoutFirst(spectrum), first);
    return assemble(spectrum, first, Math.sqrt(Math.max(0, target * target - short * short)), out);
  }
  let low = first, high = first + scale;
  while (lengthAt(values, c, high) > wanted(high)) high = edge + 2 * (high - edge) + scale;
  let lambda = low;
  for (let k = 0; k < 200 && high - low > 1e-15 * high; k++) {
    const length = lengthAt(values, c, lambda), goal = wanted(lambda);
    if (length > goal) low = lambda;
    else high = lambda;
    let slope = 0; // of |p|², halved and with the other sign
    for (let j = 0; j < c.length; j++) if (c[j] !== 0) slope += c[j] ** 2 / (values[j] + lambda) ** 3;
    const next = lambda - (1 / length - 1 / goal) / (slope / length ** 3 + rise / goal ** 2);
    if (Math.abs(next - lambda) <= 4 * Number.EPSILON * lambda) break;
    lambda = next > low && next < high ? next : (low + high) / 2;
  }
  return assemble(spectrum, lambda, 0, out);
}

/** c without its part along the eigenvectors of the least eigenvalue. */
function withoutFirst({ values, coefficients }: Spectrum): Vector {
  const width = 1e-12 * Math.max(1, Math.abs(values[0]));
  return coefficients.map((ck, k) => values[k] - values[0] <= width ? 0 : ck);
}

/** `p(λ) + τ q₁`, and what it brings. */
function assemble(spectrum: Spectrum, lambda: number, tau: number, out: Vector): ExactStep {
  const { values, vectors: { data: Q }, coefficients } = spectrum, n = out.length;
  const c = tau > 0 ? withoutFirst(spectrum) : coefficients, inner = new Float64Array(n);
  for (let k = 0; k < n; k++) inner[k] = c[k] === 0 ? 0 : -c[k] / (values[k] + lambda);
  if (tau > 0) inner[0] += coefficients[0] > 0 ? -tau : tau;
  let decrease = -dot(coefficients, inner);
  for (let k = 0; k < n; k++) decrease -= values[k] * inner[k] ** 2 / 2;
  for (let i = 0; i < n; i++) {
    let s = 0;
    for (let k = 0; k < n; k++) s += Q[i * n + k] * inner[k];
    out[i] = s;
  }
  return { lambda, decrease };
}

/** The largest of the residuals of the conditions above for a ball: for tests and certificates. */
export function ballResidual(H: Matrix, g: Vector, radius: number, p: Vector, lambda: number): number {
  const n = g.length, r = g.slice();
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) r[i] += H.data[i * n + j] * p[j];
    r[i] += lambda * p[i];
  }
  return Math.max(norm2(r), Math.abs(lambda * (radius - norm2(p))), norm2(p) - radius);
}
