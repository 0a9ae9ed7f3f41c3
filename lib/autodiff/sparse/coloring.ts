/**
 * Colors of the columns of a sparse matrix, so that columns of one color can be computed in one product and told apart.
 *
 * For a Jacobian no two columns of a color meet in a row (Curtis, Powell and Reid 1974). For a Hessian a star coloring
 * is enough, and needs fewer colors: neighbours differ, and so does one of the four columns of every path of four; then
 * `Hᵢⱼ` can be read from the product of the color of i or of j.
 *
 * Source: Gebremedhin, Tarafdar, Manne and Pothen, New acyclic and star coloring algorithms with application to
 * computing Hessians (2007), algorithm 4.1.
 *
 * @module
 */
import type { Numbers } from "./pattern.ts";

/** For each column the rows in which it has an entry, from the columns of each row. */
export function transposed(rows: readonly Numbers[], count: number): Numbers[] {
  const columns: number[][] = Array.from({ length: count }, () => []);
  rows.forEach((row, i) => row.forEach((j) => columns[j].push(i)));
  return columns;
}

/** Gives each number from 0 on the smallest color that `forbid` does not forbid it. */
function greedy(count: number, forbid: (v: number, colors: Int32Array, forbidden: Set<number>) => void): Int32Array {
  const colors = new Int32Array(count).fill(-1), forbidden = new Set<number>();
  for (let v = 0; v < count; v++) {
    forbidden.clear();
    forbid(v, colors, forbidden);
    let color = 0;
    while (forbidden.has(color)) color++;
    colors[v] = color;
  }
  return colors;
}

/** Colors of columns of which no two of one color meet in a row. */
export function columnColors(rows: readonly Numbers[], columns: readonly Numbers[]): Int32Array {
  return greedy(columns.length, (v, colors, forbidden) => {
    for (const i of columns[v]) for (const w of rows[i]) if (colors[w] >= 0) forbidden.add(colors[w]);
  });
}

/** A star coloring of a symmetric pattern; the diagonal does not count. */
export function starColors(neighbours: readonly Numbers[]): Int32Array {
  return greedy(neighbours.length, (v, colors, forbidden) => {
    for (const w of neighbours[v]) {
      if (w === v) continue;
      if (colors[w] >= 0) forbidden.add(colors[w]);
      for (const x of neighbours[w]) {
        if (x === v || x === w || colors[x] < 0) continue;
        const twoColors = colors[w] >= 0 && neighbours[x].some((y) => y !== w && y !== x && colors[y] === colors[w]);
        if (colors[w] < 0 || twoColors) forbidden.add(colors[x]);
      }
    }
  });
}
