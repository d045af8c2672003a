import {setTimeout as delay} from 'node:timers/promises';
import {RESPONSE_ALREADY_SENT} from '@hono/node-server/utils/response';
import type {Context, MiddlewareHandler, Next} from 'hono';
import type {EndpointFault} from './fault-cases.js';
import type {HostEnv} from './visitors.js';

const SLOW_MS = 5000;
const PATIENCE_S = 60;

type Fault = (c: Context<HostEnv>, next: Next) => Promise<Response | undefined> | Response;

const refuse =
  (status: 401 | 403 | 404 | 410 | 429 | 500): Fault =>
  c =>
    c.json({title: 'The demo caused this failure.', status}, status);

/** Returns a session with another launch URL. */
const launching =
  (launchUrl: string): Fault =>
  c =>
    c.json({
      session_id: 'sess_of_a_fault',
      access_token: 'no-token',
      expires_in: 1800,
      launch_url: launchUrl,
    });

/** Causes the fault that the query of a request to a session endpoint names. */
export const injectNamedFault = (embedOrigin: string): MiddlewareHandler<HostEnv> => {
  const faults: Readonly<Record<EndpointFault, Fault>> = {
    'server-error': refuse(500),
    'rate-limited': c => {
      c.header('Retry-After', String(PATIENCE_S));
      return refuse(429)(c, () => Promise.resolve());
    },
    unauthorized: refuse(401),
    forbidden: refuse(403),
    html: c => c.html('<!doctype html><title>Sign in</title><h1>Sign in</h1>'),
    redirect: c => c.redirect('/contacts'),
    unreachable,
    slow,
    // The icon of the embed app. It loads, but sends no messages.
    'silent-frame': launching(`${embedOrigin}/favicon.ico`),
    'blocked-frame': launching('https://embed.example/workspace/dashboard'),
    revoked: refuse(410),
    gone: refuse(404),
    'other-session': c =>
      c.json({session_id: 'sess_of_somebody_else', access_token: 'no-token', expires_in: 1800}),
  };
  const named = new Map<string, Fault>(Object.entries(faults));
  return async (c, next) => {
    const name = c.req.query('fault');
    if (name === undefined) return next();
    const fault = named.get(name);
    return fault ? fault(c, next) : c.json({title: 'There is no such fault.', status: 400}, 400);
  };
};

export const unreachable: Fault = c => {
  c.env.incoming.socket.destroy();
  return RESPONSE_ALREADY_SENT;
};

export const slow: Fault = async (_, next) => {
  await delay(SLOW_MS, undefined, {ref: false});
  await next();
  return undefined;
};
