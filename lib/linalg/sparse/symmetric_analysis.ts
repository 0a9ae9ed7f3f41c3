/**
 * What the pattern of a symmetric matrix says about its factors, before any number: the order of elimination, the
 * blocks of L, and which entry of A goes where.
 *
 * @module
 */
import { DomainError, type SparseEntries, type Vector } from "../../core/mod.ts";
import { checkSquareShape } from "../matrices/checks.ts";
import { columnCounts, eliminationTree, postorder } from "./elimination_tree.ts";
import { isSymmetricSparse } from "./inspect.ts";
import { inversePermutation, sortedEntries } from "./layout.ts";
import { minimumDegree } from "./minimum_degree.ts";
import { type Pattern, symmetricPattern } from "./pattern.ts";
import { type Supernodes, supernodes } from "./supernodes.ts";

const VERB = "plan an elimination";

/** Rounding leaves a symmetric matrix so symmetric, relative to its largest entry; more is a mistake. */
const TOLERANCE = 1e-8;

/** In which order to eliminate: with little fill by minimum degree, as the matrix has it, or as given. */
export type SymmetricOrdering = "minimum-degree" | "natural" | ArrayLike<number>;

/** The order of elimination and the pattern of L, for all matrices of one pattern. Plain data. */
export interface SymmetricAnalysis {
  /** The order of A. */
  readonly n: number;
  /** Row k of `P A Pᵀ` is row `permutation[k]` of A. */
  readonly permutation: Int32Array;
  /** The blocks of L. */
  readonly blocks: Supernodes;
  /** Block s has its entries from here on. */
  readonly blockStarts: Float64Array;
  /** Column j of the lower triangle of `P A Pᵀ` has its entries from `columnStarts[j]` on. */
  readonly columnStarts: Uint32Array;
  /** The rows of these entries. */
  readonly rowIndices: Uint32Array;
  /** The places of these entries in A. */
  readonly sources: Uint32Array;
  /** The pattern of A, to recognize it: where its rows start. */
  readonly rowStarts: Uint32Array;
  /** The columns of its entries. */
  readonly columnIndices: Uint32Array;
  /** Entries of L, the diagonal counted, without the zeros that blocks store. */
  readonly factorEntries: number;
  /** Additions and multiplications of the elimination. */
  readonly operations: number;
  /** The largest number of rows of a block. */
  readonly largestFront: number;
  /** The most entries that wait for their blocks at any time. */
  readonly largestStack: number;
}

/** What `analyzeSymmetric` is told. */
export interface AnalysisOptions {
  /** The order of elimination; a list says which row comes k-th. Default `minimum-degree`. */
  readonly ordering?: SymmetricOrdering;
}

/**
 * Analyzes the pattern of a symmetric matrix: orders it by approximate minimum degree, and finds the pattern of L. The
 * values of A do not count.
 *
 * Source: Amestoy, Davis and Duff, An approximate minimum degree ordering algorithm (1996).
 *
 * @throws {ShapeError} When A is not square, or the ordering has not n entries.
 * @throws {DomainError} When the ordering is no permutation.
 *
 * @example One pattern, two matrices
 * ```ts
 * import { addSparse, analyzeSymmetric, gridLaplacian, sparseCholesky, sparseIdentity } from "@gradus/gradus/linalg";
 * import { assert } from "@std/assert";
 *
 * const A = gridLaplacian(10, 10), analysis = analyzeSymmetric(A), b = new Float64Array(100).fill(1);
 * const x = sparseCholesky(A, { analysis }).solve(b);
 * const y = sparseCholesky(addSparse(1, A, 1, sparseIdentity(100)), { analysis }).solve(b);
 * assert(y.every((entry, i) => entry < x[i]));
 * ```
 */
