/**
 * Is the gradient right? Differences at the start and the end of a run, with a fair allowance for noise.
 *
 * @module
 */
import {
  along,
  checkDerivatives,
  dot,
  fillDirection,
  fillNormal,
  isFiniteVector,
  type Mismatch,
  norm2,
  rng,
  type Smooth,
  type TwiceSmooth,
  type Vector,
} from "../../core/mod.ts";
import { type Advised, coordinates, rough, type Site } from "./finding.ts";
import { isNoisy, type Noise, noiseLevel } from "./noise.ts";

/** Up to here every coordinate is checked; beyond, groups of coordinates, and then the members of the worst group. */
const SINGLE = 256, GROUPS = 64;

/** A derivative that differences contradict. */
interface Wrong extends Mismatch {
  readonly where: string;
  /** The slopes on both sides, where they differ: no gradient could be right. */
  readonly kink: readonly [number, number] | undefined;
}

/** Compares derivatives with differences at the start, at the end, and at a random point near it. */
export function examineDerivatives(site: Site): Advised[] {
  const places: [string, Vector][] = [
    ["at the start", site.start],
    ["near the end", nearby(site.x)],
    ["at the end", site.x],
  ];
  const torn: Advised[] = [], mismatches: Wrong[] = [];
  let noisy = false;
  for (const [where, x] of places) {
    const noise = noiseLevel(site.f.value, x), found = inconsistent(site.f, where, x, noise);
    noisy ||= isNoisy(noise, site.drop);
    if (found) torn.push(found);
    else mismatches.push(...check(site, x, noise).map((mismatch) => ({ ...mismatch, where })));
  }
  if (torn.length > 0) return [torn[0]];
  const gradient = mismatches.filter(({ kink }) => !kink), kinks = mismatches.filter(({ kink }) => kink);
  if (gradient.length > 0) return [aboutGradient(gradient, site.f.dimension, noisy)];
  if (kinks.length > 0) return [aboutKink(kinks[0])];
  const { f } = site;
  if (!("hessianVector" in f)) return [];
  for (const [where, x] of places) {
    const found = examineHessian(f as TwiceSmooth, where, x);
    if (found.length > 0) return found;
  }
  return [];
}

/** Whether `gradient` returns another value than `value`. */
function inconsistent(f: Smooth, where: string, x: Vector, { level }: Noise): Advised | undefined {
  const value = f.value(x), returned = f.gradient(x, new Float64Array(x.length));
  const size = Math.max(Math.abs(value), Math.abs(returned));
  if (Object.is(value, returned) || !(Math.abs(value - returned) > 1e-9 * size + 10 * level)) return undefined;
  return {
    topic: "gradient",
    severity: "error",
    text: `gradient returns f = ${returned.toPrecision(8)} ${where}, value returns ${value.toPrecision(8)}`,
    data: { value, returned, where },
    advice: ["let gradient return the same f as value"],
  };
}

/** A point that no solver would choose: special points hide errors. */
export function nearby(x: Vector): Vector {
  const away = fillNormal(rng(5), new Float64Array(x.length));
  return x.map((xi, i) => xi + 0.1 * Math.max(1, Math.abs(xi)) * away[i]);
}

function check({ f }: Site, x: Vector, noise: Noise): Omit<Wrong, "where">[] {
  const g = new Float64Array(x.length), here = f.gradient(x, g);
  if (!Number.isFinite(here) || !isFiniteVector(g)) return []; // said under another topic
  return mismatches(f, x).filter(({ coordinate, given, difference }) => {
    if (!Number.isFinite(difference)) return false;
    if (coordinate < 0) return false;
    const quotient = noisyQuotient(f.value, x, axis(x.length, coordinate), noise.level);
    const size = Math.max(Math.abs(given), Math.abs(difference)), xi = Math.max(1, Math.abs(x[coordinate]));
    // a gradient made by forward differences has this error, which is no fault
    const forward = Math.sqrt(Number.EPSILON) * (2 * xi * Math.abs(quotient.curvature) + 6 * Math.abs(here) / xi);
    const allowed = 4 * quotient.error + 1e-4 * size + forward;
    return Math.abs(given - quotient.value) > allowed && Math.abs(given - difference) > 1e-4 * size;
  }).map((mismatch) => ({
    ...mismatch,
    kink: mismatch.coordinate < 0 ? undefined : kinkAt(f, x, mismatch.coordinate),
  }));
}

