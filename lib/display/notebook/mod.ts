/**
 * What makes the library at home in a notebook; `lib/display/mod.ts` imports this module, and so does everyone who
 * imports the library's root.
 *
 * - Studies, tables, profiles and curves show themselves as charts and tables.
 * - In a Deno kernel, progress bars are drawn in the cell's output, and outputs stay in their cells.
 *
 * It is the one module that does something when it is imported. Outside a kernel that is to set one variable: nothing
 * is loaded, and no permission is asked for.
 *
 * @module
 */
import { setPresenter } from "../../core/mod.ts";
import { bundleOf } from "../bundle.ts";
import { setScreen } from "../progress.ts";
import { currentKernel, notebookScreen } from "./screen.ts";

setPresenter(bundleOf);

const kernel = currentKernel();
if (kernel) {
  setScreen(() => notebookScreen(kernel));
  // By its address, since it uses Deno's own types, which a browser's type check of the library does not know.
  import(import.meta.resolve("./settle.ts")).then((module: { settleOutputs: () => boolean }) => module.settleOutputs());
}
