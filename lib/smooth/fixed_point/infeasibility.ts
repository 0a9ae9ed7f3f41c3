/**
 * Fixed points of a nonexpansive map T, and the proof that there is none: Picard's and Halpern's iterations.
 *
 * ```
 * v = the element of least norm in the closure of range(I - T);   v = 0 if T has a fixed point
 * Picard    x⁺ = T x;                                  (x₀ - xₖ)/k → v,    x - T x → v
 * Halpern   x⁺ = x₀/(k+2) + (k+1)/(k+2) T x;          2 (x₀ - xₖ)/k → v,   x - T x → v
 * infeasible  when both estimates e have  |eₖ - eₖ/₂| <= τ |eₖ|  and  |eₖ| > τ,   looked at for k = 16, 32, 64, …
 * ```
 *
 * For T averaged and v attained, |e - v|² falls like k⁻² for Picard's first estimate, k⁻¹ for his second, and k⁻² for
 * both of Halpern's, which is optimal. For the maps of Douglas and Rachford, ADMM or primal-dual gradients v ≠ 0 is a
 * certificate that a primal or dual problem is infeasible.
 *
 * Source: Park and Ryu, Accelerated infeasibility detection of constrained optimization and fixed-point iterations
 * (2023), arXiv 2303.15876.
 *
 * @module
 */
import {
  along,
  checkPositive,
  copy,
  DomainError,
  dot,
  figure,
  fillNormal,
  type LinearOperator,
  normInf,
  type Reference,
  type Rng,
  type Solver,
  type State,
  type Vector,
} from "../../core/mod.ts";
import type { Equation } from "../equations/equation.ts";

/** Options of `picard` and `halpern`. */
export interface FixedPointOptions {
  /** `τ`. Default 1e-3. */
  readonly tolerance?: number;
  /** `M`, symmetric positive definite, where T is nonexpansive in `|d|² = dᵀMd` only. Default I. */
  readonly metric?: LinearOperator;
}

/** The state. */
export interface FixedPointState extends State {
  /** `|x - T x|∞`. */
  estimate: number;
  /** `x - T x`, the second estimate of v. */
  readonly residual: Vector;
  /** `x₀`. */
  readonly origin: Vector;
  /** `k`. */
  k: number;
  /** The first estimate of v; zero at first. */
  readonly normalized: Vector;
  /** Both estimates when they were last looked at. */
  readonly before: { readonly residual: Vector; readonly normalized: Vector };
  /** Room for differences and products with M. */
  readonly room: readonly [Vector, Vector];
}

const reference: Reference = {
  title: "Accelerated infeasibility detection of constrained optimization and fixed-point iterations",
  authors: "Park, Ryu",
  year: 2023,
  identifier: "arXiv:2303.15876",
};

/** How x moves, and what `(x₀ - x)/k` is to be multiplied by. */
interface Scheme {
  readonly name: string;
  readonly factor: number;
  /** Puts x⁺ in the place of x. */
  readonly move: (x: Vector, residual: Vector, origin: Vector, k: number) => void;
}

/**
 * Picard's iteration `x⁺ = T x` for the equation `x - T x = 0`; ends as `infeasible` where it has none.
 *
 * @throws {DomainError} When τ is not positive; in `init`, when T expands a random difference.
 *
 * @example Projections onto two sets that do not meet
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { fixedPoint, infimalDisplacement, picard } from "@gradus/gradus/smooth";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * // Douglas and Rachford for x >= 1 and x <= 0
 * const problem = fixedPoint(1, ([z], out) => {
 *   const x = Math.max(1, z);
 *   out[0] = z + Math.min(0, 2 * x - z) - x;
 * });
 * const result = solve(problem, picard(), { start: [5] });
 * assertEquals(result.status, "infeasible");
 * ```
 */
export function picard(options: FixedPointOptions = {}): Solver<Equation, FixedPointState> {
  return detecting(options, {
    name: "Picard",
    factor: 1,
    move: (x, residual) => along(x, -1, residual, x),
  });
}

