/**
 * Derivatives of functionals, numbers that depend on functions: `δF/δy` is again a function, with
 * `d/dε F[y + ε h] = ∫ δF/δy(x) h(x) dx` for all h that vanish at the boundary.
 *
 * Functions are made of functions by few operators, each of which is known with its transpose (reverse mode, in a space
 * of functions):
 *
 * ```
 * φ(x, f(x), …)     c ↦ c(x) ∂φ/∂f
 * ∇f                c ↦ -div c                                    terms at the boundary count as zero
 * f ∘ g, in g       c ↦ f'(g(x))ᵀ c(x)
 * f ∘ g, in f       c ↦ c(g⁻¹(u)) |det (g⁻¹)'(u)|
 * ∫ f               c ↦ the constant c
 * ```
 *
 * For `F[y] = ∫ L(x, y, ∇y)` that gives the left side of the Euler-Lagrange equation, `∂L/∂y - div ∂L/∂∇y`. Quadrature
 * enters values of functionals alone, never their gradients.
 *
 * Source: Lin, Automatic functional differentiation in JAX (2023), arXiv:2311.18727.
 *
 * @module
 */
import { DomainError, type Matrix } from "../../core/mod.ts";
import { vmap } from "../batching/vmap.ts";
import { callerLine, TraceError } from "../errors.ts";
import { grad } from "../grad.ts";
import { interpreter } from "../interpret.ts";
import { jacobian } from "../jacobian.ts";
import { add, multiply, negate } from "../operations/arithmetic.ts";
import { abs } from "../operations/functions.ts";
import { det, diagonalOf } from "../operations/linear_algebra.ts";
import { contract, dot } from "../operations/products.ts";
import { sum } from "../operations/reductions.ts";
import { range } from "../shape.ts";
import { trace } from "../trace.ts";
import { isTraced, type Operand, present, shapeOf, type Traced } from "../values.ts";
import { vjp } from "../vjp.ts";
import type { Quadrature } from "./quadrature.ts";

/** A box on which a function is defined: bounds of every coordinate. */
export type Box = readonly (readonly [low: number, high: number])[];

/** What a function is made of, and the transpose of its derivative by it. */
export interface FnPart {
  /** What. */
  readonly fn: Fn;
  /** From a cotangent of the function to what it adds to that of the part. */
  readonly pull: (cotangent: Fn) => Fn;
}

/** A function of a number or a vector, which knows what it is made of. */
export class Fn {
  readonly #of: (x: Operand) => Operand;
  readonly #values = new WeakMap<Traced, Operand>();

  /** A function; use `fn` and the operators. */
  constructor(
    of: (x: Operand) => Operand,
    /** What it is made of. */
    readonly parts: readonly FnPart[],
    /** Where it is defined; everywhere if undefined. */
    readonly domain: Box | undefined,
  ) {
    this.#of = of;
  }

  /** The value at a point. */
  at(x: Operand): Operand {
    if (!isTraced(x)) {
      const program = trace((y: Operand) => this.at(y), x), data = typeof x === "number" ? Float64Array.of(x) : x;
      return present(program.outputs[0].shape, interpreter(program).run([data as Float64Array])[0]);
    }
    let value = this.#values.get(x);
    if (value === undefined) this.#values.set(x, value = this.#of(x));
    return value;
  }
}

/** A function as one that functionals can be differentiated by. */
export function fn(f: Fn | ((x: Operand) => Operand), domain?: Box): Fn {
  return f instanceof Fn ? f : new Fn(f, [], domain);
}

/** Where all are defined. */
function common(fns: readonly Fn[]): Box | undefined {
  const boxes = fns.flatMap(({ domain }) => domain === undefined ? [] : [domain]);
  return boxes.length === 0 ? undefined : boxes[0].map((_, axis) =>
    [
      Math.max(...boxes.map((box) => box[axis][0])),
      Math.min(...boxes.map((box) => box[axis][1])),
    ] as const
  );
}

/** The function `x ↦ φ(x, f₁(x), f₂(x), …)`. */
export function pointwise(phi: (x: Operand, ...values: Operand[]) => Operand, ...fns: readonly Fn[]): Fn {
  const parts = fns.map((given, i): FnPart => ({
    fn: given,
    pull: (c) => pointwise((x, seed, ...values) => vjp(phi, x, ...values).pullback(seed)[i + 1] as Operand, c, ...fns),
  }));
  return new Fn((x) => phi(x, ...fns.map((given) => given.at(x))), parts, common(fns));
}

/** The derivative `x ↦ ∇f(x)`; of a function with an array as value its Jacobian. */
export function nabla(f: Fn): Fn {
  const pull = (c: Fn): Fn => pointwise((x, J) => negate(shapeOf(x).length === 0 ? J : traceOf(J)), nabla(c));
  return new Fn((x) => jacobian((y: Operand) => f.at(y))(x), [{ fn: f, pull }], f.domain);
}

/** The sum over the diagonal of the last two axes. */
function traceOf(J: Operand): Operand {
  return sum(diagonalOf(J), { axes: -1 });
}

/**
 * The function `x ↦ f(g(x))`.
 *
 * @param inverse The inverse of g; needed for derivatives with respect to f.
 */
