/**
 * Dense linear algebra side by side with NumPy and SciPy, ml-matrix, mathjs and numeric; and how its cost grows.
 *
 * All check their input and allocate their results. Ratios are to the first of each line.
 *
 * Run: `deno run -A bench/linalg.ts`
 *
 * @module
 */
import { lusolve, matrix as mathMatrix } from "npm:mathjs@15.2.0";
import {
  CholeskyDecomposition,
  EigenvalueDecomposition,
  Matrix as MlMatrix,
  QrDecomposition,
  SVD,
} from "npm:ml-matrix@6.15.1";
import { solve as mlSolve } from "npm:ml-matrix@6.15.1";
import numeric from "npm:numeric@1.2.6";
import { dot, fillNormal, type Matrix, rng, type Vector } from "../lib/core/mod.ts";
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
  qr,
  rowRange,
  scale,
  solve,
  svd,
  toArray,
  transpose,
} from "../lib/linalg/mod.ts";
import { Goals, Peer, sideBySide } from "./side_by_side.ts";

const random = rng(1), peer = new Peer("linalg.py"), goals = new Goals();
const vector = (n: number): Vector => fillNormal(random, new Float64Array(n));
const general = (n: number): Matrix => matrix(n, n, vector(n * n));
const symmetric = (n: number): Matrix => {
  const A = general(n);
  return add(A, transpose(A));
};
const definite = (n: number): Matrix => {
  const A = general(n);
  return add(matmul(A, transpose(A)), scale(identity(n), n));
};
const ml = (A: Matrix): MlMatrix => new MlMatrix(toArray(A));

for (const n of [10, 100]) {
  const x = vector(n), y = vector(n);
  let sum = 0;
  const t = await sideBySide(peer, `dot ${n}`, { NumPy: { operation: "dot", n }, ours: () => sum += dot(x, y) });
  goals.note(`dot ${n} to NumPy`, t.ours.ratio, 1 / 5);
}

// @must solve: systems of order 3 to 16 at least five times as fast as NumPy
// @measured not reached: 11, 9.4 and 6.4 times for n = 3, 4 and 8, but 4.2 for n = 12 and 2.9 for n = 16, at 3 GFLOP/s
for (const n of [3, 4, 8, 12, 16]) {
  const A = general(n), b = vector(n), rows = toArray(A), right = [...b];
  const t = await sideBySide(peer, `solve ${n}`, {
    NumPy: { operation: "solve", n },
    ours: () => solve(A, b),
    numeric: () => numeric.solve(rows, right),
  });
  goals.note(`solve ${n} to NumPy`, t.ours.ratio, 1 / 5);
}

// @must solve: n = 512 at least 1/1.8 of NumPy's speed, and five times that of ml-matrix
// @measured reached: 1/1.66 to 1/1.79, and 5.5 times
for (const n of [64, 256, 512]) {
  const A = general(n),
    b = vector(n),
    M = ml(A),
    column = MlMatrix.columnVector([...b]),
    rows = toArray(A),
    right = [...b];
  const t = await sideBySide(peer, `solve ${n}`, {
    NumPy: { operation: "solve", n },
    ours: () => solve(A, b),
    "ml-matrix": () => mlSolve(M, column),
    numeric: () => numeric.solve(rows, right),
  });
  if (n === 64) {
    await sideBySide(peer, `solve ${n}`, { ours: () => solve(A, b), mathjs: () => lusolve(mathMatrix(rows), right) });
  }
  if (n < 512) continue;
  goals.note(`solve ${n} to NumPy`, t.ours.ratio, 1.8);
  goals.note(`solve ${n} to ml-matrix`, t.ours.ratio / t["ml-matrix"].ratio, 1 / 5);
}

// @must matmul: n = 512 at least 1/3.5 of NumPy's speed, and six times that of ml-matrix
// @measured reached: 1/3.3, and 6.4 times
for (const n of [64, 256, 512]) {
  const A = general(n), B = general(n), M = ml(A), N = ml(B);
  const t = await sideBySide(peer, `matmul ${n}`, {
    NumPy: { operation: "matmul", n },
    ours: () => matmul(A, B),
    "ml-matrix": () => M.mmul(N),
  });
  if (n < 512) continue;
  goals.note(`matmul ${n} to NumPy`, t.ours.ratio, 3.5);
  goals.note(`matmul ${n} to ml-matrix`, t.ours.ratio / t["ml-matrix"].ratio, 1 / 6);
}

