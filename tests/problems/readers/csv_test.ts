import { DomainError, ParseError } from "../../../lib/core/mod.ts";
import { type CsvOptions, readCsv } from "../../../lib/problems/mod.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { bytes, everyForm, gzip, openData, pieces } from "./sources.ts";

const text = 'a,"b ""big""",kind\r\n1, 2.5 ,"x, y"\r\n\r\n"-3",4e2,z\r\n5,6,"two\r\nlines"\r\n7,8,z\r\n';

Deno.test("readCsv() reads numbers, quotes, line breaks in quotes and words as targets, in every form", async () => {
  for (const content of [bytes(text), await gzip(text), bytes("\ufeff" + text)]) {
    for (const [form, open] of Object.entries(everyForm(content))) {
      const data = await readCsv(open(), { source: "data/kinds.csv.gz" });
      assertEquals([data.name, data.rows, data.columns], ["kinds", 4, 2], form);
      assertEquals(data.features, Float64Array.of(1, 2.5, -3, 400, 5, 6, 7, 8), form);
      assertEquals(data.classes, ["two\nlines", "x, y", "z"], form);
      assertEquals(data.targets, Float64Array.of(1, 2, 0, 2), form);
    }
  }
});

Deno.test("readCsv() finds the target by name, by place and from the end", async () => {
  const read = (target: string | number, options: CsvOptions = {}) =>
    readCsv(bytes("a,b,c\n1,2,3\n4,5,6"), { target, ...options });
  assertEquals((await read("a")).targets, Float64Array.of(1, 4));
  assertEquals((await read("a")).features, Float64Array.of(2, 3, 5, 6));
  assertEquals((await read(1)).targets, Float64Array.of(2, 5));
  assertEquals((await read(-3)).targets, Float64Array.of(1, 4));
  assertEquals((await read(0, { header: false, skipLines: 1 })).targets, Float64Array.of(1, 4));
  assertEquals((await read(-1)).classes, undefined);
});

Deno.test("readCsv() takes other delimiters", async () => {
  for (const delimiter of [";", "\t", " "]) {
    const data = await readCsv(bytes(["x", "y\n1", "2\n"].join(delimiter)), { delimiter });
    assertEquals([data.features[0 as never], data.targets[0]], [1, 2], JSON.stringify(delimiter));
  }
  for (const delimiter of ["", ";;", '"', "\n", "é"]) {
    await assertRejects(() => readCsv(bytes("1"), { delimiter }), DomainError, "one character as delimiter");
  }
});

Deno.test("readCsv() names source and line of bad input", async () => {
  const cases: [string, string, CsvOptions?][] = [
    ["a,b\n1,2\n3\n", "t.csv:3: expected 2 fields, got 1"],
    ["a,b\n1,2,3\n", "t.csv:2: expected 2 fields, got 3"],
    ["a,b\n1,2\n\n,3\n", "t.csv:4: expected a value in column 1 (a), got an empty field"],
    ["a,b\n1,\n", "t.csv:2: expected a value in column 2 (b), got an empty field"],
    ["a,b\n1,2\nred,2\n", 't.csv:3: expected column 1 (a) to be a finite number, got "red"'],
    ["a,b\nNaN,2\n", 'got "NaN"'],
    ["a,b\n1,2\n1,x\n", 't.csv:3: expected column 2 (b) to be a finite number, got "x"'],
    ["1,2\ninf,2\n", 't.csv:2: expected column 1 to be a finite number, got "inf"', { header: false }],
    ['a,b\n"1"2,2\n', "t.csv:2: expected a delimiter after the closing quote"],
    ['a,b\n1,2\n"3,4\n5,6\n', "t.csv:3: expected a closing quote, got the end of the data"],
    ["a,b\n1,2\n", "t.csv:1: expected the target to be one of a, b, got c", { target: "c" }],
    ["a,b\n1,2\n", "t.csv:1: expected the target to be -2 to 1, got 2", { target: 2 }],
    ["a\n1\n", "expected a target and at least one feature in each row, got one field"],
    ["a,b\n", "t.csv:1: expected at least one row, got none"],
    ["", "t.csv: expected at least one row, got none"],
  ];
  for (const [content, message, options] of cases) {
    for (const size of [1, 1000]) {
      const read = () => readCsv(pieces(bytes(content), size), { source: "t.csv", ...options });
      await assertRejects(read, ParseError, message);
    }
  }
  await assertRejects(() => readCsv(bytes("1,2"), { header: false, target: "a" }), DomainError, "without a header");
  const half = (await gzip(text)).slice(0, 60);
  await assertRejects(() => readCsv(half, { source: "t.csv" }), ParseError, "t.csv:");
});

Deno.test("readCsv() reads breast cancer, digits and iris", async () => {
  const cancer = await readCsv(await openData("breast_cancer.csv.gz"), { header: false, skipLines: 1 });
  assertEquals([cancer.rows, cancer.columns], [569, 30]);
  assertEquals(cancer.targets.filter((t) => t === 0).length, 212);
  assertEquals((cancer.features as Float64Array)[0], 17.99);
  const digits = await readCsv(await openData("uci-digits-8x8.csv.gz"), { header: false });
  assertEquals([digits.rows, digits.columns], [1797, 64]);
  const iris = await readCsv(await openData("iris.csv"), { header: false, skipLines: 1 });
  assertEquals([iris.rows, iris.columns, new Set(iris.targets).size], [150, 4, 3]);
});
