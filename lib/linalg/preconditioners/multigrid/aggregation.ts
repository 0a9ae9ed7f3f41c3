/**
 * Which unknowns go together on the coarser level.
 *
 * Nodes i and j are strongly connected when `|Aᵢⱼ| > θ √(|Aᵢᵢ| |Aⱼⱼ|)`, where for nodes of several unknowns the
 * magnitudes are Frobenius norms of blocks. Aggregates are made greedily in three passes:
 *
 * 1. a node none of whose strong neighbours is in an aggregate yet makes one with them all;
 * 2. a node that is left joins the aggregate of the neighbour to which it is connected most strongly;
 * 3. what is left then makes aggregates with the neighbours that are left.
 *
 * A node without strong neighbours is in none: smoothing alone solves for it.
 *
 * Source: Vaněk, Mandel and Brezina, Algebraic multigrid by smoothed aggregation for second and fourth order elliptic
 * problems (1996).
 *
 * @module
 */
import type { SparseEntries, Vector } from "../../../core/mod.ts";

/** A graph of nodes; `nodes` says to which each unknown belongs. */
export interface StrengthGraph {
  /** The number of nodes. */
  readonly count: number;
  /** Where the neighbours of each node begin. */
  readonly starts: Uint32Array;
  /** The strong neighbours of each node. */
  readonly neighbours: Uint32Array;
  /** How strong, as `|Aᵢⱼ|² / (|Aᵢᵢ| |Aⱼⱼ|)`. */
  readonly strengths: Vector;
}

/** Aggregates of nodes. */
export interface Aggregates {
  /** How many there are. */
  readonly count: number;
  /** The aggregate of each node, or -1. */
  readonly of: Int32Array;
}

/** The strong connections between nodes; node k has the unknowns from `nodeStarts[k]` to `nodeStarts[k + 1]`. */
export function strengthGraph(A: SparseEntries, nodeStarts: Uint32Array, threshold: number): StrengthGraph {
  const count = nodeStarts.length - 1, n = A.rows, nodes = new Uint32Array(n), { rowStarts, columnIndices, values } = A;
  for (let k = 0; k < count; k++) nodes.fill(k, nodeStarts[k], nodeStarts[k + 1]);
  const sizes = new Float64Array(count); // |Aᵢᵢ|²
  for (let i = 0; i < n; i++) {
    for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) {
      if (nodes[columnIndices[k]] === nodes[i]) sizes[nodes[i]] += values[k] * values[k];
    }
  }
  for (let k = 0; k < count; k++) sizes[k] = Math.sqrt(sizes[k]);
  const starts = new Uint32Array(count + 1), place = new Int32Array(count).fill(-1);
  const neighbours = new Uint32Array(values.length), strengths = new Float64Array(values.length);
  let total = 0;
  for (let node = 0; node < count; node++) {
    const begin = total;
    for (let i = nodeStarts[node]; i < nodeStarts[node + 1]; i++) {
      for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) {
        const other = nodes[columnIndices[k]];
        if (other === node) continue;
        if (place[other] < begin) {
          place[other] = total;
          neighbours[total] = other;
          strengths[total++] = 0;
        }
        strengths[place[other]] += values[k] * values[k];
      }
    }
    let kept = begin;
    for (let k = begin; k < total; k++) {
      const other = neighbours[k], strength = strengths[k] / (sizes[node] * sizes[other]);
      place[other] = -1;
      if (!(strength > threshold * threshold)) continue;
      neighbours[kept] = other;
      strengths[kept++] = strength;
    }
    starts[node + 1] = total = kept;
  }
  return { count, starts, neighbours: neighbours.slice(0, total), strengths: strengths.slice(0, total) };
}

/** Makes the aggregates. */
export function aggregate({ count: n, starts, neighbours, strengths }: StrengthGraph): Aggregates {
  const of = new Int32Array(n).fill(-1);
  let count = 0;
  for (let i = 0; i < n; i++) {
    let free = of[i] < 0 && starts[i] < starts[i + 1];
    for (let k = starts[i]; free && k < starts[i + 1]; k++) free = of[neighbours[k]] < 0;
    if (!free) continue;
    of[i] = count;
    for (let k = starts[i]; k < starts[i + 1]; k++) of[neighbours[k]] = count;
    count++;
  }
  const joins = new Int32Array(n).fill(-1); // decided on the aggregates of the first pass alone
  for (let i = 0; i < n; i++) {
    if (of[i] >= 0) continue;
    let most = 0;
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      const target = of[neighbours[k]];
      if (target < 0 || strengths[k] <= most) continue;
      most = strengths[k];
      joins[i] = target;
    }
  }
  for (let i = 0; i < n; i++) if (joins[i] >= 0) of[i] = joins[i];
  for (let i = 0; i < n; i++) {
    if (of[i] >= 0 || starts[i] === starts[i + 1]) continue;
    of[i] = count;
    for (let k = starts[i]; k < starts[i + 1]; k++) if (of[neighbours[k]] < 0) of[neighbours[k]] = count;
    count++;
  }
  return { count, of };
}
