/**
 * Errors raised at the door: each says what was expected, what came, and where.
 *
 * @module
 */

/** The base class of everything the library throws on bad input. */
export class GradusError extends Error {
  override name = "GradusError";
}

/** A vector, matrix or option has the wrong length or shape. */
export class ShapeError extends GradusError {
  override name = "ShapeError";
}

/** A number lies outside the range in which the method is defined (also NaN and infinities). */
export class DomainError extends GradusError {
  override name = "DomainError";
}

/** A solver needs an oracle, a constant or a kind of problem that it was not given. */
export class MissingOracleError extends GradusError {
  override name = "MissingOracleError";
}

/** A checkpoint is damaged, or belongs to another library version, solver or problem. */
export class CheckpointError extends GradusError {
  override name = "CheckpointError";
}

/** Text or bytes that cannot be read; the message names the source and the line. */
export class ParseError extends GradusError {
  override name = "ParseError";
  /**
   * @param verb What was attempted, as in `read LIBSVM data`.
   * @param source The file or stream.
   * @param line The line, counted from 1; 0 where lines make no sense (binary data).
   * @param reason What was expected and what came.
   */
  constructor(verb: string, readonly source: string, readonly line: number, reason: string) {
    super(`Cannot ${verb}: ${source}${line > 0 ? `:${line}` : ""}: ${reason}`);
  }
}
