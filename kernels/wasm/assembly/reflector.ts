// @ts-nocheck: AssemblyScript
import { Lanes } from "./lanes.ts";

/** Between these the squares of a column neither overflow nor lose digits to underflow. */
const LEAST: f64 = 1e-280;
const GREATEST: f64 = 1e280;

/**
 * The Householder reflector `H = I - τ v vᵀ`, v₀ = 1, that takes the column x at `d` (m entries, `lda` apart) to
 * `β e₁`, with β = -sign(x₀) |x|. Writes β and the rest of v over x, applies H to the `right` (at most 3) columns
 * beside it, and returns τ, which is 0 if x is a multiple of e₁.
 */
export function reflect(m: i32, right: i32, d: usize, lda: usize): f64 {
  // s = Σ xᵢ² below the first entry; g = Σ xᵢ yᵢ for the columns beside
  let s: f64 = 0, scale: f64 = 1;
  let g = f64x2.splat(0), h: f64 = 0;
  for (let attempt = 0; attempt < 2; ++attempt) {
    let p = d;
    g = f64x2.splat(0);
    h = 0;
    s = 0;
    for (let i = 1; i < m; ++i) {
      p += lda;
      const x = load<f64>(p);
      s += x * x;
      if (right > 0) {
        g = Lanes.fma(f64x2.splat(x), v128.load(p, 8), g);
        if (right > 2) h += x * load<f64>(p, 24);
      }
    }
    const x = load<f64>(d);
    if (attempt > 0 || s > LEAST && s + x * x < GREATEST) break;
    const size = magnitude(m, d, lda);
    if (size == 0) return 0;
    if (!(size < Infinity)) break; // NaN and infinities spread
    scale = power(max(size, abs(x)));
    const factor = 1 / scale;
    p = d;
    for (let i = 0; i < m; ++i) {
      store<f64>(p, load<f64>(p) * factor);
      p += lda;
    }
  }
  const x = load<f64>(d), norm = sqrt(x * x + s), beta = x > 0 ? -norm : norm;
  const tau = (beta - x) / beta, factor = 1 / (x - beta);
  // w = τ vᵀ y for the columns beside: v is 1 in the first entry, factor x below
  const y0 = v128.load(d, 8), y1 = load<f64>(d, 24);
  const w0 = f64x2.mul(f64x2.splat(tau), Lanes.fma(f64x2.splat(factor), g, y0)), w1 = tau * (y1 + factor * h);
  store<f64>(d, beta * scale);
  if (right > 1) v128.store(d, f64x2.sub(y0, w0), 8);
  else if (right > 0) store<f64>(d, f64x2.extract_lane(f64x2.sub(y0, w0), 0), 8);
  if (right > 2) store<f64>(d, y1 - w1, 24);
  let p = d;
  for (let i = 1; i < m; ++i) {
    p += lda;
    const v = load<f64>(p) * factor;
    store<f64>(p, v);
    if (right > 1) {
      v128.store(p, Lanes.minus(f64x2.splat(v), w0, v128.load(p, 8)), 8);
      if (right > 2) store<f64>(p, load<f64>(p, 24) - v * w1, 24);
    } else if (right > 0) {
      store<f64>(p, load<f64>(p, 8) - v * f64x2.extract_lane(w0, 0), 8);
    }
  }
  return tau;
}

/** The largest magnitude below the first entry; NaN if there is one. */
function magnitude(m: i32, d: usize, lda: usize): f64 {
  let size: f64 = 0;
  for (let i = 1; i < m; ++i) {
    d += lda;
    const x = abs(load<f64>(d));
    if (!(x <= size)) size = x;
    if (x != x) return x;
  }
  return size;
}

/** A power of two near x. */
function power(x: f64): f64 {
  const exponent = reinterpret<u64>(x) >> 52;
  return reinterpret<f64>((exponent == 0 ? 1 : exponent > 2044 ? 2044 : exponent) << 52);
}
