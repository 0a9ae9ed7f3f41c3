/**
 * The richer forms of what a study makes, for notebooks.
 *
 * @module
 */
import { Curves, Profile, Study, Table } from "../compare/mod.ts";
import { jupyterDisplay, type MimeBundle, type Presentable } from "../core/mod.ts";
import { convergenceChart } from "./convergence.ts";
import { profileChart } from "./profile.ts";
import { tableHtml } from "./table.ts";

/** What a notebook shows for an object: a chart, or a table as HTML; nothing for what is best shown as its text. */
export function bundleOf(object: Presentable): MimeBundle | Promise<MimeBundle> | undefined {
  if (object instanceof Curves) return convergenceChart(object)[jupyterDisplay]();
  if (object instanceof Profile) return profileChart(object)[jupyterDisplay]();
  if (object instanceof Table) return tableBundle(object);
  if (object instanceof Study && object.rows.length > 0) return tableBundle(object.table());
  return undefined;
}

function tableBundle(table: Table): MimeBundle {
  return { "text/html": tableHtml(table), "text/plain": String(table) };
}
