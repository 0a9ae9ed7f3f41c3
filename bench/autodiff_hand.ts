/**
 * Functions of the bench of derivatives as one would write them by hand: plain loops, values kept for the gradient.
 *
 * @module
 */
import { backend, cholesky, identity, matrix, matvec } from "../lib/linalg/mod.ts";

/** The value and the gradient of Rosenbrock's function in two variables. */
export function rosenbrock2(x: Float64Array, g: Float64Array): number {
  const a = x[0], u = 1 - a, q = x[1] - a * a;
  g[0] = -2 * u - 400 * a * q;
  g[1] = 200 * q;
  return u * u + 100 * q * q;
}

/** The value and the gradient of Rosenbrock's function. */
export function rosenbrock(x: Float64Array, g: Float64Array): number {
  let f = 0, carried = 0;
  for (let i = 0; i < x.length - 1; i++) {
    const a = x[i], u = 1 - a, q = x[i + 1] - a * a;
    f += u * u + 100 * q * q;
    g[i] = carried - 2 * u - 400 * a * q;
    carried = 200 * q;
  }
  g[x.length - 1] = carried;
  return f;
}

/** The value of Rosenbrock's function. */
export function rosenbrockValue(x: Float64Array): number {
  let f = 0;
  for (let i = 0; i < x.length - 1; i++) {
    const u = 1 - x[i], q = x[i + 1] - x[i] * x[i];
    f += u * u + 100 * q * q;
  }
  return f;
}

/** The value and the gradient of a mean logistic loss with `strength/2 |w|²`, in one pass over the rows. */
export function logistic(
  A: Float64Array,
  y: Float64Array,
  strength: number,
): (w: Float64Array, g: Float64Array) => number {
  const m = y.length, n = A.length / m;
  return (w, g) => {
    g.fill(0);
    let loss = 0;
    for (let i = 0; i < m; i++) {
      const p = i * n;
      let z = 0;
      for (let j = 0; j < n; j++) z += A[p + j] * w[j];
      const t = -y[i] * z, e = Math.exp(-Math.abs(t)), s = 1 / (1 + e);
      loss += Math.max(t, 0) + Math.log1p(e);
      const r = -y[i] * (t >= 0 ? s : e * s) / m;
      for (let j = 0; j < n; j++) g[j] += A[p + j] * r;
    }
    let norm = 0;
    for (let j = 0; j < n; j++) {
      norm += w[j] * w[j];
      g[j] += strength * w[j];
    }
    return loss / m + strength / 2 * norm;
  };
}

/** The Hessian of the same times a vector. */
export function logisticHessian(
  A: Float64Array,
  y: Float64Array,
  strength: number,
): (w: Float64Array, v: Float64Array, out: Float64Array) => void {
  const m = y.length, n = A.length / m;
  return (w, v, out) => {
    out.fill(0);
    for (let i = 0; i < m; i++) {
      const p = i * n;
      let z = 0, d = 0;
      for (let j = 0; j < n; j++) {
        z += A[p + j] * w[j];
        d += A[p + j] * v[j];
      }
      const e = Math.exp(-Math.abs(z)), s = 1 / (1 + e), r = e * s * s * d / m;
      for (let j = 0; j < n; j++) out[j] += A[p + j] * r;
    }
    for (let j = 0; j < n; j++) out[j] += strength * v[j];
  };
}

/** The value and the gradient of `log Σ exp (Ax + b)`, with products of several rows at a time. */
export function logsumexp(A: Float64Array, b: Float64Array): (x: Float64Array, g: Float64Array) => number {
  const m = b.length, n = A.length / m, z = new Float64Array(m);
  return (x, g) => {
    matvec({ rows: m, columns: n, data: A }, x, z);
    let largest = -Infinity, total = 0;
    for (let i = 0; i < m; i++) largest = Math.max(largest, z[i] += b[i]);
    for (let i = 0; i < m; i++) total += z[i] = Math.exp(z[i] - largest);
    g.fill(0);
    let i = 0;
    for (; i + 3 < m; i += 4) {
      const p = i * n, q = p + n, r = q + n, s = r + n;
      const a = z[i] / total, b = z[i + 1] / total, c = z[i + 2] / total, d = z[i + 3] / total;
      for (let j = 0; j < n; j++) g[j] += (A[p + j] * a + A[q + j] * b) + (A[r + j] * c + A[s + j] * d);
    }
    for (; i < m; i++) for (let j = 0; j < n; j++) g[j] += A[i * n + j] * z[i] / total;
    return largest + Math.log(total);
  };
}

/** Sizes of the network: inputs, hidden units, classes, examples. */
export const sizes = { inputs: 784, hidden: 128, classes: 10, batch: 128 } as const;

