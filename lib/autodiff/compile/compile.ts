/**
 * Programs as one function of plain loops over buffers that are planned once.
 *
 * Entries are pulled: the text of a loop asks for the entries of its arguments, down to what is stored; views only
 * change the place that is asked for. Hence elementwise chains, broadcasts, slices, paddings and products with vectors
 * fuse into the loops that need them; matrix products and factorizations are calls.
 *
 * The text holds names that the compiler makes, operators of the table of primitives, and numbers: nothing that a
 * caller wrote.
 *
 * @module
 */
import { erf, erfc } from "../error_function.ts";
import { TraceError } from "../errors.ts";
import { checksOf, type Executable, interpreter } from "../interpret.ts";
import { applies, type Node, sharing } from "../node.ts";
import { dotPrimitive, matvecPrimitive } from "../primitives/products.ts";
import { sizeOf } from "../shape.ts";
import { lower, rewrite } from "../substitute.ts";
import type { Program } from "../trace.ts";
import { generate } from "./generate.ts";
import { roleOf } from "./roles.ts";
import { operandOf } from "./storage.ts";

/** An executable with its text. */
export interface Compiled extends Executable {
  /** What was generated; empty where code cannot be generated, and the program is interpreted. */
  readonly source: string;
}

/** From this length on a product with a stored matrix is a call of a kernel that takes several rows at a time. */
const LONG = 512;

/** Products as sums that fuse with what they multiply, where that pays. */
function fusible(node: Node): Node | undefined {
  const plain = node.inputs.every((input) => roleOf(operandOf(input)) === "array");
  if (applies(node, matvecPrimitive)) {
    const stored = roleOf(operandOf(node.inputs[0])) === "array";
    if (stored && node.inputs[0].shape[1] >= LONG) return undefined;
  } else if (applies(node, dotPrimitive) && plain && node.inputs[0].shape[0] >= LONG) return undefined;
  return node.primitive.expand?.(node);
}

let allowed: boolean | undefined;

/** Whether text can be made a function here: not under a content security policy, for example. */
function canGenerate(): boolean {
  if (allowed === undefined) {
    try {
      allowed = new Function("return true;")() === true;
    } catch {
      allowed = false;
    }
  }
  return allowed;
}

/**
 * Compiles a program, to be run many times: to one function where code can be generated, else to an interpreter.
 *
 * @throws {TraceError} When it depends on traced arrays that are not its inputs, or a primitive cannot be computed.
 *
 * @example A gradient of straight-line code
 * ```ts
 * import { compile, grad, type Operand, square, sum, trace } from "@gradus/gradus/autodiff";
 * import { assertEquals } from "@std/assert";
 *
 * const gradient = grad((x: Operand) => sum(square(x))), x = Float64Array.of(1, 2), out = new Float64Array(2);
 * compile(trace((x: Operand) => gradient(x), x)).run([x], [out]);
 * assertEquals(out, Float64Array.of(2, 4));
 * ```
 */
export function compile(program: Program): Compiled {
  if (!canGenerate()) return { ...interpreter(program), source: "" };
  const outputs = sharing(() => rewrite(lower(program.outputs), fusible));
  const { source, buffers, data, kernels, operands, scalars, scratch } = generate({ inputs: program.inputs, outputs });
  const make = new Function("P", "D", "K", "A", "S", "erf", "erfc", "door", "outs", source);
  const check = checksOf(program);
  const door = (inputs: readonly Float64Array[], outs: readonly Float64Array[], busy: boolean): void => {
    if (busy) throw new TraceError("Cannot run a program: it runs already, and is not reentrant");
    check(inputs, outs);
  };
  const fresh = (): Float64Array[] => outputs.map((output) => new Float64Array(sizeOf(output.shape)));
  const run = make(buffers, data, kernels, operands, scalars, erf, erfc, door, fresh) as Executable["run"];
  const bytes = scratch.bytes + 8 * buffers.reduce((total, buffer) => total + buffer.length, 0);
  return { bytes, run, source };
}
