import {Hono, type Context} from 'hono';
import * as z from 'zod/mini';
import type {EmbedSettings} from './emulator-types.js';
import {eventName, payloadSchema} from './event-request.js';
import {attemptsUntil, deliveryStatus, ruleName} from './model/deliveries.js';
import {integrationOf, integrations} from './model/integrations.js';
import {lockOf, permissionsOf, requirePage, requirePermission} from './model/permissions.js';
import type {Session} from './model/sessions.js';
import type {MeshesEvent, Rule, Status} from './model/types.js';
import type {Filter} from './model/records.js';
import {BODY_MESSAGE, shortString, stringOf, uuid} from './request-fields.js';
import {parseRule} from './rule-request.js';
import type {Env} from './server-app.js';
import type {EmulatorModel} from './state.js';
import {bearerToken, readJson, validate} from './validate.js';
import {
  attemptRecord,
  connectionRecord,
  eventRecord,
  isoTime,
  mappingAnswer,
  ruleEventRecord,
  ruleRecord,
  type AttemptRecord,
  type ConnectionRecord,
  type EventRecord,
  type MappingAnswer,
  type RuleEventRecord,
  type RuleRecord,
} from './wire.js';

const hour = 3_600_000;

/** Creates the data API of the embed app, below `/data` on the embed origin. It requires the access token. */
export const createEmbedDataApi = (model: EmulatorModel): Hono<Env> => {
  const {clock, sessions, workspaces} = model;
  const api = new Hono<Env>();

  /**
   * Tells the app whether data have changed. It answers 200 to any known token, so that the time between a refresh and its
   * `meshes:auth` causes no 401 in the console.
   */
  api.get('/heartbeat', async c => {
    const {session, standing} = await sessions.inspect(bearerToken(c));
    const revision = standing === 'current' ? workspaces.revision(session.workspaceId) : null;
    return c.json<HeartbeatAnswer>({standing, revision});
  });

  api.get('/session', async c => {
    const session = await sessionOf(c, model);
    return c.json<SessionAnswer>({
      session_id: session.id,
      workspace: {
        id: session.workspaceId,
        name: workspaces.findWorkspace(session.workspaceId)?.name ?? '',
      },
      role: session.role,
      session_type: session.sessionType,
      resource: session.resource,
      resource_id: session.resourceId,
      permissions: permissionsOf(session),
      embed: model.embed.settings(),
      expires_in_ms: session.expiresAt - clock.now(),
      // Before the data of the page: the first heartbeat after a change in between already shows it.
      revision: workspaces.revision(session.workspaceId),
    });
  });

  addDashboard(api, model);
  addConnections(api, model);
  addRules(api, model);
  addEvents(api, model);
  return api;
};

const sessionOf = (c: Context<Env>, {sessions}: EmulatorModel): Promise<Session> =>
  sessions.authenticate(bearerToken(c));

const createdBy = (session: Session): string => `urn:meshes:session:${session.id}`;

/** Returns the filter of a session: its workspace or, for a resource session, its resource. */
const scopeOf = (session: Session): Filter => ({
  workspaceId: session.workspaceId,
  ...lockOf(session),
});

const visible = <T extends {readonly hidden: boolean}>(records: readonly T[]): readonly T[] =>
  records.filter(record => !record.hidden);

const addDashboard = (api: Hono<Env>, model: EmulatorModel): void => {
  const {clock, workspaces} = model;
  api.get('/dashboard', async c => {
    const session = await sessionOf(c, model);
    requirePage(session, 'dashboard');
    const now = clock.now();
    const events = workspaces.events.list(scopeOf(session));
    const recent = events.filter(event => event.createdAt > now - 24 * hour);
    const statuses = recent.flatMap(event =>
      workspaces.events.deliveries(event.id).map(delivery => deliveryStatus(delivery, now)),
    );
    const count = (wanted: Status): number => statuses.filter(status => status === wanted).length;
    const settled = count('completed') + count('failed');
    return c.json<DashboardAnswer>({
      events_last_day: recent.length,
      deliveries_last_day: statuses.length,
      success_rate: settled === 0 ? null : count('completed') / settled,
      active_rules: visible(workspaces.rules(scopeOf(session))).filter(rule => rule.active).length,
      hours: Array.from({length: 12}, (_, index) => {
        const from = now - (12 - index) * hour;
        return {
          from: isoTime(from),
          count: recent.filter(event => event.createdAt > from && event.createdAt <= from + hour)
            .length,
        };
      }),
      recent: events.slice(0, 5).map(event => eventSummary(model, event)),
    });
  });
};

