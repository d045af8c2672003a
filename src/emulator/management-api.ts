import {Hono} from 'hono';
import * as z from 'zod/mini';
import {invalidParam, methodNotAllowed, notFound} from './api-error.js';
import {parseConnection, parseConnectionChange, parseForceDelete} from './connection-request.js';
import {machineName, verifyMachineJwt} from './machine-jwt.js';
import {parseMapping} from './mapping-request.js';
import {attemptsUntil} from './model/deliveries.js';
import {integrationOf, integrations} from './model/integrations.js';
import {statuses} from './model/types.js';
import {pageOf} from './paging.js';
import {filterFields, limitOf, listFields, oneOf} from './request-fields.js';
import {parseRule} from './rule-request.js';
import type {Env} from './server-app.js';
import {parseMintRequest, parseSessionsQuery} from './session-request.js';
import type {EmulatorModel} from './state.js';
import {readJson, readOptionalJson, validate} from './validate.js';
import {
  attemptRecord,
  catalogRecord,
  connectionRecord,
  eventRecord,
  fieldCatalog,
  integrationRecord,
  listAnswer,
  mappingAnswer,
  mintAnswer,
  refreshAnswer,
  ruleEventRecord,
  ruleRecord,
  sessionRecord,
  workspaceRecord,
  workspaceWithKey,
} from './wire.js';
import {parseWorkspace} from './workspace-request.js';

/** Creates the management API below `/api/v1`. It accepts machine JWTs only, and has no CORS headers, because browsers must not call it. */
export const createManagementApi = (model: EmulatorModel, embedUrl: string): Hono<Env> => {
  const api = new Hono<Env>();
  api.use('*', async (c, next) => {
    await verifyMachineJwt(c.req.header('authorization'), model.clock.real());
    await next();
  });
  addSessions(api, model, embedUrl);
  addWorkspaces(api, model);
  addConnections(api, model);
  addRules(api, model);
  addEvents(api, model);
  api.get('/integrations', c => c.json(integrations.map(integrationRecord)));
  refuseOtherMethods(api);
  return api;
};

const listQuery = z.strictObject(listFields);
const rulesQuery = z.strictObject({...listFields, ...filterFields});
const eventsQuery = z.strictObject({
  ...listFields,
  ...filterFields,
  status: z.optional(oneOf(statuses)),
});
const fieldsQuery = z.strictObject({refresh: z.optional(oneOf(['true', 'false']))});

/** Returns a page of a list whose records have an `id`. */
const listOf = <T extends {readonly id: string}, R>(
  records: readonly T[],
  query: {readonly limit?: string | undefined; readonly cursor?: string | undefined},
  record: (item: T) => R,
) => {
  const limit = limitOf(query);
  return listAnswer(
    pageOf(records, ({id}) => id, limit, query.cursor),
    limit,
    record,
  );
};

const filterOf = (query: z.infer<typeof eventsQuery>, workspaceId?: string) => ({
  workspaceId,
  event: query.event,
  resource: query.resource,
  resourceId: query.resource_id,
  status: query.status,
});

const addSessions = (
  api: Hono<Env>,
  {sessions, workspaces, clock}: EmulatorModel,
  embedUrl: string,
): void => {
  const requireWorkspace = (id: string): void => {
    if (!workspaces.findWorkspace(id)) {
      throw notFound('workspace_id: this organization has no such workspace.');
    }
  };
  api.post('/sessions', async c => {
    const options = parseMintRequest(await readJson(c));
    requireWorkspace(options.workspaceId);
    const {session, access, launch} = await sessions.mint(options);
    return c.json(mintAnswer(session, access, launch, embedUrl));
  });
  api.get('/sessions', c => {
    const query = parseSessionsQuery(c.req.query());
    requireWorkspace(query.workspace_id);
    const found = sessions
      .list()
      .filter(
        session =>
          session.workspaceId === query.workspace_id &&
          (query.status === undefined || session.status === query.status) &&
          (query.resource === undefined || session.resource === query.resource) &&
          (query.resource_id === undefined || session.resourceId === query.resource_id),
      );
    const page = pageOf(found, session => session.id, query.limit, query.cursor);
    return c.json(listAnswer(page, query.limit, session => sessionRecord(session, clock.now())));
  });
  api.post('/sessions/:sessionId/refresh', async c => {
    const {session, access} = await sessions.refresh(c.req.param('sessionId'));
    return c.json(refreshAnswer(session, access));
  });
  api.delete('/sessions/:sessionId', c => {
    sessions.revoke(c.req.param('sessionId'));
    return c.json({revoked: true});
  });
};

