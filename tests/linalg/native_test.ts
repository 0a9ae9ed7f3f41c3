// The system's BLAS and LAPACK as a backend: it does what every backend must, its own methods err no more than ours do, and
// where it cannot be opened, that is said.
import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { nativeKernels } from "../../kernels/native/backend.ts";
import { Library } from "../../kernels/native/library.ts";
import { NativeError, openNative } from "../../kernels/native/mod.ts";
import { DomainError, dot, environment, type Matrix, norm2, ShapeError, type Vector } from "../../lib/core/mod.ts";
import {
  add,
  type Backend,
  backend,
  eig,
  eigh,
  eigvals,
  eigvalsh,
  identity,
  inv,
  ldlt,
  lstsq,
  matmul,
  matvec,
  norm,
  pinv,
  schur,
  solve,
  subtract,
  svdvals,
  transpose,
  useBackend,
} from "../../lib/linalg/mod.ts";
import { deno } from "../project/deno.ts";
import { assertSmall, distance, eps } from "./backward_error.ts";
import { numbers, random } from "./families.ts";
import { conformance } from "./kernels_conformance.ts";
import { symmetrized } from "./spectra.ts";
import { spectral, sweepSpectral } from "./spectral_errors.ts";
import { decompositions, sweep } from "./sweep.ts";

/** The library, or undefined, with the reason printed, where there is none; not in continuous integration. */
async function found(): Promise<Library | undefined> {
  try {
    const library = await Library.open();
    library.functions.openblas_set_num_threads?.(1);
    return library;
  } catch (reason) {
    if (Deno.env.get("CI")) throw reason;
    console.log(`native kernels are not tested: ${(reason as Error).message}`);
  }
}

const library = await found(), ignore = library === undefined;
/** The kernels as they are, without loops for what is small. */
const kernels = (): Backend => nativeKernels(library!);

// @must openNative: passes the conformance suite of all backends, and results agree with the default's to rounding
// @measured reached: all checks, by the kernels without loops for what is small; decompositions of 24 to 44 families of
//   matrices below 10 n eps
for (const [what, check] of Object.entries(conformance)) {
  Deno.test({ name: `native: ${what}`, ignore, fn: () => check(kernels()) });
}

for (const [name, errors] of Object.entries(decompositions)) {
  Deno.test({
    name: `native: ${name}() takes structured matrices with errors below 10 n eps`,
    ignore,
    fn: () => {
      using _ = useBackend(kernels());
      const { worst, where } = sweep(errors, 150, 5);
      assert(worst <= 10, `${worst} n eps for ${where}`);
    },
  });
}

for (const [name, trial] of Object.entries(spectral)) {
  Deno.test({
    name: `native: ${name}() takes structured matrices with errors below 10 n eps`,
    ignore,
    fn: () => {
      using _ = useBackend(kernels());
      const { worst, where } = sweepSpectral(trial, 200, 6);
      assert(worst <= 10, `${worst} n eps for ${where}`);
    },
  });
}

/** What the default backend and this one make of the same. */
function both<T>(compute: () => T): [T, T] {
  using _ = useBackend(kernels());
  const own = compute();
  using _default = useBackend("wasm");
  return [compute(), own];
}

const near = (x: ArrayLike<number>, y: ArrayLike<number>, scale: number): void => {
  assertEquals(x.length, y.length);
  for (let i = 0; i < x.length; i++) assert(Math.abs(x[i] - y[i]) <= 200 * eps * scale, `${x[i]} and ${y[i]} at ${i}`);
};

Deno.test({
  name: "native: values, solutions and inertia are those of the default backend",
  ignore,
  fn: () => {
    const next = numbers(7);
    for (const n of [1, 2, 5, 24, 33, 90]) {
      const A = random(n, n, next), S = symmetrized(A), size = norm(A);
      near(...both(() => eigvalsh(S)), size);
      near(...both(() => eigh(S).values), size);
      const D = add(matmul(A, transpose(A)), identity(n));
      near(...both(() => eigh(S, D).values), 10 * size);
      near(...both(() => svdvals(A)), size);
      near(...both(() => svdvals(random(n, n + 5, numbers(n)))), size);
      near(...both(() => eigvals(A).real.sort()), 100 * size);
      near(...both(() => eigvals(A).imaginary.sort()), 100 * size);
      near(...both(() => schur(A).values.real.sort()), 100 * size);
      const [ours, own] = both(() => ldlt(S));
      assertEquals(own.inertia, ours.inertia);
      assertEquals(own.permutation, ours.permutation); // the same pivots
      near(own.L.data, ours.L.data, 10 * n);
      for (const count of [1, 3]) {
        const B = random(n, count, next), [X, Y] = both(() => solve(A, B));
        assert(distance(X, Y) <= 1e-9, `${distance(X, Y)} apart`);
      }
      near(...both(() => inv(S).data), norm(inv(S)) ** 2);
    }
  },
});

