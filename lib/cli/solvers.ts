/**
 * `gradus solvers`: what there is.
 *
 * @module
 */
import { solverCatalogue } from "./catalogue.ts";
import type { Command } from "./command.ts";

/** Lists the solvers with the oracles they call and where they come from. */
export const solversCommand: Command = {
  name: "solvers",
  summary: "list the solvers",
  flags: [],
  run: (_, { print }) => {
    const rows = Object.entries(solverCatalogue).map(([id, make]) => {
      const { needs, reference: { authors, title, year } } = make();
      return [id, needs.join(", "), `${authors}, ${title} (${year})`];
    });
    const widths = [0, 1].map((j) => Math.max(...rows.map((row) => row[j].length)));
    for (const [id, needs, source] of rows) print(`${id.padEnd(widths[0])}  ${needs.padEnd(widths[1])}  ${source}`);
    return 0;
  },
};
