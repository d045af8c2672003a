/** The applications in docs/backends, and how to run them with changes. */
import {execFile} from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import {promisify} from 'node:util';
import {findLanguage, type Language} from '../../support/languages.mjs';
import type {RawRequest} from './raw-http.js';
import type {StartEndpoint} from './session-endpoint.js';
import {credentials, workspaceId} from './site.js';
import {type SpawnedServer, spawnServer} from './spawned-server.js';

const root = path.resolve(import.meta.dirname, '../../..');

export interface SampleApp {
  language: Language;
  /** Below docs/backends. */
  folder: string;
  /** Compiles the files in `folder`. Tests that run at the same time must get their answers meanwhile. */
  build?: (folder: string) => Promise<unknown>;
  /**
   * The command that runs the application. `{port}` is replaced.
   *
   * @param controlled runs it with the files of test/server/samples: tests control its clock and the rights of its users
   */
  run: (controlled: boolean) => [command: string, ...args: string[]];
  env?: Record<string, string>;
  /** Where the application logs, besides its output. */
  logFile?: string;
  /** What the HTTP server logs of requests that never reach the application. */
  serverLog?: RegExp;
  /** The HTTP server reads the whole body before the application is called. */
  readsBodyFirst?: boolean;
  /** Adds what the framework asks of a page. */
  prepare?: (request: RawRequest) => RawRequest;
  /** Options of check-endpoint that the framework needs. */
  checkOptions?: readonly string[];
}

/** A token of Django's CSRF layer is valid if the cookie and the header agree. */
const CSRF_TOKEN = 'c'.repeat(64);
const withCsrfToken = ({headers = {}, ...request}: RawRequest): RawRequest => ({
  ...request,
  headers: {
    'x-csrftoken': CSRF_TOKEN,
    ...headers,
    cookie: `${[headers['cookie'] ?? 'user=ada'].flat().join('; ')}; csrftoken=${CSRF_TOKEN}`,
  },
});

const gunicorn = (framework: Language, app: string): [string, ...string[]] => [
  findLanguage(framework) ?? 'python3',
  ...['-m', 'gunicorn', '--bind', '127.0.0.1:{port}', '--threads', '8'],
  ...['--graceful-timeout', '0', app],
];

export const SAMPLE_APPS: readonly SampleApp[] = [
  {
    language: 'Python with Flask',
    folder: 'python',
    run: controlled =>
      gunicorn('Python with Flask', controlled ? 'hostile_flask:application' : 'flask_app:app'),
  },
  {
    language: 'Python with Django',
    folder: 'python',
    run: controlled =>
      gunicorn('Python with Django', `${controlled ? 'hostile_django' : 'django_app'}:application`),
    env: {DJANGO_SECRET_KEY: 'only-for-tests'},
    prepare: withCsrfToken,
    checkOptions: [
      ...['--csrf-meta', 'csrf-token', '--csrf-header', 'X-CSRFToken'],
      ...['--page', '/integrations'],
    ],
  },
  {
    language: 'PHP',
    folder: 'php',
    // -q: the server of PHP would log addresses with their query strings.
    run: controlled => [
      ...(['php', '-q', '-d', 'error_log=log', '-S', '127.0.0.1:{port}'] as const),
      controlled ? 'hostile.php' : 'index.php',
    ],
    readsBodyFirst: true,
    logFile: 'log',
  },
  {
    language: 'Ruby',
    folder: 'ruby',
    run: controlled => [
      ...(['puma', '--bind', 'tcp://127.0.0.1:{port}', '--environment', 'production'] as const),
      controlled ? 'hostile.ru' : 'config.ru',
    ],
    readsBodyFirst: true,
    serverLog: /^.* HTTP parse error, malformed request.*$/gm,
  },
  {
    language: 'Go',
    folder: 'go',
    // `go run` would leave the application running when it is stopped. Without debugging data, it is built faster.
    build: folder =>
      promisify(execFile)('go', ['build', '-ldflags', '-s -w', '-o', 'app', '.'], {cwd: folder}),
    run: () => ['./app'],
  },
];

/** A change of one place in a sample. */
export interface Change {
  file: string;
  find: string;
  replace: string;
}

export interface SampleFolder {
  start: (options: {
    meshesUrl: string;
    env?: Record<string, string>;
    controlled?: boolean;
  }) => Promise<SpawnedServer>;
  remove: () => void;
}

/** Copies a sample, and changes the copy. It is built before its first start. */
export function copySample(app: SampleApp, changes: readonly Change[] = []): SampleFolder {
  const cache = path.join(root, '.cache');
  mkdirSync(cache, {recursive: true});
  const folder = mkdtempSync(path.join(cache, 'sample-'));
  cpSync(path.join(root, 'docs/backends', app.folder), folder, {recursive: true});
  cpSync(path.join(import.meta.dirname, '../samples', app.folder), folder, {recursive: true});
  for (const {file, find, replace} of changes) {
    const name = path.join(folder, file);
    const [before, after, ...more] = readFileSync(name, 'utf8').split(find);
    if (before === undefined || after === undefined || more.length > 0) {
      throw new Error(`${app.language}: ${file} must contain this text once: ${find}`);
    }
    writeFileSync(name, before + replace + after);
  }
  let built: Promise<unknown> | undefined;
  return {
    async start({meshesUrl, env = {}, controlled = false}) {
      await (built ??= app.build?.(folder));
      const [command, ...args] = app.run(controlled);
      const server = await spawnServer(command, args, {
        cwd: folder,
        env: {
          MESHES_API_URL: meshesUrl,
          MESHES_ORGANIZATION_ID: credentials.organizationId,
          MESHES_ACCESS_KEY: credentials.accessKey,
          MESHES_SECRET_KEY: credentials.secretKey,
          MESHES_WORKSPACE_ID: workspaceId,
          ...(controlled && {CONTROLLED: 'true'}),
          ...app.env,
          ...env,
        },
      });
      const log = () => (app.logFile ? readIfThere(path.join(folder, app.logFile)) : '');
      const written = () => server.output().replace(app.serverLog ?? '', '');
      return {...server, output: () => written() + log()};
    },
    remove: () => rmSync(folder, {recursive: true, force: true}),
  };
}

/** For the hostile cases. */
export function startControlled(app: SampleApp, folder: SampleFolder): StartEndpoint {
  return async ({meshesUrl, meshesTimeoutMs}) => {
    const env: Record<string, string> =
      meshesTimeoutMs === undefined ? {} : {MESHES_TIMEOUT: String(meshesTimeoutMs / 1000)};
    const {output, ...server} = await folder.start({meshesUrl, env, controlled: true});
    return {...server, log: output, ...app};
  };
}

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
