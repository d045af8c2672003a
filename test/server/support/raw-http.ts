import {connect} from 'node:net';

/** One HTTP request, byte for byte: `fetch` refuses to send most of what an attacker can. */
export interface RawRequest {
  /** Default: POST. */
  method?: string;
  /** Default: the path of the session endpoint, with a query string that must not be found in logs. */
  path?: string;
  /** Override the headers of an honest request. `undefined` removes one, and an array repeats it. */
  headers?: Record<string, string | readonly string[] | undefined>;
  /** Default: `{}`. A value that is neither text nor bytes is sent as JSON. */
  body?: unknown;
}

export interface RawAnswer {
  status: number;
  /** Names are in lower case. */
  headers: Map<string, string>;
  body: string;
  /** Responses that arrived on the connection. */
  count: number;
}

export const SESSION_PATH = '/api/meshes/session';

/** A test with an answer that never comes fails after this time. */
const ANSWER_TIMEOUT_MS = 15_000;

/** What a page of the site at `origin` sends for the user ada, with the changes of `request`. */
export function encodeRequest(origin: string, request: RawRequest = {}): Buffer {
  const {method = 'POST', path = `${SESSION_PATH}?canary`, headers = {}, body = {}} = request;
  const content =
    body instanceof Uint8Array
      ? body
      : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const all: RawRequest['headers'] = {
    host: new URL(origin).host,
    'content-type': 'application/json',
    origin,
    cookie: 'user=ada',
    connection: 'close',
    'content-length': String(content.byteLength),
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value = []]) =>
    [value].flat().map(item => `${name}: ${item}`),
  );
  const head = [`${method} ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), content]);
}

/**
 * Sends bytes on a new connection, and reads until the server ends it.
 *
 * @param options.end ends the client's half of the connection after the bytes
 * @returns status 0 if the server closes the connection without an answer
 */
export function exchange(
  origin: string,
  bytes: Uint8Array,
  {end = false} = {},
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const {hostname, port} = new URL(origin);
    const chunks: Buffer[] = [];
    const socket = connect({host: hostname, port: Number(port)});
    socket.setTimeout(ANSWER_TIMEOUT_MS, () =>
      socket.destroy(new Error('The endpoint neither answered nor closed the connection.')),
    );
    socket.on('data', chunk => chunks.push(chunk));
    let failure: Error | undefined;
    socket.on('error', error => (failure = error));
    socket.on('close', () => {
      const text = Buffer.concat(chunks).toString();
      // A server may reset the connection after its answer if the client is still writing.
      if (text.startsWith('HTTP/')) resolve(parseAnswer(text));
      else if (failure && !isReset(failure)) reject(failure);
      else resolve({status: 0, headers: new Map(), body: '', count: 0});
    });
    if (end) socket.end(bytes);
    else socket.write(bytes);
  });
}

const isReset = ({code}: NodeJS.ErrnoException) => code === 'ECONNRESET' || code === 'EPIPE';

function parseAnswer(text: string): RawAnswer {
  const final = text.replace(/^HTTP\/1\.1 100 [^\r]*\r\n(?:[^\r]+\r\n)*\r\n/, '');
  const [head = '', ...rest] = final.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const status = Number(/^HTTP\/1\.[01] (\d{3}) /.exec(statusLine)?.[1]);
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [name = '', ...value] = line.split(':');
    headers.set(name.toLowerCase(), value.join(':').trim());
  }
  return {
    status,
    headers,
    body: rest.join('\r\n\r\n'),
    count: final.match(/HTTP\/1\.[01] \d{3} /g)?.length ?? 0,
  };
}
