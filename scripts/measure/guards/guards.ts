/**
 * `npm run guards`: removes each guard in a copy of the checkout, and shows which tests fail without it. Fails if a guard can
 * be removed without any test failing.
 *
 *   npm run guards                     every guard
 *   npm run guards -- source schema    only these
 */
import {type ChildProcess, spawn} from 'node:child_process';
import {cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {GUARDS} from './guard-list.js';
import {findMarkers, markerOf, withoutGuard} from './marked-code.js';

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
    `Unknown guard: ${unknown.join(', ')}. The guards are ${GUARDS.map(({name}) => name).join(', ')}.`,
  );
  process.exit(1);
}

const copy = mkdtempSync(path.join(os.tmpdir(), 'meshes-workspace-guards-'));
const children = new Set<ChildProcess>();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    for (const child of children) child.kill(signal);
    process.exit(1);
  });
}
process.once('exit', () => rmSync(copy, {recursive: true, force: true}));

for (const entry of COPIED) {
  const filter = (source: string) => !source.split(path.sep).includes('node_modules');
  cpSync(path.join(root, entry), path.join(copy, entry), {recursive: true, filter});
}
symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
writeFileSync(path.join(copy, 'guards-reporter.mjs'), REPORTER);
writeFileSync(path.join(copy, 'guards-wtr.config.mjs'), BROWSER_CONFIG);

process.exitCode = (await main()) ? 0 : 1;

async function main(): Promise<boolean> {
  const markers = findMarkers(copy);
  // Before any test runs: a guard that cannot be removed throws here.
  const guards = GUARDS.filter(({name}) => names.length === 0 || names.includes(name)).map(
    guard => {
      const {what, file} = markerOf(guard, markers);
      const original = readFileSync(path.join(copy, file), 'utf8');
      return {...guard, what, file, original, changed: withoutGuard(guard, file, original)};
    },
  );

  const node = [...new Set(guards.flatMap(guard => guard.node ?? []))];
  const browser = [...new Set(guards.flatMap(guard => guard.browser ?? []))];
  const broken = [...(await runNode(node)), ...(await runBrowser(browser))];
  if (broken.length > 0) {
    console.error('These tests fail with all guards in place, so they show nothing:');
    for (const name of broken) console.error(`  ${name}`);
    return false;
  }
  const results: {name: string; what: string; failing: string[]}[] = [];
  for (const {name, what, file, original, changed, node = [], browser = []} of guards) {
    writeFileSync(path.join(copy, file), changed);
    const failing = [...(await runNode(node)), ...(await runBrowser(browser))];
    writeFileSync(path.join(copy, file), original);
    results.push({name, what, failing});
    console.log(`${failing.length > 0 ? '✔' : '✖'} ${name}: ${failing.length} tests fail`);
  }

  console.log('\n| guard | what it protects | without it | for example |');
  console.log('| --- | --- | --- | --- |');
  for (const {name, what, failing} of results) {
    const example = failing[0]?.replaceAll('|', '\\|') ?? '';
    console.log(`| ${name} | ${what} | ${failing.length} tests fail | ${example} |`);
  }
  const unnoticed = results.filter(({failing}) => failing.length === 0).map(({name}) => name);
  console.log(
    unnoticed.length === 0
      ? `\nTests fail without each of ${results.length} guards`
      : `\nNo test fails without these guards: ${unnoticed.join(', ')}`,
  );
  return unnoticed.length === 0;
}

function runNode(files: string[]): Promise<string[]> {
  const reporter = ['--test-reporter=./guards-reporter.mjs', '--test-timeout=60000'];
  return failures(['--import', 'tsx', '--test', ...reporter], files);
}

function runBrowser(files: string[]): Promise<string[]> {
  const wtr = path.join(copy, 'node_modules/@web/test-runner/dist/bin.js');
  const args = [wtr, '--config', 'guards-wtr.config.mjs', '--files'];
  return failures(args, files, {BROWSERS: 'chromium'});
}

/** The names of the failing tests. Rejects if no test passes or fails: then nothing has run. */
function failures(args: string[], files: string[], env = {}): Promise<string[]> {
  if (files.length === 0) return Promise.resolve([]);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...args, ...files], {
      cwd: copy,
      env: {...process.env, ...env},
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: TIMEOUT_MS,
    });
    children.add(child);
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      children.delete(child);
      const failing = [...output.matchAll(/^FAIL (.*)$/gm)].map(([, name = '']) => name);
      const passing = output.match(/^PASS$/gm)?.length ?? 0;
      if (failing.length + passing > 0) resolve(failing);
      else
        reject(
          new Error(`No test ran (${signal ?? code}): ${files.join(' ')}\n${output}${errors}`),
        );
    });
  });
}
