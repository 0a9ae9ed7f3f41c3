/**
 * A linear convolutional network that proposes directions for Poisson's equation: on each of several grids kernels
 * before and after a visit of the next coarser grid, a U. Its first weights make it a V-cycle of multigrid with damped
 * Jacobi steps.
 *
 * ```
 * f(r) on a grid:   x = S₁ r,  x ← x + S₂ (r - A x)
 *                   x ← x + P f(R (r - A x))            on the next grid, unless a side is odd or 2
 *                   x ← x + S₃ (r - A x),  x ← x + S₄ (r - A x)
 * K x = m ∘ (k₁ * x + b ∘ (k₂ * x))                     for K = S₁ … S₄, R, P, A:   two 3 x 3 kernels each
 * m the free part of each cell,   b = m ∘ (1 - the mean of m over 3 x 3 cells), which is 0 away from boundaries
 * ```
 *
 * R takes means of 2 x 2 cells behind its kernels, P repeats cells before them. The finest grid has its own kernels and
 * the exact A; all others share theirs, so that the network fits grids of any size. `m` of a coarse cell is the mean
 * over its four parts.
 *
 * Source: Kaneda, Akar, Chen, Kala, Hyde and Teran, A Deep Conjugate Direction Method for Iteratively Solving Linear
 * Systems (2022), arXiv 2205.10763, whose network is larger, gets the residual alone, and starts from random weights.
 *
 * @module
 */
import {
  add,
  averagePool,
  type Blocks,
  broadcastTo,
  compile,
  convolution2d,
  multiply,
  ofShape,
  type Operand,
  reshape,
  shapeOf,
  slice,
  subtract,
  trace,
} from "../../autodiff/mod.ts";
import { type Layout, layout, type Matrix, ShapeError, type Vector, vectorOf } from "../../core/mod.ts";
import type { ProposeDirection } from "../../linalg/mod.ts";
import { freeCells } from "./grid_domain.ts";

const grids = ["fine", "coarse"] as const, parts = ["S1", "S2", "S3", "S4", "R", "P"] as const;

/** The weights: for each of the operators two kernels, row after row; those of A on coarse grids last. */
export const directionLayout: Layout = layout(Object.fromEntries(
  [...grids.flatMap((grid) => parts.map((part) => `${grid} ${part}`)), "coarse A"].map((name) => [name, [2, 9]]),
));

const laplacian = [0, -1, 0, -1, 4, -1, 0, -1, 0], tent = [1, 2, 1, 2, 4, 2, 1, 2, 1];

/** The weights of a V-cycle: `S = 1/5`, bilinear P, `R = Pᵀ`, the five-point Laplacian on every grid. */
export function vCycleWeights(): Vector {
  const x = new Float64Array(directionLayout.size);
  for (const { name } of directionLayout.blocks) {
    const kernel = vectorOf(directionLayout, x, name), kind = name.at(-1);
    if (kind === "A") kernel.set(laplacian);
    else if (kind === "P") kernel.set(tent.map((v) => v / 16));
    else if (kind === "R") kernel.set(tent.map((v) => v / 4)); // the square of the spacing grows by 4, and 4 cells are averaged
    else kernel[4] = 1 / 5;
  }
  return x;
}

/** What kernels have to know of a grid. */
interface Grid {
  /** m. */
  readonly free: Operand;
  /** b. */
  readonly near: Operand;
  readonly rows: number;
  readonly columns: number;
}

const image = (data: readonly number[]): Operand => ({ shape: [1, 1, 3, 3], data: Float64Array.from(data) });
const stencil = image(laplacian), box = image(new Array<number>(9).fill(1 / 9));

/** `A x` on the free cells of images `[b, 1, rows, columns]` that vanish on all others. */
export function poissonProduct(x: Operand, free: Operand): Operand {
  return multiply(free, convolution2d(x, stencil, { padding: 1 }));
}

/** K x. */
function modulated(x: Operand, kernels: Operand, { free, near }: Grid): Operand {
  const both = convolution2d(x, reshape(kernels, [2, 1, 3, 3]), { padding: 1 });
  return multiply(free, add(slice(both, 0, 1, 1), multiply(near, slice(both, 1, 2, 1))));
}

function gridsOf(free: Operand): Grid[] {
  const all: Grid[] = [];
  for (;;) {
    const [, , rows, columns] = shapeOf(free);
    const near = multiply(free, subtract(1, convolution2d(free, box, { padding: 1 })));
    all.push({ free, near, rows, columns });
    if ([rows, columns].some((side) => side % 2 === 1 || side === 2)) return all;
    free = averagePool(free, [2, 2]);
  }
}

