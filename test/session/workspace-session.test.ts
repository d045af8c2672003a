import assert from 'node:assert/strict';
import {afterEach, describe, test} from 'node:test';
import {MeshesError} from '../../src/errors.js';
import {createEndpoint} from '../../src/session/endpoint.js';
import type {SessionState} from '../../src/session/machine.js';
import {createTokenSource, type SessionProvider} from '../../src/session/token-source.js';
import {settled} from '../support/manual-clock.js';
import {EMBED, fate, Harness, type HarnessOptions, HOST} from '../support/session-harness.js';

let harness: Harness;
/** The session of a test; whatever it was about, nothing may be left of it. */
function create(options?: HarnessOptions): Harness {
  harness = new Harness(options);
  return harness;
}
afterEach(() => harness.end());

const LAUNCH = {url: new URL(`${EMBED}/w?launch=own`), sessionId: 'sess_own'};

describe('the start of a session', () => {
  const backend = {
    session_id: 'sess_1',
    access_token: 't1',
    launch_url: `${EMBED}/w?launch=1`,
    expires_in: 60,
  };
  function sourceOver(provider: SessionProvider | null, bodies: unknown[]) {
    return createTokenSource({
      provider: () => provider,
      endpoints: {
        token: createEndpoint('/session', HOST),
        refresh: null,
        credentials: 'same-origin',
      },
      headers: () => Promise.resolve(new Headers()),
      fetch: (_url, init) => {
        const body = JSON.parse(init!.body as string);
        bodies.push(body);
        const {session_id: _id, launch_url: _launchUrl, ...token} = backend;
        const renewed = {...token, embed_origin: EMBED};
        return Promise.resolve(Response.json(body.session_id ? renewed : backend));
      },
      now: () => 0,
    });
  }

  test('starts from a token endpoint only', async () => {
    const bodies: unknown[] = [];
    const {session, frames, log} = create({source: sourceOver(null, bodies)});
    session.start();
    assert.equal(session.state, 'minting');
    assert.equal(frames.mounts.length, 0);
    await settled();
    assert.equal(session.state, 'loading');
    assert.deepEqual(bodies, [{}]);
    assert.deepEqual(
      frames.mounts.map(({url, origin}) => [url, origin]),
      [[backend.launch_url, EMBED]],
    );
    assert.deepEqual(log, []);
    harness.say('meshes:ready');
    assert.equal(session.state, 'ready');
    assert.deepEqual(harness.tokens, ['t1']);
    assert.deepEqual(harness.log, [
      'idle → minting',
      'minting → loading',
      'document-ready',
      'loading → ready',
      `ready sess_1 ${EMBED}`,
    ]);
  });

  test('starts from a launch URL and a token endpoint, both at once', async () => {
    const bodies: unknown[] = [];
    const {session, frames} = create({source: sourceOver(null, bodies), launch: LAUNCH});
    session.start();
    assert.equal(session.state, 'minting');
    assert.deepEqual(bodies.length + frames.mounts.length, 1, 'the frame does not wait');
    await settled();
    assert.deepEqual(bodies, [{session_id: 'sess_own'}]);
    assert.equal(session.state, 'loading');
    harness.say('meshes:ready');
    assert.deepEqual(harness.tokens, ['t1']);
    assert.equal(harness.log.at(-1), `ready sess_own ${EMBED}`);
    assert.equal(frames.mounts.length, 1);
  });

  test('sends every refresh of a launched session to the refresh endpoint', async () => {
    const paths: string[] = [];
    const source = createTokenSource({
      provider: () => null,
      endpoints: {
        token: createEndpoint('/session', HOST),
        refresh: createEndpoint('/sessions/{session_id}/refresh', HOST),
        credentials: 'same-origin',
      },
      headers: () => new Headers(),
      fetch: url => {
        paths.push(new URL(url as string).pathname);
        return Promise.resolve(Response.json({access_token: `t${paths.length}`, expires_in: 60}));
      },
      now: () => 0,
    });
    await create({source, launch: LAUNCH, pinned: [EMBED]}).ready();
    for (let count = 0; count < 2; count += 1) {
      harness.say('meshes:token-refresh');
      await settled();
    }
    assert.deepEqual(paths, ['/session', ...Array<string>(2).fill('/sessions/sess_own/refresh')]);
    assert.deepEqual(harness.tokens, ['t1', 't2', 't3']);
  });

  test('asks the provider to refresh a launched session, not to create another one', async () => {
    const calls: string[] = [];
    const provider: SessionProvider = {
      mint: ({sessionId}) => {
        calls.push(`mint ${sessionId}`);
        return {access_token: 't1', expires_in: 60};
      },
      refresh: ({sessionId}) => {
        calls.push(`refresh ${sessionId}`);
        return {access_token: 't2', expires_in: 60};
      },
    };
    await create({source: sourceOver(provider, []), launch: LAUNCH, pinned: [EMBED]}).ready();
    harness.say('meshes:token-refresh');
    await settled();
    assert.deepEqual(calls, ['mint sess_own', 'refresh sess_own']);
  });

  test('starts from a session provider', async () => {
    const calls: string[] = [];
    const provider: SessionProvider = {
      mint: ({sessionId}) => {
        calls.push(`mint ${sessionId}`);
        return backend;
      },
      refresh: ({sessionId}) => {
        calls.push(`refresh ${sessionId}`);
        return {access_token: 't2', expires_in: 60};
      },
    };
    create({source: sourceOver(provider, [])});
    await harness.ready();
    harness.say('meshes:token-refresh');
    await settled();
    assert.deepEqual(calls, ['mint null', 'refresh sess_1']);
    assert.deepEqual(harness.tokens, ['t1', 't2']);
  });

  test('sends the current launch page in each attempt to create a session', async () => {
    let launchPage = 'rules';
    create({launchPage: () => launchPage, replies: ['endpoint_server']});
    harness.session.start();
    await settled();
    launchPage = 'events';
    await harness.clock.advance(1_000);
    assert.deepEqual(
      harness.source.asked.map(query => query.launchPage),
      ['rules', 'events'],
    );
  });

  test('starts a session only once', async () => {
    await create().ready();
    harness.session.start();
    await settled();
    assert.equal(harness.source.count, 1);
  });

  test('fails with the configuration error instead of starting if the configuration is invalid', async () => {
    const error = new MeshesError('config_invalid', 'config', 'It makes no sense.');
    create().session.fail(error);
    assert.deepEqual(harness.log, ['idle → failed', 'error config_invalid']);
    assert.equal(harness.session.error, error);
    harness.session.wake();
    harness.session.online();
    await harness.clock.advance(1_000_000);
    assert.equal(harness.source.count, 0);
  });
});

