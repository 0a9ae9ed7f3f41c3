/**
 * Functions with derivatives that are given, not derived: where those of the steps are not accurate, not wanted, or not
 * there.
 *
 * From a rule for one mode the other follows: `v ↦ J v` is linear, so that it is transposed for reverse mode, and
 * `u ↦ Jᵀ u` for forward mode.
 *
 * @module
 */
import { repeated } from "../batching/batch.ts";
import { vmap } from "../batching/vmap.ts";
import { pullback, pushforward } from "../differentiate.ts";
import { TraceError } from "../errors.ts";
import { input, make, type Node, sharing } from "../node.ts";
import { definePrimitive, type Primitive } from "../primitive.ts";
import { pack, unpack } from "../primitives/packing.ts";
import { substitute } from "../substitute.ts";
import { type Program, traceClosed } from "../trace.ts";
import { type ArrayFunction, checkedLeaves } from "../transform.ts";
import { leaves, replaceLeaves, type Tree } from "../tree.ts";
import { type Operand, toNode } from "../values.ts";
import { batchedProgram, filled, fresh, shapesOf, sizeOfAll } from "./programs.ts";
import { concludeRegion, nodesOf, packMembers } from "./region.ts";

/** A derivative in one of the modes, in array functions. X is the list of the arguments, Y the result. */
export type DerivativeRule<X extends readonly Tree[], Y extends Tree> =
  /** From the arguments and their tangents to the tangent of the result, linear in the tangents. */
  | { readonly jvp: (arguments_: X, tangents: X) => Y }
  /**
   * From the arguments, a cotangent of the result and the result to cotangents of the arguments, linear in the
   * cotangent.
   */
  | { readonly vjp: (arguments_: X, cotangent: Y, value: Y) => readonly Tree[] };

/** A call of a function with a rule. */
interface Call {
  /** What it computes from the arguments, then from what it closes over. */
  readonly program: Program;
  /** How many arrays the arguments have. */
  readonly count: number;
  /** The arguments and the result, with any arrays at their leaves. */
  readonly form: readonly Tree[];
  readonly result: Tree;
  readonly rule: DerivativeRule<readonly Tree[], Tree>;
}

const VERB = "apply a derivative rule";

function formed(tree: unknown, nodes: readonly Node[]): never {
  return replaceLeaves(tree, nodes) as never;
}

/** Nodes of a tree of derivatives that must have the form of others. */
function checkedNodes(tree: Tree, like: readonly Node[]): Node[] {
  return checkedLeaves(VERB, tree, like).map((leaf) => toNode(leaf, VERB));
}

/** The packed value; replaced by its program when it is computed. */
const customPrimitive: Primitive<Call> = definePrimitive<Call>({
  name: "customRule",
  emission: "macro",
  shape: (_, { program }) => [sizeOfAll(program.outputs)],
  jvp(node, tangents) {
    const { attribute: call, inputs } = node, { program, count, form, rule } = call;
    if (tangents.slice(count).some((tangent) => tangent !== undefined)) {
      throw new TraceError(
        "Cannot differentiate customRule: expected a function that uses what is differentiated as an argument alone, got one that " +
          "closes over it",
      );
    }
    const own = inputs.slice(0, count), directions = filled(tangents.slice(0, count), shapesOf(own));
    if (!("jvp" in rule)) return make(customTangentPrimitive, [...inputs, ...directions], call);
    return pack(checkedNodes(rule.jvp(formed(form, own), formed(form, directions)), program.outputs));
  },
  lower: ({ inputs, attribute: { program } }) =>
    pack(substitute(program.outputs, new Map(program.inputs.map((node, i) => [node, inputs[i]])))),
  batch: ({ attribute: call, inputs: { length } }, inputs, axes) => {
    const count = inputs[axes.findIndex((axis) => axis !== null)].shape[0],
      wide = batchedCall(call, length, axes, count);
    const all = make(customPrimitive, withMembers(call, inputs, axes, count), wide);
    return [packMembers(unpack(all, shapesOf(wide.program.outputs)), count), 0];
  },
});

/** Cotangents of the arguments, by the rule. */
function pulled(call: Call, inputs: readonly Node[], c: Node): Node[] {
  const { form, result, program, count } = call, rule = call.rule as Extract<Call["rule"], { vjp: unknown }>;
  const own = inputs.slice(0, count), shapes = shapesOf(program.outputs);
  const value = unpack(make(customPrimitive, inputs, call), shapes);
  const given = rule.vjp(formed(form, own), formed(result, unpack(c, shapes)), formed(result, value));
  return checkedNodes(given, own);
}

