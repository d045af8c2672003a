/**
 * `npm test`: builds, runs every test that can run here, and ends with the line `N passed, N failed`.
 *
 *   npm test                                    everything, in every engine that is found
 *   npm test -- node browser e2e                only the named parts
 *   npm test -- browser test/element/a.browser.ts   … and of them only the named files
 *   npm test -- browser --no-build              without building dist/ first
 *   BROWSERS=chromium,webkit npm test           only these engines
 *   INSTALL_BROWSERS=all npm test               installs the engines that are missing first; CI=true does so too, and the
 *                                               languages of docs/backends
 *
 * Without any browser it tries to install one. A part that crashes or holds no test counts as failed.
 */
import {spawn} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, readdirSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {ENGINES, findBrowsers, installAdvice, installBrowsers} from './support/browsers.mjs';
import {installLanguages, missingLanguages} from './support/languages.mjs';

const PART_TIMEOUT_MS = 30 * 60_000;
const NODE_FILE_TIMEOUT_MS = 2 * 60_000;
const root = path.dirname(import.meta.dirname);
const binaries = path.join(root, 'node_modules/.bin');
const scratch = mkdtempSync(path.join(os.tmpdir(), 'meshes-workspace-test-'));
const children = new Set();
const FRAMEWORKS = 'test/support/frameworks.mjs';

const {parts, files, build} = readArguments(process.argv.slice(2));
const results = [];
const times = [];
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    for (const child of children) child.kill(signal);
    process.exit(1);
  });
}
try {
  await main();
} finally {
  rmSync(scratch, {recursive: true, force: true});
}

async function main() {
  const engines = parts.some(part => part !== 'node') ? provideBrowsers() : [];
  if (parts.includes('node')) provideLanguages();
  const built =
    engines && (!build || (await run('Build', 'npm', ['run', '--silent', 'build'])) === 0);
  if (built) {
    // The tests of the frameworks have dependencies of their own, which take a while on the first run.
    if (
      parts.some(part => part !== 'browser') &&
      (await run('Frameworks', 'node', [FRAMEWORKS])) !== 0
    ) {
      results.push({title: 'Frameworks', passed: 0, failed: 1, skipped: 0});
    }
    for (const part of parts)
      await {node: runNode, browser: runBrowser, e2e: runEndToEnd}[part](engines);
  } else {
    results.push({title: engines ? 'Build' : 'Browsers', passed: 0, failed: 1, skipped: 0});
  }

  console.log('');
  for (const {title, passed, failed, skipped} of results) {
    console.log(`${title}: ${passed} passed, ${failed} failed, ${skipped} skipped`);
  }
  const sum = key => results.reduce((total, result) => total + result[key], 0);
  process.exitCode = sum('failed') > 0 ? 1 : 0;
  console.log(`Time: ${times.join(', ')}`);
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
}

function readArguments(args) {
  const all = ['node', 'browser', 'e2e'];
  const named = all.filter(part => args.includes(part));
  const rest = args
    .filter(argument => !all.includes(argument) && argument !== '--no-build')
    .map(argument => path.posix.join(argument).replace(/\/$/, ''));
  const unknown = rest.filter(argument => !existsSync(path.join(root, argument)));
  if (unknown.length > 0) {
    console.error(`Neither a part (${all.join(', ')}) nor a file: ${unknown.join(', ')}`);
    process.exit(1);
  }
  return {
    parts: named.length > 0 ? named : all,
    files: rest,
    build: !args.includes('--no-build'),
  };
}

/** The engines to test in, or `undefined` where there is none. */
function provideBrowsers() {
  const wanted = process.env.BROWSERS?.split(',').map(name => name.trim()) ?? ENGINES;
  const installAll = process.env.INSTALL_BROWSERS === 'all' || Boolean(process.env.CI);
  const available = () => Object.keys(findBrowsers()).filter(engine => wanted.includes(engine));
  const missing = () => wanted.filter(engine => !available().includes(engine));

  if (installAll && missing().length > 0) installBrowsers(missing());
  else if (available().length === 0) installBrowsers(wanted.slice(0, 1));

  if (available().length === 0) {
    console.error(installAdvice(wanted.slice(0, 1)));
    return undefined;
  }
  console.log(`Engines: ${available().join(', ')}`);
  if (missing().length > 0) console.log(`Not found, so not run: ${missing().join(', ')}`);
  return available();
}

