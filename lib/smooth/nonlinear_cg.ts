/**
 * Nonlinear conjugate gradients.
 *
 * ```
 * d⁺ = -g⁺ + β d,      y = g⁺ - g
 * FR    β = g⁺·g⁺ / g·g                       PR+    β = max(0, g⁺·y / g·g)
 * HS    β = g⁺·y / d·y                        DY     β = g⁺·g⁺ / d·y
 * HS-DY β = max(0, min(HS, DY))               HZ     β = max(η, (y·g⁺ - 2 d·g⁺ |y|²/d·y) / d·y),
 *                                                    η = -1 / (|d| min(0.01, |g|))
 * ```
 *
 * Restarts with steepest descent when `|g⁺·g| >= 0.1 |g⁺|²` (Powell; not for HZ), every n steps
 * (6n for HZ), and when `d·g >= 0`.
 *
 * Sources: Nocedal and Wright, Numerical Optimization (2006), section 5.2; Hager and Zhang, A new conjugate gradient
 * method with guaranteed descent and an efficient line search, SIAM J. Optim. 16 (2005) 170-192, equations (1.3) to
 * (1.6).
 *
 * @module
 */
import { along, copy, DomainError, dot, norm2, normInf, type Smooth, type Solver, type Vector } from "../core/mod.ts";
import { descent, type DescentState, type Direction, firstStep, negative } from "./descent.ts";
import { LEVEL, type LineSearch } from "./line.ts";
import { hagerZhang } from "./linesearch/hager_zhang.ts";
import { moreThuente } from "./linesearch/more_thuente.ts";

/** The formulas for β. */
export type ConjugateUpdate = "FR" | "PR+" | "HS" | "DY" | "HS-DY" | "HZ";

/** Options of `nonlinearCg`. */
export interface NonlinearCgOptions {
  /** The formula for β. Default `"HZ"`. */
  readonly beta?: ConjugateUpdate;
  /** The line search. Default Hager-Zhang for `"HZ"`, else Moré-Thuente with `c₂ = 0.1`. */
  readonly search?: LineSearch;
}

/** What conjugate gradients remember. */
export interface ConjugateMemory {
  /** The last direction. */
  readonly direction: Float64Array;
  /** β for the next direction; NaN at a restart. */
  beta: number;
  /** Steps since the last restart. */
  steps: number;
  /** `a φ'(0)` of the last step: the next first trial promises the same decrease. */
  promised: number;
  /** The inner products of the last step. */
  readonly products: Products;
}

const formulas: Record<ConjugateUpdate, (p: Products) => number> = {
  "FR": (p) => p.gg / p.oldSquare,
  "PR+": (p) => Math.max(0, p.gy / p.oldSquare),
  "HS": (p) => p.gy / p.dy,
  "DY": (p) => p.gg / p.dy,
  "HS-DY": (p) => Math.max(0, Math.min(p.gy, p.gg) / p.dy),
  "HZ": (p) => {
    const eta = -1 / (p.dNorm * Math.min(0.01, Math.sqrt(p.oldSquare)));
    return Math.max(eta, (p.gy - 2 * p.dg * p.yy / p.dy) / p.dy);
  },
};

/** Inner products of the new gradient g, the change y, the direction d. */
export interface Products {
  /** `g⁺·g⁺`. */
  gg: number;
  /** `g⁺·y`. */
  gy: number;
  /** `d·g⁺`. */
  dg: number;
  /** `d·y`. */
  dy: number;
  /** `y·y`. */
  yy: number;
  /** `g·g`, before the step. */
  oldSquare: number;
  /** `|d|`. */
  dNorm: number;
}

/**
 * Nonlinear conjugate gradients; memory and work are O(n).
 *
 * @throws {DomainError} On an unknown β.
 *
 * @example Rosenbrock's function in 10 variables
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { rosenbrock } from "@gradus/gradus/problems";
 * import { nonlinearCg } from "@gradus/gradus/smooth";
 * import { assertEquals } from "@std/assert";
 *
 * const { problem, start } = rosenbrock(10);
 * assertEquals(solve(problem, nonlinearCg({ beta: "PR+" }), { start }).status, "converged");
 * ```
 */