const addWorkspaces = (api: Hono<Env>, model: EmulatorModel): void => {
  const {workspaces} = model;
  api.get('/workspaces', c => {
    const query = validate(listQuery, c.req.query());
    return c.json(listOf(workspaces.workspaces(), query, workspaceRecord));
  });
  api.post('/workspaces', async c => {
    const {name, description = null} = parseWorkspace(await readJson(c));
    const workspace = workspaces.addWorkspace({name, description});
    return c.json({workspace: workspaceRecord(workspace)}, 201);
  });
  api.get('/workspaces/:id', c =>
    c.json(workspaceWithKey(workspaces.workspace(c.req.param('id')))),
  );
  api.put('/workspaces/:id', async c => {
    const {id} = workspaces.workspace(c.req.param('id'));
    const change = parseWorkspace(await readJson(c));
    return c.json(workspaceRecord(workspaces.changeWorkspace(id, change)));
  });
  api.get('/workspaces/:id/connections', c => {
    const query = validate(listQuery, c.req.query());
    const {id} = workspaces.workspace(c.req.param('id'));
    return c.json(listOf(workspaces.connections(id), query, connectionRecord));
  });
  api.get('/workspaces/:id/rules', c => {
    const query = validate(rulesQuery, c.req.query());
    const {id} = workspaces.workspace(c.req.param('id'));
    const rules = workspaces.rules(filterOf(query, id));
    return c.json(listOf(rules, query, rule => ruleRecord(model, rule)));
  });
  api.get('/workspaces/:id/events', c => {
    const query = validate(eventsQuery, c.req.query());
    const {id} = workspaces.workspace(c.req.param('id'));
    const events = workspaces.events.list(filterOf(query, id));
    return c.json(listOf(events, query, event => eventRecord(model, event)));
  });
  api.get('/workspaces/:id/event-types', c => {
    const {id} = workspaces.workspace(c.req.param('id'));
    return c.json(workspaces.eventTypes(id).map(catalogRecord));
  });
  api.get('/workspaces/:id/resources', c => {
    const {id} = workspaces.workspace(c.req.param('id'));
    return c.json(workspaces.resources(id).map(catalogRecord));
  });
};

const addConnections = (api: Hono<Env>, {workspaces}: EmulatorModel): void => {
  api.get('/connections', c => {
    const query = validate(listQuery, c.req.query());
    return c.json(listOf(workspaces.connections(), query, connectionRecord));
  });
  api.post('/connections', async c => {
    const fields = parseConnection(workspaces, await readJson(c), machineName);
    return c.json({connection: connectionRecord(workspaces.addConnection(fields))}, 201);
  });
  api.get('/connections/:id', c =>
    c.json(connectionRecord(workspaces.connection(c.req.param('id')))),
  );
  api.put('/connections/:id', async c => {
    const {id, type, inactiveReason, hidden: wasHidden} = workspaces.connection(c.req.param('id'));
    const {hidden = wasHidden, ...change} = parseConnectionChange(await readJson(c));
    // New credentials end a failure of the earlier ones. Credentials of OAuth are not set here.
    const isMended = integrationOf(type).authentication.type !== 'oauth';
    const changed = workspaces.changeConnection(id, {
      ...change,
      hidden,
      inactiveReason: isMended ? null : inactiveReason,
    });
    return c.json(connectionRecord(changed));
  });
  api.delete('/connections/:id', async c => {
    const {id, type} = workspaces.connection(c.req.param('id'));
    const force = parseForceDelete(await readOptionalJson(c));
    workspaces.removeConnection(id, {force});
    return c.json({id, type});
  });
  api.get('/connections/:id/actions', c => {
    const {type} = workspaces.connection(c.req.param('id'));
    return c.json(integrationOf(type).actions);
  });
  api.get('/connections/:id/fields', c => {
    const {refresh} = validate(fieldsQuery, c.req.query());
    const connection = workspaces.connection(c.req.param('id'));
    return c.json(
      fieldCatalog(refresh === 'true' ? workspaces.refreshFields(connection.id) : connection),
    );
  });
  api.get('/connections/:id/mappings/default', c => {
    const connection = workspaces.connection(c.req.param('id'));
    return c.json(mappingAnswer(connection, workspaces.mapping(connection)));
  });
  api.put('/connections/:id/mappings/default', async c => {
    const connection = workspaces.connection(c.req.param('id'));
    const request = parseMapping(await readJson(c));
    if (request.workspace_id !== undefined && request.workspace_id !== connection.workspaceId) {
      throw invalidParam('workspace_id', 'the connection belongs to another workspace.');
    }
    workspaces.storeMapping(
      connection,
      {schema: request.schema, name: request.name, createdBy: machineName},
      {version: request.expected_version, mappingId: request.mapping_id},
    );
    return c.json(mappingAnswer(connection, workspaces.mapping(connection)));
  });
};

