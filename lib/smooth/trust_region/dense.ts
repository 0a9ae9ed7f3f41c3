/**
 * Steps within a trust region from the whole Hessian: exact ones, and dogleg.
 *
 * ```
 * exact    the least point of the model in the ball, by the spectrum of H: see `spectral_model.ts`
 * dogleg   from 0 to the least point along -g, from there to Newton's point, cut at the edge; for H > 0, otherwise exact
 * ```
 *
 * Source: Moré and Sorensen, Computing a trust region step (1983); Powell, A hybrid method for nonlinear equations
 * (1970).
 *
 * @module
 */
import { dot, type Matrix, norm2, type TwiceSmooth, type Vector } from "../../core/mod.ts";
import { type Least, leastInBall, type Spectrum, spectrumOf } from "./spectral_model.ts";
import { toSphereBy } from "./sphere.ts";
import type { QuadraticModel, Subproblem } from "./subproblem.ts";

/** The Hessian's spectrum at the last x. */
export interface DenseMemory {
  /** There from the first step on. */
  spectrum?: Spectrum;
}

/** Writes the Hessian at x, by its products with unit vectors, symmetrized. */
export function writeHessian(problem: Pick<TwiceSmooth, "hessianVector">, x: Vector, H: Matrix): void {
  const n = x.length, unit = new Float64Array(n), column = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    unit[j] = 1;
    problem.hessianVector(x, unit, column);
    unit[j] = 0;
    for (let i = 0; i < n; i++) H.data[i * n + j] = column[i];
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) H.data[i * n + j] = H.data[j * n + i] = (H.data[i * n + j] + H.data[j * n + i]) / 2;
  }
}

/** The spectrum at the model's x: computed once for all radii. */
export function spectrumAt({ problem, x, gradient, isNew }: QuadraticModel, memory: DenseMemory): Spectrum {
  if (isNew || !memory.spectrum) {
    const n = x.length, H = { rows: n, columns: n, data: new Float64Array(n * n) };
    writeHessian(problem, x, H);
    memory.spectrum = spectrumOf(H, gradient);
  }
  return memory.spectrum;
}

/** The least point of the model, also where it is not convex. A new x costs n products with the Hessian and O(n³). */
export function exactStep(least: Least = leastInBall): Subproblem<DenseMemory> {
  return {
    name: "exact",
    init: () => ({}),
    solve: (model, limit, memory, out) => least(spectrumAt(model, memory), limit, out).decrease,
  };
}

/** Dogleg where the model is convex, the exact step where it is not. */
export function dogleg(): Subproblem<DenseMemory> {
  return {
    name: "dogleg",
    init: () => ({}),
    solve(model, radius, memory, p) {
      const spectrum = spectrumAt(model, memory), { values, coefficients: c } = spectrum, g = model.gradient;
      if (!(values[0] > 0)) return leastInBall(spectrum, radius, p).decrease;
      const whole = leastInBall(spectrum, Infinity, p); // Newton's point
      if (norm2(p) <= radius) return whole.decrease;
      const gHg = c.reduce((s, ck, k) => s + values[k] * ck * ck, 0), gg = dot(g, g), size = Math.sqrt(gg);
      const cauchy = gg / gHg; // the least point along -g is -cauchy g
      if (cauchy * size >= radius) {
        const t = radius / size;
        for (let i = 0; i < p.length; i++) p[i] = -t * g[i];
        return t * gg - t * t * gHg / 2;
      }
      // |q + s (p - q)| = radius with q = -cauchy g
      let dd = 0, qd = 0;
      for (let i = 0; i < p.length; i++) {
        const d = p[i] + cauchy * g[i];
        dd += d * d;
        qd -= cauchy * g[i] * d;
      }
      const s = toSphereBy(dd, qd, radius * radius - (cauchy * size) ** 2);
      for (let i = 0; i < p.length; i++) p[i] = -cauchy * g[i] + s * (p[i] + cauchy * g[i]);
      // along the second leg the model's slope falls from that at q to 0: m(q) - (2s - s²) (m(q) - m(p))
      const atCauchy = cauchy * gg / 2;
      return atCauchy + (2 * s - s * s) * (whole.decrease - atCauchy);
    },
  };
}
