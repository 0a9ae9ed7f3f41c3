/**
 * The error function `erf x = 2/√π ∫₀ˣ e^{-t²} dt` and its complement, to a few units in the last place.
 *
 * Below 1/2 the Taylor series; above, `x e^{x²} erfc x` as a Chebyshev series in a linear function of
 * `t = (x - 3)/(x + 3)`, which maps [1/2, ∞) to [-5/7, 1). The coefficients are ours, computed with 40 digits; the
 * first one left out is below 2e-19. (Abramowitz and Stegun, Handbook of Mathematical Functions (1964), chapter 7, for
 * the functions.)
 *
 * @module
 */
const chebyshev = Float64Array.of(
  0.4973813523167949,
  0.10706264326363667,
  -0.055847669273843895,
  0.020033048939530014,
  -0.0053753111002911615,
  0.0010696344671245863,
  -0.0001425575899110612,
  7.211483342368055e-06,
  1.5635247496235984e-06,
  -3.4038844413593895e-07,
  5.001108028542459e-10,
  8.14697678309853e-09,
  -5.792121776559188e-10,
  -1.9150378477048658e-10,
  2.454739560168511e-11,
  5.1452828484676525e-12,
  -8.627277118585227e-13,
  -1.673192229836694e-13,
  2.8759707419774324e-14,
  6.478334196540949e-15,
  -8.978743837683932e-16,
  -2.8017186549445056e-16,
  2.3108118092350903e-17,
);

/** `2/√π (-1)ⁿ / (n! (2n + 1))`. */
const taylor = new Float64Array(14);
for (let n = 0, term = 2 / Math.sqrt(Math.PI); n < taylor.length; n++, term /= -n) taylor[n] = term / (2 * n + 1);

const low = -5 / 7;

function series(x: number): number {
  const u = x * x;
  let total = 0;
  for (let n = taylor.length - 1; n >= 0; n--) total = total * u + taylor[n];
  return total * x;
}

/** `erfc x` for `x >= 1/2`, by Clenshaw's recurrence. */
function tail(x: number): number {
  if (x > 27.3) return 0;
  const s = 2 * ((x - 3) / (x + 3) - low) / (1 - low) - 1;
  let a = 0, b = 0;
  for (let k = chebyshev.length - 1; k > 0; k--) {
    const c = 2 * s * a - b + chebyshev[k];
    b = a;
    a = c;
  }
  // x = h + (x - h) with h² exact, so that the exponential loses nothing to the square of a large x
  const h = Math.floor(x * 16) / 16;
  return (s * a - b + chebyshev[0]) / x * Math.exp(-h * h) * Math.exp((h - x) * (h + x));
}

/** `erf x`. */
export function erf(x: number): number {
  if (Math.abs(x) < 0.5) return series(x);
  return x > 0 ? 1 - tail(x) : x < 0 ? tail(-x) - 1 : x;
}

/** `erfc x = 1 - erf x`, accurate also where it is small. */
export function erfc(x: number): number {
  if (Math.abs(x) < 0.5) return 1 - series(x);
  return x > 0 ? tail(x) : x < 0 ? 2 - tail(-x) : x;
}
