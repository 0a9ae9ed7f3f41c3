/**
 * Catching a ball with an arm in a plane: where, when and how, in as few variables as there are joints and two.
 *
 * ```
 * an arm of n joints with angles q and rates v; each joint speeds up evenly for a time s, then turns at the rate that it has, until T
 *   u = q(T) = q + v T + A α s (T - s/2),   r = q'(T) = v + A α s,   A the largest acceleration
 * minimize over α, s, T       |α|² s + w |e|²,   e = hand'(u, r) - ball'(T)
 * where                       hand(u) = ball(T),   |rᵢ| <= V,   |αᵢ| <= 1,   0 <= s <= T,   T when the ball is within reach
 * ```
 *
 * A controller solves it again every few milliseconds, from what it then knows of the arm and the ball, and from its
 * last plan.
 *
 * Source: Abeyruwan, Bewley, Boffi, Choromanski, D'Ambrosio, Jain, Sanketi, Shankar, Sindhwani, Singh, Slotine and Tu,
 * Agile catching with whole-body MPC and blackbox policy learning (2023), arXiv 2306.08205; here for an arm in a plane,
 * and α in units of its limit.
 *
 * @module
 */
import type { TwiceConstrained, TwiceVectorFunction } from "../constrained/mod.ts";
import { DomainError, type Instance, ShapeError, type TwiceSmooth, type Vector } from "../core/mod.ts";
import { GRAVITY, type Mover, type PlanarArm, type Posture, reachableWindow } from "./planar_arm.ts";
import { PlannedMotion } from "./planned_motion.ts";

/** Who is to catch what. */
export interface CatchingOptions {
  /** The arm. */
  readonly arm: PlanarArm;
  /** Its joints at time 0. */
  readonly posture: Posture;
  /** The ball at time 0. */
  readonly ball: Mover;
  /** w >= 0. Default 0.01. */
  readonly weight?: number;
}

/** The problem, in the variables α, s, T. */
export interface Catching extends Instance<TwiceConstrained> {
  /** The first and the last time when the ball is within reach. */
  readonly window: readonly [number, number];
}

/**
 * The plan of a catch, from no acceleration and the middle of the time within reach.
 *
 * @throws {ShapeError} When the arm has no links, or angles and rates are not as many.
 * @throws {DomainError} When the ball never enters the workspace, a number is not finite, a length or limit is not
 * positive, or the weight is negative.
 *
 * @example A plan
 * ```ts
 * import { sqp } from "@gradus/gradus/constrained";
 * import { solve } from "@gradus/gradus/core";
 * import { catching, flown, handOf, turned } from "@gradus/gradus/problems";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const arm = { lengths: [0.4, 0.4, 0.2], maxVelocity: 8, maxAcceleration: 40 };
 * const posture = { angles: [2, -1, -1], rates: [0, 0, 0] };
 * const ball = { position: [3, 0.5], velocity: [-3, 3.5] } as const;
 * const { problem, start } = catching({ arm, posture, ball });
 * const { x: [a, b, c, s, T] } = solve(problem, sqp(), { start });
 * const hand = handOf(arm, turned(posture, [40 * a, 40 * b, 40 * c], s, T));
 * assertAlmostEquals(hand.position[0], flown(ball, T).position[0], 1e-6);
 * assertAlmostEquals(hand.position[1], flown(ball, T).position[1], 1e-6);
 * ```
 */
export function catching(options: CatchingOptions): Catching {
  const { arm: { lengths, maxVelocity, maxAcceleration }, posture: { angles, rates }, ball, weight = 0.01 } = options;
  const n = lengths.length;
  if (n === 0 || angles.length !== n || rates.length !== n) {
    throw new ShapeError(
      `Cannot plan a catch: expected an angle and a rate for each link, got ${angles.length} and ${rates.length} for ${n}`,
    );
  }
  if (![...lengths, maxVelocity, maxAcceleration].every((v) => v > 0 && v < Infinity) || !(weight >= 0)) {
    throw new DomainError(
      `Cannot plan a catch: expected positive lengths and limits and a weight >= 0, got ${lengths.join(", ")}, ` +
        `${maxVelocity}, ${maxAcceleration} and ${weight}`,
    );
  }
  const window = reachableWindow(options.arm, ball),
    middle = (window[0] + window[1]) / 2,
    start = new Float64Array(n + 2);
  start[n] = middle / 2;
  start[n + 1] = middle;
  const motion = new PlannedMotion(options),
    lower = new Float64Array(n + 2).fill(-1),
    upper = new Float64Array(n + 2).fill(1);
  lower[n] = 0;
  upper[n] = window[1];
  [lower[n + 1], upper[n + 1]] = window;
  return {
    name: "catching",
    start,
    minima: [],
    window,
    problem: {
      kind: "constrained",
      name: "catching",
      objective: effort(motion, weight),
      constraints: { equality: meeting(motion), inequality: limits(motion, maxVelocity), lower, upper },
    },
  };
}

