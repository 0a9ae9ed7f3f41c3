/**
 * The text of groups: loops over domains with the statements of their nodes, calls of kernels, stretches of scalars.
 *
 * Loops of few turns are written out. Where the window of a padding or a joined array begins or ends, a loop becomes
 * two, so that no turn has to ask.
 *
 * @module
 */
import { applies, type Node } from "../node.ts";
import { largestPrimitive } from "../primitives/reductions.ts";
import { type Shape, sizeOf } from "../shape.ts";
import { Entries, type Names, Split } from "./entries.ts";
import { fixedAt, type Place } from "./places.ts";
import { domainOf, isFixedScatter, reducedAxes, roleOf } from "./roles.ts";
import type { Group } from "./schedule.ts";
import { isNegative, magnitude } from "./signs.ts";
import { type Chunk, ChunkWriter } from "./text.ts";

/** Domains of so few places, and inner axes of few together, are written out if their formulas are not too many. */
const FEW = 16, FEW_INNER = 4, MANY_FORMULAS = 1000;

/** How a loop sees a reduction: summed up over all of its turns, in a variable inside, or in memory. */
type Summing = "throughout" | "inside" | "in memory";

function summingOf(node: Node): Summing {
  const [start, end] = reducedAxes(node), rank = node.inputs[0].shape.length;
  return end < rank || isFixedScatter(node) ? "in memory" : start === 0 ? "throughout" : "inside";
}

const isSum = (node: Node): boolean => roleOf(node) === "reduction";
const initial = (node: Node): string => applies(node, largestPrimitive) ? "-Infinity" : "0";

/** A statement that takes an entry up into the total of a reduction. */
function joined(node: Node, total: string, entry: string): string {
  if (applies(node, largestPrimitive)) return `${total}=Math.max(${total},${entry});`;
  return isNegative(entry) ? `${total}-=${magnitude(entry)};` : `${total}+=${entry};`;
}

/** What the text needs to know of nodes. */
export interface LoopNames extends Names {
  /** The array into which a node is computed, if anybody reads it there. */
  target(node: Node): string | undefined;
  /** The number of formulas of a node. */
  weight(node: Node): number;
}

/** Writes groups, one after the other. */
export class Loops {
  readonly #names: LoopNames;
  readonly #entries: Entries;
  #writer: ChunkWriter = new ChunkWriter();
  #chunks: Chunk[] = [];
  /** Where the outermost loop starts. */
  #first = 0;

  constructor(names: LoopNames) {
    this.#names = names;
    this.#entries = new Entries(names, this.#writer);
  }

  /** The chunks of a group of nodes that are computed by formulas. */
  write({ nodes, nests }: Group): readonly Chunk[] {
    this.#chunks = [];
    this.#start();
    for (const node of nodes) {
      if (!isSum(node)) continue;
      const summing = summingOf(node);
      if (summing === "throughout") this.#statement(`${this.#scalar(node)}=${initial(node)};`);
      if (summing === "in memory") this.#statement(`${this.#target(node)}.fill(${initial(node)});`);
    }
    if (domainOf(nodes[0]).length === 0) {
      for (const node of nodes) {
        const value = this.#entries.formula(node, []);
        if (this.#names.scalar(node) !== undefined) this.#entries.line(`${this.#scalar(node)}=${value};`);
        else this.#entries.learn(node, [], value);
      }
    } else {
      const formulas = nodes.reduce((total, node) => total + placesOf(domainOf(node)) * this.#names.weight(node), 0);
      const few = nodes.every((node) => placesOf(domainOf(node)) <= FEW) && formulas <= MANY_FORMULAS;
      const length = Math.max(...nodes.map((node) => domainOf(node)[0]));
      if (few) { for (let i = 0; i < length; i++) this.#turnOfAll(nests, fixedAt(i), i + 1); }
      else this.#outer(nests, length);
    }
    this.#finish();
    return this.#chunks;
  }

  #start(): void {
    this.#writer = new ChunkWriter();
    this.#entries.begin(this.#writer);
  }

  #finish(): void {
    const code = this.#entries.close();
    if (code !== "") this.#writer.write(`{${code}}\n`);
    if (this.#writer.chunk.code !== "") this.#chunks.push(this.#writer.chunk);
  }

  #statement(code: string): void {
    this.#writer.write(`${code}\n`);
    this.#writer.count();
  }

  #scalar(node: Node): string {
    return this.#writer.scalar(this.#names.scalar(node)!);
  }

