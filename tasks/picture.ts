/**
 * `deno task picture`: draws the README's chart from a run of the demonstration.
 *
 * @module
 */
import { convergenceChart } from "../lib/display/mod.ts";
import { demonstration } from "./demo.ts";

const study = await demonstration(), problem = study.rows[0].problem;
const chart = convergenceChart(study.convergence("evaluations", "value gap", { problem }));
const target = new URL("../assets/solvers.png", import.meta.url);
await Deno.mkdir(new URL("./", target), { recursive: true });
await Deno.writeFile(target, await chart.toPNG({ scale: 1.5 }));
