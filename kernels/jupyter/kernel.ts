/**
 * Starts a Jupyter kernel of Deno and talks to it, without Python: the client side of Jupyter's protocol.
 *
 * @module
 */
import { type Connection, openConnection } from "../../lib/display/notebook/zmtp.ts";
import { KernelProcess, within } from "./process.ts";
import { type Codec, type Header, type Json, makeCodec, type Message, newHeader } from "./messages.ts";

/** What a connection file holds. */
export interface ConnectionInfo {
  readonly ip: string;
  readonly transport: "tcp";
  readonly key: string;
  readonly signature_scheme: "hmac-sha256";
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly control_port: number;
  readonly hb_port: number;
}

export interface KernelOptions {
  /** The kernel's working directory: relative imports and the search for deno.json start there. */
  readonly directory: string;
  /** Command line that starts the kernel on a connection file; default: `deno jupyter` of the running Deno. */
  readonly command?: (connectionFile: string) => readonly string[];
  /** Module that the kernel imports before anything else. */
  readonly startup?: string;
  /** Parts of the connection that are given, not chosen here. */
  readonly connection?: Partial<ConnectionInfo>;
}

/** Time for a kernel to start, to publish what waits in its queue, to answer, and to leave, in milliseconds. */
const startLimit = 30_000, settleLimit = 10_000, answerLimit = 300, stopLimit = 2_000;
/** Ports are chosen before the kernel binds them, so that on a busy machine another program can take one in between. */
const startAttempts = 4;
const portTaken = /AddrInUse|EADDRINUSE|in use|os error (98|48|10048)/i;

function chooseConnection(given: Partial<ConnectionInfo>): ConnectionInfo {
  const listeners = Array.from({ length: 5 }, () => Deno.listen({ hostname: "127.0.0.1", port: 0 }));
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = listeners.map(({ addr }) => addr.port);
  listeners.forEach((listener) => listener.close());
  const ports = { shell_port, iopub_port, stdin_port, control_port, hb_port };
  return {
    ip: "127.0.0.1",
    transport: "tcp",
    key: crypto.randomUUID(),
    signature_scheme: "hmac-sha256",
    ...ports,
    ...given,
  };
}

/** A running kernel. */
export class Kernel {
  /** Called for every message that the kernel publishes, with its frames. */
  onPublished: (message: Message, frames: readonly Uint8Array[]) => void = () => {};
  /** The exit code of the kernel's process. */
  readonly exited: Promise<number>;
  readonly codec: Codec;
  /** Marks the messages of this client. */
  readonly session: string = crypto.randomUUID();

  readonly #process: KernelProcess;
  readonly #file: string;
  readonly #channels: Record<"shell" | "control" | "iopub", Connection>;
  readonly #replies = new Map<string, (message: Message, frames: readonly Uint8Array[]) => void>();
  /** Who waits for a message that is for us alone, by what it says. */
  readonly #signals = new Map<unknown, () => void>();
  readonly #lost = Promise.withResolvers<never>();
  #stopping = false;
  #questions = 0;

  private constructor(process: KernelProcess, file: string, codec: Codec, channels: Connection[]) {
    this.#process = process;
    this.#file = file;
    this.codec = codec;
    this.#channels = { shell: channels[0], control: channels[1], iopub: channels[2] };
    this.exited = process.exited.then(({ code }) => code);
    this.#lost.promise.catch(() => {}); // whoever waits for the kernel sees the reason
    void this.#listen(this.#channels.iopub, (message, frames) => this.#published(message, frames));
    for (const channel of [this.#channels.shell, this.#channels.control]) {
      void this.#listen(
        channel,
        (message, frames) => this.#replies.get(message.parent.msg_id ?? "")?.(message, frames),
      );
    }
  }

  /**
   * Starts a kernel and waits until it answers; when another program has taken a port, tries again with other ports.
   *
   * @throws {Error} with the kernel's last words when it ends or does not answer.
   */
  static async start(options: KernelOptions): Promise<Kernel> {
    for (let attempt = 1;; attempt++) {
      const info = chooseConnection(options.connection ?? {});
      const file = await Deno.makeTempFile({ prefix: "gradus-kernel-", suffix: ".json" });
      await Deno.writeTextFile(file, JSON.stringify(info));
      const command = options.command?.(file) ?? [Deno.execPath(), "jupyter", "--quiet", "--kernel", "--conn", file];
      const process = new KernelProcess(command, options.directory, {
        NO_COLOR: "1", // plain text in outputs
        DENO_NO_UPDATE_CHECK: "1",
        DENO_V8_FLAGS: [Deno.env.get("DENO_V8_FLAGS"), "--expose-gc"].filter(Boolean).join(","), // for ./startup.ts
        GRADUS_CONNECTION_FILE: file,
      });
      try {
        const kernel = await Kernel.#connect(process, file, info);
        if (options.startup !== undefined) await kernel.#import(options.startup);
        return kernel;
      } catch (cause) {
        await process.end(0);
        await Deno.remove(file).catch(() => {}); // already gone if the kernel answered at first
        if (attempt < startAttempts && portTaken.test(process.lastWords)) continue;
        throw new Error(`Cannot start the kernel: ${(cause as Error).message}\n${process.lastWords}`.trim(), { cause });
      }
    }
  }

