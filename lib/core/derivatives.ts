/**
 * Checks hand-written derivatives against differences and names the coordinate that is wrong.
 *
 * @module
 */
import { kindOf } from "./kinds.ts";
import type { Smooth, TwiceSmooth } from "./problem.ts";
import { fillNormal, rng } from "./rng.ts";
import { figure } from "./stop.ts";
import { dot, norm2, type Vector, vector } from "./vector.ts";

/** A derivative beside its difference quotient. */
export interface Mismatch {
  /** `gradient`, or `hessianVector`, or `symmetry` (of the Hessian). */
  readonly oracle: "gradient" | "hessianVector" | "symmetry";
  /** The coordinate, or -1 for a figure along a random direction. */
  readonly coordinate: number;
  /** What the problem's function says. */
  readonly given: number;
  /** What differences say. */
  readonly difference: number;
}

/** What `checkDerivatives` found. */
export interface DerivativeReport {
  /** Whether everything agrees within the tolerance. */
  readonly ok: boolean;
  /** The disagreements, the largest first. */
  readonly mismatches: readonly Mismatch[];
  /** The largest relative difference over all checks. */
  readonly worst: number;
  /** The verdict and the mismatches as text. */
  toString(): string;
}

/** Options of `checkDerivatives`. */
export interface CheckOptions {
  /** Largest relative difference that passes. Default 1e-5. */
  readonly tolerance?: number;
  /** Random directions tried before any coordinate. Default 3. */
  readonly directions?: number;
  /** Seed of the directions. Default 0. */
  readonly seed?: number;
}

/**
 * Compares the gradient with central differences of the value, and the Hessian-vector product, if there is one and the
 * gradient is right, with those of the gradient: first along random
 * directions, then, where those disagree, coordinate by coordinate.
 *
 * The step is halved in scale until two quotients agree best, so that badly scaled functions get a fair check; a
 * difference is relative to the size of the derivative plus the rounding error of the quotient.
 *
 * @param problem A smooth problem.
 * @param x Where to check; a random point tells more than a special one.
 * @throws {ShapeError} When x has the wrong length.
 *
 * @example A gradient with one wrong sign
 * ```ts
 * import { checkDerivatives } from "@gradus/gradus/core";
 * import { assertEquals } from "@std/assert";
 *
 * const wrong = {
 *   kind: "smooth" as const,
 *   dimension: 2,
 *   value: (x: Float64Array) => x[0] ** 2 + x[1] ** 3,
 *   gradient: (x: Float64Array, out: Float64Array) => {
 *     out[0] = 2 * x[0];
 *     out[1] = -3 * x[1] ** 2;
 *     return x[0] ** 2 + x[1] ** 3;
 *   },
 * };
 * const report = checkDerivatives(wrong, [1, 2]);
 * assertEquals(report.ok, false);
 * assertEquals(report.mismatches[0].coordinate, 1);
 * ```
 */
export function checkDerivatives(
  problem: Smooth | TwiceSmooth,
  x: ArrayLike<number>,
  options: CheckOptions = {},
): DerivativeReport {
  const { tolerance = 1e-5, directions = 3, seed = 0 } = options;
  kindOf(problem);
  const n = problem.dimension, at = vector(x, n, "point"), generator = rng(seed), v = new Float64Array(n);
  const mismatches: (Mismatch & { size: number })[] = [];
  let worst = 0;
  const compare = (oracle: Mismatch["oracle"], coordinate: number, given: number, quotient: Quotient): boolean => {
    const scale = Math.max(Math.abs(given), Math.abs(quotient.value));
    const size = Math.max(0, Math.abs(given - quotient.value) - 4 * quotient.error) / (scale || 1);
    worst = Math.max(worst, Number.isNaN(size) ? Infinity : size);
    if (size <= tolerance) return true;
    mismatches.push({ oracle, coordinate, given, difference: quotient.value, size });
    return false;
  };

  const gradient = new Float64Array(n);
  problem.gradient(at, gradient);
  let agree = true;
  for (let k = 0; k < directions; k++) {
    const along = unit(fillNormal(generator, v));
    agree = compare("gradient", -1, dot(gradient, along), quotientAlong(problem.value, at, along)) && agree;
  }
  if (!agree) {
    for (let i = 0; i < n; i++) {
      v.fill(0);
      v[i] = 1;
      compare("gradient", i, gradient[i], quotientAlong(problem.value, at, v));
    }
  }
  if (agree && "hessianVector" in problem) { // with a wrong gradient there is nothing to compare with
    checkHessian(problem, at, directions, generator, compare);
  }
  mismatches.sort((a, b) => Math.abs(b.given - b.difference) - Math.abs(a.given - a.difference));
  const located = mismatches.some((m) => m.coordinate >= 0) ? mismatches.filter((m) => m.coordinate >= 0) : mismatches;
  return new Report(mismatches.length === 0, located.map(({ size: _, ...m }) => m), worst);
}

