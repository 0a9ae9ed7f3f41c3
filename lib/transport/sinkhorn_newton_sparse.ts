/**
 * Sinkhorn-Newton-Sparse for entropic transport: Sinkhorn's iterations, then Newton's with a Hessian of few entries.
 *
 * ```
 * F(f, g) concave,  ∇F = (a - P1, b - Pᵀ1),   -ε ∇²F = [ diag P1   P       ]
 *                                                     [ Pᵀ        diag Pᵀ1 ]
 * 1. Sinkhorn's iterations until the marginals are nearly right
 * 2. S ← the entries of P that count;   M ← [ diag P1, S; Sᵀ, diag Pᵀ1 ]
 *    M δ = ε ∇F by conjugate gradients, preconditioned by the diagonal
 *    (f, g) ← (f, g) + α δ, the first α of 1, ½, ¼, … with F(α) >= F + 10⁻⁴ α ∇F·δ
 *    g ← g + ε log(b/Pᵀ1)
 * ```
 *
 * A plan of entropic transport concentrates on few entries as ε falls, and so does the Hessian: a Newton step costs
 * little more than one of Sinkhorn's. By default S leaves out as much mass as the marginals are wrong by, half of it,
 * which keeps the convergence superlinear; a fixed density λ keeps `λ (m+n)²` entries of M. The last line, half an
 * iteration of Sinkhorn's at no exponential, keeps the column sums right.
 *
 * Source: Tang, Shavlovsky, Rahmanian, Tardini, Thekumparampil, Xiao and Ying, Accelerating Sinkhorn algorithm with
 * sparse Newton iterations (2024), arXiv 2401.12253, algorithm 1.
 *
 * @module
 */
import { DomainError, dot, type Solver, type Vector } from "../core/mod.ts";
import { cgCurvature, cgDirection, cgStart, cgStep, cgTurn, type CgWorkspace, cgWorkspace } from "../linalg/mod.ts";
import type { EntropicTransport } from "./cost.ts";
import {
  assess,
  correctColumns,
  correctRows,
  type EntropicState,
  entropicState,
  NOTHING,
  planOf,
  updateColumns,
} from "./entropic.ts";
import { thresholdByCount, thresholdByMass } from "./kept_entries.ts";

/** Options of `sinkhornNewtonSparse`. */
export interface SinkhornNewtonSparseOptions {
  /** Sinkhorn's iterations before the first of Newton's. Default: until `|P1 - a|₁` is a tenth of the mass. */
  readonly warmup?: number;
  /** `λ`, the share of the entries of M that is kept, diagonal included. Default: as many as count. */
  readonly density?: number;
}

/** The state: the plan, the sparse part of the Hessian, and room for a step. */
export interface SinkhornNewtonSparseState extends EntropicState {
  /** P, from the first Newton step on. */
  plan: Vector;
  /** Room for the plan of a trial. */
  trialPlan: Vector;
  /** Row i of S has the entries from `rowStarts[i]` up to `rowStarts[i + 1]`. */
  readonly rowStarts: Uint32Array;
  /** The columns of the entries of S. */
  columns: Uint32Array;
  /** The entries of S. */
  entries: Vector;
  /** The diagonal of M. */
  readonly diagonal: Vector;
  /** δ. */
  readonly step: Vector;
  /** The potentials of a trial, sources then targets. */
  readonly trial: Vector;
  /** Room for conjugate gradients. */
  readonly cg: CgWorkspace;
  /** Steps made. */
  iteration: number;
  /** Newton steps made. */
  newtonSteps: number;
  /** Whether Newton's steps have begun. */
  newton: boolean;
}

/** Newton's steps begin when the marginals are wrong by this share of the mass. */
const NEARLY = 0.1;

/**
 * Sinkhorn-Newton-Sparse. A step costs O(mn), a Newton step besides O(nnz(S)) for each iteration of conjugate
 * gradients; room is O(mn).
 *
 * @throws {DomainError} When the number of warm-up steps is no whole number or the density is not in (0, 1].
 *
 * @example Few Newton steps in place of many of Sinkhorn's
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { matrix } from "@gradus/gradus/linalg";
 * import { groundCost, sinkhorn, sinkhornNewtonSparse, transportProblem, withEntropy } from "@gradus/gradus/transport";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const line = (shift: number) => matrix(Array.from({ length: 30 }, (_, i) => [(i / 30) ** 2 + shift]));
 * const problem = withEntropy(transportProblem(groundCost(line(0), line(0.1))), 0.001);
 * const start = new Float64Array(30);
 * const newton = solve(problem, sinkhornNewtonSparse(), { start }), plain = solve(problem, sinkhorn(), { start });
 * assertEquals(newton.status, "converged");
 * assert(newton.iterations < 0.5 * plain.iterations);
 * ```
 */
