/**
 * Middleware for Web Test Runner: scripted endpoints over real HTTP, and pages with chosen response headers.
 *
 * `/__endpoint/:id` belongs to the one test that made up the id:
 *
 *   PUT    /__endpoint/:id/script              body: array of steps; a call takes one, the last one repeats
 *   PUT    /__endpoint/:id/cors                body: {origin, credentials?, allowHeaders?, exposeHeaders?}; also answers preflights
 *   POST   /__endpoint/:id/release             lets every call go on that waits at a step with `hold`
 *   GET    /__endpoint/:id/requests?atLeast=n&aborted=m
 *                                              what came in so far, as soon as there are n, and m of them were given up
 *   DELETE /__endpoint/:id                     forgets all of it and cuts what still hangs
 *   any    /__endpoint/:id/call/…              takes a step
 *
 * A step: {status = 200, headers, json | text, redirect, hold, delayMs, hang: 'headers' | 'body', cut: true | 'body'}
 *   redirect  a URL for `Location`, with status 302 where none is given
 *   hold      waits for `release` before it answers
 *   delayMs   answers that much later: for tests of time-outs; prefer `hold`
 *   hang      never answers, or sends the headers and half of the body and then nothing more
 *   cut       closes the connection without an answer, or ('body') within its body
 *
 * `GET /__page?header=Name: value&body=<html>&script=/path` (header and script may come several times) answers a document.
 *
 * `test/support/endpoint.ts` speaks all this for a test.
 */
import {once} from 'node:events';
import {setTimeout as delay} from 'node:timers/promises';

const CALL = /^\/__endpoint\/([\w-]+)(?:\/(script|cors|release|requests|call(?:\/.*)?))?$/;

export function endpoints() {
  const registry = new Map();

  return async (context, next) => {
    if (context.path === '/__page') return answerPage(context);
    if (!context.path.startsWith('/__endpoint/')) return next();

    const [, id, route] = CALL.exec(context.path) ?? [];
    const operation = `${context.method} ${route?.startsWith('call') ? 'call' : (route ?? '')}`;
    if (id && route?.startsWith('call')) {
      // The answer is written past Koa, whose own status, 404, the runner would report as a missing file.
      context.respond = false;
      context.status = 200;
      answerCall(context, registry.get(id)).catch(error => context.res.destroy(error));
      return;
    }

    const endpoint = registry.get(id) ?? createEndpoint();
    context.set('cache-control', 'no-store');
    switch (id && operation) {
      case 'PUT script':
        endpoint.steps = JSON.parse(await bodyOf(context.req));
        registry.set(id, endpoint);
        context.status = 204;
        return;
      case 'PUT cors':
        endpoint.cors = JSON.parse(await bodyOf(context.req));
        registry.set(id, endpoint);
        context.status = 204;
        return;
      case 'POST release':
        endpoint.release();
        context.status = 204;
        return;
      case 'GET requests':
        await endpoint.until(
          ({requests}) =>
            requests.length >= Number(context.query.atLeast ?? 0) &&
            requests.filter(({aborted}) => aborted).length >= Number(context.query.aborted ?? 0),
          context.req,
        );
        context.body = endpoint.requests.map(({response, ...request}) => request);
        return;
      case 'DELETE ':
        registry.delete(id);
        endpoint.requests.forEach(({response}) => response.destroy());
        context.status = 204;
        return;
      default:
        context.status = 404;
        context.body = `No such route for scripted endpoints: ${context.method} ${context.path}`;
    }
  };
}

function createEndpoint() {
  const waiting = new Set();
  const held = new Set();
  return {
    steps: [],
    cors: undefined,
    requests: [],

    /** To be called after every change to the requests. */
    changed() {
      for (const check of waiting) check();
    },

    /** Resolves as soon as the condition holds, or the one who waits has gone. */
    async until(condition, request) {
      if (condition(this)) return;
      await new Promise(resolve => {
        const check = () => {
          if (!condition(this) && !request.destroyed) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        request.once('close', check);
      });
    },

    release() {
      for (const resolve of held) resolve();
      held.clear();
    },

    released: () => new Promise(resolve => held.add(resolve)),
  };
}

async function answerCall(context, endpoint) {
  const {req, res} = context;
  if (!endpoint) {
    res.writeHead(500).end(`No script for ${context.path}: call script() first`);
    return;
  }
  const step = context.method === 'OPTIONS' ? {status: 204} : takeStep(endpoint);
  const request = await receive(context);
  endpoint.requests.push(request);
  endpoint.changed();
  res.once('close', () => {
    request.aborted = !res.writableFinished;
    endpoint.changed();
  });

  if (step.hold) await Promise.race([endpoint.released(), once(res, 'close')]);
  if (step.delayMs) await Promise.race([delay(step.delayMs), once(res, 'close')]);
  if (step.cut === true) req.socket.destroy();
  if (step.hang === 'headers' || res.destroyed) return;

  const {status, headers, body} = answerOf(step);
  res.writeHead(status, {...corsHeaders(endpoint.cors), ...headers});
  const half = body.slice(0, Math.ceil(body.length / 2));
  if (step.hang === 'body') res.write(half);
  else if (step.cut === 'body') res.write(half, () => req.socket.destroySoon());
  else res.end(body);
}

function takeStep({steps}) {
  const [step] = steps.length > 1 ? steps.splice(0, 1) : steps;
  return step ?? {status: 500, text: 'The script of this endpoint has no steps'};
}

function answerOf({status, headers, json, text, redirect}) {
  const isJson = json !== undefined;
  return {
    status: status ?? (redirect ? 302 : 200),
    headers: {
      'cache-control': 'no-store',
      ...(isJson ? {'content-type': 'application/json'} : {}),
      ...(redirect ? {location: redirect} : {}),
      ...headers,
    },
    body: isJson ? JSON.stringify(json) : (text ?? ''),
  };
}

function corsHeaders(cors) {
  if (!cors) return {};
  return {
    'access-control-allow-origin': cors.origin,
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': cors.allowHeaders ?? 'content-type',
    'access-control-expose-headers': cors.exposeHeaders ?? 'date, retry-after',
    ...(cors.credentials ? {'access-control-allow-credentials': 'true'} : {}),
    vary: 'origin',
  };
}

async function receive(context) {
  const {method, req, res} = context;
  const url = new URL(req.url, `http://${req.headers.host}`);
  return {
    method,
    path: url.pathname.replace(CALL, (_, id, route) => route.slice('call'.length)),
    query: url.search,
    headers: req.headers,
    body: await bodyOf(req),
    time: Date.now(),
    aborted: false,
    response: res,
  };
}

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function answerPage(context) {
  const parameters = context.URL.searchParams;
  for (const header of parameters.getAll('header')) {
    const colon = header.indexOf(':');
    context.set(header.slice(0, colon).trim(), header.slice(colon + 1).trim());
  }
  const scripts = parameters
    .getAll('script')
    .map(source => `<script type="module" src="${source}"></script>`);
  context.type = 'text/html; charset=utf-8';
  context.body = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Page</title></head><body>${
    parameters.get('body') ?? ''
  }${scripts.join('')}</body></html>`;
}
