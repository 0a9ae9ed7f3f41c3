/**
 * Jupyter's messages as frames: identities, a delimiter, the signature, then header, parent header, metadata and
 * content as JSON, then binary buffers. The signature is the HMAC-SHA256 of the four JSON frames in hexadecimal.
 *
 * Source: "Messaging in Jupyter", version 5.3, sections "The Wire Protocol" and "General Message Format".
 *
 * @module
 */

/** Says which message this is; a reply and every output repeat the header of the request as their parent. */
export interface Header {
  readonly msg_id: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly msg_type: string;
  readonly version: string;
}

/** A JSON object. */
export type Json = Record<string, unknown>;

/** One message, decoded. */
export interface Message {
  readonly header: Header;
  readonly parent: Partial<Header>;
  readonly metadata: Json;
  readonly content: Json;
  readonly buffers: readonly Uint8Array[];
}

/** Signs and checks messages with the key of one kernel. */
export interface Codec {
  readonly encode: (message: Message) => Promise<Uint8Array[]>;
  /** Undefined if the signature does not fit: such a message must be ignored. */
  readonly decode: (frames: readonly Uint8Array[]) => Promise<Message | undefined>;
}

const encoder = new TextEncoder(), decoder = new TextDecoder();
const delimiter = "<IDS|MSG>";

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Makes the header of a new message. */
export function newHeader(session: string, type: string): Header {
  return {
    msg_id: crypto.randomUUID(),
    session,
    username: "gradus",
    date: new Date().toISOString(),
    msg_type: type,
    version: "5.3",
  };
}

/** A codec for the key in a kernel's connection file. */
export async function makeCodec(key: string): Promise<Codec> {
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const secret = await crypto.subtle.importKey("raw", encoder.encode(key), hmac, false, ["sign", "verify"]);
  return {
    encode: async ({ header, parent, metadata, content, buffers }) => {
      const parts = [header, parent, metadata, content].map((part) => encoder.encode(JSON.stringify(part)));
      const signature = new Uint8Array(await crypto.subtle.sign("HMAC", secret, join(parts))).toHex();
      return [encoder.encode(delimiter), encoder.encode(signature), ...parts, ...buffers];
    },
    decode: async (frames) => {
      const start = frames.findIndex((part) => part.length === delimiter.length && decoder.decode(part) === delimiter);
      const signature = decoder.decode(frames[start + 1]);
      const parts = frames.slice(start + 2, start + 6);
      if (start < 0 || parts.length < 4 || !/^([0-9a-f]{2})+$/.test(signature)) return undefined;
      if (!await crypto.subtle.verify("HMAC", secret, Uint8Array.fromHex(signature), join(parts))) return undefined;
      const [header, parent, metadata, content] = parts.map((part) => JSON.parse(decoder.decode(part)));
      return { header, parent, metadata, content, buffers: frames.slice(start + 6) };
    },
  };
}
