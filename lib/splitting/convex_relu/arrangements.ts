/**
 * Activation patterns of rectified linear units: the sign patterns `1{Xh >= 0}` that vectors h give to the rows of X.
 *
 * ```
 * all cells, row by row     a row a splits a cell of the rows before it where the hyperplane aᵀh = 0 runs through it; the cells
 *                           on that hyperplane are those of the earlier rows projected on it, found in the same way
 * a sample                  patterns of h ~ N(0, I)
 * around perturbed rows     patterns of h on X + r sign(R), R ~ N(0, I)
 * ```
 *
 * Patterns on the boundary of a cell are left out: `DXv` with v in the cone of such a pattern is also one of a cell
 * beside it.
 *
 * Source: Cover, Geometrical and statistical properties of systems of linear inequalities (1965), for the recursion and
 * the number; Bai, Gautam and Sojoudi, Efficient global optimization of two-layer ReLU networks (2022), arXiv
 * 2201.01965, section 3.3 for sampling, section 4.2 for perturbed rows.
 *
 * @module
 */
import {
  axpy,
  DomainError,
  dot,
  fillNormal,
  type Matrix,
  norm2,
  normal,
  type Rng,
  scale,
  type Vector,
} from "../../core/mod.ts";

/** Activation patterns of n examples. */
export interface Arrangements {
  /** n. */
  readonly examples: number;
  /** The number P of patterns. */
  readonly count: number;
  /** `dᵢₖ`, 0 or 1, at `i n + k`: pattern after pattern. */
  readonly patterns: Uint8Array;
}

/** The most patterns that are enumerated. */
const MOST = 1e6;

/** A vector of length less than this, of unit vectors projected, is zero. */
const TINY = 1e-10;

/**
 * The number of patterns of n rows in general position in r dimensions, and the most there can be for rows of rank r:
 * `2 Σ C(n-1, k)` over k below r.
 *
 * Source: Cover (1965), theorem 1.
 */
export function arrangementCount(n: number, r: number): number {
  let choose = 1, sum = 0;
  for (let k = 0; k < Math.min(n, r); k++) {
    sum += choose;
    choose *= (n - 1 - k) / (k + 1);
  }
  return 2 * sum;
}

/**
 * All activation patterns of the rows of X, which may repeat, depend on each other, or be zero. Costs O(n²) cells.
 *
 * @param X Examples in rows, n x d.
 * @throws {DomainError} When an entry is not finite, or there may be more than a million patterns: sample them.
 *
 * @example Three rows in the plane
 * ```ts
 * import { matrix } from "@gradus/gradus/linalg";
 * import { reluArrangements } from "@gradus/gradus/splitting";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(reluArrangements(matrix([[1, 0], [0, 1], [1, 1]])).count, 6);
 * ```
 */
export function reluArrangements(X: Matrix): Arrangements {
  const verb = "enumerate activation patterns", rows = rowsOf(X, verb), most = arrangementCount(X.rows, X.columns);
  if (most > MOST) {
    throw new DomainError(`Cannot ${verb}: expected at most ${MOST} of them, got up to ${most.toExponential(1)}`);
  }
  for (const row of rows) {
    const size = norm2(row);
    if (size > 0) scale(1 / size, row);
  }
  const found = [...cellsOf(rows, X.columns).keys()];
  const patterns = new Uint8Array(found.length * X.rows);
  found.forEach((signs, i) => {
    for (let k = 0; k < X.rows; k++) patterns[i * X.rows + k] = signs[k] === "-" ? 0 : 1;
  });
  return { examples: X.rows, count: found.length, patterns };
}

/** Cells of a central arrangement: a vector inside each, by the signs of the rows there. */
type Cells = ReadonlyMap<string, Vector>;

function cellsOf(rows: readonly Vector[], d: number): Cells {
  let cells: Cells = new Map([["", new Float64Array(d)]]);
  for (let m = 0; m < rows.length; m++) {
    const a = rows[m], next = new Map<string, Vector>();
    if (norm2(a) < TINY) {
      for (const [signs, h] of cells) next.set(signs + "0", h);
      cells = next;
      continue;
    }
    const { projected, parallel } = projectedOn(a, rows, m),
      crossed: Cells = parallel ? new Map() : cellsOf(projected, d);
    for (const [signs, h] of cells) {
      const through = crossed.get(signs);
      if (through) {
        const distance = room(through, a, rows, m), above = through.slice(), below = through.slice();
        axpy(distance, a, above);
        axpy(-distance, a, below);
        next.set(signs + "+", above);
        next.set(signs + "-", below);
      } else next.set(signs + (dot(a, h) > 0 ? "+" : "-"), h);
    }
    cells = next;
  }
  return cells;
}

/**
 * The first m rows projected on the hyperplane of a, unit vectors again, and whether one of them has the same
 * hyperplane.
 */
function projectedOn(a: Vector, rows: readonly Vector[], m: number): { projected: Vector[]; parallel: boolean } {
  const projected: Vector[] = [];
  for (let k = 0; k < m; k++) {
    const p = rows[k].slice(), wasZero = norm2(p) < TINY;
    axpy(-dot(a, p), a, p);
    const size = norm2(p);
    if (size < TINY && !wasZero) return { projected, parallel: true };
    if (!wasZero) scale(1 / size, p);
    projected.push(p);
  }
  return { projected, parallel: false };
}

