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
import { axpy, DomainError, dot, type Smooth, type Solver, type Vector } from "../core/mod.ts";
import { ResidentPairs } from "../linalg/mod.ts";
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

/** The last pairs, in a ring of m places. */
export interface LbfgsMemory {
  /** Steps `s`. */
  readonly s: readonly Vector[];
  /** Changes of gradient `y`. */
  readonly y: readonly Vector[];
  /** `1 / s·y` of each pair. */
  readonly rho: Float64Array;
  /** `αᵢ` of the recursion. */
  readonly alpha: Float64Array;
  /** `s·y / y·y` of the newest pair. */
  scale: number;
  /** The number of pairs held. */
  count: number;
  /** The place of the next pair. */
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
  /** m vectors in one buffer: views cost less than vectors of their own. */
  const vectors = (n: number): Vector[] => {
    const all = new Float64Array(m * n);
    return Array.from({ length: m }, (_, i) => all.subarray(i * n, (i + 1) * n));
  };
  const resident = new Residents(m);
  return {
    init: (_, { length: n }) => ({
      s: vectors(n),
      y: vectors(n),
      rho: new Float64Array(m),
      alpha: new Float64Array(m),
      scale: 1,
      count: 0,
      next: 0,
    }),
    compute(_, { gradient, memory }, out) {
      const { s, y, rho, alpha, scale, count, next } = memory;
      negative(gradient, out); // the recursion is linear: starting from -∇f it ends at d
      if (count === 0) return firstStep(gradient);
      const newest = (next + m - 1) % m, oldest = (next + m - count) % m;
      const pairs = resident.of(memory, out.length);
      if (pairs) {
        pairs.direction(gradient, count, newest, scale, out);
        return 1;
      }
      // each pass over q subtracts one pair's part and takes the inner product that the next one needs
      let i = newest, product = dot(s[i], out);
      while (i !== oldest) {
        const older = (i + m - 1) % m;
        alpha[i] = rho[i] * product;
        product = add(1, -alpha[i], y[i], out, s[older]);
        i = older;
      }
      alpha[i] = rho[i] * product;
      product = add(scale, -alpha[i], y[i], out, y[i]);
      while (i !== newest) {
        const newer = (i + 1) % m;
        product = add(1, alpha[i] - rho[i] * product, s[i], out, y[newer]);
        i = newer;
      }
      axpy(alpha[i] - rho[i] * product, s[i], out);
      return 1;
    },
    learn(memory, line, state) {
      const s = memory.s[memory.next], y = memory.y[memory.next], n = s.length;
      const { x, trial, gradient: after } = line, before = state.gradient;
      let sy = 0, ss = 0, yy = 0;
      for (let i = 0; i < n; i++) {
        const si = s[i] = trial[i] - x[i], yi = y[i] = after[i] - before[i];
        sy += si * yi;
        ss += si * si;
        yy += yi * yi;
      }
      if (!(sy > 1e-10 * Math.sqrt(ss) * Math.sqrt(yy))) {
        memory.count = Math.min(memory.count, m - 1); // in a full ring this was the place of the oldest pair
        return;
      }
      memory.rho[memory.next] = 1 / sy;
      resident.of(memory, n)?.set(memory.next, s, y, 1 / sy);
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

/**
 * Copies of pairs in the memory of the compute kernels, which run the same recursion to the same bits several times as
 * fast. A copy belongs to one memory; one that comes from elsewhere (a resumed run, a snapshot) gets its own.
 */
class Residents {
  readonly #copies = new WeakMap<LbfgsMemory, ResidentPairs>();
  readonly #m: number;

  constructor(m: number) {
    this.#m = m;
  }

  /** The copy, or undefined where the loops of TypeScript are as good. */
  of(memory: LbfgsMemory, n: number): ResidentPairs | undefined {
    if (n < ResidentPairs.smallest) return undefined;
    let pairs = this.#copies.get(memory);
    if (!pairs) {
      pairs = ResidentPairs.open(n, this.#m);
      if (!pairs) return undefined;
      const { s, y, rho } = memory;
      for (let i = 0; i < this.#m; i++) pairs.set(i, s[i], y[i], rho[i]);
      this.#copies.set(memory, pairs);
    }
    return pairs;
  }
}

/** `q ← scale (q + a u)`; returns `q·v`. One pass over memory instead of two. */
function add(scale: number, a: number, u: Vector, q: Vector, v: Vector): number {
  const n = q.length, even = n - (n & 3);
  let s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  for (let i = 0; i < even; i += 4) {
    const q0 = scale * (q[i] + a * u[i]), q1 = scale * (q[i + 1] + a * u[i + 1]);
    const q2 = scale * (q[i + 2] + a * u[i + 2]), q3 = scale * (q[i + 3] + a * u[i + 3]);
    q[i] = q0;
    q[i + 1] = q1;
    q[i + 2] = q2;
    q[i + 3] = q3;
    s0 += q0 * v[i];
    s1 += q1 * v[i + 1];
    s2 += q2 * v[i + 2];
    s3 += q3 * v[i + 3];
  }
  for (let i = even; i < n; i++) {
    q[i] = scale * (q[i] + a * u[i]);
    s0 += q[i] * v[i];
  }
  return (s0 + s1) + (s2 + s3);
}
