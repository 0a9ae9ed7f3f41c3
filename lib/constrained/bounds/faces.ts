/**
 * Low points of a quadratic model in a box and a trust region, from face to face of the box.
 *
 * Source: Lin and Moré, Newton's method for large bound-constrained optimization problems (1999), sections 2, 4 and 5.
 *
 * @module
 */
import { axpy, dot, type Matrix, norm2, normInf, type TwiceSmooth, type Vector } from "../../core/mod.ts";
import { matvec } from "../../linalg/mod.ts";
import { exactStep, steihaug, type Subproblem } from "../../smooth/mod.ts";

/**
 * Kinks in the gradient of a function `f + Σ max(0, sᵢ)²/2ρᵢ`: with `sᵢ(x + p) ≈ sᵢ + ρᵢ aᵢ·p` a term comes in, or goes
 * out, where that changes its sign.
 */
export interface Kinks {
  /** The rows aᵢ. */
  readonly rows: Matrix;
  /** `sᵢ` at x. */
  readonly levels: Vector;
  /** ρᵢ. */
  readonly weights: Vector;
}

/** A function that tells of the kinks in its gradient; its Hessian has the `ρᵢ aᵢaᵢᵀ` with `sᵢ > 0`. */
export interface Kinked {
  /** The kinks at x. */
  readonly kinks: (x: Vector) => Kinks;
}

/** The model `q(p) = g·p + ½ pᵀHp` at x, and what its kinks add. */
export interface BoxModel {
  /** x, in the box. */
  readonly x: Vector;
  /** g. */
  readonly gradient: Vector;
  /** H, where it is known as a matrix. */
  readonly hessian?: Matrix;
  /** The kinks, where there are any. */
  readonly kinks?: Kinks;
  /** Writes `H v` into `out`. */
  readonly product: (v: Vector, out: Vector) => void;
}

/** What steps are made of. */
export interface Faces {
  /** Lower bounds. */
  readonly lower: Vector;
  /** Upper bounds. */
  readonly upper: Vector;
  /** D: lengths are those of D p. */
  readonly scale: Vector;
  /** p. */
  step: Vector;
  /** The p that is tried. */
  trial: Vector;
  /** The change of the model's gradient at p: Hp, and what kinks add. */
  product: Vector;
  /** The same at the p that is tried. */
  trialProduct: Vector;
  /** t of the last Cauchy step. */
  length: number;
}

/** Room for steps in a box. */
export function facesFor(lower: Vector, upper: Vector): Faces {
  const room = (): Vector => new Float64Array(lower.length);
  const scale = room().fill(1);
  return { lower, upper, scale, step: room(), trial: room(), product: room(), trialProduct: room(), length: 1 };
}

/** μ: a projected step brings this share of what its slope promises. */
const SHARE = 0.01;

/** A face is good enough where the reduced gradient of the model is this share of that of f, less what bounds hold. */
const ENOUGH = 1e-8;

/** `|D p|`. */
export function lengthOf({ scale }: Faces, p: Vector): number {
  let s = 0;
  for (let i = 0; i < p.length; i++) s += (scale[i] * p[i]) ** 2;
  return Math.sqrt(s);
}

/** Writes `x + p` into `out`, p in `faces.step`; returns `-q(p)`. */
export function modelStep(faces: Faces, model: BoxModel, radius: number, out: Vector): number {
  let decrease = leaveLevelBounds(faces, model, radius, cauchyStep(faces, model, radius));
  const n = out.length,
    most = n + 2 * (model.kinks?.levels.length ?? 0),
    { x, gradient: g } = model,
    reduced = new Float64Array(n),
    { scale } = faces;
  const whole = norm2(g.map((gi, i) => (gi > 0 ? x[i] > faces.lower[i] : x[i] < faces.upper[i]) ? gi / scale[i] : 0));
  for (let k = 0; k <= most; k++) {
    const free: number[] = [];
    let size = 0;
    for (let i = 0; i < n; i++) {
      const at = placeOf(faces, i, x[i]);
      if (!(at > faces.lower[i] && at < faces.upper[i])) continue;
      reduced[free.length] = (g[i] + faces.product[i]) / scale[i];
      size = Math.hypot(size, reduced[free.length]);
      free.push(i);
    }
    if (free.length === 0 || !(size > ENOUGH * whole)) break;
    const lower = searchFace(faces, model, radius, free, reduced.slice(0, free.length), decrease);
    if (!(lower > decrease)) break;
    decrease = lower;
    if (lengthOf(faces, faces.step) >= 0.9 * radius) break;
  }
  for (let i = 0; i < n; i++) out[i] = placeOf(faces, i, x[i]);
  return decrease;
}

