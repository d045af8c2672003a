import {attemptsUntil, deliveryStatus} from './model/deliveries.js';
import type {AccessToken, Launch, Session} from './model/sessions.js';
import type {Connection, Mapping, MeshesEvent, Rule, Workspace} from './model/types.js';
import type {EmulatorModel} from './state.js';

/** What the model holds, in the shapes that go over the wire. */

export const isoTime = (ms: number): string => new Date(ms).toISOString();

export const mintAnswer = (
  session: Session,
  access: AccessToken,
  launch: Launch,
  embedOrigin: string,
) => {
  const launchUrl = new URL(session.launchPath, embedOrigin);
  launchUrl.searchParams.set('launch', launch.token);
  return {
    session_id: session.id,
    access_token: access.token,
    expires_at: isoTime(access.expiresAt),
    expires_in: access.expiresIn,
    launch_url: launchUrl.href,
    launch_token: launch.token,
    launch_expires_at: isoTime(launch.expiresAt),
    workspace_id: session.workspaceId,
    role: session.role,
    session_type: session.sessionType,
    resource: session.resource,
    resource_id: session.resourceId,
  };
};

export const refreshAnswer = (session: Session, access: AccessToken) => ({
  session_id: session.id,
  access_token: access.token,
  expires_at: isoTime(access.expiresAt),
  expires_in: access.expiresIn,
});

export const sessionRecord = (session: Session, now: number) => ({
  session_id: session.id,
  workspace_id: session.workspaceId,
  role: session.role,
  ...(session.externalUserId === null ? {} : {external_user_id: session.externalUserId}),
  status: session.status,
  created_at: isoTime(session.createdAt),
  expires_at: isoTime(session.expiresAt),
  is_expired: session.expiresAt <= now,
  session_type: session.sessionType,
  resource: session.resource,
  resource_id: session.resourceId,
  scopes: session.scopes,
  allowed_origins: session.allowedOrigins,
});

export const workspaceRecord = (workspace: Workspace) => ({
  id: workspace.id,
  type: 'workspace',
  name: workspace.name,
  publishable_key: workspace.publishableKey,
  created_at: isoTime(workspace.createdAt),
});

export const connectionRecord = (connection: Connection) => ({
  id: connection.id,
  type: 'connection',
  workspace: connection.workspaceId,
  name: connection.name,
  provider: connection.provider,
  auth: connection.auth,
  status: connection.status,
  created_at: isoTime(connection.createdAt),
});

export const mappingRecord = (mapping: Mapping) => ({
  id: mapping.id,
  type: 'mapping',
  connection_id: mapping.connectionId,
  source: mapping.source,
  target: mapping.target,
});

export const ruleRecord = (rule: Rule) => ({
  id: rule.id,
  type: 'rule',
  workspace: rule.workspaceId,
  name: rule.name,
  event: rule.event,
  connection_id: rule.connectionId,
  resource: rule.resource,
  resource_id: rule.resourceId,
  created_at: isoTime(rule.createdAt),
});

/** The event of a 201, as the contract has it: without the payload. */
export const eventRecord = (event: MeshesEvent) => ({
  id: event.id,
  type: 'event' as const,
  event: event.event,
  workspace: event.workspaceId,
  created_by: event.createdBy,
  created_at: isoTime(event.createdAt),
  resource: event.resource,
  ...(event.resourceId === null ? {} : {resource_id: event.resourceId}),
});

export const deliveryRecords = (state: EmulatorModel, eventId: string) => {
  const now = state.clock.now();
  return state.workspaces.deliveries(eventId).map(delivery => ({
    id: delivery.id,
    rule_id: delivery.ruleId,
    rule: delivery.ruleName,
    connection: delivery.connectionName,
    provider: delivery.provider,
    status: deliveryStatus(delivery, now),
    attempts: attemptsUntil(delivery, now).map(attempt => ({
      number: attempt.number,
      at: isoTime(attempt.at),
      outcome: attempt.outcome,
      status: attempt.status,
      message: attempt.message,
    })),
  }));
};

export type ConnectionRecord = ReturnType<typeof connectionRecord>;
export type MappingRecord = ReturnType<typeof mappingRecord>;
export type RuleRecord = ReturnType<typeof ruleRecord>;
export type EventRecord = ReturnType<typeof eventRecord>;
export type DeliveryRecord = ReturnType<typeof deliveryRecords>[number];

/** The same object with its names in snake case, as everything on the wire has them. */
export const toWire = (value: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`),
      field as unknown,
    ]),
  );
