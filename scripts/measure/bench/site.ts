import {randomUUID} from 'node:crypto';
import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import http from 'node:http';
import type {AddressInfo, Socket} from 'node:net';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {brotliCompressSync, gzipSync} from 'node:zlib';
import {build} from 'esbuild';

/*
 * Host pages on http://localhost, and the frames they show on http://127.0.0.1, which is another site to the browser. It
 * speaks the protocol of the emulator and does nothing else: signing tokens and keeping workspaces would add to every time.
 */

const root = path.resolve(import.meta.dirname, '../../..');
const REPORT_TIMEOUT_MS = 30_000;

export interface Page {
  head?: string;
  body: string;
}

export interface SiteOptions {
  /** Scripts below `/cdn/`, beside those of the element. */
  files?: Record<string, string>;
  /** Host pages, by name; the query of the address is theirs. */
  pages: Record<string, (query: URLSearchParams) => Page>;
  /** What frames show, by name. `workspace` is where launch URLs lead. */
  frames: Record<string, (query: URLSearchParams) => Page>;
}

export interface Site {
  hostOrigin: string;
  frameOrigin: string;
  pageUrl: (name: string, query?: Record<string, string | number>) => string;
  /** An address for a page to report at, and what it reports there. */
  report: <Report>() => {id: string; arrives: Promise<Report>};
  /** Requests for a session since the start. */
  sessionRequests: () => number;
  close: () => Promise<void>;
}

export const CDN = {
  classic: 'meshes-workspace.iife.min.js',
  module: 'meshes-workspace.min.js',
} as const;

/** The classic file without something that makes it faster, to show by how much. */
export const VARIANTS = {
  withoutHint: 'without-hint.js',
  skeletonAtOnce: 'skeleton-at-once.js',
} as const;

const LONG = 'public, max-age=3600';

