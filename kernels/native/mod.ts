/**
 * The system's BLAS and LAPACK as a backend of linear algebra, through Deno's foreign function interface: for those who
 * allow it, by `--allow-ffi`, and have OpenBLAS (`libopenblas0` in Debian), Apple's Accelerate or another library with
 * the functions of CBLAS and LAPACK and integers of 32 bits. Arrays are passed as they are.
 *
 * @module
 */
import { DomainError } from "../../lib/core/mod.ts";
import { type Backend, backendNamed, bySize, useBackend } from "../../lib/linalg/mod.ts";
import { nativeKernels, thresholds } from "./backend.ts";
import { Library, NativeError } from "./library.ts";
import { type VectorOperations, vectorOperations } from "./products.ts";

export { NativeError, type VectorOperations };

/** Options of `openNative`. */
export interface NativeOptions {
  /** The library's file. By default the usual ones of the system are tried in turn. */
  readonly path?: string;
  /** How many threads OpenBLAS uses. By default as many as it wants, or as its own environment variables say. */
  readonly threads?: number;
}

/** An open library, in use as a backend until it is disposed of. */
export class Native implements Disposable {
  readonly #library: Library;
  readonly #use: Disposable;
  /** How many the library used before. */
  readonly #threads: number | undefined;
  #disposed = false;
  /** The backend, in use. */
  readonly backend: Backend;
  /** Operations with vectors. */
  readonly vectors: VectorOperations;

  /**
   * Puts a library in use.
   *
   * @param library The library.
   * @param threads How many threads it is to use.
   * @throws {NativeError} When it does not let its threads be counted.
   */
  constructor(library: Library, threads?: number) {
    this.#library = library;
    const { openblas_get_num_threads: count, openblas_set_num_threads: setCount } = library.functions;
    if (threads !== undefined) {
      if (!setCount || !count) {
        library.close();
        throw new NativeError(`Cannot set the number of threads: expected OpenBLAS, got ${library.path}`);
      }
      this.#threads = count();
      setCount(threads);
    }
    this.backend = bySize(nativeKernels(library), backendNamed("typescript"), thresholds);
    this.vectors = vectorOperations(library);
    this.#use = useBackend(this.backend);
  }

  /** What the library says of itself. */
  get variant(): string {
    return this.backend.variant;
  }

  /**
   * Puts the former backend in use again, and closes the library: whoever still has its backend cannot compute with it.
   */
  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#use[Symbol.dispose]();
    if (this.#threads !== undefined) this.#library.functions.openblas_set_num_threads?.(this.#threads);
    this.#library.close();
  }
}

/**
 * Opens the system's BLAS and LAPACK and makes them the backend of all linear algebra that starts then, until the
 * object returned is disposed of: as by `using`, at the end of the block. Asks for no permission that was not given.
 *
 * @throws {NativeError} When no library is found or allowed, or one does not compute, with all that was tried.
 * @throws {DomainError} When the number of threads is no positive whole number.
 *
 * @example A product by the system's library
 * ```ts ignore
 * import { matmul, matrix } from "@gradus/gradus/linalg";
 * import { openNative } from "@gradus/gradus/native";
 * import { assertEquals } from "@std/assert";
 *
 * using native = await openNative({ threads: 1 });
 * console.log(native.variant); // OpenBLAS 0.3.21, Haswell, 1 thread
 * assertEquals(matmul(matrix([[1, 2], [3, 4]]), matrix([[0, 1], [1, 0]])), matrix([[2, 1], [4, 3]]));
 * ```
 */
export async function openNative({ path, threads }: NativeOptions = {}): Promise<Native> {
  if (threads !== undefined && !(Number.isSafeInteger(threads) && threads > 0)) {
    throw new DomainError(`Cannot open a native BLAS: expected a positive whole number of threads, got ${threads}`);
  }
  return new Native(await Library.open(path), threads);
}
