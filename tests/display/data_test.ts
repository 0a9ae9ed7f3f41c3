import { assert, assertEquals } from "@std/assert";
import { inlineData } from "../../lib/display/csv.ts";
import { escapeHtml, printable, scriptJson } from "../../lib/display/escape.ts";
import { corners, thin } from "../../lib/display/thin.ts";

Deno.test("inlineData() quotes text, rounds to six digits and leaves out what is not finite", () => {
  const data = inlineData({ name: ['a "b", c', "1"], y: [1 / 3, NaN], z: Float64Array.of(1e-300, Infinity) });
  assertEquals(data.values, 'name,y,z\n"a ""b"", c",0.333333,1e-300\n1,,');
  assertEquals(data.format, { type: "csv", parse: { name: "string", y: "number", z: "number" } });
});

Deno.test("thin() keeps every index of a short curve", () => {
  assertEquals(thin([3, 1, 2], 4), [0, 1, 2]);
  assertEquals(thin([], 4), []);
});

Deno.test("thin() keeps both ends and every spike of a long curve", () => {
  const values = Array.from({ length: 10_000 }, (_, i) => i / 1e6);
  values[1234] = 7;
  values[8765] = -7;
  values[5000] = NaN;
  values[5001] = Infinity;
  const kept = thin(values, 100);
  assert(kept.length <= 100, `${kept.length} kept`);
  for (const i of [0, 1234, 8765, 9999]) assert(kept.includes(i), `index ${i} is lost`);
  assert(!kept.includes(5001));
  assertEquals(kept, [...new Set(kept)].sort((a, b) => a - b));
});

Deno.test("corners() keeps the ends of a straight line and the corners of a bent one", () => {
  const x = [0, 1, 2, 3, 4];
  assertEquals(corners(x, [0, 1, 2, 3, 4], 1e-9), [0, 4]);
  assertEquals(corners(x, [0, 1, 2, 1, 0], 1e-9), [0, 2, 4]);
  assertEquals(corners(x, [0, 0.1, 0, 0.1, 0], 0.2), [0, 4]);
  assertEquals(corners([0, 1, 1, 0, 0], [0, 0, 1, 1, 0], 0.1), [0, 1, 2, 3, 4]); // closed
});

Deno.test("escapeHtml() leaves no markup in text or attributes", () => {
  assertEquals(escapeHtml(`<b a="1" c='2'>&`), "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;");
});

Deno.test("printable() shows control characters as what they are", () => {
  assertEquals(printable("a\x1b[2Jb\u202ec\n"), "a\\u001b[2Jb\\u202ec\\u000a");
});

Deno.test("scriptJson() cannot end its script element and reads back the same", () => {
  const value = { name: "</script><script>alert(1)</script><!--", line: "\u2028" };
  assert(!scriptJson(value).includes("<"));
  assertEquals(JSON.parse(scriptJson(value)), value);
});
