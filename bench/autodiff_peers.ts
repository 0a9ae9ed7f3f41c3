/**
 * The functions of the bench of derivatives in tfjs (cpu, single precision) and jax-js (wasm, single and double precision). The
 * packages are fetched from npm when the peers are asked for, not before: they are no dependency of anything here.
 *
 * @module
 */

/** A chainable array of tfjs. */
interface Tensor {
  readonly shape: number[];
  slice(begin: number[], size: number[]): Tensor;
  reshape(shape: number[]): Tensor;
  matMul(other: Tensor): Tensor;
  add(other: Tensor | number): Tensor;
  sub(other: Tensor): Tensor;
  mul(other: Tensor | number): Tensor;
  neg(): Tensor;
  softplus(): Tensor;
  tanh(): Tensor;
  square(): Tensor;
  logSumExp(axis?: number): Tensor;
  sum(axis?: number): Tensor;
  dataSync(): Float32Array;
  dispose(): void;
}

interface Tfjs {
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  tensor(data: Float32Array, shape: number[]): Tensor;
  scalar(value: number): Tensor;
  tidy(body: () => void): void;
  valueAndGrad(f: (x: Tensor) => Tensor): (x: Tensor) => { readonly value: Tensor; readonly grad: Tensor };
}

/** A chainable array of jax-js; `ref` is needed wherever an array is used again. */
interface JaxArray {
  readonly ref: JaxArray;
  readonly shape: number[];
  slice(range: [number, number]): JaxArray;
  reshape(shape: number[]): JaxArray;
  add(other: JaxArray | number): JaxArray;
  sub(other: JaxArray): JaxArray;
  mul(other: JaxArray | number): JaxArray;
  sum(axis?: number): JaxArray;
  dispose(): void;
  dataSync(): Float32Array | Float64Array;
}

interface Jax {
  readonly numpy: {
    array(data: Float32Array | Float64Array, options: { dtype: unknown }): JaxArray;
    matmul(a: JaxArray, b: JaxArray): JaxArray;
    tanh(a: JaxArray): JaxArray;
    readonly float32: unknown;
    readonly float64: unknown;
  };
  readonly nn: { softplus(a: JaxArray): JaxArray; logsumexp(a: JaxArray, axis?: number): JaxArray };
  init(device: string): Promise<unknown>;
  defaultDevice(device: string): unknown;
  grad(f: (...x: JaxArray[]) => JaxArray): (...x: JaxArray[]) => JaxArray;
  jit(f: (...x: JaxArray[]) => JaxArray): (...x: JaxArray[]) => JaxArray;
}

/** A function in the words of both, of a vector and of further arrays. */
export interface PeerFunction {
  readonly tfjs: (x: Tensor, ...rest: Tensor[]) => Tensor;
  readonly jax: (x: JaxArray, ...rest: JaxArray[]) => JaxArray;
}

/** Further arrays of a function, with their shapes. */
export type Rest = readonly (readonly [data: Float64Array, shape: readonly number[]])[];

/** Makes what writes the gradient of a function into `out`, for each peer. */
export type Peers = (f: PeerFunction, x: Float64Array, rest: Rest) => Record<string, (out: Float64Array) => void>;

