// Keys as bytes: an encoding that is the same for equal keys, different for any others, and can be read back.
//
// What is equal, beyond what the documentation of the package says:
// - an array is its elements, a built-in object its content: properties added to them do not count;
// - of a plain object, own enumerable properties count, and what their getters give at the time;
// - plain objects are those with the prototype `Object.prototype`, of any realm, or none: `arguments` too, but not
//   prototypes (`Foo.prototype`), namespaces (`Math`, `import * as`): those are compared by identity;
// - floating-point typed arrays are compared by their bytes;
// - a detached buffer equals an empty one;
// - with `keys: "identity"`, `poche.key` is not asked: objects are compared as `Map` does.
export { decodeKey } from "./decode.js";
export { type Encoding, encodeStructure, isInstance, keyOf } from "./encode.js";
export { POCHE_KEY } from "./encoder.js";
export {
  bytesOf,
  count as flatCount,
  type Flat,
  flat,
  flatten,
  flattenCopy,
  hashAll,
  hashFlat,
  isObject,
  isSame,
  restore,
  unflatten,
  writeFlat,
} from "./flat.js";
export { Kind } from "./format.js";
export { MOST_BYTES } from "./forms.js";
export { hashKey } from "./hash.js";
export { isReference, isUnregistered, numberOf, writeReference } from "./identity.js";
export { writeString } from "./text.js";
