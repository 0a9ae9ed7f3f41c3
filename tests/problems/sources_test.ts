import { assert, assertEquals } from "@std/assert";

const folder = new URL("../data/", import.meta.url);

Deno.test("tests/data holds the files that SOURCES.md lists, unchanged", async () => {
  const listed = new Map<string, string>();
  for (const line of (await Deno.readTextFile(new URL("SOURCES.md", folder))).split("\n")) {
    const cells = line.split("|").map((cell) => cell.trim());
    if (!/^[0-9a-f]{64}$/.test(cells[4] ?? "")) continue;
    assert(cells[2] && cells[3], `${cells[1]} has no source or licence`);
    listed.set(cells[1], cells[4]);
  }
  const found: string[] = [];
  for await (const entry of Deno.readDir(folder)) if (entry.name !== "SOURCES.md") found.push(entry.name);
  assertEquals(found.sort(), [...listed.keys()].sort());
  for (const [name, hash] of listed) {
    const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(new URL(name, folder)));
    assertEquals(Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join(""), hash, name);
  }
});
