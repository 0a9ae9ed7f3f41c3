/**
 * The alternating direction method of multipliers for `f(x) + r(x) + h(Kx)`.
 *
 * ```
 * minimize f(u) + r(v) + h(s)  subject to  u = v, Ku = s;  λ, ν the multipliers divided by ρ
 *
 * u ← argmin f(u) + ρ/2 (|u - v + λ|² + |Ku - s + ν|²)
 * ū = αu + (1-α)v,  s̄ = αKu + (1-α)s                      over-relaxation
 * v ← prox_{r/ρ}(ū + λ),    s ← prox_{h/ρ}(s̄ + ν)
 * λ ← λ + κ(ū - v),         ν ← ν + κ(s̄ - s)
 *
 * every 10 iterations, up to the 500th:  ρ ← 2ρ where |(u-v, Ku-s)| > 10 ρ|v⁺-v + Kᵀ(s⁺-s)|,  ρ/2 where it is the other way round;
 * λ and ν change so that ρλ, ρν stay
 * ```
 *
 * The point is v, on which r is finite, with the multipliers ρν of Kx.
 *
 * Source: Boyd, Parikh, Chu, Peleato and Eckstein, Distributed optimization and statistical learning via the
 * alternating direction method of multipliers (2011), sections 3.1.1, 3.4.1 and 3.4.3.
 *
 * @module
 */
import {
  axpy,
  DomainError,
  isFiniteVector,
  norm2,
  type Proximable,
  type Reference,
  scale,
  type Solver,
  type Split,
  type State,
  type Vector,
} from "../core/mod.ts";
import { type InnerStep, standardStep } from "./inner_step.ts";

/** Options of `admm`. */
export interface AdmmOptions<P extends Split = Split> {
  /** The first ρ. Default 1. */
  readonly rho?: number;
  /** α, within (0, 2). Default 1.6. */
  readonly relaxation?: number;
  /** κ, the step of the multipliers in units of ρ, within (0, 1.618). Default 1. */
  readonly dualStep?: number;
  /** κ is multiplied by this after each iteration. Default 1. */
  readonly dualDecay?: number;
  /** ρ grows by this in each iteration. Default 0. */
  readonly penaltyGrowth?: number;
  /** Whether ρ changes to balance the residuals. Default true. */
  readonly balancing?: boolean;
  /** How u is found. Default `standardStep`. */
  readonly inner?: InnerStep<P>;
  /** The solver's name. Default `ADMM`. */
  readonly name?: string;
  /** Where the method comes from, if it is a special one. */
  readonly reference?: Reference;
}

/** The state of ADMM. */
export interface AdmmState extends State {
  /** u. */
  readonly u: Vector;
  /** Ku. */
  readonly image: Vector;
  /** s. */
  readonly s: Vector;
  /** λ. */
  readonly lambda: Vector;
  /** ν. */
  readonly nu: Vector;
  /** `v - λ` before a step, and then the change of v. */
  readonly a: Vector;
  /** `s - ν` before a step, and then the change of s. */
  readonly b: Vector;
  /** `v⁺ - v + Kᵀ(s⁺ - s)`. */
  readonly pulled: Vector;
  /** ρ. */
  rho: number;
  /** κ. */
  dualStep: number;
  /** Iterations done. */
  iteration: number;
  /** `|(u - v, Ku - s)|` of the last step. */
  primalResidual: number;
  /** What the inner step remembers. */
  readonly inner: unknown;
}

const UNTIL = 500, EVERY = 10, RATIO = 10;

/**
 * ADMM. A step asks for the operator and its transpose once besides what finding u takes; where it balances, for the
 * transpose once more.
 *
 * @throws {DomainError} When an option is out of its range.
 *
 * @example The median by total distance, nonnegative
 * ```ts
 * import { solve, type Split, sparseMatrix } from "@gradus/gradus/core";
 * import { l1Norm, nonnegative } from "@gradus/gradus/proximal";
 * import { admm } from "@gradus/gradus/splitting";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const differences = sparseMatrix({ // x₁ - x₀, x₂ - x₁
 *   rows: 2,
 *   columns: 3,
 *   rowStarts: Uint32Array.of(0, 2, 4),
 *   columnIndices: Uint32Array.of(0, 1, 1, 2),
 *   values: Float64Array.of(-1, 1, -1, 1),
 * });
 * const data = [1, 5, -2], smooth: Split["smooth"] & { hessianVector: unknown } = {
 *   kind: "smooth",
 *   dimension: 3,
 *   value: (x) => x.reduce((s, e, i) => s + (e - data[i]) ** 2 / 2, 0),
 *   gradient: (x, out) => x.reduce((s, e, i) => s + (out[i] = e - data[i]) ** 2 / 2, 0),
 *   hessianVector: (_x: Float64Array, v: Float64Array, out: Float64Array) => out.set(v),
 * };
 * const problem: Split = { kind: "split", smooth, regularizer: nonnegative(), operator: differences, outer: l1Norm() };
 * const { status, x } = solve(problem, admm(), { start: [0, 0, 0] });
 * assertEquals(status, "converged");
 * [2, 3, 0].forEach((expected, i) => assertAlmostEquals(x[i], expected, 1e-8));
 * ```
 */
