// Ways to spoil a problem, and what a diagnosis should say of each.
import {
  type Constrained,
  dot,
  evaluations,
  gradientNorm,
  type Instance,
  integer,
  iterations,
  measureBelow,
  normal,
  type Problem,
  type Result,
  type Rng,
  type Rule,
  type Smooth,
  solve,
  type Solver,
  uniform,
  type Vector,
  type VectorFunction,
} from "../../lib/core/mod.ts";
import { sqp } from "../../lib/constrained/mod.ts";
import { bfgs, gradientDescent, lbfgs } from "../../lib/smooth/mod.ts";

/** A run that went wrong, and why. */
export interface Failure {
  readonly name: string;
  readonly problem: Problem;
  readonly result: Result;
  /** The topics that name the cause. */
  readonly topics: readonly string[];
  /** The coordinates, or rows, that a finding should name, where the cause has some. */
  readonly places?: readonly number[];
}

const stop: readonly Rule[] = [gradientNorm(), evaluations(3000)];

/** A smooth problem that differs from another in its functions. */
function like(f: Smooth, parts: Partial<Smooth>): Smooth {
  return { kind: "smooth", dimension: f.dimension, value: f.value, gradient: f.gradient, ...parts };
}

/** f(x) + h(y), y one more variable, at its end. */
function withOneMore(f: Smooth, h: (y: number) => number, slope: (y: number) => number): Smooth {
  const n = f.dimension, value = (x: Vector): number => f.value(x.subarray(0, n)) + h(x[n]);
  return {
    kind: "smooth",
    dimension: n + 1,
    value,
    gradient: (x, out) => {
      const fx = f.gradient(x.subarray(0, n), out.subarray(0, n));
      out[n] = slope(x[n]);
      return fx + h(x[n]);
    },
  };
}

const draw = (random: Rng, low: number, high: number): number => low + (high - low) * uniform(random);

export type Spoiling = (instance: Instance<Smooth>, random: Rng) => Omit<Failure, "name">;

function run(problem: Smooth, start: ArrayLike<number>, solver: Solver<Smooth> = bfgs()): Result {
  return solve(problem, solver, { start, stop });
}

const joined = (start: Vector, y: number): number[] => [...start, y];

