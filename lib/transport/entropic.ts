/**
 * What solvers of entropic transport share: potentials, the plan that they stand for, and how far it is from its
 * marginals.
 *
 * ```
 * Pᵢⱼ = aᵢ bⱼ exp((fᵢ + gⱼ - Cᵢⱼ)/ε)
 * F(f, g) = aᵀf + bᵀg - ε Σ Pᵢⱼ + ε Σ aᵢ,   ∇F = (a - P1, b - Pᵀ1)
 * ```
 *
 * F is concave, and its maximum is the least regularized cost. Where the column sums of P are right, the regularized
 * cost of P is `F + Σ fᵢ ((P1)ᵢ - aᵢ)`: nothing but the row sums is needed to know the gap.
 *
 * @module
 */
import type { Matrix, State, Vector } from "../core/mod.ts";
import type { EntropicTransport } from "./cost.ts";

/** Potentials with their plan's row sums, after an update of g: column sums are right. */
export interface EntropicState extends State {
  /** The larger of the relative violation of the marginals and the relative gap. */
  estimate: number;
  /** The potentials g of the targets; those of the sources, f, are `x`. */
  readonly g: Vector;
  /** `P1`. */
  readonly sent: Vector;
  /** `Pᵀ1`, before the last update of g made it b. */
  readonly received: Vector;
  /** `|P1 - a|₁` relative to the mass. */
  violation: number;
}

/** The state at potentials f, g to be filled. */
export function entropicState({ source, target }: EntropicTransport, f: Vector): EntropicState {
  const m = source.length, n = target.length;
  return {
    x: f.slice(),
    value: NaN,
    estimate: NaN,
    g: new Float64Array(n),
    sent: new Float64Array(m),
    received: new Float64Array(n),
    violation: NaN,
  };
}

/** Exponentials of less are lost in a sum of about 1: not to take them saves most of the time where ε is small. */
export const NOTHING = -60;

/** `sent ← P1`. */
function rowSums(problem: EntropicTransport, f: Vector, g: Vector, sent: Vector): void {
  const { cost: { data: c }, source: a, target: b, regularizer: { strength } } = problem;
  const m = a.length, n = b.length, scale = 1 / strength;
  for (let i = 0, k = 0; i < m; i++) {
    const fi = f[i];
    let s = 0;
    for (let j = 0; j < n; j++, k++) {
      const t = (fi + g[j] - c[k]) * scale;
      if (t > NOTHING) s += b[j] * Math.exp(t);
    }
    sent[i] = a[i] * s;
  }
}

/** `received ← Pᵀ1`. */
function columnSums(problem: EntropicTransport, f: Vector, g: Vector, received: Vector): void {
  const { cost: { data: c }, source: a, target: b, regularizer: { strength } } = problem;
  const m = a.length, n = b.length, scale = 1 / strength;
  received.fill(0);
  for (let i = 0, k = 0; i < m; i++) {
    const fi = f[i], ai = a[i];
    for (let j = 0; j < n; j++, k++) {
      const t = (fi + g[j] - c[k]) * scale;
      if (t > NOTHING) received[j] += ai * Math.exp(t);
    }
  }
  for (let j = 0; j < n; j++) received[j] *= b[j];
}

/**
 * `p ← p + ε log(wanted/got)`, entry by entry: the sums are right afterwards. Where a sum underflowed or overflowed,
 * `afresh` computes the potential without one.
 */
function correct(
  strength: number,
  wanted: Vector,
  got: Vector,
  p: Vector,
  afresh: (k: number) => number,
): void {
  for (let k = 0; k < p.length; k++) {
    if (wanted[k] === 0) continue; // no mass: any potential will do
    if (got[k] > 1e-280 && got[k] < 1e280) p[k] += strength * Math.log(wanted[k] / got[k]);
    else p[k] = afresh(k);
  }
}

/**
 * `-ε log Σⱼ bⱼ exp((gⱼ - Cᵢⱼ)/ε)`, the potential at which row i has its mass; for a column with `step` = number of
 * columns.
 */
function potentialAfresh(
  { cost: { data: c }, regularizer: { strength } }: EntropicTransport,
  mass: Vector,
  other: Vector,
  from: number,
  step: number,
): number {
  let m = -Infinity, s = 0;
  for (let j = 0, k = from; j < mass.length; j++, k += step) if (mass[j] > 0) m = Math.max(m, other[j] - c[k]);
  if (m === -Infinity) return Infinity; // every pair is forbidden
  for (let j = 0, k = from; j < mass.length; j++, k += step) {
    if (mass[j] > 0) s += mass[j] * Math.exp((other[j] - c[k] - m) / strength);
  }
  return -(m + strength * Math.log(s));
}

/** Updates f from the row sums. */
export function correctRows(problem: EntropicTransport, f: Vector, g: Vector, sent: Vector): void {
  const { source, target, regularizer: { strength } } = problem, n = target.length;
  correct(strength, source, sent, f, (i) => potentialAfresh(problem, target, g, i * n, 1));
}

/** Updates g from the column sums. */
export function correctColumns(problem: EntropicTransport, f: Vector, g: Vector, received: Vector): void {
  const { source, target, regularizer: { strength } } = problem, n = target.length;
  correct(strength, target, received, g, (j) => potentialAfresh(problem, source, f, j, n));
}

/** Fills value, violation and estimate from the row sums, column sums being right. */
export function assess({ source: a, target: b }: EntropicTransport, state: EntropicState): void {
  const { x: f, g, sent } = state;
  let mass = 0, violation = 0, dual = 0, surplus = 0;
  for (let i = 0; i < a.length; i++) {
    mass += a[i];
    violation += Math.abs(sent[i] - a[i]);
    dual += a[i] * f[i];
    if (sent[i] !== a[i]) surplus += f[i] * (sent[i] - a[i]);
  }
  for (let j = 0; j < b.length; j++) dual += b[j] * g[j];
  state.value = dual + surplus;
  state.violation = violation / mass;
  state.estimate = Math.max(state.violation, Math.abs(surplus) / (1 + Math.abs(state.value) + Math.abs(dual)));
}

/** Stops where some mass can go nowhere: all pairs of its place are forbidden. */
function stopIfStuck(state: EntropicState): void {
  if (state.x.some((p) => p === Infinity) || state.g.some((p) => p === Infinity)) {
    state.stop = { status: "infeasible", message: "all pairs of a place with mass are forbidden" };
  }
}

/** The plan of potentials. */
export function planOf(problem: EntropicTransport, f: Vector, g: Vector, data?: Vector): Matrix {
  const { cost: { data: c }, source: a, target: b, regularizer: { strength } } = problem;
  const m = a.length, n = b.length, scale = 1 / strength, p = data ?? new Float64Array(m * n);
  for (let i = 0, k = 0; i < m; i++) {
    for (let j = 0; j < n; j++, k++) p[k] = a[i] * b[j] * Math.exp((f[i] + g[j] - c[k]) * scale);
  }
  return { rows: m, columns: n, data: p };
}

/** Updates g, then sees what the sources send: half an iteration of Sinkhorn's. */
export function updateColumns(problem: EntropicTransport, state: EntropicState): void {
  const { x: f, g, sent, received } = state;
  columnSums(problem, f, g, received);
  correctColumns(problem, f, g, received);
  rowSums(problem, f, g, sent);
  assess(problem, state);
  stopIfStuck(state);
}
