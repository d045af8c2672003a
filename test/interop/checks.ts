/**
 * The checks of every application. Each loads the page anew, with an emulator in its first state.
 *
 * `/` is the page of `docs/frameworks`. `/checks/` has the same tag, the list `window.events` of what its listeners heard, and buttons
 * with these IDs:
 *
 * - `mount` and `unmount`: the application
 * - `toggle`, and `keep-alive` where the framework has it: the element
 * - `reorder`: the element and its keyed sibling
 * - `refresh` and `reload`: through a ref
 * - `debug-true`, `debug-false`, and `debug-unset`
 * - `headers`: another object in `requestHeaders`
 *
 * Each list below is a column of the table in docs/maintainers/frameworks.md, and CHECKS a second one, for the late definition.
 */
import assert from 'node:assert/strict';
import type {Page} from '@playwright/test';
import type {Meshes} from '../../src/testing/playwright.js';
import {frameHasData} from '../support/frame-has-data.js';
import type {App} from './apps.js';

/** A request to the session endpoint. */
export interface SessionRequest {
  body: Record<string, unknown>;
  headers: Headers;
}

export interface Subject {
  page: Page;
  /** The fixture, with an emulator in its first state. */
  meshes: Meshes;
  /** Oldest first. */
  sessionRequests: readonly SessionRequest[];
  /** Warnings and errors that belong to what the check does. Any other one fails it. */
  allow: (pattern: RegExp) => void;
}

interface Logged {
  type: string;
  detail: Record<string, unknown>;
}

type Check = (subject: Subject) => Promise<void>;

/** The columns of the table in docs/maintainers/frameworks.md. */
export const KINDS = {
  documented: 'page of the guide',
  early: 'events, properties, mounting',
  late: 'the same, defined late',
  rendered: 'server rendering',
} as const;

const WAIT_MS = 10_000;

