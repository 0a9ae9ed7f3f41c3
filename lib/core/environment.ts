/**
 * What a result depends on besides its inputs: library version, engine and backend.
 *
 * @module
 */

import { backendText, currentBackend } from "./backend.ts";

/** The version of the library. */
export const version = "0.1.0";

/** Where a run was made. */
export interface Environment {
  /** The library's version. */
  readonly version: string;
  /** The JavaScript engine's own name and version, as in `Deno/2.9.6`. */
  readonly engine: string;
  /** The linear-algebra backend, name and variant, as in `wasm: SIMD, fused multiply-add`. */
  readonly backend: string;
}

/** The environment of this process, with the backend in use now. */
export const environment: Environment = {
  version,
  engine: engineName(),
  get backend(): string {
    return backendText(currentBackend());
  },
};

function engineName(): string {
  const host = globalThis as { navigator?: { userAgent?: string }; process?: { version?: string } };
  return host.navigator?.userAgent ?? (host.process?.version ? `Node.js/${host.process.version}` : "unknown");
}
