/**
 * Operators made of operators: sums, products, multiples, transposes, blocks, Kronecker products.
 *
 * What they need besides their parts is allocated when they are made; applying allocates nothing.
 *
 * @module
 */
import { axpy, copy, DomainError, type LinearOperator, scale, ShapeError, type Vector } from "../../core/mod.ts";

const shape = (A: LinearOperator): string => `${A.rows} x ${A.columns}`;

/** The identity of order n. */
export function identityOperator(n: number): LinearOperator {
  return { rows: n, columns: n, apply: copy, applyTranspose: copy };
}

/** The zero map of n to m entries. */
export function zeroOperator(m: number, n: number): LinearOperator {
  const clear = (_: Vector, out: Vector): void => {
    out.fill(0);
  };
  return { rows: m, columns: n, apply: clear, applyTranspose: clear };
}

/** `Aᵀ`, the adjoint. */
export function transposedOperator(A: LinearOperator): LinearOperator {
  return { rows: A.columns, columns: A.rows, apply: A.applyTranspose, applyTranspose: A.apply };
}

/**
 * `s A`.
 *
 * @throws {DomainError} When s is not finite.
 */
export function scaledOperator(s: number, A: LinearOperator): LinearOperator {
  if (!Number.isFinite(s)) throw new DomainError(`Cannot scale an operator: expected a finite factor, got ${s}`);
  return {
    rows: A.rows,
    columns: A.columns,
    apply: (x, out) => {
      A.apply(x, out);
      scale(s, out);
    },
    applyTranspose: (y, out) => {
      A.applyTranspose(y, out);
      scale(s, out);
    },
  };
}

/**
 * `A + B + …`.
 *
 * @throws {ShapeError} When there is none, or they differ in shape.
 *
 * @example A shift
 * ```ts
 * import { identityOperator, matrix, operatorOf, operatorSum, scaledOperator } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const A = operatorOf(matrix([[4, 1], [1, 4]])), out = new Float64Array(2);
 * operatorSum(A, scaledOperator(-3, identityOperator(2))).apply(Float64Array.of(1, 2), out);
 * assertEquals([...out], [3, 3]);
 * ```
 */
export function operatorSum(...terms: readonly LinearOperator[]): LinearOperator {
  const [first, ...others] = terms;
  if (!first || others.some((A) => A.rows !== first.rows || A.columns !== first.columns)) {
    throw new ShapeError(`Cannot add operators: expected some of one shape, got ${terms.map(shape).join(", ")}`);
  }
  const up = new Float64Array(first.rows), down = new Float64Array(first.columns);
  return {
    rows: first.rows,
    columns: first.columns,
    apply: (x, out) => {
      first.apply(x, out);
      for (let k = 0; k < others.length; k++) {
        others[k].apply(x, up);
        axpy(1, up, out);
      }
    },
    applyTranspose: (y, out) => {
      first.applyTranspose(y, out);
      for (let k = 0; k < others.length; k++) {
        others[k].applyTranspose(y, down);
        axpy(1, down, out);
      }
    },
  };
}

/**
 * `A B …`, the last one applied first.
 *
 * @throws {ShapeError} When there is none, or one has not as many columns as the next one has rows.
 *
 * @example The normal equations' operator
 * ```ts
 * import { matrix, operatorOf, operatorProduct, transposedOperator } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const A = operatorOf(matrix([[1, 2], [0, 1]])), out = new Float64Array(2);
 * operatorProduct(transposedOperator(A), A).apply(Float64Array.of(1, 0), out);
 * assertEquals([...out], [1, 2]);
 * ```
 */
export function operatorProduct(...factors: readonly LinearOperator[]): LinearOperator {
  if (factors.length === 0 || factors.some((A, k) => k > 0 && factors[k - 1].columns !== A.rows)) {
    throw new ShapeError(
      `Cannot multiply operators: expected as many columns as rows of the next, got ${factors.map(shape).join(", ")}`,
    );
  }
  const last = factors.length - 1, between = factors.slice(0, last).map((A) => new Float64Array(A.columns));
  return {
    rows: factors[0].rows,
    columns: factors[last].columns,
    apply: (x, out) => {
      for (let k = last; k >= 0; k--) factors[k].apply(k === last ? x : between[k], k === 0 ? out : between[k - 1]);
    },
    applyTranspose: (y, out) => {
      for (let k = 0; k <= last; k++) {
        factors[k].applyTranspose(k === 0 ? y : between[k - 1], k === last ? out : between[k]);
      }
    },
  };
}

/** An operator of a block and where it lies in the whole. */
interface Placed {
  readonly A: LinearOperator;
  readonly row: number;
  readonly column: number;
  readonly input: Vector;
  readonly output: Vector;
}

