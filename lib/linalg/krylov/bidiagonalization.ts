/**
 * Golub and Kahan's bidiagonalization, the process under LSQR and LSMR, and what the two share.
 *
 * ```
 * β₁ u₁ = b - A x₀,  α₁ v₁ = Aᵀu₁,   β_{k+1} u_{k+1} = A v_k - α_k u_k,  α_{k+1} v_{k+1} = Aᵀu_{k+1} - β_{k+1} v_k
 * ```
 *
 * With a preconditioner N the operator is `A N`, and `x = x₀ + N y`.
 *
 * Source: Golub and Kahan, Calculating the singular values and pseudo-inverse of a matrix (1965); Paige and Saunders,
 * LSQR: an algorithm for sparse linear equations and sparse least squares (1982), section 3.
 *
 * @module
 */
import { axpy, copy, type LinearOperator, norm2, scale, type Vector } from "../../core/mod.ts";
import { Iteration } from "./iteration.ts";
import type { IterativeOptions, IterativeSolution } from "./solution.ts";

/** The last iterate of a least-squares problem and what became of it. */
export interface LeastSquaresSolution extends IterativeSolution {
  /** `|Aᵀ(b - A x)|₂`, computed from x at the end. */
  readonly normalResidual: number;
}

/** A start anew has to make the normal residual less than this share of that at the start before. */
const PROGRESS = 0.5;

const MINIMAL = "x is a minimizer of |b - A x|";

/** What LSQR and LSMR keep, and how they end. */
export class LeastSquaresIteration extends Iteration {
  /** `u`, of length 1. */
  readonly u: Vector;
  /** `v`, of length 1, of the preconditioned problem. */
  readonly v: Vector;
  /** `N v`; without a preconditioner v itself. */
  readonly direction: Vector;
  /** `α`. */
  alpha = 0;
  /** `β`. */
  beta = 0;
  readonly #tolerance: number;
  readonly #image: Vector;
  readonly #product: Vector;
  /** The largest `|Aᵀu|` and `|NᵀAᵀu|`: lower bounds of `|A|₂` and `|A N|₂`. */
  #size = 0;
  #preconditionedSize = 0;
  /** The recursion has to see the tolerance times this. */
  #strictness = 1;
  #normal = Infinity;

  /** Checks everything. */
  constructor(verb: string, A: LinearOperator, b: Vector, options: IterativeOptions) {
    super(verb, A, b, options, 10 * Math.max(A.rows, A.columns));
    const { rows: m, columns: n } = A;
    this.u = new Float64Array(m);
    this.v = new Float64Array(n);
    this.direction = this.preconditioner ? new Float64Array(n) : this.v;
    this.#image = new Float64Array(m);
    this.#product = new Float64Array(n);
    this.#tolerance = options.tolerance ?? 1e-8;
  }

  /**
   * Says whether the method is to start (again) from the residual computed from x. If so, the first u, v, α and β are
   * there.
   */
  override begins(): boolean {
    if (!super.begins(Infinity)) return false;
    const before = this.#normal;
    this.#normal = this.#normalResidual();
    const asked = this.#tolerance * this.#size * this.reference;
    if (this.#normal <= asked) this.end("converged", MINIMAL);
    else if (!(this.#normal < PROGRESS * before)) {
      this.fail(this.#normal, "stagnated", "the residual of the normal equations, computed from x, no longer falls");
    } else {
      if (before < Infinity) this.#strictness *= Math.min(0.1, asked / this.#normal);
      divide(this.r, this.reference, this.u);
      this.beta = this.reference;
      this.v.fill(0);
      this.#extendRight();
      if (this.alpha > 0) return true;
      this.fail(this.alpha, "breakdown", "the preconditioner is singular");
    }
    return false;
  }

  /** The next u, v, α, β; false if they are not finite. */
  extend(): boolean {
    this.apply(this.direction, this.#image);
    axpy(-this.alpha, this.u, this.#image);
    this.beta = norm2(this.#image);
    divide(this.#image, this.beta, this.u);
    this.#extendRight();
    const finite = this.alpha < Infinity && this.beta < Infinity;
    if (!finite) this.fail(NaN);
    return finite;
  }

  /** Notes the two residuals of one more iterate as recursions have them; says whether the method is to go on. */
  followsBoth(residual: number, normal: number): boolean {
    const goesOn = this.follows(residual);
    return goesOn && this.alpha > 0 && this.beta > 0 &&
      normal > this.#strictness * this.#tolerance * this.#preconditionedSize * residual &&
      normal > Number.EPSILON * this.#preconditionedSize * this.reference;
  }

  /** Ends it as converged if x, of any ending, is a minimizer after all. */
  override solution(): LeastSquaresSolution {
    const { residual } = super.solution(), normalResidual = this.#normalResidual();
    if (normalResidual <= this.#tolerance * this.#size * residual) this.end("converged", MINIMAL);
    return { ...super.solution(), normalResidual };
  }

  /** `|Aᵀr|`. */
  #normalResidual(): number {
    this.applyTranspose(this.r, this.#product);
    return norm2(this.#product);
  }

  /** `α v ← NᵀAᵀu - β v`. */
  #extendRight(): void {
    const { u, v, preconditioner: N } = this, next = this.#product;
    this.applyTranspose(u, next);
    this.#size = Math.max(this.#size, norm2(next));
    if (N) {
      N.applyTranspose(next, this.direction);
      copy(this.direction, next);
    }
    this.#preconditionedSize = Math.max(this.#preconditionedSize, norm2(next));
    axpy(-this.beta, v, next);
    this.alpha = norm2(next);
    divide(next, this.alpha, v);
    if (N) N.apply(v, this.direction);
  }
}

/** `out ← x / length`, or 0 where that is zero. */
function divide(x: Vector, length: number, out: Vector): void {
  copy(x, out);
  if (length > 0) scale(1 / length, out);
}
