// What tests of iterative solvers share.
import { assert } from "@std/assert";
import { type LinearOperator, norm2, type Vector } from "../../../lib/core/mod.ts";
import type { IterativeSolution } from "../../../lib/linalg/mod.ts";
import { numbers } from "../families.ts";

/** `b - A x`. */
export function residualOf(A: LinearOperator, x: Vector, b: Vector): Vector {
  const r = new Float64Array(b.length);
  A.apply(x, r);
  return r.map((entry, i) => b[i] - entry);
}

/** `A x`. */
export function product(A: LinearOperator, x: Vector): Vector {
  const out = new Float64Array(A.rows);
  A.apply(x, out);
  return out;
}

/** Numbers within (-1, 1). */
export function noise(n: number, seed: number): Vector {
  const next = numbers(seed);
  return Float64Array.from({ length: n }, next);
}

/** Whether what a solution says of its residual is true; a converged one has to be as good as asked. */
export function assertHonest(
  A: LinearOperator,
  b: Vector,
  solution: IterativeSolution,
  tolerance: number,
  name = "",
): void {
  const { x, status, residual, residuals, iterations } = solution, truth = norm2(residualOf(A, x, b));
  assert(Math.abs(residual - truth) <= 1e-12 * truth + 1e-300, `${name}: says ${residual}, is ${truth}`);
  if (status === "converged") {
    assert(truth <= tolerance * norm2(b) * (1 + 1e-12), `${name}: converged at ${truth / norm2(b)}`);
  }
  assert(residuals.length === iterations + 1, `${name}: ${residuals.length} residuals of ${iterations} iterations`);
  assert(residuals[iterations] === residual, name);
}

/** The slope of the logarithms of values over the iterations from `from` up to `to`. */
export function slopeOf(values: Vector, from: number, to: number): number {
  return Math.log(values[to] / values[from]) / (to - from);
}
