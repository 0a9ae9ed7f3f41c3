/**
 * Sinkhorn's iterations for entropic transport: the potentials of sources and targets in turn, each made to meet its
 * marginal.
 *
 * ```
 * f ← f + ε log(a/P1),   g ← g + ε log(b/Pᵀ1),   Pᵢⱼ = aᵢ bⱼ exp((fᵢ + gⱼ - Cᵢⱼ)/ε)
 *
 * log         exponentials of (f + g - C)/ε in each half-step: works at any ε
 * kernel      K = exp(-C/ε) once, then u = a/Kv, v = b/Kᵀu: products only, but fails where K underflows
 * stabilized  the same about potentials that take up log u, log v when these grow past log 1000
 * ```
 *
 * Source: Cuturi, Sinkhorn distances: lightspeed computation of optimal transport (2013), arXiv 1306.0895; Schmitzer,
 * Stabilized sparse scaling algorithms for entropy regularized transport problems (2019), algorithm 2.
 *
 * @module
 */
import { checkChoice, type Matrix, type Solver, type Vector } from "../core/mod.ts";
import { matvec, type ResidentMatrix, residentMatrix } from "../linalg/mod.ts";
import type { EntropicTransport } from "./cost.ts";
import { assess, correctRows, type EntropicState, entropicState, planOf, updateColumns } from "./entropic.ts";

/** Options of `sinkhorn`. */
export interface SinkhornOptions {
  /** How the sums are computed. Default `log`. */
  readonly domain?: "log" | "kernel" | "stabilized";
}

/** The state; in a domain with a kernel, with that. */
export interface SinkhornState extends EntropicState {
  /** The kernel and the factors that make the plan of it. */
  readonly scaled?: ScaledKernel;
}

/** `P = diag(u) K diag(v)`, K the plan at potentials taken up. */
export interface ScaledKernel {
  /** K. */
  readonly kernel: Matrix;
  /** The potentials f that K stands for. */
  readonly f: Vector;
  /** The potentials g that K stands for. */
  readonly g: Vector;
  /** The factors of the sources. */
  readonly u: Vector;
  /** The factors of the targets. */
  readonly v: Vector;
}

/** Kernels with fewer entries are not worth a memory of their own. */
const SMALLEST = 4096;

/** Factors grow to this before the potentials take them up. */
const LARGE = 1e3;

/**
 * Sinkhorn's iterations; a step is a pair of updates. Each costs O(mn).
 *
 * @example A quarter of the mass moves
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { matrix } from "@gradus/gradus/linalg";
 * import { sinkhorn, transportProblem, withEntropy } from "@gradus/gradus/transport";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const exact = transportProblem(matrix([[0, 1], [1, 0]]), { target: Float64Array.of(0.25, 0.75) });
 * const result = solve(withEntropy(exact, 0.05), sinkhorn(), { start: [0, 0] });
 * assertEquals(result.status, "converged");
 * assertAlmostEquals(result.point.plan!.data[1], 0.25, 1e-6);
 * ```
 */
export function sinkhorn(options: SinkhornOptions = {}): Solver<EntropicTransport, SinkhornState> {
  const { domain = "log" } = options, products = new Products();
  checkChoice("run Sinkhorn", "a domain", domain, ["log", "kernel", "stabilized"]);
  return {
    name: domain === "log" ? "Sinkhorn" : `Sinkhorn (${domain})`,
    options: { domain },
    reference: {
      title: "Sinkhorn distances: lightspeed computation of optimal transport",
      authors: "Cuturi",
      year: 2013,
      identifier: "arXiv:1306.0895",
    },
    needs: [],
    init: (problem, start) => {
      const state = entropicState(problem, start.x);
      if (domain === "log") {
        updateColumns(problem, state);
        return state;
      }
      const m = problem.source.length,
        n = problem.target.length,
        scaled: ScaledKernel = {
          kernel: { rows: m, columns: n, data: new Float64Array(m * n) },
          f: new Float64Array(m),
          g: new Float64Array(n),
          u: new Float64Array(m),
          v: new Float64Array(n),
        };
      if (domain === "stabilized") updateColumns(problem, state); // factors 0: the first step takes the potentials up
      else {
        takeUp(problem, state, scaled, products);
        scaleColumns(problem, state, scaled, products);
      }
      return { ...state, scaled };
    },
    step(problem, state) {
      const { scaled, sent } = state, { source } = problem;
      if (!scaled || domain === "stabilized" && (isLarge(scaled.u) || isLarge(scaled.v))) {
        correctRows(problem, state.x, state.g, sent);
        updateColumns(problem, state);
        if (scaled) takeUp(problem, state, scaled, products);
        return;
      }
      for (let i = 0; i < sent.length; i++) if (source[i] > 0) scaled.u[i] *= source[i] / sent[i];
      scaleColumns(problem, state, scaled, products);
    },
    point: (problem, { x, g, scaled }) => {
      return { x, plan: scaled && domain === "kernel" ? planFrom(scaled) : planOf(problem, x, g) };
    },
  };
}

