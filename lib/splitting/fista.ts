/**
 * Proximal gradient methods: ISTA, and FISTA with its momentum.
 *
 * ```
 * x⁺ = prox_{r/L}(y - ∇f(y)/L)
 * y  = x⁺ + β (x⁺ - x)
 *
 * momentum  none      β = 0                             ISTA
 *           FISTA     β = (t - 1)/t⁺,  t⁺ = (1 + √(1 + 4t²))/2
 *           slow      the same with t_k = (k + a - 1)/a: the iterates converge for a > 2
 *           constant  β = (√L - √μ)/(√L + √μ)
 * restart   t = 1, y = x⁺   where (y - x⁺)ᵀ(x⁺ - x) > 0, or F(x⁺) > F(x), or every so many iterations
 * monotone  x⁺ = x where F would rise; y = x⁺ + (t/t⁺)(z - x⁺) + ((t - 1)/t⁺)(x⁺ - x), z the proximal step
 * L         doubled until f(x⁺) <= f(y) + ∇f(y)ᵀ(x⁺ - y) + L/2 |x⁺ - y|², where it is not known
 * ```
 *
 * Sources: Beck and Teboulle, A fast iterative shrinkage-thresholding algorithm (2009), equations 4.1 to 4.3; the same,
 * Fast gradient-based algorithms for constrained total variation (2009), section 5.1; O'Donoghue and Candès, Adaptive
 * restart for accelerated gradient schemes (2015), section 3.2; Chambolle and Dossal, On the convergence of the
 * iterates of FISTA (2015).
 *
 * @module
 */
import { checkChoice, type Composite, DomainError, type Solver, type State, type Vector } from "../core/mod.ts";

/** How y goes ahead of x. */
export type Momentum = "none" | "fista" | { readonly slow: number } | { readonly strongConvexity: number };

/** Options of `fista`. */
export interface FistaOptions {
  /** L. Default: that of the problem; found by doubling where it has none. */
  readonly smoothness?: number;
  /** Default `fista`. */
  readonly momentum?: Momentum;
  /** When the momentum starts anew; a number: every so many iterations. Default `gradient`. */
  readonly restart?: "none" | "gradient" | "value" | number;
  /** Whether F must not rise. Default false. */
  readonly monotone?: boolean;
}

/** The state of FISTA. */
export interface FistaState extends State {
  /** Where the gradient is taken. */
  readonly y: Vector;
  /** `∇f(y)`. */
  readonly gradient: Vector;
  /** The proximal step. */
  readonly z: Vector;
  /** L, or the estimate so far. */
  smoothness: number;
  /** Whether L is an estimate. */
  readonly estimates: boolean;
  /** t. */
  t: number;
  /** Iterations since the momentum started. */
  age: number;
}

const reference = {
  title: "A fast iterative shrinkage-thresholding algorithm for linear inverse problems",
  authors: "Beck, Teboulle",
  year: 2009,
  identifier: "doi:10.1137/080716542",
};

/** L is doubled this often in a step at most. */
const MOST = 100;

/** ISTA, the proximal gradient method without momentum. `smoothness` as for `fista`. */
export function ista(options: Pick<FistaOptions, "smoothness"> = {}): Solver<Composite, FistaState> {
  return { ...fista({ ...options, momentum: "none", restart: "none" }), name: "ISTA" };
}

/**
 * FISTA. A step takes one gradient; two evaluations or more where L is not known, or F is needed.
 *
 * @throws {DomainError} On constants out of range.
 *
 * @example A lasso of one coefficient
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { dataset, lasso } from "@gradus/gradus/problems";
 * import { fista } from "@gradus/gradus/splitting";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const data = dataset({ columns: 1, features: Float64Array.of(1, 1), targets: Float64Array.of(2, 4) });
 * const { problem, start } = lasso(data, 0.5); // ½ mean (w - y)² + ½ |w|, mean y = 3
 * assertAlmostEquals(solve(problem, fista(), { start }).x[0], 2.5, 1e-8);
 * ```
 */
