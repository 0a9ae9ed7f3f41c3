/**
 * The quadratic model of a sum of squares in a box, in the coordinates of Coleman and Li, and steps that stay inside.
 *
 * ```
 * vⱼ = xⱼ - lⱼ  where gⱼ > 0 and lⱼ is finite,   uⱼ - xⱼ  where gⱼ < 0 and uⱼ is finite,   1 elsewhere
 * q(s) = ĝ·s + ½ |J D s|² + ½ s·C s,   ĝ = D g,   the step in x is D s
 * Dⱼ = √(vⱼ/wⱼ),  Cⱼ = |gⱼ|/wⱼ  where vⱼ is a distance to a bound,   Dⱼ = 1/wⱼ,  Cⱼ = 0  elsewhere
 * ```
 *
 * At a solution `D g = 0`; near it, the minimizer of q is Newton's step for these equations (with `JᵀJ` for the
 * Hessian), hence C. The w are the scales of the variables, 1 in the sources.
 *
 * After Coleman and Li, An interior trust region approach for nonlinear minimization subject to bounds (1996); Branch,
 * Coleman and Li, A subspace, interior, and conjugate gradient method for large-scale bound-constrained minimization
 * problems (1999).
 *
 * @module
 */
import { along, dot, type Matrix, norm2, normInf, type Vector, vectors } from "../../core/mod.ts";
import { qr, svd } from "../../linalg/mod.ts";
import type { Spectrum } from "../trust_region/spectral_model.ts";
import { toSphere } from "../trust_region/sphere.ts";
import { type RotationRoom, rotationRoom, spectrumOfSquares } from "./column_rotations.ts";

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

/** The coordinates at a point. */
export interface Scaling {
  /** D; 0 for variables that the box holds fixed. */
  readonly D: Vector;
  /** C. */
  readonly C: Vector;
  /** `D g`. */
  readonly gradient: Vector;
  /** `maxⱼ |vⱼ gⱼ|`. */
  readonly optimality: number;
}

/**
 * The coordinates at x, with the gradient g and the scales w there; three vectors of the room become those of the
 * result.
 */
export function scalingAt(
  x: Vector,
  box: Box,
  g: Vector,
  w: Vector,
  [D, C, gradient]: readonly Vector[] = vectors(x.length, 3),
): Scaling {
  const n = x.length;
  let optimality = 0;
  for (let j = 0; j < n; j++) {
    D[j] = C[j] = gradient[j] = 0;
    if (isFixed(box, j)) continue;
    const distance = g[j] > 0 ? x[j] - box.lower[j] : g[j] < 0 ? box.upper[j] - x[j] : Infinity;
    const isBounded = distance < Infinity;
    D[j] = isBounded ? Math.sqrt(distance / w[j]) : 1 / w[j];
    C[j] = isBounded ? Math.abs(g[j]) / w[j] : 0;
    gradient[j] = D[j] * g[j];
    optimality = Math.max(optimality, (isBounded ? distance : 1) * Math.abs(g[j]));
  }
  return { D, C, gradient, optimality };
}

/** Up to so many variables the spectrum is found by rotations of columns. */
const SMALL = 16;

/** Room for the models of m residuals in n variables. Plain data. */
export interface ReflectiveRoom {
  /** `[J D; √C]`. */
  readonly stacked: Matrix;
  /** `[r; 0]`. */
  readonly right: Vector;
  /** For D, C and ĝ. */
  readonly scaling: readonly Vector[];
  /** For the steps that are compared. */
  readonly steps: readonly Vector[];
  /** For the spectrum of few variables. */
  readonly rotations: RotationRoom;
}

/** Room for models with Jacobian matrices of this shape. */
export function reflectiveRoom({ rows: m, columns: n }: Matrix): ReflectiveRoom {
  return {
    stacked: { rows: m + n, columns: n, data: new Float64Array((m + n) * n) },
    right: new Float64Array(m + n),
    scaling: vectors(n, 3),
    steps: vectors(n, 8),
    rotations: n <= SMALL ? rotationRoom(Math.min(m + n, 4 * n), n) : rotationRoom(0, 0),
  };
}

/** The model at a point inside a box. */
export class ReflectiveModel {
  readonly #x: Vector;
  readonly #box: Box;
  readonly #D: Vector;
  readonly #C: Vector;
  readonly #gradient: Vector;
  readonly #steps: readonly Vector[];
  /** The spectrum of q. */
  readonly spectrum: Spectrum;

  private constructor(
    x: Vector,
    box: Box,
    { D, C, gradient }: Scaling,
    spectrum: Spectrum,
    steps: readonly Vector[],
  ) {
    this.#x = x;
    this.#box = box;
    this.#D = D;
    this.#C = C;
    this.#gradient = gradient;
    this.#steps = steps;
    this.spectrum = spectrum;
  }

