/**
 * Where a solver begins: the start with its value and gradient.
 *
 * @module
 */
import { normInf, type Smooth, type Vector } from "../core/mod.ts";

/** A copy of the start, and what one call of the gradient says of it: the part that most states begin with. */
export function evaluated(
  problem: Smooth,
  start: Vector,
): { x: Vector; value: number; estimate: number; readonly gradient: Vector } {
  const x = start.slice(), gradient = new Float64Array(x.length), value = problem.gradient(x, gradient);
  return { x, value, estimate: normInf(gradient), gradient };
}
