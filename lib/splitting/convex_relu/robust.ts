/**
 * Adversarial training of two-layer networks of rectified linear units as a convex program: every feature may change by
 * ε.
 *
 * ```
 * min over v, w   Σₖ φₖ(âₖ, ε |b̂ₖ|₁) + β Σᵢ (|vᵢ| + |wᵢ|)
 *                 âₖ = Σᵢ dᵢₖ xₖᵀ(vᵢ - wᵢ), the output;  b̂ₖ = Σᵢ dᵢₖ (vᵢ - wᵢ), its slope
 * subject to      (2Dᵢ - I)X vᵢ >= ε |vᵢ|₁ 1, the same for wᵢ: no change leaves the pattern
 *
 * hinge           φ = (1 - yâ + ε|b̂|₁)₊                y = ±1
 * logistic        φ = log(1 + exp(-2(±â - ε|b̂|₁)))     y = 1, 0
 * squared         φ = ½ (|â - y| + ε|b̂|₁)²
 * ```
 *
 * With a bias the last column of X holds ones, does not change, and has no part in `|·|₁` beside ε. For the hinge loss
 * and the ℓ1 norm it is a linear program, else a second-order cone program.
 *
 * As a split problem the variables are (v; w; t), `t_b >= |block b|₁`, and K stacks `(â; b̂)`,
 * `(2Dᵢ - I)Xvᵢ - ε tᵢ 1 >= 0`, and the pairs `(tᵢ, vᵢ)` in the epigraph of the ℓ1 norm.
 *
 * Source: Bai, Gautam and Sojoudi, Efficient global optimization of two-layer ReLU networks (2022), arXiv 2201.01965,
 * theorem 5 and equation (20).
 *
 * @module
 */
import {
  DomainError,
  type LinearOperator,
  type Matrix,
  type Proximable,
  ShapeError,
  type Split,
  type Vector,
} from "../../core/mod.ts";
import { l1Norm } from "../../proximal/mod.ts";
import type { Arrangements } from "./arrangements.ts";
import { gates } from "./gates.ts";
import { checkLabels, type ReluLoss, reluLosses } from "./losses.ts";
import { blockNorms } from "./problem.ts";
import {
  excess,
  projectOnEpigraph,
  proximalWorstCase,
  robustLoss,
  type RobustLossName,
  type WorstCase,
} from "./worst_case.ts";

/** What a robust program is made of. */
export interface RobustModel extends WorstCase {
  /** Examples in rows, n x d. */
  readonly X: Matrix;
  /** Their labels. */
  readonly y: Vector;
  /** The activation patterns. */
  readonly arrangements: Arrangements;
  /** The number of features that change. */
  readonly changing: number;
  /** Writes `(â; b̂)`, n outputs and the slopes in the changing features, n x changing, into `out`. */
  readonly response: (x: Vector, out: Vector) => void;
}

/** The convex program of adversarial training. */
export interface RobustRelu extends Split {
  /** The sum of norms, which does not see t. */
  readonly regularizer: Proximable;
  /** What it is made of. */
  readonly robust: RobustModel;
}

/** Options of `robustRelu`. */
export interface RobustReluOptions {
  /** ε >= 0, the largest change of a feature. */
  readonly radius: number;
  /** β > 0. */
  readonly weightDecay: number;
  /** The loss, summed over the examples. Default `hinge`. */
  readonly loss?: RobustLossName;
  /** The norm of vᵢ and wᵢ; `l1` is not that of a network's weight decay, but makes a linear program. Default `l2`. */
  readonly norm?: "l1" | "l2";
  /** Whether the last column of X holds ones, which do not change. Default true. */
  readonly bias?: boolean;
}

const fits: Record<RobustLossName, ReluLoss["labels"]> = {
  hinge: ["labels -1 and 1", (y) => y === -1 || y === 1],
  logistic: reluLosses.logistic.labels,
  squared: reluLosses.squared.labels,
};

/**
 * The convex program of adversarial training, in `2P (d + 1)` variables for P patterns. Start it at zeros. Patterns
 * that no unit keeps under all changes only slow it down: `keptArrangements` takes them out.
 *
 * @param X Examples in rows, n x d.
 * @param y A label for each.
 * @param arrangements Activation patterns, as of `perturbedArrangements`.
 * @throws {ShapeError} When the parts have different numbers of examples.
 * @throws {DomainError} When β is not positive, ε negative, a label is none, or no feature may change.
 *
 * @example A margin that no change of a tenth takes away
 * ```ts
 * import { iterations, measureBelow, solve } from "@gradus/gradus/core";
 * import { matrix } from "@gradus/gradus/linalg";
 * import { admm, reluArrangements, robustRelu, worstCases } from "@gradus/gradus/splitting";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const X = matrix([[-1, 1], [0, 1], [1, 1]]), y = Float64Array.of(1, -1, 1);
 * const problem = robustRelu(X, y, reluArrangements(X), { radius: 0.1, weightDecay: 1e-2 });
 * const stop = [measureBelow("kktResidual", { absolute: 1e-8 }), iterations(20000)];
 * const { status, x } = solve(problem, admm(), { start: new Float64Array(problem.operator.columns), stop });
 * assertEquals(status, "converged");
 * worstCases(problem, x).forEach((margin) => assertAlmostEquals(margin, 1, 1e-6));
 * ```
 */
