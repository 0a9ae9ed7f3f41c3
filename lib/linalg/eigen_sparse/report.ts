/**
 * The report of a solver of eigenvalue problems.
 *
 * @module
 */
import type { EigenReport } from "./solution.ts";

/** What became of k pairs with these residuals, computed from the vectors, where `asked` was enough. */
export function report(
  k: number,
  residuals: ArrayLike<number>,
  asked: number,
  iterations: number,
  limit: number,
  products: number,
): EigenReport {
  const all = Float64Array.from(residuals), small = all.filter((residual) => residual <= asked).length;
  const finite = all.length === k && all.every((residual) => residual < Infinity);
  const status = small === k
    ? "converged"
    : !finite
    ? "non-finite"
    : iterations >= limit
    ? "iteration-limit"
    : "stagnated";
  const message = `${small} of ${k} converged after ${iterations} restarts or iterations and ${products} products: ` +
    `residuals of up to ${Math.max(0, ...all).toExponential(2)}, asked for ${asked.toExponential(2)}`;
  return { residuals: all, status, message, iterations, products };
}
