/**
 * Level lines of a function of two variables, with the paths that solvers take on it.
 *
 * @module
 */
import { DomainError, iterate, type Point, type Smooth, type Solver } from "../core/mod.ts";
import { Chart, type Spec } from "./chart.ts";
import { inlineData } from "./csv.ts";
import { type Grid, isolines } from "./isolines.ts";
import { faded, legendSelection, zoomSelection } from "./lines.ts";
import { config, distinguish, width } from "./theme.ts";
import { corners, thin } from "./thin.ts";

/** The points that a solver went through. */
export interface Path {
  /** The name in the legend. */
  readonly name: string;
  /** The first variable, point by point. */
  readonly x: ArrayLike<number>;
  /** The second variable. */
  readonly y: ArrayLike<number>;
}

/** Options of `contourChart`. */
export interface ContourOptions {
  /** The range of the first variable. */
  readonly x: readonly [number, number];
  /** The range of the second variable. */
  readonly y: readonly [number, number];
  /** Paths of solvers, as `solverPath` records them. */
  readonly paths?: readonly Path[];
  /** Minimizers to mark with a cross. */
  readonly minima?: readonly (readonly [number, number])[];
  /**
   * Whether heights above the lowest value are spaced by powers of ten, which shows narrow valleys; else evenly.
   * Default true.
   */
  readonly log?: boolean;
  /** The heading; by default it names the problem. */
  readonly title?: string;
}

/** Nodes of the grid along each axis, and the most level lines. */
const nodes = 201, mostLevels = 14;

/**
 * The iterates of a solver on a problem of two variables, for `contourChart`.
 *
 * @param iterations The most steps; the path ends earlier where the solver does.
 * @throws {DomainError} When the problem has another number of variables.
 */
export function solverPath<P extends Smooth>(
  problem: P,
  solver: Solver<P>,
  start: ArrayLike<number> | Point,
  iterations: number,
): Path {
  planar(problem);
  const x: number[] = [], y: number[] = [];
  for (const state of iterate(problem, solver, start)) {
    x.push(state.x[0]);
    y.push(state.x[1]);
    if (x.length > iterations) break;
  }
  return { name: solver.name, x, y };
}

/**
 * A contour chart of `f: R² → R`, given as a smooth problem of two variables or as a function of two numbers.
 *
 * @throws {DomainError} On an empty range, a problem with another number of variables, or a function without finite
 * values in the window.
 *
 * @example Two solvers in Rosenbrock's valley
 * ```ts
 * import { contourChart } from "@gradus/gradus/display";
 * import { assertEquals } from "@std/assert";
 *
 * const chart = contourChart((x, y) => 100 * (y - x * x) ** 2 + (1 - x) ** 2, {
 *   x: [-2, 2],
 *   y: [-1, 3],
 *   minima: [[1, 1]],
 *   paths: [{ name: "a straight way", x: [-1.2, 1], y: [1, 1] }],
 * });
 * assertEquals(String(chart), "Level lines, 1 path");
 * ```
 */
export function contourChart(f: Smooth | ((x: number, y: number) => number), options: ContourOptions): Chart {
  const value = typeof f === "function" ? f : ofPlane(f);
  const { paths = [], minima = [], log = true } = options;
  const grid = sample(value, options.x, options.y);
  const trails = paths.map((path) => follow(path, value));
  const seen = [grid.values, minima.map(([x, y]) => value(x, y)), ...trails.map((trail) => trail.value)];
  const lowest = Math.min(...seen.map(smallest));
  const heights = { ...grid, values: Array.from(grid.values, (v) => v - lowest) };
  const levels = log ? powers(heights.values) : even(heights.values);

  const above = minima.length > 0 ? "f(x) - f*" : "f(x) - lowest seen";
  const x = axis("x", "x₁", options.x), y = axis("y", "x₂", options.y);
  const layers: Spec[] = [levelLines(heights, levels, log, above, x, y)];
  if (trails.length > 0) layers.push(pathLines(trails, x, y));
  if (minima.length > 0) {
    layers.push({
      data: inlineData({ x: minima.map((m) => m[0]), y: minima.map((m) => m[1]) }),
      mark: { type: "point", shape: "cross", angle: 45, size: 130, fill: "black", stroke: "white", opacity: 1 },
      encoding: { x, y },
    });
  }
  const named = typeof f !== "function" && f.name ? ` of ${f.name}` : "";
  return new Chart({
    title: { text: options.title ?? `Level lines${named}` },
    width,
    height: heightFor((options.y[1] - options.y[0]) / (options.x[1] - options.x[0])),
    layer: layers,
    resolve: { scale: { color: "independent", strokeDash: "independent" } },
    config,
  }, `Level lines${named}, ${paths.length} ${paths.length === 1 ? "path" : "paths"}`);
}

interface Trail extends Path {
  readonly iteration: readonly number[];
  readonly value: readonly number[];
}

function follow(path: Path, f: (x: number, y: number) => number): Trail {
  const value = Array.from(path.x, (x, i) => f(x, path.y[i])), kept = thin(value, 300);
  return {
    name: path.name,
    iteration: kept,
    x: kept.map((i) => path.x[i]),
    y: kept.map((i) => path.y[i]),
    value: kept.map((i) => value[i]),
  };
}

