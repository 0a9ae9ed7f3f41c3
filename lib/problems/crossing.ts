/**
 * Crossing symmetry on a line: the data of a theory from the consistency of its four-point function.
 *
 * ```
 * G(z) = 1 + Σₙ cₙ g(Δₙ, z),   g(Δ, z) = z^Δ ₂F₁(Δ, Δ; 2Δ; z)          an operator of dimension Δₙ adds cₙ >= 0 times its block
 * (1 - z)^2p G(z) = z^2p G(1 - z),   0 < z < 1                          p: the dimension of the external operators
 * Δₙ = 2p + 2n,  cₙ = 2 (2p)²₂ₙ/((2n)! (4p + 2n - 1)₂ₙ)                  the generalized free boson, which solves it
 * ```
 *
 * Truncated, the unknowns are the first K pairs `(Δₙ, cₙ)`, and the equation is asked at points of (½, 1) in the sense
 * of least squares. What stands for the operators above is the tail: none, or those of the generalized free boson.
 *
 * With a tail, K = 1 is a problem of well-conditioned Jacobians at the solution. The smallest singular value falls fast
 * with K, from 4e-3 to 4e-6 at K = 2 and 3e-9 at K = 3 for p = 0.6: theories near the free one satisfy the equation
 * nearly. One thing known of the correlator besides, `G(½) = 2 + 2^-2p`, tells them apart: 0.7, 1e-2 and 5e-5.
 *
 * Sources: Gaiotto, Mazáč and Paulos, Bootstrapping the 3d Ising twist defect (2013), arXiv 1310.5078, for the equation
 * on a line; Niarchos, Papageorgakis, Richmond, Stapleton and Woolley, Bootstrability in line-defect CFT with improved
 * truncation methods (2023), for the tail and the constrained form.
 *
 * @module
 */
import type { TwiceConstrained, TwiceVectorFunction } from "../constrained/mod.ts";
import { DomainError, type Instance, type Matrix, smoothOf, type TwiceLeastSquares, type Vector } from "../core/mod.ts";

/** What a truncation keeps. */
export interface CrossingOptions {
  /** p > 0. */
  readonly externalDimension: number;
  /** K, the number of operators that are sought. */
  readonly operators: number;
  /** The number of operators above them that are taken from the free theory. Default 0. */
  readonly tail?: number;
  /** Points z in (0, 1). Default 24, evenly from 0.51 to 0.94. */
  readonly points?: ArrayLike<number>;
  /** Whether `G(½) = 2 + 2^-2p` is asked too, which crossing does not tell. Default false. */
  readonly midpoint?: boolean;
  /** A factor of all residuals. Default 1; large ones make absolute tolerances ask for more. */
  readonly scale?: number;
}

/** The problem, in the variables `Δ₀, …, Δ_{K-1}, c₀, …, c_{K-1}`, and the free theory. */
export interface Crossing extends Instance<TwiceLeastSquares> {
  /** The same where it is to be a theory: `c >= 0` and `0.1 <= Δ₀ <= Δ₁ <= …`. */
  readonly constrained: TwiceConstrained;
  /** The generalized free boson's variables, a solution but for what is truncated. */
  readonly free: Vector;
}

/** Terms of the series below this share of the sum change nothing. */
const NEGLIGIBLE = 1e-18;

/** The least dimension of a theory's operators. */
const LEAST = 0.1;

/** A block, and its first two derivatives by Δ. */
export interface ConformalBlock {
  /** `g(Δ, z)`. */
  readonly value: number;
  /** `∂g/∂Δ`. */
  readonly slope: number;
  /** `∂²g/∂Δ²`. */
  readonly curvature: number;
}

/**
 * The block `g(Δ, z) = z^Δ ₂F₁(Δ, Δ; 2Δ; z)` and its derivatives by Δ, term by term of the series, of which about
 * `40/(1 - z)` count.
 *
 * @throws {DomainError} When z is not in (0, 1) or Δ is not positive.
 */
