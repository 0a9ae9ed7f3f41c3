/**
 * Sparsity-constrained transport: quadratic regularization, and no more than k positive entries in a column of the
 * plan, by its semi-dual or its dual.
 *
 * ```
 * min <C, P> + γ/2 |P|²   with the marginals a, b and at most k entries in each column of P
 *
 * semi-dual   max over α of      aᵀα - Σⱼ φⱼ(α - cⱼ),   ∇ = a - T1,   column tⱼ = the k largest of (α - cⱼ)/γ
 *                                projected on { t >= 0, Σ t = bⱼ }
 * dual        max over α, β of   aᵀα + bᵀβ - 1/(2γ) Σⱼ Σᵢ over k largest [αᵢ + βⱼ - Cᵢⱼ]₊²,   ∇ = (a - T1, b - Tᵀ1),
 *                                T = the k largest of [αᵢ + βⱼ - Cᵢⱼ]₊/γ
 * ```
 *
 * Both have the same maximum, the value of a convex relaxation. Where k is at least the number of entries that the best
 * plan without the constraint has, the relaxation is exact; below, the plan at the maximum may miss the row sums, and
 * the run ends with what is left as its measure.
 *
 * Source: Liu, Puigcerver and Blondel, Sparsity-constrained optimal transport (2022), arXiv 2209.15466, sections 4 and
 * 5.
 *
 * @module
 */
import {
  checkChoice,
  type ColumnValue,
  columnValues,
  largestEntries,
  type Matrix,
  type Quadratic,
  type Smooth,
  type Solver,
  type State,
  type Transport,
  type Vector,
} from "../core/mod.ts";
import { backtracking, bfgs, type BfgsMemory, type DescentState } from "../smooth/mod.ts";
import type { ExactTransport } from "./cost.ts";

/** A transport problem with a quadratic regularizer. */
export type QuadraticTransport = Transport & { readonly regularizer: Quadratic };

/**
 * The problem with `γ/2 |P|²`, and with a number of entries that no column may exceed.
 *
 * @param problem The problem without.
 * @param strength γ.
 * @param columnEntries k; all sources if left out.
 */
export function withSparsity(problem: ExactTransport, strength: number, columnEntries?: number): QuadraticTransport {
  const k = columnEntries === undefined ? {} : { columnEntries };
  return { ...problem, regularizer: { type: "quadratic", strength, ...k } };
}

/** Options of `sparsityConstrainedTransport`. */
export interface SparsityConstrainedOptions {
  /** What is maximized. Default `semi-dual`. */
  readonly formulation?: "semi-dual" | "dual";
}

/** The state: that of BFGS on the negative of the (semi-)dual. */
export interface SparsityConstrainedState extends State {
  /** `α`, or `α` and `β`, and what BFGS knows. */
  readonly descent: DescentState<BfgsMemory>;
}

/**
 * Sparsity-constrained transport by BFGS under backtracking, which gets past the kinks that the (semi-)dual has for
 * small k, where L-BFGS stops a hundredth short. A step costs O(m²), an evaluation O(mn log k).
 *
 * @example One entry in a column: every target has a single source
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { matrix } from "@gradus/gradus/linalg";
 * import { groundCost, sparsityConstrainedTransport, transportProblem, withSparsity } from "@gradus/gradus/transport";
 * import { assertEquals } from "@std/assert";
 *
 * const cost = groundCost(matrix([[0], [1]]), matrix([[0.1], [0.2], [0.9], [1]]));
 * const problem = withSparsity(transportProblem(cost), 0.1, 1);
 * const { plan } = solve(problem, sparsityConstrainedTransport(), { start: [0, 0] }).point;
 * assertEquals(Array.from(plan!.data, (p) => p > 0), [true, true, false, false, false, false, true, true]);
 * ```
 */
