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

async function endWithStarter(): Promise<void> {
  const bytes = new Uint8Array(1);
  while (await Deno.stdin.read(bytes) !== null);
  Deno.exit(0);
}
void endWithStarter();
