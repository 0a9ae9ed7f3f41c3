/**
 * What every kernel that we start runs first, inside the kernel: `gradus` can be imported, outputs stay in their cells,
 * and the kernel ends with the process that started it.
 *
 * @module
 */
import { registerHooks } from "node:module";
import configuration from "../../deno.json" with { type: "json" };
import { settleOutputs } from "../../lib/display/notebook/settle.ts";

/** Addresses of the entry points: "gradus/smooth", and the package's full name "@gradus/gradus/smooth". */
const entries = new Map<string, string>();
for (const [entry, path] of Object.entries(configuration.exports)) {
  const address = new URL(`../../${path}`, import.meta.url).href;
  for (const name of ["gradus", configuration.name]) entries.set(entry.replace(".", name), address);
}

registerHooks({
  resolve(specifier, context, next) {
    const address = entries.get(specifier);
    if (address === undefined) return next(specifier, context);
    let found: { url: string | null } | undefined;
    try { // a deno.json or package.json above the notebook comes first
      found = next(specifier, context);
    } catch {
      found = undefined;
    }
    return { shortCircuit: true, url: found?.url ?? address };
  },
});

settleOutputs();

/**
 * The process that started this kernel holds the other end of stdin. Each octet from there asks whether a running cell
 * only waits: then we come to answer. A cell that computes leaves no room for an answer, and is then interrupted. If
 * that cell has awaited something before (an import does), its promise has lost everyone who could settle it, and the
 * kernel goes on only when the promise is collected as garbage: the answer comes late then, and collects. When stdin
 * closes, the process that started the kernel has ended.
 */
async function answerStarter(): Promise<void> {
  const { broadcast } = (Deno as unknown as { jupyter: { broadcast(type: string, content: object): void } }).jupyter;
  for await (const questions of Deno.stdin.readable) {
    for (const question of questions) {
      broadcast("gradus_waiting", { question });
      (globalThis as { gc?: () => void }).gc?.();
    }
  }
  Deno.exit(0);
}
void answerStarter();