export function conformalBlock(delta: number, z: number): ConformalBlock {
  if (!(z > 0 && z < 1 && delta > 0 && delta < Infinity)) {
    throw new DomainError(`Cannot evaluate a block: expected 0 < z < 1 and Δ > 0, got ${z} and ${delta}`);
  }
  let term = z ** delta, first = Math.log(z), second = 0; // of the logarithm of the term
  let value = 0, slope = 0, curvature = 0;
  for (let k = 0; k === 0 || term > NEGLIGIBLE * value * (1 - z); k++) {
    const a = delta + k, b = a + delta;
    value += term;
    slope += term * first;
    curvature += term * (first * first + second);
    term *= a * a / (b * (k + 1)) * z;
    first += 2 / a - 2 / b;
    second += 4 / (b * b) - 2 / (a * a);
  }
  return { value, slope, curvature };
}

/**
 * The dimension `2p + 2n` and the coefficient of operator n of the generalized free boson.
 *
 * @throws {DomainError} When p is not positive, or n no whole number.
 */
export function freeOperator(
  externalDimension: number,
  n: number,
): { readonly delta: number; readonly coefficient: number } {
  const p = externalDimension;
  if (!(p > 0 && p < Infinity && Number.isSafeInteger(n) && n >= 0)) {
    throw new DomainError(`Cannot tell a free operator: expected p > 0 and a whole number, got ${p} and ${n}`);
  }
  let coefficient = 2;
  for (let j = 0; j < 2 * n; j++) coefficient *= (2 * p + j) ** 2 / ((j + 1) * (4 * p + 2 * n - 1 + j));
  return { delta: 2 * p + 2 * n, coefficient };
}

/**
 * Crossing as a least-squares problem, and under constraints; from the free theory's dimensions and coefficients
 * spoiled by 10 %.
 *
 * @throws {DomainError} When p or the scale is not positive, K no positive whole number, the tail no whole number, or a
 * point not in (0, 1).
 *
 * @example The lowest operator, with the others known
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { crossing } from "@gradus/gradus/problems";
 * import { levenbergMarquardt } from "@gradus/gradus/smooth";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { problem, start } = crossing({ externalDimension: 0.6, operators: 1, tail: 40, scale: 1e3 });
 * const { x } = solve(problem, levenbergMarquardt(), { start });
 * assertAlmostEquals(x[0], 1.2, 1e-10); // its dimension
 * assertAlmostEquals(x[1], 2, 1e-10);
 * ```
 */
export function crossing(options: CrossingOptions): Crossing {
  const { externalDimension: p, operators: K, tail = 0, midpoint = false, scale = 1 } = options;
  const points = Array.from(options.points ?? Array.from({ length: 24 }, (_, i) => 0.51 + 0.43 * i / 23));
  if (
    !(Number.isSafeInteger(K) && K >= 1 && Number.isSafeInteger(tail) && tail >= 0 && scale > 0 && scale < Infinity)
  ) {
    throw new DomainError(
      `Cannot truncate crossing: expected operators, a tail and a scale > 0, got ${K}, ${tail} and ${scale}`,
    );
  }
  if (points.length === 0 || !points.every((z) => z > 0 && z < 1)) {
    throw new DomainError(`Cannot truncate crossing: expected points with 0 < z < 1, got ${points.join(", ")}`);
  }
  // an equation is a G(z) - b G(1 - z) = d
  const equations = points.map((z) => ({ z, a: scale * (1 - z) ** (2 * p), b: scale * z ** (2 * p), d: 0 }));
  if (midpoint) equations.push({ z: 0.5, a: scale, b: 0, d: scale * (2 + 2 ** (-2 * p)) });
  /** An operator's part of an equation. */
  const part = (delta: number, i: number): ConformalBlock => {
    const { z, a, b } = equations[i], here = conformalBlock(delta, z), there = conformalBlock(delta, 1 - z);
    return {
      value: a * here.value - b * there.value,
      slope: a * here.slope - b * there.slope,
      curvature: a * here.curvature - b * there.curvature,
    };
  };
  const known = Float64Array.from(equations, ({ a, b, d }) => a - b - d), free = new Float64Array(2 * K);
  for (let n = 0; n < K + tail; n++) {
    const { delta, coefficient } = freeOperator(p, n);
    if (n < K) {
      free[n] = delta;
      free[K + n] = coefficient;
    } else known.forEach((_, i) => known[i] += coefficient * part(delta, i).value);
  }
  const problem: TwiceLeastSquares = {
    kind: "least-squares",
    name: "crossing",
    dimension: 2 * K,
    residual: residuals(K, known, part),
  };
  const title = `crossing, ${K} operators` + (tail > 0 ? ` and a tail of ${tail}` : "");
  return {
    name: title,
    start: free.map((v) => 1.1 * v),
    minima: [],
    free,
    problem,
    constrained: {
      kind: "constrained",
      name: title,
      objective: smoothOf(problem),
      constraints: {
        lower: Float64Array.from({ length: 2 * K }, (_, j) => j < K ? LEAST : 0),
        ...(K > 1 && { inequality: ordered(K) }),
      },
    },
  };
}