  /** The model of `½ |r + J D s|²` and C; undefined where that is not finite. */
  static at(
    x: Vector,
    box: Box,
    scaling: Scaling,
    J: Matrix,
    r: Vector,
    room: ReflectiveRoom = reflectiveRoom(J),
  ): ReflectiveModel | undefined {
    const { rows: m, columns: n } = J, { D, C } = scaling, { stacked, right, rotations } = room, { data } = stacked;
    for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) data[i * n + j] = J.data[i * n + j] * D[j];
    for (let j = 0; j < n; j++) data[(m + j) * n + j] = Math.sqrt(C[j]);
    if (!Number.isFinite(normInf(data))) return undefined;
    right.set(r);
    return new ReflectiveModel(x, box, scaling, spectrumOf(stacked, right, rotations), room.steps);
  }

  /** `½ s·C s`. */
  excess(s: Vector): number {
    let sum = 0;
    for (let j = 0; j < s.length; j++) sum += this.#C[j] * s[j] ** 2;
    return sum / 2;
  }

  /** The point `x + D s`, strictly between the bounds. */
  moved(s: Vector): Vector {
    const x = this.#x, D = this.#D, out = new Float64Array(x.length);
    for (let j = 0; j < x.length; j++) out[j] = D[j] > 0 ? within(this.#box, j, x[j] + D[j] * s[j]) : x[j];
    return out;
  }

  /**
   * The best of three steps that stay inside the box and the ball: p up to the bound that it meets first; p reflected
   * there; the one along the scaled gradient. p itself if it meets none. The step lives in the room of the model until
   * the next call.
   *
   * @param theta The share of the way to a bound that a step may take.
   */
  choose(p: Vector, radius: number, theta: number): ReflectiveStep {
    const x = this.#x, n = x.length, reach = this.#reach(x, p);
    if (reach > 1) return this.#stepOf(p);
    const [cut, base, mirrored, edge, reflected, down, zero, descent] = this.#steps;
    for (let j = 0; j < n; j++) {
      cut[j] = theta * reach * p[j];
      base[j] = reach * p[j];
      mirrored[j] = this.#reachOf(x, p, j) === reach ? -p[j] : p[j]; // in the bounds that it meets
      edge[j] = x[j] + this.#D[j] * base[j];
      down[j] = -this.#gradient[j];
    }
    let best = this.#stepOf(cut);
    const across = this.#reach(edge, mirrored), out = toSphere(base, mirrored, radius);
    const longest = across < out ? theta * across : out, shortest = (1 - theta) * reach; // as far off as the cut step
    if (shortest <= longest) {
      const t = this.#leastAlong(base, mirrored, shortest, longest);
      along(base, t, mirrored, reflected);
      best = better(best, this.#stepOf(reflected));
    }
    const bound = this.#reach(x, down), ball = radius / norm2(down);
    const t = this.#leastAlong(zero, down, 0, bound < ball ? theta * bound : ball);
    for (let j = 0; j < n; j++) descent[j] = t * down[j];
    return better(best, this.#stepOf(descent));
  }

  #stepOf(step: Vector): ReflectiveStep {
    return { step, promised: -dot(this.#gradient, step) - this.#curvature(step, step) / 2 };
  }

  /** The least point of q on `base + t s`, t between two numbers. */
  #leastAlong(base: Vector, s: Vector, low: number, high: number): number {
    const slope = dot(this.#gradient, s) + this.#curvature(base, s), curvature = this.#curvature(s, s);
    return curvature > 0 ? Math.max(low, Math.min(high, -slope / curvature)) : slope < 0 ? high : low;
  }

  /** `a·(D JᵀJ D + C) b`, by the spectrum. */
  #curvature(a: Vector, b: Vector): number {
    const { values, vectors: { data: V } } = this.spectrum, n = a.length;
    let sum = 0;
    for (let k = 0; k < n; k++) {
      let va = 0, vb = 0;
      for (let i = 0; i < n; i++) {
        va += V[i * n + k] * a[i];
        vb += V[i * n + k] * b[i];
      }
      sum += values[k] * va * vb;
    }
    return sum;
  }

  /** The t >= 0 at which `from + t D s` meets a bound. */
  #reach(from: Vector, s: Vector): number {
    let reach = Infinity;
    for (let j = 0; j < s.length; j++) reach = Math.min(reach, this.#reachOf(from, s, j));
    return Math.max(0, reach);
  }

  /** The same for one variable, also t < 0. */
  #reachOf(from: Vector, s: Vector, j: number): number {
    const step = this.#D[j] * s[j], { lower, upper } = this.#box;
    return step > 0 ? (upper[j] - from[j]) / step : step < 0 ? (lower[j] - from[j]) / step : Infinity;
  }
}

/** The one that promises more, the first if none does. */
function better(first: ReflectiveStep, second: ReflectiveStep): ReflectiveStep {
  return second.promised > first.promised ? second : first;
}

/** The spectrum of AᵀA with Aᵀt, A first made a triangle where it is tall. */
function spectrumOf(A: Matrix, t: Vector, room: RotationRoom): Spectrum {
  const { rows, columns: n } = A, flat = rows * Number.EPSILON;
  if (rows <= 4 * n && n <= SMALL) return spectrumOfSquares(A, t, flat, room);
  const factor = qr(A), turned = factor.applyTransposedQ({ rows, columns: 1, data: t }).data.slice(0, n);
  return n <= SMALL ? spectrumOfSquares(factor.R, turned, flat, room) : singularSpectrum(factor.R, turned, flat);
}

/** The same as `spectrumOfSquares` by a singular value decomposition, for many variables. */
function singularSpectrum(R: Matrix, t: Vector, flat: number): Spectrum {
  const { U: { data: U }, S, V } = svd(R),
    n = S.length,
    values = new Float64Array(n),
    vectors = new Float64Array(n * n);
  const coefficients = new Float64Array(n);
  for (let k = 0, l = n - 1; k < n; k++, l--) { // singular values fall, eigenvalues rise
    values[l] = S[k] ** 2;
    for (let i = 0; i < n; i++) {
      vectors[i * n + l] = V.data[i * n + k];
      if (S[k] > flat * S[0]) coefficients[l] += S[k] * U[i * n + k] * t[i];
    }
  }
  return { values, vectors: { rows: n, columns: n, data: vectors }, coefficients };
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
