/**
 * Kinds of problem. A problem is a plain immutable object of oracles; its `kind` says which ones it must have. More
 * structure is never assignable to less: a composite problem holds a smooth one, it is none.
 *
 * Oracles are synchronous, write into `out`, and allocate nothing.
 *
 * @module
 */
import type { Bilevel } from "./bilevel.ts";
import type { Fractional } from "./fractional.ts";
import type { LinearOperator } from "./sparse.ts";
import type { Matrix } from "./storage.ts";
import type { Transport } from "./transport.ts";
import type { Vector } from "./vector.ts";

/** Constants of a smooth function that accelerated methods need. */
export interface Constants {
  /** A Lipschitz constant `L` of the gradient. */
  readonly smoothness: number;
  /** The modulus `μ` of strong convexity; 0 for a function that is only convex. */
  readonly strongConvexity: number;
}

/** What every kind of problem may say about itself. */
export interface Described {
  /** A name for tables, charts and messages. */
  readonly name?: string;
  /** What a call costs where that differs from the kind's own figure, as `{ gradient: dimension + 1 }`. */
  readonly costs?: Readonly<Record<string, number>>;
}

/** Minimize a differentiable function `f: Rⁿ → R`. */
export interface Smooth extends Described {
  /** Tells the kind. */
  readonly kind: "smooth";
  /** The number `n` of variables. */
  readonly dimension: number;
  /** `f(x)`. */
  readonly value: (x: Vector) => number;
  /** Writes `∇f(x)` into `out` and returns `f(x)`. */
  readonly gradient: (x: Vector, out: Vector) => number;
  /** `L` and `μ`, where they are known. */
  readonly constants?: Constants;
}

/** A smooth problem with second derivatives, as products with the Hessian. */
export interface TwiceSmooth extends Smooth {
  /** Writes `∇²f(x) v` into `out`. */
  readonly hessianVector: (x: Vector, v: Vector, out: Vector) => void;
}

/** A convex function known by its proximal operator. */
export interface Proximable {
  /** `r(x)`; `Infinity` outside its domain. */
  readonly value: (x: Vector) => number;
  /** Writes `argminᵤ r(u) + |u - x|²/(2 step)` into `out`, which may be `x` itself. */
  readonly proximal: (x: Vector, step: number, out: Vector) => void;
}

/** Minimize `f(x) + r(x)`, `f` smooth, `r` convex with a proximal operator. */
export interface Composite extends Described {
  /** Tells the kind. */
  readonly kind: "composite";
  /** `f`. */
  readonly smooth: Smooth;
  /** `r`. */
  readonly regularizer: Proximable;
}

/** A differentiable function `c: Rⁿ → Rᵐ`, by products with its Jacobian matrix `J = (∂cᵢ/∂xⱼ)`. */
export interface VectorFunction {
  /** The number `m` of components. */
  readonly components: number;
  /** Writes `c(x)` into `out`. */
  readonly value: (x: Vector, out: Vector) => void;
  /** Writes `J(x) v`, of length `m`, into `out`. */
  readonly jacobianVector: (x: Vector, v: Vector, out: Vector) => void;
  /** Writes `J(x)ᵀ w`, of length `n`, into `out`. */
  readonly jacobianTransposeVector: (x: Vector, w: Vector, out: Vector) => void;
  /** Writes `J(x)` as a dense `m` x `n` matrix. */
  readonly jacobian?: (x: Vector, out: Matrix) => void;
  /** Writes `Σᵢ wᵢ ∇²cᵢ(x) v` into `out`. */
  readonly hessianVector?: (x: Vector, w: Vector, v: Vector, out: Vector) => void;
}

/** `c(x) = 0`, `g(x) <= 0` and `lower <= x <= upper`; what is left out does not constrain. */
export interface Constraints {
  /** `c`, with `c(x) = 0`. */
  readonly equality?: VectorFunction;
  /** `g`, with `g(x) <= 0`. */
  readonly inequality?: VectorFunction;
  /** Lower bounds of all variables; `-Infinity` for none. */
  readonly lower?: Vector;
  /** Upper bounds of all variables; `Infinity` for none. */
  readonly upper?: Vector;
}

