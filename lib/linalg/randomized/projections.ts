/**
 * The loop around projections of x onto some of the equations of a system.
 *
 * @module
 */
import { type Matrix, norm2, type SparseMatrix, type Vector } from "../../core/mod.ts";
import { opening } from "../krylov/iteration.ts";
import type { IterativeOptions, IterativeSolution, IterativeStatus } from "../krylov/mod.ts";
import { operatorOf } from "../operators/mod.ts";

/** What methods of projections take. */
export type ProjectionLimits = Pick<IterativeOptions, "tolerance" | "absolute" | "maxIterations" | "start">;

/** A projection of x, in place, onto the equations drawn next. */
export type Projection = (x: Vector) => void;

/** Projects until the residual, computed after each `sweep` of projections, is as small as asked. */
export function projectUntil(
  verb: string,
  A: Matrix | SparseMatrix,
  b: Vector,
  limits: ProjectionLimits,
  limit: number,
  sweep: number,
  projectionFor: () => Projection,
): IterativeSolution {
  const m = A.rows, operator = "data" in A ? operatorOf(A) : A;
  const { x, target, maxIterations } = opening(verb, A, b, limit, limits);
  const project = projectionFor(), r = new Float64Array(m), residuals: number[] = [];
  let iterations = 0, status: IterativeStatus | undefined, residual = 0;
  for (;;) {
    operator.apply(x, r);
    for (let i = 0; i < m; i++) r[i] = b[i] - r[i];
    residual = norm2(r);
    residuals.push(residual);
    if (residual <= target) status = "converged";
    else if (!(residual < Infinity)) status = "non-finite";
    else if (iterations >= maxIterations) status = "iteration-limit";
    if (status) break;
    const until = Math.min(iterations + sweep, maxIterations);
    for (; iterations < until; iterations++) project(x);
  }
  const message = `|b - A x| = ${residual.toExponential(2)} after ${iterations} projections, asked for ` +
    target.toExponential(2);
  const followed = Float64Array.from(residuals);
  return { x, status, message, iterations, products: residuals.length, residual, residuals: followed };
}
