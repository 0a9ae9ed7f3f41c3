/**
 * The strong Wolfe line search of Moré and Thuente.
 *
 * ```
 * φ(a) <= φ(0) + c₁ a φ'(0)     and     |φ'(a)| <= c₂ |φ'(0)|
 * ```
 *
 * An interval [l, u] that holds such a step is shrunk by safeguarded cubic and quadratic interpolation; until a step
 * with `ψ(a) = φ(a) - φ(0) - c₁ a φ'(0) <= 0` and `φ'(a) >= 0` is seen, the interpolation works on ψ.
 *
 * Source: Moré and Thuente, Line search algorithms with guaranteed sufficient decrease, ACM TOMS 20 (1994) 286-307.
 *
 * @module
 */
import { DomainError } from "../../core/mod.ts";
import { beginSearch, endSearch, evaluateAt, isUsable, type Line, type LineSearch } from "../line.ts";

/** Options of `moreThuente`. */
export interface MoreThuenteOptions {
  /** `c₁`. Default 1e-4. */
  readonly sufficientDecrease?: number;
  /** `c₂`. Default 0.9; 0.1 for conjugate gradients. */
  readonly curvature?: number;
}

const MOST = 30; // evaluations
// Places in the bracket: the best end l with its value and slope, the other end u
const L = 0, FL = 1, DL = 2, U = 3, FU = 4, DU = 5;

/**
 * A strong Wolfe line search.
 *
 * @throws {DomainError} Unless `0 < sufficientDecrease <= curvature < 1`.
 *
 * @example A tighter search for gradient descent
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { quadratic } from "@gradus/gradus/problems";
 * import { gradientDescent, moreThuente } from "@gradus/gradus/smooth";
 * import { assertEquals } from "@std/assert";
 *
 * const { problem, start } = quadratic([1, 10]);
 * const solver = gradientDescent({ search: moreThuente({ curvature: 0.1 }) });
 * assertEquals(solve(problem, solver, { start }).status, "converged");
 * ```
 */
export function moreThuente(options: MoreThuenteOptions = {}): LineSearch {
  const { sufficientDecrease: c1 = 1e-4, curvature: c2 = 0.9 } = options;
  if (!(0 < c1 && c1 <= c2 && c2 < 1)) {
    throw new DomainError(
      `Cannot search: expected 0 < sufficientDecrease <= curvature < 1, got ${c1} and ${c2}`,
    );
  }
  return {
    name: "more-thuente",
    options: { sufficientDecrease: c1, curvature: c2 },
    recall: 0,
    search(problem, line, first) {
      beginSearch(line, first);
      const b = line.bracket, { value0, slope0 } = line, promised = c1 * slope0;
      b[L] = b[U] = 0;
      b[FL] = b[FU] = value0;
      b[DL] = b[DU] = slope0;
      let a = first, bracketed = false, auxiliary = true, width = Infinity, widthBefore = Infinity;
      while (line.evaluations < MOST) {
        evaluateAt(problem, line, a);
        if (line.value === -Infinity) return "found";
        if (!isUsable(line)) { // beyond a barrier or the domain: an end of the interval, of which no figures are known
          b[U] = a;
          b[FU] = b[DU] = NaN;
          bracketed = true;
          a = b[L] + 0.25 * (a - b[L]);
          if (a === b[L]) break;
          continue;
        }
        const sufficient = line.merit <= value0 + a * promised;
        if (sufficient && Math.abs(line.slope) <= -c2 * slope0) return "found";
        if (sufficient && line.slope >= 0) auxiliary = false;

        // ψ has the slope φ' - c₁φ'(0); shifting values and slopes by it leaves the same interpolation
        const shift = auxiliary && line.merit <= b[FL] && !sufficient ? promised : 0;
        const low = bracketed ? Math.min(b[L], b[U]) : a + 1.1 * (a - b[L]);
        const high = bracketed ? Math.max(b[L], b[U]) : a + 4 * (a - b[L]);
        a = trialStep(line, b, shift, bracketed, low, high);
        bracketed = shrink(line, b, shift) || bracketed;
        if (!bracketed) continue;
        const l = b[L], u = b[U], newWidth = Math.abs(u - l);
        if (newWidth <= Number.EPSILON * Math.max(l, u)) break;
        const inside = a > Math.min(l, u) && a < Math.max(l, u);
        if (!inside || newWidth >= 0.66 * widthBefore) a = l + 0.5 * (u - l);
        widthBefore = width;
        width = newWidth;
      }
      return endSearch(problem, line, b[L]);
    },
  };
}

