/**
 * An order of elimination with little fill for symmetric matrices: approximate minimum degree.
 *
 * Elimination makes a clique of the neighbours of a node. The quotient graph keeps each clique as one element e with
 * its variables `Lₑ`, so that it never grows. The next pivot is a variable of least degree, for which stands the bound
 *
 *     dᵢ = min(n - k, dᵢ + |Lₚ \ i|, |Aᵢ \ i| + |Lₚ \ i| + Σ |Lₑ \ Lₚ|, e ∈ Eᵢ \ p)
 *
 * with the new element p, the variables `Aᵢ` and the elements `Eᵢ` of i. Elements inside the new one are absorbed by
 * it; variables of the same neighbours become one.
 *
 * Source: Amestoy, Davis and Duff, An approximate minimum degree ordering algorithm (1996), algorithm 1 and section 4.
 *
 * @module
 */
import type { Pattern } from "./pattern.ts";

/** The quotient graph. The nodes are variables at first, and become elements, or are absorbed by another node. */
interface QuotientGraph {
  readonly n: number;
  /** The lists of neighbours: of a variable its elements, then its variables; of an element its variables. */
  lists: Int32Array;
  /** Where the free part of `lists` begins. */
  free: number;
  readonly start: Int32Array;
  readonly length: Int32Array;
  /** The number of elements in the list of a variable. */
  readonly elements: Int32Array;
  /** How many variables a variable stands for; negative while it is in the new element, 0 once it is absorbed. */
  readonly weight: Int32Array;
  /** The bound on the degree of a variable; the weight of the variables of an element. */
  readonly degree: Int32Array;
  /** For elements `flag + |Lₑ \ Lₚ|` in the step of this flag; 0 for one that was absorbed. */
  readonly mark: Int32Array;
  flag: number;
  /** The largest weight of an element so far. */
  largest: number;
  /** The first variable of each degree, and the lists of these. */
  readonly head: Int32Array;
  readonly next: Int32Array;
  readonly previous: Int32Array;
  least: number;
  /** The node that absorbed this one, or -1. */
  readonly absorber: Int32Array;
  /** Weight of all that was eliminated. */
  eliminated: number;
}

/** An order of the nodes in which to eliminate them: `order[k]` is the k-th. */
export function minimumDegree(pattern: Pattern): Uint32Array {
  const n = pattern.starts.length - 1, g = quotientGraph(pattern), rank = new Int32Array(n).fill(-1);
  const dense = setDenseAside(g);
  let count = 0;
  const buckets = new Int32Array(n).fill(-1), hashes = new Int32Array(n);
  while (g.eliminated < n) {
    const pivot = takeLeast(g);
    rank[pivot] = count++;
    formElement(g, pivot);
    measureElements(g, pivot);
    updateVariables(g, pivot, buckets, hashes);
    joinTwins(g, pivot, buckets, hashes);
    finishElement(g, pivot);
  }
  for (const i of dense) rank[i] = count; // last
  return ordered(n, rank, g.absorber);
}

function quotientGraph({ starts, indices }: Pattern): QuotientGraph {
  const n = starts.length - 1, count = indices.length, lists = new Int32Array(count + (count >> 2) + n + 1);
  lists.set(indices);
  const filled = (value: number): Int32Array => new Int32Array(n).fill(value);
  const g = {
    n,
    lists,
    free: count,
    start: Int32Array.from(starts.subarray(0, n)),
    length: new Int32Array(n),
    elements: new Int32Array(n),
    weight: filled(1),
    degree: new Int32Array(n),
    mark: filled(1),
    flag: 2,
    largest: 0,
    head: new Int32Array(n + 1).fill(-1),
    next: filled(-1),
    previous: filled(-1),
    least: 0,
    absorber: filled(-1),
    eliminated: 0,
  };
  for (let i = 0; i < n; i++) g.degree[i] = g.length[i] = starts[i + 1] - starts[i];
  return g;
}

