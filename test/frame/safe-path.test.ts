import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import fc from 'fast-check';
import {isSafePath} from '../../src/frame/safe-path.js';

describe('unsafe paths', () => {
  const paths: Record<string, string> = {
    'that a URL parser resolves to another site: a dot segment': '/.//evil.example',
    'that a URL parser resolves to another site: a parent segment': '/a/..//evil.example',
    'that a URL parser resolves to another site: several': '/a/b/../..//evil.example',
    'that a URL parser resolves to another site: an encoded dot': '/%2e//evil.example',
    'that a URL parser resolves to another site: encoded dots': '/a/%2E%2e//evil.example',
    'that a router decodes to another site: a slash': '/%2Fevil.example',
    'that a router decodes to another site: a backslash': '/%5Cevil.example',
    'that a router decodes to another site: after a dot segment': '/./%2Fevil.example',
    'that is resolved to another site once it is decoded': '/a/..%2f/evil.example',
    'that is resolved to another site once its dots are decoded': '/%2e%2e%2f%2fevil.example',
    'with an encoded line break': '/a%0Ab',
    'with an encoded NUL': '/a%00b',
    'with a backslash in its query': '/a?x=\\',
    'with a line separator': '/a\u2028b',
    'with a control character of Latin-1': '/a\u0085b',
    'with a right-to-left override': '/workspace/\u202Egnp.exe',
    'with an encoded right-to-left override': '/workspace/%E2%80%AEgnp.exe',
    'with a right-to-left mark': '/a\u200Fb',
    'with an isolate': '/a\u2066b\u2069',
    'with an Arabic letter mark': '/a\u061Cb',
  };
  for (const [name, path] of Object.entries(paths)) {
    test(`refuses a path ${name}`, () => assert.equal(isSafePath(path), false));
  }

  for (const value of [null, undefined, 7, ['/x'], {toString: () => '/x'}, Object('/x')]) {
    test(`refuses a path that is not a string: ${String(value)} (${typeof value})`, () =>
      assert.equal(isSafePath(value), false));
  }
});

describe('safe paths', () => {
  for (const path of [
    '/',
    '/workspace/rules/7?next=%2F%2Fhost#%0A',
    '/workspace/../dashboard',
    '/workspace/100%',
    '/workspace/%2e%2e',
    '/a//b',
    '/a/%2Fb',
    '/workspace/Zoë/كتاب/🕸',
  ]) {
    test(`accepts the path ${path}`, () => assert.equal(isSafePath(path), true));
  }

  test('accepts only paths that every parser resolves to the same site', () => {
    const piece = fc.constantFrom(
      '/',
      '.',
      '..',
      '%2f',
      '%5c',
      '%2e',
      '\\',
      'a',
      '?',
      '#',
      '%',
      ':',
    );
    fc.assert(
      fc.property(fc.array(piece, {maxLength: 12}), pieces => {
        const path = `/${pieces.join('')}`;
        if (!isSafePath(path)) return;
        const once = new URL(path, 'https://host.example');
        assert.equal(once.origin, 'https://host.example');
        assert.equal(new URL(once.pathname, 'https://host.example').origin, 'https://host.example');
        for (const each of [path.split(/[?#]/)[0]!, once.pathname]) {
          let decoded: string;
          try {
            decoded = decodeURIComponent(each);
          } catch {
            continue;
          }
          const {origin, pathname} = new URL(decoded, 'https://host.example');
          assert.equal(origin, 'https://host.example');
          assert.equal(new URL(pathname, 'https://host.example').origin, 'https://host.example');
        }
      }),
      {numRuns: 20_000},
    );
  });
});
