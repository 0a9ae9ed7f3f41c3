/**
 * L-BFGS: the limited-memory BFGS method.
 *
 * ```
 * d = -H ∇f(x) by the two-loop recursion over the last m pairs  s = x⁺ - x,  y = ∇f(x⁺) - ∇f(x)
 *   q ← ∇f;  newest to oldest:  αᵢ = sᵢ·q / sᵢ·yᵢ,  q ← q - αᵢ yᵢ
 *   q ← (s·y / y·y) q  with the newest pair
 *   oldest to newest:  q ← q + (αᵢ - yᵢ·q / sᵢ·yᵢ) sᵢ;      d = -q
 * ```
 *
 * under a line search, first step `min(1, 1/|∇f|₁)`, then 1. A pair is kept only if `s·y > 1e-10 |s| |y|`.
 *
 * Source: Liu and Nocedal, On the limited memory BFGS method for large scale optimization, Mathematical Programming 45
 * (1989) 503-528; Nocedal and Wright, Numerical Optimization (2006), algorithm 7.4.
 *
 * @module
 */
import { DomainError, type Smooth, type Solver } from "../core/mod.ts";
import { descent, type DescentState, type Direction, firstStep, negative } from "./descent.ts";
import type { LineSearch } from "./line.ts";
import { moreThuente } from "./linesearch/more_thuente.ts";

/** Options of `lbfgs`. */
export interface LbfgsOptions {
  /** The number `m` of pairs. Default 10. */
  readonly memory?: number;
  /** The line search. Default Moré-Thuente with `c₁ = 1e-4`, `c₂ = 0.9`. */
  readonly search?: LineSearch;
}

/** The last pairs: a ring of m rows of n numbers. */
export interface LbfgsMemory {
  /** Steps `s`. */
  readonly s: Float64Array;
  /** Changes of gradient `y`. */
  readonly y: Float64Array;
  /** `1 / s·y` of each pair. */
  readonly rho: Float64Array;
  readonly alpha: Float64Array;
  /** `s·y / y·y` of the newest pair. */
  scale: number;
  /** The number of pairs held. */
  count: number;
  /** The row that the next pair goes to. */
  next: number;
}

/**
 * L-BFGS; memory and work are O(mn).
 *
 * @throws {DomainError} On a memory below 1.
 *
 * @example Rosenbrock's function in 100 variables
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { rosenbrock } from "@gradus/gradus/problems";
 * import { lbfgs } from "@gradus/gradus/smooth";
 * import { assertEquals } from "@std/assert";
 *
 * const { problem, start } = rosenbrock(100);
 * assertEquals(solve(problem, lbfgs(), { start }).status, "converged");
 * ```
 */
export function lbfgs(options: LbfgsOptions = {}): Solver<Smooth, DescentState<LbfgsMemory>> {
  const { memory: m = 10, search = moreThuente() } = options;
  if (!Number.isSafeInteger(m) || m < 1) {
    throw new DomainError(`Cannot run L-BFGS: expected a memory of at least 1 pair, got ${m}`);
  }
  return descent({
    name: "L-BFGS",
    options: { memory: m },
    reference: {
      title: "On the limited memory BFGS method for large scale optimization",
      authors: "Liu, Nocedal",
      year: 1989,
      identifier: "doi:10.1007/BF01589116",
    },
    direction: twoLoop(m),
    search,
  });
}

function twoLoop(m: number): Direction<Smooth, LbfgsMemory> {
  return {
    init: (_, { length: n }) => ({
      s: new Float64Array(m * n),
      y: new Float64Array(m * n),
      rho: new Float64Array(m),
      alpha: new Float64Array(m),
      scale: 1,
      count: 0,
      next: 0,
    }),
    compute(_, { gradient, memory }, out) {
      negative(gradient, out); // the recursion is linear: starting from -∇f ends at d
      const { s, y, rho, alpha, count, next } = memory, n = out.length;
      if (count === 0) return firstStep(gradient);
      for (let k = 1; k <= count; k++) {
        const i = (next - k + m) % m;
        alpha[i] = rho[i] * rowDot(s, i * n, out);
        addRow(-alpha[i], y, i * n, out);
      }
      for (let j = 0; j < n; j++) out[j] *= memory.scale;
      for (let k = count; k >= 1; k--) {
        const i = (next - k + m) % m;
        addRow(alpha[i] - rho[i] * rowDot(y, i * n, out), s, i * n, out);
      }
      return 1;
    },
    learn(memory, line, state) {
      const { s, y } = memory, { x, trial, gradient: after } = line, before = state.gradient, n = x.length;
      const row = memory.next * n;
      let sy = 0, ss = 0, yy = 0;
      for (let j = 0; j < n; j++) {
        const sj = trial[j] - x[j], yj = after[j] - before[j];
        s[row + j] = sj;
        y[row + j] = yj;
        sy += sj * yj;
        ss += sj * sj;
        yy += yj * yj;
      }
      if (!(sy > 1e-10 * Math.sqrt(ss) * Math.sqrt(yy))) return;
      memory.rho[memory.next] = 1 / sy;
      memory.scale = sy / yy;
      memory.next = (memory.next + 1) % m;
      memory.count = Math.min(memory.count + 1, m);
    },
    forget(memory) {
      const had = memory.count > 0;
      memory.count = memory.next = 0;
      return had;
    },
  };
}

/** The inner product of a row of the ring with a vector. */
function rowDot(rows: Float64Array, start: number, v: Float64Array): number {
  const n = v.length, even = n - (n & 3);
  let a = 0, b = 0, c = 0, d = 0;
  for (let j = 0; j < even; j += 4) {
    a += rows[start + j] * v[j];
    b += rows[start + j + 1] * v[j + 1];
    c += rows[start + j + 2] * v[j + 2];
    d += rows[start + j + 3] * v[j + 3];
  }
  for (let j = even; j < n; j++) a += rows[start + j] * v[j];
  return (a + b) + (c + d);
}

/** `v ← v + a row`. */
function addRow(a: number, rows: Float64Array, start: number, v: Float64Array): void {
  for (let j = 0; j < v.length; j++) v[j] += a * rows[start + j];
}
