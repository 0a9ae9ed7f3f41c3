/**
 * Solvers of Newton's systems `K z = b`, K symmetric and indefinite of order N, as exactly as a method asks.
 *
 * Operations are counted by formulas: q N² multiplications and additions for `S K` with q full rows, 2 q² N for its
 * Gram matrix, and so on.
 *
 * @module
 */
import { checkChoice, DomainError, type Matrix, norm2, type Options, type Rng, type Vector } from "../core/mod.ts";
import {
  gaussianSketch,
  gmres,
  ldlt,
  operatorOf,
  rowSketch,
  sketchAndProject,
  type SketchMaker,
} from "../linalg/mod.ts";
import type { SystemWork } from "./kkt.ts";

/** A system, and how well it is to be solved. */
export interface NewtonSystem {
  /** K, symmetric, of order N. */
  readonly K: Matrix;
  /** b. */
  readonly b: Vector;
  /** The approximate solution so far, to be improved in place. */
  readonly z: Vector;
  /** `|K z - b|` is to be at most this. */
  readonly goal: number;
  /** Draws what is random. */
  readonly generator: Rng;
  /** What the solution costs is added here. */
  readonly work: SystemWork;
}

/** How Newton's systems are solved. */
export interface SystemSolver {
  /** A name for tables. */
  readonly name: string;
  /** The options it was made with. */
  readonly options: Options;
  /** Improves z up to the goal, as well as it can. */
  improve(system: NewtonSystem): void;
}

/** `K = P L D Lᵀ Pᵀ`: the solution up to rounding. Where K is singular z stays as it is. */
export function exactSystem(): SystemSolver {
  return { name: "LDLᵀ", options: { system: "exact" }, improve: exactly };
}

function exactly({ K, b, z, work }: NewtonSystem): void {
  const factors = ldlt(K), N = K.rows;
  work.innerSteps++;
  work.flops += N ** 3 / 3 + 2 * N ** 2;
  if (factors.zeroPivot < 0) z.set(factors.solve(b));
}

/** Options of `gmresSystem`. */
export interface GmresSystemOptions {
  /** The number of vectors that are kept. Default 200, or N if that is less. */
  readonly restart?: number;
}

/** GMRES, at most 10 N iterations; what it does not finish is factored. */
export function gmresSystem({ restart = 200 }: GmresSystemOptions = {}): SystemSolver {
  return {
    name: "GMRES",
    options: { system: "gmres", restart },
    improve: (system) => {
      const { K, b, z, goal, work } = system;
      const N = K.rows, found = gmres(operatorOf(K), b, { start: z, tolerance: 0, absolute: goal, restart });
      const length = Math.min(found.iterations, restart, N);
      work.innerSteps += found.iterations;
      work.flops += 2 * N ** 2 * found.products + 2 * N * found.iterations * (length + 1);
      if (found.residual <= goal) {
        z.set(found.x);
        return;
      }
      work.fallbacks++;
      exactly(system);
    },
  };
}

/** Which random combinations of the equations of K are looked at in a step. */
export type SketchRule =
  | "uniform-row"
  | "row-by-norm"
  | "gaussian"
  | "block-gaussian"
  | "block-rows";

const sketches: readonly SketchRule[] = ["uniform-row", "row-by-norm", "gaussian", "block-gaussian", "block-rows"];

/** Options of `sketchedSystem`. */
export interface SketchedSystemOptions {
  /**
   * What a step sees: one equation, drawn uniformly or with probability in proportion to its squared norm (Kaczmarz's
   * method); one Gaussian combination; q Gaussian combinations; q distinct equations. Default `block-rows`, which takes
   * no products with K.
   */
  readonly sketch?: SketchRule;
  /** q, of the last two. Default N/8, at least 8. Blocks of all N equations are no sketches: K is factored. */
  readonly sketchSize?: number;
  /**
   * The most steps for one system, after which the block of all equations is taken, which is to say K is factored.
   * Default 1e5, of blocks 1e5/q.
   */
  readonly maxSteps?: number;
}

/**
 * Sketch and project: random combinations of equations, a few in a step.
 *
 * Source: Hong, Na, Mahoney and Kolar, Constrained optimization via exact augmented Lagrangian and randomized iterative
 * sketching (2023), arXiv 2305.18379.
 *
 * @throws {DomainError} When a number is no positive integer, or the sketch none of those.
 */
export function sketchedSystem(options: SketchedSystemOptions = {}): SystemSolver {
  const { sketch = "block-rows", sketchSize, maxSteps } = options, isBlock = sketch.startsWith("block");
  checkChoice("solve systems by sketches", "a sketch", sketch, sketches);
  for (const count of [sketchSize ?? 1, maxSteps ?? 1]) {
    if (Number.isSafeInteger(count) && count >= 1) continue;
    throw new DomainError(`Cannot solve systems by sketches: expected a size and steps of at least 1, got ${count}`);
  }
  return {
    name: isBlock && sketchSize ? `${sketch} ${sketchSize}` : sketch,
    options: {
      system: "sketched",
      sketch,
      ...(isBlock && sketchSize && { sketchSize }),
      ...(maxSteps && { maxSteps }),
    },
    improve: (system) => {
      const { rows: N } = system.K;
      const size = isBlock ? Math.min(sketchSize ?? Math.max(8, Math.ceil(N / 8)), N) : 1;
      if (size === N) return exactly(system);
      if (project(system, sketch, size, maxSteps ?? Math.ceil(1e5 / size))) return;
      system.work.fallbacks++;
      exactly(system);
    },
  };
}

function makerFor(sketch: SketchRule, K: Matrix): SketchMaker {
  if (sketch === "gaussian" || sketch === "block-gaussian") return gaussianSketch;
  if (sketch === "row-by-norm") {
    const { rows: N, data } = K, weights = new Float64Array(N);
    for (let i = 0; i < N; i++) weights[i] = norm2(data.subarray(i * N, (i + 1) * N)) ** 2;
    return (s, n, random) => rowSketch(s, n, random, { weights });
  }
  return (s, n, random) => rowSketch(s, n, random, { distinct: sketch === "block-rows" });
}

/** Improves z by at most so many projections with sketches of q rows; returns whether the goal was reached. */
function project(
  { K, b, z, goal, generator, work }: NewtonSystem,
  rule: SketchRule,
  q: number,
  maxIterations: number,
): boolean {
  const N = K.rows, sketch = makerFor(rule, K);
  const limits = { start: z, tolerance: 0, absolute: goal, maxIterations };
  const found = sketchAndProject(K, b, { sketch, sketchSize: q, generator, ...limits });
  const product = rule.endsWith("gaussian") ? 2 * q * N * (N + 1) : q * N; // S K and S b
  const projection = 4 * q * N + q ** 2 * N + q ** 3 / 3 + 2 * q ** 2;
  work.innerSteps += found.iterations;
  work.flops += found.iterations * (product + projection) + found.products * 2 * N ** 2;
  z.set(found.x);
  return found.residual <= goal;
}
