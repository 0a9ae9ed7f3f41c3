// A front end as strict as they come: outputs count for a cell only if they name it as their parent and come before the
// kernel says that the cell is finished.
import type { Kernel } from "../../kernels/jupyter/kernel.ts";
import { type Json, newHeader } from "../../kernels/jupyter/messages.ts";
import { type Output, OutputCollector } from "../../kernels/jupyter/outputs.ts";

export interface Shown {
  readonly reply: Json;
  readonly outputs: readonly Output[];
}

export class FrontEnd {
  /** Outputs that came when their cell was finished already. */
  late = 0;
  readonly kernel: Kernel;
  /** Signing takes its time: cells are sent in the order in which they are run. */
  #signed: Promise<unknown> = Promise.resolve();
  readonly #running = new Map<string, { collector: OutputCollector; finished: () => void }>();

  constructor(kernel: Kernel) {
    this.kernel = kernel;
    kernel.onPublished = (message) => {
      const type = message.header.msg_type, cell = this.#running.get(message.parent.msg_id ?? "");
      if (type === "status" && message.content.execution_state === "idle") cell?.finished();
      else if (cell !== undefined) cell.collector.take(message);
      else if (["stream", "display_data", "execute_result", "error"].includes(type)) this.late++;
    };
  }

  async run(code: string, stopOnError = true): Promise<Shown> {
    const { codec, session } = this.kernel;
    const header = newHeader(session, "execute_request");
    const { promise: finished, resolve } = Promise.withResolvers<void>();
    const collector = new OutputCollector(), outputs = collector.begin();
    this.#running.set(header.msg_id, {
      collector,
      finished: () => {
        this.#running.delete(header.msg_id);
        resolve();
      },
    });
    const content = { code, silent: false, store_history: true, allow_stdin: false, stop_on_error: stopOnError };
    const signed = this.#signed.then(() => codec.encode({ header, parent: {}, metadata: {}, content, buffers: [] }));
    this.#signed = signed;
    const frames = await signed;
    const [{ message }] = await Promise.all([this.kernel.forward("shell", header, frames), finished]);
    return { reply: message.content, outputs };
  }
}

/** The text that a cell printed. */
export function printed({ outputs }: Shown): string {
  return outputs.map((output) => output.output_type === "stream" ? output.text : "").join("");
}

/** The text of a cell's last value. */
export function value({ outputs }: Shown): unknown {
  const result = outputs.find((output) => output.output_type === "execute_result");
  return result?.data["text/plain"];
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