describe('the handshake', () => {
  test('posts the token to exactly the window and origin of the launch URL', async () => {
    await create({replies: [{launchUrl: 'https://Embed.Example:443/w?launch=1'}]}).ready();
    const [post] = harness.port.posts;
    assert.equal(post!.origin, EMBED);
    assert.equal(post!.target, harness.frames.current);
  });

  test('drops messages of another origin from the window of the frame, and warns once', async () => {
    create().session.start();
    await settled();
    for (const origin of [
      'https://evil.example',
      'null',
      `${EMBED}.`,
      `${EMBED}:443`,
      'http://embed.example',
      '',
    ]) {
      harness.say('meshes:ready', origin);
      harness.say('meshes:token-refresh', origin);
    }
    assert.equal(harness.state, 'loading');
    assert.deepEqual(harness.tokens, []);
    assert.equal(harness.log.filter(entry => entry === 'warning frame_origin_changed').length, 1);
    harness.say('meshes:ready');
    assert.equal(harness.state, 'ready');
  });

  test('gives no token to a frame that has navigated to another origin and asks for one', async () => {
    await create().ready();
    harness.say('meshes:token-refresh', 'https://evil.example');
    harness.say('meshes:ready', 'https://evil.example');
    await settled();
    assert.deepEqual(harness.tokens, ['t1']);
    assert.equal(harness.source.count, 1);
    assert.match(
      harness.notices.flatMap(notice => (notice.type === 'warning' ? [notice.message] : [])).join(),
      /evil\.example/,
    );
  });

  test('answers every meshes:ready', async () => {
    await create().ready();
    harness.say('meshes:ready');
    harness.say('meshes:ready');
    assert.deepEqual(harness.tokens, ['t1', 't1', 't1']);
    assert.equal(harness.log.filter(entry => entry.startsWith('ready ')).length, 1);
    assert.equal(harness.source.count, 1);
  });

  test('answers meshes:ready with a new token if the old one is due', async () => {
    await create().ready();
    await harness.clock.advance(48_001);
    harness.say('meshes:ready');
    assert.equal(harness.state, 'refreshing');
    await settled();
    assert.deepEqual(harness.tokens, ['t1', 't2']);
  });

  test('remembers a meshes:ready that arrives before the token of a launch URL', async () => {
    create({launch: LAUNCH, replies: ['silence']}).session.start();
    harness.say('meshes:ready');
    assert.equal(harness.state, 'minting');
    assert.deepEqual(harness.tokens, []);
    harness.source.asked[0]!.answer();
    await settled();
    assert.deepEqual(harness.tokens, ['t1']);
    assert.deepEqual(harness.log, [
      'idle → minting',
      'document-ready',
      'minting → ready',
      `ready sess_own ${EMBED}`,
    ]);
  });

  test('removes the frame of a launch URL if the first token is refused', async () => {
    create({launch: LAUNCH, replies: ['endpoint_unauthorized']}).session.start();
    harness.say('meshes:ready');
    await settled();
    assert.deepEqual(harness.log, [
      'idle → minting',
      'document-ready',
      'minting → failed',
      'error endpoint_unauthorized',
    ]);
    assert.equal(harness.frames.current, null);
    assert.deepEqual(harness.tokens, []);
  });

  test('refuses a session response whose launch URL is on another origin than the launch URL in use', async () => {
    create({launch: LAUNCH, replies: [{launchUrl: 'https://other.example/w'}]}).session.start();
    harness.say('meshes:ready');
    await settled();
    assert.equal(harness.state, 'failed');
    assert.equal(harness.session.error!.code, 'origin_not_allowed');
    assert.deepEqual(harness.tokens, []);
  });

  describe('a launch URL that the markup sets', () => {
    const answers = {
      nothing: {embedOrigin: null},
      'embed_origin of another origin': {embedOrigin: 'https://embed.meshes.io'},
      'embed_origin of another origin beside its launch_url': {
        launchUrl: `${EMBED}/w?launch=2`,
        embedOrigin: 'https://embed.meshes.io',
      },
      'embed_origin of its origin beside another launch_url': {
        launchUrl: 'https://embed.meshes.io/w?launch=2',
        embedOrigin: EMBED,
      },
    };
    for (const [name, answer] of Object.entries(answers)) {
      for (const sessionId of ['sess_own', null]) {
        test(`posts no token if the response has ${name} (session ${sessionId})`, async () => {
          create({launch: {...LAUNCH, sessionId}, replies: [answer]}).session.start();
          harness.say('meshes:ready');
          await settled();
          assert.deepEqual(harness.tokens, []);
          assert.equal(harness.state, 'failed');
          assert.equal(harness.session.error!.code, 'origin_not_allowed');
          assert.equal(harness.session.error!.phase, 'mint');
          assert.equal(harness.frames.current, null);
          assert.equal(harness.source.count, 1);
        });
      }
    }

    const confirmed: Record<string, HarnessOptions> = {
      'the answer has its origin as embed_origin': {replies: [{embedOrigin: EMBED}]},
      'the answer has its origin in launch_url': {
        replies: [{embedOrigin: null, launchUrl: `${EMBED}/w?launch=2`}],
      },
      'the page pins its origin': {replies: [{embedOrigin: null}], pinned: [EMBED]},
      'it is the origin of Meshes': {
        replies: [{embedOrigin: null}],
        launch: {url: new URL('https://embed.meshes.io/w?launch=own'), sessionId: 'sess_own'},
      },
      'page and frame are on loopback hosts': {
        replies: [{embedOrigin: null}],
        pageOrigin: 'http://localhost:4600',
        launch: {url: new URL('http://127.0.0.1:4601/w?launch=own'), sessionId: 'sess_own'},
      },
    };
    for (const [name, options] of Object.entries(confirmed)) {
      test(`posts the token if ${name}`, async () => {
        create({launch: LAUNCH, ...options}).session.start();
        harness.say('meshes:ready');
        await settled();
        assert.deepEqual(harness.tokens, ['t1']);
      });
    }

    for (const [pageOrigin, embed] of [
      ['http://localhost:4600', 'https://embed.example'],
      ['https://host.example', 'http://127.0.0.1:4601'],
      ['https://localhost.evil.example', 'http://127.0.0.1:4601'],
      ['null', 'http://127.0.0.1:4601'],
    ] as const) {
      test(`posts no token if ${pageOrigin} shows ${embed}, because only one of them is loopback`, async () => {
        const launch = {url: new URL(`${embed}/w`), sessionId: 'sess_own'};
        create({launch, pageOrigin, replies: [{embedOrigin: null}]}).session.start();
        harness.say('meshes:ready');
        await settled();
        assert.deepEqual(harness.tokens, []);
        assert.equal(harness.session.error!.code, 'origin_not_allowed');
      });
    }

    test('requires a pin or the origin of Meshes if tokens are refreshed at another origin', async () => {
      const answered = {embedOrigin: EMBED, launchUrl: `${EMBED}/w?launch=2`};
      for (const launch of [LAUNCH, null]) {
        create({launch, separateEndpoints: true, replies: [answered]}).session.start();
        await settled();
        assert.equal(harness.session.error?.code, 'origin_not_allowed');
        assert.deepEqual(harness.tokens, []);
        await harness.end();
        create({launch, separateEndpoints: true, replies: [answered], pinned: [EMBED]});
        await harness.ready();
        assert.deepEqual(harness.tokens, ['t1']);
        await harness.end();
      }
      create();
    });

    test('posts refreshed tokens to a confirmed origin, and none that is for another origin', async () => {
      create({launch: LAUNCH}).session.start();
      harness.say('meshes:ready');
      await settled();
      harness.source.replies = [{embedOrigin: null}, {embedOrigin: 'https://embed.meshes.io'}];
      await harness.session.refresh();
      assert.deepEqual(harness.tokens, ['t1', 't2']);
      assert.equal(await fate(harness.session.refresh()), 'origin_not_allowed');
      assert.deepEqual(harness.tokens, ['t1', 't2']);
      assert.equal(harness.state, 'expired');
    });
  });

  test('accepts a session response whose launch URL is on the origin of the launch URL in use', async () => {
    create({launch: LAUNCH, replies: [{launchUrl: `${EMBED}/w?launch=2`}]}).session.start();
    await settled();
    assert.equal(harness.state, 'loading');
    assert.equal(harness.frames.mounts.length, 1);
  });

  for (const [name, launchUrl, code, pinned] of [
    ['on the origin of the page', `${HOST}/w`, 'origin_not_allowed', []],
    ['outside of the pin list', `${EMBED}/w`, 'origin_not_allowed', ['https://embed.meshes.io']],
    ['without TLS', 'http://embed.example/w', 'insecure_url', []],
    ['that is no URL', 'launch', 'insecure_url', []],
    ['that is a script', 'javascript:alert(1)', 'insecure_url', []],
  ] as const) {
    test(`refuses a launch URL ${name} in a session response`, async () => {
      create({replies: [{launchUrl}], pinned}).session.start();
      await settled();
      assert.equal(harness.state, 'failed');
      assert.equal(harness.session.error!.code, code);
      assert.equal(harness.session.error!.phase, 'mint');
      assert.equal(harness.frames.mounts.length, 0);
      assert.equal(harness.source.count, 1);
    });
  }

  test('refuses a refreshed token whose launch URL is on another origin', async () => {
    await create().ready();
    harness.source.replies = [{launchUrl: 'https://other.example/w'}];
    harness.say('meshes:token-refresh');
    await settled();
    assert.equal(harness.state, 'expired');
    assert.deepEqual(harness.tokens, ['t1']);
  });
});

