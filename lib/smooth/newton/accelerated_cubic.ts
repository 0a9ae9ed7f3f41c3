/**
 * Accelerated cubic Newton, for convex functions with a Lipschitz Hessian.
 *
 * ```
 * y = α x + (1 - α) v,   α = A/A⁺, that is (k/(k+1))³ where ν stays as it is;   v = x₀ at first
 * x⁺ = y + argmin ∇f(y)ᵀh + ½ hᵀ∇²f(y)h + M/6 |h|³,   M = 2L
 * s⁺ = s + a ∇f(x⁺),   a = ν ((k+1)³ - k³) / L,   A⁺ = A + a
 * v⁺ = x₀ - s⁺/√|s⁺|,  the least point of the estimate  ψ(v) = Σ aᵢ (f(xᵢ) + ⟨∇f(xᵢ), v - xᵢ⟩) + |v - x₀|³/3
 * ```
 *
 * With ν = 1/24, `min ψ >= A f(x)` holds throughout, and from it `f(x) - f* <= 8 L R³/k³`, R = |x₀ - x*|. NATA looks at
 * each step for the largest ν, from twice the last one down in factors of 2, with which it still holds. Restarts make
 * the rate linear for strongly convex functions.
 *
 * Source: Nesterov, Accelerating the cubic regularization of Newton's method on convex problems (2008), section 4;
 * Agafonov, Kamzolov, Gasnikov, Kavis, Antonakopoulos, Cevher and Takáč, Advancing the lower bounds: an accelerated,
 * stochastic, second-order method with optimal adaptation to inexactness (2023), arXiv 2309.01570 (NATA).
 *
 * @module
 */
import {
  axpy,
  checkPositive,
  copy,
  DomainError,
  norm2,
  normInf,
  type Reference,
  type Solver,
  type State,
  type TwiceSmooth,
  type Vector,
} from "../../core/mod.ts";
import { evaluated } from "../evaluated.ts";
import { spectrumAt } from "../trust_region/dense.ts";
import { leastUnderCubic } from "../trust_region/spectral_model.ts";

/** Options of `nata`. */
export interface NataOptions {
  /** `L`, a Lipschitz constant of the Hessian. Default 1. */
  readonly hessianLipschitz?: number;
  /** After so many steps the method begins anew from x; `Infinity` for never, the default. */
  readonly restart?: number;
}

/** Options of `acceleratedCubicNewton`. */
export interface AcceleratedCubicOptions extends NataOptions {
  /** `ν`. Default 1/24, with which the rate is proved; larger values are faster where they work. */
  readonly nu?: number;
}

/** The state. */
export interface AcceleratedCubicState extends State {
  /** `|∇f(x)|∞`. */
  estimate: number;
  /** `∇f(x)`. */
  readonly gradient: Vector;
  /** `x₀`. */
  readonly origin: Vector;
  /** `v`. */
  readonly v: Vector;
  /** `s = Σ aᵢ ∇f(xᵢ)`. */
  readonly sum: Vector;
  /** `Σ aᵢ (f(xᵢ) + ⟨∇f(xᵢ), x₀ - xᵢ⟩)`. */
  constant: number;
  /** `A`. */
  weight: number;
  /** `ν`. */
  nu: number;
  /** `k`. */
  k: number;
  /** Steps in a row after which `min ψ < A f(x)` though ν is small enough for a convex f. */
  violations: number;
  /** Room for y and then x⁺, its gradient, and h. */
  readonly room: readonly [Vector, Vector, Vector];
}

/** With this ν the rate is proved. */
const SAFE = 1 / 24, MOST = 1e4;

/**
 * Nesterov's accelerated cubic Newton method. A step costs a Hessian and 2 gradients. A run ends as `diverged` when a
 * step contradicts convexity or L twice in a row.
 *
 * @throws {DomainError} When L or ν is not positive, or the restart no positive whole number or `Infinity`.
 *
 * @example A sum of fourth powers
 * ```ts
 * import { iterations, solve } from "@gradus/gradus/core";
 * import { acceleratedCubicNewton } from "@gradus/gradus/smooth";
 * import { assert } from "@std/assert";
 *
 * const bowl = { // x⁴/4, so that L = 6 |x|
 *   kind: "smooth" as const,
 *   dimension: 1,
 *   value: ([x]: Float64Array) => x ** 4 / 4,
 *   gradient: ([x]: Float64Array, out: Float64Array) => {
 *     out[0] = x ** 3;
 *     return x ** 4 / 4;
 *   },
 *   hessianVector: ([x]: Float64Array, [v]: Float64Array, out: Float64Array) => void (out[0] = 3 * x * x * v),
 * };
 * const solver = acceleratedCubicNewton({ hessianLipschitz: 6 });
 * const { value } = solve(bowl, solver, { start: [1], stop: iterations(20) });
 * assert(value <= 8 * 6 / 20 ** 3);
 * ```
 */