const addConnections = (api: Hono<Env>, model: EmulatorModel): void => {
  const {workspaces, oauthTickets} = model;
  api.get('/connections', async c => {
    const session = await sessionOf(c, model);
    requirePage(session, 'connections');
    const connectable = integrations.filter(({authentication}) => authentication.type === 'oauth');
    return c.json<ConnectionsAnswer>({
      records: visible(workspaces.connections(session.workspaceId)).map(connectionEntry),
      providers: permissionsOf(session).connect
        ? connectable.map(({type, name, about}) => ({
            key: type,
            name,
            about,
            // Issued in advance, because a click that opens a window must not wait for a response.
            connect_path: `/oauth/authorize?ticket=${oauthTickets.issue(session, type)}`,
          }))
        : [],
    });
  });
  api.delete('/connections/:id', async c => {
    const session = await sessionOf(c, model);
    requirePermission(session, 'disconnect', 'remove connections');
    const {id} = workspaces.connection(c.req.param('id'), session.workspaceId);
    workspaces.removeConnection(id, {force: true});
    return c.body(null, 204);
  });
  api.get('/mappings', async c => {
    const session = await sessionOf(c, model);
    requirePage(session, 'mappings');
    return c.json<MappingsAnswer>({
      records: visible(workspaces.connections(session.workspaceId)).map(connection => ({
        id: connection.id,
        connection: connectionEntry(connection),
        ...mappingAnswer(connection, workspaces.mapping(connection)),
      })),
    });
  });
};

const connectionEntry = (connection: Parameters<typeof connectionRecord>[0]): ConnectionEntry => ({
  ...connectionRecord(connection),
  provider: integrationOf(connection.type).name,
});

const newRule = z.strictObject(
  {
    name: stringOf(/^(?=.*\S).{1,80}$/, 'a string of 1 to 80 characters'),
    event: shortString(120),
    connection: uuid,
    action: z.optional(shortString(64)),
  },
  BODY_MESSAGE,
);

const addRules = (api: Hono<Env>, model: EmulatorModel): void => {
  const {workspaces} = model;
  const ruleEntry = (rule: Rule): RuleEntry => ({
    ...ruleRecord(model, rule),
    name: ruleName(rule),
  });
  api.get('/rules', async c => {
    const session = await sessionOf(c, model);
    requirePage(session, 'rules');
    return c.json<RulesAnswer>({
      records: visible(workspaces.rules(scopeOf(session))).map(ruleEntry),
      // A resource session has no connections page, but its rules have destinations.
      destinations: visible(workspaces.connections(session.workspaceId)).map(
        ({id, name, type}) => ({
          id,
          name,
          actions: Object.values(integrationOf(type).actions).map(({key, label}) => ({key, label})),
        }),
      ),
    });
  });
  api.post('/rules', async c => {
    const session = await sessionOf(c, model);
    requirePage(session, 'rules');
    requirePermission(session, 'manageRules', 'create rules');
    const {name, event, connection, action} = validate(newRule, await readJson(c));
    const type = workspaces.findConnection(connection)?.type ?? 'webhook';
    const lock = lockOf(session);
    const fields = parseRule(
      workspaces,
      {
        workspace: session.workspaceId,
        connection,
        event: event.trim(),
        metadata: {
          action: action ?? Object.keys(integrationOf(type).actions)[0],
          name: name.trim(),
        },
      },
      createdBy(session),
    );
    return c.json(ruleEntry(workspaces.addRule({...fields, ...lock})), 201);
  });
  api.delete('/rules/:id', async c => {
    const session = await sessionOf(c, model);
    requirePage(session, 'rules');
    requirePermission(session, 'manageRules', 'delete rules');
    workspaces.removeRule(c.req.param('id'), scopeOf(session));
    return c.body(null, 204);
  });
};

const eventsQuery = z.strictObject({
  limit: z.optional(stringOf(/^[1-9]\d{0,2}$/, 'an integer from 1 to 999')),
  event: z.optional(z.string()),
});

const newEvent = z.strictObject({event: eventName, payload: payloadSchema}, BODY_MESSAGE);