export function sparsityConstrainedTransport(
  options: SparsityConstrainedOptions = {},
): Solver<QuadraticTransport, SparsityConstrainedState> {
  const { formulation = "semi-dual" } = options,
    inner = bfgs({ search: backtracking() }),
    duals = new WeakMap<QuadraticTransport, Dual>();
  checkChoice("run sparsity-constrained transport", "a formulation", formulation, ["semi-dual", "dual"]);
  const dualOf = (problem: QuadraticTransport): Dual => {
    let made = duals.get(problem);
    if (!made) duals.set(problem, made = dual(problem, formulation === "dual"));
    return made;
  };
  const settle = (problem: QuadraticTransport, state: SparsityConstrainedState): void => {
    state.x.set(state.descent.x.subarray(0, problem.source.length));
    if (state.descent.stop) state.stop = state.descent.stop;
  };
  return {
    name: `sparsity-constrained transport (${formulation})`,
    options: { formulation },
    reference: {
      title: "Sparsity-constrained optimal transport",
      authors: "Liu, Puigcerver, Blondel",
      year: 2022,
      identifier: "arXiv:2209.15466",
    },
    needs: [],
    init: (problem, { x }, context) => {
      const { smooth } = dualOf(problem), z = new Float64Array(smooth.dimension);
      z.set(x);
      return { x: x.slice(), value: NaN, descent: inner.init(smooth, { x: z }, context) };
    },
    step(problem, state) {
      inner.step(dualOf(problem).smooth, state.descent);
      settle(problem, state);
    },
    point: (problem, { x, descent }) => ({ x, plan: dualOf(problem).plan(descent.x) }),
  };
}

/** The negative of a dual as a smooth problem, and the plan that belongs to its variables. */
interface Dual {
  readonly smooth: Smooth;
  readonly plan: (z: Vector) => Matrix;
}

function dual(problem: QuadraticTransport, withBeta: boolean): Dual {
  const { cost: { rows: m, columns: n, data: c }, source: a, target: b } = problem;
  const columnValue = withBeta ? conjugate(problem) : columnValues(problem);
  const costs = new Float64Array(m * n), scores = new Float64Array(m), column = new Float64Array(m); // costs by columns
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) costs[j * m + i] = c[i * n + j];
  const evaluate = (z: Vector, out?: Vector, plan?: Vector): number => {
    let value = 0;
    out?.set(a); // the gradient of the dual; its sign turns at the end
    for (let i = 0; i < m; i++) value -= a[i] * z[i];
    for (let j = 0; j < n; j++) {
      const beta = withBeta ? z[m + j] : 0;
      for (let i = 0; i < m; i++) scores[i] = z[i] + beta - costs[j * m + i];
      value += columnValue(scores, j, column) - b[j] * beta;
      if (plan) { for (let i = 0; i < m; i++) plan[i * n + j] = column[i]; }
      if (!out) continue;
      let received = 0;
      for (let i = 0; i < m; i++) {
        out[i] -= column[i];
        received += column[i];
      }
      if (withBeta) out[m + j] = b[j] - received;
    }
    if (out) { for (let k = 0; k < out.length; k++) out[k] = -out[k]; }
    return value;
  };
  return {
    smooth: {
      kind: "smooth",
      dimension: withBeta ? m + n : m,
      value: (z) => evaluate(z),
      gradient: (z, out) => evaluate(z, out),
    },
    plan: (z) => {
      const data = new Float64Array(m * n);
      evaluate(z, undefined, data);
      return { rows: m, columns: n, data };
    },
  };
}

/** `1/(2γ) Σ [sᵢ]₊²` over the k largest scores, with its gradient t: the column that no sum is asked of. */
function conjugate({ regularizer: { strength, columnEntries }, source }: QuadraticTransport): ColumnValue {
  const k = columnEntries ?? source.length, places = new Uint32Array(k), values = new Float64Array(k);
  return (scores, _, column) => {
    column!.fill(0);
    const count = largestEntries(scores, places, values);
    let value = 0;
    for (let l = 0; l < count; l++) {
      const t = Math.max(values[l], 0) / strength;
      column![places[l]] = t;
      value += strength / 2 * t * t;
    }
    return value;
  };
}
