/**
 * What a run did, iteration by iteration, in columns.
 *
 * @module
 */
import { DomainError } from "./errors.ts";

/** The rows of a trace as plain data, for studies and checkpoints. */
export interface TraceData {
  /** Names of the columns. */
  readonly columns: readonly string[];
  /** Row-major: `columns.length` numbers for each recorded iteration. */
  readonly rows: Float64Array;
  /** Every `stride`-th iteration is recorded. */
  readonly stride: number;
  /** The newest row, recorded or not. */
  readonly last: Float64Array;
}

/**
 * A table with a row for each recorded iteration. Memory is bounded: when `capacity` rows are full, every second one is
 * dropped and from then on half as many are recorded; the newest row is always there.
 */
export class Trace {
  /** Names of the columns; the first one is `iteration`. */
  readonly columns: readonly string[];
  readonly #capacity: number;
  #rows: Float64Array;
  #used = 0;
  #stride = 1;
  #last: Float64Array;
  #recorded = -1;

  /**
   * An empty trace.
   *
   * @param columns Names; the first one is the iteration.
   * @param capacity The most rows that are kept.
   */
  constructor(columns: readonly string[], capacity: number) {
    if (!Number.isSafeInteger(capacity) || capacity < 2) {
      throw new DomainError(`Cannot keep a trace: expected a capacity of at least 2 rows, got ${capacity}`);
    }
    this.columns = columns;
    this.#capacity = capacity;
    this.#rows = new Float64Array(Math.min(capacity, 24) * columns.length);
    this.#last = new Float64Array(columns.length).fill(NaN);
  }

  /** The row to fill in before `record`. */
  get row(): Float64Array {
    return this.#last;
  }

  /** Takes the row that was filled in. */
  record(): void {
    const width = this.columns.length, iteration = this.#last[0];
    if (iteration % this.#stride !== 0) return;
    if (this.#used === this.#capacity) {
      this.#thin();
      if (iteration % this.#stride !== 0) return;
    }
    const start = this.#used * width;
    if (start === this.#rows.length) {
      const larger = new Float64Array(Math.min(2 * this.#used, this.#capacity) * width);
      larger.set(this.#rows);
      this.#rows = larger;
    }
    for (let j = 0; j < width; j++) this.#rows[start + j] = this.#last[j];
    this.#used++;
    this.#recorded = iteration;
  }

  #thin(): void {
    const width = this.columns.length;
    this.#stride *= 2;
    let kept = 0;
    for (let i = 0; i < this.#used; i++) {
      if (this.#rows[i * width] % this.#stride === 0) {
        this.#rows.copyWithin(kept * width, i * width, (i + 1) * width);
        kept++;
      }
    }
    this.#used = kept;
  }

  /** The number of rows, the newest among them. */
  get length(): number {
    return this.#used + (this.#pending ? 1 : 0);
  }

  get #pending(): boolean {
    return !Number.isNaN(this.#last[0]) && this.#last[0] !== this.#recorded;
  }

  /**
   * A column, copied.
   *
   * @throws {DomainError} On a name that is not among `columns`.
   */
  column(name: string): Float64Array {
    const j = this.columns.indexOf(name), width = this.columns.length;
    if (j < 0) {
      throw new DomainError(`Cannot read trace column "${name}": expected one of ${this.columns.join(", ")}`);
    }
    const out = new Float64Array(this.length);
    for (let i = 0; i < this.#used; i++) out[i] = this.#rows[i * width + j];
    if (this.#pending) out[this.#used] = this.#last[j];
    return out;
  }

  /** Everything as plain data. */
  data(): TraceData {
    return {
      columns: this.columns,
      rows: this.#rows.slice(0, this.#used * this.columns.length),
      stride: this.#stride,
      last: this.#last.slice(),
    };
  }

  /** A trace that continues from saved data. */
  static from(data: TraceData, capacity: number): Trace {
    const trace = new Trace(data.columns, capacity), width = data.columns.length;
    trace.#used = data.rows.length / width;
    trace.#rows = new Float64Array(Math.max(data.rows.length, trace.#rows.length));
    trace.#rows.set(data.rows);
    trace.#stride = data.stride;
    trace.#last.set(data.last);
    trace.#recorded = trace.#used > 0 ? data.rows[data.rows.length - width] : -1;
    return trace;
  }

  /** The columns as arrays of numbers. */
  toJSON(): Record<string, number[]> {
    return Object.fromEntries(this.columns.map((name) => [name, [...this.column(name)]]));
  }
}
