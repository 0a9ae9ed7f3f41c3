/**
 * Denominators that show their lines.
 *
 * ```
 * top sum            Σ of the s largest |xᵢ| + offset      along i:  T + max(|xᵢ + t|, v), two kinks
 * Euclidean norm     |x|                                   along i:  √(R + (xᵢ + t)²)
 * concave quadratic  c - |x|²/2                            along i:  one parabola
 * ```
 *
 * Source: Yuan, Coordinate descent methods for fractional minimization (2022), arXiv 2201.12691, the section on
 * applications.
 *
 * @module
 */
import { DomainError, dot, largestEntries, type LinedDenominator, norm2, type Vector } from "../../core/mod.ts";

/**
 * `g(x) = Σ of the s largest |xᵢ| + offset` of n entries: with `|x|₁` above it, the fraction is least where no more
 * than s entries are not zero.
 *
 * Source: Gotoh, Takeda and Tono, DC formulations and algorithms for sparse optimization problems (2018).
 *
 * @throws {DomainError} When s is no integer from 1 to n, or the offset is negative or not finite.
 *
 * @example The two largest of three
 * ```ts
 * import { topSum } from "@gradus/gradus/splitting";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(topSum(3, 2, 0.5).value(Float64Array.of(-4, 1, 2)), 6.5);
 * ```
 */
export function topSum(n: number, s: number, offset = 0): LinedDenominator {
  if (!(Number.isSafeInteger(s) && s >= 1 && s <= n)) {
    throw new DomainError(`Cannot sum the largest entries: expected from 1 to ${n} of them, got ${s}`);
  }
  if (!(offset >= 0 && offset < Infinity)) {
    throw new DomainError(`Cannot sum the largest entries: expected an offset >= 0, got ${offset}`);
  }
  const magnitudes = new Float64Array(n), places = new Uint32Array(s), values = new Float64Array(s);
  const select = (x: Vector): number => {
    for (let i = 0; i < n; i++) magnitudes[i] = Math.abs(x[i]);
    largestEntries(magnitudes, places, values);
    let sum = offset;
    for (let k = 0; k < s; k++) sum += values[k];
    return sum;
  };
  return {
    value: select,
    subgradient: (x, out) => {
      const sum = select(x);
      out.fill(0);
      for (let k = 0; k < s; k++) out[places[k]] = x[places[k]] < 0 ? -1 : 1;
      return sum;
    },
    curvature: 0,
    lines: {
      power: 1,
      mostPieces: 3,
      memoryLength: n, // the magnitudes, descending
      remember: (x, memory) => {
        for (let i = 0; i < n; i++) memory[i] = -Math.abs(x[i]);
        memory.sort();
        for (let i = 0; i < n; i++) memory[i] = -memory[i];
      },
      value: (_x, memory) => {
        let sum = offset;
        for (let k = 0; k < s; k++) sum += memory[k];
        return sum;
      },
      pieces: (x, i, memory, out) => {
        // v is the s-th largest of the others: below it xᵢ does not count
        const z = x[i],
          v = Math.abs(z) >= memory[s - 1] ? memory[s] ?? 0 : memory[s - 1],
          now = Math.max(Math.abs(z), v);
        put(out, 0, -Infinity, -z - now, -1, 0);
        put(out, 1, -z - v, v - now, 0, 0);
        put(out, 2, -z + v, z - now, 1, 0);
        return 3;
      },
      follow: (x, i, before, memory) => {
        const now = Math.abs(x[i]);
        let at = Math.max(memory.indexOf(Math.abs(before)), 0);
        for (; at + 1 < n && memory[at + 1] > now; at++) memory[at] = memory[at + 1];
        for (; at > 0 && memory[at - 1] < now; at--) memory[at] = memory[at - 1];
        memory[at] = now;
      },
    },
  };
}

/**
 * `g(x) = |x|`, the Euclidean norm. It is 0 at the origin, where there is no fraction: methods do not start there, nor
 * go there.
 *
 * Source: Rahimi, Wang, Dong and Lou, A scale-invariant approach for sparse signal recovery (2019), for `|x|₁/|x|`.
 */
export function euclideanNorm(): LinedDenominator {
  const square = (x: Vector, memory: Vector): void => void (memory[0] = dot(x, x));
  return {
    value: norm2,
    subgradient: (x, out) => {
      const size = norm2(x);
      for (let i = 0; i < x.length; i++) out[i] = size > 0 ? x[i] / size : 0;
      return size;
    },
    curvature: 0,
    lines: {
      power: 2,
      mostPieces: 1,
      memoryLength: 1,
      remember: square,
      value: (_x, memory) => Math.sqrt(memory[0]),
      pieces: (x, i, _memory, out) => {
        put(out, 0, -Infinity, 0, 2 * x[i], 1);
        return 1;
      },
      follow: (x, _i, _before, memory) => square(x, memory),
    },
  };
}

/**
 * `g(x) = c - |x|²/2`, smooth and concave; positive only where `|x|² < 2c`, which bounds must see to.
 *
 * @throws {DomainError} When c is not positive.
 */
export function concaveQuadratic(c: number): LinedDenominator {
  if (!(c > 0 && c < Infinity)) throw new DomainError(`Cannot divide by c - |x|²/2: expected c > 0, got ${c}`);
  const square = (x: Vector, memory: Vector): void => void (memory[0] = dot(x, x));
  return {
    value: (x) => c - dot(x, x) / 2,
    subgradient: (x, out) => {
      for (let i = 0; i < x.length; i++) out[i] = -x[i];
      return c - dot(x, x) / 2;
    },
    curvature: 1,
    lines: {
      power: 1,
      mostPieces: 1,
      memoryLength: 1,
      remember: square,
      value: (_x, memory) => c - memory[0] / 2,
      pieces: (x, i, _memory, out) => {
        put(out, 0, -Infinity, 0, -x[i], -1 / 2);
        return 1;
      },
      follow: (x, _i, _before, memory) => square(x, memory),
    },
  };
}

/** Writes a piece. */
function put(out: Vector, k: number, from: number, a: number, b: number, c: number): void {
  out[4 * k] = from;
  out[4 * k + 1] = a;
  out[4 * k + 2] = b;
  out[4 * k + 3] = c;
}
