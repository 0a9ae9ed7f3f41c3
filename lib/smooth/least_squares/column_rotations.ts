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
 * After Hestenes, Inversion of matrices by biorthogonalization and related results (1958); Demmel and Veselić, Jacobi's method is more
 * accurate than QR (1992).
 *
 * @module
 */
import type { Matrix, Vector } from "../../core/mod.ts";
import type { Spectrum } from "../trust_region/spectral_model.ts";

const MOST_SWEEPS = 40;

/**
 * The spectrum of RᵀR, with Rᵀt in its coordinates.
 *
 * @param flat Lengths up to this share of the longest count as rounding: t has no part there.
 */
export function spectrumOfSquares({ rows: m, columns: n, data }: Matrix, t: Vector, flat: number): Spectrum {
  const columns: Vector[] = []; // bₖ, then vₖ
  for (let k = 0; k < n; k++) {
    const column = new Float64Array(m + n);
    for (let i = 0; i < m; i++) column[i] = data[i * n + k];
    column[m + k] = 1;
    columns.push(column);
  }
  for (let sweep = 0, turned = true; turned && sweep < MOST_SWEEPS; sweep++) {
    turned = false;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) if (orthogonalize(columns[p], columns[q], m)) turned = true;
    }
  }
  const squares = columns.map((column) => squareOf(column, m)), order = [...squares.keys()];
  order.sort((j, k) => squares[j] - squares[k]);
  const values = new Float64Array(n), vectors = new Float64Array(n * n), coefficients = new Float64Array(n);
  for (let l = 0; l < n; l++) {
    const column = columns[order[l]];
    values[l] = squares[order[l]];
    for (let i = 0; i < n; i++) vectors[i * n + l] = column[m + i];
    if (!(values[l] > flat * flat * squares[order[n - 1]])) continue;
    for (let i = 0; i < m; i++) coefficients[l] += column[i] * t[i];
  }
  return { values, vectors: { rows: n, columns: n, data: vectors }, coefficients };
}

function squareOf(column: Vector, m: number): number {
  let s = 0;
  for (let i = 0; i < m; i++) s += column[i] ** 2;
  return s;
}

/** Rotates two columns so that their first m entries are orthogonal; returns whether they were not. */
function orthogonalize(a: Vector, b: Vector, m: number): boolean {
  let aa = 0, bb = 0, ab = 0;
  for (let i = 0; i < m; i++) {
    aa += a[i] * a[i];
    bb += b[i] * b[i];
    ab += a[i] * b[i];
  }
  if (!(Math.abs(ab) > Number.EPSILON * Math.sqrt(aa) * Math.sqrt(bb))) return false;
  const cotangent = (bb - aa) / (2 * ab),
    tangent = Math.sign(cotangent || 1) / (Math.abs(cotangent) + Math.hypot(1, cotangent));
  const cosine = 1 / Math.sqrt(1 + tangent * tangent), sine = cosine * tangent;
  for (let i = 0; i < a.length; i++) {
    const ai = a[i], bi = b[i];
    a[i] = cosine * ai - sine * bi;
    b[i] = sine * ai + cosine * bi;
  }
  return true;
}
