// Local Lipschitz constants: soundness against samples, order of the bounds, branch and bound against enumeration.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, norm1, normal, rng, ShapeError, uniform, type Vector } from "../../../lib/core/mod.ts";
import {
  lipschitzBab,
  type LipschitzBound,
  lipschitzInterval,
  lipschitzLinear,
  preactivationBounds,
  type ReluNetwork,
} from "../../../lib/exact/mod.ts";
import { jacobianOf, patternAt } from "../../../lib/exact/lipschitz/relu_network.ts";

/** Weights of variance 2 / fan-in, small biases. */
function randomNetwork(widths: readonly number[], seed: number): ReluNetwork {
  const g = rng(seed);
  return {
    layers: widths.slice(1).map((rows, k) => {
      const columns = widths[k], scale = Math.sqrt(2 / columns);
      return {
        weights: { rows, columns, data: Float64Array.from({ length: rows * columns }, () => scale * normal(g)) },
        bias: Float64Array.from({ length: rows }, () => 0.1 * normal(g)),
      };
    }),
  };
}

/** What the units of each layer receive. */
function received({ layers }: ReluNetwork, x: Vector): Vector[] {
  let a = x;
  return layers.map(({ weights: { columns, data }, bias }) => {
    const z = bias.map((b, i) => a.reduce((sum, e, j) => sum + data[i * columns + j] * e, b));
    a = z.map((e) => Math.max(e, 0));
    return z;
  });
}

function samples(center: Vector, radius: number, count: number, seed: number): Vector[] {
  const g = rng(seed);
  return Array.from({ length: count }, () => center.map((c) => c + radius * (2 * uniform(g) - 1)));
}

const constantAt = (network: ReluNetwork, x: Vector): number => norm1(jacobianOf(network, patternAt(network, x)));

/** `‖W‖` in the largest norm of all layers, multiplied. */
const product = ({ layers }: ReluNetwork): number =>
  layers.reduce((p, { weights: { rows, columns, data } }) => {
    const sums = Array.from({ length: rows }, (_, i) => norm1(data.subarray(i * columns, (i + 1) * columns)));
    return p * Math.max(...sums);
  }, 1);

// @must lipschitzLinear, lipschitzInterval: sampled max |J|₁ <= linear <= interval in 45 runs; far below the product of norms
// @measured reached: 45 of 45; mean over 15 nets 2-16-16-1 at radius 0.2: 2.3 <= 5.5 <= 8.3, product of norms 99;
// 10-32-32-32-1 at 0.05: 4.2 <= 9.6 <= 35, product 2357
Deno.test("bounds of Lipschitz constants are sound, and lines are closer than intervals", () => {
  const cases: [number[], number][] = [[[2, 16, 16, 1], 0.2], [[10, 32, 32, 32, 1], 0.05], [[5, 12, 1], 0.5]];
  for (const [widths, radius] of cases) {
    for (let seed = 0; seed < 15; seed++) {
      const network = randomNetwork(widths, seed), center = samples(new Float64Array(widths[0]), 1, 1, seed + 50)[0];
      const linear = lipschitzLinear(network, center, radius), interval = lipschitzInterval(network, center, radius);
      const bounds = preactivationBounds(network, center, radius);
      for (const x of samples(center, radius, 100, seed)) {
        const J = jacobianOf(network, patternAt(network, x)), z = received(network, x);
        assert(norm1(J) <= linear.constant * (1 + 1e-12), "sampled <= linear");
        J.forEach((entry, i) => {
          for (const { lower, upper } of [linear, interval]) {
            assert(entry >= lower[i] - 1e-12 && entry <= upper[i] + 1e-12, `entry ${i}`);
          }
        });
        bounds.lower.forEach((lower, k) =>
          lower.forEach((l, i) => assert(z[k][i] >= l - 1e-12 && z[k][i] <= bounds.upper[k][i] + 1e-12, "units"))
        );
      }
      assert(linear.constant <= interval.constant * (1 + 1e-12), "linear <= interval");
      assert(interval.constant < product(network), "interval < product of norms");
    }
  }
});

Deno.test("bounds are exact in a neighbourhood without kinks, and of a linear network", () => {
  const network = randomNetwork([3, 6, 6, 1], 2), x = Float64Array.of(0.3, -0.2, 0.5), exact = constantAt(network, x);
  const close = ({ constant }: LipschitzBound): void => assertAlmostEquals(constant, exact, 1e-13);
  close(lipschitzLinear(network, x, 0));
  close(lipschitzInterval(network, x, 1e-6));
  const linear = {
    layers: [{ weights: { rows: 1, columns: 2, data: Float64Array.of(3, -4) }, bias: Float64Array.of(1) }],
  };
  assertEquals(lipschitzLinear(linear, Float64Array.of(0, 0), 9).constant, 7);
  assertEquals(lipschitzBab(linear, Float64Array.of(0, 0), 9).upper, 7);
});

type Point = readonly [number, number];

/** The part of a convex polygon where `g·x + h > 0`. */
function clipped(polygon: readonly Point[], value: (x: Point) => number): Point[] {
  return polygon.flatMap((a, k) => {
    const b = polygon[(k + 1) % polygon.length], u = value(a), v = value(b), t = u / (u - v);
    const crossing: Point[] = u > 0 !== v > 0 ? [[a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])]] : [];
    return u > 0 ? [a, ...crossing] : crossing;
  });
}