  #target(node: Node): string {
    const name = this.#names.target(node)!;
    this.#writer.name(name);
    return name;
  }

  /** The loop that the nests of a group share; each part of it is a chunk of its own. */
  #outer(nests: readonly (readonly Node[])[], length: number): void {
    const waiting: [number, number][] = [[0, length]];
    for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
      const [start, end] = part;
      this.#finish();
      this.#start();
      this.#first = start;
      try {
        this.#loop(0, start, end, (place) => this.#turnOfAll(nests, place, end));
      } catch (split) {
        if (!(split instanceof Split) || split.level !== 0) throw split;
        this.#start();
        waiting.push([split.at, end], [start, split.at]);
      }
    }
  }

  /** The nests of a group at places of the first axis below `end`; the loop is split where a shorter axis ends. */
  #turnOfAll(nests: readonly (readonly Node[])[], place: Place, end: number): void {
    for (const nest of nests) {
      const length = domainOf(nest[0])[0], start = place.level < 0 ? place.offset : this.#first;
      if (start >= length) continue;
      if (end > length) throw new Split(0, length);
      this.#nest(nest, [place]);
    }
  }

  /** A loop, or its only turn, with a body. */
  #loop(level: number, start: number, end: number, body: (place: Place) => void): void {
    if (end - start === 1) return body(fixedAt(start));
    const entries = this.#entries, depth = entries.depth;
    entries.open(level, [start, end]);
    try {
      body({ level, offset: 0 });
    } catch (split) {
      entries.depth = depth;
      throw split;
    }
    const code = entries.close();
    if (code !== "") entries.line(`for(let i${level}=${start};i${level}<${end};i${level}++){${code}}`);
  }

  /** The loops of a nest below those whose places are given. */
  #nest(nodes: readonly Node[], places: readonly Place[]): void {
    const domain = domainOf(nodes[0]), level = places.length, totals = new Map<Node, string>();
    if (level === domain.length) return this.#turn(nodes, places, this.#totals);
    const before = this.#totals;
    for (const node of nodes) {
      if (!isSum(node) || summingOf(node) !== "inside" || reducedAxes(node)[0] !== level) continue;
      totals.set(node, this.#entries.variable("r", initial(node)));
    }
    try {
      this.#totals = new Map([...before, ...totals]);
      if (this.#isFew(nodes, level)) {
        for (let i = 0; i < domain[level]; i++) this.#nest(nodes, [...places, fixedAt(i)]);
      } else this.#inner(nodes, places, domain[level]);
    } finally {
      this.#totals = before;
    }
    for (const [node, total] of totals) {
      this.#store(node, places, total);
      this.#entries.learn(node, places, total);
    }
  }

  #inner(nodes: readonly Node[], places: readonly Place[], length: number): void {
    const level = places.length, waiting: [number, number][] = [[0, length]];
    for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
      const [start, end] = part;
      try {
        this.#loop(level, start, end, (place) => this.#nest(nodes, [...places, place]));
      } catch (split) {
        if (!(split instanceof Split) || split.level !== level) throw split;
        waiting.push([split.at, end], [start, split.at]);
      }
    }
  }

  /** The variables of sums whose loops are open. */
  #totals: ReadonlyMap<Node, string> = new Map();

  #isFew(nodes: readonly Node[], level: number): boolean {
    const places = placesOf(domainOf(nodes[0]).slice(level));
    const formulas = nodes.reduce((total, node) => total + this.#names.weight(node), 0);
    return places <= FEW_INNER && places * formulas <= MANY_FORMULAS;
  }

  /** What one turn of the deepest loop does. */
  #turn(nodes: readonly Node[], places: readonly Place[], totals: ReadonlyMap<Node, string>): void {
    const entries = this.#entries;
    for (const node of nodes) {
      if (!isSum(node)) {
        const value = entries.formula(node, places);
        entries.learn(node, places, value);
        this.#store(node, places, value);
        continue;
      }
      const [start, end] = reducedAxes(node), entry = entries.entry(node.inputs[0], places);
      const at = isFixedScatter(node) ? [entries.index(node.inputs[1], places.slice(start, end))] : [];
      const summing = summingOf(node);
      const total = summing === "inside"
        ? totals.get(node)!
        : summing === "throughout"
        ? this.#scalar(node)
        : entries.element(this.#target(node), node.shape, [...places.slice(0, start), ...at, ...places.slice(end)]);
      entries.line(joined(node, total, entry));
    }
  }

  #store(node: Node, places: readonly Place[], value: string): void {
    if (this.#names.target(node) === undefined) return;
    this.#entries.line(`${this.#entries.element(this.#target(node), node.shape, places)}=${value};`);
  }
}

/** The number of places of a domain; axes without any count as one. */
function placesOf(domain: Shape): number {
  return sizeOf(domain.map((n) => Math.max(n, 1)));
}
