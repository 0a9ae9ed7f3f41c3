/**
 * The secular equation: its roots are the new eigenvalues, or singular values, when two solved halves of a matrix are
 * joined by a change of rank one.
 *
 * - plain: `c + Σ wᵢ / (dᵢ - λ) = 0`; the eigenvalues of `D + ρ z zᵀ` with `c = 1/ρ`, `wᵢ = zᵢ²`;
 * - squared: `c + Σ wᵢ / (dᵢ² - σ²) = 0`; the singular values of a matrix with the row z above the diagonal d, `c = 1`.
 *
 * One root lies above each pole and below the next. It is sought as an offset τ from the nearer one, so that every
 * difference `dᵢ - λ` comes out to full accuracy. A step puts one simple pole for all terms left of the root and one
 * for those right of it ("the middle way"); when that is slow it takes the term of the nearer pole as it is ("fixed
 * weight"). A bracket makes sure that steps end at the root.
 *
 * Sources: Gu and Eisenstat, A divide-and-conquer algorithm for the symmetric tridiagonal eigenproblem (1995); Li,
 * Solving secular equations stably and efficiently (1993), LAPACK working note 89, sections 2 and 3.
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";

const EPSILON = 2 ** -53, MOST_STEPS = 500;

/** After so many steps every slow one is followed by one to the middle of the bracket. */
const PATIENCE = 8;

/** The equation with K poles, ascending, and positive weights; arrays may be longer. */
export class SecularEquation {
  readonly #poles: Vector;
  readonly #weights: Vector;
  /** `dᵢ - d₀` and `dᵢ + d₀` for the pole d₀ from which τ is measured. */
  readonly #minus: Vector;
  readonly #plus: Vector;
  /** 1 for the squared equation, where `dᵢ² - σ² = (minusᵢ - τ)(plusᵢ + τ)`; else 0, and plus is 1. */
  readonly #squared: 0 | 1;
  #count = 0;
  #constant = 1;
  // what `evaluate` finds: sums left and right of the root, their slopes, a bound for the rounding error in units of ε
  #left = 0;
  #leftSlope = 0;
  #right = 0;
  #rightSlope = 0;
  #error = 0;

  /**
   * @param poles Where the poles will be.
   * @param weights Where the weights will be.
   * @param squared Which of the two equations.
   */
  constructor(poles: Vector, weights: Vector, squared: boolean) {
    this.#poles = poles;
    this.#weights = weights;
    this.#squared = squared ? 1 : 0;
    this.#minus = new Float64Array(poles.length);
    this.#plus = new Float64Array(poles.length).fill(1);
  }

  /** Says how many poles there are now, and the constant c. */
  reset(count: number, constant: number): void {
    this.#count = count;
    this.#constant = constant;
  }

