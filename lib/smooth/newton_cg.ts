/**
 * Newton-CG: the Newton system solved by conjugate gradients as exactly as it pays.
 *
 * ```
 * CG on  ∇²f(x) p = -∇f(x)  until  |r| <= min(1/2, √|∇f|) |∇f|
 * at a direction d of negative curvature  c = dᵀ∇²f d < -ε |d|²:  p ← p + (|r|²/|c|) d,  and CG ends
 * x ← x + a p  by a line search from a = 1
 * ```
 *
 * Nocedal and Wright end CG with the p so far. Near a saddle point that p has next to nothing along d, and the iterates
 * linger; a step along d by the size of its curvature leaves at once (the line search lengthens it if that was short).
 *
 * Source: Nocedal and Wright, Numerical Optimization (2006), algorithm 7.1, but for the step along d.
 *
 * @module
 */
import {
  axpy,
  copy,
  DomainError,
  dot,
  fillNormal,
  norm2,
  type Rng,
  type Smooth,
  type Solver,
  type TwiceSmooth,
  type Vector,
} from "../core/mod.ts";
import { cgCurvature, cgDirection, cgStart, cgStep, cgTurn, type CgWorkspace, cgWorkspace } from "../linalg/mod.ts";
import { descent, type DescentState, type Direction, firstStep, negative } from "./descent.ts";
import type { SecantName } from "./hessian/secant.ts";
import { type HessianName, hessianSource, methodName } from "./hessian/source.ts";
import type { LineSearch } from "./line.ts";
import { moreThuente } from "./linesearch/more_thuente.ts";

/** Options of `newtonCg`. */
export interface NewtonCgOptions {
  /** The line search. Default Moré-Thuente with `c₁ = 1e-4`, `c₂ = 0.9`. */
  readonly search?: LineSearch;
  /**
   * The forcing term: CG stops at `|r| <= min(1/2, |∇f|^power) |∇f|`. 1/2 gives a superlinear rate, 1 a quadratic one.
   * Default 1/2.
   */
  readonly power?: number;
  /** H: the problem's own, or a quasi-Newton approximation, which needs gradients alone. Default `exact`. */
  readonly hessian?: HessianName;
}

/** Room for conjugate gradients, and what the source of H remembers. */
export interface NewtonCgMemory {
  /** Conjugate gradients. */
  readonly cg: CgWorkspace;
  /** The source's own. */
  readonly hessian: unknown;
  /** `s = x⁺ - x`. */
  readonly move: Vector;
}

/** Newton-CG on a quasi-Newton approximation, for problems without second derivatives; memory is O(n²). */
export function newtonCg(
  options: NewtonCgOptions & { readonly hessian: SecantName },
): Solver<Smooth, DescentState<NewtonCgMemory>>;
/**
 * Newton-CG, by Hessian-vector products alone.
 *
 * @throws {DomainError} On a power that is not positive, or another Hessian; in `init`, on Hessian-vector products that
 * are not symmetric.
 *
 * @example Rosenbrock's function in 100 variables
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { rosenbrock } from "@gradus/gradus/problems";
 * import { newtonCg } from "@gradus/gradus/smooth";
 * import { assertEquals } from "@std/assert";
 *
 * const { problem, start } = rosenbrock(100);
 * assertEquals(solve(problem, newtonCg(), { start }).status, "converged");
 * ```
 */
export function newtonCg(options?: NewtonCgOptions): Solver<TwiceSmooth, DescentState<NewtonCgMemory>>;
export function newtonCg(options: NewtonCgOptions = {}): Solver<TwiceSmooth, DescentState<NewtonCgMemory>> {
  const { search = moreThuente(), power = 0.5, hessian = "exact" } = options;
  if (!(power > 0)) throw new DomainError(`Cannot run Newton-CG: expected a power > 0, got ${power}`);
  return descent({
    name: methodName("Newton-CG", "", hessian),
    options: { power, hessian },
    reference: {
      title: "Truncated-Newton algorithms for large-scale unconstrained optimization",
      authors: "Dembo, Steihaug",
      year: 1983,
      identifier: "doi:10.1007/BF02592055",
    },
    needs: hessianSource(hessian).needs,
    direction: newton(power, hessian),
    search,
  });
}

function newton(power: number, hessian: HessianName): Direction<TwiceSmooth, NewtonCgMemory> {
  const source = hessianSource(hessian);
  return {
    init: (problem, start, { rng }) => {
      const { length: n } = start;
      if (hessian === "exact") checkSymmetry(problem, start, rng);
      return { cg: cgWorkspace(n), hessian: source.init(n), move: new Float64Array(n) };
    },
    compute(problem, { x, gradient, memory: { cg: w, hessian } }, p) {
      const { direction: d, residual } = w, n = p.length, size = norm2(gradient);
      const H = source.products(problem, hessian);
      const enough = Math.min(0.5, size ** power) * size;
      p.fill(0);
      negative(gradient, residual);
      cgStart(w);
      for (let k = 0; k < n; k++) {
        cgDirection(w);
        H.hessianVector(x, d, w.product);
        const curvature = cgCurvature(w);
        if (!(curvature > w.flat)) {
          if (curvature < -w.flat) axpy(w.rho / -curvature, d, p);
          else if (k === 0) copy(d, p);
          break;
        }
        const squared = cgStep(p, w);
        if (Math.sqrt(squared) <= enough) break;
        cgTurn(w, squared);
      }
      return source.knowsScale(hessian) ? 1 : firstStep(p);
    },
    learn({ hessian, move }, { x, trial, gradient: after }, { gradient }) {
      for (let i = 0; i < move.length; i++) move[i] = trial[i] - x[i];
      source.note(hessian, gradient);
      source.learn(hessian, move, after);
    },
    forget({ hessian }) {
      source.forget(hessian);
      return true;
    },
  };
}

/** Compares `uᵀ∇²f v` with `vᵀ∇²f u` for two random directions. */
function checkSymmetry(problem: TwiceSmooth, x: Vector, rng: Rng): void {
  const n = x.length, u = fillNormal(rng, new Float64Array(n)), v = fillNormal(rng, new Float64Array(n));
  const hu = new Float64Array(n), hv = new Float64Array(n);
  problem.hessianVector(x, u, hu);
  problem.hessianVector(x, v, hv);
  const one = dot(v, hu), other = dot(u, hv);
  if (Math.abs(one - other) > 1e-5 * (norm2(hu) * norm2(v) + norm2(hv) * norm2(u))) {
    throw new DomainError(
      `Cannot run Newton-CG: expected symmetric Hessian-vector products, got uᵀHv = ${other} and vᵀHu = ${one}; ` +
        "checkDerivatives(problem, x) says more",
    );
  }
}
