/**
 * Convex ReLU training at larger sizes: how ADMM's residual and gap fall for several penalties, what a step costs, robust programs.
 *
 * Run: `deno run --allow-read bench/splitting_relu.ts`
 *
 * @module
 */
import { iterate, iterations, normal, normInf, rng, solve, type Vector } from "../lib/core/mod.ts";
import { matrix } from "../lib/linalg/mod.ts";
import {
  admm,
  type ConvexRelu,
  convexRelu,
  convexReluAdmm,
  denseStep,
  type InnerStep,
  keptArrangements,
  reluCertificate,
  robustRelu,
  sampledArrangements,
  woodburyStep,
} from "../lib/splitting/mod.ts";
import { gaussian, moons } from "../tests/splitting/convex_relu_problems.ts";
import references from "../tests/data/robust_relu_reference.json" with { type: "json" };
import { report } from "./growth.ts";

/** Forty points in four dimensions with a bias, labelled by two units with noise. */
function larger(): ConvexRelu {
  const random = rng(1), X = gaussian(random, 40, 5);
  for (let k = 0; k < 40; k++) X.data[5 * k + 4] = 1;
  const y = Float64Array.from({ length: 40 }, (_, k) => {
    const [a, b, c] = X.data.subarray(5 * k, 5 * k + 3);
    return Math.max(0, a + b) - Math.max(0, c - 0.5) + 0.1 * normal(random);
  });
  return convexRelu(X, y, sampledArrangements(X, 386, random), { weightDecay: 0.1 });
}

// @must convex-relu-admm: n = 40, d = 5, 386 sampled patterns: ρ = 0.1 has u - v to 1e-6 in 3000 iterations (2.4 s), ρ = 0.01 and 1 are far slower
// @measured not reached: u - v = 1.2e-3, 6e-5, 1.5e-6 for ρ = 0.01, 0.1, 1 after 3000 iterations (0.9 s each on a quiet machine), with certified gaps of 98%, 22%, 2.2% of the value; with relaxation and balancing from ρ = 1 a gap of 0.5%: here the larger ρ is the better one
const problem = larger(), start = new Float64Array(problem.operator.columns);
const plain = { relaxation: 1, balancing: false };
for (
  const options of [{ rho: 0.01, ...plain }, { rho: 0.1, ...plain }, { rho: 1, ...plain }, { rho: 0.1 }, { rho: 1 }]
) {
  const begun = performance.now();
  for (const { x, u, iteration } of iterate(problem, convexReluAdmm(options), start)) {
    if (iteration < 3000) continue;
    const seconds = (performance.now() - begun) / 1000, { networkValue, gap, violation } = reluCertificate(problem, x);
    const apart = normInf(u.map((e, i) => e - x[i])).toExponential(1);
    console.log(JSON.stringify(options), `${seconds.toFixed(1)} s, u - v ${apart}, value ${networkValue.toFixed(6)}`);
    console.log(`  gap ${(100 * gap / networkValue).toFixed(1)}%, violation ${violation.toExponential(1)}`);
    break;
  }
}

// @must convex-relu-admm: a step costs O(nPd) by Woodbury's formula, O(d²P²) by a dense factor
// @measured reached: slopes 0.94 and 2.3 in P; at P = 320, n = 40, d = 5 Woodbury's step takes 0.12 ms, the dense one 12 ms
const X = gaussian(rng(1), 40, 5), y = gaussian(rng(2), 1, 40).data, counts = [40, 80, 160, 320];
const steps = (make: () => InnerStep<ConvexRelu>): (() => void)[] =>
  counts.map((P) => {
    const program = convexRelu(X, y, sampledArrangements(X, P, rng(3)), { weightDecay: 0.1 }), step = make();
    const n = program.operator.columns, u = new Float64Array(n), memory = step.init(program, rng(0));
    const pull = { rho: 0.1, a: gaussian(rng(4), 1, n).data, b: gaussian(rng(5), 1, program.operator.rows).data };
    return () => step.minimize(program, memory, pull, u);
  });
report("Woodbury's step by the number of patterns", counts, steps(woodburyStep));
report("dense step by the number of patterns", counts, steps(denseStep));

// @must robustRelu, admm: two moons, n = 24, 77 patterns, ε = 0.05 and 0.1, ℓ1 norm: the values of HiGHS
// @measured reached: of the 43 and 19 patterns that can be kept: 1.05433 for 1.05443 and 1.9177 for 1.9127 after 10 000 iterations, at residuals of 2e-4 and 2e-3
for (const { radius, weightDecay, examples: n, features, labels, patterns, value } of references.slice(1)) {
  const arrangements = { examples: n, count: patterns.length, patterns: Uint8Array.from(patterns.join(""), Number) };
  const X = matrix(n, 3, features), kept = keptArrangements(X, arrangements, { radius });
  const robust = robustRelu(X, Float64Array.from(labels), kept, {
    radius,
    weightDecay,
    norm: "l1",
  });
  const options = { start: new Float64Array(robust.operator.columns), stop: iterations(10000), measureEvery: 10000 };
  const run = solve(robust, admm(), options);
  console.log(
    `robust, radius ${radius}: ${run.value} for ${value}, residual ${run.measures.kktResidual.toExponential(1)}`,
  );
}

// @must convex-relu-admm, reluCertificate: two moons, n = 100, 100 patterns: how near to the optimum the network of an iteration is, certified
// @measured reached: at iteration 10, 100, 1000, 3000 objectives 8.57, 6.22, 6.136, 6.138, with no network of these patterns below 0.09, 4.39, 6.03, 6.135
const random = rng(1), train = moons(100, random);
const program = convexRelu(train.X, train.y, sampledArrangements(train.X, 100, random), { weightDecay: 0.1 });
const shown: [number, Vector][] = [];
for (const { x, iteration } of iterate(program, convexReluAdmm(), new Float64Array(program.operator.columns))) {
  if ([1, 3, 10, 30, 100, 300, 1000, 3000].includes(iteration)) shown.push([iteration, x.slice()]);
  if (iteration === 3000) break;
}
for (const [iteration, x] of shown) {
  const { networkValue: value, lowerBound } = reluCertificate(program, x);
  console.log(`iteration ${iteration}: network ${value.toFixed(4)}, no network below ${lowerBound.toFixed(4)}`);
}
