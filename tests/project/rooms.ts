// The order of the rooms and what an import may do in it.
import type { Import } from "./imports.ts";

/** The rooms of lib from the ground up; those in one line are neighbours and do not know each other. */
const floors = [
  ["core"],
  ["linalg"],
  ["autodiff"],
  ["proximal"],
  ["smooth"],
  ["stochastic", "splitting", "zeroth"],
  ["constrained", "transport", "recovery", "manifold", "network"],
  ["games", "distributed", "evolve", "reduce", "exact", "highs"],
  ["minimize"],
  ["problems"],
  ["compare"],
  ["display"],
  ["cli"],
];

/** Whether a file may name `Deno`; all others must run in a browser. */
export function mayNameDeno(path: string): boolean {
  return !path.startsWith("lib/") && path !== "mod.ts" || /^lib\/(cli|display\/notebook)\//.test(path) ||
    path === "lib/display/notebook.ts";
}

const floorOf = (room: string): number => floors.findIndex((rooms) => rooms.includes(room));
const roomOf = (path: string): string | undefined => /^lib\/([^/]+)\/./.exec(path)?.[1];

/** What is wrong with an import, or nothing. */
export function judge({ from, to }: Import): string | undefined {
  const room = roomOf(from), target = roomOf(to);
  const wrong = (rule: string): string => `${from} imports ${to}: ${rule}`;
  if (from === "mod.ts") {
    return /^lib\/[^/]+\/mod\.ts$/.test(to) ? undefined : wrong("the root re-exports the rooms' mod.ts alone");
  }
  if (from.startsWith("kernels/wasm/")) {
    return /^(kernels\/wasm\/|npm:|node:)/.test(to) ? undefined : wrong("the compute kernels stand on nothing of ours");
  }
  if (from.startsWith("kernels/native/")) {
    return /^(kernels\/native\/|lib\/[^/]+\/mod\.ts$)/.test(to)
      ? undefined
      : wrong("native kernels stand on the rooms' mod.ts alone");
  }
  if (room === undefined) return undefined;
  if (/^(npm|node):/.test(to)) return undefined;
  if (floorOf(room) < 0) return wrong(`the room ${room} has no place in the order`);
  if (target === undefined) {
    if (room === "linalg" && to.startsWith("kernels/wasm/")) return undefined;
    return wrong("lib imports lib, packages by npm: or node:, and in linalg kernels/wasm");
  }
  if (room === target) return undefined;
  if (floorOf(target) >= floorOf(room)) return wrong("imports point down");
  return to === `lib/${target}/mod.ts` ? undefined : wrong("from another room only its mod.ts is imported");
}