/** Loads the peers, and the functions in their words. */
export async function openPeers(): Promise<{ peers: Peers; functions: Record<string, PeerFunction> }> {
  const names = ["npm:@tensorflow/tfjs@4.22.0", "npm:@jax-js/jax@0.1.25"]; // not literal: else type checks would fetch them
  const tf = await import(names[0]) as Tfjs, jax = await import(names[1]) as Jax, np = jax.numpy;
  await tf.setBackend("cpu");
  await tf.ready();
  await jax.init("wasm");
  jax.defaultDevice("wasm");

  const peers: Peers = (f, x, rest) => {
    const fixed = rest.map(([data, shape]) => tf.tensor(new Float32Array(data), [...shape]));
    const gradient = tf.valueAndGrad((x) => f.tfjs(x, ...fixed));
    const all: Record<string, (out: Float64Array) => void> = {
      "tfjs, single": (out) =>
        tf.tidy(() => out.set(gradient(tf.tensor(new Float32Array(x), [x.length])).grad.dataSync())),
    };
    for (const single of [true, false]) {
      const array = (data: Float64Array, shape: readonly number[]): JaxArray =>
        np.array(single ? new Float32Array(data) : data, { dtype: single ? np.float32 : np.float64 }).reshape([
          ...shape,
        ]);
      const slope = jax.jit(jax.grad(f.jax)), given = rest.map(([data, shape]) => array(data, shape));
      all[`jax-js, ${single ? "single" : "double"}`] = (out) =>
        out.set(slope(array(x, [x.length]), ...given.map(({ ref }) => ref)).dataSync());
    }
    return all;
  };

  const rosenbrock: PeerFunction = {
    tfjs: (x) => {
      const m = x.shape[0] - 1, a = x.slice([0], [m]), q = x.slice([1], [m]).sub(a.square());
      return tf.scalar(1).sub(a).square().add(q.square().mul(100)).sum();
    },
    jax: (x) => {
      const n = x.shape[0],
        a = x.ref.slice([0, n - 1]),
        q = x.slice([1, n]).sub(a.ref.mul(a.ref)),
        u = a.mul(-1).add(1);
      return u.ref.mul(u).add(q.ref.mul(q).mul(100)).sum();
    },
  };
  const logistic: PeerFunction = {
    tfjs: (w, A, y) => {
      const [m, n] = A.shape, margins = y.mul(A.matMul(w.reshape([n, 1])).reshape([m]));
      return margins.neg().softplus().sum().mul(1 / m).add(w.square().sum().mul(5e-4));
    },
    jax: (w, A, y) => {
      const m = A.shape[0], margins = y.mul(np.matmul(A, w.ref));
      return jax.nn.softplus(margins.mul(-1)).sum().mul(1 / m).add(w.ref.mul(w).sum().mul(5e-4));
    },
  };
  const logsumexp: PeerFunction = {
    tfjs: (x, A, b) => A.matMul(x.reshape([-1, 1])).reshape([-1]).add(b).logSumExp(),
    jax: (x, A, b) => jax.nn.logsumexp(np.matmul(A, x).add(b)),
  };
  const network: PeerFunction = {
    tfjs: (p, X, Y) => {
      const [batch, I] = X.shape, C = Y.shape[1], H = (p.shape[0] - C) / (I + 1 + C);
      const part = (at: number, ...shape: number[]): Tensor =>
        p.slice([at], [shape.reduce((a, b) => a * b, 1)]).reshape(shape);
      const hidden = X.matMul(part(0, I, H)).add(part(I * H, H)).tanh();
      const scores = hidden.matMul(part(I * H + H, H, C)).add(part(I * H + H + H * C, C));
      return scores.logSumExp(1).sub(Y.mul(scores).sum(1)).sum().mul(1 / batch);
    },
    jax: (p, X, Y) => {
      const [batch, I] = X.shape, C = Y.shape[1], H = (p.shape[0] - C) / (I + 1 + C);
      const part = (at: number, ...shape: number[]): JaxArray =>
        p.ref.slice([at, at + shape.reduce((a, b) => a * b, 1)]).reshape(shape);
      const hidden = np.tanh(np.matmul(X, part(0, I, H)).add(part(I * H, H)));
      const last = part(I * H + H, H, C), shift = part(I * H + H + H * C, C);
      p.dispose();
      const scores = np.matmul(hidden, last).add(shift);
      return jax.nn.logsumexp(scores.ref, 1).sub(Y.mul(scores).sum(1)).sum().mul(1 / batch);
    },
  };
  return { peers, functions: { rosenbrock, logistic, logsumexp, network } };
}
