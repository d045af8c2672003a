import assert from 'node:assert/strict';
import {test} from 'node:test';
import {MeshesError} from '../../src/errors.js';
import {settled} from '../support/manual-clock.js';
import {failure, Harness, type Reply} from '../support/session-harness.js';

const SECOND = 1_000;
const DAY = 24 * 3_600 * SECOND;

/** A reproducible series of numbers from 0 to 1 (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Lives as an embed does: its frame asks for a token when 80 % of the last one's minute is over. */
async function liveFor(harness: Harness, ms: number): Promise<{asked: number; longestGap: number}> {
  const {clock, source, port} = harness;
  const end = clock.now() + ms;
  source.terse = true;
  harness.notices.length = 0;
  await harness.ready();
  let asked = 0;
  let longestGap = 0;
  let lastPost = clock.now();
  while (clock.now() < end) {
    await clock.advance(48 * SECOND);
    const posted = port.posts.length;
    harness.say('meshes:token-refresh');
    asked += 1;
    await settled();
    if (port.posts.length > posted) {
      longestGap = Math.max(longestGap, clock.now() - lastPost);
      lastPost = clock.now();
    }
    // What is kept of a month would be all that the test measures.
    port.posts.length = 0;
    harness.notices.splice(0, harness.notices.length - 1);
  }
  return {asked, longestGap};
}

test('30 days of 60-second tokens miss no refresh, and never have two under way', async () => {
  const harness = new Harness();
  const {asked, longestGap} = await liveFor(harness, 30 * DAY);
  assert.equal(asked, (30 * DAY) / (48 * SECOND));
  assert.equal(harness.source.count, 1 + asked);
  assert.equal(harness.source.mostInFlight, 1);
  assert.equal(longestGap, 48 * SECOND);
  assert.equal(harness.state, 'ready');
  await harness.end();
});

test('3 days of 60-second tokens with one failure in ten lose no session', async () => {
  const random = seeded(20_260_301);
  const harness = new Harness({random});
  const failures: Reply[] = ['endpoint_server', 'endpoint_network', failure('endpoint_server', 0)];
  const replies: Reply[] = Array.from({length: 20_000}, (_, index) =>
    index > 0 && random() < 0.1 ? failures[index % failures.length]! : 'ok',
  );
  const failed = replies.filter(reply => reply !== 'ok').length;
  assert.ok(failed > 1_000);
  harness.source.replies = replies;
  await liveFor(harness, 3 * DAY);
  assert.equal(harness.source.mostInFlight, 1);
  assert.ok(['ready', 'refreshing', 'reconnecting'].includes(harness.state), harness.state);
  await harness.end();
});

test('10,000 sessions with one failure in ten each end ready or in a typed error', async () => {
  const random = seeded(4_711);
  const faults: Reply[] = [
    'silence',
    'endpoint_server',
    'endpoint_network',
    'endpoint_unauthorized',
    'endpoint_bad_response',
    'endpoint_redirected',
    {launchUrl: 'https://host.example/w'},
    failure('endpoint_rate_limited', 2_000),
    failure('endpoint_rate_limited', 90_000),
  ];
  const ends: Record<string, number> = {};
  for (let count = 0; count < 10_000; count += 1) {
    const harness = new Harness({
      random,
      replies: Array.from({length: 8}, () =>
        random() < 0.1 ? faults[Math.floor(random() * faults.length)]! : 'ok',
      ),
    });
    const {session, clock, frames, source} = harness;
    session.start();
    await clock.advance(31 * SECOND);
    assert.ok(source.count <= 4, `${source.count} requests for a mint`);
    const silent = random() < 0.1;
    if (frames.current && !silent) {
      harness.say('meshes:ready');
      for (const message of ['meshes:token-refresh', 'meshes:token-refresh']) {
        await clock.advance(50 * SECOND);
        harness.say(message);
      }
    }
    await clock.advance(300 * SECOND);
    if (harness.state !== 'ready') {
      assert.ok(['failed', 'expired'].includes(harness.state), `stuck in ${harness.state}`);
      assert.ok(session.error instanceof MeshesError);
    }
    const end = session.error?.code ?? harness.state;
    ends[end] = (ends[end] ?? 0) + 1;
    assert.equal(source.mostInFlight, 1);
    session.dispose();
    assert.equal(clock.pending + harness.port.listening, 0);
  }
  assert.ok(ends.ready! > 6_000, JSON.stringify(ends));
  for (const code of ['endpoint_unauthorized', 'endpoint_bad_response', 'handshake_timeout']) {
    assert.ok(ends[code]! > 10, JSON.stringify(ends));
  }
});
