import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import {describe, test} from 'node:test';
import {getHeapSnapshot} from 'node:v8';
import type {TokenAnswer} from '../../src/session/token.js';
import {settled} from '../support/manual-clock.js';
import {EMBED, Harness} from '../support/session-harness.js';

/** The bytes of a token. The content of a buffer is not on the heap, so that a test can hold it. */
const randomToken = (): Buffer => Buffer.from(randomBytes(16).toString('hex'));

/** Whether any string on the heap contains these bytes. */
async function isOnHeap(token: Buffer): Promise<boolean> {
  let tail = Buffer.alloc(0);
  let found = false;
  for await (const chunk of getHeapSnapshot() as AsyncIterable<Buffer>) {
    const text = Buffer.concat([tail, chunk]);
    found ||= text.includes(token);
    tail = text.subarray(-token.length);
  }
  return found;
}

/** A session that is ready, on a page that keeps no token: only the session can hold one. */
function readyWith(...tokens: Buffer[]): Promise<Harness> {
  let asked = 0;
  const ask = (): Promise<TokenAnswer> =>
    Promise.resolve({
      accessToken: tokens[asked++]!.toString('latin1'),
      sessionId: 'sess_1',
      launchUrl: `${EMBED}/w?launch=1`,
      embedOrigin: null,
      lifetimeMs: 60_000,
    });
  const harness = new Harness({source: {canMint: () => true, ask}});
  harness.port.post = () => undefined;
  return harness.ready();
}

describe('the access token', () => {
  test('an access token is removed from memory when the session ends', async () => {
    const token = randomToken();
    const harness = await readyWith(token);
    assert.equal(await isOnHeap(token), true, 'the session holds its token');
    harness.session.dispose();
    await settled();
    assert.equal(await isOnHeap(token), false);
    assert.equal(harness.state, 'closed');
  });

  test('an access token is removed from memory when a refresh replaces it', async () => {
    const [first, second] = [randomToken(), randomToken()];
    const harness = await readyWith(first, second);
    await harness.session.refresh();
    await settled();
    assert.deepEqual([await isOnHeap(first), await isOnHeap(second)], [false, true]);
    await harness.end();
  });
});
