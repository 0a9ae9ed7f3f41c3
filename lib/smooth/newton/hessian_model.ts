/**
 * Models H(x) of a Hessian, and steps `-(H + λB)⁻¹ g` for any λ after one preparation.
 *
 * ```
 * dense       H V = B V Λ,  VᵀBV = I:   (H + λB)⁻¹ g = V (Λ + λ)⁻¹ Vᵀg,   gᵀB⁻¹g = |Vᵀg|²      O(n³), then O(n²) for each λ
 * rank one    H = ρ u uᵀ:   (H + λB)⁻¹ g = (B⁻¹g - ρ (uᵀB⁻¹g) / (λ + ρ uᵀB⁻¹u) B⁻¹u) / λ            O(n) if B = I
 * none        H = 0:        B⁻¹ g / λ
 * ```
 *
 * @module
 */
import {
  checkChoice,
  copy,
  dot,
  isFiniteVector,
  type Matrix,
  ShapeError,
  type TwiceSmooth,
  type Vector,
} from "../../core/mod.ts";
import { cholesky, eigh } from "../../linalg/mod.ts";
import { writeHessian } from "../trust_region/dense.ts";
import { setGradient, shiftedStep, type Spectrum } from "../trust_region/spectral_model.ts";

/** A model that writes a matrix, such as that of Gauss and Newton. */
export interface DenseHessianModel {
  /** The name, for options. */
  readonly name: string;
  /** Writes H(x), symmetric. */
  readonly write: (x: Vector, H: Matrix) => void;
}

/** A model of rank one, such as Fisher's of a power of a norm. */
export interface RankOneHessianModel {
  /** The name, for options. */
  readonly name: string;
  /** Writes u and returns `ρ >= 0`: `H(x) = ρ u uᵀ`. */
  readonly rankOne: (x: Vector, u: Vector) => number;
}

/** How the Hessian is modelled: by itself, by 0, or by a model. */
export type HessianModel = "exact" | "none" | DenseHessianModel | RankOneHessianModel;

/** What is known of H(x) and B: plain data. */
export interface Prepared {
  /** Eigenpairs of (H, B), of dense models. */
  spectrum?: Spectrum;
  /** `ρ`. */
  rho: number;
  /** `u` and `B⁻¹u`, of models of rank one. */
  readonly u: Vector;
  /** As said. */
  readonly solved: Vector;
  /** Room for `B⁻¹g`. */
  readonly work: Vector;
}

/** Steps by a model in the norm of B. */
export interface ModelSteps {
  /** For options. */
  readonly name: string;
  /** The oracles that it calls. */
  readonly needs: readonly string[];
  /** Allocates. */
  readonly init: (n: number) => Prepared;
  /** Takes H(x); returns whether it is finite. */
  prepare(problem: TwiceSmooth, x: Vector, memory: Prepared): boolean;
  /** `gᵀB⁻¹g`. */
  dualSquare(g: Vector, memory: Prepared): number;
  /** Writes `-(H + λB)⁻¹g` into `out`; false where `H + λB` is not positive definite. */
  step(g: Vector, lambda: number, memory: Prepared, out: Vector): boolean;
}

/**
 * The steps of a model in the norm of B, which is I when left out.
 *
 * @throws {NotPositiveDefiniteError} When B is not positive definite.
 */
export function modelSteps(model: HessianModel, B?: Matrix): ModelSteps {
  if (typeof model !== "object") checkChoice("model a Hessian", "a model", model, ["exact", "none"]);
  const factor = B && cholesky(B);
  const check = (n: number): void => {
    if (B && B.rows !== n) throw new ShapeError(`Cannot use a norm: expected B of order ${n}, got ${B.rows}`);
  };
  const solveB = (g: Vector, out: Vector): void => void (factor ? factor.solve(g, out) : copy(g, out));
  if (model === "none" || (typeof model === "object" && "rankOne" in model)) {
    const rankOne = typeof model === "object" ? model.rankOne : () => 0;
    return {
      name: typeof model === "object" ? model.name : model,
      needs: ["gradient"],
      init: (n) => {
        check(n);
        return { rho: 0, u: new Float64Array(n), solved: new Float64Array(n), work: new Float64Array(n) };
      },
      prepare(_, x, memory) {
        memory.rho = rankOne(x, memory.u);
        if (!(memory.rho >= 0 && isFiniteVector(memory.u))) return false;
        solveB(memory.u, memory.solved);
        return true;
      },
      dualSquare(g, { work }) {
        solveB(g, work);
        return dot(g, work);
      },
      step(g, lambda, { rho, u, solved, work }, out) {
        solveB(g, work);
        const along = rho === 0 ? 0 : rho * dot(u, work) / (lambda + rho * dot(u, solved));
        for (let i = 0; i < out.length; i++) out[i] = (along * solved[i] - work[i]) / lambda;
        return lambda > 0;
      },
    };
  }
  const write = model === "exact" ? writeHessian : (_: TwiceSmooth, x: Vector, H: Matrix): void => model.write(x, H);
  const none = new Float64Array(0);
  return {
    name: model === "exact" ? model : model.name,
    needs: model === "exact" ? ["gradient", "hessianVector"] : ["gradient"],
    init: (n) => {
      check(n);
      return { rho: 0, u: none, solved: none, work: none };
    },
    prepare(problem, x, memory) {
      const n = x.length, H = { rows: n, columns: n, data: new Float64Array(n * n) };
      write(problem, x, H);
      if (!isFiniteVector(H.data)) return false;
      memory.spectrum = { ...eigh(H, B), coefficients: new Float64Array(n) };
      return true;
    },
    dualSquare(g, { spectrum }) {
      setGradient(spectrum!, g);
      return dot(spectrum!.coefficients, spectrum!.coefficients);
    },
    step(g, lambda, { spectrum }, out) {
      if (!(spectrum!.values[0] + lambda > 0)) return false;
      setGradient(spectrum!, g);
      shiftedStep(spectrum!, lambda, out);
      return true;
    },
  };
}
