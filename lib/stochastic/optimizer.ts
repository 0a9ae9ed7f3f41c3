/**
 * A gradient transformation as a solver of stochastic problems.
 *
 * ```
 * each step:  a batch B,   g = ∇f_B(x),   u = T(g),   x ← x + u
 * ```
 *
 * @module
 */
import {
  DomainError,
  isFiniteVector,
  type Layout,
  layout,
  type Options,
  type Reference,
  type Rng,
  type Solver,
  type State,
  type Stochastic,
  type Vector,
} from "../core/mod.ts";
import { type Batches, batches, type BatchOptions, nextBatch } from "./batches.ts";
import type { StepContext, Transform } from "./transform.ts";

/** A stochastic problem that multiplies by the Hessian of a batch. */
export type TwiceStochastic = Stochastic & Required<Pick<Stochastic, "batchHessianVector">>;

/** What makes a transformation a solver. */
export interface OptimizerOptions extends BatchOptions {
  /** The solver's name. */
  readonly name: string;
  /** What to tell of its options besides batches; default: those of the transformation. */
  readonly options?: Options;
  /** Where the method comes from. */
  readonly reference: Reference;
  /** What is done to gradients. */
  readonly transform: Transform;
}

/** The state of an optimizer. */
export interface OptimizerState extends State {
  /** The direction, the gradient at first. */
  readonly direction: Vector;
  /** The gradient of the batch. */
  readonly gradient: Vector;
  /** Steps begun. */
  step: number;
  /** The loss of the last batch. */
  batchValue: number;
  /** What the transformation remembers. */
  readonly transform: unknown;
  /** Which examples come next. */
  readonly batches: Batches;
  /** The names and shapes of the parameters. */
  readonly layout: Layout;
  /** The run's generator. */
  readonly rng: Rng;
}

/**
 * The solver that steps by a transformation of batch gradients. A gradient that is not finite ends the run, with the
 * block and the step in the message; a batch's gradient counts by its examples.
 *
 * @throws {DomainError} When the size of a batch is no positive whole number.
 *
 * @example Sign descent
 * ```ts
 * import { solve, iterations, type Stochastic } from "@gradus/gradus/core";
 * import { chain, optimizer, scaleByLearningRate, scaleBySign } from "@gradus/gradus/stochastic";
 * import { assertEquals } from "@std/assert";
 *
 * const batchValue = (x: Float64Array, batch: Uint32Array) =>
 *   batch.reduce((s, i) => s + (x[0] - i) ** 2 / 2, 0) / batch.length;
 * const means: Stochastic = {
 *   kind: "stochastic",
 *   dimension: 1,
 *   examples: 8,
 *   batchValue,
 *   batchGradient: (x, batch, out) => {
 *     out[0] = batch.reduce((s, i) => s + x[0] - i, 0) / batch.length;
 *     return batchValue(x, batch);
 *   },
 * };
 * const signs = optimizer({
 *   name: "sign descent",
 *   reference: { title: "An example", authors: "", year: 2000, identifier: "" },
 *   transform: chain(scaleBySign(), scaleByLearningRate(0.25)),
 *   batchSize: 8,
 * });
 * assertEquals(solve(means, signs, { start: [0], stop: iterations(14) }).x[0], 3.5);
 * ```
 */
export function optimizer(parts: OptimizerOptions): Solver<Stochastic, OptimizerState> {
  const { name, reference, transform, batchSize = 32, sampling = "epochs" } = parts, drawn = { batchSize, sampling };
  batches(1, drawn);
  const contexts = new WeakMap<Stochastic, Context>();
  return {
    name,
    options: { ...(parts.options ?? transform.options), batchSize, sampling },
    reference,
    needs: ["batchGradient", ...(transform.needs ?? [])],
    init: (problem, { x }, context) => {
      const shapes = context.layout ?? layout({ x: [x.length] });
      if (shapes.size !== x.length) {
        throw new DomainError(`Cannot run ${name}: the layout has ${shapes.size} entries, the start ${x.length}`);
      }
      return {
        x: x.slice(),
        value: NaN,
        direction: new Float64Array(x.length),
        gradient: new Float64Array(x.length),
        step: 0,
        batchValue: NaN,
        transform: transform.init(x, shapes),
        batches: batches(problem.examples, drawn),
        layout: shapes,
        rng: context.rng,
      };
    },
    step(problem, state) {
      const { x, direction, gradient } = state;
      const batch = nextBatch(state.batches, problem.examples, state.rng, drawn);
      state.step++;
      state.batchValue = problem.batchGradient(x, batch, gradient);
      if (!Number.isFinite(state.batchValue) || !isFiniteVector(gradient)) {
        state.stop = { status: "non-finite", message: describe(state) };
        return;
      }
      direction.set(gradient);
      let context = contexts.get(problem);
      if (!context) contexts.set(problem, context = new Context(problem));
      context.state = state;
      transform.apply(direction, state.transform, context);
      for (let i = 0; i < x.length; i++) x[i] += direction[i];
    },
    point: (_, { x }) => ({ x }),
  };
}

/** What is not finite, and where. */
function describe({ batchValue, gradient, layout: { blocks }, step }: OptimizerState): string {
  const i = gradient.findIndex((g) => !Number.isFinite(g));
  if (i < 0) return `batch loss ${batchValue} in step ${step}`;
  const block = blocks.find(({ offset, shape }) => i < offset + shape[0] * (shape[1] ?? 1))!;
  return `gradient ${gradient[i]} in entry ${i - block.offset} of block "${block.name}" in step ${step}`;
}

/** The view that transformations have of a state; made once for a run. */
class Context implements StepContext {
  state!: OptimizerState;
  readonly #problem: Stochastic;
  constructor(problem: Stochastic) {
    this.#problem = problem;
  }
  get x(): Vector {
    return this.state.x;
  }
  get step(): number {
    return this.state.step;
  }
  get layout(): Layout {
    return this.state.layout;
  }
  get value(): number {
    return this.state.batchValue;
  }
  get gradient(): Vector {
    return this.state.gradient;
  }
  get share(): number {
    return this.state.batches.batch.length / this.#problem.examples;
  }
  get rng(): Rng {
    return this.state.rng;
  }
  gradientAt(x: Vector, out: Vector): number {
    return this.#problem.batchGradient(x, this.state.batches.batch, out);
  }
  valueAt(x: Vector): number {
    return this.#problem.batchValue(x, this.state.batches.batch);
  }
  hessianVector(v: Vector, out: Vector): void {
    this.#problem.batchHessianVector!(this.state.x, this.state.batches.batch, v, out);
  }
}
