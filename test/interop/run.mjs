/**
 * `npm run test:interop`: builds each application beside this file with its own tool and the packed package, drives it in
 * Chromium against the emulator while the next ones are built, and ends with the line `N passed, N failed`. A run of all of
 * them without a failure writes docs/maintainers/frameworks.md.
 *
 *   npm run test:interop                 all of them
 *   npm run test:interop -- vue svelte   only these
 */
import {chromium} from 'playwright';
import {createEmulator} from '../../src/emulator/index.js';
import {findBrowsers, installAdvice, installBrowsers} from '../support/browsers.mjs';
import {APPS} from './apps.js';
import {build, install} from './build.mjs';
import {CHECKS, DOCUMENTED, EXTRAS, RENDERED} from './checks.js';
import {attempt} from './drive.mjs';
import {serve} from './serve.mjs';
import {fullTable, writeCounts} from './tables.mjs';

const KINDS = {
  documented: 'page of the guide',
  early: 'events, properties, mounting',
  late: 'the same, defined late',
  rendered: 'server rendering',
};
/** Checks wait for pages more than they compute. */
const CHECKS_AT_ONCE = 2;
const named = process.argv.slice(2);
const unknown = named.filter(name => !APPS.some(app => app.folder === name));
if (unknown.length > 0) {
  console.error(`No such application: ${unknown}. There are ${APPS.map(app => app.folder)}`);
  process.exit(1);
}
const apps = APPS.filter(({folder}) => named.length === 0 || named.includes(folder));
const folders = [...new Set(apps.map(({folder}) => folder))];

if (!findBrowsers().chromium) installBrowsers(['chromium']);
const found = findBrowsers().chromium;
if (!found) {
  console.error(installAdvice(['chromium']));
  process.exit(1);
}

const results = [];
const startedAt = Date.now();
const builds = buildInOrder(install(folders));

const browser = await chromium.launch(found.launchOptions);
try {
  for (const folder of folders) await runFolder(folder);
} finally {
  await browser.close();
}

console.log(`\n${fullTable(results)}`);
const failed = results.filter(({error}) => error !== undefined);
if (named.length === 0 && failed.length === 0) await writeCounts(results, Object.values(KINDS));
console.log(`All in ${seconds(startedAt)}\n`);
console.log(`${results.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 && results.length > 0 ? 0 : 1;

/**
 * Builds one application after the other, since the tools take all cores. One that fails stops no other.
 *
 * @param {Map<string, Promise<void>>} installs by folder
 * @returns {Map<string, Promise<void>>} by folder
 */
function buildInOrder(installs) {
  let before = Promise.resolve();
  return new Map(
    [...installs].map(([folder, installed]) => {
      const built = before.then(() => installed).then(() => build(folder));
      before = built.catch(() => {});
      return [folder, built];
    }),
  );
}

async function runFolder(folder) {
  const times = [];
  let error;
  try {
    await timed(times, 'waited for the build', builds.get(folder));
  } catch (failure) {
    error = failure;
  }
  for (const app of apps.filter(candidate => candidate.folder === folder)) {
    console.log(`\n── ${app.title}`);
    record(app, 'built', 'is built by its own tool', error);
    if (error === undefined) await timed(times, 'driven', drive(app));
    console.log(times.join(', '));
  }
}

async function timed(times, what, promise) {
  const since = Date.now();
  await promise;
  times.push(`${what} in ${seconds(since)}`);
}

async function drive(app) {
  let site;
  try {
    site = await serve(app);
    const {pages} = site;
    const checks = checksOf(app);
    const waiting = checks.entries();
    const errors = [];
    const work = async () => {
      // Its own, since each check resets it. New for each application: connections that idled meanwhile are no longer there.
      const emulator = await createEmulator({port: 0});
      try {
        for (const [index, {start, late, check}] of waiting) {
          errors[index] = await attempt({
            browser,
            emulator: {...emulator, apiOrigin: new URL(emulator.apiUrl).origin},
            pages,
            start,
            check,
            late,
          });
        }
      } finally {
        await emulator.close();
      }
    };
    const ends = await Promise.allSettled(Array.from({length: CHECKS_AT_ONCE}, work));
    const failure = ends.find(({status}) => status === 'rejected');
    if (failure) throw failure.reason;
    checks.forEach(({kind, name}, index) => record(app, kind, name, errors[index]));
  } catch (error) {
    record(app, 'built', 'is served', error);
  } finally {
    await site?.close();
  }
}

/** What is held against an application, in the order of the tables. */
function checksOf({documented = '/', controls = '/checks/', rendered, extras = []}) {
  const own = Object.fromEntries(extras.map(name => [name, EXTRAS[name]]));
  const list = (kind, checks, {start, late, note = ''}) =>
    Object.entries(checks).map(([name, check]) => ({
      kind,
      name: `${name}${note}`,
      check,
      start,
      late,
    }));
  return [
    ...list('documented', DOCUMENTED, {start: documented, late: false}),
    ...[false, true].flatMap(late => {
      const note = late ? ' (defined late)' : '';
      return [
        ...list(late ? 'late' : 'early', {...CHECKS, ...own}, {start: controls, late, note}),
        ...(rendered ? list('rendered', RENDERED, {start: rendered, late, note}) : []),
      ];
    }),
  ];
}

function record(app, kind, check, error) {
  results.push({app, kind: KINDS[kind], check, error});
  console.log(`${error === undefined ? '✔' : '✖'} ${check}`);
  if (error !== undefined) console.log(String(error.stack ?? error).replace(/^/gm, '    '));
}

function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(0)} s`;
}
