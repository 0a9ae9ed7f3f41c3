/**
 * Plain data as bytes: a versioned little-endian format with one table of buffers.
 *
 * Layout: the 8 bytes `GRADUS` 0 1; the number of buffers, the length of the tree, a checksum of all that follows (u32
 * each); the buffers' lengths (u32 each); the tree as JSON in UTF-8; the buffers, each at a multiple of 8. In the tree
 * a typed array is `{"$": [buffer, type, offset, length]}`, so that two views of one buffer stay views of one buffer;
 * numbers that JSON cannot write are `{"$": "NaN"}` and the like.
 *
 * @module
 */
import { CheckpointError } from "./errors.ts";

const MAGIC = Uint8Array.of(0x47, 0x52, 0x41, 0x44, 0x55, 0x53, 0, 1);
const views = {
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  Uint8Array,
} as const;
type ViewName = keyof typeof views;

/** Bytes before the table of lengths. */
const HEADER = 20;

const aligned = (n: number): number => Math.ceil(n / 8) * 8;

/**
 * Writes plain data: numbers, strings, booleans, null, typed arrays, arrays and records of these.
 *
 * @throws {CheckpointError} On a function, an instance, or anything else that cannot be restored; the message has the
 * path.
 */
export function encode(data: unknown): Uint8Array {
  const buffers: ArrayBufferLike[] = [];
  const plain = (value: unknown, path: string): unknown => {
    if (typeof value === "number") {
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { $: Object.is(value, -0) ? "-0" : String(value) };
    }
    if (value === null || typeof value === "string" || typeof value === "boolean") return value;
    if (Array.isArray(value)) return value.map((v, i) => plain(v, `${path}[${i}]`));
    if (ArrayBuffer.isView(value) && value.constructor.name in views) {
      const view = value as Float64Array;
      let index = buffers.indexOf(view.buffer);
      if (index < 0) index = buffers.push(view.buffer) - 1;
      return { $: [index, view.constructor.name, view.byteOffset, view.length] };
    }
    const prototype = typeof value === "object" ? Object.getPrototypeOf(value) : undefined;
    if (prototype === Object.prototype || prototype === null) {
      const entries = Object.entries(value as object).filter(([, v]) => v !== undefined);
      return Object.fromEntries(entries.map(([k, v]) => [k, plain(v, `${path}.${k}`)]));
    }
    throw new CheckpointError(`Cannot save ${path}: expected plain data, got ${describe(value)}`);
  };
  const tree = new TextEncoder().encode(JSON.stringify(plain(data, "the run")));
  const head = HEADER + 4 * buffers.length;
  let size = aligned(head + tree.length);
  const starts = buffers.map((b) => {
    const start = size;
    size += aligned(b.byteLength);
    return start;
  });
  const bytes = new Uint8Array(size), header = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  header.setUint32(8, buffers.length, true);
  header.setUint32(12, tree.length, true);
  buffers.forEach((b, i) => {
    header.setUint32(HEADER + 4 * i, b.byteLength, true);
    bytes.set(new Uint8Array(b), starts[i]);
  });
  bytes.set(tree, head);
  header.setUint32(16, checksum(bytes), true);
  return bytes;
}

/**
 * Reads what `encode` wrote.
 *
 * @throws {CheckpointError} On bytes that are no checkpoint, of another format version, damaged or cut off.
 */
export function decode(bytes: Uint8Array): unknown {
  if (!(bytes instanceof Uint8Array) || bytes.length < HEADER || MAGIC.some((b, i) => bytes[i] !== b)) {
    throw new CheckpointError("Cannot read the checkpoint: expected bytes that begin with GRADUS and format 1");
  }
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = header.getUint32(8, true), treeLength = header.getUint32(12, true), head = HEADER + 4 * count;
  if (header.getUint32(16, true) !== checksum(bytes)) {
    throw new CheckpointError(`Cannot read the checkpoint: its ${bytes.length} bytes are damaged or cut off`);
  }
  let start = aligned(head + treeLength);
  const buffers = Array.from({ length: count }, (_, i) => {
    const length = header.getUint32(HEADER + 4 * i, true);
    const buffer = bytes.slice(start, start + length).buffer;
    start += aligned(length);
    return buffer;
  });
  const revive = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(revive);
    if (value === null || typeof value !== "object") return value;
    const tag = (value as { $?: unknown }).$;
    if (typeof tag === "string") return tag === "-0" ? -0 : Number(tag);
    if (Array.isArray(tag)) {
      const [index, name, offset, length] = tag as [number, ViewName, number, number];
      return new views[name](buffers[index], offset, length);
    }
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, revive(v)]));
  };
  return revive(JSON.parse(new TextDecoder().decode(bytes.subarray(head, head + treeLength))));
}

/** FNV-1a, 32 bits, over what follows the header. */
function checksum(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let i = HEADER; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
  return hash >>> 0;
}

function describe(value: unknown): string {
  return typeof value === "object" ? `an instance of ${value?.constructor?.name}` : `a ${typeof value}`;
}
