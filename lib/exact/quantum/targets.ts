/**
 * Polynomials that quantum signal processing is made for, as Chebyshev series.
 *
 * ```
 * cos(tx) = J₀(t) + 2 Σ_{k>=1} (-1)ᵏ J₂ₖ(t) T₂ₖ(x),        sin(tx) = 2 Σ_{k>=0} (-1)ᵏ J₂ₖ₊₁(t) T₂ₖ₊₁(x)
 * (1 - (1 - x²)ᵇ)/x = 4 Σ_{j<b} (-1)ʲ [Σ_{i>j} C(2b, b+i)/4ᵇ] T₂ⱼ₊₁(x),      cut at j = D
 * erf(kx) = 2k/√π e^{-k²/2} [I₀ T₁ + Σ_{j>=1} (-1)ʲ Iⱼ (T₂ⱼ₊₁/(2j+1) - T₂ⱼ₋₁/(2j-1))],   Iⱼ = Iⱼ(k²/2)
 * ```
 *
 * Bessel functions and binomials come from their recurrences, downwards, scaled by their known sums.
 *
 * Source: Martyn, Rossi, Tan and Chuang, A Grand Unification of Quantum Algorithms (2021), arXiv 2105.02859; Childs,
 * Kothari and Somma, Quantum algorithm for systems of linear equations (2017), lemma 14.
 *
 * @module
 */
import { checkPositive, DomainError, type Vector } from "../../core/mod.ts";

function checkDegree(verb: string, degree: number, parity: number): void {
  if (!(Number.isSafeInteger(degree) && degree >= 0 && degree % 2 === parity)) {
    throw new DomainError(
      `Cannot approximate ${verb}: expected an ${parity === 0 ? "even" : "odd"} degree, got ${degree}`,
    );
  }
}

/** `J₀(t) … Jₙ(t)`, by Miller's recurrence downwards: `Jₖ₋₁ = (2k/t) Jₖ - Jₖ₊₁`, `J₀ + 2 Σ J₂ₖ = 1`. */
function besselJ(t: number, n: number): Vector {
  const start = 2 * Math.ceil(Math.max(n, t) / 2) + 2 * Math.ceil(10 + 6 * Math.cbrt(t)), J = new Float64Array(n + 1);
  let above = 0, here = 1e-300, sum = 0;
  for (let k = start; k >= 0; k--) { // here = Jₖ times an unknown factor
    if (k <= n) J[k] = here;
    if (k % 2 === 0) sum += k === 0 ? here : 2 * here;
    [here, above] = [2 * k / t * here - above, here];
    if (Math.abs(here) > 1e200) {
      here *= 1e-200;
      above *= 1e-200;
      sum *= 1e-200;
      for (let j = Math.min(k, n + 1); j <= n; j++) J[j] *= 1e-200;
    }
  }
  return J.map((j) => j / sum);
}

/** `e⁻ᶻ I₀(z) … e⁻ᶻ Iₙ(z)`: `Iₖ₋₁ = (2k/z) Iₖ + Iₖ₊₁`, `I₀ + 2 Σ Iₖ = eᶻ`. */
function scaledBesselI(z: number, n: number): Vector {
  const start = n + Math.ceil(20 + 9 * Math.sqrt(z)), I = new Float64Array(n + 1);
  let above = 0, here = 1e-300, sum = 0;
  for (let k = start; k >= 0; k--) {
    if (k <= n) I[k] = here;
    sum += k === 0 ? here : 2 * here;
    [here, above] = [2 * k / z * here + above, here];
    if (here > 1e200) {
      here *= 1e-200;
      above *= 1e-200;
      sum *= 1e-200;
      for (let j = Math.min(k, n + 1); j <= n; j++) I[j] *= 1e-200;
    }
  }
  return I.map((i) => i / sum);
}

/**
 * The even polynomial of a degree nearest to `cos(t x)` in the sense of Chebyshev series.
 *
 * @throws {DomainError} When `t` is not positive, or the degree not even.
 */
export function cosPoly(t: number, degree: number): Vector {
  checkPositive("approximate a cosine", "t", t);
  checkDegree("a cosine", degree, 0);
  const J = besselJ(t, degree);
  return J.map((j, k) => k === 0 ? j : k % 4 === 0 ? 2 * j : k % 4 === 2 ? -2 * j : 0);
}

/**
 * The odd polynomial of a degree nearest to `sin(t x)` in the sense of Chebyshev series.
 *
 * @throws {DomainError} When `t` is not positive, or the degree not odd.
 */
export function sinPoly(t: number, degree: number): Vector {
  checkPositive("approximate a sine", "t", t);
  checkDegree("a sine", degree, 1);
  return besselJ(t, degree).map((j, k) => k % 4 === 1 ? 2 * j : k % 4 === 3 ? -2 * j : 0);
}

/**
 * An odd polynomial within `error` of `1/x` for `1/k <= |x| <= 1`; its degree is about `2 k log(k/error)`. It is as
 * large as k or so: scale it before phases are sought.
 *
 * @throws {DomainError} When `k < 1` or `error` is not in (0, 1).
 */
export function inversePoly(k: number, error: number): Vector {
  if (!(k >= 1 && k < Infinity && error > 0 && error < 1)) {
    throw new DomainError(`Cannot approximate 1/x: expected k >= 1 and an error in (0, 1), got ${k} and ${error}`);
  }
  const b = Math.ceil(k * k * Math.log(k / error)),
    D = Math.min(b - 1, Math.ceil(Math.sqrt(b * Math.log(4 * b / error))));
  // C(2b, b+i)/4ᵇ up to a factor, from the middle, until it vanishes; both sides add up to 1
  const weights = [1];
  for (let i = 0; i < b && weights[i] > 1e-30; i++) weights.push(weights[i] * (b - i) / (b + i + 1));
  const total = weights.reduceRight((sum, w, i) => sum + (i === 0 ? w : 2 * w), 0);
  const c = new Float64Array(2 * D + 2);
  let tail = 0; // from the far end, where the small ones are
  for (let i = weights.length - 1; i > D; i--) tail += weights[i];
  for (let j = D; j >= 0; j--) {
    if (j < D) tail += weights[j + 1] ?? 0;
    c[2 * j + 1] = (j % 2 === 0 ? 4 : -4) * tail / total;
  }
  return c;
}

/**
 * The odd polynomial of a degree nearest to `erf(k x)`, a sign function with a step of width `1/k`, in the sense of
 * Chebyshev series.
 *
 * @throws {DomainError} When `k` is not positive, or the degree not odd.
 */
export function signPoly(k: number, degree: number): Vector {
  checkPositive("approximate a sign", "k", k);
  checkDegree("a sign", degree, 1);
  const most = (degree + 1) / 2, I = scaledBesselI(k * k / 2, most), c = new Float64Array(degree + 1);
  const factor = 2 * k / Math.sqrt(Math.PI);
  for (let j = 0; 2 * j + 1 <= degree; j++) { // T₂ⱼ₊₁ comes from Iⱼ and from Iⱼ₊₁
    c[2 * j + 1] = factor * (j % 2 === 0 ? 1 : -1) * (I[j] + I[j + 1]) / (2 * j + 1);
  }
  return c;
}