const addEvents = (api: Hono<Env>, model: EmulatorModel): void => {
  const {workspaces, clock} = model;
  api.get('/events', async c => {
    const session = await sessionOf(c, model);
    requirePage(session, 'events');
    const {limit = '25', event: wanted = ''} = validate(eventsQuery, c.req.query());
    const events = workspaces.events
      .list(scopeOf(session))
      .filter(event => event.event.toLowerCase().includes(wanted.toLowerCase()));
    return c.json<EventsAnswer>({
      total: events.length,
      records: events.slice(0, Number(limit)).map(event => eventSummary(model, event)),
    });
  });
  api.post('/events', async c => {
    const session = await sessionOf(c, model);
    requirePermission(session, 'emit', 'send events');
    const {event, payload} = validate(newEvent, await readJson(c));
    const accepted = workspaces.events.add({
      workspaceId: session.workspaceId,
      event: event.trim(),
      payload,
      resource: session.resource ?? 'global',
      resourceId: session.resourceId,
      createdBy: createdBy(session),
    });
    return c.json(eventRecord(model, accepted), 201);
  });

  const eventOf = async (c: Context<Env>, id: string) => {
    const session = await sessionOf(c, model);
    requirePage(session, 'events');
    return {session, event: workspaces.events.get(id, scopeOf(session))};
  };
  api.get('/events/:id', async c => {
    const {event} = await eventOf(c, c.req.param('id'));
    const now = clock.now();
    return c.json<EventAnswer>({
      event: eventRecord(model, event),
      deliveries: workspaces.events.deliveries(event.id).map(delivery => ({
        ...ruleEventRecord(event, delivery, now),
        rule_name: delivery.ruleName,
        connection_name: delivery.connectionName,
        provider: integrationOf(delivery.type).name,
        attempts: attemptsUntil(delivery, now).map(attemptRecord),
      })),
    });
  });
  api.get('/events/:id/payload', async c => {
    const {session, event} = await eventOf(c, c.req.param('id'));
    requirePermission(session, 'readPayload', 'Reading a payload');
    return c.json<PayloadAnswer>({payload: event.payload});
  });
  api.post('/events/:id/rules/:ruleId/retry', async c => {
    const {session, event} = await eventOf(c, c.req.param('id'));
    requirePermission(session, 'retry', 'retry deliveries');
    const changed = workspaces.events.retry(event, c.req.param('ruleId'));
    return c.json(ruleEventRecord(event, changed, clock.now()));
  });
  api.post('/events/:id/rules/:ruleId/cancel', async c => {
    const {session, event} = await eventOf(c, c.req.param('id'));
    requirePermission(session, 'retry', 'cancel deliveries');
    const changed = workspaces.events.cancel(event, c.req.param('ruleId'));
    return c.json(ruleEventRecord(event, changed, clock.now()));
  });
};

const eventSummary = (model: EmulatorModel, event: MeshesEvent): EventSummary => {
  const {rule_events: _, ...summary} = eventRecord(model, event);
  return summary;
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
  embed: EmbedSettings;
  expires_in_ms: number;
  revision: string;
}
export type EventSummary = Omit<EventRecord, 'rule_events'>;
export interface DashboardAnswer {
  events_last_day: number;
  deliveries_last_day: number;
  success_rate: number | null;
  active_rules: number;
  hours: {from: string; count: number}[];
  recent: EventSummary[];
}
export interface ConnectionEntry extends ConnectionRecord {
  provider: string;
}
export interface ConnectionsAnswer {
  records: ConnectionEntry[];
  providers: {key: string; name: string; about: string; connect_path: string}[];
}
export interface MappingsAnswer {
  records: ({id: string; connection: ConnectionEntry} & MappingAnswer)[];
}
export type RuleEntry = RuleRecord & {name: string};
export interface RulesAnswer {
  records: RuleEntry[];
  destinations: {id: string; name: string; actions: {key: string; label: string}[]}[];
}
export interface EventsAnswer {
  total: number;
  records: EventSummary[];
}
export interface EventAnswer {
  event: EventRecord;
  deliveries: (RuleEventRecord & {
    rule_name: string;
    connection_name: string;
    provider: string;
    attempts: AttemptRecord[];
  })[];
}
export interface PayloadAnswer {
  payload: Readonly<Record<string, unknown>>;
}
