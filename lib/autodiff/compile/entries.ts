/**
 * Entries of nodes as expressions in a nest of loops. An entry is computed once in the block of the deepest loop on
 * which it depends; arguments that are not stored are computed where they are needed.
 *
 * @module
 */
import { applies, literalPrimitive, type Node } from "../node.ts";
import { addPrimitive, negatePrimitive } from "../primitives/arithmetic.ts";
import { equalPrimitive, greaterEqualPrimitive, greaterPrimitive, selectPrimitive } from "../primitives/comparison.ts";
import { concatenatePrimitive, padPrimitive } from "../primitives/window.ts";
import { type Shape, sizeOf, stridesOf } from "../shape.ts";
import { boundaries, deepest, fixedAt, keyOf, type Place, readAt, source, stretchOf, withinPart } from "./places.ts";
import { isFixedGather, reducedAxes, roleOf, termsOf } from "./roles.ts";
import { isNegative, negated, signedFormula } from "./signs.ts";
import { operandOf } from "./storage.ts";
import { type ChunkWriter, numeral, whole } from "./text.ts";

/** What the variable of a loop runs through: from the first number up to, not including, the second. */
export type Range = readonly [start: number, end: number];

/** Thrown where the loop at a level must become two, the second of which starts at a place. */
export class Split {
  /** A loop and a place. */
  constructor(readonly level: number, readonly at: number) {}
}

/** How nodes are known to the text. */
export interface Names {
  /** The array that holds a node, if one does. */
  array(node: Node): string | undefined;
  /** The variable of a scalar that is computed by statements of its own. */
  scalar(node: Node): string | undefined;
  /** The array of whole numbers that holds constant indices. */
  indices(node: Node): string;
}

/** The statements of a loop, or those outside of all loops, at level -1. */
interface Block {
  readonly level: number;
  readonly range: Range;
  readonly lines: string[];
  /** The variables that hold entries. */
  readonly known: Map<string, string>;
}

const comparisons: ReadonlySet<number> = new Set(
  [greaterPrimitive, greaterEqualPrimitive, equalPrimitive].map(({ id }) => id),
);

/** Writes entries into the blocks of open loops. */
export class Entries {
  readonly #names: Names;
  #writer: ChunkWriter;
  #blocks: Block[] = [];
  #count = 0;

  constructor(names: Names, writer: ChunkWriter) {
    this.#names = names;
    this.#writer = writer;
  }

  /** Starts a chunk, outside of all loops. */
  begin(writer: ChunkWriter): void {
    this.#writer = writer;
    this.#blocks = [];
    this.open(-1, [0, 1]);
  }

  /** Opens a loop. */
  open(level: number, range: Range): void {
    this.#blocks.push({ level, range, lines: [], known: new Map() });
  }

  /** Closes the deepest block: its statements. */
  close(): string {
    return this.#blocks.pop()!.lines.join("");
  }

  /** How many blocks are open; setting it leaves the deeper ones. */
  get depth(): number {
    return this.#blocks.length;
  }
  set depth(depth: number) {
    this.#blocks.length = depth;
  }

  /** Adds a statement to the deepest block. */
  line(code: string): void {
    this.#blocks[this.#blocks.length - 1].lines.push(code);
    this.#writer.count();
  }

  /** Declares a variable of the deepest block. */
  variable(letter: string, code: string): string {
    const name = letter + this.#count++;
    this.line(`let ${name}=${code};`);
    return name;
  }

  /** Tells that a variable holds an entry. */
  learn(node: Node, places: readonly Place[], variable: string): void {
    this.#block(deepest(places)).known.set(keyOf(node, places), variable);
  }

