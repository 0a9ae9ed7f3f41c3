/**
 * Finding the system's BLAS and LAPACK, and holding it open.
 *
 * @module
 */
import { GradusError } from "../../lib/core/mod.ts";
import { symbols } from "./symbols.ts";

/** The system's BLAS and LAPACK cannot be opened, are closed already, or failed. */
export class NativeError extends GradusError {
  /** The name of the class, as printed. */
  override name = "NativeError";
}

/** The functions of an open library. */
export type Functions = Deno.DynamicLibrary<typeof symbols>["symbols"];

/** Where libraries are looked for, in this order. A bare name is searched for as the system does. */
const places: Readonly<Record<string, readonly string[]>> = {
  linux: [
    "libopenblas.so.0", // Debian, Arch; of Fedora's the one without threads
    "/usr/lib/x86_64-linux-gnu/libopenblas.so.0", // in full, for permissions that name a folder
    "/usr/lib/aarch64-linux-gnu/libopenblas.so.0",
    "libopenblasp.so.0", // Fedora
    "libopenblaso.so.0",
    "libflexiblas.so.3",
    "/usr/lib64/libopenblasp.so.0",
    "/usr/lib64/libflexiblas.so.3",
    "libopenblas_pthreads.so.0", // openSUSE
  ],
  darwin: [
    "/System/Library/Frameworks/Accelerate.framework/Accelerate",
    "/opt/homebrew/opt/openblas/lib/libopenblas.dylib",
    "/usr/local/opt/openblas/lib/libopenblas.dylib",
  ],
  windows: ["libopenblas.dll", "openblas.dll"],
};

/** An open library. */
export class Library {
  /** The functions; after `close` each is refused. */
  functions: Functions;
  readonly #library: Deno.DynamicLibrary<typeof symbols>;

  private constructor(readonly path: string) {
    this.#library = Deno.dlopen(path, symbols);
    this.functions = this.#library.symbols;
    const fault = firstFault(this.functions);
    if (fault === undefined) return;
    this.#library.close();
    throw new NativeError(`${fault} is wrong`);
  }

  /**
   * Opens the first library that there is and that computes.
   *
   * @throws {NativeError} When there is none, or without permission.
   */
  static async open(path?: string): Promise<Library> {
    const verb = "Cannot open a native BLAS: expected";
    if (typeof globalThis.Deno?.dlopen !== "function") throw new NativeError(`${verb} Deno, got another engine`);
    const paths = path === undefined ? places[Deno.build.os] ?? places.linux : [path], refused: string[] = [];
    for (const path of paths) {
      if ((await Deno.permissions.query({ name: "ffi", path })).state !== "granted") continue;
      try {
        return new Library(path);
      } catch (reason) {
        refused.push(`${path}: ${(reason as Error).message}`);
      }
    }
    if (refused.length === 0) {
      throw new NativeError(`${verb} the permission --allow-ffi for one of ${paths.join(", ")}, got none`);
    }
    throw new NativeError(`${verb} a library with BLAS and LAPACK, got\n  ${refused.join("\n  ")}`);
  }

  /**
   * What the library says of itself and the number of its threads, as in `OpenBLAS 0.3.21, Haswell, 1 thread`; where it
   * says nothing, or may not be read since the permission is for some files only, its file name.
   */
  describe(): string {
    const { openblas_get_config: config, openblas_get_num_threads: threads } = this.functions, count = threads?.();
    const address = Deno.permissions.querySync({ name: "ffi" }).state === "granted" ? config?.() : undefined;
    const words = address ? new Deno.UnsafePointerView(address).getCString().split(" ") : [];
    const name = words.length > 2 ? `${words[0]} ${words[1]}, ${words.at(-2)}` : this.path.split(/[\\/]/).at(-1)!;
    return count === undefined ? name : `${name}, ${count} ${count === 1 ? "thread" : "threads"}`;
  }

  /** Closes the library. */
  close(): void {
    this.functions = closed;
    this.#library.close();
  }
}

/** Calls of a library that is closed would end the process. */
const closed = new Proxy({} as Functions, {
  get(): never {
    throw new NativeError("Cannot compute: expected an open native BLAS, got one that was disposed of");
  },
});

/** The first of three functions that computes wrongly: integers of another width, a broken kernel. */
function firstFault(f: Functions): string | undefined {
  const a = Float64Array.of(4, 2, 2, 5), c = new Float64Array(4), n = Int32Array.of(2), info = new Int32Array(1);
  if (f.cblas_ddot(4, a, 1, a, 1) !== 49) return "ddot";
  f.cblas_dgemm(101, 111, 112, 2, 2, 2, 1, a, 2, a, 2, 0, c, 2);
  if (c.join() !== "20,18,18,29") return "dgemm";
  f.dpotrf_(Uint8Array.of(85), n, a, n, info, 1n);
  return a.join() !== "2,2,1,2" || info[0] !== 0 ? "dpotrf" : undefined;
}
