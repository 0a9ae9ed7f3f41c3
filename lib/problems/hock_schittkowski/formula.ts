/**
 * Formulas as papers print them, read into array programs, of which derivatives follow.
 *
 * ```
 * sum = term { (+|-) term };   term = factor { (*|/) factor };   factor = - factor | base [^ factor]
 * base = number | x1, x2, … | name | pi | function ( sum ) | ( sum )
 * ```
 *
 * @module
 */
import {
  add,
  cos,
  divide,
  erf,
  exp,
  log,
  multiply,
  negate,
  type Operand,
  power,
  sin,
  sqrt,
  square,
  subtract,
  take,
} from "../../autodiff/mod.ts";
import { DomainError } from "../../core/mod.ts";

const functions: Readonly<Record<string, (x: Operand) => Operand>> = { sin, cos, exp, ln: log, sqrt, erf };

/**
 * The value of a formula in x₁, x₂, …, the entries of x, and in named quantities.
 *
 * @throws {DomainError} When it cannot be read; the message names the place.
 */
export function evaluateFormula(text: string, x: Operand, named: ReadonlyMap<string, Operand> = new Map()): Operand {
  const tokens = text.match(/\d+\.?\d*(?:e-?\d+)?|\.\d+|[a-z]\w*|[-+*/^()]/g) ?? [];
  let next = 0;
  const fail = (): never => {
    throw new DomainError(`Cannot read the formula ${text}: got ${tokens[next] ?? "its end"} as token ${next}`);
  };
  const accept = (...options: string[]): string | undefined =>
    options.includes(tokens[next]) ? tokens[next++] : undefined;

  const sum = (): Operand => {
    let left = term();
    for (let sign; (sign = accept("+", "-"));) left = sign === "+" ? add(left, term()) : subtract(left, term());
    return left;
  };
  const term = (): Operand => {
    let left = factor();
    for (let sign; (sign = accept("*", "/"));) left = sign === "*" ? multiply(left, factor()) : divide(left, factor());
    return left;
  };
  const factor = (): Operand => {
    if (accept("-")) return negate(factor());
    const base = primary();
    if (!accept("^")) return base;
    const exponent = factor();
    return exponent === 2 ? square(base) : power(base, exponent);
  };
  const inner = (): Operand => {
    const value = sum();
    return accept(")") ? value : fail();
  };
  const primary = (): Operand => {
    const token = tokens[next];
    if (accept("(")) return inner();
    if (token === undefined) return fail();
    if (/^[\d.]/.test(token)) return Number(tokens[next++]);
    if (accept("pi")) return Math.PI;
    if (/^x\d+$/.test(token)) return take(x, Number(tokens[next++].slice(1)) - 1);
    const quantity = named.get(token);
    if (quantity !== undefined) {
      next++;
      return quantity;
    }
    if (!Object.hasOwn(functions, token)) return fail();
    next++;
    return accept("(") ? functions[token](inner()) : fail();
  };
  const value = sum();
  return next === tokens.length ? value : fail();
}