function inside({ lower, upper }: Faces, i: number, value: number): number {
  return Math.max(lower[i], Math.min(upper[i], value));
}

/** `xᵢ + pᵢ`, at a bound where rounding alone keeps it from there. */
function placeOf({ lower, upper, step }: Faces, i: number, xi: number): number {
  const at = xi + step[i], slack = 4 * Number.EPSILON * Math.max(Math.abs(xi), Math.abs(at));
  return at <= lower[i] + slack ? lower[i] : at >= upper[i] - slack ? upper[i] : at;
}

/** Evaluates the model at the step that is tried: returns `-q`. */
function decreaseAt({ trial, trialProduct }: Faces, { gradient, hessian, kinks, product }: BoxModel): number {
  if (hessian) matvec(hessian, trial, trialProduct);
  else product(trial, trialProduct);
  const smooth = -dot(gradient, trial) - dot(trial, trialProduct) / 2;
  return kinks ? smooth - addKinks(kinks, trial, trialProduct) : smooth;
}

/** How far beyond its kink a term is at p: 0 where it has not come to it. */
function beyond({ rows: { columns: n, data }, levels, weights }: Kinks, i: number, p: Vector): number {
  const level = levels[i] + weights[i] * dot(data.subarray(i * n, (i + 1) * n), p);
  return Math.max(0, levels[i] > 0 ? -level : level);
}

/** Adds to the gradient of the model what terms beyond their kinks change; returns what they add to its value. */
function addKinks(kinks: Kinks, p: Vector, gradient: Vector): number {
  const { rows: { rows: m, columns: n, data }, levels, weights } = kinks;
  let added = 0;
  for (let i = 0; i < m; i++) {
    const over = beyond(kinks, i, p);
    if (over === 0) continue;
    axpy(over, data.subarray(i * n, (i + 1) * n), gradient);
    added += (levels[i] > 0 ? -1 : 1) * over * over / (2 * weights[i]);
  }
  return added;
}

/** The Hessian of the model at p. */
function hessianAt({ hessian: H, kinks }: BoxModel, p: Vector): Matrix | undefined {
  if (!H || !kinks) return H;
  const { rows: { rows: m, columns: n, data }, levels, weights } = kinks, bent = { ...H, data: H.data.slice() };
  for (let i = 0; i < m; i++) {
    if (beyond(kinks, i, p) === 0) continue;
    const a = data.subarray(i * n, (i + 1) * n), weight = levels[i] > 0 ? -weights[i] : weights[i];
    for (let j = 0; j < n; j++) axpy(weight * a[j], a, bent.data.subarray(j * n, (j + 1) * n));
  }
  return bent;
}

function accept(faces: Faces): void {
  const { step, product } = faces;
  faces.step = faces.trial;
  faces.trial = step;
  faces.product = faces.trialProduct;
  faces.trialProduct = product;
}

