import { ParseError, ShapeError } from "../../../lib/core/mod.ts";
import { imageDataset, readIdx } from "../../../lib/problems/mod.ts";
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { everyForm, gzip, openData } from "./sources.ts";

const matrix = Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255);

Deno.test("readIdx() reads bytes of any shape, in every form of source", async () => {
  for (const content of [matrix, await gzip(matrix)]) {
    for (const [form, open] of Object.entries(everyForm(content))) {
      const { shape, data, source } = await readIdx(open(), { source: "m-idx2.gz" });
      assertEquals([shape, source], [[2, 3], "m-idx2.gz"], form);
      assertEquals(data, Uint8Array.of(1, 2, 3, 4, 5, 255), form);
    }
  }
});

Deno.test("readIdx() reads every type, big-endian", async () => {
  const one = (type: number, ...entry: number[]) =>
    readIdx(Uint8Array.of(0, 0, type, 1, 0, 0, 0, 1, ...entry)).then(({ data }) => data);
  assertEquals(await one(0x09, 0xfe), Int8Array.of(-2));
  assertEquals(await one(0x0b, 0xff, 0x00), Int16Array.of(-256));
  assertEquals(await one(0x0c, 0, 1, 0, 2), Int32Array.of(65538));
  assertEquals(await one(0x0d, 0x3f, 0xc0, 0, 0), Float32Array.of(1.5));
  assertEquals(await one(0x0e, 0xbf, 0xf8, 0, 0, 0, 0, 0, 0), Float64Array.of(-1.5));
  assertEquals((await readIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 0))).data.length, 0);
});

Deno.test("readIdx() names source and offset of bad input", async () => {
  const packed = await gzip(matrix);
  const cases: [Uint8Array, string][] = [
    [new Uint8Array(0), "at byte 0: expected a head of 4 bytes, got the end of the data"],
    [matrix.slice(0, 10), "at byte 10: expected a head of 12 bytes, got the end of the data"],
    [matrix.slice(0, 16), "at byte 16: expected 18 bytes for 2 x 3 entries, got the end of the data"],
    [Uint8Array.of(...matrix, 9), "at byte 18: expected the end after 2 x 3 entries, got more bytes"],
    [Uint8Array.of(1, 0, 8, 1), "at byte 0: expected two zero bytes, got 1 and 0"],
    [Uint8Array.of(0, 0, 7, 1), "at byte 2: expected the type 8, 9 or 11 to 14, got 7"],
    [Uint8Array.of(0, 0, 8, 0), "at byte 3: expected at least one dimension, got none"],
    [Uint8Array.of(0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255, 1), "at byte 13: expected "],
    [packed.slice(0, packed.length - 9), "expected one complete gzip member"],
  ];
  for (const [content, message] of cases) {
    const error = await assertRejects(() => readIdx(content, { source: "m.idx" }), ParseError, message);
    assertEquals(error.message.startsWith("Cannot read an IDX file: m.idx: at byte "), true);
  }
});

Deno.test("imageDataset() puts images and labels together", async () => {
  const images = await readIdx(await openData("fashion-mnist-test500-images-idx3-ubyte.gz"), { source: "fashion" });
  const labels = await readIdx(await openData("fashion-mnist-test500-labels-idx1-ubyte.gz"));
  assertEquals(images.shape, [500, 28, 28]);
  const data = imageDataset(images, labels);
  assertEquals([data.name, data.rows, data.columns], ["fashion", 500, 784]);
  assertEquals((data.features as Float64Array).reduce((a, b) => Math.max(a, b)), 1);
  assertEquals(new Set(data.targets).size, 10);
  assertThrows(() => imageDataset(images, images), ShapeError, "expected as many labels, got 500 x 28 x 28");
});
