import {Hono} from 'hono';
import {cors} from 'hono/cors';
import * as z from 'zod/mini';
import {invalid} from './api-error.js';
import type {SessionSelector} from './model/sessions.js';
import type {Env} from './server-app.js';
import type {EmulatorState} from './state.js';
import {readJson, validate} from './validate.js';
import {isoTime} from './wire.js';

/** Mounted at `/__emulator`: what a test or a demo turns, and Meshes itself does not have. */
export const createControlApi = (state: EmulatorState): Hono<Env> => {
  const {clock, sessions, faults, requests} = state;
  const api = new Hono<Env>();
  // Open on purpose: a demo page of any origin turns the knobs, and nothing here is worth hiding.
  api.use('*', cors());

  api.get('/state', c => {
    const selector = toSelector(validate(selectorSchema, c.req.query(), invalid));
    return c.json({
      now: isoTime(clock.now()),
      clock_offset_ms: clock.offsetMs,
      requests: requests.counts(),
      faults: faults.list().map(fault => toWire(fault)),
      lifetimes: sessions
        .lifetimes()
        .map(({selector, lifetimes}) => toWire({...selector, ...lifetimes})),
      sessions: sessions.list(selector).map(session => ({
        session_id: session.id,
        external_user_id: session.externalUserId,
        workspace_id: session.workspaceId,
        role: session.role,
        session_type: session.sessionType,
        status: session.status,
        expires_at: isoTime(session.expiresAt),
        is_expired: session.expiresAt <= clock.now(),
        launches: session.launches,
        refreshes: session.refreshes,
      })),
    });
  });

  api.post('/reset', c => {
    state.reset();
    return c.json({reset: true});
  });

  api.put('/clock', async c => {
    const {offset_ms} = validate(clockSchema, await readJson(c), invalid);
    clock.setOffset(offset_ms);
    return c.json({now: isoTime(clock.now()), clock_offset_ms: clock.offsetMs});
  });

  api.put('/lifetimes', async c => {
    const body = validate(lifetimesSchema, await readJson(c), invalid);
    sessions.setLifetimes(toSelector(body), {
      accessTokenSeconds: body.access_token_seconds,
      launchTokenSeconds: body.launch_token_seconds,
    });
    return c.json(body);
  });
  api.delete('/lifetimes', c => {
    sessions.clearLifetimes(toSelector(validate(selectorSchema, c.req.query(), invalid)));
    return c.body(null, 204);
  });

  api.post('/faults', async c => {
    const body = validate(faultSchema, await readJson(c), invalid);
    const fault = faults.add({
      route: body.route,
      status: body.status,
      delayMs: body.delay_ms,
      retryAfter: body.retry_after === undefined ? undefined : String(body.retry_after),
      headers: body.headers,
      body: body.body,
      disconnect: body.disconnect,
      count: body.count,
      sessionId: body.session_id,
      externalUserId: body.external_user_id,
      workspaceId: body.workspace_id,
    });
    return c.json(toWire(fault), 201);
  });
  api.get('/faults', c => c.json({faults: faults.list().map(fault => toWire(fault))}));
  api.delete('/faults', c => {
    const query = validate(faultScopeSchema, c.req.query(), invalid);
    const removed = faults.clear({...toSelector(query), workspaceId: query.workspace_id});
    return c.json({removed});
  });
  api.delete('/faults/:id', c => c.json({removed: faults.clear({id: c.req.param('id')})}));

  api.post('/sessions/expire', async c => {
    const body = validate(expireSchema, await readJson(c), invalid);
    return c.json({count: sessions.expire(toSelector(body), body.what ?? 'token')});
  });
  api.post('/sessions/revoke', async c => {
    const selected = sessions.list(
      toSelector(validate(selectorSchema, await readJson(c), invalid)),
    );
    for (const session of selected) sessions.revoke(session.id);
    return c.json({count: selected.length});
  });

  return api;
};

const filled = z.string().check(z.minLength(1));
const selectorFields = {session_id: z.optional(filled), external_user_id: z.optional(filled)};
const selectorSchema = z.strictObject(selectorFields);
const faultScopeSchema = z.strictObject({...selectorFields, workspace_id: z.optional(filled)});
const seconds = z.int().check(z.gte(1), z.lte(86_400));

const clockSchema = z.strictObject({
  offset_ms: z.int('must be an integer in milliseconds.'),
});

const lifetimesSchema = z.strictObject({
  ...selectorFields,
  access_token_seconds: z.optional(seconds),
  launch_token_seconds: z.optional(seconds),
});

const expireSchema = z.strictObject({
  ...selectorFields,
  what: z.optional(z.enum(['token', 'session'], 'must be token or session.')),
});

const faultSchema = z.strictObject({
  ...selectorFields,
  workspace_id: z.optional(filled),
  route: z
    .string()
    .check(
      z.regex(
        /^(?:\*|GET|POST|PUT|PATCH|DELETE) \/\S*$/,
        'must be a method (or *) and a path, as "POST /api/v1/events".',
      ),
    ),
  status: z.optional(z.int().check(z.gte(200), z.lte(599))),
  delay_ms: z.optional(z.int().check(z.gte(0), z.lte(600_000))),
  retry_after: z.optional(z.union([z.string(), z.number()])),
  headers: z.optional(z.record(z.string(), z.string())),
  body: z.optional(z.string()),
  disconnect: z.optional(z.boolean()),
  count: z.optional(z.int().check(z.gte(1))),
});

const toSelector = (body: z.infer<typeof selectorSchema>): SessionSelector => ({
  sessionId: body.session_id,
  externalUserId: body.external_user_id,
});

/** The same object with its names in snake case, as everything on the wire has them. */
const toWire = (value: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`),
      field as unknown,
    ]),
  );
