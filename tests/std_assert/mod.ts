/**
 * A stand-in for `@std/assert` with the same signatures, over `node:assert`, so that the tests run without a network.
 *
 * @module
 */
import { deepStrictEqual, notDeepStrictEqual } from "node:assert/strict";

// deno-lint-ignore no-explicit-any
type AnyClass = abstract new (...args: any[]) => Error;

/** The error of a failed assertion. */
export class AssertionError extends Error {
  override name = "AssertionError";
}

/** Fails unless `expr` is truthy. */
export function assert(expr: unknown, msg = ""): asserts expr {
  if (!expr) throw new AssertionError(msg || `Expected a truthy value, got ${String(expr)}`);
}

/** Fails unless `expr` is falsy. */
export function assertFalse(expr: unknown, msg = ""): void {
  if (expr) throw new AssertionError(msg || `Expected a falsy value, got ${String(expr)}`);
}

/** Deep equality. */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  deepStrictEqual(actual, expected, msg);
}

/** Deep inequality. */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  notDeepStrictEqual(actual, expected, msg);
}

/** Identity in the sense of `Object.is`. */
export function assertStrictEquals<T>(actual: unknown, expected: T, msg?: string): asserts actual is T {
  if (!Object.is(actual, expected)) {
    throw new AssertionError(msg ?? `Expected ${String(expected)}, got ${String(actual)}`);
  }
}

/** `|actual - expected| <= tolerance`; without a tolerance 1e-7 of the expected magnitude. */
export function assertAlmostEquals(actual: number, expected: number, tolerance?: number, msg?: string): void {
  if (Object.is(actual, expected)) return;
  const limit = tolerance ?? (Number.isFinite(expected) ? Math.abs(expected) * 1e-7 : 1e-7);
  if (!(Math.abs(actual - expected) <= limit)) {
    throw new AssertionError(`${msg ? msg + ": " : ""}Expected ${expected} within ${limit}, got ${actual}`);
  }
}

/** `actual < expected`. */
export function assertLess<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual < expected)) throw new AssertionError(msg ?? `Expected ${String(actual)} < ${String(expected)}`);
}

/** `actual <= expected`. */
export function assertLessOrEqual<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual <= expected)) throw new AssertionError(msg ?? `Expected ${String(actual)} <= ${String(expected)}`);
}

/** `actual > expected`. */
export function assertGreater<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual > expected)) throw new AssertionError(msg ?? `Expected ${String(actual)} > ${String(expected)}`);
}

/** `actual >= expected`. */
export function assertGreaterOrEqual<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual >= expected)) throw new AssertionError(msg ?? `Expected ${String(actual)} >= ${String(expected)}`);
}

/** The string contains the other. */
export function assertStringIncludes(actual: string, expected: string, msg?: string): void {
  if (!actual.includes(expected)) {
    throw new AssertionError(msg ?? `Expected a text with ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
  }
}

/** The string matches the pattern. */
export function assertMatch(actual: string, expected: RegExp, msg?: string): void {
  if (!expected.test(actual)) {
    throw new AssertionError(msg ?? `Expected a match of ${expected}, got ${JSON.stringify(actual)}`);
  }
}

/** The value is neither null nor undefined. */
export function assertExists<T>(actual: T, msg?: string): asserts actual is NonNullable<T> {
  if (actual === undefined || actual === null) throw new AssertionError(msg ?? `Expected a value, got ${actual}`);
}

/** The value is an instance of the class. */
export function assertInstanceOf<T extends AnyClass>(
  actual: unknown,
  expectedType: T,
  msg?: string,
): asserts actual is InstanceType<T> {
  if (!(actual instanceof expectedType)) {
    throw new AssertionError(msg ?? `Expected an instance of ${expectedType.name}, got ${String(actual)}`);
  }
}

function checkError(error: unknown, ErrorClass?: AnyClass, msgIncludes?: string): Error {
  if (!(error instanceof Error)) throw new AssertionError(`Expected an Error to be thrown, got ${String(error)}`);
  const { name, message }: Error = error;
  if (ErrorClass && !(error instanceof ErrorClass)) {
    throw new AssertionError(`Expected ${ErrorClass.name}, got ${name}: ${message}`);
  }
  if (msgIncludes !== undefined && !message.includes(msgIncludes)) {
    throw new AssertionError(`Expected a message with ${JSON.stringify(msgIncludes)}, got ${message}`);
  }
  return error;
}

/** The function throws, optionally this class with this text in its message; returns the error. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  // deno-lint-ignore no-explicit-any
  ErrorClass?: abstract new (...args: any[]) => E,
  msgIncludes?: string,
): E {
  try {
    fn();
  } catch (error) {
    return checkError(error, ErrorClass, msgIncludes) as E;
  }
  throw new AssertionError("Expected the function to throw");
}

/** The promise rejects, optionally with this class and this text in its message; returns the error. */
export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  // deno-lint-ignore no-explicit-any
  ErrorClass?: abstract new (...args: any[]) => E,
  msgIncludes?: string,
): Promise<E> {
  try {
    await fn();
  } catch (error) {
    return checkError(error, ErrorClass, msgIncludes) as E;
  }
  throw new AssertionError("Expected the promise to reject");
}

/** Fails always. */
export function fail(msg = "Failed"): never {
  throw new AssertionError(msg);
}
