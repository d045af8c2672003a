import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {createRedactor, failureData} from '../../src/events/failure-data.js';

function redactorOf(...values: unknown[]) {
  const redactor = createRedactor();
  redactor.add(JSON.stringify(values));
  return redactor;
}

describe('A redactor', () => {
  test('hides values of 4 characters and more, and leaves shorter ones', () => {
    const {redact} = redactorOf('abc', 'wxyz', 123, 4567, 1.25, 12.5, true, null);
    assert.equal(redact('abc wxyz 123 4567 1.25 12.5 true'), 'abc *** 123 *** *** *** true');
  });

  test('hides a value of 500 characters, and a text of 501 characters as a whole', () => {
    const value = 'v'.repeat(500);
    assert.equal(redactorOf(value).redact(value), '***');
    const {redact} = redactorOf('jane');
    const text = 'x'.repeat(496);
    assert.equal(redact(`${text}jane`), `${text}***`);
    assert.equal(redact(`${text}xxxxx`), '***');
  });

  test('skips values that cannot occur in a text', () => {
    // This value would be compared with each text that begins like it.
    const {redact} = redactorOf('v'.repeat(501), 'abcd');
    assert.equal(redact('vvvv abcd'), 'vvvv ***');
  });

  test('keeps the names of fields, and hides the same text as a value', () => {
    const {redact} = redactorOf({
      name: 'value',
      'na"me:': 'a "quoted" \\ value',
      list: ['first', 'last'],
    });
    assert.equal(redact('name value list first last'), 'name *** list *** ***');
    assert.equal(redact('na"me: a "quoted" - value'), 'na"me: a "quoted" - ***');
    assert.equal(
      redactorOf('a "quote"', ' "').redact('no "quote", but a "quote"'),
      'no "quote", but ***',
    );
  });

  for (const escape of ['\\', '%4a', '%4A', '%F0', '&amp;', '&#64;', '&#x40;']) {
    test(`replaces a text that contains the escape ${escape} as a whole`, () => {
      assert.equal(redactorOf('jane').redact(`x${escape}y`), '***');
    });
  }

  test('keeps a text whose characters only resemble escapes', () => {
    const text = '100 %, 5%4, 5%g1, a & b; &; &# ;';
    assert.equal(redactorOf('jane').redact(text), text);
  });

  test('hides each of two adjacent values', () => {
    assert.equal(redactorOf('abcd', 'efgh').redact('abcdefgh abcd'), '****** ***');
  });

  test('hides the longest of several values at one position, whatever their order', () => {
    for (const values of [
      ['abcd', 'abcdef', 'abcde'],
      ['abcdef', 'abcde', 'abcd'],
    ]) {
      assert.equal(redactorOf(...values).redact('abcdefg'), '***g');
    }
  });

  test('hides a value that was added after the first text', () => {
    const redactor = redactorOf('first');
    assert.equal(redactor.redact('first second'), '*** second');
    redactor.add('["second"]');
    assert.equal(redactor.redact('first second'), '*** ***');
  });

  test('compares a limited number of times for one answer, and again after the next request', () => {
    // A text of 4 characters is compared once with each of 250 lengths.
    const redactor = redactorOf(...Array.from({length: 250}, (_, i) => `aaaa${'b'.repeat(i)}c`));
    for (let i = 0; i < 400; i++) assert.equal(redactor.redact('aaaa'), 'aaaa');
    assert.equal(redactor.redact('aaaa'), '***');
    assert.equal(redactor.redact('bbbb'), 'bbbb');
    redactor.add('[]');
    assert.equal(redactor.redact('aaaa'), 'aaaa');
  });

  test('finds a value with characters beyond ASCII by its first and by its last letter', () => {
    for (const value of ['Äbcd', 'abcÄ', 'abc\u0080', 'abc\uffff']) {
      assert.equal(redactorOf(value, 'plain').redact('x ä'), '***', value);
      assert.equal(redactorOf('plain', value).redact('x ä'), '***', value);
    }
    assert.equal(redactorOf('abc~', 'ÄÖÜ').redact('x ä'), 'x ä');
  });
});

describe('The data of a failure', () => {
  const upper = (text: string) => text.toUpperCase();
  const cases: [name: string, value: unknown, expected: unknown][] = [
    ['text', 'a', 'A'],
    ['null', null, undefined],
    ['a number', 7, undefined],
    ['a list', ['a'], undefined],
    ['an empty object', {}, {}],
    ['other fields', {status: 'a', data: 'b', name: 'c', param: 'd'}, {}],
    ['a message and an error', {message: 'a', error: 'b'}, {message: 'A', error: 'B'}],
    ['values that are not text', {message: 7, error: false}, {}],
    ['a list as the error', {error: ['a']}, {}],
    ['an empty message', {message: ''}, {}],
    [
      'an error object',
      {error: {name: 'a', message: 'b', data: 'c', error: 'd'}},
      {error: {name: 'A', message: 'B', data: 'C'}},
    ],
    ['a list as the name of the error', {error: {name: ['a']}}, {error: {name: ['A']}}],
    [
      'an object as the data of the error',
      {error: {data: {message: 'a', param: 'b'}}},
      {error: {data: {}}},
    ],
    [
      'a list of details',
      {error: {data: [{param: 'a', msg: 'b', value: 'c'}, 'd', null]}},
      {error: {data: [{param: 'A', msg: 'B'}, 'D', undefined]}},
    ],
    [
      'a list and an object within a detail',
      {error: {data: [['a'], {param: ['b'], msg: {param: 'c'}}]}},
      {error: {data: [undefined, {msg: {}}]}},
    ],
    ['fields of a prototype', Object.create({message: 'a'}), {}],
  ];
  for (const [name, value, expected] of cases) {
    test(`keeps only the published fields of ${name}`, () => {
      assert.deepEqual(failureData(value, upper), expected);
    });
  }
});
