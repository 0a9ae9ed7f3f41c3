/**
 * Losses of predictions, example by example, for problems that show their targets.
 *
 * ```
 * squared         ½ (z - y)²
 * logistic        log(1 + exp(-y z)),  y = ±1
 * cross-entropy   log Σₖ exp zₖ - z_y,  y a class
 * ```
 *
 * @module
 */
import { DomainError, type Targets, type Vector } from "../core/mod.ts";

/** A loss of each example: the part of `Targets` that knows the data. */
export type TargetLoss = Pick<Targets, "perExample" | "smoothness" | "loss" | "lossGradient">;

/** The loss of an example, by where its K numbers stand in z; writes its gradient where `out` is given. */
type One = (z: Vector, at: number, example: number, out?: Vector) => number;

function mean(perExample: number, smoothness: number, one: One): TargetLoss {
  const evaluate = (z: Vector, batch: Uint32Array, out?: Vector): number => {
    let sum = 0;
    for (let i = 0; i < batch.length; i++) sum += one(z, i * perExample, batch[i], out);
    return sum / batch.length;
  };
  return { perExample, smoothness, loss: (z, batch) => evaluate(z, batch), lossGradient: evaluate };
}

/** `½ (z - y)²`, one target an example; smooth with L = 1. */
export function squaredLoss(y: Vector): TargetLoss {
  return mean(1, 1, (z, at, i, out) => {
    const r = z[at] - y[i];
    if (out) out[at] = r;
    return r * r / 2;
  });
}

/** `log(1 + exp(-y z))`, one target an example; smooth with L = ¼. */
export function logisticLoss(signs: Vector): TargetLoss {
  return mean(1, 1 / 4, (z, at, i, out) => {
    const margin = signs[i] * z[at], e = Math.exp(-Math.abs(margin));
    if (out) out[at] = -signs[i] * (margin > 0 ? e : 1) / (1 + e);
    return Math.log1p(e) - Math.min(margin, 0);
  });
}

/**
 * `log Σ exp zₖ - z_y`, K targets an example; smooth with L = ½.
 *
 * @throws {DomainError} When a label is no whole number below K.
 */
export function crossEntropyLoss(labels: Vector, classes: number): TargetLoss {
  const wrong = labels.findIndex((y) => !(Number.isInteger(y) && y >= 0 && y < classes));
  if (wrong >= 0) {
    throw new DomainError(
      `Cannot make a cross-entropy: expected labels below ${classes}, got ${labels[wrong]} at ${wrong}`,
    );
  }
  return mean(classes, 1 / 2, (z, at, i, out) => {
    let most = -Infinity, sum = 0;
    for (let k = at; k < at + classes; k++) most = Math.max(most, z[k]);
    for (let k = at; k < at + classes; k++) {
      const e = Math.exp(z[k] - most);
      sum += e;
      if (out) out[k] = e;
    }
    if (out) {
      for (let k = at; k < at + classes; k++) out[k] /= sum;
      out[at + labels[i]] -= 1;
    }
    return most + Math.log(sum) - z[at + labels[i]];
  });
}
