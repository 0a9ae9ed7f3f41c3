// Decimals of constants by their series, in integers.

const digits = 400n, unit = 10n ** (digits + 20n);

/** `unit Σ terms`, each term made from the one before until it vanishes. */
function series(first: bigint, next: (term: bigint, k: bigint) => bigint): bigint {
  let sum = 0n;
  for (let term = first, k = 1n; term !== 0n; term = next(term, k), k++) sum += term;
  return sum;
}

/** `unit arctan(1/q)`. */
function arctangent(q: bigint): bigint {
  let sum = 0n;
  for (let power = unit / q, k = 1n; power !== 0n; power /= q * q, k += 2n) {
    sum += k % 4n === 1n ? power / k : -power / k;
  }
  return sum;
}

function text(value: bigint): string {
  const all = `${value / 10n ** 20n}`.padStart(Number(digits) + 1, "0"), point = all.length - Number(digits);
  return `${all.slice(0, point)}.${all.slice(point)}`;
}

const sine = series(unit, (t, k) => -t / (2n * k * (2n * k + 1n)));
const cosine = series(unit, (t, k) => -t / ((2n * k - 1n) * 2n * k));
const bessel0 = series(unit, (t, k) => t / (k * k)), bessel1 = series(unit, (t, k) => t / (k * (k + 1n)));

/** 400 decimals of each. */
export const decimals: Readonly<Record<"e" | "eSquared" | "pi" | "tangentOf1" | "besselRatio", string>> = {
  e: text(series(unit, (t, k) => t / k)),
  eSquared: text(series(unit, (t, k) => 2n * t / k)),
  pi: text(4n * (4n * arctangent(5n) - arctangent(239n))),
  tangentOf1: text(sine * unit / cosine),
  /** `I₁(2) / I₀(2)`. */
  besselRatio: text(bessel1 * unit / bessel0),
};
