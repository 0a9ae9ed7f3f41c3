/**
 * The problem that a file of data and a model make.
 *
 * @module
 */
import { GradusError, type Instance, type TwiceSmooth } from "../core/mod.ts";
import {
  type Dataset,
  leastSquares,
  type LinearModelOptions,
  logisticRegression,
  readCsv,
  readLibsvm,
  softmaxRegression,
  standardize,
} from "../problems/mod.ts";
import { type Arguments, choice, type Flag, numberFrom, UsageError } from "./arguments.ts";

/** Models by the names that `--problem` takes. */
const models: Readonly<Record<string, (data: Dataset, options: LinearModelOptions) => Instance<TwiceSmooth>>> = {
  "logistic": logisticRegression,
  "softmax": softmaxRegression,
  "least-squares": leastSquares,
};

type Reader = (file: ReadableStream<Uint8Array>, source: string, args: Arguments) => Promise<Dataset>;

/** Readers by the names that `--format` takes. */
const formats: Readonly<Record<string, Reader>> = {
  libsvm: (file, source) => readLibsvm(file, { source }),
  csv: (file, source, { flags }) => {
    const target = flags.get("target");
    return readCsv(file, {
      source,
      header: !flags.has("no-header"),
      ...(target === undefined ? {} : { target: /^-?\d+$/.test(target) ? Number(target) : target }),
    });
  },
};

const list = (choices: Readonly<Record<string, unknown>>): string => Object.keys(choices).join("|");

/** The flags that say what the problem is. */
export const problemFlags: readonly Flag[] = [
  { name: "problem", value: list(models), text: "the model" },
  { name: "data", value: "FILE", text: "the data, gzipped or not" },
  { name: "format", value: list(formats), text: "its format; by default csv for names in .csv, else libsvm" },
  { name: "target", value: "COLUMN", text: "csv: the target's name or its place from 0; by default the last column" },
  { name: "no-header", text: "csv: the first line has no names" },
  { name: "standardize", text: "dense data: bring each feature to mean 0 and variance 1" },
  { name: "intercept", text: "add a constant term, not regularized" },
  { name: "regularization", value: "λ", text: "weight of |w|²/2; by default 1/rows, for least-squares 0" },
];

/**
 * Reads the data and makes the problem.
 *
 * @throws {UsageError} On a wrong flag, or a file that cannot be opened.
 * @throws {ParseError} On data that the format does not allow.
 */
export async function readProblem(args: Arguments): Promise<Instance<TwiceSmooth>> {
  const { flags } = args, path = required(args, "data", "a file");
  const model = choice("problem", required(args, "problem", list(models)), models);
  const format = flags.get("format") ?? (/\.csv(\.gz)?$/i.test(path) ? "csv" : "libsvm");
  const read = choice("format", format, formats);
  for (const name of ["target", "no-header"]) {
    if (flags.has(name) && format !== "csv") throw new UsageError(`Cannot use --${name} with ${format} data`);
  }
  const regularization = numberFrom(args, "regularization", undefined, "a number >= 0", (x) => x >= 0 && x < Infinity);
  const file = await open(path);
  const data = await read(file, path, args);
  return model(flags.has("standardize") ? standardize(data) : data, {
    intercept: flags.has("intercept"),
    ...(regularization === undefined ? {} : { regularization }),
  });
}

function required({ flags }: Arguments, name: string, expected: string): string {
  const value = flags.get(name);
  if (value === undefined) throw new UsageError(`Cannot compare: expected --${name} with ${expected}`);
  return value;
}

async function open(path: string): Promise<ReadableStream<Uint8Array>> {
  try {
    const file = await Deno.open(path);
    if ((await file.stat()).isFile) return file.readable;
    file.close();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw new GradusError(`Cannot read ${path}: there is no such file`);
    throw new GradusError(`Cannot read ${path}: ${error instanceof Error ? error.message : error}`);
  }
  throw new GradusError(`Cannot read ${path}: it is no file`);
}
