/** An arm, balls thrown to it, a camera that sees them with errors, and who moves the arm. */
import { sqp } from "../../lib/constrained/mod.ts";
import {
  DomainError,
  iterations,
  measureBelow,
  normal,
  type Point,
  type Rng,
  rng,
  solve,
  uniform,
} from "../../lib/core/mod.ts";
import { catching, GRAVITY, handOf, type Mover, type PlanarArm, type Posture, turned } from "../../lib/problems/mod.ts";

/** One metre of arm. */
export const ARM: PlanarArm = { lengths: [0.4, 0.4, 0.2], maxVelocity: 4, maxAcceleration: 15 };

/** The posture of rest. */
export const REST = { angles: [2, -1, -1], rates: [0, 0, 0] };

/** The hand is a net of this radius, in metres; the camera's errors have this deviation. */
export const NET = 0.03, NOISE = 0.005;

/** A step of the simulation in seconds, and how many of them are between commands, and between pictures. */
const STEP = 0.005, CONTROL = 4, CAMERA = 2;

/** A throw from three metres away to a point in front of the arm, above its base, after 0.45 to 0.8 s. */
export function randomThrow(random: Rng): Mover {
  const angle = -0.3 + 1.6 * uniform(random),
    radius = 0.5 + 0.4 * uniform(random),
    time = 0.45 + 0.35 * uniform(random);
  const x = 2.5 + uniform(random), y = 0.5 * uniform(random);
  return {
    position: [x, y],
    velocity: [
      (radius * Math.cos(angle) - x) / time,
      (radius * Math.sin(angle) - y) / time + GRAVITY * time / 2,
    ],
  };
}

/** What a controller is told every 20 ms: the time, the joints, and the ball's positions seen so far with their times. */
export interface Sight {
  readonly time: number;
  readonly posture: Posture;
  readonly fixes: readonly (readonly [number, number, number])[];
}

/** Accelerations, and for how long. */
export interface Command {
  readonly accelerations: ArrayLike<number>;
  readonly push: number;
}

/** Who moves the arm. */
export type Control = (sight: Sight) => Command;

/** How near the ball came to the hand, in metres, and how fast against it. */
export interface Outcome {
  readonly miss: number;
  readonly speed: number;
}

/** A throw. The ball has a drag of `k |v| v`, k in 1/m. */
export function play(ball: Mover, drag: number, random: Rng, control: Control): Outcome {
  let [x, y] = ball.position,
    [vx, vy] = ball.velocity,
    posture: Posture = REST,
    since = 0,
    miss = Infinity,
    speed = NaN;
  let command: Command = { accelerations: [0, 0, 0], push: 0 }, before = [NaN, NaN];
  const fixes: (readonly [number, number, number])[] = [];
  for (let k = 0; k < 200 && (k < 60 || x * vx + y * vy < 0 || Math.hypot(x, y) < 1.2); k++) {
    const time = k * STEP;
    if (k % CAMERA === 0) fixes.push([time, x + NOISE * normal(random), y + NOISE * normal(random)]);
    if (k % CONTROL === 0 && fixes.length >= 5) {
      posture = turned(posture, command.accelerations, command.push, time - since);
      since = time;
      command = control({ time, posture, fixes });
    }
    const { position: [hx, hy], velocity } = handOf(
      ARM,
      turned(posture, command.accelerations, command.push, time - since),
    );
    const gap = [hx - x, hy - y], distance = toSegment(before, gap);
    if (distance < miss) {
      miss = distance;
      speed = Math.hypot(velocity[0] - vx, velocity[1] - vy);
    }
    before = gap;
    const size = Math.hypot(vx, vy), ax = -drag * size * vx, ay = -GRAVITY - drag * size * vy;
    x += vx * STEP + ax * STEP * STEP / 2;
    y += vy * STEP + ay * STEP * STEP / 2;
    vx += ax * STEP;
    vy += ay * STEP;
  }
  return { miss, speed };
}

/** The distance of the origin from the way between two points; from the second where there is no first. */
function toSegment([ax, ay]: readonly number[], [bx, by]: readonly number[]): number {
  const dx = bx - ax, dy = by - ay, share = Math.max(0, Math.min(1, (bx * dx + by * dy) / (dx * dx + dy * dy))) || 0;
  return Math.hypot(bx - share * dx, by - share * dy);
}

/** The ball at a time, by the parabola that fits best. */
export function parabola(fixes: Sight["fixes"], now: number): Mover {
  let mean = 0;
  for (const [t] of fixes) mean += (t - now) / fixes.length;
  const line = (value: (fix: readonly [number, number, number]) => number): [number, number] => {
    let level = 0, along = 0, spread = 0;
    for (const fix of fixes) level += value(fix) / fixes.length;
    for (const fix of fixes) {
      const t = fix[0] - now - mean;
      along += t * (value(fix) - level);
      spread += t * t;
    }
    return [level - mean * along / spread, along / spread];
  };
  const [x, vx] = line((fix) => fix[1]), [y, vy] = line((fix) => fix[2] + GRAVITY * (fix[0] - now) ** 2 / 2);
  return { position: [x, y], velocity: [vx, vy] };
}

/** What planners did. */
export interface Effort {
  /** Plans from a plan before. */
  plans: number;
  /** Steps of SQP for these. */
  steps: number;
  /** Steps for the same plans from the problem's own start, where they are compared. */
  coldSteps: number;
  /** The largest violation of a constraint by a plan that converged. */
  violation: number;
}

/** How a planner plans. */
export interface PlannerOptions {
  /** The most steps of SQP for a plan. */
  readonly most: number;
  /** Whether a plan starts from the one before. Default true. */
  readonly isWarm?: boolean;
  /** Whether plans are made from the problem's own start too, and not used. Default false. */
  readonly compares?: boolean;
}

/** With less time than this until the catch a plan stays as it is. */
const LAST = 0.03;

/** Plans a catch every 20 ms. */
export function planner({ most, isWarm = true, compares = false }: PlannerOptions, effort: Effort): Control {
  let plan: Point | undefined, planned = 0;
  const stop = [measureBelow("kktResidual", { absolute: 1e-6 }), iterations(most)];
  return ({ time, posture, fixes }) => {
    if (plan) { // what is left of it
      const elapsed = time - planned, [a, b, c, s, T] = plan.x;
      plan = { ...plan, x: Float64Array.of(a, b, c, Math.max(0, s - elapsed), T - elapsed) };
    }
    planned = time;
    if (!plan || plan.x[4] > LAST) {
      try {
        const { problem, start } = catching({ arm: ARM, posture, ball: parabola(fixes, time) });
        const result = solve(problem, sqp(), { start: isWarm && plan || start, stop });
        if (plan) {
          effort.plans++;
          effort.steps += result.iterations;
          if (compares) effort.coldSteps += solve(problem, sqp(), { start, stop }).iterations;
        }
        if (result.status === "converged") {
          effort.violation = Math.max(effort.violation, result.measures.primalFeasibility);
        }
        plan = result.point;
      } catch (error) {
        if (!(error instanceof DomainError)) throw error; // the ball seems to pass by
      }
    }
    if (!plan) return { accelerations: [0, 0, 0], push: 0 };
    return { accelerations: plan.x.subarray(0, 3).map((a) => ARM.maxAcceleration * a), push: plan.x[3] };
  };
}

/** How many of some random throws are caught. */
export function catches(count: number, drag: number, control: () => Control): number {
  const random = rng(7);
  let caught = 0;
  for (let k = 0; k < count; k++) if (play(randomThrow(random), drag, random, control()).miss <= NET) caught++;
  return caught;
}
