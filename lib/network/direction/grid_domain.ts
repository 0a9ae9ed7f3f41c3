/**
 * Poisson's equation on the free cells of a grid, with zeros on all others and around it.
 *
 * A domain is a matrix of ones, the free cells, and zeros, the internal boundary.
 *
 * @module
 */
import { DomainError, integer, type Matrix, type Rng, type SparseMatrix, uniform } from "../../core/mod.ts";
import { fromTriplets } from "../../linalg/mod.ts";

/** The matrix of a domain. */
export interface GridPoisson {
  /** 4 on the diagonal, -1 for each of four neighbours that is free: symmetric positive definite. */
  readonly A: SparseMatrix;
  /** Where the unknowns are: the free cells in order, as positions in the matrix of the domain. */
  readonly cells: Uint32Array;
}

/**
 * Minus the Laplacian on the free cells of a domain.
 *
 * @throws {DomainError} When an entry is neither 0 nor 1, or no cell is free.
 *
 * @example Three cells in a row, the fourth of a square is boundary
 * ```ts
 * import { matrix, toDense } from "@gradus/gradus/linalg";
 * import { gridPoisson } from "@gradus/gradus/network";
 * import { assertEquals } from "@std/assert";
 *
 * const { A, cells } = gridPoisson(matrix([[1, 1], [0, 1]]));
 * assertEquals([...cells], [0, 1, 3]);
 * assertEquals([...toDense(A).data], [4, -1, 0, -1, 4, -1, 0, -1, 4]);
 * ```
 */
export function gridPoisson({ rows, columns, data }: Matrix): GridPoisson {
  const number = new Int32Array(rows * columns).fill(-1);
  let count = 0;
  for (let i = 0; i < number.length; i++) {
    if (data[i] !== 0 && data[i] !== 1) {
      throw new DomainError(`Cannot set up Poisson's equation: expected a matrix of 0 and 1, got ${data[i]} at ${i}`);
    }
    if (data[i] === 1) number[i] = count++;
  }
  if (count === 0) throw new DomainError("Cannot set up Poisson's equation: expected a free cell, got none");
  const cells = new Uint32Array(count), row: number[] = [], column: number[] = [], values: number[] = [];
  const couple = (k: number, neighbour: number, inside: boolean): void => {
    if (!inside || number[neighbour] < 0) return;
    row.push(k);
    column.push(number[neighbour]);
    values.push(-1);
  };
  for (let i = 0; i < number.length; i++) {
    const k = number[i], j = i % columns;
    if (k < 0) continue;
    cells[k] = i;
    row.push(k);
    column.push(k);
    values.push(4);
    couple(k, i - columns, i >= columns);
    couple(k, i - 1, j > 0);
    couple(k, i + 1, j + 1 < columns);
    couple(k, i + columns, i + columns < number.length);
  }
  return { A: fromTriplets(count, count, row, column, values), cells };
}

/** What stands in a random domain. */
export type Obstacles = "boxes" | "ellipses" | "walls";

/**
 * A square domain with two to five obstacles at random places: boxes or ellipses with half-axes between 3 % and 15 % of the side, or
 * walls of one cell that are between 20 % and 60 % of the side long.
 */
export function randomDomain(side: number, obstacles: Obstacles, random: Rng): Matrix {
  const data = new Float64Array(side * side).fill(1), walls = obstacles === "walls";
  const half = (): number => (walls ? 0.1 + 0.2 * uniform(random) : 0.03 + 0.12 * uniform(random)) * side;
  for (let k = 2 + integer(random, 4); k > 0; k--) {
    const x = side * uniform(random), y = side * uniform(random), a = half(), upright = walls && uniform(random) < 0.5;
    const axes = !walls ? [a, half()] : upright ? [a, 0.5] : [0.5, a];
    for (let i = 0; i < data.length; i++) {
      const u = Math.abs(Math.floor(i / side) - x) / axes[0], v = Math.abs(i % side - y) / axes[1];
      if (obstacles === "ellipses" ? u * u + v * v < 1 : Math.max(u, v) < 1) data[i] = 0;
    }
  }
  return { rows: side, columns: side, data };
}
