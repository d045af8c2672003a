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

const SESSION = [
  'test/session/workspace-session.test.ts',
  'test/session/workspace-session-faults.test.ts',
  'test/session/flight.test.ts',
];

/**
 * What each guard is, how it is taken away (exact text → what takes its place), and the tests that have to notice: files for
 * node:test, files for @web/test-runner in Chromium.
 */
const GUARDS = [
  {
    name: 'source',
    what: 'a message counts only from the window of the frame',
    file: 'src/frame/window-port.ts',
    from: 'receivers.get(source)?.receive(origin, data);',
    to: 'for (const {receive} of [...receivers.values()]) receive(origin, data);',
    browser: ['test/attacks/senders.browser.ts'],
  },
  {
    name: 'origin',
    what: 'a message counts only from the exact origin of the launch',
    file: 'src/frame/frame-channel.ts',
    from: 'if (sender !== origin) {',
    to: 'if (sender === undefined) {',
    node: ['test/frame/frame-channel.test.ts', 'test/reliability/figures.test.ts'],
    browser: ['test/attacks/navigation.browser.ts'],
  },
  {
    name: 'schema',
    what: 'a message counts only in a published form',
    file: 'src/frame/frame-channel.ts',
    from: 'const message = parseMessage(data);',
    to: 'const message = (parseMessage(data) ?? data) as FrameMessage;',
    node: ['test/frame/frame-channel.test.ts'],
    browser: ['test/attacks/data.browser.ts'],
  },
  {
    name: 'target-origin',
    what: 'a token is posted to the exact origin of the launch',
    file: 'src/frame/window-port.ts',
    from: 'frame.contentWindow?.postMessage(message, origin);',
    to: "frame.contentWindow?.postMessage(message, origin && '*');",
    browser: ['test/attacks/navigation.browser.ts'],
  },
  {
    name: 'single-flight',
    what: 'one request for a token at a time',
    file: 'src/session/workspace-session.ts',
    from: 'if (this.#flight) return this.#flight.flight.nudge();',
    to: '',
    node: [...SESSION, 'test/reliability/figures.test.ts'],
  },
  {
    name: 'disposal',
    what: 'the end of a session ends all that hangs on it',
    file: 'src/session/workspace-session.ts',
    from: "[this.#snapshot] = transition(this.#snapshot, {type: 'dispose'});\n    this.#controller.abort();\n    this.#flight?.controller.abort();",
    to: "[this.#snapshot] = transition(this.#snapshot, {type: 'dispose'});",
    node: ['test/session/workspace-session.test.ts', 'test/reliability/figures.test.ts'],
  },
  {
    name: 'late-answers',
    what: 'the answer to a request that is no longer wanted is dropped',
    file: 'src/session/flight.ts',
    from: 'const outcome = await this.#attempt(timeoutMs);\n      if (signal.aborted) return;',
    to: 'const outcome = await this.#attempt(timeoutMs);',
    node: SESSION,
  },
  {
    name: 'clamp',
    what: 'the height of the frame stays between its bounds',
    file: 'src/element/frame-height.ts',
    from: 'return Math.max(min, Math.min(max, Math.ceil(contentHeight)));',
    to: 'return max > min ? Math.ceil(contentHeight) : min;',
    browser: ['test/element/sizing.browser.ts', 'test/attacks/data.browser.ts'],
  },
  {
    name: 'rate-limit',
    what: 'early requests of the frame go through the token bucket',
    file: 'src/session/workspace-session.ts',
    from: 'if (!early) return serve();',
    to: 'if (!early || event) return serve();',
    node: ['test/session/workspace-session.test.ts', 'test/reliability/figures.test.ts'],
  },
  {
    name: 'request-timeout',
    what: 'a request that stalls is given up',
    file: 'src/session/flight.ts',
    from: 'const cancelTimer = after(clock, timeoutMs, signal, timeOut);',
    to: 'const cancelTimer = timeOut && timeoutMs ? () => {} : after(clock, 0, signal, timeOut);',
    node: ['test/session/flight.test.ts', 'test/reliability/figures.test.ts'],
  },
  {
    name: 'ready-timeout',
    what: 'a frame that never speaks is given up',
    file: 'src/session/launched-frame.ts',
    from: 'if (!this.#spoke) options.onTimeout(this.#timeoutError());',
    to: '',
    node: ['test/session/workspace-session.test.ts'],
  },
  {
    name: 'pin',
    what: 'embed-origin names the only origins of a launch',
    file: 'src/frame/launch-url.ts',
    from: 'if (pinned.length > 0 && !pinned.includes(origin)) {',
    to: 'if (pinned.length < 0) {',
    node: ['test/frame/launch-url.test.ts', 'test/reliability/figures.test.ts'],
    browser: ['test/attacks/injection.browser.ts'],
  },
  {
    name: 'own-origin',
    what: 'no frame is launched on the origin of the page',
    file: 'src/frame/launch-url.ts',
    from: 'if (origin === pageOrigin) {',
    to: 'if (origin === undefined) {',
    node: ['test/frame/launch-url.test.ts'],
    browser: ['test/attacks/injection.browser.ts'],
  },
  {
    name: 'session-id',
    what: 'a refresh counts only for the session that was asked for',
    file: 'src/session/token.ts',
    from: 'if (sessionId !== null && answeredId !== null && answeredId !== sessionId) {',
    to: 'if (sessionId !== null && answeredId === undefined) {',
    node: ['test/session/token.test.ts'],
    browser: ['test/attacks/account-switch.browser.ts'],
  },
  {
    name: 'redirects',
    what: 'a redirect is no answer',
    file: 'src/http/request-json.ts',
    from: "redirect: 'manual',",
    to: "redirect: 'follow',",
    node: ['test/http/request-json.test.ts', 'test/reliability/figures.test.ts'],
  },
];

const root = path.dirname(import.meta.dirname);
const TIMEOUT_MS = 5 * 60_000;
const COPIED = [
  'src',
  'test',
  '.config',
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
  // Patches that fit nothing prove nothing: find out before anything runs.
  for (const guard of guards) patched(guard);

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
    writeFileSync(file, patched(guard));
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

/** The file without the guard. */
function patched({name, file, from, to}) {
  const parts = readFileSync(path.join(copy, file), 'utf8').split(from);
  if (parts.length !== 2) {
    throw new Error(
      `The guard ${name} is ${parts.length - 1} times in ${file}, not once: mend .config/guards.mjs`,
    );
  }
  return parts.join(to);
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