// @must cholesky: n = 256 at least 1/1.5 of SciPy's speed
// @measured reached: 1/1.40; 3.6 times that of ml-matrix
{
  const n = 256, A = definite(n), M = ml(A);
  const t = await sideBySide(peer, `cholesky ${n}`, {
    SciPy: { operation: "cholesky", n },
    ours: () => cholesky(A),
    "ml-matrix": () => new CholeskyDecomposition(M),
  });
  goals.note(`cholesky ${n} to SciPy`, t.ours.ratio, 1.5);
}

// @must qr: n = 256 at least 1/2.5 of SciPy's speed, and twice that of ml-matrix
// @measured reached: 1/1.5, and 18 times
for (
  const [operation, make, ours, theirs] of [
    ["qr", general, (A) => {
      const { Q, R } = qr(A);
      return [Q, R];
    }, (M) => {
      const { orthogonalMatrix, upperTriangularMatrix } = new QrDecomposition(M);
      return [orthogonalMatrix, upperTriangularMatrix];
    }],
    ["eigh", symmetric, (A) => eigh(A), (M) => new EigenvalueDecomposition(M, { assumeSymmetric: true })],
    ["svd", general, (A) => svd(A), (M) => new SVD(M)],
  ] satisfies [string, (n: number) => Matrix, (A: Matrix) => unknown, (M: MlMatrix) => unknown][]
) {
  const n = 256, A = make(n), M = ml(A);
  const t = await sideBySide(peer, `${operation} ${n}`, {
    SciPy: { operation, n },
    ours: () => ours(A),
    "ml-matrix": () => theirs(M),
  });
  goals.note(`${operation} ${n} to SciPy`, t.ours.ratio, 2.5);
  goals.note(`${operation} ${n} to ml-matrix`, t.ours.ratio / t["ml-matrix"].ratio, 1 / 2);
}

{
  const n = 256, A = general(n), S = symmetric(n), D = definite(n), T = rowRange(transpose(A), 0, n / 2), b = vector(n);
  const tall = transpose(T);
  await sideBySide(peer, `lu ${n}`, { SciPy: { operation: "lu", n }, ours: () => lu(A) });
  await sideBySide(peer, `ldlt ${n}`, { SciPy: { operation: "ldlt", n }, ours: () => ldlt(S) });
  await sideBySide(peer, `inv ${n}`, { NumPy: { operation: "inv", n }, ours: () => inv(A) });
  await sideBySide(peer, `solve, definite, ${n}`, {
    SciPy: { operation: "solve definite", n },
    ours: () => solve(D, b),
  });
  await sideBySide(peer, `lstsq ${n} x ${n / 2}`, { NumPy: { operation: "lstsq", n }, ours: () => lstsq(tall, b) });
}

// @must lu, cholesky, ldlt, qr: time grows no faster than the cube of the order
// @measured reached: exponents 2.8, 2.7, 2.7 and 2.8 between n = 256 and 1024
/** The exponent p of `time = c n^p` between two orders. */
for (
  const [name, make, factor] of [["lu", general, lu], ["cholesky", definite, cholesky], ["ldlt", symmetric, ldlt], [
    "qr",
    general,
    qr,
  ]] as const
) {
  const orders = [256, 512, 1024], times: number[] = [];
  for (const n of orders) {
    const A = make(n), { ours } = await sideBySide(peer, `${name} ${n}`, { ours: () => factor(A) });
    times.push(ours.seconds);
  }
  const slope = Math.log2(times[2] / times[0]) / 2;
  console.log(`${name}: time grows as n^${slope.toFixed(2)}`);
  goals.note(`${name}: exponent of the time in n`, slope, 3.2);
}

// importing the entry should cost under 30 ms and no permission
const script = await Deno.makeTempFile({ suffix: ".ts" }), entry = new URL("../lib/linalg/mod.ts", import.meta.url);
await Deno.writeTextFile(
  script,
  `const begin = performance.now(); await import("${entry}"); console.log(performance.now() - begin);`,
);
const imports: number[] = [];
for (let k = 0; k < 5; k++) {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["run", "--no-prompt", script] }).output();
  imports.push(Number(new TextDecoder().decode(stdout)));
}
await Deno.remove(script);
console.log(`import: ${imports.map((t) => `${t.toFixed(1)} ms`).join(", ")}`);
goals.note("import, in units of 30 ms", imports.toSorted((a, b) => a - b)[2] / 30, 1);

await peer.close();
console.log(String(goals));
