import {Hono} from 'hono';
import * as z from 'zod/mini';
import {invalid, notFound} from './api-error.js';
import {verifyMachineJwt} from './machine-jwt.js';
import {pageOf, type Page} from './paging.js';
import {parseRule} from './rule-request.js';
import type {Env} from './server-app.js';
import {parseListQuery, parseMintRequest} from './session-request.js';
import type {EmulatorModel} from './state.js';
import {readJson, validate} from './validate.js';
import {
  connectionRecord,
  deliveryRecords,
  eventRecord,
  mappingRecord,
  mintAnswer,
  refreshAnswer,
  ruleRecord,
  sessionRecord,
  workspaceRecord,
} from './wire.js';

/**
 * The management API below `/api/v1`: machine JWTs only, and no CORS, since a browser never calls
 * it. Sessions are the contract's; the other resources let a backend see what the embed app sees.
 */
export const createManagementApi = (state: EmulatorModel, embedOrigin: string): Hono<Env> => {
  const {sessions, workspaces, clock} = state;
  const api = new Hono<Env>();

  api.use('*', async (c, next) => {
    await verifyMachineJwt(c.req.header('authorization'), clock.real());
    await next();
  });

  const workspaceOf = (id: string) => {
    const workspace = workspaces.workspace(id);
    if (!workspace) throw notFound('workspace_id: this organization has no such workspace.');
    return workspace;
  };

  api.post('/sessions', async c => {
    const options = parseMintRequest(await readJson(c));
    workspaceOf(options.workspaceId);
    const {session, access, launch} = await sessions.mint(options);
    return c.json(mintAnswer(session, access, launch, embedOrigin), 201);
  });

  api.get('/sessions', c => {
    const query = parseListQuery(c.req.query());
    workspaceOf(query.workspace_id);
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

  api.get('/workspaces', c => {
    const page = {records: workspaces.workspaces(), nextCursor: null};
    return c.json(listAnswer(page, 200, workspaceRecord));
  });
  api.get('/workspaces/:id', c => c.json(workspaceRecord(workspaceOf(c.req.param('id')))));

  api.get('/connections', c => {
    const {id} = workspaceOf(parseWorkspaceQuery(c.req.query()));
    const page = {records: workspaces.connections(id), nextCursor: null};
    return c.json(listAnswer(page, 200, connectionRecord));
  });

  api.get('/mappings', c => {
    const {id} = workspaceOf(parseWorkspaceQuery(c.req.query()));
    const page = {records: workspaces.mappings(id), nextCursor: null};
    return c.json(listAnswer(page, 200, mappingRecord));
  });

  api.get('/rules', c => {
    const {id} = workspaceOf(parseWorkspaceQuery(c.req.query()));
    const page = {records: workspaces.rules(id), nextCursor: null};
    return c.json(listAnswer(page, 200, ruleRecord));
  });
  api.post('/rules', async c => {
    const {id} = workspaceOf(parseWorkspaceQuery(c.req.query()));
    const rule = parseRule(await readJson(c), workspaces.connections(id));
    return c.json({rule: ruleRecord(workspaces.addRule(id, rule))}, 201);
  });
  api.delete('/rules/:id', c => {
    const {id} = workspaceOf(parseWorkspaceQuery(c.req.query()));
    workspaces.removeRule(id, c.req.param('id'));
    return c.body(null, 204);
  });

  api.get('/events', c => {
    const {workspace_id, limit, cursor} = parseListQuery(c.req.query());
    const {id} = workspaceOf(workspace_id);
    const page = pageOf(workspaces.events(id), event => event.id, limit, cursor);
    return c.json(listAnswer(page, limit, eventRecord));
  });
  api.get('/events/:id', c => {
    const {id} = workspaceOf(parseWorkspaceQuery(c.req.query()));
    const event = workspaces.event(id, c.req.param('id'));
    return c.json({
      event: {...eventRecord(event), payload: event.payload},
      deliveries: deliveryRecords(state, event.id),
    });
  });

  return api;
};

const workspaceQuery = z.strictObject({
  workspace_id: z.string('must be a UUID, and is required.'),
});

const parseWorkspaceQuery = (query: Record<string, string>): string =>
  validate(workspaceQuery, query, invalid).workspace_id.toLowerCase();

const listAnswer = <T, R>(page: Page<T>, limit: number, record: (item: T) => R) => ({
  count: page.records.length,
  limit,
  next_cursor: page.nextCursor,
  records: page.records.map(record),
});
