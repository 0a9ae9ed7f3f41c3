/**
 * Sparse Jacobians and Hessians from few products: one for each color of their columns.
 *
 * @module
 */
import { ShapeError, type SparseMatrix, sparseMatrix } from "../../core/mod.ts";
import { batch } from "../batching/batch.ts";
import { compile } from "../compile/compile.ts";
import { callerLine, TraceError } from "../errors.ts";
import { grad } from "../grad.ts";
import { constant, input, type Node, sharing } from "../node.ts";
import { range, sizeOf } from "../shape.ts";
import { lower } from "../substitute.ts";
import { trace } from "../trace.ts";
import { cotangentsOf, tangentsOf } from "../transform.ts";
import type { Operand } from "../values.ts";
import { columnColors, starColors, transposed } from "./coloring.ts";
import { type Numbers, patternOf, union } from "./pattern.ts";

/**
 * Where a derivative can have entries: `rowStarts` and `columnIndices` as in a sparse matrix, columns ascending in each
 * row.
 */
export interface SparsePattern {
  /** Row `i` has the entries from `rowStarts[i]` up to, not including, `rowStarts[i + 1]`. */
  readonly rowStarts: Uint32Array;
  /** The column of each entry. */
  readonly columnIndices: Uint32Array;
}

/** Options of sparse derivatives. */
export interface SparseOptions {
  /** Where there can be entries; whatever is elsewhere makes the result wrong. Default: as the program tells. */
  readonly pattern?: SparsePattern;
}

/** A sparse derivative of a function, prepared for many points. */
export interface SparseDerivative {
  /** Where it can have entries. */
  readonly pattern: SparsePattern;
  /** How many products with vectors it takes. */
  readonly colors: number;
  /**
   * The derivative at a point.
   *
   * @throws {ShapeError} When x has another length than the example.
   * @throws {DomainError} When an entry is not finite.
   */
  at(x: Float64Array): SparseMatrix;
}

function rowsOf({ rowStarts, columnIndices }: SparsePattern): Numbers[] {
  return range(0, rowStarts.length - 1).map((i) => [...columnIndices.subarray(rowStarts[i], rowStarts[i + 1])]);
}

function compressed(rows: readonly Numbers[]): SparsePattern {
  const rowStarts = new Uint32Array(rows.length + 1);
  rows.forEach((row, i) => rowStarts[i + 1] = rowStarts[i] + row.length);
  const columnIndices = new Uint32Array(rowStarts[rows.length]);
  rows.forEach((row, i) => columnIndices.set(row, rowStarts[i]));
  return { rowStarts, columnIndices };
}

function checkedRows(verb: string, pattern: SparsePattern, rows: number, columns: number): Numbers[] {
  const { rowStarts, columnIndices } = pattern;
  sparseMatrix({ rows, columns, rowStarts, columnIndices, values: new Float64Array(columnIndices.length) });
  const lists = rowsOf(pattern), ascending = lists.every((row) => row.every((j, k) => k === 0 || j > row[k - 1]));
  if (!ascending) throw new ShapeError(`Cannot ${verb}: expected ascending columns in each row${callerLine()}`);
  return lists;
}

/** What computes the products of a derivative with the sums of unit vectors of each color, one after the other. */
function products(
  x: Node,
  derivative: Node,
  direction: Node,
  colors: Int32Array,
  count: number,
): (x: Float64Array) => Float64Array {
  const n = colors.length, seeds = new Float64Array(count * n);
  colors.forEach((color, j) => seeds[color * n + j] = 1);
  const node = constant([count, ...direction.shape], seeds);
  const [all] = batch([derivative], new Map([[direction, { node, batched: true }]]), count);
  const executable = compile({ inputs: [x], outputs: [all.node] });
  return (at) => executable.run([at])[0];
}

/** Colors, their number, and where each entry of the pattern stands among the products. */
interface Plan {
  readonly colors: Int32Array;
  readonly count: number;
  readonly places: Uint32Array;
}

function prepared(
  shape: readonly [rows: number, columns: number],
  pattern: SparsePattern,
  { count, places }: Plan,
  compute: (x: Float64Array) => Float64Array,
): SparseDerivative {
  const [rows, columns] = shape;
  return {
    pattern,
    colors: count,
    at(x) {
      if (x.length !== columns) {
        throw new ShapeError(`Cannot compute a sparse derivative: expected ${columns} entries, got ${x.length}`);
      }
      const values = new Float64Array(places.length), found = count === 0 ? values : compute(x);
      for (let k = 0; k < places.length; k++) values[k] = found[places[k]];
      return sparseMatrix({ rows, columns, ...pattern, values });
    },
  };
}

const numberOf = (colors: Int32Array): number => colors.reduce((most, color) => Math.max(most, color + 1), 0);

/** The place of each entry, row by row. */
function placesOf(rows: readonly Numbers[], at: (i: number, j: number) => number): Uint32Array {
  return Uint32Array.from(rows.flatMap((row, i) => row.map((j) => at(i, j))));
}

