import {spawn} from 'node:child_process';
import path from 'node:path';
import {count, type Figure} from './figure.js';
import {readDoubled, tryReadings} from './hostile-figures.js';
import {runMints, wrongMints} from './http-figures.js';
import {STATES} from '../../../test/support/session-events.js';
import {runSequences} from './machine-figures.js';
import {tryLookAlikes} from './origin-figures.js';
import {tryRedirects, tryRights} from './server-figures.js';
import {runDays, runFaultySessions, runSkews, runStorm} from './session-figures.js';

const root = path.resolve(import.meta.dirname, '../../..');
const where = `node ${process.versions.node}`;

/** Prints the first few faults. */
const say = (wrong: readonly string[]) => wrong.slice(0, 5).forEach(text => console.error(text));

export function lookAlikes(): Figure {
  const {tried, accepted, genuine} = tryLookAlikes();
  say(accepted);
  return {
    number: 3,
    what: 'look-alike origins, as sender and as launch URL',
    where,
    wanted: '≥ 500 tried, 0 accepted',
    reached: `${count(tried)} tried, ${accepted.length} accepted`,
    ok: tried >= 500 && accepted.length === 0 && genuine,
  };
}

export async function stateTable(): Promise<Figure> {
  const names = await passedTests('test/session/machine.test.ts');
  const cell = new RegExp(`^(?:${STATES.join('|')}) × ([^:]+)`);
  const events = names.flatMap(name => cell.exec(name)?.[1] ?? []);
  const cells = events.length;
  const allCells = STATES.length * new Set(events).size;
  return {
    number: 4,
    what: 'cells of the state table with a test of their own',
    where,
    wanted: `all ${allCells}`,
    reached: String(cells),
    ok: cells > 0 && cells === allCells,
  };
}

export function sequences(seed: number, sequences = 100_000): Figure {
  const {events, cells, allCells, wrong} = runSequences(sequences, seed);
  say(wrong);
  return {
    number: 4,
    what: 'random sequences of events against the state machine',
    where,
    wanted: '≥ 100,000, 0 wrong',
    reached: `${count(sequences)} of ${count(events)} events, ${cells} of ${allCells} pairs of state and event, ${wrong.length} wrong`,
    ok: sequences >= 100_000 && cells === allCells && wrong.length === 0,
  };
}

export async function faultySessions(seed: number, sessions = 10_000): Promise<Figure> {
  const {requests, faults, ends, stuck} = await runFaultySessions(sessions, 0.1, seed);
  say(stuck);
  const ready = ends.get('ready') ?? 0;
  const codes = [...ends.values()].reduce((sum, ended) => sum + ended, 0) - ready;
  return {
    number: 5,
    what: `sessions of ten minutes with ${count(requests)} requests, 10 % of which go wrong in 24 ways`,
    where,
    wanted: '10,000, 0 stuck',
    reached: `${count(sessions)}: ${count(ready)} ready, ${count(codes)} in a typed error, ${stuck.length} stuck (${count(faults)} faults)`,
    ok: sessions >= 10_000 && stuck.length === 0 && ready > 0 && codes > 0,
  };
}

export async function thirtyDays(seed: number): Promise<Figure> {
  const {refreshes, missed, mostInFlight, state} = await runDays(30, seed);
  return {
    number: 6,
    what: '30 days of 60-second tokens, on a clock turned by hand',
    where,
    wanted: '0 missed, 1 in flight',
    reached: `${count(refreshes)} refreshes, ${missed} missed, ${mostInFlight} in flight`,
    ok: refreshes > 40_000 && missed === 0 && mostInFlight === 1 && state === 'ready',
  };
}

export async function storm(): Promise<Figure> {
  const {asked, posts, postsLater} = await runStorm(30);
  return {
    number: 8,
    what: '1,000 refresh requests a second for 30 s, on a clock turned by hand',
    where,
    wanted: '≤ 3 POSTs',
    reached: `${posts} POSTs for ${count(asked)} requests, then ${postsLater - posts} for those that waited`,
    ok: posts > 0 && posts <= 3 && postsLater - posts === 1,
  };
}

export async function skews(): Promise<Figure> {
  const {cases, falseExpiries} = await runSkews(1);
  say(falseExpiries);
  return {
    number: 9,
    what: 'clocks wrong by, or set by, −24 h to 24 h',
    where,
    wanted: '0 false expiries',
    reached: `${falseExpiries.length} in ${cases} lives`,
    ok: falseExpiries.length === 0,
  };
}

export async function mints(): Promise<Figure> {
  const runs = await runMints();
  const wrong = wrongMints(runs);
  say(wrong);
  return {
    number: 11,
    what: 'requests per mint, over HTTP',
    where,
    wanted: '≤ 4; 1 at 400, 401, 403, redirect, HTML',
    reached: runs.map(({fault, requests}) => `${fault}: ${requests}`).join(', '),
    ok: wrong.length === 0,
  };
}

export function readings(): Figure {
  const {tried, taken, elsewhere, elsewhereRaw} = tryReadings();
  return {
    number: 13,
    what: 'spellings of a launch URL that load another origin than was checked, on pages with and without a <base>',
    where,
    wanted: '0',
    reached: `${elsewhere} of ${count(taken)} that were taken (${count(tried)} tried); iframe.src = text: ${count(elsewhereRaw)}`,
    ok: elsewhere === 0 && elsewhereRaw > 0,
  };
}

export function costs(): Figure {
  const {objects, reads, readsJson} = readDoubled(16);
  return {
    number: 14,
    what: `fields read of a message of ${objects} objects that hold each other twice`,
    where,
    wanted: '≤ 1,000',
    reached: `${count(reads)}; a copy through JSON: ${count(readsJson)} (${Math.round(readsJson / reads)} times as many)`,
    ok: reads <= 1_000 && readsJson > 100_000,
  };
}

export async function rights(): Promise<Figure> {
  const {pairs, kept, lost} = await tryRights();
  return {
    number: 15,
    what: 'refreshes under other rights than the session was created with, in pairs of role, session type, resource, and scopes',
    where,
    wanted: '0 served, 0 equal ones refused',
    reached: `${kept} served, ${lost} equal ones refused in ${count(pairs)} pairs`,
    ok: pairs > 500 && kept === 0 && lost === 0,
  };
}

export async function redirects(): Promise<Figure> {
  const {tried, followed, followedByFetch} = await tryRedirects();
  return {
    number: 16,
    what: 'redirects followed with a credential, by element, server helper, and events client',
    where,
    wanted: '0',
    reached: `${followed} of ${tried} requests; fetch as it is: ${followedByFetch} of 6`,
    ok: tried > 40 && followed === 0 && followedByFetch === 5,
  };
}

/** The names of the tests in a file that pass; none where one fails. */
function passedTests(file: string): Promise<string[]> {
  const args = ['--import', 'tsx', '--test', '--test-reporter=tap', file];
  const child = spawn(process.execPath, args, {cwd: root, stdio: ['ignore', 'pipe', 'inherit']});
  let text = '';
  child.stdout.on('data', chunk => (text += String(chunk)));
  return new Promise(resolve => {
    child.once('close', code => {
      const names = [...text.matchAll(/^ *ok \d+ - (.+)$/gm)].map(([, name]) => name!);
      resolve(code === 0 ? names : []);
    });
  });
}
