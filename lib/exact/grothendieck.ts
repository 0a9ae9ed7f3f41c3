/**
 * The largest value of `Σ aᵢⱼ xᵢ yⱼ` over signs: its semidefinite relaxation, certified, and Krivine's rounding of
 * that.
 *
 * ```
 * OPT = max Σ aᵢⱼ xᵢ yⱼ, xᵢ, yⱼ = ±1   <=   SDP = max Σ aᵢⱼ xᵢᵀyⱼ, |xᵢ| = |yⱼ| = 1   <=   K OPT,   K = π/(2c), c = arsinh 1
 *
 * xᵢ ← (A Y)ᵢ/|(A Y)ᵢ|,   yⱼ ← (AᵀX)ⱼ/|(AᵀX)ⱼ|,   X, Y of k = ⌈√(2(m+n))⌉ + 1 columns
 * SDP <= ½ Σ λ - ½ (m+n) min(0, μ),   λ = (|(A Y)ᵢ|, |(AᵀX)ⱼ|),   μ the least eigenvalue of diag λ - [[0, A], [Aᵀ, 0]]
 *
 * G = [[sinh(c XXᵀ), sin(c XYᵀ)], [sin(c YXᵀ), sinh(c YYᵀ)]] entry by entry: positive semidefinite, ones on the diagonal
 * signs of a Gaussian vector with the covariance G:   E Σ aᵢⱼ sᵢ tⱼ = (2/π) c SDP = SDP/K
 * ```
 *
 * Source: Friedland, Lim and Zhang, An elementary and unified proof of Grothendieck's inequality (2017), arXiv
 * 1711.10595; the rounding is Krivine's (1977), the factors of low rank are Burer and Monteiro's (2003).
 *
 * @module
 */
import {
  DomainError,
  dot,
  fillNormal,
  fillSphere,
  isFiniteVector,
  type Matrix,
  norm2,
  normInf,
  type Rng,
  rng,
  scale,
  ShapeError,
  type Vector,
} from "../core/mod.ts";
import { eigh, eigvalsh, matmul, matrix, matvec, transpose } from "../linalg/mod.ts";

/** `arsinh 1 = ln(1 + √2)`. */
const C = Math.asinh(1);

/** Krivine's bound for the real Grothendieck constant, `π/(2 ln(1 + √2)) = 1.7822…`. */
export const krivineConstant: number = Math.PI / (2 * C);

/** How to solve the relaxation. */
export interface GrothendieckOptions {
  /** k, entries of each vector. Default `⌈√(2(m+n))⌉ + 1`, with which every local optimum is global. */
  readonly rank?: number;
  /** Converged when the bound is within this share of the value. Default 1e-8. */
  readonly tolerance?: number;
  /** Default 100 000. */
  readonly maxIterations?: number;
  /** Of the first vectors. Default 0. */
  readonly seed?: number;
}

/** Unit vectors, what they are worth, and what none can surpass. */
export interface GrothendieckSolution {
  /** xᵢ in row i, m x k. */
  readonly X: Matrix;
  /** yⱼ in row j, n x k. */
  readonly Y: Matrix;
  /** `Σ aᵢⱼ xᵢᵀyⱼ`, a lower bound of SDP. */
  readonly value: number;
  /** An upper bound of SDP, hence of OPT. */
  readonly bound: number;
  /** `iteration-limit` when the two are still further apart than asked. */
  readonly status: "converged" | "iteration-limit";
  /** Rounds of updates. */
  readonly iterations: number;
}

/**
 * The semidefinite relaxation, by alternating updates; the bound is computed after 16, 32, 64, … of them, O((m+n)³)
 * operations each.
 *
 * @throws {ShapeError} When A has not as many entries as its shape says.
 * @throws {DomainError} When A is zero, not finite, or has no entries, or an option is out of range.
 *
 * @example A matrix for which the relaxation is worth √2 times as much
 * ```ts
 * import { grothendieckSdp, signMaximum } from "@gradus/gradus/exact";
 * import { matrix } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const A = matrix([[1, 1], [1, -1]]), { value, bound, status } = grothendieckSdp(A);
 * assertEquals(status, "converged");
 * assertAlmostEquals(value, 2 * Math.SQRT2, 1e-7);
 * assertAlmostEquals(bound, 2 * Math.SQRT2, 1e-7);
 * assertEquals(signMaximum(A).value, 2);
 * ```
 */
