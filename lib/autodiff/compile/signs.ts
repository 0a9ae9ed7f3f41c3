/**
 * Signs that are not computed: products and quotients hand them on, sums subtract instead of adding. Texts of entries
 * are variables, numbers, or either with a minus in front.
 *
 * @module
 */
import { applies, type Node } from "../node.ts";
import {
  addPrimitive,
  dividePrimitive,
  multiplyPrimitive,
  reciprocalPrimitive,
  squarePrimitive,
  subtractPrimitive,
} from "../primitives/arithmetic.ts";

/** Whether a text begins with a minus. */
export function isNegative(text: string): boolean {
  return text.startsWith("-");
}

/** The text without its minus, if it has one. */
export function magnitude(text: string): string {
  return isNegative(text) ? text.slice(1) : text;
}

/** The text with the other sign. */
export function negated(text: string): string {
  return isNegative(text) ? text.slice(1) : `-${text}`;
}

/** The formula of an elementwise node of texts, and whether it stands for the value with the other sign. */
export function signedFormula(node: Node, texts: readonly string[]): readonly [code: string, isNegative: boolean] {
  const write = ({ expression }: { expression?: Node["primitive"]["expression"] }, given: readonly string[]): string =>
    expression!(given, node.attribute);
  const [a, b] = texts.map(magnitude), [s, t] = texts.map(isNegative), { primitive } = node;
  const isSubtraction = applies(node, subtractPrimitive);
  if (isSubtraction || applies(node, addPrimitive)) {
    if (isSubtraction !== (s === t)) return [write(addPrimitive, [a, b]), s];
    return [write(subtractPrimitive, s ? [b, a] : [a, b]), false];
  }
  if (applies(node, multiplyPrimitive) || applies(node, dividePrimitive)) return [write(primitive, [a, b]), s !== t];
  if (applies(node, squarePrimitive)) return [write(primitive, [a]), false];
  if (applies(node, reciprocalPrimitive)) return [write(primitive, [a]), s];
  return [write(primitive, texts.map((text) => isNegative(text) ? `(${text})` : text)), false];
}