export function robustRelu(X: Matrix, y: Vector, arrangements: Arrangements, options: RobustReluOptions): RobustRelu {
  const { radius, weightDecay, loss = "hinge", norm = "l2", bias = true } = options, verb = "state a robust program";
  const n = X.rows, d = X.columns, changing = d - (bias ? 1 : 0), blocks = 2 * arrangements.count;
  if (!(radius >= 0 && radius < Infinity && weightDecay > 0 && weightDecay < Infinity)) {
    throw new DomainError(
      `Cannot ${verb}: expected a radius >= 0 and a positive weight decay, got ${radius} and ${weightDecay}`,
    );
  }
  if (y.length !== n) throw new ShapeError(`Cannot ${verb}: expected ${n} labels, got ${y.length}`);
  if (changing < 1) throw new DomainError(`Cannot ${verb}: expected features besides the bias, got ${d} columns`);
  checkLabels(verb, y, fits[loss]);
  const worst: WorstCase = { loss, radius }, response = responses(X, arrangements, changing);
  const weights = blocks * d,
    seen = response.rows,
    signed = gates(X, arrangements).signed,
    epigraph = seen + signed.rows;
  const held = new Float64Array(weights);
  return {
    kind: "split",
    name: `robust ReLU training, radius ${radius}`,
    regularizer: onFirst(weights, norm === "l1" ? l1Norm(weightDecay) : blockNorms(blocks, d, weightDecay)),
    operator: {
      rows: epigraph + blocks * (changing + 1),
      columns: weights + blocks,
      apply: (x, out) => {
        const blocksOfX = x.subarray(0, weights);
        response.apply(blocksOfX, out.subarray(0, seen));
        signed.apply(blocksOfX, out.subarray(seen, epigraph));
        for (let b = 0, to = epigraph; b < blocks; b++) {
          const t = x[weights + b];
          for (let k = 0; k < n; k++) out[seen + b * n + k] -= radius * t;
          out[to++] = t;
          for (let j = 0; j < changing; j++) out[to++] = x[b * d + j];
        }
      },
      applyTranspose: (z, out) => {
        const blocksOfOut = out.subarray(0, weights);
        response.applyTranspose(z.subarray(0, seen), held);
        signed.applyTranspose(z.subarray(seen, epigraph), blocksOfOut);
        for (let i = 0; i < weights; i++) out[i] += held[i];
        for (let b = 0, from = epigraph; b < blocks; b++) {
          let sum = 0;
          for (let k = 0; k < n; k++) sum += z[seen + b * n + k];
          out[weights + b] = z[from++] - radius * sum;
          for (let j = 0; j < changing; j++) out[b * d + j] += z[from++];
        }
      },
    },
    outer: {
      value: (z) => {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += robustLoss(loss, excess(worst, y[k], z[k], z, n + k * changing, changing));
        return sum;
      },
      proximal: (z, step, out) => {
        if (out !== z) out.set(z);
        for (let k = 0; k < n; k++) {
          out[k] = proximalWorstCase(worst, step, y[k], out[k], out, n + k * changing, changing);
        }
        for (let i = seen; i < epigraph; i++) out[i] = Math.max(0, out[i]);
        for (let i = epigraph; i < out.length; i += changing + 1) projectOnEpigraph(out, i, changing);
      },
    },
    robust: {
      ...worst,
      X,
      y,
      arrangements,
      changing,
      response: (x, out) => response.apply(x.subarray(0, weights), out),
    },
  };
}

/**
 * The worst case of each example for the network behind a point, at most in the changes that the program allows for:
 * the margin `±âₖ - ε |b̂ₖ|₁` for hinge and logistic, the largest `|âₖ - yₖ| + ε |b̂ₖ|₁` for the squared loss. It is
 * attained where the point satisfies the constraints.
 */
export function worstCases({ robust }: RobustRelu, x: Vector): Vector {
  const { X: { rows: n }, y, changing, loss } = robust, z = new Float64Array(n * (1 + changing));
  robust.response(x, z);
  return Float64Array.from(y, (label, k) => {
    const q = excess(robust, label, z[k], z, n + k * changing, changing);
    return loss === "squared" ? q : -q;
  });
}

/** `(v; w) ↦ (â; b̂)`. */
function responses(X: Matrix, { count, patterns }: Arrangements, changing: number): LinearOperator {
  const n = X.rows, d = X.columns, half = count * d, difference = new Float64Array(half);
  return {
    rows: n * (1 + changing),
    columns: 2 * half,
    apply: (x, out) => {
      for (let i = 0; i < half; i++) difference[i] = x[i] - x[half + i];
      out.fill(0);
      for (let i = 0; i < count; i++) {
        for (let k = 0; k < n; k++) {
          if (patterns[i * n + k] === 0) continue;
          let output = 0;
          for (let j = 0; j < d; j++) output += X.data[k * d + j] * difference[i * d + j];
          out[k] += output;
          for (let j = 0; j < changing; j++) out[n + k * changing + j] += difference[i * d + j];
        }
      }
    },
    applyTranspose: (z, out) => {
      difference.fill(0);
      for (let i = 0; i < count; i++) {
        for (let k = 0; k < n; k++) {
          if (patterns[i * n + k] === 0) continue;
          for (let j = 0; j < d; j++) difference[i * d + j] += X.data[k * d + j] * z[k];
          for (let j = 0; j < changing; j++) difference[i * d + j] += z[n + k * changing + j];
        }
      }
      for (let i = 0; i < half; i++) out[half + i] = -(out[i] = difference[i]);
    },
  };
}

/** A function of the first m variables alone. */
function onFirst(m: number, f: Proximable): Proximable {
  return {
    value: (x) => f.value(x.subarray(0, m)),
    proximal: (x, step, out) => {
      f.proximal(x.subarray(0, m), step, out.subarray(0, m));
      for (let i = m; i < x.length; i++) out[i] = x[i];
    },
  };
}
