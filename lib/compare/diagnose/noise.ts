/**
 * The noise level of a computed function, from a table of its differences.
 *
 * Along a line, the k-th differences of a smooth function shrink like `hᵏ`, those of noise do not:
 *
 * ```
 * Tᵢ,₀ = f(x + i h p),   Tᵢ,ₖ₊₁ = Tᵢ₊₁,ₖ - Tᵢ,ₖ
 * σₖ² = γₖ/(m + 1 - k) Σᵢ Tᵢ,ₖ²,   γₖ = (k!)²/(2k)!
 * ```
 *
 * and the noise is σₖ for the first k where σₖ, σₖ₊₁, σₖ₊₂ agree within a factor of 4 and the k-th differences change
 * sign.
 *
 * Source: Moré and Wild, Estimating computational noise (2011), sections 3 to 5.
 *
 * @module
 */
import { fillSphere, rng, type Vector } from "../../core/mod.ts";
import { type Advised, rough, type Site, sizes } from "./finding.ts";

/** Differences taken at each step, and lines that are looked at. */
const ORDER = 8, LINES = 3;

/** Relative steps in the order in which they are tried: too small ones give equal values, too large ones a trend. */
const STEPS = [1e-8, 1e-10, 1e-6, 1e-12, 1e-4];

/** An estimate of the noise. */
export interface Noise {
  /** The standard deviation; 0 where no step told noise from trend. */
  readonly level: number;
  /** The largest value in the table. */
  readonly size: number;
  /** Whether two calls at the same point gave different values. */
  readonly repeats: boolean;
}

/** The noise of `f` near x: the most that a few lines through x show, as noise that has a period hides from some. */
export function noiseLevel(f: (x: Vector) => number, x: Vector): Noise {
  const generator = rng(11), direction = new Float64Array(x.length), repeats = Object.is(f(x), f(x)), scale = sizes(x);
  let level = 0, size = 0;
  for (let line = 0; line < LINES; line++) {
    fillSphere(generator, direction);
    for (let i = 0; i < x.length; i++) direction[i] *= scale[i];
    const found = along(f, x, direction);
    level = Math.max(level, found.level);
    size = Math.max(size, found.size);
  }
  return { level, size, repeats };
}

/** The noise along a line: of the first step that tells it from the trend. */
function along(f: (x: Vector) => number, x: Vector, direction: Vector): { level: number; size: number } {
  const trial = new Float64Array(x.length);
  for (const h of STEPS) {
    const values = Array.from({ length: ORDER + 1 }, (_, k) => {
      for (let i = 0; i < x.length; i++) trial[i] = x[i] + k * h * direction[i];
      return f(trial);
    });
    const level = levelOf(values);
    if (level !== undefined) return { level, size: Math.max(...values.map(Math.abs)) };
  }
  return { level: 0, size: 0 };
}

/** The noise in equally spaced values, or nothing where trend and noise cannot be told apart. */
function levelOf(values: readonly number[]): number | undefined {
  if (!values.every(Number.isFinite)) return undefined;
  const levels: number[] = [], changes: boolean[] = [];
  let table = values, gamma = 1;
  for (let k = 1; k < values.length; k++) {
    table = table.slice(1).map((value, i) => value - table[i]);
    if (k === 1 && table.filter((d) => d === 0).length >= table.length / 2) return undefined;
    gamma *= k / (2 * (2 * k - 1));
    levels.push(Math.sqrt(gamma / table.length * table.reduce((sum, d) => sum + d * d, 0)));
    changes.push(table.some((d) => d > 0) && table.some((d) => d < 0));
  }
  for (let k = 0; k + 2 < levels.length; k++) {
    const three = levels.slice(k, k + 3);
    if (Math.max(...three) <= 4 * Math.min(...three) && changes[k]) return levels[k];
  }
  return undefined;
}

/** Whether it is more than rounding explains, and more than nothing beside what a run has gained. */
export function isNoisy({ level, size }: Noise, drop: number): boolean {
  return level > Math.max(1e4 * Number.EPSILON * size, 1e-13 * drop);
}

/** Measures the noise, keeps it in the site, and reports it where it is more than rounding. */
export function examineNoise(site: Site): Advised[] {
  const noise = noiseLevel(site.f.value, site.x), { level, repeats } = noise, here = Math.abs(site.value);
  site.noise = level;
  if (!repeats) {
    return [{
      topic: "noise",
      severity: "error",
      text: `two calls at the same point give different values (noise about ${rough(level)})`,
      data: { noise: level },
      advice: ["make the function repeatable (a fixed seed, a fixed batch), or use a stochastic method"],
    }];
  }
  if (!isNoisy(noise, site.drop)) return [];
  return [{
    topic: "noise",
    severity: "warning",
    text: `values carry noise of about ${rough(level)}` + (here > 0 ? `, ${rough(level / here)} of f` : "") +
      "; smaller differences say nothing",
    data: { noise: level },
    advice: [
      "compute f more accurately (a tighter inner tolerance, double precision), or loosen the tolerance to what the noise allows",
    ],
  }];
}
