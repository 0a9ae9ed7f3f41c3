/**
 * The spectrum of `½ |R s + t|²` for small R, by rotations of the columns of R that make them orthogonal.
 *
 * ```
 * R V = B with orthogonal columns bₖ:   RᵀR = V diag(|bₖ|²) Vᵀ,   VᵀRᵀt = (bₖ·t)
 * a rotation of bₚ and b_q by θ:   cot 2θ = (|b_q|² - |bₚ|²) / (2 bₚ·b_q),   until |bₚ·b_q| <= ε |bₚ| |b_q|
 * ```
 *
 * Short lengths are found as exactly as long ones, however columns are scaled.
 *
 * After Hestenes, Inversion of matrices by biorthogonalization and related results (1958); Demmel and Veselić, Jacobi's
 * method is more accurate than QR (1992).
 *
 * @module
 */
import { type Matrix, type Vector, vectors } from "../../core/mod.ts";
import type { Spectrum } from "../trust_region/spectral_model.ts";

const MOST_SWEEPS = 40;

/** Room for spectra of R of at most m rows and n columns. Plain data. */
export interface RotationRoom {
  /** bₖ, then vₖ, for each k. */
  readonly columns: Vector;
  /** The last spectrum. */
  readonly spectrum: Spectrum;
}

/** Room for spectra of R of at most m rows and n columns. */
export function rotationRoom(m: number, n: number): RotationRoom {
  const [values, coefficients] = vectors(n, 2);
  return {
    columns: new Float64Array(n * (m + n)),
    spectrum: { values, vectors: { rows: n, columns: n, data: new Float64Array(n * n) }, coefficients },
  };
}

/**
 * The spectrum of RᵀR, with Rᵀt in its coordinates.
 *
 * @param flat Lengths up to this share of the longest count as rounding: t has no part there.
 * @param room Is written.
 */
export function spectrumOfSquares(
  { rows: m, columns: n, data }: Matrix,
  t: Vector,
  flat: number,
  { columns, spectrum }: RotationRoom = rotationRoom(m, n),
): Spectrum {
  const length = m + n;
  for (let k = 0, start = 0; k < n; k++, start += length) {
    for (let i = 0; i < m; i++) columns[start + i] = data[i * n + k];
    for (let i = 0; i < n; i++) columns[start + m + i] = i === k ? 1 : 0;
  }
  for (let sweep = 0, turned = true; turned && sweep < MOST_SWEEPS; sweep++) {
    turned = false;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) if (orthogonalize(columns, p * length, q * length, m, length)) turned = true;
    }
  }
  const squares: number[] = [], order: number[] = [];
  for (let k = 0; k < n; k++) {
    squares.push(squareOf(columns, k * length, m));
    order.push(k);
  }
  order.sort((j, k) => squares[j] - squares[k]);
  const { values, coefficients, vectors: { data: V } } = spectrum;
  coefficients.fill(0);
  for (let l = 0; l < n; l++) {
    const start = order[l] * length;
    values[l] = squares[order[l]];
    for (let i = 0; i < n; i++) V[i * n + l] = columns[start + m + i];
    if (!(values[l] > flat * flat * squares[order[n - 1]])) continue;
    for (let i = 0; i < m; i++) coefficients[l] += columns[start + i] * t[i];
  }
  return spectrum;
}

function squareOf(columns: Vector, start: number, m: number): number {
  let s = 0;
  for (let i = start; i < start + m; i++) s += columns[i] ** 2;
  return s;
}

/**
 * Rotates the columns that begin at a and b so that their first m entries are orthogonal; returns whether they were
 * not.
 */
function orthogonalize(columns: Vector, a: number, b: number, m: number, length: number): boolean {
  let aa = 0, bb = 0, ab = 0;
  for (let i = 0; i < m; i++) {
    const ai = columns[a + i], bi = columns[b + i];
    aa += ai * ai;
    bb += bi * bi;
    ab += ai * bi;
  }
  if (!(Math.abs(ab) > Number.EPSILON * Math.sqrt(aa) * Math.sqrt(bb))) return false;
  const cotangent = (bb - aa) / (2 * ab),
    tangent = Math.sign(cotangent || 1) / (Math.abs(cotangent) + Math.hypot(1, cotangent));
  const cosine = 1 / Math.sqrt(1 + tangent * tangent), sine = cosine * tangent;
  for (let i = 0; i < length; i++) {
    const ai = columns[a + i], bi = columns[b + i];
    columns[a + i] = cosine * ai - sine * bi;
    columns[b + i] = sine * ai + cosine * bi;
  }
  return true;
}
