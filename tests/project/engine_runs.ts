// Runs that are made in two engines and compared: every solver of lib/smooth on a function of + - * / and on one with
// exp and log.
import { environment, evaluations, gradientNorm, rng, solve, type TwiceSmooth, uniform } from "../../lib/core/mod.ts";
import { lbfgs, smoothSolvers } from "../../lib/smooth/mod.ts";

/** What is compared. */
export interface EngineRun {
  readonly status: string;
  readonly value: number;
  /** The bits of x and of the value, in hexadecimal. */
  readonly bits: string;
}

const hex = (numbers: Float64Array): string =>
  Array.from(new Uint8Array(numbers.buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** The chained Rosenbrock function `Σ 100 (xᵢ₊₁ - xᵢ²)² + (1 - xᵢ)²`. */
function chainedRosenbrock(n: number): TwiceSmooth {
  return {
    kind: "smooth",
    name: "Rosenbrock",
    dimension: n,
    value: (x) => {
      let sum = 0;
      for (let i = 0; i + 1 < n; i++) { // products: pow differs between engines
        const u = x[i + 1] - x[i] * x[i], v = 1 - x[i];
        sum += 100 * u * u + v * v;
      }
      return sum;
    },
    gradient: (x, out) => {
      let sum = 0;
      out.fill(0);
      for (let i = 0; i + 1 < n; i++) {
        const u = x[i + 1] - x[i] * x[i], v = 1 - x[i];
        sum += 100 * u * u + v * v;
        out[i] -= 400 * u * x[i] + 2 * v;
        out[i + 1] += 200 * u;
      }
      return sum;
    },
    hessianVector: (x, v, out) => {
      out.fill(0);
      for (let i = 0; i + 1 < n; i++) {
        out[i] += (1200 * x[i] * x[i] - 400 * x[i + 1] + 2) * v[i] - 400 * x[i] * v[i + 1];
        out[i + 1] += 200 * v[i + 1] - 400 * x[i] * v[i];
      }
    },
  };
}

/** `Σ log(1 + exp(aᵢ·x))/m + λ|x|²/2` over m random rows of length n. */
function logistic(m: number, n: number): TwiceSmooth {
  const a = new Float64Array(m * n), generator = rng(7), lambda = 0.1;
  for (let k = 0; k < a.length; k++) a[k] = 2 * uniform(generator) - 1;
  const margin = (x: Float64Array, i: number): number => {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += a[i * n + j] * x[j];
    return sum;
  };
  const gradient = (x: Float64Array, out: Float64Array): number => {
    let value = 0;
    for (let j = 0; j < n; j++) {
      out[j] = lambda * x[j];
      value += lambda * x[j] * x[j] / 2;
    }
    for (let i = 0; i < m; i++) {
      const e = Math.exp(margin(x, i)), slope = e / (1 + e) / m;
      value += Math.log(1 + e) / m;
      for (let j = 0; j < n; j++) out[j] += slope * a[i * n + j];
    }
    return value;
  };
  const unused = new Float64Array(n);
  return {
    kind: "smooth",
    name: "logistic",
    dimension: n,
    constants: { smoothness: n / 4 + lambda, strongConvexity: lambda },
    value: (x) => gradient(x, unused),
    gradient,
    hessianVector: (x, v, out) => {
      for (let j = 0; j < n; j++) out[j] = lambda * v[j];
      for (let i = 0; i < m; i++) {
        const p = 1 / (1 + Math.exp(-margin(x, i))), curvature = p * (1 - p) * margin(v, i) / m;
        for (let j = 0; j < n; j++) out[j] += curvature * a[i * n + j];
      }
    },
  };
}

/** All runs by problem and solver, and the engine that made them. */
export function engineRuns(): { engine: string; runs: Record<string, EngineRun> } {
  const rosenbrock = chainedRosenbrock(10), smooth = logistic(40, 8), stop = [gradientNorm(), evaluations(2000)];
  const runs: Record<string, EngineRun> = {};
  const keep = (name: string, { status, value, x }: ReturnType<typeof solve>): void => {
    runs[name] = { status, value, bits: hex(Float64Array.of(...x, value)) };
  };
  keep("Rosenbrock, lbfgs", solve(rosenbrock, lbfgs(), { start: new Float64Array(10).fill(-1.2), stop }));
  for (const [id, make] of Object.entries(smoothSolvers)) {
    keep(`logistic, ${id}`, solve(smooth, make(), { start: new Float64Array(8).fill(1), stop }));
  }
  return { engine: environment.engine, runs };
}
