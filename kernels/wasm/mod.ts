/**
 * Compute kernels: dense linear algebra on 64-bit floats in WebAssembly, two numbers to a register.
 *
 * The sources are in `assembly/`; `deno run -A kernels/wasm/build.ts` makes `binary.ts` of them. There are two builds
 * of the same code: `fused` uses the fused multiply-add of relaxed SIMD (`a b + c` rounded once, on processors that
 * have it), `plain` rounds twice and gives the same bits on every machine. An engine without SIMD takes neither.
 *
 * A kernel works on the memory of its instance. Matrices are row-major; addresses and pitches (the distance between two
 * rows) are in bytes. Kernels may read up to 40 bytes past the end of a matrix, never write there.
 *
 * @module
 */
import { fused, plain } from "./binary.ts";
export { Arena, type Place } from "./arena.ts";

/** The builds. */
export type Variant = "fused" | "plain";

/** A half of a square matrix, or all of it. */
export const parts = { full: 0, lower: 1, upper: 2 } as const;

/** Booleans are numbers here, as WebAssembly takes them. */
export type Flag = 0 | 1;

/** The kernels of one instance. */
export interface Kernels {
  /** The first address that is free for matrices; below it is work space. */
  arenaStart(): number;
  /** `a b + c` as the kernels compute it. */
  multiplyAdd(a: number, b: number, c: number): number;
  /** `Σ xᵢ yᵢ`. */
  dot(n: number, x: number, y: number): number;
  /** `y ← a x + y`. */
  axpy(n: number, a: number, x: number, y: number): void;
  /** `y ← α A x + β y`, A m x n. */
  gemv(m: number, n: number, alpha: number, a: number, lda: number, x: number, beta: number, y: number): void;
  /** `y ← α Aᵀ x + β y`, A m x n. */
  gemvTransposed(m: number, n: number, alpha: number, a: number, lda: number, x: number, beta: number, y: number): void;
  /** `y ← α A x + y` for a symmetric A of order n of which the lower triangle is read, once. */
  symv(n: number, alpha: number, a: number, lda: number, x: number, y: number): void;
  /** `A ← A + α x yᵀ`, A m x n. */
  ger(m: number, n: number, alpha: number, x: number, y: number, a: number, lda: number): void;
  /** `C ← α op(A) op(B) + β C`, op(A) m x k, op(B) k x n, for one of the `parts` of C. */
  multiply(
    part: number,
    transposeA: Flag,
    transposeB: Flag,
    m: number,
    n: number,
    k: number,
    alpha: number,
    a: number,
    lda: number,
    b: number,
    ldb: number,
    beta: number,
    c: number,
    ldc: number,
  ): void;
  /** `B ← op(T)⁻¹ B` (solve) or `op(T) B`; T is m x m and triangular, B m x n. */
  fromLeft(
    solve: Flag,
    lower: Flag,
    transpose: Flag,
    unit: Flag,
    m: number,
    n: number,
    t: number,
    ldt: number,
    b: number,
    ldb: number,
  ): void;
  /** `B ← B op(T)⁻¹` (solve) or `B op(T)`; T is n x n and triangular, B m x n. */
  fromRight(
    solve: Flag,
    lower: Flag,
    transpose: Flag,
    unit: Flag,
    m: number,
    n: number,
    t: number,
    ldt: number,
    b: number,
    ldb: number,
  ): void;
  /** `A = L Lᵀ` over the lower triangle; 0, or the order of the first leading minor that is not positive. */
  cholesky(n: number, a: number, lda: number): number;
  /** `P A = L U` over A; pivots are i32; 0, or 1 + the index of the first zero pivot. */
  lu(m: number, n: number, a: number, lda: number, pivots: number): number;
  /** Exchanges row k with row pivots[k], k = 0, 1, … */
  swapRows(count: number, n: number, a: number, lda: number, pivots: number): void;
  /** Undoes `swapRows`. */
  unswapRows(count: number, n: number, a: number, lda: number, pivots: number): void;
  /** Bytes of work space for the functions below: reflectors of m entries on n columns (or, from the right, rows). */
  qrWork(m: number, n: number): number;
  /** `A = Q R` over A, and the factors τ of the reflectors. */
  qr(m: number, n: number, a: number, lda: number, tau: number, work: number): void;
  /** `C ← op(Q) C` (left, C m x n) or `C op(Q)` (C n x m) for the p reflectors in A. */
  applyQ(
    left: Flag,
    transpose: Flag,
    m: number,
    n: number,
    p: number,
    a: number,
    lda: number,
    tau: number,
    c: number,
    ldc: number,
    work: number,
  ): void;
  /** The first n columns of Q, m x n, p <= n <= m. */
  formQ(
    m: number,
    n: number,
    p: number,
    a: number,
    lda: number,
    tau: number,
    c: number,
    ldc: number,
    work: number,
  ): void;
  /** `y ← A x` for a sparse A of m rows: row starts and column indices are u32. */
  sparseProduct(m: number, starts: number, indices: number, values: number, x: number, y: number): void;
  /** `x ← Aᵀ y` for a sparse A of m rows and n columns. */
  sparseProductTransposed(
    m: number,
    n: number,
    starts: number,
    indices: number,
    values: number,
    y: number,
    x: number,
  ): void;
  /** The two-loop recursion of L-BFGS, `q ← H q`; see `assembly/two_loop.ts`. */
  twoLoop(
    n: number,
    places: number,
    count: number,
    newest: number,
    scale: number,
    s: number,
    y: number,
    pitch: number,
    rho: number,
    alpha: number,
    q: number,
  ): void;
}

const compiled = new Map<Variant, WebAssembly.Module | undefined>();

/** The build, compiled on first use; undefined if the engine does not take it. */
function moduleOf(variant: Variant): WebAssembly.Module | undefined {
  if (!compiled.has(variant)) compiled.set(variant, compile(variant === "fused" ? fused : plain));
  return compiled.get(variant);
}

function compile(base64: string): WebAssembly.Module | undefined {
  const bytes = decode(base64);
  return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : undefined;
}

/** Newer engines decode by themselves, in a tenth of the time. */
function decode(base64: string): BufferSource {
  const engine = Uint8Array as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> };
  return engine.fromBase64?.(base64) ?? Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** Whether the engine runs the build. */
export function runs(variant: Variant): boolean {
  return moduleOf(variant) !== undefined;
}

/**
 * An instance of a build on a memory of its own.
 *
 * @throws {RangeError} If the engine does not run the build, or has no such memory.
 */
export function instantiate(variant: Variant, memory: WebAssembly.Memory): Kernels {
  const module = moduleOf(variant);
  if (!module) throw new RangeError(`Cannot start the kernels: this engine does not run the build "${variant}"`);
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
}
