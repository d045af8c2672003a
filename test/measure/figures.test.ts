/** The measurements of `npm run reliability`, small enough for every run of the tests. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readDoubled, tryReadings} from '../../scripts/measure/reliability/hostile-figures.js';
import {runMints, wrongMints} from '../../scripts/measure/reliability/http-figures.js';
import {runSequences} from '../../scripts/measure/reliability/machine-figures.js';
import {tryLookAlikes} from '../../scripts/measure/reliability/origin-figures.js';
import {tryRedirects, tryRights} from '../../scripts/measure/reliability/server-figures.js';
import {
  askEnded,
  runDays,
  runFaultySessions,
  runSkews,
  runStorm,
} from '../../scripts/measure/reliability/session-figures.js';

const seed = Math.floor(Math.random() * 2 ** 31);

test('no look-alike passes as the genuine origin, and the genuine origin does', () => {
  const {tried, accepted, genuine} = tryLookAlikes();
  assert.ok(tried >= 500);
  assert.deepEqual(accepted, []);
  assert.ok(genuine);
});

test('no spelling of a launch URL loads another origin than the checked one', () => {
  const {taken, elsewhere, elsewhereRaw} = tryReadings();
  assert.equal(elsewhere, 0);
  assert.ok(taken > 1_000, String(taken));
  // The spellings are worth trying: as the raw text they do.
  assert.ok(elsewhereRaw > 500, String(elsewhereRaw));
});

test('a message with nested duplicate objects is abandoned after 1,000 values', () => {
  const {reads, readsJson} = readDoubled(16);
  assert.ok(reads <= 1_000 && readsJson > 100_000, `${reads}, ${readsJson}`);
});

test('no refresh is served with other rights than the session was created with', async () => {
  const {pairs, kept, lost} = await tryRights();
  assert.deepEqual([pairs, kept, lost], [900, 0, 0]);
});

test('no redirect is followed with a credential', async () => {
  const {tried, followed, followedByFetch} = await tryRedirects();
  assert.deepEqual([tried, followed, followedByFetch], [48, 0, 5]);
});

test('20,000 random sequences reach every pair of state and event, with legal transitions only', () => {
  const {cells, allCells, wrong} = runSequences(20_000, seed);
  assert.deepEqual(wrong, []);
  assert.equal(cells, allCells);
});

test('300 sessions with faults in a tenth of their requests end ready or in a typed error', async () => {
  const {faults, ends, stuck} = await runFaultySessions(300, 0.1, seed);
  assert.deepEqual(stuck, []);
  assert.ok(faults > 100);
  assert.ok(ends.get('ready')! > 50);
});

test('two days of one-minute tokens miss no refresh, with one request at a time', async () => {
  const {refreshes, missed, mostInFlight, state} = await runDays(2, seed);
  assert.ok(refreshes > 2_700, `${refreshes} refreshes`);
  assert.deepEqual([missed, mostInFlight, state], [0, 1, 'ready']);
});

test('an ended session that is asked ten times to refresh makes one request', async () => {
  assert.deepEqual(await askEnded(), {first: 2, requests: 1});
});

test('1,000 refresh messages per second for 30 s cause 3 requests to the endpoint', async () => {
  const {posts, postsLater} = await runStorm(30);
  assert.deepEqual([posts, postsLater], [3, 4]);
});

test('a clock that is wrong or set by up to a day expires no token', async () => {
  const {cases, falseExpiries} = await runSkews(6);
  assert.equal(cases, 234);
  assert.deepEqual(falseExpiries, []);
});

test('creating a session takes four requests at most, and one if a retry cannot help', async () => {
  const runs = await runMints();
  assert.ok(runs.some(({requests}) => requests === 4));
  assert.deepEqual(wrongMints(runs), []);
});