/**
 * Minimize `f(x)` subject to constraints.
 *
 * A point's `multipliers` are `λ`, one for each equality, then `ω`, one for each inequality, in the Lagrangian
 * `f + λᵀc + ωᵀg`: at a solution `ω >= 0`. Bounds have no multipliers; where a bound is active, the gradient of the
 * Lagrangian is its multiplier.
 */
export interface Constrained extends Described {
  /** Tells the kind. */
  readonly kind: "constrained";
  /** `f`. */
  readonly objective: Smooth;
  /** What `x` must satisfy. */
  readonly constraints: Constraints;
}

/**
 * Minimize the mean `f(x) = 1/N Σᵢ fᵢ(x)` over `N` examples, of which a call sees a batch. A batch lists examples, from
 * 0 to `N - 1`, and is drawn by the solver; the same batch gives the same function.
 */
export interface Stochastic extends Described {
  /** Tells the kind. */
  readonly kind: "stochastic";
  /** The number `n` of variables. */
  readonly dimension: number;
  /** The number `N` of examples. */
  readonly examples: number;
  /** The mean of `fᵢ(x)` over the batch. */
  readonly batchValue: (x: Vector, batch: Uint32Array) => number;
  /** Writes the mean of `∇fᵢ(x)` over the batch into `out` and returns the mean of `fᵢ(x)`. */
  readonly batchGradient: (x: Vector, batch: Uint32Array, out: Vector) => number;
  /** Writes the mean of `∇²fᵢ(x) v` over the batch into `out`. */
  readonly batchHessianVector?: (x: Vector, batch: Uint32Array, v: Vector, out: Vector) => void;
}

/**
 * How a loss sees parameters: through `K` numbers for each example, its targets `zᵢ(x)`, as `fᵢ(x) = ℓᵢ(zᵢ(x))`.
 * Vectors over a batch hold K numbers for each of its examples, in its order.
 */
export interface Targets {
  /** `K`. */
  readonly perExample: number;
  /** `L`: each `∇ℓᵢ` is Lipschitz with it. */
  readonly smoothness: number;
  /** Writes `zᵢ(x)` of the batch into `out`. Of no cost: the losses are what is expensive. */
  readonly predict: (x: Vector, batch: Uint32Array, out: Vector) => void;
  /** Writes `Σ Jᵢ(x)ᵀwᵢ` over the batch, `Jᵢ` the derivative of `zᵢ`, into `out`. Of no cost. */
  readonly pullBack: (x: Vector, batch: Uint32Array, w: Vector, out: Vector) => void;
  /** The mean of `ℓᵢ(zᵢ)` over the batch. */
  readonly loss: (z: Vector, batch: Uint32Array) => number;
  /** Writes `∇ℓᵢ(zᵢ)` of the batch into `out` and returns the mean of `ℓᵢ(zᵢ)`. */
  readonly lossGradient: (z: Vector, batch: Uint32Array, out: Vector) => number;
}

/** A stochastic problem that shows the targets of its losses. */
export interface TargetStochastic extends Stochastic {
  /** The way from parameters to losses. */
  readonly targets: Targets;
}

/** Minimize `½ |r(x)|²`. Some test sets leave out the factor ½: their minima are twice as large. */
export interface LeastSquares extends Described {
  /** Tells the kind. */
  readonly kind: "least-squares";
  /** The number `n` of variables. */
  readonly dimension: number;
  /** The residuals `r: Rⁿ → Rᵐ`. */
  readonly residual: VectorFunction;
  /** With bounds it is a `BoundedLeastSquares`, which solvers that know of none refuse. */
  readonly lower?: never;
  /** The same. */
  readonly upper?: never;
}

/** Minimize `½ |r(x)|²` subject to `lower <= x <= upper`. A bound that is left out, or infinite, does not constrain. */
export interface BoundedLeastSquares extends Omit<LeastSquares, "lower" | "upper"> {
  /** Lower bounds of all variables; `-Infinity` for none. */
  readonly lower?: Vector;
  /** Upper bounds of all variables; `Infinity` for none. */
  readonly upper?: Vector;
}

