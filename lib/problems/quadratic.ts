/**
 * Strongly convex quadratics of which everything is known.
 *
 * @module
 */
import { DomainError, type Instance, type TwiceSmooth, vector } from "../core/mod.ts";

/**
 * The diagonal quadratic `f(x) = ½ Σ λᵢ xᵢ²` with the given eigenvalues, from `(1, …, 1)`. Its constants are
 * `L = max λᵢ` and `μ = min λᵢ`; its minimum is 0 at the origin.
 *
 * @param eigenvalues The `λᵢ`, all positive; their number is the dimension.
 * @throws {DomainError} On an empty list, or an eigenvalue that is not a positive finite number.
 *
 * @example Constants for accelerated methods
 * ```ts
 * import { quadratic } from "@gradus/gradus/problems";
 * import { assertEquals } from "@std/assert";
 *
 * const { problem, start } = quadratic([1, 4, 9]);
 * assertEquals(problem.value(start), 7);
 * assertEquals(problem.constants, { smoothness: 9, strongConvexity: 1 });
 * ```
 */
export function quadratic(eigenvalues: ArrayLike<number>): Instance<TwiceSmooth> {
  const lambda = vector(eigenvalues, eigenvalues.length, "eigenvalues"), n = lambda.length;
  let smoothness = 0, strongConvexity = Infinity;
  for (let i = 0; i < n; i++) {
    if (lambda[i] <= 0) {
      throw new DomainError(`Cannot make a quadratic: expected positive eigenvalues, got ${lambda[i]} at ${i}`);
    }
    smoothness = Math.max(smoothness, lambda[i]);
    strongConvexity = Math.min(strongConvexity, lambda[i]);
  }
  if (n === 0) throw new DomainError("Cannot make a quadratic: expected at least one eigenvalue, got none");
  const name = `Quadratic${n} with condition ${Number((smoothness / strongConvexity).toPrecision(6))}`;
  const problem: TwiceSmooth = {
    kind: "smooth",
    name,
    dimension: n,
    constants: { smoothness, strongConvexity },
    value: (x) => {
      let s = 0;
      for (let i = 0; i < n; i++) s += lambda[i] * x[i] * x[i];
      return s / 2;
    },
    gradient: (x, out) => {
      let s = 0;
      for (let i = 0; i < n; i++) {
        const xi = x[i], g = lambda[i] * xi;
        out[i] = g;
        s += g * xi;
      }
      return s / 2;
    },
    hessianVector: (_x, v, out) => {
      for (let i = 0; i < n; i++) out[i] = lambda[i] * v[i];
    },
  };
  return { name, problem, start: new Float64Array(n).fill(1), minima: [0] };
}
