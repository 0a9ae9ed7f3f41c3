/**
 * Linear and convex quadratic programs by an interior-point method on their homogeneous form, which always has a
 * solution:
 *
 * ```
 * Ax = s,  s = τ b of equations;   v = (x, s),   t = v - τ lower,   w = τ upper - v
 * Px + τ c + Aᵀy - z + q = 0 (variables),        -y - z + q = 0 (rows that are no equations)
 * xᵀPx/τ + cᵀx + bᵀy - lowerᵀz + upperᵀq + κ = 0
 * t z = w q = τ κ = μ,         t, w, z, q, τ, κ > 0
 * ```
 *
 * Where τ stays positive x/τ solves the program, y/τ being its multipliers. Where τ vanishes and κ does not, the last
 * equation has a negative sum: y proves that nothing is feasible, or along x the objective falls for ever. No search is
 * needed for these rays. (That the program is unbounded asks for a feasible point besides; one is found by the same
 * method without objective.)
 *
 * ```
 * predictor:  Newton's step to 0,  its longest step a
 * corrector:  Newton's step that leaves σ = (1 - a)² min(1 - a, 0.1) of all residuals, to t z = σ μ - Δt Δz of the predictor
 * centrality: t z that would leave [0.1, 10] σ μ after a longer step are corrected, as long as steps gain by it
 * ```
 *
 * With `Δ = Δ₁ + Δτ Δ₂`, Δ₁ the step at fixed τ and Δ₂ its change with τ, systems are those of `interiorPoint`; Δτ
 * comes from the last equation.
 *
 * Sources: Xu, Hung and Ye, A simplified homogeneous and self-dual linear programming algorithm and its implementation
 * (1996); Andersen and Andersen, The MOSEK interior point optimizer for linear programming (2000); Andersen and Ye, On
 * a homogeneous algorithm for the monotone complementarity problem (1999), for quadratic programs.
 *
 * @module
 */
import { dot, GradusError, isFiniteVector, normInf, type Solver, type Vector } from "../../core/mod.ts";
import {
  advance,
  complementarity,
  copyIterate,
  countBounds,
  diagonalAt,
  hasLower,
  hasUpper,
  type Iterate,
  longestSteps,
  newtonStep,
  residualsAt,
  SHARE,
} from "./iterate.ts";
import { type HomogeneousState, homogeneousState, type Homogenizer, publish } from "./homogeneous_state.ts";
import { NewtonSystem, PRECISE } from "./newton_system.ts";
import { checkedOptions, type InteriorPointOptions, type MethodOptions } from "./options.ts";
import { center, correct, GAIN, isNegligible, LONG, LONGER, NOWHERE, pull, SHORT, vanish } from "./products.ts";
import { type ScaledProgram, type SparseProgram, withoutObjective } from "./program.ts";
import { checkInfeasible, checkUnbounded } from "./ray.ts";
import { outOfRange, toProblem } from "./state.ts";
import { endInfeasible, endUnbounded, FEASIBLE, RADIUS, STALLED, violation } from "./verdict.ts";

/**
 * The homogeneous interior-point method for linear and convex quadratic programs with sparse matrices. The start is not
 * used.
 *
 * @throws {DomainError} When an option is out of range; in `init` for a Hessian that is not positive semidefinite, or
 *   variables that must be whole.
 *
 * @example x + y <= 1 and x + y >= 2 contradict each other
 * ```ts
 * import { homogeneousInteriorPoint } from "@gradus/gradus/constrained";
 * import { solve } from "@gradus/gradus/core";
 * import { fromTriplets } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const { status, certificate } = solve({
 *   kind: "linear-program",
 *   objective: Float64Array.of(1, 1),
 *   matrix: fromTriplets(2, 2, [0, 0, 1, 1], [0, 1, 0, 1], [1, 1, 1, 1]),
 *   rowLower: Float64Array.of(-Infinity, 2),
 *   rowUpper: Float64Array.of(1, Infinity),
 *   lower: Float64Array.of(0, 0),
 *   upper: Float64Array.of(Infinity, Infinity),
 * }, homogeneousInteriorPoint(), { start: [0, 0] });
 * assertEquals(status, "infeasible");
 * assertEquals(certificate!.ray.map(Math.sign), Float64Array.of(1, -1)); // the first row minus the second: 0 <= -1
 * ```
 */
