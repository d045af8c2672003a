import {Hono, type Context} from 'hono';
import * as z from 'zod/mini';
import {ApiError, badRequest, unauthorized} from './api-error.js';
import {demoCredentials} from './credentials.js';
import {verifyMachineJwt} from './machine-jwt.js';
import type {Env} from './server-app.js';
import type {EmulatorState} from './state.js';
import {readJson, validate} from './validate.js';
import {eventRecord} from './wire.js';

const maxBulk = 100;

/** The ingestion API: `POST /events` and `POST /events/bulk`, which browsers may call. */
export const createEventsApi = (state: EmulatorState): Hono<Env> => {
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
    return c.json({event: accept(state, sender, await readJson(c))}, 201);
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

interface Sender {
  /** The workspace of a publishable key, which events cannot leave. */
  readonly workspaceId: string | undefined;
  readonly name: string;
}

const authenticate = async (c: Context<Env>, state: EmulatorState): Promise<Sender> => {
  const key = c.req.header('x-meshes-publishable-key');
  if (key !== undefined) {
    const workspace = state.workspaces.workspaceOfKey(key);
    if (!workspace) throw unauthorized('X-Meshes-Publishable-Key is not a known key.');
    return {
      workspaceId: workspace.id,
      name: `urn:meshes:publishable-key:${workspace.id}`,
    };
  }
  const authorization = c.req.header('authorization');
  if (authorization === undefined) {
    throw unauthorized('Send X-Meshes-Publishable-Key, or a machine JWT as Authorization: Bearer.');
  }
  await verifyMachineJwt(authorization, state.clock.real());
  return {workspaceId: undefined, name: `urn:meshes:m2m:${demoCredentials.accessKey}`};
};

const isNonEmpty = (value: unknown): boolean => {
  if (value === null || value === undefined) return false;
  if (typeof value === 'string') return value.trim() !== '';
  return typeof value !== 'object' || Object.keys(value).length > 0;
};

const stringMessage = 'must be a non-empty string.';
const filled = z.string(stringMessage).check(z.minLength(1, stringMessage));
const payloadMessage = 'must be an object with at least one non-empty value.';

const eventSchema = z.strictObject(
  {
    type: z.optional(z.literal('event', 'must be "event".')),
    event: filled.check(z.refine(value => value.trim() !== '', stringMessage)),
    payload: z
      .record(z.string(), z.unknown(), payloadMessage)
      .check(z.refine(payload => Object.values(payload).some(isNonEmpty), payloadMessage)),
    // The vendor's client sends an empty one as it is.
    resource: z.optional(z.string(stringMessage)),
    resource_id: z.optional(filled),
    workspace: z.optional(z.string('must be a UUID.')),
  },
  'An event must be a JSON object.',
);

const accept = (state: EmulatorState, sender: Sender, body: unknown) => {
  const request = validate(eventSchema, body, badRequest);
  const named = request.workspace?.toLowerCase();
  if (named !== undefined && !state.workspaces.workspace(named)) {
    throw badRequest('workspace: this organization has no such workspace.');
  }
  if (named !== undefined && sender.workspaceId !== undefined && named !== sender.workspaceId) {
    throw badRequest('workspace: the publishable key belongs to another workspace.');
  }
  const event = state.workspaces.addEvent(
    sender.workspaceId ?? named ?? demoCredentials.workspaceId,
    {
      event: request.event,
      payload: request.payload,
      resource: request.resource || null,
      resourceId: request.resource_id ?? null,
      createdBy: sender.name,
    },
  );
  return eventRecord(event);
};

const acceptOrExplain = (state: EmulatorState, sender: Sender, item: unknown) => {
  try {
    return accept(state, sender, item);
  } catch (error) {
    if (error instanceof ApiError) return error.toJSON();
    throw error;
  }
};
