/**
 * The shape of the function at the end of a run: is it a minimum, is it flat, how narrow is the valley?
 *
 * The extreme eigenvalues of the Hessian in scaled variables (each with curvature 1 along its axis) by Lanczos with
 * differences of gradients; what they suggest is then tried on values of f before it is said.
 *
 * @module
 */
import { axpy, dot, isFiniteVector, norm2, normInf, rng, type Vector } from "../../core/mod.ts";
import { type Curvature, smallestCurvature } from "../../linalg/mod.ts";
import { type Advised, coordinates, leading, rough, type Site } from "./finding.ts";
import { follow } from "./rays.ts";
import type { Curvatures } from "./scaling.ts";

/** Below this share of the largest curvature, differences of gradients cannot tell a curvature from none. */
const RESOLVED = 1e-8;

/** Conditions from which on they are told, and from which on they are a likely cause of trouble. */
const TOLD = 1e4, HARMFUL = 1e6;

/** Looks along the direction of least curvature, and along the flattest coordinate. */
export function examineShape(site: Site, along: Curvatures, ended: boolean, trouble: boolean): Advised[] {
  const { f, x, gradient, drop, reach } = site, n = x.length, scale = scales(along, n);
  const curvature = curvatureOf(scaledHessian(site, scale), n);
  if (!curvature) return [];
  const largest = Math.max(Math.abs(curvature.upper), Math.abs(curvature.largest));
  const share = largest > 0 ? curvature.upper / largest : 0;
  const least = unit(curvature.direction.map((v, i) => v * scale[i]));
  const directions = [least, ...flattestCoordinate(along, n)];
  const significant = Math.max(10 * site.noise, 1e-13 * Math.max(Math.abs(site.value), drop));

  const lower = ended ? directions.map((d) => descends(site, d, significant)).find((found) => found) : undefined;
  if (lower) return [saddle(lower, share)];
  const endless = directions.flatMap((d) => [d, d.map((di) => -di)]).map((d) => follow(site, d)).find((found) => found);
  if (endless) return [endless];
  const trial = new Float64Array(n);
  const change = (d: Vector, t: number): number => {
    trial.set(x);
    axpy(t, d, trial);
    return Math.abs(f.value(trial) - site.value);
  };
  const nothing = Math.max(10 * site.noise, 1e-10 * drop, 1e-14 * Math.abs(site.value));
  const flat = directions.find((d) => change(d, reach) <= nothing && change(d, -reach) <= nothing);
  if (flat) return [flatness(flat, reach, nothing, largest === 0 || normInf(gradient) === 0 && share === 0)];
  return conditioning(share, least, trouble);
}

/** `1/√|hᵢ|` where every coordinate has been looked at; else all variables count alike. */
function scales({ sampled, values }: Curvatures, n: number): Vector {
  const scale = new Float64Array(n).fill(1);
  const known = values.map((h) => 1 / Math.sqrt(Math.abs(h))).filter((s) => s > 0 && Number.isFinite(s));
  if (sampled.length < n || known.length === 0) return scale;
  known.sort((a, b) => a - b);
  const middle = known[known.length >> 1];
  return scale.map((_, i) => {
    const s = 1 / Math.sqrt(Math.abs(values[i]));
    return s > 0 && Number.isFinite(s) ? s : middle;
  });
}

/** The extreme curvatures of a symmetric operator, where its products are finite. */
function curvatureOf(product: (v: Vector, out: Vector) => void, n: number): Curvature | undefined {
  let isFinite = true;
  const apply = (v: Vector, out: Vector): void => {
    product(v, out);
    isFinite &&= isFiniteVector(out);
    if (!isFinite) out.fill(0);
  };
  const curvature = smallestCurvature({ rows: n, columns: n, apply, applyTranspose: apply }, { random: rng(3) });
  return isFinite ? curvature : undefined;
}

/** `D ∇²f(x) D v` for the diagonal matrix D of scales, by central differences. */
function scaledHessian({ f, x }: Site, scale: Vector): (v: Vector, out: Vector) => void {
  const n = x.length, trial = new Float64Array(n), below = new Float64Array(n);
  const sizes = [...x].map((xi, i) => Math.abs(xi) / scale[i]).sort((a, b) => a - b);
  const t = Math.cbrt(Number.EPSILON) * Math.max(1, sizes[n >> 1]);
  return (v, out) => {
    for (let i = 0; i < n; i++) trial[i] = x[i] + t * scale[i] * v[i];
    f.gradient(trial, out);
    for (let i = 0; i < n; i++) trial[i] = x[i] - t * scale[i] * v[i];
    f.gradient(trial, below);
    for (let i = 0; i < n; i++) out[i] = scale[i] * (out[i] - below[i]) / (2 * t);
  };
}