export function homogeneousInteriorPoint(options: InteriorPointOptions = {}): Solver<SparseProgram, HomogeneousState> {
  const checked = checkedOptions(options);
  return {
    name: "homogeneous interior point",
    options: { ...checked },
    reference: {
      title: "A simplified homogeneous and self-dual linear programming algorithm and its implementation",
      authors: "Xu, Hung, Ye",
      year: 1996,
      identifier: "doi:10.1007/BF02206815",
    },
    needs: [],
    init: (problem) => homogeneousState(problem, checked),
    step(problem, state) {
      if (!state.inner) {
        step(problem, state, checked);
        if (!state.stop) judge(problem, state, checked);
        return;
      }
      const other = withoutObjective(problem);
      step(other, state.inner, checked);
      confirm(problem, state, state.inner);
    },
    point: (_, { x, multipliers }) => ({ x, multipliers }),
    certificate: (_, { certificate }) => certificate,
  };
}

/** One step; ends the run where there is none, its systems being out of range. */
function step(problem: SparseProgram, state: HomogeneousState, options: MethodOptions): void {
  try {
    iterate(problem, state, options);
  } catch (reason) {
    if (!(reason instanceof GradusError)) throw reason;
    state.stop = outOfRange(reason);
  }
}

function iterate(
  problem: SparseProgram,
  state: HomogeneousState,
  { regularization, corrections }: MethodOptions,
): void {
  const { program, analysis, at, trial, direction, residuals, diagonal, room, perTau, residualsPerTau } = state;
  const { pair, pairTrial, pairDirection } = state, { n, m, lower, upper } = program;
  diagonalAt(program, at, diagonal);
  const system = new NewtonSystem(program, analysis, diagonal, regularization, state.precision, at);

  // residuals, Px with them
  const x = at.v.subarray(0, n);
  let curved: Vector | undefined;
  room.solution.set(x);
  if (problem.kind === "quadratic-program") {
    room.solution.fill(0, n);
    system.product(room.solution, room.product);
    curved = room.product.slice(0, n);
  }
  const curvature = curved ? dot(curved, x) : 0;
  room.solution.set(at.y, n);
  system.product(room.solution, room.product);
  residualsAt(program, at, room.product, residuals, pair.tau);
  let gap = curvature / pair.tau + balance(program, at) + pair.kappa;
  const bounds = countBounds(program);
  const mu = (complementarity(program, at) * bounds + pair.tau * pair.kappa) / (bounds + 1);

  // Δ₂, and the change of the last equation with it
  newtonStep(program, at, residualsPerTau, system, diagonal, room, perTau);
  for (let k = n; k < n + m; k++) if (lower[k] === upper[k]) perTau.v[k] = lower[k];
  const slope = (step: Iterate): number =>
    balance(program, step) + (curved ? 2 * dot(curved, step.v.subarray(0, n)) / pair.tau : 0);
  const perPair = pair.kappa / pair.tau + curvature / pair.tau ** 2 - slope(perTau);
  /** Newton's step, `product` being what τ κ should change by. */
  const newton = (product: number, out: Iterate, outPair: Homogenizer): void => {
    newtonStep(program, at, residuals, system, diagonal, room, out);
    outPair.tau = (gap + slope(out) + product / pair.tau) / perPair;
    outPair.kappa = (product - pair.kappa * outPair.tau) / pair.tau;
    advance(out, perTau, outPair.tau, outPair.tau);
  };

  // predictor
  vanish(at, residuals);
  let product = -pair.tau * pair.kappa;
  newton(product, trial, pairTrial);
  let length = longest(at, pair, trial, pairTrial);

  // corrector
  const sigma = (1 - length) ** 2 * Math.min(1 - length, 0.1), target = sigma * mu;
  for (const residual of [residuals.dual, residuals.primal, residuals.lower, residuals.upper]) {
    for (let k = 0; k < residual.length; k++) residual[k] *= 1 - sigma;
  }
  gap *= 1 - sigma;
  correct(trial, target, residuals);
  product += target - pairTrial.tau * pairTrial.kappa;
  newton(product, direction, pairDirection);
  length = longest(at, pair, direction, pairDirection);

  // centrality
  for (let c = 0; c < corrections && length < LONG; c++) {
    const longer = Math.min(1, length + LONGER);
    center(at, direction, longer, longer, target, residuals);
    const { tau, kappa } = pairDirection;
    product += pull((pair.tau + longer * tau) * (pair.kappa + longer * kappa), target);
    newton(product, trial, pairTrial);
    const next = longest(at, pair, trial, pairTrial);
    if (next < length + GAIN) break;
    length = next;
    copyIterate(trial, direction);
    Object.assign(pairDirection, pairTrial);
  }
  advance(at, direction, length, length);
  pair.tau += length * pairDirection.tau;
  pair.kappa += length * pairDirection.kappa;
  publish(state);
  state.steps++;
  if (length < SHORT || pair.kappa > pair.tau) state.precision = PRECISE;
  state.stalled = length < NOWHERE || isNegligible(mu, at) ? state.stalled + 1 : 0;
}

