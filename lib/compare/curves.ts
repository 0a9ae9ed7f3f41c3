/**
 * Convergence curves of a study as plain data.
 *
 * @module
 */
import { Presented } from "../core/mod.ts";
import { Table, visible } from "./table.ts";

/** One run's curve. */
export interface Series {
  /** The solver's label, as in the study's table. */
  readonly solver: string;
  /** The seed of the run. */
  readonly seed: number;
  /** Never falling. */
  readonly x: readonly number[];
  /** As many as in `x`. */
  readonly y: readonly number[];
}

/** A solver's median and quartiles over its seeds: at `x[i]`, each run counts with its newest `y` so far. */
export interface Band {
  /** The solver's label. */
  readonly solver: string;
  /** Increasing. */
  readonly x: readonly number[];
  /** The median. */
  readonly y: readonly number[];
  /** The lower quartile. */
  readonly low: readonly number[];
  /** The upper quartile. */
  readonly high: readonly number[];
  /** How many runs are in it. */
  readonly seeds: number;
}

/** The fields of `Curves`. */
export interface CurvesFields {
  /** The problem's label. */
  readonly problem: string;
  /** The kind of problem. */
  readonly kind: string;
  /** What `x` counts: `iterations`, `evaluations`, `seconds`, or the path of an oracle. */
  readonly x: string;
  /** What `y` is: `value`, `value gap`, or the name of a measure. */
  readonly y: string;
  /** A curve for each run. */
  readonly series: readonly Series[];
  /** One for each solver; with a single seed the three lines fall together. */
  readonly bands: readonly Band[];
  /** What to print under a chart, such as where `fL` comes from. */
  readonly notes: readonly string[];
}

/** Curves of `y` against `x` on one problem, for every solver and seed. */
export interface Curves extends CurvesFields {}
/** Curves of `y` against `x` on one problem, for every solver and seed. */
export class Curves extends Presented {
  /**
   * Makes curves of their fields.
   *
   * @param fields All fields.
   */
  constructor(fields: CurvesFields) {
    super();
    Object.assign(this, fields);
  }

  /** A table with each run's first and last point. */
  toString(): string {
    const rows = this.series.map(({ solver, seed, x, y }) => {
      const last = x.length - 1;
      return [solver, seed, x.length, y[0] ?? NaN, x[last] ?? NaN, y[last] ?? NaN];
    });
    const right = ["seed", "points", `first ${this.y}`, `last ${this.x}`, `last ${this.y}`];
    const columns = [
      { title: "solver", align: "left" } as const,
      ...right.map((title) => ({ title, align: "right" }) as const),
    ];
    return `${this.y} against ${this.x} on ${visible(this.problem)}\n${new Table(columns, rows, this.notes)}`;
  }
}
