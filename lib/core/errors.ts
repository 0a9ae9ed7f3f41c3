/**
 * Errors raised at the door: each says what was expected, what came, and where.
 *
 * @module
 */

/** The base class of everything the library throws on bad input. */
export class GradusError extends Error {
  /** The name of the class, as printed. */
  override name = "GradusError";
}

/** A vector, matrix or option has the wrong length or shape. */
export class ShapeError extends GradusError {
  /** The name of the class, as printed. */
  override name = "ShapeError";
}

/** A number lies outside the range in which the method is defined (also NaN and infinities). */
export class DomainError extends GradusError {
  /** The name of the class, as printed. */
  override name = "DomainError";
}

/** A solver needs an oracle, a constant or a kind of problem that it was not given. */
export class MissingOracleError extends GradusError {
  /** The name of the class, as printed. */
  override name = "MissingOracleError";
}

/** A matrix has no inverse: elimination met a pivot that is exactly zero. */
export class SingularMatrixError extends GradusError {
  /** The name of the class, as printed. */
  override name = "SingularMatrixError";
  /**
   * An error with the pivot.
   *
   * @param message What was attempted, expected and found.
   * @param pivot The index of the first zero pivot, from 0.
   */
  constructor(message: string, readonly pivot: number) {
    super(message);
  }
}

/** A matrix that must be symmetric positive definite is not. */
export class NotPositiveDefiniteError extends GradusError {
  /** The name of the class, as printed. */
  override name = "NotPositiveDefiniteError";
  /**
   * An error with the minor.
   *
   * @param message What was attempted, expected and found.
   * @param minor The order of the first leading principal minor that is not positive.
   */
  constructor(message: string, readonly minor: number) {
    super(message);
  }
}

/** A checkpoint is damaged, or belongs to another library version, backend, solver or problem. */
export class CheckpointError extends GradusError {
  /** The name of the class, as printed. */
  override name = "CheckpointError";
}

/** The backend of linear algebra was changed in the middle of a run. */
export class BackendError extends GradusError {
  /** The name of the class, as printed. */
  override name = "BackendError";
}

/** Text or bytes that cannot be read; the message names the source and the line. */
export class ParseError extends GradusError {
  /** The name of the class, as printed. */
  override name = "ParseError";
  /**
   * An error with its place.
   *
   * @param verb What was attempted, as in `read LIBSVM data`.
   * @param source The file or stream.
   * @param line The line, counted from 1; 0 where lines make no sense (binary data).
   * @param reason What was expected and what came.
   */
  constructor(verb: string, readonly source: string, readonly line: number, reason: string) {
    super(`Cannot ${verb}: ${source}${line > 0 ? `:${line}` : ""}: ${reason}`);
  }
}

/**
 * Refuses what is not positive and finite.
 *
 * @param verb What was attempted.
 * @param what What the number is, as in `a radius`.
 * @throws {DomainError} `Cannot <verb>: expected <what> > 0, got <value>`.
 */
export function checkPositive(verb: string, what: string, value: number): void {
  if (!(value > 0 && value < Infinity)) throw new DomainError(`Cannot ${verb}: expected ${what} > 0, got ${value}`);
}

/**
 * Refuses what is none of the choices.
 *
 * @param verb What was attempted.
 * @param what What is chosen, as in `a domain`.
 * @throws {DomainError} `Cannot <verb>: expected <what> among <choices>, got <value>`.
 */
export function checkChoice(verb: string, what: string, value: unknown, choices: readonly unknown[]): void {
  if (choices.includes(value)) return;
  const known = choices.map((choice) => JSON.stringify(choice)).join(", ");
  throw new DomainError(`Cannot ${verb}: expected ${what} among ${known}, got ${JSON.stringify(value)}`);
}
