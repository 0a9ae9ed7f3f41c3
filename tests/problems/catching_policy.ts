/**
 * Catching by a policy that learns from trials alone, without derivatives.
 *
 * ```
 * policy    the ball of the best parabola crosses the circle of radius 0.7 after a time τ; a network of 8 hidden units turns the place
 *           and the direction of the crossing into angles, which the joints are to have then: a = 2 (angles - q - v τ)/τ²
 * learning  F: minus the mean miss of 5 throws; directions e, orthogonal, of length √n
 *           θ += (η/(k std F)) Σ (F(θ + σe) - F(θ - σe)) e   over the k directions with the best F
 * ```
 *
 * Source: Choromanski, Rowland, Sindhwani, Turner and Weller, Structured evolution with compact architectures for scalable policy
 * optimization (2018), arXiv 1804.02395; Mania, Guy and Recht, Simple random search provides a competitive approach to reinforcement
 * learning (2018), arXiv 1803.07055, for the best k and the deviation.
 *
 * @module
 */
import { axpy, fillNormal, rng, type Vector } from "../../lib/core/mod.ts";
import { matrix, qr } from "../../lib/linalg/mod.ts";
import { flown } from "../../lib/problems/mod.ts";
import { ARM, type Control, parabola, play, randomThrow, REST } from "./catching_simulation.ts";

const HIDDEN = 8, CIRCLE = 0.7;

/** The number of weights. */
export const WEIGHTS = 4 * HIDDEN + 3 * (HIDDEN + 1);

/** The outputs of the network. */
function network(weights: Vector, inputs: readonly number[]): number[] {
  const hidden = Array.from(
    { length: HIDDEN },
    (_, i) => Math.tanh(weights[4 * i] + inputs.reduce((sum, v, j) => sum + weights[4 * i + 1 + j] * v, 0)),
  );
  return REST.angles.map((angle, o) => {
    const at = 4 * HIDDEN + o * (HIDDEN + 1);
    return angle + weights[at] + hidden.reduce((sum, h, i) => sum + weights[at + 1 + i] * h, 0);
  });
}

const limited = (v: number, low: number, high: number) => Math.max(low, Math.min(high, v));

/** The policy of some weights. */
export function policy(weights: Vector): Control {
  const { maxAcceleration: A, maxVelocity: V } = ARM;
  let crossing = NaN, goal: number[] | undefined;
  return ({ time, posture: { angles, rates }, fixes }) => {
    const ball = parabola(fixes, time);
    let tau = goal ? crossing - time : 0.3;
    if (tau > 0.01) {
      for (let k = 0; k < 6; k++) { // Newton's method for |ball| = 0.7
        const { position: [x, y], velocity: [u, v] } = flown(ball, tau);
        tau -= (x * x + y * y - CIRCLE ** 2) / (2 * (x * u + y * v));
      }
      if (tau > 0 && tau < 1.5) {
        const { position: [x, y], velocity: [u, v] } = flown(ball, tau);
        goal = network(weights, [Math.atan2(y, x), Math.atan2(v, -u), Math.hypot(u, v) / 5 - 1]);
        crossing = time + tau;
      }
    }
    const left = crossing - time;
    if (!goal || left <= 0.015) return { accelerations: [0, 0, 0], push: 0 };
    const accelerations = goal.map((angle, i) => {
      const a = limited(2 * (angle - angles[i] - rates[i] * left) / left ** 2, -A, A);
      return limited(a, (-V - rates[i]) / 0.02, (V - rates[i]) / 0.02);
    });
    return { accelerations, push: 0.02 };
  };
}

/** Weights that so many throws have taught. The step η falls to 0. */
export function learn(rollouts: number, report?: (done: number, weights: Vector) => void): Vector {
  const random = rng(5), count = 20, best = 10, throws = 5, sigma = 0.05, each = 2 * count * throws;
  const weights = fillNormal(random, new Float64Array(WEIGHTS)).map((w) => w / 10);
  const score = (direction: Vector, share: number, seed: number): number => {
    const moved = weights.slice(), trial = rng(seed);
    axpy(share * sigma, direction, moved);
    let sum = 0;
    for (let k = 0; k < throws; k++) sum -= play(randomThrow(trial), 0, trial, policy(moved)).miss;
    return sum / throws;
  };
  for (let done = 0; done < rollouts; done += each) {
    report?.(done, weights);
    const directions = matrix(WEIGHTS, count);
    fillNormal(random, directions.data);
    const { data } = qr(directions).Q;
    const trials = Array.from({ length: count }, (_, j) => {
      const direction = weights.map((_, i) => Math.sqrt(WEIGHTS) * data[i * count + j]);
      return { direction, plus: score(direction, 1, done), minus: score(direction, -1, done) };
    });
    trials.sort((a, b) => Math.max(b.plus, b.minus) - Math.max(a.plus, a.minus)).splice(best);
    const scores = trials.flatMap(({ plus, minus }) => [plus, minus]);
    const mean = scores.reduce((sum, v) => sum + v) / scores.length;
    const deviation = Math.sqrt(scores.reduce((sum, v) => sum + (v - mean) ** 2, 0) / scores.length);
    const rate = 0.05 * (1 - done / rollouts) / (best * deviation);
    for (const { direction, plus, minus } of trials) axpy(rate * (plus - minus), direction, weights);
  }
  return weights;
}