export function grothendieckSdp(A: Matrix, options: GrothendieckOptions = {}): GrothendieckSolution {
  const { rows: m, columns: n } = A, verb = "relax a maximum over signs";
  check(verb, A);
  const { rank: k = Math.ceil(Math.sqrt(2 * (m + n))) + 1, tolerance = 1e-8, maxIterations = 1e5, seed = 0 } = options;
  for (const [what, count] of Object.entries({ rank: k, maxIterations })) {
    if (!(Number.isSafeInteger(count) && count > 0)) {
      throw new DomainError(`Cannot ${verb}: expected a positive integer for ${what}, got ${count}`);
    }
  }
  if (!(tolerance >= 0)) throw new DomainError(`Cannot ${verb}: expected a tolerance >= 0, got ${tolerance}`);
  const random = rng(seed), At = transpose(A), X = matrix(m, k), Y = matrix(n, k);
  const AY = matrix(m, k), AtX = matrix(n, k);
  for (let j = 0; j < n; j++) fillSphere(random, Y.data.subarray(j * k, (j + 1) * k));
  for (let i = 0; i < m; i++) fillSphere(random, X.data.subarray(i * k, (i + 1) * k)); // stay where A has a zero row
  for (let iterations = 1, next = 16;; iterations++) {
    normalizeRows(matmul(A, Y, AY), X);
    normalizeRows(matmul(At, X, AtX), Y);
    if (iterations !== next && iterations !== maxIterations) continue;
    next *= 2;
    const value = dot(AtX.data, Y.data), bound = dualBound(A, lengths(matmul(A, Y, AY), AtX));
    const converged = bound - value <= tolerance * bound;
    if (!converged && iterations !== maxIterations) continue;
    return { X, Y, value, bound, status: converged ? "converged" : "iteration-limit", iterations };
  }
}

/**
 * The bound `½ Σ λ - ½ (m+n) min(0, μ)` of SDP for any `λ`, m + n numbers.
 *
 * @throws {ShapeError} When `λ` has not m + n entries.
 * @throws {DomainError} When A or `λ` is not finite.
 */
export function dualBound(A: Matrix, lambda: Vector): number {
  const { rows: m, columns: n } = A, size = m + n, slack = matrix(size, size);
  if (lambda.length !== size) {
    throw new ShapeError(`Cannot bound a relaxation: expected ${size} multipliers, got ${lambda.length}`);
  }
  let sum = 0;
  for (let i = 0; i < size; i++) {
    slack.data[i * (size + 1)] = lambda[i];
    sum += lambda[i];
  }
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) slack.data[i * size + m + j] = slack.data[(m + j) * size + i] = -A.data[i * n + j];
  }
  return (sum - size * Math.min(0, eigvalsh(slack)[0])) / 2;
}

/** Signs and what they are worth. */
export interface Signs {
  /** m numbers 1 or -1. */
  readonly x: Vector;
  /** n of them. */
  readonly y: Vector;
  /** `Σ aᵢⱼ xᵢ yⱼ`. */
  readonly value: number;
}

/** How often to round. */
export interface RoundingOptions {
  /** Default 100. */
  readonly samples?: number;
  /** Default 0. */
  readonly seed?: number;
}

/** The best of several roundings. */
export interface RoundedSigns extends Signs {
  /** The mean value; `SDP/K` is expected. */
  readonly mean: number;
  /** The standard deviation of the values. */
  readonly deviation: number;
}

/**
 * Krivine's rounding of unit vectors to signs, the best of several.
 *
 * @throws {ShapeError} When the rows of X and Y do not fit A or each other.
 * @throws {DomainError} When A is zero, not finite, or has no entries, or `samples` is not a positive integer.
 */
