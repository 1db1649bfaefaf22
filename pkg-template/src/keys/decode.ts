// From bytes to keys.
import { decode } from "../values/decode.js";
import { Kind } from "./format.js";
import { readText } from "./text.js";

/**
 * The key from its bytes: a copy of what is compared by structure, and of `refs`, the very objects and symbols that
 * are compared by identity. Runs no user code. O(n).
 */
export function decodeKey(kind: Kind, bytes: Uint8Array, refs: readonly unknown[] | null): unknown {
  if (kind === Kind.String) return readText(bytes, 0, bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return kind === Kind.Number ? view.getFloat64(0, true) : decode(bytes, view, 0, bytes.length, null, refs ?? []);
}
