/**
 * `npm run test:interop`: builds each application beside this file with its own tool and the packed package, drives it in
 * Chromium against the emulator, and ends with the line `N passed, N failed`. A run of all of them that holds writes the
 * README's table.
 *
 *   npm run test:interop                 all of them
 *   npm run test:interop -- vue svelte   only these
 */
import {chromium} from 'playwright';
import {startEmulator} from '../../demo/emulator/index.js';
import {findBrowsers, installAdvice, installBrowsers} from '../support/browsers.mjs';
import {APPS} from './apps.js';
import {build, install} from './build.mjs';
import {CHECKS, DOCUMENTED, EXTRAS, RENDERED} from './checks.js';
import {attempt} from './drive.mjs';
import {serve} from './serve.mjs';
import {fullTable, writeReadme} from './tables.mjs';

const KINDS = {
  documented: 'page of the guide',
  early: 'events, properties, mounting',
  late: 'the same, defined late',
  rendered: 'server rendering',
};
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
const installs = install(folders);

const browser = await chromium.launch(found.launchOptions);
try {
  for (const folder of folders) await runFolder(folder);
} finally {
  await browser.close();
}

console.log(`\n${fullTable(results)}`);
const failed = results.filter(({error}) => error !== undefined);
if (named.length === 0 && failed.length === 0) await writeReadme(results, Object.values(KINDS));
console.log(`All in ${seconds(startedAt)}\n`);
console.log(`${results.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 && results.length > 0 ? 0 : 1;

async function runFolder(folder) {
  const times = [];
  let error;
  try {
    await timed(times, 'waited for the install', installs.get(folder));
    await timed(times, 'built', build(folder));
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
  // Each application has its own: connections that idled while one was built are no longer there.
  const emulator = await startEmulator({apiPort: 0, embedPort: 0});
  let site;
  try {
    site = await serve(app);
    const hold = async (kind, checks, {start, late, note = ''}) => {
      for (const [name, check] of Object.entries(checks)) {
        const {pages} = site;
        const error = await attempt({browser, emulator, pages, start, check, late});
        record(app, kind, `${name}${note}`, error);
      }
    };
    const {documented = '/', controls = '/checks/', rendered, extras = []} = app;
    const own = Object.fromEntries(extras.map(name => [name, EXTRAS[name]]));
    await hold('documented', DOCUMENTED, {start: documented, late: false});
    for (const late of [false, true]) {
      const note = late ? ' (defined late)' : '';
      await hold(late ? 'late' : 'early', {...CHECKS, ...own}, {start: controls, late, note});
      if (rendered) await hold('rendered', RENDERED, {start: rendered, late, note});
    }
  } catch (error) {
    record(app, 'built', 'is served', error);
  } finally {
    await site?.close();
    await emulator.close();
  }
}

function record(app, kind, check, error) {
  results.push({app, kind: KINDS[kind], check, error});
  console.log(`${error === undefined ? '✔' : '✖'} ${check}`);
  if (error !== undefined) console.log(String(error.stack ?? error).replace(/^/gm, '    '));
}

function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(0)} s`;
}
