/**
 * Writes the AssemblyScript source of the register tiles, the innermost loops of all level-3 kernels.
 *
 * A tile is `C ← α A B + β C` for a block C of at most 6 x 4 entries. Its 24 sums stay in 12 registers of two lanes;
 * with two for a row of B and one for an entry of A that is what 16 registers hold without spilling. The loop over k is
 * unrolled four times: neither the compiler nor the engine does it, and it is worth a seventh of the speed.
 *
 * @module
 */

const ROWS = 6, PAIRS = 2, UNROLL = 4;

const rows = Array.from({ length: ROWS }, (_, i) => i);
const sum = (i: number, j: number): string => `c${i}${j}`;
const each = (line: (i: number, j: number) => string): string[] =>
  rows.flatMap((i) => Array.from({ length: PAIRS }, (_, j) => line(i, j)));

/** How a tile walks over A. */
interface Walk {
  readonly name: string;
  readonly comment: string;
  /** Before the loop. */
  readonly setup: readonly string[];
  /** The address of A(i, k + u) as a pair of expression and constant offset. */
  readonly entry: (i: number, u: number) => string;
  /** What moves on after each k, and after `count` of them. */
  readonly step: string;
  readonly advance: (count: number) => string;
}

const alongRows: Walk = {
  name: "rowTile",
  comment: "A(i, k) lies at a + i lda + 8 k. Rows past the last one stand for it: nothing outside A is read.",
  setup: rows.slice(1).map((i) => `  const o${i}: usize = rows > ${i} ? ${i} * lda : ${i > 1 ? `o${i - 1}` : "0"};`),
  entry: (i, u) => i === 0 ? `a, ${8 * u}` : `a + o${i}, ${8 * u}`,
  step: "",
  advance: (count) => `a += ${8 * count};`,
};

const alongColumns: Walk = {
  name: "columnTile",
  comment: "A(i, k) lies at a + 8 i + k lda: the transpose of a row-major matrix, or a packed one.",
  setup: [],
  entry: (i) => `a, ${8 * i}`,
  step: "a += lda;",
  advance: () => "",
};

function product(walk: Walk, u: number): string[] {
  return [
    "b0 = v128.load(b);",
    "b1 = v128.load(b, 16);",
    ...rows.flatMap((i) => [
      `e = v128.load64_splat(${walk.entry(i, u)});`,
      `${sum(i, 0)} = Lanes.fma(e, b0, ${sum(i, 0)});`,
      `${sum(i, 1)} = Lanes.fma(e, b1, ${sum(i, 1)});`,
    ]),
    "b += ldb;",
    walk.step,
  ].filter((line) => line !== "").map((line) => `      ${line}`);
}

function tile(walk: Walk): string {
  return `
// ${walk.comment}
export function ${walk.name}(k: i32, a: usize, lda: usize, b: usize, ldb: usize, alpha: f64, beta: f64, c: usize, ldc: usize, rows: i32, columns: i32): void {
${each((i, j) => `  let ${sum(i, j)} = f64x2.splat(0);`).join("\n")}
  let e: v128, b0: v128, b1: v128;
${walk.setup.join("\n")}
  if (k >= ${UNROLL}) {
    do {
${Array.from({ length: UNROLL }, (_, u) => product(walk, u).join("\n")).join("\n")}
      ${walk.advance(UNROLL)}
      k -= ${UNROLL};
    } while (k >= ${UNROLL});
  }
  if (k > 0) {
    do {
${product(walk, 0).join("\n")}
      ${walk.advance(1)}
    } while (--k);
  }
  const s = f64x2.splat(alpha);
  if (rows == ${ROWS} && columns == ${2 * PAIRS}) {
    if (beta == 1) {
${storeRows((i, j) => `Lanes.fma(s, ${sum(i, j)}, v128.load(c, ${16 * j}))`)}
    } else if (beta == 0) {
${storeRows((i, j) => `f64x2.mul(s, ${sum(i, j)})`)}
    } else {
      const t = f64x2.splat(beta);
${storeRows((i, j) => `Lanes.fma(s, ${sum(i, j)}, f64x2.mul(t, v128.load(c, ${16 * j})))`)}
    }
    return;
  }
${each((i, j) => `  v128.store(TILE, ${sum(i, j)}, ${16 * (PAIRS * i + j)});`).join("\n")}
  merge(alpha, beta, c, ldc, rows, columns, FULL, 0);
}
`;
}

function storeRows(value: (i: number, j: number) => string): string {
  return rows.map((i) =>
    `      v128.store(c, ${value(i, 0)});\n      v128.store(c, ${value(i, 1)}, 16);` +
    (i < ROWS - 1 ? "\n      c += ldc;" : "")
  ).join("\n");
}

/** The source of the module `tile`. */
export function tileSource(): string {
  return `import { Lanes } from "./lanes.ts";
import { FULL, merge } from "./merge.ts";
import { TILE } from "./scratch.ts";
${tile(alongRows)}${tile(alongColumns)}`;
}
