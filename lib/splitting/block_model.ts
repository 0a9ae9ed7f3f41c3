/**
 * The model of a block, minimized exactly.
 *
 * ```
 * minimize over d   gᵀd + ½ dᵀH d + Σ wᵢ |xᵢ + dᵢ|   on  l <= x + d <= u
 * ```
 *
 * A sweep over single coordinates finds which of them are at a bound or at the kink; then Newton's method goes to the
 * minimizer over the others, or as far as the first of them meets a bound or kink. Both lower the model, and there are
 * finitely many pieces, so the method ends.
 *
 * @module
 */
import { copy, type Vector } from "../core/mod.ts";
import { substitute } from "../linalg/mod.ts";
import { factor } from "./block_curvature.ts";
import type { BlockState } from "./block_state.ts";
import { changeOfMagnitude, modelDecrease, proximalStep } from "./coordinate.ts";

/** Work space for blocks up to a size. */
export interface BlockModel {
  /** `d`. */
  readonly step: Vector;
  /** `g + H d`. */
  readonly slope: Vector;
  /** The coordinates, by their place in the block, that are neither at a bound nor at a kink. */
  readonly interior: Uint32Array;
}

/** Work space for blocks of up to `size` coordinates. */
export function blockModel(size: number): BlockModel {
  return { step: new Float64Array(size), slope: new Float64Array(size), interior: new Uint32Array(size) };
}

/** Whether nothing but f acts on a block. */
export function isFree({ weights, lower, upper }: BlockState, block: Uint32Array): boolean {
  for (let b = 0; b < block.length; b++) {
    const i = block[b];
    if (weights[i] !== 0 || lower[i] > -Infinity || upper[i] < Infinity) return false;
  }
  return true;
}

/** After so many rounds rounding decides. */
const ROUNDS = 200;

/** Minimizes the model; the minimizer is `model.step`. Returns what the model falls by. */
export function solveModel(state: BlockState, block: Uint32Array, H: Vector, g: Vector, model: BlockModel): number {
  const { step, slope } = model, size = block.length;
  step.fill(0, 0, size);
  let total = 0;
  for (let round = 0; round < ROUNDS; round++) {
    for (let a = 0; a < size; a++) {
      let s = g[a];
      for (let b = 0; b < size; b++) s += H[a * size + b] * step[b];
      slope[a] = s;
    }
    const decrease = sweep(state, block, H, model);
    total += decrease;
    if (!(decrease > 1e-15 * total)) break;
    newton(state, block, H, model);
  }
  return valueOf(state, block, H, g, step);
}

/** Each coordinate to its minimizer in turn. Returns what the model falls by. */
function sweep(
  { x, weights, lower, upper }: BlockState,
  block: Uint32Array,
  H: Vector,
  { step, slope }: BlockModel,
): number {
  const size = block.length;
  let decrease = 0;
  for (let a = 0; a < size; a++) {
    const i = block[a], h = H[a * size + a], y = x[i] + step[a];
    const d = proximalStep(y, slope[a], h, weights[i], lower[i], upper[i]);
    if (d === 0) continue;
    decrease += modelDecrease(y, slope[a], h, weights[i], lower[i], upper[i]);
    step[a] = y + d - x[i];
    for (let b = 0; b < size; b++) slope[b] += d * H[b * size + a];
  }
  return decrease;
}

/** To the minimizer over the interior coordinates, or to the first bound or kink on the way. */
function newton({ x, weights, lower, upper }: BlockState, block: Uint32Array, H: Vector, model: BlockModel): void {
  const { step, slope, interior } = model, size = block.length;
  let count = 0;
  for (let a = 0; a < size; a++) {
    const i = block[a], y = x[i] + step[a];
    if (y > lower[i] && y < upper[i] && (weights[i] === 0 || y !== 0)) interior[count++] = a;
  }
  if (count === 0) return;
  const part = new Float64Array(count * count), p = new Float64Array(count);
  for (let a = 0; a < count; a++) {
    const i = block[interior[a]];
    p[a] = -slope[interior[a]] - weights[i] * Math.sign(x[i] + step[interior[a]]);
    for (let b = 0; b < count; b++) part[a * count + b] = H[interior[a] * size + interior[b]];
  }
  factor(count, part).solve(p, p);
  let t = 1, first = -1, end = NaN;
  for (let a = 0; a < count; a++) {
    const i = block[interior[a]], y = x[i] + step[interior[a]];
    if (p[a] === 0) continue;
    let target = p[a] > 0 ? upper[i] : lower[i];
    if (weights[i] > 0 && y * p[a] < 0 && Math.abs(target - y) > Math.abs(y)) target = 0;
    const room = (target - y) / p[a];
    if (room < t) {
      t = room;
      first = a;
      end = target;
    }
  }
  for (let a = 0; a < count; a++) step[interior[a]] += t * p[a];
  if (first >= 0) step[interior[first]] = end - x[block[interior[first]]];
}

/** What the model falls by at d. */
function valueOf({ x, weights }: BlockState, block: Uint32Array, H: Vector, g: Vector, d: Vector): number {
  const size = block.length;
  let sum = 0;
  for (let a = 0; a < size; a++) {
    const i = block[a];
    let s = g[a];
    for (let b = 0; b < size; b++) s += H[a * size + b] * d[b] / 2;
    sum -= s * d[a] + weights[i] * changeOfMagnitude(x[i], d[a]);
  }
  return sum;
}

/** The minimizer of the model with H, into `out`; `L` is Cholesky's factor of H where it is known. */
export function modelMinimizer(
  state: BlockState,
  block: Uint32Array,
  H: Vector,
  L: Vector | undefined,
  model: BlockModel,
  out: Vector,
): void {
  const { local } = state, size = block.length;
  if (!isFree(state, block)) {
    solveModel(state, block, H, local, model);
    copy(model.step.subarray(0, size), out);
  } else if (L) {
    for (let b = 0; b < size; b++) out[b] = -local[b];
    substitute(true, false, false, size, L, 0, size, out, 0);
    substitute(true, true, false, size, L, 0, size, out, 0);
  } else {
    const d = factor(size, H).solve(local.subarray(0, size));
    for (let b = 0; b < size; b++) out[b] = -d[b];
  }
}
