/**
 * Optimizers on small networks: digits of 8 x 8 pixels and garments of 28 x 28, each with the best of a few learning rates; pruning
 * of a trained perceptron; surrogates where the losses are expensive.
 *
 * Run: `deno run --allow-read bench/network.ts`
 *
 * @module
 */
import { evaluations, iterations, solve, type Solver, type TargetStochastic, type Vector } from "../lib/core/mod.ts";
import { accuracy, classification, cnn, mlp, type Network, networkTargets } from "../lib/network/mod.ts";
import { crossEntropyLoss, imageDataset, readIdx } from "../lib/problems/mod.ts";
import { lbfgs } from "../lib/smooth/mod.ts";
import {
  adaHessian,
  adam,
  adamW,
  cosineDecay,
  mfacOptimizer,
  momentum,
  type Schedule,
  sgd,
  sgdLineSearch,
  sso,
  type TwiceStochastic,
} from "../lib/stochastic/mod.ts";
import { held, type Labelled, labelled, training } from "../tests/network/digits.ts";
import { imitate, queries } from "../tests/network/imitation.ts";
import { byMagnitude, byScores } from "../tests/network/pruning.ts";

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1];
const seeds = [1, 2, 3], batchSize = 32;

type Maker = (learningRate: Schedule) => Solver<TwiceStochastic>;

/** Each method with its rates, and what a step costs, in gradients. */
const methods: Record<string, readonly [make: Maker, rates: readonly number[], cost: number]> = {
  "SGD": [(learningRate) => sgd({ learningRate, batchSize }), [0.1, 0.3, 1, 3], 1],
  "momentum": [(learningRate) => momentum({ learningRate, batchSize }), [0.03, 0.1, 0.3, 1], 1],
  "Adam": [(learningRate) => adam({ learningRate, batchSize }), [0.003, 0.01, 0.03, 0.1], 1],
  "AdamW": [(learningRate) => adamW({ learningRate, batchSize }), [0.003, 0.01, 0.03, 0.1], 1],
  "M-FAC": [
    (learningRate) => mfacOptimizer({ learningRate, batchSize, damping: 1e-3, momentum: 0.9 }),
    [0.003, 0.01, 0.03, 0.1],
    1,
  ],
  "AdaHessian": [(learningRate) => adaHessian({ learningRate, batchSize }), [0.075, 0.15, 0.3, 0.6], 3],
  "  without averages": [
    (learningRate) => adaHessian({ learningRate, batchSize, groups: 1 }),
    [0.075, 0.15, 0.3, 0.6],
    3,
  ],
  "  every 10th Hessian": [
    (learningRate) => adaHessian({ learningRate, batchSize, hessianEvery: 10 }),
    [0.075, 0.15, 0.3, 0.6],
    1.2,
  ],
};

function study(network: Network, train: Labelled, test: Labelled, epochs: number): void {
  const problem = classification(network, train.X, train.labels);
  const steps = epochs * Math.ceil(problem.examples / batchSize);
  console.log(`\n${network.name}, ${problem.dimension} weights, ${epochs} epochs: loss (accuracy held out) by rate`);
  for (const [name, [make, rates, cost]] of Object.entries(methods)) {
    for (const share of cost === 3 ? [1, 1 / cost] : [1]) {
      const total = Math.round(steps * share),
        cells = rates.map((rate) => {
          const runs = seeds.map((seed) => {
            const start = network.initial(seed), { layout } = network, solver = make(cosineDecay(rate, total));
            const { x, value } = solve(problem, solver, {
              start,
              seed,
              layout,
              stop: iterations(total),
              measureEvery: total,
            });
            return [value, accuracy(network, x, test.X, test.labels)];
          });
          return `${rate}: ${median(runs.map(([v]) => v)).toExponential(1)} (${
            (100 * median(runs.map(([, a]) => a))).toFixed(1)
          })`;
        });
      console.log(`  ${(share < 1 ? `${name}, equal cost` : name).padEnd(32)} ${cells.join("   ")}`);
    }
  }
}

// @must adahessian: on a perceptron and a small convolutional network it does better than SGD, momentum, Adam, AdamW and M-FAC, each with the best of four rates, in as many steps
// @measured not reached: loss after 10 epochs of digits, medians of three seeds, in the order of the list and AdaHessian last: perceptron .047, .0071, .0062, .0079, .0011, .010; convolutional with tanh .026, .0040, .0027, .0039, .00081, .0065, with relu, whose curvature says little, .053, .027, .0061, .0081, .082, .076; garments .50, .32, .38, .38, .20, .44. At equal cost, a third of the steps, .061 on the perceptron and .069 on the convolutional network. Held-out accuracies at these rates are 92 to 94 % with tanh
// @must adahessian: averages over rows help; a Hessian every ten steps costs little
// @measured reached: without averages 3.5, 9.2 and 1.4 times the loss on digits at the best rate (perceptron, convolutional with tanh and with relu), none gained on garments; with a Hessian every ten steps at the default rate .020 and .023, with one in each step .020 and .019
study(mlp({ inputs: 64, hidden: [32], outputs: 10 }), training, held, 10);
for (const activation of ["tanh", "relu"] as const) {
  study(cnn({ image: [1, 8, 8], channels: [8, 16], outputs: 10, activation }), training, held, 10);
}
const bytes = (what: string): Uint8Array<ArrayBuffer> =>
  Deno.readFileSync(new URL(`../tests/data/fashion-mnist-test500-${what}-ubyte.gz`, import.meta.url));
