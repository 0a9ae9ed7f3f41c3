/**
 * Progress bars that update in place: in a terminal on the error stream, in a notebook in the cell's output.
 *
 * @module
 */
import type { CompareProgress } from "../compare/mod.ts";
import { DomainError } from "../core/mod.ts";
import { printable } from "./escape.ts";

/** What a bar shows. */
export interface Standing {
  readonly done: number;
  readonly total: number;
  /** What is being done. */
  readonly label: string;
  readonly seconds: number;
  readonly finished: boolean;
}

/** Draws a bar in place of what it drew before. */
export type Draw = (standing: Standing) => void;

/** A running bar. */
export interface ProgressBar {
  /** Shows how far the work is, at most ten times a second. */
  readonly update: (done: number, label?: string) => void;
  /** Shows the last state for good. */
  readonly finish: () => void;
}

/** Milliseconds between two drawings: a viewer sees no more, and a notebook's connection carries no more. */
const interval = 100;

let openScreen: () => Draw | undefined = terminal;

/** Sets where bars are drawn from now on; the notebook's entry calls this. */
export function setScreen(open: () => Draw): void {
  openScreen = open;
}

/**
 * A bar for `total` pieces of work. It draws at once when updated, so that it moves during synchronous work too. Where
 * there is neither a terminal nor a notebook it does nothing.
 *
 * @throws {DomainError} When `total` is not positive.
 *
 * @example A loop with a bar
 * ```ts
 * import { progressBar } from "@gradus/gradus/display";
 *
 * const bar = progressBar(3);
 * for (let i = 1; i <= 3; i++) bar.update(i, `piece ${i}`);
 * bar.finish();
 * ```
 */
export function progressBar(total: number): ProgressBar {
  if (!(total > 0)) throw new DomainError(`Cannot show progress: expected a positive total, got ${total}`);
  const draw = openScreen(), started = performance.now();
  let done = 0, label = "", drawn = -Infinity;
  const show = (now: number, finished: boolean): void => {
    drawn = now;
    draw?.({ done, total, label, seconds: (now - started) / 1000, finished });
  };
  return {
    update: (newDone, newLabel = label) => {
      done = newDone;
      label = newLabel;
      const now = performance.now();
      if (now - drawn >= interval) show(now, false);
    },
    finish: () => show(performance.now(), true),
  };
}

/**
 * A bar for a comparison: `compare({ …, onProgress: showProgress() })`.
 *
 * @example A comparison with a bar
 * ```ts
 * import { compare } from "@gradus/gradus/compare";
 * import { gradientNorm } from "@gradus/gradus/core";
 * import { showProgress } from "@gradus/gradus/display";
 * import { quadratic } from "@gradus/gradus/problems";
 * import { bfgs, lbfgs } from "@gradus/gradus/smooth";
 *
 * const problems = [quadratic([1, 10])], solvers = [bfgs(), lbfgs()];
 * compare({ problems, solvers, stop: gradientNorm(), onProgress: showProgress() });
 * ```
 */
export function showProgress(): (progress: CompareProgress) => void {
  let bar: ProgressBar | undefined;
  return ({ done, total, row }) => {
    bar ??= progressBar(total);
    bar.update(done, `${row.solver} on ${row.problem}`);
    if (done === total) bar.finish();
  };
}

/** The bar's figures: pieces, time, and the time left at the same pace. */
export function standingText({ done, total, label, seconds, finished }: Standing): string {
  const left = !finished && done > 0 && seconds > 1
    ? `, about ${duration((seconds / done) * (total - done))} left`
    : "";
  return `${done}/${total}, ${duration(seconds)}${left}${!finished && label ? `: ${printable(label)}` : ""}`;
}

function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

interface Process {
  readonly stderr?: { readonly isTTY?: boolean; readonly columns?: number };
  readonly getBuiltinModule?: (name: string) => { readonly writeSync: (file: number, text: string) => number };
}

/** Draws on the terminal behind the error stream, if there is one; the standard output stays clean for results. */
function terminal(): Draw | undefined {
  const process = (globalThis as { process?: Process }).process;
  const files = process?.stderr?.isTTY ? process.getBuiltinModule?.("node:fs") : undefined;
  if (!files) return undefined;
  return (standing) => {
    const columns = process?.stderr?.columns ?? 80, filled = Math.round((24 * standing.done) / standing.total);
    const line = `${"█".repeat(filled)}${"░".repeat(24 - filled)} ${standingText(standing)}`;
    const end = standing.finished ? "\n" : "";
    files.writeSync(2, `\r${line.slice(0, columns - 1)}\x1b[K${end}`); // the code clears the rest of the line
  };
}
