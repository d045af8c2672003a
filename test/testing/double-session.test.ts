/** The double and the element's own session fire the same events, for the same events of the state machine. */
import assert from 'node:assert/strict';
import {before, describe, it} from 'node:test';
import fc from 'fast-check';
import type {MeshesError} from '../../src/errors.js';
import type {SessionEvent, SessionState} from '../../src/session/machine.js';
import type {SessionNotice} from '../../src/session/session-options.js';
import {DoubleSession} from '../../src/testing/double-session.js';
import {settled} from '../support/manual-clock.js';
import type * as SessionHarness from '../support/session-harness.js';
import {ALL_EVENTS, FINAL} from '../support/session-events.js';
import {bundleRecording} from './recording.js';

const EMBED = 'https://embed.example';
const RUNS = 1_000;

type Harness = SessionHarness.Harness;

/** What can happen to a workspace. */
const STIMULI = {
  'it starts': h => h.session.start(),
  'the frame sends meshes:ready': h => sayIfThere(h, 'meshes:ready'),
  'the frame sends meshes:token-refresh': h => sayIfThere(h, 'meshes:token-refresh'),
  'the frame sends meshes:token-expired': h => sayIfThere(h, 'meshes:token-expired'),
  'the frame fires load': h => h.frames.load(),
  'the page wakes up': h => h.session.wake(),
  'the page goes online': h => {
    h.page.online = true;
    h.session.online();
  },
  'the page goes offline': h => {
    h.page.online = false;
  },
  'the page is hidden': h => {
    h.page.visible = false;
  },
  'the page is shown': h => {
    h.page.visible = true;
    h.session.wake();
  },
  'the page returns from the cache': h => h.session.restored(),
  'a person clicks Retry': h => void h.session.retry().catch(() => {}),
  'a policy blocks the frame': h => h.session.blocked(EMBED, 'frame-src'),
  'the configuration is invalid': h => h.session.fail(FINAL),
  'refresh() is called': h => new Pending(h.session.refresh()),
  'the endpoint answers': answer('ok'),
  'the endpoint fails for now': answer('endpoint_server'),
  'the endpoint refuses': answer('session_revoked'),
  'the endpoint cannot be reached': answer('endpoint_network'),
  'the endpoint does not answer': answer('silence'),
  'a second passes': h => h.clock.advance(1_000),
  'six seconds pass': h => h.clock.advance(6_000),
  'half a minute passes': h => h.clock.advance(31_000),
  'the token expires': h => h.clock.advance(61_000),
  'the session is disposed of': h => h.session.dispose(),
} as const satisfies Record<string, (harness: Harness) => unknown>;

type Stimulus = keyof typeof STIMULI;
const NAMES = Object.keys(STIMULI) as Stimulus[];
/** They end the session, or nearly so: rare, so that sequences become long. */
const ENDS: readonly Stimulus[] = ['the session is disposed of', 'the configuration is invalid'];

function sayIfThere(harness: Harness, message: string): void {
  if (harness.frames.mounts.length > 0) harness.say(message);
}

function answer(reply: SessionHarness.Reply): (harness: Harness) => void {
  return ({source}) => {
    source.otherwise = reply;
  };
}

interface Setting {
  readonly launched: 'no' | 'with an id' | 'without an id';
  readonly mintable: boolean;
}

const settings = fc.record<Setting>({
  launched: fc.constantFrom('no', 'with an id', 'without an id'),
  mintable: fc.boolean(),
});
const sequences = fc.array(
  fc.oneof(
    {weight: 40, arbitrary: fc.constantFrom(...NAMES.filter(name => !ENDS.includes(name)))},
    {weight: 1, arbitrary: fc.constantFrom(...ENDS)},
  ),
  {minLength: 4, maxLength: 40},
);

/** Notices of the state machine. Others come from the frame, without its help. */
function isOfMachine(notice: SessionNotice): boolean {
  if (notice.type === 'document-ready' || notice.type === 'message') return false;
  const fromFrame = ['slow', 'frame_reloaded', 'refresh_storm', 'frame_origin_changed'];
  return notice.type !== 'warning' || !fromFrame.includes(notice.code);
}

/** Texts for a comparison: session IDs by their order, and no times. */
function describer(): (notice: SessionNotice) => string {
  const ids: string[] = [];
  return notice => {
    const text = {...notice} as Record<string, unknown>;
    if ('sessionId' in notice) {
      if (!ids.includes(notice.sessionId)) ids.push(notice.sessionId);
      text.sessionId = `session ${ids.indexOf(notice.sessionId)}`;
    }
    if ('expiresAt' in notice) text.expiresAt = notice.expiresAt === null ? null : 'a time';
    if ('origin' in notice) text.origin = 'the origin of the frame';
    if ('error' in notice) text.error = notice.error.code;
    return JSON.stringify(text);
  };
}

async function fateOf(promise: Promise<void>): Promise<string> {
  const pending = settled().then(() => 'pending');
  const end = promise.then(
    () => 'resolved',
    (error: unknown) => (error as MeshesError).code,
  );
  return Promise.race([end, pending]);
}

