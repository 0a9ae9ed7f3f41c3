/**
 * Where stored nodes lie: in the caller's arrays, in buffers that are used again after the last reader, or in local
 * variables alone.
 *
 * @module
 */
import type { Node } from "../node.ts";
import { sizeOf } from "../shape.ts";
import { reducedAxes, roleOf } from "./roles.ts";
import type { Group, Schedule } from "./schedule.ts";

/** The memory of a program. */
export interface Memory {
  /** The number of the output that a node is computed into. */
  readonly outputs: ReadonlyMap<Node, number>;
  /** The number of the buffer that holds a node. */
  readonly buffers: ReadonlyMap<Node, number>;
  /** Nodes that live in the statements that compute them alone. */
  readonly passing: ReadonlySet<Node>;
  /** The lengths of the buffers. */
  readonly lengths: readonly number[];
}

/** Whether the statements that compute a node hand it on to all readers in variables. */
function passesOn(node: Node, { nodes, nests }: Group, readers: readonly Node[]): boolean {
  const role = roleOf(node);
  if (role === "kernel" || role === "reduction" && reducedAxes(node)[0] === 0) return false;
  if (node.shape.length <= 1 && readers.every((reader) => nodes.includes(reader))) return true;
  const nest = nests.find((members) => members.includes(node))!;
  return role !== "reduction" && readers.every((reader) => nest.includes(reader));
}

/** Gives stored nodes memory, where they need it: scalars do not, but for the results of kernels. */
export function memoryOf(schedule: Schedule, outs: readonly Node[]): Memory {
  const { groups, reads } = schedule, outputs = new Map<Node, number>(), buffers = new Map<Node, number>();
  const lengths: number[] = [], free = new Map<number, number[]>(), last = new Map<Node, number>();
  const readers = new Map<Node, Node[]>(), passing = new Set<Node>();
  for (const reader of reads.keys()) readers.set(reader, []);
  for (const [reader, list] of reads) for (const read of list) readers.get(read.node)!.push(reader);
  outs.forEach((node, i) => outputs.has(node) || outputs.set(node, i));
  groups.forEach(({ nodes }, at) =>
    nodes.forEach((node) => reads.get(node)!.forEach((read) => last.set(read.node, at)))
  );
  const dying = groups.map((): Node[] => []);
  for (const [node, at] of last) dying[at].push(node);
  groups.forEach((group, at) => {
    for (const node of group.nodes) {
      const isKernel = roleOf(node) === "kernel";
      if (!outputs.has(node) && passesOn(node, group, readers.get(node)!)) passing.add(node);
      if (passing.has(node) || (node.shape.length > 0 ? outputs.has(node) : !isKernel)) continue;
      const size = sizeOf(node.shape), place = free.get(size)?.pop() ?? lengths.push(size) - 1;
      buffers.set(node, place);
    }
    for (const node of dying[at]) {
      const place = buffers.get(node);
      if (place === undefined) continue;
      const list = free.get(lengths[place]);
      if (list === undefined) free.set(lengths[place], [place]);
      else list.push(place);
    }
  });
  return { outputs, buffers, lengths, passing };
}
