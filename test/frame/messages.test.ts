import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {afterEach, describe, test} from 'node:test';
import fc from 'fast-check';
import * as z from 'zod/mini';
import {
  type FrameMessage,
  type Navigation,
  parseMessage,
  readNavigation,
} from '../../src/frame/messages.js';

const READY = {type: 'meshes:ready'};
const PLAIN = ['meshes:ready', 'meshes:token-refresh', 'meshes:token-expired'];

/** What arrives in a page: the structured clone of what was posted. */
const receive = (data: unknown) => parseMessage(structuredClone(data));

describe('golden wire JSON', () => {
  const file = new URL('../wire/messages.json', import.meta.url);
  const golden = JSON.parse(readFileSync(file, 'utf8')) as {
    name: string;
    data: unknown;
    valid: boolean;
  }[];
  test('the golden wire JSON has messages for the host page', () => assert.ok(golden.length > 10));
  for (const {name, data, valid} of golden) {
    test(`${valid ? 'accepts' : 'ignores'} a golden message: ${name}`, () =>
      assert.equal(receive(data) !== null, valid));
  }
});

describe('a message', () => {
  for (const type of PLAIN) {
    test(`accepts ${type}, and drops all other fields`, () =>
      assert.deepEqual(receive({type, token: 't', height: 7, path: '/x', extra: []}), {type}));
  }
});

describe('odd data', () => {
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  const cyclicType: Record<string, unknown> = {};
  cyclicType.type = cyclicType;

  const table: Record<string, unknown> = {
    null: null,
    undefined,
    true: true,
    'a number': 7,
    NaN,
    'a bigint': 7n,
    'an empty string': '',
    'a type as a string': 'meshes:ready',
    JSON: '{"type":"meshes:ready"}',
    'a String object': Object('meshes:ready'),
    'a Date': new Date(),
    'a RegExp': /meshes:ready/,
    'an Error': new Error('meshes:ready'),
    'an empty object': {},
    'an empty array': [],
    'an array of messages': [READY],
    'an array with a type': Object.assign([], READY),
    'a Map': new Map([['type', 'meshes:ready']]),
    'a Set': new Set(['type', 'meshes:ready']),
    'an ArrayBuffer': new ArrayBuffer(8),
    'a typed array': new Uint8Array(8),
    'a Blob': new Blob(['meshes:ready']),
    'a cyclic object': cyclic,
    'a cyclic type': cyclicType,
    'a type that is a String object': {type: Object('meshes:ready')},
    'a type that is an array': {type: ['meshes:ready']},
    'a type that is an object': {type: {type: 'meshes:ready'}},
    'a type that is a Map': {type: new Map()},
    'a type that is null': {type: null},
    'a type that is undefined': {type: undefined},
    'a type that is a number': {type: 0},
    'a type in another field': {
      Type: 'meshes:ready',
      TYPE: 'meshes:ready',
      ' type': 'meshes:ready',
    },
    'a type further down': {data: READY, message: READY, detail: READY},
    'another type': {type: 'meshes:unknown'},
    'another family': {type: 'webpackOk'},
    'the family alone': {type: 'meshes:'},
    'the name alone': {type: 'ready'},
    'another case': {type: 'Meshes:Ready'},
    'a blank before': {type: ' meshes:ready'},
    'a line behind': {type: 'meshes:ready\n'},
    'a NUL behind': {type: 'meshes:ready\u0000'},
    'an invisible letter': {type: 'meshes:\u200bready'},
    'a look-alike letter': {type: 'mеshes:ready'},
    'two types': {type: 'meshes:ready,meshes:token-refresh'},
    'the message of the host': {type: 'meshes:auth', token: 't'},
    'a name of Object.prototype': {type: 'constructor'},
    'the name of a prototype': {type: '__proto__'},
    'an object of devtools': {source: 'react-devtools-bridge', payload: READY},
  };
  for (const [name, data] of Object.entries(table)) {
    test(`ignores odd data: ${name}`, () => assert.equal(receive(data), null));
  }

  test('ignores data that cannot be cloned', () => {
    for (const data of [() => READY, Symbol('meshes:ready'), new Proxy([], {})]) {
      assert.equal(parseMessage(data), null);
    }
  });
});

