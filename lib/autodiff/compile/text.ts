/**
 * What generated text is made of: names that the compiler makes, operators, and numbers.
 *
 * @module
 */
import { TraceError } from "../errors.ts";

/** A number as it stands in an expression. */
export function numeral(value: number): string {
  const x = Number(value);
  return x < 0 || Object.is(x, -0) ? `(-${String(-x)})` : String(x);
}

/**
 * A whole number.
 *
 * @throws {TraceError} When it is none.
 */
export function whole(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  throw new TraceError(`Cannot compile a program: expected whole places, got ${value}`);
}

/** A stretch of statements that may stand in a function of its own. */
export interface Chunk {
  /** The text. */
  readonly code: string;
  /** How many statements it has. */
  readonly statements: number;
  /** The arrays and kernels that it names. */
  readonly names: ReadonlySet<string>;
  /** The scalars that it reads or writes. */
  readonly scalars: ReadonlySet<string>;
}

/** A chunk while it is written. */
export class ChunkWriter {
  #code = "";
  #statements = 0;
  readonly #names = new Set<string>();
  readonly #scalars = new Set<string>();

  /** Notes an array or a kernel. */
  name(name: string): void {
    this.#names.add(name);
  }

  /** Notes a scalar. */
  scalar(name: string): string {
    this.#scalars.add(name);
    return name;
  }

  /** Counts a statement. */
  count(): void {
    this.#statements++;
  }

  /** Adds text. */
  write(code: string): void {
    this.#code += code;
  }

  /** The chunk as written. */
  get chunk(): Chunk {
    return { code: this.#code, statements: this.#statements, names: this.#names, scalars: this.#scalars };
  }
}