function flattestCoordinate({ sampled, values }: Curvatures, n: number): Vector[] {
  let flattest = -1;
  values.forEach((h, k) => {
    if (!Number.isNaN(h) && (flattest < 0 || h < values[flattest])) flattest = k;
  });
  if (flattest < 0) return [];
  const axis = new Float64Array(n);
  axis[sampled[flattest]] = 1;
  return [axis];
}

interface Descent {
  readonly direction: Vector;
  readonly step: number;
  readonly decrease: number;
}

/** Whether the first change of f along the line that noise and slope do not explain is a decrease. */
function descends({ f, x, value, gradient, reach }: Site, d: Vector, significant: number): Descent | undefined {
  const trial = new Float64Array(x.length), slope = Math.abs(dot(gradient, d));
  for (const sign of [1, -1]) {
    for (let t = 1e-6 * reach; t <= reach; t *= 4) {
      trial.set(x);
      axpy(sign * t, d, trial);
      const change = f.value(trial) - value;
      if (!(Math.abs(change) > significant + 2 * t * slope)) continue;
      if (change > 0) break;
      let step = t, decrease = -change;
      for (; step < reach; step *= 4) { // how far down it goes
        axpy(3 * sign * step, d, trial);
        const further = value - f.value(trial);
        if (!(further > decrease)) break;
        decrease = further;
      }
      return { direction: d.map((di) => sign * di), step, decrease };
    }
  }
  return undefined;
}

function saddle({ direction, step, decrease }: Descent, share: number): Advised {
  const list = leading(direction);
  return {
    topic: "saddle",
    severity: "error",
    text: `this is no minimum: the gradient is small, yet f falls by ${rough(decrease)} within ${rough(step)} along ` +
      `${coordinates(list)}` + (share < -RESOLVED ? " (negative curvature: a saddle point or a maximum)" : ""),
    data: { coordinates: list, step, decrease, curvature: share, ...small("direction", direction) },
    advice: [
      "go on from x + t d with the direction d and the step t of this finding, or start elsewhere: gradients vanish at saddle points",
    ],
  };
}

function flatness(direction: Vector, reach: number, nothing: number, everywhere: boolean): Advised {
  const list = leading(direction);
  return {
    topic: "flatness",
    severity: "warning",
    text: everywhere
      ? `f does not change around x: a plateau, not necessarily a minimum`
      : `f is flat along ${coordinates(list)}: a move of ${rough(reach)} changes it by less than ${
        rough(nothing)
      }, so that ` +
        "x is not determined in this direction",
    data: { coordinates: list, reach, change: nothing, ...small("direction", direction) },
    advice: [
      everywhere
        ? "start closer to where f changes, or scale f so that its slopes are not lost"
        : "fix a variable, remove what is redundant, or add a small regularizer such as 1e-8 |x|²",
    ],
  };
}

function conditioning(share: number, least: Vector, trouble: boolean): Advised[] {
  if (share > 1 / TOLD || share < -RESOLVED) return [];
  const list = leading(least), condition = 1 / share, resolved = share > RESOLVED;
  return [{
    topic: "conditioning",
    severity: trouble && !(condition < HARMFUL) ? "warning" : "info",
    text: resolved
      ? `a narrow valley along ${coordinates(list)}: condition ${rough(condition)} after scaling each variable`
      : `the curvature vanishes along ${coordinates(list)}: methods close in on such a point slowly`,
    data: { coordinates: list, ...(resolved && { condition }), ...small("direction", least) },
    advice: [
      "gradient methods need iterations in proportion to the condition (momentum: to its root); use BFGS, L-BFGS or Newton-CG, or a preconditioner",
    ],
  }];
}

/** The direction as numbers where it has few. */
function small(name: string, direction: Vector): Record<string, readonly number[]> {
  return direction.length <= 20 ? { [name]: [...direction] } : {};
}

function unit(v: Vector): Vector {
  const r = norm2(v);
  return r > 0 ? v.map((vi) => vi / r) : v;
}
