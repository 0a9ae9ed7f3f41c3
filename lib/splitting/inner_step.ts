/**
 * Ways to find the first variable of ADMM: `u = argmin f(u) + ρ/2 (|u - a|² + |Ku - b|²)`.
 *
 * ```
 * factored   f = 0:  (I + KᵀK) u = a + Kᵀb, factored once, whatever ρ
 * Newton     ∇f(u) + ρ(u - a) + ρKᵀ(Ku - b) = 0 by Newton's method, its systems by conjugate gradients from the u of before
 * linearized u ← u - (∇f(u) + ρ(u - a) + ρKᵀ(Ku - b))/μ,  μ = L + ρ(1 + |K|²): one gradient step from the u of before
 * ```
 *
 * @module
 */
import {
  axpy,
  DomainError,
  type LinearOperator,
  MissingOracleError,
  norm2,
  type Options,
  type Rng,
  type Split,
  type TwiceSmooth,
  type Vector,
} from "../core/mod.ts";
import {
  add,
  cgCurvature,
  cgDirection,
  cgStart,
  cgStep,
  cgTurn,
  type CgWorkspace,
  cgWorkspace,
  type Cholesky,
  cholesky,
  identity,
  type Matrix,
  matrix,
} from "../linalg/mod.ts";

/** What is added to f: `ρ/2 (|u - a|² + |Ku - b|²)`. */
export interface Pull {
  /** ρ. */
  readonly rho: number;
  /** a. */
  readonly a: Vector;
  /** b. */
  readonly b: Vector;
}

/** Minimizes `f(u) + ρ/2 (|u - a|² + |Ku - b|²)`. */
export interface InnerStep<P extends Split = Split> {
  /** The name in options. */
  readonly name: string;
  /** The options it was made with. */
  readonly options: Options;
  /** What it remembers between steps: plain data. */
  readonly init: (problem: P, rng: Rng) => unknown;
  /** Writes the minimizer, or something nearer to it, into `u`, which holds that of the step before. */
  minimize(problem: P, memory: unknown, pull: Pull, u: Vector): void;
}

/**
 * The step for problems without a smooth part, by Cholesky's factor of `I + KᵀK`: O(n²) operations, after O(n³) once.
 */
export function factoredStep(): InnerStep {
  const factors = new WeakMap<Matrix, Cholesky>();
  return {
    name: "factored",
    options: {},
    init: ({ smooth, operator }): Matrix => {
      if (smooth) {
        throw new DomainError("Cannot make factored steps: expected a problem without a smooth part, got one with it");
      }
      return add(identity(operator.columns), gramMatrix(operator));
    },
    minimize: ({ operator }, memory, { a, b }, u) => {
      let factor = factors.get(memory as Matrix);
      if (!factor) factors.set(memory as Matrix, factor = cholesky(memory as Matrix));
      operator.applyTranspose(b, u);
      axpy(1, a, u);
      factor.solve(u, u);
    },
  };
}

/** `AᵀA`. */
export function gramMatrix({ rows, columns: n, apply, applyTranspose }: LinearOperator): Matrix {
  const unit = new Float64Array(n), image = new Float64Array(rows), gram = matrix(n, n);
  for (let j = 0; j < n; j++) {
    unit[j] = 1;
    apply(unit, image);
    applyTranspose(image, gram.data.subarray(j * n, (j + 1) * n));
    unit[j] = 0;
  }
  return gram;
}

/** Options of `newtonStep`. */
export interface NewtonStepOptions {
  /** The gradient is brought down to this part of what it is at the start of a step. Default 1e-4. */
  readonly tolerance?: number;
  /** The most Newton steps. Default 10. */
  readonly steps?: number;
}

interface NewtonMemory {
  readonly cg: CgWorkspace;
  readonly image: Vector;
  readonly pulled: Vector;
  /** Where the Hessian is taken. */
  readonly center: Vector;
}

/**
 * The step for any problem whose smooth part multiplies by its Hessian, exact up to a part of the change since the step
 * before, so that its errors are summable where ADMM converges linearly.
 *
 * @throws {DomainError} When an option is out of its range.
 */
