/** When `warm` creates a session ahead of a click, and when it does not. */
import assert from 'node:assert/strict';
import {beforeEach, describe, test} from 'node:test';
import type {RequestSettings} from '../../src/instant/ask-ahead.js';
import {createWarm, type WarmOptions} from '../../src/instant/warm.js';
import {ManualClock} from '../support/manual-clock.js';

interface Sent {
  settings: RequestSettings;
  headers: Record<string, string>;
  end: (taken: boolean) => void;
  discarded: boolean;
}

const RULES = {tokenEndpoint: '/session', launchPage: 'rules'};
const EVENTS = {tokenEndpoint: '/session', launchPage: 'events'};

let clock: ManualClock;
let loads: number;
let sent: Sent[];
let warm: (options: WarmOptions) => () => void;
let discard: () => void;

/** Warms, and waits until the request has been sent. */
async function rest(options: WarmOptions) {
  const cancel = warm(options);
  await clock.advance(100);
  return cancel;
}

const stocked = () => sent.filter(({discarded}) => !discarded).length;

beforeEach(() => {
  clock = new ManualClock();
  loads = 0;
  sent = [];
  ({warm, discard} = createWarm({
    clock,
    load: () => (loads += 1),
    ask(settings, headers, onEnd) {
      const one: Sent = {settings, headers, end: onEnd, discarded: false};
      sent.push(one);
      return () => {
        one.discarded = true;
        onEnd(false);
      };
    },
  }));
});

describe('warm', () => {
  test('loads the element at once, and requests a session when the pointer has stayed', async () => {
    warm(RULES);
    assert.equal(loads, 1);
    await clock.advance(99);
    assert.equal(sent.length, 0);
    await clock.advance(1);
    assert.deepEqual(sent[0]!.settings, RULES);
  });

  test('requests nothing if the pointer leaves within 100 ms', async () => {
    const leave = warm(RULES);
    await clock.advance(99);
    leave();
    await clock.advance(1_000);
    assert.equal(sent.length, 0);
  });

  test('keeps the session if the pointer leaves later', async () => {
    const leave = await rest(RULES);
    leave();
    assert.equal(stocked(), 1);
  });

  test('requests one session for a pointer that moves over a menu and stays on its last link', async () => {
    for (const launchPage of ['dashboard', 'connections', 'rules', 'events']) {
      warm({...RULES, launchPage});
      await clock.advance(60);
    }
    await clock.advance(40);
    assert.deepEqual(
      sent.map(({settings}) => settings.launchPage),
      ['events'],
    );
  });

  test('requests nothing again for the same settings while a session is kept', async () => {
    await rest(RULES);
    await rest({launchPage: 'rules', tokenEndpoint: '/session'});
    assert.equal(sent.length, 1);
  });

  test('keeps at most one session', async () => {
    await rest(RULES);
    await rest(EVENTS);
    assert.deepEqual(
      sent.map(({discarded}) => discarded),
      [true, false],
    );
  });

  test('discards the session of another subject immediately, also if it may not request a new one', async () => {
    await rest({...RULES, subject: 'a'});
    await rest({...RULES, subject: 'b'});
    assert.equal(stocked(), 1);
    warm({...RULES, subject: 'c'});
    assert.equal(stocked(), 0);
    await clock.advance(100);
    assert.equal(sent.length, 2);
  });

  test('requests two sessions at most, and one more each minute, if none is used', async () => {
    for (let second = 0; second < 180; second++) {
      await rest(second % 2 ? RULES : EVENTS);
      await clock.advance(900);
    }
    assert.equal(sent.length, 4);
  });

  test('does not count sessions that an element uses', async () => {
    for (let click = 0; click < 10; click++) {
      await rest(RULES);
      sent.at(-1)!.end(true);
    }
    assert.equal(sent.length, 10);
  });

  test('requests a session again when the one before has expired', async () => {
    await rest(RULES);
    sent[0]!.end(false);
    await rest(RULES);
    assert.equal(sent.length, 2);
  });

  test('asks a function for headers, and sends them', async () => {
    await rest({...RULES, requestHeaders: () => Promise.resolve({Authorization: 'Bearer 1'})});
    assert.deepEqual(sent[0]!.headers, {authorization: 'Bearer 1'});
  });

  test('requests nothing if a function for headers throws, and works afterwards', async () => {
    const requestHeaders = () => Promise.reject(new Error('signed out'));
    await rest({...RULES, requestHeaders});
    assert.equal(sent.length, 0);
    await rest(RULES);
    assert.equal(sent.length, 1);
  });

  test('requests nothing if the settings change while a function for headers is awaited', async () => {
    let answer = (_: HeadersInit) => {};
    const requestHeaders = () => new Promise<HeadersInit>(resolve => (answer = resolve));
    await rest({...RULES, requestHeaders});
    warm(EVENTS);
    answer({});
    await clock.advance(0);
    assert.equal(sent.length, 0);
  });
});

describe('discard', () => {
  test('drops the session that is kept', async () => {
    await rest(RULES);
    discard();
    assert.equal(stocked(), 0);
  });

  test('stops a request that has not been sent yet', async () => {
    warm(RULES);
    discard();
    await clock.advance(1_000);
    assert.equal(sent.length, 0);
  });

  test('leaves no timers behind', async () => {
    warm(RULES);
    discard();
    await rest(RULES);
    discard();
    assert.equal(clock.pending, 0);
  });
});