/** The disagreements by coordinate; with many coordinates, those of the worst group. */
function mismatches({ value, gradient }: Smooth, x: Vector): readonly Mismatch[] {
  const f: Smooth = { kind: "smooth", dimension: x.length, value, gradient }; // the Hessian has its own check
  const check = (f: Smooth, x: Vector): readonly Mismatch[] => checkDerivatives(f, x, { tolerance: 1e-8 }).mismatches;
  if (x.length <= SINGLE) return check(f, x);
  const weights = fillNormal(rng(6), new Float64Array(x.length)); // errors of equal size must not cancel
  for (let i = 0; i < x.length; i++) weights[i] *= Math.max(1, Math.abs(x[i]));
  let members = Array.from(x.keys());
  while (members.length > SINGLE) {
    const groups = Array.from({ length: GROUPS }, (_, k) => members.filter((_, j) => j % GROUPS === k));
    const found = check(grouped(f, x, groups, weights), new Float64Array(GROUPS));
    const worst = found.find(({ coordinate }) => coordinate >= 0);
    if (!worst) return found;
    members = groups[worst.coordinate];
  }
  const single = grouped(f, x, members.map((i) => [i]), weights);
  return check(single, new Float64Array(members.length)).map((m) => {
    const i = members[m.coordinate], unit = m.coordinate < 0 ? 1 : weights[i];
    return { ...m, coordinate: i ?? -1, given: m.given / unit, difference: m.difference / unit };
  });
}

/** `f(x + Σ zₖ uₖ)` as a function of z, where uₖ has the weights of the k-th group. */
function grouped(f: Smooth, x: Vector, groups: readonly (readonly number[])[], weights: Vector): Smooth {
  const at = x.slice(), g = new Float64Array(x.length);
  const move = (z: Vector): void =>
    groups.forEach((group, k) => group.forEach((i) => at[i] = x[i] + z[k] * weights[i]));
  return {
    kind: "smooth",
    dimension: groups.length,
    value: (z) => {
      move(z);
      return f.value(at);
    },
    gradient: (z, out) => {
      move(z);
      const value = f.gradient(at, g);
      groups.forEach((group, k) => out[k] = group.reduce((sum, i) => sum + g[i] * weights[i], 0));
      return value;
    },
  };
}

interface Quotient {
  readonly value: number;
  readonly error: number;
  /** The second derivative along the same line, roughly. */
  readonly curvature: number;
}

/** The central quotient along v at the step where noise and truncation together are smallest. */
function noisyQuotient(f: (x: Vector) => number, x: Vector, v: Vector, noise: number): Quotient {
  const trial = new Float64Array(x.length), here = f(x), scale = Math.max(1e-3, Math.abs(dot(x, v)));
  const at = (t: number): number => {
    along(x, t, v, trial);
    return f(trial);
  };
  let best = { value: NaN, error: Infinity, curvature: 0 }, previous = NaN;
  for (let h = 0.25; h > 1e-9; h /= 4) {
    const t = h * scale, above = at(t), below = at(-t), value = (above - below) / (2 * t);
    if (above === here && below === here && h > 1e-8) continue; // a step of a staircase, unless it is level everywhere
    const error = Math.abs(value - previous) + 2 * noise / t + Number.EPSILON * (Math.abs(above) + Math.abs(below)) / t;
    if (error < best.error) best = { value, error, curvature: (above - 2 * here + below) / (t * t) };
    previous = value;
  }
  return best;
}

function axis(n: number, i: number): Vector {
  const v = new Float64Array(n);
  v[i] = 1;
  return v;
}

/** Whether products with the Hessian agree with differences of the gradient, along random directions. */
function examineHessian(f: TwiceSmooth, where: string, x: Vector): Advised[] {
  const n = x.length, generator = rng(7), g = new Float64Array(n), hv = new Float64Array(n);
  const slope = (w: Vector) => (y: Vector): number => {
    f.gradient(y, g);
    return dot(g, w);
  };
  const differs = (w: Vector, v: Vector, given: number, rounding: number): Quotient | undefined => {
    const quotient = noisyQuotient(slope(w), x, v, noiseLevel(slope(w), x).level);
    const enough = 4 * quotient.error + 10 * rounding + 1e-4 * Math.max(Math.abs(given), norm2(hv) / Math.sqrt(n));
    return Math.abs(given - quotient.value) > enough ? quotient : undefined;
  };
  for (let k = 0; k < 3; k++) {
    const u = fillDirection(generator, x, new Float64Array(n)), v = fillDirection(generator, x, new Float64Array(n));
    const product = (y: Vector): number => {
      f.hessianVector(y, v, hv);
      return dot(u, hv);
    };
    const rounding = noiseLevel(product, x).level; // much, where the products are differences themselves
    const given = product(x), whole = differs(u, v, given, rounding);
    if (!whole) continue;
    for (let i = 0; i < n && n <= SINGLE; i++) {
      const one = differs(axis(n, i), v, hv[i], rounding);
      if (one) return [aboutHessian(where, i, hv[i], one.value)];
    }
    return [aboutHessian(where, -1, given, whole.value)];
  }
  return [];
}

