/**
 * Progress bars in a notebook: one output of the cell, updated under its display id.
 *
 * @module
 */
import { escapeHtml } from "../escape.ts";
import { type Draw, standingText } from "../progress.ts";

/** What Deno's kernel offers to the code that runs in it. */
export interface Kernel {
  /** Only puts the message into a queue; another thread sends it, also while a cell is busy. */
  readonly broadcast: (type: string, content: Record<string, unknown>) => unknown;
}

/** The kernel that this code runs in; undefined in scripts, in browsers and in Node. */
export function currentKernel(): Kernel | undefined {
  try {
    return (globalThis as { Deno?: { jupyter?: Kernel } }).Deno?.jupyter;
  } catch { // outside a kernel, Deno forbids even to look
    return undefined;
  }
}

/** A place for one bar in the output of the running cell. */
export function notebookScreen(kernel: Kernel): Draw {
  const id = crypto.randomUUID();
  let shown = false;
  return (standing) => {
    const text = standingText(standing), { done, total } = standing;
    const data = {
      "text/html": `<progress value="${done}" max="${total}" style="width: 16em"></progress> ${escapeHtml(text)}`,
      "text/plain": text,
    };
    const content = { data, metadata: {}, transient: { display_id: id } };
    kernel.broadcast(shown ? "update_display_data" : "display_data", content);
    shown = true;
  };
}
