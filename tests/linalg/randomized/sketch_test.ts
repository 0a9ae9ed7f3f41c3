import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, dot, type Matrix, norm2, rng, ShapeError, sparseMatrix } from "../../../lib/core/mod.ts";
import {
  column,
  countSketch,
  gaussianSketch,
  matmul,
  matrix,
  qr,
  rowSketch,
  type SketchMaker,
  sketchRows,
  sparseSign,
  srht,
  svdvals,
  transpose,
} from "../../../lib/linalg/mod.ts";
import { filled, numbers, random } from "../families.ts";

const makers: Readonly<Record<string, SketchMaker>> = {
  gaussianSketch,
  srht,
  countSketch,
  sparseSign,
  rowSketch,
  "rowSketch, distinct": (s, n, generator) => rowSketch(s, n, generator, { distinct: true }),
  "rowSketch by weights": (s, n, generator) =>
    rowSketch(s, n, generator, { weights: Array.from({ length: n }, (_, i) => 1 + i % 3) }),
};
const entriesOf = (S: { rows: number; columns: number; apply(x: Float64Array, out: Float64Array): void }): Matrix => {
  const out = new Float64Array(S.rows), e = new Float64Array(S.columns), made = matrix(S.rows, S.columns);
  for (let j = 0; j < S.columns; j++) {
    e.fill(0)[j] = 1;
    S.apply(e, out);
    for (let i = 0; i < S.rows; i++) made.data[i * S.columns + j] = out[i];
  }
  return made;
};

// @must sketchRows: the product S A for dense and for sparse A, the adjoint, for every kind of sketch
// @measured reached: seven kinds, to 1e-14
Deno.test("sketchRows() is the product with a sketch, column by column, and applyTranspose() is the adjoint", () => {
  const next = numbers(1), n = 21, d = 4, s = 7;
  const A = filled(n, d, (i, j) => (i + j) % 3 === 0 ? next() : 0);
  const entries: [number, number, number][] = [];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) if (A.data[i * d + j]) entries.push([i, j, A.data[i * d + j]]);
  }
  const rowStarts = new Uint32Array(n + 1);
  for (const [i] of entries) for (let k = i + 1; k <= n; k++) rowStarts[k]++;
  const sparse = sparseMatrix({
    rows: n,
    columns: d,
    rowStarts,
    columnIndices: Uint32Array.from(entries, ([, j]) => j),
    values: Float64Array.from(entries, ([, , a]) => a),
  });
  for (const [name, make] of Object.entries(makers)) {
    const S = make(s, n, rng(3)), expected = matmul(entriesOf(S), A);
    for (const product of [sketchRows(S, A), sketchRows(S, sparse), sketchRows(S, A, matrix(s, d, expected.data))]) {
      product.data.forEach((value, k) => assertAlmostEquals(value, expected.data[k], 1e-14, name));
    }
    const x = column(random(n, 1, next), 0), y = column(random(s, 1, next), 0);
    const Sx = new Float64Array(s), Sty = new Float64Array(n);
    S.apply(x, Sx);
    S.applyTranspose(y, Sty);
    assertAlmostEquals(dot(Sx, y), dot(x, Sty), 1e-13, name);
  }
});

// @must gaussianSketch, srht, countSketch, sparseSign, rowSketch: E SᵀS = I
// @measured reached: over 3000 draws of 6 x 11, each entry within 4.5 standard errors
Deno.test("sketches have the identity for the mean of SᵀS", () => {
  const n = 11, s = 6, draws = 3000;
  for (const [name, make] of Object.entries(makers)) {
    const generator = rng(5),
      S = make(s, n, generator),
      sum = new Float64Array(n * n),
      squares = new Float64Array(n * n);
    for (let k = 0; k < draws; k++) {
      S.redraw(generator);
      const { data } = entriesOf(S);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          let product = 0;
          for (let r = 0; r < s; r++) product += data[r * n + i] * data[r * n + j];
          sum[i * n + j] += product;
          squares[i * n + j] += product * product;
        }
      }
    }
    sum.forEach((total, k) => {
      const mean = total / draws, variance = squares[k] / draws - mean * mean;
      const limit = 4.5 * Math.sqrt(Math.max(0, variance) / draws) + 1e-12, wanted = +(k % (n + 1) === 0);
      assert(Math.abs(mean - wanted) <= limit, `${name}, entry ${k}: ${mean}`);
    });
  }
});

