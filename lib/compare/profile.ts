/**
 * Profiles of a study as plain data: the share of problems that a solver has solved within a cost.
 *
 * @module
 */
import { Presented } from "../core/mod.ts";
import { Table, visible } from "./table.ts";

/** A solver's curve, a step function: `y[i]` for `x[i] <= x < x[i + 1]`, the last one up to the profile's `end`. */
export interface ProfileCurve {
  /** The solver's label, as in the study's table. */
  readonly solver: string;
  /** Increasing; the first one is the profile's `begin`. */
  readonly x: readonly number[];
  /** The share of problems solved, by the median cost over seeds. */
  readonly y: readonly number[];
  /** With several seeds: the share by the upper quartile of the cost, which is never above `y`. */
  readonly low?: readonly number[];
  /** With several seeds: the share by the lower quartile of the cost, which is never below `y`. */
  readonly high?: readonly number[];
  /** Problems solved at any cost (by the median over seeds). */
  readonly solved: number;
  /** Problems that the solver was run on. */
  readonly of: number;
}

/** What counts as solved on a problem: `value <= threshold`, or `measure <= threshold` for kinds without a value. */
export interface Target {
  /** The problem's label. */
  readonly problem: string;
  /** What counts as solved. */
  readonly threshold: number;
  /** `fL`, or 0 for a measure. */
  readonly lowest: number;
  /** `known` minimum, the `best` value in the study, or a `measure`, which is compared with its first value. */
  readonly origin: "known" | "best" | "measure";
}

/** The fields of a `Profile`. */
export interface ProfileFields {
  /** `performance` (Dolan-Moré): x is the cost over the best solver's; `data` (Moré-Wild): the cost over n + 1. */
  readonly type: "performance" | "data";
  /** What is counted: `evaluations`, `iterations`, `seconds`, or the path of an oracle. */
  readonly measure: string;
  /** The kind of all its problems. */
  readonly kind: string;
  /** The tolerance of the convergence test. */
  readonly tau: number;
  /** Where the x axis begins: 1 for a performance profile, 0 for a data profile. */
  readonly begin: number;
  /** The largest x at which a curve steps: a chart ends a little beyond. */
  readonly end: number;
  /** One for each solver that ran on any of the problems. */
  readonly curves: readonly ProfileCurve[];
  /** What counted as solved, problem by problem. */
  readonly targets: readonly Target[];
  /** What to print under a chart: pairs left out, where `fL` comes from. */
  readonly notes: readonly string[];
}

/** A performance profile or a data profile. */
export interface Profile extends ProfileFields {}
/** A performance profile or a data profile. */
export class Profile extends Presented {
  /**
   * Makes a profile of its fields.
   *
   * @param fields All fields.
   */
  constructor(fields: ProfileFields) {
    super();
    Object.assign(this, fields);
  }

  /** What x means, in words for an axis. */
  get axis(): string {
    return this.type === "performance" ? `${this.measure} / best solver's` : `${this.measure} / (n + 1)`;
  }

  /** The share that a solver has solved at `x`. */
  share(solver: string, x: number): number {
    const curve = this.curves.find((c) => c.solver === solver);
    return curve ? curve.y[curve.x.findLastIndex((step) => step <= x)] ?? 0 : NaN;
  }

  /** A table of the shares at a few values of x. */
  toString(): string {
    const doubled = Array.from({ length: 12 }, (_, k) => 2 ** k).filter((x) => x < this.end);
    const at = [...doubled, this.end];
    const columns = [
      { title: "solver", align: "left" } as const,
      ...at.map((x) => ({ title: String(Number(x.toPrecision(3))), align: "right" }) as const),
      { title: "solved", align: "right" } as const,
    ];
    const rows = this.curves.map(({ solver, solved, of }) => [
      solver,
      ...at.map((x) => `${Math.round(100 * this.share(solver, x))}%`),
      `${solved} of ${of}`,
    ]);
    return `${this.type} profile: share solved (tau ${this.tau.toExponential()}) within x = ${visible(this.axis)}\n` +
      new Table(columns, rows, this.notes);
  }
}