export function sinkhornNewtonSparse(
  options: SinkhornNewtonSparseOptions = {},
): Solver<EntropicTransport, SinkhornNewtonSparseState> {
  const { warmup, density } = options;
  if (warmup !== undefined && !(Number.isSafeInteger(warmup) && warmup >= 0)) {
    throw new DomainError(`Cannot run Sinkhorn-Newton-Sparse: expected a whole number of warm-up steps, got ${warmup}`);
  }
  if (density !== undefined && !(density > 0 && density <= 1)) {
    throw new DomainError(`Cannot run Sinkhorn-Newton-Sparse: expected a density in (0, 1], got ${density}`);
  }
  return {
    name: density === undefined ? "Sinkhorn-Newton-Sparse" : `Sinkhorn-Newton-Sparse (λ = ${density})`,
    options: { ...(warmup !== undefined && { warmup }), ...(density !== undefined && { density }) },
    reference: {
      title: "Accelerating Sinkhorn algorithm with sparse Newton iterations",
      authors: "Tang, Shavlovsky, Rahmanian, Tardini, Thekumparampil, Xiao, Ying",
      year: 2024,
      identifier: "arXiv:2401.12253",
    },
    needs: [],
    init: (problem, start) => {
      const m = problem.source.length, n = problem.target.length, state = entropicState(problem, start.x);
      if (density !== undefined && density * (m + n) < 2) {
        throw new DomainError(
          `Cannot run Sinkhorn-Newton-Sparse: expected a density of at least 2/${m + n}, got ${density}`,
        );
      }
      updateColumns(problem, state);
      return {
        ...state,
        plan: new Float64Array(m * n),
        trialPlan: new Float64Array(m * n),
        rowStarts: new Uint32Array(m + 1),
        columns: new Uint32Array(4 * (m + n)),
        entries: new Float64Array(4 * (m + n)),
        diagonal: new Float64Array(m + n),
        step: new Float64Array(m + n),
        trial: new Float64Array(m + n),
        cg: cgWorkspace(m + n, true),
        iteration: 0,
        newtonSteps: 0,
        newton: false,
      };
    },
    step(problem, state) {
      const begins = warmup === undefined ? state.violation <= NEARLY : state.iteration >= warmup;
      if (begins && !state.newton) {
        state.newton = true;
        planOf(problem, state.x, state.g, state.plan);
      }
      state.iteration++;
      if (state.newton) {
        keep(problem, state, density);
        direction(problem, state);
        if (search(problem, state)) {
          state.newtonSteps++;
          return;
        }
      }
      correctRows(problem, state.x, state.g, state.sent);
      updateColumns(problem, state);
      if (state.newton) planOf(problem, state.x, state.g, state.plan);
    },
    point: (problem, { x, g }) => ({ x, plan: planOf(problem, x, g) }),
  };
}

/** S and the diagonal of M. */
function keep(
  { source, target }: EntropicTransport,
  state: SinkhornNewtonSparseState,
  density: number | undefined,
): void {
  const { plan, rowStarts, diagonal, sent } = state, m = source.length, n = target.length;
  const least = density === undefined
    ? thresholdByMass(plan, Math.min(0.1, 0.5 * state.violation) * sum(sent))
    : thresholdByCount(plan, Math.max(1, Math.round((density * (m + n) ** 2 - m - n) / 2)));
  let count = 0;
  for (let k = 0; k < plan.length; k++) if (plan[k] >= least) count++;
  if (count > state.entries.length) {
    state.entries = new Float64Array(2 * count);
    state.columns = new Uint32Array(2 * count);
  }
  const { columns, entries } = state;
  let at = 0;
  for (let i = 0, k = 0; i < m; i++) {
    for (let j = 0; j < n; j++, k++) {
      if (!(plan[k] >= least)) continue;
      columns[at] = j;
      entries[at++] = plan[k];
    }
    rowStarts[i + 1] = at;
  }
  // an empty row or column has a gradient of 0: the 1 leaves its potential where it is
  for (let i = 0; i < m; i++) diagonal[i] = sent[i] > 0 ? sent[i] : 1;
  for (let j = 0; j < n; j++) diagonal[m + j] = target[j] > 0 ? target[j] : 1;
}

