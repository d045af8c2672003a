import * as z from 'zod/mini';
import {invalidParam} from './api-error.js';
import type {MeshesEvent} from './model/types.js';
import type {WorkspaceStore} from './model/workspace-store.js';
import {stringOf, uuid} from './request-fields.js';
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

const payloadMessage = 'must be an object with at least one non-empty value.';

export const payloadSchema = z
  .looseObject(
    {
      email: z.optional(stringOf(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'an email address')),
      id: z.optional(z.string('must be a string.')),
    },
    payloadMessage,
  )
  .check(z.refine(payload => Object.values(payload).some(isNonEmpty), payloadMessage));

export const eventName = stringOf(/\S/, 'a non-empty string');

const eventSchema = z.strictObject(
  {
    type: z.optional(z.literal('event', 'must be "event".')),
    event: eventName,
    payload: payloadSchema,
    // The client of Meshes also sends an empty one.
    resource: z.optional(z.string('must be a string.')),
    resource_id: z.optional(stringOf(/^[^]+$/, 'a non-empty string')),
    workspace: z.optional(uuid),
  },
  'An event must be a JSON object.',
);

/** Validates an event and adds it to its workspace. */
export const acceptEvent = (
  workspaces: WorkspaceStore,
  sender: Sender,
  body: unknown,
): MeshesEvent => {
  const {event, payload, resource, resource_id, workspace} = validate(eventSchema, body);
  const workspaceId = workspace ?? sender.workspaceId;
  if (workspaceId === undefined) {
    throw invalidParam('workspace', 'is required with a machine JWT.');
  }
  if (!workspaces.findWorkspace(workspaceId)) {
    throw invalidParam('workspace', 'this organization has no such workspace.');
  }
  if (sender.workspaceId !== undefined && workspaceId !== sender.workspaceId) {
    throw invalidParam('workspace', 'the publishable key belongs to another workspace.');
  }
  return workspaces.events.add({
    workspaceId,
    event,
    payload,
    resource: resource || 'global',
    resourceId: resource_id ?? null,
    createdBy: sender.createdBy,
  });
};
