/**
 * Whole public sets of linear and quadratic programs: what the interior-point methods say of each file of a folder.
 *
 * The folder holds programs as MPS files (`.mps`, `.mps.gz`) or as JSON (`.json.gz`, the form of `tests/constrained/programs.ts`), and may
 * hold a `values.json` of optimal values by name. Where it has none, HiGHS is asked for that of a linear program. A run ends after
 * 300 steps or the given seconds, 60 by default; times are CPU times of one run.
 *
 * Run: `deno run -A --no-lock bench/program_sets.ts <folder> [seconds]`
 *
 * @module
 */
import process from "node:process";
import { homogeneousInteriorPoint, interiorPoint, type SparseProgram } from "../lib/constrained/mod.ts";
import { iterations, measureBelow, type Result, seconds, solve } from "../lib/core/mod.ts";
import { exactCertificate, provesInfeasible, provesUnbounded } from "../lib/exact/mod.ts";
import { highs } from "../lib/highs/mod.ts";
import { readMps } from "../lib/problems/mod.ts";
import { dimension, gunzipped, quadraticFromJson } from "../tests/constrained/programs.ts";

const [folder, limit = "60"] = Deno.args;
if (!folder) throw new Error("Cannot run: expected a folder with programs");

/** All residuals of the homogeneous form vanish alike, so that values need a smaller tolerance. */
const solvers = [
  { id: "interior-point", make: interiorPoint, tolerance: 1e-9 },
  { id: "homogeneous-interior-point", make: homogeneousInteriorPoint, tolerance: 1e-10 },
];

const read = async (file: string): Promise<{ problem: SparseProgram; constant: number }> =>
  file.endsWith(".json.gz")
    ? quadraticFromJson(await gunzipped(`${folder}/${file}`))
    : await readMps(await Deno.readFile(`${folder}/${file}`), { source: file });

/** Whether a certificate proves in fractions what the run says; undefined where none could be found. */
function proof(problem: SparseProgram, { certificate }: Result): boolean | undefined {
  const exact = certificate && exactCertificate(problem, certificate);
  if (exact?.status !== "exact") return undefined;
  return (certificate!.proves === "infeasible" ? provesInfeasible : provesUnbounded)(problem, exact.ray);
}

const values: Record<string, number> = await Deno.readTextFile(`${folder}/values.json`).then(JSON.parse, () => ({}));
const files = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) =>
  /\.(mps(\.gz)?|json\.gz)$/.test(name)
);
files.sort((a, b) => Deno.statSync(`${folder}/${a}`).size - Deno.statSync(`${folder}/${b}`).size);

// @must interior-point, homogeneous-interior-point: all 98 linear programs of Netlib to 1e-8 relative
// @measured reached: values of all, greenbea by interior-point only; greenbea and greenbeb end stalled-at-precision there, as rows with entries of 3e8 have no smaller residuals, and grow7, 15 and 22 in the homogeneous form, with values to 1e-15
// @must interior-point, homogeneous-interior-point: the 29 infeasible programs of Netlib, with rays
// @measured not reached: 28 of 29, 22 and 27 rays exact; of cplex2, which points miss by 5e-11 only, neither says anything
// @must interior-point: all 138 quadratic programs of Maros and Mészáros to 1e-6 relative, relative duality gap below 1e-8
// @measured not reached: 127 of 137 (EXDATA was not to be had): LISWET1 and 7 to 12 stall at residuals from 2e-5 to 9e-2, HS268 and S268 have 4e-6 for 0, VALUES is refused, as it is not convex; QPILOTNO, POWELL20, CVXQP1_L and CVXQP3_L have the value and end stalled-at-precision
const counts = new Map<string, number>();
console.log("name, solver: status, value, relative error, relative gap, steps, CPU seconds");
for (const file of files) {
  const name = file.replace(/\.(mps|json)(\.gz)?$/, ""), { problem, constant } = await read(file);
  let known: number | undefined = values[name];
  if (known === undefined && problem.kind === "linear-program") {
    const { status, value } = await highs(problem);
    if (status === "converged") known = value + constant;
  }
  for (const { id, make, tolerance } of solvers) {
    const before = process.cpuUsage();
    let result: Result;
    try {
      result = solve<SparseProgram>(problem, make(), {
        start: new Float64Array(dimension(problem)),
        stop: [
          measureBelow("relativeKktResidual", { absolute: tolerance }),
          iterations(300),
          seconds(Number(limit)),
        ],
      });
    } catch (reason) {
      console.log(`${name}, ${id}: ${reason}`);
      counts.set(`${id}, refused`, (counts.get(`${id}, refused`) ?? 0) + 1);
      continue;
    }
    const { user, system } = process.cpuUsage(before), value = result.value + constant;
    const error = known === undefined ? NaN : Math.abs(value - known) / (1 + Math.abs(known));
    const gap = result.measures.gap / (1 + Math.abs(result.value)), isProved = proof(problem, result);
    console.log(
      `${name}, ${id}: ${result.status}${
        isProved === undefined ? "" : isProved ? ", proved" : ", NOT PROVED"
      }, ${value}, ${error.toExponential(1)}, ${gap.toExponential(1)}, ${result.iterations}, ${
        ((user + system) / 1e6).toFixed(2)
      }`,
    );
    const isRight = error < (problem.kind === "linear-program" ? 1e-8 : 1e-6) && gap < 1e-8;
    const said = `${id}, ${result.status}${isProved ? ", proved" : ""}${isRight ? ", value right" : ""}`;
    counts.set(said, (counts.get(said) ?? 0) + 1);
  }
}
for (const [said, count] of counts) console.log(`${said}: ${count}`);