export function acceleratedCubicNewton(
  options: AcceleratedCubicOptions = {},
): Solver<TwiceSmooth, AcceleratedCubicState> {
  return accelerated("accelerated cubic Newton", options, {
    title: "Accelerating the cubic regularization of Newton's method on convex problems",
    authors: "Nesterov",
    year: 2008,
    identifier: "doi:10.1007/s10107-006-0089-x",
  }, false);
}

/**
 * The accelerated cubic Newton method with the largest ν that its proof allows at each step.
 *
 * @throws {DomainError} When L is not positive, or the restart no positive whole number or `Infinity`.
 */
export function nata(options: NataOptions = {}): Solver<TwiceSmooth, AcceleratedCubicState> {
  return accelerated("NATA", options, {
    title:
      "Advancing the lower bounds: an accelerated, stochastic, second-order method with optimal adaptation to inexactness",
    authors: "Agafonov, Kamzolov, Gasnikov, Kavis, Antonakopoulos, Cevher, Takáč",
    year: 2023,
    identifier: "arXiv:2309.01570",
  }, true);
}

function accelerated(
  name: string,
  options: AcceleratedCubicOptions,
  reference: Reference,
  adapts: boolean,
): Solver<TwiceSmooth, AcceleratedCubicState> {
  const { hessianLipschitz: L = 1, nu = SAFE, restart = Infinity } = options;
  checkPositive(`run ${name}`, "L", L);
  checkPositive(`run ${name}`, "ν", nu);
  if (!(restart >= 1 && (Number.isSafeInteger(restart) || restart === Infinity))) {
    throw new DomainError(`Cannot run ${name}: expected a restart after some steps, or Infinity, got ${restart}`);
  }
  return {
    name: restart < Infinity ? `${name}, restarted` : name,
    options: { ...options, hessianLipschitz: L },
    reference,
    needs: ["gradient", "hessianVector"],
    init: (problem, start) => {
      const first = evaluated(problem, start.x), n = first.x.length;
      return {
        ...first,
        origin: first.x.slice(),
        v: first.x.slice(),
        sum: new Float64Array(n),
        constant: 0,
        weight: 0,
        nu,
        k: 0,
        violations: 0,
        room: [new Float64Array(n), new Float64Array(n), new Float64Array(n)],
      };
    },
    step(problem, state) {
      if (state.k >= restart) begin(state);
      const { x, gradient, v, sum, origin, k, room: [next, slope, h] } = state, whole = ((k + 1) ** 3 - k ** 3) / L;
      if (adapts) state.nu = Math.min(MOST, 2 * state.nu);
      for (;; state.nu = Math.max(SAFE, state.nu / 2)) {
        const a = state.nu * whole, weight = state.weight + a, alpha = state.weight / weight;
        for (let i = 0; i < x.length; i++) next[i] = alpha * x[i] + (1 - alpha) * v[i]; // y
        problem.gradient(next, slope);
        leastUnderCubic(spectrumAt({ problem, x: next, gradient: slope, isNew: true }, {}), L, h); // M/6 = L/3
        axpy(1, h, next);
        const value = problem.gradient(next, slope);
        if (!Number.isFinite(value)) {
          state.stop = { status: "non-finite", message: `value ${value} after a step` };
          return;
        }
        let tangent = value, square = 0; // f(x⁺) + ⟨∇f(x⁺), x₀ - x⁺⟩ and |s⁺|²
        for (let i = 0; i < x.length; i++) {
          tangent += slope[i] * (origin[i] - next[i]);
          square += (sum[i] + a * slope[i]) ** 2;
        }
        const constant = state.constant + a * tangent, least = constant - 2 / 3 * square ** 0.75; // min ψ
        const holds = least >= weight * (value - 1e-10 * Math.abs(value));
        if (!holds && adapts && state.nu > SAFE) continue;
        state.violations = !holds && state.nu <= SAFE ? state.violations + 1 : 0;
        copy(next, x);
        copy(slope, gradient);
        axpy(a, gradient, sum);
        state.value = value;
        state.estimate = normInf(gradient);
        state.constant = constant;
        state.weight = weight;
        state.k++;
        break;
      }
      if (state.violations === 2) {
        const message = `min ψ < A f(x) twice in a row: f is not convex, or its Hessian not Lipschitz with L = ${L}`;
        state.stop = { status: "diverged", message };
      }
      const root = Math.sqrt(norm2(sum));
      copy(origin, v);
      if (root > 0) axpy(-1 / root, sum, v);
    },
    point: (_, { x }) => ({ x }),
  };
}

/** The method from x, with the ν found so far. */
function begin(state: AcceleratedCubicState): void {
  copy(state.x, state.origin);
  copy(state.x, state.v);
  state.sum.fill(0);
  state.constant =
    state.weight =
    state.k =
    state.violations =
      0;
}
