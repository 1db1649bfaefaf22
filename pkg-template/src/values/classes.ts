// What an object is, whatever it calls itself: by its internal slots where they show, across realms.

export const enum Class {
  /** Also an instance of a class: its own properties are what counts. */
  Plain,
  Date,
  RegExp,
  Map,
  Set,
  Buffer,
  View,
  Boxed,
  Error,
  /** Nothing that can be copied. */
  None,
}

const { toString } = Object.prototype;
const plainPrototype = Object.prototype;

type Probe = (this: unknown) => unknown;
function getter(prototype: object, name: PropertyKey): Probe {
  return Object.getOwnPropertyDescriptor(prototype, name)?.get as Probe;
}

/** Constructors, their classes, and a method that throws for everything that is not of the class. */
const PROBES: [new (...args: never[]) => object, Class, Probe][] = [
  [Date, Class.Date, Date.prototype.getTime],
  [RegExp, Class.RegExp, getter(RegExp.prototype, "source")],
  [Map, Class.Map, getter(Map.prototype, "size")],
  [Set, Class.Set, getter(Set.prototype, "size")],
  [ArrayBuffer, Class.Buffer, getter(ArrayBuffer.prototype, "byteLength")],
  [Number, Class.Boxed, Number.prototype.valueOf],
  [String, Class.Boxed, String.prototype.valueOf],
  [Boolean, Class.Boxed, Boolean.prototype.valueOf],
  [BigInt as never, Class.Boxed, BigInt.prototype.valueOf],
  // An error has no method that tells it from its prototype; its tag does, unless the class has one of its own.
  [Error, Class.Error, () => 0],
];

/** Objects that are nothing without what is hidden in them. */
const HIDDEN =
  /^(Weak(Map|Set|Ref)|Promise|FinalizationRegistry|(Async)?Generator|.* Iterator|SharedArrayBuffer|Symbol|Module|(Intl|Temporal|WebAssembly)\b.*|URL(SearchParams)?|Blob|File|FileList|FormData|Headers|Request|Response|.*Stream|Abort(Controller|Signal)|Crypto(Key)?|MessagePort|Window|global|.*Element)$/;

/** What `[object ...]` says of an object. */
export function tagOf(value: object): string {
  return toString.call(value).slice(8, -1);
}

/** The class of an object that is no array. */
export function classOf(value: object): Class {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === plainPrototype || prototype === null) return Class.Plain;
  if (ArrayBuffer.isView(value)) return Class.View;
  const tag = tagOf(value);
  for (const [type, is, probe] of PROBES) {
    if ((tag === type.name || (tag !== "Object" && value instanceof type)) && passes(probe, value)) return is;
  }
  return HIDDEN.test(tag) ? Class.None : Class.Plain;
}

/** The primitive in a boxed one. */
export function unbox(value: object): unknown {
  return PROBES.find(([, is, probe]) => is === Class.Boxed && passes(probe, value))?.[2].call(value);
}

function passes(probe: Probe, value: object): boolean {
  try {
    probe.call(value);
    return true;
  } catch {
    return false;
  }
}
