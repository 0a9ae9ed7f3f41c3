// Runs this Deno as a child, wherever it is installed.
import { fileURLToPath } from "node:url";

/** The folder of the repository. */
export const root: string = fileURLToPath(new URL("../../", import.meta.url));

/** What a child left. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `deno` with the arguments, without colours, in `cwd`. */
export async function deno(args: readonly string[], cwd: string = root): Promise<Outcome> {
  return await run(Deno.execPath(), args, cwd);
}

/** Runs a program to its end. */
export async function run(program: string, args: readonly string[], cwd: string = root): Promise<Outcome> {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}
