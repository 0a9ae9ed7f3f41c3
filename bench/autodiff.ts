/**
 * What derivatives of array programs cost, beside functions written by hand, functions without derivatives, and peers.
 *
 * Run: `deno run --allow-read --allow-env --allow-ffi --allow-net bench/autodiff.ts [part of a title]`, with `--peers` for tfjs and
 * jax-js, which are fetched from npm.
 *
 * @module
 */
import { fillNormal, layout, rng } from "../lib/core/mod.ts";
import * as ad from "../lib/autodiff/mod.ts";
import type { Operand } from "../lib/autodiff/mod.ts";
import { readLibsvm } from "../lib/problems/readers/libsvm.ts";
import { type Contender, Goals, sideBySide } from "./side_by_side.ts";
import * as hand from "./autodiff_hand.ts";

const goals = new Goals(), random = rng(1);
const normal = (n: number): Float64Array => fillNormal(random, new Float64Array(n));
const only = Deno.args.find((arg) => !arg.startsWith("-")) ?? "";

/** A contender and where it leaves its answer. */
interface Implementation {
  readonly run: Contender;
  readonly out: Float64Array;
}

/** Runs a function again and again where one call is too short to be timed. */
const repeated = (run: () => unknown, times: number): () => void => () => {
  for (let i = 0; i < times; i++) run();
};

/** Times contenders, the first of which is right. */
async function compare(
  title: string,
  implementations: Readonly<Record<string, Implementation>>,
): Promise<Record<string, number> | undefined> {
  if (!title.includes(only)) return undefined;
  const [[, first]] = Object.entries(implementations);
  for (const [name, { run, out }] of Object.entries(implementations)) {
    if (typeof run === "function") run();
    const scale = first.out.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
    const error = out.reduce((m, v, i) => Math.max(m, Math.abs(v - first.out[i])), 0) / scale;
    if (!(error < 1e-12)) console.log(`${title}: ${name} differs by ${error}`);
  }
  const contenders = Object.fromEntries(Object.entries(implementations).map(([name, { run }]) => [name, run]));
  const timings = await sideBySide(undefined, title, contenders);
  return Object.fromEntries(Object.entries(timings).map(([name, { ratio }]) => [name, ratio]));
}

/** A function with its derivative by hand, compiled, and interpreted. */
interface Case {
  readonly title: string;
  /** The function of an array with parameters as further inputs. */
  readonly f: (x: Operand, ...rest: Operand[]) => Operand;
  readonly at: readonly ad.Value[];
  readonly byHand: (x: Float64Array, g: Float64Array) => number;
  readonly times?: number;
  /** The largest ratio of the interpreter to what is written by hand. */
  readonly interpreted?: number;
}

const entries = (x: ad.Value): Float64Array =>
  typeof x === "number" ? Float64Array.of(x) : x instanceof Float64Array ? x : x.data;

async function gradients({ title, f, at, byHand, times = 1, interpreted }: Case): Promise<void> {
  const [x, ...rest] = at.map(entries), n = x.length, inputs = [x, ...rest];
  const both = ad.valueAndGrad(f), example = at.map((value) => ad.ofShape(...ad.shapeOf(value)));
  const program = ad.trace((...xs: Operand[]) => {
    const { value, gradient } = both(xs[0], ...xs.slice(1));
    return [value, gradient];
  }, ...example);
  const value = ad.compile(ad.trace(f, ...example)), compiled = ad.compile(program);
  const interpreter = ad.interpreter(program);
  const implementation = (make: (g: Float64Array) => () => unknown): Implementation => {
    const out = new Float64Array(n);
    return { run: repeated(make(out), times), out };
  };
  const running = ({ run }: ad.Executable) => (g: Float64Array): () => unknown => {
    const outs = [new Float64Array(1), g];
    return () => run(inputs, outs);
  };
  const ratios = await compare(`${title}, gradient`, {
    hand: implementation((g) => () => byHand(x, g)),
    compiled: implementation(running(compiled)),
    interpreter: implementation(running(interpreter)),
  });
  if (ratios) {
    goals.note(`${title}: compiled / hand`, ratios.compiled, 1.3);
    if (interpreted !== undefined) goals.note(`${title}: interpreter / hand`, ratios.interpreter, interpreted);
  }
  const f0 = new Float64Array(1), outs = [f0], all = [new Float64Array(1), new Float64Array(n)];
  const cheap = await compare(`${title}, gradient / function`, {
    function: { run: repeated(() => value.run(inputs, outs), times), out: f0 },
    gradient: { run: repeated(() => compiled.run(inputs, all), times), out: all[0] },
  });
  if (cheap) goals.note(`${title}: gradient / function`, cheap.gradient, 3);
}

