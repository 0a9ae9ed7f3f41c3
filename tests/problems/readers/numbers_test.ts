import { normal, rng, uniform } from "../../../lib/core/mod.ts";
import { parseNumber } from "../../../lib/problems/readers/numbers.ts";
import { assert, assertEquals } from "@std/assert";
import { bytes } from "./sources.ts";

const parse = (text: string) => parseNumber(bytes(text), 0, text.length);

Deno.test("parseNumber() gives the same bits as Number", () => {
  const random = rng(5);
  const texts = ["0", "-0", "+7", ".5", "5.", "00012", "1e22", "1e23", "1E-22", "0.000001e-17", "9007199254740993"];
  texts.push(
    "1.7976931348623157e308",
    "4.9e-324",
    "1e-400",
    "0." + "0".repeat(30) + "1",
    "123456789012345678901234567890",
  );
  for (let k = 0; k < 5000; k++) {
    const value = normal(random) * 10 ** Math.floor(60 * uniform(random) - 30);
    texts.push(String(value), value.toFixed(6), value.toExponential(k % 17), value.toPrecision(1 + k % 17));
  }
  for (const text of texts) assert(Object.is(parse(text), Number(text)), text);
});

Deno.test("parseNumber() takes nothing but decimal numbers", () => {
  for (
    const text of [
      "",
      " ",
      "+",
      "-",
      ".",
      "e5",
      "1e",
      "1e+",
      "0x10",
      "1 ",
      " 1",
      "1_000",
      "nan",
      "Infinity",
      "1.2.3",
      "--1",
    ]
  ) {
    assertEquals(parse(text), NaN, text);
  }
});
