/**
 * Laplacians of grids and of graphs.
 *
 * @module
 */
import { DomainError, ShapeError, type SparseMatrix, sparseMatrix } from "../../core/mod.ts";
import { isSymmetricSparse } from "./inspect.ts";
import { sortedEntries } from "./layout.ts";

/**
 * Minus the Laplacian on a grid in d dimensions with zeros outside it (Dirichlet): 2 d on the diagonal, -1 for each of
 * the 2 d neighbours. Points are numbered with the last coordinate fastest. The eigenvalues are
 * `Σ 4 sin²(π k / (2 (n + 1)))` over the dimensions n, k from 1 to n in each.
 *
 * @throws {ShapeError} When a size is no whole number, none is given, or there are more than 2³² points.
 *
 * @example On a line
 * ```ts
 * import { gridLaplacian, toDense } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([...toDense(gridLaplacian(3)).data], [2, -1, 0, -1, 2, -1, 0, -1, 2]);
 * assertEquals(gridLaplacian(3, 4, 5).values[0], 6);
 * ```
 */
export function gridLaplacian(...sizes: number[]): SparseMatrix {
  const n = sizes.reduce((product, size) => product * size, 1), dimensions = sizes.length;
  if (dimensions === 0 || !sizes.every((size) => Number.isSafeInteger(size) && size >= 0) || n >= 2 ** 32) {
    throw new ShapeError(`Cannot make the Laplacian of a grid: expected whole numbers of points, got ${sizes}`);
  }
  const strides = new Float64Array(dimensions).fill(1), place = new Uint32Array(dimensions);
  for (let d = dimensions - 2; d >= 0; d--) strides[d] = strides[d + 1] * sizes[d + 1];
  const count = sizes.reduce((sum, size) => sum + (size > 0 ? 2 * (n - n / size) : 0), n);
  const rowStarts = new Uint32Array(n + 1), columnIndices = new Uint32Array(count), values = new Float64Array(count);
  let k = 0;
  for (let i = 0; i < n; i++) {
    for (let d = 0; d < dimensions; d++) {
      if (place[d] === 0) continue;
      columnIndices[k] = i - strides[d];
      values[k++] = -1;
    }
    columnIndices[k] = i;
    values[k++] = 2 * dimensions;
    for (let d = dimensions - 1; d >= 0; d--) {
      if (place[d] === sizes[d] - 1) continue;
      columnIndices[k] = i + strides[d];
      values[k++] = -1;
    }
    rowStarts[i + 1] = k;
    for (let d = dimensions - 1; d >= 0 && ++place[d] === sizes[d]; d--) place[d] = 0;
  }
  return sparseMatrix({ rows: n, columns: n, rowStarts, columnIndices, values });
}

/**
 * The Laplacian `L = D - W` of a graph with the weights W of its edges, D holding the sums of the rows; what W has on
 * its diagonal does not count. L is positive semidefinite where no weight is negative, and `L 1 = 0`.
 *
 * @throws {ShapeError} When W is not square.
 * @throws {DomainError} When W is not symmetric.
 *
 * @example A path of three nodes
 * ```ts
 * import { fromTriplets, graphLaplacian, toDense } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const W = fromTriplets(3, 3, [0, 1, 1, 2], [1, 0, 2, 1], [1, 1, 5, 5]);
 * assertEquals([...toDense(graphLaplacian(W)).data], [1, -1, 0, -1, 6, -5, 0, -5, 5]);
 * ```
 */
export function graphLaplacian(adjacency: SparseMatrix): SparseMatrix {
  const verb = "make the Laplacian of a graph", n = adjacency.rows;
  if (adjacency.columns !== n) {
    throw new ShapeError(`Cannot ${verb}: expected a square matrix of weights, got ${n} x ${adjacency.columns}`);
  }
  const W = sortedEntries(adjacency);
  if (!isSymmetricSparse(W)) throw new DomainError(`Cannot ${verb}: expected symmetric weights, got others`);
  const { columnIndices, values } = W, rowStarts = new Uint32Array(n + 1);
  const indices = new Uint32Array(values.length + n), entries = new Float64Array(values.length + n);
  let place = 0;
  for (let i = 0; i < n; i++) {
    let diagonal = -1, degree = 0;
    for (let k = W.rowStarts[i]; k < W.rowStarts[i + 1]; k++) {
      const j = columnIndices[k];
      if (diagonal < 0 && j >= i) diagonal = place++;
      if (j === i) continue;
      degree += values[k];
      indices[place] = j;
      entries[place++] = -values[k];
    }
    if (diagonal < 0) diagonal = place++;
    indices[diagonal] = i;
    entries[diagonal] = degree;
    rowStarts[i + 1] = place;
  }
  return sparseMatrix({
    rows: n,
    columns: n,
    rowStarts,
    columnIndices: indices.slice(0, place),
    values: entries.slice(0, place),
  });
}