describe('a height', () => {
  const good: [name: string, height: number][] = [
    ['0', 0],
    ['1', 1],
    ['480', 480],
    ['842.4', 842.4],
    ['Number.MIN_VALUE', Number.MIN_VALUE],
    ['1e9', 1e9],
    ['2^53', 2 ** 53],
    ['Number.MAX_VALUE', Number.MAX_VALUE],
  ];
  for (const [name, height] of good) {
    test(`accepts the height ${name}`, () =>
      assert.deepEqual(receive({type: 'meshes:resize', height}), {type: 'meshes:resize', height}));
  }

  const bad: Record<string, unknown> = {
    NaN,
    Infinity,
    '-Infinity': -Infinity,
    '-1': -1,
    '-0.5': -0.5,
    '-1e9': -1e9,
    'a string': '842',
    'a string with a unit': '842px',
    'an empty string': '',
    null: null,
    undefined,
    true: true,
    'a bigint': 842n,
    'a Number object': Object(842),
    'a Date': new Date(842),
    'an array': [842],
    'an object': {height: 842},
    'an object with a value': {valueOf: 842},
  };
  for (const [name, height] of Object.entries(bad)) {
    test(`ignores the height ${name}`, () =>
      assert.equal(receive({type: 'meshes:resize', height}), null));
  }
  test('ignores a resize message without a height', () =>
    assert.equal(receive({type: 'meshes:resize'}), null));
  test('ignores a height in another field', () =>
    assert.equal(receive({type: 'meshes:resize', Height: 842, contentHeight: 842}), null));
});

function readOf(message: FrameMessage | null): Navigation {
  assert.ok(message?.type === 'meshes:navigate');
  return readNavigation(message.fields);
}

/** The path and the other fields of a navigation. */
const navigate = (fields: object) => readOf(receive({type: 'meshes:navigate', ...fields}));

describe('a path', () => {
  const good = [
    '/',
    '/workspace/dashboard',
    '/workspace/rules/7?tab=log&page=2#top',
    '/workspace/events/a%2Fb',
    '/workspace/Zoë/🕸',
    '/a//b',
    '/.well-known',
    '/a:b@c',
    '/https://evil.example',
    `/${'x'.repeat(2047)}`,
  ];
  for (const path of good) {
    test(`accepts the path ${path.slice(0, 48)}`, () =>
      assert.deepEqual(navigate({path}), {path, data: {}}));
  }

  const bad = [
    '',
    'workspace',
    './workspace',
    '../workspace',
    '?x=1',
    '#x',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\evil.example',
    '\\\\evil.example',
    '/a\\b',
    '\t/workspace',
    ' /workspace',
    '/\t/evil.example',
    '/\n/evil.example',
    '/\r/evil.example',
    '/a\u0000b',
    '/a\u001fb',
    '/a\u007fb',
    '/workspace\n',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'blob:https://host.example/x',
    'https://evil.example/',
    'http://evil.example/',
    'HTTPS://evil.example/',
    `/${'x'.repeat(2048)}`,
  ];
  for (const path of bad) {
    test(`reads the path ${JSON.stringify(path.slice(0, 48))} as null`, () =>
      assert.deepEqual(navigate({path}), {path: null, data: {}}));
  }

  for (const path of [7, null, true, ['/x'], {href: '/x'}]) {
    test(`reads a path that is not a string as null, and keeps it in data: ${JSON.stringify(path)}`, () =>
      assert.deepEqual(navigate({path}), {path: null, data: {path}}));
  }

  test('reads a missing path as null', () =>
    assert.deepEqual(navigate({}), {path: null, data: {}}));

  test('resolves an accepted path to the same origin on any page', () => {
    const piece = fc.constantFrom(
      '/',
      '\\',
      ':',
      '.',
      '..',
      '@',
      '?',
      '#',
      '\t',
      '\n',
      '%2f',
      '%5c',
      'evil.example',
      'javascript',
      'https',
      ' ',
      '\u0000',
      '／',
      '\u2028',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({unit: 'binary'}),
          fc.array(piece, {maxLength: 8}).map(pieces => pieces.join('')),
        ),
        text => {
          for (const path of [text, `/${text}`]) {
            const taken = navigate({path}).path;
            if (taken === null) continue;
            assert.equal(taken, path);
            const url = new URL(taken, 'https://host.example/page');
            assert.equal(url.origin, 'https://host.example');
          }
        },
      ),
      {numRuns: 5_000},
    );
  });
});

describe('the other fields of a navigation', () => {
  test('copies the other fields of a navigation message', () => {
    const data = {tab: 2, query: {a: [1, null, 'x']}};
    const copy = readNavigation({type: 'meshes:navigate', ...data}).data;
    assert.deepEqual(copy, data);
    assert.notEqual(copy.query, data.query);
  });

  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  const odd: Record<string, unknown> = {
    cyclic,
    'a bigint': 7n,
    'a Map': new Map([['a', 1]]),
    'a Date': new Date(0),
    'a typed array': new Uint8Array(2),
  };
  for (const [name, value] of Object.entries(odd)) {
    test(`accepts a navigation message with an odd field: ${name}`, () => {
      const {path, data} = navigate({path: '/x', value});
      assert.equal(path, '/x');
      assert.doesNotThrow(() => JSON.stringify(data));
    });
  }
});

test('leaves out fields that are nested too deep for JSON', () => {
  let deep: unknown = {};
  for (let count = 0; count < 100_000; count += 1) deep = {deep};
  assert.deepEqual(readNavigation({type: 'meshes:navigate', path: '/x', deep}), {
    path: '/x',
    data: {},
  });
});

