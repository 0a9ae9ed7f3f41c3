/**
 * What `solve` returns: the same fields for every solver.
 *
 * @module
 */
import type { Certificate } from "./certificate.ts";
import type { Best, Counts } from "./counts.ts";
import type { Environment } from "./environment.ts";
import type { Measures } from "./kind.ts";
import { Presented } from "./present.ts";
import type { Options, Point, Status } from "./solver.ts";
import { figure } from "./stop.ts";
import type { Trace } from "./trace.ts";
import type { Vector } from "./vector.ts";

/** The fields of a result. */
export interface ResultFields {
  /** The solver's name and options. */
  readonly solver: { readonly name: string; readonly options: Options };
  /** The problem's name, kind and number of variables. */
  readonly problem: { readonly name: string; readonly kind: string; readonly dimension: number };
  /** How the run ended. */
  readonly status: Status;
  /** The figure that ended the run, the comparison and the limit. */
  readonly message: string;
  /** Where the run started. */
  readonly start: Point;
  /** The last good iterate, in full. */
  readonly point: Point;
  /** `f` at `point`; NaN where the kind has no value. */
  readonly value: number;
  /** The best point among all evaluated, which need not be an iterate. */
  readonly best: Best;
  /** The kind's measures at `point`, as last known. */
  readonly measures: Readonly<Measures>;
  /** Steps made. */
  readonly iterations: number;
  /** What the run cost. */
  readonly counts: Counts;
  /** Solver time, without measuring. */
  readonly seconds: number;
  /** How it went. */
  readonly trace: Trace;
  /** The proof that there is no solution, of solvers that find one. */
  readonly certificate?: Certificate;
  /** The seed of the run's generator. */
  readonly seed: number;
  /** Where it was made. */
  readonly environment: Environment;
}

/** A finished (or interrupted) run. */
export interface Result extends ResultFields {}
/** A finished (or interrupted) run. */
export class Result extends Presented {
  readonly #save: () => Uint8Array;

  /**
   * A result of the fields.
   *
   * @param fields All fields.
   * @param save Makes the checkpoint.
   */
  constructor(fields: ResultFields, save: () => Uint8Array) {
    super();
    Object.assign(this, fields);
    this.#save = save;
  }

  /** The coordinates of `point`. */
  get x(): Vector {
    return this.point.x;
  }

  /**
   * The run as bytes, from which `solve(…, { resume })` continues as if it had never stopped.
   *
   * @throws {CheckpointError} When the run ended inside a step (a limit, an abort, a non-finite value).
   */
  checkpoint(): Uint8Array {
    return this.#save();
  }

  /** The summary: status, what fired, the first coordinates, and the figures. */
  toString(): string {
    const { solver, problem, counts, measures, certificate } = this;
    const calls = Object.entries(counts.calls).filter(([, n]) => n > 0).map(([path, n]) => `${path} ${n}`).join(", ");
    const figures = Object.entries(measures).filter(([name]) => name !== "value");
    const rows: [string, string][] = [
      ["status", this.status],
      ["stopped by", this.message],
      ...(Number.isNaN(this.value) ? [] : [["value", this.value.toPrecision(10)] as [string, string]]),
      ["x", firstEntries(this.x)],
      ...figures.map(([name, m]) => [name, figure(m)] as [string, string]),
      ...(certificate
        ? [["proof", `${certificate.proves}, radius ${figure(certificate.radius)}`] as [string, string]]
        : []),
      ["iterations", String(this.iterations)],
      ["evaluations", `${figure(counts.evaluations)} (${calls}), measuring ${figure(counts.measuring)}`],
      ["solver time", `${figure(this.seconds)} s`],
    ];
    const width = Math.max(...rows.map(([label]) => label.length));
    return `${solver.name} on ${problem.name} (${problem.kind}, n = ${problem.dimension})\n` +
      rows.map(([label, text]) => `  ${label.padEnd(width)}  ${text}`).join("\n");
  }
}

/** The first coordinates as text, rounded to seven digits. */
export function firstEntries(x: Vector): string {
  const most = 6, shown = Array.from(x.subarray(0, most), (v) => String(Number(v.toPrecision(7))));
  return `[${shown.join(", ")}${x.length > most ? `, … ${x.length} in all` : ""}]`;
}
