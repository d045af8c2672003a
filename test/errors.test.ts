import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {isMeshesError, MeshesError} from '../src/errors.js';

/** An error of another copy of the package, or of a later version. */
const copy = (code: unknown, name: unknown = 'MeshesError') =>
  Object.assign(new Error('It failed.'), {name, code});

describe('isMeshesError()', () => {
  test('recognizes a MeshesError of this copy of the package', () => {
    assert.ok(isMeshesError(new MeshesError('csp_blocked', 'frame', 'It failed.')));
    assert.ok(isMeshesError(new MeshesError('endpoint_server', 'mint', 'It failed.')));
    assert.ok(isMeshesError(new MeshesError('grant_changed', 'refresh', 'It failed.')));
  });

  test('recognizes a MeshesError of another copy by its name and code', () => {
    assert.ok(isMeshesError(copy('session_revoked')));
    assert.ok(isMeshesError(copy('handshake_timeout')));
  });

  test('rejects an error with an unknown code or another name', () => {
    assert.ok(!isMeshesError(copy('ECONNRESET')));
    assert.ok(!isMeshesError(copy(undefined)));
    assert.ok(!isMeshesError(copy('session_revoked', 'MeshesApiError')));
  });

  test('rejects values that are not objects, and objects that throw when they are read', () => {
    const throwing = new Proxy(
      {},
      {
        get: () => {
          throw new Error('read');
        },
      },
    );
    for (const value of [null, undefined, '', 'MeshesError', 0, throwing]) {
      assert.ok(!isMeshesError(value));
    }
  });
});