// @must gaussianSketch, countSketch: Var |S x|² = 2|x|⁴/s, and 2(|x|⁴ - Σ xᵢ⁴)/s
// @measured reached: over 20000 draws within 1 percent
Deno.test("gaussianSketch() and countSketch() have the variance of squared lengths that theory gives", () => {
  const x = Float64Array.of(3, -1, 2, 0.5, 0, 1), s = 4, draws = 20000, fourth = dot(x, x) ** 2;
  const quartic = x.reduce((sum, a) => sum + a ** 4, 0);
  const wanted: [string, SketchMaker, number][] = [
    ["gaussianSketch", gaussianSketch, 2 * fourth / s],
    ["countSketch", countSketch, 2 * (fourth - quartic) / s],
  ];
  for (const [name, make, variance] of wanted) {
    const generator = rng(6), S = make(s, x.length, generator), y = new Float64Array(s);
    let sum = 0, squares = 0;
    for (let k = 0; k < draws; k++) {
      S.redraw(generator);
      S.apply(x, y);
      const q = dot(y, y);
      sum += q;
      squares += q * q;
    }
    const ratio = (squares / draws - (sum / draws) ** 2) / variance;
    assertAlmostEquals(ratio, 1, 0.05, name);
  }
});

// a subspace with some coordinates of large leverage, on which uniform rows fail
const spiked = (n: number, d: number): Matrix => {
  const next = numbers(7);
  return qr(filled(n, d, (i, j) => next() + (i === 5 * j ? 40 : 0))).Q;
};

// @must gaussianSketch, srht, sparseSign: the singular values of S on a subspace of dimension d lie in 1 ± √(d/s)
// @measured reached: d = 10, s = 160 in 2000 dimensions, 20 draws: .74 to 1.28, that is 1 ± 1.12 √(d/s)
Deno.test("sketches embed subspaces with the distortion that theory gives", () => {
  const n = 2000, d = 10, s = 160, eta = Math.sqrt(d / s), Q = spiked(n, d);
  for (const [name, make] of Object.entries({ gaussianSketch, srht, sparseSign })) {
    const generator = rng(8), S = make(s, n, generator);
    let least = 1, most = 1;
    for (let k = 0; k < 20; k++) {
      S.redraw(generator);
      const values = svdvals(sketchRows(S, Q));
      least = Math.min(least, values[d - 1]);
      most = Math.max(most, values[0]);
    }
    assert(most < 1 + 1.35 * eta && least > 1 - 1.35 * eta, `${name}: ${least} to ${most}`);
    assert(most > 1 + eta / 2 && least < 1 - eta / 2, `${name}: ${least} to ${most}`);
  }
  assert(svdvals(sketchRows(rowSketch(s, n, rng(8)), Q))[d - 1] < 0.65);
});

// @must countSketch: E |QᵀSᵀS Q - I|_F² = (d² + d - 2 Σ |qᵢ|⁴)/s for orthonormal columns Q with rows qᵢ, so s of the
//   order of d²
// @measured reached: d = 6, s = 72 in 300 dimensions, 2000 draws: ratio 1.01
Deno.test("countSketch() embeds subspaces with the mean distortion that theory gives", () => {
  const n = 300, d = 6, s = 72, draws = 2000, Q = spiked(n, d), generator = rng(8), S = countSketch(s, n, generator);
  let quartic = 0, sum = 0;
  for (let i = 0; i < n; i++) quartic += norm2(Q.data.subarray(i * d, (i + 1) * d)) ** 4;
  for (let k = 0; k < draws; k++) {
    S.redraw(generator);
    const SQ = sketchRows(S, Q), gram = matmul(transpose(SQ), SQ);
    for (let i = 0; i < d; i++) gram.data[i * (d + 1)] -= 1;
    sum += norm2(gram.data) ** 2 / draws;
  }
  assertAlmostEquals(sum / ((d * d + d - 2 * quartic) / s), 1, 0.1);
});

