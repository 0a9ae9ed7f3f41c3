/**
 * Global minima that are certified: branch and bound by a modulus of continuity.
 *
 * ```
 * |f(x) - f(y)| <= ω(r)  where |xᵢ - yᵢ| <= rᵢ for all i            the modulus
 * a box with center c and half widths r:  f >= f(c) - ω(r) in it    its bound
 * divide the box of the lowest bound into three, along the axis i with the largest ω(rᵢ eᵢ),
 * until the lowest bound is no more than ε below the best value found
 * ```
 *
 * The middle third keeps its center and its value. Two values of f lie in one box after each division, so that a
 * modulus that is wrong shows up sooner or later, and is refused.
 *
 * Source: Piyavskii, An algorithm for finding the absolute extremum of a function (1972); Horst and Tuy, Global
 * optimization (1996), chapter XI; for regression Ghica and Ambridge, A constructive, type-theoretic approach to
 * regression via global optimisation (2020), arXiv:2006.12868.
 *
 * @module
 */
import { DomainError, fillUniform, rng, ShapeError, type Vector, vector } from "../../core/mod.ts";

/** A bound of how far values are apart for points that are no further apart than `radius` in each coordinate. */
export type Modulus = (radius: Vector) => number;

/** Where to search, and how. */
export interface GlobalMinimumOptions {
  /** Lower ends of the box. */
  readonly lower: ArrayLike<number>;
  /** Upper ends. */
  readonly upper: ArrayLike<number>;
  /** ω. For a function with `|∂f/∂xᵢ| <= Lᵢ` it is `Σ Lᵢ rᵢ`. */
  readonly modulus: Modulus;
  /** ε. */
  readonly epsilon: number;
  /** The most boxes that are looked at. Default 1 000 000. */
  readonly maxBoxes?: number;
}

/** A minimum and what is known of it. */
export interface GlobalMinimum {
  /** Whether the gap is at most ε; otherwise the bounds hold all the same. */
  readonly status: "certified" | "box-limit";
  /** The best point found. */
  readonly x: Vector;
  /** f there. */
  readonly value: number;
  /** f is not lower anywhere in the box, up to its rounding. */
  readonly lower: number;
  /** `value - lower`. */
  readonly gap: number;
  /** Boxes looked at; f was called once for each, but for the probes. */
  readonly boxes: number;
}

interface Box {
  readonly center: Vector;
  readonly radius: Vector;
  readonly value: number;
  readonly bound: number;
}

/** Pairs of random points at which the modulus is probed before the search. */
const PROBES = 32;

/**
 * The least value of f over a box to within ε, with its certificate.
 *
 * @throws {ShapeError} When the ends have different lengths.
 * @throws {DomainError} When they are not finite and in order, ε is not positive, f is not finite, or f moves by more
 * than the modulus allows.
 *
 * @example Ten valleys
 * ```ts
 * import { globalMinimum } from "@gradus/gradus/exact";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const { status, x, lower, value } = globalMinimum(([x]) => Math.sin(20 * x) + x, {
 *   lower: [0],
 *   upper: [3],
 *   modulus: ([r]) => 21 * r,
 *   epsilon: 1e-3,
 * });
 * assertEquals(status, "certified");
 * assert(Math.abs(x[0] - 0.2331) < 0.01 && lower <= -0.7656 && value < -0.764);
 * ```
 */
export function globalMinimum(f: (x: Vector) => number, options: GlobalMinimumOptions): GlobalMinimum {
  const { modulus, epsilon, maxBoxes = 1_000_000 } = options;
  const lower = vector(options.lower, options.lower.length, "lower ends"), upper = Float64Array.from(options.upper);
  checkBox(lower, upper, epsilon, maxBoxes);
  const valueAt = (x: Vector): number => {
    const value = f(x);
    if (!Number.isFinite(value)) {
      throw new DomainError(`Cannot minimize globally: expected a finite f, got ${value} at ${x}`);
    }
    return value;
  };
  probe(valueAt, lower, upper, modulus);
  const center = lower.map((l, i) => l + (upper[i] - l) / 2), radius = lower.map((l, i) => (upper[i] - l) / 2);
  const value = valueAt(center);
  let best: { x: Vector; value: number } = { x: center, value }, boxes = 1;
  const heap: Box[] = [];
  push(heap, { center, radius, value, bound: value - modulus(radius) });
  while (true) {
    const { bound } = heap[0], gap = best.value - bound;
    if (gap <= epsilon) return { status: "certified", ...best, lower: bound, gap, boxes };
    if (boxes + 2 > maxBoxes) return { status: "box-limit", ...best, lower: bound, gap, boxes };
    for (const third of thirds(pop(heap), modulus, valueAt)) {
      if (third.value < best.value) best = { x: third.center, value: third.value };
      push(heap, third);
    }
    boxes += 2;
  }
}

/** What regression is about. */
export interface RegressionOptions extends Omit<GlobalMinimumOptions, "modulus"> {
  /** How far the model moves at an input when each parameter moves by at most `radius`. */
  readonly variation: (input: number, radius: Vector) => number;
}

