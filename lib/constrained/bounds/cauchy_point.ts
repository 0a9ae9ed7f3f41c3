/**
 * The generalized Cauchy point: the first local minimizer of a quadratic model along the projected gradient.
 *
 * ```
 * m(z) = g·(z - x) + ½ (z - x)ᵀB(z - x)     along     x(t) = P(x - t g)
 * ```
 *
 * x(t) is piecewise linear, with a corner where a variable meets its bound, at `tᵢ = (xᵢ - boundᵢ)/gᵢ`. On each piece m
 * is a quadratic in t; its two derivatives pass from one piece to the next at O(k²) for B of k pairs.
 *
 * After Byrd, Lu, Nocedal and Zhu, A limited memory algorithm for bound constrained optimization (1995), algorithm CP.
 *
 * @module
 */
import { dot, normInf, type Vector, vectors } from "../../core/mod.ts";
import { matvec } from "../../linalg/mod.ts";
import { applyWTranspose, type CompactHessian, rowOfW } from "./compact_hessian.ts";

/** A box. */
export interface Box {
  /** Lower bounds. */
  readonly lower: Vector;
  /** Upper bounds. */
  readonly upper: Vector;
}

/** Where the path is followed: the point, and what is needed on the way. Plain data. */
export interface CauchyPath {
  /** The Cauchy point. */
  readonly point: Vector;
  /** `Wᵀ(point - x)`, in the first 2k entries. */
  readonly c: Vector;
  /** tᵢ. */
  readonly breakpoints: Vector;
  /** The direction of the present piece. */
  readonly direction: Vector;
  /** Variables by breakpoint: a heap, the least first. */
  readonly queue: Uint32Array;
}

/** Room for paths in n variables under B of at most m pairs. */
export function cauchyPath(n: number, m: number): CauchyPath {
  const vector = (): Vector => new Float64Array(n);
  return {
    point: vector(),
    c: new Float64Array(2 * m),
    breakpoints: vector(),
    direction: vector(),
    queue: new Uint32Array(n),
  };
}

/** Follows the path from x with the gradient g; x lies in the box. */
export function followCauchyPath(path: CauchyPath, x: Vector, g: Vector, box: Box, B: CompactHessian): void {
  const { point, breakpoints: t, direction: d, queue } = path, n = x.length, { theta, middle: M } = B, k2 = 2 * B.count;
  const c = path.c.subarray(0, k2), [p, w, Mw] = vectors(k2, 3);
  point.set(x);
  c.fill(0);
  let waiting = 0;
  for (let i = 0; i < n; i++) {
    t[i] = g[i] < 0 ? (x[i] - box.upper[i]) / g[i] : g[i] > 0 ? (x[i] - box.lower[i]) / g[i] : Infinity;
    d[i] = t[i] > 0 ? -g[i] : 0;
    if (t[i] > 0 && t[i] < Infinity) queue[waiting++] = i;
  }
  for (let at = (waiting >> 1) - 1; at >= 0; at--) siftDown(queue, waiting, at, t);
  applyWTranspose(B, d, p);
  let slope = -dot(d, d);
  if (slope === 0) return;
  const least = -Number.EPSILON * theta * slope; // rounding may leave a curvature that no positive definite B has
  let curvature = Math.max(least, -theta * slope - dot(p, matvec(M, p, Mw))), time = 0, step = -slope / curvature;
  while (waiting > 0 && t[queue[0]] - time <= step) {
    const b = queue[0], gb = g[b], passed = t[b] - time;
    queue[0] = queue[--waiting];
    siftDown(queue, waiting, 0, t);
    time = t[b];
    point[b] = gb < 0 ? box.upper[b] : box.lower[b];
    for (let j = 0; j < k2; j++) c[j] += passed * p[j];
    rowOfW(B, b, w);
    matvec(M, w, Mw);
    slope += passed * curvature + gb * gb + theta * gb * (point[b] - x[b]) - gb * dot(Mw, c);
    curvature -= theta * gb * gb + 2 * gb * dot(Mw, p) + gb * gb * dot(Mw, w);
    curvature = Math.max(least, curvature);
    for (let j = 0; j < k2; j++) p[j] += gb * w[j];
    d[b] = 0;
    step = -slope / curvature;
    if (!(slope < 0)) break;
  }
  step = Math.max(step, 0);
  if (waiting === 0 && normInf(d) === 0) step = 0; // all variables are at bounds: the path ends
  for (let j = 0; j < k2; j++) c[j] += step * p[j];
  time += step;
  for (let i = 0; i < n; i++) {
    if (d[i] !== 0) point[i] = Math.max(box.lower[i], Math.min(box.upper[i], x[i] + time * d[i]));
  }
}

/** Lets the item at a place of the heap sink to where it belongs. */
function siftDown(heap: Uint32Array, size: number, at: number, key: Vector): void {
  if (at >= size) return;
  const item = heap[at];
  for (let child = 2 * at + 1; child < size; child = 2 * at + 1) {
    if (child + 1 < size && key[heap[child + 1]] < key[heap[child]]) child++;
    if (!(key[heap[child]] < key[item])) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = item;
}
