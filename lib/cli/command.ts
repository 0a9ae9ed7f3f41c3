/**
 * What a command of the command line is.
 *
 * @module
 */
import type { Arguments, Flag } from "./arguments.ts";

/** Where a command writes. */
export interface Terminal {
  /** Results, a line at a time. */
  readonly print: (line: string) => void;
  /** Complaints. */
  readonly complain: (line: string) => void;
}

/** A command, as `gradus compare`. */
export interface Command {
  readonly name: string;
  /** What it does, in a line. */
  readonly summary: string;
  readonly flags: readonly Flag[];
  /** Does it, and returns the exit code. */
  readonly run: (args: Arguments, terminal: Terminal) => number | Promise<number>;
}

/** The help of a command. */
export function helpOf({ name, summary, flags }: Command): string {
  const left = flags.map((flag) => `  --${flag.name}${flag.value ? ` ${flag.value}` : ""}`);
  const width = Math.max(0, ...left.map((text) => text.length));
  const lines = flags.map((flag, i) => `${left[i].padEnd(width)}  ${flag.text}`);
  return [`gradus ${name}${flags.length > 0 ? " [options]" : ""}: ${summary}`, ...lines].join("\n");
}
