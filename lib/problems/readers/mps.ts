/**
 * Linear and quadratic programs in MPS files, with the sections of QPS.
 *
 * ```
 * NAME, OBJSENSE, ROWS, COLUMNS, RHS, RANGES, BOUNDS, QUADOBJ (one triangle) or QMATRIX (both), ENDATA
 * ```
 *
 * The first free row is the objective, others are left out; what RHS says of it is minus a constant. A range r makes of
 * a row at b: `[b - |r|, b]` for L, `[b, b + |r|]` for G, `[b, b + r]` or `[b + r, b]` for E. An upper bound below 0
 * without a lower bound takes the 0 away that variables have by default.
 *
 * Sources: IBM, Mathematical Programming System/360 (1969); Maros and Mészáros, A repository of convex quadratic
 * programming problems (1999), for QPS.
 *
 * @module
 */
import type { SparseProgram } from "../../constrained/mod.ts";
import type { ByteSource, ReadOptions } from "./bytes.ts";
import { eachLine, fail } from "./lines.ts";
import { fieldsOf, type MpsFormat } from "./mps_fields.ts";
import { MpsModel } from "./mps_model.ts";
import { textOf } from "./numbers.ts";

/** What an MPS file says. */
export interface MpsProgram {
  /** The name; empty if the file gives none. */
  readonly name: string;
  /** The program, to be minimized; a quadratic one if the file has entries of a Hessian. */
  readonly problem: SparseProgram;
  /** What the objective adds to the problem's value. */
  readonly constant: number;
  /** Whether the file asks for the maximum; the problem's objective is minus the file's then, the constant too. */
  readonly maximize: boolean;
  /** The names of the rows of the matrix. */
  readonly rowNames: readonly string[];
  /** The names of the variables. */
  readonly columnNames: readonly string[];
  /** The variables that must be whole, which the problem's `integer` has as flags. */
  readonly integers: readonly number[];
}

/** What `readMps` is told. */
export interface MpsOptions extends ReadOptions {
  /**
   * Whether blanks separate fields (`free`), or fields stand in columns 2, 5, 15, 25, 40 and 50 (`fixed`), where names
   * may hold blanks. By default blanks separate, and lines on which that fits no rule are read by columns; from a row's
   * name with a blank on, all are.
   */
  readonly format?: MpsFormat;
}

const VERB = "read an MPS file", STAR = 42;

/**
 * Reads an MPS or QPS file, fixed or free. It streams.
 *
 * @throws {ParseError} On anything that the format does not know, with source, line and column.
 *
 * @example Two variables, a range and an upper bound
 * ```ts
 * import { readMps } from "@gradus/gradus/problems";
 * import { assertEquals } from "@std/assert";
 *
 * const text = `NAME small
 * ROWS
 *  N cost
 *  L sum
 * COLUMNS
 *  x cost 1 sum 1
 *  y cost 2 sum 1
 * RHS
 *  rhs sum 4 cost -10
 * RANGES
 *  ranges sum 3
 * BOUNDS
 *  UP bounds x 2
 * ENDATA
 * `;
 * const { problem, constant, columnNames } = await readMps(new TextEncoder().encode(text));
 * if (problem.kind !== "linear-program") throw new Error("it has no Hessian");
 * assertEquals([...problem.objective, ...problem.rowLower, ...problem.rowUpper, ...problem.upper], [1, 2, 1, 4, 2, Infinity]);
 * assertEquals([constant, ...columnNames], [10, "x", "y"]);
 * ```
 */
export async function readMps(source: ByteSource, options: MpsOptions = {}): Promise<MpsProgram> {
  let model: MpsModel | undefined;
  const end = await eachLine(source, VERB, options, (place) => {
    const reading = model = new MpsModel(place);
    let format = options.format;
    return (bytes, begin, end) => {
      if (reading.ended || begin === end || bytes[begin] === STAR) return;
      const line = textOf(bytes, begin, end).trimEnd();
      if (line === "") return;
      if (/^\S/.test(line)) return reading.open(line);
      const fields = fieldsOf(place, line, reading.section, format);
      if (reading.section === "ROWS" && fields.head?.text.includes(" ")) format = "fixed";
      reading.add(fields);
    };
  });
  if (!model?.ended) fail(end, "expected a line ENDATA, got the end of the data");
  return model.finish();
}