/** The value and the gradient of the mean cross entropy of a network with one hidden layer of tanh. */
export function network(X: Float64Array, Y: Float64Array): (p: Float64Array, g: Float64Array) => number {
  const { inputs: I, hidden: H, classes: C, batch: B } = sizes, kernels = backend();
  const h = new Float64Array(B * H), z = new Float64Array(B * C), d = new Float64Array(B * H);
  return (p, g) => {
    const bias = I * H, out = bias + H, last = out + H * C;
    kernels.gemm(false, false, B, H, I, 1, X, 0, I, p, 0, H, 0, h, 0, H);
    for (let i = 0; i < B; i++) for (let j = 0; j < H; j++) h[i * H + j] = Math.tanh(h[i * H + j] + p[bias + j]);
    kernels.gemm(false, false, B, C, H, 1, h, 0, H, p, out, C, 0, z, 0, C);
    let loss = 0;
    g.fill(0);
    for (let i = 0; i < B; i++) {
      let largest = -Infinity, total = 0, chosen = 0;
      for (let k = 0; k < C; k++) largest = Math.max(largest, z[i * C + k] += p[last + k]);
      for (let k = 0; k < C; k++) {
        chosen += Y[i * C + k] * (z[i * C + k] - largest);
        total += z[i * C + k] = Math.exp(z[i * C + k] - largest);
      }
      loss += Math.log(total) - chosen;
      for (let k = 0; k < C; k++) g[last + k] += z[i * C + k] = (z[i * C + k] / total - Y[i * C + k]) / B;
    }
    kernels.gemm(true, false, H, C, B, 1, h, 0, H, z, 0, C, 0, g, out, C);
    kernels.gemm(false, true, B, H, C, 1, z, 0, C, p, out, C, 0, d, 0, H);
    for (let i = 0; i < B; i++) {
      for (let j = 0; j < H; j++) g[bias + j] += d[i * H + j] *= 1 - h[i * H + j] * h[i * H + j];
    }
    kernels.gemm(true, false, I, H, B, 1, X, 0, I, d, 0, H, 0, g, 0, H);
    return loss / B;
  };
}

/** The value and the gradient of `-Σ mᵢ mⱼ / √(|xᵢ - xⱼ|² + ε)` over all pairs. */
export function bodies(mass: Float64Array, softening: number): (x: Float64Array, g: Float64Array) => number {
  const N = mass.length;
  return (x, g) => {
    let energy = 0;
    g.fill(0);
    for (let i = 0; i < N; i++) {
      for (let j = i + 1; j < N; j++) {
        const a = x[3 * i] - x[3 * j], b = x[3 * i + 1] - x[3 * j + 1], c = x[3 * i + 2] - x[3 * j + 2];
        const inverse = 1 / (a * a + b * b + c * c + softening), e = mass[i] * mass[j] * Math.sqrt(inverse);
        const f = e * inverse;
        energy -= e;
        g[3 * i] += f * a;
        g[3 * i + 1] += f * b;
        g[3 * i + 2] += f * c;
        g[3 * j] -= f * a;
        g[3 * j + 1] -= f * b;
        g[3 * j + 2] -= f * c;
      }
    }
    return energy;
  };
}

/**
 * The value and the gradient of the negative log-likelihood `½ yᵀK⁻¹y + ½ log det K` of a Gaussian process with
 * `K = exp 2b · exp(-D / (2 exp 2a)) + exp 2c · I` in `(a, b, c)`, D the squared distances.
 */
export function likelihood(D: Float64Array, y: Float64Array): (p: Float64Array, g: Float64Array) => number {
  const n = y.length, S = new Float64Array(n * n), K = new Float64Array(n * n), I = identity(n);
  return (p, g) => {
    const inverse = Math.exp(-2 * p[0]), variance = Math.exp(2 * p[1]), noise = Math.exp(2 * p[2]);
    for (let k = 0; k < n * n; k++) K[k] = S[k] = variance * Math.exp(-0.5 * inverse * D[k]);
    for (let i = 0; i < n; i++) K[i * (n + 1)] += noise;
    const factor = cholesky(matrix(n, n, K)),
      alpha = factor.solve(y),
      { data: W } = factor.solve(I),
      { data: L } = factor.L;
    let value = 0, length = 0, scale = 0, trace = 0;
    for (let i = 0; i < n; i++) {
      value += y[i] * alpha[i] / 2 + Math.log(L[i * (n + 1)]);
      trace += W[i * (n + 1)] - alpha[i] * alpha[i];
      for (let j = 0; j < n; j++) {
        const k = i * n + j, d = (W[k] - alpha[i] * alpha[j]) * S[k];
        scale += d;
        length += d * D[k];
      }
    }
    g[0] = inverse * length / 2;
    g[1] = scale;
    g[2] = noise * trace;
    return value;
  };
}
