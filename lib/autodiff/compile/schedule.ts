/**
 * In which order stored nodes are computed. Those whose first axes are about equally long and that read of each other
 * nothing but the same place of that axis share its loop; scalars that follow each other are one stretch of statements.
 *
 * @module
 */
import { applies, type Node } from "../node.ts";
import { concatenatePrimitive } from "../primitives/window.ts";
import { sameNumbers } from "../shape.ts";
import { boundaries, everywhere, fixedAt, keyOf, type Place, source, stretchOf, withinPart } from "./places.ts";
import { domainOf, reducedAxes, roleOf } from "./roles.ts";
import { isLeaf, operandOf, type Storage } from "./storage.ts";

/** A stored node that another reads. */
export interface Read {
  /** What is read. */
  readonly node: Node;
  /** Where, by the loops of the reader; nothing if everywhere. */
  readonly places: readonly Place[] | undefined;
}

/** Nodes in one loop, or one call. */
export interface Group {
  /** In the order of their computation. */
  readonly nodes: readonly Node[];
  /** In each turn of the loop these do what all at the same place of a domain do. */
  readonly nests: readonly (readonly Node[])[];
}

/** When everything is computed. */
export interface Schedule {
  /** In their order. */
  readonly groups: readonly Group[];
  /** What each stored node reads. */
  readonly reads: ReadonlyMap<Node, readonly Read[]>;
}

/** More formulas are divided among loops. */
const LONG = 600;

/** Lengths that differ by more are not near. */
const NEAR = 4;

/** Whether the place is that of a loop itself. */
const isLoop = (place: Place | undefined, level: number): boolean =>
  place !== undefined && place.level === level && place.offset === 0;

/** What a stored node reads of other stored ones. */
function readsOf(node: Node, { stored, known }: Storage): Read[] {
  const found: Read[] = [], seen = new Set<string>();
  const visit = (input: Node, places: readonly Place[]): void => {
    if (isLeaf(input) || known.has(input)) return;
    const key = keyOf(input, places);
    if (seen.has(key)) return;
    seen.add(key);
    if (stored.has(input)) found.push({ node: input, places });
    else descend(input, places);
  };
  const descend = (at: Node, places: readonly Place[]): void => {
    const role = roleOf(at);
    if (role === "elementwise") at.inputs.forEach((input) => visit(input, places));
    else if (role === "reduction") {
      const [start, end] = reducedAxes(at), summed = at.inputs[0].shape.slice(start, end);
      const inner = summed.map(() => fixedAt(0));
      visit(at.inputs[0], [...places.slice(0, start), ...inner, ...places.slice(start)]);
    } else if (applies(at, concatenatePrimitive)) {
      const starts = boundaries(at);
      at.inputs.forEach((input, i) => visit(input, withinPart(places, at.attribute, starts[i])));
    } else {
      const asked = source(at, places), inMemory = (n: Node): boolean => isLeaf(n) || stored.has(n) || known.has(n);
      if (asked !== undefined) visit(at.inputs[0], asked);
      else {
        const { base } = stretchOf(at.inputs[0], inMemory)!;
        if (stored.has(base)) found.push({ node: base, places: undefined });
      }
    }
  };
  if (roleOf(node) === "kernel") {
    for (const input of node.inputs) {
      if (stored.has(operandOf(input))) found.push({ node: operandOf(input), places: undefined });
    }
  } else if (roleOf(node) === "reduction") visit(node.inputs[0], everywhere(domainOf(node)));
  else descend(node, everywhere(node.shape));
  return found;
}

/** Whether a group's loop has computed, in each turn, what this read asks for. */
function isAtSameTurn({ node, places }: Read): boolean {
  return isLoop(places?.[0], 0) && !(roleOf(node) === "reduction" && reducedAxes(node)[0] === 0);
}

/** Whether two loops are about as long, so that they can be one that is split where the shorter ends. */
function areNear(a: number | undefined, b: number | undefined): boolean {
  return a === undefined || b === undefined ? a === b : Math.abs(a - b) <= NEAR;
}

/** Groups the stored nodes. */
export function scheduleOf(storage: Storage): Schedule {
  const { order, stored, weight } = storage, reads = new Map<Node, readonly Read[]>();
  let rest = order.filter((node) => stored.has(node));
  for (const node of rest) reads.set(node, readsOf(node, storage));
  const done = new Set<Node>(), groups: Group[] = [];
  while (rest.length > 0) {
    const [first] = rest, nodes = new Set([first]), length = domainOf(first)[0], later: Node[] = [];
    let total = weight.get(first)!;
    for (let i = 1; i < rest.length; i++) {
      const node = rest[i];
      const joins = roleOf(first) !== "kernel" && roleOf(node) !== "kernel" && areNear(domainOf(node)[0], length) &&
        total + weight.get(node)! <= LONG &&
        reads.get(node)!.every((read) =>
          done.has(read.node) || nodes.has(read.node) && (length === undefined || isAtSameTurn(read))
        );
      if (joins) {
        nodes.add(node);
        total += weight.get(node)!;
      } else later.push(node);
    }
    for (const node of nodes) done.add(node);
    groups.push({ nodes: [...nodes], nests: nestsOf([...nodes], reads) });
    rest = later;
  }
  return { groups, reads };
}

/** Neighbours over one domain that read of each other nothing but entries at the same place. */
function nestsOf(nodes: readonly Node[], reads: ReadonlyMap<Node, readonly Read[]>): Node[][] {
  const nests: Node[][] = [];
  for (const node of nodes) {
    const nest = nests[nests.length - 1], domain = domainOf(node);
    const joins = nest !== undefined && sameNumbers(domainOf(nest[0]), domain) &&
      reads.get(node)!.every(({ node: read, places }) =>
        !nest.includes(read) || roleOf(read) !== "reduction" && places?.every((place, axis) => isLoop(place, axis))
      );
    if (joins) nest.push(node);
    else nests.push([node]);
  }
  return nests;
}
