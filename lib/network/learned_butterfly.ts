/**
 * Fast transforms found from their matrices: the butterfly that is nearest to a given matrix.
 *
 * ```
 * minimize |B - M|² / N²,   B = F_N … F₄ F₂ P,   M scaled to the norm √N, P given or learned
 * ```
 *
 * by Adam, from entries that splitting M level by level gives, which is all if M is a butterfly; or from random ones of
 * variance ½. Again from other random entries until √(|B - M|² / N²) is small. A permutation is learned as a mixture,
 * from random entries; the likeliest one is then fixed, and the entries are fitted on.
 *
 * Source: Dao, Gu, Eichhorn, Rudra and Ré, Learning Fast Algorithms for Linear Transforms Using Butterfly
 * Factorizations (2019), arXiv 1903.05895, sections 3 and 4.1.
 *
 * @module
 */
import * as ad from "../autodiff/mod.ts";
import type { Operand } from "../autodiff/mod.ts";
import {
  checkChoice,
  DomainError,
  fillNormal,
  iterations,
  norm2,
  rng,
  ShapeError,
  solve,
  type Stochastic,
  target,
  type Vector,
} from "../core/mod.ts";
import { type Butterfly, type ComplexMatrix, identity, type Matrix } from "../linalg/mod.ts";
import { adam, cosineDecay } from "../stochastic/mod.ts";
import { type ButterflyForm, butterflyLayer, butterflySize } from "./butterfly_layer.ts";
import { butterflySplits } from "./butterfly_splits.ts";
import { likelyPermutation, permutationSize, relaxedPermutation } from "./relaxed_permutation.ts";

/** A matrix to be fitted: scaled, with what its variables are. */
interface Goal {
  readonly order: number;
  readonly real: Matrix;
  /** Undefined if all is real. */
  readonly imaginary: Matrix | undefined;
  readonly form: ButterflyForm;
  /** How many entries a butterfly of this form has, real or complex. */
  readonly count: number;
}

/**
 * The mean squared error as a stochastic problem with one example; variables are the real parts of entries, the
 * imaginary ones unless all is real, and the logits of a permutation unless that is given.
 */
function fitProblem(
  { order: n, real, imaginary, form, count }: Goal,
  permutation: Uint32Array | undefined,
): Stochastic {
  const unit = identity(n), zero = { ...unit, data: new Float64Array(n * n) };
  const entries = imaginary === undefined ? count : 2 * count;
  const fixed = permutation && ad.gather(unit, Float64Array.from(permutation));
  const { dimension, value, gradient } = ad.objective((x: Operand) => {
    const permuted = fixed ?? relaxedPermutation(ad.slice(x, entries), unit), a = ad.slice(x, 0, count);
    if (imaginary === undefined) {
      const B = butterflyLayer({ real: a }, { real: permuted }, form);
      return ad.mean(ad.square(ad.subtract(B.real, real)));
    }
    const b = ad.slice(x, count, 2 * count);
    const B = butterflyLayer({ real: a, imaginary: b }, { real: permuted, imaginary: zero }, form);
    const far = ad.square(ad.subtract(B.real, real));
    return ad.mean(ad.add(far, ad.square(ad.subtract(B.imaginary!, imaginary))));
  }, { dimension: entries + (permutation === undefined ? permutationSize(n) : 0) });
  return {
    kind: "stochastic",
    name: "nearest butterfly",
    dimension,
    examples: 1,
    batchValue: (x) => value(x),
    batchGradient: (x, _, out) => gradient(x, out),
  };
}

/** All 2N log₂N entries, those of the last level divided by the scale. */
function spread(entries: Vector, order: number, scale: number, { shared = true }: ButterflyForm): Vector {
  const all = new Float64Array(butterflySize(order, { shared: false }));
  for (let half = 1, from = 0, to = 0; half < order; half *= 2, to += 2 * order) {
    const own = 4 * (shared ? half : order / 2);
    for (let k = 0; k < 2 * order; k++) {
      all[to + k] = entries[from + k % own] / (2 * half === order ? scale : 1);
    }
    from += own;
  }
  return all;
}

/** Options of `fitButterfly`. */
export interface FitButterflyOptions extends ButterflyForm {
  /** Entry i of `P x` is entry `permutation[i]` of x; or it is learned, too. Default: no permutation. */
  readonly permutation?: Uint32Array | "learned";
  /**
   * What entries are at first: found by splitting the matrix, or random. Later attempts start from random ones.
   * Default: `splits`.
   */
  readonly start?: "splits" | "random";
  /** The fit is good at this root mean squared error of entries of the scaled matrix. Default: 1e-4. */
  readonly tolerance?: number;
  /** The most attempts from other entries. Default: 10. */
  readonly restarts?: number;
  /** Steps of Adam in an attempt, as many again where a permutation is learned. Default: 2000. */
  readonly steps?: number;
  /** The learning rate at first; it falls to zero by a cosine. Default: 0.05. */
  readonly learningRate?: number;
  /** Of the random entries. Default: 0. */
  readonly seed?: number;
}