const addRules = (api: Hono<Env>, model: EmulatorModel): void => {
  const {workspaces} = model;
  api.get('/rules', c => {
    const query = validate(rulesQuery, c.req.query());
    const rules = workspaces.rules(filterOf(query));
    return c.json(listOf(rules, query, rule => ruleRecord(model, rule)));
  });
  api.post('/rules', async c => {
    const fields = parseRule(workspaces, await readJson(c), machineName);
    return c.json({rule: ruleRecord(model, workspaces.addRule(fields))}, 201);
  });
  api.get('/rules/:id', c => c.json(ruleRecord(model, workspaces.rule(c.req.param('id')))));
  api.delete('/rules/:id', c => {
    const rule = workspaces.rule(c.req.param('id'));
    const {id, connection, type, event, resource, resource_id} = ruleRecord(model, rule);
    workspaces.removeRule(id);
    return c.json({id, connection, type, event, resource, resource_id});
  });
};

const addEvents = (api: Hono<Env>, model: EmulatorModel): void => {
  const {workspaces, clock} = model;
  api.get('/events', c => {
    const query = validate(listQuery, c.req.query());
    return c.json(listOf(workspaces.events.list(), query, event => eventRecord(model, event)));
  });
  // `bulk` is a separate path, and not the ID of an event.
  const event = '/events/:id{(?!bulk$)[^/]+}';
  api.get(event, c => c.json(eventRecord(model, workspaces.events.get(c.req.param('id')))));
  api.get(`${event}/payload`, c => {
    const found = workspaces.events.get(c.req.param('id'));
    return c.json({...eventRecord(model, found), payload: found.payload});
  });
  api.post(`${event}/cancel`, c => {
    const found = workspaces.events.get(c.req.param('id'));
    workspaces.events.cancelAll(found);
    return c.json(eventRecord(model, found));
  });
  const delivery = `${event}/rules/:ruleId` as const;
  api.get(`${delivery}/attempts`, c => {
    const query = validate(listQuery, c.req.query());
    const found = workspaces.events.get(c.req.param('id'));
    const attempts = attemptsUntil(
      workspaces.events.delivery(found, c.req.param('ruleId')),
      clock.now(),
    );
    return c.json(listOf(attempts, query, attemptRecord));
  });
  api.post(`${delivery}/retry`, c => {
    const found = workspaces.events.get(c.req.param('id'));
    const changed = workspaces.events.retry(found, c.req.param('ruleId'));
    return c.json(ruleEventRecord(found, changed, clock.now()));
  });
  api.post(`${delivery}/cancel`, c => {
    const found = workspaces.events.get(c.req.param('id'));
    const changed = workspaces.events.cancel(found, c.req.param('ruleId'));
    return c.json(ruleEventRecord(found, changed, clock.now()));
  });
};

/** Answers 405 for another method of a known path. An unknown path remains a 404. */
const refuseOtherMethods = (api: Hono<Env>): void => {
  const methods = new Map<string, string[]>([['/events/bulk', ['POST']]]);
  for (const {method, path} of api.routes) {
    if (method !== 'ALL') methods.set(path, [...(methods.get(path) ?? []), method]);
  }
  methods.get('/events')?.push('POST');
  for (const [path, allowed] of methods) {
    api.all(path, c => {
      c.header('Allow', allowed.join(', '));
      throw methodNotAllowed(
        `${c.req.method} is not allowed here. Allowed: ${allowed.join(', ')}.`,
      );
    });
  }
};
