/**
 * Taylor mode: the coefficients of `t ↦ f(x(t))` for a curve x(t), all orders at once.
 *
 * @module
 */
import { ShapeError } from "../../core/mod.ts";
import { callerLine } from "../errors.ts";
import { sharing } from "../node.ts";
import type { Tangent } from "../primitive.ts";
import { zeros } from "../primitives/structure.ts";
import { type ArrayFunction, checkedLeaves, conclude, freshLike, shaped, traceAt } from "../transform.ts";
import type { Tree } from "../tree.ts";
import { PowerSeries } from "./series.ts";

/** A value and Taylor coefficients. */
export interface Jet {
  /** `y₀ = f(x)`. */
  readonly value: Tree;
  /** `y₁, …, yₖ`, each in the form of the value. */
  readonly series: readonly Tree[];
}

/**
 * The Taylor coefficients of f along a curve: for `x(t) = x + x₁ t + … + xₖ tᵏ` those of
 * `f(x(t)) = y + y₁ t + … + yₖ tᵏ + O(tᵏ⁺¹)`, at `O(k²)` times the cost of f.
 *
 * These are coefficients, not derivatives: the derivative of order j is `j! yⱼ`. With `x₁ = v` alone, the others zero,
 * `j! yⱼ` is the derivative `Dʲf[v, …, v]` of order j along v.
 *
 * @param f A function of one argument, an array or a tuple or record of arrays.
 * @param series `x₁, …, xₖ`, each in the form of x; null stands for zero, of which nothing is computed.
 * @throws {ShapeError} When there is no coefficient, or one has not the form of x.
 *
 * @example The third derivative of the exponential
 * ```ts
 * import { exp, jet, type Operand } from "@gradus/gradus/autodiff";
 * import { assertEquals } from "@std/assert";
 *
 * const { value, series } = jet((x: Operand) => exp(x), 0, [1, null, null]);
 * assertEquals([value, series], [1, [1, 1 / 2, 1 / 6]]);
 * ```
 */
export function jet(f: ArrayFunction, x: Tree, series: readonly (Tree | null)[]): Jet {
  if (series.length === 0) {
    throw new ShapeError(`Cannot compute Taylor coefficients: expected at least one, got none${callerLine()}`);
  }
  return sharing(() => {
    const { outputs, result, variables, operands } = traceAt(f, [x], 1);
    const given = series.map((term) =>
      term === null ? [] : checkedLeaves("compute Taylor coefficients", term, variables)
    );
    const terms = series.map((term) => term === null ? [] : freshLike(variables)), order = series.length;
    const seeds = new Map(variables.map((node, i) => [node, [node, ...terms.map((term): Tangent => term[i])]]));
    const found = new PowerSeries(seeds, order).of(outputs);
    const nodes = [];
    for (let k = 0; k <= order; k++) nodes.push(...found.map((terms, i) => terms[k] ?? zeros(outputs[i].shape)));
    const all = conclude(nodes, [...variables, ...terms.flat()], [...operands, ...given.flat()]);
    const tree = (k: number): Tree => shaped(result, all.slice(k * outputs.length, (k + 1) * outputs.length));
    return { value: tree(0), series: series.map((_, k) => tree(k + 1)) };
  });
}