  #block(level: number): Block {
    return this.#blocks.find((block) => block.level === level)!;
  }

  /** The variable of the block at a level that holds the value of an expression. */
  #keep(level: number, code: string, key: string): string {
    const { lines, known } = this.#block(level);
    let name = known.get(key);
    if (name === undefined) {
      known.set(key, name = `t${this.#count++}`);
      lines.push(`const ${name}=${code};`);
      this.#writer.count();
    }
    return name;
  }

  /** An element of an array that holds a shape from an offset on. */
  element(array: string, shape: Shape, places: readonly Place[], offset: number = 0): string {
    const factors = new Map<string, number>(), levels = new Map<string, number>();
    let constant = offset;
    stridesOf(shape).forEach((stride, axis) => {
      const { level, offset, variable = `i${level}` } = places[axis];
      constant += stride * offset;
      if (variable === "i-1") return;
      factors.set(variable, (factors.get(variable) ?? 0) + stride);
      levels.set(variable, level);
    });
    const isSmall = sizeOf(shape) < 2 ** 31; // the engine knows that of loops, not of indices that are read from a list
    const product = (variable: string, factor: number): string =>
      isSmall && !variable.startsWith("i") ? `Math.imul(${variable},${whole(factor)})` : `${variable}*${whole(factor)}`;
    const terms = [...factors].map(([variable, factor]) => ({
      level: levels.get(variable)!,
      text: factor === 1 ? variable : product(variable, factor),
    })).sort((a, b) => a.level - b.level);
    const inner = terms.pop(),
      rest = constant === 0 ? "" : constant < 0 ? `-${whole(-constant)}` : `+${whole(constant)}`;
    this.#writer.name(array);
    if (inner === undefined) return `${array}[${whole(constant)}]`;
    if (terms.length === 0) return `${array}[${inner.text}${rest}]`;
    const start = terms.map(({ text }) => text).join("+") + rest;
    return `${array}[${this.#keep(terms[terms.length - 1].level, start, start)}+${inner.text}]`;
  }

  /** The place that constant indices name at places of their array. */
  index(indices: Node, places: readonly Place[]): Place {
    const key = `index ${keyOf(indices, places)}`, level = deepest(places);
    return readAt(this.#keep(level, this.element(this.#names.indices(indices), indices.shape, places), key), places);
  }

  /** The entry of a node at places, as a variable or a number, or a minus and either. */
  entry(node: Node, places: readonly Place[]): string {
    if (applies(node, literalPrimitive)) return numeral(node.attribute);
    const scalar = this.#names.scalar(node);
    if (scalar !== undefined) return this.#writer.scalar(scalar);
    const key = keyOf(node, places);
    for (const { known } of this.#blocks) {
      const variable = known.get(key);
      if (variable !== undefined) return variable;
    }
    const array = this.#names.array(node);
    if (array === undefined) return this.formula(node, places);
    return this.#keep(deepest(places), this.element(array, node.shape, places), key);
  }

  /** The entry of a node at places from those of its arguments. */
  formula(node: Node, places: readonly Place[]): string {
    const { inputs } = node;
    switch (roleOf(node)) {
      case "elementwise": {
        const chosen = applies(node, selectPrimitive) ? this.#choice(node, places) : undefined;
        const given = chosen === undefined ? inputs.map((input) => this.entry(input, places)) : [];
        if (applies(node, addPrimitive) && given.includes("0")) return given[given.indexOf("0") === 0 ? 1 : 0];
        if (applies(node, negatePrimitive)) return negated(given[0]);
        const [code, negative] = chosen === undefined ? signedFormula(node, given) : [chosen, false];
        const name = this.#keep(deepest(places), code, keyOf(node, places));
        if (!negative) return name;
        this.learn(node, places, negated(name));
        return negated(name);
      }
      case "reduction": {
        const [start] = reducedAxes(node), [input] = inputs, terms: string[] = [];
        for (let i = 0; i < termsOf(node); i++) terms.push(this.entry(input, inserted(places, start, node, i)));
        const code = terms.map((term, i) => i === 0 || isNegative(term) ? term : `+${term}`).join("");
        return this.#keep(deepest(places), code || "0", keyOf(node, places));
      }
      default:
        return this.#viewed(node, places);
    }
  }

  /** A choice by a comparison that nobody else needs as a number. */
  #choice({ inputs: [condition, yes, no] }: Node, places: readonly Place[]): string | undefined {
    if (!comparisons.has(condition.primitive.id) || this.#names.array(condition) !== undefined) return undefined;
    if (this.#names.scalar(condition) !== undefined) return undefined;
    const sides = condition.inputs.map((input) => this.entry(input, places));
    const sign = applies(condition, equalPrimitive) ? "===" : applies(condition, greaterPrimitive) ? ">" : ">=";
    return `${sides[0]}${sign}${sides[1]}?${this.entry(yes, places)}:${this.entry(no, places)}`;
  }

  #viewed(node: Node, places: readonly Place[]): string {
    if (applies(node, concatenatePrimitive)) {
      const starts = boundaries(node), axis = node.attribute;
      const part = node.inputs.findIndex((_, i) => this.#lies(places[axis], starts[i], starts[i + 1]));
      return this.entry(node.inputs[part], withinPart(places, axis, starts[part]));
    }
    const [input] = node.inputs, asked = source(node, places);
    if (isFixedGather(node)) {
      const axis = node.attribute, [, indices] = node.inputs, end = axis + indices.shape.length;
      const index = this.index(indices, places.slice(axis, end));
      const there = [...places.slice(0, axis), index, ...places.slice(end)];
      const element = this.element(this.#names.array(operandOf(input))!, input.shape, there);
      return this.#keep(deepest(places), element, keyOf(node, places));
    }
    if (asked === undefined) {
      const stretch = stretchOf(input, (n) => this.#names.array(n) !== undefined)!;
      const element = this.element(this.#names.array(stretch.base)!, node.shape, places, stretch.offset);
      return this.#keep(deepest(places), element, keyOf(node, places));
    }
    if (!applies(node, padPrimitive)) return this.entry(input, asked);
    return asked.every((place, axis) => this.#lies(place, 0, input.shape[axis])) ? this.entry(input, asked) : "0";
  }

  /** Whether a place lies in an interval throughout the loops; where that changes, the loop is split. */
  #lies({ level, offset }: Place, low: number, high: number): boolean {
    if (level < 0) return offset >= low && offset < high;
    const [start, end] = this.#block(level).range, first = start + offset, last = end - 1 + offset;
    if (last < low || first >= high) return false;
    if (first < low) throw new Split(level, low - offset);
    if (last >= high) throw new Split(level, high - offset);
    return true;
  }
}

/** The places in the argument of a reduction of its i-th term. */
function inserted(places: readonly Place[], start: number, node: Node, term: number): Place[] {
  const summed = node.inputs[0].shape.slice(start, reducedAxes(node)[1]), index = new Array<Place>(summed.length);
  for (let axis = summed.length - 1; axis >= 0; axis--) {
    index[axis] = fixedAt(term % summed[axis]);
    term = Math.floor(term / summed[axis]);
  }
  return [...places.slice(0, start), ...index, ...places.slice(start)];
}
