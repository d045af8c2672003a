import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {
  contentsOf,
  holdsTime,
  meshesIdsIn,
  tamper,
  unsign,
} from '../../src/check-endpoint/handle.js';

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const SIGNATURE = 'q3Vf9mZ2Xr8bWc0TnLk5JdHs7YpAe1UiOgB4vQxRzMw';
const claims = {sub: 'ada', sessionId: 'sess_abcd1234', iat: 1_700_000_000};
const jwt = `${encode({alg: 'HS256', typ: 'JWT'})}.${encode(claims)}.${SIGNATURE}`;
const twoParts = `${encode(claims)}.${SIGNATURE}`;
const rails = `${Buffer.from(JSON.stringify(claims)).toString('base64')}--${'ab12'.repeat(16)}`;
const uuid = '3f216741-15dd-4e46-b5ac-0077a2640e89';

describe('the content of a session_id', () => {
  for (const [name, text] of [
    ['a JWT', jwt],
    ['a text of two parts', twoParts],
    ['a message that Rails has signed', rails],
    ['a message that is percent-encoded', encodeURIComponent(rails)],
    ['plain JSON', JSON.stringify(claims)],
  ]) {
    test(`reads the content of a session_id that is ${name}`, () => {
      assert.ok(contentsOf(text!).some(fields => fields.sessionId === claims.sessionId));
      assert.deepEqual(meshesIdsIn([text!]), [claims.sessionId]);
    });
  }

  test('returns nothing for a session_id that cannot be decoded', () => {
    assert.deepEqual(contentsOf(uuid), []);
    assert.deepEqual(meshesIdsIn([uuid, 'undefined']), []);
  });
});

describe('a session_id with one other character', () => {
  test('changes one character in each part of a session_id', () => {
    const texts = tamper(jwt);
    assert.equal(texts.length, 6);
    for (const text of texts) {
      const differences = text.split('').filter((character, at) => character !== jwt[at]);
      assert.equal(text.length, jwt.length);
      assert.equal(differences.length, 1);
    }
  });

  test('changes a character so that the decoded session_id differs', () => {
    for (const text of tamper(twoParts)) {
      const bytes = (whole: string) => whole.split('.').map(part => Buffer.from(part, 'base64url'));
      assert.notDeepEqual(bytes(text), bytes(twoParts));
    }
  });

  test('changes a session_id that is not base64', () => {
    assert.ok(tamper('é').every(text => text !== 'é'));
  });
});

describe('a session_id without a valid signature', () => {
  test('makes an unsigned JWT with "alg": "none"', () => {
    const forged = unsign(jwt).map(text => text.split('.'));
    const isUnsecured = ([head = '', , signature]: string[]) =>
      signature === '' && contentsOf(head).some(({alg}) => alg === 'none');
    assert.ok(forged.some(isUnsecured));
  });

  test('makes a session_id with other content and the old signature', () => {
    const isChanged = (text: string) =>
      text.endsWith(SIGNATURE) && contentsOf(text).some(fields => fields.check_endpoint === 1);
    assert.ok(unsign(jwt).some(isChanged));
    assert.ok(unsign(twoParts).some(isChanged));
  });

  for (const [name, text] of [
    ['a JWT', jwt],
    ['a text of two parts', twoParts],
    ['a message that Rails has signed', rails],
    ['a UUID', uuid],
  ]) {
    test(`makes an unsigned session_id that differs from the original for ${name}`, () => {
      const texts = unsign(text!);
      assert.ok(texts.length > 0);
      assert.ok(texts.every(other => other !== text && other !== ''));
    });
  }
});

describe('the time in a session_id', () => {
  const now = claims.iat * 1000;
  const handle = (fields: object) => `${encode(fields)}.${SIGNATURE}`;
  for (const [name, text, expected] of [
    ['is seen in seconds', handle({iat: now / 1000}), true],
    ['is seen in milliseconds', handle({issued: now - 60_000}), true],
    ['is seen in ISO 8601', handle({issued: new Date(now).toISOString()}), true],
    ['is seen as an end within 12 hours', handle({exp: now / 1000 + 12 * 3600}), true],
    ['is missing if the end is later', handle({exp: now / 1000 + 24 * 3600}), false],
    ['is missing if no field is a time', handle({sub: 'ada', version: 1}), false],
    ['is missing if the signature contains hyphens', `${handle({sub: 'ada'})}--x`, false],
    ['is unknown if nothing can be read', uuid, undefined],
    [
      'is unknown if a part can be a time',
      `${encode({sub: 'ada'})}:1tXyZa:${SIGNATURE}`,
      undefined,
    ],
  ] as const) {
    test(name, () => assert.equal(holdsTime(text, now), expected));
  }
});
