/**
 * Command-line arguments: `--name value`, `--name=value`, switches, and words.
 *
 * @module
 */
import { GradusError } from "../core/mod.ts";

/** The command line asks for something that does not exist; the message names what does. */
export class UsageError extends GradusError {
  override name = "UsageError";
}

/** An option that a command takes. */
export interface Flag {
  /** Without the dashes. */
  readonly name: string;
  /** What stands for the value in the help, as `FILE`; a switch has none. */
  readonly value?: string;
  /** What it is for. */
  readonly text: string;
}

/** The arguments of a command, read. */
export interface Arguments {
  /** Values by the flags' names; a switch has an empty one. */
  readonly flags: ReadonlyMap<string, string>;
  /** What is no flag. */
  readonly words: readonly string[];
}

/**
 * Reads arguments.
 *
 * @throws {UsageError} On a flag that is not among `known`, stands there twice, lacks its value, or is a switch with
 * one.
 */
export function readArguments(args: readonly string[], known: readonly Flag[]): Arguments {
  const flags = new Map<string, string>(), words: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const [, name, inline] = /^--([^=]+)(?:=([^]*))?$/.exec(args[i]) ?? [];
    if (name === undefined) {
      words.push(args[i]);
      continue;
    }
    const flag = known.find((flag) => flag.name === name);
    if (!flag) {
      const names = known.map((flag) => `--${flag.name}`).join(", ") || "none";
      throw new UsageError(`Cannot use --${name}: expected one of ${names}`);
    }
    if (flags.has(name)) throw new UsageError(`Cannot use --${name} twice`);
    if (flag.value === undefined) {
      if (inline !== undefined) throw new UsageError(`Cannot use --${name}=${inline}: expected no value`);
      flags.set(name, "");
      continue;
    }
    const value = inline ?? args[++i];
    if (value === undefined || inline === undefined && value.startsWith("--")) {
      throw new UsageError(`Cannot use --${name}: expected a value, got ${value ?? "nothing"}`);
    }
    flags.set(name, value);
  }
  return { flags, words };
}

/**
 * The number that a flag gives, or the standard one.
 *
 * @throws {UsageError} On text that is no number, or a number that `accepts` refuses.
 */
export function numberFrom<T>(
  { flags }: Arguments,
  name: string,
  standard: T,
  expected: string,
  accepts: (x: number) => boolean,
): number | T {
  const text = flags.get(name);
  if (text === undefined) return standard;
  const x = text.trim() === "" ? NaN : Number(text);
  if (Number.isNaN(x) || !accepts(x)) throw new UsageError(`Cannot use --${name} ${text}: expected ${expected}`);
  return x;
}

/**
 * What a name stands for.
 *
 * @throws {UsageError} On a name that the choices do not have; the message lists them.
 */
export function choice<T>(what: string, name: string, choices: Readonly<Record<string, T>>): T {
  if (Object.hasOwn(choices, name)) return choices[name];
  throw new UsageError(`Cannot use the ${what} "${name}": expected one of ${Object.keys(choices).join(", ")}`);
}
