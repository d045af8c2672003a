import {Hono, type Context} from 'hono';
import {ApiError, badRequest, unauthorized} from './api-error.js';
import {demoCredentials} from './credentials.js';
import {verifyMachineJwt} from './machine-jwt.js';
import type {Env} from './server-app.js';
import type {EmulatorModel} from './state.js';
import {acceptEvent, type Sender} from './event-request.js';
import {readJson} from './validate.js';
import {eventRecord} from './wire.js';

const maxBulk = 100;

/** The ingestion API: `POST /events` and `POST /events/bulk`, which browsers may call. */
export const createEventsApi = (state: EmulatorModel): Hono<Env> => {
  const api = new Hono<Env>();

  for (const path of ['/events', '/events/bulk']) {
    api.options(path, c => {
      c.header('Access-Control-Allow-Methods', 'POST, OPTIONS');
      c.header(
        'Access-Control-Allow-Headers',
        'Accept, Authorization, Content-Type, X-Meshes-Client, X-Meshes-Publishable-Key',
      );
      c.header('Access-Control-Max-Age', '600');
      return c.body(null, 204);
    });
  }

  api.post('/events', async c => {
    const sender = await authenticate(c, state);
    return c.json(
      {event: eventRecord(acceptEvent(state.workspaces, sender, await readJson(c)))},
      201,
    );
  });

  api.post('/events/bulk', async c => {
    const sender = await authenticate(c, state);
    const body = await readJson(c);
    if (!Array.isArray(body) || body.length < 1 || body.length > maxBulk) {
      throw badRequest(`The request body must be a JSON array of 1 to ${maxBulk} events.`);
    }
    const records = body.map(item => acceptOrExplain(state, sender, item));
    const errors = records.filter(record => 'message' in record).length;
    return errors === 0
      ? c.json({count: records.length, records}, 201)
      : c.json({count: records.length, error_count: errors, records}, 207);
  });

  return api;
};

const authenticate = async (c: Context<Env>, state: EmulatorModel): Promise<Sender> => {
  const key = c.req.header('x-meshes-publishable-key');
  if (key !== undefined) {
    const workspace = state.workspaces.workspaceOfKey(key);
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
  await verifyMachineJwt(authorization, state.clock.real());
  return {workspaceId: undefined, createdBy: `urn:meshes:m2m:${demoCredentials.accessKey}`};
};

const acceptOrExplain = (state: EmulatorModel, sender: Sender, item: unknown) => {
  try {
    return eventRecord(acceptEvent(state.workspaces, sender, item));
  } catch (error) {
    if (error instanceof ApiError) return error.toJSON();
    throw error;
  }
};
