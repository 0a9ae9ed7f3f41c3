/**
 * The transformations that the classical optimizers are made of.
 *
 * ```
 * trace              v = βv + u,  u ← v, or with Nesterov u + βv
 * scale by Adagrad   s += u²,  u ← u/(√s + ε)
 * scale by RMS       v = αv + (1-α)u²,  u ← u/(√v + ε)
 * scale by Adam      m = β₁m + (1-β₁)u,  v = β₂v + (1-β₂)u²,  u ← m̂/(√v̂ + ε),  m̂ = m/(1-β₁ᵗ),  v̂ = v/(1-β₂ᵗ)
 * decayed weights    u ← u + λx
 * learning rate      u ← -ηₜu
 * clip               u ← u min(1, c/|u|₂);   u ← each entry in [-c, c]
 * ```
 *
 * Source: Kingma and Ba, Adam: a method for stochastic optimization (2014), arXiv 1412.6980, algorithm 1; Duchi, Hazan
 * and Singer, Adaptive subgradient methods (2011); Tieleman and Hinton, RMSProp (2012); Polyak (1964) and Nesterov
 * (1983); Loshchilov and Hutter, Decoupled weight decay regularization (2017), arXiv 1711.05101; Pascanu, Mikolov and
 * Bengio, On the difficulty of training recurrent neural networks (2012), for the clipping of norms.
 *
 * @module
 */
import { checkPositive, norm2, scale, type Vector } from "../core/mod.ts";
import { checkRange } from "./checks.ts";
import { type Schedule, scheduleOf } from "./schedule.ts";
import type { Transform } from "./transform.ts";

/** Options of `trace`. */
export interface TraceOptions {
  /** β in [0, 1). Default 0.9. */
  readonly decay?: number;
  /** Whether to look ahead. Default false. */
  readonly nesterov?: boolean;
}

/**
 * Momentum: the sum of the directions so far, older ones for less. State: n floats.
 *
 * @throws {DomainError} When β is outside [0, 1).
 */
export function trace({ decay = 0.9, nesterov = false }: TraceOptions = {}): Transform<{ readonly v: Vector }> {
  checkRange("trace", "a decay", decay, 0, 1);
  return {
    name: "trace",
    options: { decay, nesterov },
    init: ({ length }) => ({ v: new Float64Array(length) }),
    apply(u, { v }) {
      for (let i = 0; i < u.length; i++) {
        v[i] = decay * v[i] + u[i];
        u[i] = nesterov ? u[i] + decay * v[i] : v[i];
      }
    },
  };
}

/** Divides by the root of the sum of squares so far. State: n floats. */
export function scaleByAdagrad(epsilon = 1e-10): Transform<{ readonly s: Vector }> {
  checkRange("scale by Adagrad", "ε", epsilon, 0, Infinity);
  return {
    name: "scale by Adagrad",
    options: { epsilon },
    init: ({ length }) => ({ s: new Float64Array(length) }),
    apply(u, { s }) {
      for (let i = 0; i < u.length; i++) {
        s[i] += u[i] * u[i];
        if (u[i] !== 0) u[i] /= Math.sqrt(s[i]) + epsilon;
      }
    },
  };
}

/** Options of `scaleByRms`. */
export interface RmsOptions {
  /** α in [0, 1). Default 0.99. */
  readonly decay?: number;
  /** ε. Default 1e-8. */
  readonly epsilon?: number;
}

/** Divides by the root of the mean square of late. State: n floats. */
export function scaleByRms({ decay = 0.99, epsilon = 1e-8 }: RmsOptions = {}): Transform<{ readonly v: Vector }> {
  checkRange("scale by RMS", "a decay", decay, 0, 1);
  checkRange("scale by RMS", "ε", epsilon, 0, Infinity);
  return {
    name: "scale by RMS",
    options: { decay, epsilon },
    init: ({ length }) => ({ v: new Float64Array(length) }),
    apply(u, { v }) {
      for (let i = 0; i < u.length; i++) {
        v[i] = decay * v[i] + (1 - decay) * u[i] * u[i];
        if (u[i] !== 0) u[i] /= Math.sqrt(v[i]) + epsilon;
      }
    },
  };
}

/** Options of `scaleByAdam`. */
export interface AdamScaling {
  /** β₁ in [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** β₂ in [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** ε. Default 1e-8. */
  readonly epsilon?: number;
}

/** First and second moments of directions. */
export interface Moments {
  /** The mean of the directions. */
  readonly m: Vector;
  /** The mean of their squares. */
  readonly v: Vector;
}

/** The mean direction over the root of the mean square, both without the bias of their start at 0. State: 2n floats. */
export function scaleByAdam(options: AdamScaling = {}): Transform<Moments> {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  checkRange("scale by Adam", "β₁", beta1, 0, 1);
  checkRange("scale by Adam", "β₂", beta2, 0, 1);
  checkRange("scale by Adam", "ε", epsilon, 0, Infinity);
  return {
    name: "scale by Adam",
    options: { beta1, beta2, epsilon },
    init: ({ length }) => ({ m: new Float64Array(length), v: new Float64Array(length) }),
    apply(u, { m, v }, { step }) {
      const first = 1 - beta1 ** step, second = 1 - beta2 ** step;
      for (let i = 0; i < u.length; i++) {
        m[i] = beta1 * m[i] + (1 - beta1) * u[i];
        v[i] = beta2 * v[i] + (1 - beta2) * u[i] * u[i];
        u[i] = m[i] === 0 ? 0 : (m[i] / first) / (Math.sqrt(v[i] / second) + epsilon);
      }
    },
  };
}

/** The signs of the entries. */
export function scaleBySign(): Transform<null> {
  return {
    name: "scale by sign",
    options: {},
    init: () => null,
    apply: (u) => {
      for (let i = 0; i < u.length; i++) u[i] = Math.sign(u[i]);
    },
  };
}

/** Adds `λ x`; behind a scaling it is decoupled from that. */
export function addDecayedWeights(decay: number): Transform<null> {
  checkRange("decay weights", "λ", decay, 0, Infinity);
  return {
    name: "add decayed weights",
    options: { decay },
    init: () => null,
    apply: (u, _, { x }) => {
      for (let i = 0; i < u.length; i++) u[i] += decay * x[i];
    },
  };
}

/** Multiplies by `-ηₜ`: the one place where the sign of a step is. */
export function scaleByLearningRate(rate: Schedule | number): Transform<null> {
  const schedule = scheduleOf(rate);
  return {
    name: "scale by learning rate",
    options: { schedule: schedule.name, ...schedule.options },
    init: () => null,
    apply: (u, _, { step }) => scale(-schedule.at(step), u),
  };
}

/** Shortens a direction that is longer than c. */
export function clipByGlobalNorm(most: number): Transform<null> {
  checkPositive("clip by global norm", "a norm", most);
  return {
    name: "clip by global norm",
    options: { most },
    init: () => null,
    apply: (u) => {
      const length = norm2(u);
      if (length > most) scale(most / length, u);
    },
  };
}

/** Puts each entry into [-c, c]. */
export function clipByValue(most: number): Transform<null> {
  checkPositive("clip by value", "a value", most);
  return {
    name: "clip by value",
    options: { most },
    init: () => null,
    apply: (u) => {
      for (let i = 0; i < u.length; i++) u[i] = Math.max(-most, Math.min(most, u[i]));
    },
  };
}
