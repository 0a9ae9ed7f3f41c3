/**
 * The stages of a mixed-radix fast Fourier transform, in Stockham's order: each reads one pair of arrays and writes
 * another, and the last one leaves the result in its natural order.
 *
 * A stage of radix r with stride s takes transforms of length `r m` apart: for all p < m and q < s,
 * `y(q + s (r p + t)) = ω^{p t} Σ_u x(q + s (p + m u)) e^{-2πi t u/r}`, ω the root of unity of order r m.
 *
 * Source: Van Loan, Computational frameworks for the fast Fourier transform (1992), sections 1.7 and 2.3.
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";

/** What a stage works on. */
export interface Stage {
  readonly m: number;
  readonly stride: number;
  /** `cos(2πk/n)` and `-sin(2πk/n)` for all k < n; ω^k is entry k s. */
  readonly cos: Vector;
  readonly sin: Vector;
}

/** Arrays read and written. */
export interface Arrays {
  readonly xr: Vector;
  readonly xi: Vector;
  readonly yr: Vector;
  readonly yi: Vector;
}

/** Radix 2. */
export function stage2({ m, stride, cos, sin }: Stage, { xr, xi, yr, yi }: Arrays): void {
  const step = stride * m;
  for (let p = 0, at = 0, to = 0; p < m; p++, to += stride) {
    const c = cos[p * stride], s = sin[p * stride];
    for (const end = at + stride; at < end; at++, to++) {
      const ar = xr[at], ai = xi[at], br = xr[at + step], bi = xi[at + step];
      yr[to] = ar + br;
      yi[to] = ai + bi;
      const dr = ar - br, di = ai - bi;
      yr[to + stride] = c * dr - s * di;
      yi[to + stride] = c * di + s * dr;
    }
  }
}

/** Radix 4. */
export function stage4({ m, stride, cos, sin }: Stage, { xr, xi, yr, yi }: Arrays): void {
  const step = stride * m;
  for (let p = 0, at = 0, to = 0; p < m; p++, to += 3 * stride) {
    const k = p * stride, c1 = cos[k], s1 = sin[k], c2 = cos[2 * k], s2 = sin[2 * k], c3 = cos[3 * k], s3 = sin[3 * k];
    for (const end = at + stride; at < end; at++, to++) {
      const ar = xr[at], ai = xi[at], br = xr[at + step], bi = xi[at + step];
      const cr = xr[at + 2 * step], ci = xi[at + 2 * step], dr = xr[at + 3 * step], di = xi[at + 3 * step];
      const er = ar + cr,
        ei = ai + ci,
        fr = ar - cr,
        fi = ai - ci,
        gr = br + dr,
        gi = bi + di,
        hr = bi - di,
        hi = dr - br;
      yr[to] = er + gr;
      yi[to] = ei + gi;
      const ur = fr + hr, ui = fi + hi, vr = er - gr, vi = ei - gi, wr = fr - hr, wi = fi - hi;
      yr[to + stride] = c1 * ur - s1 * ui;
      yi[to + stride] = c1 * ui + s1 * ur;
      yr[to + 2 * stride] = c2 * vr - s2 * vi;
      yi[to + 2 * stride] = c2 * vi + s2 * vr;
      yr[to + 3 * stride] = c3 * wr - s3 * wi;
      yi[to + 3 * stride] = c3 * wi + s3 * wr;
    }
  }
}

const HALF_ROOT_3 = Math.sqrt(3) / 2;

/** Radix 3. */
export function stage3({ m, stride, cos, sin }: Stage, { xr, xi, yr, yi }: Arrays): void {
  const step = stride * m;
  for (let p = 0, at = 0, to = 0; p < m; p++, to += 2 * stride) {
    const k = p * stride, c1 = cos[k], s1 = sin[k], c2 = cos[2 * k], s2 = sin[2 * k];
    for (const end = at + stride; at < end; at++, to++) {
      const ar = xr[at], ai = xi[at], br = xr[at + step], bi = xi[at + step];
      const cr = xr[at + 2 * step], ci = xi[at + 2 * step];
      const sr = br + cr, si = bi + ci, hr = ar - sr / 2, hi = ai - si / 2;
      const tr = HALF_ROOT_3 * (bi - ci), ti = HALF_ROOT_3 * (cr - br);
      yr[to] = ar + sr;
      yi[to] = ai + si;
      const ur = hr + tr, ui = hi + ti, vr = hr - tr, vi = hi - ti;
      yr[to + stride] = c1 * ur - s1 * ui;
      yi[to + stride] = c1 * ui + s1 * ur;
      yr[to + 2 * stride] = c2 * vr - s2 * vi;
      yi[to + 2 * stride] = c2 * vi + s2 * vr;
    }
  }
}

