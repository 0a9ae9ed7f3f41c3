/**
 * Which backend computes.
 *
 * @module
 */
import { setBackendSwitch } from "../../core/mod.ts";
import type { Backend } from "./backend.ts";
import { bySize } from "./by_size.ts";
import { typescript } from "./typescript/mod.ts";
import { wasmBackend } from "./wasm.ts";

/** The backends that come with the library. */
export type BackendName = "wasm" | "portable" | "typescript";

const made = new Map<BackendName, Backend>();
let active: Backend | undefined;

/**
 * One of the backends that come with the library, made on first use.
 *
 * - `wasm`: WebAssembly SIMD with fused multiply-add where the engine has it. The default.
 * - `portable`: WebAssembly SIMD without; the same bits on every machine.
 * - `typescript`: plain loops.
 *
 * An engine without WebAssembly SIMD gets `typescript` for each.
 */
export function backendNamed(name: BackendName): Backend {
  let backend = made.get(name);
  if (!backend) made.set(name, backend = make(name));
  return backend;
}

function make(name: BackendName): Backend {
  if (name === "typescript") return typescript;
  const kernels = wasmBackend(name === "wasm" ? "fused" : "plain");
  if (kernels) return bySize({ ...kernels, name }, typescript);
  return name === "wasm" ? backendNamed("portable") : typescript;
}

/** The backend that computes now. */
export function backend(): Backend {
  return active ??= backendNamed("wasm");
}

setBackendSwitch({
  current: backend,
  use: (chosen) => {
    active = chosen as Backend; // it gives back what `current` gave
  },
});

/**
 * Makes a backend the one that computes, until the object returned is disposed of. Runs of solvers that are under way
 * keep to the backend of their start; within a step it must not change.
 */
export function useBackend(chosen: Backend | BackendName): Disposable {
  const before = active;
  active = typeof chosen === "string" ? backendNamed(chosen) : chosen;
  return {
    [Symbol.dispose](): void {
      active = before;
    },
  };
}