Deno.test({
  name:
    "native: lstsq() and pinv() find the rank and the shortest solution, of tall and wide matrices without full rank",
  ignore,
  fn: () => {
    const next = numbers(8);
    for (const [m, n, r] of [[30, 12, 9], [12, 30, 9], [20, 20, 1], [15, 8, 0]]) {
      const A = matmul(random(m, r, next), random(r, n, next)), B = random(m, 2, next);
      const [ours, own] = both(() => lstsq(A, B));
      assertEquals([own.rank, ours.rank], [r, r]);
      assertSmall(distance(ours.x, own.x), 100 * Math.max(m, n), `lstsq ${m} x ${n}`);
      near(own.residualNorms, ours.residualNorms, 10);
      const [P, Q] = both(() => pinv(A));
      assert(norm(subtract(P, Q)) <= 1e-11 * (norm(P) || 1));
    }
  },
});

Deno.test({
  name: "native: eigenvectors of a complex pair belong to the eigenvalue with positive imaginary part, first",
  ignore,
  fn: () => {
    const c = Math.cos(0.3), s = Math.sin(0.3);
    const A: Matrix = { rows: 2, columns: 2, data: Float64Array.of(c, -s, s, c) };
    for (const { values, vectors: { real: x, imaginary: y } } of both(() => eig(A))) {
      near(values.imaginary, [s, -s], 1);
      // (1, -i) for exp(iφ), (1, i) for exp(-iφ): the second entry is ∓i times the first
      near([x[2], y[2], x[3], y[3]], [y[0], -x[0], -y[1], x[1]], 1);
    }
  },
});

Deno.test({
  name: "native: products with vectors",
  ignore,
  fn: () => {
    const next = numbers(9), x: Vector = random(1, 40, next).data, y: Vector = random(1, 40, next).data;
    const A = random(30, 40, next), S = symmetrized(random(40, 40, next));
    near(...both(() => matvec(A, x)), 10);
    const { addTransposedProduct, addSymmetricProduct } = kernels().vectorProducts!;
    const z = y.slice(), w = y.slice(), u = random(1, 30, next).data;
    addTransposedProduct(30, 40, A.data, 0, 40, u, 0, z, 0);
    near(z, matvec(transpose(A), u).map((v, i) => v + y[i]), 10);
    const lower = S.data.map((v, k) => k % 40 > Math.floor(k / 40) ? NaN : v);
    addSymmetricProduct(40, lower, 0, 40, x, 0, w, 0);
    near(w, matvec(S, x).map((v, i) => v + y[i]), 10);
  },
});

Deno.test({
  name: "openNative() is the backend until it is disposed of, and refused after",
  ignore,
  fn: async () => {
    const before = backend(), x = Float64Array.of(1, 2, 3), y = Float64Array.of(4, -5, 6);
    let kept: Backend;
    {
      using native = await openNative({ threads: 1 });
      kept = native.backend;
      assertEquals(backend(), kept);
      assertEquals([kept.name, kept.variant], ["native", native.variant]);
      assertEquals(native.vectors.dot(x, y), dot(x, y));
      assertEquals(native.vectors.nrm2(Float64Array.of(3, 4)), norm2(Float64Array.of(3, 4)));
      native.vectors.axpy(2, x, y);
      assertEquals(y, Float64Array.of(6, -1, 12));
      assertThrows(() => native.vectors.dot(x, y.subarray(1)), ShapeError, "got 3 and 2 entries");
      assertEquals(environment.backend, `native: ${native.variant}`);
      native.vectors.scal(-0.5, y);
      assertEquals(y, Float64Array.of(-3, 0.5, -6));
      {
        using inner = await openNative({ path: library!.path });
        assertEquals(backend(), inner.backend);
        inner[Symbol.dispose](); // once more at the end of the block does nothing
        assertEquals(backend(), kept);
      }
      assertEquals(backend(), kept);
    }
    assertEquals(backend(), before);
    const a = new Float64Array(400).fill(1);
    assertThrows(
      () => kept.gemm(false, false, 20, 20, 20, 1, a, 0, 20, a, 0, 20, 0, a.slice(), 0, 20),
      NativeError,
      "disposed of",
    );
  },
});

Deno.test("openNative() names what is missing: the library, the permission, a sensible number of threads", async () => {
  const before = backend();
  await assertRejects(() => openNative({ path: "/nowhere/libnone.so" }), NativeError, "Cannot open a native BLAS");
  await assertRejects(() => openNative({ threads: 0 }), DomainError, "positive whole number");
  assertEquals(backend(), before);
  const said = await openedWith();
  assertStringIncludes(said, "NativeError Cannot open a native BLAS: expected the permission --allow-ffi");
});

/** What another process says that opens the library with these permissions. */
async function openedWith(...permissions: string[]): Promise<string> {
  const entry = new URL("../../kernels/native/mod.ts", import.meta.url).href;
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(
      file,
      `import { openNative } from ${JSON.stringify(entry)};
try { using native = await openNative(); console.log(native.variant); } catch (error) { console.log(error.name, error.message); }`,
    );
    const { stdout, stderr } = await deno(["run", "--no-prompt", "--no-lock", ...permissions, file]);
    return stdout + stderr;
  } finally {
    await Deno.remove(file);
  }
}

const debian = `/usr/lib/${Deno.build.arch}-linux-gnu/libopenblas.so.0`;

Deno.test({
  name: "openNative() needs the permission for the library's file alone",
  ignore: ignore || !await Deno.stat(debian).then(() => true, () => false),
  fn: async () => {
    assertStringIncludes(await openedWith(`--allow-ffi=${debian}`), "libopenblas.so.0, ");
  },
});
