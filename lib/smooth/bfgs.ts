/**
 * BFGS with a dense approximation H of the inverse Hessian.
 *
 * ```
 * d = -H ∇f(x)
 * H⁺ = (I - ρ s yᵀ) H (I - ρ y sᵀ) + ρ s sᵀ,     ρ = 1/s·y,  s = x⁺ - x,  y = ∇f(x⁺) - ∇f(x)
 * ```
 *
 * H is `I` at the start and `(s·y / y·y) I` before the first update. A pair with `s·y <= 1e-10 |s| |y|` is left out.
 *
 * Source: Nocedal and Wright, Numerical Optimization (2006), algorithm 6.1 and equations (6.17), (6.20).
 *
 * @module
 */
import { DomainError, type Smooth, type Solver, vectors } from "../core/mod.ts";
import { descent, type DescentState, type Direction, firstStep, negative } from "./descent.ts";
import type { LineSearch } from "./line.ts";
import { moreThuente } from "./linesearch/more_thuente.ts";

/** Options of `bfgs`. */
export interface BfgsOptions {
  /** The line search. Default Moré-Thuente with `c₁ = 1e-4`, `c₂ = 0.9`. */
  readonly search?: LineSearch;
}

/** The approximation and its work space. */
export interface BfgsMemory {
  /** `H`, symmetric, row-major. */
  readonly inverse: Float64Array;
  /** `s = x⁺ - x`. */
  readonly s: Float64Array;
  /** `y = ∇f(x⁺) - ∇f(x)`. */
  readonly y: Float64Array;
  /** `H y`. */
  readonly hy: Float64Array;
  /** Updates so far. */
  updates: number;
}

const LARGEST = 15_000; // 1.8 GB

/**
 * BFGS; memory and work are O(n²).
 *
 * @throws {DomainError} In `init`, on more variables than a dense matrix can serve; it points to `lbfgs`.
 *
 * @example Rosenbrock's function
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { rosenbrock } from "@gradus/gradus/problems";
 * import { bfgs } from "@gradus/gradus/smooth";
 * import { assertEquals } from "@std/assert";
 *
 * const { problem, start } = rosenbrock(2);
 * assertEquals(solve(problem, bfgs(), { start }).status, "converged");
 * ```
 */
export function bfgs(options: BfgsOptions = {}): Solver<Smooth, DescentState<BfgsMemory>> {
  const { search = moreThuente() } = options;
  return descent({
    name: "BFGS",
    options: {},
    reference: {
      title: "The convergence of a class of double-rank minimization algorithms",
      authors: "Broyden, Fletcher, Goldfarb, Shanno",
      year: 1970,
      identifier: "doi:10.1093/imamat/6.1.76",
    },
    direction: quasiNewton,
    search,
  });
}

const quasiNewton: Direction<Smooth, BfgsMemory> = {
  init: (_, { length: n }) => {
    if (n > LARGEST) {
      throw new DomainError(
        `Cannot run BFGS: expected at most ${LARGEST} variables, got ${n}; lbfgs() has no such limit`,
      );
    }
    const [s, y, hy] = vectors(n, 3);
    return { inverse: new Float64Array(n * n), s, y, hy, updates: 0 };
  },
  compute(_, { gradient, memory }, out) {
    if (memory.updates === 0) {
      negative(gradient, out);
      return firstStep(gradient);
    }
    multiply(memory.inverse, gradient, out);
    negative(out, out);
    return 1;
  },
  learn(memory, line, state) {
    const { inverse: h, s, y, hy } = memory, n = s.length;
    let sy = 0, ss = 0, yy = 0;
    for (let i = 0; i < n; i++) {
      s[i] = line.trial[i] - line.x[i];
      y[i] = line.gradient[i] - state.gradient[i];
      sy += s[i] * y[i];
      ss += s[i] * s[i];
      yy += y[i] * y[i];
    }
    if (!(sy > 1e-10 * Math.sqrt(ss) * Math.sqrt(yy))) return;
    if (memory.updates === 0) {
      h.fill(0);
      for (let i = 0; i < n; i++) h[i * n + i] = sy / yy;
    }
    multiply(h, y, hy);
    let yhy = 0;
    for (let i = 0; i < n; i++) yhy += y[i] * hy[i];
    // H⁺ = H + ρ (1 + ρ yᵀHy) s sᵀ - ρ (Hy sᵀ + s (Hy)ᵀ), in a form that keeps it symmetric to the last bit
    const rho = 1 / sy, c = rho * (1 + rho * yhy);
    for (let i = 0, k = 0; i < n; i++) {
      const si = s[i], hyi = hy[i];
      for (let j = 0; j < n; j++, k++) h[k] += c * (si * s[j]) - rho * (hyi * s[j] + si * hy[j]);
    }
    memory.updates++;
  },
  forget(memory) {
    const had = memory.updates > 0;
    memory.updates = 0;
    return had;
  },
};

/** `out ← A v`, A square and row-major. */
function multiply(a: Float64Array, v: Float64Array, out: Float64Array): void {
  const n = v.length;
  for (let i = 0, k = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++, k++) sum += a[k] * v[j];
    out[i] = sum;
  }
}
