/**
 * The standard form of a 2 x 2 matrix under a rotation: upper triangular when its eigenvalues are real, else with equal
 * diagonal entries and off-diagonal entries of opposite signs.
 *
 * Source: Bai and Demmel, On swapping diagonal blocks in real Schur form (1993), section 3; LAPACK's dlanv2.
 *
 * @module
 */
import { hypotenuse } from "../factorizations/rotation.ts";

const EPSILON = 2 ** -52;

/** `[[a, b], [c, d]]`, with the rotation `[[cos, sin], [-sin, cos]]` that leads to it. */
export interface StandardBlock {
  a: number;
  b: number;
  c: number;
  d: number;
  cos: number;
  sin: number;
}

/** Brings the block to standard form, in place: `new = G old Gᵀ` with `G = [[cos, sin], [-sin, cos]]`. */
export function standardize(block: StandardBlock): void {
  const { a, b, c, d } = block;
  block.cos = 1;
  block.sin = 0;
  if (c === 0 || a === d && Math.sign(b) * Math.sign(c) < 0) return;
  if (b === 0) {
    Object.assign(block, { a: d, b: -c, c: 0, d: a, cos: 0, sin: 1 });
    return;
  }
  const p = (a - d) / 2, larger = Math.max(Math.abs(b), Math.abs(c));
  const smaller = Math.min(Math.abs(b), Math.abs(c)) * Math.sign(b) * Math.sign(c),
    scale = Math.max(Math.abs(p), larger);
  const discriminant = p / scale * p + larger / scale * smaller;
  if (discriminant >= 4 * EPSILON) { // beside 1, the scale of the block
    const root = Math.sqrt(scale) * Math.sqrt(discriminant), z = p < 0 ? p - root : p + root, length = hypotenuse(c, z);
    block.a = d + z;
    block.d = d - larger / z * smaller;
    block.b = b - c;
    block.c = 0;
    block.cos = z / length;
    block.sin = c / length;
  } else makeDiagonalEqual(block);
}

/** Complex eigenvalues, or real ones that are nearly equal. */
function makeDiagonalEqual(block: StandardBlock): void {
  const { a, b, c, d } = block, sigma = b + c, difference = a - d, tau = hypotenuse(sigma, difference);
  const cos = Math.sqrt((1 + Math.abs(sigma) / tau) / 2), sin = -(difference / 2 / (tau * cos)) * (sigma < 0 ? -1 : 1);
  const aa = a * cos + b * sin, bb = b * cos - a * sin, cc = c * cos + d * sin, dd = d * cos - c * sin;
  const mean = (aa * cos + cc * sin + (dd * cos - bb * sin)) / 2;
  Object.assign(block, { a: mean, b: bb * cos + dd * sin, c: cc * cos - aa * sin, d: mean, cos, sin });
  if (block.c === 0) return;
  if (block.b === 0) {
    Object.assign(block, { b: -block.c, c: 0, cos: -sin, sin: cos });
  } else if (Math.sign(block.b) === Math.sign(block.c)) {
    const rootB = Math.sqrt(Math.abs(block.b)), rootC = Math.sqrt(Math.abs(block.c));
    const p = block.c < 0 ? -rootB * rootC : rootB * rootC, length = Math.sqrt(Math.abs(block.b + block.c));
    const cos1 = rootB / length, sin1 = rootC / length;
    Object.assign(block, { a: mean + p, b: block.b - block.c, c: 0, d: mean - p });
    block.cos = cos * cos1 - sin * sin1;
    block.sin = cos * sin1 + sin * cos1;
  }
}