describe('a frame that does not send meshes:ready', () => {
  test('warns after a third of the handshake timeout, then requests a second session, then fails', async () => {
    create().session.start();
    await harness.clock.advance(9_999);
    assert.ok(!harness.log.includes('warning slow'));
    await harness.clock.advance(1);
    assert.ok(harness.log.includes('warning slow'));
    await harness.clock.advance(20_000);
    assert.equal(harness.frames.mounts.length, 2);
    assert.equal(harness.frames.mounts[1]!.url, `${EMBED}/w?launch=2`);
    assert.equal(harness.state, 'loading');
    assert.equal(harness.session.error, null);
    await harness.clock.advance(30_000);
    assert.equal(harness.state, 'failed');
    assert.deepEqual(harness.log, [
      'idle → minting',
      'minting → loading',
      'warning slow',
      'loading → minting',
      'minting → loading',
      'warning slow',
      'loading → failed',
      'error handshake_timeout',
    ]);
    assert.equal(harness.session.error!.phase, 'frame');
    assert.match(harness.session.error!.message, /allowed_origins.*launch URL/);
    await harness.clock.advance(1_000_000);
    assert.equal(harness.source.count, 2);
  });

  test('reports no error while it requests the second session', async () => {
    create({replies: ['ok', 'silence']}).session.start();
    await harness.clock.advance(30_000);
    assert.equal(harness.state, 'minting');
    assert.equal(harness.session.error, null);
  });

  test('sends the token to a frame that sends meshes:ready late, and clears the error', async () => {
    create().session.start();
    await harness.clock.advance(3_600_000);
    assert.equal(harness.state, 'failed');
    harness.say('meshes:ready');
    assert.equal(harness.state, 'ready');
    assert.deepEqual(harness.tokens, ['t2']);
    assert.equal(harness.log.at(-1), `ready sess_2 ${EMBED}`);
    assert.equal(harness.session.error, null);
  });

  test('ignores messages from a frame that was replaced', async () => {
    create().session.start();
    await harness.clock.advance(30_000);
    const [first] = harness.frames.mounts;
    harness.port.deliver(first!.frame, {type: 'meshes:ready'}, EMBED);
    assert.equal(harness.state, 'loading');
    assert.deepEqual(harness.tokens, []);
  });

  test('fails at once after a handshake timeout without a new launch URL, and can still recover', async () => {
    create({launch: LAUNCH, mintable: false}).session.start();
    await harness.clock.advance(30_000);
    assert.equal(harness.state, 'failed');
    assert.equal(harness.session.error!.code, 'handshake_timeout');
    assert.equal(harness.source.count, 1);
    harness.say('meshes:ready');
    assert.equal(harness.state, 'ready');
    assert.deepEqual(harness.tokens, ['t1']);
  });

  test('requests a launch URL before it mounts a frame again on Retry', async () => {
    create({launch: LAUNCH, mintable: false}).session.start();
    await harness.clock.advance(30_000);
    const retry = harness.session.retry();
    await settled();
    assert.deepEqual(
      harness.source.asked.map(({sessionId, hasFrame}) => [sessionId, hasFrame]),
      [
        ['sess_own', true],
        [null, false],
      ],
    );
    assert.equal(harness.state, 'loading');
    harness.say('meshes:ready');
    assert.equal(await fate(retry), 'resolved');
  });

  test('replaces the frame of a launch URL after a handshake timeout while the first token is pending', async () => {
    create({launch: LAUNCH, replies: ['silence'], readyTimeoutMs: 5_000}).session.start();
    await harness.clock.advance(5_000);
    assert.equal(harness.source.asked[0]!.signal.aborted, true);
    const [, second] = harness.source.asked;
    assert.deepEqual([second!.sessionId, second!.hasFrame], [null, false]);
    harness.say('meshes:ready');
    assert.deepEqual(harness.tokens, ['t2']);
  });

  test('does not time out a frame that has sent meshes:ready before its token arrived', async () => {
    create({launch: LAUNCH, replies: ['silence'], readyTimeoutMs: 5_000}).session.start();
    harness.say('meshes:ready');
    await harness.clock.advance(9_000);
    assert.equal(harness.frames.mounts.length, 1);
    assert.deepEqual(harness.log, ['idle → minting', 'document-ready']);
  });

  for (const [name, message] of [
    ['meshes:resize', {type: 'meshes:resize', height: 500}],
    ['meshes:navigate', {type: 'meshes:navigate', path: '/workspace/rules'}],
    ['meshes:token-refresh', {type: 'meshes:token-refresh'}],
    ['meshes:token-expired', {type: 'meshes:token-expired'}],
  ] as const) {
    test(`times out a frame that has sent ${name} but no meshes:ready`, async () => {
      create({launch: LAUNCH, mintable: false}).session.start();
      await settled();
      harness.say(message);
      await harness.clock.advance(10_000);
      assert.equal(harness.log.at(-1), 'warning slow');
      await harness.clock.advance(20_000);
      assert.equal(harness.state, 'failed');
      assert.equal(harness.session.error!.code, 'handshake_timeout');
    });

    test(`reports csp_blocked for a frame that has sent ${name} but no meshes:ready`, async () => {
      create().session.start();
      await settled();
      harness.say(message);
      harness.session.blocked(EMBED, 'frame-src');
      assert.equal(harness.session.error?.code, 'csp_blocked');
    });
  }

  for (const [readyTimeoutMs, slow, timeout] of [
    [30_000, '10 s', '30 s'],
    [12_340, '4.1 s', '12.3 s'],
  ] as const) {
    test(`names the seconds of a ready-timeout of ${readyTimeoutMs} ms in the warning and in the error`, async () => {
      create({launch: LAUNCH, mintable: false, readyTimeoutMs}).session.start();
      await harness.clock.advance(readyTimeoutMs);
      const [warning] = harness.notices.flatMap(notice =>
        notice.type === 'warning' ? [notice.message] : [],
      );
      assert.ok(warning!.endsWith(` ${slow}.`), warning);
      const {message} = harness.session.error!;
      assert.ok(message.includes(` within ${timeout}.`), message);
    });
  }

  test('fails at once if the host page blocks the frame, and names the directive to add', async () => {
    create().session.start();
    await settled();
    harness.session.blocked('https://elsewhere.example', 'frame-src');
    assert.equal(harness.state, 'loading');
    harness.session.blocked(EMBED, 'frame-src');
    assert.equal(harness.state, 'failed');
    const {code, phase, retryable, message} = harness.session.error!;
    assert.deepEqual([code, phase, retryable], ['csp_blocked', 'frame', false]);
    assert.match(message, /add https:\/\/embed\.example to its frame-src/);
    assert.equal(harness.frames.current, null);
    harness.session.wake();
    await harness.clock.advance(1_000_000);
    assert.equal(harness.source.count, 1);
  });

  test('ignores a blocked frame after the frame has sent meshes:ready', async () => {
    create({launch: LAUNCH, replies: ['silence']}).session.start();
    harness.say('meshes:ready');
    harness.session.blocked(EMBED, 'frame-src');
    assert.equal(harness.state, 'minting');
    harness.source.asked[0]!.answer();
    await settled();
    harness.session.blocked(EMBED, 'frame-src');
    assert.equal(harness.state, 'ready');
  });
});

