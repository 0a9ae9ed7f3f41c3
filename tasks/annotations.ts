/**
 * Reads what tests and benches say of the methods they prove. Comment lines, always in pairs:
 *
 *     // @must <method>[, <method>…]: <what its source promises>
 *     // @measured reached: <figures>          or     // @measured not reached: <figures>
 *
 * A line that goes on stands in the comment lines below it.
 *
 * @module
 */

/** One requirement with its verdict. */
export interface Annotation {
  /** Registry ids, or names of exported functions. */
  readonly methods: readonly string[];
  readonly requirement: string;
  readonly reached: boolean;
  readonly figures: string;
  /** Where it is proved, relative to the repository. */
  readonly file: string;
}

/** The annotations of one file, and what is wrong with those that are malformed. */
export interface Reading {
  readonly annotations: readonly Annotation[];
  readonly faults: readonly string[];
}

interface Tag {
  readonly name: string;
  text: string;
  readonly line: number;
}

/** Reads the annotations in the text of a file. */
export function readAnnotations(text: string, file: string): Reading {
  const annotations: Annotation[] = [], faults: string[] = [];
  const fault = (tag: Tag, reason: string): void => void faults.push(`${file}:${tag.line}: @${tag.name}: ${reason}`);
  let must: Tag | undefined;
  for (const tag of tags(text)) {
    if (tag.name === "must") {
      if (must) fault(must, "expected an @measured below it");
      must = tag;
      continue;
    }
    if (!must) {
      fault(tag, "expected an @must above it");
      continue;
    }
    const promise = /^([\w-]+(?:, [\w-]+)*): (.+)$/.exec(must.text);
    const verdict = /^(reached|not reached): (.+)$/.exec(tag.text);
    if (!promise) fault(must, `expected "<method>: <requirement>", got "${must.text}"`);
    if (!verdict) fault(tag, `expected "reached: <figures>" or "not reached: <figures>", got "${tag.text}"`);
    if (promise && verdict) {
      annotations.push({
        methods: promise[1].split(", "),
        requirement: promise[2],
        reached: verdict[1] === "reached",
        figures: verdict[2],
        file,
      });
    }
    must = undefined;
  }
  if (must) fault(must, "expected an @measured below it");
  return { annotations, faults };
}

/** The tagged comments, each with the lines that continue it. */
function tags(text: string): Tag[] {
  const found: Tag[] = [];
  let open: Tag | undefined;
  for (const [i, line] of text.split("\n").entries()) {
    const comment = /^\s*\/\/ ?(.*)$/.exec(line)?.[1].trim();
    const tag = /^@(must|measured)\b\s*(.*)$/.exec(comment ?? "");
    if (tag) found.push(open = { name: tag[1], text: tag[2], line: i + 1 });
    else if (comment && open) open.text += ` ${comment}`;
    else open = undefined;
  }
  return found;
}
