/**
 * `gradus compare`: several solvers on the user's data, or on test problems.
 *
 * @module
 */
import { compare } from "../compare/mod.ts";
import { evaluations, GradusError, type Instance, kindOf, measureBelow, type Solver } from "../core/mod.ts";
import { report, showProgress } from "../display/mod.ts";
import { numberFrom, UsageError } from "./arguments.ts";
import { solversNamed } from "./catalogue.ts";
import type { Command } from "./command.ts";
import { problemFlags, readProblems } from "./data.ts";

/** The solvers where none are named, by kind of problem. */
const standardSolvers: Readonly<Record<string, string>> = {
  "smooth": "lbfgs,newton-cg,cg-hz,nesterov",
  "constrained": "sqp,nonlinear-interior-point,augmented-lagrangian",
  "linear-program": "interior-point,homogeneous-interior-point",
  "quadratic-program": "interior-point,homogeneous-interior-point,active-set",
};

/**
 * Compares solvers on a model of a file's data, a program, or test problems, prints the table, and writes a report or
 * the study.
 */
export const compareCommand: Command = {
  name: "compare",
  summary: "run solvers on a model of your data, a linear or quadratic program, or test problems",
  flags: [
    ...problemFlags,
    { name: "solvers", value: "A,B,…", text: "see gradus solvers; by default some that suit the kind of problem" },
    { name: "evaluations", value: "N", text: "budget of each run in full gradients; by default 1000" },
    {
      name: "tolerance",
      value: "T",
      text: "a run has converged where |∇f|∞, or the KKT residual, is <= T; by default 1e-6",
    },
    { name: "seed", value: "S", text: "seed of the solvers that draw; by default 0" },
    { name: "out", value: "FILE", text: "write a report (.html) or the study (.json)" },
  ],
  run: async (args, { print }) => {
    const { flags } = args, out = flags.get("out");
    if (out !== undefined && !/\.(html|json)$/.test(out)) {
      throw new UsageError(`Cannot write ${out}: expected a name in .html or .json`);
    }
    const named = flags.has("solvers") ? await solversNamed(listOf(flags.get("solvers")!)) : undefined;
    const budget = numberFrom(args, "evaluations", 1000, "a number > 0", (x) => x > 0);
    const tolerance = numberFrom(args, "tolerance", 1e-6, "a number >= 0", (x) => x >= 0 && x < Infinity);
    const seed = numberFrom(args, "seed", 0, "an integer >= 0", (x) => Number.isSafeInteger(x) && x >= 0);
    const problems = await readProblems(args), onProgress = showProgress();
    const [first, ...rest] = await Promise.all(
      byKind(problems).map(async (problems) => {
        const [{ problem }] = problems, solvers = named ?? await solversNamed(listOf(standardSolvers[problem.kind]));
        const converged = measureBelow(kindOf(problem).measures[0], { absolute: tolerance });
        return compare({
          problems,
          solvers: solvers as unknown as Solver<typeof problem>[],
          stop: [converged, evaluations(budget)],
          seeds: [seed],
          onProgress,
        });
      }),
    );
    const study = first.merge(...rest);
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

const listOf = (text: string): string[] => text.split(",").map((name) => name.trim());

function byKind(problems: readonly Instance[]): Instance[][] {
  const kinds = new Set(problems.map(({ problem }) => problem.kind));
  return [...kinds].map((kind) => problems.filter(({ problem }) => problem.kind === kind));
}