/** The slopes to the left and to the right, where they keep their distance as the steps shrink. */
function kinkAt({ value }: Smooth, x: Vector, i: number): readonly [number, number] | undefined {
  const trial = x.slice(), here = value(x), scale = Math.max(1, Math.abs(x[i]));
  const slopes = (h: number): readonly [number, number] => {
    const t = h * scale;
    trial[i] = x[i] + t;
    const right = (value(trial) - here) / t;
    trial[i] = x[i] - t;
    return [(here - value(trial)) / t, right];
  };
  const wide = slopes(1e-4), narrow = slopes(1e-6);
  const gap = ([left, right]: readonly [number, number]): number => Math.abs(right - left);
  const size = Math.max(Math.abs(narrow[0]), Math.abs(narrow[1])), ratio = gap(narrow) / gap(wide);
  return gap(narrow) > 0.1 * size && ratio > 0.5 && ratio < 2 ? narrow : undefined;
}

function aboutKink({ coordinate, where, kink }: Wrong): Advised {
  const [left, right] = kink!.map(rough);
  return {
    topic: "kink",
    severity: "error",
    text: `f has a kink in x[${coordinate}] ${where}: its slope is ${left} on one side, ${right} on the other`,
    data: { coordinates: [coordinate], slopes: [...kink!], where },
    advice: [
      "smooth f out, or state the part with the kink as the regularizer of a composite problem and use a proximal method",
    ],
  };
}

function aboutGradient(wrong: readonly Wrong[], n: number, noisy: boolean): Advised {
  const { where } = wrong[0], here = wrong.filter((one) => one.where === where);
  const list = here.map(({ coordinate }) => coordinate), factor = commonFactor(here);
  const [{ coordinate, given, difference }] = here;
  const example = `entry ${coordinate} is ${given.toPrecision(6)}, differences say ${difference.toPrecision(6)}`;
  const whole = here.length === n && n > 1;
  const what = factor === -1
    ? whole ? "the gradient has the wrong sign" : `the gradient has the wrong sign in ${coordinates(list)}`
    : factor !== undefined && whole
    ? `the gradient should be multiplied by ${rough(factor)}`
    : `the gradient is wrong in ${coordinates(list)}`;
  return {
    topic: "gradient",
    severity: "error",
    text: `${what}: ${where}, ${example}`,
    data: { coordinates: list, given: here.map((m) => m.given), differences: here.map((m) => m.difference), where },
    advice: [
      "correct the gradient (checkDerivatives(problem, x) shows each entry), or leave it to withDifferences(problem)",
      ...(noisy
        ? ["if the gradient is made by differences, the noise explains it: they need larger steps, or less noise"]
        : []),
    ],
  };
}

/** The number that would put all wrong entries right, if there is one. */
function commonFactor(wrong: readonly Wrong[]): number | undefined {
  const ratios = wrong.map(({ given, difference }) => difference / given), [first] = ratios;
  if (!Number.isFinite(first) || !ratios.every((r) => Math.abs(r - first) <= 1e-3 * Math.abs(first))) return undefined;
  return Math.abs(first + 1) < 1e-3 ? -1 : first;
}

function aboutHessian(where: string, entry: number, given: number, difference: number): Advised {
  const what = entry < 0 ? "hessianVector is wrong" : `entry ${entry} of hessianVector is wrong`;
  return {
    topic: "hessian",
    severity: "error",
    text: `${what}: ${where}, along a random direction it is ${rough(given)}, differences of the gradient say ` +
      rough(difference),
    data: { coordinates: entry < 0 ? [] : [entry], given, difference, where },
    advice: ["correct hessianVector, or leave it out and let withDifferences(problem) supply it"],
  };
}
