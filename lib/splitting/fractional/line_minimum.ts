/**
 * The global minimum along a line of what coordinate methods put in place of a fraction.
 *
 * ```
 * N(t) = N + s t + c/2 t² + w (|x + t| - |x|),   l <= x + t <= u,   F = N/g
 * g(t) by pieces:  g(t)ᵖ = gᵖ + a + b t + c t²
 *
 * ratio        min N(t)/g(t)          stationary: a quadratic equation for p = 1, a cubic one for p = 2
 * parametric   min N(t) - F g(t)      stationary: a linear equation for p = 1, one of degree 4 for p = 2
 * ```
 *
 * The ends of the pieces, of the interval, the kink of |x + t| and all solutions are compared with t = 0, by `φ(t) =
 * (N(t) - N) - F (g(t) - g)`, or `φ(t)/g(t)`, which is how much the fraction changes. No large numbers are subtracted
 * where t is small, so that steps far below the rounding of F still count.
 *
 * It is the search of breakpoints of Yuan (2022), with the differences of N and g in place of their values.
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";
import { changeOfMagnitude } from "../coordinate.ts";
import { MOST_DEGREE, type PolynomialWork, polynomialWork, signChanges } from "./sign_changes.ts";

/** A line, and what is found on it: plain data. */
export interface Line {
  /** `F = N/g`. */
  fraction: number;
  /** N. */
  numerator: number;
  /** g. */
  denominator: number;
  /** x. */
  x: number;
  /** s. */
  slope: number;
  /** c. */
  curvature: number;
  /** w. */
  weight: number;
  /** l. */
  lower: number;
  /** u. */
  upper: number;
  /** p. */
  readonly power: number;
  /** Four numbers for each piece of g. */
  readonly pieces: Vector;
  /** The number of pieces. */
  count: number;
  /** The minimum is at this t; 0 where no other place is better. */
  t: number;
  /** What the fraction, or `N(t) - F g(t)`, changes by: at most 0. */
  change: number;
  /** The least g seen: not positive where the line leaves the domain of the fraction. */
  least: number;
  /** Room. */
  readonly polynomial: PolynomialWork;
}

/** Room for lines of a denominator. */
export function lineOf(power: 1 | 2, mostPieces: number): Line {
  return {
    fraction: 0,
    numerator: 0,
    denominator: 1,
    x: 0,
    slope: 0,
    curvature: 0,
    weight: 0,
    lower: 0,
    upper: 0,
    power,
    pieces: new Float64Array(4 * mostPieces),
    count: 0,
    t: 0,
    change: 0,
    least: 1,
    polynomial: polynomialWork(),
  };
}

/** Finds the minimum of N/g, or of N - Fg, over the line. */
export function minimizeLine(line: Line, ratio: boolean): void {
  const { pieces, count, x, lower, upper, weight } = line;
  line.t = 0;
  line.change = 0;
  line.least = line.denominator;
  const least = lower - x, most = upper - x, kink = -x;
  for (let k = 0; k < count; k++) {
    const at = 4 * k;
    const from = Math.max(pieces[at], least), to = Math.min(k + 1 < count ? pieces[at + 4] : Infinity, most);
    if (!(from <= to)) continue;
    lookBelow(line, at, from, to);
    const hasKink = weight > 0 && from < kink && kink < to;
    minimizePiece(line, ratio, at, from, hasKink ? kink : to);
    if (hasKink) minimizePiece(line, ratio, at, kink, to);
  }
}

/** Looks for the least g on a piece. */
function lookBelow(line: Line, at: number, from: number, to: number): void {
  if (line.power === 2) return; // a root is not negative, and where it is 0 the fraction is infinite
  const b = line.pieces[at + 2], c = line.pieces[at + 3], turn = c > 0 ? -b / (2 * c) : NaN;
  line.least = Math.min(line.least, denominatorAt(line, at, from), denominatorAt(line, at, to));
  if (turn > from && turn < to) line.least = Math.min(line.least, denominatorAt(line, at, turn));
}

