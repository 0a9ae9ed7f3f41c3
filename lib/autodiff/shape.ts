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

/** Copies entries from one array to another. */
export type Copy = (source: Float64Array, out: Float64Array) => void;

/** Where a block starts in an array, and how far apart neighbours along each of its axes lie. */
export interface Block {
  /** The place of the first entry. */
  readonly start: number;
  /** One for each axis. */
  readonly strides: readonly number[];
}

/** What copies the entries of a shape from one block to another. */
export function copier(shape: Shape, source: Block, out: Block): Copy {
  if (sizeOf(shape) === 0) return () => {};
  const lengths: number[] = [], from: number[] = [], to: number[] = [];
  for (let i = 0; i < shape.length; i++) { // axes that are steps of one longer axis are joined
    const last = lengths.length - 1, n = shape[i], s = source.strides[i], o = out.strides[i];
    if (n === 1) continue;
    if (last >= 0 && from[last] === n * s && to[last] === n * o) {
      lengths[last] *= n;
      from[last] = s;
      to[last] = o;
    } else {
      lengths.push(n);
      from.push(s);
      to.push(o);
    }
  }
  return lengths.length < 2
    ? row(lengths[0] ?? 1, source.start, from[0] ?? 1, out.start, to[0] ?? 1)
    : rows(lengths, source.start, from, out.start, to);
}

function row(count: number, sourceStart: number, from: number, outStart: number, to: number): Copy {
  if (from === 1 && to === 1) {
    return (source, out) => {
      for (let i = 0; i < count; i++) out[outStart + i] = source[sourceStart + i];
    };
  }
  return (source, out) => {
    for (let i = 0, s = sourceStart, o = outStart; i < count; i++, s += from, o += to) out[o] = source[s];
  };
}

function rows(
  lengths: readonly number[],
  sourceStart: number,
  from: readonly number[],
  outStart: number,
  to: readonly number[],
): Copy {
  const last = lengths.length - 1, count = lengths[last], step = from[last], outStep = to[last];
  const index = new Int32Array(last);
  return (source, out) => {
    index.fill(0);
    let s = sourceStart, o = outStart;
    while (true) {
      for (let i = 0, p = s, q = o; i < count; i++, p += step, q += outStep) out[q] = source[p];
      let axis = last - 1;
      for (; axis >= 0; axis--) {
        s += from[axis];
        o += to[axis];
        if (++index[axis] < lengths[axis]) break;
        s -= lengths[axis] * from[axis];
        o -= lengths[axis] * to[axis];
        index[axis] = 0;
      }
      if (axis < 0) return;
    }
  };
}
