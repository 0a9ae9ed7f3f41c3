/**
 * BSVRB: stochastic bilevel optimization with many blocks in the lower level, of which a step sees a few.
 *
 * ```
 * min (1/m) Σ fᵢ(x, yᵢ(x)),  yᵢ(x) = argmin gᵢ(x, ·);  each step: I blocks, B samples each, seen now and at the last iterate
 *
 * blocks i of the step, MSVR for a tracked q:  s ← (1-α)s + α q + γ(q - q₋),   γ = (m-I)/(I(1-α)) + 1 - α
 *   sᵢ tracks ∇ᵧgᵢ(x, yᵢ);                       yᵢ ← yᵢ - τ sᵢ
 *   v1:  Hᵢ averages ∇²ᵧᵧgᵢ;                      vᵢ = Hᵢ⁻¹∇ᵧfᵢ, eigenvalues of Hᵢ not below μ
 *   v2:  uᵢ tracks ∇²ᵧᵧgᵢ vᵢ - ∇ᵧfᵢ;               vᵢ ← P(vᵢ - τ̄ uᵢ), P the projection on |v| <= V
 * G = mean over the blocks of ∇ₓfᵢ - ∇²ₓᵧgᵢ vᵢ,   z ← (1-β)(z - G₋) + G   (STORM),   x ← x - ηz
 * ```
 *
 * v1 solves exactly with an estimate of the Hessian, O(d³) a block; v2 never forms it. In both the variance falls with
 * I and with I B. Stability needs about `γ τ λmax(∇²ᵧᵧg) < 1`.
 *
 * Source: Hu, Qiu, Guo, Zhang and Yang, Blockwise stochastic variance-reduced methods with parallel speedup for
 * multi-block bilevel optimization (2023), arXiv 2305.18730, algorithms 1 to 3. Blocks that a step does not see keep yᵢ
 * and vᵢ.
 *
 * @module
 */
import {
  axpy,
  type BlockBilevel,
  checkChoice,
  DomainError,
  integer,
  isFiniteVector,
  norm2,
  type Rng,
  sampleWithoutReplacement,
  scale,
  type Solver,
  type State,
  type Vector,
} from "../../core/mod.ts";
import { type Schedule, scheduleOf } from "../../stochastic/mod.ts";
import { averagedHessian, flooredSolve } from "./block_hessian.ts";

/** Options of `bsvrb`. */
export interface BsvrbOptions {
  /** `v1` inverts an estimate of each lower Hessian, `v2` tracks the solution. Default `v2`. */
  readonly version?: "v1" | "v2";
  /** `I`. Default 5, or all blocks where there are fewer. */
  readonly blocks?: number;
  /** `B`. Default 8. */
  readonly batchSize?: number;
  /** `η`. Default 0.01. */
  readonly upperRate?: number | Schedule;
  /** `τ`. Default 0.03. */
  readonly lowerRate?: number | Schedule;
  /** `τ̄` of v2. Default τ. */
  readonly solutionRate?: number | Schedule;
  /** `α` in (0, 1]. Default 0.05. */
  readonly alpha?: number;
  /** `β` in (0, 1]. Default 0.05. */
  readonly beta?: number;
  /** `μ > 0` of v1. Default 1e-3. */
  readonly floor?: number;
  /** `V` of v2. Default 1e3. */
  readonly radius?: number;
  /** Whether the last iterate corrects the trackers, γ and STORM; without, they are moving averages. Default true. */
  readonly correction?: boolean;
}

/** The state. Vectors over blocks hold one block after another. */
export interface BsvrbState extends State {
  /** `y`. */
  readonly y: Vector;
  /** `x` and `y` of the last step. */
  readonly before: { readonly x: Vector; readonly y: Vector };
  /** The trackers s of the lower gradients. */
  readonly s: Vector;
  /** `v`. */
  readonly v: Vector;
  /** v of the last step. */
  readonly vBefore: Vector;
  /** The trackers u of v2, or the Hessians of v1. */
  readonly tracked: Vector;
  /** Which blocks have been seen. */
  readonly seen: Uint8Array;
  /** `z`. */
  readonly z: Vector;
  /** Steps begun. */
  step: number;
  /** The run's generator. */
  readonly rng: Rng;
}

