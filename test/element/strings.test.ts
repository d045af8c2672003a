import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {MeshesError, type MeshesErrorCode} from '../../src/errors.js';
import type {MeshesWorkspaceState} from '../../src/element/element-events.js';
import {adviceFor, announcement, ENGLISH, withEnglish} from '../../src/element/strings.js';

/** What the advice for each code has to tell a person; the type makes sure that no code is left out. */
const ADVICE: Record<MeshesErrorCode, RegExp> = {
  config_invalid: /not set up correctly/,
  insecure_url: /not set up correctly/,
  origin_not_allowed: /not set up correctly/,
  csp_blocked: /not set up correctly/,
  endpoint_http: /not set up correctly/,
  endpoint_unauthorized: /signed out\. Sign in/,
  endpoint_redirected: /signed out\. Sign in/,
  endpoint_forbidden: /do not have access/,
  endpoint_network: /connection/,
  endpoint_timeout: /connection/,
  endpoint_rate_limited: /temporarily unavailable/,
  endpoint_server: /temporarily unavailable/,
  handshake_timeout: /took too long/,
  endpoint_bad_response: /If the problem continues/,
  session_expired: /If the problem continues/,
  session_revoked: /If the problem continues/,
  session_mismatch: /If the problem continues/,
  grant_changed: /If the problem continues/,
  aborted: /If the problem continues/,
};
const CODES = Object.keys(ADVICE) as MeshesErrorCode[];

const failure = (code: MeshesErrorCode) => new MeshesError(code, 'mint', 'It failed.');

/** What the live region says on entering each state; null where there is nothing new to say. */
const STATES: Record<MeshesWorkspaceState, string | null> = {
  idle: null,
  minting: ENGLISH.loading,
  loading: ENGLISH.loading,
  ready: ENGLISH.ready,
  refreshing: null,
  reconnecting: null,
  expired: `${ENGLISH.expiredTitle}. ${ENGLISH.expired}`,
  failed: `${ENGLISH.errorTitle}. ${adviceFor(failure('endpoint_forbidden'), ENGLISH)}`,
};

describe('the advice of the element', () => {
  for (const code of CODES) {
    test(`gives the user the advice for ${code}`, () =>
      assert.match(adviceFor(failure(code), ENGLISH), ADVICE[code]));

    test(`uses the advice of the host page for ${code}, and keeps the other texts`, () => {
      const strings = withEnglish({errors: {[code]: 'Mine.', default: 'My default.'}});
      assert.equal(adviceFor(failure(code), strings), 'Mine.');
      for (const other of CODES.filter(each => each !== code)) {
        const english = ENGLISH.errors[other];
        assert.equal(adviceFor(failure(other), strings), english ?? 'My default.');
      }
      assert.equal(strings.retry, ENGLISH.retry);
    });
  }

  test('uses the English texts if the host page gives none', () =>
    assert.deepEqual(withEnglish({}), ENGLISH));
});

describe('the announcement of a state', () => {
  const error = failure('endpoint_forbidden');
  for (const [state, text] of Object.entries(STATES)) {
    test(`announces ${text === null ? 'nothing' : `“${text}”`} in the state ${state}`, () =>
      assert.equal(announcement(state as MeshesWorkspaceState, error, ENGLISH), text));
  }

  test('announces a failure in the texts of the host page', () => {
    const strings = withEnglish({
      errorTitle: 'Title',
      errors: {endpoint_forbidden: 'Advice.', default: 'Default.'},
    });
    assert.equal(announcement('failed', error, strings), 'Title. Advice.');
  });
});
