/**
 * Butterfly matrices as layers of networks: products with 2N log₂N entries, or with 4N - 4 where the blocks of a level
 * share theirs, in place of N².
 *
 * ```
 * B = F_N … F₄ F₂,   F_k = diag of N/k blocks [[D₁, D₂], [D₃, D₄]] with diagonals of length k/2
 * ```
 *
 * Source: Dao, Gu, Eichhorn, Rudra and Ré, Learning Fast Algorithms for Linear Transforms Using Butterfly
 * Factorizations (2019), arXiv 1903.05895, sections 3.1 and 4.2.
 *
 * @module
 */
import * as ad from "../autodiff/mod.ts";
import type { Operand } from "../autodiff/mod.ts";
import { ShapeError } from "../core/mod.ts";

/** Real and imaginary parts as array functions take them; without the latter all is real. */
export interface ButterflyParts {
  /** The real parts. */
  readonly real: Operand;
  /** The imaginary parts, of the same shape. */
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
function combined(...[a, b, c, d]: [ButterflyParts, ButterflyParts, ButterflyParts, ButterflyParts]): ButterflyParts {
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

function mapped(parts: ButterflyParts, f: (x: Operand) => Operand): ButterflyParts {
  const { real, imaginary } = parts;
  return imaginary === undefined ? { real: f(real) } : { real: f(real), imaginary: f(imaginary) };
}

/**
 * The product of a butterfly with the columns of a matrix as an array function, to be differentiated: a layer of a
 * network that has `butterflySize(N)` entries in place of N².
 *
 * @param entries As in `Butterfly`, level by level; with shared entries those of the first block of each level.
 * @param X N rows; permuted already.
 * @throws {ShapeError} When the number of rows is no power of 2, or there are not as many entries.
 */
export function butterflyLayer(entries: ButterflyParts, X: ButterflyParts, form: ButterflyForm = {}): ButterflyParts {
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
