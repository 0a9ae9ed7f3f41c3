/**
 * What all iterative solvers share: the checks at the door, counting, the history of residuals, and the last word on a
 * solution, which only `b - A x` computed anew has.
 *
 * Recursions for the residual drift away from the truth. So when a recursion says that the residual is small enough, or
 * so small that it can know nothing any more, the residual is computed: either that is small enough too, or the method
 * starts anew from it, or, when that no longer helps, the solver says that it stagnates.
 *
 * Source: Sleijpen and van der Vorst, Reliable updated residuals in hybrid Bi-CG methods (1996).
 *
 * @module
 */
import { DomainError, type LinearOperator, norm2, ShapeError, type Vector } from "../../core/mod.ts";
import { checkFiniteEntries, checkLength } from "../matrices/checks.ts";
import type { IterativeOptions, IterativeSolution, IterativeStatus } from "./solution.ts";

/** Below these shares of the residual at its start and of b a recursion knows nothing. */
const DRIFT = 2 ** -50, ROUNDING = 2 ** -56;

/** A residual up to so many times that of the recursion confirms it. */
const CLOSE = 1.5;

/** A start anew has to make the residual less than this share of that at the start before. */
const PROGRESS = 0.5;

/**
 * After so many times n + 50 iterations that did not make the residual less by this factor a method asks for the truth.
 */
const PATIENCE = 2, LESS = 0.9;

/** Refuses an operator that is not n x n. */
export function checkSquareOperator(verb: string, what: string, A: LinearOperator, n: number): void {
  if (A.rows !== n || A.columns !== n) {
    throw new ShapeError(`Cannot ${verb}: expected ${what} of ${n} x ${n}, got ${A.rows} x ${A.columns}`);
  }
}

/** Refuses a number that is negative, infinite or NaN. */
export function checkNonnegative(verb: string, what: string, value: number): void {
  if (!(value >= 0 && value < Infinity)) {
    throw new DomainError(`Cannot ${verb}: expected ${what} >= 0, got ${value}`);
  }
}

/** Refuses a number that is no count. */
export function checkCount(verb: string, what: string, value: number, least = 0): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new DomainError(`Cannot ${verb}: expected a whole number ${what} >= ${least}, got ${value}`);
  }
}

/** What a solve of `A x = b` begins with. */
export interface Opening {
  /** The first iterate, in memory of its own. */
  readonly x: Vector;
  /** `|b|`. */
  readonly size: number;
  /** The residual's norm is to be at most this. */
  readonly target: number;
  /** At most so many iterations. */
  readonly maxIterations: number;
}

/**
 * Checks the right-hand side and the options, all but the preconditioner; `limit` is the method's own for iterations.
 */
export function opening(
  verb: string,
  { rows, columns }: Pick<LinearOperator, "rows" | "columns">,
  b: Vector,
  limit: number,
  { tolerance = 1e-8, absolute = 0, maxIterations = limit, start }: IterativeOptions,
): Opening {
  checkLength(verb, "a right-hand side", b, rows);
  checkFiniteEntries(verb, b);
  checkNonnegative(verb, "a tolerance", tolerance);
  checkNonnegative(verb, "an absolute tolerance", absolute);
  checkCount(verb, "maxIterations", maxIterations);
  if (start) {
    checkLength(verb, "a start", start, columns);
    checkFiniteEntries(verb, start);
  }
  const size = norm2(b);
  return {
    x: start?.slice() ?? new Float64Array(columns),
    size,
    target: Math.max(tolerance * size, absolute),
    maxIterations,
  };
}

/** What one solve keeps besides the vectors of its method. */
export class Iteration {
  /** The iterate. */
  readonly x: Vector;
  /** The residual `b - A x`, as computed by `begins`; in between the method's own. */
  readonly r: Vector;
  /** The residual's norm is to be at most this. */
  readonly target: number;
  /** The preconditioner. */
  readonly preconditioner: LinearOperator | undefined;
  /** Iterations made. */
  iterations = 0;
  /** Products made. */
  products = 0;
  /** The norm of the residual at the last start of the method; infinite before the first one. */
  reference = Infinity;

  readonly #A: LinearOperator;
  readonly #b: Vector;
  readonly #limit: number;
  readonly #rounding: number;
  /** The target, or half of it once the truth was above it where the recursion was not. */
  #asked: number;
  #followed = Infinity;
  #history = new Float64Array(64);
  #status: IterativeStatus | undefined;
  #message = "";
  /** The least norm that the method followed since its start, and the iteration it came from. */
  #least = Infinity;
  #leastAt = 0;
  /** Whether r is that of x. */
  #known: boolean;

  /**
   * Checks everything.
   *
   * @param verb As in `solve by conjugate gradients`.
   * @param A The operator, m x n.
   * @param b The right-hand side, m entries.
   * @param options As the caller gave them.
   * @param limit The method's own limit for iterations.
   */
  constructor(verb: string, A: LinearOperator, b: Vector, options: IterativeOptions, limit: number) {
    const { x, size, target, maxIterations } = opening(verb, A, b, limit, options), { preconditioner } = options;
    if (preconditioner) checkSquareOperator(verb, "a preconditioner", preconditioner, A.columns);
    this.#A = A;
    this.#b = b;
    this.#limit = maxIterations;
    this.x = x;
    this.#known = options.start === undefined;
    this.r = this.#known ? b.slice() : new Float64Array(A.rows);
    this.target = this.#asked = target;
    this.#rounding = ROUNDING * size;
    this.preconditioner = preconditioner;
  }