export function fista(options: FistaOptions = {}): Solver<Composite, FistaState> {
  const { smoothness, momentum = "fista", restart = "gradient", monotone = false } = options;
  check(options);
  const needsValue = monotone || restart === "value";
  return {
    name: "FISTA",
    options: { ...(smoothness !== undefined && { smoothness }), momentum, restart, monotone },
    reference,
    needs: ["smooth.gradient", "smooth.value", "regularizer.value", "regularizer.proximal"],
    init: (problem, start) => {
      const x = start.x.slice(), L = smoothness ?? problem.smooth.constants?.smoothness;
      const value = needsValue ? problem.smooth.value(x) + problem.regularizer.value(x) : NaN;
      const vector = (): Vector => new Float64Array(x.length);
      return {
        x,
        value,
        y: x.slice(),
        gradient: vector(),
        z: vector(),
        smoothness: L ?? 1,
        estimates: L === undefined,
        t: 1,
        age: 0,
      };
    },
    step(problem, state) {
      const { x, y, z } = state, valueOfZ = proximalGradient(problem, state, needsValue);
      if (state.stop) return;
      const worse = monotone && rises(valueOfZ, state.value);
      const again = shouldRestart(restart, state, valueOfZ);
      const t = again ? 1 : state.t, next = nextT(momentum, t, again ? 0 : state.age);
      const beta = again
        ? 0
        : typeof momentum === "object" && "strongConvexity" in momentum
        ? constantMomentum(state.smoothness, momentum.strongConvexity)
        : momentum === "none"
        ? 0
        : (t - 1) / next;
      for (let i = 0; i < x.length; i++) {
        // where F would rise, x stays, and y goes towards z
        y[i] = worse ? x[i] + (again ? 0 : t / next) * (z[i] - x[i]) : z[i] + beta * (z[i] - x[i]);
        if (!worse) x[i] = z[i];
      }
      if (!worse) state.value = valueOfZ;
      state.age = again ? 0 : state.age + 1;
      state.t = again ? 1 : next;
    },
    point: (_, state) => ({ x: state.x }),
  };
}

/** Writes the proximal step from y into z; returns F there if it is asked for or L is an estimate, else NaN. */
function proximalGradient({ smooth, regularizer }: Composite, state: FistaState, needsValue: boolean): number {
  const { y, z, gradient } = state,
    value = smooth.gradient(y, gradient),
    rounding = 4 * Number.EPSILON * Math.abs(value);
  for (let trial = 0; trial < MOST; trial++, state.smoothness *= 2) {
    const L = state.smoothness;
    for (let i = 0; i < z.length; i++) z[i] = y[i] - gradient[i] / L;
    regularizer.proximal(z, 1 / L, z);
    if (!state.estimates && !needsValue) return NaN;
    const reached = smooth.value(z);
    let model = value;
    for (let i = 0; i < z.length; i++) {
      const d = z[i] - y[i];
      model += d * (gradient[i] + L / 2 * d);
    }
    if (!state.estimates || reached <= model + rounding) return reached + regularizer.value(z);
  }
  state.stop = { status: "line-search-failed", message: `no L up to ${state.smoothness} bounds the curvature` };
  return NaN;
}

/** Whether F goes up by more than rounding. */
function rises(reached: number, value: number): boolean {
  return reached > value + 4 * Number.EPSILON * Math.abs(value);
}

function shouldRestart(
  restart: FistaOptions["restart"],
  { x, y, z, value, age }: FistaState,
  reached: number,
): boolean {
  if (typeof restart === "number") return age + 1 >= restart;
  if (restart === "value") return rises(reached, value);
  if (restart === "none") return false;
  let inner = 0;
  for (let i = 0; i < x.length; i++) inner += (y[i] - z[i]) * (z[i] - x[i]);
  return inner > 0;
}

function nextT(momentum: Momentum, t: number, age: number): number {
  if (typeof momentum === "object" && "slow" in momentum) return (age + 1 + momentum.slow) / momentum.slow;
  return (1 + Math.sqrt(1 + 4 * t * t)) / 2;
}

function constantMomentum(L: number, mu: number): number {
  return (Math.sqrt(L) - Math.sqrt(mu)) / (Math.sqrt(L) + Math.sqrt(mu));
}

function check({ smoothness, momentum, restart }: FistaOptions): void {
  const refuse = (expected: string, got: unknown): never => {
    throw new DomainError(`Cannot run FISTA: expected ${expected}, got ${got}`);
  };
  if (typeof momentum === "string") checkChoice("run FISTA", "a momentum", momentum, ["none", "fista"]);
  if (typeof restart === "string") checkChoice("run FISTA", "a restart", restart, ["none", "gradient", "value"]);
  if (smoothness !== undefined && !(smoothness > 0 && smoothness < Infinity)) refuse("a smoothness > 0", smoothness);
  if (typeof restart === "number" && !(Number.isSafeInteger(restart) && restart >= 1)) {
    refuse("a restart every positive number of iterations", restart);
  }
  if (typeof momentum !== "object") return;
  if ("slow" in momentum && !(momentum.slow >= 2 && momentum.slow < Infinity)) {
    refuse("a slow momentum a >= 2", momentum.slow);
  }
  if ("strongConvexity" in momentum && !(momentum.strongConvexity > 0)) {
    refuse("a strong convexity > 0", momentum.strongConvexity);
  }
}
