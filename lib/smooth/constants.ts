/**
 * The constants `L` and `μ`: from the options, else from the problem, else a refusal that says how to get them.
 *
 * @module
 */
import { checkPositive, type Constants, DomainError, MissingOracleError, type Smooth } from "../core/mod.ts";

/**
 * `L` and `μ` for a method that needs them.
 *
 * @param who The method's name, for the message.
 * @param given What its options say.
 * @param problem What the problem says.
 * @param strong Whether `μ > 0` is needed.
 * @throws {MissingOracleError} When neither says it.
 * @throws {DomainError} Unless `L >= μ >= 0` and `L > 0`, and `μ > 0` where needed.
 */
export function requireConstants(who: string, given: Partial<Constants>, problem: Smooth, strong: boolean): Constants {
  const smoothness = given.smoothness ?? problem.constants?.smoothness;
  const strongConvexity = given.strongConvexity ?? problem.constants?.strongConvexity ?? (strong ? undefined : 0);
  if (smoothness === undefined || strongConvexity === undefined) {
    const wanted = strong ? "smoothness L and strongConvexity μ" : "smoothness L";
    throw new MissingOracleError(
      `Cannot run ${who}: it needs the constant${strong ? "s" : ""} ${wanted}; pass them as options, ` +
        "or ...estimateConstants(problem, x), or give the problem its constants",
    );
  }
  checkConstants(who, { smoothness, strongConvexity }, strong);
  return { smoothness, strongConvexity };
}

/** Refuses constants that no function has; what is left out is not looked at. */
export function checkConstants(who: string, given: Partial<Constants>, strong: boolean): void {
  const { smoothness: L, strongConvexity: mu } = given;
  if (L !== undefined) checkPositive(`run ${who}`, "a smoothness L", L);
  if (mu !== undefined && (strong ? !(mu > 0 && mu < Infinity) : !(mu >= 0))) {
    throw new DomainError(`Cannot run ${who}: expected a strongConvexity μ ${strong ? ">" : ">="} 0, got ${mu}`);
  }
  if (L !== undefined && mu !== undefined && L < mu) {
    throw new DomainError(`Cannot run ${who}: expected L >= μ, got L = ${L} < μ = ${mu}`);
  }
}