/** g on a piece, for p = 1; t may be infinite. */
function denominatorAt(line: Line, at: number, t: number): number {
  if (Number.isFinite(t)) return line.denominator + rise(line, at, t);
  const a = line.pieces[at + 1], b = line.pieces[at + 2], c = line.pieces[at + 3];
  return c !== 0 ? c * Infinity : b !== 0 ? b * t : line.denominator + a;
}

/** `a + b t + c t²`. */
function rise({ pieces }: Line, at: number, t: number): number {
  return pieces[at + 1] + t * (pieces[at + 2] + t * pieces[at + 3]);
}

/** Looks at one piece, on which |x + t| is linear. */
function minimizePiece(line: Line, ratio: boolean, at: number, from: number, to: number): void {
  const { polynomial, pieces } = line;
  tryAt(line, ratio, at, from);
  tryAt(line, ratio, at, to);
  if (line.power === 2) { // the zero of a root, where squared equations have a double one
    const turn = -pieces[at + 2] / (2 * pieces[at + 3]);
    if (turn > from && turn < to) tryAt(line, ratio, at, turn);
  }
  const inside = from === -Infinity ? to - 1 : to === Infinity ? from + 1 : from + (to - from) / 2;
  stationary(line, ratio, at, line.x + inside > 0 ? 1 : -1);
  const found = signChanges(polynomial, MOST_DEGREE, from, to);
  for (let r = 0; r < found; r++) tryAt(line, ratio, at, polynomial.roots[r]);
}

/** Keeps t if it is the best so far. */
function tryAt(line: Line, ratio: boolean, at: number, t: number): void {
  if (!Number.isFinite(t)) return;
  const { x, slope, curvature, weight, fraction, denominator } = line, p = rise(line, at, t);
  let g = denominator + p, change = p;
  if (line.power === 2) {
    g = Math.sqrt(Math.max(denominator * denominator + p, 0));
    change = p / (g + denominator);
  }
  if (!(g > 0)) return;
  let phi = t * (slope + curvature / 2 * t) + weight * changeOfMagnitude(x, t) - fraction * change;
  if (ratio) phi /= g;
  if (phi < line.change) {
    line.change = phi;
    line.t = t;
  }
}

/** Writes the polynomial that is 0 where the derivative on a piece is. */
function stationary(line: Line, ratio: boolean, at: number, sign: number): void {
  const { pieces, x, weight, fraction: F, denominator, polynomial: { coefficients: p } } = line;
  // N(t) = N + n0 + n1 t + n2 t², gᵖ = q0 + b t + c t²
  const n0 = sign * x >= 0 ? 0 : 2 * weight * sign * x, n1 = line.slope + sign * weight, n2 = line.curvature / 2;
  const a = pieces[at + 1], b = pieces[at + 2], c = pieces[at + 3];
  p.fill(0);
  if (line.power === 1 && !ratio) {
    p[0] = n1 - F * b;
    p[1] = 2 * (n2 - F * c);
  } else if (line.power === 1) {
    // φ = N(t) - N - F (g(t) - g):  φ'g - φg'
    const f0 = n0 - F * a, f1 = n1 - F * b, f2 = n2 - F * c, q0 = denominator + a;
    p[0] = f1 * q0 - f0 * b;
    p[1] = 2 * (f2 * q0 - f0 * c);
    p[2] = f2 * b - f1 * c;
  } else if (ratio) {
    // 2 N'q - N q'
    const N = line.numerator + n0, q0 = denominator * denominator + a;
    p[0] = 2 * n1 * q0 - N * b;
    p[1] = n1 * b + 4 * n2 * q0 - 2 * N * c;
    p[2] = 3 * n2 * b;
    p[3] = 2 * n2 * c;
  } else {
    // (2 N')² q - (F q')²
    const q0 = denominator * denominator + a;
    p[0] = 4 * n1 * n1 * q0 - F * F * b * b;
    p[1] = 4 * n1 * (n1 * b + 4 * n2 * q0) - 4 * F * F * b * c;
    p[2] = 4 * (n1 * n1 * c + 4 * n1 * n2 * b + 4 * n2 * n2 * q0) - 4 * F * F * c * c;
    p[3] = 16 * n2 * (n1 * c + n2 * b);
    p[4] = 16 * n2 * n2 * c;
  }
}