/**
 * f for images of residuals, `[b, 1, rows, columns]`, that vanish where cells are not free.
 *
 * @param weights The blocks of `directionLayout`.
 * @param r The residuals.
 * @param free Ones on free cells, in the same shape.
 */
export function proposeDirections(weights: Blocks<string>, r: Operand, free: Operand): Operand {
  const all = gridsOf(free), [images] = shapeOf(r);
  const cycle = (depth: number, r: Operand): Operand => {
    const grid = all[depth], next = all[depth + 1], set = depth === 0 ? "fine" : "coarse";
    const residual = (x: Operand): Operand =>
      subtract(r, depth === 0 ? poissonProduct(x, grid.free) : modulated(x, weights["coarse A"], grid));
    const kernel = (part: (typeof parts)[number], x: Operand): Operand => modulated(x, weights[`${set} ${part}`], grid);
    let x = kernel("S1", r);
    x = add(x, kernel("S2", residual(x)));
    if (next) {
      const restricted = multiply(next.free, averagePool(kernel("R", residual(x)), [2, 2]));
      const [rows, columns] = [next.rows, next.columns], e = cycle(depth + 1, restricted);
      const repeated = broadcastTo(reshape(e, [images, 1, rows, 1, columns, 1]), [images, 1, rows, 2, columns, 2]);
      x = add(x, kernel("P", reshape(repeated, [images, 1, 2 * rows, 2 * columns])));
    }
    x = add(x, kernel("S3", residual(x)));
    return add(x, kernel("S4", residual(x)));
  };
  return cycle(0, r);
}

/**
 * The proposals of a network for the system of a domain, to be handed to `deepConjugateDirection`.
 *
 * @param weights The blocks of `directionLayout` in one vector.
 * @param domain Ones on free cells; the unknowns are these, in the order of `gridPoisson`.
 * @throws {ShapeError} When there are not as many weights.
 * @throws {DomainError} When an entry of the domain is neither 0 nor 1, or no cell is free.
 *
 * @example Before training: a V-cycle
 * ```ts
 * import { rng } from "@gradus/gradus/core";
 * import { deepConjugateDirection } from "@gradus/gradus/linalg";
 * import { gridDirection, gridPoisson, randomDomain, vCycleWeights } from "@gradus/gradus/network";
 * import { assert } from "@std/assert";
 *
 * const domain = randomDomain(32, "boxes", rng(1)), { A, cells } = gridPoisson(domain);
 * const b = new Float64Array(cells.length).fill(1), direction = gridDirection(vCycleWeights(), domain);
 * const { status, iterations } = deepConjugateDirection(A, b, { direction });
 * assert(status === "converged" && iterations <= 14);
 * ```
 */
export function gridDirection(weights: Vector, domain: Matrix): ProposeDirection {
  if (weights.length !== directionLayout.size) {
    throw new ShapeError(`Cannot propose directions: expected ${directionLayout.size} weights, got ${weights.length}`);
  }
  const { blocks } = directionLayout,
    { rows, columns, cells, free } = halvable(domain),
    size = ofShape(1, 1, rows, columns);
  const shapes = Object.fromEntries(blocks.map(({ name, shape }) => [name, ofShape(...shape)]));
  const { run } = compile(trace(proposeDirections, shapes, size, size));
  const r = new Float64Array(free.length), d = new Float64Array(free.length), outs = [d];
  const inputs = [...blocks.map(({ name }) => vectorOf(directionLayout, weights, name)), r, free];
  return (residual, out) => {
    for (let k = 0; k < cells.length; k++) r[cells[k]] = residual[k];
    run(inputs, outs);
    for (let k = 0; k < cells.length; k++) out[k] = d[cells[k]];
  };
}

/**
 * The free cells in a domain with more boundary behind its last row and column, so that the shorter side can be halved
 * down to 2 or 3.
 */
function halvable(domain: Matrix): { rows: number; columns: number; cells: Uint32Array; free: Vector } {
  const unit = 2 ** Math.max(0, Math.floor(Math.log2(Math.min(domain.rows, domain.columns))) - 1);
  const [rows, columns] = [domain.rows, domain.columns].map((side) => unit * Math.ceil(side / unit));
  const cells = freeCells(domain).map((i) => Math.floor(i / domain.columns) * columns + i % domain.columns);
  const free = new Float64Array(rows * columns);
  for (const cell of cells) free[cell] = 1;
  return { rows, columns, cells, free };
}