/** Takes nodes with very many neighbours out, and puts the others into the lists of their degrees. */
function setDenseAside(g: QuotientGraph): number[] {
  const limit = Math.max(16, 10 * Math.sqrt(g.n)), dense: number[] = [];
  for (let i = g.n - 1; i >= 0; i--) {
    if (g.degree[i] <= limit) {
      enlist(g, i, g.degree[i]);
      continue;
    }
    dense.push(i);
    g.weight[i] = 0;
    g.eliminated++;
  }
  return dense;
}

function enlist({ head, next, previous }: QuotientGraph, i: number, degree: number): void {
  const other = head[degree];
  next[i] = other;
  previous[i] = -1;
  if (other >= 0) previous[other] = i;
  head[degree] = i;
}

function delist({ head, next, previous, degree }: QuotientGraph, i: number): void {
  const before = previous[i], after = next[i];
  if (after >= 0) previous[after] = before;
  if (before >= 0) next[before] = after;
  else head[degree[i]] = after;
}

function takeLeast(g: QuotientGraph): number {
  while (g.head[g.least] < 0) g.least++;
  const pivot = g.head[g.least];
  delist(g, pivot);
  return pivot;
}

/** `Lₚ ← (Aₚ ∪ ⋃ Lₑ) \ p` over the elements e of p, which p absorbs. */
function formElement(g: QuotientGraph, p: number): void {
  const { start, length, elements, weight, mark, absorber } = g, count = elements[p];
  if (count > 0) {
    let need = length[p];
    for (let k = start[p], end = k + count; k < end; k++) need += length[g.lists[k]];
    if (g.free + need > g.lists.length) compact(g, need);
  }
  const lists = g.lists, from = start[p], begin = count > 0 ? g.free : from;
  let end = begin, total = 0;
  g.eliminated += weight[p];
  weight[p] = -weight[p];
  for (let k = -1; k < count; k++) {
    // k = -1 is Aₚ itself
    const e = k < 0 ? p : lists[from + k];
    let q = k < 0 ? from + count : start[e];
    for (const stop = start[e] + length[e]; q < stop; q++) {
      const i = lists[q], size = weight[i];
      if (size <= 0) continue;
      total += size;
      weight[i] = -size;
      lists[end++] = i;
      delist(g, i);
    }
    if (k < 0) continue;
    absorber[e] = p;
    mark[e] = 0;
  }
  if (count > 0) g.free = end;
  g.degree[p] = total;
  g.largest = Math.max(g.largest, total);
  start[p] = begin;
  length[p] = end - begin;
  mark[p] = 1;
}

/** Moves all lists that are in use to the front of a new array. */
function compact(g: QuotientGraph, need: number): void {
  const { n, lists, start, length, weight, mark, elements } = g;
  let used = need;
  const alive = (i: number): boolean => elements[i] < 0 ? mark[i] > 0 : weight[i] > 0;
  for (let i = 0; i < n; i++) if (alive(i)) used += length[i];
  const fresh = new Int32Array(Math.max(lists.length, used + (used >> 3)));
  let place = 0;
  for (let i = 0; i < n; i++) {
    if (!alive(i)) continue;
    fresh.set(lists.subarray(start[i], start[i] + length[i]), place);
    start[i] = place;
    place += length[i];
  }
  g.lists = fresh;
  g.free = place;
}

/** For each element e that shares a variable with p: `mark ← flag + |Lₑ \ Lₚ|`. */
function measureElements(g: QuotientGraph, p: number): void {
  const { lists, start, length, elements, weight, degree, mark, n } = g;
  if (g.flag > 2 ** 31 - 4 * (n + 1)) {
    for (let i = 0; i < n; i++) if (mark[i] !== 0) mark[i] = 1;
    g.flag = 2;
  }
  const flag = g.flag;
  for (let k = start[p], end = k + length[p]; k < end; k++) {
    const i = lists[k], size = -weight[i];
    for (let q = start[i], stop = q + elements[i]; q < stop; q++) {
      const e = lists[q];
      if (mark[e] >= flag) mark[e] -= size;
      else if (mark[e] !== 0) mark[e] = degree[e] + flag - size;
    }
  }
}

