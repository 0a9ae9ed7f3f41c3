/**
 * The one table of primitives: what an array operation computes, and how it behaves under every transformation.
 *
 * A primitive is defined once, with its rules as columns. A rule receives the node and makes nodes; it never computes.
 *
 * @module
 */
import type { Node } from "./node.ts";
import type { Scratch } from "./scratch.ts";
import type { Shape } from "./shape.ts";

/** Computes a node: reads the entries of its arguments, writes those of the result. */
export type Kernel = (inputs: readonly Float64Array[], out: Float64Array) => void;

/** A tangent or cotangent; undefined stands for zero. */
export type Tangent = Node | undefined;

/** What a code generator may do with a node. */
export type Emission =
  /** An input or a constant. */
  | "leaf"
  /** Entry by entry, all arguments of the result's shape; `expression` says how; may work in place. */
  | "elementwise"
  /** Moves entries without computing. */
  | "view"
  /** Combines entries along neighbouring axes. */
  | "reduction"
  /** A call of its kernel. */
  | "kernel"
  /** Carries programs in its attribute. */
  | "region"
  /** Is replaced by its `lower` before anything is computed. */
  | "macro";

/**
 * A primitive operation on arrays with an attribute of type `A`: null, numbers, (nested) lists of numbers, which are
 * equal if their entries are, or an object, which equals itself alone.
 */
export interface Primitive<A = unknown> {
  /** As errors name it. */
  readonly name: string;
  /** Its number, for hashing. */
  readonly id: number;
  /** What a code generator may do with it. */
  readonly emission: Emission;
  /**
   * The shape of the result.
   *
   * @throws {ShapeError} By `refuse`, when the arguments do not fit.
   */
  shape(shapes: readonly Shape[], attribute: A): Shape;
  /** An equal node that is simpler, if there is one; asked before a node is made. */
  simplify?(inputs: readonly Node[], attribute: A): Node | undefined;
  /** The tangent of the result from those of the arguments, of which at least one is not zero. Linear in them. */
  jvp(node: Node<A>, tangents: readonly Tangent[]): Tangent;
  /**
   * For a node that is linear in the arguments marked in `linear` (jointly): the cotangents of these; what is returned
   * for others is not read. A primitive without it never stands in the linear part of a program.
   */
  transpose?(node: Node<A>, cotangent: Node, linear: readonly boolean[]): readonly Tangent[];
  /** The same as nodes that can be computed; for macros, which keep their own derivatives until then. */
  lower?(node: Node<A>): Node;
  /** The same in elementwise, view and reduction nodes; for a code generator that fuses them. */
  expand?(node: Node<A>): Node;
  /**
   * The scalar formula of an elementwise node in JavaScript, as in `Math.exp(a)`, for the names of its arguments; to be
   * put in parentheses inside another. It uses `Math`, and `erf` and `erfc` of `error_function.ts`.
   */
  expression?(inputs: readonly string[], attribute: A): string;
  /**
   * What computes this node; not for leaves and macros. Made once, called often; between calls others may use what it
   * takes of the scratch memory.
   */
  kernel?(node: Node<A>, scratch?: Scratch): Kernel;
  /**
   * Taylor coefficients of the result from those of the arguments, `series[argument][order]` from order 0 on; for
   * regions. Others have recurrences in `taylor/rules.ts`, or need none.
   */
  jet?(node: Node<A>, series: readonly (readonly Tangent[])[]): readonly Tangent[];
  /** The node over arguments with one more axis at `axes` (null: without); gives the result and where its axis is. */
  batch?(node: Node<A>, inputs: readonly Node[], axes: readonly (number | null)[]): readonly [Node, number];
}

/** All primitives, by name. */
export const registry: Map<string, Primitive> = new Map();

/** Enters a primitive in the table. */
export function definePrimitive<A = null>(rules: Omit<Primitive<A>, "id">): Primitive<A> {
  const primitive: Primitive<A> = { ...rules, id: registry.size };
  if (registry.has(rules.name)) throw new Error(`Cannot define the primitive ${rules.name} twice`);
  registry.set(rules.name, primitive as Primitive);
  return primitive;
}
