/**
 * A cell's outputs as a notebook stores them, from the messages that a kernel publishes.
 *
 * @module
 */
import type { Json, Message } from "./messages.ts";

/** One output in notebook format 4; text is one string here, a list of lines on disk. */
export type Output =
  | { output_type: "stream"; name: string; text: string }
  | { output_type: "display_data"; data: Json; metadata: Json }
  | { output_type: "execute_result"; data: Json; metadata: Json; execution_count: number }
  | { output_type: "error"; ename: string; evalue: string; traceback: readonly string[] };

interface Displayed {
  data: Json;
  metadata: Json;
}

/** Collects outputs, cell after cell; a display that a later cell updates changes where it stands. */
export class OutputCollector {
  readonly #displays = new Map<unknown, Displayed[]>();
  #outputs: Output[] = [];
  #clearNext = false;

  /** Begins a cell; what comes from now on goes into the returned list. */
  begin(): Output[] {
    this.#clearNext = false;
    return this.#outputs = [];
  }

  take({ header, content }: Message): void {
    switch (header.msg_type) {
      case "clear_output":
        if (content.wait === true) this.#clearNext = true;
        else this.#outputs.length = 0;
        return;
      case "update_display_data":
        for (const display of this.#displays.get(displayId(content)) ?? []) {
          display.data = content.data as Json;
          display.metadata = (content.metadata ?? {}) as Json;
        }
        return;
      case "stream":
        return this.#stream(String(content.name), String(content.text));
      case "error": {
        const { ename, evalue, traceback } = content as { ename: string; evalue: string; traceback: string[] };
        return this.#add({ output_type: "error", ename, evalue, traceback });
      }
      case "display_data":
        return this.#display({ output_type: "display_data", ...bundle(content) }, displayId(content));
      case "execute_result": {
        const execution_count = Number(content.execution_count);
        const output: Output = { output_type: "execute_result", ...bundle(content), execution_count };
        return this.#display(output, displayId(content));
      }
    }
  }

  #add(output: Output): void {
    if (this.#clearNext) this.#outputs.length = 0;
    this.#clearNext = false;
    this.#outputs.push(output);
  }

  #stream(name: string, text: string): void {
    const last = this.#outputs.at(-1);
    if (!this.#clearNext && last?.output_type === "stream" && last.name === name) last.text += text;
    else this.#add({ output_type: "stream", name, text });
  }

  #display(output: Output & Displayed, id: unknown): void {
    this.#add(output);
    if (id !== undefined) this.#displays.set(id, [...this.#displays.get(id) ?? [], output]);
  }
}

function bundle(content: Json): Displayed {
  return { data: content.data as Json, metadata: (content.metadata ?? {}) as Json };
}

function displayId(content: Json): unknown {
  return (content.transient as Json | undefined)?.display_id;
}
