/**
 * What a diagnosis finds, and what it looks at.
 *
 * @module
 */
import type { Smooth, Vector } from "../../core/mod.ts";

/** What a finding is about. */
export type Topic =
  | "stop"
  | "progress"
  | "gradient"
  | "kink"
  | "hessian"
  | "noise"
  | "scaling"
  | "conditioning"
  | "flatness"
  | "saddle"
  | "unbounded"
  | "non-finite"
  | "jacobian"
  | "constraints"
  | "infeasible";

/** One thing that a diagnosis found. */
export interface Finding {
  /** What it is about. */
  readonly topic: Topic;
  /** `error`: the result cannot be trusted; `warning`: it explains a bad run; `info`: good to know. */
  readonly severity: "error" | "warning" | "info";
  /** What was found, in a sentence. */
  readonly text: string;
  /** The figures behind the text. */
  readonly data: Readonly<Record<string, number | string | readonly number[]>>;
}

/** A finding with what to try next. */
export interface Advised extends Finding {
  readonly advice?: readonly string[];
}

/** Where a diagnosis looks: the smooth function, the end of the run, and what has been learned so far. */
export interface Site {
  /** The differentiable part of the problem; its functions return NaN where the user's throw. */
  readonly f: Smooth;
  readonly x: Vector;
  readonly value: number;
  /** `∇f(x)`. */
  readonly gradient: Vector;
  /** The first gradient norm of the run, the scale of what is small; 0 where unknown. */
  readonly firstNorm: number;
  /** Where the run started. */
  readonly start: Vector;
  /** A long way for this run: `|x|`, or the way from the start if that is longer. */
  readonly reach: number;
  /** How much the run has lowered f; 0 where unknown. */
  readonly drop: number;
  /** The standard deviation of the noise in `f`; 0 where it was not measurable. */
  noise: number;
}

/**
 * How far each variable may be moved and still be near x: its own size, or a thousandth of the middle one of those that
 * are not 0. The largest is no measure for the others: it may have run away.
 */
export function sizes(x: Vector): Vector {
  const known = [...x].map(Math.abs).filter((xi) => xi > 0).sort((a, b) => a - b);
  const middle = known.length > 0 ? known[known.length >> 1] : 1000;
  return x.map((xi) => Math.max(Math.abs(xi), 1e-3 * middle));
}

/** The coordinates of a direction that carry most of it, the largest first. */
export function leading(direction: Vector, most = 3): number[] {
  const largest = direction.reduce((m, d) => Math.max(m, Math.abs(d)), 0);
  return [...direction.keys()].filter((i) => Math.abs(direction[i]) >= 0.3 * largest && largest > 0)
    .sort((i, j) => Math.abs(direction[j]) - Math.abs(direction[i])).slice(0, most);
}

/** Coordinates in words: `x[0]`, `x[3] and x[7]`, `x[1], x[2] and 5 more`. */
export function coordinates(list: readonly number[], most = 3): string {
  const shown = list.slice(0, most).map((i) => `x[${i}]`);
  if (list.length > most) return `${shown.join(", ")} and ${list.length - most} more`;
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} and ${shown[shown.length - 1]}`;
}

/** A number with up to three digits: `12.5`, `4.34e-7`. */
export function rough(x: number): string {
  const size = Math.abs(x);
  if (size < 1e5 && size >= 1e-3 || x === 0 || !Number.isFinite(x)) return String(Number(x.toPrecision(3)));
  return x.toExponential(2).replace(/\.?0*e\+?/, "e");
}
