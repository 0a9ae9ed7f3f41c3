/**
 * Stands between a front end and Deno's kernel, on the three channels where the kernel falls short:
 *
 * - A cell is reported as finished only after all its outputs, also when it throws; the kernel alone sends them late.
 * - A cell that does not parse, or was interrupted, shows an error; the kernel alone shows nothing.
 * - After an error or a Stop, the cells that wait for their turn are given up, as front ends expect it.
 * - A Stop that hits a cell while it awaits something says so; the kernel alone would hang for good.
 *
 * All other messages pass as they are.
 *
 * @module
 */
import { type Connection, openConnection } from "../../lib/display/notebook/zmtp.ts";
import { explainFailure } from "./failure.ts";
import type { ConnectionInfo, Kernel } from "./kernel.ts";
import { type Header, type Json, type Message, newHeader } from "./messages.ts";

const awaiting = "Stop reaches a cell while it computes. This one waits, and goes on when what it waits for is there.";

interface Request {
  readonly from: Connection;
  readonly message: Message;
  readonly frames: readonly Uint8Array[];
}

/** Accepts connections and hands each one over; one that breaks is closed. */
async function serve(
  address: { hostname: string; port: number },
  type: "ROUTER" | "PUB",
  use: (connection: Connection) => Promise<void>,
): Promise<void> {
  for await (const stream of Deno.listen(address)) {
    openConnection(stream, type).then(async (connection) => {
      await use(connection).catch(() => {}); // the front end has left
      connection.close();
    }, () => stream.close());
  }
}

/** Outputs for all front ends, in the order of the calls. */
class Publisher {
  readonly #subscribers = new Set<Connection>();
  #last: Promise<void> = Promise.resolve();

  async subscribe(connection: Connection): Promise<void> {
    await connection.receive(); // what it subscribes to: Jupyter clients take everything
    this.#subscribers.add(connection);
    try {
      for (;;) await connection.receive();
    } finally {
      this.#subscribers.delete(connection);
    }
  }

  publish(frames: readonly Uint8Array[] | Promise<readonly Uint8Array[]>): void {
    this.#last = this.#last.then(async () => {
      const ready = await frames;
      for (const subscriber of this.#subscribers) {
        subscriber.send(ready).catch(() => this.#subscribers.delete(subscriber));
      }
    });
  }
}

class Relay {
  readonly #kernel: Kernel;
  readonly #publisher = new Publisher();
  readonly #waiting: Request[] = [];
  #busy = false;
  /** The cell that runs or ran last; outputs that come between cells belong to it. */
  #cell: Header | undefined;
  /** Messages of the running cell that overtake its outputs, held back until those are out: its error, and its end. */
  #error: readonly Uint8Array[] | undefined;
  #idle: readonly Uint8Array[] | undefined;

  constructor(kernel: Kernel, info: ConnectionInfo) {
    this.#kernel = kernel;
    kernel.onPublished = (message, frames) => this.#published(message, frames);
    void serve(
      { hostname: info.ip, port: info.iopub_port },
      "PUB",
      (connection) => this.#publisher.subscribe(connection),
    );
    void serve({ hostname: info.ip, port: info.shell_port }, "ROUTER", (connection) => this.#shell(connection));
    void serve({ hostname: info.ip, port: info.control_port }, "ROUTER", (connection) => this.#control(connection));
  }

  #published(message: Message, frames: readonly Uint8Array[]): void {
    const type = message.header.msg_type;
    if (message.parent.session === this.#kernel.session) { // during our own silent cells
      if (type === "status" || type === "execute_input" || this.#cell === undefined) return;
      this.#publisher.publish(this.#kernel.codec.encode({ ...message, parent: this.#cell }));
      return;
    }
    if (message.parent.msg_id === this.#cell?.msg_id) {
      const isIdle = type === "status" && message.content.execution_state === "idle";
      if (isIdle) this.#idle = frames;
      if (type === "error") this.#error = frames;
      if (isIdle || type === "error") return;
    }
    this.#publisher.publish(frames);
  }

  async #shell(from: Connection): Promise<void> {
    for (;;) {
      const frames = await from.receive();
      const message = await this.#kernel.codec.decode(frames);
      if (message === undefined) continue;
      if (message.header.msg_type === "execute_request") {
        this.#waiting.push({ from, message, frames });
        void this.#run();
      } else {
        void this.#pass("shell", from, message, frames);
      }
    }
  }

  async #control(from: Connection): Promise<void> {
    for (;;) {
      const frames = await from.receive();
      const message = await this.#kernel.codec.decode(frames);
      if (message === undefined) continue;
      if (message.header.msg_type === "interrupt_request") {
        if (!await this.#kernel.interrupt() && this.#busy && this.#cell !== undefined) {
          const content = { name: "stderr", text: `${awaiting}\n` };
          this.#publisher.publish(this.#encode("stream", this.#cell, content));
        }
        await from.send(await this.#encode("interrupt_reply", message.header, { status: "ok" }));
      } else {
        void this.#pass("control", from, message, frames);
      }
    }
  }

  async #pass(channel: "shell" | "control", from: Connection, message: Message, frames: readonly Uint8Array[]) {
    try {
      await from.send((await this.#kernel.forward(channel, message.header, frames)).frames);
    } catch { // either side has left
    }
  }

  async #run(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let request = this.#waiting.shift(); request !== undefined; request = this.#waiting.shift()) {
        const failed = await this.#execute(request);
        if (!failed || request.message.content.stop_on_error === false) continue;
        for (const waiting of this.#waiting.splice(0)) await this.#giveUp(waiting);
      }
    } catch { // the kernel has ended, and this process ends with it
    } finally {
      this.#busy = false;
    }
  }

  async #encode(type: string, parent: Header, content: Json): Promise<Uint8Array[]> {
    const header = newHeader(this.#kernel.session, type);
    return await this.#kernel.codec.encode({ header, parent, metadata: {}, content, buffers: [] });
  }

  async #execute({ from, message, frames }: Request): Promise<boolean> {
    this.#cell = message.header;
    this.#error = this.#idle = undefined;
    const reply = await this.#kernel.forward("shell", message.header, frames);
    await this.#kernel.settle();
    const failed = reply.message.content.status === "error";
    let answer = reply.frames;
    if (failed && this.#error === undefined) {
      const error = { ...await explainFailure(String(message.content.code)) };
      this.#error = await this.#encode("error", message.header, error);
      answer = await this.#encode("execute_reply", message.header, { ...reply.message.content, ...error });
    }
    if (this.#error !== undefined) this.#publisher.publish(this.#error);
    if (this.#idle !== undefined) this.#publisher.publish(this.#idle);
    await from.send(answer).catch(() => {}); // the front end has left
    return failed;
  }

  async #giveUp({ from, message: { header } }: Request): Promise<void> {
    for (const execution_state of ["busy", "idle"]) {
      this.#publisher.publish(this.#encode("status", header, { execution_state }));
    }
    await from.send(await this.#encode("execute_reply", header, { status: "aborted" })).catch(() => {});
  }
}

/**
 * Serves the shell, control and output channels of a connection file in the kernel's place, until this process ends.
 */
export function relay(kernel: Kernel, info: ConnectionInfo): void {
  new Relay(kernel, info);
}