  /** `out ← A x`, counted. */
  apply(x: Vector, out: Vector): void {
    this.products++;
    this.#A.apply(x, out);
  }

  /** `out ← Aᵀ y`, counted. */
  applyTranspose(y: Vector, out: Vector): void {
    this.products++;
    this.#A.applyTranspose(y, out);
  }

  /** The residual below which a method asks for the truth. */
  get enough(): number {
    return Math.max(this.#asked, DRIFT * this.reference, this.#rounding);
  }

  /**
   * Computes the residual, r and its norm, and says whether the method is to start (again) from there. If not, the
   * solve has ended: it stagnates when the norm is not below this share of that at the start before, or breaks down for
   * the reason that the method broke off for.
   */
  begins(progress = PROGRESS, brokeOff?: string): boolean {
    if (this.#status) return false;
    const norm = this.#truth(), confirmed = this.#followed <= this.enough && norm <= CLOSE * this.#followed;
    if (norm <= this.target) this.end("converged", "");
    else if (!(norm < Infinity)) this.end("non-finite", "a product with A holds a number that is not finite");
    else if (this.iterations >= this.#limit) this.end("iteration-limit", "");
    else if (!(norm < progress * this.reference) && !confirmed) {
      if (brokeOff) this.end("breakdown", brokeOff);
      else this.end("stagnated", "the residual computed from x no longer falls");
    }
    this.reference = norm;
    if (this.iterations > 0) this.#asked = this.target / 2;
    this.#followed = Infinity;
    this.#least = norm;
    this.#leastAt = this.iterations;
    return this.#status === undefined;
  }

  /**
   * Notes the residual of one more iterate, and says whether the method is to go on before the next look at the truth.
   */
  follows(norm: number): boolean {
    this.#note(++this.iterations, norm);
    this.#followed = norm;
    this.#known = false;
    if (norm < LESS * this.#least) {
      this.#least = norm;
      this.#leastAt = this.iterations;
    }
    return norm > this.enough && this.iterations < this.#limit &&
      this.iterations - this.#leastAt < PATIENCE * (this.x.length + 50);
  }

  /** After a change of x that is no iteration: whatever comes, it is a first start. */
  moved(): void {
    this.#known = false;
    this.reference = Infinity;
  }

  /** Ends the solve. */
  end(status: IterativeStatus, message: string): void {
    this.#status = status;
    this.#message = message;
  }

  /** Ends it for a number that is not finite, or else for the given reason. */
  fail(value: number, status: IterativeStatus = "breakdown", message = ""): void {
    if (value - value === 0) this.end(status, message);
    else this.end("non-finite", "a product with A or the preconditioner holds a number that is not finite");
  }

  /**
   * Ends it for a direction, of this name, whose curvature is not above `flat`, which is what rounding leaves of zero.
   */
  failCurvature(curvature: number, flat: number, p: string): void {
    const negative = curvature < -flat, figure = negative ? curvature.toExponential(2) : "0 up to rounding";
    this.fail(
      curvature,
      negative ? "indefinite" : "breakdown",
      `A is not positive definite: in a direction ${p}, ${p}ᵀA ${p} = ${figure}`,
    );
  }

  /** Ends it for a preconditioner M with this `rᵀM r`. */
  failPreconditioner(square: number): void {
    this.fail(square, "indefinite", `the preconditioner is not positive definite: rᵀM r = ${square.toExponential(2)}`);
  }

  /** Ends it as converged if x, of any ending, solves the system after all; returns what became of it. */
  solution(): IterativeSolution {
    const residual = this.#truth(), { iterations, target } = this;
    const status = residual <= target ? "converged" : this.#status ?? "iteration-limit";
    const figures = `|b - A x| = ${residual.toExponential(2)} after ${iterations} iterations, asked for ` +
      target.toExponential(2);
    return {
      x: this.x,
      status,
      message: residual <= target || this.#message === "" ? figures : `${this.#message}; ${figures}`,
      iterations,
      products: this.products,
      residual,
      residuals: this.#history.slice(0, iterations + 1),
    };
  }

  /** `r ← b - A x`; returns its norm and notes it. */
  #truth(): number {
    const { x, r } = this, b = this.#b;
    if (!this.#known) {
      this.apply(x, r);
      for (let i = 0; i < r.length; i++) r[i] = b[i] - r[i];
      this.#known = true;
    }
    const norm = norm2(r);
    this.#note(this.iterations, norm);
    return norm;
  }

  #note(k: number, norm: number): void {
    if (k === this.#history.length) {
      const longer = new Float64Array(2 * k);
      longer.set(this.#history);
      this.#history = longer;
    }
    this.#history[k] = norm;
  }
}
