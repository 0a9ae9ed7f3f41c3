/**
 * Elimination of the leading columns of a dense symmetric matrix: `F = [L₁; L₂] D [L₁; L₂]ᵀ + [0; S]`.
 *
 * In panels: the diagonal block and the rows below it are solved one by one, then the rest is updated as one product.
 *
 * @module
 */
import { parts } from "../../../kernels/wasm/mod.ts";
import type { Vector } from "../../core/mod.ts";
import { backend, type Resident } from "../kernels/mod.ts";

/** Columns of a panel. */
const PANEL = 32;

/** From so many multiplications on a product goes to the kernels. */
const LARGE = 4096;

/** Up to this order a front lies in the memory of the kernels: it takes 2 GiB then. */
const LARGEST = 16000;

/** What becomes of a pivot: the number to divide by instead. NaN ends the elimination. */
export type PivotRule = (pivot: number, index: number) => number;

/** A square matrix to eliminate in, and room for it. */
export class Front {
  /** The matrix, row by row. */
  readonly entries: Vector;
  /** `D Lᵀ` of a panel, row by row. */
  readonly #scaled: Vector;
  readonly #kernels: Resident["kernels"] | undefined;
  readonly #backend = backend();

  /**
   * Room for an order.
   *
   * @param order The largest order.
   * @param resident Whether it lies in the memory of the kernels, if there are such.
   */
  constructor(order: number, resident: boolean) {
    const lengths = [order * order, order * PANEL];
    const room = resident && order < LARGEST ? backend().resident?.(lengths) : undefined;
    [this.entries, this.#scaled] = room?.vectors ?? lengths.map((length) => new Float64Array(length));
    this.#kernels = room?.kernels;
  }

  /** Whether the backend that it was made for still computes. */
  isCurrent(): boolean {
    return this.#backend === backend();
  }

  /**
   * Eliminates the first `columns` columns of the matrix of this order, of which the lower triangle counts. L, its unit
   * diagonal not written, and S come in place of it, D goes to `d` from `first` on.
   *
   * @returns -1, or the index in `d` of the pivot that the rule refused.
   */
  eliminate(order: number, columns: number, d: Vector, first: number, rule: PivotRule): number {
    const f = this.entries, scaled = this.#scaled;
    for (let from = 0; from < columns; from += PANEL) {
      const end = Math.min(columns, from + PANEL);
      for (let i = from; i < order; i++) {
        const row = i * order, stop = Math.min(i, end);
        for (let j = from; j < stop; j++) {
          const other = j * order;
          let sum = f[row + j];
          for (let p = from; p < j; p++) sum -= f[row + p] * f[other + p];
          f[row + j] = sum; // yᵢⱼ = lᵢⱼ dⱼ
        }
        let pivot = i < end ? f[row + i] : 0;
        for (let j = from; j < stop; j++) {
          const y = f[row + j], l = y / d[first + j];
          pivot -= y * l;
          f[row + j] = l;
          scaled[(j - from) * order + i] = y;
        }
        if (i >= end) continue;
        d[first + i] = rule(pivot, first + i);
        if (d[first + i] !== d[first + i]) return first + i;
      }
      if (end < order) this.#update(order, from, end);
    }
    return -1;
  }

  /** `S ← S - L Y`, Y being the panel's `D Lᵀ`. */
  #update(order: number, from: number, end: number): void {
    const f = this.entries, y = this.#scaled, depth = end - from, rest = order - end;
    if (rest * rest * depth >= LARGE && this.#kernels) {
      const at = f.byteOffset, pitch = 8 * order, a = at + end * pitch + 8 * from, b = y.byteOffset + 8 * end;
      const c = at + end * pitch + 8 * end;
      this.#kernels.multiply(parts.lower, 0, 0, rest, rest, depth, -1, a, pitch, b, pitch, 1, c, pitch);
      return;
    }
    for (let i = end; i < order; i++) {
      const row = i * order;
      let p = from;
      for (; p + 3 < end; p += 4) {
        const a = f[row + p], b = f[row + p + 1], c = f[row + p + 2], e = f[row + p + 3];
        let q = (p - from) * order + end;
        for (let j = row + end, stop = row + i; j <= stop; j++, q++) {
          f[j] -= a * y[q] + b * y[q + order] + c * y[q + 2 * order] + e * y[q + 3 * order];
        }
      }
      for (; p < end; p++) {
        const a = f[row + p];
        for (let j = row + end, stop = row + i, q = (p - from) * order + end; j <= stop; j++, q++) f[j] -= a * y[q];
      }
    }
  }
}
