/**
 * The command line: `gradus compare`, `gradus solvers`, `gradus problems`.
 *
 * ```sh
 * deno run -A jsr:@gradus/gradus/cli compare --problem logistic --data a9a --solvers lbfgs,newton-cg --out report.html
 * ```
 *
 * @module
 */
import { GradusError, version } from "../core/mod.ts";
import { readArguments, UsageError } from "./arguments.ts";
import { type Command, helpOf, type Terminal } from "./command.ts";
import { compareCommand } from "./compare.ts";
import { problemsCommand } from "./problems.ts";
import { solversCommand } from "./solvers.ts";

export type { Terminal };

const commands: readonly Command[] = [compareCommand, solversCommand, problemsCommand];

/**
 * Does what the arguments say.
 *
 * @returns The exit code: 0, 1 after a failure, 2 after a wrong command line.
 *
 * @example What the command line prints, in a program
 * ```ts
 * import { main } from "@gradus/gradus/cli";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const lines: string[] = [];
 * const code = await main(["solvers"], { print: (line) => lines.push(line), complain: console.error });
 * assertEquals(code, 0);
 * assert(lines.some((line) => line.startsWith("lbfgs ")));
 * ```
 */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  try {
    if (args.length === 0 || asksForHelp(name) || name === "help") {
      terminal.print(overview());
      return 0;
    }
    if (name === "--version") {
      terminal.print(`gradus ${version}`);
      return 0;
    }
    const command = commands.find((command) => command.name === name);
    if (!command) {
      throw new UsageError(`Cannot run "${name}": expected one of ${commands.map((c) => c.name).join(", ")}`);
    }
    if (rest.some(asksForHelp)) {
      terminal.print(helpOf(command));
      return 0;
    }
    const read = readArguments(rest, command.flags);
    if (read.words.length > 0) throw new UsageError(`Cannot use "${read.words[0]}": expected options, as --name value`);
    return await command.run(read, terminal);
  } catch (error) {
    if (!(error instanceof GradusError)) throw error;
    terminal.complain(error.message);
    if (!(error instanceof UsageError)) return 1;
    terminal.complain(`see: gradus ${commands.some((command) => command.name === name) ? `${name} ` : ""}--help`);
    return 2;
  }
}

const asksForHelp = (arg: string): boolean => arg === "--help" || arg === "-h";

function overview(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    `gradus ${version}: run several solvers on a problem and see which one wins`,
    "",
    ...commands.map(({ name, summary }) => `  gradus ${name.padEnd(width)}  ${summary}`),
    "",
    "gradus <command> --help lists its options.",
  ].join("\n");
}

if (import.meta.main) {
  Deno.exitCode = await main(Deno.args, { print: console.log, complain: console.error });
}
