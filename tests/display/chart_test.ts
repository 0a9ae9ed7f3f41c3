import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { jupyterDisplay } from "../../lib/core/mod.ts";
import { Chart } from "../../lib/display/mod.ts";

const spec = {
  title: "αβ ∇f ≤ 1e‑3",
  width: 200,
  height: 120,
  data: { values: [{ x: 0, y: 1, name: "pointer" }, { x: 1, y: 3, name: "other" }] },
  layer: [
    { mark: "line" },
    {
      name: "pointer",
      mark: { type: "point", color: "#123456" },
      params: [{ name: "near", select: { type: "point", on: "pointerover", nearest: true } }],
    },
  ],
  encoding: { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" } },
};
const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Width and height, from the header chunk. */
function size(png: Uint8Array): [number, number] {
  const view = new DataView(png.buffer, png.byteOffset);
  return [view.getUint32(16), view.getUint32(20)];
}

Deno.test("Chart shows as Vega-Lite 5, PNG and text, and as nothing else", async () => {
  const bundle = await new Chart(spec, "a line")[jupyterDisplay]();
  assertEquals(Object.keys(bundle).sort(), ["application/vnd.vegalite.v5+json", "image/png", "text/plain"]);
  assertEquals(bundle["text/plain"], "a line");
  const shown = bundle["application/vnd.vegalite.v5+json"] as Record<string, unknown>;
  assertEquals(shown.$schema, "https://vega.github.io/schema/vega-lite/v5.json");
  const png = Uint8Array.from(atob(bundle["image/png"] as string), (letter) => letter.charCodeAt(0));
  assertEquals([...png.subarray(0, 8)], signature);
});

Deno.test("Chart.toPNG() draws at the given scale, with letters", async () => {
  const chart = new Chart(spec, ""), small = await chart.toPNG({ scale: 1 }), large = await chart.toPNG({ scale: 2 });
  const [w, h] = size(small);
  assertEquals(size(large), [2 * w, 2 * h]);
  const { title: _, ...untitled } = spec;
  // The title's line of letters takes ink: without a font the two pictures would compress almost alike.
  const bare = await new Chart({ ...untitled, title: " " }, "").toPNG({ scale: 2 });
  assert(large.length > bare.length + 1000, `${large.length} bytes with a title, ${bare.length} without`);
});

Deno.test("Chart.toSVG() leaves out layers that only react to the pointer, not data of that name", async () => {
  const svg = await new Chart(spec, "").toSVG();
  assertStringIncludes(svg, "<svg");
  assert(!svg.includes("#123456"));
  const kept = await new Chart({ ...spec, layer: [spec.layer[0], { ...spec.layer[1], name: "dots" }] }, "").toSVG();
  assertStringIncludes(kept, "#123456");
});

Deno.test("Chart says why where it can draw no picture", async () => {
  const bundle = await new Chart({ ...spec, layer: [{ mark: "no such mark" }] }, "a line")[jupyterDisplay]();
  assertEquals(Object.keys(bundle).sort(), ["application/vnd.vegalite.v5+json", "text/plain"]);
  assertStringIncludes(bundle["text/plain"] as string, "a line (no picture: ");
});

Deno.test("Chart is JSON as its specification and prints as its text", () => {
  const chart = new Chart(spec, "a line");
  assertEquals(JSON.parse(JSON.stringify(chart)).width, 200);
  assertEquals(`${chart}`, "a line");
  assertEquals(Deno.inspect(chart), "a line");
});

Deno.test("Chart draws and prints names that hold control characters", async () => {
  const chart = new Chart({ ...spec, title: "a\u0001\x1b[2Jb" }, "a\u0001\x1b[2Jb");
  assertEquals([...(await chart.toPNG()).subarray(0, 8)], signature);
  assertEquals(Deno.inspect(chart), "a\\u0001\\u001b[2Jb");
});

Deno.test("Chart.sized() changes the size of the plot alone", () => {
  const chart = new Chart(spec, "a line"), small = chart.sized(100, 60);
  assertEquals(small.spec, { ...chart.spec, width: 100, height: 60 });
  assertEquals([small.text, chart.spec.width], ["a line", 200]);
});
