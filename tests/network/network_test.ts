// Perceptrons and convolutional networks as problems.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  checkDerivatives,
  DomainError,
  fillNormal,
  rng,
  ShapeError,
  smoothOf,
  type Vector,
  vectorOf,
} from "../../lib/core/mod.ts";
import {
  accuracy,
  classification,
  cnn,
  mlp,
  type Network,
  networkTargets,
  predictions,
} from "../../lib/network/mod.ts";
import { crossEntropyLoss } from "../../lib/problems/mod.ts";

const networks: readonly Network[] = [
  mlp({ inputs: 16, hidden: [5, 4], outputs: 3 }),
  cnn({ image: [1, 4, 4], channels: [2, 3], outputs: 3, activation: "softplus" }),
];
const X = { rows: 7, columns: 16, data: fillNormal(rng(1), new Float64Array(7 * 16)) }, labels = [0, 1, 2, 2, 1, 0, 1];
const gaussian = (seed: number, n: number): Vector => fillNormal(rng(seed), new Float64Array(n));

Deno.test("mlp() predicts what loops over units do", () => {
  const [network] = networks, w = gaussian(2, network.layout.size), found = predictions(network, w, X);
  for (let i = 0; i < X.rows; i++) {
    let a = X.data.slice(16 * i, 16 * i + 16);
    for (const l of [1, 2, 3]) {
      const W = vectorOf(network.layout, w, `weights${l}`), bias = vectorOf(network.layout, w, `bias${l}`), from = a;
      a = bias.map((b, u) => from.reduce((sum, v, j) => sum + W[u * from.length + j] * v, b));
      if (l < 3) a = a.map(Math.tanh);
    }
    a.forEach((v, k) => assertAlmostEquals(found.data[3 * i + k], v, 1e-13));
  }
});

Deno.test("cnn() predicts what loops over pixels do", () => {
  const network = networks[1], w = gaussian(3, network.layout.size), found = predictions(network, w, X);
  const block = (name: string): Vector => vectorOf(network.layout, w, name);
  for (let i = 0; i < X.rows; i++) {
    let maps = [X.data.slice(16 * i, 16 * i + 16)], side = 4;
    for (const l of [1, 2]) {
      const kernels = block(`kernels${l}`), from = maps, n = side;
      maps = Array.from(block(`bias${l}`), (bias, o) => {
        const full = new Float64Array(n * n);
        for (let r = 0; r < n; r++) {
          for (let c = 0; c < n; c++) {
            let z = bias;
            for (let k = 0; k < 9 * from.length; k++) {
              const y = r + Math.floor(k % 9 / 3) - 1, x = c + k % 3 - 1;
              if (y < 0 || y >= n || x < 0 || x >= n) continue;
              z += kernels[9 * from.length * o + k] * from[Math.floor(k / 9)][y * n + x];
            }
            full[r * n + c] = Math.log1p(Math.exp(z));
          }
        }
        return Float64Array.from({ length: n * n / 4 }, (_, p) => {
          const at = 2 * Math.floor(2 * p / n) * n + 2 * p % n;
          return Math.max(full[at], full[at + 1], full[at + n], full[at + n + 1]);
        });
      });
      side /= 2;
    }
    const features = maps.map(([v]) => v), W = block("weights");
    block("bias").forEach((b, k) => {
      assertAlmostEquals(found.data[3 * i + k], features.reduce((s, v, j) => s + W[3 * k + j] * v, b), 1e-12);
    });
  }
});

Deno.test("classification() has the derivatives of a mean cross-entropy, by both ways", () => {
  for (const network of networks) {
    const problem = classification(network, X, labels), n = problem.dimension, w = gaussian(4, n);
    assert(checkDerivatives(smoothOf(problem), w).ok, network.name);
    const through = networkTargets(network, X, crossEntropyLoss(Float64Array.from(labels), 3));
    for (const batch of [Uint32Array.of(3), Uint32Array.of(6, 1, 4), Uint32Array.of(0, 1, 2, 3, 4, 5, 6)]) {
      const [a, b] = [new Float64Array(n), new Float64Array(n)];
      assertAlmostEquals(problem.batchGradient(w, batch, a), through.batchGradient(w, batch, b), 1e-13);
      a.forEach((v, i) => assertAlmostEquals(v, b[i], 1e-12));
      const v = gaussian(5, n), product = new Float64Array(n), h = 1e-5; // central differences of the gradient
      problem.batchHessianVector(w, batch, v, product);
      problem.batchGradient(w.map((x, i) => x + h * v[i]), batch, a);
      problem.batchGradient(w.map((x, i) => x - h * v[i]), batch, b);
      product.forEach((p, i) => assertAlmostEquals(p, (a[i] - b[i]) / (2 * h), 2e-7));
    }
  }
});

Deno.test("initial() has the variance that keeps signals alive, and is decided by the seed", () => {
  const network = mlp({ inputs: 400, hidden: [100], outputs: 10, activation: "relu" });
  const w = network.initial(3);
  assertEquals(w, network.initial(3));
  assert(w.some((v, i) => v !== network.initial(4)[i]));
  const first = vectorOf(network.layout, w, "weights1");
  assertAlmostEquals(first.reduce((sum, v) => sum + v * v, 0) / first.length, 2 / 400, 1e-4);
  assertEquals(vectorOf(network.layout, w, "bias1"), new Float64Array(100));
});

Deno.test("accuracy() counts largest predictions at the label", () => {
  const linear = mlp({ inputs: 2, hidden: [], outputs: 2 }),
    features = { rows: 2, columns: 2, data: Float64Array.of(3, 1, 1, 2) };
  const identity = Float64Array.of(1, 0, 0, 1, 0, 0);
  assertEquals([[0, 1], [0, 0], [1, 0]].map((labels) => accuracy(linear, identity, features, labels)), [1, 0.5, 0]);
});

Deno.test("networks refuse what does not fit", () => {
  const [network] = networks;
  assertThrows(() => mlp({ inputs: 2, hidden: [0], outputs: 1 }), DomainError, "positive integer lengths");
  assertThrows(() => mlp({ inputs: 2, hidden: [], outputs: 1, activation: "no" as "tanh" }), DomainError, "got no");
  assertThrows(() => cnn({ image: [1, 6, 8], channels: [2, 2], outputs: 2 }), DomainError, "divisible by 4, got 6 x 8");
  assertThrows(() => classification(network, X, [0, 1]), ShapeError, "expected 2 x 16 features, got 7 x 16");
  assertThrows(() => classification(network, X, [0, 1, 2, 3, 0, 0, 0]), DomainError, "labels below 3, got 3 at 3");
  assertThrows(() => predictions(network, new Float64Array(3), X), ShapeError, "entries, got 3");
  assertThrows(
    () => predictions(networks[0], network.initial(1), { ...X, columns: 8 }),
    ShapeError,
    "16 features, got 8",
  );
  assertThrows(
    () => networkTargets(network, X, crossEntropyLoss(Float64Array.from(labels), 4)),
    ShapeError,
    "expected 16 features and 3 targets, got 16 and 4",
  );
});