/** `known + Σₙ cₙ (block n's part)`, from blocks that are kept until dimensions change. */
function residuals(
  K: number,
  known: Vector,
  part: (delta: number, i: number) => ConformalBlock,
): TwiceLeastSquares["residual"] {
  const m = known.length, last = new Float64Array(K).fill(NaN);
  const value = new Float64Array(m * K), slope = new Float64Array(m * K), curvature = new Float64Array(m * K);
  const look = (x: Vector): void => {
    for (let n = 0; n < K; n++) {
      if (x[n] === last[n]) continue;
      last[n] = x[n];
      for (let i = 0, k = n; i < m; i++, k += K) {
        if (x[n] > 0 && x[n] < Infinity) {
          ({ value: value[k], slope: slope[k], curvature: curvature[k] } = part(x[n], i));
        } else value[k] = slope[k] = curvature[k] = NaN; // a method tries a dimension that no block has
      }
    }
  };
  return {
    components: m,
    value: (x, out) => {
      look(x);
      for (let i = 0, k = 0; i < m; i++) {
        out[i] = known[i];
        for (let n = 0; n < K; n++, k++) out[i] += x[K + n] * value[k];
      }
    },
    jacobian: (x, { data }) => {
      look(x);
      for (let i = 0, k = 0; i < m; i++) {
        for (let n = 0; n < K; n++, k++) {
          data[2 * K * i + n] = x[K + n] * slope[k];
          data[2 * K * i + K + n] = value[k];
        }
      }
    },
    jacobianVector: (x, v, out) => {
      look(x);
      for (let i = 0, k = 0; i < m; i++) {
        out[i] = 0;
        for (let n = 0; n < K; n++, k++) out[i] += x[K + n] * slope[k] * v[n] + value[k] * v[K + n];
      }
    },
    jacobianTransposeVector: (x, w, out) => {
      look(x);
      out.fill(0);
      for (let i = 0, k = 0; i < m; i++) {
        for (let n = 0; n < K; n++, k++) {
          out[n] += w[i] * x[K + n] * slope[k];
          out[K + n] += w[i] * value[k];
        }
      }
    },
    hessianVector: (x, w, v, out) => {
      look(x);
      out.fill(0);
      for (let i = 0, k = 0; i < m; i++) {
        for (let n = 0; n < K; n++, k++) {
          out[n] += w[i] * (x[K + n] * curvature[k] * v[n] + slope[k] * v[K + n]);
          out[K + n] += w[i] * slope[k] * v[n];
        }
      }
    },
  };
}

/** `Δₙ - Δₙ₊₁ <= 0`. */
function ordered(K: number): TwiceVectorFunction {
  const apply = (x: Vector, out: Vector): void => {
    for (let n = 0; n + 1 < K; n++) out[n] = x[n] - x[n + 1];
  };
  return {
    components: K - 1,
    value: apply,
    jacobianVector: (_x, v, out) => apply(v, out),
    jacobianTransposeVector: (_x, w, out) => {
      out.fill(0);
      for (let n = 0; n + 1 < K; n++) {
        out[n] += w[n];
        out[n + 1] -= w[n];
      }
    },
    jacobian: (_x, { data }: Matrix) => {
      data.fill(0);
      for (let n = 0; n + 1 < K; n++) {
        data[2 * K * n + n] = 1;
        data[2 * K * n + n + 1] = -1;
      }
    },
    hessianVector: (_x, _w, _v, out) => void out.fill(0),
  };
}
