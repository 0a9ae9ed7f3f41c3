/**
 * What an arm in a plane and a thrown ball do.
 *
 * @module
 */
import { DomainError, type Vector } from "../core/mod.ts";
import { eigvals, matrix } from "../linalg/mod.ts";

/** Acceleration by gravity, in metres per second squared. */
export const GRAVITY = 9.81;

/** An arm whose joints turn in a vertical plane, the first at the origin. */
export interface PlanarArm {
  /** The lengths of its links, in metres. */
  readonly lengths: readonly number[];
  /** V, the limit of all rates, in radians per second. */
  readonly maxVelocity: number;
  /** A, the limit of all accelerations, in radians per second squared. */
  readonly maxAcceleration: number;
}

/** What the joints do. */
export interface Posture {
  /** q: the angle of the first link from the horizontal, and the angles between links. */
  readonly angles: ArrayLike<number>;
  /** v, their derivatives. */
  readonly rates: ArrayLike<number>;
}

/** A point that moves: a hand, a ball. */
export interface Mover {
  /** x and the height y, in metres. */
  readonly position: readonly [number, number];
  /** Their derivatives. */
  readonly velocity: readonly [number, number];
}

/** The end of the last link, `Σ lᵢ (cos φᵢ, sin φᵢ)` with `φᵢ = q₁ + … + qᵢ`. */
export function handOf({ lengths }: PlanarArm, { angles, rates }: Posture): Mover {
  let angle = 0, rate = 0, x = 0, y = 0, vx = 0, vy = 0;
  for (let i = 0; i < lengths.length; i++) {
    angle += angles[i];
    rate += rates[i];
    const along = lengths[i] * Math.cos(angle), across = lengths[i] * Math.sin(angle);
    x += along;
    y += across;
    vx -= rate * across;
    vy += rate * along;
  }
  return { position: [x, y], velocity: [vx, vy] };
}

/** A ball after a time of free flight. */
export function flown({ position: [x, y], velocity: [vx, vy] }: Mover, time: number): Mover {
  return {
    position: [x + vx * time, y + vy * time - GRAVITY * time * time / 2],
    velocity: [vx, vy - GRAVITY * time],
  };
}

/** The joints after a time, of which they speed up evenly for the first `push` seconds. */
export function turned(
  { angles, rates }: Posture,
  accelerations: ArrayLike<number>,
  push: number,
  time: number,
): { readonly angles: Vector; readonly rates: Vector } {
  const n = angles.length, q = new Float64Array(n), v = new Float64Array(n), s = Math.min(push, time);
  for (let i = 0; i < n; i++) {
    q[i] = angles[i] + rates[i] * time + accelerations[i] * s * (time - s / 2);
    v[i] = rates[i] + accelerations[i] * s;
  }
  return { angles: q, rates: v };
}

/**
 * The first and the last time when a ball in free flight is within reach of an arm. Between them it may be out of
 * reach.
 *
 * @throws {DomainError} When it never is, or a number is not finite.
 */
export function reachableWindow({ lengths }: PlanarArm, ball: Mover): readonly [number, number] {
  const { position: [x, y], velocity: [vx, vy] } = ball, g = GRAVITY;
  if (![x, y, vx, vy].every(Number.isFinite)) {
    throw new DomainError(`Cannot catch a ball: expected finite numbers, got (${x}, ${y}) and (${vx}, ${vy})`);
  }
  const reach = lengths.reduce((sum, l) => sum + l, 0), squared = x * x + y * y - reach * reach;
  const times = quarticRoots(g * g / 4, -vy * g, vx * vx + vy * vy - y * g, 2 * (x * vx + y * vy), squared);
  const after = times.filter((t) => t > 0).sort((a, b) => a - b);
  if (after.length > 0) return [squared <= 0 ? 0 : after[0], after[after.length - 1]];
  throw new DomainError(
    `Cannot catch a ball: expected a throw that comes within ${reach} m of the base, got one that never enters the workspace`,
  );
}

/** The real roots of `a t⁴ + b t³ + c t² + d t + e`, as eigenvalues of its companion matrix. */
function quarticRoots(a: number, b: number, c: number, d: number, e: number): number[] {
  const { real, imaginary } = eigvals(
    matrix(4, 4, [-b / a, -c / a, -d / a, -e / a, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]),
  );
  return Array.from(real).filter((_, k) => imaginary[k] === 0);
}