/**
 * The Jacobian of a function of vectors as a sparse matrix: pushforwards along sums of columns that do not meet, or
 * pullbacks of sums of rows, whichever are fewer. All are computed together by one compiled program.
 *
 * @param example A vector like the arguments.
 * @throws {TraceError} When f does not return a vector.
 *
 * @example Two products for two diagonals of any length
 * ```ts
 * import { concatenate, type Operand, slice, sparseJacobian, square, subtract } from "@gradus/gradus/autodiff";
 * import { assertEquals } from "@std/assert";
 *
 * const differences = (x: Operand) => subtract(square(slice(x, 1)), slice(x, 0, -1)); // xᵢ₊₁² - xᵢ
 * const x = Float64Array.from({ length: 100 }, (_, i) => i), jacobian = sparseJacobian(differences, x);
 * assertEquals([jacobian.colors, jacobian.at(x).values.length], [2, 198]);
 * ```
 */
export function sparseJacobian(
  f: (x: Operand) => Operand,
  example: Float64Array,
  options: SparseOptions = {},
): SparseDerivative {
  return sharing(() => {
    const { inputs: [x], outputs } = trace(f, example), [y] = outputs;
    if (outputs.length !== 1 || y.shape.length !== 1) {
      throw new TraceError(`Cannot compute a sparse Jacobian: expected one vector as result${callerLine()}`);
    }
    const [m, n] = [y.shape[0], sizeOf(x.shape)], v = input([n]), u = input([m]);
    const [tangent] = lower(tangentsOf([y], [x], [v]));
    const rows = options.pattern === undefined
      ? [...patternOf(tangent, v)]
      : checkedRows("compute a sparse Jacobian", options.pattern, m, n);
    const columns = transposed(rows, n), pattern = compressed(rows);
    const forward = columnColors(rows, columns), reverse = columnColors(columns, rows);
    const [byColumn, byRow] = [numberOf(forward), numberOf(reverse)];
    if (byColumn <= byRow) {
      const places = placesOf(rows, (i, j) => forward[j] * m + i);
      const plan = { colors: forward, count: byColumn, places };
      return prepared([m, n], pattern, plan, products(x, tangent, v, forward, Math.max(1, byColumn)));
    }
    const places = placesOf(rows, (i, j) => reverse[i] * n + j);
    const [cotangent] = cotangentsOf([y], [x], [u]);
    return prepared(
      [m, n],
      pattern,
      { colors: reverse, count: byRow, places },
      products(x, cotangent, u, reverse, byRow),
    );
  });
}

/**
 * The Hessian of a scalar function of a vector as a sparse matrix, with all entries on both sides of the diagonal:
 * Hessian-vector products along sums of the columns of each color of a star coloring, computed together by one compiled
 * program.
 *
 * @param example A vector like the arguments.
 * @throws {TraceError} When f does not return a scalar.
 * @throws {ShapeError} When a given pattern is not symmetric.
 *
 * @example Three products for a chain of any length
 * ```ts
 * import { type Operand, slice, sparseHessian, square, subtract, sum } from "@gradus/gradus/autodiff";
 * import { assertEquals } from "@std/assert";
 *
 * const chain = (x: Operand) => sum(square(subtract(slice(x, 1), square(slice(x, 0, -1)))));
 * const hessian = sparseHessian(chain, new Float64Array(100));
 * assertEquals([hessian.colors, hessian.at(new Float64Array(100)).values.length], [3, 298]);
 * ```
 */
export function sparseHessian(
  f: (x: Operand) => Operand,
  example: Float64Array,
  options: SparseOptions = {},
): SparseDerivative {
  return sharing(() => {
    const gradient = grad(f), { inputs: [x], outputs } = trace((y: Operand) => gradient(y), example);
    const n = sizeOf(x.shape), v = input([n]), [product] = lower(tangentsOf(outputs, [x], [v]));
    const found = options.pattern === undefined
      ? [...patternOf(product, v)]
      : checkedRows("compute a sparse Hessian", options.pattern, n, n);
    const columns = transposed(found, n);
    if (options.pattern !== undefined && columns.some((column, i) => column.join() !== found[i].join())) {
      throw new ShapeError(`Cannot compute a sparse Hessian: expected a symmetric pattern${callerLine()}`);
    }
    const rows = found.map((row, i) => union([row, columns[i]])), colors = starColors(rows), count = numberOf(colors);
    const alone = rows.map((row) => { // colors that one column of the row alone has
      const seen = new Map<number, number>();
      for (const j of row) seen.set(colors[j], (seen.get(colors[j]) ?? 0) + 1);
      return seen;
    });
    // Hᵢⱼ from row i of the product of the color of j, or, if another column of that color has an entry there, the other way round
    const places = placesOf(
      rows,
      (i, j) => alone[i].get(colors[j]) === 1 ? colors[j] * n + i : colors[i] * n + j,
    );
    return prepared(
      [n, n],
      compressed(rows),
      { colors, count, places },
      products(x, product, v, colors, Math.max(1, count)),
    );
  });
}