export function admm<P extends Split = Split>(options: AdmmOptions<P> = {}): Solver<P, AdmmState> {
  const { rho = 1, relaxation = 1.6, dualStep = 1, dualDecay = 1, penaltyGrowth = 0, balancing = true } = options;
  checkRange("rho", rho, 0, Infinity);
  checkRange("relaxation", relaxation, 0, 2);
  checkRange("dualStep", dualStep, 0, (1 + Math.sqrt(5)) / 2);
  checkRange("dualDecay", dualDecay, 0, 1 + Number.EPSILON);
  checkRange("penaltyGrowth", penaltyGrowth, -Number.MIN_VALUE, Infinity);
  const inner = options.inner ?? standardStep();
  return {
    name: options.name ?? "ADMM",
    options: {
      rho,
      relaxation,
      dualStep,
      dualDecay,
      penaltyGrowth,
      balancing,
      inner: { name: inner.name, ...inner.options },
    },
    reference: options.reference ?? {
      title: "Distributed optimization and statistical learning via the alternating direction method of multipliers",
      authors: "Boyd, Parikh, Chu, Peleato, Eckstein",
      year: 2011,
      identifier: "doi:10.1561/2200000016",
    },
    needs: ["operator.apply", "operator.applyTranspose", "outer.proximal"],
    init: (problem, { x, multipliers }, { rng }) => {
      const { operator, smooth } = problem, n = operator.columns, m = operator.rows;
      const s = new Float64Array(m), lambda = new Float64Array(n), nu = new Float64Array(m);
      operator.apply(x, s);
      if (multipliers) { // λ as at a solution: ∇f + ρλ + ρKᵀν = 0
        const gradient = new Float64Array(n);
        smooth?.gradient(x, gradient);
        operator.applyTranspose(multipliers, lambda);
        for (let i = 0; i < n; i++) lambda[i] = -(lambda[i] + gradient[i]) / rho;
        for (let i = 0; i < m; i++) nu[i] = multipliers[i] / rho;
      }
      return {
        x: x.slice(),
        value: NaN,
        u: x.slice(),
        image: s.slice(),
        s,
        lambda,
        nu,
        a: new Float64Array(n),
        b: new Float64Array(m),
        pulled: new Float64Array(n),
        rho,
        dualStep,
        iteration: 0,
        primalResidual: NaN,
        inner: inner.init(problem, rng),
      };
    },
    step(problem, state) {
      const { operator, regularizer, outer } = problem, { x: v, u, image, s, lambda, nu, a, b } = state;
      for (let i = 0; i < a.length; i++) a[i] = v[i] - lambda[i];
      for (let i = 0; i < b.length; i++) b[i] = s[i] - nu[i];
      inner.minimize(problem, state.inner, { rho: state.rho, a, b }, u);
      operator.apply(u, image);
      state.iteration++;
      if (!isFiniteVector(u)) {
        state.stop = { status: "non-finite", message: `an entry of u in step ${state.iteration}` };
        return;
      }
      const apart = meet(u, v, lambda, a, regularizer, state, relaxation);
      state.primalResidual = Math.hypot(apart, meet(image, s, nu, b, outer, state, relaxation));
      state.dualStep *= dualDecay;
      if (penaltyGrowth > 0) changeRho(state, state.rho + penaltyGrowth);
      if (!balancing || state.iteration % EVERY !== 0 || state.iteration > UNTIL) return;
      const { pulled } = state;
      operator.applyTranspose(b, pulled);
      axpy(1, a, pulled);
      const dualResidual = state.rho * norm2(pulled);
      if (state.primalResidual > RATIO * dualResidual) changeRho(state, 2 * state.rho);
      else if (dualResidual > RATIO * state.primalResidual) changeRho(state, state.rho / 2);
    },
    point: (_, { x, nu, rho }) => ({ x, multipliers: nu.map((e) => e * rho) }),
  };
}

/**
 * Half of a step: relaxes, `t = αp + (1-α)q + d`, `q⁺ = prox(t)`, `d⁺ = d + κ(t - d - q⁺)`; writes `q⁺ - q` into
 * `change` and returns `|p - q⁺|`.
 */
function meet(
  p: Vector,
  q: Vector,
  d: Vector,
  change: Vector,
  f: Proximable | undefined,
  { rho, dualStep }: AdmmState,
  relaxation: number,
): number {
  change.set(q);
  for (let i = 0; i < q.length; i++) {
    const relaxed = relaxation * p[i] + (1 - relaxation) * q[i];
    q[i] = relaxed + d[i];
    d[i] += dualStep * relaxed;
  }
  f?.proximal(q, 1 / rho, q);
  let apart = 0;
  for (let i = 0; i < q.length; i++) {
    d[i] -= dualStep * q[i];
    change[i] = q[i] - change[i];
    apart += (p[i] - q[i]) ** 2;
  }
  return Math.sqrt(apart);
}

/** Another ρ with the same multipliers ρλ, ρν. */
function changeRho(state: AdmmState, rho: number): void {
  scale(state.rho / rho, state.lambda);
  scale(state.rho / rho, state.nu);
  state.rho = rho;
}

function checkRange(name: string, value: number, above: number, below: number): void {
  if (!(value > above && value < below)) {
    throw new DomainError(`Cannot run ADMM: expected ${name} between ${above} and ${below}, got ${value}`);
  }
}
