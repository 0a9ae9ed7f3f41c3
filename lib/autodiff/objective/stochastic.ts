/**
 * Means over examples as stochastic problems. There is one set of programs for each size of batch.
 *
 * @module
 */
import { ShapeError, type Stochastic, type Vector } from "../../core/mod.ts";
import { callerLine } from "../errors.ts";
import { multiply } from "../primitives/arithmetic.ts";
import { sum } from "../primitives/reductions.ts";
import { sameNumbers } from "../shape.ts";
import { ShapeOnly, trace, type TracedProgram } from "../trace.ts";
import { scalarOutput } from "../transform.ts";
import { leaves, replaceLeaves, type Tree } from "../tree.ts";
import type { Operand, Value } from "../values.ts";
import { type Data, examplesOf, gatherer } from "./batches.ts";
import { derivativesOf } from "./objective.ts";
import { type Blocks, type InBlocks, type OneVector, parametersOf } from "./parameters.ts";
import { type Prepared, whenNeeded } from "./programs.ts";

/** The rows of a batch, in the form of the data. */
export type Rows<D> = D extends Value ? Operand : { readonly [K in keyof D]: Operand };

/** What else a stochastic objective says of itself. */
export interface StochasticOptions {
  /** A name for tables, charts and messages. */
  readonly name?: string;
}

/** A stochastic problem with Hessian-vector products. */
export type StochasticObjective = Stochastic & Required<Pick<Stochastic, "batchHessianVector">>;

/** The oracles for batches of one size. */
type Oracles = Pick<StochasticObjective, "batchValue" | "batchGradient" | "batchHessianVector">;

/** Programs are kept for so many sizes of batch: that of most batches, the last, smaller one, all examples, … */
const KEPT = 8;

/**
 * The mean of losses over examples as a stochastic problem, in named arrays of variables.
 *
 * @param f Gets the blocks of variables and the rows of a batch, as traced arrays, and returns the losses of the
 * examples, of which the mean is taken, or that mean itself. It is called a few times for each size of batch, not at
 * every evaluation.
 * @param data Arrays whose first axis counts the examples; they are kept by reference.
 * @throws {TraceError} When f uses a traced array as a number.
 * @throws {ShapeError} When arrays have different numbers of rows, shapes do not fit in f, or it returns another shape.
 *
 * @example Least squares by rows
 * ```ts
 * import { matmul, type Operand, square, stochasticObjective, subtract } from "@gradus/gradus/autodiff";
 * import { assertEquals } from "@std/assert";
 *
 * const A = { rows: 3, columns: 2, data: Float64Array.of(1, 0, 0, 1, 1, 1) }, b = Float64Array.of(1, 2, 3);
 * const problem = stochasticObjective(
 *   (x: Operand, { A, b }) => square(subtract(matmul(A, x), b)),
 *   { A, b },
 *   { dimension: 2 },
 * );
 * const x = new Float64Array(2), out = new Float64Array(2);
 * assertEquals(problem.batchGradient(x, Uint32Array.of(0, 2), out), 5); // (1 + 9) / 2
 * assertEquals([...out], [-4, -3]);
 * ```
 */
export function stochasticObjective<Name extends string, const D extends Data>(
  f: (blocks: Blocks<Name>, rows: Rows<D>) => Operand,
  data: D,
  options: InBlocks<Name> & StochasticOptions,
): StochasticObjective;
/** The mean of losses over examples as a stochastic problem, in one vector of variables. */
export function stochasticObjective<const D extends Data>(
  f: (x: Operand, rows: Rows<D>) => Operand,
  data: D,
  options: OneVector & StochasticOptions,
): StochasticObjective;
export function stochasticObjective(
  f: (x: never, rows: never) => Operand,
  data: Data,
  options: Partial<OneVector & InBlocks<string>> & StochasticOptions,
): StochasticObjective {
  const { name } = options, { dimension, example, count, view } = parametersOf(options);
  const [examples, total] = examplesOf(leaves(data));

  const meanLoss = (size: number): TracedProgram => {
    const rows = examples.map(({ shape }) => new ShapeOnly([size, ...shape]));
    const tree = replaceLeaves(data, rows as unknown as Operand[]);
    const program = trace(f, example, tree as Tree), loss = program.outputs[0];
    if (program.outputs.length !== 1 || !sameNumbers(loss.shape, [size])) {
      scalarOutput("make a stochastic objective", program.outputs);
      return program;
    }
    const mean = multiply(1 / size, sum(loss));
    return { ...program, outputs: [mean], result: mean };
  };

  const oraclesFor = (size: number): Oracles => {
    const { value, gradient, hessianVector } = derivativesOf(() => meanLoss(size), count);
    const gather = gatherer(examples, total);
    const setting = ({ inputs }: Prepared): (x: Vector, batch: Uint32Array) => void => {
      const setX = view(inputs, 0);
      return (x, batch) => {
        setX(x);
        gather(batch, inputs, count);
      };
    };
    const values = whenNeeded(value, (prepared) => {
      const set = setting(prepared), f = prepared.outs[0] = new Float64Array(1);
      return (x: Vector, batch: Uint32Array): number => {
        set(x, batch);
        prepared.run();
        return f[0];
      };
    });
    const gradients = whenNeeded(gradient, (prepared) => {
      const set = setting(prepared), f = prepared.outs[0] = new Float64Array(1), setOut = view(prepared.outs, 1);
      return (x: Vector, batch: Uint32Array, out: Vector): number => {
        set(x, batch);
        setOut(out);
        prepared.run();
        return f[0];
      };
    });
    const products = whenNeeded(hessianVector, (prepared) => {
      const set = setting(prepared), setV = view(prepared.inputs, count + examples.length);
      const setOut = view(prepared.outs, 0);
      return (x: Vector, batch: Uint32Array, v: Vector, out: Vector): void => {
        set(x, batch);
        setV(v);
        setOut(out);
        prepared.run();
      };
    });
    return {
      batchValue: (x, batch) => values()(x, batch),
      batchGradient: (x, batch, out) => gradients()(x, batch, out),
      batchHessianVector: (x, batch, v, out) => products()(x, batch, v, out),
    };
  };

  meanLoss(1); // what is wrong with f shows here
  const kept = new Map<number, Oracles>();
  const oraclesOf = ({ length: size }: Uint32Array): Oracles => {
    let oracles = kept.get(size);
    if (oracles === undefined) {
      if (size === 0) throw new ShapeError(`Cannot take a batch: expected examples, got none${callerLine()}`);
      if (kept.size === KEPT) kept.delete(kept.keys().next().value!);
      kept.set(size, oracles = oraclesFor(size));
    }
    return oracles;
  };
  return {
    kind: "stochastic",
    dimension,
    examples: total,
    ...(name !== undefined && { name }),
    batchValue: (x, batch) => oraclesOf(batch).batchValue(x, batch),
    batchGradient: (x, batch, out) => oraclesOf(batch).batchGradient(x, batch, out),
    batchHessianVector: (x, batch, v, out) => oraclesOf(batch).batchHessianVector(x, batch, v, out),
  };
}
