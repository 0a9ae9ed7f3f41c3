// What the backends do in the engine that runs this.
import { fillUniform, rng } from "../../lib/core/mod.ts";
import { type BackendName, backendNamed } from "../../lib/linalg/kernels/mod.ts";
import { conformance } from "./kernels_conformance.ts";

/** What each backend runs on, and the checks that fail. */
export function conform(): { variants: string[]; failures: string[] } {
  const names: BackendName[] = ["portable", "wasm"], failures: string[] = [];
  for (const backend of new Set(names.map(backendNamed))) {
    for (const [what, check] of Object.entries(conformance)) {
      try {
        check(backend);
      } catch (error) {
        failures.push(`${backend.name}: ${what}: ${error}`);
      }
    }
  }
  return { variants: names.map((name) => `${backendNamed(name).name}: ${backendNamed(name).variant}`), failures };
}

/** A product and factors by the portable backend. */
export function portableBits(): number[] {
  const n = 40, a = fillUniform(rng(3), new Float64Array(n * n)), swaps = new Int32Array(n), tau = new Float64Array(n);
  const portable = backendNamed("portable"), c = new Float64Array(n * n), q = a.slice();
  portable.gemm(true, false, n, n, n, 0.7, a, 0, n, a, 0, n, 0, c, 0, n);
  portable.qr(n, n, q, 0, n, tau);
  portable.lu(n, n, a, 0, n, swaps);
  return [...c, ...a, ...q, ...tau, ...swaps];
}
