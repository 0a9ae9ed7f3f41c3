/**
 * What solutions satisfy: conditions `F(x, θ) = 0` for `customRoot` and maps with `x = T(x, θ)` for `customFixedPoint`.
 * A condition need not have anything to do with how a solver found x.
 *
 * Source: Blondel et al., Efficient and modular implicit differentiation (2021), section 2.2 and table 1,
 * arXiv:2105.15183.
 *
 * @module
 */
import { grad } from "../grad.ts";
import { hessian } from "../jacobian.ts";
import { add, multiply, subtract } from "../operations/arithmetic.ts";
import { solve } from "../operations/linear_algebra.ts";
import { dot } from "../operations/products.ts";
import type { Tree } from "../tree.ts";
import type { Operand } from "../values.ts";

/** A function of the unknowns and of parameters. */
export type Parametric<Theta extends readonly Tree[]> = (x: Operand, ...theta: Theta) => Operand;

/** `F = ∇₁f`: stationary points of f. */
export function stationary<Theta extends readonly Tree[]>(f: Parametric<Theta>): Parametric<Theta> {
  return (x, ...theta) => grad(f)(x, ...theta) as Operand;
}

/** Unknowns with the multipliers of constraints. */
export type KktPoint = {
  /** The unknowns. */
  readonly x: Operand;
  /** ν, one for each equality; an empty vector without these. */
  readonly equality: Operand;
  /** λ, one for each inequality; an empty vector without these. */
  readonly inequality: Operand;
};

/** A constrained problem: `min f(x, θ)` with `h(x, θ) = 0` and `g(x, θ) <= 0`. */
export interface ConstrainedProgram<Theta extends readonly Tree[]> {
  /** f. */
  readonly objective: Parametric<Theta>;
  /** h, a vector. */
  readonly equalities?: Parametric<Theta>;
  /** g, a vector. */
  readonly inequalities?: Parametric<Theta>;
}

/**
 * The conditions of Karush, Kuhn and Tucker, `F = (∇f + ∂hᵀ ν + ∂gᵀ λ, h, λ ∘ g)`. They determine a solution at which
 * gradients of active constraints are independent and their multipliers positive.
 */
export function kkt<Theta extends readonly Tree[]>(
  { objective, equalities, inequalities }: ConstrainedProgram<Theta>,
): (point: KktPoint, ...theta: Theta) => KktPoint {
  return ({ x, equality, inequality }, ...theta) => {
    const lagrangian = (z: Operand): Operand => {
      let value = objective(z, ...theta);
      if (equalities !== undefined) value = add(value, dot(equality, equalities(z, ...theta)));
      if (inequalities !== undefined) value = add(value, dot(inequality, inequalities(z, ...theta)));
      return value;
    };
    return {
      x: grad(lagrangian)(x) as Operand,
      equality: equalities === undefined ? equality : equalities(x, ...theta),
      inequality: inequalities === undefined ? inequality : multiply(inequality, inequalities(x, ...theta)),
    };
  };
}

/** `x - η ∇₁f(x, θ)`. */
function gradientStep<Theta extends readonly Tree[]>(f: Parametric<Theta>, step: Operand): Parametric<Theta> {
  return (x, ...theta) => subtract(x, multiply(step, grad(f)(x, ...theta) as Operand));
}

/**
 * `T = prox(x - η ∇₁f(x, θ), η, θ)`: minimizers of `f + g`, with `prox(v, η, θ) = argmin g(u, θ) + |u - v|²/(2 η)`.
 *
 * @param step η; the derivative does not depend on it.
 */
export function proximalStep<Theta extends readonly Tree[]>(
  f: Parametric<Theta>,
  prox: (v: Operand, step: Operand, ...theta: Theta) => Operand,
  step: Operand = 1,
): Parametric<Theta> {
  return (x, ...theta) => prox(gradientStep(f, step)(x, ...theta), step, ...theta);
}

/** `T = project(x - η ∇₁f(x, θ), θ)`: minimizers of f over a convex set. */
export function projectedStep<Theta extends readonly Tree[]>(
  f: Parametric<Theta>,
  project: Parametric<Theta>,
  step: Operand = 1,
): Parametric<Theta> {
  return proximalStep(f, (v, _, ...theta) => project(v, ...theta), step);
}

/**
 * `T = project(∇φ(x) - η ∇₁f(x, θ), θ)`: minimizers of f over a convex set by mirror descent, with `project` the map
 * back by Bregman's distance. For the simplex, logarithm and softmax.
 *
 * @param mirror ∇φ.
 */
export function mirrorStep<Theta extends readonly Tree[]>(
  f: Parametric<Theta>,
  mirror: (x: Operand) => Operand,
  project: Parametric<Theta>,
  step: Operand = 1,
): Parametric<Theta> {
  return (x, ...theta) => project(subtract(mirror(x), multiply(step, grad(f)(x, ...theta) as Operand)), ...theta);
}

/** `T = x - η ∂₁F(x, θ)⁻¹ F(x, θ)` with `F = ∇₁f`: stationary points of f, for vectors x. */
export function newtonStep<Theta extends readonly Tree[]>(f: Parametric<Theta>, step: Operand = 1): Parametric<Theta> {
  return (x, ...theta) => {
    const H = hessian((z: Operand) => f(z, ...theta))(x) as Operand;
    return subtract(x, multiply(step, solve(H, grad(f)(x, ...theta) as Operand)));
  };
}
