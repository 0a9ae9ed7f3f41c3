/**
 * Smooth problems that can be asked and changed block by block.
 *
 * @module
 */
import type { Smooth } from "./problem.ts";
import type { Vector } from "./vector.ts";

/**
 * What a smooth function `f: Rⁿ → R` shows of its blocks. A block lists coordinates, each once. Vectors over a block
 * hold a number for each of its coordinates, in its order; they may be longer.
 *
 * The memory is what the function keeps along with `x` so that a step in a block costs its share of a full gradient:
 * the residual of least squares, the gradient itself of a quadratic. It may have no entries.
 */
export interface Blocks {
  /** `Lᵢ`: the derivative along coordinate i is Lipschitz in it with this constant. */
  readonly lipschitz: Vector;
  /** The number of entries of the memory. */
  readonly memoryLength: number;
  /** Writes the memory of x into `memory`. */
  readonly remember: (x: Vector, memory: Vector) => void;
  /** `f(x)`. */
  readonly value: (x: Vector, memory: Vector) => number;
  /** Writes the derivatives along the coordinates of the block into `out`. */
  readonly gradient: (x: Vector, block: Uint32Array, memory: Vector, out: Vector) => void;
  /** Adds `change` to the block of x, and makes the memory that of the new x. */
  readonly move: (x: Vector, block: Uint32Array, memory: Vector, change: Vector) => void;
  /**
   * Writes a symmetric matrix `H`, row by row, with `H ⪰ ∇²f(x)` on the block at every x, into `out`. A constant of the
   * function, like L: of no cost.
   */
  readonly curvature: (block: Uint32Array, out: Vector) => void;
  /** Writes the Hessian of the block at x, row by row, into `out`. */
  readonly hessian?: (x: Vector, block: Uint32Array, memory: Vector, out: Vector) => void;
}

/** A smooth problem that shows its blocks. */
export interface BlockSmooth extends Smooth {
  /** The blocks. */
  readonly blocks: Blocks;
}