/** The patterns of all pieces of a network of two inputs, by cutting the square unit by unit. */
function pieces(network: ReluNetwork, [x, y]: Vector, r: number): Int8Array[][] {
  const square: Point[] = [[x - r, y - r], [x + r, y - r], [x + r, y + r], [x - r, y + r]],
    hidden = network.layers.length - 1;
  let parts: { polygon: Point[]; pattern: number[][] }[] = [{ polygon: square, pattern: [] }];
  for (let k = 0; k < hidden; k++) {
    const { weights: { columns, data }, bias } = network.layers[k];
    parts = parts.map(({ polygon, pattern }) => ({ polygon, pattern: [...pattern, []] }));
    for (let i = 0; i < bias.length; i++) {
      parts = parts.flatMap(({ polygon, pattern }) => {
        const value = (point: Point): number => {
          let a: number[] = [...point];
          for (let m = 0; m < k; m++) {
            const { weights, bias: offsets } = network.layers[m], n = weights.columns, inner: readonly number[] = a;
            a = Array.from(
              offsets,
              (b, q) => pattern[m][q] > 0 ? inner.reduce((sum, e, j) => sum + weights.data[q * n + j] * e, b) : 0,
            );
          }
          return a.reduce((sum, e, j) => sum + data[i * columns + j] * e, bias[i]);
        };
        return [1, -1].flatMap((on) => {
          const part = clipped(polygon, (point) => on * value(point));
          return part.length < 3 ? [] : [{ polygon: part, pattern: [...pattern.slice(0, k), [...pattern[k], on]] }];
        });
      });
    }
  }
  return parts.map(({ pattern }) => pattern.map((layer) => Int8Array.from(layer)));
}

// @must lipschitzBab: reaches the exact value of nets 2-8-8-1, enumerated, to 1e-6; the bound never rises with more parts
// @measured reached: 10 of 10 nets converge to 1e-9 in 65 to 1255 parts; the value is that of all pieces, found by
// cutting the square unit by unit, to 1e-9
Deno.test("lipschitzBab() reaches the largest Jacobian of all pieces", () => {
  for (let seed = 0; seed < 10; seed++) {
    const network = randomNetwork([2, 8, 8, 1], seed + 100), center = Float64Array.of(0.2, -0.3), radius = 0.5;
    const { status, lower, upper, point } = lipschitzBab(network, center, radius);
    assertEquals(status, "converged");
    assert(upper - lower <= 1e-9 * upper);
    assertAlmostEquals(constantAt(network, point), lower, 1e-12);
    assert(point.every((x, j) => Math.abs(x - center[j]) <= radius + 1e-12), "inside");
    const most = Math.max(...pieces(network, center, radius).map((pattern) => norm1(jacobianOf(network, pattern))));
    assertAlmostEquals(upper, most, 1e-9 * most);
    assert(upper <= lipschitzLinear(network, center, radius).constant * (1 + 1e-12));
  }
});

Deno.test("lipschitzBab() has bounds that close in as parts are divided", () => {
  const network = randomNetwork([4, 12, 12, 1], 7), center = Float64Array.of(0.1, 0.2, -0.1, 0.4);
  let before = Infinity, least = 0;
  for (const maxParts of [1, 3, 11, 101, 401]) {
    const { status, lower, upper } = lipschitzBab(network, center, 0.3, { maxParts });
    assert(upper <= before && lower >= least && lower <= upper);
    if (maxParts === 1) assertEquals(status, "part-limit");
    [before, least] = [upper, lower];
  }
  assert(before < lipschitzLinear(network, center, 0.3).constant);
});

// @must lipschitzLinear: a positive lower bound of an entry of the Jacobian proves that the network grows with that input
// @measured reached: proved for a network with positive weights on one input, refuted where an input has both signs
Deno.test("lipschitzLinear() proves that a network grows with an input", () => {
  const network = randomNetwork([2, 8, 1], 3), [first, last] = network.layers;
  for (let i = 0; i < 8; i++) first.weights.data[2 * i] = Math.abs(first.weights.data[2 * i]);
  last.weights.data.forEach((w, i) => last.weights.data[i] = Math.abs(w));
  first.bias.fill(3); // some units are on
  const { lower } = lipschitzLinear(network, new Float64Array(2), 0.5);
  assert(lower[0] > 0);
  const points = samples(new Float64Array(2), 0.5, 50, 1), value = (x: Vector): number => received(network, x)[1][0];
  for (const x of points) assert(value(Float64Array.of(x[0] + 1e-3, x[1])) > value(x));
});

Deno.test("Lipschitz constants refuse what is no such network", () => {
  const network = randomNetwork([2, 4, 1], 1), x = new Float64Array(2);
  assertThrows(() => lipschitzLinear(network, x, -1), DomainError, "a radius at least 0");
  assertThrows(() => lipschitzInterval(network, new Float64Array(3), 1), ShapeError, "layer 1 with 3 inputs");
  assertThrows(() => lipschitzLinear({ layers: network.layers.slice(0, 1) }, x, 1), ShapeError, "one unit");
  assertThrows(
    () => lipschitzLinear({ ...network, activation: "tanh" as "relu" }, x, 1),
    DomainError,
    "relu, got tanh",
  );
  assertThrows(() => lipschitzBab({ layers: [] }, x, 1), ShapeError, "at least one layer");
  assertThrows(() => lipschitzBab(network, Float64Array.of(NaN, 0), 1), DomainError, "finite point");
});
