/**
 * The method of Steihaug and Toint: conjugate gradients on the model until the edge of the region, or enough.
 *
 * ```
 * CG on H p = -g until |r| <= min(½, √|g|) |g|;
 * at a direction of no positive curvature, or where a step would leave the region: on to its edge along the direction
 * ```
 *
 * Source: Steihaug, The conjugate gradient method and trust regions in large scale optimization (1983); Toint (1981).
 *
 * @module
 */
import { axpy, copy, dot, norm2, type Vector } from "../../core/mod.ts";
import { cgCurvature, cgDirection, cgStart, cgStep, cgTurn, type CgWorkspace, cgWorkspace } from "../../linalg/mod.ts";
import { negative } from "../descent.ts";
import { toSphere } from "./sphere.ts";
import type { Subproblem } from "./subproblem.ts";

/** Room for conjugate gradients and the step before. */
export interface SteihaugMemory {
  /** Conjugate gradients. */
  readonly cg: CgWorkspace;
  /** The step before the last one of conjugate gradients. */
  readonly before: Vector;
}

/**
 * Steps by products with the Hessian alone; each lowers the model at least as much as the best one along the gradient.
 */
export function steihaug(): Subproblem<SteihaugMemory> {
  return {
    name: "Steihaug",
    init: (n) => ({ cg: cgWorkspace(n), before: new Float64Array(n) }),
    solve({ problem, x, gradient }, radius, { cg: w, before }, p) {
      const { direction: d, residual: r } = w, size = norm2(gradient), enough = Math.min(0.5, Math.sqrt(size)) * size;
      p.fill(0);
      negative(gradient, r);
      cgStart(w);
      let decrease = 0;
      for (let k = 0; k < 2 * p.length; k++) {
        cgDirection(w);
        problem.hessianVector(x, d, w.product);
        const curvature = cgCurvature(w), slope = -dot(r, d); // of the model along d at p
        copy(p, before);
        if (!(curvature > w.flat)) return decrease + toTheEdge(p, d, slope, curvature, radius);
        const rho = w.rho, squared = cgStep(p, w);
        if (norm2(p) >= radius) {
          copy(before, p);
          return decrease + toTheEdge(p, d, slope, curvature, radius);
        }
        decrease += rho * rho / (2 * curvature);
        if (Math.sqrt(squared) <= enough) break;
        cgTurn(w, squared);
      }
      return decrease;
    },
  };
}

/** `p ← p + τ d` with `|p| = radius`, τ > 0; returns the decrease `-(τ slope + ½ τ² curvature)`. */
function toTheEdge(p: Vector, d: Vector, slope: number, curvature: number, radius: number): number {
  const tau = toSphere(p, d, radius);
  axpy(tau, d, p);
  return -(tau * slope + tau * tau * curvature / 2);
}