export function analyzeSymmetric(A: SparseEntries, options: AnalysisOptions = {}): SymmetricAnalysis {
  const n = A.rows, { ordering = "minimum-degree" } = options;
  checkSquareShape(VERB, A);
  const S = sortedEntries(A), pattern = symmetricPattern(S);
  const chosen = typeof ordering !== "string"
    ? Uint32Array.from(ordering)
    : ordering === "natural"
    ? Uint32Array.from({ length: n }, (_, i) => i)
    : minimumDegree(pattern);
  const tree = eliminationTree(reordered(pattern, chosen)), post = postorder(tree);
  const permutation = Int32Array.from(post, (k) => chosen[k]), rank = inversePermutation(VERB, post, n);
  const parent = Int32Array.from(post, (k) => tree[k] < 0 ? -1 : rank[tree[k]]);
  const graph = reordered(pattern, permutation), counts = columnCounts(graph, parent);
  const blocks = supernodes(graph, parent, counts), { starts, rowStarts } = blocks, count = starts.length - 1;
  const blockStarts = new Float64Array(count + 1);
  for (let s = 0; s < count; s++) {
    blockStarts[s + 1] = blockStarts[s] + (rowStarts[s + 1] - rowStarts[s]) * (starts[s + 1] - starts[s]);
  }
  let factorEntries = 0, operations = 0;
  for (const c of counts) {
    factorEntries += c;
    operations += c * c;
  }
  return {
    n,
    permutation,
    blocks,
    blockStarts,
    ...lowerEntries(S, permutation),
    rowStarts: S.rowStarts,
    columnIndices: S.columnIndices,
    factorEntries,
    operations,
    ...workspace(blocks),
  };
}

/** The pattern with node `order[k]` as its k-th. */
function reordered({ starts, indices }: Pattern, order: ArrayLike<number>): Pattern {
  const n = starts.length - 1, rank = inversePermutation(VERB, order, n), newStarts = new Uint32Array(n + 1);
  const newIndices = new Uint32Array(indices.length);
  let place = 0;
  for (let k = 0; k < n; k++) {
    const i = order[k];
    for (let l = starts[i]; l < starts[i + 1]; l++) newIndices[place++] = rank[indices[l]];
    newStarts[k + 1] = place;
  }
  return { starts: newStarts, indices: newIndices };
}

/** The lower triangle of A, as places in the lower triangle of `P A Pᵀ` by columns. */
function lowerEntries(
  { rows: n, rowStarts, columnIndices }: SparseEntries,
  permutation: Int32Array,
): Pick<SymmetricAnalysis, "columnStarts" | "rowIndices" | "sources"> {
  const rank = inversePermutation(VERB, permutation, n), columnStarts = new Uint32Array(n + 1);
  for (let i = 0; i < n; i++) {
    for (let k = rowStarts[i]; k < rowStarts[i + 1] && columnIndices[k] <= i; k++) {
      columnStarts[Math.min(rank[i], rank[columnIndices[k]]) + 1]++;
    }
  }
  for (let j = 0; j < n; j++) columnStarts[j + 1] += columnStarts[j];
  const next = columnStarts.slice(0, n), count = columnStarts[n];
  const rowIndices = new Uint32Array(count), sources = new Uint32Array(count);
  for (let i = 0; i < n; i++) {
    for (let k = rowStarts[i]; k < rowStarts[i + 1] && columnIndices[k] <= i; k++) {
      const a = rank[i], b = rank[columnIndices[k]], place = next[Math.min(a, b)]++;
      rowIndices[place] = Math.max(a, b);
      sources[place] = k;
    }
  }
  return { columnStarts, rowIndices, sources };
}

/** The most room that the elimination takes. */
function workspace({ starts, rowStarts, children }: Supernodes): { largestFront: number; largestStack: number } {
  const sizes: number[] = [];
  let largestFront = 0, largestStack = 0, stack = 0;
  for (let s = 0; s < children.length; s++) {
    const rows = rowStarts[s + 1] - rowStarts[s], below = rows - (starts[s + 1] - starts[s]);
    for (let c = 0; c < children[s]; c++) stack -= sizes.pop()!;
    largestFront = Math.max(largestFront, rows);
    sizes.push(below * (below + 1) / 2);
    stack += sizes.at(-1)!;
    largestStack = Math.max(largestStack, stack);
  }
  return { largestFront, largestStack };
}

/** The plan for A: of the analysis, which must be of its pattern, or a new one; and the values in its order. */
export function planFor(
  verb: string,
  A: SparseEntries,
  analysis: SymmetricAnalysis | undefined,
): { plan: SymmetricAnalysis; values: Vector } {
  const S = sortedEntries(A), plan = analysis ?? analyzeSymmetric(S);
  if (analysis && !(same(plan.rowStarts, S.rowStarts) && same(plan.columnIndices, S.columnIndices))) {
    throw new DomainError(`Cannot ${verb}: expected a matrix of the pattern that was analyzed, got another pattern`);
  }
  if (!isSymmetricSparse(S, TOLERANCE)) {
    throw new DomainError(`Cannot ${verb}: expected a symmetric matrix, got another`);
  }
  return { plan, values: S.values };
}

function same(x: Uint32Array, y: Uint32Array): boolean {
  if (x.length !== y.length) return false;
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return false;
  return true;
}
