/**
 * Quasi-Newton approximations B of the Hessian, dense, from steps s and the changes y of the gradient along them.
 *
 * ```
 * SR1    B⁺ = B + r rᵀ / r·s,   r = y - B s,                             left out if |r·s| < 10⁻⁸ |r| |s|
 * BFGS   B⁺ = B - B s (B s)ᵀ / s·Bs + y yᵀ / s·y,                        left out if s·y <= 10⁻¹⁰ |s| |y|
 * ```
 *
 * B is I at the start and `(y·y / s·y) I` before the first update with `s·y > 0`. B of SR1 may be indefinite, as the
 * Hessian may; on a quadratic function it is the Hessian after n independent steps, of whatever lengths, whether they
 * were taken or not. B of BFGS is positive definite.
 *
 * Source: Nocedal and Wright, Numerical Optimization (2006), equations (6.19), (6.20), (6.24) and (6.26), algorithm 6.2
 * and theorem 6.1.
 *
 * @module
 */
import { dot, type Matrix, norm2, type Vector } from "../../core/mod.ts";
import { addOuter, matvec } from "../../linalg/mod.ts";
import type { HessianSource } from "./source.ts";

/** The symmetric update of rank one, or that of Broyden, Fletcher, Goldfarb and Shanno. */
export type SecantName = "sr1" | "bfgs";

/** The approximation, and room. */
export interface SecantMemory {
  /** `B`. */
  readonly matrix: Matrix;
  /** The gradient before the step. */
  readonly before: Vector;
  /** `y`. */
  readonly change: Vector;
  /** `B s`, then `y - B s`. */
  readonly product: Vector;
  /** Whether B has been scaled to the function. */
  isScaled: boolean;
}

/**
 * A source of H that learns from steps, as `trustRegion({ hessian: "sr1" })` has it.
 *
 * @example A quadratic function in two steps
 * ```ts
 * import { secantSource } from "@gradus/gradus/smooth";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const source = secantSource("sr1"), memory = source.init(2); // the Hessian [[2, 1], [1, 0]]
 * for (const [s, y] of [[[1, 0], [2, 1]], [[1, 1], [3, 1]]]) {
 *   source.note(memory, new Float64Array(2)); // gradients y after steps s from where it is 0
 *   source.learn(memory, Float64Array.from(s), Float64Array.from(y));
 * }
 * [2, 1, 1, 0].forEach((h, k) => assertAlmostEquals(memory.matrix.data[k], h, 1e-12));
 * ```
 */
export function secantSource(name: SecantName): HessianSource<SecantMemory> {
  return {
    needs: ["gradient"],
    init: (n) => {
      const memory: SecantMemory = {
        matrix: { rows: n, columns: n, data: new Float64Array(n * n) },
        before: new Float64Array(n),
        change: new Float64Array(n),
        product: new Float64Array(n),
        isScaled: false,
      };
      setMultipleOfIdentity(memory, 1);
      return memory;
    },
    products: (_, { matrix }) => ({ hessianVector: (_x, v, out) => void matvec(matrix, v, out) }),
    note: ({ before }, gradient) => before.set(gradient),
    learn(memory, s, after) {
      const { before, change: y } = memory;
      for (let i = 0; i < y.length; i++) y[i] = after[i] - before[i];
      const sy = dot(s, y), yy = dot(y, y), isFirst = !memory.isScaled && sy > 0;
      if (!(yy < Infinity)) return false;
      if (isFirst) {
        setMultipleOfIdentity(memory, yy / sy);
        memory.isScaled = true;
      }
      const isUpdated = name === "sr1" ? updateSr1(memory.matrix, s, y, memory.product) : updateBfgs(memory, s, sy);
      return isUpdated || isFirst;
    },
    knowsScale: ({ isScaled }) => isScaled,
    forget(memory) {
      setMultipleOfIdentity(memory, 1);
      memory.isScaled = false;
    },
  };
}

function setMultipleOfIdentity({ matrix: { rows: n, data } }: SecantMemory, factor: number): void {
  data.fill(0);
  for (let i = 0; i < n; i++) data[i * n + i] = factor;
}

/**
 * The update SR1 of B by a step s and the change y of the gradient; r is left in `room`. Returns whether there was one.
 */
export function updateSr1(B: Matrix, s: Vector, y: Vector, room: Vector): boolean {
  const r = matvec(B, s, room);
  for (let i = 0; i < r.length; i++) r[i] = y[i] - r[i];
  const rs = dot(r, s);
  if (!(Math.abs(rs) >= 1e-8 * norm2(r) * norm2(s)) || rs === 0) return false;
  addOuter(1 / rs, r, B);
  return true;
}

function updateBfgs({ matrix, change: y, product: Bs }: SecantMemory, s: Vector, sy: number): boolean {
  if (!(sy > 1e-10 * norm2(s) * norm2(y))) return false;
  matvec(matrix, s, Bs);
  const sBs = dot(s, Bs);
  if (!(sBs > Number.EPSILON * norm2(s) * norm2(Bs))) return false; // B is singular but for rounding
  addOuter(-1 / sBs, Bs, matrix);
  addOuter(1 / sy, y, matrix);
  return true;
}
