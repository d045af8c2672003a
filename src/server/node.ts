import {fieldOf, ownFields} from './own-fields.js';

/** The part of `http.IncomingMessage` that is used; the requests of Express have the same shape. */
export interface NodeRequest {
  method?: string | undefined;
  url?: string | undefined;
  /** The URL before a router took its mount path off. */
  originalUrl?: string | undefined;
  headers: Record<string, string | string[] | undefined>;
  /** What a body parser has already read. */
  body?: unknown;
  socket: object;
  iterator(options: {destroyOnReturn: boolean}): AsyncIterator<Uint8Array>;
  resume(): unknown;
}

/** What is used of `http.ServerResponse` and `http2.Http2ServerResponse`. */
export interface NodeResponse {
  statusCode: number;
  setHeader(name: string, value: string | readonly string[]): unknown;
  /** The body is not optional: `end` of an HTTP/2 response does not take `undefined`. */
  end(body: Uint8Array): unknown;
}

/**
 * Turns a Fetch handler into a listener for `node:http` and a middleware for Express. The handler gets the
 * request of Node as its context. A body that a parser has already read is taken from `req.body`.
 */
export function toNodeHandler<Req extends NodeRequest>(
  handler: (request: Request, context: Req) => Promise<Response>,
): (req: Req, res: NodeResponse, next?: (error: unknown) => void) => Promise<void> {
  return async (req, res, next) => {
    try {
      await sendResponse(await answer(handler, req), res);
    } catch (error) {
      if (next) return next(error);
      res.statusCode = 500;
      res.end(new Uint8Array());
    }
  };
}

async function answer<Req extends NodeRequest>(
  handler: (request: Request, context: Req) => Promise<Response>,
  req: Req,
): Promise<Response> {
  let request;
  try {
    request = toRequest(req);
  } catch {
    // TRACE, for one: Node hands it over, and a Fetch request cannot have it.
    return new Response(null, ownFields({status: 400}));
  }
  return handler(request, req);
}

/** @param body what a parser has already read; by default `req.body` */
export function toRequest(req: NodeRequest, body: unknown = fieldOf(req, 'body')): Request {
  const headers = new Headers();
  const fields = ownFields(req.headers);
  for (const [name, value] of Object.entries(fields)) {
    // HTTP/2 keeps the method and the path in names that start with a colon.
    if (value === undefined || name.startsWith(':')) continue;
    for (const item of Array.isArray(value) ? value : [value]) headers.append(name, item);
  }
  const method = fieldOf(req, 'method') ?? 'GET';
  const init = ownFields<RequestInit & {duplex?: 'half'}>({method, headers});
  if (method !== 'GET' && method !== 'HEAD') {
    init.body = body === undefined ? toStream(req) : toBody(body);
    init.duplex = 'half';
  }
  return new Request(toUrl(req, fields), init);
}

function toUrl(req: NodeRequest, headers: NodeRequest['headers']): string {
  const host = headers['host'] ?? headers[':authority'] ?? 'localhost';
  const socket: {encrypted?: unknown} = req.socket;
  const protocol = fieldOf(socket, 'encrypted') ? 'https' : 'http';
  const path = fieldOf(req, 'originalUrl') ?? fieldOf(req, 'url') ?? '/';
  const url = `${protocol}://${String(host)}${path.startsWith('/') ? path : '/'}`;
  // Anyone can send a Host that is no host; it must end in an answer like every other request.
  return URL.canParse(url) ? url : `${protocol}://localhost/`;
}

function toBody(body: unknown): BodyInit {
  if (typeof body === 'string' || body instanceof Uint8Array) return body as BodyInit;
  try {
    return JSON.stringify(body);
  } catch {
    // Parsers read JSON that is nested too deeply to be written again. The handler refuses an empty body.
    return '';
  }
}

/** One chunk for each pull, so that a body nobody reads stays on the wire. */
function toStream(req: NodeRequest): ReadableStream<Uint8Array> {
  // The end of reading must not destroy the socket: the answer has yet to go through it.
  const chunks = req.iterator({destroyOnReturn: false});
  return new ReadableStream(
    ownFields<UnderlyingDefaultSource<Uint8Array>>({
      async pull(controller) {
        const chunk = await chunks.next();
        if (chunk.done) controller.close();
        else controller.enqueue(chunk.value);
      },
      async cancel() {
        await chunks.return?.();
        // What is left has to run off, or the connection cannot take another request.
        req.resume();
      },
    }),
    ownFields({highWaterMark: 0}),
  );
}

async function sendResponse(response: Response, res: NodeResponse): Promise<void> {
  // Before anything is set: a body that fails must leave neither headers nor cookies on the 500.
  const body = new Uint8Array(await response.arrayBuffer());
  res.statusCode = response.status;
  for (const [name, value] of response.headers) {
    if (name !== 'set-cookie') res.setHeader(name, value);
  }
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) res.setHeader('set-cookie', cookies);
  res.end(body);
}
