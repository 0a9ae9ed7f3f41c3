/**
 * Algebraic multigrid by smoothed aggregation, for symmetric positive definite A.
 *
 * Setup, from the finest level on: aggregates of strongly connected unknowns, the tentative prolongator T that
 * reproduces the near-nullspace, `P = (I - ω D⁻¹A) T`, and Galerkin's coarse matrix `Pᵀ A P`; the coarsest is factored
 * by Cholesky's method.
 *
 * ```
 * V-cycle for A x = b:   x = S b
 *                        x ← x + P (V-cycle for Pᵀ A P e = Pᵀ (b - A x))
 *                        x ← x + Sᵀ (b - A x)
 * ```
 *
 * S is a forward sweep of Gauss and Seidel (Sᵀ a backward one), a polynomial of Chebyshev in `D⁻¹A`, or damped Jacobi.
 * The cycle is a symmetric positive definite approximation of A⁻¹ at the cost of a few products with A.
 *
 * Source: Vaněk, Mandel and Brezina, Algebraic multigrid by smoothed aggregation for second and fourth order elliptic
 * problems (1996); convergence: Vaněk, Brezina and Mandel, Convergence of algebraic multigrid based on smoothed
 * aggregation (2001).
 *
 * @module
 */
import {
  DomainError,
  type LinearOperator,
  ShapeError,
  type SparseEntries,
  type SparseMatrix,
  sparseMatrix,
  type Vector,
} from "../../../core/mod.ts";
import { checkFiniteEntries, checkLength } from "../../matrices/checks.ts";
import { multiplySparse, toDense, transposeSparse } from "../../sparse/mod.ts";
import { checkSymmetricRows, reciprocalDiagonal, type SquareRows, squareRows } from "../square_rows.ts";
import { aggregate, strengthGraph } from "./aggregation.ts";
import { coarsestSolver } from "./coarsest.ts";
import { smoothedProlongator, tentativeProlongator } from "./prolongator.ts";
import { type Smoother, smoother, type SmootherName } from "./smoother.ts";

/** How to coarsen and how to smooth. */
export interface MultigridOptions {
  /**
   * Vectors that A nearly annihilates, as rigid motions of an elastic body. Default ones, for each unknown of a node
   * apart.
   */
  readonly nearNullspace?: readonly Vector[];
  /** How many consecutive unknowns belong to one node, which is not taken apart. Default 1. */
  readonly nodeSize?: number;
  /**
   * θ: a connection is strong when `|aᵢⱼ| > θ √(aᵢᵢ aⱼⱼ)`, on the finest level; half of that on each further one.
   * Default 0.08.
   */
  readonly strength?: number;
  /** S. Default `gauss-seidel`. */
  readonly smoother?: SmootherName;
  /** Sweeps of S; for Chebyshev the degree of its polynomial. Default 1. */
  readonly sweeps?: number;
  /** Matrices of at most this order are factored. Default 200. */
  readonly coarseSize?: number;
}

/** A V-cycle as a preconditioner, and the sizes of its levels. */
export interface Multigrid extends LinearOperator {
  /** The order of the matrix on each level. */
  readonly sizes: readonly number[];
  /** The number of entries on all levels together, as a multiple of that of A. */
  readonly complexity: number;
}

interface Level {
  readonly smoother: Smoother;
  readonly P: SparseMatrix;
  readonly residual: Vector;
  /** The right-hand side and the solution on the next level. */
  readonly b: Vector;
  readonly x: Vector;
}

const verb = "set up multigrid";

/** What does not coarsen is factored up to this order. */
const MOST_DENSE = 1000;

/**
 * Sets up levels and returns one V-cycle as an operator.
 *
 * @throws {ShapeError} When A is not square, or a vector of the near-nullspace or the node size does not fit.
 * @throws {DomainError} When A is not symmetric up to `1e-8 max |aᵢⱼ|`, a diagonal entry is not positive, or an option
 * is out of range.
 * @throws {NotPositiveDefiniteError} When the coarsest matrix has a negative eigenvalue. A semidefinite one passes: a
 * system with it has to have a solution, and conjugate gradients then find one.
 *
 * @example A Poisson equation in some steps, whatever the grid
 * ```ts
 * import { cg, gridLaplacian, multigrid } from "@gradus/gradus/linalg";
 * import { assert } from "@std/assert";
 *
 * const A = gridLaplacian(100, 100), b = new Float64Array(10_000).fill(1);
 * const { status, iterations } = cg(A, b, { preconditioner: multigrid(A) });
 * assert(status === "converged" && iterations < 20);
 * ```
 */
