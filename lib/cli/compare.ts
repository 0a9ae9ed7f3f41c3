/**
 * `gradus compare`: several solvers on the user's data.
 *
 * @module
 */
import { compare } from "../compare/mod.ts";
import { evaluations, gradientNorm, GradusError } from "../core/mod.ts";
import { report, showProgress } from "../display/mod.ts";
import { choice, numberFrom, UsageError } from "./arguments.ts";
import { solverCatalogue } from "./catalogue.ts";
import type { Command } from "./command.ts";
import { problemFlags, readProblem } from "./data.ts";

const standardSolvers = "lbfgs,newton-cg,cg-hz,nesterov";

/** Compares solvers on a model of a file's data, prints the table, and writes a report or the study. */
export const compareCommand: Command = {
  name: "compare",
  summary: "run solvers on a model of your data",
  flags: [
    ...problemFlags,
    { name: "solvers", value: "A,B,…", text: `see gradus solvers; by default ${standardSolvers}` },
    { name: "evaluations", value: "N", text: "budget of each run in full gradients; by default 1000" },
    { name: "tolerance", value: "T", text: "a run has converged at |∇f|∞ <= T; by default 1e-6" },
    { name: "seed", value: "S", text: "seed of the solvers that draw; by default 0" },
    { name: "out", value: "FILE", text: "write a report (.html) or the study (.json)" },
  ],
  run: async (args, { print }) => {
    const { flags } = args, out = flags.get("out");
    if (out !== undefined && !/\.(html|json)$/.test(out)) {
      throw new UsageError(`Cannot write ${out}: expected a name in .html or .json`);
    }
    const names = (flags.get("solvers") ?? standardSolvers).split(",").map((name) => name.trim());
    const solvers = names.map((name) => choice("solver", name, solverCatalogue)());
    const budget = numberFrom(args, "evaluations", 1000, "a number > 0", (x) => x > 0);
    const tolerance = numberFrom(args, "tolerance", 1e-6, "a number >= 0", (x) => x >= 0 && x < Infinity);
    const seed = numberFrom(args, "seed", 0, "an integer >= 0", (x) => Number.isSafeInteger(x) && x >= 0);
    const study = compare({
      problems: [await readProblem(args)],
      solvers,
      stop: [gradientNorm({ absolute: tolerance }), evaluations(budget)],
      seeds: [seed],
      onProgress: showProgress(),
    });
    print(study.toString());
    if (out === undefined) return 0;
    try {
      if (out.endsWith(".html")) await report(study, out);
      else await Deno.writeTextFile(out, JSON.stringify(study));
    } catch (error) {
      throw new GradusError(`Cannot write ${out}: ${error instanceof Error ? error.message : error}`);
    }
    print(`\nwritten: ${out}`);
    return 0;
  },
};