/** The kernel at the state's potentials, factors 1. */
function takeUp(problem: EntropicTransport, { x, g }: EntropicState, scaled: ScaledKernel, products: Products): void {
  scaled.f.set(x);
  scaled.g.set(g);
  planOf(problem, x, g, scaled.kernel.data);
  products.renew(scaled.kernel);
  scaled.u.fill(1);
  scaled.v.fill(1);
}

/** `diag(u) K diag(v)`. */
function planFrom({ kernel: { rows, columns, data: K }, u, v }: ScaledKernel): Matrix {
  const data = new Float64Array(rows * columns);
  for (let i = 0, k = 0; i < rows; i++) {
    const ui = u[i];
    for (let j = 0; j < columns; j++, k++) data[k] = ui * K[k] * v[j];
  }
  return { rows, columns, data };
}

/** `v ← b / Kᵀu`, what the sources then send, `u Kv`, and the potentials. */
function scaleColumns(
  problem: EntropicTransport,
  state: EntropicState,
  scaled: ScaledKernel,
  products: Products,
): void {
  const { kernel, u, v } = scaled, { x: f, g, sent, received } = state, m = u.length, n = v.length;
  const { target, regularizer: { strength } } = problem;
  products.applyTranspose(kernel, u, received);
  for (let j = 0; j < n; j++) if (target[j] > 0) v[j] = target[j] / received[j];
  products.apply(kernel, v, sent);
  for (let i = 0; i < m; i++) {
    sent[i] *= u[i];
    f[i] = scaled.f[i] + strength * Math.log(u[i]);
  }
  for (let j = 0; j < n; j++) g[j] = scaled.g[j] + strength * Math.log(v[j]);
  assess(problem, state);
}

function isLarge(factors: Vector): boolean {
  return factors.some((factor) => !(factor < LARGE && factor > 1 / LARGE));
}

/**
 * Products with a kernel, by a copy of it in the memory of the compute kernels where there is one. A copy belongs to
 * one array; one that comes from elsewhere (a resumed run, a snapshot) gets its own.
 */
class Products {
  readonly #copies = new WeakMap<Vector, ResidentMatrix>();

  /** The kernel's entries have changed. */
  renew(kernel: Matrix): void {
    this.#copies.get(kernel.data)?.set(kernel);
  }

  /** `out ← K v`. */
  apply(kernel: Matrix, v: Vector, out: Vector): void {
    const copy = this.#copyOf(kernel);
    if (copy) copy.apply(v, out);
    else matvec(kernel, v, out);
  }

  /** `out ← Kᵀ u`. */
  applyTranspose(kernel: Matrix, u: Vector, out: Vector): void {
    const copy = this.#copyOf(kernel);
    if (copy) return copy.applyTranspose(u, out);
    const { rows: m, columns: n, data } = kernel;
    out.fill(0);
    for (let i = 0, k = 0; i < m; i++) {
      const ui = u[i];
      for (let j = 0; j < n; j++, k++) out[j] += ui * data[k];
    }
  }

  #copyOf(kernel: Matrix): ResidentMatrix | undefined {
    if (kernel.data.length < SMALLEST) return undefined;
    let copy = this.#copies.get(kernel.data);
    if (copy) return copy;
    copy = residentMatrix(kernel);
    if (copy) this.#copies.set(kernel.data, copy);
    return copy;
  }
}
