// From keys to bytes: an encoder for each key in the making.
import type { UnhashableKeyError } from "../errors.js";
import { builtinOf } from "./builtins.js";
import { apply, type Bag, DEEPEST, Encoder, FIRST_SIZE, isList, POCHE_KEY, tooDeep, unhashable } from "./encoder.js";

/** What `encodeStructure` gives. `bytes` and `length` hold until its next call. */
export interface Encoding {
  bytes: Uint8Array;
  length: number;
  /** What is compared by identity, in the order in which it stands in the bytes; `null`: nothing. */
  refs: unknown[] | null;
}

/** Beyond this, an exhausted stack is the key's fault. */
const DEEP = 64;
/** The most keys in the making at once, where getters or `poche.key` methods ask for further keys. */
const MOST_AT_ONCE = 200;
/** A buffer that has grown further is not kept. */
const LARGEST_KEPT = 65_536;

/** One for each key in the making. */
const encoders: Encoder[] = [];
let atOnce = 0;

/**
 * The canonical encoding of a key. Runs the user's getters, proxies and `poche.key` methods; what they throw passes
 * through. Throws an `UnhashableKeyError` where the key contains itself, is nested more than 1,000 levels deep, or
 * holds a revoked proxy. O(n) of its size; n log n for the members of Maps and Sets. With `isArguments`, the key is a
 * list that is compared by value even if what is in it is compared by identity.
 */
export function encodeStructure(key: unknown, byIdentity: boolean, isArguments = false): Encoding {
  if (atOnce >= MOST_AT_ONCE) throw endless();
  const encoder = encoders[atOnce] ?? new Encoder();
  encoders[atOnce++] = encoder;
  try {
    if (encoder.bytes.length > LARGEST_KEPT) encoder.bytes = new Uint8Array(FIRST_SIZE);
    encoder.at = 0;
    encoder.byIdentity = byIdentity;
    if (isArguments) encoder.list(key as ArrayLike<unknown>);
    else encoder.value(key);
    return { bytes: encoder.bytes, length: encoder.at, refs: encoder.refs };
  } catch (error) {
    const exhausted = encoder.around.length > DEEP && error instanceof Error && /stack|recursion/.test(error.message);
    throw exhausted ? tooDeep() : error;
  } finally {
    atOnce--;
    encoder.refs = null;
    encoder.around.length = 0;
  }
}

/**
 * The key that an object stands for by its `poche.key` method; any other key as it is. With `keys: "identity"` it is
 * not for asking.
 */
export function keyOf(key: unknown): unknown {
  let answer = key;
  for (let turn = 0; turn < DEEPEST; turn++) {
    if ((typeof answer !== "object" && typeof answer !== "function") || answer === null) return answer;
    isList(answer);
    const method = (answer as Bag)[POCHE_KEY];
    if (typeof method !== "function") return answer;
    answer = ask(method, answer);
  }
  throw unhashable("contains itself");
}

/**
 * Whether an object is compared by identity for what it is: a function or an instance of a class, without a `poche.key`
 * method. Runs the user's getters and proxies, and swallows what they throw: the general way knows what to make of it.
 */
export function isInstance(value: unknown): value is object {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return false;
  try {
    if (typeof (value as Bag)[POCHE_KEY] === "function") return false;
    return typeof value === "function" || builtinOf(Object.getPrototypeOf(value) ?? Object.prototype) === null;
  } catch {
    return false;
  }
}

/** Calls a `poche.key` method. It counts as a key in the making, so that one that asks for its own key comes to an end. */
function ask(method: CallableFunction, object: object): unknown {
  if (atOnce >= MOST_AT_ONCE) throw endless();
  atOnce++;
  try {
    return apply(method, object, []);
  } finally {
    atOnce--;
  }
}

function endless(): UnhashableKeyError {
  return unhashable("asks for keys without end, in a getter or poche.key method");
}
