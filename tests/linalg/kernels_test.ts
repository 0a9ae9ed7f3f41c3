// The backends of dense linear algebra: each does the same, up to rounding, in every engine.
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Arena } from "../../kernels/wasm/mod.ts";
import { axpy, DomainError, dot, ShapeError, type Vector } from "../../lib/core/mod.ts";
import { bySize } from "../../lib/linalg/kernels/by_size.ts";
import {
  backend,
  backendNamed,
  gemm,
  Resident,
  ResidentPairs,
  syrk,
  useBackend,
} from "../../lib/linalg/kernels/mod.ts";
import { wasmBackend } from "../../lib/linalg/kernels/wasm.ts";
import { deno, root, run } from "../project/deno.ts";
import { conformance } from "./kernels_conformance.ts";
import { portableBits } from "./kernels_engine.ts";
import { type Block, block, naive, opposite } from "./kernels_reference.ts";

const fused = wasmBackend("fused"), plain = wasmBackend("plain")!, typescript = backendNamed("typescript");

/** The kernels as they are, and as they are mixed. */
const backends = { typescript, "plain SIMD": plain, "fused multiply-add": fused, "as used": backendNamed("wasm") };

for (const [name, backend] of Object.entries(backends)) {
  for (const [what, check] of Object.entries(conformance)) {
    Deno.test({ name: `${name}: ${what}`, ignore: !backend, fn: () => check(backend!) });
  }
}

Deno.test("bySize() splits products that are too large", () => {
  conformance["gemm() errs by n eps |A||B| at most, reads and writes only what it may"](
    bySize(plain, typescript, { most: 5000 }),
  );
});

Deno.test("backendNamed() says what it runs on, and the default is the fastest", () => {
  assertEquals(backend(), backendNamed("wasm"));
  assertEquals(fused?.variant ?? "SIMD, fused multiply-add", "SIMD, fused multiply-add");
  assertEquals([backendNamed("portable").name, backendNamed("portable").variant], ["portable", "SIMD"]);
});

Deno.test("useBackend() holds until it is disposed of", () => {
  const before = backend();
  {
    using _outer = useBackend("typescript");
    assertEquals(backend(), typescript);
    {
      using _inner = useBackend(plain);
      assertEquals(backend(), plain);
    }
    assertEquals(backend(), typescript);
  }
  assertEquals(backend(), before);
});

Deno.test("gemm() and syrk() use the backend in use", () => {
  const n = 21,
    a = opposite(block(n, n)),
    results = ["typescript", "portable", "wasm"].map((name) => {
      using _chosen = useBackend(name as "wasm");
      const c = new Float64Array(n * n), s = new Float64Array(n * n);
      gemm(false, true, n, n, n, 1, a.data, 0, n, a.data, 0, n, 0, c, 0, n);
      syrk(false, n, n, 1, a.data, 0, n, 0, s, 0, n);
      const again = new Float64Array(n * n);
      backendNamed(name as "wasm").gemm(false, true, n, n, n, 1, a.data, 0, n, a.data, 0, n, 0, again, 0, n);
      assertEquals(c, again);
      for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) assert(Math.abs(s[i * n + j] - c[i * n + j]) < 1e-13);
      return c.join();
    });
  if (fused) assert(results[1] !== results[2], "fused multiply-add rounds otherwise");
});

/** The recursion in plain TypeScript, summed as `dot` sums. */
function twoLoop(s: Vector[], y: Vector[], rho: number[], scale: number, q: Vector): void {
  const alpha = s.map(() => 0);
  for (let i = s.length - 1; i >= 0; i--) {
    alpha[i] = rho[i] * dot(s[i], q);
    axpy(-alpha[i], y[i], q);
  }
  for (let j = 0; j < q.length; j++) q[j] *= scale;
  for (let i = 0; i < s.length; i++) axpy(alpha[i] - rho[i] * dot(y[i], q), s[i], q);
}

