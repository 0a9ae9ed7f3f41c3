// Imitation of an expert who swings a pendulum up: what the expert would do is asked in the states that the learner meets.
import {
  type Rng,
  rng,
  type Solver,
  type State,
  type TargetStochastic,
  uniform,
  type Vector,
} from "../../lib/core/mod.ts";
import { mlp, type Network, networkTargets } from "../../lib/network/mod.ts";
import { squaredLoss } from "../../lib/problems/mod.ts";

const rollouts = 8, steps = 60, dt = 0.05, gravity = 5, most = 3;

/** The expert's torque: energy towards that of the upright position, and feedback near it. */
function expert(angle: number, speed: number): number {
  const energy = speed * speed / 2 + gravity * (Math.cos(angle) - 1),
    near = 1 / (1 + Math.exp(-20 * (Math.cos(angle) - 0.9)));
  const swing = -energy * speed, hold = -12 * Math.sin(angle) - 4 * speed;
  return most * Math.tanh((near * hold + (1 - near) * swing) / most);
}

/** Rounds of imitation: a problem whose examples are the states of the last round. */
export interface Imitation {
  readonly policy: Network;
  /** Squared differences of torques, ½ of them; the data change with each round. */
  readonly problem: TargetStochastic;
  /** States along trajectories of these weights, and what the expert would do in them: as many queries as examples. */
  readonly meet: (weights: Vector, random: Rng) => void;
}

/** The imitation of the expert by a perceptron that sees cos, sin and speed. */
export function imitation(): Imitation {
  const policy = mlp({ inputs: 3, hidden: [32], outputs: 1 }), examples = rollouts * steps;
  const X = { rows: examples, columns: 3, data: new Float64Array(3 * examples) }, y = new Float64Array(examples);
  const problem = networkTargets(policy, X, squaredLoss(y)), torques = new Float64Array(rollouts);
  const meet = (weights: Vector, random: Rng): void => {
    const angles = torques.map(() => Math.PI * (1 + 0.5 * (uniform(random) - 0.5)));
    const speeds = torques.map(() => uniform(random) - 0.5);
    for (let t = 0; t < steps; t++) {
      const now = Uint32Array.from(torques, (_, k) => t * rollouts + k);
      now.forEach((row, k) => {
        X.data.set([Math.cos(angles[k]), Math.sin(angles[k]), speeds[k] / 3], 3 * row);
        y[row] = expert(angles[k], speeds[k]);
      });
      problem.targets.predict(weights, now, torques);
      for (let k = 0; k < rollouts; k++) {
        const torque = Math.max(-most, Math.min(most, torques[k]));
        speeds[k] += dt * (gravity * Math.sin(angles[k]) + torque);
        angles[k] += dt * speeds[k];
      }
    }
  };
  return { policy, problem, meet };
}

/**
 * The loss in each round before its step: the solver takes one step a round, on the states that its weights lead to, and keeps its
 * state from round to round.
 */
export function imitate<S extends State>(solver: Solver<TargetStochastic, S>, rounds: number, seed: number): number[] {
  const { policy, problem, meet } = imitation(), random = rng(seed), x = policy.initial(seed);
  const all = Uint32Array.from({ length: problem.examples }, (_, i) => i), losses: number[] = [];
  const state = solver.init(problem, { x }, { rng: rng(seed), layout: policy.layout });
  for (let round = 0; round < rounds; round++) {
    const { x } = solver.point(problem, state);
    meet(x, random);
    losses.push(problem.batchValue(x, all));
    solver.step(problem, state);
  }
  return losses;
}

/** Examples of a round: the size of batch that takes all of them. */
export const queries: number = rollouts * steps;
