/** Sources of bytes for the tests of readers. */
import type { ByteSource } from "../../../lib/problems/mod.ts";

/** The bytes of a text. */
export function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** The gzipped bytes of a text or of bytes. */
export async function gzip(content: string | Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([content]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** The bytes in pieces of the given size, each in the same buffer, so that a reader that keeps a piece sees rubbish. */
export async function* pieces(content: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(size);
  for (let at = 0; at < content.length; at += size) {
    const piece = content.subarray(at, at + size);
    buffer.set(piece);
    yield buffer.subarray(0, piece.length);
    buffer.fill(0x58);
  }
}

/** The same bytes in every form that a reader takes. */
export function everyForm(content: Uint8Array<ArrayBuffer>): Record<string, () => ByteSource> {
  return {
    array: () => content,
    blob: () => new Blob([content]),
    stream: () => new Blob([content]).stream(),
    "pieces of 1": () => pieces(content, 1),
    "pieces of 7": () => pieces(content, 7),
  };
}

/** A file of test data. */
export async function openData(name: string): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  return (await Deno.open(new URL(`../../data/${name}`, import.meta.url))).readable;
}