  /**
   * Returns root j. Writes to `out` from `at` on the K differences `dᵢ - λ`, or `dᵢ² - σ²`, each to full accuracy.
   */
  solve(j: number, out: Vector, at: number): number {
    const last = j === this.#count - 1, d = this.#poles;
    const width = last ? this.#advance(d[j], this.#weightSum() / this.#constant) : d[j + 1] - d[j];
    const split = last ? Math.max(0, j - 1) : j;
    this.#measureFrom(j);
    let tau = this.#count === 1 ? width : width / 2; // with one pole that is the root
    let f = this.#evaluate(split, tau);
    let low = 0, high = width, origin = j, fixed = false, slow = false;
    if (f > 0) high = tau;
    else if (last) low = tau;
    else {
      this.#measureFrom(j + 1);
      origin = j + 1;
      tau = low = -tau;
      high = 0;
    }
    for (let step = 0; step < MOST_STEPS && Math.abs(f) > EPSILON * this.#error; step++) {
      const eta = last ? this.#stepBeyond(j, tau, f) : this.#stepBetween(j, tau, f, fixed ? origin : -1);
      let next = tau + this.#advance(d[origin] + tau, eta);
      if (!(next > low && next < high) || slow && step > PATIENCE) next = middle(low, high);
      if (next === tau || next <= low || next >= high) break; // neighbours: no number lies between
      const before = Math.abs(f);
      tau = next;
      f = this.#evaluate(split, tau);
      slow = Math.abs(f) > before / 10;
      if (slow) fixed = !fixed;
      if (f < 0) low = tau;
      else high = tau;
    }
    for (let i = 0; i < this.#count; i++) out[at + i] = this.#difference(i, tau);
    return d[origin] + tau;
  }

  /**
   * Replaces the weights by those for which the roots found are exact, from the differences that `solve` wrote row by
   * row: `wᵢ ∝ Πⱼ (dᵢ - λⱼ) / Π (dᵢ - dⱼ)`, over j other than i (Gu and Eisenstat, equation 3.3).
   */
  fitWeights(differences: Vector): void {
    const count = this.#count, w = this.#weights, d = this.#poles;
    w.fill(1, 0, count);
    for (let j = 0, at = 0; j < count; j++) {
      for (let i = 0; i < count; i++, at++) {
        const apart = this.#squared ? (d[i] - d[j]) * (d[i] + d[j]) : d[i] - d[j];
        w[i] *= i === j ? differences[at] : differences[at] / apart;
      }
    }
    for (let i = 0; i < count; i++) w[i] = Math.abs(w[i]);
  }

  #weightSum(): number {
    let sum = 0;
    for (let i = 0; i < this.#count; i++) sum += this.#weights[i];
    return sum;
  }

  #measureFrom(origin: number): void {
    const d = this.#poles, o = d[origin];
    for (let i = 0; i < this.#count; i++) this.#minus[i] = d[i] - o;
    if (this.#squared) { for (let i = 0; i < this.#count; i++) this.#plus[i] = d[i] + o; }
  }

  #difference(i: number, tau: number): number {
    return (this.#minus[i] - tau) * (this.#plus[i] + this.#squared * tau);
  }

  /** What to add to the root x when its measure (itself, or its square) changes by `eta`. */
  #advance(x: number, eta: number): number {
    return this.#squared ? eta / (x + Math.sqrt(x * x + eta)) : eta;
  }

  /** The left-hand side at τ, its terms up to `split` and above it apart. */
  #evaluate(split: number, tau: number): number {
    const minus = this.#minus, plus = this.#plus, w = this.#weights, shift = this.#squared * tau;
    let left = 0, leftSlope = 0, right = 0, rightSlope = 0, error = 0;
    for (let i = 0; i <= split; i++) {
      const x = (minus[i] - tau) * (plus[i] + shift), q = w[i] / x;
      left += q;
      leftSlope += q / x;
      error += Math.abs(left);
    }
    for (let i = this.#count - 1; i > split; i--) {
      const x = (minus[i] - tau) * (plus[i] + shift), q = w[i] / x;
      right += q;
      rightSlope += q / x;
      error += Math.abs(right);
    }
    this.#left = left;
    this.#leftSlope = leftSlope;
    this.#right = right;
    this.#rightSlope = rightSlope;
    this.#error = error + 8 * (Math.abs(left) + Math.abs(right)) + this.#constant;
    return this.#constant + left + right;
  }

  /**
   * The step to the root, between the poles j and j + 1, of a function `c + s / (x - η) + t / (y - η)` that has the
   * value and the slope of the left-hand side here; and the slopes of both its parts, or the weight of pole `exact`.
   */
  #stepBetween(j: number, tau: number, f: number, exact: number): number {
    const x = this.#difference(j, tau), y = this.#difference(j + 1, tau), slope = this.#leftSlope + this.#rightSlope;
    const a = (x + y) * f - x * y * slope, b = x * y * f, w = this.#weights;
    let c = f - x * this.#leftSlope - y * this.#rightSlope;
    if (exact === j) c = f - y * slope - (x - y) * w[j] / (x * x);
    else if (exact === j + 1) c = f - x * slope - (y - x) * w[j + 1] / (y * y);
    const root = Math.sqrt(Math.abs(a * a - 4 * b * c));
    const eta = a <= 0 ? (a - root) / (2 * c) : 2 * b / (a + root);
    return f * eta < 0 ? eta : -f / slope;
  }

  /** The same for the last root, beyond both poles. */
  #stepBeyond(j: number, tau: number, f: number): number {
    const slope = this.#leftSlope + this.#rightSlope;
    if (j === 0) return -f / slope;
    const x = this.#difference(j - 1, tau), y = this.#difference(j, tau);
    const c = f - x * this.#leftSlope - y * this.#rightSlope, a = (x + y) * f - x * y * slope, b = x * y * f;
    const root = Math.sqrt(Math.abs(a * a - 4 * b * c));
    const eta = a >= 0 ? (a + root) / (2 * c) : 2 * b / (a - root);
    return f * eta < 0 ? eta : -f / slope;
  }
}

/** Between two offsets of one sign, by ratio if they are far apart. */
function middle(low: number, high: number): number {
  if (low === 0) return high / 16;
  if (high === 0) return low / 16;
  const ratio = high / low;
  return ratio > 4 || ratio < 0.25 ? Math.sign(low) * Math.sqrt(low * high) : low + (high - low) / 2;
}
