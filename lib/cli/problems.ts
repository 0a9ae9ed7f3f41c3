/**
 * `gradus problems`: the test problems that there are.
 *
 * @module
 */
import { figure, kindOf } from "../core/mod.ts";
import type { Command } from "./command.ts";
import { testProblems } from "./named.ts";

/** Lists the test problems with their kind, the number of variables and the least value that is known. */
export const problemsCommand: Command = {
  name: "problems",
  summary: "list the test problems",
  flags: [],
  run: (_, { print }) => {
    const problems = [...testProblems()], width = Math.max(...problems.map(([id]) => id.length));
    for (const [id, { problem, minima: [least] }] of problems) {
      const n = kindOf(problem).dimension(problem), minimum = least === undefined ? "" : `  minimum ${figure(least)}`;
      print(
        `${id.padEnd(width)}  ${problem.kind.padEnd("constrained".length)}  n = ${String(n).padEnd(3)}${minimum}`
          .trimEnd(),
      );
    }
    return 0;
  },
};