/** The best butterfly found. */
export interface FittedButterfly {
  /** Near the given matrix, in its scale. */
  readonly butterfly: Butterfly;
  /** The root mean squared error of the entries, for the matrix scaled to the norm √N. */
  readonly error: number;
  /** Attempts made. */
  readonly attempts: number;
  /** Numbers fitted, real and imaginary parts apart. */
  readonly parameters: number;
}

/**
 * The butterfly nearest to a matrix: the matrix itself if it is one, else by Adam to a local minimum; real if the
 * matrix is.
 *
 * @throws {ShapeError} When the matrix is not square.
 * @throws {DomainError} When its order is no power of 2 or 1, it is zero, the permutation has another length, no
 * attempt is allowed, or the start is neither of the two.
 *
 * @example The Hadamard transform of order 4
 * ```ts
 * import { butterflyMatrix, complexMatrix } from "@gradus/gradus/linalg";
 * import { fitButterfly } from "@gradus/gradus/network";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const H = complexMatrix(4, 4, [1, 1, 1, 1, 1, -1, 1, -1, 1, 1, -1, -1, 1, -1, -1, 1]);
 * const { butterfly } = fitButterfly(H, { steps: 600 });
 * butterflyMatrix(butterfly).real.forEach((entry, k) => assertAlmostEquals(entry, H.real[k], 1e-3));
 * ```
 */
export function fitButterfly(M: ComplexMatrix, options: FitButterflyOptions = {}): FittedButterfly {
  const { tolerance = 1e-4, restarts = 10, steps = 2000, learningRate = 0.05, seed = 0, start = "splits" } = options;
  const { rows: order } = M;
  const { goal, scale } = goalOf(M, options), isReal = goal.imaginary === undefined, { count } = goal;
  const given = options.permutation ?? Uint32Array.from({ length: order }, (_, i) => i);
  if (!(restarts >= 1) || given !== "learned" && given.length !== order) {
    throw new DomainError(
      `Cannot fit a butterfly: expected at least one attempt and a permutation of ${order} entries, got ${restarts} and ${given.length}`,
    );
  }
  checkChoice("fit a butterfly", "a start", start, ["splits", "random"]);
  const generator = rng(seed), deviation = Math.sqrt(isReal ? 0.5 : 0.25), entries = isReal ? count : 2 * count;
  const descend = (problem: Stochastic, from: Vector): { x: Vector; value: number } =>
    solve(problem, adam({ learningRate: cosineDecay(learningRate, steps) }), {
      start: from,
      stop: [iterations(steps), target(tolerance ** 2 / 4)],
      measureEvery: 50,
    }).best;
  const split = (permutation: Uint32Array): Vector => {
    const { real, imaginary } = butterflySplits(
      { real: goal.real.data, imaginary: goal.imaginary?.data },
      permutation,
      options,
    );
    return Float64Array.of(...real, ...imaginary ?? []);
  };
  const first = fitProblem(goal, given === "learned" ? undefined : given);
  let best: { x: Vector; error: number; permutation: Uint32Array } | undefined, attempts = 0;
  while (attempts < restarts && !(best !== undefined && best.error <= tolerance)) {
    const from = new Float64Array(first.dimension); // logits of zero: all choices are as likely as not
    if (start === "splits" && attempts === 0 && given !== "learned") from.set(split(given));
    else from.set(fillNormal(generator, new Float64Array(entries)).map((x) => x * deviation));
    let { x, value } = descend(first, from), permutation: Uint32Array;
    if (given === "learned") {
      permutation = likelyPermutation(x.slice(entries), order);
      const found = start === "splits" ? split(permutation) : x.slice(0, entries);
      ({ x, value } = descend(fitProblem(goal, permutation), found));
    } else permutation = given;
    attempts++;
    if (best === undefined || Math.sqrt(value) < best.error) best = { x, error: Math.sqrt(value), permutation };
  }
  const { x, error, permutation } = best!, all = (part: Vector): Vector => spread(part, order, scale, options);
  return {
    butterfly: {
      order,
      permutation,
      entries: {
        real: all(x.slice(0, count)),
        imaginary: all(isReal ? new Float64Array(count) : x.slice(count)),
      },
    },
    error,
    attempts,
    parameters: first.dimension,
  };
}

/** The matrix scaled to the norm √N, and by what. */
function goalOf(M: ComplexMatrix, form: ButterflyForm): { goal: Goal; scale: number } {
  const { rows: order } = M;
  if (order !== M.columns) {
    throw new ShapeError(`Cannot fit a butterfly: expected a square matrix, got ${order} x ${M.columns}`);
  }
  const scale = Math.sqrt(order) / Math.hypot(norm2(M.real), norm2(M.imaginary));
  if (order < 2 || (order & (order - 1)) !== 0 || !(scale < Infinity)) {
    throw new DomainError(
      `Cannot fit a butterfly: expected a nonzero matrix whose order is a power of 2, got ${order}`,
    );
  }
  const scaled = (data: Vector): Matrix => ({ rows: order, columns: order, data: data.map((x) => x * scale) });
  const imaginary = M.imaginary.every((x) => x === 0) ? undefined : scaled(M.imaginary);
  return { goal: { order, real: scaled(M.real), imaginary, form, count: butterflySize(order, form) }, scale };
}
