// Plane stress on a rectangle of square elements, held at its left side.
import type { SparseMatrix, Vector } from "../../../lib/core/mod.ts";
import { fromTriplets } from "../../../lib/linalg/mod.ts";

/** The stiffness of a bilinear element with Young's modulus 1 and Poisson's ratio ν, by 2 x 2 points of Gauss; 8 x 8. */
function element(nu: number): Float64Array {
  const K = new Float64Array(64),
    corners = [[-1, -1], [1, -1], [1, 1], [-1, 1]],
    g = 1 / Math.sqrt(3),
    c = 1 / (1 - nu * nu);
  const C = [[c, c * nu, 0], [c * nu, c, 0], [0, 0, c * (1 - nu) / 2]];
  for (const [s, t] of corners.map(([x, y]) => [x * g, y * g])) {
    const B = [0, 1, 2].map(() => new Float64Array(8)); // strains, on an element of side 1
    corners.forEach(([x, y], a) => {
      const dx = x * (1 + y * t) / 2, dy = y * (1 + x * s) / 2;
      B[0][2 * a] = B[2][2 * a + 1] = dx;
      B[1][2 * a + 1] = B[2][2 * a] = dy;
    });
    for (let i = 0; i < 8; i++) {
      for (let j = 0; j < 8; j++) {
        for (let p = 0; p < 3; p++) for (let q = 0; q < 3; q++) K[8 * i + j] += B[p][i] * C[p][q] * B[q][j] / 4;
      }
    }
  }
  return K;
}

/** The stiffness matrix, two unknowns a node, and the rigid motions. */
export function elasticity(width: number, height: number): { A: SparseMatrix; motions: Vector[] } {
  const K = element(0.3),
    rows: number[] = [],
    columns: number[] = [],
    values: number[] = [],
    n = 2 * width * (height + 1);
  for (let p = 0; p < width; p++) {
    for (let q = 0; q < height; q++) {
      const nodes = [[p, q], [p + 1, q], [p + 1, q + 1], [p, q + 1]].map(([x, y]) => (x - 1) * (height + 1) + y);
      for (let i = 0; i < 8; i++) {
        for (let j = 0; j < 8; j++) {
          const a = nodes[i >> 1], b = nodes[j >> 1];
          if (a < 0 || b < 0) continue; // held
          rows.push(2 * a + (i & 1));
          columns.push(2 * b + (j & 1));
          values.push(K[8 * i + j]);
        }
      }
    }
  }
  const motion = (f: (x: number, y: number) => [number, number]): Vector => {
    const v = new Float64Array(n);
    for (let k = 0; k < n / 2; k++) v.set(f(1 + Math.floor(k / (height + 1)), k % (height + 1)), 2 * k);
    return v;
  };
  return {
    A: fromTriplets(n, n, rows, columns, values),
    motions: [motion(() => [1, 0]), motion(() => [0, 1]), motion((x, y) => [-y, x])],
  };
}
