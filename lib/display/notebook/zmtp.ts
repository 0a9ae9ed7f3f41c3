/**
 * The transport of Jupyter's messages: multipart messages over TCP in ZMTP 3.0 with the NULL mechanism.
 *
 * A connection opens with a greeting of 64 octets from each side, then one READY command from each side that names the
 * socket type. After that, every frame is a flag octet (bit 0: more frames follow, bit 1: 8-octet length, bit 2:
 * command), the length, and the data.
 *
 * Source: "ZMTP - ZeroMQ Message Transport Protocol", version 3.0 (ZeroMQ RFC 23), sections "Greeting", "NULL" and
 * "Framing".
 *
 * @module
 */

/** The kinds of socket that a Jupyter kernel and its clients use. */
export type SocketType = "DEALER" | "ROUTER" | "PUB" | "SUB";

/** One open connection; messages are lists of frames. */
export interface Connection {
  /** The next message. @throws {Error} when the other side has closed the connection. */
  readonly receive: () => Promise<Uint8Array[]>;
  /** Sends one message; messages of concurrent calls follow one another whole, in the order of the calls. */
  readonly send: (frames: readonly Uint8Array[]) => Promise<void>;
  readonly close: () => void;
}

const moreFlag = 1, longFlag = 2, commandFlag = 4;
const encoder = new TextEncoder();

function greeting(): Uint8Array {
  const bytes = new Uint8Array(64);
  bytes[0] = 0xff;
  bytes[9] = 0x7f;
  bytes[10] = 3; // major version; minor version, mechanism's padding and the as-server flag stay 0
  bytes.set(encoder.encode("NULL"), 12);
  return bytes;
}

function ready(type: SocketType): Uint8Array {
  const name = encoder.encode("READY"), property = encoder.encode("Socket-Type"), value = encoder.encode(type);
  const bytes = new Uint8Array(1 + name.length + 1 + property.length + 4 + value.length);
  bytes[0] = name.length;
  bytes.set(name, 1);
  bytes[1 + name.length] = property.length;
  bytes.set(property, 2 + name.length);
  new DataView(bytes.buffer).setUint32(2 + name.length + property.length, value.length);
  bytes.set(value, 6 + name.length + property.length);
  return bytes;
}

/** The octets of one message. One buffer, one write: many small writes would wait for delayed acknowledgements. */
function frame(parts: readonly Uint8Array[], flags: number): Uint8Array {
  const size = parts.reduce((total, part) => total + part.length + (part.length > 255 ? 9 : 2), 0);
  const bytes = new Uint8Array(size), view = new DataView(bytes.buffer);
  let at = 0;
  parts.forEach((part, index) => {
    const long = part.length > 255;
    bytes[at] = flags | (index < parts.length - 1 ? moreFlag : 0) | (long ? longFlag : 0);
    if (long) view.setBigUint64(at + 1, BigInt(part.length));
    else bytes[at + 1] = part.length;
    at += long ? 9 : 2;
    bytes.set(part, at);
    at += part.length;
  });
  return bytes;
}

/** Reads exact numbers of octets; small reads are served from a buffer, large ones go straight to their place. */
function reader(stream: Deno.TcpConn): (count: number) => Promise<Uint8Array> {
  const buffer = new Uint8Array(65536);
  let start = 0, end = 0;
  const fill = async (target: Uint8Array): Promise<number> => {
    const count = await stream.read(target);
    if (count === null) throw new Error("Cannot read from the kernel: it closed the connection");
    return count;
  };
  return async (count) => {
    const out = new Uint8Array(count);
    let have = 0;
    while (have < count) {
      if (start < end) {
        const taken = Math.min(count - have, end - start);
        out.set(buffer.subarray(start, start + taken), have);
        start += taken;
        have += taken;
      } else if (count - have >= buffer.length) {
        have += await fill(out.subarray(have));
      } else {
        start = 0;
        end = await fill(buffer);
      }
    }
    return out;
  };
}

/**
 * Shakes hands on a TCP stream, as the side that connected or as the side that listened (NULL is symmetric).
 *
 * @throws {Error} when the other side closes the stream before the handshake is over.
 */
export async function openConnection(stream: Deno.TcpConn, type: SocketType): Promise<Connection> {
  stream.setNoDelay(true);
  const read = reader(stream);
  const write = async (bytes: Uint8Array): Promise<void> => {
    for (let at = 0; at < bytes.length;) at += await stream.write(bytes.subarray(at));
  };
  const readFrame = async (): Promise<{ flags: number; data: Uint8Array }> => {
    const flags = (await read(1))[0];
    if ((flags & longFlag) === 0) return { flags, data: await read((await read(1))[0]) };
    return { flags, data: await read(Number(new DataView((await read(8)).buffer).getBigUint64(0))) };
  };

  await write(greeting());
  await read(64);
  await write(frame([ready(type)], commandFlag));
  await readFrame(); // the other side's READY
  if (type === "SUB") await write(frame([Uint8Array.of(1)], 0)); // 1 and an empty prefix: subscribe to everything

  let written: Promise<void> = Promise.resolve();
  return {
    receive: async () => {
      for (const parts: Uint8Array[] = [];;) {
        const { flags, data } = await readFrame();
        if (flags & commandFlag) continue;
        parts.push(data);
        if (!(flags & moreFlag)) return parts;
      }
    },
    send: (parts) => {
      const next = written.then(() => write(frame(parts, 0)));
      written = next.catch(() => {});
      return next;
    },
    close: () => {
      try {
        stream.close();
      } catch { // already closed by the other side
      }
    },
  };
}
