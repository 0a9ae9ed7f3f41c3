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
export function gridPoisson(domain: Matrix): GridPoisson {
  const { columns, data } = domain, cells = freeCells(domain), number = new Int32Array(data.length).fill(-1);
  for (let k = 0; k < cells.length; k++) number[cells[k]] = k;
  const row: number[] = [], column: number[] = [], values: number[] = [];
  const couple = (k: number, neighbour: number, value: number): void => {
    row.push(k);
    column.push(neighbour);
    values.push(value);
  };
  for (const [k, i] of cells.entries()) {
    const j = i % columns;
    couple(k, k, 4);
    if (i >= columns && number[i - columns] >= 0) couple(k, number[i - columns], -1);
    if (j > 0 && number[i - 1] >= 0) couple(k, number[i - 1], -1);
    if (j + 1 < columns && number[i + 1] >= 0) couple(k, number[i + 1], -1);
    if (i + columns < data.length && number[i + columns] >= 0) couple(k, number[i + columns], -1);
  }
  return { A: fromTriplets(cells.length, cells.length, row, column, values), cells };
}

/**
 * The positions of ones in a domain.
 *
 * @throws {DomainError} When an entry is neither 0 nor 1, or no cell is free.
 */
export function freeCells({ data }: Matrix): Uint32Array {
  const wrong = data.findIndex((v) => v !== 0 && v !== 1);
  if (wrong >= 0) {
    throw new DomainError(
      `Cannot set up Poisson's equation: expected a matrix of 0 and 1, got ${data[wrong]} at ${wrong}`,
    );
  }
  const cells = Uint32Array.from(data.keys()).filter((i) => data[i] === 1);
  if (cells.length === 0) throw new DomainError("Cannot set up Poisson's equation: expected a free cell, got none");
  return cells;
}

/** What stands in a random domain. */
export type Obstacles = "boxes" | "ellipses" | "walls";

/**
 * A square domain with two to five obstacles at random places: boxes or ellipses with half-axes between 3 % and 15 % of
 * the side, or walls of one cell that are between 20 % and 60 % of the side long.
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
