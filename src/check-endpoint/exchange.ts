import {type IncomingMessage, request as requestHttp} from 'node:http';
import {request as requestHttps} from 'node:https';

/** Longer bodies are truncated. The element reads 64 KiB. */
const MAX_BODY_BYTES = 256 * 1024;

/** Errors of an established connection. After any other error, there was no connection. */
const BROKEN = /^(ECONNRESET|EPIPE|ECONNABORTED|HPE_\w+)$/;

export interface HttpRequest {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body: string;
  timeoutMs: number;
  /** Announces this many bytes, and never sends the rest of them. */
  announcedBytes?: number;
}

export interface Answer {
  kind: 'answer';
  status: number;
  /** Names are in lower case. */
  headers: Record<string, string>;
  setCookies: string[];
  body: string;
  /** Whether the body was longer than 64 KiB. */
  isTooLong: boolean;
  durationMs: number;
}

export interface NoAnswer {
  kind: 'none';
  reason: 'timeout' | 'closed' | 'unreachable';
  /** Code of the error of Node, such as ECONNREFUSED. */
  code: string;
  durationMs: number;
}

export type Reply = Answer | NoAnswer;

/**
 * Sends one request on a new connection, and follows no redirect. Uses `node:http`, because `fetch` does not send every
 * header that a browser or an attacker can.
 */
export function exchange({
  url,
  method,
  headers,
  body,
  timeoutMs,
  announcedBytes,
}: HttpRequest): Promise<Reply> {
  const startedAt = performance.now();
  return new Promise(resolve => {
    const elapsed = () => Math.round(performance.now() - startedAt);
    const bytes = Buffer.from(body);
    const hasBody = bytes.length > 0 || !['GET', 'HEAD', 'OPTIONS'].includes(method);
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
      method,
      agent: false,
      headers: {
        ...headers,
        ...(hasBody && {'Content-Length': announcedBytes ?? bytes.length}),
        Connection: 'close',
      },
    });
    const finish = (reply: Reply) => {
      clearTimeout(timer);
      request.destroy();
      resolve(reply);
    };
    const fail = (reason: NoAnswer['reason'], code: string) =>
      finish({kind: 'none', reason, code, durationMs: elapsed()});
    const timer = setTimeout(() => fail('timeout', 'ETIMEDOUT'), timeoutMs);
    request.on('error', (error: NodeJS.ErrnoException) => {
      const code = error.code ?? 'unknown';
      fail(BROKEN.test(code) ? 'closed' : 'unreachable', code);
    });
    request.on('response', response => {
      const done = (text: string) =>
        finish({
          kind: 'answer',
          status: response.statusCode ?? 0,
          headers: joinHeaders(response),
          setCookies: response.headers['set-cookie'] ?? [],
          body: text,
          isTooLong: Buffer.byteLength(text) > 64 * 1024,
          durationMs: elapsed(),
        });
      readBody(response).then(done, () => fail('closed', 'ECONNRESET'));
    });
    if (announcedBytes === undefined) request.end(bytes);
    else request.write(bytes);
  });
}

async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_BODY_BYTES) break;
  }
  return Buffer.concat(chunks).toString();
}

function joinHeaders({headers}: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name !== 'set-cookie')
      .map(([name, value = '']) => [name, [value].flat().join(', ')]),
  );
}
