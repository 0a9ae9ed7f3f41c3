/**
 * Where stored nodes lie: in the caller's arrays, in buffers that are used again after the last reader, or in local variables alone.
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
  /** The lengths of the buffers. */
  readonly lengths: readonly number[];
}

/** Whether the loop that computes a node hands it on to all readers in variables. */
function staysInLoop(node: Node, { nodes, nests }: Group, { reads }: Schedule): boolean {
  const nest = nests.find((members) => members.includes(node))!,
    readers = (list: readonly Node[]): number =>
      list.filter((reader) => reads.get(reader)!.some((read) => read.node === node)).length;
  let total = 0;
  for (const list of reads.values()) if (list.some((read) => read.node === node)) total++;
  const role = roleOf(node);
  if (role === "kernel" || role === "reduction" && reducedAxes(node)[0] === 0) return false;
  return role !== "reduction" && readers(nest) === total || node.shape.length === 1 && readers(nodes) === total;
}

/** Gives stored nodes memory; scalars but for the results of kernels need none. */
export function memoryOf(schedule: Schedule, outs: readonly Node[]): Memory {
  const { groups, reads } = schedule, outputs = new Map<Node, number>(), buffers = new Map<Node, number>();
  const lengths: number[] = [], free = new Map<number, number[]>(), last = new Map<Node, number>();
  outs.forEach((node, i) => outputs.has(node) || outputs.set(node, i));
  groups.forEach(({ nodes }, at) =>
    nodes.forEach((node) => reads.get(node)!.forEach((read) => last.set(read.node, at)))
  );
  const dying = groups.map((): Node[] => []);
  for (const [node, at] of last) dying[at].push(node);
  groups.forEach((group, at) => {
    for (const node of group.nodes) {
      if (node.shape.length === 0 && roleOf(node) !== "kernel") continue;
      if (outputs.has(node) && node.shape.length > 0 || staysInLoop(node, group, schedule)) continue;
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
  return { outputs, buffers, lengths };
}
