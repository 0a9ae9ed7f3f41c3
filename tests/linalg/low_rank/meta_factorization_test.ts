// Meta-factorization and its cases: exact for the rank they are made for, near the best otherwise.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, fillNormal, type Matrix, rng, ShapeError } from "../../../lib/core/mod.ts";
import {
  cur,
  diagonal,
  generalizedNystrom,
  matmul,
  matrix,
  metaFactor,
  type MetaFactorization,
  norm,
  pinv,
  pinvOfFactors,
  qr,
  reconstruct,
  replaceFactor,
  row,
  scale,
  subtract,
  svd,
  transpose,
  utv,
} from "../../../lib/linalg/mod.ts";
import { eps, orthogonality } from "../backward_error.ts";

function normal(rows: number, columns: number, seed: number): Matrix {
  return { rows, columns, data: fillNormal(rng(seed), new Float64Array(rows * columns)) };
}

const ofRank = (m: number, n: number, k: number, seed: number): Matrix =>
  matmul(normal(m, k, seed), normal(k, n, seed + 500));
const distance = (A: Matrix, M: MetaFactorization): number => norm(subtract(A, reconstruct(M))) / norm(A);

/** The first k columns. */
const firstColumns = (A: Matrix, k: number): Matrix => {
  const At = transpose(A);
  return transpose({ rows: k, columns: At.columns, data: At.data.slice(0, k * At.columns) });
};

// @must metaFactor, cur, generalizedNystrom, utv: a matrix of rank k is reconstructed to 1e-12 in every case
// @measured reached: svd 7e-16, projections 2e-13, oblique 4e-13, UTV 3e-13, CUR 3e-14 and 2e-14, Nyström 4e-14
Deno.test("metaFactor(), utv(), cur(), generalizedNystrom() reconstruct a matrix of rank k", () => {
  const errors: Record<string, number> = {};
  const see = (name: string, error: number): void => void (errors[name] = Math.max(errors[name] ?? 0, error));
  for (const [m, n, k, seed] of [[30, 20, 5, 1], [20, 30, 7, 2], [12, 12, 12, 3], [9, 4, 1, 4]]) {
    const A = ofRank(m, n, k, seed), { U, V } = svd(A), bases = [firstColumns(U, k), firstColumns(V, k)];
    const [F, H] = [matmul(A, normal(n, k, 50)), matmul(transpose(A), normal(m, k, 60))]; // any bases
    const meta = metaFactor(A, F, H), oblique = metaFactor(A, F, H, { B: normal(m, k, 70), D: normal(n, k, 80) });
    see("svd", distance(A, metaFactor(A, bases[0], bases[1])));
    see("projection", distance(A, meta));
    see("oblique", distance(A, oblique));
    see("utv", distance(A, utv(meta)));
    see("cur", distance(A, cur(A, k)));
    see("intersection", distance(A, cur(A, k, { core: "intersection" })));
    see("nystrom", distance(A, generalizedNystrom(A, k)));
    if (k < Math.min(m, n)) see("nystrom of more", distance(A, generalizedNystrom(A, Math.min(k + 3, m, n))));
  }
  for (const [name, error] of Object.entries(errors)) assert(error < 1e-12, `${name}: ${error}`);
});

// @must metaFactor: the core does not depend on W, to 1e-12
// @measured reached: 5e-15 and 3e-16
Deno.test("metaFactor() does not depend on W", () => {
  const A = normal(15, 11, 1),
    F = normal(15, 4, 2),
    H = normal(11, 4, 3),
    options = { B: normal(15, 4, 4), D: normal(11, 4, 5) };
  for (const mixing of [{}, options]) {
    const without = metaFactor(A, F, H, mixing), { G } = metaFactor(A, F, H, { ...mixing, W: normal(4, 4, 6) });
    const error = norm(subtract(G, without.G)) / norm(without.G);
    assert(error < 1e-12, `${error}`);
  }
});

Deno.test("metaFactor() projects: with F = B, H = D no core is better", () => {
  const A = normal(15, 11, 1), F = normal(15, 4, 2), H = normal(11, 4, 3), best = metaFactor(A, F, H);
  for (let seed = 0; seed < 10; seed++) {
    const other = { ...best, G: subtract(best.G, scale(normal(4, 4, seed), 1e-3)) };
    assert(distance(A, other) > distance(A, best));
  }
});

Deno.test("utv() has orthonormal outer factors and a triangle whose diagonal falls", () => {
  const A = ofRank(20, 14, 6, 9), { F: U, G: T, H: V } = utv(cur(A, 6));
  assert(orthogonality(U) < 100 * eps && orthogonality(V) < 100 * eps);
  for (let i = 0; i < 6; i++) {
    for (let j = 0; j < i; j++) assertEquals(T.data[6 * i + j], 0);
    if (i > 0) assert(Math.abs(T.data[7 * i]) <= Math.abs(T.data[7 * (i - 1)]) * (1 + 1e-12));
  }
});

// @must generalizedNystrom: Gaussian sketches of k + 5 columns: error at most 3 √n σ_{k+1} on decaying spectra
// @measured reached: at most 0.75 √n σ_{k+1}, three spectra, k = 5, 10, 20, 10 seeds each; CUR of k columns 0.48
Deno.test("generalizedNystrom(), cur() come near the best approximation", () => {
  const n = 60, left = qr(normal(n, n, 1)).Q, right = qr(normal(n, n, 2)).Q;
  let nystrom = 0, skeleton = 0;
  const spectra: ((k: number) => number)[] = [(k) => 0.7 ** k, (k) => 1 / (1 + k) ** 2, (k) => 10 ** (-k / 3)];
  for (const spectrum of spectra) {
    const A = matmul(matmul(left, diagonal(Float64Array.from({ length: n }, (_, k) => spectrum(k)))), transpose(right));
    for (const k of [5, 10, 20]) {
      const limit = Math.sqrt(n) * spectrum(k);
      for (let seed = 0; seed < 10; seed++) {
        const error = subtract(A, reconstruct(generalizedNystrom(A, k + 5, { generator: rng(seed) })));
        nystrom = Math.max(nystrom, svd(error).S[0] / limit);
      }
      skeleton = Math.max(skeleton, svd(subtract(A, reconstruct(cur(A, k)))).S[0] / limit);
    }
  }
  assert(nystrom <= 3 && skeleton <= 3, `${nystrom} ${skeleton}`);
});

