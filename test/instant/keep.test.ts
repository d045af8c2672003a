/** Which workspaces are kept, for how long, and for whom. */
import assert from 'node:assert/strict';
import {beforeEach, describe, test} from 'node:test';
import type {FindKept} from '../../src/element/handover.js';
import {createKeep, type KeepableElement, type KeepOptions} from '../../src/instant/keep.js';
import {ManualClock} from '../support/manual-clock.js';

type Properties = Partial<Record<keyof KeepableElement, unknown>>;

const FIVE_MINUTES = 300_000;
const TAKER = {};

let clock: ManualClock;
/** The names of the workspaces that were ended, and of those that were passed on. */
let ended: string[];
let taken: string[];
let finders: FindKept[];
let canPark: boolean;
let keep: (element: KeepableElement | null | undefined, options?: KeepOptions) => boolean;
let discard: () => void;

const element = (properties: Properties = {}, name = 'one') =>
  ({
    id: name,
    tokenEndpoint: '/session',
    credentials: 'same-origin',
    endpoints: ['https://host.example/session', undefined],
    ...properties,
  }) as unknown as KeepableElement;

/** An element with these properties starts. @returns the name of the workspace that it gets */
function start(properties: Properties = {}, mayTake = true): string | undefined {
  const before = taken.length;
  for (const find of finders) find(element(properties), mayTake)?.(TAKER);
  return taken.slice(before).join() || undefined;
}

beforeEach(() => {
  clock = new ManualClock();
  ended = [];
  taken = [];
  finders = [];
  canPark = true;
  ({keep, discard} = createKeep({
    clock,
    park: ({id}) => {
      if (!canPark) return null;
      return taker => (taker === TAKER ? taken : ended).push(id);
    },
    listen(find) {
      finders.push(find);
      return () => finders.splice(finders.indexOf(find), 1);
    },
  }));
});