describe('a frame of launch-url that loads and sends nothing', () => {
  test('the frame is replaced after 5 s, and stays until the new token is there', async () => {
    create({launch: LAUNCH, replies: ['ok', 'silence']}).session.start();
    await settled();
    const [first] = harness.frames.mounts;
    await harness.clock.advance(3_000);
    harness.frames.load();
    await harness.clock.advance(4_999);
    assert.equal(harness.source.count, 1);
    await harness.clock.advance(1);
    assert.equal(harness.source.count, 2);
    assert.equal(harness.source.asked[1]!.sessionId, null, 'a new session');
    assert.equal(harness.frames.current, first!.frame);
    harness.source.asked[1]!.answer();
    await settled();
    assert.equal(harness.frames.mounts.length, 2);
    harness.say('meshes:ready');
    assert.equal(harness.state, 'ready');
    assert.deepEqual(harness.tokens, ['t2']);
  });

  test('the frame can still answer while the new session is requested', async () => {
    create({launch: LAUNCH, replies: ['ok', 'silence']}).session.start();
    await settled();
    harness.frames.load();
    await harness.clock.advance(5_000);
    harness.say('meshes:ready');
    assert.equal(harness.state, 'ready');
    assert.deepEqual(harness.tokens, ['t1']);
    assert.equal(harness.source.inFlight, 0, 'the request is aborted');
  });

  test('the frame is not replaced if it has sent any message', async () => {
    create({launch: LAUNCH}).session.start();
    await settled();
    harness.frames.load();
    harness.say({type: 'meshes:resize', height: 500});
    await harness.clock.advance(20_000);
    assert.equal(harness.source.count, 1);
  });

  test('the frame is not replaced if a backend has just created its session', async () => {
    create().session.start();
    await settled();
    harness.frames.load();
    await harness.clock.advance(20_000);
    assert.equal(harness.source.count, 1);
  });
});