export function krivineRound(
  A: Matrix,
  vectors: Pick<GrothendieckSolution, "X" | "Y">,
  { samples = 100, seed = 0 }: RoundingOptions = {},
): RoundedSigns {
  const { rows: m, columns: n } = A, verb = "round vectors to signs";
  check(verb, A);
  if (vectors.X.rows !== m || vectors.Y.rows !== n) {
    throw new ShapeError(`Cannot ${verb}: expected ${m} and ${n} vectors, got ${vectors.X.rows} and ${vectors.Y.rows}`);
  }
  if (!(Number.isSafeInteger(samples) && samples > 0)) {
    throw new DomainError(`Cannot ${verb}: expected a positive number of samples, got ${samples}`);
  }
  const { values, vectors: V } = eigh(krivineGram(vectors.X, vectors.Y)), size = m + n, random: Rng = rng(seed);
  const roots = values.map((value) => Math.sqrt(Math.max(0, value))), g = new Float64Array(size);
  let best: Signs = { x: new Float64Array(m), y: new Float64Array(n), value: -Infinity }, mean = 0, squares = 0;
  for (let sample = 0; sample < samples; sample++) {
    fillNormal(random, g);
    for (let i = 0; i < size; i++) g[i] *= roots[i];
    const signs = matvec(V, g).map((v) => v < 0 ? -1 : 1), x = signs.slice(0, m), y = signs.slice(m);
    const value = dot(x, matvec(A, y)), change = value - mean;
    mean += change / (sample + 1);
    squares += change * (value - mean);
    if (value > best.value) best = { x, y, value };
  }
  return { ...best, mean, deviation: Math.sqrt(squares / samples) };
}

/**
 * The covariance G of Krivine's rounding for unit vectors in the rows of X and Y.
 *
 * @throws {ShapeError} When the vectors differ in length.
 */
export function krivineGram(X: Matrix, Y: Matrix): Matrix {
  const m = X.rows, size = m + Y.rows, k = X.columns, all = matrix(size, k);
  if (Y.columns !== k) {
    throw new ShapeError(`Cannot round vectors to signs: expected vectors of one length, got ${k} and ${Y.columns}`);
  }
  all.data.set(X.data);
  all.data.set(Y.data, m * k);
  const G = matmul(all, transpose(all));
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const angle = C * G.data[i * size + j];
      G.data[i * size + j] = (i < m) === (j < m) ? Math.sinh(angle) : Math.sin(angle);
    }
  }
  return G;
}

/**
 * OPT, which is the norm of A from `|·|∞` to `|·|₁`, by trying all signs of the shorter side: `2^(min(m,n)-1) max(m,n)`
 * operations.
 *
 * @throws {DomainError} When A is zero, not finite, or has no entries, or min(m, n) is above 30.
 */
export function signMaximum(A: Matrix): Signs {
  const verb = "maximize over signs";
  check(verb, A);
  if (A.columns < A.rows) {
    const { x, y, value } = signMaximum(transpose(A));
    return { x: y, y: x, value };
  }
  const { rows: m, columns: n, data: a } = A;
  if (m > 30) throw new DomainError(`Cannot ${verb}: expected a side of at most 30 entries, got ${m} x ${n}`);
  const x = new Float64Array(m).fill(1), sums = new Float64Array(n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) sums[j] += a[i * n + j];
  let best = x.slice(), value = -Infinity;
  for (let code = 0, last = 2 ** (m - 1);;) { // Gray's code: one sign turns at a time, the last one never
    let total = 0;
    for (let j = 0; j < n; j++) total += Math.abs(sums[j]);
    if (total > value) [value, best] = [total, x.slice()];
    if (++code === last) break;
    const i = 31 - Math.clz32(code & -code), twice = 2 * x[i];
    for (let j = 0; j < n; j++) sums[j] -= twice * a[i * n + j];
    x[i] = -x[i];
  }
  const y = matvec(transpose(A), best).map((v) => v < 0 ? -1 : 1);
  return { x: best, y, value: dot(best, matvec(A, y)) };
}

/** Puts the rows of `from`, made of length 1, into `to`; what is zero leaves what was there. */
function normalizeRows(from: Matrix, to: Matrix): void {
  const k = from.columns;
  for (let i = 0; i < from.rows; i++) {
    const row = from.data.subarray(i * k, (i + 1) * k), length = norm2(row);
    if (length === 0) continue;
    const unit = to.data.subarray(i * k, (i + 1) * k);
    unit.set(row);
    scale(1 / length, unit);
  }
}

function lengths(...blocks: readonly Matrix[]): Vector {
  return Float64Array.from(
    blocks.flatMap(({ rows, columns: k, data }) =>
      Array.from({ length: rows }, (_, i) => norm2(data.subarray(i * k, (i + 1) * k)))
    ),
  );
}

function check(verb: string, A: Matrix): void {
  if (A.data.length !== A.rows * A.columns) {
    throw new ShapeError(`Cannot ${verb}: expected ${A.rows} x ${A.columns} entries, got ${A.data.length}`);
  }
  if (!isFiniteVector(A.data) || normInf(A.data) === 0) {
    throw new DomainError(`Cannot ${verb}: expected a finite matrix that is not zero`);
  }
}
