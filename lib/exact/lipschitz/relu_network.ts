/**
 * Networks of rectified linear units with one output: `f(x) = Wₗ σ(… σ(W₁ x + b₁) …) + bₗ` with `σ(z) = max(z, 0)`, and
 * where they are looked at.
 *
 * @module
 */
import { DomainError, isFiniteVector, type Matrix, ShapeError, type Vector } from "../../core/mod.ts";

/** A layer `W a + b`. */
export interface AffineLayer {
  /** W: a row for each unit. */
  readonly weights: Matrix;
  /** b. */
  readonly bias: Vector;
}

/** A network with one output. */
export interface ReluNetwork {
  /** The layers; the last has one unit. */
  readonly layers: readonly AffineLayer[];
  /** σ between them. Default, and the only one: `relu`. */
  readonly activation?: "relu";
}

/** The points with `|xᵢ - cᵢ| <= rᵢ`. */
export interface Neighbourhood {
  /** c. */
  readonly center: Vector;
  /** r. */
  readonly radius: Vector;
}

/**
 * The ball of a radius around a point in the largest norm, for a network that is checked with it.
 *
 * @throws {ShapeError} When layers do not follow each other, the last has not one unit, or the point has another
 * length.
 * @throws {DomainError} When the radius is negative, a number is not finite, or the activation is another.
 */
export function checkedBall(network: ReluNetwork, center: Vector, radius: number): Neighbourhood {
  const { layers, activation = "relu" } = network, verb = "bound a Lipschitz constant";
  if (activation !== "relu") throw new DomainError(`Cannot ${verb}: expected the activation relu, got ${activation}`);
  if (!(radius >= 0 && radius < Infinity) || !isFiniteVector(center)) {
    throw new DomainError(`Cannot ${verb}: expected a radius at least 0 around a finite point, got ${radius}`);
  }
  let width = center.length;
  layers.forEach(({ weights: { rows, columns, data }, bias }, k) => {
    const last = k === layers.length - 1;
    if (columns !== width || bias.length !== rows || data.length !== rows * columns || last && rows !== 1) {
      throw new ShapeError(
        `Cannot ${verb}: expected layer ${k + 1} with ${width} inputs${
          last ? " and one unit" : ""
        }, got ${rows} x ${columns} ` +
          `and ${bias.length} biases`,
      );
    }
    if (!isFiniteVector(data) || !isFiniteVector(bias)) {
      throw new DomainError(`Cannot ${verb}: expected finite weights in layer ${k + 1}`);
    }
    width = rows;
  });
  if (layers.length === 0) throw new ShapeError(`Cannot ${verb}: expected at least one layer, got none`);
  return { center: center.slice(), radius: new Float64Array(center.length).fill(radius) };
}

/** Which units are on at a point, for each layer but the last. */
export function patternAt({ layers }: ReluNetwork, x: Vector): Int8Array[] {
  let a = x;
  return layers.slice(0, -1).map(({ weights: { rows, columns, data }, bias }) => {
    const z = Float64Array.from(bias), on = new Int8Array(rows);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) z[i] += data[i * columns + j] * a[j];
      on[i] = z[i] > 0 ? 1 : -1;
      z[i] = Math.max(z[i], 0);
    }
    a = z;
    return on;
  });
}

/** The Jacobian, a row, where these units are on. */
export function jacobianOf({ layers }: ReluNetwork, pattern: readonly Int8Array[]): Vector {
  let v = layers[layers.length - 1].weights.data.slice();
  for (let k = layers.length - 2; k >= 0; k--) {
    const { rows, columns, data } = layers[k].weights, next = new Float64Array(columns);
    for (let i = 0; i < rows; i++) {
      if (pattern[k][i] > 0) { for (let j = 0; j < columns; j++) next[j] += v[i] * data[i * columns + j]; }
    }
    v = next;
  }
  return v;
}
