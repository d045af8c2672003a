/** The test double and the element fire the same events for the same random sequences, in a browser. */
import {expect, test} from '@playwright/test';
import {bundleRecording} from '../testing/recording.js';
import {seeded} from '../../scripts/measure/reliability/random.js';

const SEQUENCES = 1_000;
const LENGTH = 12;
const HOST = 'https://host.test/';

const ACTIONS = [
  ...['ready', 'ready', 'ready', 'token-refresh', 'token-refresh', 'token-expired', 'navigate'],
  ...['refresh', 'refresh', 'reload', 'remove', 'append', 'append', 'online', 'visible'],
  ...[
    'open rules',
    'open events',
    'same page',
    'unknown page',
    'open() rules',
    'open() events',
    'subject',
    'misconfigure',
    'configure',
  ],
  ...['session', 'session', 'busy', 'refused', 'never'],
];

test(`the double fires the events of the element in ${SEQUENCES} random sequences`, async ({
  page,
}) => {
  test.setTimeout(240_000);
  const code = await bundleRecording('test/e2e/double-page.ts', 'browser');
  // Never answered. While Firefox moves a frame into another process, its window cannot be the source of a message.
  await page.route('https://embed.meshes.io/**', () => {});
  await page.route(HOST, route =>
    route.fulfill({contentType: 'text/html', body: '<!doctype html><title>Host</title><body>'}),
  );
  await page.goto(HOST);
  await page.addScriptTag({content: code, type: 'module'});
  await page.waitForFunction(() => 'compareOnce' in globalThis);

  const random = seeded(20_261_127);
  const sequences = Array.from({length: SEQUENCES}, (_, index) => ({
    launched: index % 4 === 0,
    names: Array.from({length: LENGTH}, () => ACTIONS[Math.floor(random() * ACTIONS.length)]!),
  }));
  const compared = await page.evaluate(async all => {
    const {compareOnce} = globalThis as unknown as {
      compareOnce: (names: readonly string[], launched: boolean) => Promise<number>;
    };
    let events = 0;
    for (const {names, launched} of all) events += await compareOnce(names, launched);
    return events;
  }, sequences);
  // Sequences in which nothing happens would compare nothing.
  expect(compared).toBeGreaterThan(5 * SEQUENCES);
});