function levelLines(grid: Grid, levels: readonly number[], log: boolean, title: string, x: Spec, y: Spec): Spec {
  // On a linear scale the lines of a narrow valley fall apart between the grid's nodes.
  const scale = (height: number): number => log ? Math.log(Math.max(height, levels[0] / 10)) : height;
  const scaled = { ...grid, values: Array.from(grid.values, scale) };
  const columns = { line: [] as number[], level: [] as number[], x: [] as number[], y: [] as number[] };
  const [right, top] = pixelSizes(grid);
  let line = 0;
  for (const level of levels) {
    for (const { x, y } of isolines(scaled, scale(level))) {
      line++;
      for (const i of corners(x.map((v) => v / right), y.map((v) => v / top), 0.2)) {
        columns.line.push(line);
        columns.level.push(level);
        columns.x.push(x[i]);
        columns.y.push(y[i]);
      }
    }
  }
  return {
    data: inlineData(columns),
    mark: { type: "line", strokeWidth: 1, clip: true },
    encoding: {
      x,
      y,
      detail: { field: "line", type: "nominal" },
      order: { value: null }, // as in the data
      color: {
        field: "level",
        type: "quantitative",
        scale: { type: log ? "log" : "linear", range: ["#52606d", "#c5ced8"] },
        legend: { title, format: log ? ".6~g" : ".3~g" },
      },
    },
  };
}

function pathLines(trails: readonly Trail[], x: Spec, y: Spec): Spec {
  const names = trails.map((trail) => trail.name);
  return {
    data: inlineData({
      path: trails.flatMap((trail) => trail.iteration.map(() => trail.name)),
      iteration: trails.flatMap((trail) => trail.iteration),
      x: trails.flatMap((trail) => Array.from(trail.x)),
      y: trails.flatMap((trail) => Array.from(trail.y)),
      value: trails.flatMap((trail) => trail.value),
    }),
    params: [legendSelection("path"), zoomSelection],
    mark: { type: "line", strokeWidth: 1.8, clip: true, point: { size: 22, filled: true } },
    encoding: {
      x,
      y,
      order: { field: "iteration", type: "quantitative" },
      ...distinguish("path", names, "solver"),
      opacity: { condition: { param: "shown", value: 1 }, value: faded },
      tooltip: [
        { field: "path", title: "solver" },
        { field: "iteration", type: "quantitative" },
        { field: "x", title: "x₁", type: "quantitative", format: ".5~g" },
        { field: "y", title: "x₂", type: "quantitative", format: ".5~g" },
        { field: "value", title: "f(x)", type: "quantitative", format: ".4~g" },
      ],
    },
  };
}

function planar(problem: Smooth): void {
  if (problem.dimension !== 2) {
    throw new DomainError(`Cannot draw level lines: expected a problem of 2 variables, got ${problem.dimension}`);
  }
}

function ofPlane(problem: Smooth): (x: number, y: number) => number {
  planar(problem);
  const point = new Float64Array(2);
  return (x, y) => {
    point[0] = x;
    point[1] = y;
    return problem.value(point);
  };
}

function sample(f: (x: number, y: number) => number, x: readonly [number, number], y: readonly [number, number]): Grid {
  for (const [low, high] of [x, y]) {
    if (!(low < high && Number.isFinite(high - low))) {
      throw new DomainError(`Cannot draw level lines: expected a range [low, high], got [${low}, ${high}]`);
    }
  }
  const ticks = ([low, high]: readonly [number, number]): number[] =>
    Array.from({ length: nodes }, (_, i) => low + ((high - low) * i) / (nodes - 1));
  const xs = ticks(x), ys = ticks(y), values = ys.flatMap((b) => xs.map((a) => f(a, b)));
  if (!values.some(Number.isFinite)) {
    throw new DomainError("Cannot draw level lines: the function has no finite value in the window");
  }
  return { x: xs, y: ys, values };
}

function smallest(values: ArrayLike<number>): number {
  let least = Infinity;
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i]) && values[i] < least) least = values[i];
  return least;
}

/** How much of each variable a pixel covers. */
function pixelSizes({ x, y }: Grid): [number, number] {
  const spans = [x[x.length - 1] - x[0], y[y.length - 1] - y[0]];
  return [spans[0] / width, spans[1] / heightFor(spans[1] / spans[0])];
}

function heightFor(aspect: number): number {
  return Math.round(width * Math.min(Math.max(aspect, 0.5), 0.9));
}

/** Levels 1, 3, 10, 30, … (or powers of 10, 100, … where there are many) from the lower heights to the largest. */
function powers(heights: readonly number[]): number[] {
  const positive = heights.filter((h) => h > 0 && Number.isFinite(h)).sort((a, b) => a - b);
  if (positive.length === 0) return [1];
  // Around the minimizers, lines would only crowd: the lowest one encloses a hundredth of the window.
  const from = Math.log10(positive[Math.floor(positive.length / 100)]), to = Math.log10(positive[positive.length - 1]);
  const perDecade = [4, 2, 1, 0.5, 0.25].find((each) => (to - from) * each <= mostLevels) ?? mostLevels / (to - from);
  const levels = [];
  for (let k = Math.ceil(from * perDecade); k / perDecade < to; k++) {
    levels.push(Number((10 ** (k / perDecade)).toPrecision(perDecade === 2 ? 1 : 2)));
  }
  return levels.length > 0 ? levels : [positive[positive.length >> 1]];
}

function even(heights: readonly number[]): number[] {
  const highest = heights.reduce((most, h) => Number.isFinite(h) && h > most ? h : most, 0);
  return Array.from({ length: mostLevels }, (_, i) => (highest * (i + 0.5)) / mostLevels);
}

function axis(field: string, title: string, domain: readonly [number, number]): Spec {
  return {
    field,
    type: "quantitative",
    title,
    scale: { domain, nice: false, zero: false },
    axis: { grid: false, format: ".6~g" },
  };
}