/** How far from h along a, or back, the first m rows keep half of their products with h. */
function room(h: Vector, a: Vector, rows: readonly Vector[], m: number): number {
  let distance = 1;
  for (let k = 0; k < m; k++) {
    const change = Math.abs(dot(rows[k], a));
    if (change > 0 && norm2(rows[k]) >= TINY) distance = Math.min(distance, Math.abs(dot(rows[k], h)) / (2 * change));
  }
  return distance;
}

/**
 * Distinct activation patterns of normally distributed vectors.
 *
 * @param X Examples in rows, n x d.
 * @param count The number of patterns wanted. Fewer are returned when `100 count` vectors have no more.
 * @param random The generator, which advances.
 * @throws {DomainError} When an entry is not finite, or `count` is no positive whole number.
 */
export function sampledArrangements(X: Matrix, count: number, random: Rng): Arrangements {
  return sampled(X, count, random, 0, 1);
}

/** How patterns around perturbed rows are drawn. */
export interface PerturbedOptions {
  /** The largest change r of an entry. */
  readonly radius: number;
  /** The number of patterns from each vector: that of the rows themselves, and others of perturbed rows. */
  readonly perVector: number;
  /** Whether the last column is left alone, because it holds ones. Default true. */
  readonly bias?: boolean;
}

/**
 * Distinct activation patterns of normally distributed vectors, on the rows and on rows with `± r` added to each entry,
 * so that there are patterns of what an adversary may do.
 *
 * @throws {DomainError} When an entry is not finite, the radius negative, or a number no positive whole number.
 */
export function perturbedArrangements(X: Matrix, count: number, random: Rng, options: PerturbedOptions): Arrangements {
  const { radius, perVector, bias = true } = options;
  if (!(radius >= 0 && radius < Infinity)) {
    throw new DomainError(`Cannot sample activation patterns: expected a finite radius >= 0, got ${radius}`);
  }
  checkCount("patterns of a vector", perVector);
  return sampled(X, count, random, radius, perVector, bias ? 1 : 0);
}

function sampled(X: Matrix, count: number, random: Rng, radius: number, perVector: number, fixed = 0): Arrangements {
  const rows = rowsOf(X, "sample activation patterns"), n = X.rows, d = X.columns;
  checkCount("patterns", count);
  const found = new Map<string, Uint8Array>(), h = new Float64Array(d), moved = new Float64Array(d);
  for (let draw = 0; draw < 100 * count && found.size < count; draw++) {
    fillNormal(random, h);
    for (let s = 0; s < perVector && found.size < count; s++) {
      const pattern = new Uint8Array(n);
      for (let k = 0; k < n; k++) {
        moved.set(rows[k]);
        if (s > 0) { for (let j = 0; j < d - fixed; j++) moved[j] += radius * Math.sign(normal(random)); }
        pattern[k] = dot(moved, h) >= 0 ? 1 : 0;
      }
      const key = pattern.join("");
      if (!found.has(key)) found.set(key, pattern);
    }
  }
  const patterns = new Uint8Array(found.size * n);
  [...found.values()].forEach((pattern, i) => patterns.set(pattern, i * n));
  return { examples: n, count: found.size, patterns };
}

/**
 * A number of samples after which, with a probability of at least `confidence`, one sample more would change the
 * optimum with a probability of at most `violation`: `min{ (n+1)/(ψξ) - 1, (2/ξ)(n + 1 - log ψ) }`, ξ the violation and
 * `ψ = 1 - confidence`.
 *
 * Source: Bai, Gautam and Sojoudi (2022), theorem 2, by the bounds of Calafiore and Campi, Uncertain convex programs
 * (2005), and The scenario approach to robust control design (2006).
 *
 * @throws {DomainError} When a probability is not within 0 and 1, or n no positive whole number.
 */
export function patternSamples(
  n: number,
  options: { readonly violation: number; readonly confidence: number },
): number {
  const { violation: xi, confidence } = options, psi = 1 - confidence;
  checkCount("examples", n);
  if (!(xi > 0 && xi < 1 && psi > 0 && psi < 1)) {
    throw new DomainError(
      `Cannot bound the number of samples: expected probabilities between 0 and 1, got ${xi} and ${confidence}`,
    );
  }
  return Math.ceil(Math.min((n + 1) / (psi * xi) - 1, 2 / xi * (n + 1 - Math.log(psi))));
}

function rowsOf({ rows, columns, data }: Matrix, verb: string): Vector[] {
  const wrong = data.findIndex((x) => !Number.isFinite(x));
  if (data.length !== rows * columns || rows < 1 || columns < 1 || wrong >= 0) {
    const got = wrong >= 0 ? `${data[wrong]} at index ${wrong}` : `${data.length} entries for ${rows} x ${columns}`;
    throw new DomainError(`Cannot ${verb}: expected finite rows, got ${got}`);
  }
  return Array.from({ length: rows }, (_, k) => data.slice(k * columns, (k + 1) * columns));
}

function checkCount(what: string, count: number): void {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new DomainError(`Cannot sample: expected a positive whole number of ${what}, got ${count}`);
  }
}
