/**
 * Taylor coefficients of programs: `x(t) = x₀ + x₁ t + x₂ t² + …` gives `y(t) = y₀ + y₁ t + …`.
 *
 * Linear primitives act on each coefficient, products convolve: `(a b)ₖ = Σ aⱼ bₖ₋ⱼ`; quotients and linear systems are
 * solved for the coefficient. All others follow from their tangent rule, for `y'(t)` is the tangent of y along `x'(t)`:
 * the program of the rule gives `(k + 1) yₖ₊₁` as its coefficient k, in which no more than `y₀ … yₖ` occur. That is the
 * known recurrence of each function: `y' = (1 - y²) x'` for tanh, `y' = x' / (2 y)` for the square root, and so on.
 * Order K costs `O(K²)` times the function.
 *
 * Source: Griewank and Walther, Evaluating derivatives (2008), chapter 13.
 *
 * @module
 */
import { input, make, Node, topological } from "../node.ts";
import type { Tangent } from "../primitive.ts";
import { multiply } from "../primitives/arithmetic.ts";
import { zeros } from "../primitives/structure.ts";
import { isLinear, rules } from "./rules.ts";

/** The series of nodes; coefficients are computed when they are asked for. */
export class PowerSeries {
  readonly #known = new Map<Node, Tangent[]>();
  /** For stand-ins of derivatives what they are the derivatives of. */
  readonly #primitives = new Map<Node, Node>();
  readonly #rates = new Map<Node, Tangent>();
  readonly #varying = new Map<Node, boolean>();
  readonly #order: number;

  /** The series of some nodes, from order 0 to `order`; others that do not depend on them are constant. */
  constructor(seeds: ReadonlyMap<Node, readonly Tangent[]>, order: number) {
    this.#order = order;
    for (const [node, series] of seeds) {
      this.#known.set(node, [...series]);
      this.#varying.set(node, true);
    }
  }

  /** All coefficients of nodes, from order 0 on. */
  of(outputs: readonly Node[]): Tangent[][] {
    for (const node of topological(outputs, (node) => this.#known.has(node))) {
      if (this.#known.has(node)) continue;
      if (this.#varies(node) && node.primitive.jet !== undefined) {
        this.#known.set(node, [
          ...node.primitive.jet(node, node.inputs.map((input) => this.#upTo(input, this.#order))),
        ]);
      } else this.#upTo(node, this.#order);
    }
    return outputs.map((output) => this.#upTo(output, this.#order).slice());
  }

  /** The coefficients up to an order. */
  #upTo(node: Node, order: number): Tangent[] {
    this.coefficient(node, order);
    return this.#known.get(node)!.slice(0, order + 1);
  }

  /** The coefficient of an order; undefined stands for zero. */
  coefficient(node: Node, order: number): Tangent {
    let known = this.#known.get(node);
    if (known === undefined) this.#known.set(node, known = []);
    while (known.length <= order) known.push(this.#next(node, known.length));
    return known[order];
  }

  /** Whether a node depends on a seed. */
  #varies(node: Node): boolean {
    let varies = this.#varying.get(node);
    if (varies === undefined) {
      this.#varying.set(node, varies = node.inputs.some((input) => this.#varies(input)));
    }
    return varies;
  }

  #next(node: Node, k: number): Tangent {
    const primitive = this.#primitives.get(node);
    if (primitive !== undefined) {
      const next = this.coefficient(primitive, k + 1);
      return next ? multiply(k + 1, next) : k === 0 ? zeros(node.shape) : undefined;
    }
    if (!this.#varies(node)) return k === 0 ? node : undefined;
    const start = node.inputs.map((input) => this.coefficient(input, 0)!);
    if (k === 0) {
      const same = start.every((given, i) => given === node.inputs[i]);
      return same ? node : make(node.primitive, start, node.attribute);
    }
    // the node at t = 0 as rules want to see it
    const at = start.every((given, i) => given === node.inputs[i])
      ? node
      : new Node(node.primitive, start, node.attribute, node.shape);
    if (k === 1 && at === node || isLinear(node)) {
      const given = node.inputs.map((input) => this.coefficient(input, k));
      return given.some((term) => term !== undefined) ? node.primitive.jvp(at, given) : undefined;
    }
    if (node.primitive.jet !== undefined) {
      return node.primitive.jet(at, node.inputs.map((input) => this.#upTo(input, k)))[k];
    }
    const rule = rules.get(node.primitive.id);
    if (rule !== undefined) return rule(at, node.inputs.map((input) => this.#upTo(input, k)), this.#known.get(node)!);
    const rate = this.#rateOf(node), term = rate && this.coefficient(rate, k - 1);
    return term && multiply(1 / k, term);
  }

  /** The derivative of a node by t, as the tangent rule says it. */
  #rateOf(node: Node): Tangent {
    if (this.#rates.has(node)) return this.#rates.get(node);
    const derivatives = node.inputs.map((given) => {
      if (!this.#varies(given)) return undefined;
      const derivative = input(given.shape);
      this.#primitives.set(derivative, given);
      this.#varying.set(derivative, true);
      return derivative;
    });
    const rate = node.primitive.jvp(node, derivatives);
    this.#rates.set(node, rate);
    return rate;
  }
}
