import {fieldOf, ownFields} from './own-fields.js';

/** The used part of `http.IncomingMessage`. The requests of Express have the same form. */
export interface NodeRequest {
  method?: string | undefined;
  url?: string | undefined;
  /** The URL before a router removed its mount path. */
  originalUrl?: string | undefined;
  headers: Record<string, string | string[] | undefined>;
  /** Body that a parser has already read. */
  body?: unknown;
  socket: object;
  iterator(options: {destroyOnReturn: boolean}): AsyncIterator<Uint8Array>;
  resume(): unknown;
}

/** The used part of `http.ServerResponse` and `http2.Http2ServerResponse`. */
export interface NodeResponse {
  statusCode: number;
  setHeader(name: string, value: string | readonly string[]): unknown;
  /** Its body is not optional, because `end` of an HTTP/2 response does not accept `undefined`. */
  end(body: Uint8Array): unknown;
}

/**
 * Returns a listener for `node:http` and middleware for Express that calls a Fetch handler. The context of the handler is the
 * request of Node. If a parser has already read the body, `req.body` is used.
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
    // A method that a Fetch request cannot have, for example TRACE.
    return new Response(null, ownFields({status: 400}));
  }
  return handler(request, req);
}

/** Converts a request of Node to a Fetch request. @param body the body, if a parser has already read it; default: `req.body` */
export function toRequest(req: NodeRequest, body: unknown = fieldOf(req, 'body')): Request {
  const headers = new Headers();
  const fields = ownFields(req.headers);
  for (const [name, value] of Object.entries(fields)) {
    // HTTP/2 has the method and the path in headers whose names start with a colon.
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
  // A client can send an invalid Host header. It must receive a response like any other request.
  return URL.canParse(url) ? url : `${protocol}://localhost/`;
}

function toBody(body: unknown): BodyInit {
  if (typeof body === 'string' || body instanceof Uint8Array) return body as BodyInit;
  try {
    return JSON.stringify(body);
  } catch {
    // A parser can read JSON that is nested too deeply for JSON.stringify. The handler refuses an empty body.
    return '';
  }
}

/** Converts the body to a stream, with one chunk for each pull, so that an unread body is not buffered. */
function toStream(req: NodeRequest): ReadableStream<Uint8Array> {
  // The socket must not be destroyed after reading: it is needed for the response.
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
        // The rest of the body must be read, or the connection cannot be reused.
        req.resume();
      },
    }),
    ownFields({highWaterMark: 0}),
  );
}

async function sendResponse(response: Response, res: NodeResponse): Promise<void> {
  // The body is read first: if it fails, the 500 must have neither the headers nor the cookies of the response.
  const body = new Uint8Array(await response.arrayBuffer());
  res.statusCode = response.status;
  for (const [name, value] of response.headers) {
    if (name !== 'set-cookie') res.setHeader(name, value);
  }
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) res.setHeader('set-cookie', cookies);
  res.end(body);
}