/** `δ` with `M δ = ε ∇F`, as exactly as the marginals are wrong. */
function direction(problem: EntropicTransport, state: SinkhornNewtonSparseState): void {
  const { source: a, regularizer: { strength } } = problem, { sent, step, cg, diagonal } = state, m = a.length;
  const jacobi = {
    apply: (x: Vector, out: Vector): void => {
      for (let k = 0; k < x.length; k++) out[k] = x[k] / diagonal[k];
    },
  };
  step.fill(0);
  cg.residual.fill(0); // of the columns, whose sums are right
  for (let i = 0; i < m; i++) cg.residual[i] = strength * (a[i] - sent[i]);
  const goal = Math.min(1e-2, state.violation) ** 2 * dot(cg.residual, cg.residual);
  let rho = cgStart(cg, jacobi);
  for (let k = 0; k < 2 * step.length && rho > 0; k++) {
    cgDirection(cg);
    multiply(state, cg.direction, cg.product);
    if (!(cgCurvature(cg) > cg.flat)) break;
    const squared = cgStep(step, cg);
    if (squared <= goal) break;
    rho = cgTurn(cg, squared, jacobi);
  }
}

/** `out ← M x`. */
function multiply(state: SinkhornNewtonSparseState, x: Vector, out: Vector): void {
  const { rowStarts, columns, entries, diagonal } = state, m = rowStarts.length - 1;
  for (let k = 0; k < x.length; k++) out[k] = diagonal[k] * x[k];
  for (let i = 0, k = 0; i < m; i++) {
    const xi = x[i], end = rowStarts[i + 1];
    let s = 0;
    for (; k < end; k++) {
      const j = m + columns[k], p = entries[k];
      s += p * x[j];
      out[j] += p * xi;
    }
    out[i] += s;
  }
}

/** Goes along δ as far as F rises; returns false where it does not, and where nothing improves any more. */
function search(problem: EntropicTransport, state: SinkhornNewtonSparseState): boolean {
  const { source: a, target: b, cost: { data: c }, regularizer: { strength } } = problem;
  const { x: f, g, sent, received, step, trial } = state, m = a.length, n = b.length, scale = 1 / strength;
  let slope = 0, dual = 0;
  for (let i = 0; i < m; i++) {
    slope += (a[i] - sent[i]) * step[i];
    dual += a[i] * f[i];
  }
  for (let j = 0; j < n; j++) dual += b[j] * g[j];
  const value = dual - strength * sum(sent), before = state.violation, p = state.trialPlan;
  if (!(slope > 0)) return false;
  for (let alpha = 1; alpha > 1e-4; alpha /= 2) {
    let now = 0;
    for (let i = 0; i < m; i++) now += a[i] * (trial[i] = f[i] + alpha * step[i]);
    for (let j = 0; j < n; j++) now += b[j] * (trial[m + j] = g[j] + alpha * step[m + j]);
    received.fill(0);
    for (let i = 0, k = 0; i < m; i++) {
      const ai = a[i], fi = trial[i];
      for (let j = 0; j < n; j++, k++) {
        const t = (fi + trial[m + j] - c[k]) * scale;
        p[k] = t > NOTHING ? ai * b[j] * Math.exp(t) : 0;
        received[j] += p[k];
      }
    }
    now -= strength * sum(received);
    const rounding = 1e-15 * (1 + Math.abs(value) + Math.abs(dual));
    const rises = now >= value + 1e-4 * alpha * slope - rounding;
    if (!rises || received.some((mass, j) => b[j] > 0 && !(mass > 1e-280))) continue;
    settle(problem, state);
    // where F says nothing any more the marginals decide
    if (alpha * slope > rounding || state.violation < before) return true;
    break;
  }
  return false;
}

/** Moves to the trial and puts its column sums right. */
function settle(problem: EntropicTransport, state: SinkhornNewtonSparseState): void {
  const { target: b } = problem, { x: f, g, sent, received, trial, trialPlan: p } = state, m = f.length, n = g.length;
  f.set(trial.subarray(0, m));
  g.set(trial.subarray(m));
  correctColumns(problem, f, g, received);
  for (let j = 0; j < n; j++) received[j] = b[j] > 0 ? b[j] / received[j] : 0;
  for (let i = 0, k = 0; i < m; i++) {
    let s = 0;
    for (let j = 0; j < n; j++, k++) s += p[k] *= received[j];
    sent[i] = s;
  }
  state.trialPlan = state.plan;
  state.plan = p;
  assess(problem, state);
}

function sum(x: Vector): number {
  let s = 0;
  for (let i = 0; i < x.length; i++) s += x[i];
  return s;
}
