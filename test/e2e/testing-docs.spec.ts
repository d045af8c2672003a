/** The Playwright samples of the testing pages pass as they are, in two workers, and their steps have names in the report. */
import {spawn} from 'node:child_process';
import {mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from '@playwright/test';
import {page, root} from '../docs/support/markdown.js';
import {reservePort} from '../support/reserved-port.js';

/** The host application of the samples, with a backend: `server.js` of the second sample, and the `webServer` of the first. */
const SERVER = `
import {readFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {fileURLToPath} from 'node:url';
import {createMeshesServer} from 'meshes-workspace/server';
import {toNodeHandler} from 'meshes-workspace/server/node';

const {env} = process;
const element = readFileSync(fileURLToPath(import.meta.resolve('meshes-workspace/cdn/meshes-workspace.iife.min.js')));
const {handler} = createMeshesServer({
  credentials: () => ({
    organizationId: env.MESHES_ORGANIZATION_ID,
    accessKey: env.MESHES_ACCESS_KEY,
    secretKey: env.MESHES_SECRET_KEY,
  }),
  authorize: () => ({userId: 'ada', workspaceId: env.MESHES_WORKSPACE_ID, role: 'admin'}),
  baseUrl: env.MESHES_API_URL,
});
const handle = toNodeHandler(handler);
createServer((request, response) => {
  if (request.url.startsWith('/api/meshes/session')) return handle(request, response);
  const isScript = request.url === '/element.js';
  response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
  response.end(isScript ? element : '<!doctype html><title>Host</title><script src="/element.js"></script><meshes-workspace token-endpoint="/api/meshes/session"></meshes-workspace>');
}).listen(Number(env.PORT), 'localhost', function () {
  console.log('http://localhost:' + this.address().port);
});
`;

interface Result {
  readonly title: string;
  readonly ok: boolean;
  readonly tests: readonly {
    readonly results: readonly {readonly steps?: readonly {title: string}[]}[];
  }[];
}
interface Suite {
  readonly suites?: readonly Suite[];
  readonly specs?: readonly Result[];
}

const resultsOf = ({suites = [], specs = []}: Suite): Result[] => [
  ...specs,
  ...suites.flatMap(resultsOf),
];

test('the Playwright samples of the testing pages pass', async ({
  browserName,
  launchOptions,
  channel,
}) => {
  test.setTimeout(120_000);
  // Inside the package, so that its name resolves. Each engine has its own, because they run side by side.
  const folder = path.join(root, `.cache/testing-docs-${browserName}`);
  const {port, release} = await reservePort();
  rmSync(folder, {recursive: true, force: true});
  mkdirSync(folder, {recursive: true});
  const samples = ['docs/testing.md', 'docs/testing-reference.md']
    .flatMap(name => page(name).samples)
    .filter(({title}) => title?.endsWith('.spec.ts'));
  for (const {title, code} of samples) writeFileSync(path.join(folder, title!), code);
  writeFileSync(path.join(folder, 'server.js'), SERVER);
  const config = {
    workers: 2,
    fullyParallel: true,
    reporter: [['json', {outputFile: path.join(folder, 'report.json')}]],
    outputDir: path.join(folder, 'results'),
    use: {baseURL: `http://localhost:${port}`, browserName, launchOptions, channel},
    webServer: {command: 'node server.js', env: {PORT: String(port)}, port},
  };
  writeFileSync(
    path.join(folder, 'playwright.config.ts'),
    `import {defineConfig} from '@playwright/test';\nexport default defineConfig(${JSON.stringify(config)});\n`,
  );
  const output: string[] = [];
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(TEST_|PW_|PLAYWRIGHT_)/.test(name)),
  );
  const child = spawn('npx', ['playwright', 'test', '--config', 'playwright.config.ts'], {
    cwd: folder,
    env,
  });
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', data => output.push(String(data)));
  const code = await new Promise(resolve => child.once('close', resolve));
  expect(code, output.join('')).toBe(0);

  const results = resultsOf(
    JSON.parse(readFileSync(path.join(folder, 'report.json'), 'utf8')) as Suite,
  );
  expect(results.filter(({ok}) => ok)).toHaveLength(3);
  const steps = results.flatMap(({tests}) =>
    tests.flatMap(one =>
      one.results.flatMap(({steps: taken = []}) => taken.map(({title}) => title)),
    ),
  );
  for (const step of [
    'meshes.ready()',
    'meshes.emit(order.shipped)',
    'meshes.fail(/api/meshes/session, 401)',
  ]) {
    expect(steps).toContain(step);
  }
  rmSync(folder, {recursive: true, force: true});
  await release();
});