export function nonlinearCg(options: NonlinearCgOptions = {}): Solver<Smooth, DescentState<ConjugateMemory>> {
  const { beta = "HZ" } = options;
  if (!Object.hasOwn(formulas, beta)) {
    throw new DomainError(
      `Cannot run nonlinear conjugate gradients: expected beta among ${Object.keys(formulas).join(", ")}, got ${beta}`,
    );
  }
  const { search = beta === "HZ" ? hagerZhang() : moreThuente({ curvature: 0.1 }) } = options;
  return descent({
    name: `CG (${beta})`,
    options: { beta },
    reference: beta === "HZ"
      ? {
        title: "A new conjugate gradient method with guaranteed descent and an efficient line search",
        authors: "Hager, Zhang",
        year: 2005,
        identifier: "doi:10.1137/030601880",
      }
      : {
        title: "Function minimization by conjugate gradients",
        authors: "Fletcher, Reeves; Polak, Ribière, Polyak; Hestenes, Stiefel; Dai, Yuan",
        year: 1964,
        identifier: "doi:10.1093/comjnl/7.2.149",
      },
    needs: beta === "HZ" ? ["gradient", "value"] : ["gradient"],
    direction: conjugate(beta),
    search,
  });
}

function conjugate(name: ConjugateUpdate): Direction<Smooth, ConjugateMemory> {
  const formula = formulas[name];
  return {
    init: (_, { length: n }) => ({
      direction: new Float64Array(n),
      beta: NaN,
      steps: 0,
      promised: 0,
      products: { gg: 0, gy: 0, dg: 0, dy: 0, yy: 0, oldSquare: 0, dNorm: 0 },
    }),
    compute(problem, state, out) {
      const { gradient, memory } = state;
      const { direction, beta } = memory;
      negative(gradient, out);
      if (!Number.isNaN(beta)) {
        for (let i = 0; i < out.length; i++) out[i] += beta * direction[i];
        if (!(dot(out, gradient) < 0)) {
          negative(gradient, out);
          memory.steps = 0;
        }
      }
      if (memory.promised === 0) return name === "HZ" ? initialStep(state) : firstStep(gradient);
      const slope = dot(out, gradient);
      return name === "HZ" ? quadraticStep(problem, state, out, slope) : memory.promised / slope;
    },
    learn(memory, line, state) {
      const { direction, products: p } = memory, after = line.gradient, before = state.gradient, n = after.length;
      copy(line.direction, direction);
      memory.promised = line.step * line.slope0;
      memory.steps++;
      p.gg = dot(after, after);
      p.oldSquare = dot(before, before);
      const gOld = dot(after, before), powell = name !== "HZ" && Math.abs(gOld) >= 0.1 * p.gg;
      if (powell || memory.steps >= (name === "HZ" ? 6 * n : n)) {
        memory.beta = NaN;
        memory.steps = 0;
        return;
      }
      p.gy = p.gg - gOld;
      p.yy = p.gg - 2 * gOld + p.oldSquare;
      p.dg = line.slope;
      p.dy = line.slope - line.slope0;
      p.dNorm = norm2(direction);
      memory.beta = formula(p);
    },
    forget(memory) {
      const had = memory.steps > 0;
      memory.beta = NaN;
      memory.steps = memory.promised = 0;
      return had;
    },
  };
}

const PSI_0 = 0.01, PSI_1 = 0.1, PSI_2 = 2;

/** Hager and Zhang's first trial of the first step (I0): it changes x, or else the value, by about 1 percent. */
function initialStep({ x, value, gradient }: DescentState<unknown>): number {
  const size = normInf(x);
  if (size > 0) return PSI_0 * size / normInf(gradient);
  return value === 0 ? 1 : PSI_0 * Math.abs(value) / dot(gradient, gradient);
}

/**
 * Hager and Zhang's first trial (I1, I2): the minimizer of the quadratic through `φ(0)`, `φ'(0)` and `φ(ψ₁ a)`, a the
 * last step, if the value falls there and the quadratic is convex; else, or where the value would be level, `ψ₂ a`.
 */
function quadraticStep(problem: Smooth, state: DescentState<unknown>, d: Vector, slope: number): number {
  const { line, x, value } = state, short = PSI_1 * line.step;
  if (-slope * short <= LEVEL * Math.abs(value)) return PSI_2 * line.step;
  along(x, short, d, line.trial);
  const there = problem.value(line.trial), curved = there - value - slope * short;
  return there <= value && curved > 0 ? -slope * short * short / (2 * curved) : PSI_2 * line.step;
}
