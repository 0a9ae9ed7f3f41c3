// Sparse Jacobians and Hessians against dense ones; patterns, colors, refusals.
import { assert, assertEquals, assertThrows } from "@std/assert";
import { integer, rng, ShapeError, type SparseMatrix, sparseMatrix } from "../../lib/core/mod.ts";
import * as ad from "../../lib/autodiff/mod.ts";
import type { Operand } from "../../lib/autodiff/mod.ts";
import { starColors } from "../../lib/autodiff/sparse/coloring.ts";
import { assertClose, entries } from "./laws.ts";
import { filled } from "./samples.ts";

const vector = (n: number, low = -1, high = 1): Float64Array => filled([n], low, high) as Float64Array;

function dense({ rows, columns, rowStarts, columnIndices, values }: SparseMatrix): Float64Array {
  const data = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) data[i * columns + columnIndices[k]] += values[k];
  }
  return data;
}

/** A symmetric pattern of a random graph with a diagonal, as neighbours of each vertex. */
function randomGraph(n: number, edges: number, seed: number): number[][] {
  const generator = rng(seed), sets = Array.from({ length: n }, (_, i) => new Set([i]));
  for (let k = 0; k < edges; k++) {
    const i = integer(generator, n), j = integer(generator, n);
    sets[i].add(j);
    sets[j].add(i);
  }
  return sets.map((set) => [...set].sort((a, b) => a - b));
}

/** `Σ sin(xᵢ xⱼ)` over the edges. */
function overEdges(graph: readonly number[][]): (x: Operand) => Operand {
  const pairs = graph.flatMap((row, i) => row.filter((j) => j >= i).map((j) => [i, j]));
  const [first, second] = [0, 1].map((k) => Float64Array.from(pairs, (pair) => pair[k]));
  return (x) => ad.sum(ad.sin(ad.multiply(ad.gather(x, first), ad.gather(x, second))));
}

// @must sparseHessian: equals the dense Hessian, with fewer products than columns; the pattern is that of the graph
// @measured reached: 20 random graphs of 40 vertices and 60 edges: to 1e-14, 6 to 8 colors; a chain of 2000 has 3
Deno.test("sparseHessian() is the dense Hessian, from one product for each color", () => {
  for (let seed = 0; seed < 20; seed++) {
    const graph = randomGraph(40, 60, seed), f = overEdges(graph), x = vector(40), sparse = sparseOf(f, x);
    assertClose([dense(sparse.at(x))], [entries(ad.hessian(f)(x))], 1e-14, `graph ${seed}`);
    assertEquals([...sparse.pattern.columnIndices], graph.flat());
    assert(sparse.colors <= 10, `${sparse.colors} colors`);
    const given = ad.sparseHessian(f, x, { pattern: sparse.pattern });
    assertEquals(given.at(x).values, sparse.at(x).values);
  }
  const chain = (x: Operand): Operand => ad.sum(ad.square(ad.subtract(ad.slice(x, 1), ad.square(ad.slice(x, 0, -1)))));
  assertEquals(ad.sparseHessian(chain, new Float64Array(2000)).colors, 3);
});

function sparseOf(f: (x: Operand) => Operand, x: Float64Array): ad.SparseDerivative {
  const sparse = ad.sparseHessian(f, vector(x.length));
  assertEquals(sparse.at(x).values, sparse.at(x).values);
  return sparse;
}

Deno.test("starColors() leaves neighbours apart and no path of four in two colors", () => {
  for (let seed = 0; seed < 30; seed++) {
    const graph = randomGraph(25, 40, seed + 100), colors = starColors(graph);
    graph.forEach((row, v) => {
      for (const w of row) {
        if (w === v) continue;
        assert(colors[v] !== colors[w], "neighbours");
        for (const x of graph[w]) {
          if (x === v || x === w || colors[x] !== colors[v]) continue;
          for (const y of graph[x]) assert(y === w || y === x || y === v || colors[y] !== colors[w], "path of four");
        }
      }
    });
  }
});