/**
 * `J v` for a rule of reverse mode: the transpose of the rule. Arguments are those of the function, what it closes
 * over, and the tangents of the former.
 */
const customTangentPrimitive: Primitive<Call> = definePrimitive<Call>({
  name: "customTangent",
  emission: "macro",
  shape: (_, { program }) => [sizeOfAll(program.outputs)],
  jvp(node, tangents) {
    const start = node.inputs.length - node.attribute.count;
    const along = tangents.slice(start), curved = tangents.slice(0, start).some((tangent) => tangent !== undefined);
    if (!curved) {
      const directions = filled(along, shapesOf(node.inputs.slice(start)));
      return make(customTangentPrimitive, [...node.inputs.slice(0, start), ...directions], node.attribute);
    }
    const own = fresh(node.inputs), directions = fresh(own);
    const [tangent] = pushforward([tangentOf(own, node.attribute)], new Map(own.map((x, i) => [x, directions[i]])));
    const given = filled(tangents, shapesOf(own)), images = new Map<Node, Node>();
    own.forEach((x, i) => images.set(x, node.inputs[i]).set(directions[i], given[i]));
    return tangent && substitute([tangent], images)[0];
  },
  transpose({ inputs, attribute }, c) {
    const start = inputs.length - attribute.count;
    return [...inputs.slice(0, start).map(() => undefined), ...pulled(attribute, inputs.slice(0, start), c)];
  },
  lower: ({ inputs, attribute }) => tangentOf(inputs, attribute),
});

function tangentOf(inputs: readonly Node[], call: Call): Node {
  const start = inputs.length - call.count, seed = input([sizeOfAll(call.program.outputs)]);
  const cotangents = pulled(call, inputs.slice(0, start), seed);
  return filled(pullback(cotangents, [seed], inputs.slice(start)), [seed.shape])[0];
}

/** All arguments with members; what the function closes over only where it has them. */
function withMembers(
  { count: own }: Call,
  inputs: readonly Node[],
  axes: readonly (number | null)[],
  count: number,
): Node[] {
  return inputs.map((node, i) => i < own && axes[i] === null ? repeated(node, count) : node);
}

function batchedCall(call: Call, length: number, axes: readonly (number | null)[], count: number): Call {
  const marks = Array.from({ length }, (_, i) => i < call.count || axes[i] !== null), { rule } = call;
  const over = (f: (...x: never) => Tree) => vmap(f as ArrayFunction);
  return {
    ...call,
    program: batchedProgram(call.program, marks, count),
    rule: "jvp" in rule
      ? { jvp: (x, v) => over(rule.jvp as never)(x, v) }
      : { vjp: (x, c, y) => over(rule.vjp as never)(x, c, y) as readonly Tree[] },
  };
}

/**
 * The same function with a derivative that is given: by a rule for tangents or by one for cotangents. All
 * transformations use it; its own derivatives are those of the rule.
 *
 * @throws {TraceError} When differentiated with respect to what f closes over.
 * @throws {ShapeError} When the rule returns arrays of other shapes.
 *
 * @example log(1 + eˣ) with a derivative that does not overflow
 * ```ts
 * import { add, customRule, divide, exp, grad, log, multiply, negate, type Operand } from "@gradus/gradus/autodiff";
 * import { assertEquals } from "@std/assert";
 *
 * const softplus = customRule((x: Operand): Operand => log(add(1, exp(x))), {
 *   jvp: ([x], [v]) => divide(v, add(1, exp(negate(x)))),
 * });
 * assertEquals(grad((x: Operand) => softplus(x))(1000), 1);
 * ```
 */
export function customRule<X extends readonly Tree[], Y extends Tree>(
  f: (...x: X) => Y,
  rule: DerivativeRule<X, Y>,
): (...x: X) => Y {
  return (...x) =>
    sharing(() => {
      const { inputs, outputs, captured, result } = traceClosed(f as unknown as ArrayFunction, ...x);
      const call: Call = {
        program: { inputs, outputs },
        count: inputs.length - captured.length,
        form: x,
        result,
        rule: rule as unknown as Call["rule"],
      };
      const all = make(customPrimitive, [...nodesOf(x, VERB), ...captured], call);
      return concludeRegion(unpack(all, shapesOf(outputs)), result, leaves(x) as Operand[], captured) as Y;
    });
}