describe('a page that returns from the back/forward cache', () => {
  test('replaces a frame that was still loading', async () => {
    create().session.start();
    await settled();
    harness.session.restored();
    await settled();
    assert.equal(harness.frames.mounts.length, 2);
    assert.equal(harness.source.asked[1]!.sessionId, null);
    harness.say('meshes:ready');
    assert.equal(harness.state, 'ready');
  });

  test('keeps a frame that is ready', async () => {
    await create().ready();
    harness.session.restored();
    await settled();
    assert.equal(harness.frames.mounts.length, 1);
    assert.equal(harness.source.count, 1);
  });
});

describe('a cross-origin isolated page', () => {
  test('fails when its frame has loaded and is slow, and names its header first', async () => {
    create({isolated: true}).session.start();
    await settled();
    harness.frames.load();
    await harness.clock.advance(9_999);
    assert.equal(harness.state, 'loading');
    await harness.clock.advance(1);
    assert.equal(harness.state, 'failed');
    assert.equal(harness.session.error!.code, 'handshake_timeout');
    assert.match(
      harness.session.error!.message,
      /Most likely cause: .*Cross-Origin-Embedder-Policy/,
    );
    assert.equal(harness.source.count, 1, 'another frame does not help');
    harness.say('meshes:ready');
    assert.equal(harness.state, 'ready', 'a late frame recovers');
  });

  test('waits for a frame that has not loaded yet', async () => {
    create({isolated: true}).session.start();
    await settled();
    await harness.clock.advance(29_999);
    assert.equal(harness.state, 'loading');
    assert.ok(harness.log.includes('warning slow'));
  });
});

describe('a frame that says its token has expired', () => {
  test('the frame is reported once while the refresh struggles, and again after the next token', async () => {
    await create().reconnecting();
    const reports = () => harness.log.filter(line => line === 'warning frame_signed_out').length;
    harness.say('meshes:token-expired');
    harness.say('meshes:token-expired');
    assert.equal(reports(), 1);
    harness.source.otherwise = 'ok';
    harness.session.wake();
    await settled();
    assert.equal(harness.state, 'ready');
    harness.source.otherwise = 'endpoint_server';
    harness.say('meshes:token-expired');
    await settled();
    assert.equal(harness.state, 'reconnecting');
    assert.equal(reports(), 1, 'this message has started the refresh');
    harness.say('meshes:token-expired');
    assert.equal(reports(), 2);
  });
});