// @must sparseJacobian: equals the dense Jacobian whatever primitives the program is made of, forward or reverse by colors
// @measured reached: 12 functions, to 1e-14; an arrow with a full row takes 2 pullbacks instead of as many pushforwards as columns
Deno.test("sparseJacobian() is the dense Jacobian, and its pattern has no entry too few", () => {
  const matrix = sparseMatrix({
    rows: 3,
    columns: 6,
    rowStarts: Uint32Array.of(0, 2, 3, 4),
    columnIndices: Uint32Array.of(0, 3, 5, 2),
    values: Float64Array.of(1, 2, 3, 4),
  });
  const band = { rows: 2, columns: 6, data: Float64Array.of(1, 0, 2, 0, 0, 0, 0, 3, 0, 0, 4, 0) };
  const pairs = (x: Operand): Operand => ad.reshape(x, [3, 2]), flat = (x: Operand): Operand => ad.reshape(x, [-1]);
  const left = filled([2, 3]), right = filled([2, 2]);
  const functions: Record<string, [(x: Operand) => Operand, number]> = {
    elementwise: [(x) => ad.multiply(x, ad.exp(x)), 6],
    window: [(x) => ad.concatenate([ad.slice(x, 1), ad.pad(ad.square(ad.slice(x, 0, 2)), [1], [1])]), 7],
    sparse: [(x) => ad.sparseMatmul(matrix, ad.sin(x)), 4],
    constant: [(x) => ad.matmul(band, ad.square(x)), 4],
    sums: [(x) => ad.sum(ad.square(pairs(x)), { axes: 1 }), 6],
    transposed: [(x) => flat(ad.transpose(ad.square(pairs(x)))), 6],
    rows: [(x) => flat(ad.matmul(pairs(x), right)), 12],
    columns: [(x) => flat(ad.matmul(left, pairs(ad.sin(x)))), 12],
    indices: [(x) => ad.gather(ad.square(x), Float64Array.of(5, 0, 0)), 3],
    scattered: [(x) => ad.scatterAdd(ad.slice(x, 0, 2), Float64Array.of(0, 1, 0, 0), ad.slice(x, 2)), 6],
    full: [(x) => ad.softmax(x), 36],
    cumulative: [(x) => flat(ad.cumulativeSum(pairs(ad.sin(x)), { axis: 1 })), 12],
  };
  for (const [name, [f, count]] of Object.entries(functions)) {
    const x = vector(6), sparse = ad.sparseJacobian(f, x);
    assertClose([dense(sparse.at(x))], [entries(ad.jacobian(f)(x))], 1e-14, name);
    assertEquals(sparse.pattern.columnIndices.length, count, name);
  }
  const arrow = (x: Operand): Operand => ad.concatenate([ad.reshape(ad.sum(ad.square(x)), [1]), ad.square(x)]);
  assertEquals(ad.sparseJacobian(arrow, vector(50)).colors, 2);
  const y = vector(5);
  assertClose([dense(ad.sparseJacobian(arrow, y).at(y))], [entries(ad.jacobian(arrow)(y))], 1e-15, "arrow");
});

Deno.test("a rule of a function counts, not the function, in the pattern of its derivative", () => {
  const f = ad.customRule((x: Operand): Operand => x, { jvp: (_, [v]) => ad.broadcastTo(ad.sum(v), [4]) });
  assertEquals([...ad.sparseJacobian(f, vector(4)).at(vector(4)).values], new Array(16).fill(1));
});

Deno.test("sparse derivatives refuse what they cannot compute", () => {
  const x = vector(3), f = (y: Operand): Operand => ad.sum(ad.square(y));
  assertThrows(() => ad.sparseHessian(f, x).at(vector(4)), ShapeError, "expected 3 entries");
  assertThrows(() => ad.sparseJacobian(f, x), ad.TraceError, "one vector");
  assertThrows(() => ad.sparseHessian((y) => ad.square(y), x), ad.TraceError, "scalar");
  const upper = { rowStarts: Uint32Array.of(0, 2, 3, 4), columnIndices: Uint32Array.of(0, 1, 1, 2) };
  assertThrows(() => ad.sparseHessian(f, x, { pattern: upper }), ShapeError, "symmetric");
  const descending = { rowStarts: Uint32Array.of(0, 2, 2, 2), columnIndices: Uint32Array.of(1, 0) };
  assertThrows(() => ad.sparseHessian(f, x, { pattern: descending }), ShapeError, "ascending");
});
