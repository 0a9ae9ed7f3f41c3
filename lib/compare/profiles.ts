/**
 * Performance profiles and data profiles of rows.
 *
 * @module
 */
import { DomainError } from "../core/mod.ts";
import {
  applicable,
  budgets,
  byProblem,
  checkCounter,
  checkTau,
  costOf,
  failures,
  gaps,
  type ProblemRuns,
  refusals,
  solversOf,
  targetOf,
  testInWords,
} from "./pairs.ts";
import { Profile, type ProfileCurve } from "./profile.ts";
import { type Quartiles, quartiles } from "./quartiles.ts";
import type { Row } from "./row.ts";

/** Options of profiles. */
export interface ProfileOptions {
  /** The tolerance of the convergence test `f <= fL + tau (f0 - fL)`. Default 1e-6. */
  readonly tau?: number;
  /** Which kind of problem; needed where the study has several. */
  readonly kind?: string;
}

/** What a solver pays on a problem, over its seeds. */
interface Cost {
  readonly solver: string;
  readonly cost: Quartiles;
  readonly seeds: number;
}

/** Dolan-Moré: the cost over the best solver's median on the problem. */
export function performanceProfile(rows: readonly Row[], measure: string, options: ProfileOptions): Profile {
  return profile("performance", rows, measure, options, (costs) => {
    const best = Math.min(...costs.map(({ cost }) => cost.median));
    // 0 / 0: as good as the best; better quartiles than the best median count as the best
    return (cost) => (cost <= best && cost < Infinity ? 1 : cost / best);
  });
}

/** Moré-Wild: the cost in units of n + 1. */
export function dataProfile(rows: readonly Row[], measure: string, options: ProfileOptions): Profile {
  if (measure === "seconds") {
    throw new DomainError(
      'Cannot make a data profile of "seconds": expected a count, as its unit is n + 1 evaluations',
    );
  }
  return profile("data", rows, measure, options, (_, { any }) => (cost) => cost / (any.dimension + 1));
}

function profile(
  type: Profile["type"],
  all: readonly Row[],
  measure: string,
  options: ProfileOptions,
  scale: (costs: readonly Cost[], problem: ProblemRuns) => (cost: number) => number,
): Profile {
  const { tau = 1e-6 } = options;
  checkTau(tau);
  const kind = oneKind(all, options.kind), rows = all.filter((row) => row.kind === kind);
  checkCounter(rows, measure, `make a ${type} profile of`);
  const problems = byProblem(rows), solvers = solversOf(rows), begin = type === "performance" ? 1 : 0;
  const targets = problems.map((problem) => targetOf(problem, tau));
  const scaled = problems.flatMap((problem, i) => {
    const costs = problem.pairings.flatMap(({ solver, rows }): Cost[] => {
      const counted = rows.filter(applicable).map((row) => costOf(row, targets[i], measure));
      return counted.length > 0 ? [{ solver, cost: quartiles(counted), seeds: counted.length }] : [];
    });
    const x = scale(costs, problem);
    return costs.map(({ solver, cost: { low, median, high }, seeds }) => ({
      solver,
      seeds,
      cost: { low: x(low), median: x(median), high: x(high) },
    }));
  });
  const curves = solvers.map((solver) => curve(solver, scaled.filter((cost) => cost.solver === solver), begin));
  const seeds = Math.max(0, ...scaled.map((cost) => cost.seeds));
  const unsolved = problems.filter(({ pairings }, i) =>
    pairings.every(({ rows }) => rows.every((row) => costOf(row, targets[i], measure) === Infinity))
  );
  return new Profile({
    type,
    measure,
    kind,
    tau,
    begin,
    end: Math.max(begin, ...curves.flatMap(({ x }) => x)),
    curves: curves.filter(({ of }) => of > 0),
    targets,
    notes: [
      ...testInWords(targets, tau),
      ...(unsolved.length > 0 ? [`solved by none: ${unsolved.map(({ label }) => label).join(", ")}`] : []),
      ...(seeds > 1 ? [`medians over ${seeds} seeds; bands between the quartiles of the cost`] : []),
      ...refusals(problems),
      ...failures(problems),
      ...gaps(problems, solvers),
      ...budgets(rows),
    ],
  });
}

/** The share of costs at most x, as steps. */
function curve(solver: string, costs: readonly Cost[], begin: number): ProfileCurve {
  const of = costs.length, banded = costs.some(({ seeds }) => seeds > 1);
  const steps = costs.flatMap(({ cost: { low, median, high } }) => (banded ? [low, median, high] : [median]));
  const finite = steps.filter((step) => step < Infinity && step > begin).sort((a, b) => a - b);
  const x = [begin, ...new Set(finite)];
  const share = (pick: (cost: Quartiles) => number): number[] =>
    x.map((at) => costs.filter(({ cost }) => pick(cost) <= at).length / of);
  return {
    solver,
    x,
    y: share(({ median }) => median),
    ...(banded && { low: share(({ high }) => high), high: share(({ low }) => low) }),
    solved: costs.filter(({ cost }) => cost.median < Infinity).length,
    of,
  };
}

/** Kinds have different yardsticks and never share a profile. */
function oneKind(rows: readonly Row[], wanted: string | undefined): string {
  const kinds = [...new Set(rows.map((row) => row.kind))], names = kinds.map((kind) => `"${kind}"`).join(", ");
  if (kinds.length === 0) throw new DomainError("Cannot make a profile: the study has no rows");
  if (wanted === undefined && kinds.length > 1) {
    throw new DomainError(`Cannot make one profile of several kinds: expected the option kind, one of ${names}`);
  }
  if (wanted !== undefined && !kinds.includes(wanted)) {
    throw new DomainError(`Cannot make a profile of the kind ${JSON.stringify(wanted)}: the study has ${names}`);
  }
  return wanted ?? kinds[0];
}
