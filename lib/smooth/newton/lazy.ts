/**
 * Newton's method with lazy Hessians: one Hessian for m steps, a fresh gradient for each.
 *
 * ```
 * Ĥ = ∇²f(x_π),  π = k - k mod m;   g = ∇f(x)
 * cubic         x⁺ = x + argmin gᵀs + ½ sᵀĤs + M/6 |s|³,   M = 6mL
 * regularized   x⁺ = x - (Ĥ + √(M|g|) I)⁻¹ g,              M = 3mL, f convex
 * adaptive      m regularized steps with M, λⱼ = √(M|gⱼ|), are kept if
 *                 f(first) - f(last) >= ⅛ Σⱼ |gⱼ₊₁|² / λⱼ,   and then M ← M/4;
 *               else M ← 2M, and they are taken again from the first with the same Ĥ
 * ```
 *
 * with L the Lipschitz constant of ∇²f. Where `Ĥ + λ I` is not positive definite, a regularized step becomes the cubic
 * one. Ĥ is diagonalized once, so that every step costs O(n²), whatever its λ. A gradient costs about 1/n of a Hessian:
 * m = n is the best.
 *
 * Source: Doikov, Chayti and Jaggi, Second-order optimization with lazy Hessians (2022), arXiv 2212.00781.
 *
 * @module
 */
import {
  checkPositive,
  copy,
  DomainError,
  norm2,
  normInf,
  type Options,
  type Reference,
  type Solver,
  type State,
  type TwiceSmooth,
  type Vector,
} from "../../core/mod.ts";
import { evaluated } from "../evaluated.ts";
import { noTrial } from "../failure.ts";
import { leastUnderCubic, setGradient, shiftedStep, type Spectrum } from "../trust_region/spectral_model.ts";
import { type DenseMemory, spectrumAt } from "../trust_region/dense.ts";

/** Options of all three methods. */
export interface LazyOptions {
  /** `m`, the number of steps with one Hessian. Default n. */
  readonly period?: number;
}

/** Options of `lazyCubicNewton` and `lazyRegularizedNewton`. */
export interface FixedLazyOptions extends LazyOptions {
  /** `L`, a Lipschitz constant of the Hessian. Default 1. */
  readonly hessianLipschitz?: number;
  /** `M`. Default `6mL` for cubic, `3mL` for regularized steps. */
  readonly regularization?: number;
}

/** Options of `lazyAdaptive`. */
export interface LazyAdaptiveOptions extends LazyOptions {
  /** The first `M`. Default 1. */
  readonly regularization?: number;
}

/** The state. */
export interface LazyState extends State {
  /** `|∇f(x)|∞`. */
  estimate: number;
  /** `∇f(x)`. */
  readonly gradient: Vector;
  /** `M`. */
  regularization: number;
  /** Steps so far since the phase began. */
  age: number;
  /** Whether the next step takes a new Hessian. */
  isNew: boolean;
  /** Whether the last step changed x and came to a finite value. */
  moved: boolean;
  /** Room for a step. */
  readonly direction: Vector;
  /** Ĥ, diagonalized. */
  readonly memory: DenseMemory;
}

/** The state of the adaptive method. */
export interface LazyAdaptiveState extends LazyState {
  /** Point, gradient and value at the first step of the phase. */
  readonly first: { readonly x: Vector; readonly gradient: Vector; value: number };
  /** `⅛ Σⱼ |gⱼ₊₁|² / λⱼ` so far. */
  promised: number;
}

const reference: Reference = {
  title: "Second-order optimization with lazy Hessians",
  authors: "Doikov, Chayti, Jaggi",
  year: 2022,
  identifier: "arXiv:2212.00781",
};

/**
 * Cubic Newton steps with lazy Hessians, for functions that need not be convex: `O(√m ε^(-3/2))` steps to `|∇f| <= ε`.
 *
 * @throws {DomainError} When m is no positive whole number, or L or M is not positive.
 *
 * @example From beside a saddle point to a minimizer
 * ```ts
 * import { gradientNorm, iterations, solve } from "@gradus/gradus/core";
 * import { rosenbrock } from "@gradus/gradus/problems";
 * import { lazyCubicNewton } from "@gradus/gradus/smooth";
 * import { assertEquals } from "@std/assert";
 *
 * const { problem, start } = rosenbrock(2);
 * const solver = lazyCubicNewton({ period: 2, regularization: 1000 });
 * assertEquals(solve(problem, solver, { start, stop: [gradientNorm(), iterations(500)] }).status, "converged");
 * ```
 */
export function lazyCubicNewton(options: FixedLazyOptions = {}): Solver<TwiceSmooth, LazyState> {
  return fixed("lazy cubic Newton", options, 6, (spectrum, _, M, out) => leastUnderCubic(spectrum, M / 2, out).lambda);
}

/**
 * Newton steps regularized by the gradient with lazy Hessians, for convex functions.
 *
 * @throws {DomainError} When m is no positive whole number, or L or M is not positive.
 */
export function lazyRegularizedNewton(options: FixedLazyOptions = {}): Solver<TwiceSmooth, LazyState> {
  return fixed("lazy regularized Newton", options, 3, regularizedStep);
}

/** Writes a step for the gradient g that the spectrum knows into `out`, and returns its λ. */
type LazyStep = (spectrum: Spectrum, g: Vector, M: number, out: Vector) => number;

