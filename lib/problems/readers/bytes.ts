/**
 * Bytes from wherever they come, unpacked if they are gzipped.
 *
 * @module
 */
import { DomainError } from "../../core/mod.ts";

/** What the readers read: bytes at hand, a blob, or a stream of bytes. Gzip is recognized by its first two bytes. */
export type ByteSource = Uint8Array | Blob | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** Options of every reader. */
export interface ReadOptions {
  /** The name of the file for messages and for the name of the data. Default `input`. */
  readonly source?: string;
}

/** Raised for gzipped bytes that end early or are damaged; the readers add the place. */
export class GzipError extends Error {
  override name = "GzipError";

  constructor(reason: string) {
    super(`expected one complete gzip member, got "${reason}"`);
  }
}

/**
 * The bytes of the source in pieces, unpacked; a piece holds until the next one is asked for, as sources may use one
 * buffer again and again. Leaving the loop early cancels the stream.
 */
export async function* bytesOf(source: ByteSource): AsyncGenerator<Uint8Array> {
  const raw = pieces(source);
  try {
    let first = await raw.next();
    while (!first.done && first.value.length < 2) { // rare: the magic bytes are torn apart
      const begin = first.value.slice(), second = await raw.next();
      first = { done: false, value: second.done ? begin : joined(begin, second.value) };
      if (second.done) break;
    }
    if (first.done) return;
    if (first.value[0] === 0x1f && first.value[1] === 0x8b) {
      yield* unzipped(first.value, raw);
    } else {
      yield first.value;
      yield* raw;
    }
  } finally {
    await raw.return(undefined);
  }
}

const PIECE = 1 << 16;

async function* pieces(source: ByteSource): AsyncGenerator<Uint8Array> {
  if (source instanceof Uint8Array) { // not at once: unpacking would fill the memory, and could not tell a line
    for (let at = 0; at < source.length; at += PIECE) yield source.subarray(at, at + PIECE);
  } else if (source instanceof Blob) {
    yield* ofStream(source.stream());
  } else if (typeof source === "object" && source !== null && "getReader" in source) {
    yield* ofStream(source);
  } else if (typeof source === "object" && source !== null && Symbol.asyncIterator in source) {
    yield* source;
  } else {
    throw new DomainError(`Cannot read data: expected bytes, a blob or a stream of bytes, got ${typeof source}`);
  }
}

async function* ofStream(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader(); // not every browser can iterate over a stream
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        ended = true;
        return;
      }
      yield value;
    }
  } finally {
    if (!ended) await reader.cancel().catch(() => {}); // a stream that failed has told its reason already
    reader.releaseLock();
  }
}

async function* unzipped(first: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  let failed = false, failure: unknown;
  const zipped = new ReadableStream<BufferSource>({
    start: (controller) => controller.enqueue(first.slice()), // copies: it is unpacked later
    pull: async (controller) => {
      try {
        const { done, value } = await rest.next();
        if (done) controller.close();
        else controller.enqueue(value.slice());
      } catch (error) {
        failed = true;
        failure = error;
        throw error;
      }
    },
  });
  try {
    yield* ofStream(zipped.pipeThrough(new DecompressionStream("gzip")));
  } catch (error) {
    if (failed) throw failure; // the source's own trouble, not that of its bytes
    throw new GzipError(error instanceof Error ? error.message : String(error));
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
