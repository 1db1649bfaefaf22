// From bytes to keys.
import { decode, readString } from "../values/decode.js";
import { Kind } from "./format.js";

/**
 * The key from its bytes, which are those from `start` to `end`: a copy of what is compared by structure, and of `refs`, the very objects and symbols that
 * are compared by identity. Runs no user code. O(n).
 */
export function decodeKey(
  kind: Kind,
  bytes: Uint8Array,
  refs: readonly unknown[] | null,
  start = 0,
  end = bytes.length,
): unknown {
  if (kind === Kind.String) return readString(bytes, start, end);
  const view = new DataView(bytes.buffer, bytes.byteOffset, end);
  return kind === Kind.Number
    ? view.getFloat64(start, true)
    : decode(bytes, view, start, end - start, null, refs ?? []);
}
