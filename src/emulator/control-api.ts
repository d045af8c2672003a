import {Hono} from 'hono';
import {cors} from 'hono/cors';
import * as z from 'zod/mini';
import {badRequest} from './api-error.js';
import {FAULT_ROUTE, FAULT_ROUTE_PROBLEM} from './control.js';
import type {EmulatorControl, SessionSelector} from './emulator-types.js';
import type {Env} from './server-app.js';
import {readJson, validate} from './validate.js';
import {isoTime, toWire} from './wire.js';

/** Creates the control of the emulator over HTTP, at `/__emulator`. Meshes itself has no equivalent. */
export const createControlApi = (control: EmulatorControl): Hono<Env> => {
  const api = new Hono<Env>();
  // Pages of any origin may call it, because demo pages control the emulator. It contains no secrets.
  api.use('*', cors());

  api.get('/state', c => {
    const selector = toSelector(validate(selectorSchema, c.req.query(), badRequest));
    const {now, clockOffsetMs, requests, faults, lifetimes, embed, sessions} =
      control.state(selector);
    return c.json({
      now: isoTime(now),
      clock_offset_ms: clockOffsetMs,
      requests,
      faults: faults.map(toWire),
      lifetimes: lifetimes.map(toWire),
      embed,
      sessions: sessions.map(session => ({
        ...toWire(session),
        expires_at: isoTime(session.expiresAt),
      })),
    });
  });

  api.post('/reset', c => {
    control.reset();
    return c.json({reset: true});
  });

  api.put('/clock', async c => {
    const {offset_ms} = validate(clockSchema, await readJson(c), badRequest);
    control.setClock(offset_ms);
    const {now, clockOffsetMs} = control.state();
    return c.json({now: isoTime(now), clock_offset_ms: clockOffsetMs});
  });

  api.put('/lifetimes', async c => {
    const body = validate(lifetimesSchema, await readJson(c), badRequest);
    control.setLifetimes(
      {
        accessTokenSeconds: body.access_token_seconds,
        launchTokenSeconds: body.launch_token_seconds,
      },
      toSelector(body),
    );
    return c.json(body);
  });
  api.delete('/lifetimes', c => {
    control.clearLifetimes(toSelector(validate(selectorSchema, c.req.query(), badRequest)));
    return c.body(null, 204);
  });

  api.put('/embed', async c =>
    c.json(control.setEmbed(validate(embedSchema, await readJson(c), badRequest))),
  );

  api.post('/faults', async c => {
    const body = validate(faultSchema, await readJson(c), badRequest);
    const fault = control.addFault({
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
  api.get('/faults', c => c.json({faults: control.faults().map(toWire)}));
  api.delete('/faults', c => {
    const query = validate(faultScopeSchema, c.req.query(), badRequest);
    const removed = control.clearFaults({...toSelector(query), workspaceId: query.workspace_id});
    return c.json({removed});
  });
  api.delete('/faults/:id', c => c.json({removed: control.clearFaults({id: c.req.param('id')})}));

  api.post('/sessions/expire', async c => {
    const body = validate(expireSchema, await readJson(c), badRequest);
    return c.json({count: control.expire(toSelector(body), body.what)});
  });
  api.post('/sessions/revoke', async c => {
    const body = validate(selectorSchema, await readJson(c), badRequest);
    return c.json({count: control.revoke(toSelector(body))});
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

const embedSchema = z.strictObject({
  oauth: z.optional(z.enum(['popup', 'redirect'], 'must be popup or redirect.')),
  confirm: z.optional(z.boolean('must be true or false.')),
});

const expireSchema = z.strictObject({
  ...selectorFields,
  what: z.optional(z.enum(['token', 'session'], 'must be token or session.')),
});

const faultSchema = z.strictObject({
  ...selectorFields,
  workspace_id: z.optional(filled),
  route: z.string().check(z.regex(FAULT_ROUTE, FAULT_ROUTE_PROBLEM)),
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
