/**
 * Interpolation from aggregates.
 *
 * The tentative prolongator T reproduces the vectors B that A nearly annihilates, `T B_c = B` with `TᵀT = I`: on each
 * aggregate B is orthogonalized, `B = Q R`, Q goes into T and R into B_c. Each aggregate has as many coarse unknowns as
 * B has rank on it. T is smoothed by one step of Jacobi,
 *
 * ```
 * P = (I - ω D⁻¹A_F) T,   ω = 4 / (3 λ_max(D⁻¹A_F))
 * ```
 *
 * where A_F is A without the weak connections, which are added to its diagonal.
 *
 * Source: Vaněk, Mandel and Brezina, Algebraic multigrid by smoothed aggregation for second and fourth order elliptic
 * problems (1996).
 *
 * @module
 */
import { type SparseMatrix, sparseMatrix, type Vector } from "../../../core/mod.ts";
import { multiplySparse } from "../../sparse/mod.ts";
import type { SquareRows } from "../square_rows.ts";
import type { Aggregates, StrengthGraph } from "./aggregation.ts";
import { largestEigenvalue } from "./largest_eigenvalue.ts";

/** A column of B shorter than this, relative to what it was on the aggregate, depends on those before it. */
const DEPENDENT = 1e-8;

/** T, and what belongs to it on the coarse level. */
export interface Tentative {
  /** T. */
  readonly T: SparseMatrix;
  /** The vectors of B_c. */
  readonly nearNullspace: Vector[];
  /** Where the unknowns of each aggregate begin. */
  readonly nodeStarts: Uint32Array;
}

/** The tentative prolongator for aggregates of nodes. */
export function tentativeProlongator(
  { count, of }: Aggregates,
  nodeStarts: Uint32Array,
  nearNullspace: readonly Vector[],
): Tentative {
  const n = nodeStarts[nodeStarts.length - 1], most = nearNullspace.length, members = unknownsOf(count, of, nodeStarts);
  const coarseStarts = new Uint32Array(count + 1),
    entries = nearNullspace.map((b) => b.slice()),
    ranks = new Uint8Array(n);
  const coarse = nearNullspace.map(() => new Float64Array(count * most));
  for (let a = 0, at = 0; a < count; a++) {
    const indices = members.indices.subarray(members.starts[a], members.starts[a + 1]);
    const rank = orthogonalize(entries, indices, coarse, at);
    for (const i of indices) ranks[i] = rank;
    coarseStarts[a + 1] = at += rank;
  }
  const rowStarts = new Uint32Array(n + 1);
  for (let i = 0; i < n; i++) rowStarts[i + 1] = rowStarts[i] + ranks[i];
  const columnIndices = new Uint32Array(rowStarts[n]), values = new Float64Array(rowStarts[n]);
  for (let node = 0; node < of.length; node++) {
    for (let i = nodeStarts[node]; i < nodeStarts[node + 1]; i++) {
      for (let c = 0, k = rowStarts[i]; c < ranks[i]; c++, k++) {
        columnIndices[k] = coarseStarts[of[node]] + c;
        values[k] = entries[c][i];
      }
    }
  }
  const columns = coarseStarts[count];
  return {
    T: sparseMatrix({ rows: n, columns, rowStarts, columnIndices, values }),
    nearNullspace: coarse.map((b) => b.slice(0, columns)),
    nodeStarts: coarseStarts,
  };
}

/** The unknowns of each aggregate, one after the other. */
function unknownsOf(
  count: number,
  of: Int32Array,
  nodeStarts: Uint32Array,
): { starts: Uint32Array; indices: Uint32Array } {
  const starts = new Uint32Array(count + 1);
  for (let k = 0; k < of.length; k++) if (of[k] >= 0) starts[of[k] + 1] += nodeStarts[k + 1] - nodeStarts[k];
  for (let a = 0; a < count; a++) starts[a + 1] += starts[a];
  const next = starts.slice(0, count), indices = new Uint32Array(starts[count]);
  for (let k = 0; k < of.length; k++) {
    if (of[k] < 0) continue;
    for (let i = nodeStarts[k]; i < nodeStarts[k + 1]; i++) indices[next[of[k]]++] = i;
  }
  return { starts, indices };
}

/**
 * Orthogonalizes vectors restricted to some indices by Gram-Schmidt, twice; independent ones go to the front. R goes
 * into the rows of `coarse` from `at` on. Returns the rank.
 */
function orthogonalize(vectors: Vector[], indices: Uint32Array, coarse: Vector[], at: number): number {
  let rank = 0;
  for (let c = 0; c < vectors.length; c++) {
    const v = vectors[c], before = length(v, indices);
    for (let pass = 0; pass < 2; pass++) {
      for (let k = 0; k < rank; k++) {
        const q = vectors[k];
        let product = 0;
        for (const i of indices) product += q[i] * v[i];
        for (const i of indices) v[i] -= product * q[i];
        coarse[c][at + k] += product;
      }
    }
    const after = length(v, indices);
    if (rank === indices.length || !(after > DEPENDENT * before)) continue;
    const target = vectors[rank];
    for (const i of indices) target[i] = v[i] / after;
    coarse[c][at + rank++] = after;
  }
  return rank;
}

function length(v: Vector, indices: Uint32Array): number {
  let s = 0;
  for (const i of indices) s += v[i] * v[i];
  return Math.sqrt(s);
}

/** P from T. */
export function smoothedProlongator(
  A: SquareRows,
  graph: StrengthGraph,
  nodeStarts: Uint32Array,
  T: SparseMatrix,
): SparseMatrix {
  const F = filtered(A, graph, nodeStarts), n = F.rows, { rowStarts, values, diagonal } = F;
  const reciprocals = new Float64Array(n);
  for (let i = 0; i < n; i++) reciprocals[i] = 1 / values[diagonal[i]];
  const omega = 4 / (3 * largestEigenvalue(F, reciprocals));
  for (let i = 0; i < n; i++) {
    for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) values[k] *= -omega * reciprocals[i];
    values[diagonal[i]] += 1;
  }
  return multiplySparse(F, T);
}

/**
 * A copy of A in which weak connections are zero and added to the diagonal, except where that would not stay positive.
 */
function filtered(A: SquareRows, graph: StrengthGraph, nodeStarts: Uint32Array): SquareRows {
  const { rowStarts, columnIndices, diagonal } = A, values = A.values.slice();
  const nodes = new Uint32Array(A.rows), strong = new Int32Array(graph.count).fill(-1);
  for (let k = 0; k < graph.count; k++) nodes.fill(k, nodeStarts[k], nodeStarts[k + 1]);
  for (let node = 0; node < graph.count; node++) {
    strong[node] = node;
    for (let k = graph.starts[node]; k < graph.starts[node + 1]; k++) strong[graph.neighbours[k]] = node;
    for (let i = nodeStarts[node]; i < nodeStarts[node + 1]; i++) {
      let weak = 0;
      for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) {
        if (strong[nodes[columnIndices[k]]] !== node) weak += values[k];
      }
      if (!(values[diagonal[i]] + weak > 0)) continue;
      for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) {
        if (strong[nodes[columnIndices[k]]] !== node) values[k] = 0;
      }
      values[diagonal[i]] += weak;
    }
  }
  return { ...A, values };
}