// @must pinvOfFactors: the four equations of Penrose to 1e-10
// @measured reached: 2e-14, from CUR factors
Deno.test("pinvOfFactors() satisfies Penrose's equations and equals pinv()", () => {
  let worst = 0;
  for (const [m, n, k] of [[12, 9, 4], [9, 12, 4], [6, 6, 6]]) {
    const A = ofRank(m, n, k, m), P = pinvOfFactors(cur(A, k)), AP = matmul(A, P), PA = matmul(P, A);
    const equations = [
      norm(subtract(matmul(AP, A), A)) / norm(A),
      norm(subtract(matmul(PA, P), P)) / norm(P),
      norm(subtract(AP, transpose(AP))),
      norm(subtract(PA, transpose(PA))),
    ];
    worst = Math.max(worst, ...equations);
    assert(norm(subtract(P, pinv(A, { tolerance: 1e-12 }))) < 1e-10 * norm(P));
  }
  assert(worst < 1e-10, `${worst}`);
});

// @must replaceFactor: in the resistor network with edges 12, 23, 13, 34, 45, 35 of conductances 2, 1, 3, 1, 4, 2 the tree
//   {13, 23, 35, 45} replaces {12, 23, 34, 45} with a criterion of about 1e-14; {12, 23, 13, 45}, which is not connected,
//   is refused with criterion √390/6 and residual √105/3
// @measured reached: criterion 2.8e-15 and residual 6e-16 for the tree, √390/6 and √105/3 to 1e-13 for the other
Deno.test("replaceFactor() accepts spanning trees of a resistor network and no others", () => {
  const edges: [number, number, number][] = [[1, 2, 2], [2, 3, 1], [1, 3, 3], [3, 4, 1], [4, 5, 4], [3, 5, 2]];
  const incidence = (which: readonly (readonly number[])[]): Matrix => {
    const E = matrix(5, which.length);
    which.forEach(([a, b], j) => {
      E.data[(a - 1) * which.length + j] = 1;
      E.data[(b - 1) * which.length + j] = -1;
    });
    return E;
  };
  const E = incidence(edges), laplacian = matmul(matmul(E, diagonal(edges.map(([, , w]) => w))), transpose(E));
  const tree = incidence([[1, 2], [2, 3], [3, 4], [4, 5]]), factors = metaFactor(laplacian, tree, tree);
  const other = replaceFactor(factors, incidence([[1, 3], [2, 3], [3, 5], [4, 5]]));
  assert(other.accepted && other.criterion < 1e-13 && distance(laplacian, other.factorization) < 1e-14);
  const split = replaceFactor(factors, incidence([[1, 2], [2, 3], [1, 3], [4, 5]]));
  assert(!split.accepted);
  assertAlmostEquals(split.criterion, Math.sqrt(390) / 6, 1e-13);
  assertAlmostEquals(norm(subtract(laplacian, reconstruct(split.factorization))), Math.sqrt(105) / 3, 1e-13);
});

Deno.test("cur() takes columns and rows of the matrix itself", () => {
  const A = ofRank(8, 10, 3, 1), { F, H, rows, columns } = cur(A, 3);
  columns.forEach((j, k) => assertEquals([...row(transpose(F), k)], [...row(transpose(A), j)]));
  rows.forEach((i, k) => assertEquals([...row(transpose(H), k)], [...row(A, i)]));
});

Deno.test("generalizedNystrom() finds a rank below k, and nothing in a matrix of zeros", () => {
  assertEquals(generalizedNystrom(ofRank(20, 15, 4, 1), 10).F.columns, 4);
  const nothing = generalizedNystrom(matrix(4, 3), 2);
  assertEquals(norm(reconstruct(nothing)), 0);
});

// @must metaFactor, cur, generalizedNystrom: k > min(m, n) is refused, and a singular FᵀB, with its condition number
// @measured reached: DomainErrors and ShapeErrors
Deno.test("meta-factorizations refuse what cannot be", () => {
  const A = normal(4, 6, 1), F = normal(4, 2, 2), H = normal(6, 2, 3);
  for (const k of [0, 5, 1.5, NaN]) {
    assertThrows(() => cur(A, k), DomainError, "shorter side of 4 x 6");
    assertThrows(() => generalizedNystrom(A, k), DomainError, "shorter side of 4 x 6");
  }
  assertThrows(() => metaFactor(A, normal(4, 5, 2), normal(6, 5, 3)), ShapeError, "F of 4 rows");
  assertThrows(() => metaFactor(A, F, normal(5, 2, 3)), ShapeError, "H of 6 rows");
  const singular = matrix([[1, 2], [2, 4], [3, 6], [4, 8]]);
  assertThrows(() => metaFactor(A, singular, H), DomainError, "condition number");
  assertThrows(() => metaFactor(A, F, H, { B: singular }), DomainError, "FᵀB with an inverse");
  assertThrows(() => metaFactor(A, F, H, { W: matrix(3, 3) }), ShapeError, "W of 2 rows");
  assertThrows(() => metaFactor(matrix([[NaN]]), matrix([[1]]), matrix([[1]])), DomainError, "finite");
});
