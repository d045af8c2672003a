/** A session that is paused while no element shows it, and that another element continues. */
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {removedFrame} from '../../src/session/session-errors.js';
import type {SessionNotice} from '../../src/session/session-options.js';
import {EMBED, Harness, HOST, RecordingFrames, ScriptedSource} from '../support/session-harness.js';
import {settled} from '../support/manual-clock.js';

/** A session that is ready and paused; `resume` continues it for another page. */
async function paused({
  prepare = () => {},
}: {prepare?: (harness: Harness) => void | Promise<void>} = {}) {
  const harness = await new Harness().ready();
  await prepare(harness);
  await settled();
  const place = new RecordingFrames();
  place.current = harness.frames.current;
  harness.session.pause(place);
  const before = {notices: harness.notices.length, requests: harness.source.count};
  const next: SessionNotice[] = [];
  const source = new ScriptedSource(() => harness.seconds);
  const frames = new RecordingFrames();
  frames.current = place.current;
  return {
    harness,
    place,
    next,
    source,
    /** What has happened while it was paused. */
    happened: () => ({
      notices: harness.notices.length - before.notices,
      requests: harness.source.count - before.requests,
    }),
    resume: async () => {
      harness.session.resume({
        source,
        launch: null,
        launchPage: () => null,
        pageOrigin: HOST,
        pinned: [],
        separateEndpoints: false,
        readyTimeoutMs: 30_000,
        isolated: false,
        frames,
        port: harness.port,
        clock: harness.clock,
        random: () => 0.5,
        environment: {online: () => true, visible: () => true},
        notify: notice => next.push(notice),
      });
      await settled();
    },
    types: () =>
      next.map(notice => (notice.type === 'message' ? notice.message.type : notice.type)),
  };
}

const NOTHING = {notices: 0, requests: 0};

describe('a paused session', () => {
  test('tells the next page its state, its ID, and the page that the frame shows', async () => {
    const {harness, next, resume, happened} = await paused({
      prepare: harness => harness.say({type: 'meshes:navigate', path: '/workspace/rules'}),
    });
    assert.deepEqual(happened(), NOTHING);
    await resume();
    assert.deepEqual(next, [
      {type: 'state-change', state: 'ready', previousState: 'idle'},
      {type: 'ready', sessionId: 'sess_1', origin: EMBED},
      {
        type: 'message',
        message: {type: 'meshes:navigate', path: '/workspace/rules', data: {}},
      },
    ]);
    assert.equal(harness.state, 'ready');
    assert.deepEqual(happened(), NOTHING);
  });

  test('tells no page of a frame that has not reported one', async () => {
    const {types, resume} = await paused();
    await resume();
    assert.deepEqual(types(), ['state-change', 'ready']);
  });

  test('holds messages of the frame back, and passes on the last of each kind', async () => {
    const {harness, next, types, resume, happened} = await paused();
    for (const path of ['/workspace/events', '/workspace/rules']) {
      harness.say({type: 'meshes:navigate', path});
    }
    for (const height of [500, 600, 700]) harness.say({type: 'meshes:resize', height});
    assert.deepEqual(happened(), NOTHING);
    await resume();
    assert.deepEqual(types(), ['state-change', 'ready', 'meshes:navigate', 'meshes:resize']);
    assert.deepEqual(
      next.flatMap(notice => (notice.type === 'message' ? [notice.message] : [])),
      [
        {type: 'meshes:navigate', path: '/workspace/rules', data: {}},
        {type: 'meshes:resize', height: 700},
      ],
    );
    assert.deepEqual(happened(), NOTHING);
  });

  test('requests the token that the frame has asked for when it continues, once, from the next page', async () => {
    const {harness, source, types, resume, happened} = await paused();
    await harness.clock.advance(40_000);
    for (const type of ['meshes:token-refresh', 'meshes:token-expired', 'meshes:token-refresh']) {
      harness.say(type);
    }
    await harness.clock.advance(10_000_000);
    assert.deepEqual(happened(), NOTHING);
    await resume();
    assert.equal(source.count, 1);
    assert.deepEqual(types().slice(2), ['state-change', 'state-change', 'token-refresh']);
    assert.deepEqual(happened(), NOTHING);
  });

  test('requests nothing when an early request of the frame gets its turn', async () => {
    const {harness, source, resume, happened} = await paused({
      prepare: async harness => {
        for (let times = 0; times < 5; times++) {
          harness.say('meshes:token-refresh');
          await settled();
        }
      },
    });
    await harness.clock.advance(10_000_000);
    assert.deepEqual(happened(), NOTHING);
    await resume();
    assert.equal(source.count, 1);
  });

  test('requests nothing when the page wakes up or goes online', async () => {
    const {harness, happened} = await paused();
    harness.clock.jump(10_000_000);
    harness.session.wake();
    harness.session.online();
    await settled();
    assert.deepEqual(happened(), NOTHING);
  });

  test('refreshes a token that is due when it continues', async () => {
    const {harness, source, resume} = await paused();
    harness.clock.jump(50_000);
    await resume();
    assert.equal(source.count, 1);
    assert.equal(harness.port.posts.length, 2);
  });

  test('keeps a token that is not due', async () => {
    const {harness, source, resume} = await paused();
    harness.clock.jump(40_000);
    await resume();
    assert.equal(source.count, 0);
    assert.equal(harness.port.posts.length, 1);
  });

  test('posts the token to a document that has said ready meanwhile, when it continues', async () => {
    const {harness, types, resume} = await paused();
    harness.say('meshes:ready');
    assert.equal(harness.port.posts.length, 1);
    await resume();
    assert.equal(harness.port.posts.length, 2);
    assert.deepEqual(types(), ['state-change', 'ready', 'document-ready']);
  });

  test('fails when it continues, if it has failed meanwhile', async () => {
    const {harness, types, resume, happened} = await paused();
    harness.session.blocked(EMBED, 'frame-src');
    harness.session.fail(removedFrame());
    assert.deepEqual(happened(), NOTHING);
    assert.equal(harness.state, 'ready');
    await resume();
    assert.equal(harness.state, 'failed');
    assert.deepEqual(types(), ['state-change', 'ready', 'state-change', 'error']);
  });

  test('ends at once, with its frame, and leaves the frames of the first page alone', async () => {
    const {harness, place, happened} = await paused();
    const other = harness.frames.current;
    harness.session.dispose();
    assert.equal(place.current, null);
    assert.equal(harness.frames.current, other);
    assert.equal(harness.port.listening, 0);
    assert.equal(harness.clock.pending, 0);
    assert.deepEqual(happened(), NOTHING);
  });

  test('ends while it continues, if a listener ends it', async () => {
    const {harness, next, types, resume} = await paused({
      prepare: harness => harness.say({type: 'meshes:navigate', path: '/workspace/rules'}),
    });
    const {push} = next;
    next.push = notice => {
      if (notice.type === 'ready') harness.session.dispose();
      return push.call(next, notice);
    };
    await resume();
    assert.deepEqual(types(), ['state-change', 'ready']);
  });

  test('refuses to be paused before it is ready, while it refreshes, and while it handles an event', async () => {
    const seen: boolean[] = [];
    const harness = new Harness({onNotice: (_, {session}) => seen.push(session.isPausable)});
    assert.equal(harness.session.isPausable, false);
    await harness.ready();
    assert.deepEqual([...new Set(seen)], [false]);
    assert.equal(harness.session.isPausable, true);
    harness.source.replies = ['silence'];
    harness.say('meshes:token-refresh');
    assert.equal(harness.session.isPausable, false);
  });
});