/** All ways for smooth problems. */
export const spoilings: Readonly<Record<string, Spoiling>> = {
  "gradient of the wrong sign": ({ problem: f, start }) => {
    const problem = like(f, {
      gradient: (x, out) => {
        const value = f.gradient(x, out);
        out.forEach((g, i) => out[i] = -g);
        return value;
      },
    });
    return { problem, result: run(problem, start), topics: ["gradient"] };
  },
  "one wrong coordinate": ({ problem: f, start }, random) => {
    const i = integer(random, f.dimension), factor = draw(random, 1.1, 2) * (uniform(random) < 0.5 ? -1 : 1);
    const problem = like(f, {
      gradient: (x, out) => {
        const value = f.gradient(x, out);
        out[i] *= factor;
        return value;
      },
    });
    return { problem, result: run(problem, start, lbfgs()), topics: ["gradient"], places: [i] };
  },
  "value and gradient of different functions": ({ problem: f, start }, random) => {
    const shift = draw(random, 0.5, 1.5) * (1 + Math.abs(f.value(start)));
    const problem = like(f, { gradient: (x, out) => f.gradient(x, out) + shift });
    return { problem, result: run(problem, start), topics: ["gradient"] };
  },
  "unscaled variables": ({ problem: f, start }, random) => {
    const n = f.dimension,
      unit = Float64Array.from({ length: n }, (_, i) => 10 ** (5 * i / (n - 1) - 3 + uniform(random)));
    const at = new Float64Array(n);
    const move = (z: Vector): Vector => {
      for (let i = 0; i < n; i++) at[i] = unit[i] * z[i];
      return at;
    };
    const problem = like(f, {
      value: (z) => f.value(move(z)),
      gradient: (z, out) => {
        const value = f.gradient(move(z), out);
        for (let i = 0; i < n; i++) out[i] *= unit[i];
        return value;
      },
    });
    return { problem, result: run(problem, start.map((x, i) => x / unit[i]), gradientDescent()), topics: ["scaling"] };
  },
  "noise": ({ problem: f, start }, random) => {
    const a = draw(random, 1e9, 3e9), amplitude = 1e-6 * (1 + Math.abs(f.value(start)));
    const noise = (x: Vector): number => {
      let phase = 0;
      for (let i = 0; i < x.length; i++) phase += (i + 1) * a * x[i];
      return amplitude * Math.sin(phase);
    };
    const problem = like(f, {
      value: (x) => f.value(x) + noise(x),
      gradient: (x, out) => f.gradient(x, out) + noise(x),
    });
    return { problem, result: run(problem, start), topics: ["noise"] };
  },
  "calls that do not repeat": ({ problem: f, start }, random) => {
    const amplitude = 1e-6 * (1 + Math.abs(f.value(start)));
    const problem = like(f, {
      value: (x) => f.value(x) + amplitude * normal(random),
      gradient: (x, out) => f.gradient(x, out) + amplitude * normal(random),
    });
    return { problem, result: run(problem, start), topics: ["noise"] };
  },
  "unbounded": ({ problem: f, start }, random) => {
    const slope = draw(random, 0.5, 2), problem = withOneMore(f, (y) => -slope * y, () => -slope);
    return { problem, result: run(problem, joined(start, 0)), topics: ["unbounded"], places: [f.dimension] };
  },
  "unbounded ever more slowly": ({ problem: f, start }, random) => {
    const c = draw(random, 0.5, 2),
      problem = withOneMore(f, (y) => -c * Math.log(1 + y * y), (y) => -2 * c * y / (1 + y * y));
    return { problem, result: run(problem, joined(start, 1)), topics: ["unbounded"], places: [f.dimension] };
  },
  "saddle": ({ problem: f, start }, random) => {
    const c = draw(random, 0.3, 3),
      problem = withOneMore(f, (y) => c * (y ** 4 - 2 * y * y), (y) => 4 * c * (y ** 3 - y));
    return { problem, result: run(problem, joined(start, 0)), topics: ["saddle"], places: [f.dimension] };
  },
  "NaN region": ({ problem: f, start }, random) => {
    const c = draw(random, 5, 20), problem = withOneMore(f, (y) => c * y - Math.log(y), (y) => c - 1 / y);
    const solver = gradientDescent({ step: draw(random, 0.5, 1) });
    return { problem, result: run(problem, joined(start, 3), solver), topics: ["non-finite"], places: [f.dimension] };
  },
  "flat valley": ({ problem: f, start }, random) => {
    // one variable stands in two places: only the sum of both matters
    const n = f.dimension, i = integer(random, n), c = draw(random, 0.5, 2), inner = new Float64Array(n);
    const move = (x: Vector): Vector => {
      inner.set(x.subarray(0, n));
      inner[i] += c * x[n];
      return inner;
    };
    const problem: Smooth = {
      kind: "smooth",
      dimension: n + 1,
      value: (x) => f.value(move(x)),
      gradient: (x, out) => {
        const value = f.gradient(move(x), out.subarray(0, n));
        out[n] = c * out[i];
        return value;
      },
    };
    return { problem, result: run(problem, joined(start, 0.5)), topics: ["flatness"] };
  },
  "kink": ({ problem: f, start }, random) => {
    const c = draw(random, 0.5, 2), problem = withOneMore(f, (y) => c * Math.abs(y), (y) => c * Math.sign(y));
    return { problem, result: run(problem, joined(start, 1.7)), topics: ["kink"], places: [f.dimension] };
  },
};

/** An affine function of x, whose rows are the same but for the constants. */
function affine(row: Vector, constants: readonly number[]): VectorFunction {
  return {
    components: constants.length,
    value: (x, out) => constants.forEach((c, i) => out[i] = dot(row, x) - c),
    jacobianVector: (_, v, out) => void out.fill(dot(row, v)),
    jacobianTransposeVector: (_, w, out) => {
      const sum = w.reduce((s, wi) => s + wi, 0);
      for (let j = 0; j < out.length; j++) out[j] = sum * row[j];
    },
    hessianVector: (_x, _w, _v, out) => void out.fill(0),
  };
}

/** Functions of the same x, one after the other. */
function stacked(first: VectorFunction, second: VectorFunction): VectorFunction {
  const m = first.components,
    sum = (out: Vector, more: (part: Vector) => void): void => {
      const part = new Float64Array(out.length);
      more(part);
      for (let i = 0; i < out.length; i++) out[i] += part[i];
    };
  const both = {
    components: m + second.components,
    value: (x: Vector, out: Vector) => {
      first.value(x, out.subarray(0, m));
      second.value(x, out.subarray(m));
    },
    jacobianVector: (x: Vector, v: Vector, out: Vector) => {
      first.jacobianVector(x, v, out.subarray(0, m));
      second.jacobianVector(x, v, out.subarray(m));
    },
    jacobianTransposeVector: (x: Vector, w: Vector, out: Vector) => {
      first.jacobianTransposeVector(x, w.subarray(0, m), out);
      sum(out, (part) => second.jacobianTransposeVector(x, w.subarray(m), part));
    },
  };
  return {
    ...both,
    hessianVector: (x, w, v, out) => {
      first.hessianVector!(x, w.subarray(0, m), v, out);
      sum(out, (part) => second.hessianVector!(x, w.subarray(m), v, part));
    },
  };
}

