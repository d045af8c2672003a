import * as z from 'zod/mini';
import {badRequest} from './api-error.js';
import {demoCredentials} from './credentials.js';
import type {MeshesEvent} from './model/types.js';
import type {WorkspaceStore} from './model/workspace-store.js';
import {validate} from './validate.js';

export interface Sender {
  /** The workspace of a publishable key, which events cannot leave. */
  readonly workspaceId: string | undefined;
  readonly createdBy: string;
}

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

/** Validates an event and adds it to its workspace. */
export const acceptEvent = (
  workspaces: WorkspaceStore,
  sender: Sender,
  body: unknown,
): MeshesEvent => {
  const request = validate(eventSchema, body, badRequest);
  const named = request.workspace?.toLowerCase();
  if (named !== undefined && !workspaces.workspace(named)) {
    throw badRequest('workspace: this organization has no such workspace.');
  }
  if (named !== undefined && sender.workspaceId !== undefined && named !== sender.workspaceId) {
    throw badRequest('workspace: the publishable key belongs to another workspace.');
  }
  return workspaces.addEvent(sender.workspaceId ?? named ?? demoCredentials.workspaceId, {
    event: request.event,
    payload: request.payload,
    resource: request.resource || null,
    resourceId: request.resource_id ?? null,
    createdBy: sender.createdBy,
  });
};
