/**
 * The logarithm of the gamma function.
 *
 * @module
 */

/** `B_{2k} / (2k (2k - 1))`, k = 1 to 9, of Stirling's series. */
const STIRLING = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360360,
  1 / 156,
  -3617 / 122400,
  43867 / 244188,
];

/**
 * `log Γ(x)` for x > 0 by Stirling's series, below 8 after steps `Γ(x) = Γ(x + 1) / x`; the absolute error is a few
 * rounding units.
 */
export function logGamma(x: number): number {
  let product = 1;
  for (; x < 8; x++) product *= x;
  const square = 1 / (x * x);
  let sum = 0;
  for (let k = STIRLING.length - 1; k >= 0; k--) sum = sum * square + STIRLING[k];
  return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + sum / x - Math.log(product);
}