/**
 * Minimize `cᵀx` subject to `rowLower <= Ax <= rowUpper` and `lower <= x <= upper`. Infinite entries do not bound;
 * equal ones are equations.
 *
 * A point's `multipliers` are `y`, one for each row, in the Lagrangian `cᵀx + yᵀAx`: `yᵢ >= 0` where a row is at its
 * upper bound, `yᵢ <= 0` where it is at its lower one. The reduced costs `c + Aᵀy` are 0 between bounds, `>= 0` at a
 * lower bound, `<= 0` at an upper one.
 */
export interface LinearProgram extends Described {
  /** Tells the kind. */
  readonly kind: "linear-program";
  /** The coefficients `c`; their number is the number `n` of variables. */
  readonly objective: Vector;
  /** `A`, `m` x `n`. */
  readonly matrix: LinearOperator;
  /** Lower bounds of the rows of `Ax`. */
  readonly rowLower: Vector;
  /** Upper bounds of the rows of `Ax`. */
  readonly rowUpper: Vector;
  /** Lower bounds of the variables. */
  readonly lower: Vector;
  /** Upper bounds of the variables. */
  readonly upper: Vector;
  /** 1 for variables that must be whole, 0 for others. Solvers of programs without such variables refuse it. */
  readonly integer?: Uint8Array;
}

/**
 * Minimize `½ xᵀPx + cᵀx` under the constraints of a linear program, whose objective is `cᵀx`; `P` is symmetric
 * positive semidefinite. The multipliers are those of the linear program, with the reduced costs `Px + c + Aᵀy`.
 */
export interface QuadraticProgram extends Described {
  /** Tells the kind. */
  readonly kind: "quadratic-program";
  /** `P`, `n` x `n`, both triangles. */
  readonly hessian: LinearOperator;
  /** `cᵀx` and the constraints. */
  readonly linear: LinearProgram;
}

/**
 * Find `x` with `0 ∈ F(x) + G(x)`, `G` maximally monotone. With `G` the normal cone of a convex set `C` this is the
 * variational inequality `F(x)ᵀ(u - x) >= 0` for all `u` in `C`, `x` in `C`; without `G`, the equation `F(x) = 0`. A
 * solver that cannot respect `G` takes problems with `resolvent?: never`.
 */
export interface VariationalInequality extends Described {
  /** Tells the kind. */
  readonly kind: "operator";
  /** The number `n` of variables. */
  readonly dimension: number;
  /** Writes `F(x)` into `out`. */
  readonly operator: (x: Vector, out: Vector) => void;
  /** Writes `F'(x) v` into `out`; solvers that want it take differences where it is missing. */
  readonly jacobianVector?: (x: Vector, v: Vector, out: Vector) => void;
  /** Writes `(I + step G)⁻¹ x` into `out`, which may be `x` itself: for a set, the projection at any step. */
  readonly resolvent?: (x: Vector, step: number, out: Vector) => void;
}

/**
 * Minimize `f(x) + r(x) + h(Kx)`, `f` convex and smooth, `r` and `h` convex with proximal operators, `K` linear. What
 * is left out is zero.
 *
 * A point's `multipliers` are `y`, one for each row of `K`, a subgradient of `h` at `Kx` for which `-Kᵀy` is one of
 * `f + r` at `x`.
 */
export interface Split extends Described {
  /** Tells the kind. */
  readonly kind: "split";
  /** `f`. */
  readonly smooth?: Smooth;
  /** `r`. */
  readonly regularizer?: Proximable;
  /** `K`. */
  readonly operator: LinearOperator;
  /** `h`. */
  readonly outer: Proximable;
}

/** A problem with a standard start and known minima, as test sets, `compare` and the command line use it. */
export interface Instance<P = Problem> {
  /** Unique among the instances that are compared with each other. */
  readonly name: string;
  /** The problem. */
  readonly problem: P;
  /** The standard start. */
  readonly start: Vector;
  /** Known minima of the value, the global one first; empty where none is known. */
  readonly minima: readonly number[];
  /** Identifies the data behind the problem, so that results of several studies can be merged. */
  readonly dataHash?: string;
}

/** Any kind of problem. */
export type Problem =
  | Smooth
  | Composite
  | Fractional
  | Constrained
  | Stochastic
  | BoundedLeastSquares
  | LinearProgram
  | QuadraticProgram
  | VariationalInequality
  | Split
  | Bilevel
  | Transport;
