/**
 * A network on the graph of a sparse symmetric matrix that makes a factor L for preconditioning, `M = L Lᵀ`. It is
 * small and sees neighbours alone, so that what was learned on small matrices serves larger ones.
 *
 * ```
 * ã = D^(-1/2) A D^(-1/2),  D the diagonal of A
 * nodes:   hᵢ = tanh(W (Σ_{j<i} ãᵢⱼ², Σ_{j>i} ãᵢⱼ²) + c)
 * rounds:  hᵢ ← tanh(S hᵢ + P Σ_{j<i} ãᵢⱼ hⱼ + Q Σ_{j>i} ãᵢⱼ hⱼ + c),   two
 * factor:  L̃ᵢⱼ = ãᵢⱼ exp(uᵀhᵢ + vᵀhⱼ) for j < i,  L̃ᵢᵢ = exp(wᵀhᵢ + d),   L = D^(1/2) L̃
 * loss:    mean over systems A x = b of |L̃ L̃ᵀ D^(1/2)x - D^(-1/2)b|² / n
 * ```
 *
 * Its 449 weights start at `L̃ = I + ã`, the symmetric method of Gauss and Seidel. The diagonal of L is positive
 * whatever they are, so that M is positive definite. Unlike the source's network it does not see b: one factor serves
 * all right-hand sides, and it does not depend on the scale of A.
 *
 * Source: Li, Chen, Du and Matusik, Learning Preconditioner for Conjugate Gradient PDE Solvers (2023), arXiv
 * 2305.16432.
 *
 * @module
 */
import * as ad from "../autodiff/mod.ts";
import type { Operand } from "../autodiff/mod.ts";
import {
  DomainError,
  fillNormal,
  iterations,
  type Layout,
  layout,
  rng,
  ShapeError,
  solve,
  type SparseMatrix,
  uniform,
  type Vector,
} from "../core/mod.ts";
import {
  diagonalOfSparse,
  fromTriplets,
  isSymmetricSparse,
  type SolvedSystem,
  sortSparse,
  sparseCholesky,
} from "../linalg/mod.ts";
import { adam, cosineDecay } from "../stochastic/mod.ts";

const WIDTH = 8, ROUNDS = 2;

type Block =
  | "encode"
  | "encodeShift"
  | `${"own" | "before" | "after"}${number}`
  | `shift${number}`
  | "row"
  | "column"
  | "diagonal"
  | "diagonalShift";

/** The weights by name. */
const WEIGHTS: Layout<Block> = layout(Object.fromEntries([
  ["encode", [2, WIDTH]],
  ["encodeShift", [WIDTH]],
  ...Array.from({ length: ROUNDS }, (_, k) => [
    [`own${k}`, [WIDTH, WIDTH]],
    [`before${k}`, [WIDTH, WIDTH]],
    [`after${k}`, [WIDTH, WIDTH]],
    [`shift${k}`, [WIDTH]],
  ]).flat(),
  ["row", [WIDTH]],
  ["column", [WIDTH]],
  ["diagonal", [WIDTH]],
  ["diagonalShift", [1]],
])) as Layout<Block>;

/** The number of weights. */
export const factorWeights: number = WEIGHTS.size;

type Weights = Readonly<Record<Block, Operand>>;

/** A symmetric matrix as a graph: edges from i to j < i, and what is scaled to a diagonal of ones. */
interface Graph {
  readonly n: number;
  /** i of each edge, in order. */
  readonly rows: Vector;
  /** j < i of each edge. */
  readonly columns: Vector;
  /** ãᵢⱼ of each edge. */
  readonly entries: Vector;
  /** `√aᵢᵢ`. */
  readonly roots: Vector;
}

const VERB = "learn a factor";

function graphOf(A: SparseMatrix): Graph {
  if (A.rows !== A.columns) {
    throw new ShapeError(`Cannot ${VERB}: expected a square matrix, got ${A.rows} x ${A.columns}`);
  }
  if (!isSymmetricSparse(A, 1e-8)) throw new DomainError(`Cannot ${VERB}: expected a symmetric matrix, got another`);
  const diagonal = diagonalOfSparse(A), bad = diagonal.findIndex((d) => !(d > 0));
  if (bad >= 0) {
    throw new DomainError(`Cannot ${VERB}: expected a positive diagonal, got ${diagonal[bad]} at index ${bad}`);
  }
  const { rowStarts, columnIndices, values } = sortSparse(A), roots = diagonal.map(Math.sqrt);
  const rows: number[] = [], columns: number[] = [], entries: number[] = [];
  for (let i = 0; i < A.rows; i++) {
    for (let k = rowStarts[i], j = columnIndices[k]; j < i; j = columnIndices[++k]) {
      rows.push(i);
      columns.push(j);
      entries.push(values[k] / (roots[i] * roots[j]));
    }
  }
  const list = (x: number[]): Vector => Float64Array.from(x);
  return { n: A.rows, rows: list(rows), columns: list(columns), entries: list(entries), roots };
}