/** Sets p to a step along the projected gradient, t from the last one up or down by tens; returns `-q(p)`. */
function cauchyStep(faces: Faces, model: BoxModel, radius: number): number {
  const { x, gradient: g } = model, { scale } = faces, n = x.length;
  let decrease = 0, best = 0, t = faces.length;
  const isGood = (): boolean => {
    let slope = 0;
    for (let i = 0; i < n; i++) {
      faces.trial[i] = inside(faces, i, x[i] - t * g[i] / scale[i] ** 2) - x[i];
      slope += g[i] * faces.trial[i];
    }
    decrease = decreaseAt(faces, model);
    return decrease >= -SHARE * slope && lengthOf(faces, faces.trial) <= radius;
  };
  const take = (): void => {
    accept(faces);
    best = decrease;
    faces.length = t;
  };
  if (isGood()) {
    do {
      take();
      t *= 10;
    } while (t < 1e30 && isGood() && faces.trial.some((v, i) => v !== faces.step[i]));
    return best;
  }
  do t /= 10; while (t > 1e-300 && !isGood());
  take();
  return best;
}

/** A slope that is this share of the largest, or less, is 0. */
const LEVEL = 1e-12;

/**
 * Moves variables off bounds at which the model has no slope but curves down: a stationary point like that is no
 * minimizer. Returns the decrease.
 */
function leaveLevelBounds(faces: Faces, model: BoxModel, radius: number, before: number): number {
  const { x, gradient: g, hessian: H } = model, { lower, upper, scale } = faces, n = x.length;
  let decrease = before;
  for (let i = 0; H && i < n; i++) {
    const at = placeOf(faces, i, x[i]), isLow = at <= lower[i];
    if (lower[i] === upper[i] || !isLow && at < upper[i] || !(H.data[i * (n + 1)] < 0)) continue;
    if (Math.abs(g[i] + faces.product[i]) > LEVEL * Math.max(1, normInf(g))) continue;
    faces.trial.set(faces.step);
    const length = Math.min(radius / scale[i], upper[i] - lower[i]);
    faces.trial[i] = (isLow ? lower[i] + length : upper[i] - length) - x[i];
    const lowered = decreaseAt(faces, model);
    if (!(lowered > decrease)) continue;
    accept(faces);
    decrease = lowered;
  }
  return decrease;
}

/** Lowers the model over the free variables, from p, on a path bent into the box; returns the decrease. */
function searchFace(
  faces: Faces,
  model: BoxModel,
  radius: number,
  free: readonly number[],
  gradient: Vector,
  before: number,
): number {
  const w = new Float64Array(free.length), method = (model.hessian ? exactStep() : steihaug()) as Subproblem<unknown>;
  const { scale } = faces, { x } = model;
  const problem = onFace(model, hessianAt(model, faces.step), free, scale);
  method.solve({ problem, x: w.slice(), gradient, isNew: true }, radius, method.init(free.length), w);
  for (let k = 0; k < free.length; k++) w[k] /= scale[free[k]];
  for (let beta = 1; beta > 1e-10; beta /= 2) {
    let slope = 0;
    faces.trial.set(faces.step);
    for (let k = 0; k < free.length; k++) {
      const i = free[k], to = x[i] + faces.step[i] + beta * w[k], at = inside(faces, i, to);
      faces.trial[i] = at === to ? faces.step[i] + beta * w[k] : at - x[i];
      slope += gradient[k] * scale[i] * (faces.trial[i] - faces.step[i]);
    }
    const decrease = decreaseAt(faces, model);
    if (decrease - before >= -SHARE * slope && decrease > before) {
      accept(faces);
      return decrease;
    }
  }
  return before;
}

/** The model's Hessian in the free variables, times D⁻¹ from both sides. */
function onFace(
  { x, product }: BoxModel,
  hessian: Matrix | undefined,
  free: readonly number[],
  scale: Vector,
): TwiceSmooth {
  const n = x.length, size = free.length, whole = new Float64Array(n), image = new Float64Array(n);
  const unused = (): number => NaN;
  return {
    kind: "smooth",
    dimension: size,
    value: unused,
    gradient: unused,
    hessianVector: (_, v, out) => {
      whole.fill(0);
      for (let k = 0; k < size; k++) whole[free[k]] = v[k] / scale[free[k]];
      if (hessian) matvec(hessian, whole, image);
      else product(whole, image);
      for (let k = 0; k < size; k++) out[k] = image[free[k]] / scale[free[k]];
    },
  };
}
