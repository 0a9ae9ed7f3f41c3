/**
 * Are variables badly scaled? Curvatures along the coordinates, from differences of the gradient.
 *
 * A variable with curvature `hᵢ = ∂²f/∂xᵢ²` moves f by one unit of second order over a length of `1/√|hᵢ|`; methods
 * that treat all variables alike want these lengths to be alike. Source: Gill, Murray and Wright, Practical
 * Optimization (1981), section 8.7.
 *
 * @module
 */
import { type Advised, coordinates, rough, type Site, sizes } from "./finding.ts";

/** The most coordinates that are looked at. */
const SAMPLE = 100;

/** Ratios of lengths from which on the scaling is told, and from which on it is a likely cause of trouble. */
const TOLD = 100, HARMFUL = 1000;

/** Curvatures along some coordinates. */
export interface Curvatures {
  /** Which coordinates, in increasing order. */
  readonly sampled: readonly number[];
  /** `hᵢ` for each of them; NaN where differences gave none. */
  readonly values: readonly number[];
}

/** The curvatures at the end of the run; of many variables, those with the largest gradients and an even choice. */
export function curvatures({ f, x, gradient }: Site): Curvatures {
  const n = x.length;
  let sampled = Array.from(x.keys());
  if (n > SAMPLE) {
    const steepest = [...sampled].sort((i, j) => Math.abs(gradient[j]) - Math.abs(gradient[i])).slice(0, SAMPLE / 2);
    const even = Array.from({ length: SAMPLE / 2 }, (_, k) => Math.floor((k * n) / (SAMPLE / 2)));
    sampled = [...new Set([...steepest, ...even])].sort((i, j) => i - j);
  }
  const trial = x.slice(), g = new Float64Array(n), scales = sizes(x);
  const values = sampled.map((i) => {
    const scale = scales[i];
    let best = NaN, change = Infinity, previous = NaN;
    for (let h = 1e-2; h > 1e-9 && !(change <= 1e-3 * Math.abs(best)); h /= 8) {
      trial[i] = x[i] + h * scale;
      const width = trial[i] - x[i];
      f.gradient(trial, g);
      const above = g[i];
      trial[i] = x[i] - width;
      f.gradient(trial, g);
      const value = (above - g[i]) / (2 * width);
      if (Math.abs(value - previous) < change) {
        change = Math.abs(value - previous);
        best = value;
      }
      previous = value;
    }
    trial[i] = x[i];
    return change <= 0.1 * Math.abs(best) || best === 0 ? best : NaN;
  });
  return { sampled, values };
}

/** Reports lengths `1/√|hᵢ|` that differ much. */
export function examineScaling({ sampled, values }: Curvatures, trouble: boolean): Advised[] {
  const curved = sampled.map((i, k) => ({ i, length: 1 / Math.sqrt(Math.abs(values[k])) })).filter(({ length }) =>
    length > 0 && Number.isFinite(length)
  ).sort((a, b) => a.length - b.length);
  if (curved.length < 2) return [];
  const short = curved[0], long = curved[curved.length - 1], ratio = long.length / short.length;
  if (ratio < TOLD) return [];
  const middle = Math.sqrt(short.length * long.length);
  const stiff = curved.filter(({ length }) => length < middle), soft = curved.filter(({ length }) => length >= middle);
  const say = (list: typeof curved): string => coordinates(list.map(({ i }) => i));
  return [{
    topic: "scaling",
    severity: trouble && ratio >= HARMFUL ? "warning" : "info",
    text: `variables have different scales: f feels changes of ${rough(short.length)} in ${say(stiff)}, and of ` +
      `${rough(long.length)} in ${say([...soft].reverse())} (ratio ${rough(ratio)}, condition ${rough(ratio ** 2)})`,
    data: {
      coordinates: curved.map(({ i }) => i),
      lengths: curved.map(({ length }) => length),
      ratio,
    },
    ...(ratio >= HARMFUL && {
      advice: [
        "measure each variable in units of its own size (x[i] = s[i] z[i], s[i] the lengths in this finding's data), " +
        "or use a method that learns the scales, such as BFGS or Newton-CG",
      ],
    }),
  }];
}
