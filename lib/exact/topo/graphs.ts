/**
 * Directed graphs as matrices of weights: entry (i, j) is the weight of the edge from i to j, 0 for none.
 *
 * @module
 */
import { DomainError, isFiniteVector, type Matrix, ShapeError } from "../../core/mod.ts";
import { matrix } from "../../linalg/mod.ts";

/** The number of vertices. */
export function checkSquare(verb: string, W: Matrix): number {
  if (W.rows !== W.columns) {
    throw new ShapeError(`Cannot ${verb}: expected a square matrix, got ${W.rows} x ${W.columns}`);
  }
  if (!isFiniteVector(W.data)) throw new DomainError(`Cannot ${verb}: expected finite weights`);
  return W.rows;
}

/** A copy of an order, checked: each of 0 … d-1 once. */
export function checkOrder(verb: string, order: ArrayLike<number>, d: number): Uint32Array {
  const out = Uint32Array.from(order), seen = new Set(out);
  if (out.length !== d || seen.size !== d || out.some((i, k) => i >= d || i !== order[k])) {
    throw new DomainError(`Cannot ${verb}: expected an order of 0 to ${d - 1}, got ${Array.from(order).join(", ")}`);
  }
  return out;
}

/** The graph without edges whose weight is below the threshold in magnitude. */
export function withoutLightEdges(W: Matrix, threshold: number): Matrix {
  return matrix(W.rows, W.columns, W.data.map((w) => Math.abs(w) < threshold ? 0 : w));
}

/**
 * An order of the vertices in which edges lead forward. Where the graph has cycles, edges are taken from the heaviest
 * down, each unless it closes a cycle, and the order is one of what is left; of several orders it is the one with the
 * lowest numbers first.
 *
 * @throws {ShapeError} When W is not square.
 * @throws {DomainError} When an entry is not finite.
 *
 * @example A cycle is opened at its lightest edge
 * ```ts
 * import { topologicalOrder } from "@gradus/gradus/exact";
 * import { matrix } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([...topologicalOrder(matrix([[0, 2, 0], [0, 0, 0.1], [-1, 0, 0]]))], [2, 0, 1]);
 * ```
 */
export function topologicalOrder(W: Matrix): Uint32Array {
  const d = checkSquare("order vertices", W), edges: number[] = [];
  for (let k = 0; k < d * d; k++) if (W.data[k] !== 0 && k % (d + 1) !== 0) edges.push(k);
  edges.sort((a, b) => Math.abs(W.data[b]) - Math.abs(W.data[a]) || a - b);
  // reaches[i d + j]: whether there is a way from i to j
  const reaches = new Uint8Array(d * d);
  for (let i = 0; i < d; i++) reaches[i * (d + 1)] = 1;
  for (const edge of edges) {
    const i = Math.floor(edge / d), j = edge % d;
    if (reaches[j * d + i] || reaches[i * d + j]) continue;
    for (let a = 0; a < d; a++) {
      if (!reaches[a * d + i]) continue;
      for (let b = 0; b < d; b++) if (reaches[j * d + b]) reaches[a * d + b] = 1;
    }
  }
  const before = new Uint32Array(d), order = new Uint32Array(d);
  for (let k = 0; k < d * d; k++) before[k % d] += reaches[k];
  for (let at = 0; at < d; at++) { // next comes one that only itself and what is placed leads to
    const next = before.indexOf(1);
    order[at] = next;
    for (let j = 0; j < d; j++) if (reaches[next * d + j]) before[j]--;
  }
  return order;
}

/**
 * The structural Hamming distance of two graphs: the number of pairs of vertices whose edges differ, a missing,
 * additional or turned edge being one difference.
 *
 * Source: Tsamardinos, Brown and Aliferis, The max-min hill-climbing Bayesian network structure learning algorithm
 * (2006), for graphs with directions.
 *
 * @throws {ShapeError} When the matrices are not square, or of different orders.
 * @throws {DomainError} When an entry is not finite.
 *
 * @example A turned and a missing edge
 * ```ts
 * import { structuralHammingDistance } from "@gradus/gradus/exact";
 * import { matrix } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const chain = matrix([[0, 1, 0], [0, 0, 1], [0, 0, 0]]), other = matrix([[0, 0, 0], [2, 0, 0], [0, 0, 0]]);
 * assertEquals(structuralHammingDistance(chain, other), 2);
 * ```
 */
export function structuralHammingDistance(A: Matrix, B: Matrix): number {
  const verb = "compare graphs", d = checkSquare(verb, A);
  if (checkSquare(verb, B) !== d) throw new ShapeError(`Cannot ${verb}: expected ${d} vertices in both, got ${B.rows}`);
  const has = ({ data }: Matrix, i: number, j: number): boolean => data[i * d + j] !== 0;
  let distance = 0;
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < i; j++) {
      if (has(A, i, j) !== has(B, i, j) || has(A, j, i) !== has(B, j, i)) distance++;
    }
  }
  return distance;
}
