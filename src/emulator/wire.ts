import {attemptsUntil, deliveryStatus, deliveryTimes, isTerminal} from './model/deliveries.js';
import {destinationFields, integrationOf, type Integration} from './model/integrations.js';
import {derivedId} from './model/derived-id.js';
import {catalogVersion} from './model/mappings.js';
import type {AccessToken, Launch, Session} from './model/sessions.js';
import type {
  Attempt,
  Connection,
  Delivery,
  Mapping,
  MeshesEvent,
  Rule,
  Workspace,
} from './model/types.js';
import type {CatalogEntry} from './model/workspace-store.js';
import type {Page} from './paging.js';
import type {EmulatorModel} from './state.js';

/** Converts the model to the bodies of requests and responses. */

export const isoTime = (ms: number): string => new Date(ms).toISOString();

/** Returns a field, or nothing if it has no value. */
const optional = <Name extends string, Value>(
  name: Name,
  value: Value | null,
): Partial<Record<Name, Value>> =>
  value === null ? {} : ({[name]: value} as Partial<Record<Name, Value>>);

const optionalTime = <Name extends string>(name: Name, ms: number | null) =>
  optional(name, ms === null ? null : isoTime(ms));

export const listAnswer = <T, R>(page: Page<T>, limit: number, record: (item: T) => R) => ({
  count: page.records.length,
  limit,
  next_cursor: page.nextCursor,
  records: page.records.map(record),
});

const sessionFields = (session: Session) => ({
  workspace_id: session.workspaceId,
  role: session.role,
  session_type: session.sessionType,
  resource: session.resource,
  resource_id: session.resourceId,
});

const tokenFields = (session: Session, access: AccessToken) => ({
  session_id: session.id,
  access_token: access.token,
  expires_at: isoTime(access.expiresAt),
  expires_in: access.expiresIn,
});

export const mintAnswer = (
  session: Session,
  access: AccessToken,
  launch: Launch,
  embedOrigin: string,
) => {
  const launchUrl = new URL(session.launchPath, embedOrigin);
  launchUrl.searchParams.set('launch', launch.token);
  return {
    ...tokenFields(session, access),
    launch_url: launchUrl.href,
    launch_token: launch.token,
    launch_expires_at: isoTime(launch.expiresAt),
    ...sessionFields(session),
  };
};

export const refreshAnswer = (session: Session, access: AccessToken) => ({
  ...tokenFields(session, access),
  ...sessionFields(session),
});

export const sessionRecord = (session: Session, now: number) => ({
  session_id: session.id,
  ...sessionFields(session),
  ...optional('external_user_id', session.externalUserId),
  status: session.status,
  created_at: isoTime(session.createdAt),
  expires_at: isoTime(session.expiresAt),
  is_expired: session.expiresAt <= now,
  scopes: session.scopes,
  allowed_origins: session.allowedOrigins,
});

export const workspaceRecord = (workspace: Workspace) => ({
  id: workspace.id,
  name: workspace.name,
  description: workspace.description,
  created_at: isoTime(workspace.createdAt),
  updated_at: isoTime(workspace.updatedAt),
});

export const workspaceWithKey = (workspace: Workspace) => ({
  ...workspaceRecord(workspace),
  publishable_key: {public_key: workspace.publishableKey, name: 'Default'},
});

export const connectionRecord = (connection: Connection) => ({
  id: connection.id,
  workspace: connection.workspaceId,
  type: connection.type,
  name: connection.name,
  metadata: withoutSecrets(connection),
  active: connection.inactiveReason === null,
  ...optional('inactive_reason', connection.inactiveReason),
  hidden: connection.hidden,
  created_by: connection.createdBy,
  created_at: isoTime(connection.createdAt),
  updated_at: isoTime(connection.updatedAt),
});

/** Removes the credentials of a destination, which no response may contain. */
const withoutSecrets = ({type, metadata}: Connection): Record<string, unknown> => {
  const {authentication} = integrationOf(type);
  const fields = 'fields' in authentication ? authentication.fields : [];
  const secrets = fields.filter(field => field.type === 'password').map(({key}) => key);
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => !secrets.includes(key)));
};

export const integrationRecord = ({name, type, authentication, actions}: Integration) => ({
  name,
  type,
  authentication,
  actions,
});

export const fieldCatalog = (connection: Connection) => ({
  id: derivedId('fields', connection.id),
  workspace_id: connection.workspaceId,
  connection_id: connection.id,
  integration_type: connection.type,
  catalog_version: catalogVersion(connection.type),
  refreshed_at: isoTime(connection.fieldsRefreshedAt),
  created_by: connection.createdBy,
  created_at: isoTime(connection.createdAt),
  updated_at: isoTime(connection.fieldsRefreshedAt),
  fields: destinationFields(connection.type).map(({field}) => field),
});

