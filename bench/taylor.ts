/**
 * Taylor mode and stochastic estimates at full size: a Laplacian in a million dimensions, how its variance falls, an equation in 100
 * dimensions solved by a network, the cost of gradients of functions of any size.
 *
 * Run: `deno run bench/taylor.ts`
 *
 * @module
 */
import * as ad from "../lib/autodiff/mod.ts";
import type { Operand } from "../lib/autodiff/mod.ts";
import { fillNormal, iterate, norm2, type Rng, rng, type Stochastic, uniform, type Vector } from "../lib/core/mod.ts";
import { adam, linearDecay } from "../lib/stochastic/mod.ts";
import { slope } from "./growth.ts";

/** `Σ sin xᵢ + ½ Σ xᵢ² xᵢ₊₁`, the Laplacian of which is `-Σ sin xᵢ + Σ xᵢ₊₁`. */
const chain = (x: Operand): Operand => {
  const left = ad.slice(x, 0, -1), right = ad.slice(x, 1);
  return ad.add(ad.sum(ad.sin(x)), ad.multiply(0.5, ad.sum(ad.multiply(ad.square(left), right))));
};
const laplacian = (x: Vector): number => x.reduce((sum, e, i) => sum - Math.sin(e) + (i > 0 ? e : 0), 0);
const point = (d: number, generator: Rng): Vector => Float64Array.from({ length: d }, () => 2 * uniform(generator) - 1);

// @must stdeLaplacian: a 1-million-dimensional Laplacian estimate in bounded memory
// @measured reached: 64 probes in 2.2 s, without a buffer besides x and v; z = -1.9
{
  const x = point(1_000_000, rng(1)), start = performance.now();
  const { value, standardError } = ad.stdeLaplacian(chain, x, { rng: rng(2), samples: 64, probes: "rademacher" });
  const seconds = (performance.now() - start) / 1000, z = (value - laplacian(x)) / standardError;
  console.log(
    `a million dimensions, 64 probes: ${value.toFixed(1)} +- ${standardError.toFixed(1)}, z = ${z.toFixed(2)}, ${
      seconds.toFixed(1)
    } s`,
  );
}

// @must stdeLaplacian: its variance falls as 1 / samples
// @measured reached: with the powers -0.98, -1.00 and -1.03 of 1 to 64 samples (signs, Gaussian, sparse), 400 repetitions
for (const probes of ["rademacher", "gaussian", "sparse"] as const) {
  const x = point(1000, rng(3)), generator = rng(4), sizes = [1, 2, 4, 8, 16, 32, 64], exact = laplacian(x);
  const variances = sizes.map((samples) => {
    let total = 0;
    for (let k = 0; k < 400; k++) {
      total += (ad.stdeLaplacian(chain, x, { rng: generator, samples, probes }).value - exact) ** 2;
    }
    return total / 400;
  });
  console.log(`${probes}: variance falls with the power ${slope(sizes, variances).toFixed(3)} of the samples`);
}