describe('a frame that loads another document', () => {
  test('reports a reloaded document that sends no message for 10 s', async () => {
    await create().ready();
    harness.frames.load();
    await harness.clock.advance(60_000);
    assert.ok(!harness.log.includes('warning frame_reloaded'));
    harness.frames.load();
    await harness.clock.advance(9_999);
    assert.ok(!harness.log.includes('warning frame_reloaded'));
    await harness.clock.advance(1);
    assert.equal(harness.log.at(-1), 'warning frame_reloaded');
    assert.equal(harness.state, 'ready');
    assert.equal(harness.frames.mounts.length, 1, 'never replaced without a click');
    harness.say('meshes:ready');
    assert.deepEqual(harness.tokens, ['t1', 't2'].slice(0, harness.tokens.length));
    assert.ok(harness.log.includes('document-ready'));
  });

  test('the frame is not reported if it sends any published message after its load event', async () => {
    await create().ready();
    harness.frames.load();
    harness.frames.load();
    harness.say({type: 'meshes:navigate', path: '/workspace/rules'});
    await harness.clock.advance(60_000);
    assert.ok(!harness.log.includes('warning frame_reloaded'));
    harness.frames.load();
    await harness.clock.advance(60_000);
    assert.equal(harness.log.at(-1), 'warning frame_reloaded', 'a later document is watched');
  });

  test('the frame is reported although the document before sent messages just before it loaded', async () => {
    await create().ready();
    harness.frames.load();
    harness.say({type: 'meshes:resize', height: 500});
    harness.frames.load();
    await harness.clock.advance(10_000);
    assert.equal(harness.log.at(-1), 'warning frame_reloaded');
  });

  test('does not warn about a reloaded document after the session has expired', async () => {
    await create().ready();
    harness.frames.load();
    harness.frames.load();
    harness.source.replies = ['session_revoked'];
    harness.say('meshes:token-refresh');
    await harness.clock.advance(60_000);
    assert.equal(harness.state, 'expired');
    assert.ok(!harness.log.includes('warning frame_reloaded'));
  });

  for (const before of [true, false]) {
    test(`does not report a reloaded document that sends meshes:ready ${before ? 'before' : 'after'} its load`, async () => {
      await create().ready();
      harness.frames.load();
      await harness.clock.advance(20_000);
      if (before) harness.say('meshes:ready');
      harness.frames.load();
      await harness.clock.advance(5_000);
      if (!before) harness.say('meshes:ready');
      await harness.clock.advance(60_000);
      assert.ok(!harness.log.includes('warning frame_reloaded'));
    });
  }
});

describe('a refresh', () => {
  for (const message of ['meshes:token-refresh', 'meshes:token-expired']) {
    test(`refreshes once on ${message}, however often the frame asks`, async () => {
      await create().ready();
      harness.source.replies = ['silence'];
      for (let count = 0; count < 100; count += 1) harness.say(message);
      void harness.session.refresh();
      harness.session.wake();
      await settled();
      assert.equal(harness.source.count, 2);
      const [, query] = harness.source.asked;
      assert.deepEqual([query!.sessionId, query!.phase], ['sess_1', 'refresh']);
      query!.answer();
      await settled();
      assert.deepEqual(harness.tokens, ['t1', 't2']);
      assert.deepEqual(harness.log.slice(-3), [
        'ready → refreshing',
        'refreshing → ready',
        'token-refresh frame',
      ]);
    });
  }

  test('keeps the old token live during a refresh', async () => {
    await create().ready();
    harness.source.replies = ['silence'];
    harness.say('meshes:token-refresh');
    harness.say('meshes:ready');
    assert.deepEqual(harness.tokens, ['t1', 't1']);
  });

  test('never posts an expired token', async () => {
    await create().ready();
    harness.source.otherwise = 'silence';
    harness.say('meshes:token-refresh');
    await harness.clock.advance(60_000);
    harness.say('meshes:ready');
    assert.deepEqual(harness.tokens, ['t1']);
  });

  test('keeps the session if a refresh response omits the session ID', async () => {
    await create().ready();
    harness.say('meshes:token-refresh');
    await settled();
    harness.say('meshes:token-refresh');
    await settled();
    assert.deepEqual(
      harness.source.asked.map(({sessionId}) => sessionId),
      [null, 'sess_1', 'sess_1'],
    );
  });

  test('reports the expiry of the new token, and never the token itself', async () => {
    await create({replies: [{accessToken: 'CANARY-1'}]}).ready();
    harness.source.replies = [{accessToken: 'CANARY-2', lifetimeMs: 90_000}];
    harness.say('meshes:token-refresh');
    await settled();
    const notice = harness.notices.at(-1)!;
    assert.deepEqual(notice, {
      type: 'token-refresh',
      sessionId: 'sess_1',
      expiresAt: harness.clock.now() + 90_000,
      cause: 'frame',
    });
    assert.equal(harness.session.expiresAt, harness.clock.now() + 90_000);
    assert.ok(!JSON.stringify(harness.notices).includes('CANARY'));
    assert.deepEqual(harness.tokens, ['CANARY-1', 'CANARY-2']);
  });

  test('does not refresh on a timer, because the frame asks for new tokens', async () => {
    await create().ready();
    await harness.clock.advance(86_400_000);
    assert.equal(harness.source.count, 1);
    assert.equal(harness.state, 'ready');
  });
});