export async function startSite({pages, frames, files: more = {}}: SiteOptions): Promise<Site> {
  const files = new Map<string, Uint8Array>();
  for (const name of Object.values(CDN)) {
    files.set(`/cdn/${name}`, readFileSync(path.join(root, 'dist/cdn', name)));
  }
  const classic = readFileSync(path.join(root, 'dist/cdn', CDN.classic), 'utf8');
  files.set(`/cdn/${VARIANTS.withoutHint}`, without(classic, '//# allFunctionsCalledOnLoad\n'));
  // The second text is the delay of its blocks' pulse.
  files.set(
    `/cdn/${VARIANTS.skeletonAtOnce}`,
    without(classic, 'animation:appear 0s .2s backwards', ' .2s'),
  );

  for (const [name, code] of Object.entries(more)) files.set(`/cdn/${name}`, Buffer.from(code));

  // As a CDN serves them: on a slow network, the size decides.
  const compressed = new Map(
    [...files].map(([name, code]) => [name, {br: brotliCompressSync(code), gzip: gzipSync(code)}]),
  );

  const reports = new Map<string, (report: unknown) => void>();
  let sessions = 0;
  let frameOrigin = '';
  /** Times that connections to the frame's origin take to be set up, by the address that asks for it. */
  const slow = {ms: 0};

  const serve = async (request: http.IncomingMessage, response: http.ServerResponse) => {
    const url = new URL(request.url!, `http://${request.headers.host}`);
    const {pathname, searchParams: query} = url;
    const answer = (type: string, body: string | Uint8Array, headers = {}) => {
      response.writeHead(200, {'content-type': type, 'cache-control': 'no-store', ...headers});
      response.end(body);
    };
    const [, kind = '', name = ''] = pathname.split('/');
    const file = compressed.get(pathname);
    if (file) {
      await sleepFor(query.get('latency'));
      const encoding = /\bbr\b/.test(request.headers['accept-encoding'] ?? '') ? 'br' : 'gzip';
      return answer('text/javascript; charset=utf-8', file[encoding], {
        'cache-control': LONG,
        'content-encoding': encoding,
      });
    }
    if (kind === 'pages' && pages[name]) {
      slow.ms = Number(query.get('connection') ?? 0);
      return answer('text/html; charset=utf-8', html(pages[name](query)));
    }
    if (kind === 'frames' && frames[name]) {
      await sleepFor(query.get('latency'));
      return answer('text/html; charset=utf-8', html(frames[name](query)));
    }
    if (pathname === '/session') {
      const {session_id: sessionId} = JSON.parse((await textOf(request)) || '{}');
      sessions += 1;
      const id = String(sessions);
      await sleepFor(query.get('latency'));
      const launch = new URLSearchParams({
        launch: id,
        latency: query.get('frame') ?? query.get('latency') ?? '0',
      });
      return answer(
        'application/json',
        JSON.stringify({
          session_id: sessionId ?? `sess_${id}`,
          access_token: `token-${id}`,
          expires_in: 1_800,
          launch_url: `${frameOrigin}/frames/workspace?${launch}`,
        }),
      );
    }
    if (kind === 'report') {
      const report: unknown = JSON.parse(await textOf(request));
      reports.get(name)?.(report);
      reports.delete(name);
      response.writeHead(204).end();
      return;
    }
    response.writeHead(pathname === '/favicon.ico' ? 204 : 404).end();
  };

  const server = http.createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });
  const frameServer = http.createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  // Nothing is read from a new connection for so long, as if its round trips were under way.
  frameServer.on('connection', (socket: Socket) => {
    if (slow.ms === 0) return;
    socket.pause();
    setTimeout(() => socket.resume(), slow.ms);
  });
  for (const each of [server, frameServer]) {
    each.keepAliveTimeout = 120_000;
    each.listen(0);
    await once(each, 'listening');
  }
  const portOf = (each: http.Server) => (each.address() as AddressInfo).port;
  const hostOrigin = `http://localhost:${portOf(server)}`;
  frameOrigin = `http://127.0.0.1:${portOf(frameServer)}`;

  return {
    hostOrigin,
    frameOrigin,
    pageUrl: (name, query = {}) => {
      const search = new URLSearchParams(
        Object.entries(query).map(([key, value]) => [key, String(value)]),
      );
      return `${hostOrigin}/pages/${name}?${search}`;
    },
    report: <Report>() => {
      const id = randomUUID();
      const arrives = new Promise<Report>((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error('The page has reported nothing.')),
          REPORT_TIMEOUT_MS,
        );
        reports.set(id, report => {
          clearTimeout(timer);
          resolve(report as Report);
        });
      });
      // A caller that awaits it receives the rejection. Until then, nobody handles it.
      arrives.catch(() => {});
      return {id, arrives};
    },
    sessionRequests: () => sessions,
    close: async () => {
      for (const each of [server, frameServer]) {
        each.closeAllConnections();
        each.close();
        await once(each, 'close');
      }
    },
  };
}

/** The code without these texts, each of which must be in it. */
function without(code: string, ...texts: string[]): Uint8Array {
  return Buffer.from(
    texts.reduce((rest, text) => {
      if (!rest.includes(text)) throw new Error(`The CDN file has no ${text.trim()}.`);
      return rest.replace(text, '');
    }, code),
  );
}

function html({head = '', body}: Page): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Bench</title><link rel="icon" href="data:,">${head}</head><body>${body}</body></html>`;
}

function sleepFor(ms: string | null): Promise<unknown> | null {
  return Number(ms) > 0 ? sleep(Number(ms)) : null;
}

async function textOf(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** A script of a page, bundled and minified. */
export async function bundleScript(file: string): Promise<string> {
  const {outputFiles} = await build({
    entryPoints: [path.join(import.meta.dirname, file)],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    logLevel: 'error',
  });
  return outputFiles[0]!.text;
}

/** The same, to stand in the page: a request of its own would add to what is measured. */
export async function script(file: string): Promise<string> {
  return `<script>${(await bundleScript(file)).replaceAll('</script', '<\\/script')}</script>`;
}