/** `u·Hv` against differences of `u·∇f` along v, the symmetry `u·Hv = v·Hu`, and each entry of `Hv` if they disagree. */
function checkHessian(
  problem: TwiceSmooth,
  x: Vector,
  directions: number,
  generator: Uint32Array,
  compare: (oracle: Mismatch["oracle"], coordinate: number, given: number, quotient: Quotient) => boolean,
): void {
  const n = x.length,
    u = new Float64Array(n),
    v = new Float64Array(n),
    hu = new Float64Array(n),
    hv = new Float64Array(n);
  const g = new Float64Array(n);
  const slope = (w: Vector) => (y: Vector): number => {
    problem.gradient(y, g);
    return dot(g, w);
  };
  const size = () => norm2(g); // a slope is rounded like the gradient, however small it is
  for (let k = 0; k < directions; k++) {
    unit(fillNormal(generator, u));
    unit(fillNormal(generator, v));
    problem.hessianVector(x, u, hu);
    problem.hessianVector(x, v, hv);
    compare("symmetry", -1, dot(v, hu), { value: dot(u, hv), error: 1e-12 * (norm2(hu) + norm2(hv)) });
    if (!compare("hessianVector", -1, dot(u, hv), quotientAlong(slope(u), x, v, size))) {
      for (let i = 0; i < n; i++) {
        u.fill(0);
        u[i] = 1;
        compare("hessianVector", i, hv[i], quotientAlong(slope(u), x, v, size));
      }
    }
  }
}

interface Quotient {
  value: number;
  /** An estimate of its error: rounding, and the change when the step is quartered. */
  error: number;
}

/**
 * The central difference quotient of `f` at x along v, at the step where two quotients in a row agree best. `size` tells
 * what the rounding error of the last value is relative to; default the value itself.
 */
function quotientAlong(f: (x: Vector) => number, x: Vector, v: Vector, size?: () => number): Quotient {
  const n = x.length, trial = new Float64Array(n), scale = Math.max(1e-3, scaleAlong(x, v));
  let best: Quotient = { value: NaN, error: Infinity }, previous = NaN;
  for (let h = 1e-2; h > 1e-9; h /= 4) {
    const t = h * scale;
    for (let i = 0; i < n; i++) trial[i] = x[i] + t * v[i];
    const above = f(trial);
    for (let i = 0; i < n; i++) trial[i] = x[i] - t * v[i];
    const below = f(trial), value = (above - below) / (2 * t);
    const rounding = Number.EPSILON * (size ? 2 * size() : Math.abs(above) + Math.abs(below)) / t,
      error = Math.abs(value - previous) + rounding;
    if (error < best.error) best = { value, error };
    previous = value;
  }
  return best;
}

/** The size of x where v lives. */
function scaleAlong(x: Vector, v: Vector): number {
  let s = 0;
  for (let i = 0; i < x.length; i++) s += (x[i] * v[i]) ** 2;
  return Math.sqrt(s) / (norm2(v) || 1);
}

function unit(v: Vector): Vector {
  const r = norm2(v);
  for (let i = 0; i < v.length; i++) v[i] /= r;
  return v;
}

class Report implements DerivativeReport {
  constructor(readonly ok: boolean, readonly mismatches: readonly Mismatch[], readonly worst: number) {}
  toString(): string {
    if (this.ok) return `derivatives agree with differences (largest relative difference ${figure(this.worst)})`;
    const lines = this.mismatches.slice(0, 5).map(({ oracle, coordinate, given, difference }) => {
      const where = coordinate < 0 ? "along a random direction" : `coordinate ${coordinate}`;
      return `  ${oracle}, ${where}: given ${given.toPrecision(6)}, differences say ${difference.toPrecision(6)}`;
    });
    const more = this.mismatches.length > 5 ? [`  and ${this.mismatches.length - 5} more`] : [];
    return ["derivatives disagree with differences:", ...lines, ...more].join("\n");
  }
}
