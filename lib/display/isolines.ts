/**
 * Level lines of a function on a grid, by marching squares: Lorensen and Cline, "Marching Cubes" (1987), in the plane.
 *
 * @module
 */

/** A function sampled on a rectangular grid. */
export interface Grid {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** `values[j * x.length + i]` at `(x[i], y[j])`. */
  readonly values: ArrayLike<number>;
}

/** A connected line of points of equal height; closed when the first point is repeated at the end. */
export interface Isoline {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/**
 * The lines where the linear interpolant along the grid's edges has the given height. Cells with a corner that is not
 * finite have no lines. In a saddle cell, the mean of the corners decides which pairs are joined.
 */
export function isolines(grid: Grid, level: number): Isoline[] {
  const { x, y, values } = grid, columns = x.length, rows = y.length;
  // An edge is known by its lower left end and its direction: 2 * index for horizontal, 2 * index + 1 for vertical.
  const neighbors = new Map<number, number[]>();
  const join = (a: number, b: number): void => {
    for (const [from, to] of [[a, b], [b, a]]) {
      const list = neighbors.get(from);
      if (list) list.push(to);
      else neighbors.set(from, [to]);
    }
  };
  for (let j = 0; j + 1 < rows; j++) {
    for (let i = 0; i + 1 < columns; i++) {
      const at = j * columns + i;
      const a = values[at], b = values[at + 1], c = values[at + columns + 1], d = values[at + columns];
      const mean = (a + b + c + d) / 4;
      if (!Number.isFinite(mean)) continue;
      const bottom = 2 * at, left = 2 * at + 1, right = 2 * (at + 1) + 1, top = 2 * (at + columns);
      const crossed = [];
      if ((a > level) !== (b > level)) crossed.push(bottom);
      if ((b > level) !== (c > level)) crossed.push(right);
      if ((c > level) !== (d > level)) crossed.push(top);
      if ((d > level) !== (a > level)) crossed.push(left);
      if (crossed.length === 2) join(crossed[0], crossed[1]);
      else if (crossed.length === 4) {
        const cutsOff = (mean > level) === (a > level); // the corners a and c are joined through the middle
        join(bottom, cutsOff ? right : left);
        join(top, cutsOff ? left : right);
      }
    }
  }

  const lines: Isoline[] = [];
  const follow = (start: number): void => {
    const xs: number[] = [], ys: number[] = [];
    for (let edge: number | undefined = start; edge !== undefined;) {
      const at = edge >> 1, vertical = edge & 1, i = at % columns, j = (at - i) / columns;
      const end = vertical ? at + columns : at + 1;
      const t = (level - values[at]) / (values[end] - values[at]);
      xs.push(vertical ? x[i] : x[i] + t * (x[i + 1] - x[i]));
      ys.push(vertical ? y[j] + t * (y[j + 1] - y[j]) : y[j]);
      const next: number | undefined = neighbors.get(edge)!.pop();
      if (next !== undefined) {
        const back = neighbors.get(next)!;
        back.splice(back.indexOf(edge), 1);
      }
      edge = next;
    }
    lines.push({ x: xs, y: ys });
  };
  for (const [edge, list] of neighbors) if (list.length === 1) follow(edge); // lines that end at the border
  for (const [edge, list] of neighbors) if (list.length > 0) follow(edge); // closed ones
  return lines;
}
