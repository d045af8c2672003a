import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {
  csrfLayerOf,
  formatCookies,
  parseCookies,
  tokenOf,
  withSetCookies,
} from '../../src/check-endpoint/csrf.js';
import type {Answer} from '../../src/check-endpoint/exchange.js';

const answer = (status: number, body: string): Answer => ({
  kind: 'answer',
  status,
  headers: {},
  setCookies: [],
  body,
  isTooLong: false,
  durationMs: 1,
});

describe('the CSRF token of a page', () => {
  const meta = {meta: 'csrf-token', header: 'X-CSRF-Token'};
  const none = new Map<string, string>();
  for (const [name, html, token] of [
    ['in double quotes', '<meta name="csrf-token" content="abc=="/>', 'abc=='],
    ['in single quotes, the other way round', "<META content='a b' name='csrf-token'>", undefined],
    ['without quotes', '<meta name=csrf-token content=abc>', 'abc'],
    ['with entities', '<meta name="csrf-token" content="a&#43;b&amp;&#x3D;">', 'a+b&='],
    ['of another name', '<meta name="csrf-param" content="x">', undefined],
    ['behind another one', '<meta name="a" content="x"><meta name="csrf-token" content="y">', 'y'],
    ['with a line break', '<meta name="csrf-token" content="a\nb">', undefined],
  ] as const) {
    test(`reads the CSRF token from a <meta> ${name}`, () =>
      assert.equal(tokenOf(meta, none, html), token));
  }

  test('reads the CSRF token from a cookie, decoded as the element does', () => {
    const source = {cookie: 'XSRF-TOKEN', header: 'X-XSRF-TOKEN'};
    assert.equal(tokenOf(source, parseCookies('a=1; XSRF-TOKEN=ab%3D'), ''), 'ab=');
    assert.equal(tokenOf(source, parseCookies('XSRF-TOKEN=%zz'), ''), '%zz');
    assert.equal(tokenOf(source, none, ''), undefined);
  });

  test('keeps the cookies that a page sets, without their attributes', () => {
    const cookies = withSetCookies(parseCookies('sid=1; theme=dark'), {
      setCookies: ['sid=2; Path=/; HttpOnly', 'csrftoken=abc; SameSite=Lax'],
    });
    assert.equal(formatCookies(cookies), 'sid=2; theme=dark; csrftoken=abc');
  });
});

describe('the CSRF layer that answered', () => {
  for (const [name, status, body] of [
    ['Django', 403, '<h1>Forbidden <span>(403)</span></h1><p>CSRF verification failed.</p>'],
    ['Django', 403, '{"detail": "CSRF Failed: CSRF token missing."}'],
    ['Laravel', 419, '<title>Page Expired</title>'],
    ['Laravel', 419, '{"message": "CSRF token mismatch."}'],
    ['Rails', 422, '<h1>ActionController::InvalidAuthenticityToken</h1>'],
    ['Rails', 422, '<h1>The change you wanted was rejected.</h1>'],
    ['Go (http.CrossOriginProtection)', 403, 'cross-origin request detected, and/or …'],
    ['the framework', 400, '<p>The CSRF token is missing.</p>'],
    ['the framework', 403, 'invalid csrf token'],
    ['the application', 403, '{"code": "csrf_rejected"}'],
    [undefined, 403, '{"code": "handle_invalid"}'],
    [undefined, 200, '<meta name="csrf-token">'],
    [undefined, 404, 'Not Found'],
  ] as const) {
    test(`finds ${name ?? 'no CSRF layer'} in an answer with ${status} and ${JSON.stringify(body.slice(0, 60))}`, () => {
      assert.equal(csrfLayerOf(answer(status, body))?.name, name);
    });
  }
});
