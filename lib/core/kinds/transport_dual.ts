/**
 * The dual of optimal transport, target by target: what a column of the plan is worth at the prices of the sources.
 *
 * ```
 * φⱼ(s) = max { s·t - r(t) : t >= 0, Σ t = bⱼ },   sᵢ = uᵢ - Cᵢⱼ
 *   no regularizer       bⱼ maxᵢ sᵢ
 *   entropy              ε bⱼ log Σ aᵢ exp(sᵢ/ε)                      t = bⱼ a exp(s/ε) / Σ a exp(s/ε)
 *   quadratic, k entries s·t - γ/2 |t|²,  t = the k largest of s/γ, projected on { t >= 0, Σ t = bⱼ }
 * dual(u) = aᵀu - Σⱼ φⱼ
 * ```
 *
 * With fewer entries than the best plan has, the quadratic dual is a lower bound that no plan reaches.
 *
 * Source: Peyré and Cuturi, Computational Optimal Transport (2019), section 4.4; Liu, Puigcerver and Blondel,
 * Sparsity-constrained optimal transport (2022), arXiv 2209.15466, section 4.
 *
 * @module
 */
import type { Quadratic, Transport } from "../transport.ts";
import { largestEntries } from "../select.ts";
import type { Vector } from "../vector.ts";

/** `φⱼ(s)` for the scores `s` of target `j`; with `column` its maximizer t is written there (entropy and quadratic). */
export type ColumnValue = (scores: Vector, j: number, column?: Vector) => number;

/**
 * `u ↦ Σⱼ φⱼ(u - Cⱼ)`; work space is allocated once. Without regularizer the costs are read as they lie, row by row.
 */
export function columnTotal(problem: Transport): (u: Vector) => number {
  const { cost: { rows, columns, data: c }, target, regularizer } = problem;
  if (regularizer === undefined) {
    const most = new Float64Array(columns);
    return (u) => {
      most.fill(-Infinity);
      for (let i = 0, k = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++, k++) if (u[i] - c[k] > most[j]) most[j] = u[i] - c[k];
      }
      return most.reduce((sum, worth, j) => target[j] > 0 ? sum + target[j] * worth : sum, 0);
    };
  }
  const columnValue = columnValues(problem), scores = new Float64Array(rows);
  return (u) => {
    let sum = 0;
    for (let j = 0; j < columns; j++) {
      for (let i = 0, k = j; i < rows; i++, k += columns) scores[i] = u[i] - c[k];
      sum += columnValue(scores, j);
    }
    return sum;
  };
}

/** The column values of a problem; their work space is allocated once. */
export function columnValues({ source, target, regularizer }: Transport): ColumnValue {
  if (regularizer?.type === "quadratic") {
    const project = cappedProjection(regularizer, source.length);
    return (s, j, column) => project(s, target[j], column);
  }
  if (regularizer === undefined) return (s, j) => target[j] > 0 ? target[j] * largest(s, undefined) : 0;
  const epsilon = regularizer.strength;
  return (s, j, column) => {
    const m = largest(s, source), b = target[j];
    if (b === 0 || m === -Infinity) {
      column?.fill(0);
      return b === 0 ? 0 : -Infinity;
    }
    let total = 0;
    for (let i = 0; i < s.length; i++) {
      const e = source[i] > 0 ? source[i] * Math.exp((s[i] - m) / epsilon) : 0;
      total += e;
      if (column) column[i] = e;
    }
    if (column) { for (let i = 0; i < s.length; i++) column[i] *= b / total; }
    return b * (m + epsilon * Math.log(total));
  };
}

/** The largest score, of those with mass if masses are given. */
function largest(s: Vector, mass: Vector | undefined): number {
  let m = -Infinity;
  for (let i = 0; i < s.length; i++) if (s[i] > m && (mass === undefined || mass[i] > 0)) m = s[i];
  return m;
}

/**
 * The maximizer of `s·t - γ/2 |t|²` over `t >= 0`, `Σ t = total`, with k entries at most: the k largest scores (of
 * equal ones those first), minus the threshold `τ` that leaves `total`, found by dropping what falls below it.
 */
function cappedProjection(
  { strength, columnEntries }: Quadratic,
  n: number,
): (s: Vector, total: number, column?: Vector) => number {
  const k = Math.min(columnEntries ?? n, n), kept = new Float64Array(k), places = new Uint32Array(k);
  return (s, total, column) => {
    column?.fill(0);
    if (total === 0) return 0;
    let count = largestEntries(s, places, kept);
    if (count === 0) return -Infinity;
    let tau = 0;
    for (let before = count + 1; count < before;) {
      before = count;
      let sum = 0;
      for (let i = 0; i < count; i++) sum += kept[i];
      tau = (sum - strength * total) / count;
      count = 0;
      for (let i = 0; i < before; i++) {
        if (!(kept[i] > tau)) continue;
        kept[count] = kept[i];
        places[count++] = places[i];
      }
    }
    let value = 0;
    for (let i = 0; i < count; i++) {
      const t = (kept[i] - tau) / strength;
      value += t * (kept[i] - strength * t / 2);
      if (column) column[places[i]] = t;
    }
    return value;
  };
}