/** Reads until it is as expected, and says how it is where that does not come. */
async function becomes<Value>(read: () => Promise<Value>, expected: Value): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    const value = await read();
    try {
      assert.deepEqual(value, expected);
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

const workspace = (page: Page) => page.locator('meshes-workspace');
const press = (page: Page, id: string) => page.click(`#${id}`);
const property = (page: Page, name: string) =>
  workspace(page).evaluate((element, key) => Reflect.get(element, key) as unknown, name);
const reaches = (page: Page, state: string) => becomes(() => property(page, 'state'), state);
const events = (page: Page): Promise<Logged[]> =>
  page.evaluate(() => Reflect.get(window, 'events') as Logged[]);
const heard = async (page: Page, type: string) =>
  (await events(page)).filter(event => event.type === type);
const hears = async (page: Page, type: string, count = 1) => {
  await becomes(async () => (await heard(page, type)).length, count);
  return (await heard(page, type)).at(-1)!.detail;
};

async function refreshes({page}: Subject): Promise<void> {
  await frameHasData(page);
  await press(page, 'refresh');
  assert.equal((await hears(page, 'meshes-token-refresh')).cause, 'manual');
}

const asksForToken = ({body}: SessionRequest) => 'session_id' in body;

/** Requests for a session, and launch URLs that were loaded into frames. */
async function starts({meshes, sessionRequests}: Subject, count: number): Promise<void> {
  const requested = () => sessionRequests.filter(request => !asksForToken(request)).length;
  const launched = () =>
    meshes.emulator.control.state().sessions.reduce((sum, {launches}) => sum + launches, 0);
  await becomes(() => Promise.resolve([requested(), launched()]), [count, count]);
}

/** The page of the documentation, as somebody has copied it. */
const DOCUMENTED: Record<string, Check> = {
  'the documented page works': async subject => {
    const {page, meshes, sessionRequests} = subject;
    await reaches(page, 'ready');
    await starts(subject, 1);
    assert.equal(sessionRequests[0]!.headers.get('x-requested-with'), 'meshes-workspace');
    const frame = meshes.frame(page);
    await frame.getByRole('link', {name: 'Events', exact: true}).click();
    await page.getByText(/^You are at .*\/events/).waitFor();
    await page.getByRole('button', {name: 'Start over'}).click();
    await starts(subject, 2);
    await reaches(page, 'ready');
  },
};

/** Held with the element defined before the application starts, and after it has rendered. */
const CHECKS: Record<string, Check> = {
  'starts once': async subject => {
    const {page} = subject;
    await reaches(page, 'ready');
    await hears(page, 'meshes-ready');
    await starts(subject, 1);
    const states = (await heard(page, 'meshes-state-change')).map(({detail}) => detail.state);
    assert.deepEqual(states, ['minting', 'loading', 'ready']);
  },

  'hears each event once, with its detail': async subject => {
    const {page, meshes, allow} = subject;
    await reaches(page, 'ready');
    const ready = await hears(page, 'meshes-ready');
    assert.deepEqual(Object.keys(ready), ['sessionId', 'origin']);
    assert.equal(typeof ready.sessionId, 'string');

    await becomes(async () => (await heard(page, 'meshes-resize')).length > 0, true);
    const [resize] = await heard(page, 'meshes-resize');
    assert.equal(typeof resize!.detail.height, 'number');
    assert.equal(typeof resize!.detail.contentHeight, 'number');

    const frame = meshes.frame(page);
    await frame.getByRole('link', {name: 'Events', exact: true}).click();
    const {path} = await hears(page, 'meshes-navigate');
    assert.match(String(path), /\/events/);

    allow(/status of 50\d|endpoint_server/);
    await meshes.fail('refresh', {status: 503, times: 1});
    await refreshes(subject);
    const warning = await hears(page, 'meshes-warning');
    assert.equal(typeof warning.code, 'string');
    assert.equal(typeof warning.message, 'string');

    // The frame's own requests are refused too.
    allow(/status of 4(01|10)|endpoint_unauthorized|session_/);
    await meshes.revoke();
    await press(page, 'refresh');
    const {sessionId} = await hears(page, 'meshes-token-expired');
    assert.equal(sessionId, ready.sessionId);

    allow(/status of 403|endpoint_forbidden/);
    await meshes.fail('/api/meshes/session', {status: 403});
    await press(page, 'reload');
    const error = await hears(page, 'meshes-error');
    assert.deepEqual([error.code, error.status], ['endpoint_forbidden', 403]);
  },

  'booleans go from true to false and back, and are false without a value': async ({page}) => {
    await reaches(page, 'ready');
    const debug = async () => Boolean(await property(page, 'debug'));
    assert.equal(await debug(), false);
    for (const [id, expected] of [
      ['debug-true', true],
      ['debug-false', false],
      ['debug-true', true],
      ['debug-unset', false],
    ] as const) {
      await press(page, id);
      await becomes(debug, expected);
    }
  },

  'an object arrives, and another one restarts nothing': async subject => {
    const {page, sessionRequests} = subject;
    await reaches(page, 'ready');
    assert.equal(sessionRequests[0]!.headers.get('x-render'), '1');
    await press(page, 'headers');
    await refreshes(subject);
    assert.equal(sessionRequests.at(-1)!.headers.get('x-render'), '2');
    await starts(subject, 1);
  },

  'children show and hide with their slot': async ({page, allow}) => {
    await reaches(page, 'ready');
    const loading = page.getByText('Getting ready');
    const failed = page.getByText('That did not work');
    await loading.waitFor({state: 'hidden'});
    assert.equal(await failed.isVisible(), false);

    let release = () => {};
    const released = new Promise<void>(resolve => (release = resolve));
    await page.route('**/api/meshes/session', async request => {
      await released;
      await request.fulfill({status: 403});
    });
    await press(page, 'reload');
    await loading.waitFor();
    assert.equal(await failed.isVisible(), false);
    allow(/status of 403|endpoint_forbidden/);
    release();
    await failed.waitFor();
    assert.equal(await loading.isVisible(), false);
  },

  'refresh() and reload() work through a ref': async subject => {
    const {page, sessionRequests} = subject;
    await reaches(page, 'ready');
    await refreshes(subject);
    assert.equal(sessionRequests.filter(asksForToken).length, 1);
    await press(page, 'reload');
    await starts(subject, 2);
    await hears(page, 'meshes-ready', 2);
  },

  'unmounting ends its session; mounting starts a new one': async subject => {
    const {page} = subject;
    await reaches(page, 'ready');
    const gone = await workspace(page).elementHandle();
    await press(page, 'unmount');
    await becomes(() => workspace(page).count(), 0);
    const left = () =>
      gone.evaluate(element => ({
        state: Reflect.get(element, 'state') as unknown,
        frames: element.shadowRoot!.querySelectorAll('iframe').length,
      }));
    await becomes(left, {state: 'idle', frames: 0});
    await press(page, 'mount');
    await reaches(page, 'ready');
    await starts(subject, 2);
    await hears(page, 'meshes-ready', 2);
  },

  'a condition takes it away and brings it back': async subject => {
    const {page} = subject;
    await reaches(page, 'ready');
    await press(page, 'toggle');
    await becomes(() => workspace(page).count(), 0);
    await press(page, 'toggle');
    await reaches(page, 'ready');
    await starts(subject, 2);
    await hears(page, 'meshes-ready', 2);
  },

  'a keyed reorder keeps it, and starts over only where it was moved': async subject => {
    const {page} = subject;
    await reaches(page, 'ready');
    const before = await workspace(page).evaluateHandle(element => {
      const removals = {count: 0};
      new MutationObserver(records => {
        for (const {removedNodes} of records) {
          for (const node of removedNodes) if (node.contains(element)) removals.count++;
        }
      }).observe(document.body, {childList: true, subtree: true});
      return {element, removals};
    });
    const order = () =>
      page.evaluate(() =>
        [...document.querySelectorAll('meshes-workspace, #note')].map(({localName}) => localName),
      );
    const [first, second] = await order();
    await press(page, 'reorder');
    await becomes(order, [second!, first!]);
    const removed = await workspace(page).evaluate((element, {element: known, removals}) => {
      return element === known ? removals.count : Number.NaN;
    }, before);
    await hears(page, 'meshes-ready', 1 + removed);
    await reaches(page, 'ready');
    await starts(subject, 1 + removed);
  },
};

/** Held with pages that a server has rendered. Any message in the console fails it, as everywhere. */
const RENDERED: Record<string, Check> = {
  'HTML of a server is hydrated: the same element, live and started once': async subject => {
    const {page, meshes, sessionRequests} = subject;
    const markup = await (await fetch(page.url())).text();
    assert.match(markup, /<meshes-workspace[^]*Getting ready[^]*<\/meshes-workspace>/);
    await reaches(page, 'ready');
    await starts(subject, 1);
    assert.equal(sessionRequests[0]!.headers.get('x-render'), '1');
    const states = (await heard(page, 'meshes-state-change')).map(({detail}) => detail.state);
    assert.deepEqual(states, ['minting', 'loading', 'ready']);
    const isFirst = await workspace(page).evaluate(
      element => element === Reflect.get(window, 'firstWorkspace'),
    );
    assert.equal(isFirst, true);
    const frame = meshes.frame(page);
    await frame.getByRole('link', {name: 'Events', exact: true}).click();
    await hears(page, 'meshes-navigate');
    await press(page, 'headers');
    await refreshes(subject);
    assert.equal(sessionRequests.at(-1)!.headers.get('x-render'), '2');
    await starts(subject, 1);
  },
};

/** Held with the page of an application with two routes, and a link to each: `leave`, and `return` to the one with the workspace. */
const KEPT: Record<string, Check> = {
  'kept across a route, it comes back with its frame and without a request': async subject => {
    const {page, meshes} = subject;
    await reaches(page, 'ready');
    // What the frame's document has in its memory, as a form that somebody has filled in.
    const root = () => meshes.frame(page).locator(':root');
    await root().evaluate(element => Reflect.set(element, 'typed', 'kept'));
    await press(page, 'leave');
    await becomes(() => workspace(page).count(), 0);
    await press(page, 'return');
    await reaches(page, 'ready');
    assert.equal(await root().evaluate(element => Reflect.get(element, 'typed')), 'kept');
    assert.equal(subject.sessionRequests.length, 1);
    await starts(subject, 1);
  },
};

/** What only some applications have, by the name that they give it in `apps.ts`. */
const EXTRAS: Record<string, Check> = {
  'kept alive, the same element comes back with a new session': async subject => {
    const {page} = subject;
    await reaches(page, 'ready');
    const before = await workspace(page).elementHandle();
    await press(page, 'keep-alive');
    await becomes(() => workspace(page).count(), 0);
    await press(page, 'keep-alive');
    await hears(page, 'meshes-ready', 2);
    const isSame = await workspace(page).evaluate((element, known) => element === known, before);
    assert.equal(isSame, true);
    await starts(subject, 2);
  },

  'unmounting takes its listeners': async ({page}) => {
    await reaches(page, 'ready');
    const gone = await workspace(page).elementHandle();
    await press(page, 'unmount');
    await becomes(() => workspace(page).count(), 0);
    const before = await events(page);
    await gone.evaluate(element => {
      element.dispatchEvent(new CustomEvent('meshes-navigate', {detail: {path: '/gone'}}));
    });
    assert.deepEqual(await events(page), before);
  },
};

interface Held {
  /** One of `KINDS`. */
  kind: string;
  name: string;
  start: string;
  late: boolean;
  check: Check;
}

/** What is held against an application, in the order of the tables. */
export function checksOf({
  documented = '/',
  controls = '/checks/',
  rendered,
  kept,
  extras = [],
}: App): Held[] {
  const own = Object.fromEntries(extras.map(name => [name, EXTRAS[name]!]));
  const list = (kind: string, checks: Record<string, Check>, start: string, late: boolean) =>
    Object.entries(checks).map(([name, check]) => ({
      kind,
      name: `${name}${late ? ' (defined late)' : ''}`,
      start,
      late,
      check,
    }));
  return [
    ...list(KINDS.documented, DOCUMENTED, documented, false),
    ...(kept === undefined ? [] : list(KINDS.early, KEPT, kept, false)),
    ...[false, true].flatMap(late => [
      ...list(late ? KINDS.late : KINDS.early, {...CHECKS, ...own}, controls, late),
      ...(rendered === undefined ? [] : list(KINDS.rendered, RENDERED, rendered, late)),
    ]),
  ];
}
