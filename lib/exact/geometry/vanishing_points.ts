/**
 * Focal length and orientation of a camera from two lines of a room with three orthogonal directions, gravity known.
 *
 * ```
 * image line l (homogeneous, coordinates from the centre of the image),  K = diag(f, f, 1),  normal of its plane l_c = K l
 * gravity v, a unit vector; a horizontal direction in the plane: d = v x l_c;  frame R = [v, d, v x d]
 * vp2:    two lines of one horizontal direction:   p = l₁ x l₂,  v · K⁻¹p = 0:      f = -(v_x p_x + v_y p_y)/(v_z p_z)
 * vp11:   lines of two orthogonal horizontal directions:   (v x l₁_c) · (v x l₂_c) = l₁_c · l₂_c - (v · l₁_c)(v · l₂_c) = 0,
 *         a quadratic equation for f
 * vp011:  a vertical line and a horizontal one:   l₁ · K v = 0:    f = -l_z v_z/(l_x v_x + l_y v_y)
 * ```
 *
 * Where v_z = 0 (a level camera), or a line passes through the centre, some of these tell nothing, and return no frame.
 *
 * Source: Vanishing point estimation in uncalibrated images with prior gravity direction (2023), arXiv 2308.10694,
 * section 3.
 *
 * @module
 */
import { DomainError, type Matrix, ShapeError, type Vector } from "../../core/mod.ts";
import { matrix } from "../../linalg/mod.ts";

/** A camera in a room of three orthogonal directions. */
export interface ManhattanFrame {
  /** f, in the unit of the coordinates. */
  readonly focal: number;
  /** Orthonormal columns: the vertical direction and two horizontal ones, in coordinates of the camera. */
  readonly rotation: Matrix;
}

/**
 * The homogeneous line through the points (a, b) and (c, d).
 *
 * @throws {DomainError} When they are the same, or a coordinate is not finite.
 */
export function lineThrough(a: number, b: number, c: number, d: number): Vector {
  const line = Float64Array.of(b - d, c - a, a * d - b * c), length = Math.hypot(line[0], line[1]);
  if (!(length > 0 && length < Infinity && Math.abs(line[2]) < Infinity)) {
    throw new DomainError(`Cannot make a line: expected two finite points, got (${a}, ${b}) and (${c}, ${d})`);
  }
  return line.map((entry) => entry / length);
}

/**
 * The frame, if there is one, from two lines of one horizontal direction.
 *
 * @throws {ShapeError} When a line or gravity has not three entries.
 * @throws {DomainError} When gravity is not of length 1 up to 1e-6, or an entry is not finite.
 *
 * @example A camera that looks down at 30 degrees on two rails
 * ```ts
 * import { lineThrough, vp2 } from "@gradus/gradus/exact";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * // f = 2; the rails meet on the horizon, at y = -2 tan 30°
 * const y = -2 * Math.tan(Math.PI / 6), gravity = Float64Array.of(0, Math.cos(Math.PI / 6), Math.sin(Math.PI / 6));
 * const [frame] = vp2(lineThrough(0.5, y, 1, 1), lineThrough(0.5, y, -1, 1), gravity);
 * assertAlmostEquals(frame.focal, 2, 1e-12);
 * ```
 */
export function vp2(first: Vector, second: Vector, gravity: Vector): ManhattanFrame[] {
  checkTriples(gravity, first, second);
  const p = cross(first, second), focal = -(gravity[0] * p[0] + gravity[1] * p[1]) / (gravity[2] * p[2]);
  return frame(focal, gravity, Float64Array.of(p[0] / focal, p[1] / focal, p[2]));
}

/**
 * The frames, none, one or two, from lines of two orthogonal horizontal directions.
 *
 * @throws {ShapeError} When a line or gravity has not three entries.
 * @throws {DomainError} When gravity is not of length 1 up to 1e-6, or an entry is not finite.
 */
export function vp11(first: Vector, second: Vector, gravity: Vector): ManhattanFrame[] {
  checkTriples(gravity, first, second);
  const [vx, vy, vz] = gravity, [x1, y1, z1] = first, [x2, y2, z2] = second;
  const a1 = vx * x1 + vy * y1, b1 = vz * z1, a2 = vx * x2 + vy * y2, b2 = vz * z2;
  const a = x1 * x2 + y1 * y2 - a1 * a2, b = -(a1 * b2 + a2 * b1), c = z1 * z2 - b1 * b2;
  return positiveRoots(a, b, c).flatMap((focal) => frame(focal, gravity, cross(gravity, planeOf(first, focal))));
}

/**
 * The frame, if there is one, from a vertical line and a horizontal one.
 *
 * @throws {ShapeError} When a line or gravity has not three entries.
 * @throws {DomainError} When gravity is not of length 1 up to 1e-6, or an entry is not finite.
 */
export function vp011(vertical: Vector, horizontal: Vector, gravity: Vector): ManhattanFrame[] {
  checkTriples(gravity, vertical, horizontal);
  const focal = -vertical[2] * gravity[2] / (vertical[0] * gravity[0] + vertical[1] * gravity[1]);
  return frame(focal, gravity, cross(gravity, planeOf(horizontal, focal)));
}

/** The normal of the plane of a line. */
function planeOf([x, y, z]: Vector, focal: number): Vector {
  return Float64Array.of(focal * x, focal * y, z);
}

/** One frame for a focal length and a direction that make sense, else none. */
function frame(focal: number, gravity: Vector, direction: Vector): ManhattanFrame[] {
  const length = Math.hypot(...direction);
  if (!(focal > 0 && focal < Infinity && length > 0 && length < Infinity)) return [];
  const d = direction.map((entry) => entry / length), e = cross(gravity, d), rotation = matrix(3, 3);
  for (let i = 0; i < 3; i++) rotation.data.set([gravity[i], d[i], e[i]], 3 * i);
  return [{ focal, rotation }];
}

/** The positive roots of `a f² + b f + c`, without cancellation. */
function positiveRoots(a: number, b: number, c: number): number[] {
  const discriminant = b * b - 4 * a * c;
  if (!(discriminant >= 0)) return [];
  const q = -(b + (b < 0 ? -1 : 1) * Math.sqrt(discriminant)) / 2;
  return [q / a, c / q].filter((root, k, both) => root > 0 && root < Infinity && (k === 0 || root !== both[0]));
}

/** `a x b`. */
export function cross(a: Vector, b: Vector): Vector {
  return Float64Array.of(a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]);
}

/** Refuses what is no line or no gravity. */
export function checkTriples(gravity: Vector, ...lines: Vector[]): void {
  const verb = "find vanishing points";
  for (const triple of [gravity, ...lines]) {
    if (triple.length !== 3) throw new ShapeError(`Cannot ${verb}: expected three entries, got ${triple.length}`);
    if (!(Math.hypot(...triple) < Infinity)) {
      throw new DomainError(`Cannot ${verb}: expected finite entries, got ${triple}`);
    }
  }
  if (Math.abs(Math.hypot(...gravity) - 1) > 1e-6) {
    throw new DomainError(`Cannot ${verb}: expected gravity of length 1, got ${gravity}`);
  }
}
