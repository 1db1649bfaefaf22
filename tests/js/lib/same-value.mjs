// Whether two values are copies of each other, down to signed zeros, holes and which of their objects are one.
import assert from "node:assert/strict";

const { toString } = Object.prototype;

/** Throws unless `copy` is to `original` what structured clone would make of it. They must share no object. */
export function assertCopy(copy, original) {
  const twins = new Map();
  const pairs = [[copy, original, "value"]];
  while (pairs.length > 0) {
    const [left, right, path] = pairs.pop();
    if (typeof right !== "object" || right === null) {
      assert.ok(Object.is(left, right), `${path}: ${String(left)} is not ${String(right)}`);
      continue;
    }
    assert.equal(typeof left, "object", path);
    if (twins.has(right)) {
      assert.ok(twins.get(right) === left, `${path}: a shared reference was lost`);
      continue;
    }
    assert.notEqual(left, right, `${path}: the very same object`);
    twins.set(right, left);
    assert.equal(toString.call(left), toString.call(right), path);
    assert.ok(Object.getPrototypeOf(left) === Object.getPrototypeOf(right), `${path}: other prototypes`);
    compareContents(left, right, path, pairs);
  }
}

function compareContents(left, right, path, pairs) {
  if (ArrayBuffer.isView(right)) {
    assert.equal(left.byteLength, right.byteLength, path);
    assert.deepEqual(bytesOf(left), bytesOf(right), path);
    assert.equal(left.byteOffset, right.byteOffset, path);
    pairs.push([left.buffer, right.buffer, `${path}.buffer`]);
  } else if (right instanceof ArrayBuffer) {
    assert.equal(left.resizable, right.resizable, path);
    assert.equal(left.maxByteLength, right.maxByteLength, path);
    assert.deepEqual(new Uint8Array(left), new Uint8Array(right), path);
  } else if (right instanceof Map) {
    assert.equal(left.size, right.size, path);
    const lefts = [...left];
    for (const [index, [key, value]] of [...right].entries()) {
      pairs.push([lefts[index][0], key, `${path} key ${index}`], [lefts[index][1], value, `${path} value ${index}`]);
    }
  } else if (right instanceof Set) {
    assert.equal(left.size, right.size, path);
    const lefts = [...left];
    for (const [index, member] of [...right].entries()) pairs.push([lefts[index], member, `${path} member ${index}`]);
  } else if (right instanceof Date) {
    assert.ok(Object.is(left.getTime(), right.getTime()), path);
  } else if (right instanceof RegExp) {
    assert.equal(String(left), String(right), path);
  } else if (/^(Number|String|Boolean|BigInt)$/.test(toString.call(right).slice(8, -1))) {
    assert.ok(Object.is(left.valueOf(), right.valueOf()), path);
  } else {
    const names = Object.getOwnPropertyNames(right).sort();
    assert.deepEqual(Object.getOwnPropertyNames(left).sort(), names, path);
    if (!(right instanceof Error)) assert.deepEqual(Object.keys(left), Object.keys(right), `${path}: another order`);
    for (const name of names) pairs.push([left[name], right[name], `${path}.${name}`]);
  }
}

function bytesOf({ buffer, byteOffset, byteLength }) {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
