import {Hono, type Context} from 'hono';
import {ApiError, badRequest, unauthorized} from './api-error.js';
import {acceptEvent, type Sender} from './event-request.js';
import {machineName, verifyMachineJwt} from './machine-jwt.js';
import type {Env} from './server-app.js';
import type {EmulatorModel} from './state.js';
import {readJson} from './validate.js';
import {acceptedEvent} from './wire.js';

const maxBulk = 100;
/** Headers that the client of Meshes always sends, and those of its documentation. */
const allowedHeaders = [
  'Accept',
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'X-Meshes-Client',
  'X-Meshes-Publishable-Key',
  'X-Request-Id',
];
const headerName = /^[\w!#$%&'*+.^`|~-]{1,100}$/;

/** Creates the events API, `POST /events` and `POST /events/bulk`, which browsers may call. */
export const createEventsApi = (model: EmulatorModel): Hono<Env> => {
  const api = new Hono<Env>();

  for (const path of ['/events', '/events/bulk']) {
    api.options(path, c => {
      c.header('Access-Control-Allow-Methods', 'POST, OPTIONS');
      c.header('Access-Control-Allow-Headers', headersFor(c).join(', '));
      c.header('Access-Control-Max-Age', '600');
      return c.body(null, 204);
    });
  }

  api.post('/events', async c => {
    const sender = await authenticate(c, model);
    const event = acceptEvent(model.workspaces, sender, await readJson(c));
    return c.json({event: acceptedEvent(event)}, 201);
  });

  api.post('/events/bulk', async c => {
    const sender = await authenticate(c, model);
    const body = await readJson(c);
    if (!Array.isArray(body) || body.length < 1 || body.length > maxBulk) {
      throw badRequest(`The request body must be a JSON array of 1 to ${maxBulk} events.`);
    }
    const records = body.map(item => acceptOrExplain(model, sender, item));
    const errors = records.filter(record => 'message' in record).length;
    return errors === 0
      ? c.json({count: records.length, records}, 201)
      : c.json({count: records.length, error_count: errors, records}, 207);
  });

  return api;
};

/** Returns the allowed headers. The client of Meshes can send any header of the page. */
const headersFor = (c: Context<Env>): readonly string[] => {
  const asked = (c.req.header('access-control-request-headers') ?? '')
    .split(',')
    .map(name => name.trim().toLowerCase())
    .filter(name => headerName.test(name));
  const known = allowedHeaders.map(name => name.toLowerCase());
  return [...allowedHeaders, ...asked.filter(name => !known.includes(name))];
};

const authenticate = async (c: Context<Env>, model: EmulatorModel): Promise<Sender> => {
  const key = c.req.header('x-meshes-publishable-key');
  if (key !== undefined) {
    const workspace = model.workspaces.workspaceOfKey(key);
    if (!workspace) throw unauthorized('X-Meshes-Publishable-Key is not a known key.');
    return {
      workspaceId: workspace.id,
      createdBy: `urn:meshes:publishable-key:${workspace.id}`,
    };
  }
  const authorization = c.req.header('authorization');
  if (authorization === undefined) {
    throw unauthorized('Send X-Meshes-Publishable-Key, or a machine JWT as Authorization: Bearer.');
  }
  await verifyMachineJwt(authorization, model.clock.real());
  return {workspaceId: undefined, createdBy: machineName};
};

const acceptOrExplain = (model: EmulatorModel, sender: Sender, item: unknown) => {
  try {
    return acceptedEvent(acceptEvent(model.workspaces, sender, item));
  } catch (error) {
    if (error instanceof ApiError) return error.toJSON();
    throw error;
  }
};
