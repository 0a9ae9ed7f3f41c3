/**
 * Fingerprints of data.
 *
 * @module
 */

/**
 * The 64-bit FNV-1a hash of the bytes of some arrays, one after another, as 16 hexadecimal digits.
 *
 * Source: Fowler, Noll, Vo, Eastlake, The FNV non-cryptographic hash algorithm, IETF draft (2012).
 */
export function fnv1a(parts: readonly ArrayBufferView[]): string {
  let low = 0x84222325, high = 0xcbf29ce4;
  for (const part of parts) {
    const bytes = new Uint8Array(part.buffer, part.byteOffset, part.byteLength), n = bytes.length;
    for (let i = 0; i < n; i++) {
      low = (low ^ bytes[i]) >>> 0;
      // times 2⁴⁰ + 0x1b3 modulo 2⁶⁴; all products stay below 2⁵³
      const product = low * 0x1b3;
      high = (high * 0x1b3 + (low << 8 >>> 0) + (product - (product >>> 0)) / 4294967296) >>> 0;
      low = product >>> 0;
    }
  }
  return high.toString(16).padStart(8, "0") + low.toString(16).padStart(8, "0");
}