Deno.test("ResidentPairs gives the bits of plain loops", () => {
  const vector = (n: number): Vector => block(1, n).data.slice(0, n);
  for (const [n, places, total] of [[64, 1, 3], [67, 5, 3], [130, 5, 5], [133, 4, 11], [1001, 10, 27]]) {
    const pairs = ResidentPairs.open(n, places)!, s: Vector[] = [], y: Vector[] = [], rho: number[] = [];
    for (let k = 0; k < total; k++) {
      s.push(vector(n));
      y.push(s[k].map((x) => 2 * x));
      axpy(0.1, vector(n), y[k]);
      rho.push(1 / dot(s[k], y[k]));
      pairs.set(k % places, s[k], y[k], rho[k]);
      const g = vector(n), expected = g.map((x) => -x), count = Math.min(k + 1, places), out = new Float64Array(n);
      pairs.direction(g, count, k % places, 0.37, out);
      twoLoop(s.slice(-count), y.slice(-count), rho.slice(-count), 0.37, expected);
      assertEquals(out, expected, `${n} variables, ${count} of ${places} pairs`);
      pairs.direction(g, 0, k % places, 0.37, out);
      assertEquals(out, g.map((x) => -x));
    }
  }
});

Deno.test("ResidentPairs refuses what does not fit, and small problems", () => {
  assertEquals(ResidentPairs.open(10, 5), undefined);
  assertThrows(() => ResidentPairs.open(0.5, 5), DomainError, "expected positive whole numbers");
  const pairs = ResidentPairs.open(100, 2)!, x = new Float64Array(100);
  assertThrows(() => pairs.set(2, x, x, 1), ShapeError, "a place below 2");
  assertThrows(() => pairs.set(0, x, x.subarray(1), 1), ShapeError, "100 entries");
  assertThrows(() => pairs.direction(x.subarray(1), 0, 0, 1, x), ShapeError, "got 99 and 100");
});

Deno.test("Resident: dot and axpy have the bits of the core, gemv and ger are right", () => {
  const near = (actual: Vector, expected: Vector): void =>
    expected.forEach((x, i) => assert(Math.abs(x - actual[i]) < 1e-12, `${actual[i]} for ${x}`));
  for (const n of [0, 1, 3, 4, 7, 8, 13, 102]) {
    for (const m of [1, 4, 11]) {
      const { kernels, vectors } = new Resident("plain", [m * n, n, n, m]), [a, x, y, z] = vectors;
      for (const v of vectors) v.set(block(1, v.length).data.subarray(0, v.length));
      assert(Object.is(kernels.dot(n, x.byteOffset, y.byteOffset), dot(x, y)));
      const moved = y.slice();
      axpy(0.3, x, moved);
      kernels.axpy(n, 0.3, x.byteOffset, y.byteOffset);
      assertEquals(y.slice(), moved);
      const matrix = (rows: number, columns: number, data: Vector): Block => ({
        rows,
        columns,
        data,
        offset: 0,
        ld: columns,
      });
      const A = matrix(m, n, a), X = matrix(n, 1, x), Z = matrix(m, 1, z.slice());
      kernels.gemv(m, n, 2, a.byteOffset, 8 * n, x.byteOffset, 0.5, z.byteOffset);
      near(z, naive(false, false, m, 1, n, 2, A, X, 0.5, Z));
      const down = naive(true, false, n, 1, m, 2, A, matrix(m, 1, z), -1, matrix(n, 1, y.slice()));
      kernels.gemvTransposed(m, n, 2, a.byteOffset, 8 * n, z.byteOffset, -1, y.byteOffset);
      near(y, down);
      const raised = naive(false, true, m, n, 1, -3, matrix(m, 1, z), X, 1, matrix(m, n, a.slice()));
      kernels.ger(m, n, -3, z.byteOffset, x.byteOffset, a.byteOffset, 8 * n);
      near(a, raised);
      z.fill(NaN);
      kernels.gemv(m, n, 1, a.byteOffset, 8 * n, x.byteOffset, 0, z.byteOffset);
      assert(z.every(Number.isFinite), "with beta 0 y is not read");
    }
  }
});

