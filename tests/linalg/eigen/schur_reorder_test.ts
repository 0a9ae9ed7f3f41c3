// Schur forms in another order: their form, beside what is said of them where `eigs` uses them.
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { norm, reorderSchur, schur } from "../../../lib/linalg/mod.ts";
import { numbers, random } from "../families.ts";

Deno.test("reorderSchur() leaves blocks in standard form, with the eigenvalues as they were", () => {
  for (const n of [12, 31]) {
    const A = random(n, n, numbers(7)), form = schur(A), size = norm(A);
    const middle = form.values.real.toSorted()[n >> 1];
    const { T: { data: t }, values } = reorderSchur(form, (a) => a < middle);
    let blocks = 0;
    for (let i = 0; i + 1 < n; i++) {
      const d = i * (n + 1);
      if (t[d + n] === 0) continue;
      blocks++;
      assertEquals(t[d], t[d + n + 1], `${n}: diagonal from ${i} on`);
      assert(t[d + 1] * t[d + n] < 0, `${n}: beside the diagonal from ${i} on`);
    }
    assert(blocks > 2, `${blocks} blocks`);
    for (const part of ["real", "imaginary"] as const) {
      const before = form.values[part].toSorted(), after = values[part].toSorted();
      for (let i = 0; i < n; i++) assertAlmostEquals(after[i], before[i], 1e-10 * size);
    }
  }
});
