import {randomUUID} from 'node:crypto';
import {once} from 'node:events';
import http from 'node:http';
import type {AddressInfo} from 'node:net';
import path from 'node:path';
import {build} from 'esbuild';
import {FAULTS, respond} from '../endpoint-faults.js';

/** The host page on `localhost`, the workspace on `127.0.0.1`: two sites to a browser, and one server. */
export interface Site {
  hostOrigin: string;
  /** Every access token begins with it. */
  canary: string;
  /** Address of a host page with these response headers. */
  pageUrl: (headers?: Record<string, string>, settings?: Record<string, string>) => string;
  /** What the page with this id reports of itself. */
  report: (id: string) => Promise<Report>;
  /** Where access tokens have come in with a request that may hold none, since the last time. */
  sightings: () => {channel: string; text: string}[];
  /** Requests that have not been answered yet. */
  open: () => number;
  close: () => Promise<void>;
}

export interface Report {
  id: string;
  end: string;
  uncaught: number;
}

export interface SiteOptions {
  /**
   * Keep connections. A browser repeats a request by itself at 408, and where a server closes a used connection without an answer.
   * No page sees that.
   */
  keepAlive?: boolean;
}

export async function startSite({keepAlive = true}: SiteOptions = {}): Promise<Site> {
  const scripts = new Map<string, string>(
    await Promise.all(
      ['page', 'workspace', 'hostile'].map(
        async name => [`/${name}.js`, await bundle(name)] as const,
      ),
    ),
  );
  const canary = `canary${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  const seen: {channel: string; text: string}[] = [];
  const posts = new Map<string, number>();
  const reports = new Map<string, (report: Report) => void>();
  let tokens = 0;
  let open = 0;

  const server = http.createServer((request, response) => {
    open += 1;
    response.shouldKeepAlive = keepAlive;
    response.once('close', () => (open -= 1));
    const url = new URL(request.url!, `http://${request.headers.host}`);
    const {referer = '', cookie = ''} = request.headers;
    const looked = {
      requests: decodeURIComponent(request.url!),
      referrers: referer,
      storage: cookie,
    };
    for (const [channel, text] of Object.entries(looked)) {
      if (text.includes(canary)) seen.push({channel, text});
    }
    const query = url.searchParams;
    const html = (script: string, headers: Record<string, string> = {}) => {
      response.writeHead(200, {'content-type': 'text/html; charset=utf-8', ...headers});
      response.end(
        `<!doctype html><html lang="en"><meta charset="utf-8"><title>Page</title><link rel="icon" href="data:,"><body><script type="module" src="${script}"></script></body></html>`,
      );
    };
    const script = scripts.get(url.pathname);
    if (script !== undefined) {
      // A page with Cross-Origin-Embedder-Policy may load it, too.
      response.writeHead(200, {
        'content-type': 'text/javascript',
        'cross-origin-resource-policy': 'cross-origin',
      });
      response.end(script);
    } else if (url.pathname === '/page') {
      html('/page.js', Object.fromEntries(query.getAll('header').map(splitHeader)));
    } else if (url.pathname === '/workspace') {
      const isolated = {
        'cross-origin-embedder-policy': 'require-corp',
        'cross-origin-resource-policy': 'cross-origin',
      };
      html('/workspace.js', query.has('isolated') ? isolated : {});
    } else if (url.pathname === '/session') {
      let body = '';
      request.on('data', chunk => (body += String(chunk)));
      request.once('end', () => {
        const key = query.get('key') ?? '';
        posts.set(key, (posts.get(key) ?? 0) + 1);
        const fault = query.get('fault');
        if (fault) return respond(response, fault, canary);
        const {session_id: sessionId} = JSON.parse(body || '{}') as {session_id?: string};
        tokens += 1;
        const launch = new URLSearchParams({launch: String(tokens), key});
        if (query.has('isolated')) launch.set('isolated', '');
        if (query.has('mute')) launch.set('mute', '');
        const {port} = server.address() as AddressInfo;
        response.writeHead(200, {'content-type': 'application/json', 'cache-control': 'no-store'});
        response.end(
          JSON.stringify({
            session_id: sessionId ?? `session-${key}-${tokens}`,
            access_token: `${canary}-${key}-${tokens}`,
            expires_in: Number(query.get('seconds') ?? 1_800),
            launch_url: `http://127.0.0.1:${port}/workspace?${launch.toString()}`,
          }),
        );
      });
    } else if (url.pathname === '/report') {
      let body = '';
      request.on('data', chunk => (body += String(chunk)));
      request.once('end', () => {
        const report = JSON.parse(body) as Report;
        reports.get(report.id)?.(report);
        response.writeHead(204).end();
      });
    } else if (url.pathname === '/posts') {
      response.writeHead(200, {'content-type': 'application/json'});
      response.end(JSON.stringify(posts.get(query.get('key') ?? '') ?? 0));
    } else if (url.pathname === '/faults') {
      response.writeHead(200, {'content-type': 'application/json'});
      response.end(JSON.stringify(Object.keys(FAULTS)));
    } else {
      response.writeHead(404).end();
    }
  });
  server.listen(0);
  await once(server, 'listening');
  const {port} = server.address() as AddressInfo;
  const hostOrigin = `http://localhost:${port}`;
  return {
    hostOrigin,
    canary,
    pageUrl: (headers = {}, settings = {}) => {
      const query = new URLSearchParams(settings);
      for (const [name, value] of Object.entries(headers)) {
        query.append('header', `${name}: ${value}`);
      }
      return `${hostOrigin}/page?${query.toString()}`;
    },
    report: id => new Promise(resolve => reports.set(id, resolve)),
    sightings: () => seen.splice(0),
    open: () => open,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function splitHeader(header: string): [string, string] {
  const colon = header.indexOf(':');
  return [header.slice(0, colon), header.slice(colon + 1).trim()];
}

async function bundle(name: string): Promise<string> {
  const {outputFiles} = await build({
    entryPoints: [path.join(import.meta.dirname, `${name}.ts`)],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    // Lit's development build says so in the console.
    conditions: ['production'],
    logLevel: 'silent',
  });
  return outputFiles[0]!.text;
}
