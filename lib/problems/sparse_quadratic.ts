/**
 * Quadratics with a sparse matrix, and labels that spread over a graph.
 *
 * @module
 */
import {
  DomainError,
  dot,
  type Instance,
  ShapeError,
  type SparseMatrix,
  type TwiceSmooth,
  type Vector,
  vector,
} from "../core/mod.ts";
import { fromTriplets, graphLaplacian, isSymmetricSparse, sortSparse } from "../linalg/mod.ts";
import type { BlockQuadratic } from "../splitting/mod.ts";

/**
 * Minimize `½ xᵀA x - bᵀx`, A sparse and symmetric, from 0; the least value exists where A is positive semidefinite,
 * which is not checked. Its blocks keep the gradient: a step in a block costs the entries of its rows, reading the
 * gradient nothing.
 *
 * @throws {ShapeError} When A is not square, or b does not fit.
 * @throws {DomainError} When A is not symmetric or has a diagonal entry that is not positive.
 *
 * @example A chain of three
 * ```ts
 * import { gridLaplacian } from "@gradus/gradus/linalg";
 * import { sparseQuadratic } from "@gradus/gradus/problems";
 * import { assertEquals } from "@std/assert";
 *
 * const { problem } = sparseQuadratic(gridLaplacian(3), [1, 0, 1]);
 * assertEquals(problem.value(Float64Array.of(1, 1, 1)), -1);
 * ```
 */
export function sparseQuadratic(
  A: SparseMatrix,
  b: ArrayLike<number>,
  name = `sparse quadratic ${A.rows}`,
): Instance<TwiceSmooth & BlockQuadratic> {
  const verb = "make a sparse quadratic", n = A.rows;
  if (A.columns !== n) throw new ShapeError(`Cannot ${verb}: expected a square matrix, got ${n} x ${A.columns}`);
  if (!isSymmetricSparse(A)) throw new DomainError(`Cannot ${verb}: expected a symmetric matrix, got another`);
  const linear = vector(b, n, "linear term"), matrix = sortSparse(A), { rowStarts, columnIndices, values } = matrix;
  const lipschitz = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) if (columnIndices[k] === i) lipschitz[i] = values[k];
    if (!(lipschitz[i] > 0)) {
      throw new DomainError(`Cannot ${verb}: expected positive diagonal entries, got ${lipschitz[i]} at ${i}`);
    }
  }
  const place = new Int32Array(n).fill(-1), product = new Float64Array(n);
  const curvature = (block: Uint32Array, out: Vector): void => {
    const size = block.length;
    out.fill(0, 0, size * size);
    for (let a = 0; a < size; a++) place[block[a]] = a;
    for (let a = 0; a < size; a++) {
      for (let k = rowStarts[block[a]]; k < rowStarts[block[a] + 1]; k++) {
        const at = place[columnIndices[k]];
        if (at >= 0) out[a * size + at] = values[k];
      }
    }
    for (let a = 0; a < size; a++) place[block[a]] = -1;
  };
  const gradient = (x: Vector, out: Vector): void => {
    matrix.apply(x, out);
    for (let i = 0; i < n; i++) out[i] -= linear[i];
  };
  const problem: TwiceSmooth & BlockQuadratic = {
    kind: "smooth",
    name,
    dimension: n,
    costs: { "blocks.remember": 1, "blocks.gradient": 0, "blocks.move": 1 },
    value: (x) => {
      matrix.apply(x, product);
      return dot(x, product) / 2 - dot(linear, x);
    },
    gradient: (x, out) => {
      gradient(x, out);
      return (dot(x, out) - dot(linear, x)) / 2;
    },
    hessianVector: (_x, v, out) => matrix.apply(v, out),
    blocks: {
      matrix,
      lipschitz,
      memoryLength: n,
      remember: gradient,
      value: (x, memory) => (dot(x, memory) - dot(linear, x)) / 2,
      gradient: (_x, block, memory, out) => {
        for (let b = 0; b < block.length; b++) out[b] = memory[block[b]];
      },
      move: (x, block, memory, change) => {
        for (let b = 0; b < block.length; b++) {
          const i = block[b], d = change[b];
          x[i] += d;
          for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) memory[columnIndices[k]] += d * values[k];
        }
      },
      curvature,
      hessian: (_x, block, _memory, out) => curvature(block, out),
    },
  };
  return { name, problem, start: new Float64Array(n), minima: [] };
}

/** A label propagation problem: which variable stands for which node. */
export interface LabelPropagation extends Instance<TwiceSmooth & BlockQuadratic> {
  /** The nodes without labels, in the order of the variables. */
  readonly nodes: Uint32Array;
}

/**
 * Labels that spread over a graph: minimize `½ Σ wᵢⱼ (xᵢ - xⱼ)²` over the edges, each once, with `xᵢ` fixed at the
 * nodes that have labels. It is the quadratic `½ xᵀA x - bᵀx` plus a constant, which is left out, in the nodes without
 * labels.
 *
 * Source: Zhu, Ghahramani and Lafferty, Semi-supervised learning using Gaussian fields and harmonic functions (2003).
 *
 * @param weights The symmetric weights W of the edges.
 * @param labels A number for each node, NaN for those without a label.
 *
 * @throws {ShapeError} When there is not one label, or NaN, for each node.
 * @throws {DomainError} When the weights are not symmetric, every node has a label, or a node without has no edge.
 *
 * @example On a path with labels at its ends, the labels between are linear
 * ```ts
 * import { fromTriplets } from "@gradus/gradus/linalg";
 * import { labelPropagation } from "@gradus/gradus/problems";
 * import { assertEquals } from "@std/assert";
 *
 * const path = fromTriplets(4, 4, [0, 1, 1, 2, 2, 3], [1, 0, 2, 1, 3, 2], [1, 1, 1, 1, 1, 1]);
 * const { problem, nodes } = labelPropagation(path, [0, NaN, NaN, 3]), gradient = new Float64Array(2);
 * problem.gradient(Float64Array.of(1, 2), gradient);
 * assertEquals([...nodes], [1, 2]);
 * assertEquals([...gradient], [0, 0]);
 * ```
 */
export function labelPropagation(weights: SparseMatrix, labels: ArrayLike<number>): LabelPropagation {
  const L = graphLaplacian(weights), { rowStarts, columnIndices, values } = L, n = L.rows;
  if (labels.length !== n) {
    throw new ShapeError(`Cannot spread labels: expected ${n}, NaN where there is none, got ${labels.length}`);
  }
  const nodes = Uint32Array.from(Array.from(labels).flatMap((label, i) => Number.isNaN(label) ? [i] : []));
  if (nodes.length === 0) throw new DomainError("Cannot spread labels: expected nodes without labels, got none");
  const variable = new Int32Array(n).fill(-1), linear = new Float64Array(nodes.length);
  nodes.forEach((node, i) => variable[node] = i);
  const rows: number[] = [], columns: number[] = [], entries: number[] = [];
  nodes.forEach((node, i) => {
    for (let k = rowStarts[node]; k < rowStarts[node + 1]; k++) {
      const j = variable[columnIndices[k]];
      if (j < 0) linear[i] -= values[k] * labels[columnIndices[k]];
      else {
        rows.push(i);
        columns.push(j);
        entries.push(values[k]);
      }
    }
  });
  const A = fromTriplets(nodes.length, nodes.length, rows, columns, entries);
  return { ...sparseQuadratic(A, linear, `labels over ${n} nodes, ${n - nodes.length} known`), nodes };
}
