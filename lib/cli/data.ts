/**
 * The problems that the command line states: models of a file's data, programs, test problems.
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
  readMps,
  softmaxRegression,
  standardize,
} from "../problems/mod.ts";
import { type Arguments, choice, type Flag, numberFrom, UsageError } from "./arguments.ts";
import { testProblems } from "./named.ts";

type Model = (data: Dataset, options: LinearModelOptions) => Instance<TwiceSmooth>;

/** Models by the names that `--problem` takes. */
const models: Readonly<Record<string, Model>> = {
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
  {
    name: "problem",
    value: "NAME",
    text: `a model of data: ${list(models)}; or program; or test problems, as hs71,hs100`,
  },
  { name: "data", value: "FILE", text: "the data, for program in MPS or QPS format, gzipped or not" },
  { name: "format", value: list(formats), text: "its format; by default csv for names in .csv, else libsvm" },
  { name: "target", value: "COLUMN", text: "csv: the target's name or its place from 0; by default the last column" },
  { name: "no-header", text: "csv: the first line has no names" },
  { name: "standardize", text: "dense data: bring each feature to mean 0 and variance 1" },
  { name: "intercept", text: "add a constant term, not regularized" },
  { name: "regularization", value: "λ", text: "weight of |w|²/2; by default 1/rows, for least-squares 0" },
];

/**
 * Finds the test problems, or reads the data and makes the problem.
 *
 * @throws {UsageError} On a wrong flag, or a file that cannot be opened.
 * @throws {ParseError} On data that the format does not allow.
 */
export async function readProblems(args: Arguments): Promise<Instance[]> {
  const name = required(args, "problem", `${list(models)}, program, or what gradus problems lists`);
  if (Object.hasOwn(models, name)) return [await modelOf(models[name], args)];
  return name === "program" ? [await programOf(args)] : namedProblems(name, args);
}

function namedProblems(names: string, { flags }: Arguments): Instance[] {
  const known = testProblems();
  const found = names.split(",").map((name) => {
    const problem = known.get(name.trim().toLowerCase());
    if (problem) return problem;
    throw new UsageError(
      `Cannot use the problem ${JSON.stringify(name)}: expected one of ${
        Object.keys(models).join(", ")
      }, program, or ` +
        "what gradus problems lists",
    );
  });
  refuseFlags(flags, problemFlags.slice(1).map((flag) => flag.name), "test problems");
  return found;
}

async function programOf(args: Arguments): Promise<Instance> {
  const path = required(args, "data", "a file in MPS or QPS format");
  refuseFlags(args.flags, problemFlags.slice(2).map((flag) => flag.name), "a program");
  const { name, problem, columnNames: { length } } = await readMps(await open(path), { source: path });
  return { name: name || path, problem, start: new Float64Array(length), minima: [] };
}

function refuseFlags(flags: Arguments["flags"], names: readonly string[], what: string): void {
  const wrong = names.find((name) => flags.has(name));
  if (wrong !== undefined) throw new UsageError(`Cannot use --${wrong} with ${what}`);
}

async function modelOf(model: Model, args: Arguments): Promise<Instance<TwiceSmooth>> {
  const { flags } = args, path = required(args, "data", "a file");
  const format = flags.get("format") ?? (/\.csv(\.gz)?$/i.test(path) ? "csv" : "libsvm");
  const read = choice("format", format, formats);
  if (format !== "csv") refuseFlags(flags, ["target", "no-header"], `${format} data`);
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
