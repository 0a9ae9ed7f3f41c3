/**
 * Transport on a line, for costs `|x - y|ᵖ` with p >= 1: mass goes in order.
 *
 * ```
 * W = ∫₀¹ |F⁻¹(t) - G⁻¹(t)|ᵖ dt,   F⁻¹, G⁻¹ the quantile functions of the two histograms
 * ```
 *
 * Source: Peyré and Cuturi, Computational Optimal Transport (2019), section 2.6.
 *
 * @module
 */
import { DomainError, ShapeError, type Vector } from "../core/mod.ts";

/** Masses, and the power of the cost. */
export interface LineOptions {
  /** The mass at each x, `>= 0`. Default: the same at each, 1 in all. */
  readonly source?: Vector;
  /** The mass at each y, with the same sum. Default: the same at each, 1 in all. */
  readonly target?: Vector;
  /** `p >= 1`. Default 2. */
  readonly power?: number;
}

/** The plan on a line: `mass[k]` goes from `from[k]` to `to[k]`. */
export interface LinePlan {
  /** `Σ mass |x - y|ᵖ`: Wasserstein's distance to the power p. */
  readonly cost: number;
  /** Indices into x. */
  readonly from: Uint32Array;
  /** Indices into y. */
  readonly to: Uint32Array;
  /** What goes there, positive; fewer than m + n entries. */
  readonly mass: Vector;
}

/**
 * The best plan on a line, in O((m + n) log (m + n)).
 *
 * @throws {ShapeError} When masses and places differ in number.
 * @throws {DomainError} When a place is not finite, a mass is negative, the sums of the masses differ, or p < 1.
 *
 * @example Two points to two
 * ```ts
 * import { transportOnLine } from "@gradus/gradus/transport";
 * import { assertEquals } from "@std/assert";
 *
 * const { cost, from, to } = transportOnLine(Float64Array.of(3, 0), Float64Array.of(1, 5), { power: 1 });
 * assertEquals([cost, [...from], [...to]], [1.5, [1, 0], [0, 1]]);
 * ```
 */
export function transportOnLine(x: Vector, y: Vector, options: LineOptions = {}): LinePlan {
  const { source = shares(x.length), target = shares(y.length), power = 2 } = options;
  const sent = check("source", x, source), received = check("target", y, target);
  if (!(power >= 1 && power < Infinity)) {
    throw new DomainError(`Cannot transport on a line: expected a power >= 1, got ${power}`);
  }
  if (!(sent > 0 && Math.abs(sent - received) <= 1e-9 * sent)) {
    throw new DomainError(`Cannot transport on a line: expected the same mass > 0, got ${sent} and ${received}`);
  }
  const order = (v: Vector): Uint32Array => Uint32Array.from(v.keys()).sort((i, j) => v[i] - v[j]);
  const p = order(x), q = order(y), most = x.length + y.length;
  const from = new Uint32Array(most), to = new Uint32Array(most), mass = new Float64Array(most);
  let i = 0, j = 0, left = source[p[0]], room = target[q[0]], count = 0, cost = 0;
  while (i < p.length && j < q.length) {
    const share = Math.min(left, room), sourceIsEmpty = left === share, targetIsFull = room === share;
    if (share > 0) {
      from[count] = p[i];
      to[count] = q[j];
      mass[count++] = share;
      cost += share * Math.abs(x[p[i]] - y[q[j]]) ** power;
    }
    left = sourceIsEmpty ? source[p[++i]] : left - share;
    room = targetIsFull ? target[q[++j]] : room - share;
  }
  return { cost, from: from.slice(0, count), to: to.slice(0, count), mass: mass.slice(0, count) };
}

function shares(n: number): Vector {
  return new Float64Array(n).fill(1 / n);
}

/** Checks places and masses; returns the mass in all. */
function check(what: string, places: Vector, masses: Vector): number {
  if (masses.length !== places.length) {
    throw new ShapeError(
      `Cannot transport on a line: expected ${places.length} masses of the ${what}, got ${masses.length}`,
    );
  }
  let sum = 0;
  for (let i = 0; i < places.length; i++) {
    if (!Number.isFinite(places[i]) || !(masses[i] >= 0 && masses[i] < Infinity)) {
      throw new DomainError(
        `Cannot transport on a line: expected finite places and masses >= 0 of the ${what}, got ${masses[i]} at ` +
          `${places[i]}`,
      );
    }
    sum += masses[i];
  }
  return sum;
}
