/**
 * A formula as a smooth problem that shows itself, its gradient and its Hessian.
 *
 * @module
 */
import {
  create,
  derivativeDependencies,
  type MathJsInstance,
  type MathNode,
  parseDependencies,
  simplifyDependencies,
} from "npm:mathjs@15.2.0";
import { denoInspect, DomainError, jupyterDisplay, nodeInspect, ParseError, type TwiceSmooth } from "../../core/mod.ts";
import { objective } from "../objective/objective.ts";
import { functionOf, refuse, symbolsOf } from "./read.ts";

/** Options of `formula`. */
export interface FormulaOptions {
  /** The variables in the order of the vector. Default: in the order of their appearance in the text. */
  readonly variables?: readonly string[];
  /** A name for tables, charts and messages. Default: the text. */
  readonly name?: string;
}

/** What a formula shows. */
export type FormulaPart = "value" | "gradient" | "hessian";

/** A smooth problem stated by a formula. */
export interface FormulaProblem extends TwiceSmooth {
  /** The variables in the order of the vector. */
  readonly variables: readonly string[];
  /** The simplified formula, its symbolic derivatives, row by row, as text that is a formula again. */
  readonly parts: (part: FormulaPart) => readonly (readonly string[])[];
  /** The same as LaTeX. */
  readonly toLatex: (part?: FormulaPart) => string;
  /** The formula as text. */
  readonly toString: () => string;
  /** For notebooks. */
  readonly [jupyterDisplay]: () => Record<string, string>;
  /** For Deno's console. */
  readonly [denoInspect]: () => string;
  /** For Node's console. */
  readonly [nodeInspect]: () => string;
}

const math: MathJsInstance = create({ derivativeDependencies, parseDependencies, simplifyDependencies }, {});

/**
 * The smooth problem that a formula states, with value, gradient and Hessian-vector products for every solver. Computed
 * is the formula as it was typed; what is shown is simplified, which may hide where it is not defined.
 *
 * @param text Numbers, variables, `pi`, `e`, the operators `+ - * / ^`, and the functions abs, acos, asin, atan, cos,
 * cosh, exp, log, log10, sec, sech, sin, sinh, sqrt, tan, tanh.
 * @throws {ParseError} When the text is no formula, or on an unknown function, operator or variable, by its name.
 * @throws {DomainError} When the formula has no variables, or one is given twice.
 *
 * @example Rosenbrock's function
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { formula } from "@gradus/gradus/formula";
 * import { newtonCg } from "@gradus/gradus/smooth";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const problem = formula("(1-x)^2 + 100*(y-x^2)^2");
 * assertEquals(problem.variables, ["x", "y"]);
 * assertEquals(problem.parts("gradient")[1], ["200 * (y - x ^ 2)"]);
 * assertAlmostEquals(solve(problem, newtonCg(), { start: [-1.2, 1] }).x[1], 1, 1e-6);
 * ```
 */
export function formula(text: string, options: FormulaOptions = {}): FormulaProblem {
  const root = parsed(text), appearing = symbolsOf(root, options.variables ?? []);
  const variables = [...options.variables ?? appearing], unknown = appearing.find((name) => !variables.includes(name));
  if (unknown !== undefined) refuse(`the variables ${variables.join(", ")}`, unknown);
  if (variables.length === 0 || new Set(variables).size < variables.length) {
    throw new DomainError(`Cannot read a formula: expected distinct variables, got [${variables.join(", ")}]`);
  }
  const nodes = (part: FormulaPart): MathNode[][] => {
    const slope = (node: MathNode, name: string): MathNode =>
      simplified(math.derivative(node, name, { simplify: false }));
    if (part === "value") return [[simplified(root)]];
    const gradient = variables.map((name) => slope(root, name));
    return gradient.map((row) => part === "gradient" ? [row] : variables.map((name) => slope(row, name)));
  };
  const toLatex = (part: FormulaPart = "value"): string => {
    const rows = nodes(part).map((row) => row.map((node) => node.toTex().trim()).join(" & "));
    if (part === "value") return rows[0];
    return `\\begin{bmatrix} ${rows.join(" \\\\ ")} \\end{bmatrix}`;
  };
  const shown = (): string => `minimize ${text} over ${variables.join(", ")}`;
  return {
    ...objective(functionOf(root, variables), { dimension: variables.length, name: options.name ?? text }),
    variables,
    parts: (part) => nodes(part).map((row) => row.map(String)),
    toLatex,
    toString: shown,
    [jupyterDisplay]: () => ({
      "text/latex": `$$\\min_{${variables.map((name) => math.parse(name).toTex().trim()).join(", ")}} ${toLatex()}$$`,
      "text/plain": shown(),
    }),
    [denoInspect]: shown,
    [nodeInspect]: shown,
  };
}

function parsed(text: string): MathNode {
  try {
    return math.parse(text);
  } catch (error) {
    throw new ParseError("read a formula", "text", 0, error instanceof Error ? error.message : String(error));
  }
}

function simplified(node: MathNode): MathNode {
  return math.simplify(node, {}, { exactFractions: false });
}
