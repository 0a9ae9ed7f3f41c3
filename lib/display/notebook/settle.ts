/**
 * Keeps a cell's outputs in its cell.
 *
 * Since 2.8.2, Deno's Jupyter kernel sends a cell's outputs through a queue that is emptied while it already reports
 * the cell as finished. A front end then drops the late outputs or shows them under the next cell. The kernel awaits
 * its own function `broadcastResult` at the end of every cell that succeeds: there we send a marker down the same queue
 * and wait until it comes back on a subscription of our own, since by then everything before it has been sent.
 *
 * `broadcastResult` is private to Deno, so its absence is no error: outputs then come as the kernel sends them.
 * Cells that throw never reach it; kernels/jupyter settles those from outside.
 *
 * @module
 */
import { type Connection, openConnection } from "./zmtp.ts";

type BroadcastResult = (executionCount: number, result: unknown) => Promise<void>;
interface KernelInternals {
  broadcastResult?: BroadcastResult & { settles?: true };
}
interface Kernel {
  readonly broadcast: (type: string, content: Record<string, unknown>) => void;
}

/** The unsettled pause where the kernel's ports are not known: long enough for a few outputs on an idle machine. */
const blindPause = 30;
/** The first markers can leave before the subscription is active, so they are repeated at growing intervals. */
const firstRepeat = 20, repeatGrowth = 1.5, repeats = 8;

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function connectionFile(): string | undefined {
  const named = Deno.env.get("GRADUS_CONNECTION_FILE");
  if (named !== undefined) return named;
  try { // a kernel started by another kernelspec tells its connection file only in its command line, which Linux shows
    const words = Deno.readTextFileSync("/proc/self/cmdline").split("\0");
    const flag = words.indexOf("--conn");
    return flag < 0 ? undefined : words[flag + 1];
  } catch {
    return undefined;
  }
}

/** A subscription to the kernel's own outputs that notices when a marker comes back. */
class Echoes {
  readonly #waiting = new Map<string, () => void>();
  readonly #decoder = new TextDecoder();
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
    void this.#listen();
  }

  static async subscribe(file: string): Promise<Echoes> {
    const { ip, iopub_port } = JSON.parse(await Deno.readTextFile(file));
    const stream = await Deno.connect({ hostname: ip, port: iopub_port });
    stream.unref(); // the subscription must not keep a finished kernel alive
    return new Echoes(await openConnection(stream, "SUB"));
  }

  close(): void {
    this.#connection.close();
  }

  async #listen(): Promise<void> {
    try {
      for (;;) this.#look(await this.#connection.receive());
    } catch { // the kernel is going down
    }
  }

  #look(message: readonly Uint8Array[]): void {
    const content = message.at(-1);
    if (content === undefined || content.length > 400) return; // a marker is short: spare the decoding of outputs
    const name = /gradus-[0-9a-f-]{36}/.exec(this.#decoder.decode(content))?.[0];
    if (name !== undefined) this.#waiting.get(name)?.();
  }

  /** Resolves to true when a marker sent by `send` has come back, to false when it was sent often enough in vain. */
  async wait(send: (name: string) => void): Promise<boolean> {
    const name = `gradus-${crypto.randomUUID()}`;
    let arrived = false;
    const back = new Promise<void>((resolve) =>
      this.#waiting.set(name, () => {
        arrived = true;
        resolve();
      })
    );
    for (let sent = 0, interval = firstRepeat; !arrived && sent < repeats; sent++, interval *= repeatGrowth) {
      send(name);
      await Promise.race([back, pause(interval)]);
    }
    this.#waiting.delete(name);
    return arrived;
  }
}

/**
 * From the end of the running cell on, every cell that succeeds is reported as finished only after its outputs were
 * sent. Costs 5 to 15 ms a cell. Does nothing outside a Deno kernel, and nothing when called again.
 *
 * @returns whether outputs settle from now on.
 */
export function settleOutputs(): boolean {
  if (typeof Deno === "undefined") return false;
  const runtime = Deno as unknown as Record<symbol, { jupyter?: KernelInternals } | undefined>;
  const internals = runtime[(Deno as unknown as { internal: symbol }).internal]?.jupyter;
  const original = internals?.broadcastResult;
  if (internals === undefined || original === undefined) return false;
  if (original.settles) return true;

  const kernel = (Deno as unknown as { jupyter: Kernel }).jupyter;
  // No front end knows the marker's display id, so every one ignores the update.
  const send = (name: string): void =>
    kernel.broadcast("update_display_data", { data: {}, metadata: {}, transient: { display_id: name } });
  const file = connectionFile();
  let echoes: Echoes | undefined;
  const settled: BroadcastResult & { settles?: true } = async (executionCount, result) => {
    await original(executionCount, result);
    if (file === undefined) return await pause(blindPause);
    try {
      echoes ??= await Echoes.subscribe(file);
      if (await echoes.wait(send)) return;
      echoes.close(); // an interrupt can end the listening: the next cell subscribes anew
      echoes = undefined;
    } catch {
      await pause(blindPause);
    }
  };
  settled.settles = true;
  internals.broadcastResult = settled;
  return true;
}
