/**
 * Says whether two runs of a cell showed the same. What differs from run to run by its nature does not count:
 * durations, random identifiers, the numbering of executions, and where in the code an expected error was thrown. The
 * text of a cell tagged `timing` or `varies` does not count either, only the kinds of its outputs.
 *
 * @module
 */
import type { Output } from "./outputs.ts";

const duration = /(?<![\w.])\d+(\.\d+)?(e[+-]?\d+)?\s?(ns|µs|us|ms|s|min|h)\b/g;
const identifier = /\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g;

function normalizeText(text: string): string {
  return text.replace(duration, "<duration>").replace(identifier, "<identifier>");
}

function normalize(value: unknown): unknown {
  if (typeof value === "string") return normalizeText(value);
  if (Array.isArray(value)) return value.map(normalize);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([k, v]) => [k, normalize(v)]),
  );
}

function signature(output: Output): string {
  if (output.output_type === "stream") return `stream ${output.name}`;
  if (output.output_type === "error") return `error ${output.ename}`;
  return `${output.output_type} ${Object.keys(output.data).sort().join(" ")}`;
}

/** The outputs as lines of text that are equal when the outputs show the same. */
function comparable(output: Output, varies: boolean): string[] {
  const head = signature(output);
  if (varies) return [head];
  if (output.output_type === "stream") return [head, ...normalizeText(output.text).split("\n")];
  if (output.output_type === "error") return [head, normalizeText(output.evalue)];
  const data = Object.entries(output.data).sort(([a], [b]) => a < b ? -1 : 1).flatMap(([mediaType, value]) =>
    (typeof value === "string" ? normalizeText(value) : JSON.stringify(normalize(value), null, 1)).split("\n")
      .map((line) => `${mediaType}: ${line}`)
  );
  return [head, ...data, `metadata: ${JSON.stringify(normalize(output.metadata))}`];
}

/** The first difference between stored and fresh outputs of a cell, in words; undefined if they show the same. */
export function firstDifference(
  stored: readonly Output[],
  fresh: readonly Output[],
  tags: readonly string[],
): string | undefined {
  const varies = tags.includes("timing") || tags.includes("varies");
  const before = stored.flatMap((output) => comparable(output, varies));
  const after = fresh.flatMap((output) => comparable(output, varies));
  const at = Array.from({ length: Math.max(before.length, after.length) }).findIndex((_, i) => before[i] !== after[i]);
  if (at < 0) return undefined;
  const [old = "nothing", now = "nothing"] = [before[at], after[at]];
  let same = 0;
  while (same < old.length && old[same] === now[same]) same++;
  const start = same > 100 ? same - 40 : 0; // a chart's data is one long line: show where it differs
  const show = (line: string): string => (start > 0 ? "…" : "") + line.slice(start, start + 200);
  return `stored: ${show(old)}\n     now: ${show(now)}`;
}
