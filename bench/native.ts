/**
 * Linear algebra by the system's BLAS and LAPACK side by side with NumPy and SciPy, which use the same library: in one thread
 * both.
 *
 * All check their input and, but for what is told to write into `out`, allocate their results. Ratios are to the first of
 * each line.
 *
 * Run: `deno run -A bench/native.ts`
 *
 * @module
 */
import { openNative } from "../kernels/native/mod.ts";
import { fillNormal, type Matrix, rng, type Vector } from "../lib/core/mod.ts";
import {
  add,
  cholesky,
  eigh,
  identity,
  inv,
  ldlt,
  lstsq,
  lu,
  matmul,
  matrix,
  matvec,
  qr,
  rowRange,
  scale,
  solve,
  svd,
  transpose,
} from "../lib/linalg/mod.ts";
import { Goals, Peer, sideBySide } from "./side_by_side.ts";

using native = await openNative({ threads: 1 });
console.log(native.variant);
const random = rng(1), peer = new Peer("linalg.py"), goals = new Goals();
const vector = (n: number): Vector => fillNormal(random, new Float64Array(n));
const general = (n: number): Matrix => matrix(n, n, vector(n * n));

/** Some problems of order n, each under the name of the peer's operation. */
function problems(n: number): Record<string, () => unknown> {
  const A = general(n), B = general(n), S = add(A, transpose(A)), b = vector(n), x = vector(n), C = matrix(n, n);
  const D = add(matmul(A, transpose(A)), scale(identity(n), n)), y = vector(n), z = vector(n);
  const tall = transpose(rowRange(B, 0, n / 2));
  let sum = 0;
  return {
    dot: () => sum += native.vectors.dot(x, y),
    "matvec into": () => matvec(A, x, z),
    matmul: () => matmul(A, B),
    "matmul into": () => matmul(A, B, C),
    solve: () => solve(A, b),
    "solve definite": () => solve(D, b),
    cholesky: () => cholesky(D),
    lu: () => lu(A),
    ldlt: () => ldlt(S),
    inv: () => inv(A),
    lstsq: () => lstsq(tall, b),
    qr: () => {
      const { Q, R } = qr(A);
      return [Q, R];
    },
    eigh: () => eigh(S),
    svd: () => svd(A),
  };
}

// @must openNative: products, solve, cholesky, qr, eigh and svd of order 256 to 1024 at least 0.9 of SciPy's speed
// @measured reached: 0.99 to 1.02, 1.05 to 1.40, 1.5 to 2.0, 1.2 to 1.5, 1.02 to 1.07 and 1.10 to 1.21 of it by one thread; products
//   that allocate their result 0.82 to 0.94
// @must openNative: five times as fast as NumPy up to order 16
// @measured not reached: dot and products with a vector are 9 times as fast at order 16; products, solve and cholesky 6.3, 9.6
//   and 7 times at order 4, 5.5, 6.2 and 5.2 times at order 8, but 3.0, 2.9 and 2.3 times at order 16, where the library itself
//   takes a third of NumPy's time
/** Those that must be as fast as SciPy's, which differ in nothing but the language around the library. */
const equal = ["matmul into", "solve", "cholesky", "qr", "eigh", "svd"];
/** Those that must be five times as fast on small matrices, where the call is what counts. */
const quick = ["dot", "matvec into", "matmul into", "solve", "cholesky"];

for (const n of [4, 8, 16, 64, 256, 512, 1024]) {
  for (const [operation, ours] of Object.entries(problems(n))) {
    const { ours: { ratio } } = await sideBySide(peer, `${operation} ${n}`, { SciPy: { operation, n }, ours });
    if (n >= 256 && equal.includes(operation)) goals.note(`${operation} ${n} to SciPy`, ratio, 1 / 0.9);
    if (n <= 16 && quick.includes(operation)) goals.note(`${operation} ${n} to NumPy`, ratio, 1 / 5);
  }
}

await peer.close();
console.log(String(goals));
