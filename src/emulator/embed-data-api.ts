import {Hono, type Context} from 'hono';
import * as z from 'zod/mini';
import {invalid} from './api-error.js';
import {attemptsUntil, deliveryStatus} from './model/deliveries.js';
import {lockOf, permissionsOf, requirePage, requirePermission} from './model/permissions.js';
import {providers} from './model/providers.js';
import type {Session} from './model/sessions.js';
import {pageOf} from './paging.js';
import {parseRule} from './rule-request.js';
import type {Env} from './server-app.js';
import type {EmulatorModel} from './state.js';
import {bearerToken, readJson, validate} from './validate.js';
import {
  connectionRecord,
  deliveryRecords,
  eventRecord,
  isoTime,
  mappingRecord,
  ruleRecord,
  type ConnectionRecord,
  type DeliveryRecord,
  type EventRecord,
  type MappingRecord,
  type RuleRecord,
} from './wire.js';

const hour = 3_600_000;

/** The embed app's own data, below `/data` on the embed origin; the access token opens it. */
export const createEmbedDataApi = (state: EmulatorModel): Hono<Env> => {
  const {clock, sessions, workspaces, oauthTickets} = state;
  const api = new Hono<Env>();
  const sessionOf = (c: Context<Env>): Promise<Session> => sessions.authenticate(bearerToken(c));

  /**
   * Tells a quiet app whether to look again. It answers 200 to any token of ours, so that the
   * moment between a refresh and its `meshes:auth` leaves no 401 in a console.
   */
  api.get('/heartbeat', async c => {
    const {session, standing} = await sessions.inspect(bearerToken(c));
    const revision = standing === 'current' ? workspaces.revision(session.workspaceId) : null;
    return c.json<HeartbeatAnswer>({standing, revision});
  });

  api.get('/session', async c => {
    const session = await sessionOf(c);
    const workspace = workspaces.workspace(session.workspaceId);
    return c.json<SessionAnswer>({
      session_id: session.id,
      workspace: {id: session.workspaceId, name: workspace?.name ?? ''},
      role: session.role,
      session_type: session.sessionType,
      resource: session.resource,
      resource_id: session.resourceId,
      permissions: permissionsOf(session),
      expires_in_ms: session.expiresAt - clock.now(),
    });
  });

  api.get('/dashboard', async c => {
    const session = await sessionOf(c);
    requirePage(session, 'dashboard');
    const now = clock.now();
    const lock = lockOf(session);
    const events = workspaces.events(session.workspaceId, lock);
    const recent = events.filter(event => event.createdAt > now - 24 * hour);
    const statuses = recent.flatMap(event =>
      workspaces.deliveries(event.id).map(delivery => deliveryStatus(delivery, now)),
    );
    const settled = statuses.filter(status => status === 'succeeded' || status === 'failed');
    const succeeded = settled.filter(status => status === 'succeeded').length;
    return c.json<DashboardAnswer>({
      events_last_day: recent.length,
      deliveries_last_day: statuses.length,
      success_rate: settled.length === 0 ? null : succeeded / settled.length,
      active_rules: workspaces.rules(session.workspaceId, lock).length,
      hours: Array.from({length: 12}, (_, index) => {
        const from = now - (12 - index) * hour;
        return {
          from: isoTime(from),
          count: recent.filter(event => event.createdAt > from && event.createdAt <= from + hour)
            .length,
        };
      }),
      recent: events.slice(0, 5).map(event => eventSummary(state, event)),
    });
  });

  api.get('/connections', async c => {
    const session = await sessionOf(c);
    requirePage(session, 'connections');
    return c.json<ConnectionsAnswer>({
      records: workspaces.connections(session.workspaceId).map(connectionRecord),
      providers: permissionsOf(session).connect
        ? providers.map(({key, name, about}) => ({
            key,
            name,
            about,
            // Made beforehand: the click that opens the window must not wait for an answer.
            connect_path: `/oauth/authorize?ticket=${oauthTickets.issue(session, key)}`,
          }))
        : [],
    });
  });
  api.delete('/connections/:id', async c => {
    const session = await sessionOf(c);
    requirePermission(session, 'disconnect', 'remove connections');
    workspaces.removeConnection(session.workspaceId, c.req.param('id'));
    return c.body(null, 204);
  });

  api.get('/mappings', async c => {
    const session = await sessionOf(c);
    requirePage(session, 'mappings');
    return c.json<MappingsAnswer>({
      connections: workspaces.connections(session.workspaceId).map(connectionRecord),
      records: workspaces.mappings(session.workspaceId).map(mappingRecord),
    });
  });

  api.get('/rules', async c => {
    const session = await sessionOf(c);
    requirePage(session, 'rules');
    return c.json<RulesAnswer>({
      records: workspaces.rules(session.workspaceId, lockOf(session)).map(ruleRecord),
      // A resource session has no connections page, but its rules still go somewhere.
      destinations: workspaces.connections(session.workspaceId).map(({id, name}) => ({id, name})),
    });
  });
  api.post('/rules', async c => {
    const session = await sessionOf(c);
    requirePage(session, 'rules');
    requirePermission(session, 'manageRules', 'make rules');
    const connections = workspaces.connections(session.workspaceId);
    const rule = parseRule(await readJson(c), connections);
    const lock = lockOf(session);
    const made = workspaces.addRule(session.workspaceId, {...rule, ...lock});
    return c.json(ruleRecord(made), 201);
  });
  api.delete('/rules/:id', async c => {
    const session = await sessionOf(c);
    requirePage(session, 'rules');
    requirePermission(session, 'manageRules', 'delete rules');
    workspaces.removeRule(session.workspaceId, c.req.param('id'), lockOf(session));
    return c.body(null, 204);
  });

  api.get('/events', async c => {
    const session = await sessionOf(c);
    requirePage(session, 'events');
    const query = validate(eventsQuery, c.req.query(), invalid);
    const limit = Number(query.limit ?? 25);
    const wanted = query.event?.toLowerCase() ?? '';
    const events = workspaces
      .events(session.workspaceId, lockOf(session))
      .filter(event => event.event.toLowerCase().includes(wanted));
    const page = pageOf(events, event => event.id, limit, undefined);
    return c.json<EventsAnswer>({
      total: events.length,
      records: page.records.map(event => eventSummary(state, event)),
    });
  });
  api.get('/events/:id', async c => {
    const session = await sessionOf(c);
    requirePage(session, 'events');
    const event = workspaces.event(session.workspaceId, c.req.param('id'), lockOf(session));
    return c.json<EventAnswer>({
      event: eventRecord(event),
      deliveries: deliveryRecords(state, event.id),
    });
  });
  api.get('/events/:id/payload', async c => {
    const session = await sessionOf(c);
    requirePage(session, 'events');
    requirePermission(session, 'readPayload', 'Reading a payload');
    const event = workspaces.event(session.workspaceId, c.req.param('id'), lockOf(session));
    return c.json<PayloadAnswer>({payload: event.payload});
  });

  return api;
};

