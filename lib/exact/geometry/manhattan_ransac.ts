/**
 * Vanishing points of many segments, some of which belong to no direction: hybrid RANSAC with local optimization.
 *
 * ```
 * error of a segment for a direction d:  distance of its ends to the line through its middle and the image K d
 * score of a frame:   Σ min(error², t²),  each segment with the best of the three directions                        (MSAC)
 * samples of two segments go to vp2, vp11 or vp011, drawn with their weights; a better frame is refined
 * ends when one solver has seen enough:   its samples >= log(1 - confidence)/log(1 - share of good pairs for it)
 * refined by Gauss-Newton over log f and the rotation: about gravity alone, or about all axes where gravity is not exact
 * ```
 *
 * Source: Vanishing point estimation in uncalibrated images with prior gravity direction (2023), arXiv 2308.10694,
 * section 4; Camposeco, Cohen, Pollefeys and Sattler, Hybrid camera pose estimation (2018); Lebeda, Matas and Chum,
 * Fixing the locally optimized RANSAC (2012).
 *
 * @module
 */
import {
  DomainError,
  integer,
  type Matrix,
  norm2,
  type Rng,
  rng,
  scale,
  ShapeError,
  uniform,
  type Vector,
} from "../../core/mod.ts";
import { expm, lstsq, matmul, matrix } from "../../linalg/mod.ts";
import { checkTriples, lineThrough, type ManhattanFrame, vp011, vp11, vp2 } from "./vanishing_points.ts";

/** Steps of refinement are cut to this: in radians, and in log f. */
const LONGEST = 0.3;

/** What of a frame is refined. */
export type Freedom = "gravity" | "all";

/** How often each solver is taken. */
export interface SolverWeights {
  /** Two lines of one horizontal direction. */
  readonly vp2: number;
  /** Lines of two horizontal directions. */
  readonly vp11: number;
  /** A vertical line and a horizontal one. */
  readonly vp011: number;
}

/** Options of `manhattanRansac`. */
export interface ManhattanOptions {
  /** t, in the unit of the coordinates. Default 2. */
  readonly threshold?: number;
  /** Default all 1. */
  readonly weights?: SolverWeights;
  /** "gravity": gravity is exact; "all": it is improved. Default "all". */
  readonly freedom?: Freedom;
  /** Default 0.9999. */
  readonly confidence?: number;
  /** At most so many samples. Default 5000. */
  readonly maxSamples?: number;
  /** Draws the samples. Default a generator of seed 0. */
  readonly generator?: Rng;
}

/** The best frame found. */
export interface ManhattanSolution extends ManhattanFrame {
  /** For each segment 0 (vertical), 1, 2 (horizontal), or -1 where it belongs to no direction. */
  readonly labels: Int8Array;
  /** `Σ min(error², t²)`. */
  readonly score: number;
  /** How many samples were drawn. */
  readonly samples: number;
}

/**
 * The frame of segments, one in each row as (x₁, y₁, x₂, y₂) from the centre of the image; undefined if no sample had
 * one.
 *
 * @throws {ShapeError} When the segments have not four columns, or gravity not three entries.
 * @throws {DomainError} When there are fewer than two segments, one has no length, gravity is no unit vector, or an
 * option is out of range.
 *
 * @example Rails and poles, seen by a camera that looks down at 30 degrees
 * ```ts
 * import { manhattanRansac } from "@gradus/gradus/exact";
 * import { matrix } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * // f = 800: the rails meet at (0, -800 tan 30°), the poles at (0, 800/tan 30°), and others are parallel to x
 * const rails = -800 * Math.tan(Math.PI / 6), poles = 800 / Math.tan(Math.PI / 6), segments: number[][] = [];
 * for (const x of [-300, -170, 120, 310]) {
 *   segments.push([x, 200, 0.8 * x, 200 + 0.2 * (rails - 200)], [x, -100, 0.9 * x, -100 + 0.1 * (poles + 100)], [x, x, x + 90, x]);
 * }
 * const gravity = Float64Array.of(0, Math.cos(Math.PI / 6), Math.sin(Math.PI / 6));
 * assertAlmostEquals(manhattanRansac(matrix(segments), gravity)!.focal, 800, 1e-6);
 * ```
 */
export function manhattanRansac(
  segments: Matrix,
  gravity: Vector,
  options: ManhattanOptions = {},
): ManhattanSolution | undefined {
  const verb = "find vanishing points", { threshold = 2, confidence = 0.9999, maxSamples = 5000 } = options;
  const { weights = { vp2: 1, vp11: 1, vp011: 1 }, freedom = "all", generator = rng(0) } = options, N = segments.rows;
  checkTriples(gravity);
  const lines = linesOf(verb, segments), shares = [weights.vp2, weights.vp11, weights.vp011];
  const total = shares.reduce((sum, w) => sum + w, 0);
  if (!(threshold > 0 && confidence > 0 && confidence < 1 && maxSamples >= 1)) {
    throw new DomainError(
      `Cannot ${verb}: expected a positive threshold, a confidence in (0, 1) and at least one sample`,
    );
  }
  if (!(shares.every((w) => w >= 0) && total > 0 && total < Infinity)) {
    throw new DomainError(`Cannot ${verb}: expected weights that are not negative, not all 0, got ${shares}`);
  }
  const drawn = [0, 0, 0];
  let best: ManhattanSolution | undefined, enough = [Infinity, Infinity, Infinity], samples = 0;
  while (samples < maxSamples && !drawn.some((count, k) => count >= enough[k])) {
    let level = uniform(generator) * total, kind = 0;
    while (kind < 2 && level >= shares[kind]) level -= shares[kind++];
    const i = integer(generator, N), j = (i + 1 + integer(generator, N - 1)) % N;
    samples++;
    drawn[kind]++;
    for (const sample of [vp2, vp11, vp011][kind](lines[i], lines[j], gravity)) {
      const judged = judge(segments, sample, threshold);
      if (best && judged.score >= best.score) continue;
      best = { ...improved(segments, { ...sample, ...judged }, threshold, freedom), samples };
      const counts = [0, 1, 2].map((label) => best!.labels.filter((l) => l === label).length), pairs = N * (N - 1);
      const good = [
        counts[1] * (counts[1] - 1) + counts[2] * (counts[2] - 1),
        2 * counts[1] * counts[2],
        counts[0] * (counts[1] + counts[2]),
      ];
      enough = good.map((count) => Math.max(10, Math.log(1 - confidence) / Math.log1p(-count / pairs)));
    }
  }
  return best && { ...best, samples };
}

