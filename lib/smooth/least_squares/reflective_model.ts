/**
 * The quadratic model of a sum of squares in a box, in the coordinates of Coleman and Li, and steps that stay inside.
 *
 * ```
 * vⱼ = xⱼ - lⱼ  where gⱼ > 0 and lⱼ is finite,   uⱼ - xⱼ  where gⱼ < 0 and uⱼ is finite,   1 elsewhere
 * q(s) = ĝ·s + ½ |J D s|² + ½ s·C s,   ĝ = D g,   the step in x is D s
 * Dⱼ = √(vⱼ/wⱼ),  Cⱼ = |gⱼ|/wⱼ  where vⱼ is a distance to a bound,   Dⱼ = 1/wⱼ,  Cⱼ = 0  elsewhere
 * ```
 *
 * At a solution `D g = 0`; near it, the minimizer of q is Newton's step for these equations (with `JᵀJ` for the Hessian),
 * hence C. The w are the scales of the variables, 1 in the sources.
 *
 * Source: Coleman and Li, An interior trust region approach for nonlinear minimization subject to bounds (1996), definitions 1
 * and 2 and equation 2.10; Branch, Coleman and Li, A subspace, interior, and conjugate gradient method for large-scale
 * bound-constrained minimization problems (1999), sections 2 and 3.
 *
 * @module
 */
import { dot, type Matrix, norm2, normInf, type Vector } from "../../core/mod.ts";
import { svd } from "../../linalg/mod.ts";
import type { Spectrum } from "../trust_region/spectral_model.ts";
import { multiplyJacobian } from "./model.ts";

/** A box, with all bounds. */
export interface Box {
  /** Lower bounds, `-Infinity` for none. */
  readonly lower: Vector;
  /** Upper bounds, `Infinity` for none. */
  readonly upper: Vector;
}

/** A step in scaled coordinates. */
export interface ReflectiveStep {
  /** s. */
  readonly step: Vector;
  /** `-q(s)`. */
  readonly promised: number;
}

/** The model at a point inside a box. */
export class ReflectiveModel {
  readonly #x: Vector;
  readonly #box: Box;
  readonly #jacobian: Matrix;
  /** D; 0 for variables that the box holds fixed. */
  readonly #D: Vector;
  /** C. */
  readonly #C: Vector;
  /** `D g`. */
  readonly gradient: Vector;
  /** `maxⱼ |vⱼ gⱼ|`. */
  readonly optimality: number;

  /** The model at x, with `J`, `g = Jᵀr` and w there. */
  constructor(x: Vector, box: Box, J: Matrix, g: Vector, w: Vector) {
    const n = x.length, D = new Float64Array(n), C = new Float64Array(n);
    let optimality = 0;
    for (let j = 0; j < n; j++) {
      if (isFixed(box, j)) continue;
      const distance = g[j] > 0 ? x[j] - box.lower[j] : g[j] < 0 ? box.upper[j] - x[j] : Infinity;
      if (distance < Infinity) {
        D[j] = Math.sqrt(distance / w[j]);
        C[j] = Math.abs(g[j]) / w[j];
        optimality = Math.max(optimality, distance * Math.abs(g[j]));
      } else {
        D[j] = 1 / w[j];
        optimality = Math.max(optimality, Math.abs(g[j]));
      }
    }
    this.#x = x;
    this.#box = box;
    this.#jacobian = J;
    this.#D = D;
    this.#C = C;
    this.gradient = g.map((gj, j) => D[j] * gj);
    this.optimality = optimality;
  }