const eventsQuery = z.strictObject({
  limit: z.optional(
    z.string().check(z.regex(/^[1-9]\d{0,2}$/, 'must be an integer from 1 to 999.')),
  ),
  event: z.optional(z.string()),
});

const eventSummary = (
  state: EmulatorModel,
  event: Parameters<typeof eventRecord>[0],
): EventSummary => {
  const now = state.clock.now();
  const deliveries = state.workspaces.deliveries(event.id);
  const counts = {succeeded: 0, failed: 0, pending: 0};
  for (const delivery of deliveries) {
    const status = deliveryStatus(delivery, now);
    counts[status === 'retrying' ? 'pending' : status]++;
  }
  return {
    ...eventRecord(event),
    deliveries: counts,
    attempts: deliveries.reduce((sum, one) => sum + attemptsUntil(one, now).length, 0),
  };
};

export interface HeartbeatAnswer {
  standing: 'current' | 'superseded' | 'expired' | 'revoked';
  revision: string | null;
}
export interface SessionAnswer {
  session_id: string;
  workspace: {id: string; name: string};
  role: Session['role'];
  session_type: Session['sessionType'];
  resource: string | null;
  resource_id: string | null;
  permissions: ReturnType<typeof permissionsOf>;
  expires_in_ms: number;
}
export interface EventSummary extends EventRecord {
  deliveries: {succeeded: number; failed: number; pending: number};
  attempts: number;
}
export interface DashboardAnswer {
  events_last_day: number;
  deliveries_last_day: number;
  success_rate: number | null;
  active_rules: number;
  hours: {from: string; count: number}[];
  recent: EventSummary[];
}
export interface ConnectionsAnswer {
  records: ConnectionRecord[];
  providers: {key: string; name: string; about: string; connect_path: string}[];
}
export interface MappingsAnswer {
  connections: ConnectionRecord[];
  records: MappingRecord[];
}
export interface RulesAnswer {
  records: RuleRecord[];
  destinations: {id: string; name: string}[];
}
export interface EventsAnswer {
  total: number;
  records: EventSummary[];
}
export interface EventAnswer {
  event: EventRecord;
  deliveries: DeliveryRecord[];
}
export interface PayloadAnswer {
  payload: Readonly<Record<string, unknown>>;
}
