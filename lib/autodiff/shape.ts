/**
 * Shapes of arrays, row-major: sizes, strides, axes, broadcasting.
 *
 * @module
 */

/** The lengths of the axes of an array; `[]` is a scalar. */
export type Shape = readonly number[];

/** The number of entries. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (let i = 0; i < shape.length; i++) size *= shape[i];
  return size;
}

/** How far apart neighbours along each axis lie. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  for (let i = shape.length - 1, step = 1; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i];
  }
  return strides;
}

/** Whether two shapes, or two lists of axes, are equal. */
export function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Writes `[2, 3]`. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** The integers from `start` up to, not including, `end`. */
export function range(start: number, end: number): number[] {
  const axes: number[] = [];
  for (let i = start; i < end; i++) axes.push(i);
  return axes;
}

/** The shape to which both broadcast, by NumPy's rule, or undefined. */
export function broadcastShape(a: Shape, b: Shape): Shape | undefined {
  if (sameNumbers(a, b) || b.length === 0) return a;
  if (a.length === 0) return b;
  const rank = Math.max(a.length, b.length), shape = new Array<number>(rank);
  for (let i = 0; i < rank; i++) {
    const x = a[i - rank + a.length] ?? 1, y = b[i - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1) return undefined;
    shape[i] = x === 1 ? y : x;
  }
  return shape;
}

/** The axes of a rank that are not among `axes`, in order. */
export function otherAxes(rank: number, axes: readonly number[]): number[] {
  return range(0, rank).filter((axis) => !axes.includes(axis));
}

/** Copies the entries of a shape from one strided block to another. */
export function copyStrided(
  shape: Shape,
  source: Float64Array,
  sourceStart: number,
  sourceStrides: readonly number[],
  out: Float64Array,
  outStart: number,
  outStrides: readonly number[],
): void {
  const rank = shape.length;
  if (rank === 0) {
    out[outStart] = source[sourceStart];
    return;
  }
  const last = rank - 1, count = shape[last], from = sourceStrides[last], to = outStrides[last];
  if (sizeOf(shape) === 0) return;
  const index = new Int32Array(rank);
  let s = sourceStart, o = outStart;
  while (true) {
    if (from === 1 && to === 1) { for (let i = 0; i < count; i++) out[o + i] = source[s + i]; }
    else for (let i = 0, p = s, q = o; i < count; i++, p += from, q += to) out[q] = source[p];
    let axis = last - 1;
    for (; axis >= 0; axis--) {
      s += sourceStrides[axis];
      o += outStrides[axis];
      if (++index[axis] < shape[axis]) break;
      s -= shape[axis] * sourceStrides[axis];
      o -= shape[axis] * outStrides[axis];
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}
