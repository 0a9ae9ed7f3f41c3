/**
 * Linear and convex quadratic programs by a primal-dual interior-point method,
 *
 *     minimize ½ xᵀPx + cᵀx  where  rowLower <= Ax <= rowUpper, lower <= x <= upper.
 *
 * ```
 * predictor:  Newton's step to  t z = 0,  its longest steps a, b, and μₐ, which is μ after them
 * corrector:  Newton's step to  t z = σ μ - Δt Δz of the predictor,  σ = (μₐ/μ)³
 * centrality: t z that would leave [0.1, 10] σ μ after a longer step are corrected, as long as steps gain by it
 * (v, t, w) += a Δ,  (y, z, q) += b Δ,  0.995 of the way to where one would be 0;  a = b where P is not 0
 * ```
 *
 * All steps of an iteration have one factorization `L D Lᵀ` of the quasi-definite system of Newton's method, in an
 * order that is found once.
 *
 * Where x runs away, a direction in which the objective falls for ever is looked for, by the same method; where the
 * multipliers run away, a feasible point. Multipliers that prove that there is none end the run `infeasible`; a
 * direction and a feasible point, which is x then, end it `unbounded`. The ray is the result's certificate.
 * `checkInfeasible` and `checkUnbounded` say what such rays prove.
 *
 * Linear programs are presolved first (`presolve`); iterates and rays are put back into the program that was given.
 *
 * Sources: Mehrotra, On the implementation of a primal-dual interior point method (1992); Gondzio, Multiple centrality
 * corrections in a primal-dual method for linear programming (1996).
 *
 * @module
 */
import { GradusError, type Solver, type Stop } from "../../core/mod.ts";
import {
  advance,
  complementarity,
  complementarityAlong,
  copyIterate,
  diagonalAt,
  type Iterate,
  longestSteps,
  newtonStep,
  residualsAt,
} from "./iterate.ts";
import { NewtonSystem, PRECISE } from "./newton_system.ts";
import { checkedOptions, type InteriorPointOptions, type MethodOptions } from "./options.ts";
import { center, correct, GAIN, isNegligible, LONG, LONGER, NOWHERE, SHORT, vanish } from "./products.ts";
import { recessionProgram, type SparseProgram, withoutObjective } from "./program.ts";
import { initialState, type InteriorPointState, outOfRange, publish } from "./state.ts";
import { explore, judge } from "./verdict.ts";

/**
 * The primal-dual interior-point method for linear and convex quadratic programs with sparse matrices. A start is used
 * if it has multipliers, as the result's `point` of a program that was a little different; one that leads to short
 * steps is given up.
 *
 * @throws {DomainError} When an option is out of range; in `init` for a Hessian that is not positive semidefinite, or
 *   variables that must be whole.
 *
 * @example The largest x + y where x + 2y <= 4, 3x + y <= 6
 * ```ts
 * import { interiorPoint } from "@gradus/gradus/constrained";
 * import { solve } from "@gradus/gradus/core";
 * import { fromTriplets } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { x, point } = solve({
 *   kind: "linear-program",
 *   objective: Float64Array.of(-1, -1),
 *   matrix: fromTriplets(2, 2, [0, 0, 1, 1], [0, 1, 0, 1], [1, 2, 3, 1]),
 *   rowLower: Float64Array.of(-Infinity, -Infinity),
 *   rowUpper: Float64Array.of(4, 6),
 *   lower: Float64Array.of(0, 0),
 *   upper: Float64Array.of(Infinity, Infinity),
 * }, interiorPoint(), { start: [0, 0] });
 * assertAlmostEquals(x[0], 1.6, 1e-7);
 * assertAlmostEquals(point.multipliers![0], 0.4, 1e-7);
 * ```
 */
export function interiorPoint(options: InteriorPointOptions = {}): Solver<SparseProgram, InteriorPointState> {
  const checked = checkedOptions(options);
  return {
    name: "interior point",
    options: { ...checked },
    reference: {
      title: "On the implementation of a primal-dual interior point method",
      authors: "Mehrotra",
      year: 1992,
      identifier: "doi:10.1137/0802028",
    },
    needs: [],
    init: (problem, start) => initialState(problem, checked, start),
    step(problem, state) {
      const { inner } = state;
      if (!inner) {
        const failure = step(problem, state, checked);
        if (failure) state.stop = failure;
        else judge(problem, state, checked);
        return;
      }
      const other = inner.goal === "point" ? withoutObjective(problem) : recessionProgram(problem);
      const failure = step(other, inner.state, checked);
      explore(problem, other, state, checked, failure !== undefined);
    },
    point: (_, { x, multipliers }) => ({ x, multipliers }),
    certificate: (_, { certificate }) => certificate,
  };
}

/** After a step so short, or so many of them, a start that was given is given up. */
const TOO_SHORT = 0.1, TOO_LATE = 12;

/** One step; returns a stop where there is none, its systems being out of range. */
function step(
  problem: SparseProgram,
  state: InteriorPointState,
  options: MethodOptions,
): Stop | undefined {
  try {
    iterate(problem, state, options);
  } catch (reason) {
    if (!(reason instanceof GradusError)) throw reason;
    return outOfRange(reason);
  }
}

function iterate(
  problem: SparseProgram,
  state: InteriorPointState,
  { regularization, corrections }: MethodOptions,
): void {
  const { program, analysis, at, trial, direction, residuals, diagonal, room } = state, { n } = program;
  diagonalAt(program, at, diagonal);
  const system = new NewtonSystem(program, analysis, diagonal, regularization, state.precision, at);
  room.solution.set(at.v.subarray(0, n));
  room.solution.set(at.y, n);
  system.product(room.solution, room.product);
  residualsAt(program, at, room.product, residuals);
  const mu = complementarity(program, at);

  // predictor
  vanish(at, residuals);
  newtonStep(program, at, residuals, system, diagonal, room, trial);
  const together = problem.kind === "quadratic-program";
  const lengths = steps(at, trial, together);

  // corrector
  const reached = complementarityAlong(program, at, trial, lengths.primal, lengths.dual);
  const target = mu > 0 ? Math.min(1, reached / mu) ** 3 * mu : 0; // σ μ
  correct(trial, target, residuals);
  newtonStep(program, at, residuals, system, diagonal, room, direction);
  let { primal, dual } = steps(at, direction, together);

  // centrality
  for (let c = 0; c < corrections && Math.min(primal, dual) < LONG; c++) {
    center(at, direction, Math.min(1, primal + LONGER), Math.min(1, dual + LONGER), target, residuals);
    newtonStep(program, at, residuals, system, diagonal, room, trial);
    const next = steps(at, trial, together);
    if (next.primal + next.dual < primal + dual + GAIN) break;
    ({ primal, dual } = next);
    copyIterate(trial, direction);
  }
  advance(at, direction, primal, dual);
  if (state.cold && (Math.max(primal, dual) < TOO_SHORT || state.steps >= TOO_LATE)) {
    copyIterate(state.cold, at);
    delete state.cold;
  }
  publish(state);
  state.steps++;
  if (Math.min(primal, dual) < SHORT) state.precision = PRECISE;
  state.stalled = Math.max(primal, dual) < NOWHERE || isNegligible(mu, at) ? state.stalled + 1 : 0;
}

function steps(at: Iterate, step: Iterate, together: boolean): { primal: number; dual: number } {
  const { primal, dual } = longestSteps(at, step), least = Math.min(primal, dual);
  return together ? { primal: least, dual: least } : { primal, dual };
}
