/**
 * Which backend of linear algebra computes, as far as runs must know: each records the one in use at its start, keeps
 * to it, and refuses that a step changes it. Linear algebra fills the hook; without it all is plain TypeScript.
 *
 * @module
 */
import { BackendError } from "./errors.ts";

/** What tells one backend from another. */
export interface BackendIdentity {
  /** As in `wasm`. */
  readonly name: string;
  /** What it runs on, as in `SIMD, fused multiply-add`. */
  readonly variant: string;
}

/** How runs ask for the backend in use, and put one in use. */
export interface BackendSwitch {
  /** The backend in use. */
  readonly current: () => BackendIdentity;
  /** Puts one in use that `current` gave. */
  readonly use: (backend: BackendIdentity) => void;
}

const plain: BackendIdentity = { name: "typescript", variant: "loops" };
let backends: BackendSwitch = { current: () => plain, use: () => {} };

/** Sets the hook; the linear algebra calls this once. */
export function setBackendSwitch(hook: BackendSwitch): void {
  backends = hook;
}

/** The backend in use. */
export function currentBackend(): BackendIdentity {
  return backends.current();
}

/** Writes `wasm: SIMD, fused multiply-add`. */
export function backendText({ name, variant }: BackendIdentity): string {
  return `${name}: ${variant}`;
}

/**
 * Does some work by a backend, whichever is in use; afterwards that one is again.
 *
 * @throws {BackendError} When the work leaves another one in use.
 */
export function computeBy<T>(backend: BackendIdentity, work: () => T): T {
  const before = backends.current();
  backends.use(backend);
  try {
    const result = work();
    checkBackend(backend);
    return result;
  } finally {
    backends.use(before);
  }
}

/**
 * Refuses that another backend than this one is in use.
 *
 * @throws {BackendError} When it is.
 */
export function checkBackend(backend: BackendIdentity): void {
  const now = backends.current();
  if (now === backend) return;
  throw new BackendError(
    `Cannot go on with a run: expected the backend of its start, ${backendText(backend)}, got ${backendText(now)}, ` +
      "which came into use during a step",
  );
}
