import { assertEquals } from "@std/assert";
import { Table } from "../../lib/compare/mod.ts";
import { quartiles } from "../../lib/compare/quartiles.ts";

const left = (title: string) => ({ title, align: "left" }) as const,
  right = (title: string) => ({ title, align: "right" }) as const;

Deno.test("Table.toString() aligns columns, rounds numbers, and prints notes under them", () => {
  const table = new Table([left("name"), right("count"), right("size")], [
    ["α", 12, 1.5],
    ["longer", NaN, { low: 1, median: 2, high: 30 }],
    ["", 1e-9, { low: 7, median: 7, high: 7 }],
    ["𝔛", Infinity, { low: 1, median: Infinity, high: Infinity }],
  ], ["a note\nin one line"]);
  assertEquals(
    String(table),
    [
      "name       count                    size",
      "------  --------  ----------------------",
      "α             12                 1.50e+0",
      "longer                         2 [1, 30]",
      "         1.00e-9                       7",
      "𝔛       Infinity  Infinity [1, Infinity]",
      "a note\\nin one line",
    ].join("\n"),
  );
});

Deno.test("Table.toString() breaks paths of oracles in titles", () => {
  const titles = [left("a.b"), right("objective.gradient calls"), right("gradient calls")];
  assertEquals(
    String(new Table(titles, [["x", 12, 3]])),
    [
      "     objective.",
      "       gradient",
      "a.b       calls  gradient calls",
      "---  ----------  --------------",
      "x            12               3",
    ].join("\n"),
  );
});

Deno.test("quartiles() interpolates, and takes infinities as costs that were never paid", () => {
  assertEquals(quartiles([3, 1, 2]), { low: 1.5, median: 2, high: 2.5 });
  assertEquals(quartiles([4]), { low: 4, median: 4, high: 4 });
  assertEquals(quartiles([1, 2, 3, 4, 5]), { low: 2, median: 3, high: 4 });
  assertEquals(quartiles([1, 2, 3, Infinity]), { low: 1.75, median: 2.5, high: Infinity });
  assertEquals(quartiles([Infinity, Infinity]), { low: Infinity, median: Infinity, high: Infinity });
  assertEquals(quartiles([1, NaN]), { low: NaN, median: NaN, high: NaN });
  assertEquals(quartiles([]), { low: NaN, median: NaN, high: NaN });
});
