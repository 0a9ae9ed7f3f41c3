import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { CheckpointError } from "../../lib/core/mod.ts";
import { decode, encode } from "../../lib/core/checkpoint.ts";

Deno.test("encode() and decode() return the same plain data, bit for bit", () => {
  const data = {
    text: "ξ \u0000 \ud83d\ude00",
    numbers: [0, -0, 1 / 3, 5e-324, 1.7976931348623157e308, NaN, Infinity, -Infinity],
    nested: { yes: true, no: false, nothing: null, list: [[], {}] },
    doubles: Float64Array.of(NaN, -0, Math.PI),
    words: Uint32Array.of(1, 2 ** 32 - 1),
    bytes: new Uint8Array(0),
  };
  const back = decode(encode(data)) as typeof data;
  assertEquals(back, data);
  data.numbers.forEach((v, i) => assertStrictEquals(back.numbers[i], v));
});

Deno.test("encode() keeps views of one buffer views of one buffer", () => {
  const whole = new Float64Array(4),
    state = { whole, tail: whole.subarray(2), words: new Uint32Array(whole.buffer, 8, 2) };
  const back = decode(encode(state)) as typeof state;
  assertStrictEquals(back.tail.buffer, back.whole.buffer);
  back.tail[0] = 5;
  assertEquals(back.whole[2], 5);
  assertEquals(back.words.byteOffset, 8);
});

Deno.test("encode() refuses what it could not restore, and says where it is", () => {
  assertThrows(
    () => encode({ a: [1, () => 1] }),
    CheckpointError,
    "Cannot save the run.a[1]: expected plain data, got a function",
  );
  assertThrows(() => encode({ m: new Map() }), CheckpointError, "an instance of Map");
});

Deno.test("decode() refuses foreign, newer and damaged bytes", () => {
  const bytes = encode({ x: new Float64Array(100) });
  assertThrows(() => decode(new Uint8Array(40)), CheckpointError, "begin with GRADUS");
  assertThrows(() => decode(JSON.parse(JSON.stringify(bytes))), CheckpointError, "begin with GRADUS");
  const newer = bytes.slice();
  newer[7] = 2;
  assertThrows(() => decode(newer), CheckpointError, "format 1");
  for (let length = 0; length < bytes.length; length += 13) {
    assertThrows(() => decode(bytes.subarray(0, length)), CheckpointError);
  }
  for (let i = 16; i < bytes.length; i += 7) {
    const damaged = bytes.slice();
    damaged[i] ^= 1;
    assertThrows(() => decode(damaged), CheckpointError, "damaged or cut off");
  }
});

Deno.test("encode() writes little-endian tables at multiples of 8", () => {
  const bytes = encode(Float64Array.of(1)), header = new DataView(bytes.buffer);
  assertEquals(header.getUint32(8, true), 1);
  assertEquals(header.getUint32(20, true), 8);
  assertEquals(bytes.length % 8, 0);
  assert(header.getFloat64(bytes.length - 8, true) === 1);
});