/** `cᵀx + bᵀy - lowerᵀz + upperᵀq`. */
function balance(program: ScaledProgram, { v, y, z, q }: Iterate): number {
  const { n, m, cost, lower, upper } = program;
  let sum = 0;
  for (let k = 0; k < n; k++) sum += cost[k] * v[k];
  for (let k = 0; k < n + m; k++) {
    if (hasLower(program, k)) sum -= lower[k] * z[k];
    if (hasUpper(program, k)) sum += upper[k] * q[k];
    if (k >= n && lower[k] === upper[k]) sum += lower[k] * y[k - n];
  }
  return sum;
}

/** The longest step up to 1 that keeps all positive. */
function longest(at: Iterate, pair: Homogenizer, step: Iterate, pairStep: Homogenizer): number {
  const { primal, dual } = longestSteps(at, step), least = Math.min(primal, dual);
  const of = (a: number, d: number): number => d < 0 ? -SHARE * a / d : 1;
  return Math.min(least, of(pair.tau, pairStep.tau), of(pair.kappa, pairStep.kappa));
}

/** Looks for a proof where τ vanishes. */
function judge(problem: SparseProgram, state: HomogeneousState, options: MethodOptions): void {
  const { at, pair } = state;
  if (!isFiniteVector(state.x) || !isFiniteVector(state.multipliers)) return; // the run ends
  if (pair.kappa > pair.tau) {
    contradiction(problem, state);
    if (state.stop) return;
    const d = new Float64Array(state.x.length);
    toProblem(state, "direction", at.v, at.y, d, state.multipliers.slice());
    const found = checkUnbounded(problem, d);
    if (found.radius >= RADIUS) {
      state.ray = found;
      state.inner = homogeneousState(withoutObjective(problem), options);
      return;
    }
  }
  if (state.stalled >= STALLED) state.stop = { status: "stalled-at-precision", message: "steps go nowhere" };
}

/** Ends the run if the multipliers prove that nothing is feasible. */
function contradiction(problem: SparseProgram, state: HomogeneousState): void {
  const { at, x, multipliers } = state, y = multipliers.slice(), v = x.slice();
  toProblem(state, "multipliers", at.v, at.y, v, y);
  endInfeasible(state, checkInfeasible(problem, y), normInf(v));
}

/** Ends the run where the search for a feasible point has: there is one, or there is none, or neither is known. */
function confirm(problem: SparseProgram, state: HomogeneousState, inner: HomogeneousState): void {
  if (violation(problem, inner.x) <= FEASIBLE) endUnbounded(state, inner.x, state.ray!);
  else {
    if (!inner.stop && inner.pair.kappa > inner.pair.tau) contradiction(problem, inner);
    if (!inner.stop && inner.stalled < STALLED && isFiniteVector(inner.x)) return;
    state.stop = inner.certificate && inner.stop || {
      status: "stalled-at-precision",
      message: "along a ray the objective falls for ever, but no feasible point was found",
    };
    if (inner.certificate) state.certificate = inner.certificate;
  }
  delete state.inner;
}