Deno.test("Resident: symv reads the lower triangle alone", () => {
  for (let n = 0; n < 24; n++) {
    const lda = n + 3, { kernels, vectors } = backendNamed("wasm").resident!([n * lda, n, n]), [a, x, y] = vectors;
    for (const v of vectors) v.set(block(1, v.length).data.subarray(0, v.length));
    const full = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        full[i * n + j] = a[Math.max(i, j) * lda + Math.min(i, j)];
      }
      a.fill(NaN, i * lda + i + 1, (i + 1) * lda);
    }
    const column = (data: Vector): Block => ({ rows: n, columns: 1, data, offset: 0, ld: 1 });
    const A = { rows: n, columns: n, data: full, offset: 0, ld: n };
    const expected = naive(false, false, n, 1, n, -2, A, column(x), 1, column(y.slice()));
    kernels.symv(n, -2, a.byteOffset, 8 * lda, x.byteOffset, y.byteOffset);
    expected.forEach((v, i) => assert(Math.abs(v - y[i]) < 1e-12, `order ${n}: ${y[i]} for ${v}`));
  }
});

Deno.test("Arena refuses more than 4 GiB", () => {
  const arena = new Arena("plain");
  arena.open();
  assertThrows(() => arena.room(30_000, 30_000), RangeError, "at most 4 GiB");
});

const entry = (path: string): string => pathToFileURL(join(root, path)).href;

Deno.test("an engine without SIMD gets plain TypeScript", async () => {
  const { code, stdout, stderr } = await deno([
    "eval",
    "--no-lock",
    `WebAssembly.validate = () => false;
const { backend, ResidentPairs } = await import(${JSON.stringify(entry("lib/linalg/kernels/mod.ts"))});
console.log(backend().name, ResidentPairs.open(1000, 5));`,
  ]);
  assertEquals([code, stdout.trim()], [0, "typescript undefined"], stderr);
});

async function hasProgram(name: string): Promise<boolean> {
  try {
    return (await run(name, ["--version"])).code === 0;
  } catch {
    return false;
  }
}

/** Bundles a script that hands its findings to `show`, and runs it elsewhere. */
async function elsewhere(
  show: string,
  use: (script: string) => Promise<{ code: number; stdout: string; stderr: string }>,
) {
  const folder = await Deno.makeTempDir();
  try {
    const source = join(folder, "entry.ts"), bundle = join(folder, "bundle.mjs");
    await Deno.writeTextFile(
      source,
      `import { conform, portableBits } from ${JSON.stringify(entry("tests/linalg/kernels_engine.ts"))};
${show}(JSON.stringify({ ...conform(), bits: portableBits() }));\n`,
    );
    const bundled = await deno(["bundle", "--quiet", "--no-lock", "--platform", "browser", "--output", bundle, source]);
    assertEquals(bundled.code, 0, bundled.stderr);
    const { code, stdout, stderr } = await use(bundle);
    assertEquals(code, 0, stderr);
    const found = JSON.parse(/\{.*\}/.exec(stdout)![0]);
    assertEquals(found.failures, []);
    assertEquals(found.bits, portableBits());
    return found.variants as string[];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name: "all backends conform in Node, too, and the portable one has the same bits there",
  ignore: !await hasProgram("node"),
  fn: async () => {
    const variants = await elsewhere("console.log", (script) => run("node", [script]));
    assertStringIncludes(variants.join(), "portable: SIMD");
  },
});

Deno.test({
  name: "all backends conform in Chromium, too, and the portable one has the same bits there",
  ignore: !await hasProgram("chromium"),
  fn: async () => {
    const variants = await elsewhere("document.body.append", async (script) => {
      const page = script.replace(".mjs", ".html");
      const text = (await Deno.readTextFile(script)).replaceAll("</", "<\\/");
      await Deno.writeTextFile(page, `<!doctype html><body><script type="module">${text}</script>`);
      const options = ["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", "--virtual-time-budget=60000"];
      const { code, stdout, stderr } = await run("chromium", [...options, pathToFileURL(page).href]);
      return { code, stdout: stdout.slice(stdout.lastIndexOf("</script>")), stderr };
    });
    assertStringIncludes(variants.join(), "wasm: SIMD, fused multiply-add");
  },
});