/**
 * The parameters of a model `y ≈ m(θ, x)` whose root mean square error is within ε of the least over a box:
 * `E(θ) = √(1/N Σ (m(θ, xᵢ) - yᵢ)²)`, of which `ω(r) = √(1/N Σ variation(xᵢ, r)²)` is a modulus by the triangle
 * inequality.
 *
 * @throws {ShapeError} When inputs and outputs differ in number.
 * @throws {DomainError} As `globalMinimum`.
 *
 * @example A frequency
 * ```ts
 * import { globalRegression } from "@gradus/gradus/exact";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const inputs = [0, 1, 2, 3, 4], outputs = inputs.map((x) => Math.sin(2.5 * x));
 * const { x: [a] } = globalRegression(([a], x) => Math.sin(a * x), inputs, outputs, {
 *   lower: [0],
 *   upper: [3],
 *   variation: (x, [r]) => Math.abs(x) * r,
 *   epsilon: 1e-3,
 * });
 * assertAlmostEquals(a, 2.5, 2e-3);
 * ```
 */
export function globalRegression(
  model: (parameters: Vector, input: number) => number,
  inputs: ArrayLike<number>,
  outputs: ArrayLike<number>,
  options: RegressionOptions,
): GlobalMinimum {
  const count = inputs.length, { variation, ...rest } = options;
  if (count === 0 || outputs.length !== count) {
    throw new ShapeError(`Cannot fit a model: expected as many outputs as inputs, got ${outputs.length} for ${count}`);
  }
  const meanSquare = (term: (k: number) => number): number => {
    let sum = 0;
    for (let k = 0; k < count; k++) sum += term(k) ** 2;
    return Math.sqrt(sum / count);
  };
  return globalMinimum((theta) => meanSquare((k) => model(theta, inputs[k]) - outputs[k]), {
    ...rest,
    modulus: (radius) => meanSquare((k) => variation(inputs[k], radius)),
  });
}

function checkBox(lower: Vector, upper: Vector, epsilon: number, maxBoxes: number): void {
  if (lower.length === 0 || lower.length !== upper.length) {
    throw new ShapeError(
      `Cannot minimize globally: expected a lower and an upper end for each variable, got ${lower.length} and ${upper.length}`,
    );
  }
  lower.forEach((l, i) => {
    if (l <= upper[i] && upper[i] - l < Infinity) return;
    throw new DomainError(
      `Cannot minimize globally: expected a bounded box, got [${l}, ${upper[i]}] for variable ${i}`,
    );
  });
  if (epsilon > 0 && maxBoxes >= 1) return;
  throw new DomainError(`Cannot minimize globally: expected ε > 0 and some boxes, got ${epsilon} and ${maxBoxes}`);
}

/** The thirds of a box along the axis on which f may move most. */
function thirds({ center, radius, value, bound }: Box, modulus: Modulus, valueAt: (x: Vector) => number): Box[] {
  let axis = 0, most = -Infinity;
  for (let i = 0; i < radius.length; i++) {
    const alone = modulus(radius.map((r, j) => j === i ? r : 0));
    if (alone > most) [axis, most] = [i, alone];
  }
  const narrow = radius.with(axis, radius[axis] / 3), step = 2 * narrow[axis], moves = modulus(narrow);
  const box = (middle: Vector, here: number): Box => ({
    center: middle,
    radius: narrow,
    value: here,
    bound: Math.max(bound, here - moves),
  });
  const beside = [-step, step].map((t) => {
    const middle = center.with(axis, center[axis] + t), here = valueAt(middle);
    checkModulus(modulus, center, middle, value, here);
    return box(middle, here);
  });
  return [box(center, value), ...beside];
}

function probe(valueAt: (x: Vector) => number, lower: Vector, upper: Vector, modulus: Modulus): void {
  const generator = rng(1),
    at = (): Vector =>
      fillUniform(generator, new Float64Array(lower.length)).map((u, i) => lower[i] + u * (upper[i] - lower[i]));
  for (let k = 0; k < PROBES; k++) {
    const x = at(), y = at();
    checkModulus(modulus, x, y, valueAt(x), valueAt(y));
  }
}

/** Refuses a modulus that two values contradict: the certificate would be void. */
function checkModulus(modulus: Modulus, x: Vector, y: Vector, fx: number, fy: number): void {
  const allowed = modulus(x.map((xi, i) => Math.abs(xi - y[i]))), change = Math.abs(fx - fy);
  if (change <= allowed + 1e-12 * Math.max(Math.abs(fx), Math.abs(fy))) return;
  throw new DomainError(
    `Cannot minimize globally: expected f to move by at most ω = ${allowed} from ${[...x]} to ${[...y]}, got ${change}`,
  );
}

/** Adds a box to a heap, in which no box has a lower bound than the one before its pair. */
function push(heap: Box[], box: Box): void {
  let k = heap.length;
  heap.push(box);
  for (let up; k > 0 && heap[up = (k - 1) >> 1].bound > box.bound; k = up) heap[k] = heap[up];
  heap[k] = box;
}

/** Takes the box with the lowest bound. */
function pop(heap: Box[]): Box {
  const first = heap[0], last = heap.pop()!;
  if (heap.length === 0) return first;
  let k = 0;
  for (let child; (child = 2 * k + 1) < heap.length; k = child) {
    if (child + 1 < heap.length && heap[child + 1].bound < heap[child].bound) child++;
    if (!(heap[child].bound < last.bound)) break;
    heap[k] = heap[child];
  }
  heap[k] = last;
  return first;
}