/**
 * Halpern's iteration, anchored at the start, for the equation `x - T x = 0`; ends as `infeasible` where it has none.
 *
 * @throws {DomainError} When τ is not positive; in `init`, when T expands a random difference.
 */
export function halpern(options: FixedPointOptions = {}): Solver<Equation, FixedPointState> {
  return detecting(options, {
    name: "Halpern",
    factor: 2,
    move: (x, residual, origin, k) => {
      for (let i = 0; i < x.length; i++) x[i] = (origin[i] + (k + 1) * (x[i] - residual[i])) / (k + 2);
    },
  });
}

/** Both estimates of v, the least displacement of T. */
export function infimalDisplacement(
  state: Pick<FixedPointState, "normalized" | "residual">,
): { readonly normalized: Vector; readonly residual: Vector } {
  return { normalized: state.normalized.slice(), residual: state.residual.slice() };
}

function detecting(options: FixedPointOptions, { name, factor, move }: Scheme): Solver<Equation, FixedPointState> {
  const { tolerance = 1e-3, metric } = options;
  checkPositive(`run ${name}`, "τ", tolerance);
  const size = (d: Vector, room: Vector): number => {
    if (metric) metric.apply(d, room);
    return Math.sqrt(Math.max(0, metric ? dot(d, room) : dot(d, d)));
  };
  const settled = (now: Vector, before: Vector, [difference, room]: readonly [Vector, Vector]): boolean => {
    along(now, -1, before, difference);
    const length = size(now, room);
    return length > tolerance && size(difference, room) <= tolerance * length;
  };
  return {
    name,
    options: { tolerance, metric: metric ? "given" : "I" },
    reference,
    needs: ["operator"],
    init: (problem, start, { rng }) => {
      const x = start.x.slice(), n = x.length, room = [new Float64Array(n), new Float64Array(n)] as const;
      const residual = new Float64Array(n);
      problem.operator(x, residual);
      checkNonexpansive(name, problem, x, residual, rng, (d) => size(d, room[1]));
      return {
        x,
        value: NaN,
        estimate: normInf(residual),
        residual,
        origin: x.slice(),
        k: 0,
        normalized: new Float64Array(n),
        before: { residual: new Float64Array(n), normalized: new Float64Array(n) },
        room,
      };
    },
    step(problem, state) {
      const { x, residual, origin, normalized, before, room } = state;
      move(x, residual, origin, state.k);
      state.k++;
      problem.operator(x, residual);
      state.estimate = normInf(residual);
      for (let i = 0; i < x.length; i++) normalized[i] = factor * (origin[i] - x[i]) / state.k;
      if (state.k < 8 || !isPowerOfTwo(state.k)) return;
      const isSettled = settled(normalized, before.normalized, room) && settled(residual, before.residual, room);
      if (state.k >= 16 && isSettled) {
        const message = `no fixed point: T displaces every point by ${figure(size(normalized, room[1]))} at least`;
        state.stop = { status: "infeasible", message };
      }
      copy(normalized, before.normalized);
      copy(residual, before.residual);
    },
    point: (_, { x }) => ({ x }),
  };
}

const isPowerOfTwo = (k: number): boolean => Number.isInteger(Math.log2(k));

/** Compares `|Tx - Ty|` with `|x - y|` for a random y. */
function checkNonexpansive(
  name: string,
  problem: Equation,
  x: Vector,
  residual: Vector,
  rng: Rng,
  size: (d: Vector) => number,
): void {
  const d = fillNormal(rng, new Float64Array(x.length)), y = x.slice(), moved = x.slice();
  along(x, 1, d, y);
  problem.operator(y, moved);
  const before = size(d);
  for (let i = 0; i < x.length; i++) moved[i] = d[i] - (moved[i] - residual[i]); // Ty - Tx
  const after = size(moved);
  // rounding of x + d, which is no difference of the map's
  const rounding = 1e-12 * before + 8 * Number.EPSILON * (normInf(x) + normInf(residual)) * Math.sqrt(x.length);
  if (after > before + rounding) {
    throw new DomainError(
      `Cannot run ${name}: expected a map that does not expand, got a difference of ${before} that becomes ${after}`,
    );
  }
}
