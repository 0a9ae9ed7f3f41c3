/**
 * Partitions of the coordinates into blocks of one size.
 *
 * ```
 * inOrder   0 … s-1, s … 2s-1, …
 * sorted    the s largest, the next s, …: large constants stay together, best for greedy rules
 * averaged  the largest, the smallest, the second largest, …: each block has some of all
 * ```
 *
 * in `Lᵢ`, or in the row sums `Σⱼ |Hᵢⱼ|` of the curvature.
 *
 * Source: Nutini, Laradji and Schmidt, Let's make block coordinate descent converge faster (2022), section 4.2.
 *
 * @module
 */
import { type BlockSmooth, DomainError, type Options, ShapeError, type Vector } from "../core/mod.ts";
import { blockMatrix } from "./block_curvature.ts";

/** A way to divide the coordinates of a problem. */
export interface Partition<P extends BlockSmooth = BlockSmooth> {
  /** Its name. */
  readonly name: string;
  /** Its options. */
  readonly options: Options;
  /** The blocks: each coordinate is in one of them. */
  readonly blocks: (problem: P) => Uint32Array[];
}

/** What coordinates are sorted by. */
export type PartitionKey = "lipschitz" | "row-sums";

/**
 * Blocks of successive coordinates.
 *
 * @throws {DomainError} When the size is no positive integer. A run refuses one that does not divide the dimension.
 */
export function inOrder(size: number): Partition {
  return divided("in order", size, {}, ({ dimension }) => Uint32Array.from({ length: dimension }, (_, i) => i));
}

/**
 * Blocks of coordinates with similar constants, the largest first.
 *
 * @throws {DomainError} When the size is no positive integer. A run refuses one that does not divide the dimension.
 */
export function sorted(size: number, by: PartitionKey = "lipschitz"): Partition {
  return divided("sorted", size, { by }, (problem) => decreasing(keys(problem, by)));
}

/**
 * Blocks of coordinates with large and with small constants.
 *
 * @throws {DomainError} When the size is no positive integer. A run refuses one that does not divide the dimension.
 */
export function averaged(size: number, by: PartitionKey = "lipschitz"): Partition {
  return divided("averaged", size, { by }, (problem) => {
    const order = decreasing(keys(problem, by)), n = order.length;
    return order.map((_, k) => k % 2 === 0 ? order[k / 2] : order[n - (k + 1) / 2]);
  });
}

/** These blocks, each coordinate in one of them; a run refuses others. */
export function givenBlocks(blocks: readonly ArrayLike<number>[]): Partition {
  const copies = blocks.map((block) => Uint32Array.from(block));
  return { name: "given", options: { blocks: copies.length }, blocks: () => copies };
}

/** `Σⱼ |Hᵢⱼ|` of the curvature over all coordinates. */
export function absoluteRowSums(problem: BlockSmooth): Vector {
  const n = problem.dimension, H = blockMatrix(problem, Uint32Array.from({ length: n }, (_, i) => i));
  const sums = new Float64Array(n);
  for (let k = 0; k < H.length; k++) sums[Math.floor(k / n)] += Math.abs(H[k]);
  return sums;
}

/** The places of the keys, largest first, equal ones in order. */
export function decreasing(keys: Vector): Uint32Array {
  return Uint32Array.from(keys, (_, i) => i).sort((a, b) => keys[b] - keys[a] || a - b);
}

/**
 * Refuses blocks that do not cover each of n coordinates once.
 *
 * @throws {DomainError} With the first coordinate that is missing or comes twice.
 */
export function checkPartition(blocks: readonly Uint32Array[], n: number): void {
  const times = new Uint8Array(n);
  for (const block of blocks) {
    if (block.length === 0) throw new DomainError("Cannot use a partition: expected blocks with coordinates, got none");
    for (const i of block) {
      if (i >= n || times[i]++ > 0) {
        throw new DomainError(`Cannot use a partition: expected each coordinate below ${n} once, got ${i}`);
      }
    }
  }
  const missing = times.indexOf(0);
  if (missing >= 0) throw new DomainError(`Cannot use a partition: expected every coordinate, ${missing} is missing`);
}

function divided(
  name: string,
  size: number,
  options: Options,
  order: (problem: BlockSmooth) => Uint32Array,
): Partition {
  checkBlockSize(size);
  return {
    name,
    options: { size, ...options },
    blocks: (problem) => {
      const n = problem.dimension;
      if (n % size !== 0) {
        throw new ShapeError(`Cannot use a partition: expected a block size that divides ${n}, got ${size}`);
      }
      const places = order(problem);
      return Array.from({ length: n / size }, (_, k) => places.slice(k * size, (k + 1) * size));
    },
  };
}

/** Refuses a size that is no positive integer. */
export function checkBlockSize(size: number): void {
  if (!Number.isSafeInteger(size) || size < 1) {
    throw new DomainError(`Cannot make blocks: expected a positive integer size, got ${size}`);
  }
}

function keys(problem: BlockSmooth, by: PartitionKey): Vector {
  return by === "lipschitz" ? problem.blocks.lipschitz : absoluteRowSums(problem);
}