describe('expiresAt', () => {
  const LIFETIME_MS = 60_000;

  /** Brings a session to each state, with the token of the state before it. */
  const paths: Record<SessionState, () => Promise<unknown>> = {
    idle: () => Promise.resolve(create()),
    minting: async () => {
      create({replies: ['ok', 'silence']}).session.start();
      // The frame times out: the second session is requested, and the first token is still there.
      await harness.clock.advance(30_000);
    },
    loading: async () => {
      create().session.start();
      await settled();
    },
    ready: () => create().ready(),
    refreshing: async () => {
      await create().ready();
      harness.source.replies = ['silence'];
      harness.say('meshes:token-refresh');
    },
    reconnecting: () => create().reconnecting(),
    expired: () => create().expired(),
    failed: async () => {
      create({launch: LAUNCH, mintable: false, replies: [{lifetimeMs: 3_600_000}]}).session.start();
      await harness.clock.advance(30_000);
    },
    closed: async () => {
      await create().ready();
      harness.session.dispose();
    },
  };

  for (const [state, go] of Object.entries(paths)) {
    const showing = ['loading', 'ready', 'refreshing', 'reconnecting'].includes(state);
    test(`expiresAt in ${state} is ${showing ? 'the end of the current token' : 'null'}`, async () => {
      await go();
      assert.equal(harness.state, state);
      assert.equal(harness.session.expiresAt, showing ? harness.clock.now() + LIFETIME_MS : null);
    });
  }
});

describe('a session that wakes up', () => {
  test('refreshes on waking if less than a fifth of the lifetime is left', async () => {
    await create().ready();
    await harness.clock.advance(48_000);
    harness.session.wake();
    assert.equal(harness.state, 'ready');
    await harness.clock.advance(1);
    harness.session.wake();
    assert.equal(harness.state, 'refreshing');
    await settled();
    assert.equal(harness.log.at(-1), 'token-refresh wake');
  });

  test('uses the wall clock on waking, because timers sleep', async () => {
    await create().ready();
    harness.clock.jump(8 * 3_600_000);
    assert.equal(harness.state, 'ready');
    harness.session.wake();
    await settled();
    assert.deepEqual(harness.tokens, ['t1', 't2']);
  });

  test('does not refresh a token of unknown lifetime on waking', async () => {
    await create({replies: [{lifetimeMs: null}]}).ready();
    assert.equal(harness.session.expiresAt, null);
    harness.clock.jump(86_400_000);
    harness.session.wake();
    assert.equal(harness.state, 'ready');
  });

  test('does not refresh on waking if the clock was set back', async () => {
    await create().ready();
    harness.clock.jump(-86_400_000);
    harness.session.wake();
    harness.say('meshes:ready');
    assert.equal(harness.state, 'ready');
    assert.deepEqual(harness.tokens, ['t1', 't1']);
  });

  test('retries creating a session at once on waking', async () => {
    create({replies: ['endpoint_server']}).session.start();
    await settled();
    harness.session.wake();
    await settled();
    assert.deepEqual(harness.times, [0, 0]);
    assert.equal(harness.state, 'loading');
  });
});

describe('many requests of the frame for a token', () => {
  for (const message of ['meshes:token-refresh', 'meshes:token-expired']) {
    test(`limits 1,000 ${message} a second to 3 requests in 30 s, and serves the waiting one later`, async () => {
      create({replies: [{lifetimeMs: 3_600_000}]});
      harness.source.otherwise = {lifetimeMs: 3_600_000};
      await harness.ready();
      for (let ms = 0; ms < 29_999; ms += 1) {
        harness.say(message);
        await harness.clock.advance(1);
      }
      assert.equal(harness.source.count - 1, 3);
      await harness.clock.advance(1_000);
      assert.equal(harness.source.count - 1, 4, 'the one that waits is served');
      assert.equal(harness.log.filter(entry => entry === 'warning refresh_storm').length, 1);
      await harness.clock.advance(600_000);
      assert.equal(harness.source.count - 1, 4);
    });
  }

  test('counts every request of the frame as early if the lifetime is unknown', async () => {
    create({replies: [{lifetimeMs: null}]});
    harness.source.otherwise = {lifetimeMs: null};
    await harness.ready();
    for (let count = 0; count < 100; count += 1) {
      harness.say('meshes:token-refresh');
      await settled();
    }
    assert.equal(harness.source.count - 1, 3);
  });

  test('does not limit requests of the frame in the second half of a lifetime', async () => {
    await create().ready();
    for (let count = 0; count < 20; count += 1) {
      await harness.clock.advance(30_000);
      harness.say('meshes:token-refresh');
      await settled();
    }
    assert.equal(harness.source.count - 1, 20);
    assert.ok(!harness.log.includes('warning refresh_storm'));
  });

  test('does not count requests in the second half of a lifetime against the burst of three', async () => {
    create({replies: [{lifetimeMs: 1_000}]});
    harness.source.otherwise = {lifetimeMs: 1_000};
    await harness.ready();
    for (let count = 0; count < 20; count += 1) {
      await harness.clock.advance(500);
      harness.say('meshes:token-refresh');
      await settled();
    }
    assert.equal(harness.source.count - 1, 20);
    const storms = () => harness.log.filter(entry => entry === 'warning refresh_storm').length;
    assert.equal(storms(), 0);
    for (let count = 0; count < 4; count += 1) {
      harness.say('meshes:token-refresh');
      await settled();
    }
    assert.equal(harness.source.count - 1, 20 + 3);
    assert.equal(storms(), 1);
  });

  test('sends no token request for 1,000 meshes:ready messages', async () => {
    await create().ready();
    for (let count = 0; count < 1_000; count += 1) harness.say('meshes:ready');
    await settled();
    assert.equal(harness.source.count, 1);
  });

  test('does not delay refresh() of the host page behind limited requests of the frame', async () => {
    create({replies: [{lifetimeMs: null}]});
    harness.source.otherwise = {lifetimeMs: null};
    await harness.ready();
    for (let count = 0; count < 10; count += 1) {
      harness.say('meshes:token-refresh');
      await settled();
    }
    const refresh = harness.session.refresh();
    assert.equal(await fate(refresh), 'resolved');
    assert.equal(harness.source.count - 1, 4);
    await harness.clock.advance(600_000);
    assert.equal(harness.source.count - 1, 4, 'the frame that waited has had its token');
  });
});

