/**
 * A choice between two functions, of which only the chosen one is computed.
 *
 * @module
 */
import { callerLine, refuse, TraceError } from "../errors.ts";
import { make, type Node, sharing } from "../node.ts";
import { definePrimitive, type Primitive } from "../primitive.ts";
import { select } from "../primitives/comparison.ts";
import { pack, unpack } from "../primitives/packing.ts";
import { broadcastAxes } from "../primitives/structure.ts";
import { range } from "../shape.ts";
import { substitute } from "../substitute.ts";
import { type ClosedProgram, type Program, traceClosed } from "../trace.ts";
import type { ArrayFunction } from "../transform.ts";
import { leaves, type Tree } from "../tree.ts";
import { isTraced, type Operand, toNode } from "../values.ts";
import {
  batchedProgram,
  filled,
  fresh,
  liveOf,
  marked,
  nameOf,
  once,
  seriesProgram,
  shapesOf,
  sizeOfAll,
  tangentProgram,
  transposedProgram,
  unmarked,
} from "./programs.ts";
import { bodyKernel, checkForm, concludeRegion, nodesOf, packMembers } from "./region.ts";

/** Two programs over the same inputs, with outputs of the same shapes. */
interface Branches {
  readonly yes: Program;
  readonly no: Program;
}

/** Both branches transformed. */
function both(branches: Branches, key: string, f: (program: Program) => Program): Branches {
  return once(branches, key, () => ({ yes: f(branches.yes), no: f(branches.no) }));
}

/** The outputs of one branch in one vector; arguments are the number that decides, then those of the branches. */
const condPrimitive: Primitive<Branches> = definePrimitive<Branches>({
  name: "cond",
  emission: "region",
  shape: ([given], { yes }) =>
    given.length === 0 ? [sizeOfAll(yes.outputs)] : refuse("cond", "a number that decides", given),
  jvp({ inputs, attribute }, [, ...tangents]) {
    const marks = liveOf(tangents);
    if (!marks.includes(true)) return undefined;
    const sides = [tangentProgram(attribute.yes, marks), tangentProgram(attribute.no, marks)];
    if (!sides.some(({ live }) => live.includes(true))) return undefined;
    const branches = both(attribute, `tangents ${nameOf(marks)}`, (program) => tangentProgram(program, marks));
    return make(condPrimitive, [...inputs, ...marked(tangents as Node[], marks)], branches);
  },
  transpose({ inputs: [decision, ...inputs], attribute }, c, [, ...linear]) {
    const branches = both(attribute, `transpose ${nameOf(linear)}`, (program) => transposedProgram(program, linear));
    const cotangents = unpack(c, shapesOf(attribute.yes.outputs));
    const all = make(condPrimitive, [decision, ...unmarked(inputs, linear), ...cotangents], branches);
    const parts = unpack(all, shapesOf(branches.yes.outputs));
    return [undefined, ...linear.map((mark) => mark ? parts.shift() : undefined)];
  },
  jet({ inputs: [decision], attribute }, [constant, ...series]) {
    const order = constant.length - 1;
    const branches = both(attribute, `series ${order}`, (program) => seriesProgram(program, order));
    const shapes = shapesOf(attribute.yes.inputs), count = attribute.yes.outputs.length;
    const inputs = range(0, order + 1).flatMap((k) => filled(series.map((s) => s[k]), shapes));
    const all = unpack(make(condPrimitive, [decision, ...inputs], branches), shapesOf(branches.yes.outputs));
    return range(0, order + 1).map((k) => pack(all.slice(k * count, (k + 1) * count)));
  },
  batch({ attribute }, [decision, ...inputs], axes) {
    const marks = axes.slice(1).map((axis) => axis !== null);
    const count = axes[0] === null ? inputs[marks.indexOf(true)].shape[0] : decision.shape[0];
    const branches = both(attribute, `batch ${count} ${nameOf(marks)}`, (p) => batchedProgram(p, marks, count));
    if (axes[0] === null) {
      const all = make(condPrimitive, [decision, ...inputs], branches);
      return [packMembers(unpack(all, shapesOf(branches.yes.outputs)), count), 0];
    }
    // members choose differently: both branches for all
    const values = ({ inputs: own, outputs }: Program): Node =>
      packMembers(substitute(outputs, new Map(own.map((node, i) => [node, inputs[i]]))), count);
    const yes = values(branches.yes), no = values(branches.no);
    return [select(broadcastAxes(decision, yes.shape, [0]), yes, no), 0];
  },
  kernel({ attribute: { yes, no } }, scratch) {
    const first = bodyKernel(yes, scratch), second = bodyKernel(no, scratch);
    return ([decision, ...inputs], out) => (decision[0] !== 0 ? first : second)(inputs, out);
  },
});

/** The program with more inputs: those of `before` and `behind` the captured ones of its own. */
function widened(
  { inputs, outputs, captured }: ClosedProgram,
  before: readonly Node[],
  behind: readonly Node[],
): Program {
  const own = inputs.length - captured.length;
  return { inputs: [...inputs.slice(0, own), ...fresh(before), ...inputs.slice(own), ...fresh(behind)], outputs };
}

/**
 * `onTrue(…operands)` if the decision is not 0, else `onFalse(…operands)`. Only the chosen function is computed (over a
 * batch with decisions of its own for each member, both); the derivative is that of the chosen one.
 *
 * @param decision A number, as a comparison of numbers gives it.
 * @throws {TraceError} When the results differ in form.
 * @throws {ShapeError} When the decision is no number.
 *
 * @example The derivative on both sides
 * ```ts
 * import { cond, grad, greater, negate, type Operand, square } from "@gradus/gradus/autodiff";
 * import { assertEquals } from "@std/assert";
 *
 * const f = (x: Operand) => cond(greater(x, 0), (y: Operand) => square(y), (y: Operand) => negate(y), x);
 * assertEquals([grad(f)(3), grad(f)(-3)], [6, -1]);
 * ```
 */
export function cond<X extends readonly Tree[], Y extends Tree>(
  decision: Operand,
  onTrue: (...operands: X) => Y,
  onFalse: (...operands: X) => Y,
  ...operands: X
): Y {
  if (typeof decision === "number") return (decision !== 0 ? onTrue : onFalse)(...operands);
  if (!isTraced(decision)) {
    throw new TraceError(`Cannot apply cond: expected a number that decides, got an array${callerLine()}`);
  }
  return sharing(() => {
    const yes = traceClosed(onTrue as unknown as ArrayFunction, ...operands);
    const no = traceClosed(onFalse as unknown as ArrayFunction, ...operands);
    checkForm("apply cond", yes.outputs, no.outputs);
    const arguments_ = [
      toNode(decision, "apply cond"),
      ...nodesOf(operands, "apply cond"),
      ...yes.captured,
      ...no.captured,
    ];
    const branches = { yes: widened(yes, [], no.captured), no: widened(no, yes.captured, []) };
    const parts = unpack(make(condPrimitive, arguments_, branches), shapesOf(yes.outputs));
    return concludeRegion(parts, yes.result, [decision, ...leaves(operands)], []) as Y;
  });
}
