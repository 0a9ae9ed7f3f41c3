/**
 * The process of a kernel.
 *
 * @module
 */

/** Time for what an ended process wrote to arrive, in milliseconds. */
const lastWordsLimit = 500;

/** Waits for a promise, but not longer than the limit; the result says whether it came. */
export async function within(milliseconds: number, promise: Promise<unknown>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => timer = setTimeout(() => resolve(false), milliseconds));
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The process of a kernel and what it said last on stderr. */
export class KernelProcess {
  readonly exited: Promise<Deno.CommandStatus>;
  alive = true;
  lastWords = "";
  readonly #child: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;
  readonly #stderr: Promise<void>;

  constructor(command: readonly string[], directory: string, env: Record<string, string>) {
    // The kernel watches its stdin, which closes when this process ends in whatever way: no kernel is left behind.
    this.#child = new Deno.Command(command[0], {
      args: command.slice(1),
      cwd: directory,
      env,
      stdin: "piped",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    this.#stdin = this.#child.stdin.getWriter();
    this.#stderr = this.#listen();
    this.exited = this.#child.status.then((status) => {
      this.alive = false;
      return status;
    });
  }

  async #listen(): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of this.#child.stderr) {
      const text = decoder.decode(chunk, { stream: true });
      this.lastWords = (this.lastWords + text).slice(-2000);
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#stdin.write(bytes);
  }

  /** Waits for the end, and forces it when it takes too long. */
  async end(limit: number): Promise<void> {
    if (!await within(limit, this.exited)) {
      try {
        this.#child.kill("SIGKILL");
      } catch { // it has ended just now
      }
    }
    await this.exited;
    await this.#stdin.close().catch(() => {}); // broken by the end of the process
    await within(lastWordsLimit, this.#stderr); // a program that a cell has started may hold it open
  }
}
