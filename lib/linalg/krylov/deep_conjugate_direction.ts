/**
 * Conjugate directions that somebody else proposes, for instance a trained network, for `A x = b`, A symmetric positive
 * definite.
 *
 * ```
 * d = f(r/|r|),   d ← d - Σ (dᵀA e)/(eᵀA e) e over the directions e that are kept
 * α = rᵀd / dᵀA d,   x ← x + α d,   r ← r - α A d
 * ```
 *
 * Whatever f is, α is the best step along d, so the error in the norm of A never grows. With `f(r) = r` and two
 * directions kept, or one, this is conjugate gradients; with `f(r) = c A⁻¹r` it takes one iteration.
 *
 * Source: Kaneda, Akar, Chen, Kala, Hyde and Teran, A Deep Conjugate Direction Method for Iteratively Solving Linear
 * Systems (2022), arXiv 2205.10763, algorithm 1.
 *
 * @module
 */
import { axpy, dot, type LinearOperator, norm2, type Vector } from "../../core/mod.ts";
import { checkCount, checkSquareOperator, Iteration } from "./iteration.ts";
import type { IterativeOptions, IterativeSolution } from "./solution.ts";

/** Writes a direction for a residual of length 1 into `out`; scale and sign do not matter. */
export type ProposeDirection = (residual: Vector, out: Vector) => void;

/** Who proposes directions, and what is kept of them. */
export interface DeepConjugateDirectionOptions extends Omit<IterativeOptions, "preconditioner"> {
  /** f. */
  readonly direction: ProposeDirection;
  /**
   * Directions to which the next one is made conjugate, two vectors each: the last so many, `Infinity` for all. Default
   * 2, as in the paper; proposals that are no linear and symmetric function of the residual lose conjugacy beyond the
   * window.
   */
  readonly memory?: number;
}

/** A direction that keeps less than this share of its length after it is made conjugate is nothing new. */
const NOTHING = 2 ** -48;

/** A direction and its image. */
interface Kept {
  readonly d: Vector;
  readonly image: Vector;
  /** `dᵀA d`. */
  curvature: number;
}

/**
 * Solves `A x = b` along proposed directions, at most 10 n iterations by default. A direction of no positive curvature
 * ends the solve as `indefinite`, one that vanishes or lies in the span of those kept as `breakdown`. Symmetry is not
 * checked.
 *
 * @throws {ShapeError} When A is not square, or b or the start does not fit.
 * @throws {DomainError} When b or the start is not finite, or an option is out of range.
 *
 * @example A proposal that is almost the inverse
 * ```ts
 * import { deepConjugateDirection, diagonalOperator } from "@gradus/gradus/linalg";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const a = Float64Array.from({ length: 100 }, (_, i) => 1 + i), b = new Float64Array(100).fill(1);
 * const direction = (r: Float64Array, out: Float64Array): void => {
 *   for (let i = 0; i < 100; i++) out[i] = r[i] / a[i] + 0.05 * r[99 - i] / a[99]; // neither symmetric nor exact
 * };
 * const { status, iterations } = deepConjugateDirection(diagonalOperator(a), b, { direction });
 * assertEquals(status, "converged");
 * assert(iterations <= 12);
 * ```
 */
export function deepConjugateDirection(
  A: LinearOperator,
  b: Vector,
  { direction, memory = 2, ...options }: DeepConjugateDirectionOptions,
): IterativeSolution {
  const verb = "solve along proposed directions", n = b.length;
  checkSquareOperator(verb, "an operator", A, n);
  if (memory !== Infinity) checkCount(verb, "memory", memory);
  const run = new Iteration(verb, A, b, options, 10 * n), unit = new Float64Array(n);
  while (run.begins()) iterate(run, direction, memory, unit);
  return run.solution();
}

/** Steps from the residual at hand until the recursion has seen enough. */
function iterate(run: Iteration, propose: ProposeDirection, memory: number, unit: Vector): void {
  const { x, r } = run, n = x.length, kept: Kept[] = [];
  let norm = run.reference;
  for (let k = 0;; k++) {
    for (let i = 0; i < n; i++) unit[i] = r[i] / norm;
    // the oldest gives its memory, once there is none left
    const next = k > memory ? kept.shift()! : { d: new Float64Array(n), image: new Float64Array(n), curvature: 0 };
    const { d, image } = next;
    propose(unit, d);
    const length = norm2(d);
    for (const e of kept) axpy(-dot(d, e.image) / e.curvature, e.d, d);
    const remains = norm2(d);
    if (!(remains > NOTHING * length)) {
      return run.fail(remains, "breakdown", "the proposed direction is zero or in the span of those kept");
    }
    run.apply(d, image);
    const curvature = next.curvature = dot(d, image), flat = Number.EPSILON * remains * norm2(image);
    if (!(curvature > flat)) return run.failCurvature(curvature, flat, "d");
    const alpha = dot(r, d) / curvature;
    axpy(alpha, d, x);
    axpy(-alpha, image, r);
    kept.push(next);
    norm = norm2(r);
    if (!run.follows(norm)) return;
  }
}
