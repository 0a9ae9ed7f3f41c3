/**
 * Fast transforms found by gradient descent: the butterfly matrix of 2N log₂N entries, or of 4N - 4 where the blocks of a level share
 * theirs, that is nearest to a given matrix.
 *
 * ```
 * minimize |B - M|² / N²,   B = F_N … F₄ F₂ P,   M scaled to the norm √N, P a given permutation,
 * from random entries of variance ½, by Adam; again from other entries until √(|B - M|² / N²) is small
 * ```
 *
 * Source: Dao, Gu, Eichhorn, Rudra and Ré, Learning Fast Algorithms for Linear Transforms Using Butterfly Factorizations (2019), arXiv
 * 1903.05895, sections 3 and 4.1.
 *
 * @module
 */
import * as ad from "../autodiff/mod.ts";
import type { Operand } from "../autodiff/mod.ts";
import {
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

/** Real and imaginary parts as array functions take them; without the latter all is real. */
interface Parts {
  readonly real: Operand;
  readonly imaginary?: Operand;
}

/** Which of its entries a butterfly has for its own. */
export interface ButterflyForm {
  /** Whether the blocks of a level share their entries. Default: true. */
  readonly shared?: boolean;
}

/** The number of entries of a butterfly of order N: 2N log₂N, or 4N - 4 if blocks share them. */
export function butterflySize(order: number, { shared = true }: ButterflyForm = {}): number {
  return shared ? 4 * order - 4 : 2 * order * Math.log2(order);
}

/** `a b`, or `a b + c d`, of complex or of real arrays. */
function combined(...[a, b, c, d]: [Parts, Parts, Parts, Parts]): Parts {
  const sum = (p: Operand, q: Operand, r: Operand, s: Operand): Operand => ad.add(ad.multiply(p, q), ad.multiply(r, s));
  const real = sum(a.real, b.real, c.real, d.real);
  if (
    a.imaginary === undefined || b.imaginary === undefined || c.imaginary === undefined || d.imaginary === undefined
  ) {
    return { real };
  }
  return {
    real: ad.subtract(real, sum(a.imaginary, b.imaginary, c.imaginary, d.imaginary)),
    imaginary: ad.add(sum(a.real, b.imaginary, c.real, d.imaginary), sum(a.imaginary, b.real, c.imaginary, d.real)),
  };
}

function mapped(parts: Parts, f: (x: Operand) => Operand): Parts {
  const { real, imaginary } = parts;
  return imaginary === undefined ? { real: f(real) } : { real: f(real), imaginary: f(imaginary) };
}

/**
 * The product of a butterfly with the columns of a matrix as an array function, to be differentiated: a layer of a network that has
 * `butterflySize(N)` entries in place of N².
 *
 * @param entries As in `Butterfly`, level by level; with shared entries those of the first block of each level.
 * @param X N rows; permuted already.
 * @throws {ShapeError} When the number of rows is no power of 2, or there are not as many entries.
 */
export function butterflyLayer(entries: Parts, X: Parts, form: ButterflyForm = {}): Parts {
  const [order, columns] = ad.shapeOf(X.real), { shared = true } = form, [size] = ad.shapeOf(entries.real);
  if (order < 2 || (order & (order - 1)) !== 0 || size !== butterflySize(order, form)) {
    throw new ShapeError(
      `Cannot apply a butterfly: expected a power of 2 of rows and as many entries as it takes, got ${order} and ${size}`,
    );
  }
  let Y = X;
  for (let half = 1, at = 0; half < order; half *= 2) {
    const blocks = order / (2 * half), own = shared ? 1 : blocks, from = at;
    at += 4 * own * half;
    const level = mapped(entries, (e) => ad.reshape(ad.slice(e, from, at), [own, half, 4, 1]));
    const [a, b, c, d] = [0, 1, 2, 3].map((i) => mapped(level, (e) => ad.take(e, i, 2)));
    const halves = mapped(Y, (y) => ad.reshape(y, [blocks, 2, half, columns]));
    const [upper, lower] = [0, 1].map((i) => mapped(halves, (y) => ad.take(y, i, 1)));
    const up = combined(a, upper, b, lower), down = combined(c, upper, d, lower);
    const joined = (u: Operand, v: Operand): Operand => ad.reshape(ad.stack([u, v], 1), [order, columns]);
    Y = up.imaginary === undefined || down.imaginary === undefined
      ? { real: joined(up.real, down.real) }
      : { real: joined(up.real, down.real), imaginary: joined(up.imaginary, down.imaginary) };
  }
  return Y;
}

/** The mean squared error of the scaled matrix as a stochastic problem with one example; variables are real, then imaginary parts. */
function fitProblem(
  M: ComplexMatrix,
  scale: number,
  permutation: Uint32Array,
  isReal: boolean,
  form: ButterflyForm,
): Stochastic {
  const n = M.rows, count = butterflySize(n, form), unit = identity(n), rows = Float64Array.from(permutation);
  const scaled = (data: Vector): Matrix => ({ rows: n, columns: n, data: data.map((x) => x * scale) });
  const goal = { real: scaled(M.real), imaginary: scaled(M.imaginary) };
  const permuted = ad.gather(unit, rows), zero = { ...unit, data: new Float64Array(n * n) };
  const { dimension, value, gradient } = ad.objective((x: Operand) => {
    const entries = isReal ? { real: x } : { real: ad.slice(x, 0, count), imaginary: ad.slice(x, count) };
    const B = butterflyLayer(entries, isReal ? { real: permuted } : { real: permuted, imaginary: zero }, form);
    const far = ad.sum(ad.square(ad.subtract(B.real, goal.real)));
    const error = B.imaginary === undefined
      ? far
      : ad.add(far, ad.sum(ad.square(ad.subtract(B.imaginary, goal.imaginary))));
    return ad.divide(error, n * n);
  }, { dimension: isReal ? count : 2 * count });
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
  /** Entry i of `P x` is entry `permutation[i]` of x. Default: no permutation. */
  readonly permutation?: Uint32Array;
  /** The fit is good at this root mean squared error of entries of the scaled matrix. Default: 1e-4. */
  readonly tolerance?: number;
  /** The most attempts from other entries. Default: 10. */
  readonly restarts?: number;
  /** Steps of Adam in an attempt. Default: 2000. */
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
 * The butterfly nearest to a matrix, by Adam from random entries; real if the matrix is.
 *
 * @throws {ShapeError} When the matrix is not square.
 * @throws {DomainError} When its order is no power of 2 or 1, or it is zero.
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
  const { rows: order } = M, { tolerance = 1e-4, restarts = 10, steps = 2000, learningRate = 0.05 } = options;
  if (order !== M.columns) {
    throw new ShapeError(`Cannot fit a butterfly: expected a square matrix, got ${order} x ${M.columns}`);
  }
  const size = Math.hypot(norm2(M.real), norm2(M.imaginary)), scale = Math.sqrt(order) / size;
  if (order < 2 || (order & (order - 1)) !== 0 || !(scale < Infinity)) {
    throw new DomainError(
      `Cannot fit a butterfly: expected a nonzero matrix whose order is a power of 2, got ${order}`,
    );
  }
  const permutation = options.permutation ?? Uint32Array.from({ length: order }, (_, i) => i);
  const isReal = M.imaginary.every((x) => x === 0), count = butterflySize(order, options);
  const problem = fitProblem(M, scale, permutation, isReal, options), generator = rng(options.seed ?? 0);
  let best: { x: Vector; error: number } | undefined, attempts = 0;
  while (attempts < restarts && !(best !== undefined && best.error <= tolerance)) {
    const start = fillNormal(generator, new Float64Array(problem.dimension)).map((x) =>
      x * Math.sqrt(isReal ? 0.5 : 0.25)
    );
    const { x, value } = solve(problem, adam({ learningRate: cosineDecay(learningRate, steps) }), {
      start,
      stop: [iterations(steps), target(tolerance ** 2 / 4)],
      measureEvery: 50,
    });
    attempts++;
    if (best === undefined || Math.sqrt(value) < best.error) best = { x, error: Math.sqrt(value) };
  }
  const { x, error } = best!,
    entries = x.slice(0, count),
    imaginary = isReal ? new Float64Array(count) : x.slice(count);
  return {
    butterfly: {
      order,
      permutation,
      entries: { real: spread(entries, order, scale, options), imaginary: spread(imaginary, order, scale, options) },
    },
    error,
    attempts,
    parameters: problem.dimension,
  };
}
