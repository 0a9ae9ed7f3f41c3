/**
 * Objectives typed as text: `formula("(1-x)^2 + 100*(y-x^2)^2")`.
 *
 * The only entry of the library that loads mathjs, which parses the text and differentiates it symbolically for
 * display. The text is never evaluated as code.
 *
 * @module
 */
export { formula, type FormulaOptions, type FormulaPart, type FormulaProblem } from "./formula.ts";
