/**
 * Data of supervised problems: features by rows, a target for each row.
 *
 * @module
 */
import { DomainError, ShapeError, type SparseEntries, type Vector } from "../core/mod.ts";
import { fnv1a } from "./hash.ts";

/** The entries of a sparse matrix row by row; the columns increase within a row. */
export type Csr = Omit<SparseEntries, "rows" | "columns">;

/** A matrix of features: dense row after row, or sparse. */
export type Features = Vector | Csr;

/** Features and targets of `rows` examples. */
export interface Dataset {
  /** A name for tables and messages. */
  readonly name: string;
  /** The number of examples. */
  readonly rows: number;
  /** The number of features. */
  readonly columns: number;
  /** One row per example. */
  readonly features: Features;
  /** One number per example: a label or a value. */
  readonly targets: Vector;
  /** The words behind the labels 0, 1, …, where the file had words. */
  readonly classes?: readonly string[];
  /** A fingerprint of shape, features and targets: 64-bit FNV-1a. */
  readonly hash: string;
}

/** What `dataset` is made of. */
export interface DatasetParts {
  /** Dense rows or compressed sparse rows; kept, not copied. */
  readonly features: Features;
  /** The number of features. */
  readonly columns: number;
  /** One finite number per row; kept, not copied. */
  readonly targets: Vector;
  /** Default `data`. */
  readonly name?: string;
  /** The words behind the labels. */
  readonly classes?: readonly string[];
}

/**
 * Checks features and targets, and takes their fingerprint.
 *
 * @throws {ShapeError} When the lengths do not fit each other, or a column index is out of range or out of order.
 * @throws {DomainError} When an entry is not a finite number, or there are no rows.
 *
 * @example Four points in the plane
 * ```ts
 * import { dataset } from "@gradus/gradus/problems";
 * import { assertEquals } from "@std/assert";
 *
 * const square = dataset({
 *   columns: 2,
 *   features: Float64Array.of(0, 0, 0, 1, 1, 0, 1, 1),
 *   targets: Float64Array.of(-1, 1, 1, 1),
 * });
 * assertEquals(square.rows, 4);
 * ```
 */
export function dataset(parts: DatasetParts): Dataset {
  const { features, columns, targets, name = "data", classes } = parts, rows = targets.length;
  if (!Number.isSafeInteger(columns) || columns < 1 || rows < 1) {
    throw new DomainError(`Cannot make a dataset: expected rows and columns, got ${rows} by ${columns}`);
  }
  const shape = Uint32Array.of(rows, columns);
  if (features instanceof Float64Array) {
    checkFinite(features, rows * columns, "features");
  } else {
    checkCsr(features, rows, columns);
  }
  checkFinite(targets, rows, "targets");
  const arrays = features instanceof Float64Array
    ? [features]
    : [features.rowStarts, features.columnIndices, features.values];
  const hash = fnv1a([shape, ...arrays, targets]);
  return { name, rows, columns, features, targets, ...(classes ? { classes } : {}), hash };
}

/**
 * The same data with each feature shifted and scaled to mean 0 and variance 1 (divided by `rows`); a constant feature
 * becomes 0. Only dense data: shifting would fill a sparse matrix.
 *
 * @throws {DomainError} On sparse data.
 *
 * @example Features of very different size
 * ```ts
 * import { dataset, standardize } from "@gradus/gradus/problems";
 * import { assertEquals } from "@std/assert";
 *
 * const raw = dataset({ columns: 2, features: Float64Array.of(1, 3000, 3, 1000), targets: Float64Array.of(0, 1) });
 * assertEquals(standardize(raw).features, Float64Array.of(-1, 1, 1, -1));
 * ```
 */
export function standardize(data: Dataset): Dataset {
  const { features, rows, columns } = data;
  if (!(features instanceof Float64Array)) {
    throw new DomainError(`Cannot standardize ${data.name}: expected dense features, got sparse ones`);
  }
  const out = new Float64Array(features.length);
  for (let j = 0; j < columns; j++) {
    let mean = 0, variance = 0;
    for (let k = j; k < features.length; k += columns) mean += features[k] / rows;
    for (let k = j; k < features.length; k += columns) {
      const d = features[k] - mean;
      variance += d * d / rows;
    }
    const deviation = Math.sqrt(variance), constant = deviation <= 1e-14 * Math.abs(mean);
    for (let k = j; k < features.length; k += columns) out[k] = constant ? 0 : (features[k] - mean) / deviation;
  }
  return dataset({ ...data, features: out });
}

/** The distinct targets in increasing order. */
export function distinctTargets(data: Dataset): number[] {
  return [...new Set(data.targets)].sort((a, b) => a - b);
}

function checkFinite(x: Vector, length: number, what: string): void {
  if (x.length !== length) {
    throw new ShapeError(`Cannot make a dataset: expected ${length} entries of ${what}, got ${x.length}`);
  }
  for (let i = 0; i < length; i++) {
    if (x[i] - x[i] !== 0) {
      throw new DomainError(`Cannot make a dataset: expected finite ${what}, got ${x[i]} at ${i}`);
    }
  }
}

function checkCsr({ rowStarts, columnIndices, values }: Csr, rows: number, columns: number): void {
  const stored = values.length;
  if (
    rowStarts.length !== rows + 1 || rowStarts[0] !== 0 || rowStarts[rows] !== stored || columnIndices.length !== stored
  ) {
    throw new ShapeError(
      `Cannot make a dataset: expected ${rows + 1} row starts from 0 to ${stored} and ${stored} column indices, ` +
        `got ${rowStarts.length} from ${rowStarts[0]} to ${
          rowStarts[rowStarts.length - 1]
        } and ${columnIndices.length}`,
    );
  }
  for (let i = 0; i < rows; i++) {
    const begin = rowStarts[i], end = rowStarts[i + 1];
    for (let k = begin; k < end; k++) {
      if (columnIndices[k] >= columns || (k > begin && columnIndices[k] <= columnIndices[k - 1])) {
        throw new ShapeError(
          `Cannot make a dataset: expected increasing columns below ${columns} in row ${i}, got ${columnIndices[k]}`,
        );
      }
    }
    if (end < begin) {
      throw new ShapeError(`Cannot make a dataset: expected increasing row starts, got ${end} at ${i + 1}`);
    }
  }
  checkFinite(values, stored, "features");
}
