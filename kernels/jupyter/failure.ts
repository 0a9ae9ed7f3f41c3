/**
 * Deno's kernel shows nothing at all for a cell that does not parse, and nothing for a cell that was interrupted; its
 * reply to both is the same. This says which of the two it was, and where the syntax error is.
 *
 * @module
 */

/** The content of Jupyter's `error` message. */
export interface CellError {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** What Deno's parser says against the code, or undefined if it parses. */
async function parseError(code: string, extension: "ts" | "tsx"): Promise<string | undefined> {
  const formatter = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--no-config", "--ext", extension, "-"],
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const input = formatter.stdin.getWriter();
  await input.write(new TextEncoder().encode(code));
  await input.close();
  const { success, stderr } = await formatter.output();
  return success ? undefined : new TextDecoder().decode(stderr);
}

/** Explains why a kernel refused a cell without a word. */
export async function explainFailure(code: string): Promise<CellError> {
  // As the kernel does: TypeScript with JSX first, then without, where <T>x is a cast; "{ a: 1 }" as an expression first.
  const readings = code.trimStart().startsWith("{") ? [`(${code})`, code] : [code];
  let complaint = "";
  for (const reading of readings) {
    for (const extension of ["ts", "tsx"] as const) {
      const error = await parseError(reading, extension);
      if (error === undefined) {
        const evalue = "the cell was stopped; variables keep their values";
        return { ename: "Interrupted", evalue, traceback: [`Interrupted: ${evalue}`] };
      }
      complaint = error;
    }
  }
  const [, evalue, excerpt, place] = /SyntaxError: (.*)\n([^]*?)\n\s*at \S*?:(\d+:\d+)/.exec(complaint) ?? [];
  if (evalue === undefined) return { ename: "SyntaxError", evalue: complaint, traceback: [complaint] };
  return {
    ename: "SyntaxError",
    evalue: `${evalue} (line ${place.replace(":", ", column ")})`,
    traceback: [`SyntaxError: ${evalue}`, ...excerpt.split("\n"), `    at line ${place.replace(":", ", column ")}`],
  };
}