export function compose(f: Fn, g: Fn, inverse?: Fn): Fn {
  const byOuter = (c: Fn): Fn => {
    if (inverse === undefined) {
      throw new TraceError(
        `Cannot differentiate a composition by the outer function: expected the inverse${callerLine()}`,
      );
    }
    const density = (u: Operand, value: Operand, J: Operand): Operand =>
      multiply(value, abs(shapeOf(u).length === 0 ? J : det(J)));
    return pointwise(density, compose(c, inverse, g), nabla(inverse));
  };
  const byInner = (c: Fn): Fn =>
    pointwise(
      (_, value, J) => {
        const axes = range(0, shapeOf(value).length);
        return contract(value, J, axes, axes);
      },
      c,
      compose(nabla(f), g, inverse),
    );
  return new Fn((x) => f.at(g.at(x)), [{ fn: f, pull: byOuter }, { fn: g, pull: byInner }], g.domain);
}

/** A number that depends on functions. */
export interface Functional {
  /** The number. */
  readonly value: Operand;
  /** What it is made of, and its derivative by that as a function. */
  readonly parts: readonly { readonly fn: Fn; readonly derivative: Fn }[];
}

/**
 * The integral of a function with numbers as values.
 *
 * @throws {DomainError} When points of the quadrature lie where the function is not defined.
 */
export function integrate(f: Fn, { points, weights }: Quadrature): Functional {
  checkInside(f.domain, points);
  const values = vmap((x: Operand) => f.at(x))(points) as Operand;
  return { value: dot(weights, values), parts: [{ fn: f, derivative: constantFn(1) }] };
}

function checkInside(domain: Box | undefined, points: Float64Array | Matrix): void {
  if (domain === undefined) return;
  const data = points instanceof Float64Array ? points : points.data, axes = domain.length;
  data.forEach((x, k) => {
    const [low, high] = domain[k % axes];
    if (x >= low && x <= high) return;
    throw new DomainError(
      `Cannot integrate: expected points of the quadrature in [${low}, ${high}], got ${x}${callerLine()}`,
    );
  });
}

const constantFn = (value: Operand): Fn => new Fn(() => value, [], undefined);

/** A number `φ(F₁, F₂, …)` that depends on functionals. */
export function combine(phi: (...values: Operand[]) => Operand, ...functionals: readonly Functional[]): Functional {
  const values = functionals.map(({ value }) => value);
  const slopes = grad((all: readonly Operand[]) => phi(...all))(values) as readonly Operand[];
  const parts = functionals.flatMap(({ parts }, i) =>
    parts.map((part) => ({ ...part, derivative: pointwise((_, d) => multiply(slopes[i], d), part.derivative) }))
  );
  return { value: phi(...values), parts };
}

const plus = (f: Fn, g: Fn): Fn => pointwise((_, a, b) => add(a, b), f, g);

/** The cotangent of y from those of functions that are made of it; zero of the shape of its values if none is. */
function pulled(seeds: readonly (readonly [Fn, Fn])[], y: Fn): Fn {
  const order: Fn[] = [], seen = new Set<Fn>();
  const visit = (f: Fn): void => {
    if (seen.has(f)) return;
    seen.add(f);
    for (const part of f.parts) visit(part.fn);
    order.push(f);
  };
  for (const [f] of seeds) visit(f);
  const cotangents = new Map<Fn, Fn>(), moving = new Set([y]);
  for (const f of order) if (f.parts.some((part) => moving.has(part.fn))) moving.add(f);
  const receive = (f: Fn, c: Fn): void => {
    const before = cotangents.get(f);
    cotangents.set(f, before === undefined ? c : plus(before, c));
  };
  for (const [f, c] of seeds) receive(f, c);
  for (const f of order.reverse()) {
    const c = cotangents.get(f);
    if (c === undefined || f === y) continue;
    for (const part of f.parts) if (moving.has(part.fn)) receive(part.fn, part.pull(c));
  }
  return cotangents.get(y) ?? pointwise((_, value) => multiply(0, value), y);
}

/**
 * The gradient `δF/δy` of a functional at y, a function that is made of y: it can be integrated and differentiated
 * again.
 *
 * @param F From a function to what `integrate` and `combine` give.
 *
 * @example The gradient of Dirichlet's energy is `-2 y''`
 * ```ts
 * import { dot, fn, functionalGrad, gaussLegendre, integrate, nabla, pointwise, power, square } from "@gradus/gradus/autodiff";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const quadrature = gaussLegendre(8, 0, 1);
 * const gradient = functionalGrad((y) => integrate(pointwise((_, slope) => square(slope), nabla(y)), quadrature));
 * assertAlmostEquals(gradient((x) => power(x, 3)).at(0.5) as number, -2 * 6 * 0.5, 1e-12);
 * ```
 */
export function functionalGrad(F: (y: Fn) => Functional): (y: Fn | ((x: Operand) => Operand)) => Fn {
  return (y) => {
    const at = fn(y), { parts } = F(at);
    return pulled(parts.map((part) => [part.fn, part.derivative]), at);
  };
}

/**
 * The transpose of an operator on functions that is linear: `∫ c · A[h] = ∫ Aᵀ[c] · h` for h that vanish at the
 * boundary.
 *
 * @param at Any function of the kind that A takes.
 */
export function linearTranspose(A: (y: Fn) => Fn, at: Fn): (c: Fn) => Fn {
  return (c) => pulled([[A(at), c]], at);
}
