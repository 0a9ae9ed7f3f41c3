import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { DomainError, jupyterDisplay } from "../../../lib/core/mod.ts";
import { formatMatrix, identity, matrix } from "../../../lib/linalg/mod.ts";
import { filled } from "../families.ts";

Deno.test("formatMatrix() aligns numbers, with as many digits as asked for", () => {
  const A = matrix([[1, -20], [1 / 3, 1e300]]);
  assertEquals(String(formatMatrix(A)), "2 x 2\n      1     -20\n0.33333  1e+300");
  assertEquals(String(formatMatrix(A, { digits: 1 })), "2 x 2\n  1     -20\n0.3  1e+300");
  assertEquals(String(formatMatrix(matrix([[NaN, Infinity]]))), "1 x 2\nNaN  Infinity");
  assertEquals(String(formatMatrix(matrix(0, 3))), "0 x 3");
});

Deno.test("formatMatrix() leaves out the middle of what is large", () => {
  const A = filled(100, 50, (i, j) => 100 * i + j), text = String(formatMatrix(A, { rows: 3, columns: 2 }));
  assertEquals(text.split("\n"), ["100 x 50", "   0  …    49", " 100  …   149", "   ⋮  ⋱     ⋮", "9900  …  9949"]);
  assertEquals(formatMatrix(A).toHtml().split("<tr>").length, 1 + 13);
  assertStringIncludes(
    formatMatrix(A, { rows: 2 }).toLatex(),
    "\\vdots&\\vdots&\\vdots&\\vdots&\\vdots&\\vdots&\\ddots",
  );
});

Deno.test("formatMatrix() gives a notebook text, LaTeX and HTML", () => {
  const bundle = formatMatrix(matrix([[-1, 2.5e-20], [Infinity, 1e5]]))[jupyterDisplay]();
  assertEquals(Object.keys(bundle), ["text/plain", "text/latex", "text/html"]);
  assertEquals(bundle["text/latex"], "$$\\begin{bmatrix}-1&2.5\\cdot 10^{-20}\\\\\\infty&100000\\end{bmatrix}$$");
  assertStringIncludes(
    bundle["text/html"] as string,
    "<caption>2 x 2</caption><tbody><tr><td>−1</td><td>2.5e−20</td></tr>",
  );
  assert(!String(formatMatrix(identity(2)).toHtml()).includes("undefined"));
});

Deno.test("formatMatrix() refuses numbers out of range", () => {
  for (const options of [{ digits: 0 }, { digits: 18 }, { rows: 0 }, { columns: 1.5 }]) {
    assertThrows(() => formatMatrix(identity(2), options), DomainError, "Cannot format a matrix");
  }
});