describe('a polluted prototype', () => {
  const prototype = Object.prototype as Record<string, unknown>;
  afterEach(() => {
    for (const name of ['type', 'height', 'path', 'data']) Reflect.deleteProperty(prototype, name);
    assert.deepEqual(Object.keys(prototype), []);
  });

  test('reads no type from a polluted prototype', () => {
    prototype.type = 'meshes:ready';
    for (const data of [{}, {height: 7}, [], new Map(), 7, 'x']) assert.equal(receive(data), null);
  });

  test('reads no height from a polluted prototype', () => {
    prototype.height = 842;
    assert.equal(receive({type: 'meshes:resize'}), null);
  });

  for (const path of ['/evil', 7, {a: 1}]) {
    test(`reads no path from a polluted prototype: ${JSON.stringify(path)}`, () => {
      prototype.path = path;
      const message = navigate({tab: 2});
      assert.equal(message.path, null);
      assert.deepEqual(Object.keys(message.data), ['tab']);
    });
  }
});

describe('a message that would pollute a prototype', () => {
  const OWN =
    '{"type":"meshes:navigate","path":"/x","__proto__":{"polluted":1},"deep":{"__proto__":{"polluted":1},"kept":2}}';
  const polluted = () => ({}) as {polluted?: number};

  test('drops an own __proto__ of a navigation message', () => {
    const message = readOf(receive(JSON.parse(OWN)));
    assert.deepEqual(message.data, {deep: {kept: 2}});
    assert.ok(!JSON.stringify(message.data).includes('polluted'));
    assert.equal(Object.getPrototypeOf(message.data), Object.prototype);
    assert.equal((message.data as {polluted?: number}).polluted, undefined);
    assert.equal(polluted().polluted, undefined);
  });

  test('reads no type or height from an own __proto__', () => {
    assert.equal(receive(JSON.parse('{"__proto__":{"type":"meshes:ready"}}')), null);
    assert.equal(receive(JSON.parse('{"type":"meshes:resize","__proto__":{"height":7}}')), null);
  });

  test('reads no inherited type', () => assert.equal(parseMessage(Object.create(READY)), null));

  test('accepts a message without a prototype', () =>
    assert.deepEqual(parseMessage(Object.assign(Object.create(null), READY)), READY));

  for (const key of ['constructor', 'prototype', 'hasOwnProperty', 'toString']) {
    test(`accepts a message with an own field ${key}`, () => {
      assert.deepEqual(parseMessage({...READY, [key]: {prototype: {polluted: 1}}}), READY);
      assert.equal(polluted().polluted, undefined);
    });
  }
});

test('reads any data as a published message or null, without changing it', () => {
  const type = fc.oneof(
    fc.constantFrom(...PLAIN, 'meshes:navigate', 'meshes:resize', 'meshes:auth'),
    fc.anything(),
  );
  const field = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withNullPrototype: true,
    withObjectString: true,
    withBoxedValues: true,
  });
  const data = fc.oneof(
    field,
    fc.record(
      {type, height: field, path: field, ['__proto__']: field, other: field},
      {requiredKeys: []},
    ),
  );
  fc.assert(
    fc.property(data, each => {
      const message = parseMessage(each);
      if (message === null) return;
      assert.equal(message.type, (each as {type: unknown}).type);
      if (message.type === 'meshes:resize')
        assert.ok(message.height >= 0 && message.height < Infinity);
      else if (message.type === 'meshes:navigate') {
        const {path, data} = readNavigation(message.fields);
        assert.ok(path === null || path.startsWith('/'));
        assert.doesNotThrow(() => JSON.stringify(data));
      } else assert.deepEqual(Object.keys(message), ['type']);
      assert.deepEqual(Object.keys(Object.prototype), []);
    }),
    {numRuns: 10_000},
  );
});

/** The published messages as zod schemas, written without a look at the source. */
const PUBLISHED = z.union([
  z.object({
    type: z.enum([
      'meshes:ready',
      'meshes:token-refresh',
      'meshes:token-expired',
      'meshes:navigate',
    ]),
  }),
  z.object({type: z.literal('meshes:resize'), height: z.number().check(z.nonnegative())}),
]);

test('accepts data only if the schemas of the published messages accept it', () => {
  const type = fc.constantFrom(...PLAIN, 'meshes:navigate', 'meshes:resize', 'meshes:auth', '', 7);
  const height = fc.oneof(
    fc.double(),
    fc.constantFrom(-0, NaN, Infinity, -1, '842', null, undefined, [842], 842n),
  );
  fc.assert(
    fc.property(fc.record({type, height}, {requiredKeys: []}), data => {
      assert.equal(parseMessage(data) !== null, z.safeParse(PUBLISHED, data).success);
    }),
    {numRuns: 5_000},
  );
});
