/**
 * `gradus solvers`: what there is.
 *
 * @module
 */
import { allSolvers } from "./catalogue.ts";
import type { Command } from "./command.ts";

/** Lists the solvers with the entry that has them, the oracles they call and where they come from. */
export const solversCommand: Command = {
  name: "solvers",
  summary: "list the solvers",
  flags: [],
  run: async (_, { print }) => {
    const rows = (await allSolvers()).flatMap(({ room, makers }) =>
      makers.map(([id, make]) => {
        const { needs, reference: { authors, title, year } } = make();
        return [id, room, needs.join(", "), `${authors}, ${title} (${year})`];
      })
    );
    const widths = [0, 1, 2].map((j) => Math.min(40, Math.max(...rows.map((row) => row[j].length))));
    for (const [id, room, needs, source] of rows) {
      print(`${id.padEnd(widths[0])}  ${room.padEnd(widths[1])}  ${needs.padEnd(widths[2])}  ${source}`);
    }
    return 0;
  },
};