  static async #connect(process: KernelProcess, file: string, info: ConnectionInfo): Promise<Kernel> {
    const until = Date.now() + startLimit;
    const open = async (port: number, type: "DEALER" | "SUB"): Promise<Connection> => {
      for (;;) {
        try {
          return await openConnection(await Deno.connect({ hostname: info.ip, port }), type);
        } catch (cause) { // not listening yet
          if (!process.alive) throw new Error("it ended at once", { cause });
          if (Date.now() > until) throw new Error(`no answer in ${startLimit} ms`, { cause });
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      }
    };
    const ports = [["DEALER", info.shell_port], ["DEALER", info.control_port], ["SUB", info.iopub_port]] as const;
    const opened = await Promise.allSettled(ports.map(([type, port]) => open(port, type)));
    const channels = opened.flatMap((result) => result.status === "fulfilled" ? [result.value] : []);
    const failed = opened.find((result) => result.status === "rejected");
    if (failed !== undefined) {
      channels.forEach((channel) => channel.close());
      throw failed.reason;
    }
    const kernel = new Kernel(process, file, await makeCodec(info.key), channels);
    try {
      if (await within(until - Date.now(), kernel.request("shell", "kernel_info_request", {}))) return kernel;
      throw new Error(`no answer in ${startLimit} ms`);
    } catch (cause) {
      await kernel.stop(false);
      throw cause;
    }
  }

  async #import(module: string): Promise<void> {
    const { status, evalue } = await this.execute(`await import(${JSON.stringify(module)})`, true);
    if (status === "ok") return;
    await this.stop();
    throw new Error(`${module} failed: ${evalue}`);
  }

  async #listen(channel: Connection, take: (message: Message, frames: readonly Uint8Array[]) => void): Promise<void> {
    try {
      for (;;) {
        const frames = await channel.receive();
        const message = await this.codec.decode(frames);
        if (message !== undefined) take(message, frames);
      }
    } catch (cause) {
      if (this.#stopping) return;
      const ended = await within(stopLimit, this.exited); // the connections break a moment before the process is gone
      const state = ended ? `ended with code ${await this.exited}` : "broke the connection";
      this.#lost.reject(new Error(`The kernel ${state}\n${this.#process.lastWords}`.trim(), { cause }));
    }
  }

  #published(message: Message, frames: readonly Uint8Array[]): void {
    if (message.header.msg_type === "gradus_settled") this.#signals.get(message.content.name)?.();
    else if (message.header.msg_type === "gradus_waiting") this.#signals.get(message.content.question)?.();
    else this.onPublished(message, frames);
  }

  /** Sends the frames of a message and returns the reply to it. @throws {Error} when the kernel ends before. */
  async forward(
    channel: "shell" | "control",
    header: Header,
    frames: readonly Uint8Array[],
  ): Promise<{ message: Message; frames: readonly Uint8Array[] }> {
    const { promise, resolve } = Promise.withResolvers<{ message: Message; frames: readonly Uint8Array[] }>();
    this.#replies.set(header.msg_id, (message, frames) => resolve({ message, frames }));
    try {
      await this.#channels[channel].send(frames);
      return await Promise.race([promise, this.#lost.promise]);
    } finally {
      this.#replies.delete(header.msg_id);
    }
  }

  /** Sends a request and returns the content of the reply. @throws {Error} when the kernel ends before. */
  async request(channel: "shell" | "control", type: string, content: Json): Promise<Json> {
    const header = newHeader(this.session, type);
    const frames = await this.codec.encode({ header, parent: {}, metadata: {}, content, buffers: [] });
    return (await this.forward(channel, header, frames)).message.content;
  }

  /** Runs code; a silent run leaves no trace in the numbering of cells. */
  async execute(code: string, silent = false): Promise<Json> {
    return await this.request("shell", "execute_request", {
      code,
      silent,
      store_history: !silent,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: false,
    });
  }

  /**
   * Waits until all outputs of the cells before have been published. The kernel empties its queue of outputs while it
   * already reports a cell as finished; so a silent cell sends a mark down that queue, and the mark comes last.
   */
  async settle(): Promise<void> {
    const name = crypto.randomUUID();
    const code = `Deno.jupyter.broadcast("gradus_settled", ${JSON.stringify({ name })})`;
    await this.#signal(name, settleLimit, async () => {
      for (let attempt = 0; attempt < 3; attempt++) { // an interrupt that comes late hits this cell instead of the user's
        if ((await this.execute(code, true)).status === "ok") return;
      }
    });
  }

  /** Does something that makes the kernel send a signal, and waits for that; the result says whether it came. */
  async #signal(key: unknown, limit: number, provoke: () => Promise<void>): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#signals.set(key, resolve);
    try {
      await provoke();
      return await within(limit, Promise.race([promise, this.#lost.promise]));
    } finally {
      this.#signals.delete(key);
    }
  }

  /**
   * Stops the running cell if it computes; the kernel keeps its state. A cell that waits is left alone: interrupting it
   * would break off whatever runs next, and the cell would then wait for ever.
   *
   * @returns false if the running cell, if any, waits.
   */
  async interrupt(): Promise<boolean> {
    const question = this.#questions = (this.#questions + 1) % 256;
    if (await this.#signal(question, answerLimit, () => this.#process.write(Uint8Array.of(question)))) return false;
    await this.request("control", "interrupt_request", {});
    return true;
  }

  /** Ends the kernel. A kernel that does not leave in two seconds, or should not be asked, is killed. */
  async stop(ask = true): Promise<void> {
    this.#stopping = true;
    if (ask && this.#process.alive) {
      const asked = this.request("control", "shutdown_request", { restart: false });
      await within(stopLimit, asked).catch(() => {}); // it may end before it answers
    }
    await this.#process.end(ask ? stopLimit : 0);
    Object.values(this.#channels).forEach((channel) => channel.close());
    await Deno.remove(this.#file).catch(() => {});
  }
}