/** The next trial by the four cases of the paper's section 4, for the trial just evaluated against the ends. */
function trialStep(line: Line, b: Float64Array, shift: number, bracketed: boolean, low: number, high: number): number {
  const t = line.step, l = b[L], u = b[U];
  const ft = line.merit - shift * t, dt = line.slope - shift;
  const fl = b[FL] - shift * l, dl = b[DL] - shift, fu = b[FU] - shift * u, du = b[DU] - shift;
  if (ft > fl) { // case 1: a higher value; the minimizer lies between
    const c = cubicMinimizer(l, fl, dl, t, ft, dt), q = l + dl * (t - l) / (2 * ((fl - ft) / (t - l) + dl));
    return Math.abs(c - l) < Math.abs(q - l) ? c : c + (q - c) / 2;
  }
  const s = t - dt * (t - l) / (dt - dl); // the secant step
  if (dt * dl < 0) { // case 2: slopes of opposite sign
    const c = cubicMinimizer(l, fl, dl, t, ft, dt);
    return Math.abs(c - t) >= Math.abs(s - t) ? c : s;
  }
  if (Math.abs(dt) <= Math.abs(dl)) { // case 3: the slope shrinks
    const c = cubicBeyond(l, fl, dl, t, ft, dt, low, high);
    if (!bracketed) return Math.min(high, Math.max(low, Math.abs(c - t) > Math.abs(s - t) ? c : s));
    const closer = Math.abs(c - t) < Math.abs(s - t) ? c : s, limit = t + 0.66 * (u - t);
    return t > l ? Math.min(limit, closer) : Math.max(limit, closer);
  }
  return bracketed ? cubicMinimizer(u, fu, du, t, ft, dt) : high; // case 4: the slope does not shrink
}

/** Updates the ends with the trial; returns whether they now enclose a minimizer. */
function shrink(line: Line, b: Float64Array, shift: number): boolean {
  const t = line.step;
  if (line.merit - shift * t > b[FL] - shift * b[L]) {
    b[U] = t;
    b[FU] = line.merit;
    b[DU] = line.slope;
    return true;
  }
  const opposite = (line.slope - shift) * (b[DL] - shift) < 0;
  if (opposite) {
    b[U] = b[L];
    b[FU] = b[FL];
    b[DU] = b[DL];
  }
  b[L] = t;
  b[FL] = line.merit;
  b[DL] = line.slope;
  return opposite;
}

/** The minimizer of the cubic that interpolates values and slopes at p and t. */
function cubicMinimizer(p: number, fp: number, dp: number, t: number, ft: number, dt: number): number {
  const theta = 3 * (fp - ft) / (t - p) + dp + dt, scale = Math.max(Math.abs(theta), Math.abs(dp), Math.abs(dt));
  const inner = (theta / scale) ** 2 - (dp / scale) * (dt / scale);
  const gamma = Math.sign(t - p) * scale * Math.sqrt(Math.max(0, inner));
  return p + (gamma - dp + theta) / (gamma - dp + gamma + dt) * (t - p);
}

/** Case 3: the minimizer of the cubic beyond t if the cubic has one there and tends to infinity, else the far limit. */
function cubicBeyond(
  l: number,
  fl: number,
  dl: number,
  t: number,
  ft: number,
  dt: number,
  low: number,
  high: number,
): number {
  const theta = 3 * (fl - ft) / (t - l) + dl + dt, scale = Math.max(Math.abs(theta), Math.abs(dl), Math.abs(dt));
  const inner = (theta / scale) ** 2 - (dl / scale) * (dt / scale);
  const gamma = Math.sign(l - t) * scale * Math.sqrt(Math.max(0, inner));
  const r = (gamma - dt + theta) / (gamma + (dl - dt) + gamma);
  if (r < 0 && gamma !== 0) return t + r * (l - t);
  return t > l ? high : low;
}
