/**
 * Constrained problems with second derivatives.
 *
 * @module
 */
import {
  type Constrained,
  type Constraints,
  DomainError,
  type TwiceSmooth,
  type Vector,
  type VectorFunction,
} from "../core/mod.ts";

/** A vector function with its dense Jacobian and second derivatives. */
export type TwiceVectorFunction = Required<VectorFunction>;

/** A constrained problem with second derivatives of the objective and of all constraints. */
export interface TwiceConstrained extends Constrained {
  /** `f`. */
  readonly objective: TwiceSmooth;
  /** What `x` must satisfy. */
  readonly constraints: Constraints & {
    readonly equality?: TwiceVectorFunction;
    readonly inequality?: TwiceVectorFunction;
  };
}

/** Minimize `f(x)` subject to `c(x) = 0` and nothing else, with first derivatives. */
export interface EqualityConstrained extends Constrained {
  /** `c`. */
  readonly constraints: {
    readonly equality: VectorFunction;
    readonly inequality?: never;
    readonly lower?: never;
    readonly upper?: never;
  };
}

/** The same with second derivatives. */
export interface TwiceEqualityConstrained extends EqualityConstrained {
  /** `f`. */
  readonly objective: TwiceSmooth;
  /** `c`. */
  readonly constraints: EqualityConstrained["constraints"] & { readonly equality: TwiceVectorFunction };
}

/** Minimize `f(x)` subject to `lower <= x <= upper` and nothing else. */
export interface BoundConstrained extends Constrained {
  /** The bounds. */
  readonly constraints: {
    readonly equality?: never;
    readonly inequality?: never;
    readonly lower?: Vector;
    readonly upper?: Vector;
  };
}

/** The same with second derivatives. */
export interface TwiceBoundConstrained extends BoundConstrained {
  /** `f`. */
  readonly objective: TwiceSmooth;
}

/** The oracles that Newton's methods for equality constraints call. */
export const SECOND_ORDER: readonly string[] = [
  "objective.gradient",
  "objective.hessianVector",
  "constraints.equality.value",
  "constraints.equality.jacobian",
  "constraints.equality.jacobianTransposeVector",
  "constraints.equality.hessianVector",
];

/**
 * Refuses what the types already refuse, and more constraints than variables.
 *
 * @throws {DomainError} When there are inequalities or bounds, or more equalities than variables.
 */
export function checkEqualities(verb: string, { objective, constraints }: EqualityConstrained): void {
  for (const name of ["inequality", "lower", "upper"] as const) {
    if (constraints[name] === undefined) continue;
    throw new DomainError(`Cannot ${verb}: expected a problem with equalities alone, got one with constraints.${name}`);
  }
  const { dimension: n } = objective, m = constraints.equality.components;
  if (m <= n) return;
  throw new DomainError(`Cannot ${verb}: expected at most as many equalities as variables, got ${m} for ${n}`);
}

/**
 * Refuses what the types already refuse.
 *
 * @throws {DomainError} When there are equalities or inequalities.
 */
export function checkBoundsAlone(verb: string, { constraints }: BoundConstrained): void {
  for (const name of ["equality", "inequality"] as const) {
    if (constraints[name] === undefined) continue;
    throw new DomainError(`Cannot ${verb}: expected a problem with bounds alone, got one with constraints.${name}`);
  }
}