function rosenbrock(x: Operand): Operand {
  const a = ad.slice(x, 0, -1), b = ad.slice(x, 1);
  return ad.sum(ad.add(ad.square(ad.subtract(1, a)), ad.multiply(100, ad.square(ad.subtract(b, ad.square(a))))));
}

await gradients({ title: "Rosenbrock 1000", f: rosenbrock, at: [normal(1000)], byHand: hand.rosenbrock, times: 10 });

const data = await readLibsvm(await Deno.readFile(new URL("../tests/data/a9a.gz", import.meta.url)), { source: "a9a" });
const { rows, columns } = data, targets = data.targets.map((label) => 2 * label - 1);
const A: ad.NdArray = { shape: [rows, columns], data: dense() }, strength = 1e-3;

/** The features of a9a as a dense matrix. */
function dense(): Float64Array {
  const { features } = data, out = new Float64Array(rows * columns);
  if (features instanceof Float64Array) return features;
  const { rowStarts, columnIndices, values } = features;
  for (let i = 0; i < rows; i++) {
    for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) out[i * columns + columnIndices[k]] = values[k];
  }
  return out;
}

const logistic = (w: Operand, X: Operand, y: Operand): Operand =>
  ad.add(
    ad.mean(ad.softplus(ad.negate(ad.multiply(y, ad.matmul(X, w))))),
    ad.multiply(strength / 2, ad.dot(w, w)),
  );
const w = normal(columns).map((v) => 0.1 * v);
await gradients({
  title: "logistic regression",
  f: logistic,
  at: [w, A, targets],
  byHand: hand.logistic(A.data, targets, strength),
  interpreted: 2,
});

/** Hessian-vector products. */
async function products(): Promise<void> {
  const product = ad.hvp(logistic), v = normal(columns), inputs = [w, v, A.data, targets];
  const shapes = [[columns], [columns], [rows, columns], [rows]].map((shape) => ad.ofShape(...shape));
  const program = ad.trace((w: Operand, v: Operand, X: Operand, y: Operand) => product(w, v, X, y), ...shapes);
  const byHand = hand.logisticHessian(A.data, targets, strength);
  const implementation = (run: (out: Float64Array) => unknown): Implementation => {
    const out = new Float64Array(columns);
    return { run: () => run(out), out };
  };
  const compiled = ad.compile(program), interpreter = ad.interpreter(program);
  const ratios = await compare("logistic regression, Hessian-vector product", {
    hand: implementation((out) => byHand(w, v, out)),
    compiled: implementation((out) => compiled.run(inputs, [out])),
    interpreter: implementation((out) => interpreter.run(inputs, [out])),
  });
  if (!ratios) return;
  goals.note("logistic regression, Hessian-vector product: compiled / hand", ratios.compiled, 1.3);
  goals.note("logistic regression, Hessian-vector product: interpreter / hand", ratios.interpreter, 2);
}
await products();

const square: ad.NdArray = { shape: [1000, 1000], data: normal(1e6) }, shift = normal(1000);
await gradients({
  title: "log-sum-exp of an affine map 1000 x 1000",
  f: (x, M, b) => ad.logsumexp(ad.add(ad.matmul(M, x), b)),
  at: [normal(1000).map((v) => 0.03 * v), square, shift],
  byHand: hand.logsumexp(square.data, shift),
  interpreted: 2,
});

const { inputs, hidden, classes, batch } = hand.sizes;
const blocks = layout({ W: [inputs, hidden], b: [hidden], V: [hidden, classes], c: [classes] });
const images: ad.NdArray = { shape: [batch, inputs], data: normal(batch * inputs) };
const labels: ad.NdArray = { shape: [batch, classes], data: new Float64Array(batch * classes) };
for (let i = 0; i < batch; i++) labels.data[i * classes + i % classes] = 1;