describe('keep', () => {
  test('passes the workspace to the next element with the same settings, once', () => {
    assert.equal(keep(element()), true);
    assert.equal(start(), 'one');
    assert.equal(start(), undefined);
    assert.deepEqual(ended, []);
  });

  test('leaves neither timer nor listener when nothing is kept', async () => {
    assert.equal(finders.length, 0);
    keep(element());
    keep(element({}, 'two'), {max: 2});
    assert.equal(finders.length, 1);
    start();
    assert.equal(finders.length, 1);
    discard();
    assert.deepEqual([finders.length, clock.pending], [0, 0]);
    await clock.advance(FIVE_MINUTES);
    assert.deepEqual(ended, ['one']);
  });

  test('keeps nothing without an element', () => {
    for (const none of [null, undefined]) assert.equal(keep(none), false);
  });

  test('reports that an element cannot be kept', () => {
    canPark = false;
    assert.equal(keep(element()), false);
    assert.deepEqual([finders.length, clock.pending], [0, 0]);
  });

  for (const options of [{for: 0}, {for: -1}, {for: NaN}, {max: 0}, {max: NaN}, {max: 0.5}]) {
    test(`keeps nothing with ${Object.entries(options).join().replace(',', ': ')}`, () => {
      assert.equal(keep(element(), options), false);
      assert.equal(start(), undefined);
    });
  }

  test('discards the workspace after five minutes', async () => {
    keep(element());
    await clock.advance(FIVE_MINUTES - 1);
    assert.deepEqual(ended, []);
    await clock.advance(1);
    assert.deepEqual(ended, ['one']);
    assert.equal(start(), undefined);
  });

  test('discards the workspace after the time that the page gives', async () => {
    keep(element(), {for: 1_000});
    await clock.advance(1_000);
    assert.deepEqual(ended, ['one']);
  });

  test('counts the time in which the computer sleeps', () => {
    keep(element());
    clock.jump(FIVE_MINUTES);
    assert.equal(start(), undefined);
    assert.deepEqual(ended, ['one']);
  });

  test('keeps the workspace until its time is over', () => {
    keep(element());
    clock.jump(FIVE_MINUTES - 1);
    assert.equal(start(), 'one');
  });

  test('keeps one workspace, the newest', () => {
    keep(element());
    keep(element({}, 'two'));
    assert.deepEqual(ended, ['one']);
    assert.equal(start(), 'two');
  });

  test('keeps as many as the page says, and passes on the newest first', () => {
    for (const name of ['one', 'two', 'three']) keep(element({}, name), {max: 2});
    assert.deepEqual(ended, ['one']);
    assert.equal(start(), 'three');
    assert.equal(start(), 'two');
  });

  test('lets an element that asks for a new session have one', () => {
    keep(element());
    assert.equal(start({}, false), undefined);
    assert.equal(start(), 'one');
  });

  const different: [what: string, properties: Properties][] = [
    ['launch page', {launchPage: 'rules'}],
    ['list of origins', {embedOrigin: 'https://embed.example'}],
    ['sandbox', {sandbox: 'allow-scripts'}],
    ['permissions policy', {allow: 'clipboard-write'}],
    ['credentials', {credentials: 'include'}],
    ['launch URL', {launchUrl: 'https://embed.example/w?launch=1'}],
    ['session ID', {sessionId: 'sess_9'}],
    ['headers', {requestHeaders: {'X-Tenant': 'b'}}],
  ];
  for (const [what, properties] of different) {
    test(`keeps the workspace from an element with another value of: ${what}`, () => {
      keep(element());
      assert.equal(start(properties), undefined);
      assert.deepEqual(ended, []);
      assert.equal(start(), 'one');
    });
  }

  const foreign: [what: string, properties: Properties][] = [
    ['subject', {subject: 'b'}],
    ['token endpoint', {endpoints: ['https://host.example/other', undefined]}],
    [
      'refresh endpoint',
      {endpoints: ['https://host.example/session', 'https://host.example/other']},
    ],
    ['source of tokens', {sessionProvider: {mint: () => ({access_token: 't'})}}],
  ];
  for (const [what, properties] of foreign) {
    for (const mayTake of [true, false]) {
      const starts = mayTake ? 'starts' : 'reloads';
      test(`discards the workspace when an element ${starts} with another ${what}`, () => {
        keep(element());
        assert.equal(start(properties, mayTake), undefined);
        assert.deepEqual(ended, ['one']);
        assert.equal(start(), undefined);
      });
    }
  }

  test('keeps the workspace while an element with the same endpoint, written in another way, is shown', () => {
    keep(element());
    assert.equal(start({tokenEndpoint: 'https://host.example/session'}), undefined);
    assert.deepEqual(ended, []);
    assert.equal(start(), 'one');
  });

  test('ignores settings that take effect without a new session', () => {
    keep(element());
    const properties = {
      minHeight: 100,
      maxHeight: 200,
      fit: 'fill',
      frameTitle: 'Other',
      csrfMeta: 'x',
    };
    assert.equal(start(properties), 'one');
  });

  for (const name of ['requestHeaders', 'sessionProvider'] as const) {
    const create = () => ({mint: () => ({access_token: 't'})});

    test(`passes the workspace on if ${name} is the same object`, () => {
      const value = create();
      keep(element({[name]: value}));
      assert.equal(start({[name]: value}), 'one');
    });

    test(`passes no workspace on if ${name} is another object, which may be for another user`, () => {
      keep(element({[name]: create()}));
      assert.equal(start({[name]: create()}), undefined);
    });

    test(`passes the workspace on if ${name} is another object for the same subject`, () => {
      keep(element({[name]: create(), subject: 'a'}));
      assert.equal(start({[name]: create(), subject: 'a'}), 'one');
    });
  }

  test('takes properties that a framework has not set as not set', () => {
    keep(element({requestHeaders: null, sessionProvider: undefined, subject: ''}));
    assert.equal(start({requestHeaders: undefined, sessionProvider: null, subject: null}), 'one');
  });
});

describe('discard', () => {
  test('ends every workspace that is kept', () => {
    keep(element(), {max: 2});
    keep(element({}, 'two'), {max: 2});
    discard();
    assert.deepEqual(ended.sort(), ['one', 'two']);
    assert.equal(start(), undefined);
    assert.equal(clock.pending, 0);
  });
});
