/**
 * `npm run guards`: takes each single guard away in a copy of the checkout, and shows which tests notice. Fails where a guard
 * can go without any test failing.
 *
 *   npm run guards                  every guard
 *   npm run guards -- origin pin    only these
 */
import {spawn} from 'node:child_process';
import {cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {GUARDS, withoutGuard} from './guard-list.mjs';

const root = path.resolve(import.meta.dirname, '../../..');
const TIMEOUT_MS = 5 * 60_000;
const COPIED = [
  'src',
  'dist',
  'test',
  'scripts',
  'package.json',
  'tsconfig.json',
  'web-test-runner.config.mjs',
];
const REPORTER = `export default async function* (events) {
  for await (const {type, data} of events) {
    if (type === 'test:fail' && data.details.error?.failureType !== 'subtestsFailed') yield 'FAIL ' + data.name + '\\n';
    if (type === 'test:pass') yield 'PASS\\n';
  }
}`;
const BROWSER_CONFIG = `import config from './web-test-runner.config.mjs';
function* failures({suites, tests}, name) {
  for (const test of tests) yield [name + test.name, test.passed || test.skipped];
  for (const suite of suites) yield* failures(suite, name + suite.name + ' ');
}
const reporter = {
  onTestRunFinished({sessions}) {
    for (const {errors, testResults} of sessions) {
      for (const {message} of errors) console.log('FAIL ' + message.split('\\n')[0]);
      for (const [name, passed] of testResults ? failures(testResults, '') : []) {
        console.log(passed ? 'PASS' : 'FAIL ' + name);
      }
    }
  },
};
export default {...config, testFramework: {config: {timeout: 4_000}}, reporters: [reporter]};
`;

const names = process.argv.slice(2);
const unknown = names.filter(name => !GUARDS.some(guard => guard.name === name));
if (unknown.length > 0) {
  console.error(
    `No such guard: ${unknown.join(', ')}. There are ${GUARDS.map(({name}) => name).join(', ')}.`,
  );
  process.exit(1);
}
const guards = GUARDS.filter(({name}) => names.length === 0 || names.includes(name));

const copy = mkdtempSync(path.join(os.tmpdir(), 'meshes-workspace-guards-'));
const children = new Set();
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    for (const child of children) child.kill(signal);
    process.exit(1);
  });
}
process.once('exit', () => rmSync(copy, {recursive: true, force: true}));

for (const entry of COPIED) {
  const skip = source => !source.split(path.sep).includes('node_modules');
  cpSync(path.join(root, entry), path.join(copy, entry), {recursive: true, filter: skip});
}
symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
writeFileSync(path.join(copy, 'guards-reporter.mjs'), REPORTER);
writeFileSync(path.join(copy, 'guards-wtr.config.mjs'), BROWSER_CONFIG);

const rows = [];
process.exitCode = (await main()) ? 0 : 1;

async function main() {
  // Find out before anything runs.
  for (const guard of guards) withoutGuard(guard, copy);

  const files = kind => [...new Set(guards.flatMap(guard => guard[kind] ?? []))];
  const untouched = [...(await runNode(files('node'))), ...(await runBrowser(files('browser')))];
  if (untouched.length > 0) {
    console.error('With every guard in its place these fail, so that they show nothing:');
    for (const name of untouched) console.error(`  ${name}`);
    return false;
  }
  for (const guard of guards) {
    const file = path.join(copy, guard.file);
    const original = readFileSync(file, 'utf8');
    writeFileSync(file, withoutGuard(guard, copy));
    const failing = await runNode(guard.node ?? []);
    failing.push(...(await runBrowser(guard.browser ?? [])));
    writeFileSync(file, original);
    rows.push({guard, failing});
    console.log(`${failing.length > 0 ? '✔' : '✖'} ${guard.name}: ${failing.length} tests notice`);
  }

  console.log('\n| guard | what it holds | without it | for example |');
  console.log('| --- | --- | --- | --- |');
  for (const {guard, failing} of rows) {
    const example = failing[0]?.replaceAll('|', '\\|') ?? '';
    console.log(`| ${guard.name} | ${guard.what} | ${failing.length} tests fail | ${example} |`);
  }
  const unnoticed = rows.filter(({failing}) => failing.length === 0).map(({guard}) => guard.name);
  console.log(
    unnoticed.length === 0
      ? `\n${rows.length} guards, each of them held by a test`
      : `\nNo test notices when these are gone: ${unnoticed.join(', ')}`,
  );
  return unnoticed.length === 0;
}

function runNode(files) {
  if (files.length === 0) return [];
  const reporter = ['--test-reporter=./guards-reporter.mjs', '--test-timeout=60000'];
  return failures(process.execPath, ['--import', 'tsx', '--test', ...reporter, ...files]);
}

function runBrowser(files) {
  if (files.length === 0) return [];
  const wtr = path.join(copy, 'node_modules/@web/test-runner/dist/bin.js');
  const args = [wtr, '--config', 'guards-wtr.config.mjs', '--files', ...files];
  return failures(process.execPath, args, {BROWSERS: 'chromium'});
}

/** The names of the failing tests. A run without any test that passes or fails is an error of this script. */
function failures(command, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: copy,
      env: {...process.env, ...env},
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: TIMEOUT_MS,
    });
    children.add(child);
    let text = '';
    let complaints = '';
    child.stdout.on('data', chunk => (text += chunk));
    child.stderr.on('data', chunk => (complaints += chunk));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      children.delete(child);
      const failing = [...text.matchAll(/^FAIL (.*)$/gm)].map(([, name]) => name);
      const passing = text.match(/^PASS$/gm)?.length ?? 0;
      if (failing.length + passing === 0) {
        reject(
          new Error(`No test ran (${signal ?? code}): ${args.join(' ')}\n${text}${complaints}`),
        );
      } else resolve(failing);
    });
  });
}
