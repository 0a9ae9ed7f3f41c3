/**
 * LSMR for `min |A x - b|`, A of any shape and rank.
 *
 * ```
 * x_k minimizes |Aᵀ(A x - b)| over x₀ + span(v₁, …, v_k), the vectors of Golub and Kahan's bidiagonalization
 * h̄ ← h - (θ̄ρ / (ρ₋ρ̄₋)) h̄,   x ← x + (ζ / (ρ ρ̄)) h̄,   h ← v - (θ/ρ) h;   |Aᵀr| = |ζ̄|
 * ```
 *
 * Analytically it is MINRES on `AᵀA x = Aᵀb`; the residual of the normal equations never grows, so that it may stop
 * earlier than LSQR.
 *
 * Source: Fong and Saunders, LSMR: an iterative algorithm for sparse least-squares problems (2011), algorithm of
 * section 2.8 and
 * |r| of section 3.1.
 *
 * @module
 */
import { axpy, type LinearOperator, type Vector } from "../../core/mod.ts";
import { hypotenuse } from "../factorizations/rotation.ts";
import { LeastSquaresIteration, type LeastSquaresSolution } from "./bidiagonalization.ts";
import type { IterativeOptions } from "./solution.ts";

/**
 * Minimizes `|A x - b|` by LSMR: as `lsqr`, but what falls with each iteration is `|Aᵀ(b - A x)|`.
 *
 * @throws {ShapeError} When b, the start or the preconditioner does not fit.
 * @throws {DomainError} When b or the start is not finite, or an option is out of range.
 *
 * @example The shortest solution of one equation
 * ```ts
 * import { lsmr, matrix, operatorOf } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const { x, status } = lsmr(operatorOf(matrix([[3, 4]])), Float64Array.of(25));
 * assertEquals(status, "converged");
 * assertAlmostEquals(x[0], 3);
 * assertAlmostEquals(x[1], 4);
 * ```
 */
export function lsmr(A: LinearOperator, b: Vector, options: IterativeOptions = {}): LeastSquaresSolution {
  const run = new LeastSquaresIteration("minimize by LSMR", A, b, options);
  const h = new Float64Array(A.columns), hBar = new Float64Array(A.columns);
  while (run.begins()) iterate(run, h, hBar);
  return run.solution();
}

function iterate(run: LeastSquaresIteration, h: Vector, hBar: Vector): void {
  const { x, direction } = run, n = x.length, residual = new Residual(run.beta);
  h.set(direction);
  hBar.fill(0);
  let alphaBar = run.alpha, zetaBar = run.alpha * run.beta, rho = 1, rhoBar = 1, cBar = 1, sBar = 0;
  while (run.extend()) {
    const rhoOld = rho, rhoBarOld = rhoBar;
    rho = hypotenuse(alphaBar, run.beta);
    const c = alphaBar / rho, s = run.beta / rho, theta = s * run.alpha;
    alphaBar = c * run.alpha;
    const thetaBar = sBar * rho, turned = cBar * rho;
    rhoBar = hypotenuse(turned, theta);
    cBar = turned / rhoBar;
    sBar = theta / rhoBar;
    const zeta = cBar * zetaBar;
    zetaBar *= -sBar;
    const keep = thetaBar * rho / (rhoOld * rhoBarOld);
    for (let i = 0; i < n; i++) hBar[i] = h[i] - keep * hBar[i];
    axpy(zeta / (rho * rhoBar), hBar, x);
    for (let i = 0; i < n; i++) h[i] = direction[i] - theta / rho * h[i];
    if (!run.followsBoth(residual.next(c, s, thetaBar, rhoBar, zeta), Math.abs(zetaBar))) return;
  }
}

/** `|r|` by a third family of rotations. */
class Residual {
  #betaDots: number;
  #betaDot = 0;
  #rhoDot = 1;
  #tau = 0;
  #theta = 0;
  #zeta = 0;

  constructor(beta: number) {
    this.#betaDots = beta;
  }

  next(c: number, s: number, thetaBar: number, rhoBar: number, zeta: number): number {
    const betaHat = c * this.#betaDots, rhoTilde = hypotenuse(this.#rhoDot, thetaBar);
    const cTilde = this.#rhoDot / rhoTilde, sTilde = thetaBar / rhoTilde, thetaOld = this.#theta;
    this.#betaDots *= -s;
    this.#theta = sTilde * rhoBar;
    this.#rhoDot = cTilde * rhoBar;
    this.#betaDot = cTilde * betaHat - sTilde * this.#betaDot;
    this.#tau = (this.#zeta - thetaOld * this.#tau) / rhoTilde;
    this.#zeta = zeta;
    return hypotenuse(this.#betaDot - (zeta - this.#theta * this.#tau) / this.#rhoDot, this.#betaDots);
  }
}
