/**
 * Eigenvalues, singular values, matrix functions and transforms side by side with NumPy, SciPy and ml-matrix.
 *
 * All check their input and allocate their results. Ratios are to the first of each line.
 *
 * Run: `deno run -A bench/eigen.ts`
 *
 * @module
 */
import { EigenvalueDecomposition, Matrix as MlMatrix, SVD } from "npm:ml-matrix@6.15.1";
import { fillNormal, type Matrix, rng, type Vector } from "../lib/core/mod.ts";
import {
  add,
  complexVector,
  dct,
  eig,
  eigh,
  eigvals,
  eigvalsh,
  expm,
  fft,
  hessenberg,
  identity,
  logm,
  matmul,
  matrix,
  rfft,
  scale,
  schur,
  sqrtm,
  svd,
  svdvals,
  toArray,
  transpose,
} from "../lib/linalg/mod.ts";
import { type Contender, Goals, Peer, sideBySide } from "./side_by_side.ts";

const random = rng(1), peer = new Peer("eigen.py"), goals = new Goals();
const vector = (n: number): Vector => fillNormal(random, new Float64Array(n));
const general = (n: number): Matrix => matrix(n, n, vector(n * n));
const symmetric = (n: number): Matrix => {
  const A = general(n);
  return add(A, transpose(A));
};
const definite = (n: number): Matrix => {
  const A = general(n);
  return add(scale(matmul(A, transpose(A)), 1 / n), identity(n));
};
const shifted = (n: number): Matrix => add(general(n), scale(identity(n), 3 * Math.sqrt(n)));

// @must eigh, svd: n = 256 at least 1/2.5 of the speed of NumPy, and twice that of ml-matrix
// @measured reached: 1/1.5 to 1/2.0 and 3.0 times, 1/1.2 to 1/1.7 and 3.7 times
/** With the peer's operation of the same name. */
async function race(n: number, operation: string, ours: () => unknown, theirs?: () => unknown): Promise<void> {
  const contenders: Record<string, Contender> = { SciPy: { operation, n }, ours };
  if (theirs) contenders["ml-matrix"] = theirs;
  const t = await sideBySide(peer, `${operation} ${n}`, contenders);
  if (n !== 256 || operation !== "eigh" && operation !== "svd") return;
  goals.note(`${operation} ${n} to NumPy`, t.ours.ratio, 2.5);
  goals.note(`${operation} ${n} to ml-matrix`, t.ours.ratio / t["ml-matrix"].ratio, 1 / 2);
}

for (const n of [16, 64, 256, 512]) {
  const A = general(n), S = symmetric(n), D = definite(n), B = shifted(n);
  const M = new MlMatrix(toArray(A)), N = new MlMatrix(toArray(S)), small = n <= 256;
  await race(
    n,
    "eigh",
    () => eigh(S),
    small ? () => new EigenvalueDecomposition(N, { assumeSymmetric: true }) : undefined,
  );
  await race(n, "eigvalsh", () => eigvalsh(S));
  await race(n, "eigh-pair", () => eigh(S, D));
  await race(n, "svd", () => svd(A), small ? () => new SVD(M) : undefined);
  await race(n, "svdvals", () => svdvals(A));
  await race(n, "hessenberg", () => hessenberg(A));
  if (n > 256) continue;
  await race(n, "schur", () => schur(A));
  await race(n, "eig", () => eig(A), () => new EigenvalueDecomposition(M));
  await race(n, "eigvals", () => eigvals(A));
  await race(n, "expm", () => expm(A));
  await race(n, "sqrtm", () => sqrtm(B));
  await race(n, "logm", () => logm(B));
}

for (const n of [64, 1000, 1024, 1009, 65536, 100_000]) {
  const x = vector(n), z = complexVector(x, vector(n));
  await race(n, "fft", () => fft(z));
  await race(n, "rfft", () => rfft(x));
  await race(n, "dct", () => dct(x));
}

await peer.close();
console.log(String(goals));