describe('the session of the double', () => {
  let harnessModule: typeof SessionHarness;
  before(async () => {
    const code = await bundleRecording('test/support/session-harness.ts', 'node');
    const url = `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`;
    harnessModule = (await import(url)) as typeof SessionHarness;
  });

  /** A session of the element, and a double that follows it. */
  function createPair({launched, mintable}: Setting) {
    const events: SessionEvent[] = [];
    globalThis.machineEvents = events;
    const expected: string[] = [];
    const actual: string[] = [];
    const [describeReal, describeDouble] = [describer(), describer()];
    const sessionId = launched === 'with an id' ? 'sess_of_the_page' : null;
    const real = new harnessModule.Harness({
      mintable,
      launch: launched === 'no' ? null : {url: new URL(`${EMBED}/w?launch=0`), sessionId},
      onNotice: notice => {
        if (isOfMachine(notice)) expected.push(describeReal(notice));
      },
    });
    const double = new DoubleSession({
      launchedSessionId: sessionId,
      notify: notice => {
        if (isOfMachine(notice)) actual.push(describeDouble(notice));
      },
      onRequest: () => {},
    });
    const promises: [Promise<void>, Promise<void>][] = [];

    /** Lets something happen to the element's session, and the same events of the machine to the double. */
    const step = async (act: () => unknown, what: string) => {
      const refreshing = await act();
      await settled();
      let doubleRefreshing: Promise<void> | undefined;
      for (const event of events.splice(0)) {
        if (event.type === 'refresh') doubleRefreshing = double.refresh();
        else double.dispatch(event);
      }
      if (refreshing instanceof Pending) {
        doubleRefreshing ??= double.refresh();
        promises.push([refreshing.promise, doubleRefreshing]);
      }
      doubleRefreshing?.catch(() => {});
      assert.deepEqual(actual, expected, what);
      assert.equal(double.state, real.session.state, what);
      assert.equal(double.error?.code, real.session.error?.code, what);
      assert.equal(double.expiresAt === null, real.session.expiresAt === null, what);
    };

    const end = async () => {
      for (const [ofReal, ofDouble] of promises) {
        assert.equal(await fateOf(ofDouble), await fateOf(ofReal));
      }
      globalThis.machineEvents = undefined;
      real.session.dispose();
      return expected.length;
    };
    return {real, step, end};
  }

  it(`fires the events of the element in ${RUNS} random sequences`, async () => {
    let notices = 0;
    const run = async (setting: Setting, names: readonly Stimulus[]) => {
      const {real, step, end} = createPair(setting);
      await step(() => real.session.start(), 'start');
      for (const [index, name] of names.entries()) {
        await step(() => STIMULI[name](real), names.slice(0, index + 1).join(', '));
      }
      notices += await end();
    };
    await fc.assert(fc.asyncProperty(settings, sequences, run), {numRuns: RUNS});
    assert.ok(notices > 5 * RUNS, `only ${notices} notices were compared`);
  });

  it('gives the session that follows a failure a new ID', async () => {
    const {real, step, end} = createPair({launched: 'no', mintable: true});
    const names: Stimulus[] = [
      ...RECIPES.ready,
      'the configuration is invalid',
      'a person clicks Retry',
      'the frame sends meshes:ready',
    ];
    for (const name of names) await step(() => STIMULI[name](real), name);
    assert.equal(real.session.state, 'ready');
    await end();
  });

  const RECIPES: Record<Exclude<SessionState, 'closed'>, readonly Stimulus[]> = {
    idle: [],
    minting: ['the endpoint does not answer', 'it starts'],
    loading: ['it starts'],
    ready: ['it starts', 'the frame sends meshes:ready'],
    refreshing: [
      'it starts',
      'the frame sends meshes:ready',
      'the endpoint does not answer',
      'the frame sends meshes:token-refresh',
    ],
    reconnecting: [
      'it starts',
      'the frame sends meshes:ready',
      'the endpoint fails for now',
      'the frame sends meshes:token-refresh',
    ],
    expired: [
      'it starts',
      'the frame sends meshes:ready',
      'the endpoint refuses',
      'the frame sends meshes:token-refresh',
    ],
    failed: ['the endpoint refuses', 'it starts'],
  };

  for (const launched of ['no', 'with an id'] as const) {
    const launch = launched === 'no' ? 'without launch-url' : 'with launch-url';
    for (const [state, recipe] of Object.entries(RECIPES)) {
      it(`fires the events of the element for each event in the state ${state}, ${launch}`, async () => {
        for (const event of ALL_EVENTS) {
          const {real, step, end} = createPair({launched, mintable: true});
          for (const name of recipe) await step(() => STIMULI[name](real), name);
          assert.equal(real.session.state, state);
          await step(() => inject(real, event), `${state}: ${JSON.stringify(event)}`);
          await end();
        }
      });
    }
  }
});

/** A promise that nobody awaits yet. */
class Pending {
  readonly promise: Promise<void>;

  constructor(promise: Promise<void>) {
    this.promise = promise;
    promise.catch(() => {});
  }
}

/** Brings any event to the session, also one that cannot come in its state. */
function inject(harness: Harness, event: SessionEvent): unknown {
  const {session, source} = harness;
  switch (event.type) {
    case 'start':
      return session.start();
    case 'refresh':
      return new Pending(session.refresh());
    case 'dispose':
      return session.dispose();
    case 'token': {
      // A token needs the answer of a request, which brings the launch URL.
      source.otherwise = 'ok';
      if (session.state === 'failed') return void session.retry().catch(() => {});
      const open = source.asked.find(({settled: isSettled}) => !isSettled);
      if (open) return open.answer();
      if (session.state === 'reconnecting') return session.wake();
      break;
    }
    default:
  }
  globalThis.replacedEvent = event;
  session.wake();
  // The session drops what happens after its end, or before Retry-After, without a look.
  assert.equal(globalThis.replacedEvent, undefined);
  return undefined;
}