/** `|α|² s + w |e|²`. */
function effort(motion: PlannedMotion, w: number): TwiceSmooth {
  const { n, along, across, turn, dAngle, dTurn, gu, gr, hu, hr, e } = motion;
  const value = (x: Vector): number => {
    let squares = 0;
    for (let i = 0; i < n; i++) squares += x[i] * x[i];
    return squares * x[n] + w * (e[0] * e[0] + e[1] * e[1]);
  };
  const differentiate = (): void => {
    for (let i = 0; i < n; i++) {
      gr[i] = 2 * w * (e[1] * along[i] - e[0] * across[i]);
      gu[i] = -2 * w * turn[i] * (e[0] * along[i] + e[1] * across[i]);
    }
  };
  return {
    kind: "smooth",
    name: "effort",
    dimension: n + 2,
    value: (x) => {
      motion.look(x);
      return value(x);
    },
    gradient: (x, out) => {
      motion.look(x);
      differentiate();
      motion.pull(out);
      for (let i = 0; i < n; i++) {
        out[i] += 2 * x[i] * x[n];
        out[n] += x[i] * x[i];
      }
      out[n + 1] += 2 * w * GRAVITY * e[1];
      return value(x);
    },
    hessianVector: (x, d, out) => {
      motion.look(x);
      motion.move(d);
      let dx = 0, dy = GRAVITY * d[n + 1]; // of e along d
      for (let i = 0; i < n; i++) {
        dx -= dTurn[i] * across[i] + turn[i] * along[i] * dAngle[i];
        dy += dTurn[i] * along[i] - turn[i] * across[i] * dAngle[i];
      }
      differentiate();
      for (let i = 0; i < n; i++) {
        const inward = e[0] * along[i] + e[1] * across[i], sideways = e[1] * along[i] - e[0] * across[i];
        hr[i] = 2 * w * (dy * along[i] - dx * across[i] - inward * dAngle[i]);
        hu[i] = -2 * w *
          (turn[i] * (dx * along[i] + dy * across[i] + sideways * dAngle[i]) + dTurn[i] * inward);
      }
      motion.pullAlong(d, out);
      for (let i = 0; i < n; i++) {
        out[i] += 2 * (d[i] * x[n] + x[i] * d[n]);
        out[n] += 2 * x[i] * d[i];
      }
      out[n + 1] += 2 * w * GRAVITY * dy;
    },
  };
}

/** `hand(u) - ball(T)`. */
function meeting(motion: PlannedMotion): TwiceVectorFunction {
  const { n, along, across, dAngle, gu, gr, hu, hr, gap, ball: { velocity: [vx, vy] } } = motion;
  /** The derivatives of `wx hand.x + wy hand.y` by φ. */
  const differentiate = (wx: number, wy: number): void => {
    gr.fill(0);
    for (let i = 0; i < n; i++) gu[i] = wy * along[i] - wx * across[i];
  };
  return {
    components: 2,
    value: (x, out) => {
      motion.look(x);
      out.set(gap);
    },
    jacobianVector: (x, d, out) => {
      motion.look(x);
      motion.move(d);
      out[0] = -vx * d[n + 1];
      out[1] = (GRAVITY * motion.T - vy) * d[n + 1];
      for (let i = 0; i < n; i++) {
        out[0] -= across[i] * dAngle[i];
        out[1] += along[i] * dAngle[i];
      }
    },
    jacobianTransposeVector: (x, w, out) => {
      motion.look(x);
      differentiate(w[0], w[1]);
      motion.pull(out);
      out[n + 1] += w[1] * (GRAVITY * motion.T - vy) - w[0] * vx;
    },
    jacobian: (x, { data }) => {
      motion.look(x);
      differentiate(1, 0);
      motion.pull(data);
      data[n + 1] -= vx;
      differentiate(0, 1);
      motion.pull(data, n + 2);
      data[2 * n + 3] += GRAVITY * motion.T - vy;
    },
    hessianVector: (x, w, d, out) => {
      motion.look(x);
      motion.move(d);
      differentiate(w[0], w[1]);
      hr.fill(0);
      for (let i = 0; i < n; i++) hu[i] = -(w[0] * along[i] + w[1] * across[i]) * dAngle[i];
      motion.pullAlong(d, out);
      out[n + 1] += w[1] * GRAVITY * d[n + 1];
    },
  };
}

/** `rᵢ - V`, `-rᵢ - V`, and `s - T`. */
function limits(motion: PlannedMotion, V: number): TwiceVectorFunction {
  const { n, a, r, A } = motion;
  return {
    components: 2 * n + 1,
    value: (x, out) => {
      motion.look(x);
      for (let i = 0; i < n; i++) {
        out[i] = r[i] - V;
        out[n + i] = -r[i] - V;
      }
      out[2 * n] = x[n] - x[n + 1];
    },
    jacobianVector: (x, d, out) => {
      motion.look(x);
      for (let i = 0; i < n; i++) out[n + i] = -(out[i] = A * x[n] * d[i] + a[i] * d[n]);
      out[2 * n] = d[n] - d[n + 1];
    },
    jacobianTransposeVector: (x, w, out) => {
      motion.look(x);
      out[n] = w[2 * n];
      out[n + 1] = -w[2 * n];
      for (let i = 0; i < n; i++) {
        const both = w[i] - w[n + i];
        out[i] = A * x[n] * both;
        out[n] += a[i] * both;
      }
    },
    jacobian: (x, { data, columns }) => {
      motion.look(x);
      data.fill(0);
      for (let i = 0; i < n; i++) {
        const above = i * columns, below = (n + i) * columns;
        data[below + i] = -(data[above + i] = A * x[n]);
        data[below + n] = -(data[above + n] = a[i]);
      }
      data[2 * n * columns + n] = 1;
      data[2 * n * columns + n + 1] = -1;
    },
    hessianVector: (_x, w, d, out) => {
      out[n] = out[n + 1] = 0;
      for (let i = 0; i < n; i++) {
        const both = A * (w[i] - w[n + i]);
        out[i] = both * d[n];
        out[n] += both * d[i];
      }
    },
  };
}
