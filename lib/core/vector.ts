/**
 * Vectors and their level-1 operations, the ones that every layer needs.
 *
 * Sums run in four interleaved accumulators: faster than one chain of additions, and still the same order, hence the
 * same bits, on every engine.
 *
 * @module
 */
import { DomainError, ShapeError } from "./errors.ts";

/** A dense vector of 64-bit floats. */
export type Vector = Float64Array;

/** The inner product `Σ xᵢ yᵢ`. */
export function dot(x: Vector, y: Vector): number {
  const n = x.length, even = n - (n & 3);
  let a = 0, b = 0, c = 0, d = 0;
  for (let i = 0; i < even; i += 4) {
    a += x[i] * y[i];
    b += x[i + 1] * y[i + 1];
    c += x[i + 2] * y[i + 2];
    d += x[i + 3] * y[i + 3];
  }
  for (let i = even; i < n; i++) a += x[i] * y[i];
  return (a + b) + (c + d);
}

/** `y ← a x + y`. */
export function axpy(a: number, x: Vector, y: Vector): void {
  const n = x.length;
  for (let i = 0; i < n; i++) y[i] += a * x[i];
}

/** `out ← x + a d`, the point at distance `a` along `d`. */
export function along(x: Vector, a: number, d: Vector, out: Vector): void {
  const n = x.length;
  for (let i = 0; i < n; i++) out[i] = x[i] + a * d[i];
}

/** `x ← a x`. */
export function scale(a: number, x: Vector): void {
  const n = x.length;
  for (let i = 0; i < n; i++) x[i] *= a;
}

/** The Euclidean norm `√Σ xᵢ²`, without overflow or underflow of the squares. */
export function norm2(x: Vector): number {
  const s = dot(x, x);
  if (s > 1e-280 && s < 1e280) return Math.sqrt(s);
  const m = normInf(x);
  if (m === 0 || !Number.isFinite(m)) return m;
  let t = 0;
  for (let i = 0; i < x.length; i++) t += (x[i] / m) * (x[i] / m);
  return m * Math.sqrt(t);
}

/** The largest magnitude `max |xᵢ|`; 0 for an empty vector, NaN if any entry is NaN. */
export function normInf(x: Vector): number {
  const n = x.length;
  let m = 0;
  for (let i = 0; i < n; i++) {
    const a = Math.abs(x[i]);
    if (!(a <= m)) { // also taken for NaN
      if (a !== a) return NaN;
      m = a;
    }
  }
  return m;
}

/** The sum of magnitudes `Σ |xᵢ|`. */
export function norm1(x: Vector): number {
  const n = x.length;
  let s = 0;
  for (let i = 0; i < n; i++) s += Math.abs(x[i]);
  return s;
}

/** Whether every entry is finite. */
export function isFiniteVector(x: Vector): boolean {
  const n = x.length;
  for (let i = 0; i < n; i++) if (x[i] - x[i] !== 0) return false;
  return true;
}

/**
 * A private copy of `x` as a `Vector`, checked: `length` entries (any number if left out), all finite.
 *
 * @throws {ShapeError} On another length.
 * @throws {DomainError} On an entry that is not a finite number; the message names the index.
 */
export function vector(x: ArrayLike<number>, length: number = x.length, what = "vector"): Vector {
  if (x.length !== length) {
    throw new ShapeError(`Cannot use the ${what}: expected ${length} entries, got ${x.length}`);
  }
  const out = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const v = x[i];
    if (typeof v !== "number" || v - v !== 0) {
      throw new DomainError(`Cannot use the ${what}: entry ${i} is ${String(v)}, expected a finite number`);
    }
    out[i] = v;
  }
  return out;
}

/**
 * Vectors of n zeros in one buffer, which lives as long as any of them: several small ones cost little more than one.
 */
export function vectors(n: number, count: number): Vector[] {
  const buffer = new ArrayBuffer(n * count * Float64Array.BYTES_PER_ELEMENT), out: Vector[] = [];
  for (let k = 0; k < count; k++) out.push(new Float64Array(buffer, n * k * Float64Array.BYTES_PER_ELEMENT, n));
  return out;
}

/** `out ← x`. */
export function copy(x: Vector, out: Vector): void {
  const n = x.length;
  if (n > 48) out.set(x);
  else for (let i = 0; i < n; i++) out[i] = x[i];
}
