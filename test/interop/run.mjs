/**
 * `npm run test:interop`: builds each application beside this file with its own tool and the packed package. Drives it in Chromium
 * while the next ones are built. Ends with the line `N passed, N failed`. The checks use the Playwright fixtures of the packed
 * package, in two workers. A run of all of them without a failure writes docs/maintainers/frameworks.md.
 *
 *   npm run test:interop                 all of them
 *   npm run test:interop -- vue svelte   only these
 */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {findBrowsers, installAdvice, installBrowsers} from '../support/browsers.mjs';
import {APPS} from './apps.js';
import {build, install} from './build.js';
import {checksOf, KINDS} from './checks.js';
import {serve} from './serve.js';
import {fullTable, writeCounts} from './tables.mjs';

const PLAYWRIGHT = fileURLToPath(import.meta.resolve('@playwright/test/cli'));
const named = process.argv.slice(2);
const unknown = named.filter(name => !APPS.some(app => app.folder === name));
if (unknown.length > 0) {
  console.error(`No such application: ${unknown}. There are ${APPS.map(app => app.folder)}`);
  process.exit(1);
}
const apps = APPS.filter(({folder}) => named.length === 0 || named.includes(folder));
const folders = [...new Set(apps.map(({folder}) => folder))];

if (!findBrowsers().chromium) installBrowsers(['chromium']);
if (!findBrowsers().chromium) {
  console.error(installAdvice(['chromium']));
  process.exit(1);
}

const results = [];
const startedAt = Date.now();
const builds = buildInOrder(install(folders));

const scratch = mkdtempSync(path.join(os.tmpdir(), 'meshes-workspace-interop-'));
try {
  for (const folder of folders) await runFolder(folder);
} finally {
  rmSync(scratch, {recursive: true, force: true});
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
    const ends = await runChecks(app, site.origin);
    for (const {kind, name} of checksOf(app)) record(app, kind, name, ends.get(name));
  } catch (error) {
    record(app, 'built', 'is driven', error);
  } finally {
    await site?.close();
  }
}

/**
 * Runs drive.ts for this application.
 *
 * @returns {Promise<Map<string, string | undefined>>} what went wrong, if anything did, by the name of the check
 */
async function runChecks(app, origin) {
  const report = path.join(scratch, 'report.json');
  rmSync(report, {force: true});
  const child = spawn(
    process.execPath,
    [PLAYWRIGHT, 'test', '--config', 'test/interop/playwright.config.ts'],
    {
      cwd: path.resolve(import.meta.dirname, '../..'),
      env: {
        ...process.env,
        INTEROP_APP: app.title,
        INTEROP_REPORT: report,
        ...(origin !== undefined && {INTEROP_ORIGIN: origin}),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', data => (output += data));
  await once(child, 'close');
  if (!existsSync(report)) throw new Error(`Playwright has written no report.\n${output}`);
  const {suites, errors} = JSON.parse(readFileSync(report, 'utf8'));
  if (errors.length > 0) throw new Error(errors.map(({message}) => message).join('\n'));
  const specs = suites.flatMap(suite => suite.specs);
  const missing = checksOf(app).filter(({name}) => !specs.some(({title}) => title === name));
  if (missing.length > 0) throw new Error(`Not run: ${missing.map(({name}) => name)}`);
  return new Map(
    specs.map(({title, ok, tests}) => {
      const messages = tests.flatMap(({results: runs}) => runs.flatMap(run => run.errors));
      return [title, ok ? undefined : messages.map(({message}) => message).join('\n') || 'failed'];
    }),
  );
}

function record(app, kind, check, error) {
  results.push({app, kind, check, error});
  console.log(`${error === undefined ? '✔' : '✖'} ${check}`);
  if (error !== undefined) console.log(String(error.stack ?? error).replace(/^/gm, '    '));
}

function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(0)} s`;
}
