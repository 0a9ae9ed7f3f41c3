// The digits of 8 x 8 pixels, in two parts that share no example.
import type { Matrix, Vector } from "../../lib/core/mod.ts";
import { type Dataset, readCsv } from "../../lib/problems/mod.ts";

/** Images, pixels between 0 and 1, and their labels. */
export interface Labelled {
  readonly X: Matrix;
  readonly labels: Vector;
}

/** Rows of a dataset, scaled. */
export function labelled({ features, columns, targets }: Dataset, from: number, to: number, largest: number): Labelled {
  const data = (features as Vector).slice(from * columns, to * columns).map((v) => v / largest);
  return { X: { rows: to - from, columns, data }, labels: targets.slice(from, to) };
}

const all = await readCsv(Deno.readFileSync(new URL("../data/uci-digits-8x8.csv.gz", import.meta.url)), {
  header: false,
});

/** 1200 digits. */
export const training: Labelled = labelled(all, 0, 1200, 16);

/** The other 597. */
export const held: Labelled = labelled(all, 1200, all.rows, 16);