/** `-(Ĥ + √(M|g|) I)⁻¹ g`, or the cubic step where that matrix is not positive definite. */
function regularizedStep(spectrum: Spectrum, g: Vector, M: number, out: Vector): number {
  const lambda = Math.sqrt(M * norm2(g));
  if (!(spectrum.values[0] + lambda > 0)) return leastUnderCubic(spectrum, M / 2, out).lambda;
  return shiftedStep(spectrum, lambda, out).lambda;
}

function fixed(
  name: string,
  options: FixedLazyOptions,
  factor: number,
  step: LazyStep,
): Solver<TwiceSmooth, LazyState> {
  const { period, hessianLipschitz = 1, regularization } = options;
  check(name, period, { L: hessianLipschitz, M: regularization ?? 1 });
  return {
    ...described(name, { ...options, hessianLipschitz }),
    init: (problem, { x }) => started(problem, x, regularization ?? factor * (period ?? x.length) * hessianLipschitz),
    step(problem, state) {
      move(problem, state, step);
      state.age = (state.age + 1) % (period ?? state.x.length);
      state.isNew = state.age === 0;
      if (!state.moved) state.stop = noTrial(state, state.value);
    },
    point: (_, { x }) => ({ x }),
  };
}

/**
 * Newton steps regularized by the gradient with lazy Hessians, M found by phases of m steps. A step is one of these; a
 * phase that brings too little goes back to its first point, and costs no Hessian.
 *
 * @throws {DomainError} When m is no positive whole number, or M is not positive.
 *
 * @example Few Hessians
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { rosenbrock } from "@gradus/gradus/problems";
 * import { lazyAdaptive } from "@gradus/gradus/smooth";
 * import { assertEquals } from "@std/assert";
 *
 * const { problem, start } = rosenbrock(10);
 * assertEquals(solve(problem, lazyAdaptive(), { start }).status, "converged");
 * ```
 */
export function lazyAdaptive(options: LazyAdaptiveOptions = {}): Solver<TwiceSmooth, LazyAdaptiveState> {
  const name = "lazy adaptive Newton", { period, regularization = 1 } = options;
  check(name, period, { M: regularization });
  return {
    ...described(name, { ...options, regularization }),
    init: (problem, { x }) => {
      const state = started(problem, x, regularization), { gradient, value } = state;
      return { ...state, first: { x: state.x.slice(), gradient: gradient.slice(), value }, promised: 0 };
    },
    step(problem, state) {
      const { x, gradient, first } = state;
      const lambda = move(problem, state, regularizedStep), size = norm2(gradient);
      state.promised += size * size / (8 * lambda);
      state.age++;
      const rounding = 10 * Number.EPSILON * Math.abs(first.value);
      const isLower = state.value <= first.value + rounding && size < Infinity; // nothing else is worth going on from
      if (isLower && state.moved && state.age < (period ?? x.length)) return;
      if (isLower && first.value - state.value >= state.promised - rounding) {
        state.regularization /= 4;
        state.isNew = true;
        copy(x, first.x);
        copy(gradient, first.gradient);
        first.value = state.value;
      } else {
        state.regularization *= 2;
        const trial = state.value, moved = state.moved;
        copy(first.x, x);
        copy(first.gradient, gradient);
        state.value = first.value;
        state.estimate = normInf(gradient);
        if (!moved || state.regularization === Infinity) state.stop = noTrial(state, trial);
      }
      if (!state.moved) state.stop ??= noTrial(state, state.value);
      state.age = state.promised = 0;
    },
    point: (_, { x }) => ({ x }),
  };
}

function started(problem: TwiceSmooth, start: Vector, regularization: number): LazyState {
  return {
    ...evaluated(problem, start),
    regularization,
    age: 0,
    isNew: true,
    moved: true,
    direction: new Float64Array(start.length),
    memory: {},
  };
}

/** `x ← x + s`, with Ĥ made anew if the state says so; returns the λ of the step. */
function move(problem: TwiceSmooth, state: LazyState, step: LazyStep): number {
  const { x, gradient, isNew, direction, memory, regularization } = state;
  const spectrum = spectrumAt({ problem, x, gradient, isNew }, memory);
  if (!isNew) setGradient(spectrum, gradient);
  state.isNew = false;
  const lambda = step(spectrum, gradient, regularization, direction);
  state.moved = false;
  for (let i = 0; i < x.length; i++) {
    const before = x[i];
    x[i] += direction[i];
    if (x[i] !== before) state.moved = true;
  }
  state.value = problem.gradient(x, gradient);
  state.estimate = normInf(gradient);
  if (!Number.isFinite(state.value)) state.moved = false;
  return lambda;
}

function check(name: string, period: number | undefined, positive: Readonly<Record<string, number>>): void {
  if (period !== undefined && !(Number.isSafeInteger(period) && period >= 1)) {
    throw new DomainError(`Cannot run ${name}: expected a whole period m >= 1, got ${period}`);
  }
  for (const [what, value] of Object.entries(positive)) checkPositive(`run ${name}`, what, value);
}

function described(
  name: string,
  options: Options,
): Pick<Solver<TwiceSmooth>, "name" | "options" | "reference" | "needs"> {
  return { name, options, reference, needs: ["gradient", "hessianVector"] };
}
