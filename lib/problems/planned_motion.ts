/**
 * Where a plan of `catching` leads, and how that changes with the plan.
 *
 * ```
 * uᵢ = qᵢ + vᵢ T + A αᵢ s (T - s/2),   rᵢ = vᵢ + A αᵢ s,   φᵢ = u₁ + … + uᵢ,   φᵢ' = r₁ + … + rᵢ
 * hand = Σ lᵢ (cos φᵢ, sin φᵢ)
 * ```
 *
 * @module
 */
import type { Vector } from "../core/mod.ts";
import { GRAVITY, type Mover, type PlanarArm, type Posture } from "./planar_arm.ts";

/** u, r and what follows from them for variables `(α, s, T)`, and along a direction d of them. */
export class PlannedMotion {
  readonly n: number;
  /** The largest acceleration. */
  readonly A: number;
  readonly ball: Mover;
  s = 0;
  T = 0;
  /** `A α`. */
  readonly a: Vector;
  readonly r: Vector;
  /** `lᵢ cos φᵢ`. */
  readonly along: Vector;
  /** `lᵢ sin φᵢ`. */
  readonly across: Vector;
  /** `φᵢ'`. */
  readonly turn: Vector;
  /** hand - ball. */
  readonly gap: Vector = new Float64Array(2);
  /** Its derivative by time. */
  readonly e: Vector = new Float64Array(2);
  /** The derivative of φ along d. */
  readonly dAngle: Vector;
  /** That of φ'. */
  readonly dTurn: Vector;
  /** The derivatives of some function by φ, to be written before `pull`. */
  readonly gu: Vector;
  /** Those by φ'. */
  readonly gr: Vector;
  /** The derivatives of gu along d, to be written before `pullAlong`. */
  readonly hu: Vector;
  /** Those of gr. */
  readonly hr: Vector;
  readonly #lengths: readonly number[];
  readonly #posture: Posture;

  constructor({ arm, posture, ball }: { readonly arm: PlanarArm; readonly posture: Posture; readonly ball: Mover }) {
    this.n = arm.lengths.length;
    this.A = arm.maxAcceleration;
    this.ball = ball;
    this.#lengths = arm.lengths;
    this.#posture = posture;
    [this.a, this.r, this.along, this.across, this.turn, this.dAngle, this.dTurn, this.gu, this.gr, this.hu, this.hr] =
      Array.from({ length: 11 }, () => new Float64Array(this.n));
  }

  /** Goes to a plan. */
  look(x: Vector): void {
    const { n, A, a, r, along, across, turn, gap, e, ball } = this, { angles, rates } = this.#posture;
    const s = this.s = x[n], T = this.T = x[n + 1];
    const [bx, by] = ball.position, [vx, vy] = ball.velocity;
    gap[0] = -(bx + vx * T);
    gap[1] = -(by + vy * T - GRAVITY * T * T / 2);
    e[0] = -vx;
    e[1] = -(vy - GRAVITY * T);
    let angle = 0, rate = 0;
    for (let i = 0; i < n; i++) {
      a[i] = A * x[i];
      r[i] = rates[i] + a[i] * s;
      angle += angles[i] + rates[i] * T + a[i] * s * (T - s / 2);
      rate += r[i];
      along[i] = this.#lengths[i] * Math.cos(angle);
      across[i] = this.#lengths[i] * Math.sin(angle);
      turn[i] = rate;
      gap[0] += along[i];
      gap[1] += across[i];
      e[0] -= rate * across[i];
      e[1] += rate * along[i];
    }
  }

  /** The derivatives of φ and φ' along d. */
  move(d: Vector): void {
    const { n, a, r, s, T, dAngle, dTurn, A } = this, ds = d[n], dT = d[n + 1];
    let angle = 0, rate = 0;
    for (let i = 0; i < n; i++) {
      angle += A * d[i] * s * (T - s / 2) + a[i] * (T - s) * ds + r[i] * dT;
      rate += A * d[i] * s + a[i] * ds;
      dAngle[i] = angle;
      dTurn[i] = rate;
    }
  }

  /** The derivatives of a function by x, from gu and gr, which are those by φ and φ' before. */
  pull(out: Vector, offset = 0): void {
    const { n, a, r, s, T, gu, gr, A } = this;
    sumFromBehind(gu);
    sumFromBehind(gr);
    let byS = 0, byT = 0;
    for (let i = 0; i < n; i++) {
      out[offset + i] = A * s * ((T - s / 2) * gu[i] + gr[i]);
      byS += a[i] * ((T - s) * gu[i] + gr[i]);
      byT += r[i] * gu[i];
    }
    out[offset + n] = byS;
    out[offset + n + 1] = byT;
  }

  /** The derivatives of these along d, from gu, gr and theirs, hu and hr. */
  pullAlong(d: Vector, out: Vector): void {
    const { n, a, r, s, T, gu, gr, hu, hr, A } = this, ds = d[n], dT = d[n + 1];
    sumFromBehind(gu);
    sumFromBehind(gr);
    sumFromBehind(hu);
    sumFromBehind(hr);
    let byS = 0, byT = 0;
    for (let i = 0; i < n; i++) {
      const da = A * d[i];
      out[i] = A * (((T - s) * ds + s * dT) * gu[i] + ds * gr[i] + s * ((T - s / 2) * hu[i] + hr[i]));
      byS += da * ((T - s) * gu[i] + gr[i]) + a[i] * ((dT - ds) * gu[i] + (T - s) * hu[i] + hr[i]);
      byT += (da * s + a[i] * ds) * gu[i] + r[i] * hu[i];
    }
    out[n] = byS;
    out[n + 1] = byT;
  }
}

/** From derivatives by `φᵢ = q₁ + … + qᵢ` to those by q. */
function sumFromBehind(g: Vector): void {
  for (let i = g.length - 2; i >= 0; i--) g[i] += g[i + 1];
}