type ConstrainedSpoiling = (instance: Instance<Constrained>, random: Rng) => Omit<Failure, "name">;

function constrainedRun(problem: Constrained, start: Vector): Result {
  return solve(problem, sqp(), { start, stop: [measureBelow("kktResidual"), iterations(300)] });
}

/** A problem with other equalities. */
const withEqualities = ({ objective, constraints }: Constrained, equality: VectorFunction): Constrained => ({
  kind: "constrained",
  objective,
  constraints: { ...constraints, equality },
});

/** All ways for problems with equalities. */
export const constrainedSpoilings: Readonly<Record<string, ConstrainedSpoiling>> = {
  "a wrong row of the Jacobian": ({ problem, start }, random) => {
    const { equality } = problem.constraints, f = equality!, i = integer(random, f.components);
    const factor = draw(random, 1.2, 2) * (uniform(random) < 0.5 ? -1 : 1);
    const { jacobian: _, ...products } = f;
    const wrong: VectorFunction = {
      ...products,
      jacobianVector: (x, v, out) => {
        f.jacobianVector(x, v, out);
        out[i] *= factor;
      },
      jacobianTransposeVector: (x, w, out) =>
        f.jacobianTransposeVector(x, w.map((wk, k) => k === i ? factor * wk : wk), out),
    };
    const spoiled = withEqualities(problem, wrong);
    return { problem: spoiled, result: constrainedRun(spoiled, start), topics: ["jacobian"], places: [i] };
  },
  "a Jacobian at odds with its transpose": ({ problem, start }, random) => {
    const f = problem.constraints.equality!, i = integer(random, f.components), factor = -draw(random, 0.5, 2);
    const wrong: VectorFunction = {
      ...f,
      jacobianTransposeVector: (x, w, out) =>
        f.jacobianTransposeVector(x, w.map((wk, k) => k === i ? factor * wk : wk), out),
    };
    const spoiled = withEqualities(problem, wrong);
    return { problem: spoiled, result: constrainedRun(spoiled, start), topics: ["jacobian"], places: [i] };
  },
  "equations that contradict each other": ({ problem, start }, random) => {
    const row = start.map(() => normal(random)), c = dot(row, start);
    const f = problem.constraints.equality!, pair = affine(row, [c, c + draw(random, 0.5, 2)]);
    const spoiled = withEqualities(problem, stacked(f, pair));
    return { problem: spoiled, result: constrainedRun(spoiled, start), topics: ["infeasible"] };
  },
  "an inequality that no point fulfils": ({ problem, start }, random) => {
    const size = draw(random, 0.1, 1), n = start.length; // |x|² + size <= 0
    const inequality: VectorFunction = {
      components: 1,
      value: (x, out) => void (out[0] = dot(x, x) + size),
      jacobianVector: (x, v, out) => void (out[0] = 2 * dot(x, v)),
      jacobianTransposeVector: (x, w, out) => {
        for (let j = 0; j < n; j++) out[j] = 2 * w[0] * x[j];
      },
      hessianVector: (_, w, v, out) => {
        for (let j = 0; j < n; j++) out[j] = 2 * w[0] * v[j];
      },
    };
    const { objective, constraints: { lower, upper, equality } } = problem;
    const spoiled: Constrained = {
      kind: "constrained",
      objective,
      constraints: { equality: equality!, inequality, ...(lower && { lower }), ...(upper && { upper }) },
    };
    return { problem: spoiled, result: constrainedRun(spoiled, start), topics: ["infeasible"] };
  },
  "an objective's gradient of the wrong sign": ({ problem, start }) => {
    const { objective: f } = problem;
    const objective: Smooth = {
      ...f,
      gradient: (x, out) => {
        const value = f.gradient(x, out);
        out.forEach((g, i) => out[i] = -g);
        return value;
      },
    };
    const spoiled: Constrained = { ...problem, objective };
    return { problem: spoiled, result: constrainedRun(spoiled, start), topics: ["gradient"] };
  },
};
