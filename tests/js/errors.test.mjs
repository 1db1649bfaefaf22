// The error classes: what they are, and how they print.
import assert from "node:assert/strict";
import { it } from "node:test";
import { inspect } from "node:util";
import * as poche from "poche";

const exported = { ...poche };

const classes = {
  KeyError: [Error, "ERR_KEY_NOT_FOUND"],
  ArgumentError: [TypeError, "ERR_INVALID_ARGUMENT"],
  ArgumentRangeError: [RangeError, "ERR_OUT_OF_RANGE"],
  UnhashableKeyError: [TypeError, "ERR_UNHASHABLE_KEY"],
  FreedError: [Error, "ERR_CACHE_FREED"],
  OutOfMemoryError: [RangeError, "ERR_OUT_OF_MEMORY"],
  EntryTooLargeError: [RangeError, "ERR_ENTRY_TOO_LARGE"],
  WebAssemblyError: [Error, "ERR_WEBASSEMBLY"],
  ValueError: [TypeError, "ERR_UNCLONEABLE_VALUE"],
  CorruptDataError: [Error, "ERR_CORRUPT_DATA"],
};

for (const [name, [Base, code]] of Object.entries(classes)) {
  it(`${name} is exported, a ${Base.name}, with a stable code`, () => {
    const error = new exported[name]("the reason");
    assert.ok(error instanceof Base && error instanceof Error);
    assert.equal(error.code, code);
    assert.equal(error.name, name);
    assert.equal(Object.hasOwn(error, "name"), false);
    assert.ok(String(error).startsWith(`${name}: `));
    assert.ok(error.stack.startsWith(`${name}: `), error.stack);
    assert.ok(inspect(error).includes(code));
  });
}

it("every exported error class is tried above", () => {
  const names = Object.keys(poche).filter((name) => name.endsWith("Error"));
  assert.deepEqual(names.sort(), Object.keys(classes).sort());
});

it("a KeyError shows any key, in few words, without throwing", () => {
  const cycle = [];
  cycle.push(cycle);
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const keys = [
    ["un", '"un"'],
    [-0, "-0"],
    [5n, "5n"],
    [undefined, "undefined"],
    [null, "null"],
    [Symbol("s"), "Symbol(s)"],
    [["user", 42], '["user",42]'],
    [{ id: 1 }, '{"id":1}'],
    [cycle, "cannot be shown"],
    [revoked.proxy, "cannot be shown"],
    [
      {
        get id() {
          throw new Error("never");
        },
      },
      "cannot be shown",
    ],
    [Object.create(null), "{}"],
    ["x".repeat(1e6), "xxx"],
    [Array(1e5).fill(1), "[1,1,"],
  ];
  for (const [key, shown] of keys) {
    const { message } = new poche.KeyError(key);
    assert.ok(message.includes(shown), message.slice(0, 200));
    assert.ok(message.length < 150);
  }
});
