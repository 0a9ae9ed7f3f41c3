/**
 * Installs the kernelspec "Gradus (Deno)" where Jupyter looks for kernels:
 *
 *     deno run -A kernels/jupyter/install.ts [--user | --prefix DIR] [--dry-run]
 *
 * `--user` (the default) installs for the current user, `--prefix DIR` into DIR/share/jupyter (a virtual environment,
 * say), `--dry-run` only prints what would be written. The kernelspec names this Deno and this copy of Gradus by
 * absolute path.
 *
 * @module
 */
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import kernelspec from "./kernel.json" with { type: "json" };

const usage = "usage: install.ts [--user | --prefix DIR] [--dry-run]";
const logos = ["logo-32x32.png", "logo-64x64.png", "logo-svg.svg"];

function fromEnvironment(name: string): string {
  const value = Deno.env.get(name);
  if (value === undefined) {
    throw new Error(`Cannot find the user's Jupyter folder: expected ${name} in the environment`);
  }
  return value;
}

/** Jupyter's data folder of the current user, as its documentation lists it. */
function userFolder(): string {
  const named = Deno.env.get("JUPYTER_DATA_DIR");
  if (named !== undefined) return named;
  if (Deno.build.os === "windows") return join(fromEnvironment("APPDATA"), "jupyter");
  if (Deno.build.os === "darwin") return join(fromEnvironment("HOME"), "Library", "Jupyter");
  return join(Deno.env.get("XDG_DATA_HOME") ?? join(fromEnvironment("HOME"), ".local", "share"), "jupyter");
}

/** Writes the kernelspec into a Jupyter data folder, or only says so, and returns its folder. */
export async function install(dataFolder: string, dryRun = false): Promise<string> {
  const folder = join(dataFolder, "kernels", "gradus");
  const launcher = new URL("./launcher.ts", import.meta.url);
  const replacements: Record<string, string> = {
    "{deno}": Deno.execPath(),
    "{launcher}": launcher.protocol === "file:" ? fileURLToPath(launcher) : launcher.href,
  };
  const specification = { ...kernelspec, argv: kernelspec.argv.map((word) => replacements[word] ?? word) };
  const text = `${JSON.stringify(specification, null, 2)}\n`;
  if (dryRun) {
    console.log(`${join(folder, "kernel.json")}:\n${text}${logos.map((logo) => join(folder, logo)).join("\n")}`);
    return folder;
  }
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(join(folder, "kernel.json"), text);
  for (const logo of logos) {
    const response = await fetch(new URL(logo, import.meta.url));
    await Deno.writeFile(join(folder, logo), await response.bytes());
  }
  return folder;
}

async function main(words: string[]): Promise<void> {
  const dryRun = words.includes("--dry-run");
  const rest = words.filter((word) => word !== "--dry-run");
  const isPrefix = rest.length === 2 && rest[0] === "--prefix";
  if (!isPrefix && rest.length > 0 && rest.join() !== "--user") {
    console.error(usage);
    Deno.exit(2);
  }
  const dataFolder = isPrefix ? resolve(rest[1], "share", "jupyter") : userFolder();
  const folder = await install(dataFolder, dryRun);
  if (!dryRun) console.log(`Installed "${kernelspec.display_name}" in ${folder}`);
}

if (import.meta.main) await main(Deno.args);
