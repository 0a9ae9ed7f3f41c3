/**
 * Bilevel problems of many quadratic blocks, with noise that a sample's number decides.
 *
 * @module
 */
import { type BlockBilevel, type BlockPoint, fillNormal, type Instance, rng, type Vector } from "../core/mod.ts";

/** Sizes and noise. */
export interface BlockQuadraticOptions {
  /** m. Default 20. */
  readonly blocks?: number;
  /** The length of x. Default 5. */
  readonly dimension?: number;
  /** The length d of each yᵢ. Default 4. */
  readonly size?: number;
  /** The standard deviation of each entry of a sampled gradient. Default 1. */
  readonly noise?: number;
  /** The number of samples of a block. Default 256. */
  readonly samples?: number;
  /** Of the generator that draws the problem. Default 0. */
  readonly seed?: number;
}

/**
 * `gᵢ(x, y) = ½ yᵀPᵢy - yᵀ(Qᵢx + qᵢ)` with eigenvalues of Pᵢ about 1 to 3, `fᵢ(x, y) = ½|y - tᵢ|² + ¹⁄₂₀|x|²`. A sample
 * adds normal numbers of its own to each gradient, and to Pᵢ and Qᵢ a diagonal a tenth as large; over all samples they
 * vanish.
 */
export function blockQuadratic(options: BlockQuadraticOptions = {}): Instance<BlockBilevel> {
  const { blocks: m = 20, dimension: n = 5, size: d = 4, noise = 1, samples = 256, seed = 0 } = options;
  const random = rng(seed), draw = (count: number): Vector => fillNormal(random, new Float64Array(count));
  const parts = Array.from({ length: m }, () => {
    const R = draw(d * d), P = new Float64Array(d * d);
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) {
        let s = i === j ? 1 : 0;
        for (let k = 0; k < d; k++) s += R[i * d + k] * R[j * d + k] / (2 * d);
        P[i * d + j] = s;
      }
    }
    return { P, Q: draw(d * n).map((v) => v / Math.sqrt(n)), q: draw(d), t: draw(d) };
  });
  /** `out = P y - Q x - q`. */
  const residual = ({ P, Q, q }: (typeof parts)[0], x: Vector, y: Vector, out: Vector): void => {
    for (let i = 0; i < d; i++) {
      let s = -q[i];
      for (let j = 0; j < d; j++) s += P[i * d + j] * y[j];
      for (let j = 0; j < n; j++) s -= Q[i * n + j] * x[j];
      out[i] = s;
    }
  };
  /** Noise of one kind of gradient, `length` numbers for each sample of each block, of mean 0 over the samples. */
  const disturbance = (length: number, amount: number): (i: number, batch: Uint32Array, out: Vector) => void => {
    const table = draw(noise === 0 ? 0 : m * samples * length), mean = new Float64Array(length);
    for (let at = 0; at < table.length; at += samples * length) {
      mean.fill(0);
      for (let k = 0; k < samples * length; k++) mean[k % length] += table[at + k] / samples;
      for (let k = 0; k < samples * length; k++) table[at + k] = amount * noise * (table[at + k] - mean[k % length]);
    }
    return (i, batch, out) => {
      if (noise === 0) return;
      for (const key of batch) {
        const at = (i * samples + key) * length;
        for (let k = 0; k < length; k++) out[k] += table[at + k] / batch.length;
      }
    };
  };
  const [upperX, upperY, lowerY] = [disturbance(n, 1), disturbance(d, 1), disturbance(d, 1)];
  const [hessian, mixed] = [disturbance(d, 0.1), disturbance(n, 0.1)]; // random diagonals
  const block = (y: Vector, i: number): Vector => y.subarray(i * d, (i + 1) * d);
  const over = (out: Vector, act: (part: Vector, i: number) => void): void => {
    for (let i = 0; i < m; i++) act(block(out, i), i);
    for (let k = 0; k < out.length; k++) out[k] /= m;
  };
  const multiply = (A: Vector, columns: number, v: Vector, out: Vector): void => {
    for (let i = 0; i < out.length; i++) {
      let s = 0;
      for (let j = 0; j < columns; j++) s += A[i * columns + j] * v[j];
      out[i] = s;
    }
  };
  /** `out = -Qᵀv`. */
  const cross = (Q: Vector, v: Vector, out: Vector): void => {
    for (let j = 0; j < n; j++) {
      let s = 0;
      for (let i = 0; i < d; i++) s -= Q[i * n + j] * v[i];
      out[j] = s;
    }
  };
  const scratch = new Float64Array(d), part = new Float64Array(n);
  /** `out = -mean Qᵢᵀvᵢ`. */
  const meanCross = (v: Vector, out: Vector): void => {
    out.fill(0);
    parts.forEach(({ Q }, i) => {
      cross(Q, block(v, i), part);
      part.forEach((p, k) => out[k] += p / m);
    });
  };
  const problem: BlockBilevel = {
    kind: "bilevel",
    name: `${m} quadratic blocks`,
    dimension: n,
    lowerDimension: m * d,
    upper: {
      value: (x, y) => {
        let s = 0;
        parts.forEach(({ t }, i) => t.forEach((tk, k) => s += (y[i * d + k] - tk) ** 2 / (2 * m)));
        return x.reduce((sum, v) => sum + v * v / 20, s);
      },
      gradientX: (x, _, out) => x.forEach((v, k) => void (out[k] = v / 10)),
      gradientY: (_, y, out) =>
        parts.forEach(({ t }, i) => t.forEach((tk, k) => void (out[i * d + k] = (y[i * d + k] - tk) / m))),
    },
    lower: {
      value: (x, y) => {
        let s = 0;
        parts.forEach(({ P, Q, q }, i) => {
          const yi = block(y, i);
          for (let k = 0; k < d; k++) {
            let inner = -q[k];
            for (let j = 0; j < d; j++) inner += P[k * d + j] * yi[j] / 2;
            for (let j = 0; j < n; j++) inner -= Q[k * n + j] * x[j];
            s += yi[k] * inner / m;
          }
        });
        return s;
      },
      gradientX: (_, y, out) => meanCross(y, out),
      gradientY: (x, y, out) => over(out, (to, i) => residual(parts[i], x, block(y, i), to)),
      hessianVector: (_, __, v, out) => over(out, (to, i) => multiply(parts[i].P, d, block(v, i), to)),
      crossVector: (_, __, v, out) => meanCross(v, out),
    },
    blocks: {
      count: m,
      size: d,
      samples,
      upperGradientX: ({ x, block: i }: BlockPoint, batch, out) => {
        for (let k = 0; k < n; k++) out[k] = x[k] / 10;
        upperX(i, batch, out);
      },
      upperGradientY: ({ y, block: i }, batch, out) => {
        for (let k = 0; k < d; k++) out[k] = y[k] - parts[i].t[k];
        upperY(i, batch, out);
      },
      lowerGradientY: ({ x, y, block: i }, batch, out) => {
        residual(parts[i], x, y, out);
        lowerY(i, batch, out);
      },
      lowerHessianVector: ({ block: i }, batch, v, out) => {
        multiply(parts[i].P, d, v, out);
        scratch.fill(0);
        hessian(i, batch, scratch);
        for (let k = 0; k < d; k++) out[k] += scratch[k] * v[k];
      },
      lowerCrossVector: ({ block: i }, batch, v, out) => {
        cross(parts[i].Q, v, out);
        part.fill(0);
        mixed(i, batch, part);
        for (let k = 0; k < n; k++) out[k] += part[k] * v[k % d];
      },
    },
  };
  return { name: `${m} quadratic blocks`, problem, start: new Float64Array(n), minima: [] };
}
