/**
 * Logarithms of modified Bessel functions, of any order and argument, where the functions themselves over- or
 * underflow.
 *
 * Three ways, chosen by order v and argument x; with `z = x/v`, `w = √(1 + z²)`, `t = 1/w`, `η = w - arsinh(1/z)`:
 *
 * ```
 * large x:  log I = x - log(2πx)/2 + log Σ (-1)^k a_k,     a_k = a_{k-1} (4v² - (2k-1)²) / (8kx)
 *           log K = log(π/(2x))/2 - x + log Σ a_k
 * large v:  log I = vη - log(2πv)/2 - log(w)/2 + log Σ u_k(t)/v^k
 *           log K = log(π/(2v))/2 - vη - log(w)/2 + log Σ (-1)^k u_k(t)/v^k
 * else:     I_v(x) = (x/2)^v / Γ(v+1) Σ_k (x²/4)^k / (k! (v+1)…(v+k))
 *           K_v(x) = ∫₀^∞ e^{-x cosh s} cosh(vs) ds
 * ```
 *
 * Source: Plesner, Sørensen and Hauberg, Accurate computation of the logarithm of modified Bessel functions on GPUs
 * (2024), arXiv 2409.08729, section 3 and table 1. Here the series are summed by ratios, and the integral is another.
 *
 * @module
 */
import { DomainError } from "../../core/mod.ts";
import { debyeDerivativeSum, debyeSum } from "./debye.ts";
import { logGamma } from "./log_gamma.ts";

/** An expansion and the index of its last term. */
interface Expansion {
  readonly large: "argument" | "order";
  readonly terms: number;
}

const argument3: Expansion = { large: "argument", terms: 3 }, argument20: Expansion = { large: "argument", terms: 20 };

/** An expansion for large orders, good where x is above `x` and the order above `least`, or the order above `v`. */
interface OrderRegion extends Expansion {
  readonly x: number;
  readonly least: number;
  readonly v: number;
}

const orderRegions: readonly OrderRegion[] = [
  { large: "order", terms: 4, x: 274.2377, least: 0.3, v: 163.6993 },
  { large: "order", terms: 6, x: 84.4153, least: 0.46, v: 56.9971 },
  { large: "order", terms: 9, x: 35.9074, least: 0.6, v: 20.1534 },
  { large: "order", terms: 13, x: 19.6931, least: 0.7, v: 12.6964 },
];

/** The expansion with the fewest terms that is exact to rounding; none where both numbers are small. */
function expansionAt(v: number, x: number): Expansion | undefined {
  const logX = Math.log(x), logV = Math.log(v), square = v * v;
  if ((x > 1400 && v < 3.05) || (0.6229 * logX - 3.2318 > logV && v > 3.1 && square < 0.002 * x)) return argument3;
  if ((x > 30 && v < 15.3919) || (0.5113 * logX + 0.7939 > logV && x > 59.6925 && square < 2 * x)) return argument20;
  return orderRegions.find((region) => (x > region.x && v > region.least) || v > region.v);
}

function checkArguments(verb: string, v: number, x: number): void {
  if (!Number.isFinite(v)) throw new DomainError(`Cannot ${verb}: expected a finite order, got ${v}`);
  if (!(x >= 0 && x < Infinity)) throw new DomainError(`Cannot ${verb}: expected a finite x >= 0, got ${x}`);
}

/**
 * `log I_v(x)`, I the modified Bessel function of the first kind. The error is some 1e-14 of the larger of 1 and the
 * value.
 *
 * @throws {DomainError} When v or x is negative or not finite.
 *
 * @example Where the function itself overflows
 * ```ts
 * import { logBesselI } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(logBesselI(0, 1), Math.log(1.2660658777520084), 1e-14);
 * assertAlmostEquals(logBesselI(0.5, 1000), 1000 + Math.log(1 / (2000 * Math.PI)) / 2, 1e-12); // √(2/πx) sinh x
 * ```
 */
export function logBesselI(v: number, x: number): number {
  checkArguments("compute a Bessel function", v, x);
  checkOrder(v);
  return logI(v, x, 0);
}

/** `log (e^{-x} I_v(x))` for v, x >= 0, without the cancellation where x is large and v is not. */
export function logScaledBesselI(v: number, x: number): number {
  return logI(v, x, 1);
}

/** `log I - scaled x`. */
function logI(v: number, x: number, scaled: 0 | 1): number {
  if (x === 0) return v === 0 ? 0 : -Infinity;
  const expansion = expansionAt(v, x);
  if (!expansion) return v * (Math.log(x) - Math.LN2) - logGamma(v + 1) + Math.log1p(seriesTail(v, x)) - scaled * x;
  const { large, terms } = expansion;
  if (large === "argument") {
    return (1 - scaled) * x - (Math.log(2 * Math.PI) + Math.log(x)) / 2 + Math.log(argumentSum(terms, v, x, true));
  }
  const w = Math.hypot(1, x / v), root = Math.hypot(v, x);
  const start = scaled ? v * (v / (root + x)) : root; // root - x
  return start - v * inverseSinh(v, x) - (Math.log(2 * Math.PI) + Math.log(v) + Math.log(w)) / 2 +
    Math.log(debyeSum(terms, v, 1 / w, false));
}

