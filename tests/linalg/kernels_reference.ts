// Plain triple loops, and blocks with guards around them, that kernels are checked against.
import { normal, rng } from "../../lib/core/mod.ts";

/** Fails with the message; without a package, so that it runs in a browser. */
export function must(condition: boolean, message: string): void {
  if (!condition) throw new Error(message);
}

/** A block of a row-major array. */
export interface Block {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
  readonly offset: number;
  readonly ld: number;
}

const random = rng(7);

/** A block of normal numbers (or of `value`) with guards before, behind, and between its rows. */
export function block(rows: number, columns: number, value?: number): Block {
  const ld = columns + 3, offset = 5, data = new Float64Array(offset + rows * ld + 4);
  for (let i = 0; i < data.length; i++) data[i] = value ?? normal(random);
  return { rows, columns, data, offset, ld };
}

/** A copy with its guards. */
export function guarded(b: Block): Block {
  return { ...b, data: b.data.slice() };
}

/** A copy without guards; so that both ways of copying are seen. */
export function opposite(b: Block): Block {
  const data = new Float64Array(b.rows * b.columns);
  for (let i = 0; i < b.rows; i++) {
    for (let j = 0; j < b.columns; j++) data[i * b.columns + j] = entry(b, i, j);
  }
  return { rows: b.rows, columns: b.columns, data, offset: 0, ld: b.columns };
}

/** Entry (i, j). */
export function entry(b: Block, i: number, j: number): number {
  return b.data[b.offset + i * b.ld + j];
}

/** Fails if anything outside the block changed. */
export function intact(b: Block, before: Block, what: string): void {
  for (let i = 0; i < b.data.length; i++) {
    const at = i - b.offset, row = Math.floor(at / b.ld), column = at - row * b.ld;
    const inside = at >= 0 && row < b.rows && column < b.columns;
    must(inside || Object.is(b.data[i], before.data[i]), `${what}: entry ${i} outside the block changed`);
  }
}

/** `α op(A) op(B) + β C`, m x n, by the definition. */
export function naive(
  ta: boolean,
  tb: boolean,
  m: number,
  n: number,
  k: number,
  alpha: number,
  a: Block,
  b: Block,
  beta: number,
  c: Block,
): Float64Array {
  return sums(ta, tb, m, n, k, alpha, a, b, beta, c, (x) => x);
}

/** `|α| |op(A)| |op(B)| + |β| |C|`. */
export function magnitudes(
  ta: boolean,
  tb: boolean,
  m: number,
  n: number,
  k: number,
  alpha: number,
  a: Block,
  b: Block,
  beta: number,
  c: Block,
): Float64Array {
  return sums(ta, tb, m, n, k, alpha, a, b, beta, c, Math.abs);
}

function sums(
  ta: boolean,
  tb: boolean,
  m: number,
  n: number,
  k: number,
  alpha: number,
  a: Block,
  b: Block,
  beta: number,
  c: Block,
  of: (x: number) => number,
): Float64Array {
  const out = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) {
        sum += of(ta ? entry(a, p, i) : entry(a, i, p)) * of(tb ? entry(b, j, p) : entry(b, p, j));
      }
      out[i * n + j] = (alpha === 0 ? 0 : of(alpha) * sum) + (beta === 0 ? 0 : of(beta) * of(entry(c, i, j)));
    }
  }
  return out;
}

/** `max |aᵢⱼ - bᵢⱼ| / sizeᵢⱼ`; infinite where one of them is NaN. */
export function error(a: Float64Array, b: Block, size: Float64Array): number {
  let worst = 0;
  for (let i = 0; i < b.rows; i++) {
    for (let j = 0; j < b.columns; j++) {
      const at = i * b.columns + j, off = Math.abs(a[at] - entry(b, i, j));
      if (off !== off) return Infinity;
      if (off > worst * size[at]) worst = off / size[at];
    }
  }
  return worst;
}

/** All choices of so many booleans. */
export function both(count: number): boolean[][] {
  return Array.from({ length: 2 ** count }, (_, i) => Array.from({ length: count }, (_, j) => (i >> j & 1) === 1));
}
