// Runs a solver on the problems of Hock and Schittkowski with general constraints; for the tests of solvers and for a bench.
import {
  type Instance,
  iterations,
  measureBelow,
  measures,
  type Rule,
  solve,
  type Solver,
  type Status,
} from "../../lib/core/mod.ts";
import type { TwiceConstrained } from "../../lib/constrained/mod.ts";
import { hockSchittkowskiGeneral } from "../../lib/problems/mod.ts";

/** How a solver did on one problem. */
export interface SetRow {
  readonly name: string;
  readonly status: Status;
  /** f where the run ended. */
  readonly value: number;
  /** The least `|f - m| / max(1, |m|)` over the minima m that are listed. */
  readonly error: number;
  /** The library's measure with the multipliers of the solver. */
  readonly kktResidual: number;
  /** The same with all parts but feasibility divided by `max(1, |∇f|∞, |multipliers|∞)`. */
  readonly scaledResidual: number;
  /** In units of one gradient. */
  readonly evaluations: number;
  /** What ended the run. */
  readonly message: string;
}

/** What to run. */
export interface SetOptions {
  /** Default: a KKT residual of 1e-8, or 1000 steps. */
  readonly stop?: readonly Rule[];
  /** Default: all with general constraints. */
  readonly instances?: readonly Instance<TwiceConstrained>[];
}

/** Runs a solver from the start of every problem. */
export function solveSet(solver: Solver<TwiceConstrained>, options: SetOptions = {}): SetRow[] {
  const { instances = hockSchittkowskiGeneral() } = options;
  const stop = options.stop ?? [measureBelow("kktResidual", { absolute: 1e-8 }), iterations(1000)];
  return instances.map(({ name, problem, start, minima }) => {
    const { status, message, value, counts: { evaluations }, point } = solve(problem, solver, { start, stop });
    const { kktResidual, stationarity, primalFeasibility, dualFeasibility, complementarity } = measures(problem, point);
    const gradient = new Float64Array(point.x.length);
    problem.objective.gradient(point.x, gradient);
    const scale = [...gradient, ...point.multipliers ?? []].reduce((most, g) => Math.max(most, Math.abs(g)), 1);
    const error = Math.min(...minima.map((m) => Math.abs(value - m) / Math.max(1, Math.abs(m))));
    const scaledResidual = Math.max(
      primalFeasibility,
      Math.max(stationarity, dualFeasibility, complementarity) / scale,
    );
    return { name, status, value, error, kktResidual, scaledResidual, evaluations, message };
  });
}

/**
 * Whether a run found a listed minimum and multipliers that prove it, both to the given accuracy. Where no multipliers exist, as on
 * HS13, those of a solver may grow until this holds.
 */
export function isSolved({ error, scaledResidual }: SetRow, accuracy = 1e-6): boolean {
  return error <= accuracy && scaledResidual <= accuracy;
}
