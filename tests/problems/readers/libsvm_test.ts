import { DomainError, ParseError } from "../../../lib/core/mod.ts";
import { readLibsvm } from "../../../lib/problems/mod.ts";
import { assert, assertEquals, assertLess, assertRejects } from "@std/assert";
import { bytes, everyForm, gzip, openData, pieces } from "./sources.ts";

const text = "# written by hand\n+1 1:0.5 3:-2e-3 # the first\n\n-1\t2:1\r\n  \n1\n-1 4:.25 \n",
  source = "small.libsvm";

Deno.test("readLibsvm() reads labels, sparse rows, comments, empty lines and CRLF, in every form of source", async () => {
  for (const content of [bytes(text), await gzip(text), bytes("\ufeff" + text)]) {
    for (const [form, open] of Object.entries(everyForm(content))) {
      const data = await readLibsvm(open(), { source });
      assertEquals(data.name, "small", form);
      assertEquals([data.rows, data.columns], [4, 4], form);
      assertEquals(data.targets, Float64Array.of(1, -1, 1, -1), form);
      assertEquals(data.features, {
        rowStarts: Uint32Array.of(0, 2, 3, 3, 4),
        columnIndices: Uint32Array.of(0, 2, 1, 3),
        values: Float64Array.of(0.5, -0.002, 1, 0.25),
      }, form);
    }
  }
});

Deno.test("readLibsvm() needs no line end at the end, and takes the number of columns", async () => {
  const data = await readLibsvm(bytes("1 1:1\n2 2:2"), { columns: 5 });
  assertEquals([data.rows, data.columns, data.name], [2, 5, "input"]);
});

Deno.test("readLibsvm() names source and line of bad input", async () => {
  const cases: [string, string][] = [
    ["1 1:1\n1 0:3\n", "small.libsvm:2: expected indices from 1 on, got 0"],
    ["1 1:1\n\n# c\n1 3:1 2:1\n", "small.libsvm:4: expected increasing indices, got 2 after 3"],
    ["1 2:1 2:1\n", "small.libsvm:1: expected increasing indices, got 2 after 2"],
    ["1 1:nan\n", 'small.libsvm:1: expected the value of feature 1 to be a finite number, got "nan"'],
    ["1 1:1e999\n", 'got "1e999"'],
    ["1 1:0x10\n", 'got "0x10"'],
    ["1 1:\n", 'got ""'],
    ["NaN 1:1\n", 'small.libsvm:1: expected the label to be a finite number, got "NaN"'],
    ["1,2 1:1\n", 'the label to be a finite number, got "1,2"'],
    ["1 1\n", 'expected index:value, got "1"'],
    ["1 qid:3 1:1\n", 'expected index:value, got "qid:3"'],
    ["1 -1:2\n", 'expected index:value, got "-1:2"'],
    ["1 1.0:2\n", 'expected index:value, got "1.0:2"'],
    ["1 5000000000:2\n", "expected indices up to 4294967295, got 5000000000"],
    ["", "small.libsvm: expected at least one example, got none"],
    ["# nothing\n\n", "small.libsvm:2: expected at least one example, got none"],
    ["1\n0\n", "expected at least one feature, got none"],
  ];
  for (const [content, message] of cases) {
    for (const size of [1, 1000]) {
      const error = await assertRejects(
        () => readLibsvm(pieces(bytes(content), size), { source }),
        ParseError,
        message,
      );
      assertEquals(error.source, source);
      assert(error.message.startsWith("Cannot read LIBSVM data: small.libsvm"), error.message);
    }
  }
  await assertRejects(() => readLibsvm(bytes("1 4:1"), { columns: 3 }), ParseError, "expected indices up to 3, got 4");
});

Deno.test("readLibsvm() names source and line where gzip ends early or is damaged", async () => {
  const lines = Array.from({ length: 20000 }, (_, i) => `1 ${i % 97 + 1}:${Math.sqrt(i)}\n`).join("");
  const whole = await gzip(lines), half = whole.slice(0, whole.length / 2), damaged = whole.slice();
  damaged.fill(0xff, whole.length / 2, whole.length / 2 + 100);
  for (const content of [half, damaged, whole.slice(0, -4), whole.slice(0, 5)]) {
    const error = await assertRejects(() => readLibsvm(content, { source: "a.gz" }), ParseError, "gzip");
    assert(
      /^Cannot read LIBSVM data: a\.gz:\d+: expected one complete gzip member, got "/.test(error.message),
      error.message,
    );
    assertLess(error.line, 20002);
  }
  const error = await assertRejects(() => readLibsvm(half, { source: "a.gz" }), ParseError);
  assertLess(1000, error.line);
});

Deno.test("readLibsvm() passes on the trouble of the source itself, and lets go of it after bad input", async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield bytes("1 1:1\n");
    throw new TypeError("the cable is out");
  }
  await assertRejects(() => readLibsvm(broken()), TypeError, "the cable is out");
  let cancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(bytes("1 0:1\n")),
    cancel: () => {
      cancelled = true;
    },
  });
  await assertRejects(() => readLibsvm(stream), ParseError);
  assert(cancelled);
  await assertRejects(() => readLibsvm("a9a.gz" as unknown as Uint8Array), DomainError, "got string");
});

Deno.test("readLibsvm() streams a million lines without keeping the text", async () => {
  const rows = 1_000_000, chunk = new Uint8Array(1 << 16);
  async function* lines(): AsyncGenerator<Uint8Array> { // one buffer, overwritten again and again
    let length = 0;
    for (let i = 0; i < rows; i++) {
      const line = `${i % 2} ${1 + i % 50}:${i % 10}.5 ${60 + i % 40}:1\n`;
      if (length + line.length > chunk.length) {
        yield chunk.subarray(0, length);
        length = 0;
      }
      for (let k = 0; k < line.length; k++) chunk[length++] = line.charCodeAt(k);
    }
    yield chunk.subarray(0, length);
  }
  const before = performance.now(), data = await readLibsvm(lines()), seconds = (performance.now() - before) / 1000;
  assertEquals([data.rows, data.columns], [rows, 99]);
  const { columnIndices, values } = data.features as { columnIndices: Uint32Array; values: Float64Array };
  assertEquals(values.length, 2 * rows);
  assertEquals([columnIndices[2 * 123456], values[2 * 123456], columnIndices[2 * 123456 + 1]], [6, 6.5, 75]);
  assertLess(seconds, 6); // 1 s on an idle machine
});

Deno.test("readLibsvm() reads a9a and mushrooms", async () => {
  const a9a = await readLibsvm(await openData("a9a.gz"), { source: "tests/data/a9a.gz" });
  assertEquals([a9a.name, a9a.rows, a9a.columns], ["a9a", 32560, 122]);
  assertEquals(a9a.targets.filter((t) => t === 1).length, 7841);
  const mushrooms = await readLibsvm(await openData("mushrooms_agaricus.train.gz"));
  assertEquals([mushrooms.rows, mushrooms.columns], [6513, 126]);
  assertEquals(new Set(mushrooms.targets), new Set([1, -1]));
});
