/**
 * Directed acyclic graphs from data, by swaps of a topological order.
 *
 * ```
 * minimize Q(W) = |X - X W|²/(2n) + λ Σ |Wᵢⱼ|, or with a logistic loss,   over weighted graphs W without cycles
 *
 * W ← the best weights in the order π;  G = (I - |W|)⁻ᵀ, the gradient of the acyclicity: Gᵢⱼ sums the walks from j to i
 * candidates: the pairs (i, j), i after j in π, with the smallest Gᵢⱼ: an edge from i to j closes least of a cycle
 * for each: the change of Q when i and j exchange their positions, which refits what lies between them
 * all swaps that lower Q and do not overlap are made, the best first: their changes add up
 * where none lowers Q, once (or more often) a larger set is tried; where none of these does, π is a local minimum
 * ```
 *
 * Source: Deng, Bello, Aragam and Ravikumar, Optimizing NOTEARS objectives via topological swaps (2023), arXiv
 * 2305.17277, algorithms 1 and 2.
 *
 * @module
 */
import { DomainError, type Matrix } from "../../core/mod.ts";
import { acyclicity } from "./acyclicity.ts";
import { withoutLightEdges } from "./graphs.ts";
import type { InnerFit } from "./inner_fit.ts";
import { graphModel, type TopologicalFit, type TopologicalInnerOptions } from "./topological_inner.ts";

/** Options of `topo`. */
export interface TopoOptions extends TopologicalInnerOptions {
  /** The first order. Default 0, 1, …: a random one, or that of a graph to improve, is a better start. */
  readonly order?: ArrayLike<number>;
  /** Candidates at first; of equal ones all are taken. Default a quarter of all pairs. */
  readonly small?: number;
  /** Candidates where the first ones do not help. Default all pairs. */
  readonly large?: number;
  /** How often the large set may help. Default 1; `Infinity` for an order that no swap of the large set improves. */
  readonly largeSearches?: number;
  /** Edges of less weight are no edges of `graph`. Default 0.3. */
  readonly threshold?: number;
  /** Default 10 000. */
  readonly maxIterations?: number;
}

/** A graph, and how it was found. */
export interface TopoResult extends TopologicalFit {
  /** Whether no swap of the set searched last lowers Q. */
  readonly status: "local-minimum" | "iteration-limit";
  /** Vertices, first causes first. */
  readonly order: Uint32Array;
  /** W without the edges of little weight. */
  readonly graph: Matrix;
  /** Q at the start and after each iteration: it falls. */
  readonly values: readonly number[];
  /** Swaps made. */
  readonly swaps: number;
  /** Swaps tried. */
  readonly tried: number;
}

/** A change of Q below this, relative to it, is rounding. */
const ROUNDING = 1e-10;

/**
 * Finds a weighted graph without cycles that explains data, a local minimum of Q over swaps of its topological order.
 * Columns are centred for the squared loss. Where one depends on others, and there is no penalty, a ridge is added, and
 * the result says so.
 *
 * The scales of the columns matter: Q is the sum of what is left of their variances. Where causes have smaller
 * variances than effects, as in data that are simulated with noise of one variance, this tells the order; in
 * standardized data it does not.
 *
 * @param X Observations in rows, n x d.
 * @throws {DomainError} When the data are not finite or have more columns than rows without a penalty, the order is
 * none, or an option is out of range.
 *
 * @example A chain of three
 * ```ts
 * import { fillNormal, rng } from "@gradus/gradus/core";
 * import { topo } from "@gradus/gradus/exact";
 * import { matrix } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const X = matrix(200, 3, fillNormal(rng(1), new Float64Array(600)));
 * for (let i = 0; i < 200; i++) { // 2 → 0 → 1
 *   X.data[3 * i] += 2 * X.data[3 * i + 2];
 *   X.data[3 * i + 1] -= X.data[3 * i];
 * }
 * const { order, graph, status } = topo(X);
 * assertEquals([status, ...order], ["local-minimum", 2, 0, 1]);
 * assertEquals([...graph.data].map(Math.round), [0, -1, 0, 0, 0, 0, 2, 0, 0]);
 * ```
 */
