/**
 * Bilevel problems: measured by the hyper-gradient at the exact solution of the lower level.
 *
 * `∇Φ(x) = ∇ₓf - ∇²ₓᵧg v` with `∇²ᵧᵧg v = ∇ᵧf`, all at `(x, y(x))`.
 *
 * Source: Ghadimi and Wang, Approximation methods for bilevel programming (2018), equation 2.2; `y(x)` by Newton's
 * method and `v` by conjugate gradients.
 *
 * @module
 */
import { DomainError, ShapeError } from "../errors.ts";
import type { Kind } from "../kind.ts";
import { checkSize, refusal } from "../parts.ts";
import type { Bilevel, BlockBilevel } from "../bilevel.ts";
import { along, axpy, copy, dot, norm2, normInf, scale, type Vector } from "../vector.ts";

/**
 * Bilevel problems; the measures are `hypergradientNorm` = `|∇Φ(x)|∞`, with `y(x)` solved for from the point's `lower`,
 * and `lowerResidual` = `|∇ᵧg(x, y)|∞` at that `lower`. The value is `Φ(x)`.
 */
export const bilevel: Kind<Bilevel | BlockBilevel> = {
  name: "bilevel",
  oracles: [
    { path: ["upper", "value"], arity: 2, cost: 1, required: true, ranks: false },
    { path: ["upper", "gradientX"], arity: 3, cost: 1, required: true, ranks: false },
    { path: ["upper", "gradientY"], arity: 3, cost: 1, required: true, ranks: false },
    { path: ["lower", "value"], arity: 2, cost: 1, required: true, ranks: false },
    { path: ["lower", "gradientX"], arity: 3, cost: 1, required: true, ranks: false },
    { path: ["lower", "gradientY"], arity: 3, cost: 1, required: true, ranks: false },
    { path: ["lower", "hessianVector"], arity: 4, cost: 2, required: true, ranks: false },
    { path: ["lower", "crossVector"], arity: 4, cost: 2, required: true, ranks: false },
    { path: ["blocks", "upperGradientX"], arity: 3, cost: 1, required: "with-holder", ranks: false, batch: true },
    { path: ["blocks", "upperGradientY"], arity: 3, cost: 1, required: "with-holder", ranks: false, batch: true },
    { path: ["blocks", "lowerGradientY"], arity: 3, cost: 1, required: "with-holder", ranks: false, batch: true },
    { path: ["blocks", "lowerHessianVector"], arity: 4, cost: 2, required: "with-holder", ranks: false, batch: true },
    { path: ["blocks", "lowerCrossVector"], arity: 4, cost: 2, required: "with-holder", ranks: false, batch: true },
  ],
  measures: ["hypergradientNorm", "lowerResidual"],
  hasValue: true,
  ranking: "measure",
  dimension: (problem) => problem.dimension,
  parts: (problem) => ({ lower: problem.lowerDimension }),
  unit: (problem) => "blocks" in problem ? problem.blocks.count * problem.blocks.samples : 1,
  check: (problem) => {
    checkSize(problem, "lowerDimension", problem.lowerDimension);
    if (!("blocks" in problem)) return;
    const { count, size, samples } = problem.blocks;
    for (const [what, n] of Object.entries({ count, size, samples })) checkSize(problem, `blocks.${what}`, n);
    if (count * size !== problem.lowerDimension) {
      throw new ShapeError(refusal(problem, `lowerDimension ${count * size} for its blocks`, problem.lowerDimension));
    }
  },
  measurer: (problem) => {
    const { dimension, lowerDimension: m, upper, lower } = problem, solve = conjugateGradients(m);
    const y = new Float64Array(m), lowerGradient = new Float64Array(m), upperGradient = new Float64Array(m);
    const v = new Float64Array(m), hypergradient = new Float64Array(dimension), cross = new Float64Array(dimension);
    const minimize = newton(problem, solve);
    return ({ x, lower: given }, out) => {
      if (given) copy(given, y);
      else y.fill(0);
      lower.gradientY(x, y, lowerGradient);
      out.lowerResidual = normInf(lowerGradient);
      minimize(x, y);
      out.value = upper.value(x, y);
      upper.gradientX(x, y, hypergradient);
      upper.gradientY(x, y, upperGradient);
      solve((p, into) => lower.hessianVector(x, y, p, into), upperGradient, v);
      lower.crossVector(x, y, v, cross);
      axpy(-1, cross, hypergradient);
      out.hypergradientNorm = Number.isNaN(out.lowerResidual) ? NaN : normInf(hypergradient);
    };
  },
};

type Product = (v: Vector, out: Vector) => void;

/** Newton's method for `∇ᵧg(x, y) = 0`, in place, from any y: steps are halved until the gradient falls. */
function newton({ lower, lowerDimension: m }: Bilevel, solve: (A: Product, b: Vector, v: Vector) => void) {
  const gradient = new Float64Array(m), step = new Float64Array(m), trial = new Float64Array(m);
  return (x: Vector, y: Vector): void => {
    lower.gradientY(x, y, gradient);
    for (let k = 0; k < 200; k++) {
      const size = norm2(gradient);
      solve((p, into) => lower.hessianVector(x, y, p, into), gradient, step);
      const length = norm2(step), scale = 1 + norm2(y);
      if (!(length > 1e-15 * scale)) return; // also for NaN, which the measure then shows
      let t = 1;
      do {
        along(y, -t, step, trial);
        lower.gradientY(x, trial, gradient);
      } while (!(norm2(gradient) < (1 - 1e-4 * t) * size) && (t /= 2) > 1e-6);
      if (t <= 1e-6) { // rounding forbids a smaller gradient, or the problem is at fault
        if (length <= 1e-6 * scale) return;
        break;
      }
      copy(trial, y);
    }
    const left = norm2(gradient);
    throw new DomainError(`Cannot measure the bilevel problem: its lower level cannot be solved, gradient ${left}`);
  };
}

/** Conjugate gradients for `A v = b`, `A` symmetric positive definite. */
function conjugateGradients(m: number): (A: Product, b: Vector, v: Vector) => void {
  const residual = new Float64Array(m), p = new Float64Array(m), Ap = new Float64Array(m);
  return (A, b, v) => {
    v.fill(0);
    copy(b, residual);
    copy(b, p);
    let square = dot(b, b);
    const enough = 1e-30 * square;
    for (let k = 0; k < 10 * m && square > enough; k++) {
      A(p, Ap);
      const curvature = dot(p, Ap);
      if (curvature <= 0) {
        throw new DomainError(
          `Cannot measure the bilevel problem: expected a strongly convex lower level, got curvature ${curvature}`,
        );
      }
      axpy(square / curvature, p, v);
      axpy(-square / curvature, Ap, residual);
      const next = dot(residual, residual);
      scale(next / square, p);
      axpy(1, residual, p);
      square = next;
    }
  };
}
