/**
 * Exact steps of ADMM for the squared loss of the convex program of rectified linear units.
 *
 * ```
 * (I + GᵀG + FᵀF/ρ) u = Fᵀy/ρ + a + Gᵀb
 *
 * dense       Cholesky's factor of order 2dP: O(d³P³) once for a ρ, O(d²P²) for a step
 * Woodbury    GᵢᵀGᵢ = XᵀX for all i, so B = I + GᵀG has equal blocks I + XᵀX, and with q = B⁻¹ rhs
 *             u = q - B⁻¹Fᵀ (ρI + FB⁻¹Fᵀ)⁻¹ F q,   FB⁻¹Fᵀ = 2 (X(I + XᵀX)⁻¹Xᵀ) ∘ (Σᵢ dᵢdᵢᵀ)
 *             Cholesky's factor of order n: O(n³) once for a ρ, O(nPd + Pd² + n²) for a step
 * ```
 *
 * Source: Bai, Gautam and Sojoudi, Efficient global optimization of two-layer ReLU networks (2022), arXiv 2201.01965,
 * equation (9) and section 3.2; Woodbury, Inverting modified matrices (1950).
 *
 * @module
 */
import { axpy, DomainError, type Matrix, type Vector } from "../../core/mod.ts";
import { type Cholesky, cholesky, identity, matmul, transpose } from "../../linalg/mod.ts";
import { gramMatrix, type InnerStep } from "../inner_step.ts";
import type { ConvexRelu, ReluModel } from "./problem.ts";

/** The systems of a model: a factor for each ρ, and the solution of one, whose right-hand side u holds. */
interface System {
  readonly factored: (rho: number) => Cholesky;
  readonly solve: (factor: Cholesky, u: Vector) => void;
}

interface Prepared extends System {
  /** `Fᵀy`. */
  readonly target: Vector;
  /** Of the factor. */
  rho: number;
  factor: Cholesky;
}

function linearStep(name: string, prepare: (model: ReluModel) => System): InnerStep<ConvexRelu> {
  const known = new WeakMap<ReluModel, Prepared>();
  const prepared = (model: ReluModel, rho: number): Prepared => {
    let entry = known.get(model);
    if (!entry) {
      const system = prepare(model), target = new Float64Array(model.gates.outputs.columns);
      model.gates.outputs.applyTranspose(model.y, target);
      known.set(model, entry = { ...system, target, rho, factor: system.factored(rho) });
    }
    if (entry.rho !== rho) Object.assign(entry, { rho, factor: entry.factored(rho) });
    return entry;
  };
  return {
    name,
    options: {},
    init: ({ relu }) => {
      if (relu.loss !== "squared") {
        throw new DomainError(`Cannot solve for u exactly: expected the squared loss, got the ${relu.loss} one`);
      }
      return null;
    },
    minimize: ({ relu, operator }, _memory, { rho, a, b }, u) => {
      const { target, factor, solve } = prepared(relu, rho);
      operator.applyTranspose(b, u);
      axpy(1, a, u);
      axpy(1 / rho, target, u);
      solve(factor, u);
    },
  };
}

/** A step by a factor of order 2dP. */
export function denseStep(): InnerStep<ConvexRelu> {
  return linearStep("dense", ({ gates: { outputs, signed } }) => {
    const size = outputs.columns, gram = gramMatrix(signed), product = gramMatrix(outputs);
    return {
      factored: (rho) => {
        const A = { ...gram, data: gram.data.slice() };
        axpy(1 / rho, product.data, A.data);
        for (let i = 0; i < size; i++) A.data[i * (size + 1)] += 1;
        return cholesky(A);
      },
      solve: (factor, u) => void factor.solve(u, u),
    };
  });
}

/** A step by a factor of order n. */
export function woodburyStep(): InnerStep<ConvexRelu> {
  return linearStep("woodbury", ({ X, arrangements: { count, patterns }, gates: { outputs } }) => {
    const n = X.rows, d = X.columns, gram = matmul(transpose(X), X);
    for (let j = 0; j < d; j++) gram.data[j * (d + 1)] += 1;
    const inverse = cholesky(gram).solve(identity(d)), coupled = matmul(X, matmul(inverse, transpose(X)));
    const D: Matrix = { rows: count, columns: n, data: Float64Array.from(patterns) },
      together = matmul(transpose(D), D);
    const solved = new Float64Array(outputs.columns),
      pulled = new Float64Array(outputs.columns),
      q = new Float64Array(n);
    const blocks = (data: Vector): Matrix => ({ rows: 2 * count, columns: d, data });
    return {
      factored: (rho) => {
        const A = identity(n);
        for (let k = 0; k < n * n; k++) A.data[k] = rho * A.data[k] + 2 * coupled.data[k] * together.data[k];
        return cholesky(A);
      },
      solve: (factor, u) => {
        matmul(blocks(u), inverse, blocks(solved));
        outputs.apply(solved, q);
        outputs.applyTranspose(factor.solve(q, q), pulled);
        matmul(blocks(pulled), inverse, blocks(u));
        for (let i = 0; i < u.length; i++) u[i] = solved[i] - u[i];
      },
    };
  });
}
