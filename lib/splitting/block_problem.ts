/**
 * The problems of coordinate methods: smooth ones that show their blocks, with a regularizer of single coordinates or
 * without.
 *
 * @module
 */
import { type Blocks, type BlockSmooth, type Composite, kindOf, ShapeError, type SparseMatrix } from "../core/mod.ts";
import type { BoundedL1 } from "../proximal/mod.ts";

/** `f(x) + Σ wᵢ |xᵢ|` between bounds, f with blocks. */
export interface BlockComposite<S extends BlockSmooth = BlockSmooth> extends Composite {
  /** `f`. */
  readonly smooth: S;
  /** `r`. */
  readonly regularizer: BoundedL1;
}

/** The blocks of a quadratic, which has one Hessian. */
export interface QuadraticBlocks extends Blocks {
  /** The Hessian, symmetric, columns increasing in each row. */
  readonly matrix: SparseMatrix;
}

/** A quadratic that shows its blocks and its Hessian, whose entries are the edges of a graph. */
export interface BlockQuadratic extends BlockSmooth {
  /** The blocks. */
  readonly blocks: QuadraticBlocks;
}

/**
 * The composite problem of a smooth one with blocks and a regularizer.
 *
 * @throws {ShapeError} When the regularizer has another number of entries.
 *
 * @example The nearest vector without negative entries
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { sparseIdentity } from "@gradus/gradus/linalg";
 * import { sparseQuadratic } from "@gradus/gradus/problems";
 * import { boundedL1 } from "@gradus/gradus/proximal";
 * import { blockComposite, proximalBlockCoordinateDescent } from "@gradus/gradus/splitting";
 * import { assertEquals } from "@std/assert";
 *
 * const { problem } = sparseQuadratic(sparseIdentity(2), [3, -4]);
 * const nonnegative = blockComposite(problem, boundedL1(2, { lower: 0 }));
 * assertEquals([...solve(nonnegative, proximalBlockCoordinateDescent(), { start: [0, 0] }).x], [3, 0]);
 * ```
 */
export function blockComposite<S extends BlockSmooth>(smooth: S, regularizer: BoundedL1): BlockComposite<S> {
  kindOf<BlockSmooth>(smooth);
  const { name, dimension, costs } = smooth, length = regularizer.weights.length;
  if (length !== dimension) {
    throw new ShapeError(`Cannot regularize ${name ?? "a problem"}: expected ${dimension} weights, got ${length}`);
  }
  const paths = Object.entries(costs ?? {}).map(([path, cost]) => [`smooth.${path}`, cost] as const);
  return {
    kind: "composite",
    ...(name !== undefined && { name }),
    ...(costs && { costs: Object.fromEntries(paths) }),
    smooth,
    regularizer,
  };
}