export function topo(X: Matrix, options: TopoOptions = {}): TopoResult {
  const verb = "order causes", d = X.columns, pairs = d * (d - 1) / 2;
  const { small = Math.max(1, Math.ceil(pairs / 4)), large = Math.max(1, pairs) } = options;
  const { largeSearches = 1, threshold = 0.3, maxIterations = 10_000 } = options;
  checkOptions(verb, small, large, largeSearches, threshold, maxIterations);
  const { fit, ridge, dependent } = graphModel(
    verb,
    X,
    options.order ?? Array.from({ length: d }, (_, i) => i),
    options,
  );
  const values = [fit.value()];
  let W = fit.weights(), swaps = 0, tried = 0, searches = 0, status: TopoResult["status"] = "iteration-limit";
  while (values.length <= maxIterations) {
    const ranked = rankedPairs(fit.order, W), least = -ROUNDING * values[0];
    const first = prefix(ranked, small);
    let improving = improvements(fit, ranked, 0, first, least);
    tried += first;
    if (improving.length === 0 && searches < largeSearches) {
      const second = prefix(ranked, large);
      improving = improvements(fit, ranked, first, second, least);
      tried += Math.max(0, second - first);
      if (improving.length > 0) searches++;
    }
    if (improving.length === 0) {
      status = "local-minimum";
      break;
    }
    const chosen = withoutOverlap(improving, d);
    fit.exchange(chosen);
    swaps += chosen.length / 2;
    W = fit.weights();
    values.push(fit.value());
  }
  const value = values[values.length - 1], graph = withoutLightEdges(W, threshold);
  return { status, order: fit.order.slice(), W, value, graph, values, swaps, tried, ridge, dependent };
}

/** A pair of positions with the walks between its vertices, or the change of Q. */
interface Pair {
  readonly p: number;
  readonly q: number;
  readonly figure: number;
}

/** All pairs of positions p < q, those first between which there are the least walks from p to q. */
function rankedPairs(order: Uint32Array, W: Matrix): Pair[] {
  const d = order.length, { gradient: { data: walks } } = acyclicity(W), out: Pair[] = [];
  for (let q = 0; q < d; q++) {
    for (let p = 0; p < q; p++) out.push({ p, q, figure: walks[order[q] * d + order[p]] });
  }
  return out.sort((a, b) => a.figure - b.figure);
}

/** How many pairs a set of a size has: of equal ones all or none. */
function prefix(ranked: readonly Pair[], size: number): number {
  let count = Math.min(size, ranked.length);
  while (count < ranked.length && ranked[count].figure === ranked[count - 1].figure) count++;
  return count;
}

/** The pairs from one place on whose swaps lower Q by more than rounding. */
function improvements(fit: InnerFit, ranked: readonly Pair[], from: number, to: number, least: number): Pair[] {
  const out: Pair[] = [];
  for (let k = from; k < to; k++) {
    const { p, q } = ranked[k], figure = fit.change(p, q);
    if (figure < least) out.push({ p, q, figure });
  }
  return out;
}

/** The best pair, the best of those that do not overlap it, and so on. */
function withoutOverlap(improving: Pair[], d: number): number[] {
  const taken = new Uint8Array(d), out: number[] = [];
  improving.sort((a, b) => a.figure - b.figure);
  for (const { p, q } of improving) {
    if (taken.subarray(p, q + 1).includes(1)) continue;
    taken.fill(1, p, q + 1);
    out.push(p, q);
  }
  return out;
}

function checkOptions(
  verb: string,
  small: number,
  large: number,
  largeSearches: number,
  threshold: number,
  maxIterations: number,
): void {
  const sizes = { small, large, largeSearches, maxIterations };
  for (const [name, size] of Object.entries(sizes)) {
    const least = name === "small" || name === "large" ? 1 : 0;
    if (!(size >= least && (Number.isSafeInteger(size) || size === Infinity))) {
      throw new DomainError(`Cannot ${verb}: expected ${name} to be an integer >= ${least}, got ${size}`);
    }
  }
  if (!(threshold >= 0)) throw new DomainError(`Cannot ${verb}: expected a threshold >= 0, got ${threshold}`);
}