/**
 * The operator of blocks of operators, row by row; 0 stands for a block of zeros.
 *
 * @throws {ShapeError} When the rows of blocks differ in length, blocks in a row differ in rows or in a column in
 * columns, or a row or column holds only zeros, so that its size is not known.
 *
 * @example A saddle-point system
 * ```ts
 * import { blockOperator, identityOperator, matrix, operatorOf, transposedOperator } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const B = operatorOf(matrix([[1, 1]])), out = new Float64Array(3);
 * blockOperator([[identityOperator(2), transposedOperator(B)], [B, 0]]).apply(Float64Array.of(1, 2, 3), out);
 * assertEquals([...out], [4, 5, 3]);
 * ```
 */
export function blockOperator(blocks: readonly (readonly (LinearOperator | 0)[])[]): LinearOperator {
  const verb = "make an operator of blocks", width = blocks[0]?.length ?? 0;
  if (width === 0 || blocks.some((row) => row.length !== width)) {
    throw new ShapeError(`Cannot ${verb}: expected rows of as many blocks, got ${blocks.map((row) => row.length)}`);
  }
  const size = (line: readonly (LinearOperator | 0)[], side: "rows" | "columns", where: string): number => {
    const sizes = new Set(line.flatMap((A) => A === 0 ? [] : [A[side]]));
    if (sizes.size !== 1) {
      throw new ShapeError(`Cannot ${verb}: expected one number of ${side} in ${where}, got ${[...sizes].join(", ")}`);
    }
    return [...sizes][0];
  };
  const heights = blocks.map((row, i) => size(row, "rows", `row ${i}`));
  const widths = blocks[0].map((_, j) => size(blocks.map((row) => row[j]), "columns", `column ${j}`));
  const starts = (sizes: readonly number[]): number[] => sizes.reduce((at, n) => [...at, at[at.length - 1] + n], [0]);
  const rowStarts = starts(heights), columnStarts = starts(widths);
  const placed = blocks.flatMap((row, i) =>
    row.flatMap((A, j): Placed[] =>
      A === 0 ? [] : [{
        A,
        row: rowStarts[i],
        column: columnStarts[j],
        input: new Float64Array(A.columns),
        output: new Float64Array(A.rows),
      }]
    )
  );
  return {
    rows: rowStarts[blocks.length],
    columns: columnStarts[width],
    apply: (x, out) => {
      out.fill(0);
      for (let k = 0; k < placed.length; k++) {
        const { A, row, column, input, output } = placed[k];
        for (let i = 0; i < input.length; i++) input[i] = x[column + i];
        A.apply(input, output);
        for (let i = 0; i < output.length; i++) out[row + i] += output[i];
      }
    },
    applyTranspose: (y, out) => {
      out.fill(0);
      for (let k = 0; k < placed.length; k++) {
        const { A, row, column, input, output } = placed[k];
        for (let i = 0; i < output.length; i++) output[i] = y[row + i];
        A.applyTranspose(output, input);
        for (let i = 0; i < input.length; i++) out[column + i] += input[i];
      }
    },
  };
}

/**
 * The Kronecker product `A ⊗ B`, whose block (i, j) is `aᵢⱼ B`: `(A ⊗ B) vec X = vec(A X Bᵀ)` for X stored row by row.
 *
 * @example Of two matrices
 * ```ts
 * import { kroneckerOperator, matrix, operatorOf } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const A = operatorOf(matrix([[1, 2]])), B = operatorOf(matrix([[0, 1], [1, 0]])), out = new Float64Array(2);
 * kroneckerOperator(A, B).apply(Float64Array.of(1, 2, 3, 4), out);
 * assertEquals([...out], [10, 7]);
 * ```
 */
export function kroneckerOperator(A: LinearOperator, B: LinearOperator): LinearOperator {
  return {
    rows: A.rows * B.rows,
    columns: A.columns * B.columns,
    apply: twoSided(A.apply, A.rows, A.columns, B.apply, B.rows, B.columns),
    applyTranspose: twoSided(A.applyTranspose, A.columns, A.rows, B.applyTranspose, B.columns, B.rows),
  };
}

type Product = LinearOperator["apply"];

/** `X → A X Bᵀ` for A m x n and B p x q: B on each row, then A on each column. */
function twoSided(a: Product, m: number, n: number, b: Product, p: number, q: number): Product {
  const row = new Float64Array(q), image = new Float64Array(p), column = new Float64Array(m);
  const columns = Array.from({ length: p }, () => new Float64Array(n));
  return (x, out) => {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < q; j++) row[j] = x[i * q + j];
      b(row, image);
      for (let j = 0; j < p; j++) columns[j][i] = image[j];
    }
    for (let j = 0; j < p; j++) {
      a(columns[j], column);
      for (let i = 0; i < m; i++) out[i * p + j] = column[i];
    }
  };
}
