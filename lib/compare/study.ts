/**
 * A study: the rows of a comparison, and the tables, profiles and curves made of them.
 *
 * @module
 */
import { DomainError, Presented } from "../core/mod.ts";
import { convergence, type ConvergenceOptions } from "./convergence.ts";
import type { Curves } from "./curves.ts";
import { mergeRows } from "./merge.ts";
import type { Profile } from "./profile.ts";
import { dataProfile, performanceProfile, type ProfileOptions } from "./profiles.ts";
import { keyOf, type Row } from "./row.ts";
import { parseRows, type StudyData, writeRows } from "./storage.ts";
import type { Table } from "./table.ts";
import { type TableOptions, tabulate } from "./tabulate.ts";

/**
 * The runs of a comparison. Immutable; a row is known by its problem and data, its solver and options, and its seed.
 */
export class Study extends Presented {
  /** One for each run. */
  readonly rows: readonly Row[];

  /**
   * Makes a study of rows.
   *
   * @param rows Rows with different keys.
   * @throws {DomainError} On two rows with the same key.
   */
  constructor(rows: readonly Row[]) {
    super();
    const keys = new Set<string>();
    for (const row of rows) {
      if (keys.size === keys.add(keyOf(row)).size) {
        throw new DomainError(
          `Cannot make a study: two rows are of ${row.solver} on ${
            JSON.stringify(row.problem)
          } with the seed ${row.seed}`,
        );
      }
    }
    this.rows = rows;
  }

  /** A line for each problem and solver: status, figures, calls; over several seeds medians and quartiles. */
  table(options: TableOptions = {}): Table {
    return tabulate(this.rows, options);
  }

  /**
   * The performance profile: for each solver, the share of problems that it solves within x times the cost of the best
   * solver on the problem. Solved is a run whose trace has `f <= fL + tau (f0 - fL)`, fL the known minimum or the best
   * value of the study; for kinds without a value, `measure <= tau measure0`. Pairs that are not applicable are left
   * out, every other failure counts as unsolved. Over several seeds the cost is the median.
   *
   * Source: Dolan and Moré, Benchmarking optimization software with performance profiles (2002), section 2.
   *
   * @param measure The cost: `evaluations`, `iterations`, `seconds`, or the calls of an oracle, as `gradient`.
   * @throws {DomainError} On an unknown measure, or several kinds of problem without the option `kind`.
   *
   * @example Who solves most, and how fast
   * ```ts
   * import { compare } from "@gradus/gradus/compare";
   * import { evaluations } from "@gradus/gradus/core";
   * import { quadratic, rosenbrock } from "@gradus/gradus/problems";
   * import { gradientDescent, lbfgs } from "@gradus/gradus/smooth";
   * import { assertEquals } from "@std/assert";
   *
   * const study = compare({
   *   problems: [quadratic([1, 100]), rosenbrock(2)],
   *   solvers: [lbfgs(), gradientDescent()],
   *   stop: evaluations(300),
   * });
   * const profile = study.performanceProfile("gradient");
   * assertEquals(profile.curves[0], { solver: "L-BFGS", x: [1], y: [1], solved: 2, of: 2 });
   * ```
   */
  performanceProfile(measure = "evaluations", options: ProfileOptions = {}): Profile {
    return performanceProfile(this.rows, measure, options);
  }

  /**
   * The data profile: for each solver, the share of problems that it solves within x groups of n + 1 evaluations, n the
   * number of variables. Solved is as in `performanceProfile`.
   *
   * Source: Moré and Wild, Benchmarking derivative-free optimization algorithms (2009), section 2.
   *
   * @param measure What is counted: `evaluations`, `iterations`, or the calls of an oracle.
   * @throws {DomainError} On an unknown measure, seconds, or several kinds of problem without the option `kind`.
   */
  dataProfile(measure = "evaluations", options: ProfileOptions = {}): Profile {
    return dataProfile(this.rows, measure, options);
  }

  /**
   * How the runs on a problem came down: a curve for each solver and seed, and their medians and quartiles.
   *
   * @param x `evaluations`, `iterations`, `seconds`, or the calls of an oracle, as `gradient`.
   * @param y `value gap` (`f - fL`), `value`, or the name of the kind's first measure, as `gradientNorm`. Default: the
   * gap, or the measure for kinds that are judged by it (with constraints a low value may be that of a point outside
   * them).
   * @throws {DomainError} On an unknown x or y, or several problems without the option `problem`.
   */
  convergence(x = "evaluations", y?: string, options: ConvergenceOptions = {}): Curves {
    return convergence(this.rows, x, y, options);
  }

  /** The study of the rows for which the function returns true. */
  filter(keep: (row: Row) => boolean): Study {
    return new Study(this.rows.filter(keep));
  }

  /**
   * One study of the rows of all. Runs with the same key and the same outcome are one run, and the later study's times
   * are kept; the same key with different outcomes is an error, so that two budgets or two versions of a solver cannot
   * be mixed unseen.
   *
   * @throws {DomainError} On rows in conflict; the message names the run and what differs. `filter` leaves one out.
   *
   * @example Two halves
   * ```ts
   * import { compare } from "@gradus/gradus/compare";
   * import { evaluations } from "@gradus/gradus/core";
   * import { rosenbrock } from "@gradus/gradus/problems";
   * import { bfgs, lbfgs } from "@gradus/gradus/smooth";
   * import { assertEquals } from "@std/assert";
   *
   * const problems = [rosenbrock(2)], stop = evaluations(100);
   * const both = compare({ problems, solvers: [bfgs()], stop }).merge(compare({ problems, solvers: [lbfgs()], stop }));
   * assertEquals(both.rows.map((row) => row.solver), ["BFGS", "L-BFGS"]);
   * ```
   */
  merge(...others: readonly Study[]): Study {
    return new Study(mergeRows([this, ...others].map((study) => study.rows)));
  }

  /** The study as plain data, for `JSON.stringify`. */
  toJSON(): StudyData {
    return writeRows(this.rows);
  }

  /**
   * Reads what `toJSON` wrote.
   *
   * @param json The text, or the data parsed from it.
   * @throws {ParseError} On text that is no JSON, or data that is no study.
   *
   * @example There and back
   * ```ts
   * import { compare, Study } from "@gradus/gradus/compare";
   * import { evaluations } from "@gradus/gradus/core";
   * import { rosenbrock } from "@gradus/gradus/problems";
   * import { lbfgs } from "@gradus/gradus/smooth";
   * import { assertEquals } from "@std/assert";
   *
   * const study = compare({ problems: [rosenbrock(2)], solvers: [lbfgs()], stop: evaluations(20) });
   * assertEquals(Study.fromJSON(JSON.stringify(study)).rows, study.rows);
   * ```
   */
  static fromJSON(json: string | object): Study {
    return new Study(parseRows(json));
  }

  /** The table as text. */
  toString(): string {
    return this.rows.length === 0 ? "a study without rows" : this.table().toString();
  }
}
