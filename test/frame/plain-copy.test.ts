import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {plainCopy} from '../../src/frame/plain-copy.js';

/** An object that is read `reads.count` times: how much of a value was looked at. */
function counted<Value extends object>(value: Value, reads: {count: number}): Value {
  return new Proxy(value, {
    get: (target, name) => {
      reads.count += 1;
      return Reflect.get(target, name) as unknown;
    },
  });
}

/** `levels` objects that hold the next one twice: 2^levels paths through as many objects. */
function doubled(levels: number, wrap = (object: object): object => object): object {
  let object: object = {};
  for (let level = 0; level < levels; level += 1) object = wrap({a: object, b: object});
  return object;
}

describe('a plain copy', () => {
  test('copies everything that plain JSON can hold', () => {
    const value = {a: [1, 'x', null, true, {b: []}], c: {}, d: -0.5, e: ''};
    const copy = plainCopy(value) as typeof value;
    assert.deepEqual(copy, value);
    assert.notEqual(copy.a, value.a);
    for (const each of [null, true, 7, 'x']) assert.equal(plainCopy(each), each);
  });

  test('leaves out undefined, and writes null for a number that JSON cannot express', () => {
    assert.deepEqual(plainCopy({a: undefined, b: NaN, c: [undefined, Infinity]}), {
      b: null,
      c: [null, null],
    });
  });

  test('leaves out every key that can change a prototype, at any depth', () => {
    const value: unknown = JSON.parse(
      '{"constructor": {"prototype": {"polluted": 1}}, "list": [{"__proto__": {"polluted": 1}, "prototype": 1, "kept": 1}]}',
    );
    assert.deepEqual(plainCopy(value), {list: [{kept: 1}]});
  });

  test('copies only own fields if a script has added a method to Object.prototype', () => {
    const prototype = Object.prototype as Record<string, unknown>;
    prototype.extend = () => undefined;
    try {
      assert.deepEqual(Object.keys(plainCopy({a: {b: 1}}) as object), ['a']);
    } finally {
      delete prototype.extend;
    }
  });
});

describe('values that are not copied', () => {
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  const values: Record<string, unknown> = {
    'a map': new Map([['a', 1]]),
    'a set': new Set([1]),
    'a date': new Date(0),
    'an error': new Error('x'),
    'a regular expression': /x/,
    'a typed array': new Uint8Array(2),
    'eight million bytes': new Uint8Array(8_000_000),
    'an array buffer': new ArrayBuffer(8),
    'a blob': new Blob(['x']),
    'a String object': Object('x'),
    'a bigint': 7n,
    'a function': () => 1,
    'a cycle': cyclic,
    '1,001 values': Array.from({length: 1_000}, () => 0),
    '17 levels': JSON.parse(`${'['.repeat(18)}${']'.repeat(18)}`) as unknown,
    '16,385 characters': 'x'.repeat(16_385),
    '16,385 characters in two strings': ['x'.repeat(16_384), 'x'],
    'keys of 16,385 characters': {['x'.repeat(16_385)]: 1},
    'a sparse array of four billion elements': new Array(2 ** 32 - 1),
    'a million keys': Object.fromEntries(Array.from({length: 1_000_000}, (_, key) => [key, 1])),
  };
  for (const [name, value] of Object.entries(values)) {
    test(`does not copy ${name}`, () => {
      assert.equal(plainCopy(value), undefined);
      assert.equal(plainCopy({deep: [value]}), undefined);
    });
  }

  test('copies values up to the limits of characters, values and levels, and none beyond them', () => {
    assert.equal((plainCopy('x'.repeat(16_384)) as string).length, 16_384);
    assert.equal((plainCopy(Array.from({length: 999}, () => 0)) as unknown[]).length, 999);
    assert.ok(plainCopy(JSON.parse(`${'['.repeat(17)}${']'.repeat(17)}`)));
    assert.ok(plainCopy(JSON.parse(`${'{"a":'.repeat(16)}1${'}'.repeat(16)}`)));
    assert.equal(plainCopy(JSON.parse(`${'{"a":'.repeat(17)}1${'}'.repeat(17)}`)), undefined);
  });

  test('does not copy an object with many references to itself, and reads few of its fields', () => {
    const reads = {count: 0};
    assert.equal(plainCopy(doubled(24, object => counted(object, reads))), undefined);
    assert.ok(reads.count <= 1_000, String(reads.count));
    assert.deepEqual(plainCopy(doubled(3)), doubled(3));
  });

  test('does not copy a list that is too long, and reads few of its elements', () => {
    const reads = {count: 0};
    assert.equal(plainCopy(counted(new Array(10_000_000), reads)), undefined);
    assert.ok(reads.count <= 2_003, String(reads.count));
  });
});

test('rethrows an error that is not about size', () => {
  const fault = new Error('fault');
  const value = {
    get field(): unknown {
      throw fault;
    },
  };
  assert.throws(() => plainCopy(value), fault);
});