Deno.test("redraw() gives what the generator says, whatever was drawn before", () => {
  for (const [name, make] of Object.entries(makers)) {
    const S = make(5, 13, rng(1)), first = entriesOf(S), generator = rng(2);
    S.redraw(generator);
    S.redraw(generator);
    assert(norm2(entriesOf(S).data.map((a, k) => a - first.data[k])) > 0, name);
    S.redraw(rng(1));
    assertEquals(entriesOf(S), first, name);
  }
});

Deno.test("sketches have the entries that define them", () => {
  const columnsOf = (S: Matrix): number[][] =>
    Array.from({ length: S.columns }, (_, j) => [...column(S, j)].filter((a) => a !== 0));
  for (const entries of columnsOf(entriesOf(countSketch(3, 40, rng(1))))) {
    assertEquals(entries.map(Math.abs), [1]);
  }
  for (const [s, k] of [[9, 8], [8, 8], [5, 5], [100, 8]]) {
    for (const entries of columnsOf(entriesOf(sparseSign(s, 40, rng(1))))) {
      assertEquals(entries.map(Math.abs), Array(k).fill(1 / Math.sqrt(k)));
    }
  }
  for (const rows of [3, 8]) { // distinct rows of a Hadamard matrix
    const S = entriesOf(srht(rows, 8, rng(1)));
    matmul(S, transpose(S)).data.forEach((value, k) => {
      assertAlmostEquals(value, k % (rows + 1) === 0 ? 8 / rows : 0, 1e-14);
    });
  }
  const { indices, factors } = rowSketch(1000, 2, rng(1), { weights: [1, 3] });
  indices.forEach((i, r) => assertAlmostEquals(factors[r], Math.sqrt((i ? 4 / 3 : 4) / 1000), 1e-15));
  assertAlmostEquals(indices.reduce((sum, i) => sum + i, 0), 750, 45);
});

Deno.test("sketches refuse bad input", () => {
  for (const make of Object.values({ gaussianSketch, srht, countSketch, sparseSign, rowSketch })) {
    assertThrows(() => make(0, 4, rng(1)), DomainError, "0 x 4");
    assertThrows(() => make(2, 1.5, rng(1)), DomainError, "2 x 1.5");
  }
  assertThrows(() => srht(9, 8, rng(1)), DomainError, "at most 8 rows");
  assertThrows(() => rowSketch(1, 3, rng(1), { weights: [1, 2] }), ShapeError, "3 weights");
  assertThrows(() => rowSketch(4, 3, rng(1), { distinct: true }), DomainError, "at most 3 distinct rows");
  assertThrows(() => rowSketch(1, 2, rng(1), { weights: [1, 1], distinct: true }), DomainError, "no weights");
  assertThrows(() => rowSketch(1, 2, rng(1), { weights: [0, 0] }), DomainError, "positive finite sum");
  assertThrows(() => rowSketch(1, 2, rng(1), { weights: [1, NaN] }), DomainError, "NaN at 1");
  assertThrows(() => rowSketch(1, 2, rng(1), { weights: [1, -1] }), DomainError, "-1 at 1");
  const S = countSketch(2, 3, rng(1));
  assertThrows(() => sketchRows(S, matrix(2, 2)), ShapeError, "3 rows, got 2 x 2");
  assertThrows(() => sketchRows(S, matrix(3, 2), matrix(3, 2)), ShapeError, "out of 2 x 2");
  assertThrows(() => sketchRows(S, matrix([[1], [NaN], [2]])), DomainError, "NaN");
});

Deno.test("rowSketch() takes distinct rows, each set as often as any other", () => {
  const generator = rng(5), S = rowSketch(2, 4, generator, { distinct: true }), counts = new Map<string, number>();
  for (let k = 0; k < 6000; k++) {
    S.redraw(generator);
    const set = [...S.indices].sort().join();
    counts.set(set, (counts.get(set) ?? 0) + 1);
  }
  assertEquals(counts.size, 6);
  for (const count of counts.values()) assertAlmostEquals(count, 1000, 100);
  assertEquals([...rowSketch(5, 5, rng(1), { distinct: true }).indices].sort(), [0, 1, 2, 3, 4]);
});
