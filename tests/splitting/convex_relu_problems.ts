// Small problems of convex ReLU training.
import { fillNormal, type Matrix, normal, type Rng, rng, type Vector } from "../../lib/core/mod.ts";
import { matrix } from "../../lib/linalg/mod.ts";
import { twoMoons } from "../../lib/problems/mod.ts";
import { type ConvexRelu, convexRelu, reluArrangements } from "../../lib/splitting/mod.ts";

/** Examples and labels. */
export interface Examples {
  readonly X: Matrix;
  readonly y: Vector;
}

/** Normal examples. */
export const gaussian = (random: Rng, rows: number, columns: number): Matrix =>
  matrix(rows, columns, fillNormal(random, new Float64Array(rows * columns)));

/** Sixteen points in the plane, and what a network of two units says of them with noise of a tenth. */
export function planar(): Examples {
  const random = rng(12), X = gaussian(random, 16, 2);
  const y = Float64Array.from({ length: 16 }, (_, k) => {
    const a = X.data[2 * k], b = X.data[2 * k + 1];
    return Math.max(0, a + b) - Math.max(0, a - 0.5 * b) + 0.1 * normal(random);
  });
  return { X, y };
}

/** Its convex program with all patterns, β = 0.3, whose minimum no kink of a unit touches. */
export function planarProgram(): ConvexRelu {
  const { X, y } = planar();
  return convexRelu(X, y, reluArrangements(X), { weightDecay: 0.3 });
}

/** Two moons with a bias, and labels -1 and 1. */
export function moons(rows: number, random: Rng, noise = 0.15): Examples {
  const { features, columns, targets } = twoMoons({ rows, random, noise, bias: true });
  return { X: { rows, columns, data: features as Vector }, y: targets.map((t) => 2 * t - 1) };
}

/** How many labels have another sign than the outputs, as a part of all. */
export function errors(outputs: Vector, labels: Vector): number {
  return outputs.reduce((s, o, k) => s + (o * labels[k] > 0 ? 0 : 1), 0) / labels.length;
}
