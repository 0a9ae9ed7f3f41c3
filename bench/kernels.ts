/**
 * The compute kernels side by side with plain TypeScript, ml-matrix, and OpenBLAS through NumPy and SciPy.
 *
 * Rounds alternate between all of them, so that each sees the same machine; times are CPU times in one thread, ratios are
 * medians over the rounds, to the first of each row. Copies into the kernels' memory and back are included.
 *
 * Run `deno run -A bench/kernels.ts`. With `--check` it only holds the kernels against plain TypeScript and fails if they
 * are less than three times as fast: a wrong compiler flag costs a quarter, and nothing else tells.
 *
 * @module
 */
import process from "node:process";
import { fillNormal, gradientNorm, iterations, rng, solve, type Vector } from "../lib/core/mod.ts";
import { type Backend, backendNamed } from "../lib/linalg/kernels/mod.ts";
import { rosenbrock } from "../lib/problems/mod.ts";
import { lbfgs } from "../lib/smooth/mod.ts";
import { residentLbfgs } from "./resident_lbfgs.ts";

const ROUNDS = 9, ROUND_SECONDS = 0.03;

/** Something to time: a function, or an operation of the peer. */
type Contender = (() => void) | { readonly operation: string; readonly n: number };

/** NumPy and SciPy in a process of their own. */
class Peer {
  readonly #process = new Deno.Command("/usr/bin/python3", {
    args: [new URL("kernels.py", import.meta.url).pathname],
    stdin: "piped",
    stdout: "piped",
    env: { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" },
  }).spawn();
  readonly #writer = this.#process.stdin.getWriter();
  readonly #reader = this.#process.stdout.pipeThrough(new TextDecoderStream()).getReader();

  async seconds(operation: string, n: number, repetitions: number): Promise<number> {
    await this.#writer.write(new TextEncoder().encode(`${operation} ${n} ${repetitions}\n`));
    let line = "";
    while (!line.endsWith("\n")) line += (await this.#reader.read()).value ?? "\n";
    return Number(line);
  }

  async close(): Promise<void> {
    await this.#writer.close();
    await this.#process.status;
  }
}

let peer: Peer | undefined;

/** CPU seconds of one of so many calls. */
async function seconds(contender: Contender, repetitions: number): Promise<number> {
  if (typeof contender !== "function") {
    peer ??= new Peer();
    return await peer.seconds(contender.operation, contender.n, repetitions);
  }
  const before = process.cpuUsage();
  for (let i = 0; i < repetitions; i++) contender();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6 / repetitions;
}

const median = (xs: number[]): number => xs.toSorted((a, b) => a - b)[xs.length >> 1];

/** Times all in turn and prints them; returns the ratios to the first. */
async function compare(
  title: string,
  contenders: Readonly<Record<string, Contender>>,
  round = ROUND_SECONDS,
): Promise<Record<string, number>> {
  const entries = Object.entries(contenders), repetitions: number[] = [], times = entries.map((): number[] => []);
  for (const [, contender] of entries) {
    await seconds(contender, 3);
    repetitions.push(Math.max(1, Math.ceil(round / Math.max(1e-7, await seconds(contender, 3)))));
    await seconds(contender, repetitions.at(-1)!);
  }
  for (let k = 0; k < ROUNDS; k++) {
    for (const [i, [, contender]] of entries.entries()) times[i].push(await seconds(contender, repetitions[i]));
  }
  const ratios = entries.map(([name], i) => [name, median(times[i].map((t, k) => t / times[0][k]))] as const);
  const cells = ratios.map(([name, ratio], i) =>
    `${name} ${(1e3 * median(times[i])).toPrecision(3)} ms (${ratio.toPrecision(3)})`
  );
  console.log(`${title}: ${cells.join(", ")}`);
  return Object.fromEntries(ratios);
}

const random = rng(1);
const numbers = (n: number): Vector => fillNormal(random, new Float64Array(n * n));

function multiply(backend: Backend, n: number): () => void {
  const a = numbers(n), b = numbers(n), c = new Float64Array(n * n);
  return () => backend.gemm(false, false, n, n, n, 1, a, 0, n, b, 0, n, 0, c, 0, n);
}

const wasm = backendNamed("wasm"), portable = backendNamed("portable"), typescript = backendNamed("typescript");
const goals: string[] = [];

/** Notes whether a goal is reached. */
function goal(what: string, actual: number, limit: number): void {
  goals.push(
    `${actual <= limit ? "reached" : "NOT REACHED"}: ${what}: ${actual.toPrecision(3)}, at most ${
      limit.toPrecision(2)
    }`,
  );
}

