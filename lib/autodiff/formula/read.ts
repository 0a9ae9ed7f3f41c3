/**
 * Parsed formulas as functions of arrays, by a whitelist of nodes, functions and constants.
 *
 * @module
 */
import type { MathNode } from "npm:mathjs@15.2.0";
import { ParseError } from "../../core/mod.ts";
import { add, divide, multiply, negate, power, reciprocal, subtract } from "../operations/arithmetic.ts";
import { abs, acos, asin, atan, cos, cosh, exp, log, sin, sinh, sqrt, tan, tanh } from "../operations/functions.ts";
import { take } from "../operations/structure.ts";
import type { Operand } from "../values.ts";

type Apply = (...inputs: Operand[]) => Operand;

const operators: ReadonlyMap<string, readonly [arity: number, apply: Apply]> = new Map<string, [number, Apply]>([
  ["add", [2, add]],
  ["subtract", [2, subtract]],
  ["multiply", [2, multiply]],
  ["divide", [2, divide]],
  ["pow", [2, power]],
  ["unaryMinus", [1, negate]],
  ["unaryPlus", [1, (x) => x]],
]);

const functions: ReadonlyMap<string, Apply> = new Map<string, Apply>([
  ["abs", abs],
  ["acos", acos],
  ["asin", asin],
  ["atan", atan],
  ["cos", cos],
  ["cosh", cosh],
  ["exp", exp],
  ["log", log],
  ["log10", (x) => divide(log(x), Math.LN10)],
  ["sec", (x) => reciprocal(cos(x))],
  ["sech", (x) => reciprocal(cosh(x))],
  ["sin", sin],
  ["sinh", sinh],
  ["sqrt", sqrt],
  ["tan", tan],
  ["tanh", tanh],
]);

const constants: ReadonlyMap<string, number> = new Map([["pi", Math.PI], ["e", Math.E]]);

/** Formulas are trees that are walked by recursion; sums count their terms, for they are sums of sums. */
const DEEPEST = 500;

/**
 * Refuses a formula.
 *
 * @throws {ParseError} Always.
 */
export function refuse(expected: string, got: string): never {
  throw new ParseError("read a formula", "text", 0, `expected ${expected}, got ${got}`);
}

/** What the reader needs of nodes of mathjs. */
interface Parts {
  readonly type: string;
  readonly value?: unknown;
  readonly name?: string;
  readonly op?: string;
  readonly fn?: unknown;
  readonly args?: readonly MathNode[];
  readonly content?: MathNode;
}

/**
 * The symbols of a formula that are no constants, in the order of their appearance. Everything else in it is checked.
 *
 * @param given Names that are variables whatever else they mean.
 * @throws {ParseError} On whatever is not on the list, by its name.
 */
export function symbolsOf(root: MathNode, given: readonly string[]): string[] {
  const symbols = new Set<string>();
  const visit = (node: MathNode, depth: number): void => {
    if (depth > DEEPEST) refuse(`at most ${DEEPEST} operations within each other`, "more");
    const { type, value, name = "", op, fn, args = [], content } = node as unknown as Parts;
    switch (type) {
      case "ConstantNode":
        if (typeof value !== "number" || !Number.isFinite(value)) refuse("finite numbers", String(node));
        return;
      case "ParenthesisNode":
        return visit(content!, depth + 1);
      case "SymbolNode":
        if (given.includes(name)) symbols.add(name);
        else if (functions.has(name)) refuse(`an argument for the function ${name}`, "none");
        else if (!constants.has(name)) symbols.add(name);
        return;
      case "OperatorNode":
        if (operators.get(String(fn))?.[0] !== args.length) refuse("the operators + - * / ^", String(op));
        return args.forEach((arg) => visit(arg, depth + 1));
      case "FunctionNode":
        if (!functions.has(String(fn))) refuse(`one of the functions ${[...functions.keys()].join(", ")}`, String(fn));
        if (args.length !== 1) refuse(`one argument for ${fn}`, String(args.length));
        return args.forEach((arg) => visit(arg, depth + 1));
      default:
        refuse("one expression of numbers, variables, operators and functions", `${String(node)}`);
    }
  };
  visit(root, 1);
  return [...symbols];
}

/** The function of a vector of variables that a checked formula states. */
export function functionOf(root: MathNode, variables: readonly string[]): (x: Operand) => Operand {
  return (x) => {
    const entry = (node: MathNode): Operand => {
      const { type, value, name = "", fn, args = [], content } = node as unknown as Parts;
      if (type === "ConstantNode") return value as number;
      if (type === "ParenthesisNode") return entry(content!);
      if (type === "SymbolNode") {
        const place = variables.indexOf(name);
        return place < 0 ? constants.get(name)! : take(x, place);
      }
      const apply = type === "OperatorNode" ? operators.get(String(fn))![1] : functions.get(String(fn))!;
      return apply(...args.map(entry));
    };
    return entry(root);
  };
}
