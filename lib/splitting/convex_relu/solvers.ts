/**
 * Training two-layer networks of rectified linear units to global optimality: ADMM on the convex program.
 *
 * ```
 * split            u = v, Gu = s >= 0
 * u ← argmin ℓ(Fu) + ρ/2 (|u - v + λ|² + |Gu - s + ν|²)        exactly, by conjugate gradients, or by blocks
 * vᵢ ← (1 - β/(ρ|uᵢ + λᵢ|))₊ (uᵢ + λᵢ),    s ← (Gu + ν)₊
 * λ ← λ + κ(u - v),    ν ← ν + κ(Gu - s)
 * ```
 *
 * The point is v, in which blocks are exactly zero, with the multipliers ρν.
 *
 * Source: Bai, Gautam and Sojoudi, Efficient global optimization of two-layer ReLU networks: quadratic-time algorithms
 * and adversarial training (2022), arXiv 2201.01965, algorithms 1 and 2.
 *
 * @module
 */
import type { Reference, Solver } from "../../core/mod.ts";
import { admm, type AdmmOptions, type AdmmState } from "../admm.ts";
import { type InnerStep, newtonStep, pickedStep } from "../inner_step.ts";
import { blockStep, type BlockStepOptions } from "./block_step.ts";
import { denseStep, woodburyStep } from "./linear_step.ts";
import type { ConvexRelu } from "./problem.ts";

const reference: Reference = {
  title: "Efficient global optimization of two-layer ReLU networks: quadratic-time algorithms and adversarial training",
  authors: "Bai, Gautam, Sojoudi",
  year: 2022,
  identifier: "arXiv:2201.01965",
};

/** Options of `convexReluAdmm`. */
export interface ConvexReluAdmmOptions extends Pick<AdmmOptions, "relaxation" | "dualStep" | "balancing"> {
  /** The first ρ. Default 0.1; a larger one closes the duality gap sooner, and learns later. */
  readonly rho?: number;
  /**
   * How u is found. `woodbury`, the default for the squared loss: by a factor of order n. `dense`: by one of order 2dP,
   * as in the paper. `newton`, the default for other losses: by Newton's method with conjugate gradients.
   */
  readonly inner?: "woodbury" | "dense" | "newton";
}

/**
 * ADMM on the convex program of a two-layer network. For the squared loss a step costs O(nPd + Pd² + n²) operations.
 *
 * @throws {DomainError} When an option is out of its range, or u cannot be found that way for the problem's loss.
 */
export function convexReluAdmm(options: ConvexReluAdmmOptions = {}): Solver<ConvexRelu, AdmmState> {
  const { rho = 0.1, inner, ...rest } = options;
  const steps = { woodbury: woodburyStep(), dense: denseStep(), newton: newtonStep() };
  const chosen: InnerStep<ConvexRelu> = inner
    ? steps[inner]
    : pickedStep("standard", ({ relu: { loss } }) => loss === "squared" ? steps.woodbury : steps.newton);
  return admm({ ...rest, rho, name: "convex ReLU ADMM", reference, inner: chosen });
}

/** Options of `convexReluRbcd`. */
export interface ConvexReluRbcdOptions extends BlockStepOptions {
  /** The first ρ. Default 1. */
  readonly rho?: number;
  /** What ρ grows by in each iteration. Default 1e-4. */
  readonly penaltyGrowth?: number;
  /** The first κ. Default 1/3. */
  readonly dualStep?: number;
  /** What κ is multiplied by after each iteration. Default 0.99. */
  readonly dualDecay?: number;
}

/**
 * ADMM with randomized block descent for u, on the convex program with any smooth loss: approximate in each step, and
 * with steps of the multipliers that fade, for a solution of the accuracy that learning asks for. With `dualDecay: 1`
 * it goes on towards the exact one.
 *
 * @throws {DomainError} When an option is out of its range.
 */
export function convexReluRbcd(options: ConvexReluRbcdOptions = {}): Solver<ConvexRelu, AdmmState> {
  const { rho = 1, penaltyGrowth = 1e-4, dualStep = 1 / 3, dualDecay = 0.99, ...rest } = options;
  return admm({
    name: "convex ReLU RBCD",
    reference,
    rho,
    penaltyGrowth,
    dualStep,
    dualDecay,
    relaxation: 1,
    balancing: false,
    inner: blockStep(rest),
  });
}
