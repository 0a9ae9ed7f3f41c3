/**
 * The figures of a run as its rules see them.
 *
 * @module
 */
import type { Meter } from "./counts.ts";
import type { Measures } from "./kind.ts";
import type { Progress } from "./stop.ts";
import type { Vector } from "./vector.ts";

/** The figures that a checkpoint holds. */
export interface FiguresData {
  readonly iteration: number;
  readonly value: number;
  readonly measures: Measures;
  readonly initialMeasures: Measures;
  readonly previousValue: number;
  readonly stepNorm: number;
  readonly norm: number;
  readonly seconds: number;
  readonly measuredAt: number;
}

/** The figures, kept up to date by the run. */
export class Figures implements Progress {
  iteration = 0;
  x: Vector;
  value = NaN;
  measures: Measures;
  initialMeasures: Measures;
  previousValue = NaN;
  stepNorm = Infinity;
  norm = NaN;
  seconds = 0;
  /** The evaluations when the iterate was last measured. */
  measuredAt = 0;
  readonly #meter: Meter;

  /**
   * @param x The start.
   * @param primary The kind's first measure.
   * @param meter Counts the solver's calls.
   */
  constructor(x: Vector, primary: string, meter: Meter) {
    this.x = x;
    this.measures = { value: NaN, [primary]: NaN };
    this.initialMeasures = { value: NaN, [primary]: NaN };
    this.#meter = meter;
  }

  get evaluations(): number {
    return this.#meter.evaluations;
  }

  calls(path: string): number {
    return this.#meter.callsOf(path);
  }

  /** Plain data. */
  data(): FiguresData {
    const { iteration, value, measures, initialMeasures, previousValue, stepNorm, norm, seconds, measuredAt } = this;
    return { iteration, value, measures, initialMeasures, previousValue, stepNorm, norm, seconds, measuredAt };
  }
}