// @must stdeLaplacian: a network solves Δu + u - u³ = g in the unit ball of 100 dimensions to a relative L2 error of 2e-2 in minutes
// @measured reached: 8.0e-3 after 25 000 steps in 2.4 minutes, 14 MB; for a sum of four waves of random directions
{
  const d = 100, units = 64, N = 32_768, probes = 16, steps = 25_000, generator = rng(5);
  // four waves, that vanish on the sphere
  const waves: ad.Value = { rows: 4, columns: d, data: fillNormal(generator, new Float64Array(4 * d)) };
  const inside = (x: Operand): Operand => ad.subtract(1, ad.dot(x, x));
  const solution = (x: Operand): Operand =>
    ad.multiply(inside(x), ad.sum(ad.sin(ad.add(ad.matmul(waves, x), Float64Array.of(0, 1, 2, 3)))));
  const second = (u: (x: Operand) => Operand) => (x: Operand, directions: Operand): Operand =>
    ad.mean(ad.vmap((v: Operand) => ad.directionalDerivative(u, x, v, 2))(directions) as Operand);
  const equation = (u: (x: Operand) => Operand, x: Operand, directions: Operand): Operand => {
    const value = u(x);
    return ad.add(second(u)(x, directions), ad.subtract(value, ad.power(value, 3)));
  };
  const balls = (count: number): Float64Array => {
    const data = fillNormal(generator, new Float64Array(count * d));
    for (let i = 0; i < count; i++) {
      const row = data.subarray(i * d, (i + 1) * d), r = uniform(generator) ** (1 / d) / norm2(row);
      row.forEach((e, j) => row[j] = e * r);
    }
    return data;
  };
  const matrix = (rows: number, data: Float64Array): ad.Value => ({ rows, columns: d, data });
  const identity = new Float64Array(d * d).map((_, k) => k % (d + 1) === 0 ? Math.sqrt(d) : 0);
  const points = balls(N),
    right = new Float64Array(N),
    exact = ad.compile(
      ad.trace((x: Operand) => equation(solution, x, matrix(d, identity)), new Float64Array(d)),
    );
  for (let i = 0; i < N; i++) right[i] = exact.run([points.subarray(i * d, (i + 1) * d)])[0][0];

  const sizes = [units * d, units, units * units, units, units, 1], dimension = sizes.reduce((a, b) => a + b);
  const network = (theta: Operand) => (x: Operand): Operand => {
    let at = 0;
    const [W, b, V, e, w, f] = sizes.map((size) => ad.slice(theta, at, at += size));
    const first = ad.tanh(ad.add(ad.matmul(ad.reshape(W, [units, d]), x), b));
    const hidden = ad.tanh(ad.add(ad.matmul(ad.reshape(V, [units, units]), first), e));
    return ad.multiply(inside(x), ad.add(ad.dot(w, hidden), ad.sum(f)));
  };
  const batch = 64;
  // the product of two independent estimates of the residual: its mean is the square of the residual, not more
  const loss = (theta: Operand, X: Operand, g: Operand, directions: Operand): Operand => {
    const residual = (from: number): Operand => {
      const own = ad.slice(directions, from, from + probes), u = network(theta);
      return ad.subtract(ad.vmap((x: Operand) => equation(u, x, own))(X) as Operand, g);
    };
    return ad.mean(ad.multiply(residual(0), residual(probes)));
  };
  const program = ad.compile(ad.trace(
    (theta: Operand, X: Operand, g: Operand, directions: Operand) => {
      const { value, gradient } = ad.valueAndGrad(loss)(theta, X, g, directions);
      return [value, gradient];
    },
    new Float64Array(dimension),
    matrix(batch, new Float64Array(batch * d)),
    new Float64Array(batch),
    matrix(2 * probes, new Float64Array(2 * probes * d)),
  ));
  const X = new Float64Array(batch * d), g = new Float64Array(batch), value = new Float64Array(1);
  const directions = new Float64Array(2 * probes * d);
  const problem: Stochastic = {
    kind: "stochastic",
    dimension,
    examples: N,
    batchValue: (theta, rows) => problem.batchGradient(theta, rows, new Float64Array(dimension)),
    batchGradient(theta, rows, out) {
      const draw = rng(rows[0] * N + rows[1]);
      directions.fill(0);
      for (let k = 0; k < 2 * probes; k++) directions[k * d + Math.floor(uniform(draw) * d)] = Math.sqrt(d);
      rows.forEach((row, i) => {
        X.set(points.subarray(row * d, (row + 1) * d), i * d);
        g[i] = right[row];
      });
      program.run([theta, X, g, directions], [value, out]);
      return value[0];
    },
  };
  const start = new Float64Array(dimension);
  let at = 0;
  for (const [k, size] of sizes.entries()) {
    const scale = [0.2, 0, 1 / Math.sqrt(units), 0, 1 / Math.sqrt(units), 0][k];
    fillNormal(generator, start.subarray(at, at + size)).forEach((_, i, part) => part[i] *= scale);
    at += size;
  }
  const test = balls(1000),
    u = ad.compile(ad.trace(
      (theta: Operand, X: Operand) => [ad.vmap(network(theta))(X), ad.vmap(solution)(X)],
      start,
      matrix(1000, test),
    ));
  const error = (theta: Vector): number => {
    const [found, truth] = u.run([theta, test]);
    return norm2(found.map((e, i) => e - truth[i])) / norm2(truth);
  };
  const began = performance.now();
  let step = 0;
  const solver = adam({ learningRate: linearDecay(5e-3, steps), batchSize: batch });
  for (const { x } of iterate(problem, solver, start)) {
    if (step % 5000 === 0 || step === steps) {
      const minutes = (performance.now() - began) / 60_000;
      console.log(`step ${step}: relative L2 error ${error(x).toFixed(4)}, ${minutes.toFixed(2)} minutes`);
    }
    if (step++ >= steps) break;
  }
  console.log(`memory of a step: ${(program.bytes / 1e6).toFixed(0)} MB`);
}

// @must grad: cheap gradient principle: the time of a gradient is a bounded multiple of that of the function, whatever its size
// @measured reached: 1.04 to 1.05 for n = 10³ to 10⁶, compiled
for (const n of [1_000, 10_000, 100_000, 1_000_000]) {
  const x = point(n, rng(6)), value = ad.compile(ad.trace(chain, x)), out = [new Float64Array(n)];
  const gradient = ad.compile(ad.trace((y: Operand) => ad.grad(chain)(y), x)), repetitions = Math.ceil(4e6 / n);
  const time = (run: () => void): number => {
    const began = performance.now();
    for (let k = 0; k < repetitions; k++) run();
    return performance.now() - began;
  };
  const ratios = Array.from({ length: 9 }, () => {
    const first = time(() => value.run([x]));
    return time(() => gradient.run([x], out)) / first;
  }).sort((a, b) => a - b);
  console.log(`n = ${n}: gradient / function ${ratios[4].toFixed(2)}`);
}
