/**
 * Making elementwise primitives: all arguments have the shape of the result; numbers and smaller shapes are broadcast
 * by nodes of their own, so that no rule needs to think of it.
 *
 * @module
 */
import { refuse } from "../errors.ts";
import { make, type Node } from "../node.ts";
import { definePrimitive, type Kernel, type Primitive, type Tangent } from "../primitive.ts";
import { broadcastShape, sameNumbers, type Shape } from "../shape.ts";
import { broadcastAxes, broadcastTo, nodeOf, type NodeOrNumber, uniform } from "./structure.ts";

/** The columns of an elementwise primitive. */
export interface ElementwiseRules<A> {
  /** Its formula in JavaScript. */
  readonly expression: (inputs: readonly string[], attribute: A) => string;
  /** Its loop. */
  readonly kernel: (attribute: A) => Kernel;
  /** Its tangent. */
  readonly jvp: (node: Node<A>, tangents: readonly Tangent[]) => Tangent;
  /** The transpose of a linear one. */
  readonly transpose?: Primitive<A>["transpose"];
  /** Simpler forms; constants are folded anyway. */
  readonly simplify?: (inputs: readonly Node[], attribute: A) => Node | undefined;
}

const one = new Float64Array(1);

/** Defines an elementwise primitive. */
export function elementwise<A = null>(name: string, rules: ElementwiseRules<A>): Primitive<A> {
  const { expression, kernel, jvp, transpose, simplify } = rules;
  return definePrimitive<A>({
    name,
    emission: "elementwise",
    shape: (shapes) =>
      shapes.every((s) => sameNumbers(s, shapes[0])) ? shapes[0] : refuse(name, "equal shapes", ...shapes),
    simplify(inputs, attribute) {
      const values = inputs.map(uniform);
      if (values.every((value) => value !== undefined)) {
        kernel(attribute)(values.map((value) => Float64Array.of(value)), one);
        return broadcastAxes(one[0], inputs[0].shape, []);
      }
      return simplify?.(inputs, attribute);
    },
    jvp,
    ...(transpose && { transpose }),
    expression,
    kernel: ({ attribute }) => kernel(attribute),
  });
}

/**
 * Applies an elementwise primitive to arguments of shapes that broadcast.
 *
 * @throws {ShapeError} When they do not.
 */
export function broadcasting(primitive: Primitive, ...inputs: readonly NodeOrNumber[]): Node {
  const nodes = inputs.map(nodeOf);
  let shape: Shape = nodes[0].shape;
  for (let i = 1; i < nodes.length; i++) {
    const next = broadcastShape(shape, nodes[i].shape);
    if (next === undefined) {
      return refuse(primitive.name, "shapes that broadcast together", ...nodes.map((node) => node.shape));
    }
    shape = next;
  }
  return make(primitive, nodes.map((node) => broadcastTo(node, shape)), null);
}
