/**
 * Control of a Poisson equation: a quadratic objective under linear equations, as many as there are points of a grid.
 *
 * Source: Hong, Na, Mahoney and Kolar, Constrained optimization via exact augmented Lagrangian and randomized iterative
 * sketching (2023), arXiv 2305.18379, its third experiment.
 *
 * @module
 */
import type { TwiceEqualityConstrained } from "../constrained/mod.ts";
import { axpy, DomainError, type Instance, type Vector } from "../core/mod.ts";
import { gridLaplacian, toDense } from "../linalg/mod.ts";

/** The weight of the control in the objective. */
const WEIGHT = 0.1;

/**
 * Over states W and controls Z on the N x N inner points of a grid on `[-1, 1]²`, zero on the boundary: minimize
 * `½ |W - D|² + 0.05 |Z|²` subject to `ΔW + Z = 0`, from ones. Δ takes the five points of the cross, at distance
 * `h = 2/(N + 1)`; `Dᵢⱼ = sin(4 + a (i - (N + 1)/2)) + cos(3 + a (j - (N + 1)/2))` with `a = 0.1/√15`. The variables
 * are W, row by row, and then Z.
 *
 * @throws {DomainError} When N is no positive integer.
 *
 * @example Newton's method needs one step
 * ```ts
 * import { adaSketchNewton, exactSystem } from "@gradus/gradus/constrained";
 * import { solve } from "@gradus/gradus/core";
 * import { poissonControl } from "@gradus/gradus/problems";
 * import { assertEquals } from "@std/assert";
 *
 * const { problem, start } = poissonControl(3);
 * assertEquals(solve(problem, adaSketchNewton({ system: exactSystem() }), { start }).iterations, 1);
 * ```
 */
export function poissonControl(N: number): Instance<TwiceEqualityConstrained> {
  if (!Number.isSafeInteger(N) || N < 1) {
    throw new DomainError(`Cannot make a problem of control: expected a positive number of points, got ${N}`);
  }
  const m = N * N, dimension = 2 * m, scale = -((N + 1) ** 2) / 4, name = `PoissonControl${N}`;
  const laplacian = gridLaplacian(N, N), desired = new Float64Array(m), a = 0.1 / Math.sqrt(15), middle = (N + 1) / 2;
  for (let i = 0; i < N; i++) {
    for (let j = 0; j < N; j++) {
      desired[i * N + j] = Math.sin(4 + a * (i + 1 - middle)) + Math.cos(3 + a * (j + 1 - middle));
    }
  }
  const value = (x: Vector): number => {
    let states = 0, controls = 0;
    for (let k = 0; k < m; k++) {
      states += (x[k] - desired[k]) ** 2;
      controls += x[m + k] ** 2;
    }
    return (states + WEIGHT * controls) / 2;
  };
  const apply = (x: Vector, out: Vector): void => {
    laplacian.apply(x.subarray(0, m), out);
    for (let k = 0; k < m; k++) out[k] = scale * out[k] + x[m + k];
  };
  return {
    name,
    problem: {
      kind: "constrained",
      name,
      objective: {
        kind: "smooth",
        dimension,
        value,
        gradient: (x, out) => {
          for (let k = 0; k < m; k++) {
            out[k] = x[k] - desired[k];
            out[m + k] = WEIGHT * x[m + k];
          }
          return value(x);
        },
        hessianVector: (_x, v, out) => {
          for (let k = 0; k < m; k++) {
            out[k] = v[k];
            out[m + k] = WEIGHT * v[m + k];
          }
        },
      },
      constraints: {
        equality: {
          components: m,
          value: apply,
          jacobianVector: (_x, v, out) => apply(v, out),
          jacobianTransposeVector: (_x, w, out) => {
            const overW = out.subarray(0, m);
            laplacian.apply(w, overW);
            for (let k = 0; k < m; k++) {
              overW[k] *= scale;
              out[m + k] = w[k];
            }
          },
          jacobian: (_x, { data }) => {
            const { data: dense } = toDense(laplacian);
            data.fill(0);
            for (let k = 0; k < m; k++) {
              axpy(scale, dense.subarray(k * m, (k + 1) * m), data.subarray(k * dimension, k * dimension + m));
              data[k * dimension + m + k] = 1;
            }
          },
          hessianVector: (_x, _w, _v, out) => void out.fill(0),
        },
      },
    },
    start: new Float64Array(dimension).fill(1),
    minima: [],
  };
}