describe('messages', () => {
  test('passes on the path and the height that the frame sends', async () => {
    await create().ready();
    harness.say({type: 'meshes:navigate', path: '/workspace/rules', tab: 2});
    harness.say({type: 'meshes:resize', height: 900.4});
    assert.deepEqual(harness.notices.slice(-2), [
      {
        type: 'message',
        message: {type: 'meshes:navigate', path: '/workspace/rules', data: {tab: 2}},
      },
      {type: 'message', message: {type: 'meshes:resize', height: 900.4}},
    ]);
  });

  for (const state of ['minting', 'loading', 'failed', 'expired'] as const) {
    test(`drops requests of the frame for a token in ${state}`, async () => {
      if (state === 'expired') await create().expired();
      else {
        const options: HarnessOptions = {launch: LAUNCH};
        if (state === 'minting') options.replies = ['silence'];
        if (state === 'failed') options.mintable = false;
        create(options).session.start();
        await settled();
        if (state === 'failed') await harness.clock.advance(30_000);
      }
      assert.equal(harness.state, state);
      const {count} = harness.source;
      harness.say('meshes:token-refresh');
      harness.say('meshes:token-expired');
      await settled();
      assert.equal(harness.state, state);
      assert.equal(harness.source.count, count);
    });
  }
});

describe('a page that breaks a part of the session', () => {
  test('fails with an error if the frame cannot be created, and Retry tries again', async () => {
    const {session, frames} = create();
    const mount = frames.mount.bind(frames);
    frames.mount = () => {
      throw new TypeError('createElement is not a function: https://embed.example/w?launch=secret');
    };
    session.start();
    await settled();
    assert.equal(session.state, 'failed');
    assert.deepEqual([session.error!.code, session.error!.phase], ['config_invalid', 'frame']);
    assert.equal(session.error!.cause, undefined);
    assert.doesNotMatch(session.error!.message, /secret/);
    frames.mount = mount;
    const retry = session.retry();
    await settled();
    harness.say('meshes:ready');
    assert.equal(await fate(retry), 'resolved');
  });

  test('fails and settles its promises if a token cannot be posted', async () => {
    const {session, port} = await create().ready();
    port.post = () => {
      throw new Error('secret');
    };
    const refresh = session.refresh();
    refresh.catch(() => undefined);
    await settled();
    assert.equal(session.state, 'failed');
    assert.deepEqual([session.error!.code, session.error!.phase], ['config_invalid', 'frame']);
    assert.doesNotMatch(session.error!.message, /secret/);
    assert.equal(await fate(refresh), 'config_invalid');
    assert.equal(harness.frames.current, null);
  });

  test('expires and settles its promises if a request cannot be made', async () => {
    const {session, clock} = await create().ready();
    const setTimeout = clock.setTimeout.bind(clock);
    clock.setTimeout = () => {
      throw new Error('secret');
    };
    const refresh = session.refresh();
    refresh.catch(() => undefined);
    await settled();
    assert.equal(session.state, 'expired');
    assert.deepEqual([session.error!.code, session.error!.phase], ['config_invalid', 'frame']);
    assert.doesNotMatch(session.error!.message, /secret/);
    assert.equal(await fate(refresh), 'config_invalid');
    clock.setTimeout = setTimeout;
  });

  test('ends the session and settles its promises if the frame cannot be removed', async () => {
    const {session, frames} = await create().ready();
    const unmount = frames.unmount.bind(frames);
    frames.unmount = () => {
      throw new Error('secret');
    };
    harness.source.otherwise = 'silence';
    const refresh = session.refresh();
    session.dispose();
    assert.equal(session.state, 'closed');
    assert.equal(await fate(refresh), 'aborted');
    frames.unmount = unmount;
    frames.unmount();
  });

  test('keeps a session working after a listener throws', async () => {
    let throws = true;
    const {session} = create({
      onNotice: notice => {
        if (throws && notice.type === 'ready') throw new Error('of a listener');
      },
    });
    session.start();
    await settled();
    assert.throws(() => harness.say('meshes:ready'), /of a listener/);
    throws = false;
    const refresh = session.refresh();
    await settled();
    assert.equal(await fate(refresh), 'resolved');
  });
});

test('a failed session does not retry after Retry-After while the page is hidden or offline', async () => {
  const busy = new MeshesError('endpoint_rate_limited', 'mint', 'Busy.', {
    status: 429,
    retryAfterMs: 60_000,
  });
  for (const page of [{visible: false}, {online: false}]) {
    create({replies: [busy]}).session.start();
    await settled();
    assert.equal(harness.state, 'failed');
    const asked = harness.source.count;
    Object.assign(harness.page, page);
    await harness.clock.advance(600_000);
    assert.equal(harness.source.count, asked);
    Object.assign(harness.page, {visible: true, online: true});
    harness.session.wake();
    await settled();
    assert.equal(harness.source.count, asked + 1);
    await harness.end();
  }
  create();
});

test('warns once about a frame whose messages take too long to read', async () => {
  await create().ready();
  const {frame} = harness.frames.mounts[0]!;
  for (let count = 0; count < 5; count += 1) {
    harness.port.receive(frame, {
      origin: EMBED,
      get data() {
        harness.clock.jump(60);
        return {};
      },
    });
  }
  assert.deepEqual(
    harness.notices
      .filter(({type}) => type === 'warning')
      .map(notice => 'code' in notice && notice.code),
    ['message_flood'],
  );
});
