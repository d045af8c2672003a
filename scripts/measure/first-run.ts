/**
 * `npm run first-run`: the commands of docs/testing.md in an empty folder, with the packed package: to a green Playwright test
 * of a small host application, and to a running emulator. Prints how long they take, and what else a server in Node takes to
 * start. Then runs both again without a network, where Linux can take it away.
 */
import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {page, root} from '../../test/docs/support/markdown.js';
import {reservePort} from '../../test/support/reserved-port.js';
import {findBrowsers} from '../../test/support/browsers.mjs';
import {packPackage} from '../../test/support/frameworks.mjs';

const STARTS = 3;
const COMMAND_TIMEOUT_MS = 4 * 60_000;

/** Durations in milliseconds. */
export interface FirstRun {
  /** With everything in npm's cache. */
  readonly install: number;
  readonly tests: number;
  /** To the first line of the output; the fastest of a few starts, which other work on the machine disturbs least. */
  readonly starts: {
    readonly npx: number;
    readonly node: number;
    readonly checkout: number;
    readonly bareServer: number;
  };
  /** `null`: this system cannot take the network away from a command. */
  readonly offline: {readonly tests: number; readonly start: number} | null;
}

const HOST = `import {readFileSync} from 'node:fs';
import {createServer} from 'node:http';

const element = readFileSync('node_modules/meshes-workspace/dist/cdn/meshes-workspace.iife.min.js');
createServer((request, response) => {
  const isScript = request.url === '/element.js';
  response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
  response.end(
    isScript
      ? element
      : '<!doctype html><title>Host</title><script src="/element.js"></script><meshes-workspace token-endpoint="/api/meshes/session"></meshes-workspace>',
  );
}).listen(Number(process.env.PORT), 'localhost');
`;

export async function measureFirstRun(): Promise<FirstRun> {
  const chromium = findBrowsers().chromium;
  if (!chromium) throw new Error('No Chromium was found.');
  const folder = mkdtempSync(path.join(os.tmpdir(), 'meshes-workspace-first-run-'));
  const {port, release} = await reservePort();
  try {
    const {samples} = page('docs/testing.md');
    // The second command downloads a browser: one is installed here.
    const [install, , test] = samples
      .find(({language}) => language === 'sh')!
      .code.trim()
      .split('\n');
    // An application has the package already: here, both are installed together.
    const withPackage = install!.replace(
      '@playwright/test',
      `${packPackage()} @playwright/test@${versionOf('@playwright/test')}`,
    );
    const quietly = `${withPackage} --no-audit --no-fund --loglevel error`;
    // Fills npm's cache.
    run(folder, quietly);
    rmSync(path.join(folder, 'node_modules'), {recursive: true});
    const installed = run(folder, `${quietly} --offline`);

    const spec = samples.find(({title}) => title === 'integrations.spec.ts')!;
    const config = {
      use: {baseURL: `http://localhost:${port}`, browserName: 'chromium', ...chromium},
      webServer: {command: 'node server.mjs', env: {PORT: String(port)}, port},
    };
    writeFileSync(path.join(folder, 'server.mjs'), HOST);
    writeFileSync(path.join(folder, spec.title!), spec.code);
    writeFileSync(
      path.join(folder, 'playwright.config.ts'),
      `export default ${JSON.stringify(config)};\n`,
    );

    const npx = 'npx meshes-workspace emulator --port 0';
    const cli = path.join(folder, 'node_modules/meshes-workspace/dist/cli.js');
    const tsx = fileURLToPath(import.meta.resolve('tsx/cli'));
    const source = path.join(root, 'src/cli.ts');
    return {
      install: installed,
      tests: run(folder, test!),
      starts: {
        npx: await startTime(folder, npx),
        node: await startTime(folder, `node ${cli} emulator --port 0`),
        checkout: await startTime(folder, `node ${tsx} ${source} emulator --port 0`),
        bareServer: await startTime(folder, `node -e "${BARE_SERVER}"`),
      },
      offline: canCutNetwork()
        ? {
            tests: run(folder, withoutNetwork(test!)),
            start: await startTime(folder, withoutNetwork(npx)),
          }
        : null,
    };
  } finally {
    rmSync(folder, {recursive: true, force: true});
    await release();
  }
}

const BARE_SERVER = `require('http').createServer().listen(0, () => console.log('listens'))`;

function versionOf(name: string): string {
  const {devDependencies} = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  return devDependencies[name]!;
}

/** What a developer's shell has, without the settings of the run that this is part of. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(npm_|NODE_|TEST_|PW_|PLAYWRIGHT_|INIT_CWD)/i.test(name),
  ),
);

/** Returns the time that the command took. */
function run(cwd: string, command: string): number {
  const startedAt = performance.now();
  const {status, stdout, stderr} = spawnSync(command, {
    cwd,
    env,
    shell: true,
    encoding: 'utf8',
    timeout: COMMAND_TIMEOUT_MS,
  });
  if (status !== 0) throw new Error(`"${command}" failed.\n${stdout}${stderr}`);
  return performance.now() - startedAt;
}

async function startTime(cwd: string, command: string): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < STARTS; index += 1) {
    const startedAt = performance.now();
    // A process group, because npx starts the emulator as a child.
    const child = spawn(command, {cwd, env, shell: true, detached: true, stdio: 'pipe'});
    let output = '';
    child.stderr.on('data', data => (output += String(data)));
    const listens = once(child.stdout, 'data').then(() => performance.now() - startedAt);
    const ended = once(child, 'close');
    const failed = ended.then(() => Promise.reject(new Error(`"${command}" ended.\n${output}`)));
    // It also rejects after the process was stopped.
    failed.catch(() => {});
    times.push(await Promise.race([listens, failed]));
    process.kill(-child.pid!, 'SIGTERM');
    await ended;
  }
  return Math.min(...times);
}

/** A network namespace has no interface but loopback. */
const withoutNetwork = (command: string): string =>
  `unshare --user --map-root-user --net sh -c 'ip link set lo up && exec ${command}'`;

const canCutNetwork = (): boolean =>
  spawnSync(withoutNetwork('true'), {shell: true, stdio: 'ignore'}).status === 0;

/** One line for each figure. */
export function describe({install, tests, starts, offline}: FirstRun): string[] {
  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
  const ratio = (ms: number): string => `${(ms / starts.bareServer).toFixed(1)} times as long`;
  return [
    `install, with npm's cache: ${seconds(install)}`,
    `npx playwright test: ${seconds(tests)}`,
    `both: ${seconds(install + tests)}`,
    `an HTTP server in Node that does nothing: ${Math.round(starts.bareServer)} ms`,
    `node …/cli.js emulator: ${Math.round(starts.node)} ms, ${ratio(starts.node)}`,
    `npx meshes-workspace emulator: ${Math.round(starts.npx)} ms, ${ratio(starts.npx)}`,
    `the same from a checkout, with tsx: ${Math.round(starts.checkout)} ms, ${ratio(starts.checkout)}`,
    offline
      ? `without a network: npx playwright test ${seconds(offline.tests)}, npx meshes-workspace emulator ${Math.round(offline.start)} ms`
      : 'without a network: not run, because this system has no unshare and ip',
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(describe(await measureFirstRun()).join('\n'));
}