/** The edges of a graph, the ends of which say where messages go. */
type Edges = Pick<Graph, "n" | "rows" | "columns">;

/** Sums over edges at one end: `[batch, edges, …]` to `[batch, n, …]`. */
function gathered(values: Operand, at: Vector, n: number): Operand {
  const [batch, , ...rest] = ad.shapeOf(values), zero = ad.broadcastTo(0, [batch, n, ...rest]);
  return ad.scatterAdd(zero, at, values, 1);
}

/** L̃ of graphs with the same edges: their entries `[batch, edges]`, and the diagonals `[batch, n]`. */
function scaledFactor(
  w: Weights,
  { n, rows, columns }: Edges,
  entries: Operand,
): { below: Operand; diagonal: Operand } {
  const [batch, edges] = ad.shapeOf(entries), squares = ad.square(entries);
  const times = (h: Operand, W: Operand): Operand =>
    ad.reshape(ad.matmul(ad.reshape(h, [batch * n, -1]), W), [batch, n, WIDTH]);
  const along = (h: Operand, from: Vector, to: Vector): Operand =>
    gathered(ad.multiply(ad.reshape(entries, [batch, edges, 1]), ad.gather(h, from, 1)), to, n);
  const features = ad.stack([gathered(squares, rows, n), gathered(squares, columns, n)], 2);
  let h = ad.tanh(ad.add(times(features, w.encode), w.encodeShift));
  for (let k = 0; k < ROUNDS; k++) {
    const near = ad.add(
      times(along(h, columns, rows), w[`before${k}`]),
      times(along(h, rows, columns), w[`after${k}`]),
    );
    h = ad.tanh(ad.add(ad.add(times(h, w[`own${k}`]), near), w[`shift${k}`]));
  }
  const read = (u: Operand): Operand => ad.sum(ad.multiply(h, u), { axes: 2 });
  const exponent = ad.add(ad.gather(read(w.row), rows, 1), ad.gather(read(w.column), columns, 1));
  return { below: ad.multiply(entries, ad.exp(exponent)), diagonal: ad.exp(ad.add(read(w.diagonal), w.diagonalShift)) };
}

/** `|L̃ L̃ᵀ x - b|² / n`, of all systems of each graph the mean; x and b are `[batch, systems, n]`. */
function factorError(w: Weights, graph: Edges, entries: Operand, x: Operand, b: Operand): Operand {
  const { n, rows, columns } = graph, { below, diagonal } = scaledFactor(w, graph, entries);
  const [batch, systems] = ad.shapeOf(x), edges = rows.length;
  const spread = (a: Operand, length: number): Operand => ad.reshape(a, [batch, 1, length]);
  const product = (y: Operand, from: Vector, to: Vector): Operand => {
    const moved = ad.multiply(spread(below, edges), ad.gather(y, from, 2));
    return ad.add(
      ad.multiply(spread(diagonal, n), y),
      ad.scatterAdd(ad.broadcastTo(0, [batch, systems, n]), to, moved, 2),
    );
  };
  const residual = ad.subtract(product(product(x, rows, columns), columns, rows), b);
  return ad.mean(ad.square(residual), { axes: [1, 2] });
}

/**
 * The factor L that a trained network makes for a symmetric matrix with a positive diagonal, for
 * `factorPreconditioner`: a lower triangle with the pattern of A and a positive diagonal.
 *
 * @param weights As many as `factorWeights`, from `trainFactor`.
 * @throws {ShapeError} When A is not square, or there is another number of weights.
 * @throws {DomainError} When A is not symmetric, or a diagonal entry is missing or not positive.
 */
export function learnedFactor(A: SparseMatrix, weights: Vector): SparseMatrix {
  if (weights.length !== WEIGHTS.size) {
    throw new ShapeError(`Cannot ${VERB}: expected ${WEIGHTS.size} weights, got ${weights.length}`);
  }
  const { n, rows, columns, entries, roots } = graphOf(A), edges = rows.length;
  const { below, diagonal } = scaledFactor(
    ad.blocksOf(WEIGHTS, weights),
    { n, rows, columns },
    { rows: 1, columns: edges, data: entries },
  );
  const all = Float64Array.from([...ad.asMatrix(below).data, ...ad.asMatrix(diagonal).data]);
  const i = [...rows, ...Array.from({ length: n }, (_, k) => k)], j = [...columns, ...i.slice(edges)];
  return fromTriplets(n, n, i, j, all.map((value, k) => roots[i[k]] * value));
}

