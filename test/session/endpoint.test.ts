import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {createEndpoint} from '../../src/session/endpoint.js';

const PAGE = 'https://host.example/app/page';

describe('an endpoint', () => {
  test('resolves an endpoint against the base URL that the page had at the start', () => {
    const endpoint = createEndpoint('api/{session_id}/refresh', PAGE);
    assert.equal(endpoint.origin, 'https://host.example');
    assert.equal(endpoint.url('s/1', 'refresh').href, 'https://host.example/app/api/s%2F1/refresh');
  });

  for (const text of [
    '//{session_id}.example/refresh',
    'https://{session_id}/refresh',
    'https://:sessionId.example',
  ]) {
    test(`does not fill the session ID into the host of an endpoint: ${text}`, () => {
      const endpoint = createEndpoint(text, PAGE);
      for (const id of ['evil', 'evil.example', 'embed.meshes.io']) {
        assert.throws(() => endpoint.url(id, 'refresh'), {
          code: 'origin_not_allowed',
          phase: 'refresh',
        });
      }
    });
  }

  for (const text of [
    'http://host.example/s',
    'https://user:secret@host.example/s',
    'data:application/json,{}',
    'https://',
  ]) {
    test(`refuses an insecure endpoint before anything is sent: ${text}`, () =>
      assert.throws(
        () => createEndpoint(text, PAGE),
        (error: {code: string; message: string}) => {
          assert.equal(error.code, 'insecure_url');
          assert.ok(!error.message.includes('secret'), error.message);
          return true;
        },
      ));
  }
});
