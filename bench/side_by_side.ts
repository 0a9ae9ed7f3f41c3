/**
 * Timing several contenders side by side: rounds alternate between all of them, so that each sees the same machine; times are
 * CPU times of whole processes, garbage collection and compilation included, after a time of calls in which engines compile
 * what is called most.
 *
 * @module
 */
import process from "node:process";

const ROUNDS = 9, ROUND_SECONDS = 0.03, WARM_SECONDS = 0.5;

/** The Python of the peers; the environment's `PEER_PYTHON` names another. */
const python = Deno.env.get("PEER_PYTHON") ?? "/usr/bin/python3";

/** The words of each line that a peer prints when it is asked for its values. */
export async function peerValues(script: string): Promise<string[][]> {
  const { stdout } = await new Deno.Command(python, {
    args: [new URL(script, import.meta.url).pathname, "values"],
    stderr: "inherit",
  }).output();
  return new TextDecoder().decode(stdout).trim().split("\n").map((line) => line.split(" "));
}

/** Something to time: a function, or an operation of the peer of some order. */
export type Contender = (() => unknown) | { readonly operation: string; readonly n: number };

/** A Python script that answers each line `operation n repetitions` with the CPU seconds per call. */
export class Peer {
  readonly #process: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reader: ReadableStreamDefaultReader<string>;

  /** @param script The name of the script in this folder. */
  constructor(script: string) {
    this.#process = new Deno.Command(python, {
      args: [new URL(script, import.meta.url).pathname],
      stdin: "piped",
      stdout: "piped",
      env: { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" },
    }).spawn();
    this.#writer = this.#process.stdin.getWriter();
    this.#reader = this.#process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** CPU seconds of one of so many calls. */
  async seconds(operation: string, n: number, repetitions: number): Promise<number> {
    await this.#writer.write(new TextEncoder().encode(`${operation} ${n} ${repetitions}\n`));
    let line = "";
    while (!line.endsWith("\n")) line += (await this.#reader.read()).value ?? "\n";
    return Number(line);
  }

  /** Ends the script. */
  async close(): Promise<void> {
    await this.#writer.close();
    await this.#process.status;
  }
}

async function seconds(peer: Peer | undefined, contender: Contender, repetitions: number): Promise<number> {
  if (typeof contender !== "function") return await peer!.seconds(contender.operation, contender.n, repetitions);
  const before = process.cpuUsage();
  for (let i = 0; i < repetitions; i++) contender();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6 / repetitions;
}

const median = (xs: number[]): number => xs.toSorted((a, b) => a - b)[xs.length >> 1];

/** Median CPU seconds of a contender, and the median over the rounds of its time relative to the first one's. */
export interface Timing {
  readonly seconds: number;
  readonly ratio: number;
}

/** Times all in turn (without a peer: functions alone), prints a line, and returns their timings. */
export async function sideBySide<Name extends string>(
  peer: Peer | undefined,
  title: string,
  contenders: Readonly<Record<Name, Contender>>,
): Promise<Record<Name, Timing>> {
  const entries = Object.entries<Contender>(contenders), times = entries.map((): number[] => []);
  const repetitions: number[] = [];
  for (const [, contender] of entries) {
    let count = 1, once = await seconds(peer, contender, 1);
    for (let warm = once; warm < WARM_SECONDS; warm += count * once) {
      count = Math.max(1, Math.ceil(ROUND_SECONDS / once));
      once = await seconds(peer, contender, count);
    }
    repetitions.push(Math.max(1, Math.ceil(ROUND_SECONDS / once)));
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, [, contender]] of entries.entries()) times[i].push(await seconds(peer, contender, repetitions[i]));
  }
  const timings = entries.map(([name], i): [string, Timing] => [name, {
    seconds: median(times[i]),
    ratio: median(times[i].map((t, k) => t / times[0][k])),
  }]);
  const cells = timings.map(([name, t]) => `${name} ${readable(t.seconds)} (${t.ratio.toPrecision(3)})`);
  console.log(`${title}: ${cells.join(", ")}`);
  return Object.fromEntries(timings) as Record<Name, Timing>;
}

function readable(seconds: number): string {
  return seconds < 1e-3 ? `${(1e6 * seconds).toPrecision(3)} µs` : `${(1e3 * seconds).toPrecision(3)} ms`;
}

/** Goals, and whether they are reached. */
export class Goals {
  readonly #lines: string[] = [];

  /** Notes a ratio that should be at most the limit. */
  note(what: string, ratio: number, limit: number): void {
    const verdict = ratio <= limit ? "reached" : "NOT REACHED";
    this.#lines.push(`${verdict}: ${what}: ${ratio.toPrecision(3)}, at most ${limit.toPrecision(3)}`);
  }

  /** One line for each. */
  toString(): string {
    return this.#lines.join("\n");
  }
}
