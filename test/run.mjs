/**
 * `npm test`: builds, runs every test that can run here, and ends with the line `N passed, N failed`.
 *
 *   npm test                                    everything, in every engine that is found
 *   npm test -- node browser e2e                only the named parts
 *   npm test -- test/element/a.browser.ts       only the named files or folders
 *   npm test -- -t "some words"                 only tests with these words in their title
 *   npm test -- node --watch                    runs tests again when files change; of one part
 *   npm test -- e2e --debug test/e2e/a.spec.ts  in a debugger, or in a browser with a window; of one part
 *   npm test -- browser --no-build              without building dist/ first
 *   BROWSERS=chromium,webkit npm test           only these engines
 *   INSTALL_BROWSERS=all npm test               installs the engines that are missing first; CI=true does so too, and the
 *                                               languages of docs/backends
 *
 * Without any browser it tries to install one. A part that crashes or holds no test counts as failed.
 */
import {spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, readdirSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {ENGINES, findBrowsers, installAdvice, installBrowsers} from './support/browsers.mjs';
import {installLanguages, missingLanguages} from './support/languages.mjs';
import {escapePattern, readOptions} from './support/run-options.mjs';

const PART_TIMEOUT_MS = 30 * 60_000;
const NODE_FILE_TIMEOUT_MS = 5 * 60_000;
const root = path.dirname(import.meta.dirname);
const binaries = path.join(root, 'node_modules/.bin');
const {parts, files, build, name, mode} = readArguments();
const scratch = mkdtempSync(path.join(os.tmpdir(), 'meshes-workspace-test-'));
const children = new Set();
const INSTALL_FRAMEWORKS = 'test/support/frameworks.mjs';
/** Test files that use them. */
const FRAMEWORKS = /\/(react|recipes|server-rendered|testing|tools|types)[/.]/;

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
    const needsFrameworks = [...files.node, ...files.e2e].some(file => FRAMEWORKS.test(file));
    if (needsFrameworks && (await run('Frameworks', 'node', [INSTALL_FRAMEWORKS])) !== 0) {
      results.push({title: 'Frameworks', passed: 0, failed: 1, skipped: 0});
    }
    if (mode !== 'run') {
      const code = await runInteractive(engines);
      process.exitCode = typeof code === 'number' ? code : 1;
      return;
    }
    for (const part of parts)
      await {node: runNode, browser: runBrowser, e2e: runEndToEnd}[part](engines);
  } else {
    results.push({title: engines ? 'Build' : 'Browsers', passed: 0, failed: 1, skipped: 0});
  }

  if (results.every(({passed, failed}) => passed + failed === 0)) {
    const title = name === undefined ? 'No test ran' : `No test has "${name}" in its title`;
    results.push({title, passed: 0, failed: 1, skipped: 0});
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

function readArguments() {
  const allFiles = readdirSync(path.join(root, 'test'), {recursive: true})
    .map(file => path.join('test', file).replaceAll(path.sep, '/'))
    .filter(file => !file.includes('/node_modules/'))
    .sort();
  try {
    return readOptions(process.argv.slice(2), allFiles);
  } catch ({message}) {
    console.error(message);
    process.exit(1);
  }
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

/** Watches or debugs the one part that is asked for. It ends when its user ends it, and counts nothing. */
function runInteractive(engines) {
  const [part] = parts;
  const title = `${part}, ${mode}`;
  if (part === 'node') {
    const how = mode === 'watch' ? ['--test', '--watch'] : ['--inspect-brk'];
    return run(title, 'node', ['--import', 'tsx', ...how, ...nodePattern(), ...files.node]);
  }
  if (part === 'browser') {
    const how = mode === 'watch' ? ['--watch'] : ['--manual', '--open'];
    const BROWSERS = mode === 'watch' ? engines.join(',') : engines[0];
    return run(title, 'wtr', [...how, '--files', ...files.browser], {BROWSERS});
  }
  // Playwright opens a window for each project.
  const projects = projectsOf(engines).slice(0, 1);
  return run(title, 'playwright', playwrightArguments(projects, ['--debug']));
}

function nodePattern() {
  return name === undefined ? [] : ['--test-name-pattern', escapePattern(name)];
}
function isSpec(file) {
  return file.endsWith('.spec.ts');
}

function playwrightArguments(projects, how = []) {
  const grep = name === undefined ? [] : ['--grep', escapePattern(name), '--pass-with-no-tests'];
  return [
    ...['test', '--config', 'test/e2e/playwright.config.ts'],
    ...how,
    ...grep,
    ...projects.map(project => `--project=${project}`),
    ...files.e2e.filter(isSpec),
  ];
}

/** The engines that Playwright can drive here. */
function projectsOf(engines) {
  return engines.filter(engine => engine !== 'webkit' || !findBrowsers().webkit.driver);
}

async function runNode() {
  await runNodeTests('Node', files.node);
}

async function runNodeTests(title, selected) {
  const counts = path.join(scratch, `${title}.json`);
  const support = path.join(root, 'test/support');
  const reporters = [
    [name === undefined ? 'spec' : path.join(support, 'named-tests-reporter.mjs'), 'stdout'],
    [path.join(support, 'node-counts-reporter.mjs'), counts],
  ].flatMap(([reporter, destination]) => [
    `--test-reporter=${reporter}`,
    `--test-reporter-destination=${destination}`,
  ]);
  const timeout = `--test-timeout=${NODE_FILE_TIMEOUT_MS}`;
  const options = ['--import', 'tsx', '--test', timeout, ...reporters, ...nodePattern()];
  const code = await run(title, 'node', [...options, ...selected]);
  record(title, code, readCounts(counts));
}

async function runBrowser(engines) {
  const title = `Browser (${engines.join(', ')})`;
  const counts = path.join(scratch, 'browser.json');
  const env = {BROWSERS: engines.join(','), WTR_COUNTS: counts};
  const code = await run(title, 'wtr', ['--files', ...files.browser], env);
  record(title, code, readCounts(counts));
}

async function runEndToEnd(engines) {
  const projects = projectsOf(engines);
  const title = `End to end (${projects.join(', ')})`;
  if (files.e2e.some(isSpec) && projects.length > 0) {
    const report = path.join(scratch, 'e2e.json');
    const code = await run(title, 'playwright', playwrightArguments(projects), {
      PLAYWRIGHT_REPORT: report,
    });
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
  const mainPath = files.e2e.filter(file => !isSpec(file));
  if (projects.length < engines.length && mainPath.length > 0)
    await runNodeTests('End to end (webkit)', mainPath);
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
  const isEmpty = passed === 0 && name === undefined;
  const unexplained = failed === 0 && (code !== 0 || isEmpty);
  results.push({title, passed, failed: unexplained ? 1 : failed, skipped});
  if (unexplained) console.log(`${title}: ended with code ${code} after ${passed} passed tests`);
}

function run(title, command, args, env = {}) {
  console.log(`\n── ${title}`);
  const startedAt = Date.now();
  return new Promise(resolve => {
    const child = spawn(command, args, {
      cwd: root,
      env: {
        ...process.env,
        ...(name === undefined ? {} : {TEST_NAME: name}),
        ...env,
        PATH: `${binaries}${path.delimiter}${process.env.PATH}`,
      },
      stdio: [mode === 'run' ? 'ignore' : 'inherit', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
      timeout: mode === 'run' ? PART_TIMEOUT_MS : undefined,
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
