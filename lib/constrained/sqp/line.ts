/**
 * The search along a step for a lower merit `φ = ωf + μv`, with a correction for the curvature of constraints.
 *
 * ```
 * φ(x + p) <= φ + η D:  x + p                            D the promised slope
 * else                  x + p̂, if φ(x + p̂) <= φ + η D    p̂ solves the step's program with c(x + p) - Jp in the place of c
 * else                  x + a p, the first a of 1, … with φ(x + a p) <= φ + η a D
 * ```
 *
 * Without the correction, steps that would converge quadratically may raise φ close to a solution: Maratos' effect.
 *
 * After Nocedal and Wright, Numerical Optimization (2006), sections 15.6 and 18.3.
 *
 * @module
 */
import { along, type Constrained, type Vector } from "../../core/mod.ts";
import { solveProgram } from "../active_set/dual.ts";
import { evaluateDerivatives, evaluateValues } from "../evaluation.ts";
import { merit, setBounds, type SqpState, stepProgram, violation } from "./state.ts";

/** η. */
const DECREASE = 1e-4;

/** The longest step changes no variable by more than so many units `1 + |xⱼ|`. */
const LONGEST = 5;

/** The shortest step, as a share of the first. */
const SHORTEST = 1e-10;

/** Rounding of φ, in units of its terms. */
const ROUNDING = 1e-14;

/** Goes to the trial if φ falls far enough. Returns the length of the step, 0 where none was found. */
export function searchAlong(
  problem: Constrained,
  state: SqpState,
  slope: number,
  limit: number,
  corrects: boolean,
): number {
  const { direction: p, at, trial } = state, before = merit(state, at);
  const slack = ROUNDING * (Math.abs(at.value) + Math.abs(before));
  const first = longest(p, at.x);
  for (let length = first; length > SHORTEST * first;) {
    const isFinite = tryAlong(problem, state, p, length);
    const after = isFinite && violation(state.limits, trial.constraints) <= state.ceiling ? merit(state, trial) : NaN;
    if (after <= before + DECREASE * length * slope + slack && evaluateDerivatives(problem, trial)) return length;
    if (length === 1 && corrects && isFinite && correct(problem, state, limit)) {
      const corrected = merit(state, trial);
      if (corrected <= before + DECREASE * slope + slack && evaluateDerivatives(problem, trial)) {
        state.corrections++;
        return 1;
      }
    }
    // the minimizer of the parabola through φ(0), D and φ(a)
    const parabola = -slope * length ** 2 / (2 * (after - before - slope * length));
    length = parabola < 0.5 * length ? Math.max(parabola, 0.1 * length) : length / 2;
  }
  return 0;
}

/** The longest step, at most 1, within some units `1 + |xⱼ|`. */
function longest(p: Vector, x: Vector): number {
  let most = 0;
  for (let j = 0; j < p.length; j++) most = Math.max(most, Math.abs(p[j]) / (1 + Math.abs(x[j])));
  return Math.min(1, LONGEST / most);
}

/** Evaluates at `x + a p`, within the bounds to the last bit. Returns whether f and c are finite there. */
export function tryAlong(problem: Constrained, { at, trial, limits }: SqpState, p: Vector, length: number): boolean {
  const { lower, upper } = limits;
  along(at.x, length, p, trial.x);
  for (let j = 0; j < p.length; j++) trial.x[j] = Math.max(lower[j], Math.min(upper[j], trial.x[j]));
  return evaluateValues(problem, trial);
}

/** Evaluates at the corrected full step. Returns whether there is one, with finite f and c. */
function correct(problem: Constrained, state: SqpState, limit: number): boolean {
  const { trial, rows, set } = state, { constraints: c } = trial;
  if (rows.length === 0) return false;
  const program = stepProgram(state, limit);
  for (let i = 0; i < rows.length; i++) c[i] -= rows[i];
  setBounds(state, c);
  return solveProgram(program, set) === "solved" && tryAlong(problem, state, set.x, 1);
}