  /** `|D⁻¹ x|₂`, without fixed variables. */
  size(): number {
    return norm2(this.#x.map((xj, j) => this.#D[j] > 0 ? xj / this.#D[j] : 0));
  }

  /** The spectrum of q, by the singular values of `[J D; √C]`; undefined when that is not finite. */
  spectrum(r: Vector): Spectrum | undefined {
    const { rows: m, columns: n, data: J } = this.#jacobian, D = this.#D, data = new Float64Array((m + n) * n);
    for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) data[i * n + j] = J[i * n + j] * D[j];
    for (let j = 0; j < n; j++) data[(m + j) * n + j] = Math.sqrt(this.#C[j]);
    if (!Number.isFinite(normInf(data))) return undefined;
    const { U: { data: U }, S, V } = svd({ rows: m + n, columns: n, data });
    const smallest = (m + n) * Number.EPSILON * S[0], values = new Float64Array(n), vectors = new Float64Array(n * n);
    const coefficients = new Float64Array(n);
    for (let k = 0, l = n - 1; k < n; k++, l--) { // singular values fall, eigenvalues rise
      values[l] = S[k] ** 2;
      for (let i = 0; i < n; i++) vectors[i * n + l] = V.data[i * n + k];
      if (!(S[k] > smallest)) continue; // along these q is flat
      let s = 0;
      for (let i = 0; i < m; i++) s += U[i * n + k] * r[i];
      coefficients[l] = S[k] * s;
    }
    return { values, vectors: { rows: n, columns: n, data: vectors }, coefficients };
  }

  /** `½ s·C s`. */
  excess(s: Vector): number {
    let sum = 0;
    for (let j = 0; j < s.length; j++) sum += this.#C[j] * s[j] ** 2;
    return sum / 2;
  }

  /** The point `x + D s`, strictly between the bounds. */
  moved(s: Vector): Vector {
    return this.#x.map((xj, j) => this.#D[j] > 0 ? within(this.#box, j, xj + this.#D[j] * s[j]) : xj);
  }

  /**
   * The best of three steps that stay inside the box and the ball: p up to the bound that it meets first; p reflected there;
   * the one along the scaled gradient. p itself if it meets none.
   *
   * @param theta The share of the way to a bound that a step may take.
   */
  choose(p: Vector, radius: number, theta: number): ReflectiveStep {
    const { reach, hits } = this.#toBound(this.#x, p);
    if (reach > 1) return this.#stepOf(p);
    const candidates = [this.#stepOf(p.map((pj) => theta * reach * pj))];
    // reflected: mirrored in the bounds that it meets, on from there
    const base = p.map((pj) => reach * pj), mirrored = p.map((pj, j) => hits[j] ? -pj : pj);
    const edge = this.#x.map((xj, j) => xj + this.#D[j] * base[j]);
    const across = this.#toBound(edge, mirrored).reach, out = toSphere(base, mirrored, radius);
    const longest = across < out ? theta * across : out, shortest = (1 - theta) * reach; // as far off as the cut step
    if (shortest <= longest) {
      const t = this.#leastAlong(base, mirrored, shortest, longest);
      candidates.push(this.#stepOf(base.map((b, j) => b + t * mirrored[j])));
    }
    const down = this.gradient.map((g) => -g), bound = this.#toBound(this.#x, down).reach, ball = radius / norm2(down);
    const t = this.#leastAlong(new Float64Array(p.length), down, 0, bound < ball ? theta * bound : ball);
    candidates.push(this.#stepOf(down.map((d) => t * d)));
    return candidates.reduce((best, step) => step.promised > best.promised ? step : best);
  }

  #stepOf(step: Vector): ReflectiveStep {
    const product = this.#times(step);
    return { step, promised: -dot(this.gradient, step) - dot(product, product) / 2 - this.excess(step) };
  }

  /** The least point of q on `base + t s`, t between two numbers. */
  #leastAlong(base: Vector, s: Vector, low: number, high: number): number {
    const Jb = this.#times(base), Js = this.#times(s);
    let slope = dot(this.gradient, s) + dot(Jb, Js);
    for (let j = 0; j < s.length; j++) slope += this.#C[j] * base[j] * s[j];
    const curvature = dot(Js, Js) + 2 * this.excess(s), least = -slope / curvature;
    return curvature > 0 ? Math.max(low, Math.min(high, least)) : slope < 0 ? high : low;
  }

  /** `J D s`. */
  #times(s: Vector): Vector {
    const out = new Float64Array(this.#jacobian.rows);
    multiplyJacobian(this.#jacobian, s.map((sj, j) => this.#D[j] * sj), out);
    return out;
  }

  /** The t at which `from + t D s` meets a bound, and which ones it meets. */
  #toBound(from: Vector, s: Vector): { reach: number; hits: boolean[] } {
    const { lower, upper } = this.#box;
    const each = Array.from(s, (sj, j) => {
      const step = this.#D[j] * sj;
      return step > 0 ? (upper[j] - from[j]) / step : step < 0 ? (lower[j] - from[j]) / step : Infinity;
    });
    const reach = Math.min(...each);
    return { reach: Math.max(0, reach), hits: each.map((t) => t === reach) };
  }
}

/** The t >= 0 with `|base + t s| = radius`, for a base in the ball. */
function toSphere(base: Vector, s: Vector, radius: number): number {
  const a = dot(s, s), b = dot(base, s), c = Math.min(0, dot(base, base) - radius * radius);
  const root = Math.sqrt(b * b - a * c);
  return b > 0 ? -c / (b + root) : (root - b) / a;
}

/** Whether no number lies strictly between the bounds, as far as `within` looks. */
export function isFixed({ lower, upper }: Box, j: number): boolean {
  return !(above(lower[j]) < upper[j]);
}

/** A number strictly between the bounds of a variable that is not fixed: x if it is one, else one next to a bound. */
export function within({ lower, upper }: Box, j: number, x: number): number {
  const low = lower[j], high = upper[j];
  if (x <= low) return above(low);
  return x >= high ? Math.max(-above(-high), (low + high) / 2) : x;
}

/** One of the next two numbers. */
function above(x: number): number {
  return x === -Infinity ? x : x + Math.max(Number.MIN_VALUE, Number.EPSILON * Math.abs(x));
}