export function multigrid(A: SparseEntries, options: MultigridOptions = {}): Multigrid {
  const { nodeSize = 1, strength = 0.08, smoother: name = "gauss-seidel", sweeps = 1, coarseSize = 200 } = options;
  let rows = squareRows(verb, A), nodeStarts = nodesOf(rows.rows, nodeSize), threshold = strength;
  checkSymmetricRows(verb, rows);
  let nearNullspace = options.nearNullspace ?? constants(rows.rows, nodeSize);
  checkOptions(rows.rows, nearNullspace, strength, name, sweeps, coarseSize);
  const levels: Level[] = [], sizes: number[] = [], own = rows.values.length;
  let entries = 0;
  for (;;) {
    sizes.push(rows.rows);
    entries += rows.values.length;
    if (rows.rows <= coarseSize) break;
    const reciprocals = reciprocalDiagonal(verb, rows, true),
      next = coarsen(rows, nodeStarts, nearNullspace, threshold);
    if (!next) break;
    const { P, coarse } = next;
    levels.push({
      smoother: smoother(rows, reciprocals, name, sweeps),
      P,
      residual: new Float64Array(rows.rows),
      b: new Float64Array(coarse.rows),
      x: new Float64Array(coarse.rows),
    });
    rows = coarse;
    ({ nearNullspace, nodeStarts } = next);
    threshold /= 2;
  }
  const n = sizes[0], solve = coarsestSolver(toDense(rows)), copy = new Float64Array(n);
  const cycle = (depth: number, b: Vector, x: Vector): void => {
    if (depth === levels.length) return solve(b, x);
    const level = levels[depth], { residual } = level;
    level.smoother.before(b, x, residual);
    level.P.applyTranspose(residual, level.b);
    cycle(depth + 1, level.b, level.x);
    level.P.apply(level.x, residual);
    for (let i = 0; i < x.length; i++) x[i] += residual[i];
    level.smoother.after(b, x, residual);
  };
  const apply = (r: Vector, out: Vector): void => {
    if (out === r) copy.set(r);
    cycle(0, out === r ? copy : r, out);
  };
  return { rows: n, columns: n, sizes, complexity: entries / own, apply, applyTranspose: apply };
}

/**
 * The next level. Where aggregation does not make it much smaller, as for a diagonal matrix, there is none, or, if the
 * matrix is too large to be factored, an empty one, so that smoothing is all.
 */
function coarsen(
  A: SquareRows,
  nodeStarts: Uint32Array,
  nearNullspace: readonly Vector[],
  threshold: number,
): { P: SparseMatrix; coarse: SquareRows; nearNullspace: readonly Vector[]; nodeStarts: Uint32Array } | undefined {
  const graph = strengthGraph(A, nodeStarts, threshold);
  const tentative = tentativeProlongator(aggregate(graph), nodeStarts, nearNullspace), { T } = tentative;
  if (T.columns === 0 || T.columns > 0.9 * A.rows) {
    if (A.rows <= MOST_DENSE) return undefined;
    const none = new Uint32Array(0), rowStarts = new Uint32Array(A.rows + 1), values = new Float64Array(0);
    const P = sparseMatrix({ rows: A.rows, columns: 0, rowStarts, columnIndices: none, values });
    const coarse = { rows: 0, columns: 0, rowStarts: Uint32Array.of(0), columnIndices: none, values, diagonal: none };
    return { P, coarse, nearNullspace: [], nodeStarts: Uint32Array.of(0) };
  }
  const P = smoothedProlongator(A, graph, nodeStarts, T);
  const coarse = squareRows(verb, multiplySparse(transposeSparse(P), multiplySparse(A, P)));
  return { P, coarse, nearNullspace: tentative.nearNullspace, nodeStarts: tentative.nodeStarts };
}

/** For each unknown of a node a vector with ones there. */
function constants(n: number, nodeSize: number): Vector[] {
  return Array.from({ length: nodeSize }, (_, c) => Float64Array.from({ length: n }, (_, i) => +(i % nodeSize === c)));
}

function nodesOf(n: number, nodeSize: number): Uint32Array {
  if (!Number.isSafeInteger(nodeSize) || nodeSize < 1 || n % nodeSize !== 0) {
    throw new ShapeError(`Cannot ${verb}: expected a node size that divides ${n}, got ${nodeSize}`);
  }
  return Uint32Array.from({ length: n / nodeSize + 1 }, (_, k) => k * nodeSize);
}

function checkOptions(
  n: number,
  nearNullspace: readonly Vector[],
  strength: number,
  name: string,
  sweeps: number,
  coarseSize: number,
): void {
  const refuse = (what: string, got: unknown): never => {
    throw new DomainError(`Cannot ${verb}: expected ${what}, got ${got}`);
  };
  if (nearNullspace.length === 0 || nearNullspace.length > 255) refuse("some vectors", nearNullspace.length);
  for (const b of nearNullspace) {
    checkLength(verb, "a vector of the near-nullspace", b, n);
    checkFiniteEntries(verb, b);
  }
  if (!(strength >= 0 && strength < 1)) refuse("a strength in [0, 1)", strength);
  if (!["gauss-seidel", "chebyshev", "jacobi"].includes(name)) refuse("a smoother by its name", name);
  if (!Number.isSafeInteger(sweeps) || sweeps < 1) refuse("a positive number of sweeps", sweeps);
  if (!Number.isSafeInteger(coarseSize) || coarseSize < 1) refuse("a positive coarse size", coarseSize);
}