/** `arsinh(v/x) = w - η`, also where the quotient is out of range. */
function inverseSinh(v: number, x: number): number {
  const quotient = v / x;
  return quotient < 1e8 ? Math.asinh(quotient) : Math.LN2 + Math.log(v) - Math.log(x);
}

/**
 * `log K_v(x)`, K the modified Bessel function of the second kind; `K_{-v} = K_v`. The error is some 1e-14 of the
 * larger of 1 and the value.
 *
 * @throws {DomainError} When x is negative, or v or x is not finite.
 *
 * @example Where the function itself underflows
 * ```ts
 * import { logBesselK } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(logBesselK(0.5, 1000), Math.log(Math.PI / 2000) / 2 - 1000, 1e-12);
 * ```
 */
export function logBesselK(v: number, x: number): number {
  checkArguments("compute a Bessel function", v, x);
  v = Math.abs(v);
  if (x === 0) return Infinity;
  const expansion = expansionAt(v, x);
  if (!expansion) return logIntegral(v, x);
  const { large, terms } = expansion;
  if (large === "argument") {
    return (Math.log(Math.PI / 2) - Math.log(x)) / 2 - x + Math.log(argumentSum(terms, v, x, false));
  }
  const w = Math.hypot(1, x / v);
  return (Math.log(Math.PI / 2) - Math.log(v) - Math.log(w)) / 2 - Math.hypot(v, x) +
    v * inverseSinh(v, x) +
    Math.log(debyeSum(terms, v, 1 / w, true));
}

/**
 * `I_{v+1}(x) / I_v(x)`, to a few rounding units; a difference of logarithms would lose as many digits as these have
 * before the point. The quotient of the sums above, or backwards `r_v = x / (2 (v + 1) + x r_{v+1})`.
 *
 * @throws {DomainError} When v or x is negative or not finite.
 *
 * @example The function of Langevin
 * ```ts
 * import { besselRatio } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(besselRatio(0.5, 2), 1 / Math.tanh(2) - 1 / 2, 1e-15);
 * ```
 */
export function besselRatio(v: number, x: number): number {
  checkArguments("divide Bessel functions", v, x);
  checkOrder(v);
  if (x <= 40) {
    let ratio = 0; // a start that no longer shows after 80 steps
    for (let k = 80; k >= 0; k--) ratio = x / (2 * (v + k + 1) + x * ratio);
    return ratio;
  }
  if (expansionAt(v, x)?.large === "argument") return argumentSum(22, v + 1, x, true) / argumentSum(22, v, x, true);
  const z = x / v, w = Math.hypot(1, z), t = 1 / w;
  // I' / I - v/x, in which w/z - 1/z has been drawn together
  return z / (1 + w) - z * t * t / v * debyeDerivativeSum(12, v, t) / debyeSum(13, v, t, false);
}

function checkOrder(v: number): void {
  if (v < 0) throw new DomainError(`Cannot compute a Bessel function: expected an order >= 0, got ${v}`);
}

/** `Σ_k (±1)^k a_k` up to k = `terms`. */
function argumentSum(terms: number, v: number, x: number, alternate: boolean): number {
  const scale = alternate ? -8 * x : 8 * x;
  let sum = 1;
  for (let k = terms; k > 0; k--) sum = 1 + sum * ((2 * v - 2 * k + 1) / scale) * ((2 * v + 2 * k - 1) / k);
  return sum;
}

/** The series of I from its second term on, relative to the first. */
function seriesTail(v: number, x: number): number {
  const quarter = x * x / 4;
  let term = 1, sum = 0;
  for (let k = 1; term > sum * 2 ** -54; k++) {
    term *= quarter / (k * (v + k));
    sum += term;
  }
  return sum;
}

/**
 * A step with which the trapezoidal rule is exact to rounding, and how far below the peak the integrand is left out.
 */
const STEP = 0.05, DEPTH = 50;

/** The logarithm of the integral of K. */
function logIntegral(v: number, x: number): number {
  const logX = Math.log(x), peak = inverseSinh(v, x), top = height(v, logX, peak);
  let sum = 0;
  for (let i = Math.round(peak / STEP); i >= 0; i--) {
    const h = height(v, logX, i * STEP) - top;
    if (h < -DEPTH) break;
    sum += i === 0 ? Math.exp(h) / 2 : Math.exp(h);
  }
  for (let i = Math.round(peak / STEP) + 1;; i++) {
    const h = height(v, logX, i * STEP) - top;
    if (h < -DEPTH) break;
    sum += Math.exp(h);
  }
  return top + Math.log(STEP * sum);
}

/** The logarithm of the integrand at s. */
function height(v: number, logX: number, s: number): number {
  return v * s + Math.log1p(Math.exp(-2 * v * s)) - Math.LN2 - (Math.exp(logX + s) + Math.exp(logX - s)) / 2;
}