const garments = imageDataset(await readIdx(bytes("images-idx3")), await readIdx(bytes("labels-idx1")));
study(
  mlp({ inputs: 784, hidden: [32], outputs: 10 }),
  labelled(garments, 0, 400, 1),
  labelled(garments, 400, 500, 1),
  10,
);

// @must pruneWeights: half of the weights of a trained perceptron removed at once: the loss grows by at most half of what pruning by magnitude costs
// @measured reached: all 1200 gradients: .34, .32, .29 times with tanh and .18, .27, .10 times with relu units for three seeds each; 300 gradients: .83, .34, .41 and .20, .30, .22 at once, .06 to .19 in 16 rounds
for (const activation of ["tanh", "relu"] as const) {
  for (const seed of seeds) {
    const network = mlp({ inputs: 64, hidden: [16], outputs: 10, activation }), { layout } = network;
    const problem = classification(network, training.X, training.labels), steps = 40 * 38, count = layout.size / 2;
    const solver = adamW({ learningRate: cosineDecay(0.01, steps), weightDecay: 0.05 }), start = network.initial(seed);
    const { x, value } = solve(problem, solver, { start, seed, layout, stop: iterations(steps), measureEvery: steps });
    const all = Uint32Array.from({ length: problem.examples }, (_, i) => i);
    const growth = (w: Vector): number => problem.batchValue(w, all) - value, most = growth(byMagnitude(x, count));
    const shares = [[1, 300], [1, 1200], [4, 300], [16, 300]].map(([rounds, m]) =>
      (growth(byScores(problem, x, count, m, rounds)) / most).toFixed(2)
    );
    console.log(
      `${count} of ${layout.size} weights, ${activation}: loss grows by ${most.toFixed(4)} by magnitude, times`,
    );
    console.log(`  ${shares.join(", ")} by scores: 300 gradients, 1200, 300 in 4 and in 16 rounds`);
  }
}

// @must sso: on the targets of a perceptron many inner steps need fewer evaluations of the losses than SGD and SGD with a line search, and at first than tuned Adam
// @measured reached: 20 inner steps of L-BFGS and η = 1/L: .084, .033, .016, .0077 after 2, 5, 10, 20 evaluations; SGD at its best rate .77, .23, .12, .057, with a line search 2.4, 1.0, .40, .17; Adam at its best rate .21, .045, then less, .012 and .0023. A search in the targets spends the first five evaluations on its first rate, and then has .083 and .015
const network = mlp({ inputs: 64, hidden: [16], outputs: 10 }), { layout } = network;
const targets = networkTargets(network, training.X, crossEntropyLoss(training.labels, 10));
function rivals(batchSize: number): [name: string, solver: Solver<TargetStochastic>][] {
  return [
    ...[1, 5, 20].map((innerSteps) => [`SSO ${innerSteps}`, sso({ innerSteps, batchSize, inner: lbfgs() })]),
    ["SSO search 20", sso({ innerSteps: 20, batchSize, inner: lbfgs(), targetRate: "search" })],
    ...[0.1, 0.3, 1].map((learningRate) => [`SGD ${learningRate}`, sgd({ learningRate, batchSize })]),
    ...[0.03, 0.1, 0.3].map((learningRate) => [`Adam ${learningRate}`, adam({ learningRate, batchSize })]),
    ["SGD search", sgdLineSearch({ batchSize })],
  ] as [string, Solver<TargetStochastic>][];
}
console.log("\nperceptron on digits, batches of 120: loss after 2, 5, 10, 20 evaluations");
for (const [name, solver] of rivals(120)) {
  const losses = [2, 5, 10, 20].map((most) =>
    median(seeds.map((seed) => {
      const start = network.initial(seed), stop = evaluations(most);
      return solve(targets, solver, { start, seed, layout, stop, measureEvery: 1000 }).value;
    })).toPrecision(2)
  );
  console.log(`  ${name.padEnd(14)} ${losses.join("  ")}`);
}

// @must sso: imitating an expert online it needs fewer queries than SGD, Adam and SGD with a line search
// @measured reached: 20 inner steps .48, .19, .095, .049 before rounds 10, 20, 40, 60; SGD at its best rate 2.2, 2.3, 2.2, 1.7, Adam 2.2, 2.1, .54, .35, a line search 3.0, 2.4, 2.5, 1.7
console.log(`\nimitation, ${queries} queries a round: mean loss in the five rounds before 10, 20, 40, 60`);
for (const [name, solver] of rivals(queries)) {
  const runs = seeds.map((seed) => imitate(solver, 60, seed));
  const losses = [10, 20, 40, 60].map((end) =>
    median(runs.map((run) => run.slice(end - 5, end).reduce((sum, v) => sum + v / 5, 0))).toPrecision(2)
  );
  console.log(`  ${name.padEnd(14)} ${losses.join("  ")}`);
}
