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
      const row = (k: number) => (next - k + m) % m; // the k-th newest pair
      // each sweep subtracts one pair's part and takes the inner product with the next, in one pass over q
      let product = sweep(1, 0, y, 0, s, row(1) * n, out);
      for (let k = 1; k < count; k++) {
        const i = row(k);
        alpha[i] = rho[i] * product;
        product = sweep(1, -alpha[i], y, i * n, s, row(k + 1) * n, out);
      }
      const oldest = row(count);
      alpha[oldest] = rho[oldest] * product;
      product = sweep(memory.scale, -alpha[oldest], y, oldest * n, y, oldest * n, out);
      for (let k = count; k > 1; k--) {
        const i = row(k);
        product = sweep(1, alpha[i] - rho[i] * product, s, i * n, y, row(k - 1) * n, out);
      }
      const newest = row(1);
      sweep(1, alpha[newest] - rho[newest] * product, s, newest * n, y, newest * n, out);
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

/** `q ← scale (q + a u)` for a row u of one ring, and the inner product of the new q with a row v of another. */
function sweep(
  scale: number,
  a: number,
  us: Float64Array,
  u: number,
  vs: Float64Array,
  v: number,
  q: Float64Array,
): number {
  const n = q.length, even = n - (n & 3);
  let s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  for (let j = 0; j < even; j += 4) {
    const q0 = scale * (q[j] + a * us[u + j]), q1 = scale * (q[j + 1] + a * us[u + j + 1]);
    const q2 = scale * (q[j + 2] + a * us[u + j + 2]), q3 = scale * (q[j + 3] + a * us[u + j + 3]);
    q[j] = q0;
    q[j + 1] = q1;
    q[j + 2] = q2;
    q[j + 3] = q3;
    s0 += vs[v + j] * q0;
    s1 += vs[v + j + 1] * q1;
    s2 += vs[v + j + 2] * q2;
    s3 += vs[v + j + 3] * q3;
  }
  for (let j = even; j < n; j++) {
    q[j] = scale * (q[j] + a * us[u + j]);
    s0 += vs[v + j] * q[j];
  }
  return (s0 + s1) + (s2 + s3);
}
