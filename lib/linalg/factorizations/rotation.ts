/**
 * Plane rotations, the steps of QL and QR iterations.
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";

/** Squares below this lose digits to underflow, above the other one they overflow. */
const SMALL = 2 ** -900, LARGE = 2 ** 900;

/** `√(x² + y²)`, without underflow or overflow of the squares; faster than `Math.hypot`. */
export function hypotenuse(x: number, y: number): number {
  const squares = x * x + y * y;
  if (squares > SMALL && squares < LARGE) return Math.sqrt(squares);
  const larger = Math.max(Math.abs(x), Math.abs(y));
  if (larger === 0 || larger === Infinity) return larger;
  const u = x / larger, v = y / larger;
  return larger * Math.sqrt(u * u + v * v);
}

/** `(x, y) ← (c x + s y, c y - s x)` for `count` entries of `a` from `x` and from `y` on. */
export function rotate(count: number, a: Vector, x: number, y: number, c: number, s: number): void {
  for (const end = x + count; x < end; x++, y++) {
    const u = a[x], v = a[y];
    a[x] = c * u + s * v;
    a[y] = c * v - s * u;
  }
}