function linesOf(verb: string, { rows, columns, data }: Matrix): Vector[] {
  if (columns !== 4) throw new ShapeError(`Cannot ${verb}: expected segments of 4 numbers, got ${columns}`);
  if (rows < 2) throw new DomainError(`Cannot ${verb}: expected at least two segments, got ${rows}`);
  return Array.from(
    { length: rows },
    (_, i) => lineThrough(data[4 * i], data[4 * i + 1], data[4 * i + 2], data[4 * i + 3]),
  );
}

/** The signed distance of the first end of segment i to the line through its middle and the image of direction k. */
function distance({ data }: Matrix, i: number, { focal, rotation: { data: R } }: ManhattanFrame, k: number): number {
  const x1 = data[4 * i], y1 = data[4 * i + 1], x = (x1 + data[4 * i + 2]) / 2, y = (y1 + data[4 * i + 3]) / 2;
  const px = focal * R[k], py = focal * R[3 + k], pz = R[6 + k];
  const a = y * pz - py, b = px - x * pz; // the line (x, y, 1) x p
  return (a * (x1 - x) + b * (y1 - y)) / Math.hypot(a, b);
}

function judge(segments: Matrix, frame: ManhattanFrame, threshold: number): { score: number; labels: Int8Array } {
  const labels = new Int8Array(segments.rows);
  let score = 0;
  for (let i = 0; i < segments.rows; i++) {
    let least = threshold * threshold;
    labels[i] = -1;
    for (let k = 0; k < 3; k++) {
      const square = distance(segments, i, frame, k) ** 2;
      if (square >= least) continue;
      least = square;
      labels[i] = k;
    }
    score += least;
  }
  return { score, labels };
}

/** Refined as long as the score falls, at most ten times. */
function improved(
  segments: Matrix,
  start: Omit<ManhattanSolution, "samples">,
  threshold: number,
  freedom: Freedom,
): Omit<ManhattanSolution, "samples"> {
  let best = start;
  for (let k = 0; k < 10; k++) {
    const frame = refineManhattan(segments, best, best.labels, freedom), judged = judge(segments, frame, threshold);
    if (!(judged.score < best.score)) break;
    best = { ...frame, ...judged };
  }
  return best;
}

/**
 * One step of Gauss and Newton, of length 0.3 or less, for the sum of squared errors of segments with given labels, -1
 * for none.
 *
 * @throws {ShapeError} When there are not as many labels as segments.
 */
export function refineManhattan(
  segments: Matrix,
  start: ManhattanFrame,
  labels: Int8Array,
  freedom: Freedom,
): ManhattanFrame {
  if (labels.length !== segments.rows) {
    throw new ShapeError(`Cannot refine a frame: expected ${segments.rows} labels, got ${labels.length}`);
  }
  const members = Array.from(labels.keys()).filter((i) => labels[i] >= 0), unknowns = freedom === "all" ? 4 : 2;
  if (members.length < unknowns) return { focal: start.focal, rotation: start.rotation };
  const J = matrix(members.length, unknowns), r = new Float64Array(members.length), h = 1e-6;
  members.forEach((i, row) => r[row] = -distance(segments, i, start, labels[i]));
  for (let u = 0; u < unknowns; u++) {
    const step = new Float64Array(unknowns), back = new Float64Array(unknowns);
    step[u] = h;
    back[u] = -h;
    const up = moved(start, step), down = moved(start, back);
    members.forEach((i, row) => {
      const slope = distance(segments, i, up, labels[i]) - distance(segments, i, down, labels[i]);
      J.data[row * unknowns + u] = slope / (2 * h);
    });
  }
  const step = lstsq(J, r, { tolerance: 1e-10 }).x, length = norm2(step);
  if (length > LONGEST) scale(LONGEST / length, step);
  return moved(start, step);
}

/**
 * The frame with log f changed by the first number, turned about its vertical axis by the second, and its other axes.
 */
function moved({ focal, rotation }: ManhattanFrame, [logFocal, a, b = 0, c = 0]: Vector): ManhattanFrame {
  const turn = expm(matrix([[0, -c, b], [c, 0, -a], [-b, a, 0]]));
  return { focal: focal * Math.exp(logFocal), rotation: matmul(rotation, turn) };
}