const COS_1 = (Math.sqrt(5) - 1) / 4, COS_2 = -(Math.sqrt(5) + 1) / 4;
const SIN_1 = Math.sqrt((5 + Math.sqrt(5)) / 8), SIN_2 = Math.sqrt((5 - Math.sqrt(5)) / 8);

/** Radix 5. */
export function stage5({ m, stride, cos, sin }: Stage, { xr, xi, yr, yi }: Arrays): void {
  const step = stride * m;
  for (let p = 0, at = 0, to = 0; p < m; p++, to += 4 * stride) {
    const k = p * stride, c1 = cos[k], s1 = sin[k], c2 = cos[2 * k], s2 = sin[2 * k];
    const c3 = cos[3 * k], s3 = sin[3 * k], c4 = cos[4 * k], s4 = sin[4 * k];
    for (const end = at + stride; at < end; at++, to++) {
      const b = at + step, c = b + step, d = c + step, e = d + step, ar = xr[at], ai = xi[at];
      const fr = xr[b] + xr[e], fi = xi[b] + xi[e], gr = xr[b] - xr[e], gi = xi[b] - xi[e];
      const hr = xr[c] + xr[d], hi = xi[c] + xi[d], jr = xr[c] - xr[d], ji = xi[c] - xi[d];
      yr[to] = ar + fr + hr;
      yi[to] = ai + fi + hi;
      const pr = ar + COS_1 * fr + COS_2 * hr, pi = ai + COS_1 * fi + COS_2 * hi;
      const qr = SIN_1 * gi + SIN_2 * ji, qi = -SIN_1 * gr - SIN_2 * jr;
      const rr = ar + COS_2 * fr + COS_1 * hr, ri = ai + COS_2 * fi + COS_1 * hi;
      const tr = SIN_2 * gi - SIN_1 * ji, ti = SIN_1 * jr - SIN_2 * gr;
      yr[to + stride] = c1 * (pr + qr) - s1 * (pi + qi);
      yi[to + stride] = c1 * (pi + qi) + s1 * (pr + qr);
      yr[to + 2 * stride] = c2 * (rr + tr) - s2 * (ri + ti);
      yi[to + 2 * stride] = c2 * (ri + ti) + s2 * (rr + tr);
      yr[to + 3 * stride] = c3 * (rr - tr) - s3 * (ri - ti);
      yi[to + 3 * stride] = c3 * (ri - ti) + s3 * (rr - tr);
      yr[to + 4 * stride] = c4 * (pr - qr) - s4 * (pi - qi);
      yi[to + 4 * stride] = c4 * (pi - qi) + s4 * (pr - qr);
    }
  }
}

/** Any odd radix r: pairs of terms u and r - u share their products. */
export function stageOdd(r: number, { m, stride, cos, sin }: Stage, { xr, xi, yr, yi }: Arrays): void {
  const step = stride * m, n = step * r, half = (r - 1) >> 1, root = n / r;
  const sums = new Float64Array(4 * (half + 1)); // of the terms u and r - u: sums and differences
  for (let p = 0, at = 0, to = 0; p < m; p++, to += (r - 1) * stride) {
    for (const end = at + stride; at < end; at++, to++) {
      let totalR = xr[at], totalI = xi[at];
      for (let u = 1; u <= half; u++) {
        const low = at + u * step, high = at + (r - u) * step;
        totalR += sums[4 * u] = xr[low] + xr[high];
        totalI += sums[4 * u + 1] = xi[low] + xi[high];
        sums[4 * u + 2] = xr[low] - xr[high];
        sums[4 * u + 3] = xi[low] - xi[high];
      }
      yr[to] = totalR;
      yi[to] = totalI;
      for (let t = 1; t <= half; t++) {
        let ar = xr[at], ai = xi[at], br = 0, bi = 0;
        for (let u = 1; u <= half; u++) {
          const k = (t * u % r) * root, c = cos[k], s = sin[k];
          ar += c * sums[4 * u];
          ai += c * sums[4 * u + 1];
          br -= s * sums[4 * u + 3];
          bi += s * sums[4 * u + 2];
        }
        const low = p * t * stride, high = p * (r - t) * stride, l = to + t * stride, h = to + (r - t) * stride;
        yr[l] = cos[low] * (ar + br) - sin[low] * (ai + bi);
        yi[l] = cos[low] * (ai + bi) + sin[low] * (ar + br);
        yr[h] = cos[high] * (ar - br) - sin[high] * (ai - bi);
        yi[h] = cos[high] * (ai - bi) + sin[high] * (ar - br);
      }
    }
  }
}
