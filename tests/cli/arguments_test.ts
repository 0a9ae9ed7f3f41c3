import { assertEquals, assertThrows } from "@std/assert";
import { type Arguments, choice, numberFrom, readArguments, UsageError } from "../../lib/cli/arguments.ts";

const flags = [
  { name: "data", value: "FILE", text: "" },
  { name: "seed", value: "S", text: "" },
  { name: "loud", text: "" },
];

Deno.test("readArguments() reads both forms of a flag, and words", () => {
  const read = readArguments(["--data", "a.svm", "now", "--seed=3"], flags);
  assertEquals([...read.flags], [["data", "a.svm"], ["seed", "3"]]);
  assertEquals(read.words, ["now"]);
});

Deno.test("readArguments() gives switches no value", () => {
  const read = readArguments(["--loud", "now"], flags);
  assertEquals([...read.flags], [["loud", ""]]);
  assertEquals(read.words, ["now"]);
});

Deno.test("readArguments() keeps values with equals signs, minus signs and line breaks", () => {
  const read = readArguments(["--data=a=b\nc", "--seed", "-1"], flags);
  assertEquals([...read.flags.values()], ["a=b\nc", "-1"]);
});

Deno.test("readArguments() refuses unknown, repeated and empty-handed flags", () => {
  const refusal = (...args: string[]): string => assertThrows(() => readArguments(args, flags), UsageError).message;
  assertEquals(refusal("--dat", "a"), "Cannot use --dat: expected one of --data, --seed, --loud");
  assertEquals(refusal("--seed", "1", "--seed=2"), "Cannot use --seed twice");
  assertEquals(refusal("--loud=yes"), "Cannot use --loud=yes: expected no value");
  assertEquals(refusal("--data"), "Cannot use --data: expected a value, got nothing");
  assertEquals(refusal("--data", "--seed"), "Cannot use --data: expected a value, got --seed");
});

Deno.test("numberFrom() gives the number, the standard, or a refusal", () => {
  const given = (text: string): Arguments => ({ flags: new Map([["seed", text]]), words: [] });
  const seed = (args: Arguments): number =>
    numberFrom(args, "seed", 7, "an integer >= 0", (x) => Number.isInteger(x) && x >= 0);
  assertEquals([seed(given("12")), seed(given("1e3")), seed({ flags: new Map(), words: [] })], [12, 1000, 7]);
  for (const text of ["", " ", "x", "1.5", "-1", "NaN"]) {
    const { message } = assertThrows(() => seed(given(text)), UsageError);
    assertEquals(message, `Cannot use --seed ${text}: expected an integer >= 0`);
  }
});

Deno.test("choice() lists what there is", () => {
  const choices = { one: 1, two: 2 };
  assertEquals(choice("number", "two", choices), 2);
  for (const name of ["three", "toString", ""]) {
    const { message } = assertThrows(() => choice("number", name, choices), UsageError);
    assertEquals(message, `Cannot use the number "${name}": expected one of one, two`);
  }
});