/** The mean cross entropy of a network. */
function network(p: Record<"W" | "b" | "V" | "c", Operand>, X: Operand, Y: Operand): Operand {
  const scores = ad.add(ad.matmul(ad.tanh(ad.add(ad.matmul(X, p.W), p.b)), p.V), p.c);
  return ad.mean(ad.subtract(ad.logsumexp(scores, { axes: 1 }), ad.sum(ad.multiply(Y, scores), { axes: 1 })));
}

/** A network, as an objective. */
async function networks(): Promise<void> {
  const p = normal(blocks.size).map((v) => 0.05 * v), byHand = hand.network(images.data, labels.data);
  const problem = ad.objective((p) => network(p, images, labels), { layout: blocks });
  const both = ad.valueAndGrad(network);
  const shapes = Object.fromEntries(blocks.blocks.map(({ name, shape }) => [name, ad.ofShape(...shape)]));
  const program = ad.trace(
    (p: Parameters<typeof network>[0], X: Operand, Y: Operand) => {
      const { value, gradient } = both(p, X, Y);
      return [value, gradient] as ad.Tree;
    },
    shapes,
    ad.ofShape(...images.shape),
    ad.ofShape(...labels.shape),
  );
  const interpreter = ad.interpreter(program);
  const views = (x: Float64Array): Float64Array[] => Object.values(ad.blocksOf(blocks, x)).map(entries);
  const implementation = (run: (out: Float64Array) => unknown): Implementation => {
    const out = new Float64Array(blocks.size);
    return { run: () => run(out), out };
  };
  const given = [...views(p), images.data, labels.data];
  const ratios = await compare("network 784-128-10, batch 128, gradient", {
    hand: implementation((out) => byHand(p, out)),
    compiled: implementation((out) => problem.gradient(p, out)),
    interpreter: implementation((out) => interpreter.run(given, [new Float64Array(1), ...views(out)])),
  });
  const out = Float64Array.of(0), gradient = new Float64Array(blocks.size), f = Float64Array.of(0);
  const cheap = await compare("network 784-128-10, batch 128, gradient / function", {
    function: { run: () => void (out[0] = problem.value(p)), out },
    gradient: { run: () => void (f[0] = problem.gradient(p, gradient)), out: f },
  });
  if (!ratios || !cheap) return;
  goals.note("network: compiled / hand", ratios.compiled, 1.3);
  goals.note("network: interpreter / hand", ratios.interpreter, 2);
  goals.note("network: gradient / function", cheap.gradient, 3);
}
await networks();

const count = 40, mass = normal(count).map((v) => 1 + v * v), softening = 1e-3;
const pairs = Array.from({ length: count * count }, (_, k) => [Math.floor(k / count), k % count]).filter(([i, j]) =>
  i < j
);
const firsts = Float64Array.from(pairs, ([i]) => i), seconds = Float64Array.from(pairs, ([, j]) => j);
const strengths = Float64Array.from(pairs, ([i, j]) => -mass[i] * mass[j]);

/** The energy of bodies, over all pairs. */
function energy(x: Operand): Operand {
  const d = ad.subtract(ad.gather(x, firsts), ad.gather(x, seconds));
  const squares = ad.add(ad.sum(ad.square(d), { axes: 1 }), softening);
  return ad.sum(ad.divide(strengths, ad.sqrt(squares)));
}
await gradients({
  title: `energy of ${count} bodies`,
  f: energy,
  at: [{ shape: [count, 3], data: normal(3 * count) }],
  byHand: hand.bodies(mass, softening),
  times: 10,
});

await gradients({
  title: "Rosenbrock 2, by hand for n variables",
  f: rosenbrock,
  at: [normal(2)],
  byHand: hand.rosenbrock,
  times: 1000,
});
await gradients({
  title: "Rosenbrock 2, by hand without a loop",
  f: rosenbrock,
  at: [normal(2)],
  byHand: hand.rosenbrock2,
  times: 1000,
});

console.log(goals.toString());