async function check(): Promise<boolean> {
  const { typescript: ratio } = await compare("gemm 256", {
    wasm: multiply(wasm, 256),
    typescript: multiply(typescript, 256),
  });
  console.log(`plain TypeScript takes ${ratio.toPrecision(3)} times as long; at least 3 expected`);
  return ratio >= 3;
}

async function products(): Promise<void> {
  const { Matrix } = await import("npm:ml-matrix@6.15.1");
  for (const n of [8, 16, 64, 128, 256, 512, 1024]) {
    const a = Matrix.from1DArray(n, n, numbers(n)), b = Matrix.from1DArray(n, n, numbers(n));
    const ratios = await compare(`gemm ${n}`, {
      NumPy: { operation: "gemm", n },
      wasm: multiply(wasm, n),
      portable: multiply(portable, n),
      ...(n <= 512 ? { typescript: multiply(typescript, n), "ml-matrix": () => void a.mmul(b) } : {}),
    });
    if (n === 512) {
      goal("gemm 512 to OpenBLAS", ratios.wasm, 3.5);
      goal("gemm 512 to ml-matrix", ratios.wasm / ratios["ml-matrix"], 1 / 6);
    }
  }
}

async function factors(): Promise<void> {
  for (const n of [8, 16, 64, 256, 512]) {
    const g = numbers(n), s = new Float64Array(n * n), out = new Float64Array(n * n), swaps = new Int32Array(n);
    typescript.gemm(false, true, n, n, n, 1, g, 0, n, g, 0, n, 0, s, 0, n);
    for (let i = 0; i < n; i++) s[i * (n + 1)] += n;
    const cholesky = (backend: Backend) => (): void => {
      out.set(s);
      backend.cholesky(n, out, 0, n);
    };
    const ratios = await compare(`cholesky ${n}`, {
      SciPy: { operation: "cholesky", n },
      wasm: cholesky(wasm),
      typescript: cholesky(typescript),
    });
    if (n === 256) goal("cholesky 256 to SciPy", ratios.wasm, 1.5);

    const b = fillNormal(random, new Float64Array(n)), x = new Float64Array(n);
    const system = (backend: Backend) => (): void => {
      out.set(g);
      x.set(b);
      backend.lu(n, n, out, 0, n, swaps);
      for (let k = 0; k < n; k++) [x[k], x[swaps[k]]] = [x[swaps[k]], x[k]];
      backend.solveFromLeft(true, false, true, n, 1, out, 0, n, x, 0, 1);
      backend.solveFromLeft(false, false, false, n, 1, out, 0, n, x, 0, 1);
    };
    const solved = await compare(`solve ${n}`, {
      NumPy: { operation: "solve", n },
      wasm: system(wasm),
      typescript: system(typescript),
    });
    if (n === 512) goal("solve 512 to NumPy", solved.wasm, 1.8);

    const tau = new Float64Array(n), q = new Float64Array(n * n);
    const orthogonal = (backend: Backend) => (): void => {
      out.set(g);
      backend.qr(n, n, out, 0, n, tau);
      backend.formQ(n, n, n, out, 0, n, tau, q, 0, n);
    };
    const orthogonalized = await compare(`qr ${n}`, {
      SciPy: { operation: "qr", n },
      wasm: orthogonal(wasm),
      typescript: orthogonal(typescript),
    });
    if (n === 256) goal("qr 256 to SciPy", orthogonalized.wasm, 2.5);
  }
}

async function optimization(): Promise<void> {
  const n = 1000, { problem, start } = rosenbrock(n);
  const stop = [gradientNorm({ absolute: 1e-6 }), iterations(100_000)];
  const ratios = await compare(`L-BFGS, Rosenbrock in ${n} variables`, {
    SciPy: { operation: "lbfgs", n },
    resident: () => void solve(problem, residentLbfgs(10), { start, stop }),
    lbfgs: () => void solve(problem, lbfgs(), { start, stop }),
  }, 0.4);
  goal("L-BFGS to SciPy", ratios.resident, 0.25);
}

if (Deno.args.includes("--check")) {
  if (!await check()) Deno.exit(1);
} else {
  console.log(`wasm: ${wasm.variant}; portable: ${portable.variant}`);
  await optimization(); // first, as the engine still knows nothing else
  await products();
  await factors();
  await peer!.close();
  console.log(goals.join("\n"));
}
