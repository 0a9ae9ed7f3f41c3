/**
 * Difference quotients along a direction, with an estimate of their error.
 *
 * @module
 */
import { fillNormal, type Rng } from "./rng.ts";
import { norm2, normInf, type Vector } from "./vector.ts";

/** A difference quotient. */
export interface Quotient {
  /** `(f(x + tv) - f(x - tv))/2t`. */
  value: number;
  /** An estimate of its error: rounding, and the change when the step is quartered. */
  error: number;
}

/**
 * The central difference quotients of m functions at x along v, each at the step where two in a row agree best. `size`
 * tells what the rounding error of the last values is relative to; default the values themselves.
 *
 * @param f Writes the m values into `out`.
 */
export function quotientsAlong(
  f: (x: Vector, out: Vector) => void,
  m: number,
  x: Vector,
  v: Vector,
  size?: () => number,
): Quotient[] {
  const n = x.length, trial = new Float64Array(n), above = new Float64Array(m), below = new Float64Array(m);
  const best = Array.from({ length: m }, (): Quotient => ({ value: NaN, error: Infinity }));
  const previous = new Float64Array(m).fill(NaN), scale = Math.max(1e-3, scaleAlong(x, v));
  for (let h = 1e-2; h > 1e-9; h /= 4) {
    const t = h * scale;
    for (let i = 0; i < n; i++) trial[i] = x[i] + t * v[i];
    f(trial, above);
    for (let i = 0; i < n; i++) trial[i] = x[i] - t * v[i];
    f(trial, below);
    for (let i = 0; i < m; i++) {
      const value = (above[i] - below[i]) / (2 * t);
      const rounding = Number.EPSILON * (size ? 2 * size() : Math.abs(above[i]) + Math.abs(below[i])) / t;
      const error = Math.abs(value - previous[i]) + rounding;
      if (error < best[i].error) best[i] = { value, error };
      previous[i] = value;
    }
  }
  return best;
}

/** The same of one function. */
export function quotientAlong(f: (x: Vector) => number, x: Vector, v: Vector, size?: () => number): Quotient {
  return quotientsAlong((y, out) => void (out[0] = f(y)), 1, x, v, size)[0];
}

/**
 * Writes a random direction of length 1 in the units of x: a variable moves in proportion to its size, or to min(1,
 * |x|∞) if that is more.
 */
export function fillDirection(generator: Rng, x: Vector, out: Vector): Vector {
  const least = Math.min(1, normInf(x)) || 1;
  fillNormal(generator, out);
  for (let i = 0; i < x.length; i++) out[i] *= Math.max(least, Math.abs(x[i]));
  const length = norm2(out);
  for (let i = 0; i < x.length; i++) out[i] /= length;
  return out;
}

/** The size of x where v lives. */
function scaleAlong(x: Vector, v: Vector): number {
  let s = 0;
  for (let i = 0; i < x.length; i++) s += (x[i] * v[i]) ** 2;
  return Math.sqrt(s) / (norm2(v) || 1);
}