export const mappingAnswer = (
  connection: Connection,
  {mapping, status}: {mapping: Mapping; status: 'stored' | 'generated'},
) => ({
  status,
  mapping: {
    id: mapping.id,
    mapping_id: mapping.mappingId,
    version: mapping.version,
    workspace_id: connection.workspaceId,
    connection_id: connection.id,
    integration_type: connection.type,
    name: mapping.name,
    schema: mapping.schema,
    catalog_version: catalogVersion(connection.type),
    created_by: mapping.createdBy,
    created_at: isoTime(mapping.createdAt),
    updated_at: isoTime(mapping.updatedAt),
  },
});

export const ruleRecord = (model: EmulatorModel, rule: Rule) => ({
  id: rule.id,
  workspace: rule.workspaceId,
  connection: rule.connectionId,
  type: model.workspaces.connection(rule.connectionId).type,
  event: rule.event,
  ...optional('resource', rule.resource),
  ...optional('resource_id', rule.resourceId),
  metadata: rule.metadata,
  active: rule.active,
  hidden: rule.hidden,
  created_by: rule.createdBy,
  created_at: isoTime(rule.createdAt),
  updated_at: isoTime(rule.updatedAt),
});

/** Returns an event for the events API: without its payload and its deliveries. */
export const acceptedEvent = (event: MeshesEvent) => ({
  id: event.id,
  type: 'event' as const,
  event: event.event,
  workspace: event.workspaceId,
  resource: event.resource,
  ...optional('resource_id', event.resourceId),
  created_by: event.createdBy,
  created_at: isoTime(event.createdAt),
});

export const eventRecord = ({clock, workspaces}: EmulatorModel, event: MeshesEvent) => {
  const now = clock.now();
  const deliveries = workspaces.events.deliveries(event.id);
  const statuses = deliveries.map(delivery => deliveryStatus(delivery, now));
  const count = (status: string): number => statuses.filter(one => one === status).length;
  const times = deliveries.map(delivery => deliveryTimes(delivery, now));
  const started = times.map(({startedAt}) => startedAt).filter(ms => ms !== null);
  const completed = times.map(({completedAt}) => completedAt).filter(ms => ms !== null);
  const isOver = statuses.every(isTerminal);
  return {
    ...acceptedEvent(event),
    status: workspaces.events.status(event.id),
    total_rules: deliveries.length,
    completed_count: count('completed'),
    failed_count: count('failed'),
    ...optionalTime('started_at', started.length > 0 ? Math.min(...started) : null),
    ...optionalTime(
      'completed_at',
      isOver ? (completed.length > 0 ? Math.max(...completed) : event.createdAt) : null,
    ),
    rule_events: deliveries.map(delivery => ruleEventRecord(event, delivery, now)),
  };
};

export const ruleEventRecord = (event: MeshesEvent, delivery: Delivery, now: number) => {
  const {startedAt, completedAt} = deliveryTimes(delivery, now);
  const status = deliveryStatus(delivery, now);
  const failure = attemptsUntil(delivery, now).findLast(({outcome}) => outcome !== 'delivered');
  return {
    id: delivery.id,
    type: 'rule' as const,
    workspace: event.workspaceId,
    event: event.event,
    event_id: event.id,
    resource: event.resource,
    ...optional('resource_id', event.resourceId),
    connection: delivery.connectionId,
    rule: delivery.ruleId,
    integration_type: delivery.type,
    status,
    attempt_count: delivery.attempts.filter(attempt => attempt.startedAt <= now).length,
    ...optionalTime('started_at', startedAt),
    ...optionalTime('completed_at', completedAt),
    ...optional('last_error', status === 'completed' ? null : (failure?.message ?? null)),
    created_by: event.createdBy,
    created_at: isoTime(event.createdAt),
  };
};

export const attemptRecord = (attempt: Attempt) => ({
  id: attempt.id,
  attempt: attempt.number,
  outcome_code: attempt.outcome,
  status_code: attempt.httpStatus,
  message: attempt.message,
  started_at: isoTime(attempt.startedAt),
  completed_at: isoTime(attempt.completedAt),
});

export const catalogRecord = ({id, key, createdAt}: CatalogEntry) => ({
  id,
  key,
  label: key,
  description: null,
  active: true,
  created_by: null,
  created_at: isoTime(createdAt),
  updated_at: isoTime(createdAt),
});

export type ConnectionRecord = ReturnType<typeof connectionRecord>;
export type MappingAnswer = ReturnType<typeof mappingAnswer>;
export type RuleRecord = ReturnType<typeof ruleRecord>;
export type EventRecord = ReturnType<typeof eventRecord>;
export type AttemptRecord = ReturnType<typeof attemptRecord>;
export type RuleEventRecord = ReturnType<typeof ruleEventRecord>;

/** Returns an object with its names in snake case, as in all bodies. */
export const toWire = (value: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`),
      field as unknown,
    ]),
  );