/** The sample backends in other languages are tested as far as their languages are there. In CI, a missing one fails its test. */
function provideLanguages() {
  if (process.env.CI) installLanguages();
  for (const line of missingLanguages()) console.log(line);
}

async function runNode() {
  const selected = testFiles('.test.ts');
  await runNodeTests('Node', selected, ['--import', 'tsx']);
}

async function runNodeTests(title, selected, options) {
  if (selected.length === 0) return skipUnlessEmpty(title);
  const counts = path.join(scratch, `${title}.json`);
  const reporters = [
    ['spec', 'stdout'],
    [path.join(root, 'test/support/node-counts-reporter.mjs'), counts],
  ].flatMap(([reporter, destination]) => [
    `--test-reporter=${reporter}`,
    `--test-reporter-destination=${destination}`,
  ]);
  const timeout = `--test-timeout=${NODE_FILE_TIMEOUT_MS}`;
  const code = await run(title, 'node', [...options, '--test', timeout, ...reporters, ...selected]);
  record(title, code, readCounts(counts));
}

async function runBrowser(engines) {
  const selected = testFiles('.browser.ts');
  const title = `Browser (${engines.join(', ')})`;
  if (selected.length === 0) return skipUnlessEmpty(title);
  const counts = path.join(scratch, 'browser.json');
  const env = {BROWSERS: engines.join(','), WTR_COUNTS: counts};
  const code = await run(title, 'wtr', ['--files', ...selected], env);
  record(title, code, readCounts(counts));
}

async function runEndToEnd(engines) {
  const {webkit} = findBrowsers();
  const overWebDriver = engines.includes('webkit') && webkit.driver;
  const projects = engines.filter(engine => engine !== 'webkit' || !overWebDriver);
  const title = `End to end (${projects.join(', ')})`;
  const selected = testFiles('.spec.ts');
  if (selected.length === 0) skipUnlessEmpty(title);
  else if (projects.length > 0) {
    const report = path.join(scratch, 'e2e.json');
    const code = await run(
      title,
      'playwright',
      [
        ...['test', '--config', 'test/e2e/playwright.config.ts'],
        ...projects.map(project => `--project=${project}`),
        ...selected,
      ],
      {PLAYWRIGHT_REPORT: report},
    );
    const stats = readCounts(report)?.stats;
    record(
      title,
      code,
      stats && {
        passed: stats.expected,
        failed: stats.unexpected + stats.flaky,
        skipped: stats.skipped,
      },
    );
  }
  if (overWebDriver) {
    const mainPath = testFiles('webkit-main-path.mjs');
    await runNodeTests('End to end (webkit)', mainPath, ['--import', 'tsx']);
  }
}

/** The test files of this kind, narrowed down to those named on the command line. */
function testFiles(suffix) {
  return readdirSync(path.join(root, 'test'), {recursive: true})
    .map(file => path.join('test', file).replaceAll(path.sep, '/'))
    .filter(file => file.endsWith(suffix) && !file.includes('/node_modules/'))
    .filter(
      file =>
        files.length === 0 || files.some(named => file === named || file.startsWith(`${named}/`)),
    )
    .sort();
}

function skipUnlessEmpty(title) {
  if (files.length === 0) record(title, 0, undefined);
}

function readCounts(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** A crash, an exit code that the counts do not explain, and a part without tests are failures too. */
function record(title, code, counts) {
  const {passed = 0, failed = 0, skipped = 0} = counts ?? {};
  const unexplained = failed === 0 && (code !== 0 || passed === 0);
  results.push({title, passed, failed: unexplained ? 1 : failed, skipped});
  if (unexplained) console.log(`${title}: ended with code ${code} after ${passed} passed tests`);
}

function run(title, command, args, env = {}) {
  console.log(`\n── ${title}`);
  const startedAt = Date.now();
  return new Promise(resolve => {
    const child = spawn(command, args, {
      cwd: root,
      env: {...process.env, ...env, PATH: `${binaries}${path.delimiter}${process.env.PATH}`},
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
      timeout: PART_TIMEOUT_MS,
    });
    children.add(child);
    child.once('error', error => {
      console.error(`${command}: ${error.message}`);
      resolve(1);
    });
    child.once('close', (code, signal) => {
      children.delete(child);
      times.push(`${title} ${Math.round((Date.now() - startedAt) / 1000)} s`);
      resolve(code ?? signal);
    });
  });
}
