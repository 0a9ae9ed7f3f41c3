/**
 * The search for a graph without cycles as a smooth problem with one constraint.
 *
 * ```
 * minimize ½ tr (I - W)ᵀ S (I - W)  subject to  h(W ∘ W) = 0,  S = XᵀX/n
 * ```
 *
 * The derivative of h vanishes wherever the constraint holds, so that multipliers grow without bound: an augmented
 * Lagrangian method is stopped when h is small.
 *
 * Source: Zheng, Aragam, Ravikumar and Xing, DAGs with NO TEARS: continuous optimization for structure learning (2018),
 * arXiv 1803.01422, equations (5) and (6).
 *
 * @module
 */
import type { Constrained, Instance, Matrix, Vector } from "../../core/mod.ts";
import { matmul, matrix } from "../../linalg/mod.ts";
import { acyclicity, type AcyclicityForm } from "./acyclicity.ts";
import { graphData } from "./graph_data.ts";

/**
 * NOTEARS with least squares: d² variables, W row by row, of which those on the diagonal do not count. Columns are
 * centred. It starts at W = 0.
 *
 * @param X Observations in rows, n x d.
 * @param form Which function is h. Default `exponential`, as in the source.
 * @throws {DomainError} When the data are not finite, or have more columns than rows.
 *
 * @example The constraint is what stands against a cycle
 * ```ts
 * import { measures } from "@gradus/gradus/core";
 * import { notears } from "@gradus/gradus/exact";
 * import { matrix } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { problem } = notears(matrix([[-1, 0], [0, 1], [1, -1]]));
 * const { value, primalFeasibility } = measures(problem, { x: Float64Array.of(0, 1, 1, 0) });
 * assertAlmostEquals(value, 2); // |x - y|²/6 for both columns
 * assertAlmostEquals(primalFeasibility, 2 * Math.cosh(1) - 2);
 * ```
 */
export function notears(
  X: Matrix,
  form: Exclude<AcyclicityForm, "log-det"> = "exponential",
): Instance<Constrained> {
  const { S } = graphData("state NOTEARS", X, 0), d = X.columns, n = d * d;
  const squares = matrix(d, d), error = matrix(d, d), product = matrix(d, d);
  /** `S (I - W)`, and the objective. */
  const loss = (x: Vector): number => {
    for (let k = 0; k < n; k++) error.data[k] = k % (d + 1) === 0 ? 1 : -x[k];
    matmul(S, error, product);
    let sum = 0;
    for (let k = 0; k < n; k++) sum += error.data[k] * product.data[k];
    return sum / 2;
  };
  const cycles = (x: Vector): ReturnType<typeof acyclicity> => {
    for (let k = 0; k < n; k++) squares.data[k] = k % (d + 1) === 0 ? 0 : x[k] * x[k];
    return acyclicity(squares, { form });
  };
  const name = `NOTEARS ${d}`;
  return {
    name,
    problem: {
      kind: "constrained",
      name,
      objective: {
        kind: "smooth",
        dimension: n,
        value: loss,
        gradient: (x, out) => {
          const value = loss(x);
          for (let k = 0; k < n; k++) out[k] = k % (d + 1) === 0 ? 0 : -product.data[k];
          return value;
        },
      },
      constraints: {
        equality: {
          components: 1,
          value: (x, out) => void (out[0] = cycles(x).value),
          jacobianVector: (x, v, out) => {
            const { gradient } = cycles(x);
            let sum = 0;
            for (let k = 0; k < n; k++) if (k % (d + 1) !== 0) sum += 2 * x[k] * gradient.data[k] * v[k];
            out[0] = sum;
          },
          jacobianTransposeVector: (x, w, out) => {
            const { gradient } = cycles(x);
            for (let k = 0; k < n; k++) out[k] = k % (d + 1) === 0 ? 0 : 2 * x[k] * gradient.data[k] * w[0];
          },
        },
      },
    },
    start: new Float64Array(n),
    minima: [],
  };
}
