/**
 * Regular expressions, read into weighted languages.
 *
 * ```
 * expression = sequence { "|" sequence }     sequence = { item { "*" | "+" | "?" } }
 * item = "." | "(" expression ")" | "\" any character | any other character
 * ```
 *
 * @module
 */
import { ParseError } from "../core/mod.ts";
import { type Language, type Languages, languages } from "./language.ts";
import { booleans } from "./semiring.ts";

/**
 * The language of a regular expression: letters, `.`, `|`, `*`, `+`, `?`, brackets, and `\` before a letter that is
 * meant.
 *
 * @throws {ParseError} On a bracket that is not closed or not opened, or a repetition of nothing.
 *
 * @example How often an ambiguous expression matches
 * ```ts
 * import { languages, naturals, regularExpression } from "@gradus/gradus/exact";
 * import { assertEquals } from "@std/assert";
 *
 * const counted = languages(naturals);
 * assertEquals(counted.weight(regularExpression("(a|aa)*", counted), "aaaa"), 5n); // ways to write 4 as 1s and 2s
 * ```
 */
export function regularExpression<T>(pattern: string, maker: Languages<T>): Language<T> {
  const letters = [...pattern];
  let at = 0;
  const fail = (reason: string): ParseError =>
    new ParseError("read a regular expression", `"${pattern}"`, 0, `${reason} at character ${at}`);

  function expression(): Language<T> {
    let choices = sequence();
    while (letters[at] === "|") {
      at++;
      choices = maker.sum(choices, sequence());
    }
    return choices;
  }

  function sequence(): Language<T> {
    const parts: Language<T>[] = [];
    while (at < letters.length && letters[at] !== "|" && letters[at] !== ")") parts.push(repeated(item()));
    return maker.product(...parts);
  }

  function repeated(part: Language<T>): Language<T> {
    for (;; at++) {
      if (letters[at] === "*") part = maker.star(part);
      else if (letters[at] === "+") part = maker.product(part, maker.star(part));
      else if (letters[at] === "?") part = maker.sum(maker.one, part);
      else return part;
    }
  }

  function item(): Language<T> {
    const letter = letters[at++];
    if (letter === "*" || letter === "+" || letter === "?") throw fail(`expected something before ${letter}`);
    if (letter === ".") return maker.any;
    if (letter === "\\") {
      if (at === letters.length) throw fail("expected a character after \\");
      return maker.word(letters[at++]);
    }
    if (letter !== "(") return maker.word(letter);
    const inner = expression();
    if (letters[at] !== ")") throw fail("expected )");
    at++;
    return inner;
  }

  const whole = expression();
  if (at < letters.length) throw fail("expected the end, got )");
  return whole;
}

/**
 * Whether a regular expression matches a whole word.
 *
 * @throws {ParseError} When the expression cannot be read.
 */
export function regexMatch(pattern: string, word: string): boolean {
  const maker = languages(booleans);
  return maker.weight(regularExpression(pattern, maker), word);
}