/** Options of `trainFactor`. */
export interface TrainFactorOptions {
  /** Solved systems for each matrix, with normal right-hand sides. Default: 4. */
  readonly systems?: number;
  /** Steps of Adam. Default: 300. */
  readonly steps?: number;
  /** Matrices in a batch. Default: 8. */
  readonly batchSize?: number;
  /** The learning rate at first; it falls to zero by a cosine. Default: 0.01. */
  readonly learningRate?: number;
  /** Of the weights, the right-hand sides and the batches. Default: 0. */
  readonly seed?: number;
}

/** What was learned. */
export interface TrainedFactor {
  /** For `learnedFactor`. */
  readonly weights: Vector;
  /** The mean loss over all matrices before training, that of symmetric Gauss-Seidel. */
  readonly before: number;
  /** And after. */
  readonly after: number;
}

/**
 * Trains the network on symmetric positive definite matrices of one pattern by Adam.
 *
 * @throws {ShapeError} When there is no matrix, or their patterns differ.
 * @throws {DomainError} When a matrix is not symmetric, or a diagonal entry is missing or not positive.
 * @throws {NotPositiveDefiniteError} When a matrix is not positive definite.
 *
 * @example A few steps on one matrix
 * ```ts
 * import { factorPreconditioner, gridLaplacian } from "@gradus/gradus/linalg";
 * import { learnedFactor, trainFactor } from "@gradus/gradus/network";
 * import { assert } from "@std/assert";
 *
 * const A = gridLaplacian(6, 6), { weights, before, after } = trainFactor([A], { steps: 20 });
 * const M = factorPreconditioner(learnedFactor(A, weights)); // for cg
 * assert(after < before && M.rows === 36);
 * ```
 */
export function trainFactor(matrices: readonly SparseMatrix[], options: TrainFactorOptions = {}): TrainedFactor {
  const { systems = 4, steps = 300, batchSize = 8, learningRate = 0.01, seed = 0 } = options, generator = rng(seed);
  const graphs = matrices.map(graphOf), first = graphs[0];
  const alike = (a: Vector, b: Vector): boolean => a.length === b.length && a.every((x, k) => x === b[k]);
  if (
    first === undefined ||
    !graphs.every((g) => g.n === first.n && alike(g.rows, first.rows) && alike(g.columns, first.columns))
  ) {
    throw new ShapeError(
      `Cannot ${VERB}: expected matrices of one pattern, got ${matrices.length === 0 ? "none" : "several"}`,
    );
  }
  const { n } = first, count = graphs.length;
  const solved = matrices.map((A): SolvedSystem[] => {
    const factor = sparseCholesky(A);
    return Array.from({ length: systems }, () => {
      const b = fillNormal(generator, new Float64Array(n));
      return { x: factor.solve(b), b };
    });
  });
  const scaled = (of: (system: SolvedSystem, root: number, i: number) => number): ad.NdArray => ({
    shape: [count, systems, n],
    data: Float64Array.from(
      solved.flatMap((list, k) => list.flatMap((s) => [...graphs[k].roots].map((r, i) => of(s, r, i)))),
    ),
  });
  const problem = ad.stochasticObjective<Block, Record<"entries" | "x" | "b", ad.Value>>(
    (w, { entries, x, b }) => factorError(w, first, entries, x, b),
    {
      entries: {
        rows: count,
        columns: first.rows.length,
        data: Float64Array.from(graphs.flatMap((g) => [...g.entries])),
      },
      x: scaled(({ x }, root, i) => x[i] * root),
      b: scaled(({ b }, root, i) => b[i] / root),
    },
    { layout: WEIGHTS, name: "learned factor" },
  );
  const start = initialWeights(generator), all = Uint32Array.from({ length: count }, (_, k) => k);
  const { x: weights } = solve(
    problem,
    adam({ learningRate: cosineDecay(learningRate, steps), batchSize: Math.min(batchSize, count) }),
    {
      start,
      seed,
      stop: iterations(steps),
    },
  );
  return { weights, before: problem.batchValue(start, all), after: problem.batchValue(weights, all) };
}

/** Uniform weights of the rounds, zeros where the factor is read out. */
function initialWeights(generator: ReturnType<typeof rng>): Vector {
  const x = new Float64Array(WEIGHTS.size);
  for (const { name, offset, shape } of WEIGHTS.blocks) {
    if (shape.length < 2) continue;
    const bound = name === "encode" ? 2 : Math.sqrt(3 / WIDTH / 2);
    for (let k = 0; k < shape[0] * shape[1]; k++) x[offset + k] = bound * (2 * uniform(generator) - 1);
  }
  return x;
}