export function newtonStep(options: NewtonStepOptions = {}): InnerStep {
  const { tolerance = 1e-4, steps = 10 } = options;
  if (!(tolerance > 0 && tolerance < 1 && Number.isSafeInteger(steps) && steps >= 1)) {
    throw new DomainError(
      `Cannot make Newton steps: expected a tolerance within 0 and 1 and a positive number of steps, got ${tolerance}, ${steps}`,
    );
  }
  return {
    name: "newton",
    options: { tolerance, steps },
    init: ({ smooth, operator: { rows, columns } }): NewtonMemory => {
      if (smooth && !("hessianVector" in smooth)) {
        throw new MissingOracleError("Cannot make Newton steps: expected smooth.hessianVector, the problem has none");
      }
      const [pulled, center] = [new Float64Array(columns), new Float64Array(columns)];
      return { cg: cgWorkspace(columns), image: new Float64Array(rows), pulled, center };
    },
    minimize: ({ smooth, operator: { apply, applyTranspose } }, memory, { rho, a, b }, u) => {
      const { cg, image, pulled, center } = memory as NewtonMemory, { residual, direction: p, product: q } = cg;
      let first = 0;
      for (let step = 0; step < steps; step++) {
        if (smooth) smooth.gradient(u, residual);
        else residual.fill(0);
        apply(u, image);
        for (let i = 0; i < b.length; i++) image[i] -= b[i];
        applyTranspose(image, pulled);
        for (let i = 0; i < u.length; i++) residual[i] = -residual[i] - rho * (u[i] - a[i] + pulled[i]);
        const size = norm2(residual);
        if (step === 0) first = size;
        if (!(size > tolerance * first) || size === 0) return;
        center.set(u);
        cgStart(cg);
        for (let k = 0; k < 10 * u.length; k++) {
          cgDirection(cg);
          apply(p, image);
          applyTranspose(image, pulled);
          if (smooth) (smooth as TwiceSmooth).hessianVector(center, p, q);
          else q.fill(0);
          for (let i = 0; i < u.length; i++) q[i] += rho * (p[i] + pulled[i]);
          if (!(cgCurvature(cg) > cg.flat)) break;
          const squared = cgStep(u, cg);
          if (Math.sqrt(squared) <= tolerance * size) break;
          cgTurn(cg, squared);
        }
      }
    },
  };
}

/** Options of `linearizedStep`. */
export interface LinearizedStepOptions {
  /** `|K|`, or a bound of it. */
  readonly operatorNorm: number;
  /** L. Default: that of the problem's smooth part, 0 without one. */
  readonly smoothness?: number;
}

/**
 * The step of linearized ADMM, which solves no system.
 *
 * Source: Zhang, Burger and Osher, A unified primal-dual algorithm framework based on Bregman iteration (2011), section
 * 3.
 *
 * @throws {DomainError} When a constant is negative or not finite, and in a run when L is not known.
 */
export function linearizedStep({ operatorNorm, smoothness }: LinearizedStepOptions): InnerStep {
  if (!(operatorNorm >= 0 && operatorNorm < Infinity && (smoothness ?? 0) >= 0 && (smoothness ?? 0) < Infinity)) {
    throw new DomainError(`Cannot linearize: expected constants >= 0, got ${operatorNorm} and ${smoothness}`);
  }
  const smoothnessOf = ({ smooth }: Split): number | undefined =>
    smoothness ?? (smooth ? smooth.constants?.smoothness : 0);
  return {
    name: "linearized",
    options: { operatorNorm, ...(smoothness !== undefined && { smoothness }) },
    init: (problem) => {
      if (smoothnessOf(problem) === undefined) {
        throw new DomainError(
          "Cannot linearize: expected a smoothness, as an option or among the problem's constants, got none",
        );
      }
      const { rows, columns } = problem.operator;
      return { gradient: new Float64Array(columns), image: new Float64Array(rows), pulled: new Float64Array(columns) };
    },
    minimize: (problem, memory, { rho, a, b }, u) => {
      const { smooth, operator } = problem, { gradient, image, pulled } = memory as Record<string, Vector>;
      smooth?.gradient(u, gradient);
      operator.apply(u, image);
      for (let i = 0; i < b.length; i++) image[i] -= b[i];
      operator.applyTranspose(image, pulled);
      const mu = smoothnessOf(problem)! + rho * (1 + operatorNorm ** 2);
      for (let i = 0; i < u.length; i++) u[i] -= (gradient[i] + rho * (u[i] - a[i] + pulled[i])) / mu;
    },
  };
}

/** The step that a function picks for a problem. */
export function pickedStep<P extends Split>(name: string, pick: (problem: P) => InnerStep<P>): InnerStep<P> {
  return {
    name,
    options: {},
    init: (problem, rng) => pick(problem).init(problem, rng),
    minimize: (problem, memory, pull, u) => pick(problem).minimize(problem, memory, pull, u),
  };
}

/** The factored step where there is no smooth part and K has at most 1000 columns, else Newton's. */
export function standardStep(): InnerStep {
  const factored = factoredStep(), newton = newtonStep();
  return pickedStep("standard", ({ smooth, operator }) => smooth || operator.columns > 1000 ? newton : factored);
}