/**
 * BSVRB. A step costs O(I B) calls of block oracles at two points; room is O(m d), for v1 O(m d²).
 *
 * @throws {DomainError} When an option is out of range, or the problem has fewer blocks than a step wants.
 */
export function bsvrb(options: BsvrbOptions = {}): Solver<BlockBilevel, BsvrbState> {
  const { version = "v2", batchSize = 8, alpha = 0.05, beta = 0.05, floor = 1e-3, radius = 1e3 } = options;
  const { upperRate = 0.01, lowerRate = 0.03, solutionRate = lowerRate, correction = true } = options;
  const eta = scheduleOf(upperRate), tau = scheduleOf(lowerRate), tauBar = scheduleOf(solutionRate);
  const wrong = (what: string, got: unknown): DomainError =>
    new DomainError(`Cannot run BSVRB: expected ${what}, got ${got}`);
  checkChoice("run BSVRB", "a version", version, ["v1", "v2"]);
  for (const [what, rate] of Object.entries({ alpha, beta })) {
    if (!(rate > 0 && rate <= 1)) throw wrong(`${what} in (0, 1]`, rate);
  }
  for (const [what, value] of Object.entries({ floor, radius })) if (!(value > 0)) throw wrong(`${what} > 0`, value);
  for (const [what, n] of Object.entries({ blocks: options.blocks ?? 1, batchSize })) {
    if (!Number.isSafeInteger(n) || n < 1) throw wrong(`a positive whole number ${what}`, n);
  }
  return {
    name: `BSVRB ${version}`,
    options: {
      version,
      ...(options.blocks !== undefined && { blocks: options.blocks }),
      batchSize,
      upperRate: { schedule: eta.name, ...eta.options },
      lowerRate: { schedule: tau.name, ...tau.options },
      solutionRate: { schedule: tauBar.name, ...tauBar.options },
      alpha,
      beta,
      ...(version === "v1" ? { floor } : { radius }),
      correction,
    },
    reference: {
      title: "Blockwise stochastic variance-reduced methods with parallel speedup for multi-block bilevel optimization",
      authors: "Hu, Qiu, Guo, Zhang, Yang",
      year: 2023,
      identifier: "arXiv:2305.18730",
    },
    needs: ["upperGradientX", "upperGradientY", "lowerGradientY", "lowerHessianVector", "lowerCrossVector"]
      .map((name) => `blocks.${name}`),
    init: ({ blocks: { count: m, size: d }, lowerDimension: n }, { x, lower }, { rng }) => {
      if ((options.blocks ?? 1) > m) throw wrong(`at most ${m} blocks, as many as the problem has,`, options.blocks);
      const y = lower?.slice() ?? new Float64Array(n);
      return {
        x: x.slice(),
        value: NaN,
        y,
        before: { x: x.slice(), y: y.slice() },
        s: new Float64Array(n),
        v: new Float64Array(n),
        vBefore: new Float64Array(n),
        tracked: new Float64Array(version === "v1" ? m * d * d : n),
        seen: new Uint8Array(m),
        z: new Float64Array(x.length),
        step: 0,
        rng,
      };
    },
    step({ blocks }, state) {
      const { count: m, size: d, samples } = blocks, { x, y, before, s, v, vBefore, tracked, seen, z, rng } = state;
      const I = Math.min(options.blocks ?? 5, m),
        gamma = correction && alpha < 1 ? (m - I) / (I * (1 - alpha)) + 1 - alpha : 0;
      const chosen = sampleWithoutReplacement(rng, m, new Uint32Array(I)), t = ++state.step;
      const lowerBatch = new Uint32Array(batchSize), upperBatch = new Uint32Array(batchSize);
      const G = new Float64Array(x.length), GBefore = new Float64Array(x.length), next = y.slice(), vNext = v.slice();
      const q = new Float64Array(d), qBefore = new Float64Array(d), g = new Float64Array(d);
      /** `s ← (1-α)s + α q + γ(q - q₋)`, or q at first. */
      const track = (into: Vector, isNew: boolean): void => {
        for (let k = 0; k < d; k++) {
          into[k] = isNew ? q[k] : (1 - alpha) * into[k] + alpha * q[k] + gamma * (q[k] - qBefore[k]);
        }
      };
      for (const i of chosen) {
        for (let b = 0; b < batchSize; b++) {
          lowerBatch[b] = integer(rng, samples);
          upperBatch[b] = integer(rng, samples);
        }
        const part = (u: Vector): Vector => u.subarray(i * d, (i + 1) * d), isNew = !seen[i];
        const now = { block: i, x, y: part(y) }, last = { block: i, x: before.x, y: part(before.y) };
        seen[i] = 1;
        blocks.lowerGradientY(now, lowerBatch, q);
        if (gamma > 0) blocks.lowerGradientY(last, lowerBatch, qBefore);
        track(part(s), isNew);
        axpy(-tau.at(t), part(s), part(next));
        if (version === "v1") {
          const H = tracked.subarray(i * d * d, (i + 1) * d * d);
          if (!isNew && correction) {
            blocks.upperGradientY(last, upperBatch, g);
            flooredSolve(H, d, g, floor, part(vBefore));
          }
          averagedHessian(blocks, now, lowerBatch, isNew ? 1 : alpha, H);
          blocks.upperGradientY(now, upperBatch, g);
          flooredSolve(H, d, g, floor, part(v));
        } else {
          blocks.lowerHessianVector(now, lowerBatch, part(v), q);
          blocks.upperGradientY(now, upperBatch, g);
          axpy(-1, g, q);
          if (gamma > 0) {
            blocks.lowerHessianVector(last, lowerBatch, part(vBefore), qBefore);
            blocks.upperGradientY(last, upperBatch, g);
            axpy(-1, g, qBefore);
          }
          track(part(tracked), isNew);
          axpy(-tauBar.at(t), part(tracked), part(vNext));
          const length = norm2(part(vNext));
          if (length > radius) scale(radius / length, part(vNext));
        }
        addHypergradient(blocks, now, upperBatch, lowerBatch, part(v), G);
        if (correction) addHypergradient(blocks, last, upperBatch, lowerBatch, part(vBefore), GBefore);
      }
      for (let k = 0; k < z.length; k++) {
        z[k] = t === 1 ? G[k] / I : (1 - beta) * (z[k] - GBefore[k] / I) + (correction ? 1 : beta) * G[k] / I;
      }
      if (!isFiniteVector(z) || !isFiniteVector(next)) {
        state.stop = { status: "non-finite", message: `an estimate of a gradient is not finite in step ${t}` };
        return;
      }
      before.x.set(x);
      before.y.set(y);
      vBefore.set(v);
      y.set(next);
      if (version === "v2") v.set(vNext);
      axpy(-eta.at(t), z, x);
    },
    point: (_, { x, y }) => ({ x, lower: y }),
  };
}

/** `out += ∇ₓfᵢ - ∇²ₓᵧgᵢ v`. */
function addHypergradient(
  blocks: BlockBilevel["blocks"],
  at: { readonly block: number; readonly x: Vector; readonly y: Vector },
  upperBatch: Uint32Array,
  lowerBatch: Uint32Array,
  v: Vector,
  out: Vector,
): void {
  const part = new Float64Array(out.length);
  blocks.upperGradientX(at, upperBatch, part);
  axpy(1, part, out);
  blocks.lowerCrossVector(at, lowerBatch, v, part);
  axpy(-1, part, out);
}
