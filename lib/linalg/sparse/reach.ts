/**
 * Where the solution of a triangular system with a sparse right-hand side has entries: at the columns that can be
 * reached from those of the right-hand side, along the entries of the triangle.
 *
 * Source: Gilbert and Peierls, Sparse partial pivoting in time proportional to arithmetic operations (1988), section 3.
 *
 * @module
 */

/** A depth-first search over the columns of a triangle, and room for it. */
export class Reach {
  /** The columns found last, each before all that it reaches, from the place that `find` returned on. */
  readonly found: Int32Array;
  /** The rows without a column that the last search met: the first `outsideCount`. */
  readonly outside: Int32Array;
  /** How many of them. */
  outsideCount = 0;
  readonly #stack: Int32Array;
  readonly #next: Float64Array;
  readonly #mark: Int32Array;
  readonly #rowMark: Int32Array;
  #turn = 0;

  /** @param n The number of rows and of columns. */
  constructor(n: number) {
    this.outside = new Int32Array(n);
    this.#rowMark = new Int32Array(n);
    this.found = new Int32Array(n);
    this.#stack = new Int32Array(n);
    this.#next = new Float64Array(n);
    this.#mark = new Int32Array(n);
  }

  /**
   * Finds the columns reached from the rows `seeds[from]`, …, `seeds[to - 1]`.
   *
   * @param starts Column j has the rows from `indices[starts[j]]` up to, not including, `indices[ends[j]]`.
   * @param columnOf The column that belongs to a row, or -1.
   * @returns The place in `found` of the first.
   */
  find(
    starts: Float64Array | Uint32Array,
    ends: Float64Array | Uint32Array,
    indices: Uint32Array,
    columnOf: Int32Array,
    seeds: Uint32Array,
    from: number,
    to: number,
  ): number {
    const found = this.found, stack = this.#stack, next = this.#next, mark = this.#mark, turn = ++this.#turn;
    const outside = this.outside, rowMark = this.#rowMark;
    let place = found.length, count = 0;
    for (let s = from; s < to; s++) {
      const seed = columnOf[seeds[s]];
      if (seed < 0) {
        const i = seeds[s];
        if (rowMark[i] !== turn) {
          rowMark[i] = turn;
          outside[count++] = i;
        }
        continue;
      }
      if (mark[seed] === turn) continue;
      let top = 0;
      stack[0] = seed;
      mark[seed] = turn;
      next[0] = starts[seed];
      while (top >= 0) {
        const j = stack[top], end = ends[j];
        let k = next[top], below = -1;
        for (; k < end; k++) {
          const i = indices[k], c = columnOf[i];
          if (c < 0) {
            if (rowMark[i] === turn) continue;
            rowMark[i] = turn;
            outside[count++] = i;
          } else if (mark[c] !== turn) {
            below = c;
            break;
          }
        }
        if (below < 0) {
          found[--place] = j;
          top--;
          continue;
        }
        next[top] = k + 1;
        mark[below] = turn;
        stack[++top] = below;
        next[top] = starts[below];
      }
    }
    this.outsideCount = count;
    return place;
  }
}
