/** The pages of a built application: its files, or what its own server answers. */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {reservePort} from '../support/reserved-port.js';
import type {App} from './apps.js';
import {directoryOf} from './build.js';

const START_TIMEOUT_MS = 30_000;
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

interface Served {
  readonly origin?: string;
  close(): Promise<void>;
}

/** Starts the application's own server, where it has one. */
export async function serve(app: App): Promise<Served> {
  return app.server ? startServer(app.folder, app.server) : {close: () => Promise.resolve()};
}

type Pages = (pathname: string) => Response | undefined | Promise<Response>;

/** @param origin of its own server, where it has one */
export function pagesOf({folder}: App, origin: string | undefined): Pages {
  return origin === undefined
    ? pathname => readPage(folder, pathname)
    : pathname => askServer(origin, pathname);
}

function readPage(folder: string, pathname: string): Response | undefined {
  const built = path.join(directoryOf(folder), 'node_modules/.built');
  const file = path.join(built, pathname.endsWith('/') ? `${pathname}index.html` : pathname);
  if (!file.startsWith(built) || !existsSync(file) || !statSync(file).isFile()) return undefined;
  const type = TYPES[path.extname(file)] ?? 'application/octet-stream';
  return new Response(readFileSync(file), {headers: {'content-type': type}});
}

async function askServer(origin: string, pathname: string): Promise<Response> {
  const response = await fetch(`${origin}${pathname}`);
  const type = response.headers.get('content-type');
  return new Response(await response.arrayBuffer(), {
    status: response.status,
    headers: type ? {'content-type': type} : {},
  });
}

async function startServer(folder: string, server: readonly string[]): Promise<Served> {
  const cwd = directoryOf(folder);
  // Tools that refuse the Node that runs this have one of their own.
  const own = path.join(cwd, 'node_modules/node/bin/node');
  const {port, release} = await reservePort();
  const child = spawn(existsSync(own) ? own : process.execPath, [...server], {
    cwd,
    env: {...process.env, NODE_ENV: 'production', HOST: '127.0.0.1', PORT: String(port)},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', data => (output += String(data)));
  }
  const exited = once(child, 'exit');
  const close = async () => {
    child.kill();
    await exited;
    await release();
  };

  const origin = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await fetch(origin).catch(() => undefined))) {
    if (child.exitCode === null && Date.now() < deadline) {
      await delay(50);
      continue;
    }
    await close();
    throw new Error(`The server of ${folder} does not answer\n${output}`);
  }
  return {origin, close};
}