/** Gives the variables of p their new lists and bounds; those that p alone holds are eliminated with it. */
function updateVariables(g: QuotientGraph, p: number, buckets: Int32Array, hashes: Int32Array): void {
  const { lists, start, length, elements, weight, degree, mark, absorber, next, n, flag } = g;
  for (let k = start[p], end = k + length[p]; k < end; k++) {
    const i = lists[k], begin = start[i], middle = begin + elements[i], stop = begin + length[i];
    let place = begin, hash = 0, outside = 0;
    for (let q = begin; q < middle; q++) {
      const e = lists[q];
      if (mark[e] === 0) continue;
      if (mark[e] > flag) {
        outside += mark[e] - flag;
        hash += e;
        lists[place++] = e;
      } else { // inside p
        absorber[e] = p;
        mark[e] = 0;
      }
    }
    const variables = place;
    for (let q = middle; q < stop; q++) {
      const j = lists[q];
      if (weight[j] <= 0) continue;
      outside += weight[j];
      hash += j;
      lists[place++] = j;
    }
    if (outside === 0) {
      const size = -weight[i];
      absorber[i] = p;
      g.degree[p] -= size;
      weight[p] -= size;
      g.eliminated += size;
      weight[i] = 0;
      continue;
    }
    degree[i] = Math.min(degree[i], outside);
    elements[i] = variables - begin + 1;
    length[i] = place - begin + 1;
    lists[place] = lists[variables]; // p or an element that it absorbed has left room
    lists[variables] = lists[begin];
    lists[begin] = p;
    hash %= n;
    hashes[i] = hash;
    next[i] = buckets[hash];
    buckets[hash] = i;
  }
  g.flag += g.largest + 1;
}

/** Joins variables of p that have the same neighbours. */
function joinTwins(g: QuotientGraph, p: number, buckets: Int32Array, hashes: Int32Array): void {
  const { lists, start, length, elements, weight, mark, absorber, next } = g;
  for (let k = start[p], end = k + length[p]; k < end; k++) {
    if (weight[lists[k]] >= 0) continue;
    const hash = hashes[lists[k]];
    let i = buckets[hash];
    buckets[hash] = -1;
    for (; i >= 0 && next[i] >= 0; i = next[i]) {
      const flag = ++g.flag, count = length[i], inner = elements[i];
      for (let q = start[i] + 1, stop = start[i] + count; q < stop; q++) mark[lists[q]] = flag;
      for (let last = i, j = next[i]; j >= 0; j = next[j]) {
        let same = length[j] === count && elements[j] === inner;
        for (let q = start[j] + 1, stop = start[j] + count; same && q < stop; q++) same = mark[lists[q]] === flag;
        if (same) {
          absorber[j] = i;
          weight[i] += weight[j];
          weight[j] = 0;
          next[last] = next[j];
        } else last = j;
      }
    }
  }
  g.flag++;
}

/** Puts the variables of p back into the lists of degrees. */
function finishElement(g: QuotientGraph, p: number): void {
  const { lists, start, length, elements, weight, degree, n } = g, total = degree[p];
  let place = start[p];
  for (let k = place, end = k + length[p]; k < end; k++) {
    const i = lists[k], size = -weight[i];
    if (size <= 0) continue;
    weight[i] = size;
    degree[i] = Math.min(degree[i] + total - size, n - g.eliminated - size);
    enlist(g, i, degree[i]);
    g.least = Math.min(g.least, degree[i]);
    lists[place++] = i;
  }
  if (g.free === start[p] + length[p]) g.free = place;
  length[p] = place - start[p];
  elements[p] = -1;
}

/** The nodes by the pivot with which they were eliminated. */
function ordered(n: number, rank: Int32Array, absorber: Int32Array): Uint32Array {
  const starts = new Uint32Array(n + 2), order = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    let root = i;
    while (rank[root] < 0) root = absorber[root];
    for (let j = i; rank[j] < 0;) {
      const above = absorber[j];
      rank[j] = rank[root];
      j = above;
    }
    starts[rank[i] + 1]++;
  }
  for (let k = 0; k < n; k++) starts[k + 1] += starts[k];
  for (let i = 0; i < n; i++) order[starts[rank[i]]++] = i;
  return order;
}
